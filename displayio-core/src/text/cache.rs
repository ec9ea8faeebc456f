//! Glyphs of a font on storage, as many as there is room for.

use core::{
    cell::{Cell, RefCell},
    fmt,
};

use displayio_allocators::{Home, OutOfMemory, Purpose, Storage};

use super::{Font, FontFileError, FontMetrics, Glyph, GlyphId, GlyphSource, packed};
use crate::{Part, View};

/// A font that reads its glyphs from a [`GlyphSource`] when they are needed, and keeps the ones used last.
///
/// A fixed number of slots, each with room for a glyph's pixels and 16 bytes for the rest, in one piece of memory. A glyph
/// that is not there takes the slot that was used the longest time ago. Characters without glyph take no slot; the last eight
/// of them are remembered. A look-up takes time in the number of slots, and reads storage when it finds nothing.
///
/// A glyph that cannot be read is absent; [`take_error`](Self::take_error) tells why. It is tried again each time. That
/// happens also to glyphs that are needed in the middle of a view, unless they are in a slot.
///
/// The number of a glyph is its character's code point, so that it stays valid when the glyph leaves its slot.
///
/// ```
/// # let text = b"STARTFONT 2.1\nFONTBOUNDINGBOX 3 2 0 0\nCHARS 1\nSTARTCHAR bar\nENCODING 45\nDWIDTH 4 0\n\
/// #     BBX 3 1 0 1\nBITMAP\nE0\nENDCHAR\nENDFONT\n";
/// # let mut region = [core::mem::MaybeUninit::uninit(); 4096];
/// # let heap = displayio_allocators::LinkedListHeap::new(&mut region);
/// use displayio_core::{BdfFile, Font, GlyphCache, SliceFile};
/// let file = SliceFile::new(text); // or a file on a card
/// let font = GlyphCache::new_in(BdfFile::open(file)?, 20, 32, &heap)?;
/// let dash = font.find('-').unwrap();
/// assert!(font.view(dash, &mut |view| assert_eq!(view.get(0, 0), 1)));
/// assert_eq!((font.hits(), font.misses()), (1, 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GlyphCache<'m, S> {
    source: RefCell<S>,
    slots: Storage<'m>,
    /// Bytes of a slot, a multiple of 4.
    slot_bytes: usize,
    metrics: FontMetrics,
    bits: u8,
    /// Counts look-ups; slots keep the time of their last one.
    now: Cell<u32>,
    hits: Cell<u32>,
    misses: Cell<u32>,
    /// Characters that the source does not have, and how many there have been, by which the next one finds its place.
    absent: [Cell<u32>; 8],
    next_absent: Cell<u8>,
    error: Cell<Option<FontFileError>>,
}

/// Of a slot, before its pixels: code point (4), time of its last use (4), width, height, left, bottom, advance, 3 unused.
const HEAD_BYTES: usize = 16;
/// What is no code point.
const NONE: u32 = u32::MAX;
/// The fewest pixels of a slot, in bytes.
const MIN_PIXELS_BYTES: usize = 4;

impl<'m, S: GlyphSource> GlyphCache<'m, S> {
    /// Bytes of `slots` for glyphs of up to `glyph_bytes` each: rows of whole bytes, so that 11 by 15 pixels take 30.
    #[must_use]
    pub const fn required_bytes(slots: u16, glyph_bytes: usize) -> usize {
        slot_bytes(glyph_bytes).saturating_mul(slots as usize)
    }

