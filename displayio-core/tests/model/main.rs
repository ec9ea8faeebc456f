//! Random scenes and edits against a naive compositor.
//!
//! Four displays show the same scene through strips of 1, 7 and 64 rows and through a buffer of one cell, and are edited
//! alike. After each refresh all of them must show what the oracle says, no pixel sent twice. Some refreshes fail midway;
//! the next must make up for it. `MODEL_SEEDS=20000 cargo test --release --test model` runs more than the default.

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

mod naive;
mod panel;
mod world;

use displayio_core::{BitOrder, Gray4, Mono, Packing, PixelFormat, Rgb565, Rgb565Le};
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

impl Unpack for Gray4 {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        field(bytes[(y * width + x) / 2], x % 2, 4, self.order)
    }
}

impl Unpack for Mono {
    fn unpack(&self, bytes: &[u8], width: usize, x: usize, y: usize) -> u32 {
        match self.packing {
            Packing::Rows => field(bytes[(y * width + x) / 8], x % 8, 1, self.order),
            Packing::Columns => field(bytes[y / 8 * width + x], y % 8, 1, self.order),
        }
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
fn grey_panels_show_what_the_oracle_says() {
    run(0..60, Gray4 { order: BitOrder::HighFirst }, |rgb| luma(rgb) >> 4);
}

#[test]
fn monochrome_panels_show_what_the_oracle_says() {
    for packing in [Packing::Rows, Packing::Columns] {
        for order in [BitOrder::LowFirst, BitOrder::HighFirst] {
            run(0..25, Mono { packing, order }, |rgb| luma(rgb) >> 7);
        }
    }
}
