//! Tools that copy, mix, fill and load.

use arbitrary::Arbitrary;
use displayio_core::{
    Area, Bitmap, Blend, BlendMode, Canvas, Colorspace, Diffusion, PixelSource, RawFormat,
    ReadIntoError, Rotozoom, Skip,
};
use embedded_io::{ErrorKind, ErrorType, Read};

use super::{
    Failure,
    source::{Picture, Source},
};
use crate::arguments::{Coordinate, Float, Frame, Position, chosen};

/// Values that an area is given: more pixels take too long.
const MAX_VALUES: usize = 8192;

/// A call of a tool, with all that it may be given.
#[derive(Debug, Arbitrary)]
pub(super) enum Tool<'i> {
    Blit { source: Source<'i>, region: Frame, to: Position, skip: Skips },
    CopyWithin { region: Frame, to: Position, skip: Skips },
    ArrayBlit { frame: Frame, values: &'i [u8], is_wide: bool, missing: u8, skip: Option<u32> },
    Rotozoom { source: Source<'i>, turn: Turn },
    AlphaBlend { first: Source<'i>, second: Source<'i>, colorspace: u8, mixture: Mixture<'i> },
    BlendOver { source: Source<'i>, colorspace: u8, mixture: Mixture<'i> },
    Dither { source: Source<'i>, colorspace: u8, is_atkinson: bool, missing: u8 },
    BoundaryFill { at: (u8, u8), value: u32, replaced: Option<u32>, missing: u8 },
    ReadInto { stream: Stream<'i>, format: Format },
    Row { x: Coordinate, y: Coordinate, values: &'i [u8] },
}

impl Tool<'_> {
    pub(super) fn apply(&self, bitmap: &Bitmap<'_>) -> Result<(), Failure> {
        let size = bitmap.size();
        match self {
            Self::Blit { source, region, to, skip } => source.open(bitmap, |source| {
                bitmap.blit(source, region.region(), to.short(), skip.skip())
            })?,
            Self::CopyWithin { region, to, skip } => {
                bitmap.copy_within(region.region(), to.short(), skip.skip())?;
            }
            Self::ArrayBlit { frame, values, is_wide, missing, skip } => {
                let count = (frame.area().pixels() as usize).min(MAX_VALUES);
                let count = count.saturating_sub((missing >> 6).into());
                let values = values.iter().cycle().take(count);
                let wide = values.clone().map(|&value| u32::from_le_bytes([value; 4])).collect();
                let wide: Vec<u32> = if *is_wide { wide } else { Vec::new() };
                let narrow: Vec<u8> = values.copied().collect();
                let area = frame.area();
                if *is_wide {
                    bitmap.array_blit(area, &wide, *skip)?;
                } else {
                    bitmap.array_blit(area, &narrow, *skip)?;
                }
            }
            Self::Rotozoom { source, turn } => {
                source.open(bitmap, |source| bitmap.rotozoom(source, &turn.options()))?;
            }
            Self::AlphaBlend { first, second, colorspace, mixture } => {
                first.open(bitmap, |first| {
                    second.open(bitmap, |second| {
                        mixture.blend(bitmap, |blend| {
                            bitmap.alpha_blend(first, second, space(*colorspace), blend)
                        })
                    })
                })?;
            }
            Self::BlendOver { source, colorspace, mixture } => source.open(bitmap, |source| {
                mixture.blend(bitmap, |blend| bitmap.blend_over(source, space(*colorspace), blend))
            })?,
            Self::Dither { source, colorspace, is_atkinson, missing } => {
                let needed = Bitmap::dither_scratch_len(size.width);
                let mut scratch = vec![i16::MIN; needed.saturating_sub((missing >> 6).into())];
                let diffusion =
                    if *is_atkinson { Diffusion::Atkinson } else { Diffusion::FloydSteinberg };
                source.open(bitmap, |source| {
                    bitmap.dither(source, space(*colorspace), diffusion, &mut scratch)
                })?;
            }
            Self::BoundaryFill { at, value, replaced, missing } => {
                let needed = Bitmap::fill_scratch_bytes(size.width, size.height);
                let mut scratch = vec![*missing; needed.saturating_sub((missing >> 6).into())];
                let at = (at.0.into(), at.1.into());
                bitmap.boundary_fill(at, *value, *replaced, &mut scratch)?;
            }
            Self::ReadInto { stream, format } => stream.read_into(bitmap, format.format())?,
            Self::Row { x, y, values } => row(bitmap, index(*x), index(*y), values)?,
        }
        Ok(())
    }
}

fn space(number: u8) -> Colorspace {
    chosen(&Colorspace::ALL, number)
}

fn index(coordinate: Coordinate) -> usize {
    usize::try_from(coordinate.0).unwrap_or(usize::MAX)
}

/// Writes values to a row and reads them back.
fn row(bitmap: &Bitmap<'_>, x: usize, y: usize, values: &[u8]) -> Result<(), Failure> {
    let max_value = bitmap.depth().max_value();
    let write = |canvas: &mut Canvas<'_>| {
        let count = canvas.write_row(x, y, values);
        let mut read = vec![0_u32; values.len()];
        assert_eq!(canvas.view().read_row(x, y, &mut read), count, "as many as were written");
        let same = |(&read, &value): (&u32, &u8)| read == u32::from(value) & max_value;
        assert!(read.iter().zip(values).take(count).all(same), "{read:?} of {values:?}");
        let at = |v: usize| i32::try_from(v).unwrap_or(i32::MAX);
        match count {
            0 => Area::EMPTY,
            _ => Area::clamped(at(x), at(y), at(x + count), at(y + 1)),
        }
    };
    bitmap.edit_marking(write).map_err(|busy| Failure::Refused(busy.into()))
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Skips(Option<u32>, Option<u32>);

impl Skips {
    const fn skip(self) -> Skip {
        Skip { source: self.0, dest: self.1 }
    }
}

#[derive(Debug, Arbitrary)]
pub(super) struct Turn {
    angle: Float,
    sin_cos: Option<(Float, Float)>,
    scale: Float,
    to: Option<Position>,
    pivot: Option<Position>,
    clip: Option<Frame>,
    source_clip: Option<Frame>,
    skip: Option<u32>,
}

impl Turn {
    fn options(&self) -> Rotozoom {
        let turned = Rotozoom::turned(self.angle.0);
        Rotozoom {
            sin_cos: self.sin_cos.map_or(turned.sin_cos, |(sin, cos)| (sin.0, cos.0)),
            scale: self.scale.0,
            to: self.to.map(Position::short),
            pivot: self.pivot.map(Position::short),
            clip: self.clip.map(Frame::area),
            source_clip: self.source_clip.map(Frame::area),
            skip: self.skip,
        }
    }
}

/// How two pictures are mixed.
#[derive(Debug, Arbitrary)]
pub(super) struct Mixture<'i> {
    mode: u8,
    /// In 128ths, so that some are too large.
    factors: (u8, u8),
    skips: Skips,
    mask: Option<Picture<'i>>,
}

impl Mixture<'_> {
    fn blend<R>(&self, bitmap: &Bitmap<'_>, f: impl FnOnce(&Blend<'_>) -> R) -> R {
        let modes = [BlendMode::Normal, BlendMode::Screen, BlendMode::ScreenOf32Bits];
        let blend = Blend {
            mode: chosen(&modes, self.mode),
            factor1: u16::from(self.factors.0) * 2,
            factor2: u16::from(self.factors.1) * 2,
            skip1: self.skips.0,
            skip2: self.skips.1,
            mask: None,
        };
        match &self.mask {
            Some(mask) => mask.view(bitmap, |mask| f(&Blend { mask: Some(mask), ..blend })),
            None => f(&blend),
        }
    }
}

/// Gives its bytes in pieces, some times over, and then ends or fails.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Stream<'i> {
    bytes: &'i [u8],
    times: u8,
    piece_bytes: u8,
    fails: bool,
}

impl Stream<'_> {
    fn read_into(&self, bitmap: &Bitmap<'_>, format: RawFormat) -> Result<(), Failure> {
        let bytes = self.bytes.repeat(self.times.into());
        let mut stream = Stream { bytes: &bytes, ..*self };
        match bitmap.read_into(&mut stream, format) {
            Err(ReadIntoError::Busy(busy)) => Err(Failure::Refused(busy.into())),
            Err(ReadIntoError::UnknownFormat(_)) => {
                assert_eq!(stream.bytes.len(), bytes.len(), "nothing is read");
                Ok(())
            }
            Err(_) => Err(Failure::Interrupted),
            Ok(()) => Ok(()),
        }
    }
}

impl ErrorType for Stream<'_> {
    type Error = ErrorKind;
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let piece_bytes = usize::from(self.piece_bytes).max(1);
        let count = self.bytes.len().min(piece_bytes).min(buffer.len());
        if count == 0 && self.fails {
            return Err(ErrorKind::Other);
        }
        let (piece, rest) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(piece);
        self.bytes = rest;
        Ok(count)
    }
}

/// Raw pixels of any kind, and of kinds that there are not.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Format {
    bits_per_pixel: u8,
    element_bytes: u8,
    high_bits_first: bool,
    big_endian: bool,
    bottom_up: bool,
}

impl Format {
    fn format(self) -> RawFormat {
        RawFormat {
            bits_per_pixel: chosen(&[1, 2, 4, 8, 16, 24, 32, 0, 255], self.bits_per_pixel),
            element_bytes: chosen(&[1, 2, 4, 1, 0, 255], self.element_bytes),
            high_bits_first: self.high_bits_first,
            big_endian: self.big_endian,
            bottom_up: self.bottom_up,
        }
    }
}
