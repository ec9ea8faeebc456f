//! Vector shapes: filled figures of one colour, painted span by span.
//!
//! A [`Figure`] tells which pixels a shape has, in the shape's own coordinates; a [`Shape`] gives it a place, a colour and
//! damage. Which pixels are inside is exactly what CircuitPython's vectorio says.

mod figures;
mod fill;
mod points;
mod polygon;

use core::{cell::Cell, fmt, ops::Range};

use bytemuck::Pod;
use displayio_allocators::Purpose;

pub use self::{
    figures::{Circle, Disc, Oblong, Rectangle},
    points::{PointList, Points, PointsError, PointsView},
    polygon::{Ngon, Polygon},
};
use crate::{
    Area, Axes, Change, Damage, Layer, Mark, Node, Part, PixelFormat, Place, Shader, Shown, Strip,
    Tracked, Transform,
};

/// A half-open rectangle of a figure's own coordinates, before it is placed: empty unless `x1 < x2` and `y1 < y2`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Extent {
    /// First column.
    pub x1: i32,
    /// First row.
    pub y1: i32,
    /// One past the last column.
    pub x2: i32,
    /// One past the last row.
    pub y2: i32,
}

/// A row or a column of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Line {
    /// All pixels of this y.
    Row(i32),
    /// All pixels of this x.
    Column(i32),
}

/// Which pixels a shape has, in coordinates from its own origin. Anyone can make one.
pub trait Figure {
    /// The smallest rectangle around all pixels: what lies outside is not shown, whatever [`spans`](Self::spans) says.
    fn extent(&self) -> Extent;

    /// Calls `span` with the start and the end of each run of pixels in `line`, as far as it matters within `range`; parts
    /// outside may be left out or not, and so may empty runs.
    fn spans(&self, line: Line, range: Range<i32>, span: impl FnMut(i32, i32));

    /// Whether it has all pixels of its extent, so that no line needs to be asked for.
    fn is_full(&self) -> bool {
        false
    }

    /// Describes data it has elsewhere to a [`MemoryReport`](crate::MemoryReport).
    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let _ = report;
    }
}

/// A figure with a place and a colour: [`Circle`], [`Rectangle`], [`Polygon`], or one of your own.
///
/// The colour is a number in a shader: a palette, or a [`ColorConverter`](crate::ColorConverter) for which it is the colour
/// itself. Dither takes the noise of (0, 0), so that a shape has one colour.
///
/// As in CircuitPython, a group's scale moves a shape without making it larger, and a transparent colour paints zeros
/// (black, on most panels). [`scaled`](Self::scaled) and [`see_through`](Self::see_through) do what one would rather expect.
///
/// Cost of painting, besides the figure's and the fill's for each row: about 60 instructions for a strip of one row, 75 for
/// others, and 33 for each of their rows.
pub struct Shape<F, P> {
    figure: F,
    shader: P,
    state: State,
}

/// All of a shape that is the same for every figure: compiled once.
struct State {
    shown: Shown,
    shader_mark: Mark,
    /// Where the figure's origin is on the panel, as acknowledged.
    origin: Cell<(i16, i16)>,
    position: Cell<(i16, i16)>,
    color: Cell<u16>,
    hidden: Cell<bool>,
    is_scaled: bool,
    is_see_through: bool,
    ink: Cell<Ink>,
    /// What its pixels become, unless the ink is old: a raw pixel in the first bytes.
    raw: Cell<u32>,
}

/// What is known of a shape's pixels on the panel that it was collected for.
///
/// Looking a colour up costs as much as filling a short row, and there are many strips: the first one that shows a shape
/// after a change does so for all.
#[derive(Clone, Copy, PartialEq)]
enum Ink {
    /// Nothing yet.
    Old,
    /// What they become; and rows of the figure are rows of the panel, or all of it is filled.
    Upright,
    /// What they become; but the scene is turned, or the figure's pixels are larger.
    Turned,
}

impl<F: Figure, P> Shape<F, P> {
    /// A figure at (0, 0) in colour 0.
    pub const fn of(figure: F, shader: P) -> Self {
        Self { figure, shader, state: State::new() }
    }

    /// With its origin at this position, in pixels of the group around it.
    #[must_use]
    pub fn at(self, x: i16, y: i16) -> Self {
        self.state.position.set((x, y));
        self
    }

    /// In the colour of this number.
    #[must_use]
    pub fn color(self, index: u16) -> Self {
        self.state.color.set(index);
        self
    }

    /// Grows with the scale of the groups around it; without this, only its position does.
    #[must_use]
    pub const fn scaled(mut self) -> Self {
        self.state.is_scaled = true;
        self
    }

