//! What nodes paint in: parts of an area, composed one after the other in one buffer.

use core::fmt;

use crate::{Area, PixelFormat, Visible, spans};

/// A part of an area while it is composed: whole rows of raw pixels.
pub struct Strip<'s, C: PixelFormat> {
    area: Area,
    pixels: &'s mut [C::Raw],
    format: C,
    /// Leads to the strip below, which takes the place of this one.
    below: Option<&'s mut dyn Below<C>>,
}

/// What sends a strip and begins the one below it.
pub(crate) trait Below<C: PixelFormat> {
    /// Sends a strip with its pixels, and makes of both the next one, which is as wide and no higher. False after the last.
    fn begin_next(&mut self, strip: &mut Area, pixels: &mut &mut [C::Raw]) -> bool;

    /// Whether the next strip begins with what the present one has in its pixels.
    fn keeps_pixels(&self) -> bool;

    /// Where the last strip ends.
    fn end(&self) -> i16;
}

impl<'s, C: PixelFormat> Strip<'s, C> {
    /// A strip over `pixels`, row by row; pixels beyond the area are left out.
    ///
    /// Returns `None` when there are fewer pixels than the area has.
    #[must_use]
    pub fn new(area: Area, pixels: &'s mut [C::Raw], format: C) -> Option<Self> {
        let pixels = pixels.get_mut(..area.pixels() as usize)?;
        Some(Self { area, pixels, format, below: None })
    }

    /// Whether the strip is one row, and so are all others that it leads to, and each begins with the pixels of that above.
    pub(crate) fn keeps_row(&self) -> bool {
        self.area.height() == 1 && self.below.as_ref().is_some_and(|below| below.keeps_pixels())
    }

    /// Sends the strip and becomes the one below, if `area` reaches below the strip. False where it does not, or where no
    /// other strip belongs to this.
    #[inline]
    pub(crate) fn advance_in(&mut self, area: &Area) -> bool {
        self.below.is_some() && self.area.y2 < area.y2 && self.advance()
    }

    /// Sends strips until it is one that has rows of `area`, as far as they belong to this.
    pub(crate) fn advance_to(&mut self, area: &Area) {
        while self.area.y2 <= area.y1 && self.advance() {}
    }

    /// What of `area` is in the strip and in those that it leads to.
    pub(crate) fn clip_below(&self, area: &Area) -> Area {
        area.intersection(&Area { y2: self.end(), ..self.area })
    }

    /// Where the last strip ends that it leads to.
    fn end(&self) -> i16 {
        self.below.as_ref().map_or(self.area.y2, |below| below.end())
    }

    /// Sends the strip and becomes the one below, if that belongs to this.
    #[inline]
    fn advance(&mut self) -> bool {
        let Some(below) = &mut self.below else { return false };
        let has_next = below.begin_next(&mut self.area, &mut self.pixels);
        if !has_next {
            self.below = None;
        }
        has_next
    }

    /// The strip's area, in panel space.
    #[inline]
    #[must_use]
    pub const fn area(&self) -> Area {
        self.area
    }

    /// The panel's format.
    #[inline]
    #[must_use]
    pub const fn format(&self) -> C {
        self.format
    }

    /// All pixels, row by row.
    #[must_use]
    pub const fn pixels(&mut self) -> &mut [C::Raw] {
        self.pixels
    }

    /// The pixels from (`x1`, `y`) up to (`x2`, `y`); none unless all of them are in the strip.
    #[inline]
    #[must_use]
    pub fn row(&mut self, y: i16, x1: i16, x2: i16) -> &mut [C::Raw] {
        let Area { x1: left, y1: top, .. } = self.area;
        if y < top || x1 < left || x2 > self.area.x2 || x1 > x2 {
            return &mut [];
        }
        let start = usize::from(y.abs_diff(top)) * usize::from(self.area.width())
            + usize::from(x1.abs_diff(left));
        self.pixels.get_mut(start..start + usize::from(x1.abs_diff(x2))).unwrap_or_default()
    }

    /// What of `area` is in the strip.
    ///
    /// By reference: where areas are copied as a whole, their sides must be cut out of words.
    #[inline]
    pub(crate) fn clip(&self, area: &Area) -> Area {
        area.intersection(&self.area)
    }

    /// Pixels from a row to the next. Never 0: neither is the height of a strip.
    #[inline]
    pub(crate) fn pitch(&self) -> usize {
        usize::from(self.area.x1.abs_diff(self.area.x2)).max(1)
    }

