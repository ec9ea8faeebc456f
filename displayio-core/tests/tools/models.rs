//! The tools once more, one pixel at a time, without packing, clipping or concern for time.

use displayio_core::{
    Area, Bitmap, BitmapError, Blend, BlendMode, Colorspace, Depth, Diffusion, PixelLayout,
    RawFormat, ReadIntoError, Region, Rotozoom, Size, Skip, TooSmall, View,
};

use crate::picture::Picture;

type Outcome = Result<(), BitmapError>;

fn check_value(picture: &Picture, value: u32) -> Outcome {
    let max_value = picture.depth.max_value();
    if value > max_value { Err(BitmapError::ValueTooLarge { value, max_value }) } else { Ok(()) }
}

fn check_depth(picture: &Picture, source: &View<'_>) -> Outcome {
    let needed_bits = match source.layout {
        PixelLayout::Packed(depth) => depth.bits(),
        _ => 24,
    };
    let bits = picture.depth.bits();
    if needed_bits > bits { Err(BitmapError::SourceTooDeep { needed_bits, bits }) } else { Ok(()) }
}

fn check_size(picture: &Picture, source: &View<'_>) -> Outcome {
    let (needed, given) = (picture.size, source.size);
    if needed == given { Ok(()) } else { Err(BitmapError::SizeMismatch { needed, given }) }
}

fn check_scratch(needed_bytes: usize, given_bytes: usize) -> Outcome {
    if given_bytes < needed_bytes {
        return Err(BitmapError::Scratch(TooSmall { needed_bytes, given_bytes }));
    }
    Ok(())
}

fn at(view: &View<'_>, x: i32, y: i32) -> u32 {
    view.get(x.try_into().unwrap(), y.try_into().unwrap())
}

pub(crate) fn fill_region(picture: &mut Picture, area: Area, value: u32) -> Outcome {
    check_value(picture, value)?;
    for (x, y) in picture.positions() {
        if area.contains_point(x.try_into().unwrap(), y.try_into().unwrap()) {
            picture.set(x, y, value);
        }
    }
    Ok(())
}

pub(crate) fn replace_color(picture: &mut Picture, old: u32, new: u32) -> Outcome {
    check_value(picture, old)?;
    check_value(picture, new)?;
    for (x, y) in picture.positions() {
        if old != new && picture.get(x, y) == Some(old) {
            picture.set(x, y, new);
        }
    }
    Ok(())
}

pub(crate) fn boundary_fill(
    picture: &mut Picture,
    start: (u16, u16),
    value: u32,
    replaced: Option<u32>,
    scratch_bytes: usize,
) -> Outcome {
    let out_of_bounds = BitmapError::OutOfBounds { x: start.0, y: start.1, size: picture.size };
    let start = (i32::from(start.0), i32::from(start.1));
    let found = picture.get(start.0, start.1).ok_or(out_of_bounds)?;
    let replaced = replaced.unwrap_or(found);
    check_value(picture, value)?;
    check_value(picture, replaced)?;
    check_scratch(picture.values.len().div_ceil(4), scratch_bytes)?;
    let mut todo = vec![start];
    while let Some((x, y)) = todo.pop() {
        if value != replaced && picture.get(x, y) == Some(replaced) {
            picture.set(x, y, value);
            todo.extend([(x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)]);
        }
    }
    Ok(())
}

/// From a snapshot, also where a bitmap is copied onto itself.
pub(crate) fn blit(
    picture: &mut Picture,
    source: &View<'_>,
    region: Region,
    to: (i16, i16),
    skip: Skip,
) -> Outcome {
    check_depth(picture, source)?;
    let snapshot = Picture::of(source, Depth::Bpp32);
    for (x, y) in snapshot.positions() {
        let (dx, dy) = (x - i32::from(region.x), y - i32::from(region.y));
        let inside = (0..region.size.width.into()).contains(&dx)
            && (0..region.size.height.into()).contains(&dy);
        let (dest_x, dest_y) = (i32::from(to.0) + dx, i32::from(to.1) + dy);
        let (value, old) = (snapshot.get(x, y), picture.get(dest_x, dest_y));
        let skipped = skip.source.is_some() && value == skip.source
            || skip.dest.is_some() && old == skip.dest;
        if inside && !skipped {
            picture.set(dest_x, dest_y, value.unwrap());
        }
    }
    Ok(())
}

