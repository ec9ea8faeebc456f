//! What can go wrong while a scene is made or changed.

use core::fmt;

use displayio_core::{BitmapError, OutOfMemory, PaletteError, TextError};

/// Why something is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// The heap is full.
    Memory(OutOfMemory),
    /// A colour was not set.
    Palette(PaletteError),
    /// A text was not set.
    Text(TextError),
    /// The curve was not drawn.
    Bitmap(BitmapError),
}

impl From<OutOfMemory> for Error {
    fn from(error: OutOfMemory) -> Self {
        Self::Memory(error)
    }
}

impl From<PaletteError> for Error {
    fn from(error: PaletteError) -> Self {
        Self::Palette(error)
    }
}

impl From<TextError> for Error {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<BitmapError> for Error {
    fn from(error: BitmapError) -> Self {
        Self::Bitmap(error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(error) => error.fmt(f),
            Self::Palette(error) => error.fmt(f),
            Self::Text(error) => error.fmt(f),
            Self::Bitmap(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for Error {}
