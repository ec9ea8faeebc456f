//! The temperature of the last while, drawn from left to right and over again, as on an oscilloscope.
//!
//! A curve that scrolls would be sent whole for each measurement; here it is the few columns that are drawn.

use core::cell::Cell;

use displayio_core::{
    Area, Bitmap, Depth, Heap, Palette, PixelFormat, Rectangle, TileGrid, impl_node,
};

use crate::{Error, PANEL};

/// Rows, and where the first of them is on the panel.
const HEIGHT: i16 = 26;
const TOP: i16 = 38;

/// Columns for each measurement, and columns that are cleared ahead of it.
const STEP: i16 = 4;
const GAP: i16 = 4;

/// The temperature of the lowest row, and what a row is, in tenths of a degree.
const LOWEST: i16 = 160;
const TENTHS_PER_ROW: i16 = 3;

/// Greys of the line, of what lies below it, and of the target.
const LINE: u32 = 15;
const BELOW: u32 = 4;
const TARGET: u16 = 8;

#[derive(Debug)]
pub(crate) struct Curve<'a, 'm, C> {
    /// The column of the next measurement, and the row of the last.
    next: Cell<i16>,
    last: Cell<Option<i16>>,
    plot: TileGrid<Bitmap<'m>, &'a Palette<'m, C>>,
    target: Rectangle<&'a Palette<'m, C>>,
}

impl_node!(<'a, 'm, C> Curve<'a, 'm, C> {
    plot: TileGrid<Bitmap<'m>, &'a Palette<'m, C>>,
    target: Rectangle<&'a Palette<'m, C>>,
});

impl<'a, 'm, C: PixelFormat> Curve<'a, 'm, C> {
    pub(crate) fn new_in(greys: &'a Palette<'m, C>, heap: Heap<'m>) -> Result<Self, Error> {
        let bitmap = Bitmap::new_in(PANEL.width, HEIGHT.unsigned_abs(), Depth::Bpp4, heap)?;
        Ok(Self {
            next: Cell::new(0),
            last: Cell::new(None),
            plot: TileGrid::new(bitmap, greys).at(0, TOP),
            target: Rectangle::new(greys, PANEL.width, 1).color(TARGET),
        })
    }

    /// Draws a measurement.
    pub(crate) fn push(&self, tenths: i16) -> Result<(), Error> {
        let (x, to) = (self.next.get(), row(tenths));
        let (from, end) = (self.last.replace(Some(to)).unwrap_or(to), x + STEP);
        self.next.set(if end < PANEL.width.cast_signed() { end } else { 0 });
        let bitmap = self.plot.source();
        bitmap.fill_region(Area::new(x, 0, end + GAP, HEIGHT), 0)?;
        bitmap.fill_region(Area::new(x, to, end, HEIGHT), BELOW)?;
        bitmap.draw_line((x, from), (end - 1, to), LINE)?;
        Ok(())
    }

    /// Draws a line at the temperature that is wanted, if any is.
    pub(crate) fn mark(&self, tenths: Option<i16>) {
        self.target.set_hidden(tenths.is_none());
        self.target.move_to(0, TOP + tenths.map_or(0, row));
    }
}

/// The row of a temperature, the nearest there is.
fn row(tenths: i16) -> i16 {
    (HEIGHT - 1 - (tenths - LOWEST) / TENTHS_PER_ROW).clamp(0, HEIGHT - 1)
}
