//! Loops for grids that are scaled, transposed or mirrored, and for any others.

use super::{Heading, Start, layout_of};
use crate::{View, view::value};

/// Bytes down or up a column, one panel pixel each, four at a time: 4.8 instructions per pixel on a Cortex-M4. `false` where
/// they are not all in the view.
#[inline(never)]
pub(super) fn column<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Start { x, y, .. }: Start,
    backward: bool,
    colors: &[T; 256],
) -> bool {
    let (height, count) = (usize::from(view.size.height), dst.len());
    if y >= height || if backward { count > y + 1 } else { y + count > height } {
        return false;
    }
    // From the end that is first in memory.
    let (first, is_reversed) = match (view.bottom_up, backward) {
        (false, false) => (y, false),
        (false, true) => (y + 1 - count, true),
        (true, false) => (height - y - count, true),
        (true, true) => (height - 1 - y, false),
    };
    let stride = view.stride_bytes.max(1);
    let bytes = view.bytes.get(first * stride + x + usize::from(view.skip)..).unwrap_or_default();
    if bytes.len() <= count.saturating_sub(1) * stride {
        return false;
    }
    let Some(last) = count.checked_sub(1) else { return true };
    // One to four pixels are left: the last byte has no whole row behind it.
    let whole = last / 4 * 4;
    let color = |index: u8| colors[usize::from(index)];
    if is_reversed {
        let (rest, fours) = dst.split_at_mut(count - whole);
        let fours = fours.as_chunks_mut().0.iter_mut().rev();
        let bytes = each_four(fours, bytes, stride, |[d, c, b, a], rows| {
            [*a, *b, *c, *d] = rows.map(color);
        });
        each_one(rest.iter_mut().rev(), bytes, stride, color);
    } else {
        let (fours, rest) = dst.split_at_mut(whole);
        let fours = fours.as_chunks_mut().0.iter_mut();
        let bytes = each_four(fours, bytes, stride, |four, rows| *four = rows.map(color));
        each_one(rest.iter_mut(), bytes, stride, color);
    }
    true
}

/// Calls `put` with each four pixels and their bytes, which are `stride` apart. Returns what is behind those.
#[inline(never)]
fn each_four<'b, T: 'b>(
    fours: impl Iterator<Item = &'b mut [T; 4]>,
    mut bytes: &'b [u8],
    stride: usize,
    put: impl Fn(&mut [T; 4], [u8; 4]),
) -> &'b [u8] {
    for four in fours {
        let Some((block, after)) = bytes.split_at_checked(4 * stride) else { break };
        // Its length is what bounds these: they are not checked.
        put(four, [block[0], block[stride], block[2 * stride], block[3 * stride]]);
        bytes = after;
    }
    bytes
}

/// The one to four that are left. Steps through the bytes would begin with a count of those, which is a division.
#[inline]
fn each_one<'p, T: 'p>(
    pixels: impl Iterator<Item = &'p mut T>,
    bytes: &[u8],
    stride: usize,
    color: impl Fn(u8) -> T,
) {
    for (row, pixel) in (0..4).zip(pixels) {
        if let Some(index) = bytes.get(row * stride) {
            *pixel = color(*index);
        }
    }
}

/// Bytes along a row, each repeated `scale` times; `false` where the row is not in the view.
#[inline(never)]
pub(super) fn widened<T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Start { x, y, first }: Start,
    scale: usize,
    colors: &[T; 256],
) -> bool {
    let row = view.row(y).get(x + usize::from(view.skip)..).unwrap_or_default();
    let Some((index, after)) = row.split_first() else { return false };
    // A first index that is repeated in full is one of the others.
    let (first, indices) = if first < scale { (first, after) } else { (0, row) };
    let (head, body) = dst.split_at_mut(first.min(dst.len()));
    head.iter_mut().for_each(|pixel| *pixel = colors[usize::from(*index)]);
    if scale == 2 {
        let double = |index: &u8| [colors[usize::from(*index)]; 2];
        let (eights, rest) = body.as_chunks_mut::<8>();
        let (fours, _) = indices.as_chunks::<4>();
        for ([a, b, c, d, e, f, g, h], [i, j, k, l]) in eights.iter_mut().zip(fours) {
            ([*a, *b], [*c, *d]) = (double(i), double(j));
            ([*e, *f], [*g, *h]) = (double(k), double(l));
        }
        let indices = indices.get(4 * eights.len()..).unwrap_or_default();
        for (pixels, index) in rest.chunks_mut(2).zip(indices) {
            pixels.fill(colors[usize::from(*index)]);
        }
    } else {
        for (pixels, index) in body.chunks_mut(scale).zip(indices) {
            pixels.iter_mut().for_each(|pixel| *pixel = colors[usize::from(*index)]);
        }
    }
    true
}

/// Source pixels that are gathered before they are coloured.
const CHUNK: usize = 16;

/// Any span: gathers a few values, then colours and repeats each.
pub(super) fn stretch<const BITS: u8, T: Copy>(
    dst: &mut [T],
    view: &View<'_>,
    Heading { vertical, backward, scale }: Heading,
    start: Start,
    raw: impl Fn(u32, u16, u16) -> Option<T>,
) {
    let step = |from: usize, i: usize| if backward { from.wrapping_sub(i) } else { from + i };
    let (skip, layout) = (usize::from(view.skip), layout_of::<BITS>(view));
    let mut values = [0; CHUNK];
    let (mut x, mut y, mut repeat, mut rest) = (start.x, start.y, start.first, dst);
    while !rest.is_empty() {
        let count = (1 + rest.len().saturating_sub(repeat).div_ceil(scale)).min(CHUNK);
        if vertical {
            gather(&mut values[..count], |i| value(view.row(step(y, i)), x + skip, layout));
        } else {
            let row = view.row(y);
            gather(&mut values[..count], |i| value(row, step(x, i).wrapping_add(skip), layout));
        }
        for value in &values[..count] {
            let room = repeat.min(rest.len());
            let (pixels, after) = core::mem::take(&mut rest).split_at_mut(room);
            if let Some(raw) =
                raw(*value, noise_coordinate(view.origin.0, x), noise_coordinate(view.origin.1, y))
            {
                pixels.iter_mut().for_each(|pixel| *pixel = raw);
            }
            rest = after;
            repeat = scale;
            if vertical { y = step(y, 1) } else { x = step(x, 1) }
        }
    }
}

#[inline]
fn gather(values: &mut [u32], get: impl Fn(usize) -> u32) {
    for (i, stored) in values.iter_mut().enumerate() {
        *stored = get(i);
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "sources are at most 65 535 pixels wide and high"
)]
const fn noise_coordinate(origin: u16, position: usize) -> u16 {
    origin.wrapping_add(position as u16)
}
