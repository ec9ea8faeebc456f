//! BMP files: against an independent decoder, in every layout; and refused by name where they cannot be shown.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a test"
)]

#[path = "support/panel.rs"]
mod panel;

use core::{
    cell::{Cell, RefCell},
    mem::MaybeUninit,
};

use displayio_allocators::LinkedListHeap;
use displayio_core::{
    Area, BmpError, BmpImage, Change, ColorConverter, Damage, Display, Group, Layer, LoadError,
    Mark, Node, OnDiskBitmap, PixelFormat, PixelSource, Place, Rectangle, Region, Rgb565, Size,
    SliceFile, Strip, TileGrid, TooSmall, Tracked, Transform,
};
use embedded_io::{ErrorKind, ErrorType, Read, Seek, SeekFrom};
use panel::MemoryPanel;
use proptest::prelude::*;
use tinybmp::RawBmp;

/// The parts of a file that tests vary.
#[derive(Debug, Clone)]
struct File {
    width: i32,
    height: i32,
    bits: u16,
    compression: u32,
    masks: [u32; 3],
    colors: u32,
    gap: u32,
    pixels: Vec<u8>,
}

impl File {
    fn new(width: i32, height: i32, bits: u16) -> Self {
        let stride = (width as usize * usize::from(bits)).div_ceil(32) * 4;
        let pixels =
            (0..stride * height.unsigned_abs() as usize).map(|i| (i * 89 % 251) as u8).collect();
        Self { width, height, bits, compression: 0, masks: [0; 3], colors: 0, gap: 0, pixels }
    }

    const fn palette_len(&self) -> u32 {
        match (self.bits, self.colors) {
            (9.., _) => 0,
            (bits, 0) => 1 << bits,
            (_, colors) => colors,
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let mask_bytes = if self.compression == 3 { 12 } else { 0 };
        let pixels_at = 14 + 40 + mask_bytes + 4 * self.palette_len() + self.gap;
        let mut bytes = b"BM".to_vec();
        bytes.extend(
            [pixels_at + self.pixels.len() as u32, 0, pixels_at, 40]
                .map(u32::to_le_bytes)
                .as_flattened(),
        );
        bytes.extend([self.width, self.height].map(i32::to_le_bytes).as_flattened());
        bytes.extend([1, self.bits].map(u16::to_le_bytes).as_flattened());
        let size = self.pixels.len() as u32;
        bytes.extend(
            [self.compression, size, 0, 0, self.colors, 0].map(u32::to_le_bytes).as_flattened(),
        );
        if self.compression == 3 {
            bytes.extend(self.masks.map(u32::to_le_bytes).as_flattened());
        }
        bytes.extend((0..self.palette_len()).flat_map(|i| (i * 0x0a_3c71).to_le_bytes()));
        bytes.extend(vec![0xee; self.gap as usize]);
        bytes.extend(&self.pixels);
        bytes
    }
}

/// All values of a source, read in the pieces that it gives.
fn values(source: &impl PixelSource) -> Vec<u32> {
    let Size { width, height } = source.size();
    let mut values = vec![];
    for y in 0..height {
        let mut x = 0;
        while x < width {
            let region = Region { x, y, size: Size::new(width - x, 1) };
            let read = |view: displayio_core::View<'_>| {
                // A source in memory shows all of itself, a streamed one what was asked for.
                let whole =
                    view.size == source.size() && view.origin == (0, 0) && (height > 1 || x > 0);
                let (left, top) = if whole { (usize::from(x), usize::from(y)) } else { (0, 0) };
                let count = if whole { width - x } else { view.size.width };
                values.extend((0..usize::from(count)).map(|i| view.get(left + i, top)));
                count
            };
            x += source.view(region, read).unwrap();
        }
    }
    values
}

/// What another decoder reads, from the top row down: indices, or colours as they are stored.
///
/// (Its `colors`, not its `pixels`: those name the rows of a bottom-up file in the wrong order, as of 0.7.0.)
fn decoded(bytes: &[u8]) -> Vec<u32> {
    RawBmp::from_slice(bytes).unwrap().colors().collect()
}

/// 16 bits as stored, to the colour we give.
const fn widened(bits: u16, masks: [u32; 3], value: u32) -> u32 {
    match (bits, masks[1]) {
        (16, 0x07e0) => (value & 0xf800) << 8 | (value & 0x07e0) << 5 | (value & 0x1f) << 3,
        (16, _) => (value & 0x7c00) << 9 | (value & 0x03e0) << 6 | (value & 0x1f) << 3,
        (32, _) => value & 0xff_ffff,
        _ => value,
    }
}

