//! The headers of BMP files.
//!
//! Read from the start of the file, with its length checked, so that a header that was accepted never leads beyond the
//! end. Format: Microsoft's `BITMAPFILEHEADER` followed by `BITMAPINFOHEADER` or one of its successors (52, 56, 108 or
//! 124 bytes).

use core::fmt;

use embedded_io::{Error, ErrorKind, Read, ReadExactError, Seek, SeekFrom};

use crate::{Depth, PixelLayout, Size};

/// Why a BMP file cannot be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum BmpError {
    /// Reading or seeking failed.
    Io(ErrorKind),
    /// It does not start with "BM".
    NotBmp,
    /// The file ends before its pixels, palette or header do.
    Truncated {
        /// Bytes that the file must have.
        needed_bytes: u64,
        /// Bytes that it has.
        file_bytes: u64,
    },
    /// A header of this size is not supported; among them 12, of OS/2.
    HeaderSize(u32),
    /// The pixels are compressed: 1 and 2 are RLE, 4 JPEG, 5 PNG.
    Compressed(u32),
    /// This many bits per pixel are not supported.
    Depth(u16),
    /// Width or height is 0 or above 65 535.
    Dimensions {
        /// Width in pixels, as the file says.
        width: i32,
        /// Height in pixels, as the file says: negative if rows run downwards.
        height: i32,
    },
    /// The colours are in bits where they are not supported.
    Masks {
        /// Bits of red.
        red: u32,
        /// Bits of green.
        green: u32,
        /// Bits of blue.
        blue: u32,
    },
    /// More colours than a pixel can name.
    PaletteSize(u32),
}

impl fmt::Display for BmpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(kind) => write!(f, "cannot read the BMP file: {kind:?}"),
            Self::NotBmp => f.write_str("not a BMP file"),
            Self::Truncated { needed_bytes, file_bytes } => {
                write!(
                    f,
                    "BMP file is cut short: {needed_bytes} bytes needed, {file_bytes} present"
                )
            }
            Self::HeaderSize(bytes) => write!(f, "BMP header of {bytes} bytes not supported"),
            Self::Compressed(1 | 2) => f.write_str("RLE-compressed BMP not supported"),
            Self::Compressed(kind) => write!(f, "BMP compression {kind} not supported"),
            Self::Depth(bits) => write!(f, "BMP with {bits} bits per pixel not supported"),
            Self::Dimensions { width, height } => {
                write!(f, "BMP of {width}x{height} pixels not supported")
            }
            Self::Masks { red, green, blue } => {
                write!(f, "BMP color masks {red:08x}, {green:08x}, {blue:08x} not supported")
            }
            Self::PaletteSize(colors) => write!(f, "BMP palette of {colors} colors not supported"),
        }
    }
}

impl core::error::Error for BmpError {}

/// What a file's headers say, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BmpHeader {
    pub size: Size,
    pub layout: PixelLayout,
    /// Whether the first row of the file is the top one; most files start at the bottom.
    pub top_down: bool,
    /// Where the first row starts.
    pub pixels_at: u32,
    /// Bytes from one row to the next: a multiple of 4.
    pub stride_bytes: u32,
    /// Where the palette starts; 0 where it is not in the file, but black and white.
    pub palette_at: u32,
    /// Number of colours; 0 where pixels are colours.
    pub palette_len: u16,
}

const FILE_HEADER_BYTES: u32 = 14;
/// File header, information header of 40 bytes, three colour masks.
const READ_BYTES: usize = 66;

const COMPRESSION_AT: usize = 30;
const NONE: u32 = 0;
const BIT_FIELDS: u32 = 3;

/// The fields of the first bytes, little-endian.
struct Fields([u8; READ_BYTES]);

impl Fields {
    const fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes([self.0[at], self.0[at + 1]])
    }

    const fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes([self.0[at], self.0[at + 1], self.0[at + 2], self.0[at + 3]])
    }

    const fn i32(&self, at: usize) -> i32 {
        self.u32(at).cast_signed()
    }
}

impl BmpHeader {
    /// Reads and checks the headers. The palette and the pixels lie in the file.
    pub(crate) fn read<F: Read + Seek>(file: &mut F) -> Result<Self, BmpError> {
        let file_bytes = file.seek(SeekFrom::End(0)).map_err(|e| BmpError::Io(e.kind()))?;
        let fields = Self::read_fields(file, file_bytes)?;
        let header = Self::parse(&fields)?;
        let palette_end = u64::from(header.palette_at) + 4 * u64::from(header.palette_len);
        let pixels = u64::from(header.stride_bytes) * u64::from(header.size.height);
        let needed_bytes = palette_end.max(u64::from(header.pixels_at) + pixels);
        if needed_bytes > file_bytes {
            return Err(BmpError::Truncated { needed_bytes, file_bytes });
        }
        Ok(header)
    }

