//! What all labels have in common.

use core::fmt;

use super::{Anchor, BitmapLabel, Label, TextBounds, TextError, TextStyle};
use crate::{Layer, Rgb888};

/// A label of either kind, for code that does not care which: a [`Label`] refers to glyphs, a [`BitmapLabel`] keeps pixels.
///
/// Everything is as for the labels' own methods of these names.
///
/// ```
/// use displayio_core::{BitmapLabel, FONT_6X12, Label, Text, TextError};
/// fn show(labels: &[&dyn Text], value: i32) -> Result<(), TextError> {
///     labels.iter().try_for_each(|label| label.set_text(&value))
/// }
/// let (mut glyphs, mut pixels) = ([0; 64], [0; 64]);
/// let first = Label::from_buffer(&FONT_6X12, &mut glyphs);
/// let second = BitmapLabel::from_buffer(&FONT_6X12, 24, &mut pixels);
/// show(&[&first, &second], -17)?;
/// assert_eq!(first.bounds(), second.bounds());
/// # Ok::<(), TextError>(())
/// ```
pub trait Text: Layer {
    /// Shows a text.
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    fn set_text(&self, text: &dyn fmt::Display) -> Result<(), TextError>;

    /// Shows the text in another colour; `None` for the background alone.
    fn set_color(&self, foreground: Option<Rgb888>);

    /// Fills what is behind the text; `None` for nothing.
    fn set_background(&self, background: Option<Rgb888>);

    /// Lays out the next text in another style.
    fn set_style(&self, style: TextStyle);

    /// The style.
    fn style(&self) -> TextStyle;

    /// Moves it to a position, and frees it from its anchor.
    fn move_to(&self, x: i16, y: i16);

    /// Puts an anchor of its box at a point, now and after each text.
    fn anchor_at(&self, anchor: Anchor, x: i16, y: i16);

    /// Makes its pixels so many times as large, 1 to 127.
    fn set_scale(&self, scale: u8);

    /// Hides or shows it.
    fn set_hidden(&self, hidden: bool);

    /// Where it is, in pixels of the group around it.
    fn position(&self) -> (i16, i16);

    /// The box around its text, in its own pixels from its position, before its scale.
    fn bounds(&self) -> TextBounds;
}

macro_rules! forward_to_methods {
    ($label:ident) => {
        impl Text for $label<'_, '_> {
            fn set_text(&self, text: &dyn fmt::Display) -> Result<(), TextError> {
                $label::set_text(self, text)
            }

            fn set_color(&self, foreground: Option<Rgb888>) {
                $label::set_color(self, foreground);
            }

            fn set_background(&self, background: Option<Rgb888>) {
                $label::set_background(self, background);
            }

            fn set_style(&self, style: TextStyle) {
                $label::set_style(self, style);
            }

            fn style(&self) -> TextStyle {
                $label::style(self)
            }

            fn move_to(&self, x: i16, y: i16) {
                $label::move_to(self, x, y);
            }

            fn anchor_at(&self, anchor: Anchor, x: i16, y: i16) {
                $label::anchor_at(self, anchor, x, y);
            }

            fn set_scale(&self, scale: u8) {
                $label::set_scale(self, scale);
            }

            fn set_hidden(&self, hidden: bool) {
                $label::set_hidden(self, hidden);
            }

            fn position(&self) -> (i16, i16) {
                $label::position(self)
            }

            fn bounds(&self) -> TextBounds {
                $label::bounds(self)
            }
        }
    };
}

forward_to_methods!(Label);
forward_to_methods!(BitmapLabel);
