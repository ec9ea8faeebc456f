//! What can go wrong while a workload is built or run.

use core::{convert::Infallible, fmt};

use displayio_core::{
    BitmapError, Busy, FontFileError, LoadError, OutOfMemory, PaletteError, RefreshError, TextError,
};

/// Why a workload could not be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BenchError {
    /// The heap is too small for the scene.
    Memory(OutOfMemory),
    /// Pixels were being viewed while they should be drawn.
    Busy(Busy),
    /// A bitmap was not drawn on.
    Tool(BitmapError),
    /// A palette refused a colour.
    Palette(PaletteError),
    /// A text was not shown.
    Text(TextError),
    /// A file of a font is wrong.
    Font(FontFileError),
    /// A file is wrong, or the heap is too small for it.
    File(LoadError),
    /// The strip buffer is too small.
    Refresh(RefreshError<Infallible>),
}

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(error) => error.fmt(f),
            Self::Busy(error) => error.fmt(f),
            Self::Tool(error) => error.fmt(f),
            Self::Palette(error) => error.fmt(f),
            Self::Text(error) => error.fmt(f),
            Self::Font(error) => error.fmt(f),
            Self::File(error) => error.fmt(f),
            Self::Refresh(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for BenchError {}

impl From<OutOfMemory> for BenchError {
    fn from(error: OutOfMemory) -> Self {
        Self::Memory(error)
    }
}

impl From<Busy> for BenchError {
    fn from(error: Busy) -> Self {
        Self::Busy(error)
    }
}

impl From<BitmapError> for BenchError {
    fn from(error: BitmapError) -> Self {
        Self::Tool(error)
    }
}

impl From<PaletteError> for BenchError {
    fn from(error: PaletteError) -> Self {
        Self::Palette(error)
    }
}

impl From<TextError> for BenchError {
    fn from(error: TextError) -> Self {
        Self::Text(error)
    }
}

impl From<FontFileError> for BenchError {
    fn from(error: FontFileError) -> Self {
        Self::Font(error)
    }
}

impl From<LoadError> for BenchError {
    fn from(error: LoadError) -> Self {
        Self::File(error)
    }
}

impl From<RefreshError<Infallible>> for BenchError {
    fn from(error: RefreshError<Infallible>) -> Self {
        Self::Refresh(error)
    }
}
