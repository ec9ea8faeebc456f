//! The smallest useful program, for its size: a bitmap of 4 bits through a palette, moved over a panel.
//!
//! There is no allocator in it: its memory is static. Its types say that there are no other depths.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{halt_on_panic, picture, show_moving};
use displayio_core::{Bitmap, Depth, FixedDepth, Group, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut STRIP: [u8; 644] = [0; 644];

    let Some((bitmap, palette)) = picture(PIXELS, COLORS) else { loop {} };
    let Ok(bitmap) = FixedDepth::<_, 4>::try_new(&bitmap) else { loop {} };
    let root = Group::new((TileGrid::new(bitmap, &palette),));
    show_moving(&root, STRIP, |x| root.children().0.move_to(x, 20));
}