    /// Shows what is below where its colour is transparent or not in the palette; without this, it paints zeros there.
    #[must_use]
    pub const fn see_through(mut self) -> Self {
        self.state.is_see_through = true;
        self
    }

    /// Moves its origin to this position.
    pub fn move_to(&self, x: i16, y: i16) {
        if self.state.position.replace((x, y)) != (x, y) {
            self.state.shown.touch();
        }
    }

    /// Where its origin is.
    #[must_use]
    pub const fn position(&self) -> (i16, i16) {
        self.state.position.get()
    }

    /// Shows it in the colour of another number.
    pub fn set_color(&self, index: u16) {
        if self.state.color.replace(index) != index {
            self.state.shown.touch();
        }
    }

    /// The number of its colour.
    #[must_use]
    pub const fn color_index(&self) -> u16 {
        self.state.color.get()
    }

    /// Hides or shows it.
    pub fn set_hidden(&self, hidden: bool) {
        if self.state.hidden.replace(hidden) != hidden {
            self.state.shown.touch();
        }
    }

    /// Whether it is hidden (by itself, not by a group).
    #[must_use]
    pub const fn is_hidden(&self) -> bool {
        self.state.hidden.get()
    }

    /// The figure.
    pub const fn figure(&self) -> &F {
        &self.figure
    }

    /// What colours it.
    pub const fn shader(&self) -> &P {
        &self.shader
    }

    /// Whether it has a pixel at the point, in coordinates of the group around it; hidden or not.
    #[must_use]
    pub fn contains(&self, x: i16, y: i16) -> bool {
        let (left, top) = self.state.position.get();
        let (x, y) = (i32::from(x) - i32::from(left), i32::from(y) - i32::from(top));
        let Extent { x1, y1, x2, y2 } = self.figure.extent();
        let mut hit = false;
        if (x1..x2).contains(&x) && (y1..y2).contains(&y) {
            self.figure.spans(Line::Row(y), x..x + 1, |from, to| hit |= (from..to).contains(&x));
        }
        hit
    }

    #[inline(never)]
    fn collect_changed(&self, place: &Place, damage: &mut Damage)
    where
        P: Tracked,
    {
        let is_recolored = match self.shader.since(&self.state.shader_mark) {
            Change::None => false,
            // A number that is none of a palette's entries never changes.
            Change::Part(entries) => i16::try_from(self.state.color.get())
                .is_ok_and(|entry| entries.contains_point(entry, 0)),
            Change::All => true,
        };
        if is_recolored {
            self.state.shown.touch();
        }
        self.state.collect(&self.figure.extent(), place, damage);
    }

