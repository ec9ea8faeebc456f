//! Any arguments: the tools against their models, with what they mark and refuse.

use core::{convert::Infallible, fmt::Debug};

use displayio_core::{
    Area, Bitmap, Blend, BlendMode, Busy, Canvas, Change, Colorspace, Depth, Diffusion,
    PixelLayout, PixelSource, RawFormat, Region, Rotozoom, Size, Skip, Tracked, View,
};
use embedded_io::{ErrorKind, ErrorType, Read};
use proptest::{collection::vec, option, prelude::*, sample::select};

use crate::{
    models,
    picture::{Picture, on_heap},
};

/// Runs a tool and its model; pixels, outcome and the area marked must be the same.
fn check<E: Debug + PartialEq>(
    before: &Picture,
    tool: impl FnOnce(&Bitmap<'_>) -> Result<(), E>,
    model: impl FnOnce(&mut Picture) -> Result<(), E>,
) -> Result<(), TestCaseError> {
    let mut expected = before.clone();
    let outcome = model(&mut expected);
    on_heap(|heap| {
        let (bitmap, mark) = before.bitmap_in(heap);
        prop_assert_eq!(tool(&bitmap), outcome);
        let change = match expected.written {
            Area::EMPTY => Change::None,
            area => Change::Part(area),
        };
        prop_assert_eq!(bitmap.since(&mark), change);
        let after = bitmap.read(|view| Picture::of(&view, before.depth)).unwrap();
        prop_assert_eq!(after.rows(), expected.rows());
        prop_assert_eq!(after.values, expected.values);
        Ok(())
    })
}

fn depth() -> impl Strategy<Value = Depth> {
    select(&Depth::ALL[..])
}

fn size() -> impl Strategy<Value = Size> {
    (0_u16..80, 0_u16..7).prop_map(|(width, height)| Size::new(width, height))
}

/// Values of which many are alike.
fn value() -> impl Strategy<Value = u32> {
    prop_oneof![4 => 0_u32..3, 1 => 0_u32..300, 1 => any::<u32>()]
}

/// A number for each seed and index: lists made so are made faster than those of proptest.
fn noise(seed: u32, index: u32) -> u32 {
    let mixed = (seed ^ index.wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    (mixed ^ mixed >> 15).wrapping_mul(0xc2b2_ae35)
}

fn pixels(size: Size, depth: Depth) -> impl Strategy<Value = Picture> {
    (any::<u32>(), any::<bool>()).prop_map(move |(seed, sparse)| {
        Picture::from_fn((size.width, size.height), depth, |x, y| {
            let noise = noise(seed, y << 16 | x);
            match noise >> 28 {
                0 | 1 => noise,
                2 | 3 => noise >> 8 & 0xff,
                _ if sparse => 0,
                _ => (noise >> 8) % 3,
            }
        })
    })
}

fn bytes(len: usize) -> impl Strategy<Value = Vec<u8>> {
    any::<u32>().prop_map(move |seed| {
        let noise = (0..).map(|i| noise(seed, i) >> 12);
        let byte =
            |n: u32| if n & 0x300 == 0 { n as u8 } else { [0, 0x55, 0xff, 1][n as usize % 4] };
        noise.map(byte).take(len).collect()
    })
}

fn picture() -> impl Strategy<Value = Picture> {
    (size(), depth()).prop_flat_map(|(size, depth)| pixels(size, depth))
}

fn coordinate() -> impl Strategy<Value = i16> {
    prop_oneof![8 => -20_i16..90, 1 => select(&[i16::MIN, i16::MAX][..]), 1 => any::<i16>()]
}

fn point() -> impl Strategy<Value = (i16, i16)> {
    (coordinate(), coordinate())
}

fn area() -> impl Strategy<Value = Area> {
    (point(), point()).prop_map(|((x1, y1), (x2, y2))| Area { x1, y1, x2, y2 })
}

fn region() -> impl Strategy<Value = Region> {
    let length = || prop_oneof![8 => 0_u16..90, 1 => Just(u16::MAX)];
    let start = || prop_oneof![8 => 0_u16..12, 1 => Just(u16::MAX)];
    (start(), start(), length(), length()).prop_map(|(x, y, width, height)| Region {
        x,
        y,
        size: Size::new(width, height),
    })
}

fn skip() -> impl Strategy<Value = Skip> {
    (option::of(value()), option::of(value())).prop_map(|(source, dest)| Skip { source, dest })
}

/// Anything that a view can be; its bytes may be too few.
#[derive(Debug, Clone)]
struct Source {
    bytes: Vec<u8>,
    size: Size,
    skip: u8,
    bottom_up: bool,
    layout: PixelLayout,
}

impl Source {
    fn view(&self) -> View<'_> {
        let row_pixels = usize::from(self.size.width) + usize::from(self.skip);
        let stride_bytes = (row_pixels * usize::from(self.layout.bits())).div_ceil(32) * 4;
        let view = View::new(&self.bytes, stride_bytes, self.size, self.layout);
        View { skip: self.skip, bottom_up: self.bottom_up, ..view }
    }
}

fn source_of(
    size: Size,
    layout: impl Strategy<Value = PixelLayout>,
) -> impl Strategy<Value = Source> {
    let skip = prop_oneof![2 => Just(0), 1 => 0_u8..9];
    (layout, skip, any::<bool>()).prop_flat_map(move |(layout, skip, bottom_up)| {
        let row_bytes = (usize::from(size.width) + usize::from(skip)) * 4 + 4;
        let most = row_bytes * usize::from(size.height);
        let len = prop_oneof![9 => Just(most), 1 => 0..=most];
        len.prop_flat_map(bytes).prop_map(move |bytes| Source {
            bytes,
            size,
            skip,
            bottom_up,
            layout,
        })
    })
}

fn layout() -> impl Strategy<Value = PixelLayout> {
    let colors =
        [PixelLayout::Bgr24, PixelLayout::Bgrx32, PixelLayout::Rgb555, PixelLayout::Rgb565];
    prop_oneof![4 => depth().prop_map(PixelLayout::Packed), 1 => select(colors.to_vec())]
}

fn source() -> impl Strategy<Value = Source> {
    size().prop_flat_map(|size| source_of(size, layout()))
}

/// A bitmap and a source whose depths and places are often alike, so that bytes are copied.
fn picture_and_source() -> impl Strategy<Value = (Picture, Source)> {
    picture().prop_flat_map(|picture| {
        let same = Just(PixelLayout::Packed(picture.depth));
        let source = size().prop_flat_map(move |size| source_of(size, prop_oneof![same, layout()]));
        (Just(picture), source)
    })
}

/// Pictures of one size, and mostly of the depths that a colour space has.
fn matching() -> impl Strategy<Value = (Picture, [Source; 3], Colorspace)> {
    (size(), select(&Colorspace::ALL[..]), 0_u8..10).prop_flat_map(|(size, colorspace, odd)| {
        let right = match colorspace {
            Colorspace::L8 => Depth::Bpp8,
            Colorspace::Rgb888 => Depth::Bpp32,
            _ => Depth::Bpp16,
        };
        let of = move |depth| {
            let right = Just(PixelLayout::Packed(depth));
            let other = if odd == 0 { 1 } else { 0 };
            source_of(size, prop_oneof![8 => right, other => layout()])
        };
        let depth = prop_oneof![8 => Just(right), 1 => depth()];
        let mask_size = if odd == 1 { Size::new(1, 1) } else { size };
        let mask = source_of(mask_size, Just(PixelLayout::Packed(Depth::Bpp8)));
        let picture = depth.prop_flat_map(move |depth| pixels(size, depth));
        let sources = (of(right), of(right), mask).prop_map(|(a, b, c)| [a, b, c]);
        (picture, sources, Just(colorspace))
    })
}

fn float() -> impl Strategy<Value = f32> {
    prop_oneof![6 => -3.0_f32..3.0, 1 => any::<f32>(), 1 => select(&[0.0, f32::NAN][..])]
}

prop_compose! {
    fn turn()(
        angle in float(),
        sin_cos in option::weighted(0.2, (float(), float())),
        scale in float(),
        to in option::of(point()),
        pivot in option::of(point()),
        clip in option::weighted(0.3, area()),
        source_clip in option::weighted(0.3, area()),
        skip in option::of(value()),
    ) -> Rotozoom {
        let turned = Rotozoom::turned(angle);
        let sin_cos = sin_cos.unwrap_or(turned.sin_cos);
        Rotozoom { sin_cos, scale, to, pivot, clip, source_clip, skip }
    }
}

/// In 256ths; some are too large.
fn factor() -> impl Strategy<Value = u16> {
    prop_oneof![0_u16..=256, select(&[0, 128, 255, 256, 257, u16::MAX][..])]
}

/// Lengths around the one that is needed.
fn lent(needed: usize, less: usize) -> usize {
    if less < 20 { needed.saturating_sub(less / 4) } else { needed + less }
}

/// Gives its bytes in pieces, and then ends or fails.
struct Stream<'s> {
    bytes: &'s [u8],
    piece_bytes: usize,
    error: Option<ErrorKind>,
}