fn file() -> impl Strategy<Value = File> {
    let layouts = [
        (1, 0, [0; 3]),
        (4, 0, [0; 3]),
        (8, 0, [0; 3]),
        (16, 0, [0; 3]),
        (16, 3, [0xf800, 0x07e0, 0x001f]),
        (24, 0, [0; 3]),
        (32, 0, [0; 3]),
        (32, 3, [0xff_0000, 0xff00, 0xff]),
    ];
    (1..40_i32, 1..12_i32, any::<bool>(), prop::sample::select(layouts.to_vec()), 0..5_u32)
        .prop_map(|(width, height, top_down, (bits, compression, masks), gap)| {
            let height = if top_down { -height } else { height };
            File { compression, masks, gap, ..File::new(width, height, bits) }
        })
}

proptest! {
    #[test]
    fn pixels_equal_those_of_another_decoder(file in file(), buffer_bytes in 0..80_usize) {
        let bytes = file.bytes();
        let expected: Vec<_> = decoded(&bytes).iter().map(|v| widened(file.bits, file.masks, *v)).collect();
        prop_assert_eq!(values(&BmpImage::new(&bytes).unwrap()), expected.clone());
        let mut region = [MaybeUninit::uninit(); 256];
        let heap = LinkedListHeap::new(&mut region);
        let streamed = OnDiskBitmap::new_in(SliceFile::new(&bytes), buffer_bytes, &heap).unwrap();
        prop_assert_eq!(values(&streamed), expected);
    }

    #[test]
    fn any_bytes_give_a_picture_or_an_error(mut bytes in prop::collection::vec(any::<u8>(), 0..200), header in any::<bool>()) {
        if header {
            let valid = File::new(3, 3, 8).bytes();
            let kept = bytes.len().min(30);
            bytes[..kept].copy_from_slice(&valid[..kept]);
        }
        if let Ok(image) = BmpImage::new(&bytes) {
            values(&image);
        }
    }

    #[test]
    fn every_truncation_is_named(file in file(), cut in any::<prop::sample::Index>()) {
        let bytes = file.bytes();
        let length = cut.index(bytes.len());
        let error = BmpImage::new(&bytes[..length]).unwrap_err();
        let is_named = matches!(error, BmpError::Truncated { file_bytes, .. } if file_bytes == length as u64);
        prop_assert!(is_named, "{error:?}");
    }
}

#[test]
fn what_cannot_be_shown_is_refused_by_name() {
    let refused = |change: &dyn Fn(&mut File)| {
        let mut file = File::new(4, 4, 8);
        change(&mut file);
        BmpImage::new(&file.bytes()).unwrap_err()
    };
    assert_eq!(refused(&|f| f.compression = 1).to_string(), "RLE-compressed BMP not supported");
    assert_eq!(refused(&|f| f.bits = 3), BmpError::Depth(3));
    assert_eq!(refused(&|f| f.width = 0), BmpError::Dimensions { width: 0, height: 4 });
    assert_eq!(refused(&|f| f.width = -4), BmpError::Dimensions { width: -4, height: 4 });
    assert_eq!(
        refused(&|f| f.height = i32::MIN),
        BmpError::Dimensions { width: 4, height: i32::MIN }
    );
    assert_eq!(refused(&|f| f.height = 65_536), BmpError::Dimensions { width: 4, height: 65_536 });
    assert_eq!(refused(&|f| f.colors = 257), BmpError::PaletteSize(257));
    let huge = refused(&|f| (f.width, f.height) = (65_535, 65_535));
    assert!(matches!(huge, BmpError::Truncated { needed_bytes: 4_294_836_224.., .. }), "{huge:?}");
    let masks = refused(&|f| (f.bits, f.compression, f.masks) = (16, 3, [1, 2, 4]));
    assert_eq!(masks, BmpError::Masks { red: 1, green: 2, blue: 4 });
    assert_eq!(BmpImage::new(b"GIF89a").unwrap_err(), BmpError::NotBmp);
    let empty = BmpImage::new(&[]).unwrap_err();
    assert_eq!(empty.to_string(), "BMP file is cut short: 58 bytes needed, 0 present");
    let os2 = File::new(4, 4, 8)
        .bytes()
        .iter()
        .enumerate()
        .map(|(i, b)| if i == 14 { 12 } else { *b })
        .collect::<Vec<_>>();
    assert_eq!(BmpImage::new(&os2).unwrap_err(), BmpError::HeaderSize(12));
}

