//! A retained scene that redraws only what changed, strip by strip, through one small fixed buffer, on any panel.
//!
//! A [`TileGrid`] shows tiles of a [`Bitmap`] (or an [`Image`] in flash, or an [`OnDiskBitmap`]) through a [`Palette`] or
//! a [`ColorConverter`]; a [`Circle`], [`Rectangle`] or [`Polygon`] is drawn from its numbers; a [`Label`] or [`BitmapLabel`]
//! shows text; [`Group`]s nest. A [`Display`] owns a panel and a strip buffer, and [`refresh`](Display::refresh) composes and
//! sends what changed. Memory comes from where the program says, object by object; nothing here allocates while rendering, and
//! nothing panics when memory runs out.
//!
//! ```
//! use displayio_core::{Bitmap, Circle, Depth, Display, FONT_6X12, Group, Label, Palette, Rgb565, TileGrid};
//! # use displayio_core::{Area, BlockingPanel, Panel, Size};
//! # struct Null;
//! # impl Panel for Null { type Format = Rgb565; type Error = core::convert::Infallible;
//! #     fn format(&self) -> Rgb565 { Rgb565 } fn size(&self) -> Size { Size::new(320, 240) } }
//! # impl BlockingPanel for Null {
//! #     fn begin_area(&mut self, _: Area) -> Result<(), Self::Error> { Ok(()) }
//! #     fn write(&mut self, _: &[u8]) -> Result<(), Self::Error> { Ok(()) } }
//! # let panel = Null;
//! // All memory is arrays here. On a heap: `Bitmap::new_in(64, 64, Depth::Bpp4, &heap)?`.
//! let mut pixels = [0; Bitmap::required_bytes(64, 64, Depth::Bpp4)];
//! let mut entries = [0; Palette::<Rgb565>::required_bytes(16) + 1];
//! let (mut glyphs, mut strip_buffer) = ([0; Label::required_bytes(20)], [0; 640]);
//! let sheet = Bitmap::from_buffer(64, 64, Depth::Bpp4, &mut pixels)?;
//! let colors = Palette::from_buffer(16, &mut entries)?;
//! colors.set(1, 0xff_8000)?;
//!
//! let player = TileGrid::new(&sheet, &colors).tiles(16, 16).at(10, 20);
//! let sun = Circle::new(&colors, 20).at(280, 30).color(1);
//! let score = Label::from_buffer(&FONT_6X12, &mut glyphs).at(4, 8);
//! let root = Group::new((&sun, &player, &score));
//! let mut display = Display::new(panel, &mut strip_buffer);
//! display.refresh(&root)?; // everything
//! score.set_text(format_args!("Score {}", 100))?;
//! player.move_to(11, 20);
//! display.refresh(&root)?; // the player and the text
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The pipeline, module by module: `geometry`, `color` and `format` are the vocabulary; `view`, `fixed_depth`, `rows`, `bitmap`, `bmp` and
//! `on_disk` give pixels; `shader`, `palette` and `converter` colour them; `change` tells viewers of changes; `node` is what
//! all of a scene is; `tile_map`, `tile_grid`, `shape` and `text` are the leaves, `group` and `containers` the tree; `damage`
//! decides what is repainted, by way of `corners`; `strip`, `mapping`, `picture` and `spans` paint it; `display` sends it to a
//! `panel`; `report` tells where memory went.
//!
//! Features, all off by default:
//! - `embedded-graphics`: whatever embedded-graphics draws can be drawn on a bitmap: `Bitmap::draw_target`.
//! - `mono-font`, `u8g2-fonts`: labels show the fonts of embedded-graphics and u8g2.
//! - `rc`: nodes, bitmaps and palettes behind `Rc`.
//! - `defmt`: what can be printed can be logged, too.
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::float_arithmetic)]

#[cfg(any(feature = "rc", test))]
extern crate alloc;

mod bitmap;
mod bmp;
#[cfg(doctest)]
mod borrows;
mod change;
mod color;
mod containers;
mod converter;
mod corners;
mod damage;
mod display;
mod fixed_depth;
mod format;
mod geometry;
mod group;
mod mapping;
mod node;
mod on_disk;
mod palette;
mod panel;
mod picture;
mod report;
mod rows;
mod shader;
mod shape;
mod spans;
mod strip;
mod text;
mod tile_grid;
mod tile_map;
mod view;

pub use bitmap::{
    Bitmap, BitmapError, Blend, BlendMode, Canvas, Diffusion, Image, RawFormat, ReadIntoError,
    Rotozoom, Skip,
};
#[cfg(feature = "embedded-graphics")]
pub use bitmap::{BitmapTarget, PaletteIndex};
pub use bmp::BmpError;
pub use change::{Change, Changes, Mark, Tracked};
pub use color::Rgb888;
pub use converter::ColorConverter;
pub use damage::{Damage, MAX_AREAS};
pub use display::{Display, RefreshError, RefreshStats};
pub use displayio_allocators::{
    Busy, Heap, Home, OutOfMemory, Purpose, Rejected, Storage, StorageKind, TooSmall,
};
/// Its traits are those of files, in the version that is meant here.
pub use embedded_io;
pub use fixed_depth::{FixedDepth, OtherDepth};
pub use format::{
    Bgr888, Bgrx8888, BitOrder, ColorCode, FourColor, Gray2, Gray4, Gray8, Luma, Mono, Packed,
    Packing, PixelFormat, Planar, Rgb332, Rgb565, Rgb565Le, Rgbd, SevenColor, SixColor, Tricolor,
};
pub use geometry::{Area, Axes, Rotation, Size, Transform};
pub use group::{AddError, Children, Group, List, ListError};
/// Its vectors hold children, in the version that is meant here.
pub use heapless;
pub(crate) use mapping::Mapping;
pub use node::{Layer, Node, Place, Shown, Visible};
pub use on_disk::{BmpImage, LoadError, OnDiskBitmap, SliceFile};
pub use palette::{FlashPalette, FlashPaletteRgb, Palette, PaletteError, PaletteRgb};
pub use panel::{AsyncPanel, BlockingPanel, Capabilities, Panel};
pub(crate) use picture::Picture;
pub use report::{MemoryReport, Part};
pub use rows::PixelValue;
pub use shader::{Colors, Colorspace, Conversion, Shader, Table};
pub use shape::{
    Circle, Disc, Extent, Figure, Line, Ngon, Oblong, PointList, Points, PointsError, PointsView,
    Polygon, Rectangle, Shape,
};
pub use strip::{Strip, Strips};
#[cfg(feature = "mono-font")]
pub use text::MonoFontAdapter;
#[cfg(feature = "u8g2-fonts")]
pub use text::U8g2Font;
pub use text::{
    Accent, Align, Anchor, BdfFile, BitmapLabel, CharRange, Decoration, Direction, FONT_6X12,
    FlashFont, Font, FontError, FontFile, FontFileError, FontHeader, FontMetrics, FontWriter,
    Glyph, GlyphCache, GlyphId, GlyphSource, Label, LoadFontError, LoadedFont, PackedFile,
    PackedFont, PcfFile, Text, TextBounds, TextBox, TextError, TextStyle, Ticker, WrapChars,
    WrapPixels,
};
pub use tile_grid::TileGrid;
pub use tile_map::{FlashTileMap, OneTile, TileError, TileMap, TileView, Tiles};
pub use view::{Depth, PixelLayout, PixelSource, Region, View};
