//! Characters to placed glyphs, as CircuitPython's `label.Label` places them.

use super::{Direction, Font, FontMetrics, Glyph, GlyphId, TextBounds, TextStyle};
use crate::{Size, geometry::clamp, mapping::Turn};

/// A glyph where it belongs: the top left corner of its pixels, from the label's position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PlacedGlyph {
    pub(super) id: GlyphId,
    pub(super) x: i16,
    pub(super) y: i16,
}

impl Direction {
    /// How its glyphs are turned.
    #[inline(never)]
    pub(super) const fn turn(self) -> Turn {
        match self {
            Self::LeftToRight | Self::RightToLeft | Self::TopToBottom => Turn::NONE,
            Self::Upwards => Turn::of(Turn::TRANSPOSE | Turn::FLIP_X),
            Self::Downwards => Turn::of(Turn::TRANSPOSE | Turn::FLIP_Y),
            Self::UpsideDown => Turn::of(Turn::FLIP_X | Turn::FLIP_Y),
        }
    }
}

/// The size of a glyph's pixels as turned.
pub(super) const fn turned_size(glyph: &Glyph, turn: Turn) -> Size {
    turn.size(Size::new(glyph.width as u16, glyph.height as u16))
}

/// Places one character after the other, and keeps the box around them.
pub(super) struct Layout<'f> {
    font: &'f dyn Font,
    metrics: FontMetrics,
    style: TextStyle,
    /// From the label's position down to the baseline of the first line.
    baseline: i32,
    line_advance: i32,
    x: i32,
    y: i32,
    /// What the box's edges are so far. `side` is the edge that depends on the first glyph of each line: `None` until there
    /// was one.
    side: Option<i32>,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
    lines: i32,
    pending_lines: i32,
    characters: i32,
}

/// What a text takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Extents {
    /// The box that anchors count from.
    pub(super) bounds: TextBounds,
    /// What is filled with the background, if there is one.
    pub(super) background: TextBounds,
}

impl<'f> Layout<'f> {
    pub(super) fn new(font: &'f dyn Font, style: &TextStyle) -> Self {
        let metrics = font.metrics();
        Self {
            font,
            metrics,
            style: *style,
            baseline: baseline(&metrics, style),
            line_advance: line_advance(&metrics, style),
            x: 0,
            y: 0,
            side: None,
            left: 0,
            right: 0,
            top: 0,
            bottom: 0,
            lines: 1,
            pending_lines: 0,
            characters: 0,
        }
    }

    /// Places a character; `out` gets its glyph, if it has pixels and their corner is within 16 bits of the label's position.
    #[inline(never)]
    pub(super) fn push(&mut self, character: char, out: &mut dyn FnMut(PlacedGlyph, &Glyph)) {
        match character {
            '\n' => {
                (self.x, self.y) = (0, next_line(self.y, self.line_advance));
                self.pending_lines += 1;
                self.characters += 1;
            }
            '\t' => {
                let (count, with) = self.style.tab;
                (0..count).for_each(|_| self.push_visible(with.into(), out));
            }
            _ => self.push_visible(character, out),
        }
    }

    fn push_visible(&mut self, character: char, out: &mut dyn FnMut(PlacedGlyph, &Glyph)) {
        self.lines += core::mem::take(&mut self.pending_lines);
        self.characters += 1;
        let Some((id, glyph)) = self.font.find_glyph(character) else { return };
        let (x, y) = self.place(&glyph);
        let placed = PlacedGlyph { id, x: clamp(x), y: clamp(y) };
        let is_in_reach = (i32::from(placed.x), i32::from(placed.y)) == (x, y);
        if glyph.width > 0 && glyph.height > 0 && is_in_reach {
            out(placed, &glyph);
        }
    }

    /// Where a glyph comes to lie; the cursor moves on and the box grows.
    fn place(&mut self, glyph: &Glyph) -> (i32, i32) {
        let [w, h, dx, dy] = glyph.sides();
        let (advance, o) = (i32::from(glyph.advance), self.baseline);
        let (x, y) = (self.x, self.y);
        match self.style.direction {
            Direction::LeftToRight | Direction::UpsideDown => {
                self.grow_line(y, h, dy);
                if x == 0 {
                    self.side = Some(self.side.map_or(0, |left| left.min(dx)));
                }
                self.right = self.right.max(x + advance).max(x + w + dx);
                self.x += advance;
                let (x, y) = (x + dx, y - h - dy + o);
                if self.style.direction == Direction::UpsideDown {
                    (-x - w, -y - h)
                } else {
                    (x, y)
                }
            }
            Direction::RightToLeft => {
                self.grow_line(y, h, dy);
                if x == 0 {
                    self.side = Some(self.side.map_or(0, |right| right.max(dx)));
                }
                self.left = self.left.max(x.abs() + advance).max(x.abs() + w + dx);
                self.x -= advance;
                (x - w, y - h - dy + o)
            }
            Direction::TopToBottom => {
                if x == 0 {
                    self.left = self.left.min(dx);
                }
                if y == 0 {
                    self.top = self.top.min(-dy);
                }
                self.bottom = self.bottom.max(y + h).max(y + h + dy);
                self.right = self.right.max(x + w + dx).max(x + advance + dx);
                self.y += if h < 2 { advance } else { h + 1 };
                (x - w / 2 + o, y + dy)
            }
            Direction::Upwards => {
                if y == 0 {
                    self.bottom = self.bottom.min(-dy);
                }
                self.left = self.left.min(x - h + o);
                self.top = self.top.min(y - w - dx).min(y - advance);
                self.right = self.right.max(x + h).max(x + h - dy);
                self.y -= advance;
                (x - h - dy + o, y - w - dx)
            }
            Direction::Downwards => {
                self.top = self.top.min(-dx);
                if x == 0 {
                    self.left = self.left.min(-dy);
                }
                self.left = self.left.min(x).min(x - dy - o);
                self.bottom = self.bottom.max(y + w + dx).max(y + advance);
                self.right = self.right.max(x + h);
                self.y += advance;
                (x + dy - o, y + dx)
            }
        }
    }