pub(crate) fn array_blit(
    picture: &mut Picture,
    area: Area,
    values: &[u32],
    skip: Option<u32>,
) -> Outcome {
    let (width, height) = (usize::from(area.width()), usize::from(area.height()));
    if values.len() < width * height {
        return Err(BitmapError::TooFewValues { needed: width * height, given: values.len() });
    }
    for (i, &value) in values.iter().take(width * height).enumerate() {
        let (dx, dy) = (i32::try_from(i % width).unwrap(), i32::try_from(i / width).unwrap());
        if Some(value) != skip {
            picture.set(i32::from(area.x1) + dx, i32::from(area.y1) + dy, value);
        }
    }
    Ok(())
}

pub(crate) fn rotozoom(picture: &mut Picture, source: &View<'_>, options: &Rotozoom) -> Outcome {
    check_depth(picture, source)?;
    let (sin, cos) = options.sin_cos;
    let scale = if options.scale < 0.0 { 1.0 } else { options.scale };
    if !sin.is_finite() || !cos.is_finite() || !scale.is_finite() || scale == 0.0 {
        return Ok(());
    }
    let half = |size: Size| ((size.width / 2) as i16, (size.height / 2) as i16);
    let float = |point: (i16, i16)| (f32::from(point.0), f32::from(point.1));
    let (ox, oy) = float(options.to.unwrap_or(half(picture.size)));
    let (px, py) = float(options.pivot.unwrap_or(half(source.size)));
    let whole = |size| Area::of_size(size);
    let clip = options.clip.unwrap_or(whole(picture.size)).intersection(&whole(picture.size));
    let from = options.source_clip.unwrap_or(whole(source.size)).intersection(&whole(source.size));
    let (mut x1, mut y1, mut x2, mut y2) = (clip.x2, clip.y2, clip.x1, clip.y1);
    for right in [false, true] {
        for low in [false, true] {
            let u = if right { f32::from(source.size.width) - px } else { -px };
            let v = if low { f32::from(source.size.height) - py } else { -py };
            let x = cos * u * scale - sin * v * scale + ox;
            let y = sin * u * scale + cos * v * scale + oy;
            x1 = if x < f32::from(x1) { x as i16 } else { x1 };
            x2 = if x > f32::from(x2) { x as i16 } else { x2 };
            y1 = if y < f32::from(y1) { y as i16 } else { y1 };
            y2 = if y > f32::from(y2) { y as i16 } else { y2 };
        }
    }
    let (x1, y1) = (x1.max(clip.x1), y1.max(clip.y1));
    let (dx, dy) = (cos / scale, sin / scale);
    let mut row_u = px - (ox * dx + oy * dy) + f32::from(y1) * dy;
    let mut row_v = py - (ox * -dy + oy * dx) + f32::from(y1) * dx;
    for y in y1..y2.saturating_add(1).min(clip.y2) {
        let (mut u, mut v) = (row_u + f32::from(x1) * dx, row_v + f32::from(x1) * -dy);
        for x in x1..x2.saturating_add(1).min(clip.x2) {
            if u >= f32::from(from.x1)
                && u < f32::from(from.x2)
                && v >= f32::from(from.y1)
                && v < f32::from(from.y2)
            {
                let value = source.get(u as usize, v as usize);
                if Some(value) != options.skip {
                    picture.set(x.into(), y.into(), value);
                }
            }
            (u, v) = (u + dx, v - dy);
        }
        (row_u, row_v) = (row_u + dy, row_v + dx);
    }
    Ok(())
}

