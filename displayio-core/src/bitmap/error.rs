//! Why drawing is refused.

use core::fmt;

use displayio_allocators::{Busy, TooSmall};

use crate::{Colorspace, Size};

/// Why a bitmap was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BitmapError {
    /// The position is outside the bitmap.
    OutOfBounds {
        /// Its column.
        x: u16,
        /// Its row.
        y: u16,
        /// The size of the bitmap.
        size: Size,
    },
    /// The value has more bits than a pixel.
    ValueTooLarge {
        /// The value.
        value: u32,
        /// The largest value that fits.
        max_value: u32,
    },
    /// The source may have values that need more bits than a pixel.
    SourceTooDeep {
        /// Bits that its values need.
        needed_bits: u8,
        /// Bits of a pixel here.
        bits: u8,
    },
    /// A source is not of the size that is needed.
    SizeMismatch {
        /// The size that is needed, in pixels.
        needed: Size,
        /// The size that it has.
        given: Size,
    },
    /// Pixels of a source, or of the bitmap, are no colours of the colour space, or the tool does not know it.
    WrongColorspace {
        /// What they were said to be.
        colorspace: Colorspace,
        /// Bits per pixel that they have.
        bits: u8,
    },
    /// There are fewer values than the area has pixels.
    TooFewValues {
        /// Pixels of the area.
        needed: usize,
        /// Values given.
        given: usize,
    },
    /// The memory lent for the work.
    Scratch(TooSmall),
    /// The pixels are being viewed, or read-only; or those of a source cannot be read now.
    Busy(Busy),
}

impl From<Busy> for BitmapError {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl From<TooSmall> for BitmapError {
    fn from(scratch: TooSmall) -> Self {
        Self::Scratch(scratch)
    }
}

impl fmt::Display for BitmapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfBounds { x, y, size } => {
                write!(f, "no pixel ({x}, {y}) in a bitmap of {}x{}", size.width, size.height)
            }
            Self::ValueTooLarge { value, max_value } => {
                write!(f, "pixel value {value}, above {max_value}")
            }
            Self::SourceTooDeep { needed_bits, bits } => {
                write!(f, "source values need {needed_bits} bits, pixels have {bits}")
            }
            Self::SizeMismatch { needed, given } => write!(
                f,
                "a source of {}x{} pixels, {}x{} needed",
                given.width, given.height, needed.width, needed.height
            ),
            Self::WrongColorspace { colorspace, bits } => {
                write!(f, "pixels of {bits} bits as colours of {colorspace:?}")
            }
            Self::TooFewValues { needed, given } => {
                write!(f, "{given} values for {needed} pixels")
            }
            Self::Scratch(scratch) => scratch.fmt(f),
            Self::Busy(busy) => busy.fmt(f),
        }
    }
}

impl core::error::Error for BitmapError {}