impl ErrorType for Stream<'_> {
    type Error = ErrorKind;
}

impl Read for Stream<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, ErrorKind> {
        let count = self.bytes.len().min(self.piece_bytes).min(buffer.len());
        if count == 0 {
            return self.error.map_or(Ok(0), Err);
        }
        let (piece, rest) = self.bytes.split_at(count);
        buffer[..count].copy_from_slice(piece);
        self.bytes = rest;
        Ok(count)
    }
}

fn raw_format() -> impl Strategy<Value = RawFormat> {
    let bits = prop_oneof![9 => select(&[1_u8, 2, 4, 8, 16, 24, 32][..]), 1 => any::<u8>()];
    let bytes = prop_oneof![9 => select(&[1_u8, 2, 4][..]), 1 => any::<u8>()];
    (bits, bytes, any::<[bool; 3]>()).prop_map(|(bits_per_pixel, element_bytes, flags)| {
        let [high_bits_first, big_endian, bottom_up] = flags;
        RawFormat { bits_per_pixel, element_bytes, high_bits_first, big_endian, bottom_up }
    })
}

proptest! {
    #[test]
    fn fill_region(before in picture(), area in area(), value in value()) {
        check(
            &before,
            |b| b.fill_region(area, value),
            |p| models::fill_region(p, area, value),
        )?;
    }

    #[test]
    fn replace_color(before in picture(), old in value(), new in value()) {
        check(
            &before,
            |b| b.replace_color(old, new),
            |p| models::replace_color(p, old, new),
        )?;
    }

    #[test]
    fn boundary_fill(
        before in picture(),
        at in (0_u16..80, 0_u16..9),
        value in value(),
        replaced in option::of(value()),
        less in 0_usize..60,
        byte in any::<u8>(),
    ) {
        let needed = Bitmap::fill_scratch_bytes(before.size.width, before.size.height);
        let mut scratch = vec![byte; lent(needed, less)];
        let scratch_bytes = scratch.len();
        check(
            &before,
            |b| b.boundary_fill(at, value, replaced, &mut scratch),
            |p| models::boundary_fill(p, at, value, replaced, scratch_bytes),
        )?;
    }

    #[test]
    fn blit(
        (before, source) in picture_and_source(),
        region in region(),
        to in point(),
        skip in skip(),
        plain in any::<bool>(),
    ) {
        let skip = if plain { Skip::NONE } else { skip };
        check(
            &before,
            |b| b.blit(&source.view(), region, to, skip),
            |p| models::blit(p, &source.view(), region, to, skip),
        )?;
    }

    #[test]
    fn copy_within(
        before in picture(),
        region in region(),
        to in point(),
        near in option::weighted(0.7, (-9_i16..9, -2_i16..3)),
        skip in skip(),
        plain in any::<bool>(),
    ) {
        let corner = |start: u16, by: i16| start.saturating_add_signed(by).min(99) as i16;
        let to = near.map_or(to, |(dx, dy)| (corner(region.x, dx), corner(region.y, dy)));
        let skip = if plain { Skip::NONE } else { skip };
        let itself = on_heap(|heap| {
            let (bitmap, _) = before.bitmap_in(heap);
            let bytes = bitmap.read(|view| view.bytes.to_vec()).unwrap();
            Source { bytes, size: before.size, skip: 0, bottom_up: false, layout: bitmap.layout() }
        });
        check(
            &before,
            |b| b.copy_within(region, to, skip),
            |p| models::blit(p, &itself.view(), region, to, skip),
        )?;
    }

    #[test]
    fn array_blit(
        before in picture(),
        area in area(),
        values in vec(value(), 0..700),
        skip in option::of(value()),
    ) {
        let halves: Vec<u16> = values.iter().map(|&v| v as u16).collect();
        let as_wide: Vec<u32> = halves.iter().map(|&v| v.into()).collect();
        check(
            &before,
            |b| b.array_blit(area, &values, skip),
            |p| models::array_blit(p, area, &values, skip),
        )?;
        check(
            &before,
            |b| b.array_blit(area, &halves, skip),
            |p| models::array_blit(p, area, &as_wide, skip),
        )?;
    }

    #[test]
    fn rotozoom(before in picture(), source in source(), options in turn()) {
        check(
            &before,
            |b| b.rotozoom(&source.view(), &options),
            |p| models::rotozoom(p, &source.view(), &options),
        )?;
    }

    #[test]
    fn alpha_blend(
        (before, [first, second, mask], colorspace) in matching(),
        (factor1, factor2) in (factor(), factor()),
        mode in select(vec![BlendMode::Normal, BlendMode::Screen, BlendMode::ScreenOf32Bits]),
        (skip1, skip2) in (option::of(value()), option::of(value())),
        masked in any::<bool>(),
    ) {
        let mask = masked.then(|| mask.view());
        let options = Blend { mode, factor1, factor2, skip1, skip2, mask };
        check(
            &before,
            |b| b.alpha_blend(&first.view(), &second.view(), colorspace, &options),
            |p| models::alpha_blend(p, &first.view(), &second.view(), colorspace, &options),
        )?;
        on_heap(|heap| {
            let (itself, _) = before.bitmap_in(heap);
            itself.read(|itself| check(
                &before,
                |b| b.blend_over(&second.view(), colorspace, &options),
                |p| models::alpha_blend(p, &itself, &second.view(), colorspace, &options),
            ))
        }).unwrap()?;
    }

    #[test]
    fn dither(
        (_, [source, _, _], colorspace) in matching(),
        before in picture(),
        other_size in 0_u8..10,
        atkinson in any::<bool>(),
        less in 0_usize..60,
    ) {
        let size = if other_size == 0 { before.size } else { source.size };
        let before = Picture::from_fn((size.width, size.height), before.depth, |x, y| x + y);
        let diffusion = if atkinson { Diffusion::Atkinson } else { Diffusion::FloydSteinberg };
        let mut scratch = vec![i16::MIN; lent(Bitmap::dither_scratch_len(size.width), less)];
        let scratch_len = scratch.len();
        check(
            &before,
            |b| b.dither(&source.view(), colorspace, diffusion, &mut scratch),
            |p| models::dither(p, &source.view(), colorspace, diffusion, scratch_len),
        )?;
    }

    #[test]
    fn read_into(
        before in picture(),
        bytes in (0_usize..2500).prop_flat_map(bytes),
        piece_bytes in 1_usize..200,
        fails in any::<bool>(),
        format in raw_format(),
    ) {
        let error = fails.then_some(ErrorKind::Other);
        let mut stream = Stream { bytes: &bytes, piece_bytes, error };
        check(
            &before,
            |b| b.read_into(&mut stream, format),
            |p| models::read_into(p, &bytes, error, format),
        )?;
    }

    #[test]
    fn rows_of_values(
        before in picture(),
        (x, y) in (0_usize..90, 0_usize..10),
        values in vec(value(), 0..90),
    ) {
        let (width, height) = (before.size.width.into(), before.size.height.into());
        let count = if y < height { values.len().min(width - x.min(width)) } else { 0 };
        let write = |canvas: &mut Canvas<'_>| {
            assert_eq!(canvas.write_row(x, y, &values), count, "{before:?}");
            let mut bytes = vec![7_u8; values.len()];
            assert_eq!(canvas.view().read_row(x, y, &mut bytes), count, "{before:?}");
            let max_value = before.depth.max_value();
            let expected = values.iter().enumerate();
            let expected =
                expected.map(|(i, v)| if i < count { (v & max_value) as u8 } else { 7 });
            assert!(bytes.iter().copied().eq(expected), "{bytes:?} of {values:?}");
            let (x, y) = (i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
            let columns = i32::try_from(count).unwrap();
            if count == 0 { Area::EMPTY } else { Area::clamped(x, y, x + columns, y + 1) }
        };
        check(
            &before,
            |b| b.edit_marking(write),
            |p| {
                for (i, &value) in values[..count].iter().enumerate() {
                    p.set((x + i).try_into().unwrap(), y.try_into().unwrap(), value);
                }
                Ok::<_, Busy>(())
            },
        )?;
    }

    /// On a blank bitmap, what an outline sets and what it changes are the same.
    #[test]
    fn outlines_mark_what_they_set(
        size in size(),
        points in vec(point(), 1..5),
        radius in prop_oneof![3 => 0_u16..60, 1 => any::<u16>()],
        close in any::<bool>(),
        what in 0..3,
    ) {
        let before = Picture::from_fn((size.width, size.height), Depth::Bpp1, |_, _| 0);
        let draw = |b: &Bitmap<'_>| match what {
            0 => b.draw_line(points[0], *points.last().unwrap(), 1).unwrap(),
            1 => b.draw_polygon(&points, 1, close).unwrap(),
            _ => b.draw_circle(points[0], radius, 1).unwrap(),
        };
        let after = crate::picture::drawn(&before, draw);
        check(
            &before,
            |b| {
                draw(b);
                Ok::<_, Infallible>(())
            },
            |p| {
                for (x, y) in p.positions().filter(|&(x, y)| after.get(x, y) == Some(1)) {
                    p.set(x, y, 1);
                }
                Ok(())
            },
        )?;
    }
}