/// `first` may be the picture itself.
pub(crate) fn alpha_blend(
    picture: &mut Picture,
    first: &View<'_>,
    second: &View<'_>,
    colorspace: Colorspace,
    options: &Blend<'_>,
) -> Outcome {
    let (depth, swapped) = match colorspace {
        Colorspace::L8 => (Depth::Bpp8, false),
        Colorspace::Rgb565 | Colorspace::Bgr565 => (Depth::Bpp16, false),
        Colorspace::Rgb565Swapped | Colorspace::Bgr565Swapped => (Depth::Bpp16, true),
        _ => {
            let bits = second.layout.bits();
            return Err(BitmapError::WrongColorspace { colorspace, bits });
        }
    };
    let own = View::new(&[], 0, picture.size, PixelLayout::Packed(picture.depth));
    let mask = options.mask.map(|mask| (mask, Depth::Bpp8, Colorspace::L8));
    let pictures = [first, second, &own].map(|view| (*view, depth, colorspace));
    for (view, depth, colorspace) in pictures.into_iter().chain(mask) {
        if view.layout != PixelLayout::Packed(depth) {
            return Err(BitmapError::WrongColorspace { colorspace, bits: view.layout.bits() });
        }
        check_size(picture, &view)?;
    }
    let first = Picture::of(first, depth);
    let swap = |v: u32| if swapped { u32::from((v as u16).swap_bytes()) } else { v };
    for (x, y) in picture.positions() {
        let (p1, p2) = (swap(first.get(x, y).unwrap()), swap(at(second, x, y)));
        let mask = options.mask.map_or(255, |mask| at(&mask, x, y));
        let f1 = i64::from(options.factor1.min(256));
        let f2 = (i64::from(options.factor2.min(256)) * i64::from(mask) + 127) / 255;
        let p1 = Some(p1).filter(|_| options.skip1 != Some(p1));
        let p2 = Some(p2).filter(|_| options.skip2 != Some(p2) && mask != 0);
        // Shift to the left that makes eight bits of a channel, and its bits.
        let channels: &[(i32, u32)] = match depth {
            Depth::Bpp8 => &[(0, 0xff)],
            _ => &[(-8, 0xf800), (-3, 0x07e0), (3, 0x001f)],
        };
        let total = f1 + f2 - f1 * f2 / 256;
        let mut mixed = 0;
        for &(shift, bits) in channels {
            let wide = |v: u32| (i64::from(v & bits) << 8) >> (8 - shift);
            mixed |= match (p1, p2) {
                (None, None) => continue,
                (Some(p), None) => (i64::from(p & bits) * f1 / 256) as u32,
                (None, Some(p)) => (i64::from(p & bits) * f2 / 256) as u32,
                (Some(_), Some(_)) if total == 0 => 0,
                (Some(p1), Some(p2)) => {
                    let (a1, a2) = (wide(p1) * f1, wide(p2) * f2);
                    let sum = match options.mode {
                        BlendMode::Normal => a2 + a1 * (256 - f2) / 256,
                        BlendMode::Screen => a2 + a1 - a1 * a2 / 65536,
                        BlendMode::ScreenOf32Bits => {
                            let product = i64::from((a1 as i32).wrapping_mul(a2 as i32));
                            let sum = a2 + a1 - product / 65536;
                            if depth == Depth::Bpp8 { sum.clamp(0, 255 * total) } else { sum }
                        }
                    };
                    (((sum / total) << 8) >> (8 + shift)) as u32 & bits
                }
            };
        }
        let both = p1.is_some() && p2.is_some();
        if (p1.is_some() || p2.is_some()) && !(both && total == 0 && depth == Depth::Bpp16) {
            picture.set(x, y, swap(mixed));
        }
    }
    Ok(())
}

