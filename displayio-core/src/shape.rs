//! Vector shapes: filled figures of one colour, painted span by span.
//!
//! A [`Figure`] tells which pixels a shape has, in the shape's own coordinates; a [`Shape`] gives it a place, a colour and
//! damage. Which pixels are inside is exactly what CircuitPython's vectorio says.

mod figures;
mod points;
mod polygon;

use core::{cell::Cell, fmt, ops::Range};

use displayio_allocators::Purpose;

pub use self::{
    figures::{Circle, Disc, Oblong, Rectangle},
    points::{PointList, Points, PointsError, PointsView},
    polygon::{Ngon, Polygon},
};
use crate::{
    Area, Axes, Change, Damage, Layer, Mark, Node, Part, PixelFormat, Place, Shader, Shown, Strip,
    Tracked, Transform, spans,
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
/// Cost of painting: about 60 instructions per strip, and for each row 25, those of the figure and of a fill.
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
        if self.shader.since(&self.state.shader_mark) != Change::None {
            self.state.shown.touch();
        }
        self.state.collect(&self.figure.extent(), place, damage);
    }

    #[inline(never)]
    fn paint_clipped<C: PixelFormat>(&self, strip: &mut Strip<'_, C>)
    where
        P: Shader<C>,
    {
        let state = &self.state;
        let ready = if state.ink.get() == Ink::Upright { raw_in(state.raw.get()) } else { None };
        if let Some(raw) = ready.or_else(|| self.prepare(strip)) {
            fill_upright(&self.figure, state.origin.get(), strip, &state.shown.area(), raw);
        }
    }

    /// What its pixels become, looked up after a change; paints it, too, unless it is upright.
    #[inline(never)]
    fn prepare<C: PixelFormat>(&self, strip: &mut Strip<'_, C>) -> Option<C::Raw>
    where
        P: Shader<C>,
    {
        let state = &self.state;
        let raw = state.prepare(&self.shader, strip.format(), self.figure.is_full())?;
        if state.is_upright(self.figure.is_full()) {
            return Some(raw);
        }
        fill_turned(&self.figure, state, strip, raw);
        None
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
    #[inline(never)]
    fn prepare<C: PixelFormat, P: Shader<C>>(
        &self,
        shader: &P,
        format: C,
        is_full: bool,
    ) -> Option<C::Raw> {
        let kept = if self.ink.get() == Ink::Old { None } else { raw_in(self.raw.get()) };
        kept.or_else(|| self.look_up(shader, format, is_full))
    }

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
fn raw_in<T: bytemuck::Pod>(word: u32) -> Option<T> {
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

/// Fills the pixels of a figure in `area`, as far as they are in the strip: where they are the panel's, or all of them.
#[inline]
fn fill_upright<F: Figure, C: PixelFormat>(
    figure: &F,
    origin: (i16, i16),
    strip: &mut Strip<'_, C>,
    area: &Area,
    raw: C::Raw,
) {
    let (x, y) = (i32::from(origin.0), i32::from(origin.1));
    let bounds = strip.area();
    let left = i32::from(area.x1.max(bounds.x1)) - x;
    let right = i32::from(area.x2.min(bounds.x2)) - x;
    if left >= right {
        return;
    }
    let (top, bottom) = (i32::from(area.y1.max(bounds.y1)), i32::from(area.y2.min(bounds.y2)));
    let pitch = i32::from(bounds.x2) - i32::from(bounds.x1);
    // Which pixel of the strip the figure's column 0 is: perhaps one before the row, or before all.
    let mut column = (top - i32::from(bounds.y1)) * pitch + x - i32::from(bounds.x1);
    let pixels = strip.pixels();
    for row in top..bottom {
        let mut span = |from: i32, to: i32| {
            let from = column.wrapping_add(from.max(left)).cast_unsigned() as usize;
            let to = column.wrapping_add(to.min(right)).cast_unsigned() as usize;
            // What begins behind the clip or ends before it is no range of the pixels.
            if let Some(pixels) = pixels.get_mut(from..to) {
                spans::fill(pixels, raw);
            }
        };
        if figure.is_full() {
            span(left, right);
        } else {
            figure.spans(Line::Row(row - y), left..right, span);
        }
        column += pitch;
    }
}

/// The same where the scene is turned or the figure's pixels are larger.
#[inline(never)]
fn fill_turned<F: Figure, C: PixelFormat>(
    figure: &F,
    state: &State,
    strip: &mut Strip<'_, C>,
    raw: C::Raw,
) {
    let (axes, origin) = (state.shown.axes(), state.origin.get());
    let clip = strip.clip(&state.shown.area());
    if clip.is_empty() {
        return;
    }
    // Along a row, panel space is counted from the start of the clip.
    let left = i32::from(origin.0) - i32::from(clip.x1);
    let along = Axis { origin: left, step: axes.dx.into() };
    let across = Axis { origin: origin.1.into(), step: axes.dy.into() };
    let range = along.to_figure(0, clip.width().into());
    for y in clip.y1..clip.y2 {
        let at = across.to_figure(y.into(), i32::from(y) + 1).start;
        let line = if axes.transposed { Line::Column(at) } else { Line::Row(at) };
        let row = strip.row(y, clip.x1, clip.x2);
        figure.spans(line, range.clone(), |from, to| {
            let (from, to) = (from.max(range.start), to.min(range.end));
            if from < to {
                let shown = along.to_panel(from, to);
                // The outermost pixels may be larger than what is shown of them.
                let start = shown.start.max(0).unsigned_abs() as usize;
                let end = (shown.end.unsigned_abs() as usize).min(row.len());
                spans::fill(row.get_mut(start..end).unwrap_or_default(), raw);
            }
        });
    }
}

/// One axis of the panel: where the figure's origin is on it, and how far and which way a pixel of the figure leads.
#[derive(Clone, Copy)]
struct Axis {
    origin: i32,
    step: i32,
}

impl Axis {
    /// The figure's pixels that show in the panel's `from..to`, which is not empty.
    const fn to_figure(self, from: i32, to: i32) -> Range<i32> {
        let (from, to) = (from - self.origin, to - self.origin);
        let (from, to) = if self.step < 0 { (-to, -from) } else { (from, to) };
        match self.step.unsigned_abs().cast_signed() {
            0 | 1 => from..to,
            scale => from.div_euclid(scale)..(to - 1).div_euclid(scale) + 1,
        }
    }

    /// Where the figure's pixels show on the panel.
    const fn to_panel(self, from: i32, to: i32) -> Range<i32> {
        let (from, to) = (self.origin + from * self.step, self.origin + to * self.step);
        if self.step < 0 { to..from } else { from..to }
    }
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