    #[inline(never)]
    fn paint_clipped<C: PixelFormat>(&self, strip: &mut Strip<'_, C>)
    where
        P: Shader<C>,
    {
        // Strips of one row are many, and what paints several rows takes as long to begin as to fill a row.
        let Area { y1, y2, .. } = strip.area();
        if i32::from(y2) - i32::from(y1) == 1
            && self.state.ink.get() == Ink::Upright
            && let Some(raw) = raw_in(self.state.raw.get())
        {
            fill::row(&self.figure, &self.state, strip, raw);
        } else {
            self.paint_rows(strip);
        }
    }

    /// The same in a strip of any height, however the figure lies in it, and after a change.
    #[inline(never)]
    fn paint_rows<C: PixelFormat>(&self, strip: &mut Strip<'_, C>)
    where
        P: Shader<C>,
    {
        let Self { figure, shader, state } = self;
        let Some(raw) = state.prepare(shader, strip.format(), figure.is_full()) else { return };
        if figure.is_full() {
            strip.fill(state.shown.area(), raw);
        } else if state.is_upright(false) {
            fill::rows(figure, state, strip, raw);
        } else {
            fill::turned(figure, state, strip, raw);
        }
    }
}

impl State {
    const fn new() -> Self {
        Self {
            shown: Shown::new(),
            shader_mark: Mark::new(),
            origin: Cell::new((0, 0)),
            position: Cell::new((0, 0)),
            color: Cell::new(0),
            hidden: Cell::new(false),
            is_scaled: false,
            is_see_through: false,
            ink: Cell::new(Ink::Old),
            raw: Cell::new(0),
        }
    }

    /// The transform of the figure's coordinates.
    fn transform(&self, place: &Place) -> Transform {
        let (x, y) = self.position.get();
        let Transform { x, y, axes } = place.transform.then(x, y, 1);
        let axes = if self.is_scaled {
            axes
        } else {
            Axes { dx: axes.dx.signum(), dy: axes.dy.signum(), ..axes }
        };
        Transform { x, y, axes }
    }

    /// Reports a figure of this extent.
    #[inline(never)]
    fn collect(&self, extent: &Extent, place: &Place, damage: &mut Damage) {
        self.ink.set(Ink::Old);
        let transform = self.transform(place);
        let area = placed(extent, &transform);
        let visible = place.visible && !self.hidden.get();
        if self.shown.collect(area, &Place { transform, visible, ..*place }, damage) {
            self.origin.set((transform.x, transform.y));
        }
    }

    /// What the pixels become, looked up after a change, of a figure that is full or not.
    fn prepare<C: PixelFormat, P: Shader<C>>(
        &self,
        shader: &P,
        format: C,
        is_full: bool,
    ) -> Option<C::Raw> {
        let kept = if self.ink.get() == Ink::Old { None } else { raw_in(self.raw.get()) };
        kept.or_else(|| self.look_up(shader, format, is_full))
    }

    #[inline(never)]
    fn look_up<C: PixelFormat, P: Shader<C>>(
        &self,
        shader: &P,
        format: C,
        is_full: bool,
    ) -> Option<C::Raw> {
        let Ok(raw) = self.raw_of(shader, format) else {
            // Show it at the next refresh.
            self.shown.touch();
            return None;
        };
        let mut bytes = [0; 4];
        if let (Some(raw), Some(first)) = (&raw, bytes.get_mut(..size_of::<C::Raw>())) {
            first.copy_from_slice(bytemuck::bytes_of(raw));
            self.raw.set(u32::from_ne_bytes(bytes));
            self.ink.set(if self.is_upright(is_full) { Ink::Upright } else { Ink::Turned });
        }
        raw
    }

    /// Whether rows of the figure are rows of the panel, or all of it is filled.
    fn is_upright(&self, is_full: bool) -> bool {
        is_full || self.shown.axes() == Axes::IDENTITY
    }

    /// What its pixels become: `Err` while the colours are being changed, `None` for nothing.
    #[inline(never)]
    fn raw_of<C: PixelFormat, P: Shader<C>>(
        &self,
        shader: &P,
        format: C,
    ) -> Result<Option<C::Raw>, ()> {
        let color = self.color.get().into();
        let raw = shader.colors(|colors| colors.raw(format, color, 0, 0)).ok_or(())?;
        Ok(if self.is_see_through { raw } else { Some(raw.unwrap_or_default()) })
    }
}

/// The raw pixel in the first bytes of a word, unless it is larger.
#[inline]
fn raw_in<T: Pod>(word: u32) -> Option<T> {
    bytemuck::try_pod_read_unaligned(word.to_ne_bytes().get(..size_of::<T>())?).ok()
}

/// Where an extent lies on the panel.
fn placed(extent: &Extent, transform: &Transform) -> Area {
    let Extent { x1, y1, x2, y2 } = *extent;
    let (Ok(width), Ok(height)) = (u16::try_from(x2 - x1), u16::try_from(y2 - y1)) else {
        return Area::EMPTY;
    };
    transform.area(x1, y1, width, height)
}

impl<F: Figure, P: Tracked> Layer for Shape<F, P> {
    #[inline]
    fn collect(&self, place: &Place, damage: &mut Damage) {
        if !(self.state.shown.is_quiet(place) && self.shader.is_seen(&self.state.shader_mark)) {
            self.collect_changed(place, damage);
        }
    }

    fn shown(&self) -> Area {
        self.state.shown.area()
    }

    fn forget(&self) {
        self.state.shown.forget();
    }

    #[inline]
    fn leaf(&self) -> Option<&Shown> {
        Some(&self.state.shown)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        report(Part::of(self, Purpose::Named("a shape")));
        self.figure.describe(report);
        self.shader.describe(report);
    }
}

impl<C: PixelFormat, F: Figure, P: Shader<C>> Node<C> for Shape<F, P> {
    #[inline]
    fn paint(&self, strip: &mut Strip<'_, C>) {
        // Most nodes are above or below the strip: what is beside it costs a call.
        if self.state.shown.area().overlaps_rows(&strip.area()) {
            self.paint_clipped(strip);
        }
    }

    fn covers(&self, area: &Area) -> bool {
        self.figure.is_full()
            && self.state.shown.area().contains(area)
            && matches!(self.state.raw_of(&self.shader, C::default()), Ok(Some(_)))
    }
}

impl<F: fmt::Debug, P: fmt::Debug> fmt::Debug for Shape<F, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shape")
            .field("figure", &self.figure)
            .field("shader", &self.shader)
            .field("position", &self.state.position.get())
            .field("color", &self.state.color.get())
            .field("shown", &self.state.shown.area())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
