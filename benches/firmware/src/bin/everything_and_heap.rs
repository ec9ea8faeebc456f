//! The program with everything, its memory from a heap, with children that come and go, and a picture in flash.
#![no_std]
#![no_main]

use core::{hint::black_box, mem::MaybeUninit};

use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::{Failed, MipiPanel, Scratch, TRIANGLE, halt_on_panic, use_tools};
use displayio_core::{
    Bitmap, BitmapLabel, Children, Circle, ColorConverter, Colorspace, Depth, Display, FONT_6X12,
    Group, Heap, Image, Label, Node, OnDiskBitmap, Palette, Polygon, Rectangle, Rgb565, SliceFile,
    TileGrid, TileMap,
};

halt_on_panic!();

static ARROW: Image = Image::new(8, 2, Depth::Bpp1, &[0x18, 0, 0, 0, 0x3c, 0, 0, 0]);

/// Memory that is lent.
struct Lent {
    file: [u8; 512],
    row: [u8; 512],
    fill: [u8; Bitmap::fill_scratch_bytes(64, 64)],
    dither: [i16; Bitmap::dither_scratch_len(64)],
    strip: [u8; 644],
}

#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; 16_384] = [MaybeUninit::uninit(); 16_384];
    static mut LENT: Lent = Lent {
        file: [0; 512],
        row: [0; 512],
        fill: [0; Bitmap::fill_scratch_bytes(64, 64)],
        dither: [0; Bitmap::dither_scratch_len(64)],
        strip: [0; 644],
    };

    let heap = LinkedListHeap::new(REGION);
    let _ = black_box(show(&heap, LENT).is_ok());
    loop {}
}

fn show(heap: Heap<'_>, lent: &mut Lent) -> Result<(), Failed> {
    // The compiler is not to know which tools refuse this depth.
    let depth = black_box(Depth::Bpp4);
    let sheet = Bitmap::new_in(64, 64, depth, heap)?;
    let source = Bitmap::new_in(64, 64, depth, heap)?;
    let palette = Palette::new_in(16, heap)?;
    palette.set(1, 0xff_8000)?;
    palette.set_transparent(0, true)?;
    let map = TileMap::new_in(20, 15, heap)?;
    let file = OnDiskBitmap::from_buffer(SliceFile::new(black_box(&lent.file)), &mut lent.row)?;
    let converter = ColorConverter::new(Colorspace::Rgb888);

    let background = TileGrid::new(&sheet, &palette).tiles(16, 16).with_map(map);
    let photo = TileGrid::new(&file, &converter).at(20, 20);
    let arrow = TileGrid::new(&ARROW, &palette);
    let rectangle = Rectangle::new(&palette, 50, 20).at(100, 100);
    let circle = Circle::new(&palette, 20).at(150, 150);
    let triangle = Polygon::new(&palette, &TRIANGLE);
    let label = Label::new_in(&FONT_6X12, 8, heap)?.at(8, 20);
    let caption = BitmapLabel::new_in(&FONT_6X12, 8, heap)?.at(8, 40);
    let list = Children::<heapless::Vec<&dyn Node<Rgb565>, 8>>::default();
    let nodes: [&dyn Node<Rgb565>; 7] =
        [&photo, &arrow, &rectangle, &circle, &triangle, &label, &caption];
    for node in nodes {
        let _ = list.push(node);
    }
    let root = Group::new((background, Group::new(list).at(4, 4).scaled(2)));

    let mut display = Display::new(MipiPanel, &mut lent.strip);
    let mut scratch = Scratch { fill: &mut lent.fill, dither: &mut lent.dither };
    let (background, page) = root.children();
    for x in (0_u8..=255).cycle() {
        use_tools(&sheet, &source, &mut scratch)?;
        let _ = background.map().set(x.into(), 0, x.into());
        arrow.set_flip_x(x & 1 == 0);
        circle.move_to(x.into(), 150);
        label.set_text(x)?;
        caption.set_text(format_args!("x = {x}"))?;
        if let Some(child) = page.children().remove(0) {
            let _ = page.children().push(child);
        }
        display.refresh(&root)?;
    }
    Ok(())
}
