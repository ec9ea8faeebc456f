//! Text as references to glyphs.

use core::{cell::Cell, fmt};

use displayio_allocators::{Busy, Home, OutOfMemory, Purpose, Storage};

use super::{
    Anchor, Font, FontMetrics, Glyph, GlyphId, PackedFont, TextBounds, TextStyle,
    labels::{TextColors, label_methods, label_node, with_room},
    layout::{Extents, Layout, PlacedGlyph, turned_size},
    measure::walk,
    paint::{Placement, paint_glyph, paint_plain},
};
use crate::{
    Area, Damage, Layer, Node, Part, PixelFormat, Place, Shown, Size, Strip, Transform,
    mapping::Turn,
};

/// Why a text is not shown; what was shown before still is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TextError {
    /// The text has more glyphs than a [`Label`] has room for.
    NoRoomForGlyphs {
        /// Glyphs of the text, as [`Label::grow_in`] takes them.
        needed: u16,
        /// Glyphs that there is room for.
        given: u16,
    },
    /// The bitmap of the text is larger than a [`BitmapLabel`](crate::BitmapLabel) has room for.
    NoRoomForPixels {
        /// Bytes of the bitmap; [`BitmapLabel::required_size`](crate::BitmapLabel::required_size) tells its width and height.
        needed_bytes: usize,
        /// Bytes that there are.
        given_bytes: usize,
    },
    /// The text has more glyphs than any [`Label`]: 65 535.
    TooManyGlyphs {
        /// Glyphs of the text.
        needed: usize,
    },
    /// The text makes a bitmap wider than a row of it may be: 4096 bits, or less with an outline.
    TooWide {
        /// The bitmap's width in pixels; 65 535 for all that is wider.
        width: u16,
        /// The greatest width in pixels, with as many bits per pixel and with this outline.
        max_width: u16,
    },
    /// The label is being painted, or a text is being set.
    Busy(Busy),
    /// The heap has no more room ([`Label::set_text_in`]).
    OutOfMemory(OutOfMemory),
}