    /// Where the rows of `area`, which has some in the strip, start in it, and how many they are.
    #[inline]
    pub(crate) fn rows_of(&self, area: &Area) -> (usize, usize) {
        let (y1, y2) = (area.y1.max(self.area.y1), area.y2.min(self.area.y2));
        (y1.abs_diff(self.area.y1).into(), y1.abs_diff(y2).into())
    }

    /// The pixels from (`x`, `y`), which is in the strip, to its end, and how many there are from a row to the next.
    #[inline]
    pub(crate) fn pixels_from(&mut self, x: i16, y: i16) -> (&mut [C::Raw], usize) {
        let (&Area { x1, y1, .. }, pitch) = (&self.area, self.pitch());
        let first = usize::from(y.abs_diff(y1)) * pitch + usize::from(x.abs_diff(x1));
        (self.pixels.get_mut(first..).unwrap_or_default(), pitch)
    }

    /// Copies the pixels above those from (`x1`, `y`) up to (`x2`, `y`); all of them are in the strip.
    #[inline(never)]
    pub(crate) fn repeat_row(&mut self, y: i16, x1: i16, x2: i16) {
        let (pixels, pitch) = self.pixels_from(x1, y - 1);
        let width = usize::from(x1.abs_diff(x2));
        if let Some((above, below)) = pixels.split_at_mut_checked(pitch) {
            let room = width.min(below.len());
            spans::copy(&mut below[..room], above);
        }
    }

    /// Fills the part of `area` that is in the strip.
    pub fn fill(&mut self, area: Area, raw: C::Raw) {
        let area = self.clip(&area);
        if !area.is_empty() {
            for y in area.y1..area.y2 {
                spans::fill(self.row(y, area.x1, area.x2), raw);
            }
        }
    }
}

impl<C: PixelFormat> fmt::Debug for Strip<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Strip").field("area", &self.area).finish_non_exhaustive()
    }
}

/// How many strips a container looks ahead for the children in them: so many that looking costs little, and so few that
/// children beyond are few.
const STRIPS_PER_LOOK: u16 = 16;

/// Strips below each other, composed one after the other in one buffer.
#[derive(Debug)]
pub struct Strips<'s, C: PixelFormat>(Strip<'s, C>);

impl<'s, C: PixelFormat> Strips<'s, C> {
    /// Those from the first on, which has these pixels.
    pub(crate) const fn new(
        area: Area,
        pixels: &'s mut [C::Raw],
        format: C,
        below: &'s mut dyn Below<C>,
    ) -> Self {
        Self(Strip { area, pixels, format, below: Some(below) })
    }

    /// Has each of them painted.
    pub fn each(&mut self, mut paint: impl FnMut(&mut Strip<'_, C>)) {
        let Self(strip) = self;
        loop {
            // It leads to no other while several nodes may paint in it.
            let below = strip.below.take();
            paint(strip);
            strip.below = below;
            if !strip.advance() {
                return;
            }
        }
    }

    /// Has each of them painted by those children of a container that `look` finds in some rows from it on; where they are
    /// few, by those that are `visible` in all.
    pub fn each_of(
        &mut self,
        mut visible: Visible,
        mut look: impl FnMut(&Area) -> Visible,
        mut paint: impl FnMut(Visible, &mut Strip<'_, C>),
    ) {
        let Self(Strip { area, .. }) = self;
        let (y, reach) = (area.y1, area.y1.abs_diff(area.y2).saturating_mul(STRIPS_PER_LOOK));
        let end = self.0.end();
        let end_of_look = |y: i16| y.saturating_add_unsigned(reach).min(end);
        // Where one look reaches the end, it would find what is visible in all.
        let mut looked_to = if end_of_look(y) < end { y } else { end };
        self.each(|strip| {
            let Area { y1: y, .. } = strip.area;
            if y >= looked_to {
                looked_to = end_of_look(y);
                visible = look(&Area { y2: looked_to, ..strip.area });
            }
            paint(visible, strip);
        });
    }

    /// The first that has a part of `area`. What it belongs to leads to the others.
    pub(crate) fn first_in(&mut self, area: &Area) -> Option<&mut Strip<'s, C>> {
        let Self(strip) = self;
        while !strip.area.overlaps(area) {
            if !strip.advance() {
                return None;
            }
        }
        Some(strip)
    }

    /// Sends those that are left as they are.
    pub(crate) fn finish(&mut self) {
        while self.0.advance() {}
    }
}
