//! The smallest program and a BMP file with a palette, read from RAM as from a card.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use displayio_bench_firmware::{halt_on_panic, picture, show_moving};
use displayio_core::{Bitmap, Depth, Group, OnDiskBitmap, Palette, SliceFile, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut FILE: [u8; 512] = [0; 512];
    static mut FILE_COLORS: [u8; 36] = [0; 36];
    static mut ROW: [u8; 512] = [0; 512];
    static mut STRIP: [u8; 644] = [0; 644];

    let file = OnDiskBitmap::from_buffer(SliceFile::new(black_box(FILE)), ROW);
    let file_palette = Palette::from_buffer(16, FILE_COLORS);
    if let (Some((bitmap, palette)), Ok(file), Ok(file_palette)) =
        (picture(PIXELS, COLORS), file, file_palette)
    {
        let _ = file.for_each_color(|index, color| _ = file_palette.set(index, color));
        let root = Group::new((
            TileGrid::new(&file, &file_palette).at(8, 8),
            TileGrid::new(&bitmap, &palette),
        ));
        show_moving(&root, STRIP, |x| root.children().1.move_to(x, 20));
    }
    loop {}
}