impl From<Busy> for TextError {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl From<OutOfMemory> for TextError {
    fn from(error: OutOfMemory) -> Self {
        Self::OutOfMemory(error)
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRoomForGlyphs { needed, given } => {
                write!(f, "glyphs: {needed} in the text, room for {given} in the label")
            }
            Self::NoRoomForPixels { needed_bytes, given_bytes } => {
                write!(
                    f,
                    "the text takes {needed_bytes} bytes of pixels, the label has {given_bytes}"
                )
            }
            Self::TooManyGlyphs { needed } => {
                write!(f, "glyphs: {needed} in the text, {} at most in a label", u16::MAX)
            }
            Self::TooWide { width, max_width } => {
                write!(f, "the text is {width} pixels wide, a bitmap of it {max_width} at most")
            }
            Self::Busy(busy) => busy.fmt(f),
            Self::OutOfMemory(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for TextError {}

/// Text that refers to the glyphs of its font: 8 bytes per visible character, no pixels.
///
/// Room is given once, and a text that fits never allocates; [`grow_in`](Self::grow_in) gives more, or
/// [`set_text_in`](Self::set_text_in) where a text needs it. A changed text damages only the box around the glyphs that differ.
/// Everything changes through `&self`; what changes the layout (the [style](Self::set_style), the font) takes effect at the next
/// text.
///
/// The position is that of the start of the first line, in the middle of its ascent; see [`TextStyle::base_alignment`]. Text
/// is any `Display`: a `&str`, `format_args!`, a number. Characters are Unicode scalar values, one glyph each, in the order
/// of the text: combining marks are not composed, and right-to-left text is not reordered. Left out are characters without a
/// glyph ([`Font`] shows how to find them before), and those whose pixels begin more than 32 767 from the position, before its
/// scale.
///
/// Cost of a new text: about 150 instructions per character; twice that where its characters are more than there is room for.
/// Painting: about 70 instructions per row of a glyph that is upright, not scaled, of one bit and up to 8 pixels wide; else 25
/// per pixel and 100 per pixel of ink.
///
/// ```
/// use displayio_core::{FONT_6X12, Label};
/// let mut memory = [0; Label::required_bytes(8)];
/// let clock = Label::from_buffer(&FONT_6X12, &mut memory).at(10, 20);
/// clock.set_text(format_args!("{:02}:{:02}", 12, 59))?;
/// assert_eq!(clock.bounds().width, 5 * 6);
/// assert!(clock.set_text("a text of more than eight").is_err());
/// # Ok::<(), displayio_core::TextError>(())
/// ```
pub struct Label<'f, 'm> {
    font: Cell<&'f dyn Font>,
    /// The placed glyphs, 8 bytes each.
    glyphs: Cell<Storage<'m>>,
    shown: Shown,
    /// Where the label's position is on the panel, as acknowledged.
    origin: Cell<(i16, i16)>,
    /// The position, or where the anchor is.
    point: Cell<(i16, i16)>,
    anchor: Cell<Anchor>,
    extents: Cell<Extents>,
    /// What the panel does not show yet, as far as nothing else changed.
    changed: Cell<TextBounds>,
    style: Cell<TextStyle>,
    colors: Cell<TextColors>,
    len: Cell<u16>,
    scale: Cell<u8>,
    hidden: Cell<bool>,
}

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<Label<'_, '_>>() <= 96, "a label has become larger");

/// Bytes of a placed glyph.
const ENTRY_BYTES: usize = 8;

const fn entry(placed: PlacedGlyph) -> [u8; ENTRY_BYTES] {
    let ([a, b, c, d], [e, f], [g, h]) =
        (placed.id.0.to_le_bytes(), placed.x.to_le_bytes(), placed.y.to_le_bytes());
    [a, b, c, d, e, f, g, h]
}

const fn placed(entry: &[u8; ENTRY_BYTES]) -> PlacedGlyph {
    let [a, b, c, d, e, f, g, h] = *entry;
    PlacedGlyph {
        id: GlyphId(u32::from_le_bytes([a, b, c, d])),
        x: i16::from_le_bytes([e, f]),
        y: i16::from_le_bytes([g, h]),
    }
}

impl<'f, 'm> Label<'f, 'm> {
    /// Bytes that room for so many visible characters takes.
    #[must_use]
    pub const fn required_bytes(glyphs: u16) -> usize {
        glyphs as usize * ENTRY_BYTES
    }

    /// A white label without text, with room for `glyphs` visible characters on a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(
        font: &'f dyn Font,
        glyphs: u16,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        Ok(Self::with_room(font, room_in(glyphs, home.into())?))
    }

    /// A white label without text, with room for a visible character per 8 bytes of a lent buffer.
    pub fn from_buffer(font: &'f dyn Font, buffer: &'m mut [u8]) -> Self {
        Self::with_room(font, Storage::from_buffer(buffer))
    }

    fn with_room(font: &'f dyn Font, room: Storage<'m>) -> Self {
        Self {
            font: Cell::new(font),
            glyphs: Cell::new(room),
            shown: Shown::new(),
            origin: Cell::new((0, 0)),
            point: Cell::new((0, 0)),
            anchor: Cell::new(Anchor::FREE),
            extents: Cell::default(),
            changed: Cell::default(),
            style: Cell::default(),
            colors: Cell::new(TextColors::WHITE),
            len: Cell::new(0),
            scale: Cell::new(1),
            hidden: Cell::new(false),
        }
    }

    label_methods!('f);

    /// How many visible characters there is room for, at most 65 535.
    #[must_use]
    pub fn capacity(&self) -> usize {
        // A label counts them in 16 bits.
        self.with_glyphs(|glyphs| glyphs.len() / ENTRY_BYTES).min(u16::MAX.into())
    }

    /// Takes the glyphs for the time of `f`. A label that is used by its own text's `Display` has no room meanwhile.
    fn with_glyphs<R>(&self, f: impl FnOnce(&Storage<'m>) -> R) -> R {
        with_room(&self.glyphs, f)
    }

    /// Makes room for `glyphs` visible characters, by moving those it has; less room than now changes nothing.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the label is as it was.
    pub fn grow_in(&self, glyphs: u16, home: impl Into<Home<'m>>) -> Result<(), OutOfMemory> {
        if usize::from(glyphs) <= self.capacity() {
            return Ok(());
        }
        let room = room_in(glyphs, home.into())?;
        let copied = self.with_glyphs(|old| {
            old.read(|old| {
                room.write(|new| new.iter_mut().zip(old).for_each(|(new, old)| *new = *old))
            })
        });
        if matches!(copied, Ok(Ok(()))) {
            self.glyphs.set(room);
        }
        Ok(())
    }

    /// Shows a text. One whose `Display` fails is shown as far as it goes, and is no error.
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    pub fn set_text(&self, text: impl fmt::Display) -> Result<(), TextError> {
        self.show(&text)
    }

    pub(super) fn show(&self, text: &dyn fmt::Display) -> Result<(), TextError> {
        let (font, style) = (self.font.get(), self.style.get());
        self.check_room(text)?;
        let mut update = Update {
            font,
            turn: style.direction.turn(),
            shown: self.len.get().into(),
            len: 0,
            changed: self.changed.get(),
        };
        let extents = self.with_glyphs(|glyphs| {
            glyphs.write(|bytes| {
                let (entries, _) = bytes.as_chunks_mut();
                let extents = lay_out(font, &style, text, &mut |new, glyph| {
                    update.put(entries, new, glyph);
                });
                update.drop_rest(entries);
                extents
            })
        })?;
        if self.colors.get().background != TextColors::NONE {
            let (old, new) = (self.extents.get().background, extents.background);
            update.changed = update.changed.union(&old.difference(&new));
        }
        self.len.set(u16::try_from(update.len).unwrap_or(u16::MAX));
        self.changed.set(update.changed);
        self.moving(|label| label.extents.set(extents));
        Ok(())
    }

    /// Whether there is room for the glyphs of a text: found without its font where it has few characters, so that most
    /// texts are laid out once.
    fn check_room(&self, text: &dyn fmt::Display) -> Result<(), TextError> {
        let style = self.style.get();
        let (mut most, mut needed) = (0, 0);
        walk(text, &mut |character: char| {
            most += if character == '\t' { 1 + usize::from(style.tab.0) } else { 1 };
        });
        let given = self.capacity();
        if most <= given {
            return Ok(());
        }
        lay_out(self.font.get(), &style, text, &mut |_, _| needed += 1);
        if needed <= given {
            return Ok(());
        }
        match (u16::try_from(needed), u16::try_from(given)) {
            (Ok(needed), Ok(given)) => Err(TextError::NoRoomForGlyphs { needed, given }),
            _ => Err(TextError::TooManyGlyphs { needed }),
        }
    }

    /// Shows the text in another font at the next [`set_text`](Self::set_text); until then, nothing.
    pub fn set_font(&self, font: &'f dyn Font) {
        self.font.set(font);
        self.len.set(0);
        self.shown.touch();
    }

    /// Does what may move it.
    fn moving(&self, change: impl FnOnce(&Self)) {
        let before = self.position();
        change(self);
        if self.position() != before {
            self.shown.touch();
        }
    }

    /// The box around its text, in its own pixels from its position, before its scale.
    #[must_use]
    pub const fn bounds(&self) -> TextBounds {
        self.extents.get().bounds
    }

    /// The measures of its font.
    #[must_use]
    pub fn metrics(&self) -> FontMetrics {
        self.font.get().metrics()
    }

    /// Reports a label that is not quiet. Out of line: most are.
    #[inline(never)]
    fn collect_changed(&self, place: &Place, damage: &mut Damage) {
        let (x, y) = self.position();
        let transform = place.transform.then(x, y, self.scale.get());
        let background = match self.colors.get().background {
            TextColors::NONE => TextBounds::default(),
            _ => self.extents.get().background,
        };
        let area = placed_on_panel(&transform, &self.ink().union(&background));
        let changed = placed_on_panel(&transform, &self.changed.take());
        let visible = place.visible && !self.hidden.get();
        let place = Place { transform, visible, ..*place };
        if self.shown.collect_part(area, changed, &place, damage) {
            self.origin.set((transform.x, transform.y));
        }
    }

    /// The smallest rectangle around the pixels of all glyphs.
    fn ink(&self) -> TextBounds {
        let (font, turn) = (self.font.get(), self.style.get().direction.turn());
        let around = |bytes: &[u8]| {
            let (entries, _) = bytes.as_chunks();
            let glyphs = entries.iter().take(self.len.get().into()).map(placed);
            glyphs.fold(TextBounds::default(), |around, glyph| match font.glyph(glyph.id) {
                Some(measures) => around.union(&bounds(&glyph, &measures, turn)),
                None => around,
            })
        };
        self.with_glyphs(|glyphs| glyphs.read(around)).unwrap_or_default()
    }

    #[inline(never)]
    fn paint_clipped<C: PixelFormat>(&self, strip: &mut Strip<'_, C>) {
        let TextColors { foreground, background } = self.colors.get();
        let ((x, y), axes) = (self.origin.get(), self.shown.axes());
        let placement = Placement {
            transform: Transform { x, y, axes },
            turn: self.style.get().direction.turn(),
        };
        let area = self.shown.area();
        let clip = strip.clip(&area);
        if let Some(color) = TextColors::color(background) {
            let area = placed_on_panel(&placement.transform, &self.extents.get().background);
            let raw = strip.format().raw(color);
            strip.fill(area.intersection(&clip), raw);
        }
        let Some(color) = TextColors::color(foreground) else { return };
        let raw = strip.format().raw(color);
        let paint = |bytes: &[u8]| {
            let (entries, _) = bytes.as_chunks();
            let entries = entries.get(..self.len.get().into()).unwrap_or_default();
            let is_cut = (clip.x1, clip.x2) != (area.x1, area.x2);
            paint_text(strip, (&clip, is_cut), &placement, self.font.get(), entries, raw);
        };
        if self.with_glyphs(|glyphs| glyphs.read(paint)).is_err() {
            // Another one reads them at this moment: show them at the next refresh.
            self.shown.touch();
        }
    }
}

/// The pixels of a placed glyph.
const fn bounds(placed: &PlacedGlyph, glyph: &Glyph, turn: Turn) -> TextBounds {
    let Size { width, height } = turned_size(glyph, turn);
    TextBounds { x: placed.x, y: placed.y, width, height }
}

/// Puts the glyphs of a new text in place of those of the old one, and gathers where they differ.
struct Update<'f> {
    font: &'f dyn Font,
    turn: Turn,
    /// Glyphs of the old text.
    shown: usize,
    /// Glyphs of the new text so far.
    len: usize,
    changed: TextBounds,
}

impl Update<'_> {
    fn put(&mut self, entries: &mut [[u8; ENTRY_BYTES]], new: PlacedGlyph, glyph: &Glyph) {
        let Some(place) = entries.get_mut(self.len) else { return };
        let old = (self.len < self.shown).then(|| placed(place));
        self.len += 1;
        if old != Some(new) {
            self.changed = self.changed.union(&bounds(&new, glyph, self.turn));
            if let Some(old) = old {
                self.drop_glyph(&old);
            }
            *place = entry(new);
        }
    }

    /// The old text was longer.
    fn drop_rest(&mut self, entries: &[[u8; ENTRY_BYTES]]) {
        let rest = entries.get(self.len..self.shown).unwrap_or_default();
        rest.iter().for_each(|old| self.drop_glyph(&placed(old)));
    }

    fn drop_glyph(&mut self, old: &PlacedGlyph) {
        if let Some(glyph) = self.font.glyph(old.id) {
            self.changed = self.changed.union(&bounds(old, &glyph, self.turn));
        }
    }
}

/// Paints the glyphs that are in the strip: in `clip`, which may be cut at its sides.
fn paint_text<C: PixelFormat>(
    strip: &mut Strip<'_, C>,
    (clip, is_cut): (&Area, bool),
    placement: &Placement,
    font: &dyn Font,
    entries: &[[u8; ENTRY_BYTES]],
    raw: C::Raw,
) {
    let is_plain = placement.is_plain() && font.bits() == 1;
    let origin = (placement.transform.x, placement.transform.y);
    let painted = is_plain
        && font.view_all(&mut |font| {
            let entries =
                if is_cut { visible_glyphs(entries, font, placement, clip) } else { entries };
            paint_plain(strip, clip, origin, font, entries.iter().map(placed), raw);
        });
    if painted {
        return;
    }
    for placed in entries.iter().map(placed) {
        let Some(glyph) = font.glyph(placed.id) else { continue };
        let area = placement.area(&placed, &glyph);
        if area.overlaps(&strip.area()) {
            font.view(placed.id, &mut |view| paint_glyph(strip, placement, area, view, raw));
        }
    }
}

/// From the first glyph to the last that has pixels in `clip`: of a text that changed, often one.
#[inline(never)]
fn visible_glyphs<'e>(
    entries: &'e [[u8; ENTRY_BYTES]],
    font: &PackedFont<'_>,
    placement: &Placement,
    clip: &Area,
) -> &'e [[u8; ENTRY_BYTES]] {
    let (mut first, mut end) = (0, 0);
    for (i, placed) in entries.iter().map(placed).enumerate() {
        if let Some(glyph) = font.glyph(placed.id)
            && placement.area(&placed, &glyph).overlaps(clip)
        {
            first = if end == 0 { i } else { first };
            end = i + 1;
        }
    }
    entries.get(first..end).unwrap_or_default()
}

