//! Sets of characters, and how they are told.

use alloc::collections::BTreeSet;
use core::fmt;

/// Characters in order, each once.
///
/// ```
/// use displayio_assets::font::Characters;
/// let clock: Characters = "0123456789:".chars().collect();
/// assert_eq!(clock.to_string(), "U+0030-U+003A");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Characters(BTreeSet<char>);

impl Characters {
    /// From space to `~`.
    #[must_use]
    pub fn printable_ascii() -> Self {
        (' '..='~').collect()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a character is among them.
    #[must_use]
    pub fn contains(&self, character: char) -> bool {
        self.0.contains(&character)
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = char> + '_ {
        self.0.iter().copied()
    }

    /// Runs of characters whose code points follow each other: the first and the last of each.
    #[must_use]
    pub fn ranges(&self) -> Vec<(char, char)> {
        let mut ranges: Vec<(char, char)> = Vec::new();
        for character in self.iter() {
            match ranges.last_mut() {
                Some((_, last)) if u32::from(*last) + 1 == u32::from(character) => {
                    *last = character;
                }
                _ => ranges.push((character, character)),
            }
        }
        ranges
    }
}

impl FromIterator<char> for Characters {
    fn from_iter<I: IntoIterator<Item = char>>(characters: I) -> Self {
        Self(characters.into_iter().collect())
    }
}

impl Extend<char> for Characters {
    fn extend<I: IntoIterator<Item = char>>(&mut self, characters: I) {
        self.0.extend(characters);
    }
}

impl fmt::Display for Characters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (first, last)) in self.ranges().into_iter().enumerate() {
            f.write_str(if index == 0 { "" } else { ", " })?;
            write!(f, "U+{:04X}", u32::from(first))?;
            if last > first {
                write!(f, "-U+{:04X}", u32::from(last))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_what_follows() {
        let characters: Characters = "cab\u{b0}x\u{d7ff}\u{e000}a".chars().collect();
        assert_eq!(characters.len(), 7);
        assert_eq!(characters.to_string(), "U+0061-U+0063, U+0078, U+00B0, U+D7FF, U+E000");
        assert_eq!(Characters::default().to_string(), "");
        assert_eq!(Characters::printable_ascii().ranges(), [(' ', '~')]);
    }
}
