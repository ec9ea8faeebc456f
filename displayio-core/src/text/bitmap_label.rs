//! Text as pixels.

use core::{cell::Cell, fmt};

use displayio_allocators::{Home, OutOfMemory, Purpose, Storage};

use super::{
    Anchor, Direction, Font, TextBounds, TextBox, TextError, TextStyle,
    font::depth_of,
    labels::{TextColors, label_methods, label_node, with_room},
    layout::{baseline, wide},
    measure::Measured,
    paint::{Placement, paint_coverage},
    raster::Raster,
};
use crate::{
    Area, Colors, Damage, Depth, Layer, Mapping, Node, Part, Picture, PixelFormat, PixelLayout,
    Place, Rgb888, Shown, Size, Strip, Table, Transform, View, mapping::Turn,
};

/// Characters of a [`BitmapLabel`] in colours of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Accent {
    /// The first of them, counted in characters of the text.
    pub start: u16,
    /// One past the last of them.
    pub end: u16,
    /// The number of the text's colour.
    pub foreground: u8,
    /// The number of the colour behind it; of an outline, the number of that.
    pub background: u8,
    /// Whether they get an outline instead of a background.
    pub is_outline: bool,
}

/// What a [`BitmapLabel`] shows besides text on a background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Decoration<'d> {
    /// Pixels of outline around the text, in colour 2. Characters in other colours stand as much lower than the rest.
    pub outline_size: u8,
    /// Whether all of the text has an outline.
    pub is_outlined: bool,
    /// Colours from number 2 on; number 2 is that of outlines.
    pub colors: &'d [Rgb888],
    /// Characters in other colours. Where several name one, the first counts.
    pub accents: &'d [Accent],
}

impl<'d> Decoration<'d> {
    /// How the character of this number is shown, unless as the rest.
    pub(super) fn accent(&self, index: usize) -> Option<&'d Accent> {
        let holds = |accent: &&Accent| (accent.start.into()..accent.end.into()).contains(&index);
        self.accents.iter().find(holds)
    }

    /// What a character takes besides its font's advance.
    pub(super) fn extra_advance(&self, accent: Option<&Accent>) -> i32 {
        let is_outlined = accent.is_some_and(|accent| accent.is_outline);
        if is_outlined { self.outline_size.into() } else { 0 }
    }
}

/// Colours that a text of 4 bits per pixel has.
const MAX_COLORS: usize = 16;

/// Text as a bitmap of 1, 2 or 4 bits, which is drawn when the text changes.
///
/// It costs more memory than a [`Label`](crate::Label), but painting it costs less, and it may have outlines and accents. Its
/// bitmap lies in memory that is given once; a text that fits never allocates, and [`set_text_in`](Self::set_text_in)
/// makes room for one that does not. A changed text damages only the box around the pixels that differ.
///
/// Characters without a glyph are left out; [`Font`] shows how to find them before. Everything else is as for a
/// [`Label`](crate::Label), too, except that text which is turned keeps the corner of its bitmap in place, and that backgrounds
/// of fonts with descenders are higher: as in CircuitPython.
///
/// Cost of a new text: two walks through it and more where its bitmap is larger than 512 bytes, one for each 512.
///
/// ```
/// use displayio_core::{BitmapLabel, FONT_6X12};
/// let mut memory = [0; BitmapLabel::required_bytes(8 * 6, 12, 1)];
/// let label = BitmapLabel::from_buffer(&FONT_6X12, 8 * 6, &mut memory).at(10, 20);
/// label.set_text("21.5 C")?;
/// assert_eq!(label.bounds().width, 6 * 6);
/// assert!(label.set_text("a text of more than eight").is_err());
/// # Ok::<(), displayio_core::TextError>(())
/// ```
pub struct BitmapLabel<'f, 'm> {
    font: Cell<&'f dyn Font>,
    /// Rows of the bitmap; the tag is the depth.
    pixels: Cell<Storage<'m>>,
    decoration: Cell<Option<&'f Decoration<'f>>>,
    shown: Shown,
    /// Where the bitmap is on the panel, as acknowledged.
    origin: Cell<(i16, i16)>,
    /// The position, or where the anchor is.
    point: Cell<(i16, i16)>,
    style: Cell<TextStyle>,
    colors: Cell<TextColors>,
    bounds: Cell<TextBounds>,
    /// What the panel does not show yet, as far as nothing else changed: in pixels of the bitmap.
    changed: Cell<TextBounds>,
    /// The part of the bitmap that is shown.
    size: Cell<Size>,
    /// Pixels from one row to the next.
    stride: Cell<u16>,
    /// From the bounds' corner to the bitmap's.
    offset: Cell<(i8, i8)>,
    anchor: Cell<Anchor>,
    scale: Cell<u8>,
    hidden: Cell<bool>,
}

