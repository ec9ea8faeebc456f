//! Assets as Rust source.

use core::fmt::{self, Display, Write as _};

use displayio_core::{Depth, Size};

use crate::{
    font::{GlyphSet, bits_per_pixel},
    image::Converted,
    tiles::TileSet,
};

/// Numbers on a line.
const PER_LINE: usize = 16;

impl Converted {
    /// The picture as Rust source: `pub static NAME: Image`, and its colours as
    /// [`colors_to_rust`](Self::colors_to_rust) has them.
    ///
    /// Paths are absolute: the source goes anywhere. `name` is an identifier of capitals.
    #[must_use]
    pub fn to_rust(&self, name: &str) -> String {
        self.image_to_rust(name, &Bytes(&self.bytes())) + &self.colors_to_rust(name)
    }

    /// The same with the pixels in a file, whose contents are [`bytes`](Self::bytes).
    ///
    /// `file` is relative to the source file.
    #[must_use]
    pub fn to_rust_including(&self, name: &str, file: &str) -> String {
        self.pixels_to_rust_including(name, file) + &self.colors_to_rust(name)
    }

    /// The picture alone, where the colours are shared.
    #[must_use]
    pub fn pixels_to_rust(&self, name: &str) -> String {
        self.image_to_rust(name, &Bytes(&self.bytes()))
    }

    /// The picture alone with its pixels in a file.
    #[must_use]
    pub fn pixels_to_rust_including(&self, name: &str, file: &str) -> String {
        self.image_to_rust(name, &format_args!("include_bytes!({file:?})"))
    }

    fn image_to_rust(&self, name: &str, bytes: &dyn Display) -> String {
        let Size { width, height } = self.size();
        let depth = self.depth();
        let values = match depth {
            Depth::Bpp16 => "RGB565",
            Depth::Bpp32 => "RGB888",
            _ => "indexed",
        };
        format!(
            "/// {width}x{height} pixels, {values}, {bits} bits each.\n\
             #[rustfmt::skip]\n\
             pub static {name}: ::displayio_core::Image =\n    \
             ::displayio_core::Image::new({width}, {height}, ::displayio_core::Depth::{depth:?}, \
             {bytes});\n",
            bits = depth.bits(),
        )
    }

    /// The colours as Rust source: `NAME_COLORS: [u32; N]`, if there is a palette, and `NAME_TRANSPARENT`.
    ///
    /// That is an `Option<u16>` for `FlashPalette::with_transparent` and `Palette::set_transparent`; or an `Option<u32>` for
    /// `ColorConverter::set_transparent` where pixels are colours.
    #[must_use]
    pub fn colors_to_rust(&self, name: &str) -> String {
        let count = self.palette().len();
        let mut source = String::new();
        let kind = if count == 0 {
            "u32"
        } else {
            let colors: Vec<_> = self.palette().iter().map(|color| color.value()).collect();
            source += &format!(
                "/// Colors of `{name}`, `0xRRGGBB`.\n\
                 #[rustfmt::skip]\n\
                 pub const {name}_COLORS: [u32; {count}] = [{}];\n",
                Lines { values: &colors, per_line: PER_LINE / 2, write: write_color },
            );
            "u16"
        };
        source
            + &format!(
                "/// The value of transparent pixels of `{name}`.\n\
                 pub const {name}_TRANSPARENT: Option<{kind}> = {:?};\n",
                self.transparent()
            )
    }
}

impl TileSet {
    /// The map as Rust source: `pub static NAME_MAP: FlashTileMap`, and `NAME_TILE`, the size of a tile. For maps in RAM that
    /// begin as this one, `NAME_INDICES` has its tiles row by row, in bytes if they suffice, and `NAME_CELLS` its columns and
    /// rows.
    #[must_use]
    pub fn map_to_rust(&self, name: &str) -> String {
        let ((columns, rows), tile) = (self.cells(), self.tile_size());
        let (kind, new) = if self.is_wide() { ("u16", "new_wide") } else { ("u8", "new") };
        format!(
            "/// Columns and rows of `{name}_MAP`.\n\
             pub const {name}_CELLS: (u16, u16) = ({columns}, {rows});\n\
             /// Width and height of a tile of `{name}`.\n\
             pub const {name}_TILE: (u16, u16) = ({}, {});\n\
             /// Tile of each cell, as `TileGrid::with_map` shows it from flash.\n\
             pub static {name}_MAP: ::displayio_core::FlashTileMap =\n    \
             ::displayio_core::FlashTileMap::{new}({columns}, {rows}, &{name}_INDICES);\n\
             /// Tile of each cell, row by row.\n\
             #[rustfmt::skip]\n\
             pub static {name}_INDICES: [{kind}; {}] = [{}];\n",
            tile.width,
            tile.height,
            self.map().len(),
            Lines { values: self.map(), per_line: PER_LINE, write: write_tile },
        )
    }
}

impl GlyphSet {
    /// The font as Rust source: `pub static NAME: FlashFont`, with its origin in a doc comment.
    ///
    /// Paths are absolute: the source goes anywhere. `name` is an identifier of capitals.
    #[must_use]
    pub fn to_rust(&self, name: &str) -> String {
        let bytes = self.pack();
        let (origin, bits) = (&self.origin, bits_per_pixel(self.header().bits));
        let size = match origin.size_px {
            Some(size_px) => format!("{size_px} px"),
            None => format!("lines of {} px", self.header().box_size.1),
        };
        let from = |file: &String| format!("From {}. ", code(file));
        let license = origin
            .license
            .as_deref()
            .map_or_else(|| "see there; it applies to these pixels, too".into(), code);
        format!(
            "/// {font}: {size}, {bits}, {len} bytes.\n\
             ///\n\
             /// {from}Characters: {characters}.\n\
             /// License of the font: {license}.\n\
             #[rustfmt::skip]\n\
             pub static {name}: ::displayio_core::FlashFont = ::displayio_core::FlashFont::new({bytes});\n",
            font = origin.name.as_deref().map_or_else(|| "A font".into(), code),
            len = bytes.len(),
            from = origin.file_name.as_ref().map_or_else(String::new, from),
            characters = self.characters(),
            bytes = Bytes(&bytes),
        )
    }
}

/// Text of others, so that it means nothing to rustdoc.
fn code(text: &str) -> String {
    let printable = |c: char| if c.is_control() || c == '`' { '\'' } else { c };
    format!("`{}`", text.chars().map(printable).collect::<String>())
}

/// A slice of bytes.
struct Bytes<'b>(&'b [u8]);

impl Display for Bytes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let write = |f: &mut fmt::Formatter<'_>, byte: &u8| write!(f, "0x{byte:02x}");
        write!(f, "&[{}]", Lines { values: self.0, per_line: PER_LINE, write })
    }
}

/// Values between brackets, so many to a line.
struct Lines<'v, T, W> {
    values: &'v [T],
    per_line: usize,
    write: W,
}

impl<T, W: Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result> Display for Lines<'_, T, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.values.chunks(self.per_line) {
            f.write_str("\n   ")?;
            for value in line {
                f.write_char(' ')?;
                (self.write)(f, value)?;
                f.write_char(',')?;
            }
        }
        f.write_char('\n')
    }
}

fn write_color(f: &mut fmt::Formatter<'_>, color: &u32) -> fmt::Result {
    write!(f, "0x{:02x}_{:04x}", color >> 16, color & 0xffff)
}

fn write_tile(f: &mut fmt::Formatter<'_>, tile: &u16) -> fmt::Result {
    tile.fmt(f)
}
