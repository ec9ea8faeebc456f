//! The program with two kinds of tile grid and a third, of a source and a shader that it has already.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{halt_on_panic, picture, show_moving};
use displayio_core::{Bitmap, Depth, Group, Image, PaletteRgb, TileGrid};

static ARROW: Image = Image::new(8, 2, Depth::Bpp1, &[0x18, 0, 0, 0, 0x3c, 0, 0, 0]);

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut ARROW_COLORS: [u8; 12] = [0; 12];
    static mut STRIP: [u8; 644] = [0; 644];

    let arrow_palette = PaletteRgb::from_buffer(2, ARROW_COLORS);
    if let (Some((bitmap, palette)), Ok(arrow_palette)) = (picture(PIXELS, COLORS), arrow_palette) {
        let _ = arrow_palette.set(1, 0x00_80ff);
        let root = Group::new((
            TileGrid::new(&bitmap, &palette),
            TileGrid::new(&ARROW, &arrow_palette).at(8, 8),
            TileGrid::new(&ARROW, &palette).at(8, 16),
        ));
        show_moving(&root, STRIP, |x| root.children().0.move_to(x, 20));
    }
    loop {}
}
