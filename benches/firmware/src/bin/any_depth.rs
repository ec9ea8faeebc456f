//! The smallest program that shows bitmaps of any depth, for its size: what a bitmap has is known at run time only.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{halt_on_panic, picture, show_moving};
use displayio_core::{Bitmap, Depth, Group, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut STRIP: [u8; 644] = [0; 644];

    if let Some((bitmap, palette)) = picture(PIXELS, COLORS) {
        let root = Group::new((TileGrid::new(&bitmap, &palette),));
        show_moving(&root, STRIP, |x| root.children().0.move_to(x, 20));
    }
    loop {}
}