#[cfg(target_pointer_width = "32")]
const _: () = assert!(size_of::<BitmapLabel<'_, '_>>() <= 96, "a label has become larger");

impl<'f, 'm> BitmapLabel<'f, 'm> {
    /// Bytes of a bitmap of this size, of 1, 2 or 4 bits per pixel.
    #[must_use]
    pub const fn required_bytes(width: u16, height: u16, bits: u8) -> usize {
        (width as usize * bits as usize).div_ceil(8) * height as usize
    }

    /// A white label without text, with room on a heap for a line of so many of the widest characters.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(
        font: &'f dyn Font,
        characters: u16,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        let metrics = font.metrics();
        let height = i16::from(metrics.loose_ascent) + i16::from(metrics.loose_descent);
        let width = characters.saturating_mul(metrics.max_width.into());
        let size = Size::new(width, height.max(0).unsigned_abs());
        Self::with_room_in(font, size, font.bits(), home)
    }

    /// A white label without text, with room on a heap for a text of this size, paddings included, in pixels. More than the
    /// bits of the font are needed for outlines (2) and accents (as their colours have).
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn with_room_in(
        font: &'f dyn Font,
        size: Size,
        bits: u8,
        home: impl Into<Home<'m>>,
    ) -> Result<Self, OutOfMemory> {
        let depth = depth_of(bits.max(font.bits()));
        let bytes = Self::required_bytes(size.width, size.height, depth.bits());
        let purpose =
            Purpose::Bitmap { width: size.width, height: size.height, bits: depth.bits() };
        Ok(Self::with_room(font, size.width, Storage::zeroed_in(bytes, purpose, home)?, depth))
    }

    /// A white label without text, whose pixels are in a lent buffer, of as many bits per pixel as the font has. Of one bit,
    /// these have no room for outlines and accents.
    ///
    /// Rows are `width` pixels long at first. A text that does not fit them has rows of its own width, and all of it is redrawn.
    pub fn from_buffer(font: &'f dyn Font, width: u16, buffer: &'m mut [u8]) -> Self {
        Self::with_room(font, width, Storage::from_buffer(buffer), depth_of(font.bits()))
    }

    const fn with_room(font: &'f dyn Font, width: u16, room: Storage<'m>, depth: Depth) -> Self {
        Self {
            font: Cell::new(font),
            pixels: Cell::new(room.with_tag(depth as u8)),
            decoration: Cell::new(None),
            shown: Shown::new(),
            origin: Cell::new((0, 0)),
            point: Cell::new((0, 0)),
            style: Cell::new(TextStyle::PLAIN),
            colors: Cell::new(TextColors::WHITE),
            bounds: Cell::new(TextBounds::EMPTY),
            changed: Cell::new(TextBounds::EMPTY),
            size: Cell::new(Size::new(0, 0)),
            stride: Cell::new(width),
            offset: Cell::new((0, 0)),
            anchor: Cell::new(Anchor::FREE),
            scale: Cell::new(1),
            hidden: Cell::new(false),
        }
    }

    label_methods!('f);

    /// With an outline or accents, from the next text on.
    #[must_use]
    pub fn decorated(self, decoration: &'f Decoration<'f>) -> Self {
        self.decoration.set(Some(decoration));
        self
    }

    /// Outlines or accents for the next text. (Their colours show at once.)
    pub fn set_decoration(&self, decoration: Option<&'f Decoration<'f>>) {
        self.decoration.set(decoration);
        self.shown.touch();
    }

    /// Takes the pixels for the time of `f`. A label that is used by its own text's `Display` has no room meanwhile.
    fn with_pixels<R>(&self, f: impl FnOnce(&Storage<'m>) -> R) -> R {
        with_room(&self.pixels, f)
    }

    fn depth(&self) -> Depth {
        self.with_pixels(|pixels| Depth::from_tag(pixels.tag()))
    }

    #[inline(never)]
    fn decoration(&self) -> Decoration<'f> {
        self.decoration.get().copied().unwrap_or_default()
    }

    /// Moves to room for a text of this size, paddings included, with so many bits per pixel; the text is shown again with
    /// the next [`set_text`](Self::set_text).
    ///
    /// # Errors
    /// [`OutOfMemory`]; the label is as it was.
    pub fn grow_in(
        &self,
        size: Size,
        bits: u8,
        home: impl Into<Home<'m>>,
    ) -> Result<(), OutOfMemory> {
        let new = Self::with_room_in(self.font.get(), size, bits, home)?;
        self.pixels.swap(&new.pixels);
        self.stride.set(size.width);
        self.size.set(Size::default());
        self.shown.touch();
        Ok(())
    }

    /// Room for a bitmap of so many bytes, of as many bits per pixel as now.
    pub(super) fn room_in(
        &self,
        size_bytes: usize,
        home: Home<'m>,
    ) -> Result<Storage<'m>, OutOfMemory> {
        let purpose = Purpose::Named("the bitmap of a label");
        Ok(Storage::zeroed_in(size_bytes, purpose, home)?.with_tag(self.depth() as u8))
    }

    /// Shows a text in other room, or what it showed in the room it had where that fails.
    pub(super) fn show_with(
        &self,
        room: Storage<'m>,
        text: &dyn fmt::Display,
    ) -> Result<(), TextError> {
        let old = self.pixels.replace(room);
        let shown = self.show(text, None);
        if shown.is_ok() {
            self.shown.touch();
        } else {
            self.pixels.set(old);
        }
        shown
    }

    /// Shows a text. One whose `Display` fails is shown as far as it goes, and is no error.
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    pub fn set_text(&self, text: impl fmt::Display) -> Result<(), TextError> {
        self.show(&text, None)
    }

    /// What the bitmap of a text takes, in pixels, in the present font and style.
    #[must_use]
    pub fn required_size(&self, text: impl fmt::Display) -> Size {
        self.frame_of(&self.measure(&text)).size
    }

    fn measure(&self, text: &dyn fmt::Display) -> Measured {
        Measured::of(self.font.get(), &self.style.get(), &self.decoration(), text)
    }

    /// What a text takes in the present style.
    fn frame_of(&self, measured: &Measured) -> Frame {
        if measured.is_empty() {
            return Frame::default();
        }
        let style = self.style.get();
        let label_y = baseline(&self.font.get().metrics(), &style);
        Frame::new(measured, &style, &self.decoration(), label_y)
    }

    pub(super) fn show(
        &self,
        text: &dyn fmt::Display,
        text_box: Option<&TextBox>,
    ) -> Result<(), TextError> {
        let measured = self.measure(text);
        let mut frame = self.frame_of(&measured);
        if measured.is_empty() {
            self.resize(frame);
            return Ok(());
        }
        if let Some(text_box) = text_box {
            frame.size.width = text_box.width;
            frame.size.height = text_box.height.unwrap_or(frame.size.height);
            (frame.bounds.width, frame.bounds.height) = (frame.size.width, frame.size.height);
        }
        let [top, _, left, right] = frame.padding;
        let raster = Raster {
            font: self.font.get(),
            style: self.style.get(),
            decoration: self.decoration(),
            size: frame.size,
            depth: self.depth(),
            start: (left - measured.left, top + frame.baseline),
            align: text_box.map(|text_box| (text_box.align, right)),
        };
        self.draw(&raster, text)?;
        self.resize(frame);
        Ok(())
    }

    /// Draws into the room there is, in rows as long as before, unless the bitmap has become wider.
    fn draw(&self, raster: &Raster<'_>, text: &dyn fmt::Display) -> Result<(), TextError> {
        let Size { width, height } = raster.size;
        let max_width = raster.max_width();
        if width > max_width {
            return Err(TextError::TooWide { width, max_width });
        }
        let needed_of = |stride| Raster::row_bytes(stride, raster.depth) * usize::from(height);
        self.with_pixels(|pixels| {
            let given_bytes = pixels.len();
            let old_stride = self.stride.get();
            let fits = width <= old_stride && needed_of(old_stride) <= given_bytes;
            let stride = if fits { old_stride } else { width };
            let needed_bytes = needed_of(stride);
            if needed_bytes > given_bytes {
                return Err(TextError::NoRoomForPixels { needed_bytes, given_bytes });
            }
            let stride_bytes = Raster::row_bytes(stride, raster.depth);
            let changed = pixels.write(|bytes| raster.draw(text, bytes, stride_bytes))?;
            self.changed.set(self.changed.get().union(&changed));
            if stride != old_stride {
                self.stride.set(stride);
                self.shown.touch();
            }
            Ok(())
        })
    }

    /// The bitmap has another size or place now.
    fn resize(&self, frame: Frame) {
        let (old, new) = (self.size.get(), frame.size);
        if old != new {
            let whole =
                |size: Size| TextBounds { x: 0, y: 0, width: size.width, height: size.height };
            self.changed.set(self.changed.get().union(&whole(old).difference(&whole(new))));
            if self.style.get().direction.turn() != Turn::NONE {
                self.shown.touch();
            }
        }
        self.moving(|label| {
            label.size.set(frame.size);
            label.bounds.set(frame.bounds);
            label.offset.set(frame.offset);
        });
    }

    /// Shows the text in another font at the next [`set_text`](Self::set_text); until then, what it shows, or nothing if the
    /// fonts differ in bits per pixel.
    pub fn set_font(&self, font: &'f dyn Font) {
        if font.bits() != self.font.get().bits() {
            // How pixels are painted depends on the font.
            self.resize(Frame::default());
        }
        self.moving(|label| label.font.set(font));
    }

    /// Does what may move its bitmap.
    fn moving(&self, change: impl FnOnce(&Self)) {
        let place = |label: &Self| (label.position(), label.corner());
        let before = place(self);
        change(self);
        if place(self) != before {
            self.shown.touch();
        }
    }

    /// The box around its text, in its own pixels from its position, before its scale.
    #[must_use]
    pub const fn bounds(&self) -> TextBounds {
        self.bounds.get()
    }

    /// The corner of its bitmap, likewise.
    fn corner(&self) -> (i32, i32) {
        let (TextBounds { x, y, .. }, (dx, dy)) = (self.bounds.get(), self.offset.get());
        (i32::from(x) + i32::from(dx), i32::from(y) + i32::from(dy))
    }

    /// Where pixels of the bitmap are on the panel.
    fn panel_of(&self, placement: &Placement, part: &TextBounds) -> Area {
        let (x, y) = self.corner();
        let whole = self.area(placement);
        if placement.turn == Turn::NONE {
            let (x, y) = (x + i32::from(part.x), y + i32::from(part.y));
            return placement.transform.area(x, y, part.width, part.height);
        }
        placement.panel_of(whole, self.size.get(), part)
    }

    /// Where all of the bitmap is on the panel.
    fn area(&self, placement: &Placement) -> Area {
        let (x, y) = self.corner();
        let Size { width, height } = placement.turn.size(self.size.get());
        placement.transform.area(x, y, width, height)
    }

    /// Reports a label that is not quiet. Out of line: most are.
    #[inline(never)]
    fn collect_changed(&self, place: &Place, damage: &mut Damage) {
        let (x, y) = self.position();
        let transform = place.transform.then(x, y, self.scale.get());
        let placement = Placement { transform, turn: self.style.get().direction.turn() };
        let area = self.area(&placement);
        let changed = match self.changed.take() {
            TextBounds { width: 0, .. } => Area::EMPTY,
            part => self.panel_of(&placement, &part),
        };
        let visible = place.visible && !self.hidden.get();
        let place = Place { transform, visible, ..*place };
        if self.shown.collect_part(area, changed, &place, damage) {
            self.origin.set((transform.x, transform.y));
        }
    }

    #[inline(never)]
    fn paint_clipped<C: PixelFormat>(&self, strip: &mut Strip<'_, C>) {
        let ((x, y), axes) = (self.origin.get(), self.shown.axes());
        let turn = self.style.get().direction.turn();
        let placement = Placement { transform: Transform { x, y, axes }, turn };
        let size = self.size.get();
        let mapping =
            placement.mapping(self.area(&placement), (size.width.into(), size.height.into()));
        let painted = self.with_pixels(|pixels| {
            let depth = Depth::from_tag(pixels.tag());
            let stride_bytes = Raster::row_bytes(self.stride.get(), depth);
            pixels.read(|bytes| {
                let view = View::new(bytes, stride_bytes, size, PixelLayout::Packed(depth));
                if self.font.get().bits() > 1 {
                    return self.paint_smooth(strip, &mapping, &view);
                }
                let (colors, transparent) = self.table(strip.format());
                let table = Table { colors: &colors, transparent: &transparent };
                Picture::of_view::<View<'_>>(&mapping, &view, Colors::Ready(table))
                    .paint::<View<'_>>(strip);
            })
        });
        if painted.is_err() {
            // Another one reads them at this moment: show them at the next refresh.
            self.shown.touch();
        }
    }

    fn paint_smooth<C: PixelFormat>(
        &self,
        strip: &mut Strip<'_, C>,
        mapping: &Mapping,
        view: &View<'_>,
    ) {
        let TextColors { foreground, background } = self.colors.get();
        if let Some(color) = TextColors::color(background) {
            strip.fill(mapping.area, strip.format().raw(color));
        }
        if let Some(color) = TextColors::color(foreground) {
            paint_coverage(strip, mapping, view, strip.format().raw(color));
        }
    }

    /// The raw pixels of all values, and which of them are transparent, a bit each.
    fn table<C: PixelFormat>(&self, format: C) -> ([C::Raw; MAX_COLORS], [u8; MAX_COLORS / 8]) {
        let TextColors { foreground, background } = self.colors.get();
        let mut colors = [C::Raw::default(); MAX_COLORS];
        let mut transparent = [0xff; MAX_COLORS / 8];
        let mut set = |value: usize, color| {
            if let Some(color) = TextColors::color(color) {
                colors[value] = format.raw(color);
                transparent[value / 8] &= !(1 << (value % 8));
            }
        };
        set(0, background);
        set(1, foreground);
        let more = self.decoration.get().map_or(&[][..], |decoration| decoration.colors);
        for (value, color) in (2..MAX_COLORS).zip(more) {
            set(value, color.value());
        }
        (colors, transparent)
    }
}

