//! The smallest program and a circle, a rectangle and a polygon.
#![no_std]
#![no_main]

use cortex_m_rt::entry;
use displayio_bench_firmware::{MipiPanel, halt_on_panic, picture};
use displayio_core::{Bitmap, Circle, Depth, Display, Group, Polygon, Rectangle, TileGrid};

halt_on_panic!();

const TRIANGLE: [(i16, i16); 3] = [(0, 0), (40, 10), (10, 30)];

#[entry]
fn main() -> ! {
    static mut PIXELS: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)] = [0; 2048];
    static mut COLORS: [u8; 36] = [0; 36];
    static mut STRIP: [u8; 644] = [0; 644];

    if let Some((bitmap, palette)) = picture(PIXELS, COLORS) {
        let root = Group::new((
            TileGrid::new(&bitmap, &palette),
            Rectangle::new(&palette, 50, 20).at(100, 100),
            Circle::new(&palette, 20).at(150, 150),
            Polygon::new(&palette, &TRIANGLE),
        ));
        let mut display = Display::new(MipiPanel, STRIP);
        for x in (0..256).cycle() {
            root.children().0.move_to(x, 20);
            root.children().2.move_to(x, 150);
            let _ = display.refresh(&root);
        }
    }
    loop {}
}
