//! Prints a line `NAME,BYTES` for each struct whose size matters in RAM.
#![no_std]
#![no_main]

use core::mem::size_of;

use cortex_m_rt::entry;
use displayio_bench_firmware::MipiPanel;
use displayio_core::{
    Bitmap, BitmapLabel, Circle, ColorConverter, Display, FlashFont, GlyphCache, Group, Image,
    Label, LoadedFont, PackedFile, Palette, PaletteRgb, PointList, Polygon, Rectangle, Rgb565,
    SliceFile, Storage, TileGrid, TileMap,
};
use semihosting::{println, process};

type Colors = Palette<'static, Rgb565>;
type Tile = TileGrid<&'static Bitmap<'static>, &'static Colors>;
type Map = TileGrid<&'static Bitmap<'static>, &'static Colors, TileMap<'static>>;
/// Glyphs in a file in flash.
type Glyphs = PackedFile<SliceFile<'static>>;

/// Names are as in the documentation; two words tell what a name alone does not.
const SIZES: [(&str, usize); 21] = [
    ("TileGrid", size_of::<Tile>()),
    ("TileGrid with TileMap", size_of::<Map>()),
    ("Group", size_of::<Group<()>>()),
    ("Bitmap", size_of::<Bitmap<'static>>()),
    ("Image", size_of::<Image>()),
    ("Palette", size_of::<Colors>()),
    ("Palette and 256 colors", size_of::<Colors>() + Colors::required_bytes(256)),
    ("PaletteRgb", size_of::<PaletteRgb<'static>>()),
    ("ColorConverter", size_of::<ColorConverter>()),
    ("TileMap", size_of::<TileMap<'static>>()),
    ("Circle", size_of::<Circle<&'static Colors>>()),
    ("Rectangle", size_of::<Rectangle<&'static Colors>>()),
    ("Polygon", size_of::<Polygon<&'static Colors, &'static PointList<'static>>>()),
    ("PointList", size_of::<PointList<'static>>()),
    ("Label", size_of::<Label<'static, 'static>>()),
    ("BitmapLabel", size_of::<BitmapLabel<'static, 'static>>()),
    ("FlashFont", size_of::<FlashFont>()),
    ("LoadedFont", size_of::<LoadedFont<'static>>()),
    ("GlyphCache", size_of::<GlyphCache<'static, Glyphs>>()),
    ("Storage", size_of::<Storage<'static>>()),
    ("Display", size_of::<Display<'static, MipiPanel>>()),
];

#[entry]
fn main() -> ! {
    for (name, bytes) in SIZES {
        println!("{name},{bytes}");
    }
    process::exit(0)
}