pub(crate) fn dither(
    picture: &mut Picture,
    source: &View<'_>,
    colorspace: Colorspace,
    diffusion: Diffusion,
    scratch_len: usize,
) -> Outcome {
    let bits = source.layout.bits();
    let packed = matches!(source.layout, PixelLayout::Packed(_));
    let stored = match colorspace {
        Colorspace::Rgb888 => bits == 32 || !packed,
        Colorspace::L8 => packed && bits == 8,
        _ => packed && bits == 16,
    };
    if !stored {
        return Err(BitmapError::WrongColorspace { colorspace, bits });
    }
    check_size(picture, source)?;
    check_scratch(2 * Bitmap::dither_scratch_len(picture.size.width), 2 * scratch_len)?;
    let mut levels: Vec<i32> = picture
        .positions()
        .map(|(x, y)| {
            let value = at(source, x, y);
            let [r, g, b] = colorspace.to_rgb888(value).channels().map(i32::from);
            let weighted = (78 * r + 154 * g + 29 * b) / 256;
            if colorspace == Colorspace::L8 { r } else { weighted.min(255) }
        })
        .collect();
    let (carried, spread): (_, &[_]) = match diffusion {
        Diffusion::Atkinson => (32, &[(2, 0, 32), (-1, 1, 32), (0, 1, 32), (0, 2, 32)]),
        Diffusion::FloydSteinberg => (112, &[(-1, 1, 48), (0, 1, 80), (1, 1, 16)]),
    };
    let (width, height) = (i32::from(picture.size.width), i32::from(picture.size.height));
    let mut carry = 0;
    for y in 0..height {
        for i in 0..width {
            let (x, ahead) = if y % 2 == 0 { (i, 1) } else { (width - 1 - i, -1) };
            let level = levels[(y * width + x) as usize] + carry;
            let white = level >= 128;
            picture.set(x, y, if white { picture.depth.max_value() } else { 0 });
            let error = level - if white { 255 } else { 0 };
            for &(columns, rows, part) in spread {
                let (x, y) = (x + columns * ahead, y + rows);
                if (0..width).contains(&x) && y < height {
                    levels[(y * width + x) as usize] += part * error / 256;
                }
            }
            carry = error * carried / 256;
        }
    }
    Ok(())
}

/// Bytes that are read at once.
const PIECE_BYTES: usize = 96;

/// From a stream of `bytes` that ends in an error, if there is one.
pub(crate) fn read_into<E>(
    picture: &mut Picture,
    bytes: &[u8],
    error: Option<E>,
    format: RawFormat,
) -> Result<(), ReadIntoError<E>> {
    let (bits, element) = (usize::from(format.bits_per_pixel), usize::from(format.element_bytes));
    if ![1, 2, 4, 8, 16, 24, 32].contains(&bits)
        || ![1, 2, 4].contains(&element)
        || bits == 24 && element > 1
    {
        return Err(ReadIntoError::UnknownFormat(format));
    }
    let (width, height) = (usize::from(picture.size.width), picture.size.height);
    let row_bytes = element * (width * bits).div_ceil(8 * element);
    for row in 0..height {
        let start = usize::from(row) * row_bytes;
        let y = if format.bottom_up { height - 1 - row } else { row };
        for x in 0..width {
            let last_byte = (x * bits + bits - 1) / 8;
            let piece_end = ((last_byte / PIECE_BYTES + 1) * PIECE_BYTES).min(row_bytes);
            if start + piece_end > bytes.len() {
                return Err(match error {
                    None => ReadIntoError::UnexpectedEnd { rows: row },
                    Some(error) => ReadIntoError::Read { rows: row, error },
                });
            }
            let byte = |i: usize| {
                let place = if format.big_endian { element - 1 - i % element } else { i % element };
                u32::from(bytes[start + i / element * element + place])
            };
            let first = x * bits / 8;
            let value = match bits {
                24 => byte(first) << 16 | byte(first + 1) << 8 | byte(first + 2),
                8 | 16 | 32 => (0..bits / 8).map(|i| byte(first + i) << (8 * i)).sum(),
                _ => {
                    let low = x * bits % 8;
                    byte(first) >> if format.high_bits_first { 8 - bits - low } else { low }
                        & ((1 << bits) - 1)
                }
            };
            picture.set(x.try_into().unwrap(), y.into(), value);
        }
    }
    Ok(())
}
