//! The smallest program and a label in the built-in font that counts.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{halt_on_panic, picture, show_moving};
use displayio_core::{Bitmap, Depth, FONT_6X12, Group, Label, TileGrid};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut GLYPHS: [u8; Label::required_bytes(8)] = [0; 64];
    static mut STRIP: [u8; 644] = [0; 644];

    if let Some((bitmap, palette)) = picture(PIXELS, COLORS) {
        let label = Label::from_buffer(&FONT_6X12, GLYPHS).at(8, 20);
        let root = Group::new((TileGrid::new(&bitmap, &palette), label));
        show_moving(&root, STRIP, |x| {
            root.children().0.move_to(x, 20);
            let _ = root.children().1.set_text(x);
        });
    }
    loop {}
}