fn room_in(glyphs: u16, home: Home<'_>) -> Result<Storage<'_>, OutOfMemory> {
    let purpose = Purpose::Named("the glyphs of a label");
    Storage::zeroed_in(Label::required_bytes(glyphs), purpose, home)
}

/// Where a rectangle of the label's own pixels lies on the panel.
fn placed_on_panel(transform: &Transform, bounds: &TextBounds) -> Area {
    if bounds.is_empty() {
        return Area::EMPTY;
    }
    transform.area(bounds.x.into(), bounds.y.into(), bounds.width, bounds.height)
}

/// Lays out all of a text. A `Display` that fails is shown as far as it goes.
fn lay_out(
    font: &dyn Font,
    style: &TextStyle,
    text: &dyn fmt::Display,
    out: &mut dyn FnMut(PlacedGlyph, &Glyph),
) -> Extents {
    let (mut layout, mut is_empty) = (Layout::new(font, style), true);
    walk(text, &mut |character: char| {
        is_empty = false;
        layout.push(character, out);
    });
    if is_empty { Extents::default() } else { layout.finish() }
}

label_node!(Label, with_glyphs, "a label");

impl fmt::Debug for Label<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Label")
            .field("glyphs", &self.len.get())
            .field("position", &self.position())
            .field("bounds", &self.bounds())
            .field("shown", &self.shown.area())
            .finish_non_exhaustive()
    }
}
