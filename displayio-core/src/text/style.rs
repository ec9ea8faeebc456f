//! How text is laid out and where it is put.

use crate::geometry::clamp;

/// Which way text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Direction {
    /// From left to right.
    #[default]
    LeftToRight,
    /// Each character left of the one before it.
    RightToLeft,
    /// Each character, upright, below the one before it.
    TopToBottom,
    /// Turned by a quarter, from the bottom up.
    Upwards,
    /// Turned by a quarter, from the top down.
    Downwards,
    /// Upside down, from right to left.
    UpsideDown,
}

/// A point of a text's box, in hundredths of its width and height from its top left corner: -127 to 127.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Anchor {
    /// Hundredths of the width.
    pub x: i8,
    /// Hundredths of the height; -100 for the baseline of the first line.
    pub y: i8,
}

impl Anchor {
    /// The top left corner.
    pub const TOP_LEFT: Self = Self { x: 0, y: 0 };
    /// The middle of the upper edge.
    pub const TOP: Self = Self { x: 50, y: 0 };
    /// The top right corner.
    pub const TOP_RIGHT: Self = Self { x: 100, y: 0 };
    /// The middle of the left edge.
    pub const LEFT: Self = Self { x: 0, y: 50 };
    /// The middle.
    pub const CENTER: Self = Self { x: 50, y: 50 };
    /// The middle of the right edge.
    pub const RIGHT: Self = Self { x: 100, y: 50 };
    /// The bottom left corner.
    pub const BOTTOM_LEFT: Self = Self { x: 0, y: 100 };
    /// The middle of the lower edge.
    pub const BOTTOM: Self = Self { x: 50, y: 100 };
    /// The bottom right corner.
    pub const BOTTOM_RIGHT: Self = Self { x: 100, y: 100 };
    /// Where the baseline of the first line begins.
    pub const BASELINE: Self = Self { x: 0, y: -100 };
    /// None.
    pub(super) const FREE: Self = Self { x: i8::MIN, y: i8::MIN };
}

/// A rectangle around text, in the label's own pixels from its position, before its scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TextBounds {
    /// Left edge.
    pub x: i16,
    /// Upper edge.
    pub y: i16,
    /// Width in pixels.
    pub width: u16,
    /// Height in pixels.
    pub height: u16,
}

impl TextBounds {
    pub(super) const EMPTY: Self = Self { x: 0, y: 0, width: 0, height: 0 };

    #[inline(never)]
    pub(super) fn new(x: i32, y: i32, width: i32, height: i32) -> Self {
        let side = |v: i32| u16::try_from(v.max(0)).unwrap_or(u16::MAX);
        Self { x: clamp(x), y: clamp(y), width: side(width), height: side(height) }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.width == 0 || self.height == 0
    }

    pub(super) fn x2(&self) -> i32 {
        i32::from(self.x) + i32::from(self.width)
    }

    pub(super) fn y2(&self) -> i32 {
        i32::from(self.y) + i32::from(self.height)
    }

    /// The smallest rectangle around both; empty ones count for nothing.
    pub(super) fn union(&self, other: &Self) -> Self {
        if self.is_empty() {
            return *other;
        }
        if other.is_empty() {
            return *self;
        }
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        let (x2, y2) = (self.x2().max(other.x2()), self.y2().max(other.y2()));
        Self::new(x.into(), y.into(), x2 - i32::from(x), y2 - i32::from(y))
    }

    /// The smallest rectangle around what is in one of both only.
    pub(super) fn difference(&self, other: &Self) -> Self {
        let (low, high) = (self.x2().min(other.x2()), self.x2().max(other.x2()));
        let grows_to_the_right = (self.x, self.y, self.height) == (other.x, other.y, other.height);
        match (self.is_empty(), other.is_empty()) {
            _ if self == other => Self::default(),
            (false, false) if grows_to_the_right => {
                Self::new(low, self.y.into(), high - low, self.height.into())
            }
            _ => self.union(other),
        }
    }

    /// Where a label is whose box has an anchor at a point.
    ///
    /// `baseline` is where the baseline of the first line lies below the label's position.
    pub(super) fn anchored(
        &self,
        anchor: Anchor,
        point: (i16, i16),
        scale: u8,
        baseline: i32,
    ) -> (i16, i16) {
        let scale = i32::from(scale);
        let along = |start: i16, length: u16, hundredths: i8| {
            let length = i32::from(length) * scale;
            i32::from(start) * scale + round_hundredths(length * i32::from(hundredths))
        };
        let x = i32::from(point.0) - along(self.x, self.width, anchor.x);
        let y = if anchor.y == Anchor::BASELINE.y {
            i32::from(point.1) - baseline * scale
        } else {
            i32::from(point.1) - along(self.y, self.height, anchor.y)
        };
        (clamp(x), clamp(y))
    }
}

/// A number of hundredths as a whole number, halves to the even one.
const fn round_hundredths(hundredths: i32) -> i32 {
    let (down, rest) = (hundredths.div_euclid(100), hundredths.rem_euclid(100));
    if rest > 50 || rest == 50 && down % 2 != 0 { down + 1 } else { down }
}

/// What layout needs to know besides the text. All of it takes effect at the next text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TextStyle {
    /// Which way text runs.
    pub direction: Direction,
    /// Distance of lines in hundredths of the font's line height.
    pub line_spacing: u16,
    /// Room around the text, filled with the background: top, bottom, left and right, in pixels; negative for less.
    pub padding: [i8; 4],
    /// Whether the background is as small as the text; if not, it is as high as the font, and padded.
    pub background_tight: bool,
    /// Whether the position is that of the baseline; if not, it is in the middle of the first line's ascent.
    pub base_alignment: bool,
    /// What a tab is: so many times this ASCII character.
    pub tab: (u8, u8),
}

impl TextStyle {
    /// From left to right, lines a quarter more than the font's height apart, no padding, tabs of four spaces.
    pub const PLAIN: Self = Self {
        direction: Direction::LeftToRight,
        line_spacing: 125,
        padding: [0; 4],
        background_tight: false,
        base_alignment: false,
        tab: (4, b' '),
    };
}

impl Default for TextStyle {
    fn default() -> Self {
        Self::PLAIN
    }
}
