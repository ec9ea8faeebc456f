//! The full-screen picture as BMP files, made by formula in memory.

use displayio_allocators::Buf;
use displayio_core::{Heap, OutOfMemory};

use crate::tables::{COLORS, FULL_COLUMN};

const WIDTH: u16 = 320;

/// Bytes of both headers.
const HEADERS_BYTES: u32 = 14 + 40;

/// 8 bits per pixel, with a palette.
pub(crate) fn indexed(heap: Heap<'_>) -> Result<Buf<'_, u8>, OutOfMemory> {
    let palette_bytes = 4 * COLORS.map(|_| 1).iter().sum::<u32>();
    let mut file = headers(8, palette_bytes, heap)?;
    push_all(&mut file, COLORS.iter().flat_map(|color| color.to_le_bytes()))?;
    push_all(&mut file, indices())?;
    Ok(file)
}

/// 24 bits per pixel.
pub(crate) fn bgr24(heap: Heap<'_>) -> Result<Buf<'_, u8>, OutOfMemory> {
    let mut file = headers(24, 0, heap)?;
    let pixels = indices().flat_map(|index| {
        let [blue, green, red, _] = COLORS[usize::from(index)].to_le_bytes();
        [blue, green, red]
    });
    push_all(&mut file, pixels)?;
    Ok(file)
}

/// The values of all pixels, from the lowest row up.
fn indices() -> impl Iterator<Item = u8> {
    let row = |first: u8| (0..WIDTH).map(move |x| first.wrapping_add((7 * x).to_le_bytes()[0]));
    FULL_COLUMN.into_iter().rev().flat_map(row)
}

/// The beginning of a file of `bits` per pixel, with room for the rest.
fn headers(bits: u16, palette_bytes: u32, heap: Heap<'_>) -> Result<Buf<'_, u8>, OutOfMemory> {
    let (width, height) = (u32::from(WIDTH), FULL_COLUMN.map(|_| 1).iter().sum::<u32>());
    let pixels_at = HEADERS_BYTES + palette_bytes;
    let size_bytes = pixels_at + width * height * u32::from(bits / 8);
    let mut file = Buf::with_capacity(usize::try_from(size_bytes).unwrap_or(usize::MAX), heap)?;
    push_all(&mut file, *b"BM")?;
    push_words(&mut file, [size_bytes, 0, pixels_at, 40, width, height])?;
    push_all(&mut file, [1, 0].into_iter().chain(bits.to_le_bytes()))?;
    push_words(&mut file, [0, 0, 2835, 2835, palette_bytes / 4, 0])?;
    Ok(file)
}

fn push_words(file: &mut Buf<'_, u8>, words: [u32; 6]) -> Result<(), OutOfMemory> {
    push_all(file, words.into_iter().flat_map(u32::to_le_bytes))
}

fn push_all(
    file: &mut Buf<'_, u8>,
    bytes: impl IntoIterator<Item = u8>,
) -> Result<(), OutOfMemory> {
    bytes.into_iter().try_for_each(|byte| file.try_push(byte).map_err(|rejected| rejected.error))
}