    /// A cache of `slots`, at least one, for glyphs of up to `glyph_bytes`.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(
        source: S,
        slots: u16,
        glyph_bytes: usize,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        let size_bytes = Self::required_bytes(slots.max(1), glyph_bytes);
        let storage = Storage::zeroed_in(size_bytes, Purpose::Named("a glyph cache"), home)?;
        Ok(Self::new(source, storage, glyph_bytes))
    }

    /// A cache of as many slots for glyphs of up to `glyph_bytes` as a buffer holds. Where that is none, no glyph can be read.
    pub fn from_buffer(source: S, glyph_bytes: usize, buffer: &'m mut [u8]) -> Self {
        Self::new(source, Storage::from_buffer(buffer), glyph_bytes)
    }

    fn new(source: S, slots: Storage<'m>, glyph_bytes: usize) -> Self {
        let (metrics, bits) = (source.metrics(), source.bits());
        let cache = Self {
            source: RefCell::new(source),
            slots,
            slot_bytes: slot_bytes(glyph_bytes),
            metrics,
            bits,
            now: Cell::new(0),
            hits: Cell::new(0),
            misses: Cell::new(0),
            absent: [const { Cell::new(NONE) }; 8],
            next_absent: Cell::new(0),
            error: Cell::new(None),
        };
        cache.clear();
        cache
    }

    /// Forgets all glyphs: the source has others now. Not in the middle of a view.
    pub fn clear(&self) {
        self.absent.iter().for_each(|code| code.set(NONE));
        let forget = |bytes: &mut [u8]| {
            bytes
                .chunks_exact_mut(self.slot_bytes)
                .for_each(|slot| Slot { bytes: slot }.put_code(NONE));
        };
        if self.slots.write(forget).is_err() {
            self.error.set(Some(FontFileError::Busy));
        }
    }

    /// The source, to do something else with its file; `None` while a glyph is read from it.
    pub fn source<R>(&self, f: impl FnOnce(&mut S) -> R) -> Option<R> {
        self.source.try_borrow_mut().ok().map(|mut source| f(&mut source))
    }

    /// The last error of a read, if any since this was asked.
    pub fn take_error(&self) -> Option<FontFileError> {
        self.error.take()
    }

    /// How many times a glyph, or that there is none, was known: once for each call of `find`, `glyph` and `view`.
    pub const fn hits(&self) -> u32 {
        self.hits.get()
    }

    /// How many times the source was asked.
    pub const fn misses(&self) -> u32 {
        self.misses.get()
    }

    /// What it is in a [`MemoryReport`](crate::MemoryReport).
    #[must_use]
    pub fn part(&self) -> Part {
        let what = Purpose::Named("a glyph cache");
        Part::of(self, what).with_data(self.slots.len(), self.slots.kind())
    }

    /// Has a glyph in a slot, and shows it to `f`; `None` where that is not possible.
    fn with<R>(&self, id: GlyphId, f: impl FnOnce(&[u8]) -> R) -> Option<R> {
        let place = match self.lookup(id.0) {
            Ok(place) => place?,
            Err(error) => {
                self.error.set(Some(error));
                return None;
            }
        };
        let range = place * self.slot_bytes..(place + 1) * self.slot_bytes;
        self.slots.read(|bytes| bytes.get(range).map(f)).ok()?
    }

    /// The slot of a glyph, which is read into one if need be; `None` where the font does not have it.
    fn lookup(&self, code: u32) -> Result<Option<usize>, FontFileError> {
        let character = char::from_u32(code);
        let Some(character) = character.filter(|_| self.absent.iter().all(|c| c.get() != code))
        else {
            count(&self.hits);
            return Ok(None);
        };
        let now = self.now.get().wrapping_add(1);
        self.now.set(now);
        let choice = self.slots.read(|bytes| choose(bytes, self.slot_bytes, code, now));
        match choice.map_err(|_| FontFileError::Busy)? {
            Choice::Found(place) => {
                count(&self.hits);
                // Inside a view of another glyph the time stays as it was.
                let _ = self.slots.write(|bytes| self.slot(bytes, place).map(|mut s| s.touch(now)));
                Ok(Some(place))
            }
            Choice::Oldest(place) => {
                let loaded = self.slots.write(|bytes| self.load(character, bytes, place, now));
                let is_there = loaded.map_err(|_| FontFileError::Busy)??;
                Ok(is_there.then_some(place))
            }
            Choice::NoSlots => {
                let needed_bytes = self.slot_bytes - HEAD_BYTES;
                Err(FontFileError::GlyphTooLarge { needed_bytes, given_bytes: 0 })
            }
        }
    }

    fn slot<'b>(&self, bytes: &'b mut [u8], place: usize) -> Option<Slot<'b>> {
        let range = place * self.slot_bytes..(place + 1) * self.slot_bytes;
        bytes.get_mut(range).map(|bytes| Slot { bytes })
    }

    /// Reads a glyph into a slot. Tells whether the font has it.
    fn load(
        &self,
        character: char,
        bytes: &mut [u8],
        place: usize,
        now: u32,
    ) -> Result<bool, FontFileError> {
        let mut source = self.source.try_borrow_mut().map_err(|_| FontFileError::Busy)?;
        let mut slot = self.slot(bytes, place).ok_or(FontFileError::Busy)?;
        count(&self.misses);
        let holds = word(slot.bytes, 0);
        // Whatever is left of its glyph when reading fails is not to be found.
        slot.put_code(NONE);
        let (_, pixels) = slot.bytes.split_at_mut(HEAD_BYTES);
        let glyph = source.load(character, pixels)?;
        if let Some(glyph) = glyph {
            slot.fill(character, &glyph, now);
        } else {
            slot.put_code(holds);
            self.remember_absent(character);
        }
        Ok(glyph.is_some())
    }

    fn remember_absent(&self, character: char) {
        let next = usize::from(self.next_absent.get()) % self.absent.len();
        self.next_absent.set(self.next_absent.get().wrapping_add(1));
        self.absent[next].set(character.into());
    }
}

