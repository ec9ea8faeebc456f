//! Text broken into lines, as CircuitPython's helpers break it.

use core::{
    cell::Cell,
    fmt::{self, Write},
    mem,
};

use super::Font;

/// Text broken at spaces into lines narrower than so many pixels; words that are wider are hyphenated anywhere.
///
/// As in CircuitPython, a word that with the space before it would just fill a line goes to the next: the first one of a line
/// of the text, too, which leaves an empty line there, but not the first one of all. A word alone, or a part of a hyphenated
/// one, may fill its line. Line breaks of the text stay. Each line of a hyphenated word has a character at least, even where
/// that is wider than `width`.
///
/// ```
/// use displayio_core::{FONT_6X12, WrapPixels};
/// let wrapped = WrapPixels::new("The quick brown fox jumps over", 60, &FONT_6X12);
/// assert_eq!(wrapped.to_string(), "The quick\nbrown fox\njumps\nover");
/// ```
#[derive(Clone, Copy)]
pub struct WrapPixels<'t, 'f> {
    text: &'t str,
    width: i32,
    font: &'f dyn Font,
}

impl<'t, 'f> WrapPixels<'t, 'f> {
    /// `text` in lines narrower than `width` pixels, in this font.
    #[must_use]
    pub fn new(text: &'t str, width: u16, font: &'f dyn Font) -> Self {
        Self { text, width: width.into(), font }
    }

    /// Sum of the advances of a text; characters without a glyph count for nothing.
    fn measure(&self, text: &str) -> i32 {
        text.chars().map(|character| self.advance(character)).sum()
    }

    fn advance(&self, character: char) -> i32 {
        self.font.find_glyph(character).map_or(0, |(_, glyph)| glyph.advance.into())
    }

    /// Breaks a word that is too wide, after a line that is `line_width` wide. Gives the width of its last part.
    fn break_word(
        &self,
        word: &str,
        mut line_width: i32,
        mut is_line_start: bool,
        f: &mut fmt::Formatter<'_>,
    ) -> Result<i32, fmt::Error> {
        let (hyphen, space) = (self.advance('-'), self.advance(' '));
        let (mut start, mut part_width) = (0, 0);
        for (at, character) in word.char_indices() {
            let is_last = at + character.len_utf8() == word.len();
            let advance = self.advance(character);
            let lead = if is_line_start { 0 } else { space };
            let hyphen = if is_last { 0 } else { hyphen };
            if line_width + part_width + advance + hyphen + lead > self.width {
                if at > start {
                    let lead = if is_line_start { "" } else { " " };
                    write!(f, "{lead}{}-", word.get(start..at).unwrap_or_default())?;
                }
                f.write_char('\n')?;
                (start, part_width, line_width, is_line_start) = (at, advance, 0, true);
            } else {
                part_width += advance;
            }
        }
        f.write_str(word.get(start..).unwrap_or_default())?;
        Ok(part_width)
    }
}

impl fmt::Display for WrapPixels<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let space = self.advance(' ');
        let mut is_first_word = true;
        for (number, line) in self.text.split('\n').enumerate() {
            if number > 0 {
                f.write_char('\n')?;
            }
            let mut line_width = 0;
            for (index, word) in line.split(' ').enumerate() {
                let word_width = self.measure(word);
                if word_width > self.width {
                    line_width = self.break_word(word, line_width, index == 0, f)?;
                } else if is_first_word {
                    f.write_str(word)?;
                    line_width += word_width;
                } else if line_width + space + word_width < self.width {
                    if index > 0 {
                        f.write_char(' ')?;
                    }
                    f.write_str(word)?;
                    line_width += word_width + space;
                } else {
                    write!(f, "\n{word}")?;
                    line_width = word_width;
                }
                is_first_word = false;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for WrapPixels<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WrapPixels")
            .field("text", &self.text)
            .field("width", &self.width)
            .finish_non_exhaustive()
    }
}

