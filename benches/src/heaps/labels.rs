//! Labels whose texts change all the time, as on a clock or a dashboard.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind, ballast,
    random::Random,
    session::{Held, Session},
    slots::Slots,
};

/// Labels on the screen.
pub(super) const LABELS: usize = 5;
const SHORTEST_TEXT: usize = 8;
pub(super) const LONGEST_TEXT: usize = 40;
/// Size of a glyph in pixels, at scale 1.
pub(super) const GLYPH_WIDTH: usize = 6;
const GLYPH_HEIGHT: usize = 12;
/// A node of the scene.
pub(super) const NODE_BYTES: usize = 48;
/// One entry of a table of children.
const CHILD_BYTES: usize = 4;

/// Length of a text, in bytes and glyphs.
pub(super) const fn any_length(random: &mut Random) -> usize {
    random.between(SHORTEST_TEXT, LONGEST_TEXT)
}

/// Magnification of labels: programs with much memory have large screens.
pub(super) const fn scale_for(target_bytes: usize) -> usize {
    if target_bytes > 150_000 { 2 } else { 1 }
}

/// The bitmap of a text: 1 bit per pixel, rows of whole words.
pub(super) const fn bitmap_bytes(glyphs: usize, scale: usize) -> usize {
    let row_bits = GLYPH_WIDTH * glyphs * scale;
    row_bits.div_ceil(32) * 4 * GLYPH_HEIGHT * scale
}

/// What a label takes at most.
pub(super) const fn largest_bytes(scale: usize) -> usize {
    bitmap_bytes(LONGEST_TEXT, scale) + LONGEST_TEXT
}

/// What a [`GlyphLabel`] takes at most: a node per glyph, and the table of children while it doubles.
pub(super) const fn largest_glyph_label_bytes() -> usize {
    let table = LONGEST_TEXT.next_power_of_two() * CHILD_BYTES;
    LONGEST_TEXT * NODE_BYTES + table + table / 2 + LONGEST_TEXT
}

/// A label drawn into one bitmap.
pub(super) struct Label<B: Blocks> {
    bitmap: Option<Held<B>>,
    text: Option<Held<B>>,
}

impl<B: Blocks> Label<B> {
    pub(super) const fn new() -> Self {
        Self { bitmap: None, text: None }
    }

    /// A new text: its bitmap is made before the old one is freed, and kept only if all of it fits.
    pub(super) fn update<C: Clock>(&mut self, session: &mut Session<'_, B, C>, scale: usize) {
        let glyphs = any_length(&mut session.random);
        let bitmap = session.allocate(bitmap_bytes(glyphs, scale), Kind::Movable);
        let text = bitmap.as_ref().and_then(|_| session.allocate(glyphs, Kind::Movable));
        if text.is_none() {
            session.free_if_any(bitmap);
            return;
        }
        session.free_if_any(core::mem::replace(&mut self.bitmap, bitmap));
        session.free_if_any(core::mem::replace(&mut self.text, text));
    }

    pub(super) fn free<C: Clock>(self, session: &mut Session<'_, B, C>) {
        session.free_if_any(self.bitmap);
        session.free_if_any(self.text);
    }
}

/// A label with one node per glyph and a table of them.
pub(super) struct GlyphLabel<'s, B: Blocks> {
    glyphs: Slots<'s, Held<B>>,
    table: Option<Held<B>>,
    text: Option<Held<B>>,
}

impl<'s, B: Blocks> GlyphLabel<'s, B> {
    pub(super) fn try_new(scratch: Heap<'s>) -> Result<Self, OutOfMemory> {
        let glyphs = Slots::try_with_capacity(LONGEST_TEXT, scratch)?;
        Ok(Self { glyphs, table: None, text: None })
    }

    /// A new text: everything is freed first; the table doubles while glyphs are added.
    pub(super) fn update<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        self.clear(session);
        let length = any_length(&mut session.random);
        self.text = session.allocate(length, Kind::Movable);
        let mut capacity = 0;
        for count in 0..length {
            if count == capacity {
                capacity = (2 * capacity).max(4);
                let Some(table) = session.allocate(capacity * CHILD_BYTES, Kind::Fixed) else {
                    return;
                };
                session.free_if_any(self.table.replace(table));
            }
            if !session.keep(&mut self.glyphs, NODE_BYTES, Kind::Fixed) {
                return;
            }
        }
    }

    /// Frees what it holds.
    pub(super) fn clear<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        session.free_all(&mut self.glyphs);
        session.free_if_any(self.text.take());
        session.free_if_any(self.table.take());
    }
}

/// Workload a: labels beside so much ballast that one more label is all there is room for.
pub(super) fn run<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    scratch: Heap<'_>,
) -> Result<(), OutOfMemory> {
    let target_bytes = session.trial.target_bytes;
    let scale = scale_for(target_bytes);
    let labels_bytes = (LABELS + 1) * largest_bytes(scale);
    let mut ballast = ballast::boot(session, target_bytes.saturating_sub(labels_bytes), scratch)?;
    let mut labels: [_; LABELS] = core::array::from_fn(|_| Label::new());
    while session.next_step() {
        labels.iter_mut().for_each(|label| label.update(session, scale));
    }
    labels.into_iter().for_each(|label| label.free(session));
    session.free_all(&mut ballast);
    Ok(())
}
