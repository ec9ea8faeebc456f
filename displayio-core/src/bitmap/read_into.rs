//! Raw pixels read from a stream into a bitmap.

use core::fmt;

use displayio_allocators::Busy;
use embedded_io::{Read, ReadExactError};

use super::{Bitmap, Canvas, canvas::Written};
use crate::{
    Area, Depth, PixelLayout,
    rows::{RUN, pack, runs, unpack},
};

/// How raw pixels are stored: rows from the top, each of whole elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct RawFormat {
    /// 1, 2, 4, 8, 16, 24 (red, green, blue: the value is `0xRRGGBB`) or 32.
    pub bits_per_pixel: u8,
    /// Bytes per element: 1, 2 or 4; 1 for 24 bits per pixel.
    pub element_bytes: u8,
    /// Whether the first of the pixels that share a byte is in its high bits, as in a [`Bitmap`].
    pub high_bits_first: bool,
    /// Whether elements have their most significant byte first.
    pub big_endian: bool,
    /// Whether the first row is the lowest.
    pub bottom_up: bool,
}

impl RawFormat {
    /// Elements of one byte, low bits first, rows from the top.
    #[must_use]
    pub const fn new(bits_per_pixel: u8) -> Self {
        Self {
            bits_per_pixel,
            element_bytes: 1,
            high_bits_first: false,
            big_endian: false,
            bottom_up: false,
        }
    }

    /// How pixels are unpacked once the bytes of elements are in order; `None` for what there is not.
    fn layout(self) -> Option<PixelLayout> {
        if self.bits_per_pixel == 24 {
            return (self.element_bytes == 1).then_some(PixelLayout::Bgr24);
        }
        let depth = Depth::ALL.into_iter().find(|depth| depth.bits() == self.bits_per_pixel)?;
        matches!(self.element_bytes, 1 | 2 | 4).then_some(PixelLayout::Packed(depth))
    }

    fn row_bytes(self, width: u16) -> usize {
        let bits = usize::from(width) * usize::from(self.bits_per_pixel);
        bits.div_ceil(8).next_multiple_of(self.element_bytes.into())
    }

    /// Brings whole elements into the order of [`layout`](Self::layout).
    fn put_in_order(self, bytes: &mut [u8]) {
        let reversed_bytes = match self.bits_per_pixel {
            24 => 3,
            _ if self.big_endian => self.element_bytes,
            _ => 1,
        };
        bytes.chunks_exact_mut(reversed_bytes.into()).for_each(<[u8]>::reverse);
        if self.bits_per_pixel < 8 && !self.high_bits_first {
            bytes.iter_mut().for_each(|byte| *byte = reverse_fields(*byte, self.bits_per_pixel));
        }
    }
}

/// The fields of `bits` bits of a byte in the opposite order.
const fn reverse_fields(byte: u8, bits: u8) -> u8 {
    let halves = byte.rotate_left(4);
    if bits == 4 {
        return halves;
    }
    let pairs = (halves & 0x33) << 2 | halves >> 2 & 0x33;
    if bits == 2 { pairs } else { (pairs & 0x55) << 1 | pairs >> 1 & 0x55 }
}

/// Why pixels were not, or not all, read into a bitmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum ReadIntoError<E> {
    /// There are no such raw pixels; nothing was read.
    UnknownFormat(RawFormat),
    /// The bitmap is being viewed, or read-only; nothing was read.
    Busy(Busy),
    /// The stream ended.
    UnexpectedEnd {
        /// Rows that were read before.
        rows: u16,
    },
    /// The stream failed.
    Read {
        /// Rows that were read before.
        rows: u16,
        /// Why.
        error: E,
    },
}

impl<E: fmt::Debug> fmt::Display for ReadIntoError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownFormat(RawFormat { bits_per_pixel, element_bytes, .. }) => {
                write!(f, "{bits_per_pixel} bits per pixel in elements of {element_bytes} bytes")
            }
            Self::Busy(busy) => busy.fmt(f),
            Self::UnexpectedEnd { rows } => write!(f, "stream ended after {rows} rows"),
            Self::Read { rows, error } => write!(f, "stream failed after {rows} rows: {error:?}"),
        }
    }
}

impl<E: fmt::Debug> core::error::Error for ReadIntoError<E> {}