/// Text broken at spaces into lines of at most so many characters; longer words are hyphenated anywhere.
///
/// Line breaks of the text are left out, as in CircuitPython.
///
/// ```
/// use displayio_core::WrapChars;
/// let wrapped = WrapChars::new("The quick brown fox jumps over", 10);
/// assert_eq!(wrapped.to_string(), "The quick\nbrown fox\njumps over");
/// ```
#[derive(Debug, Clone, Copy)]
pub struct WrapChars<'t> {
    text: &'t str,
    most: usize,
}

impl<'t> WrapChars<'t> {
    /// `text` in lines of at most `most` characters, 2 or more.
    #[must_use]
    pub fn new(text: &'t str, most: u16) -> Self {
        Self { text, most: most.max(2).into() }
    }
}

impl fmt::Display for WrapChars<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Lines { out: f, length: 0, is_empty: true, is_ended: false };
        for word in self.text.split(' ') {
            let characters = || word.chars().filter(|c| !matches!(c, '\n' | '\r'));
            let count = characters().count();
            if count > self.most {
                if lines.length > 0 {
                    lines.end();
                }
                for (at, character) in characters().enumerate() {
                    if at > 0 && at % (self.most - 1) == 0 {
                        lines.put('-')?;
                        lines.end();
                    }
                    lines.put(character)?;
                }
            } else if lines.length + 1 + count <= self.most {
                lines.put(' ')?;
                characters().try_for_each(|character| lines.put(character))?;
            } else if lines.length == 0 {
                // It has a line of its own.
                characters().try_for_each(|character| lines.put(character))?;
                lines.end();
            } else {
                lines.end();
                characters().try_for_each(|character| lines.put(character))?;
            }
        }
        Ok(())
    }
}

/// Writes lines: a break when the next one begins, none before the first that has characters.
struct Lines<'o, 'f> {
    out: &'o mut fmt::Formatter<'f>,
    /// Characters of the present line.
    length: usize,
    /// Whether nothing was written yet.
    is_empty: bool,
    /// Whether the next character begins a line.
    is_ended: bool,
}

impl Lines<'_, '_> {
    /// Adds a character; a space that begins the text is counted, but not written.
    fn put(&mut self, character: char) -> fmt::Result {
        self.length += 1;
        if self.is_empty && character == ' ' {
            return Ok(());
        }
        self.is_empty = false;
        if mem::take(&mut self.is_ended) {
            self.out.write_char('\n')?;
        }
        self.out.write_char(character)
    }

    const fn end(&mut self) {
        self.length = 0;
        self.is_ended = !self.is_empty;
    }
}

/// A text that runs through a window of so many characters, one at a time.
///
/// ```
/// use displayio_core::{FONT_6X12, Label, Ticker};
/// let mut memory = [0; Label::required_bytes(4)];
/// let label = Label::from_buffer(&FONT_6X12, &mut memory);
/// let news = Ticker::new("news...", 4);
/// for _ in 0..20 {
///     label.set_text(&news)?;
///     news.advance();
/// }
/// # Ok::<(), displayio_core::TextError>(())
/// ```
#[derive(Debug)]
pub struct Ticker<'t> {
    text: &'t str,
    window: usize,
    index: Cell<usize>,
}

impl<'t> Ticker<'t> {
    /// Shows the first `window` characters; all, where there are no more.
    #[must_use]
    pub fn new(text: &'t str, window: u16) -> Self {
        Self { text, window: window.into(), index: Cell::new(0) }
    }

    /// The text once round: a space parts its end from its beginning.
    fn round(&self) -> impl Iterator<Item = char> + Clone + '_ {
        let space = if self.text.ends_with(' ') { "" } else { " " };
        self.text.chars().chain(space.chars())
    }

    fn is_long(&self) -> bool {
        self.text.chars().count() > self.window
    }

    /// Moves on by a character; after the last comes the first.
    pub fn advance(&self) {
        if self.is_long() {
            self.index.set((self.index.get() + 1) % self.round().count());
        }
    }
}

impl fmt::Display for Ticker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_long() {
            return f.write_str(self.text);
        }
        let mut shown = self.round().cycle().skip(self.index.get()).take(self.window);
        shown.try_for_each(|character| f.write_char(character))
    }
}