#[test]
fn palettes_are_read_from_the_file() {
    let bytes = File { colors: 3, ..File::new(4, 4, 8) }.bytes();
    let mut region = [MaybeUninit::uninit(); 512];
    let heap = LinkedListHeap::new(&mut region);
    let picture = OnDiskBitmap::new_in(SliceFile::new(&bytes), 64, &heap).unwrap();
    let palette = picture.palette_rgb_in(&heap).unwrap();
    let colors = [0, 1, 2, 3].map(|i| palette.get(i).map(displayio_core::Rgb888::value));
    assert_eq!(colors, [Some(0), Some(0x0a_3c71), Some(0x14_78e2), None]);
    let error = OnDiskBitmap::new_in(SliceFile::new(&bytes), 10_000, &heap).unwrap_err();
    assert!(matches!(error, LoadError::OutOfMemory(_)), "{error}");
}

/// A card with a file; reads of it fail on request.
#[derive(Default)]
struct Card {
    broken: Cell<bool>,
    /// How long those reads were that did not fail.
    reads: RefCell<Vec<usize>>,
}

struct Flaky<'f> {
    file: SliceFile<'f>,
    card: &'f Card,
}

#[derive(Debug)]
struct CardError;

impl core::fmt::Display for CardError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("card error")
    }
}

impl core::error::Error for CardError {}

impl embedded_io::Error for CardError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::TimedOut
    }
}

impl ErrorType for Flaky<'_> {
    type Error = CardError;
}

impl Read for Flaky<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, CardError> {
        if self.card.broken.get() {
            return Err(CardError);
        }
        self.card.reads.borrow_mut().push(buf.len());
        self.file.read(buf).map_err(|e| match e {})
    }
}

impl Seek for Flaky<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, CardError> {
        self.file.seek(to).map_err(|e| match e {})
    }
}

#[test]
fn a_failing_card_is_reported_and_tried_again() {
    let bytes = File::new(4, 2, 24).bytes();
    let card = Card::default();
    let mut buffer = [0; 512];
    let file = Flaky { file: SliceFile::new(&bytes), card: &card };
    let picture = OnDiskBitmap::from_buffer(file, &mut buffer).unwrap();
    let grid = TileGrid::new(&picture, ColorConverter::default());
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let mut damage = Damage::new(Size::new(4, 2), Size::new(1, 1), 16, 11);
    let paint = |damage: &mut Damage| {
        let mut pixels = [0xdead; 8];
        grid.collect(&place, damage);
        grid.paint(&mut Strip::new(Area::new(0, 0, 4, 2), &mut pixels, Rgb565).unwrap());
        pixels
    };
    card.broken.set(true);
    assert_eq!(paint(&mut damage), [0; 8], "value 0 is black");
    assert_eq!(picture.take_error(), Some(BmpError::Io(ErrorKind::TimedOut)));
    card.broken.set(false);
    let mut again = Damage::new(Size::new(4, 2), Size::new(1, 1), 16, 11);
    assert!(paint(&mut again).iter().all(|pixel| *pixel != 0xdead), "painted");
    assert_eq!(
        again.areas(),
        [Area::new(0, 0, 4, 2)],
        "the grid is damaged until it could be read"
    );
    assert_eq!(picture.take_error(), None);
}

/// Strips of one row or of several, buffers of a part of a row, or of several; alone or with others, upright or mirrored.
#[test]
fn a_file_that_is_alone_is_read_by_whole_buffers_and_looks_the_same() {
    let bytes = File::new(8, 8, 24).bytes();
    let card = Card::default();
    let mut region = [MaybeUninit::uninit(); 2048];
    let heap = LinkedListHeap::new(&mut region);
    for (buffer_bytes, strip_bytes) in
        [(72, 16), (72, 32), (72, 48), (13, 16), (13, 64), (24, 16), (24, 48)]
    {
        let file = Flaky { file: SliceFile::new(&bytes), card: &card };
        let picture = OnDiskBitmap::new_in(file, buffer_bytes, &heap).unwrap();
        for (x, y, flip) in [(0, 0, false), (0, 0, true), (2, -3, false), (-3, 2, false)] {
            let other = Rectangle::new(ColorConverter::default(), 1, 8).color(0x1234);
            let grid = TileGrid::new(&picture, ColorConverter::default()).at(x, y);
            grid.set_flip_y(flip);
            let show = |root: &dyn Node<Rgb565>| {
                card.reads.take();
                let mut strip = vec![0; strip_bytes + 3];
                let mut display =
                    Display::new(MemoryPanel::new(Size::new(8, 8), Rgb565), &mut strip);
                display.refresh(root).unwrap();
                display.into_panel().bytes
            };
            let alone = show(&Group::new((&grid,)));
            let reads = card.reads.take();
            grid.forget();
            let with_another = show(&Group::new((&grid, &other)));
            grid.forget();
            let beside = |row: &[u8]| row[2..].to_vec();
            let rows = |pixels: &[u8]| pixels.chunks(16).map(beside).collect::<Vec<_>>();
            let case = format!("{buffer_bytes} bytes, strips of {strip_bytes}, at {x}, {y}");
            assert_eq!(rows(&alone), rows(&with_another), "{case}");
            if (buffer_bytes, x, y, flip) == (72, 0, 0, false) {
                assert_eq!(reads, [72, 72, 48], "{case}");
            }
        }
    }
}