/// Bytes that are read at once: on the stack, whole elements, whole pixels.
const PIECE_BYTES: usize = 96;

/// Reads bytes to fill a slice; whether it could.
type Fill<'f> = &'f mut dyn FnMut(&mut [u8]) -> bool;

impl Bitmap<'_> {
    /// Reads all of its pixels from a stream. A pixel takes the low bits of a value that is too large for it.
    ///
    /// The bitmap is busy meanwhile. Where reading fails, what was read before stays drawn; viewers redraw the box around
    /// what was read.
    ///
    /// Cost: time in the pixels of the bitmap; one read for each 96 bytes of a row; the row's padding is read, too.
    ///
    /// ```
    /// use displayio_core::{Bitmap, Depth, RawFormat};
    /// let mut memory = [0; Bitmap::required_bytes(2, 1, Depth::Bpp16)];
    /// let bitmap = Bitmap::from_buffer(2, 1, Depth::Bpp16, &mut memory)?;
    /// let format = RawFormat { element_bytes: 2, big_endian: true, ..RawFormat::new(16) };
    /// bitmap.read_into(&mut &[0xf8, 0x00, 0x00, 0x1f][..], format).unwrap();
    /// assert_eq!((bitmap.get(0, 0), bitmap.get(1, 0)), (Some(0xf800), Some(0x001f)));
    /// # Ok::<(), displayio_core::TooSmall>(())
    /// ```
    ///
    /// # Errors
    /// [`ReadIntoError`].
    pub fn read_into<R: Read>(
        &self,
        stream: &mut R,
        format: RawFormat,
    ) -> Result<(), ReadIntoError<R::Error>> {
        let layout = format.layout().ok_or(ReadIntoError::UnknownFormat(format))?;
        let mut error = None;
        let mut fill = |bytes: &mut [u8]| match stream.read_exact(bytes) {
            Ok(()) => true,
            Err(why) => {
                error = Some(why);
                false
            }
        };
        let mut rows = 0;
        self.open_for(&mut |canvas| read_rows(canvas, format, layout, &mut fill, &mut rows))
            .map_err(ReadIntoError::Busy)?;
        match error {
            None => Ok(()),
            Some(ReadExactError::UnexpectedEof) => Err(ReadIntoError::UnexpectedEnd { rows }),
            Some(ReadExactError::Other(error)) => Err(ReadIntoError::Read { rows, error }),
        }
    }
}

/// Reads rows, which it counts, until all are there or one cannot be read; gives the box around the pixels read.
#[inline(never)]
fn read_rows(
    canvas: &mut Canvas<'_>,
    format: RawFormat,
    layout: PixelLayout,
    fill: Fill<'_>,
    rows: &mut u16,
) -> Area {
    let mut written = Written::NOTHING;
    let height = canvas.size.height;
    while *rows < height {
        let y = if format.bottom_up { height - 1 - *rows } else { *rows };
        if read_row(canvas, y.into(), (format, layout), fill, &mut written).is_none() {
            break;
        }
        *rows += 1;
    }
    written.area()
}

/// Reads a row piece by piece; `None` where the stream ends or fails.
fn read_row(
    canvas: &mut Canvas<'_>,
    y: usize,
    (format, layout): (RawFormat, PixelLayout),
    fill: Fill<'_>,
    written: &mut Written,
) -> Option<()> {
    let (width, depth) = (usize::from(canvas.size.width), canvas.depth);
    let piece_pixels = PIECE_BYTES * 8 / usize::from(format.bits_per_pixel);
    let mut bytes_left = format.row_bytes(canvas.size.width);
    for x in (0..width).step_by(piece_pixels) {
        let mut piece = [0; PIECE_BYTES];
        let piece = &mut piece[..bytes_left.min(PIECE_BYTES)];
        if !fill(piece) {
            return None;
        }
        bytes_left -= piece.len();
        format.put_in_order(piece);
        let columns = x..width.min(x + piece_pixels);
        for run in runs(0..columns.len()) {
            let mut values = [0; RUN];
            let values = &mut values[..run.len()];
            unpack(piece, run.start, layout, values);
            pack(canvas.row_mut(y), x + run.start, depth, values);
        }
        written.add(columns, y);
    }
    Some(())
}
