//! Colours from files, which one grid shows alone: it leads through strips where its rows run as the panel's do.

use displayio_core::{
    Bgr888, Bgrx8888, Capabilities, ColorConverter, Colorspace, Display, Group, OnDiskBitmap,
    Rgb565, Size, SliceFile, TileGrid,
};

use crate::{
    panel::{StrictPanel, Unpack},
    rgb565,
    world::{Faults, Flaky, Random},
};

/// Red, green and blue.
type Rgb = [u8; 3];

/// A BMP file of 24 or 32 bits.
fn file(random: &mut Random, (width, height): (usize, usize), rows: &[Vec<Rgb>]) -> Vec<u8> {
    let (bytes, top_down) = ([3, 4][random.below(2) as usize], random.chance(50));
    // Pixels may start at any byte.
    let pixels_at = 54 + random.below(5);
    let signed = height as i32;
    let mut file = b"BM".to_vec();
    file.extend([0, 0, pixels_at, 40, width as u32].map(u32::to_le_bytes).as_flattened());
    file.extend((if top_down { -signed } else { signed }).to_le_bytes());
    file.extend([1, 0, 8 * bytes as u8, 0]);
    file.extend([0; 24]);
    file.resize(pixels_at as usize, 0xaa);
    for y in 0..height {
        let start = file.len();
        for &[red, green, blue] in &rows[if top_down { y } else { height - 1 - y }] {
            file.extend(&[blue, green, red, 0][..bytes]);
        }
        file.resize(start + (bytes * width).next_multiple_of(4), 0x55);
    }
    file
}

fn side(random: &mut Random, end: i32) -> usize {
    random.range(1, end) as usize
}

fn random_rows(random: &mut Random, width: usize, height: usize) -> Vec<Vec<Rgb>> {
    let mut color = || [0; 3].map(|_: u8| random.below(256) as u8);
    (0..height).map(|_| (0..width).map(|_| color()).collect()).collect()
}

/// All of a picture, or less.
fn random_tile(random: &mut Random, width: usize, height: usize) -> (usize, usize) {
    if random.chance(50) {
        return (width, height);
    }
    (side(random, width as i32 + 1), side(random, height as i32 + 1))
}

fn run<C: Unpack>(seed: u64, format: C, convert: fn(Rgb) -> u32) {
    let random = &mut Random::new(seed);
    let (width, height) = (side(random, 50), side(random, 40));
    let rows = random_rows(random, width, height);
    let bytes = file(random, (width, height), &rows);
    let faults = Faults::default();
    faults.short.set(if random.chance(30) { side(random, 20) } else { 0 });
    let file = Flaky { file: SliceFile::new(&bytes), faults: &faults };
    let mut region = vec![core::mem::MaybeUninit::uninit(); 1 << 12];
    let heap = displayio_allocators::LinkedListHeap::new(&mut region);
    let most = [8, 200, 1000][random.below(3) as usize];
    let buffer_bytes = random.below(most) as usize;
    let picture = OnDiskBitmap::new_in(file, buffer_bytes, &heap).unwrap();
    let converter = ColorConverter::new(Colorspace::Rgb888);
    let tile = random_tile(random, width, height);
    let grid = TileGrid::new(&picture, &converter).tiles(tile.0 as u16, tile.1 as u16);
    let [flip_x, flip_y, transposed] = [0; 3].map(|_: u8| random.chance(20));
    grid.set_flip_x(flip_x);
    grid.set_flip_y(flip_y);
    grid.set_transposed(transposed);
    let scale = if random.chance(70) { 1 } else { random.range(2, 4) };
    let root = Group::new((&grid,)).scaled(scale as u8);
    let size = Size::new(side(random, 60) as u16, side(random, 60) as u16);
    let capabilities =
        Capabilities { window_survives_writes: random.chance(70), ..Capabilities::default() };
    let row_bytes = size_of::<C::Raw>() * usize::from(size.width);
    let mut buffer = vec![0; 8 + random.below(8 * row_bytes as u32) as usize];
    let mut display = Display::new(StrictPanel::new(format, size, capabilities), &mut buffer);
    for step in 0..5 {
        let (x, y) = (random.range(-30, 30), random.range(-30, 30));
        let number = random.below(4) as usize;
        grid.move_to(x as i16, y as i16);
        grid.set_tile(number as u16);
        faults.reads_left.set(random.chance(20).then(|| random.below(20)));
        faults.met.set(false);
        display.panel_mut().sent.fill(0);
        display.refresh(&root).unwrap();
        faults.reads_left.set(None);
        let expected = |at: usize| {
            let (left, top) =
                (at as i32 % i32::from(size.width), at as i32 / i32::from(size.width));
            let local = (left.div_euclid(scale) - x, top.div_euclid(scale) - y);
            let (u, v) = if transposed { (local.1, local.0) } else { local };
            let (u, v) = (usize::try_from(u).ok()?, usize::try_from(v).ok()?);
            let u = if flip_x { (tile.0 - 1).checked_sub(u)? } else { u };
            let v = if flip_y { (tile.1 - 1).checked_sub(v)? } else { v };
            let per_row = width / tile.0;
            let (column, row) = (number % per_row * tile.0 + u, number / per_row * tile.1 + v);
            (u < tile.0 && v < tile.1).then(|| rows.get(row)?.get(column).copied())?
        };
        if faults.met.get() {
            // What could not be read is of value 0, black as nothing is; the next refresh shows it.
            for (at, &shown) in display.panel().pixels.iter().enumerate() {
                let expected = expected(at).map_or(0, convert);
                assert!(shown == expected || shown == 0, "pixel {at}: seed {seed}, step {step}");
            }
            display.panel_mut().sent.fill(0);
            display.refresh(&root).unwrap();
        }
        let panel = display.panel();
        for (at, (&shown, &sent)) in panel.pixels.iter().zip(&panel.sent).enumerate() {
            assert!(sent <= 1, "{at} sent {sent} times: seed {seed}, step {step}");
            let expected = expected(at).map_or(0, convert);
            assert_eq!(shown, expected, "pixel {at} of {size:?}: seed {seed}, step {step}");
        }
    }
}

#[test]
fn colours_of_files_are_shown_by_one_that_leads() {
    let seeds = std::env::var("MODEL_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(200);
    for seed in 0..seeds {
        let rgb888 = |[r, g, b]: Rgb| u32::from_be_bytes([0, r, g, b]);
        run(seed, Rgb565, rgb565);
        run(seed, Bgr888, rgb888);
        run(seed, Bgrx8888, rgb888);
    }
}
