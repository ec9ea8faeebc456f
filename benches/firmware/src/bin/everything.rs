//! The smallest program and all else that draws, for one format of pixels and one of fonts: tiles from a map, a picture from a
//! file in its own colours, shapes, text of both kinds, and the bitmap tools.
#![no_std]
#![no_main]

use core::hint::black_box;

use cortex_m_rt::entry;
use displayio_bench_firmware::{Failed, MipiPanel, Scratch, TRIANGLE, halt_on_panic, use_tools};
use displayio_core::{
    Bitmap, BitmapLabel, Circle, ColorConverter, Colorspace, Depth, Display, FONT_6X12, Group,
    Label, OnDiskBitmap, Palette, Polygon, Rectangle, SliceFile, TileGrid, TileMap,
};

halt_on_panic!();

/// Memory that is lent.
struct Lent {
    sheet: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)],
    source: [u8; Bitmap::required_bytes(64, 64, Depth::Bpp4)],
    colors: [u8; 36],
    map: [u8; TileMap::required_bytes(20, 15)],
    file: [u8; 512],
    row: [u8; 512],
    glyphs: [u8; Label::required_bytes(8)],
    text: [u8; BitmapLabel::required_bytes(8 * 6, 12, 1)],
    fill: [u8; Bitmap::fill_scratch_bytes(64, 64)],
    dither: [i16; Bitmap::dither_scratch_len(64)],
    strip: [u8; 644],
}

#[entry]
fn main() -> ! {
    static mut LENT: Lent = Lent {
        sheet: [0; Bitmap::required_bytes(64, 64, Depth::Bpp4)],
        source: [0; Bitmap::required_bytes(64, 64, Depth::Bpp4)],
        colors: [0; 36],
        map: [0; TileMap::required_bytes(20, 15)],
        file: [0; 512],
        row: [0; 512],
        glyphs: [0; Label::required_bytes(8)],
        text: [0; BitmapLabel::required_bytes(8 * 6, 12, 1)],
        fill: [0; Bitmap::fill_scratch_bytes(64, 64)],
        dither: [0; Bitmap::dither_scratch_len(64)],
        strip: [0; 644],
    };

    let _ = black_box(show(LENT).is_ok());
    loop {}
}

fn show(lent: &mut Lent) -> Result<(), Failed> {
    // The compiler is not to know which tools refuse this depth.
    let depth = black_box(Depth::Bpp4);
    let sheet = Bitmap::from_buffer(64, 64, depth, &mut lent.sheet)?;
    let source = Bitmap::from_buffer(64, 64, depth, &mut lent.source)?;
    let palette = Palette::from_buffer(16, &mut lent.colors)?;
    palette.set(1, 0xff_8000)?;
    palette.set_transparent(0, true)?;
    let map = TileMap::from_buffer(20, 15, &mut lent.map)?;
    let file = OnDiskBitmap::from_buffer(SliceFile::new(black_box(&lent.file)), &mut lent.row)?;
    let converter = ColorConverter::new(Colorspace::Rgb888);

    let root = Group::new((
        TileGrid::new(&sheet, &palette).tiles(16, 16).with_map(map),
        Group::new((
            TileGrid::new(&file, &converter).at(20, 20),
            Rectangle::new(&palette, 50, 20).at(100, 100),
            Circle::new(&palette, 20).at(150, 150),
            Polygon::new(&palette, &TRIANGLE),
        ))
        .at(4, 4)
        .scaled(2),
        Label::from_buffer(&FONT_6X12, &mut lent.glyphs).at(8, 20),
        BitmapLabel::from_buffer(&FONT_6X12, 8 * 6, &mut lent.text).at(8, 40),
    ));

    let mut display = Display::new(MipiPanel, &mut lent.strip);
    let mut scratch = Scratch { fill: &mut lent.fill, dither: &mut lent.dither };
    let (background, page, label, caption) = root.children();
    let (photo, _, circle, _) = page.children();
    for x in (0_u8..=255).cycle() {
        use_tools(&sheet, &source, &mut scratch)?;
        let _ = background.map().set(x.into(), 0, x.into());
        photo.set_flip_x(x & 1 == 0);
        circle.move_to(x.into(), 150);
        label.set_text(x)?;
        caption.set_text(x)?;
        display.refresh(&root)?;
    }
    Ok(())
}
