//! Random scenes and edits against a naive compositor.
//!
//! Five displays show the same scene through strips of 1, 7 and 64 rows, through a buffer of one cell and through one of
//! any size, to a panel that waits and to one that is awaited, and are edited alike. After each refresh all of them must show what the oracle says, no pixel sent twice. Some
//! refreshes fail midway, some reads of files fail; the next refresh must make up for it. `MODEL_SEEDS=20000 cargo test --release --test model` runs more than the default.

#![allow(
    unreachable_pub,
    missing_docs,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    clippy::large_types_passed_by_value,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test of small numbers, with nothing to export"
)]

mod crowd;
mod files;
mod naive;
mod panel;
mod shapes;
mod world;

use displayio_core::{
    Bgr888, Bgrx8888, BitOrder, ColorCode, Gray2, Gray4, Mono, Packed, Packing, PixelFormat,
    Rgb332, Rgb565, Rgb565Le, Rgbd,
};
use naive::Format;
use panel::Unpack;
use world::Random;

fn rgb565([r, g, b]: [u8; 3]) -> u32 {
    u32::from(r >> 3) << 11 | u32::from(g >> 2) << 5 | u32::from(b >> 3)
}

fn luma([r, g, b]: [u8; 3]) -> u32 {
    (19 * u32::from(r) + 182 * u32::from(g) + 54 * u32::from(b)) / 255
}

impl Unpack for Rgb565 {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        let at = 2 * (y * width + x);
        u32::from(bytes[at]) << 8 | u32::from(bytes[at + 1])
    }
}

impl Unpack for Rgb565Le {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        let at = 2 * (y * width + x);
        u32::from(bytes[at + 1]) << 8 | u32::from(bytes[at])
    }
}

fn field(byte: u8, index: usize, bits: usize, order: BitOrder) -> u32 {
    let index = if order == BitOrder::LowFirst { index } else { 8 / bits - 1 - index };
    u32::from(byte) >> (index * bits) & ((1 << bits) - 1)
}

impl<K: ColorCode> Unpack for Packed<K> {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        let (bits, per_byte) = (usize::from(K::BITS), usize::from(8 / K::BITS));
        match self.packing {
            Packing::Rows => {
                field(bytes[(y * width + x) / per_byte], x % per_byte, bits, self.order)
            }
            Packing::Columns => {
                field(bytes[y / per_byte * width + x], y % per_byte, bits, self.order)
            }
        }
    }
}

impl Unpack for Bgr888 {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        let at = 3 * (y * width + x);
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], 0])
    }
}

impl Unpack for Bgrx8888 {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        let at = 4 * (y * width + x);
        u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
    }
}

impl Unpack for Rgb332 {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        bytes[y * width + x].into()
    }
}

fn run<C: Unpack + PixelFormat>(
    seeds: core::ops::Range<u64>,
    format: C,
    convert: fn([u8; 3]) -> u32,
) {
    let oracle = Format { convert, masks: format.dither_masks() };
    let scale = std::env::var("MODEL_SEEDS").ok().and_then(|v| v.parse().ok()).unwrap_or(seeds.end);
    for seed in seeds.start..scale {
        world::run_scene(&mut Random::new(seed), format, &oracle, seed);
    }
}

#[test]
fn colour_panels_show_what_the_oracle_says() {
    run(0..300, Rgb565, rgb565);
}

#[test]
fn little_endian_panels_show_what_the_oracle_says() {
    run(0..30, Rgb565Le, rgb565);
}

#[test]
fn panels_of_other_depths_show_what_the_oracle_says() {
    let rgb888 = |[r, g, b]: [u8; 3]| u32::from_be_bytes([0, r, g, b]);
    run(0..30, Bgr888, rgb888);
    run(0..15, Bgrx8888, rgb888);
    run(0..30, Rgb332, |[r, g, b]| u32::from(r & 0xe0 | (g & 0xe0) >> 3 | b >> 6));
}

#[test]
fn panels_of_few_colours_show_what_the_oracle_says() {
    for packing in [Packing::Rows, Packing::Columns] {
        for order in [BitOrder::LowFirst, BitOrder::HighFirst] {
            run(0..25, Mono::new(packing, order), |rgb| luma(rgb) >> 7);
            run(0..15, Gray2::new(packing, order), |rgb| luma(rgb) >> 6);
            run(0..15, Gray4::new(packing, order), |rgb| luma(rgb) >> 4);
            run(0..15, Packed::<Rgbd>::new(packing, order), |[r, g, b]| {
                u32::from(r >> 7 << 3 | g >> 7 << 2 | b >> 7 << 1)
            });
        }
    }
}
