//! Filling what a strip shows of a figure.
//!
//! Functions here are left to the compiler to inline: into each other where it is for speed, once for all figures where it is
//! for size. What is generic over figures is short.

use core::ops::Range;

use bytemuck::Pod;

use super::{Figure, Line, State};
use crate::{Area, Axes, PixelFormat, Strip, spans};

/// Fills what a figure whose pixels are the panel's, or that is full, has in a strip of one row, which is one of its rows.
pub(super) fn row<F: Figure, C: PixelFormat>(
    figure: &F,
    state: &State,
    strip: &mut Strip<'_, C>,
    raw: C::Raw,
) {
    let y = strip.area().y1.into();
    if let Some(mut window) = Window::new(state, strip, raw) {
        window.fill_row(figure, y, 0);
    }
}

/// The same in a strip of any height.
pub(super) fn rows<F: Figure, C: PixelFormat>(
    figure: &F,
    state: &State,
    strip: &mut Strip<'_, C>,
    raw: C::Raw,
) {
    let (area, bounds) = (state.shown.area(), strip.area());
    let Some(mut window) = Window::new(state, strip, raw) else { return };
    let (top, bottom) = (area.y1.max(bounds.y1).into(), area.y2.min(bounds.y2).into());
    let pitch = i32::from(bounds.x2) - i32::from(bounds.x1);
    let mut first = (top - i32::from(bounds.y1)) * pitch;
    for y in top..bottom {
        window.fill_row(figure, y, first);
        first += pitch;
    }
}

/// What a strip shows of a figure whose pixels are the panel's.
struct Window<'p, T> {
    /// The figure's columns.
    left: i32,
    right: i32,
    /// The figure's origin, counted from where rows of the strip begin, and on the panel.
    x: i32,
    y: i32,
    pixels: &'p mut [T],
    raw: T,
}

impl<'p, T: Pod> Window<'p, T> {
    /// `None` if the strip is beside what is shown of the figure.
    fn new<C: PixelFormat<Raw = T>>(
        state: &State,
        strip: &'p mut Strip<'_, C>,
        raw: T,
    ) -> Option<Self> {
        let (area, bounds, (x, y)) = (state.shown.area(), strip.area(), state.origin.get());
        let (left, right) = (area.x1.max(bounds.x1), area.x2.min(bounds.x2));
        (left < right).then(|| Self {
            left: i32::from(left) - i32::from(x),
            right: i32::from(right) - i32::from(x),
            x: i32::from(x) - i32::from(bounds.x1),
            y: y.into(),
            pixels: strip.pixels(),
            raw,
        })
    }

    /// Fills what the figure has in row `y` of the panel, which begins at the `first` pixel of the strip.
    fn fill_row<F: Figure>(&mut self, figure: &F, y: i32, first: i32) {
        let (left, right) = (self.left, self.right);
        if figure.is_full() {
            self.fill(first, left, right);
        } else {
            let line = Line::Row(y - self.y);
            figure.spans(line, left..right, |from, to| self.fill(first, from, to));
        }
    }

    /// Fills a run of the figure in the row that begins at the `first` pixel of the strip.
    fn fill(&mut self, first: i32, from: i32, to: i32) {
        // The figure's origin is perhaps before the row, or before all pixels.
        let origin = first.wrapping_add(self.x);
        let [from, to] = [from.max(self.left), to.min(self.right)]
            .map(|at| origin.wrapping_add(at).cast_unsigned() as usize);
        // What begins behind the window or ends before it is no range of the pixels.
        if let Some(pixels) = self.pixels.get_mut(from..to) {
            spans::fill(pixels, self.raw);
        }
    }
}

/// The same in any strip, where the scene is turned or the figure's pixels are larger.
#[inline(never)]
pub(super) fn turned<F: Figure, C: PixelFormat>(
    figure: &F,
    state: &State,
    strip: &mut Strip<'_, C>,
    raw: C::Raw,
) {
    let clip = strip.clip(&state.shown.area());
    if clip.is_empty() {
        return;
    }
    let turned = Turned::new(state, &clip);
    for y in clip.y1..clip.y2 {
        figure.spans(turned.line(y), turned.range.clone(), |from, to| {
            strip.fill(turned.shown(from, to, y), raw);
        });
    }
}

/// How a figure lies where the scene is turned or its pixels are larger.
struct Turned {
    along: Axis,
    across: Axis,
    transposed: bool,
    /// The panel's columns of which it is asked for.
    x1: i32,
    x2: i32,
    /// What of the figure is in them.
    range: Range<i32>,
}

impl Turned {
    #[inline(never)]
    fn new(state: &State, clip: &Area) -> Self {
        let (Axes { dx, dy, transposed, .. }, (x, y)) = (state.shown.axes(), state.origin.get());
        let along = Axis { origin: x.into(), step: dx.into() };
        let across = Axis { origin: y.into(), step: dy.into() };
        let (x1, x2) = (clip.x1.into(), clip.x2.into());
        Self { along, across, transposed, x1, x2, range: along.to_figure(x1, x2) }
    }

    /// The figure's line in row `y` of the panel.
    #[inline(never)]
    fn line(&self, y: i16) -> Line {
        let at = self.across.to_figure(y.into(), i32::from(y) + 1).start;
        if self.transposed { Line::Column(at) } else { Line::Row(at) }
    }

    /// Where a run of that line shows.
    #[inline(never)]
    fn shown(&self, from: i32, to: i32, y: i16) -> Area {
        let (from, to) = (from.max(self.range.start), to.min(self.range.end));
        if from >= to {
            return Area::EMPTY;
        }
        let Range { start, end } = self.along.to_panel(from, to);
        // The outermost pixels may be larger than what is shown of them.
        Area::clamped(start.max(self.x1), y.into(), end.min(self.x2), i32::from(y) + 1)
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
