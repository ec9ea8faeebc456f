//! Labels that make room for their texts.

use core::fmt;

use displayio_allocators::Home;

use super::{BitmapLabel, Label, TextError};

/// Room for a text, and for longer ones: half more than there was, so that texts of changing lengths soon fit.
const fn with_spare(needed: usize, given: usize) -> usize {
    let spare = given.saturating_add(given / 2);
    if spare > needed { spare } else { needed }
}

impl<'m> Label<'_, 'm> {
    /// Shows a text, in more room where it needs more; else as [`set_text`](Self::set_text).
    ///
    /// Room only grows: to half more than before, or to what the text needs where that is more or the heap has no more. So a
    /// label that starts without room allocates a few times, and never again once it has shown long texts. Old and new
    /// room are allocated at once while the glyphs move.
    ///
    /// ```
    /// use core::mem::MaybeUninit;
    /// use displayio_allocators::LinkedListHeap;
    /// use displayio_core::{FONT_6X12, Label};
    /// let mut region = [MaybeUninit::uninit(); 512];
    /// let heap = LinkedListHeap::new(&mut region);
    /// let label = Label::new_in(&FONT_6X12, 0, &heap)?;
    /// label.set_text_in("21.5 C", &heap)?;
    /// label.set_text_in("-21.5 C", &heap)?;
    /// assert_eq!(label.capacity(), 9);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    pub fn set_text_in(
        &self,
        text: impl fmt::Display,
        home: impl Into<Home<'m>>,
    ) -> Result<(), TextError> {
        self.show_in(&text, home.into())
    }

    fn show_in(&self, text: &dyn fmt::Display, home: Home<'m>) -> Result<(), TextError> {
        let shown = self.show(text);
        let Err(TextError::NoRoomForGlyphs { needed, given }) = shown else { return shown };
        let spare = with_spare(needed.into(), given.into());
        let spare = u16::try_from(spare).unwrap_or(u16::MAX);
        self.grow_in(spare, home).or_else(|_| self.grow_in(needed, home))?;
        self.show(text)
    }
}

impl<'m> BitmapLabel<'_, 'm> {
    /// Shows a text, in more room where it needs more; see [`Label::set_text_in`].
    ///
    /// A text that was shown in new room is sent as a whole.
    ///
    /// ```
    /// use core::mem::MaybeUninit;
    /// use displayio_allocators::LinkedListHeap;
    /// use displayio_core::{BitmapLabel, FONT_6X12};
    /// let mut region = [MaybeUninit::uninit(); 512];
    /// let heap = LinkedListHeap::new(&mut region);
    /// let label = BitmapLabel::new_in(&FONT_6X12, 0, &heap)?;
    /// label.set_text_in("21.5 C", &heap)?;
    /// assert!(label.set_text("-21.5 C").is_err());
    /// label.set_text_in("-21.5 C", &heap)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`TextError`]; the label shows what it showed before.
    pub fn set_text_in(
        &self,
        text: impl fmt::Display,
        home: impl Into<Home<'m>>,
    ) -> Result<(), TextError> {
        self.show_in(&text, home.into())
    }

    fn show_in(&self, text: &dyn fmt::Display, home: Home<'m>) -> Result<(), TextError> {
        let shown = self.show(text, None);
        let Err(TextError::NoRoomForPixels { needed_bytes, given_bytes }) = shown else {
            return shown;
        };
        let spare = self.room_in(with_spare(needed_bytes, given_bytes), home);
        let room = spare.or_else(|_| self.room_in(needed_bytes, home))?;
        self.show_with(room, text)
    }
}
