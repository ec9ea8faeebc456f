//! A card for a measured quantity: its name, the value, a bar, the least and the most so far.

use core::{cell::Cell, fmt};

use displayio_core::{
    Anchor, FONT_6X12, Heap, Label, OutOfMemory, Palette, PixelFormat, Rectangle, TextError,
    impl_node,
};

/// What a card shows.
pub(crate) struct Quantity {
    pub name: &'static str,
    /// In the palette, whose colours 0 and 1 are those of cards and of what bars lie on.
    pub color: u16,
    /// The same as `0xRRGGBB`.
    pub ink: u32,
    /// Where the bar starts and ends, in tenths.
    pub range: (i16, i16),
}

/// A number of tenths, as people read it.
struct Tenths(i16);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, tenths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}

pub(crate) struct Card<'a, 'm, C> {
    quantity: Quantity,
    /// The least and the most so far, in tenths.
    extremes: Cell<(i16, i16)>,
    blocks: [Rectangle<&'a Palette<'m, C>>; 3],
    /// Name, value, the least and the most.
    labels: [Label<'static, 'm>; 4],
}

impl_node!(<'a, 'm, C> Card<'a, 'm, C> {
    blocks: [Rectangle<&'a Palette<'m, C>>; 3],
    labels: [Label<'static, 'm>; 4],
});

/// The longest bar, in pixels.
const BAR_WIDTH: u16 = 86;

impl<'a, 'm, C: PixelFormat> Card<'a, 'm, C> {
    /// A card of 102 by 100 pixels with its top left corner at (x, y).
    pub(crate) fn new_in(
        (x, y): (i16, i16),
        quantity: Quantity,
        colors: &'a Palette<'m, C>,
        heap: Heap<'m>,
    ) -> Result<Self, OutOfMemory> {
        let block = |x, y, width, height| Rectangle::new(colors, width, height).at(x, y);
        let text = |glyphs| Label::new_in(&FONT_6X12, glyphs, heap);
        let grey = |label: Label<'static, 'm>| label.colored(0x98_a4b8, None);
        Ok(Self {
            extremes: Cell::new((i16::MAX, i16::MIN)),
            blocks: [
                block(x, y, 102, 100),
                block(x + 8, y + 64, BAR_WIDTH, 8).color(1),
                block(x + 8, y + 64, 0, 8).color(quantity.color),
            ],
            labels: [
                text(13)?.colored(quantity.ink, None).at(x + 8, y + 12),
                text(7)?.scaled(3).anchored(Anchor::CENTER, x + 51, y + 40),
                grey(text(7)?).anchored(Anchor::LEFT, x + 8, y + 85),
                grey(text(7)?).anchored(Anchor::RIGHT, x + 94, y + 85),
            ],
            quantity,
        })
    }

    /// Shows a value in tenths. What did not change is not sent again.
    pub(crate) fn show(&self, value: i16) -> Result<(), TextError> {
        let (low, high) = self.extremes.get();
        let (low, high) = (low.min(value), high.max(value));
        self.extremes.set((low, high));
        let [name, numbers @ ..] = &self.labels;
        name.set_text(self.quantity.name)?;
        for (label, value) in numbers.iter().zip([value, low, high]) {
            label.set_text(Tenths(value))?;
        }
        let (start, end) = self.quantity.range;
        let (filled, whole) = (value.clamp(start, end).abs_diff(start), end.abs_diff(start));
        let width = u32::from(filled) * u32::from(BAR_WIDTH) / u32::from(whole.max(1));
        self.blocks[2].set_size(u16::try_from(width).unwrap_or(BAR_WIDTH), 8);
        Ok(())
    }
}