/// Where a text's bitmap is, and what of it the text takes.
#[derive(Debug, Clone, Copy, Default)]
struct Frame {
    size: Size,
    bounds: TextBounds,
    /// From the bounds' corner to the bitmap's.
    offset: (i8, i8),
    /// From the upper edge, less its padding, down to the baseline of the first line.
    baseline: i32,
    padding: [i32; 4],
}

impl Frame {
    fn new(
        measured: &Measured,
        style: &TextStyle,
        decoration: &Decoration<'_>,
        label_y: i32,
    ) -> Self {
        let Measured { left: text_left, width, tight_height, .. } = *measured;
        let (tight, padding) = (style.background_tight, style.padding);
        let padding = if tight { [0; 4] } else { padding };
        let (text_height, baseline) = if tight {
            (tight_height, measured.tight_offset)
        } else {
            (measured.loose_height, measured.loose_offset)
        };
        let rim = if decoration.is_outlined { 2 * i32::from(decoration.outline_size) } else { 0 };
        let [top, bottom, left, right] = wide(padding);
        let side = |v: i32| u16::try_from(v.max(0)).unwrap_or(u16::MAX);
        let size =
            Size::new(side(width + left + right + rim), side(text_height + top + bottom + rim));
        let (x, y) = (text_left - left, label_y - baseline - top);
        let [top8, bottom8, left8, right8] = padding;
        let (bounds, offset) = match style.direction {
            Direction::Upwards => {
                (TextBounds::new(x + top, y + right, tight_height, width), (top8, right8))
            }
            Direction::Downwards => {
                (TextBounds::new(x + bottom, y + left, tight_height, width), (bottom8, left8))
            }
            _ => (TextBounds::new(x + left, y + top, width, tight_height), (left8, top8)),
        };
        let offset = (offset.0.saturating_neg(), offset.1.saturating_neg());
        Self { size, bounds, offset, baseline, padding: [top, bottom, left, right] }
    }
}

label_node!(BitmapLabel, with_pixels, "a bitmap label");

impl fmt::Debug for BitmapLabel<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BitmapLabel")
            .field("size", &self.size.get())
            .field("position", &self.position())
            .field("bounds", &self.bounds())
            .field("shown", &self.shown.area())
            .finish_non_exhaustive()
    }
}
