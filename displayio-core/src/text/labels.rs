//! What all labels have in common.

use core::{cell::Cell, fmt};

use displayio_allocators::Storage;

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
    /// Shows a text. One whose `Display` fails is shown as far as it goes, and is no error.
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

/// Colours of a label: `0xRRGGBB`, or [`NONE`](Self::NONE).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct TextColors {
    pub(super) foreground: u32,
    pub(super) background: u32,
}

impl TextColors {
    pub(super) const NONE: u32 = u32::MAX;
    pub(super) const WHITE: Self =
        Self { foreground: Rgb888::WHITE.value(), background: Self::NONE };

    pub(super) fn value(color: Option<Rgb888>) -> u32 {
        color.map_or(Self::NONE, Rgb888::value)
    }

    pub(super) fn color(value: u32) -> Option<Rgb888> {
        (value != Self::NONE).then(|| Rgb888::new(value))
    }
}

/// Takes a label's memory for the time of `f`. A label that is used by its own text's `Display` has none meanwhile.
pub(super) fn with_room<'m, R>(room: &Cell<Storage<'m>>, f: impl FnOnce(&Storage<'m>) -> R) -> R {
    let taken = room.replace(Storage::from_slice(&[]));
    let result = f(&taken);
    room.set(taken);
    result
}

/// Methods that are the same for both kinds of labels, with the lifetime of their font. They differ in what they keep
/// besides these fields, in their `bounds`, and in what `moving` looks at.
macro_rules! label_methods {
    ($font:lifetime) => {
        /// At this position.
        #[must_use]
        pub fn at(self, x: i16, y: i16) -> Self {
            self.move_to(x, y);
            self
        }

        /// With an anchor of its box at a point, whatever the text.
        #[must_use]
        pub fn anchored(self, anchor: $crate::Anchor, x: i16, y: i16) -> Self {
            self.anchor_at(anchor, x, y);
            self
        }

        /// In this style.
        #[must_use]
        pub fn styled(self, style: $crate::TextStyle) -> Self {
            self.set_style(style);
            self
        }

        /// In these colours: of the text, and behind it.
        #[must_use]
        pub fn colored(self, foreground: u32, background: Option<u32>) -> Self {
            self.set_color(Some($crate::Rgb888::new(foreground)));
            self.set_background(background.map($crate::Rgb888::new));
            self
        }

        /// With pixels so many times as large, 1 to 127.
        #[must_use]
        pub fn scaled(self, scale: u8) -> Self {
            self.set_scale(scale);
            self
        }

        /// Lays out the next text in another style; the text shown stays as it is, but for its direction.
        pub fn set_style(&self, style: $crate::TextStyle) {
            if style.direction != self.style.get().direction {
                self.shown.touch();
            }
            self.moving(|label| label.style.set(style));
        }

        /// The font.
        pub const fn font(&self) -> &$font dyn $crate::Font {
            self.font.get()
        }

        /// The style.
        pub const fn style(&self) -> $crate::TextStyle {
            self.style.get()
        }

        /// Moves it to a position, and frees it from its anchor.
        pub fn move_to(&self, x: i16, y: i16) {
            self.anchor_at($crate::Anchor::FREE, x, y);
        }

        /// Puts an anchor of its box at a point, now and after each text.
        pub fn anchor_at(&self, anchor: $crate::Anchor, x: i16, y: i16) {
            self.moving(|label| {
                label.anchor.set(anchor);
                label.point.set((x, y));
            });
        }

        /// Where it is, in pixels of the group around it.
        #[must_use]
        pub fn position(&self) -> (i16, i16) {
            let (anchor, point) = (self.anchor.get(), self.point.get());
            if anchor == $crate::Anchor::FREE {
                return point;
            }
            let metrics = self.font.get().metrics();
            let baseline = $crate::text::layout::baseline(&metrics, &self.style.get());
            self.bounds().anchored(anchor, point, self.scale.get(), baseline)
        }

        /// Makes its pixels so many times as large: 1 to 127, and the nearest of these for others.
        pub fn set_scale(&self, scale: u8) {
            let scale = scale.clamp(1, 127);
            if self.scale.replace(scale) != scale {
                self.shown.touch();
            }
        }

        /// How many times as large its pixels are.
        #[must_use]
        pub const fn scale(&self) -> u8 {
            self.scale.get()
        }

        /// Shows the text in another colour, without layout; `None` for the background alone.
        pub fn set_color(&self, foreground: Option<$crate::Rgb888>) {
            let foreground = TextColors::value(foreground);
            self.set_colors(TextColors { foreground, ..self.colors.get() });
        }

        /// Fills what is behind the text; `None` for nothing.
        pub fn set_background(&self, background: Option<$crate::Rgb888>) {
            let background = TextColors::value(background);
            self.set_colors(TextColors { background, ..self.colors.get() });
        }

        /// The colour of the text; `None` where only the background is shown.
        #[must_use]
        pub fn color(&self) -> Option<$crate::Rgb888> {
            TextColors::color(self.colors.get().foreground)
        }

        /// What is behind the text; `None` for nothing.
        #[must_use]
        pub fn background(&self) -> Option<$crate::Rgb888> {
            TextColors::color(self.colors.get().background)
        }

        fn set_colors(&self, colors: TextColors) {
            if self.colors.replace(colors) != colors {
                self.shown.touch();
            }
        }

        /// Hides or shows it.
        pub fn set_hidden(&self, hidden: bool) {
            if self.hidden.replace(hidden) != hidden {
                self.shown.touch();
            }
        }

        /// Whether it is hidden (by itself, not by a group).
        #[must_use]
        pub const fn is_hidden(&self) -> bool {
            self.hidden.get()
        }
    };
}

/// What a label is in a scene, by its `shown`, `changed`, `collect_changed` and `paint_clipped`. `$with_room` shows its memory,
/// for a report of it as `$what`.
macro_rules! label_node {
    ($label:ident, $with_room:ident, $what:literal) => {
        impl Layer for $label<'_, '_> {
            #[inline]
            fn collect(&self, place: &Place, damage: &mut Damage) {
                if !(self.shown.is_quiet(place) && self.changed.get().is_empty()) {
                    self.collect_changed(place, damage);
                }
            }

            fn shown(&self) -> Area {
                self.shown.area()
            }

            fn forget(&self) {
                self.shown.forget();
            }

            #[inline]
            fn leaf(&self) -> Option<&Shown> {
                Some(&self.shown)
            }

            fn describe(&self, report: &mut dyn FnMut(Part)) {
                let part = Part::of(self, Purpose::Named($what));
                report(self.$with_room(|room| part.with_data(room.len(), room.kind())));
            }
        }

        impl<C: PixelFormat> Node<C> for $label<'_, '_> {
            #[inline]
            fn paint(&self, strip: &mut Strip<'_, C>) {
                if self.shown.area().overlaps_rarely(&strip.area()) {
                    self.paint_clipped(strip);
                }
            }
        }
    };
}

pub(super) use {label_methods, label_node};

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
