//! What a font will take, found before a byte of it is asked for.

use super::super::{CharRange, FontFile, FontFileError, FontWriter, Glyph, source};

/// What the wanted glyphs of a file amount to, each character counted once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Census {
    pub ranges: u16,
    pub glyphs: u16,
    pub pixels_bytes: usize,
    /// The measures that all glyphs have; only of files in order.
    pub cell: Option<Glyph>,
    /// Whether characters rise in the file, so that one pass is enough to fill a font.
    pub is_sorted: bool,
}

impl Census {
    /// Reads a file: once where its characters rise, and otherwise once for each 2048 code points in a row that have some.
    pub(super) fn take<F: FontFile + ?Sized>(
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<Self, FontFileError> {
        let mut count = Count::default();
        let is_sorted = count.take_sorted(file, wanted)?;
        if !is_sorted {
            count = Count::default();
            let mut pixels_bytes = 0;
            for_each_code(
                file,
                wanted,
                &mut |glyph| pixels_bytes += source::pixels_bytes(glyph) as u64,
                &mut |code| count.add_code(code),
            )?;
            count.pixels_bytes = pixels_bytes;
        }
        count.finish(file.file_bytes(), is_sorted)
    }

    pub(super) const fn required_bytes(&self) -> usize {
        let is_of_one_cell = self.cell.is_some();
        FontWriter::required_bytes(self.ranges, self.glyphs, is_of_one_cell, self.pixels_bytes)
    }
}

/// A census while it is taken.
#[derive(Default)]
struct Count {
    runs: Runs,
    ranges: u32,
    glyphs: u32,
    pixels_bytes: u64,
    first: Glyph,
    is_uniform: bool,
}

impl Count {
    /// Counts all glyphs up to one whose character does not rise. Tells whether there was none.
    fn take_sorted<F: FontFile + ?Sized>(
        &mut self,
        file: &mut F,
        wanted: &dyn Fn(char) -> bool,
    ) -> Result<bool, FontFileError> {
        file.rewind()?;
        let mut last = None;
        while let Some((character, glyph)) = file.next(wanted)? {
            if last >= Some(character) {
                return Ok(false);
            }
            last = Some(character);
            if self.glyphs == 0 {
                (self.first, self.is_uniform) = (glyph, true);
            }
            self.is_uniform &= glyph == self.first;
            self.pixels_bytes += source::pixels_bytes(&glyph) as u64;
            self.add_code(character.into());
        }
        Ok(true)
    }

    fn add_code(&mut self, code: u32) {
        self.glyphs += 1;
        self.ranges += u32::from(self.runs.push(code).is_some());
    }

    fn finish(mut self, file_bytes: u64, is_sorted: bool) -> Result<Census, FontFileError> {
        self.ranges += u32::from(self.runs.end().is_some());
        // Rows take more in all file formats than here: a glyph that claims more is not in the file.
        if self.pixels_bytes > file_bytes {
            return Err(FontFileError::TooLarge);
        }
        let pixels_bytes = usize::try_from(self.pixels_bytes).ok().filter(|bytes| bytes >> 24 == 0);
        let census = pixels_bytes.and_then(|pixels_bytes| {
            Some(Census {
                ranges: u16::try_from(self.ranges).ok()?,
                glyphs: u16::try_from(self.glyphs).ok()?,
                pixels_bytes,
                cell: self.is_uniform.then_some(self.first),
                is_sorted,
            })
        });
        census.ok_or(FontFileError::TooLarge)
    }
}

/// Rising code points, joined into ranges.
#[derive(Default)]
pub(super) struct Runs {
    open: CharRange,
}

impl Runs {
    /// Adds a code point; gives the range that it does not belong to.
    pub(super) fn push(&mut self, code: u32) -> Option<CharRange> {
        let CharRange { first, glyph, count } = self.open;
        if count > 0 && count < u16::MAX && code == first + u32::from(count) {
            self.open.count += 1;
            return None;
        }
        let ended = self.end();
        self.open = CharRange { first: code, glyph: glyph.wrapping_add(count), count: 1 };
        ended
    }

    /// The last range.
    pub(super) fn end(&self) -> Option<CharRange> {
        (self.open.count > 0).then_some(self.open)
    }
}

/// Gives the first glyph of each wanted character to `on_glyph`, in some order, and the code points to `on_code` in rising
/// order.
///
/// The file need not be in order: it is read again and again, each time for the code points that fit a [`Window`].
pub(super) fn for_each_code<F: FontFile + ?Sized>(
    file: &mut F,
    wanted: &dyn Fn(char) -> bool,
    on_glyph: &mut dyn FnMut(&Glyph),
    on_code: &mut dyn FnMut(u32),
) -> Result<(), FontFileError> {
    let mut start = Some(0);
    while let Some(first) = start {
        let mut window = Window { first, bits: [0; Window::WORDS] };
        start = None;
        file.rewind()?;
        while let Some((character, glyph)) = file.next(wanted)? {
            match window.insert(character.into()) {
                Place::Below | Place::Seen => {}
                Place::New => on_glyph(&glyph),
                Place::Above => {
                    let code = u32::from(character);
                    start = Some(start.map_or(code, |least: u32| least.min(code)));
                }
            }
        }
        window.codes().for_each(&mut *on_code);
    }
    Ok(())
}

/// Which of 2048 code points were seen.
struct Window {
    first: u32,
    bits: [u32; Self::WORDS],
}

enum Place {
    Below,
    New,
    Seen,
    Above,
}

impl Window {
    const WORDS: usize = 64;

    fn insert(&mut self, code: u32) -> Place {
        let Some(offset) = code.checked_sub(self.first) else { return Place::Below };
        let Some(word) = self.bits.get_mut((offset / u32::BITS) as usize) else {
            return Place::Above;
        };
        let bit = 1 << (offset % u32::BITS);
        let is_new = *word & bit == 0;
        *word |= bit;
        if is_new { Place::New } else { Place::Seen }
    }

    fn codes(&self) -> impl Iterator<Item = u32> {
        let words = (self.first..).step_by(u32::BITS as usize).zip(self.bits);
        words.flat_map(|(first, word)| {
            (0..u32::BITS).filter(move |bit| word >> bit & 1 != 0).map(move |bit| first + bit)
        })
    }
}
