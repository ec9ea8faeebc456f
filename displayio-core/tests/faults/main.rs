//! Everything that can be refused is: each allocation in turn, memory that ends a byte too soon, views while others are
//! open, buffers that are too small. Each refusal is named, the panel shows what it showed, and all bytes come back.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::std_instead_of_alloc,
    reason = "a test of small numbers, with nothing to export"
)]

mod children;
mod objects;
mod program;
mod refusals;
#[path = "../support/screen.rs"]
mod screen;

use core::{fmt::Debug, mem::MaybeUninit};

use displayio_allocators::{
    CompactingHeap, Counters, Failing, Instrumented, LinkedListHeap, Memory, Purpose, TlsfHeap,
};
use displayio_core::{
    AddError, Bitmap, Depth, Group, Home, Image, LoadError, Node, OnDiskBitmap, OutOfMemory,
    Palette, PaletteRgb, Rejected, Rgb565, SliceFile, TileGrid, TileMap,
};
use screen::{Frame, Screen};

type Scenario<'s> = dyn Fn(Home<'_>) -> Result<(), OutOfMemory> + 's;
/// What an allocation asks for.
type Request = (usize, Purpose);

fn region() -> Vec<MaybeUninit<u8>> {
    vec![MaybeUninit::uninit(); 1 << 15]
}

