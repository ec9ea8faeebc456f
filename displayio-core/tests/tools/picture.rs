//! A bitmap as a list of values, and what of it was written.

use core::mem::MaybeUninit;

use displayio_allocators::LinkedListHeap;
use displayio_core::{Area, Bitmap, Change, Depth, Heap, Mark, PixelSource, Size, Tracked, View};

/// Pixels without packing.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    pub(crate) size: Size,
    pub(crate) depth: Depth,
    /// Row by row.
    pub(crate) values: Vec<u32>,
    /// The box around the pixels that [`set`](Self::set) wrote.
    pub(crate) written: Area,
}

impl Picture {
    pub(crate) fn new(size: Size, depth: Depth, values: impl IntoIterator<Item = u32>) -> Self {
        let values: Vec<u32> = values.into_iter().map(|v| v & depth.max_value()).collect();
        assert_eq!(values.len(), usize::from(size.width) * usize::from(size.height), "{size:?}");
        Self { size, depth, values, written: Area::EMPTY }
    }

    pub(crate) fn from_fn(size: (u16, u16), depth: Depth, value: impl Fn(u32, u32) -> u32) -> Self {
        let value = &value;
        let values = (0..size.1).flat_map(|y| (0..size.0).map(move |x| value(x.into(), y.into())));
        Self::new(Size::new(size.0, size.1), depth, values)
    }

    /// One hexadecimal digit per pixel.
    pub(crate) fn from_rows(rows: &str, depth: Depth) -> Self {
        let rows: Vec<&str> = rows.split_whitespace().collect();
        let digit = |x: u32, y: u32| char::from(rows[y as usize].as_bytes()[x as usize]);
        let size = (rows[0].len().try_into().unwrap(), rows.len().try_into().unwrap());
        Self::from_fn(size, depth, |x, y| digit(x, y).to_digit(16).unwrap_or(0))
    }

    pub(crate) fn of(view: &View<'_>, depth: Depth) -> Self {
        let get = |x: u32, y: u32| view.get(x as usize, y as usize);
        Self::from_fn((view.size.width, view.size.height), depth, get)
    }

    /// The pixels of a bitmap with these values, which nobody has to redraw.
    pub(crate) fn bitmap_in<'m>(&self, heap: Heap<'m>) -> (Bitmap<'m>, Mark) {
        let bitmap = Bitmap::new_in(self.size.width, self.size.height, self.depth, heap).unwrap();
        let all = Area::of_size(self.size);
        bitmap
            .edit(all, |canvas| {
                for (i, &value) in self.values.iter().enumerate() {
                    let width = usize::from(self.size.width);
                    canvas.set(i % width, i / width, value);
                }
            })
            .unwrap();
        let mark = Mark::new();
        bitmap.since(&mark);
        (bitmap, mark)
    }

    fn index(&self, x: i32, y: i32) -> Option<usize> {
        let (width, height) = (i32::from(self.size.width), i32::from(self.size.height));
        ((0..width).contains(&x) && (0..height).contains(&y))
            .then(|| usize::try_from(y * width + x).unwrap())
    }

    pub(crate) fn get(&self, x: i32, y: i32) -> Option<u32> {
        self.index(x, y).map(|i| self.values[i])
    }

    pub(crate) fn set(&mut self, x: i32, y: i32, value: u32) {
        if let Some(i) = self.index(x, y) {
            self.values[i] = value & self.depth.max_value();
            self.written = self.written.union(&Area::clamped(x, y, x + 1, y + 1));
        }
    }

    /// Row by row, from the top.
    pub(crate) fn positions(&self) -> impl Iterator<Item = (i32, i32)> + use<> {
        let (width, height) = (i32::from(self.size.width), i32::from(self.size.height));
        (0..height).flat_map(move |y| (0..width).map(move |x| (x, y)))
    }

    /// Rows of hexadecimal digits, "." for 0.
    pub(crate) fn rows(&self) -> Vec<String> {
        let digit = |&v: &u32| if v == 0 { '.' } else { char::from_digit(v, 16).unwrap_or('#') };
        let width = usize::from(self.size.width);
        self.values.chunks(width.max(1)).map(|row| row.iter().map(digit).collect()).collect()
    }

    /// CRC-32 of the values as little-endian 16-bit integers.
    pub(crate) fn crc32(&self) -> u32 {
        let bytes = self.values.iter().flat_map(|&v| u16::try_from(v).unwrap().to_le_bytes());
        !bytes.fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(byte), |crc, _| crc >> 1 ^ (0xedb8_8320 * (crc & 1)))
        })
    }
}

/// Runs with a heap of its own.
pub(crate) fn on_heap<R>(f: impl FnOnce(Heap<'_>) -> R) -> R {
    let mut region = vec![MaybeUninit::uninit(); 1 << 15];
    f(&LinkedListHeap::new(&mut region))
}

/// What a tool makes of a picture, with the area it marked as `written`.
pub(crate) fn drawn(before: &Picture, tool: impl FnOnce(&Bitmap<'_>)) -> Picture {
    on_heap(|heap| {
        let (bitmap, mark) = before.bitmap_in(heap);
        tool(&bitmap);
        let written = match bitmap.since(&mark) {
            Change::None => Area::EMPTY,
            Change::Part(area) => area,
            Change::All => Area::of_size(bitmap.size()),
        };
        let after = bitmap.read(|view| Picture::of(&view, before.depth)).unwrap();
        Picture { written, ..after }
    })
}
