//! Prints a line `NAME,BYTES` for each struct whose size matters in RAM.
#![no_std]
#![no_main]

use core::mem::size_of;

use cortex_m_rt::entry;
use displayio_bench_firmware::MipiPanel;
use displayio_core::{
    Accent, BdfFile, Bitmap, BitmapLabel, BmpImage, Changes, Children, Circle, ColorConverter,
    Damage, Decoration, Display, FlashFont, GlyphCache, Group, Image, Label, LoadedFont, Mark,
    Node, OnDiskBitmap, PackedFile, Palette, PaletteRgb, PcfFile, PointList, Polygon, Rectangle,
    Rgb565, Shown, SliceFile, Storage, Strip, TextBox, TextStyle, Ticker, TileGrid, TileMap, View,
};
use semihosting::{println, process};

type Colors = Palette<'static, Rgb565>;
type Tile = TileGrid<&'static Bitmap<'static>, &'static Colors>;
type Map = TileGrid<&'static Bitmap<'static>, &'static Colors, TileMap<'static>>;
type File = SliceFile<'static>;
/// Glyphs in a file in flash.
type Glyphs = PackedFile<File>;
type List = heapless::Vec<&'static dyn Node<Rgb565>, 8>;

/// Names are as in the documentation; two words tell what a name alone does not.
const SIZES: &[(&str, usize)] = &[
    ("TileGrid", size_of::<Tile>()),
    ("TileGrid with TileMap", size_of::<Map>()),
    ("Group", size_of::<Group<()>>()),
    ("Children", size_of::<Children<()>>()),
    ("Children: up to 8 nodes", size_of::<Children<List>>()),
    ("Bitmap", size_of::<Bitmap<'static>>()),
    ("Image", size_of::<Image>()),
    ("BmpImage", size_of::<BmpImage<'static>>()),
    ("OnDiskBitmap", size_of::<OnDiskBitmap<'static, File>>()),
    ("SliceFile", size_of::<File>()),
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
    ("TextStyle", size_of::<TextStyle>()),
    ("TextBox", size_of::<TextBox>()),
    ("Decoration", size_of::<Decoration<'static>>()),
    ("Accent", size_of::<Accent>()),
    ("Ticker", size_of::<Ticker<'static>>()),
    ("FlashFont", size_of::<FlashFont>()),
    ("LoadedFont", size_of::<LoadedFont<'static>>()),
    ("BdfFile", size_of::<BdfFile<'static, File>>()),
    ("PcfFile", size_of::<PcfFile<File>>()),
    ("PackedFile", size_of::<Glyphs>()),
    ("GlyphCache", size_of::<GlyphCache<'static, Glyphs>>()),
    ("Storage", size_of::<Storage<'static>>()),
    ("Display", size_of::<Display<'static, MipiPanel>>()),
    ("Damage", size_of::<Damage>()),
    ("Shown", size_of::<Shown>()),
    ("Mark", size_of::<Mark>()),
    ("Changes", size_of::<Changes>()),
    ("View", size_of::<View<'static>>()),
    ("Strip", size_of::<Strip<'static, Rgb565>>()),
];

#[entry]
fn main() -> ! {
    for (name, bytes) in SIZES {
        println!("{name},{bytes}");
    }
    process::exit(0)
}
