//! The smallest program with its memory from a heap.
#![no_std]
#![no_main]

use core::mem::MaybeUninit;

use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::{halt_on_panic, show_moving};
use displayio_core::{Bitmap, Depth, Group, Palette, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; 4096] = [MaybeUninit::uninit(); 4096];
    static mut STRIP: [u8; 644] = [0; 644];

    let heap = LinkedListHeap::new(REGION);
    let bitmap = Bitmap::new_in(64, 64, Depth::Bpp4, &heap);
    let palette = Palette::new_in(16, &heap);
    if let (Ok(bitmap), Ok(palette)) = (bitmap, palette) {
        let _ = palette.set(1, 0xff_8000);
        let _ = bitmap.fill(1);
        let root = Group::new((TileGrid::new(&bitmap, &palette),));
        show_moving(&root, STRIP, |x| root.children().0.move_to(x, 20));
    }
    loop {}
}