#[test]
fn lent_row_buffers_are_of_any_size() {
    for (width, bits) in [(9, 24), (9, 8), (33, 4), (40, 1), (9, 32), (9, 16)] {
        let file = File::new(width, 5, bits).bytes();
        let expected = values(&BmpImage::new(&file).unwrap());
        for buffer_bytes in [4, 5, 13, 64, 100, 4096] {
            let mut words = vec![0_u32; buffer_bytes / 4 + 2];
            for misaligned in 0..4 {
                let buffer: &mut [u8] = bytemuck::cast_slice_mut(&mut words);
                let buffer = &mut buffer[misaligned..][..buffer_bytes];
                let picture = OnDiskBitmap::from_buffer(SliceFile::new(&file), buffer).unwrap();
                assert_eq!(values(&picture), expected, "{bits} bits by {buffer_bytes} bytes");
            }
        }
    }
    let file = File::new(9, 5, 24).bytes();
    let error = OnDiskBitmap::from_buffer(SliceFile::new(&file), &mut [0; 3]).unwrap_err();
    assert_eq!(error, TooSmall { needed_bytes: 4, given_bytes: 3 }.into());
    assert_eq!(error.to_string(), "buffer too small: 4 bytes needed, 3 given");
    let error = OnDiskBitmap::from_buffer(SliceFile::new(b"no"), &mut [0; 8]).unwrap_err();
    assert!(matches!(error, LoadError::Bmp(_)), "{error}");
}

#[test]
fn palettes_of_files_are_made_in_every_memory() {
    let bytes = File::new(8, 2, 4).bytes();
    let mut region = [MaybeUninit::uninit(); 2048];
    let heap = LinkedListHeap::new(&mut region);
    let image = BmpImage::new(&bytes).unwrap();
    let on_disk = OnDiskBitmap::new_in(SliceFile::new(&bytes), 64, &heap).unwrap();
    let mut expected = vec![];
    image.for_each_color(|_, color| expected.push(color));
    assert_eq!((expected.len(), on_disk.palette_len()), (16, 16));
    let (mut ready, mut rgb) = ([[0; 40]; 2], [[0; 80]; 2]);
    let [ready, ready_of_disk] = &mut ready;
    for palette in [
        image.palette_in(Rgb565, &heap).unwrap(),
        image.palette_from_buffer(Rgb565, ready).unwrap(),
        on_disk.palette_in(Rgb565, &heap).unwrap(),
        on_disk.palette_from_buffer(Rgb565, ready_of_disk).unwrap(),
    ] {
        let raws = (0..16).map(|index| palette.raw(index).unwrap());
        assert!(raws.eq(expected.iter().map(|color| Rgb565.raw(*color))), "{palette:?}");
    }
    let [rgb, rgb_of_disk] = &mut rgb;
    for palette in [
        image.palette_rgb_in(&heap).unwrap(),
        image.palette_rgb_from_buffer(rgb).unwrap(),
        on_disk.palette_rgb_in(&heap).unwrap(),
        on_disk.palette_rgb_from_buffer(rgb_of_disk).unwrap(),
    ] {
        let colors = (0..16).map(|index| palette.get(index).unwrap());
        assert!(colors.eq(expected.iter().copied()), "{palette:?}");
    }
    let error = image.palette_from_buffer(Rgb565, &mut [0; 20]).unwrap_err();
    assert_eq!(error.given_bytes, 20);
    let error = on_disk.palette_rgb_from_buffer(&mut [0; 20]).unwrap_err();
    assert!(matches!(error, LoadError::TooSmall(_)), "{error}");
}

#[test]
fn another_file_in_its_place_is_a_change() {
    let (first, second) = (File::new(4, 4, 8).bytes(), File::new(4, 4, 4).bytes());
    let mut buffer = [0; 512];
    let mut picture = OnDiskBitmap::from_buffer(SliceFile::new(&first), &mut buffer).unwrap();
    let mark = Mark::new();
    picture.since(&mark);
    assert!(picture.replace_file(SliceFile::new(b"no")).is_err(), "not a BMP");
    assert!(picture.is_seen(&mark), "the old file stays");
    picture.replace_file(SliceFile::new(&second)).unwrap();
    assert_ne!(picture.since(&mark), Change::None);
    assert_eq!(values(&picture), decoded(&second));
}