/// Runs `test` on memory of each kind: two heaps whose blocks stay, movable memory, and the fixed memory beside it.
fn on_each_memory(region: &mut [MaybeUninit<u8>], test: &dyn Fn(&str, &dyn Probe, Home<'_>)) {
    let heap = Failing::new(Instrumented::new(LinkedListHeap::new(region)));
    test("first fit", &heap, Home::from(&heap));
    let heap = Failing::new(Instrumented::new(TlsfHeap::new(region)));
    test("TLSF", &heap, Home::from(&heap));
    for is_movable in [true, false] {
        let heap = Failing::new(Instrumented::new(CompactingHeap::new(region)));
        let home = if is_movable { Home::from(&heap) } else { Home::Fixed(&heap) };
        test(if is_movable { "movable" } else { "beside movable" }, &heap, home);
        heap.inner().inner().check_invariants();
    }
}

/// What the tests ask of a heap that refuses and counts.
trait Probe {
    fn counters(&self) -> Counters;
    /// Bytes that are not free, with what the heap itself takes for the blocks.
    fn used_bytes(&self) -> usize;
    fn sweep(&self, scenario: &mut dyn FnMut() -> Result<(), OutOfMemory>) -> u32;
}

impl<M: Memory> Probe for Failing<Instrumented<M>> {
    fn counters(&self) -> Counters {
        self.inner().counters()
    }

    fn used_bytes(&self) -> usize {
        let info = self.info().unwrap();
        info.total_bytes - info.free_bytes
    }

    fn sweep(&self, scenario: &mut dyn FnMut() -> Result<(), OutOfMemory>) -> u32 {
        self.sweep(scenario)
    }
}

/// Refuses each allocation of `scenario` in turn, on memory of each kind, while a picture in the same memory is shown.
///
/// The refusals must ask for what `expected` lists, in this order. After each run the picture is drawn anew and must be
/// the same; drawing must not allocate; nothing of the scenario may be left.
fn check(expected: &[Request], scenario: &Scenario<'_>) {
    on_each_memory(&mut region(), &|name, heap, home| {
        let used_at_start = heap.used_bytes();
        {
            let (root, mut buffer) = (neighbours(home), [0; 512]);
            let mut screen = Screen::new(&mut buffer, || ());
            let shown = screen.repaint(&root);
            let (standing, mut refused) = (heap.counters().live_bytes, vec![]);
            let failures = heap.sweep(&mut || {
                let result = scenario(home);
                let counters = heap.counters();
                assert_eq!(counters.live_bytes, standing, "{name}: bytes were lost");
                check_still_shows(&mut screen, &root, &shown);
                assert_eq!(heap.counters(), counters, "{name}: drawing allocated");
                refused.extend(result.err());
                result
            });
            refused.iter().for_each(check_message);
            let requests: Vec<_> = refused.iter().map(|e| (e.requested_bytes, e.purpose)).collect();
            assert_eq!(requests, expected, "{name}");
            assert_eq!(failures as usize, expected.len(), "{name}: an error without a refusal");
        }
        assert_eq!(heap.counters().live_bytes, 0, "{name}");
        assert_eq!(heap.used_bytes(), used_at_start, "{name}: the heap did not get all back");
    });
}

/// Runs `scenario` in regions of 0 to `most_bytes`, byte by byte, so that it just does not fit at each of its steps: every
/// error names one of the `expected` requests and a largest block that is less. In the last region it must succeed.
fn check_exhaustion(expected: &[Request], most_bytes: usize, scenario: &Scenario<'_>) {
    let mut region = region();
    for size in 0..=most_bytes {
        on_each_memory(&mut region[..size], &|name, heap, home| {
            let used_at_start = heap.used_bytes();
            match scenario(home) {
                Ok(()) => {
                    let needed = expected.iter().map(|request| request.0).max().unwrap();
                    assert!(size >= needed, "{name}: {needed} bytes cannot fit {size}");
                }
                Err(error) => {
                    assert!(size < most_bytes, "{name}: {error} in {size} bytes");
                    check_message(&error);
                    let request = (error.requested_bytes, error.purpose);
                    assert!(expected.contains(&request), "{name}: {error}");
                    let largest = error.heap.unwrap().largest_free_bytes;
                    // A compacting heap tells of movable memory, whose blocks need no more than four bytes' alignment.
                    let is_aligned = name.contains("movable") && [BOX, LIST].contains(&request.1);
                    let padding = if is_aligned { align_of::<usize>() - 4 } else { 0 };
                    let least = error.requested_bytes + padding;
                    assert!(largest < least, "{name}: {error} in {size} bytes");
                }
            }
            assert_eq!(heap.counters().live_bytes, 0, "{name}");
            assert_eq!(heap.used_bytes(), used_at_start, "{name}: not all came back");
        });
    }
}

fn check_message(error: &OutOfMemory) {
    let heap = error.heap.unwrap();
    let expected = format!(
        "out of memory: {} bytes for {} ({} free, largest block {}",
        error.requested_bytes, error.purpose, heap.free_bytes, heap.largest_free_bytes
    );
    assert!(error.to_string().starts_with(&expected), "{error}");
    assert!(heap.largest_free_bytes <= heap.free_bytes, "{error}");
    assert!(heap.free_bytes <= heap.total_bytes, "{error}");
}

/// Nothing changed, and all of it drawn anew is the same.
fn check_still_shows<H: Fn()>(screen: &mut Screen<'_, H>, root: &impl Node<Rgb565>, shown: &Frame) {
    assert_eq!(screen.refresh(root), 0, "nothing had changed");
    assert!(screen.frame() == *shown, "a refresh without changes changed pixels");
    assert!(screen.repaint(root) == *shown, "drawn anew, it is another picture");
}

/// A picture whose pixels, colours and tiles are in the memory that is about to refuse.
fn neighbours(home: Home<'_>) -> impl Node<Rgb565> {
    let bitmap = Bitmap::new_in(16, 16, Depth::Bpp4, home).unwrap();
    let palette = Palette::new_in(16, home).unwrap();
    let map = TileMap::new_in(6, 4, home).unwrap();
    (0..16).for_each(|i| bitmap.draw_line((i, 0), (15, i), i.unsigned_abs().into()).unwrap());
    (0..16).for_each(|i| palette.set(i, u32::from(i) * 0x0f_1b0d).unwrap());
    (0..24).for_each(|i| map.set(i % 6, i / 6, i % 16).unwrap());
    Group::new((TileGrid::new(bitmap, palette).with_map(map).tiles(4, 4).at(3, 3),))
}

/// A file of 24 by 4 pixels, of four colours in 8 bits.
fn photo_file() -> Vec<u8> {
    let mut file = b"BM".to_vec();
    file.extend([0_u32, 0, 54 + 16, 40, 24, 4].map(u32::to_le_bytes).as_flattened());
    file.extend([1, 0, 8, 0]);
    file.extend([0_u32, 0, 0, 0, 4, 0].map(u32::to_le_bytes).as_flattened());
    file.extend([0x10_2030, 0xff_8000, 0x00_60ff, 0xff_ffff].map(u32::to_le_bytes).as_flattened());
    file.extend((0..24 * 4).map(|i: u8| i % 7 % 4));
    file
}

fn open<'m>(
    file: &'m [u8],
    buffer_bytes: usize,
    home: Home<'m>,
) -> Result<OnDiskBitmap<'m, SliceFile<'m>>, OutOfMemory> {
    OnDiskBitmap::new_in(SliceFile::new(file), buffer_bytes, home).map_err(Reason::reason)
}

/// The error inside, of those that wrap one.
trait Reason: Debug + Sized {
    fn reason(self) -> OutOfMemory;
}

impl Reason for LoadError {
    fn reason(self) -> OutOfMemory {
        let Self::OutOfMemory(error) = self else { panic!("{self:?}") };
        error
    }
}

impl<T> Reason for Rejected<T, AddError> {
    fn reason(self) -> OutOfMemory {
        let AddError::OutOfMemory(error) = self.error else { panic!("{self:?}") };
        error
    }
}

const ROWS: Purpose = Purpose::Named("a row buffer");
const LIST: Purpose = Purpose::Named("a list");
const BOX: Purpose = Purpose::Named("a boxed value");

static CHECKS: Image = Image::new(8, 2, Depth::Bpp1, &[0xaa, 0, 0, 0, 0x55, 0, 0, 0]);

/// Two colours that show on a black panel.
fn colors(memory: &mut [u8; 12]) -> PaletteRgb<'_> {
    let palette = PaletteRgb::from_buffer(2, memory).unwrap();
    palette.set(0, 0xff_2010).unwrap();
    palette.set(1, 0x10_40ff).unwrap();
    palette
}
