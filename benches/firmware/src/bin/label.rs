//! The smallest program that shows text, for its size: a label in the built-in font that counts.
//!
//! There is no allocator in it, and no bitmap, palette or tile grid.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{MipiPanel, halt_on_panic};
use displayio_core::{Display, FONT_6X12, Group, Label};

halt_on_panic!();

#[entry]
fn main() -> ! {
    static mut GLYPHS: [u8; Label::required_bytes(8)] = [0; 64];
    static mut STRIP: [u8; 644] = [0; 644];

    let root = Group::new((Label::from_buffer(&FONT_6X12, GLYPHS).at(8, 20),));
    let mut display = Display::new(MipiPanel, STRIP);
    for count in (0_u32..256).cycle() {
        let _ = root.children().0.set_text(count);
        let _ = display.refresh(&root);
    }
    loop {}
}