    /// Upper and lower edge of text in horizontal lines.
    fn grow_line(&mut self, y: i32, height: i32, bottom: i32) {
        if y == 0 {
            self.top = self.top.min(-height - bottom + self.baseline);
        }
        self.bottom = self.bottom.max(y - bottom + self.baseline);
    }

    pub(super) fn finish(self) -> Extents {
        let side = self.side.unwrap_or(0);
        let Self { left, right, top, bottom, .. } = self;
        let (x, y, width) = match self.style.direction {
            Direction::LeftToRight => (side, top, right - side),
            Direction::RightToLeft => (-left, top, left - side),
            Direction::TopToBottom => (left, top, right - left),
            Direction::Upwards | Direction::Downwards => (left, top, right),
            Direction::UpsideDown => (-right, -bottom, right - side),
        };
        let bounds = TextBounds::new(x, y, width, bottom - top);
        Extents { bounds, background: self.background(&bounds) }
    }

    /// What the background fills: nothing unless it is as wide and high as a pixel at least.
    fn background(&self, bounds: &TextBounds) -> TextBounds {
        let (x, y) = (i32::from(bounds.x), i32::from(bounds.y));
        let (w, h) = (i32::from(bounds.width), i32::from(bounds.height));
        let [top, bottom, left, right] = wide(self.style.padding);
        if w + left + right <= 0 || h + top + bottom <= 0 {
            return TextBounds::default();
        }
        // As in the reference, where lines that run up or down are as far apart as the text has characters.
        let line_height = match self.style.direction {
            Direction::Upwards | Direction::Downwards => self.characters,
            _ => i32::from(self.metrics.line_height),
        };
        // A product that saturates is beyond FAR, as the exact one would be.
        let spacing = line_height.saturating_mul(self.style.line_spacing.into());
        let more_lines = ((self.lines - 1).saturating_mul(spacing) / 100).min(FAR);
        let (ascent, descent) = (i32::from(self.metrics.ascent), i32::from(self.metrics.descent));
        let thickness = ascent + descent + more_lines;
        let o = self.baseline;
        let (across, along) = (thickness + top + bottom, left + right);
        let (x, y, width, height) = match (self.style.direction, self.style.background_tight) {
            (Direction::Upwards, true) => (y, -h, w, h),
            (Direction::Downwards, true) => (y, 0, w, h),
            (_, true) => (x, y, w, h),
            (Direction::LeftToRight | Direction::RightToLeft, false) => {
                (x - left, o - ascent - top, w + along, across)
            }
            (Direction::UpsideDown, false) => {
                (x - right, -(o + descent + more_lines) - bottom, w + along, across)
            }
            (Direction::Upwards, false) => (o - ascent - top, -h - right, across, h + along),
            (Direction::Downwards, false) => (o - ascent - bottom, -left, across, h + along),
            (Direction::TopToBottom, false) => (-left, -top, thickness + along, h + top + bottom),
        };
        TextBounds::new(x, y, width, height)
    }
}

/// Paddings in integers that sums of them fit. One by one: `map` compiles to a loop.
pub(super) fn wide([top, bottom, left, right]: [i8; 4]) -> [i32; 4] {
    [top.into(), bottom.into(), left.into(), right.into()]
}

/// Where lines are no longer told apart: far beyond all coordinates, far from overflow.
const FAR: i32 = 1 << 24;

/// Pixels from one baseline to the next.
pub(super) fn line_advance(metrics: &FontMetrics, style: &TextStyle) -> i32 {
    i32::from(metrics.line_height) * i32::from(style.line_spacing) / 100
}

/// The baseline of the line after one.
pub(super) fn next_line(y: i32, line_advance: i32) -> i32 {
    (y + line_advance).min(FAR)
}

/// From a label's position down to the baseline of its first line.
pub(super) fn baseline(metrics: &FontMetrics, style: &TextStyle) -> i32 {
    if style.base_alignment { 0 } else { i32::from(metrics.ascent / 2) }
}