fn count(counter: &Cell<u32>) {
    counter.set(counter.get().saturating_add(1));
}

const fn slot_bytes(glyph_bytes: usize) -> usize {
    let pixels = if glyph_bytes < MIN_PIXELS_BYTES { MIN_PIXELS_BYTES } else { glyph_bytes };
    match pixels.checked_next_multiple_of(4) {
        Some(pixels) => pixels.saturating_add(HEAD_BYTES),
        None => usize::MAX,
    }
}

/// Which slot is for a glyph.
enum Choice {
    Found(usize),
    Oldest(usize),
    NoSlots,
}

/// The slot that holds a code point, or else the one for it: an empty one, or the one whose last use is the longest ago.
fn choose(bytes: &[u8], slot_bytes: usize, code: u32, now: u32) -> Choice {
    let mut oldest: Option<(u32, usize)> = None;
    for (place, slot) in bytes.chunks_exact(slot_bytes).enumerate() {
        let holds = word(slot, 0);
        if holds == code {
            return Choice::Found(place);
        }
        let age = if holds == NONE { u32::MAX } else { now.wrapping_sub(word(slot, 4)) };
        if oldest.is_none_or(|(greatest, _)| age > greatest) {
            oldest = Some((age, place));
        }
    }
    oldest.map_or(Choice::NoSlots, |(_, place)| Choice::Oldest(place))
}

/// A number in a slot's head.
fn word(slot: &[u8], at: usize) -> u32 {
    slot.get(at..at + 4).map_or(NONE, |b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
}

/// A slot's bytes.
struct Slot<'b> {
    bytes: &'b mut [u8],
}

impl Slot<'_> {
    fn put(&mut self, at: usize, fields: &[u8]) {
        self.bytes.iter_mut().skip(at).zip(fields).for_each(|(to, from)| *to = *from);
    }

    fn put_code(&mut self, code: u32) {
        self.put(0, &code.to_le_bytes());
    }

    fn touch(&mut self, now: u32) {
        self.put(4, &now.to_le_bytes());
    }

    fn fill(&mut self, character: char, glyph: &Glyph, now: u32) {
        let Glyph { width, height, left, bottom, advance } = *glyph;
        self.put_code(character.into());
        self.touch(now);
        self.put(8, &[width, height, left.cast_unsigned(), bottom.cast_unsigned(), advance]);
    }
}

/// The measures in a slot's head.
fn measures(slot: &[u8]) -> Option<Glyph> {
    slot.get(8..)?.first_chunk().copied().map(packed::measures)
}

impl<S: GlyphSource> Font for GlyphCache<'_, S> {
    fn metrics(&self) -> FontMetrics {
        self.metrics
    }

    fn find(&self, character: char) -> Option<GlyphId> {
        let id = GlyphId(character.into());
        self.with(id, |_| id)
    }

    fn glyph(&self, id: GlyphId) -> Option<Glyph> {
        self.with(id, measures)?
    }

    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool {
        let show = |slot: &[u8]| {
            let (glyph, pixels) = (measures(slot)?, slot.get(HEAD_BYTES..)?);
            f(&glyph.view(self.bits, pixels));
            Some(())
        };
        self.with(id, show).flatten().is_some()
    }

    fn bits(&self) -> u8 {
        self.bits
    }
}

impl<S> fmt::Debug for GlyphCache<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GlyphCache")
            .field("slots", &self.slots)
            .field("hits", &self.hits.get())
            .field("misses", &self.misses.get())
            .finish_non_exhaustive()
    }
}
