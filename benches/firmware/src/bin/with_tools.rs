//! The smallest program and all tools that draw on bitmaps; the sine and cosine of the angle are from a table.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use displayio_bench_firmware::{Scratch, halt_on_panic, show_moving, use_tools};
use displayio_core::{Bitmap, Depth, Group, Palette, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut SOURCE: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut FILL: [u8; Bitmap::fill_scratch_bytes(64, 64)] =
        [0; Bitmap::fill_scratch_bytes(64, 64)];
    static mut DITHER: [i16; Bitmap::dither_scratch_len(64)] = [0; Bitmap::dither_scratch_len(64)];
    static mut STRIP: [u8; 644] = [0; 644];

    // The compiler is not to know which tools refuse this depth.
    let depth = black_box(Depth::Bpp4);
    let bitmap = Bitmap::from_buffer(64, 64, depth, PIXELS);
    let source = Bitmap::from_buffer(64, 64, depth, SOURCE);
    let palette = Palette::from_buffer(16, COLORS);
    if let (Ok(bitmap), Ok(source), Ok(palette)) = (bitmap, source, palette) {
        let _ = palette.set(1, 0xff_8000);
        let root = Group::new((TileGrid::new(&bitmap, &palette),));
        let mut scratch = Scratch { fill: FILL, dither: DITHER };
        show_moving(&root, STRIP, |x| {
            let _ = use_tools(&bitmap, &source, &mut scratch);
            root.children().0.move_to(x, 20);
        });
    }
    loop {}
}
