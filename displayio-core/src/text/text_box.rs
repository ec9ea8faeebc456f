//! Text in a box of a fixed width.

use core::fmt;

use super::{BitmapLabel, TextError, WrapPixels};

/// Which way the lines of a [`TextBox`] are moved within its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Align {
    /// To the left.
    #[default]
    Left,
    /// To the middle.
    Center,
    /// To the right.
    Right,
}

/// A box that a text is drawn in, whatever the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TextBox {
    /// Width in pixels, paddings included.
    pub width: u16,
    /// Height in pixels, paddings included; `None` for as high as the text.
    pub height: Option<u16>,
    /// Where lines are moved.
    pub align: Align,
}

impl BitmapLabel<'_, '_> {
    /// Shows a text in a box: broken into lines at spaces, each aligned, what does not fit left out.
    ///
    /// ```
    /// use displayio_core::{Align, BitmapLabel, FONT_6X12, TextBox};
    /// let mut memory = [0; BitmapLabel::required_bytes(60, 40, 1)];
    /// let label = BitmapLabel::from_buffer(&FONT_6X12, 60, &mut memory);
    /// let frame = TextBox { width: 60, height: Some(40), align: Align::Center };
    /// label.set_boxed_text("Sphinx of black quartz", &frame)?;
    /// assert_eq!((label.bounds().width, label.bounds().height), (60, 40));
    /// # Ok::<(), displayio_core::TextError>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    pub fn set_boxed_text(&self, text: &str, frame: &TextBox) -> Result<(), TextError> {
        let [_, _, left, right] = self.style().padding;
        let inner = i32::from(frame.width) - i32::from(left) - i32::from(right);
        let inner = u16::try_from(inner.max(0)).unwrap_or(u16::MAX);
        let wrapped: &dyn fmt::Display = &WrapPixels::new(text, inner, self.font());
        self.show(wrapped, Some(frame))
    }
}