    fn read_fields<F: Read + Seek>(file: &mut F, file_bytes: u64) -> Result<Fields, BmpError> {
        let mut bytes = [0; READ_BYTES];
        let present = usize::try_from(file_bytes).unwrap_or(usize::MAX).min(READ_BYTES);
        read_at(file, 0, &mut bytes[..present])?;
        if present >= 2 && bytes[..2] != *b"BM" {
            return Err(BmpError::NotBmp);
        }
        let fields = Fields(bytes);
        // The least: both headers, and the masks or a pixel.
        let needed_bytes =
            if fields.u32(COMPRESSION_AT) == BIT_FIELDS { READ_BYTES as u64 } else { 58 };
        if file_bytes < needed_bytes {
            return Err(BmpError::Truncated { needed_bytes, file_bytes });
        }
        Ok(fields)
    }

    fn parse(fields: &Fields) -> Result<Self, BmpError> {
        let header_bytes = fields.u32(14);
        if !matches!(header_bytes, 40 | 52 | 56 | 108 | 124) {
            return Err(BmpError::HeaderSize(header_bytes));
        }
        let (width, height) = (fields.i32(18), fields.i32(22));
        let (Ok(w @ 1..), Ok(h @ 1..)) =
            (u16::try_from(width), u16::try_from(height.unsigned_abs()))
        else {
            return Err(BmpError::Dimensions { width, height });
        };
        let (bits, compression) = (fields.u16(28), fields.u32(COMPRESSION_AT));
        let layout = Self::layout(bits, compression, fields)?;
        Ok(Self {
            size: Size::new(w, h),
            layout,
            top_down: height < 0,
            pixels_at: fields.u32(10),
            stride_bytes: (u32::from(w) * u32::from(layout.bits())).div_ceil(32) * 4,
            palette_at: if fields.u32(46) == 1 { 0 } else { FILE_HEADER_BYTES + header_bytes },
            palette_len: Self::palette_len(bits, fields.u32(46))?,
        })
    }

    const fn layout(bits: u16, compression: u32, fields: &Fields) -> Result<PixelLayout, BmpError> {
        match (bits, compression) {
            (1, NONE) => Ok(PixelLayout::Packed(Depth::Bpp1)),
            (2, NONE) => Ok(PixelLayout::Packed(Depth::Bpp2)),
            (4, NONE) => Ok(PixelLayout::Packed(Depth::Bpp4)),
            (8, NONE) => Ok(PixelLayout::Packed(Depth::Bpp8)),
            (16, NONE) => Ok(PixelLayout::Rgb555),
            (24, NONE) => Ok(PixelLayout::Bgr24),
            (32, NONE) => Ok(PixelLayout::Bgrx32),
            (16 | 32, BIT_FIELDS) => match (bits, [fields.u32(54), fields.u32(58), fields.u32(62)])
            {
                (16, [0xf800, 0x07e0, 0x001f]) => Ok(PixelLayout::Rgb565),
                (16, [0x7c00, 0x03e0, 0x001f]) => Ok(PixelLayout::Rgb555),
                (32, [0xff_0000, 0xff00, 0xff]) => Ok(PixelLayout::Bgrx32),
                (_, [red, green, blue]) => Err(BmpError::Masks { red, green, blue }),
            },
            (_, NONE) => Err(BmpError::Depth(bits)),
            _ => Err(BmpError::Compressed(compression)),
        }
    }

    fn palette_len(bits: u16, declared: u32) -> Result<u16, BmpError> {
        if bits > 8 {
            return Ok(0);
        }
        match u16::try_from(declared) {
            Ok(0) => Ok(1 << bits),
            Ok(1) => Ok(2), // as the reference has it
            Ok(len) if len <= 1 << bits => Ok(len),
            _ => Err(BmpError::PaletteSize(declared)),
        }
    }
}

/// Fills `bytes` from `position` on.
pub(crate) fn read_at<F: Read + Seek>(
    file: &mut F,
    position: u64,
    bytes: &mut [u8],
) -> Result<(), BmpError> {
    file.seek(SeekFrom::Start(position)).map_err(|e| BmpError::Io(e.kind()))?;
    file.read_exact(bytes).map_err(|e| match e {
        ReadExactError::UnexpectedEof => BmpError::Io(ErrorKind::Other),
        ReadExactError::Other(e) => BmpError::Io(e.kind()),
    })
}
