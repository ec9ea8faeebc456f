//! Scenes in JSON: read, checked, built from memory of a chosen size, and played.
//!
//! [`parse`] makes a checked [`Scene`] of a `displayio-scene/1` text, or says where the text is wrong; [`play`] builds
//! its nodes on a heap, refreshes once, and once more after each of its steps. What the checks let through can only
//! fail for want of memory.
//!
//! ```
//! use displayio_examples::scene::{Assets, MemorySizes, PlayError, parse, play};
//! let text = br#"{"schema": "displayio-scene/1", "display": {"width": 8, "height": 4},
//!     "palettes": {"p": {"colors": [0, 16711680]}},
//!     "bitmaps": {"b": {"size": [2, 2], "value_count": 2, "ops": [["fill", 1]]}},
//!     "root": {"type": "group", "children": [{"type": "tilegrid", "bitmap": "b", "shader": "p"}]}}"#;
//! let scene = parse(text, &Assets::default())?;
//! let memory = MemorySizes { buffer_bytes: 64, heap_bytes: 1024 };
//! play(&scene, memory, &mut |frame| {
//!     assert_eq!(frame.to_rgb()[..9], [255, 0, 0, 255, 0, 0, 0, 0, 0]);
//!     Ok(())
//! })?;
//! # Ok::<(), PlayError>(())
//! ```

mod build;
mod cursor;
mod error;
mod parse;
mod player;
mod shader;
mod step;

use std::path::PathBuf;

use displayio_core::{Area, Colorspace, Depth, Gray4, Mono, Rgb565, Rgb565Le, Rotation, Size};

pub use error::PlayError;
pub use parse::{Assets, MAX_SCENE_BYTES, parse};
pub use player::{Frame, MemorySizes, play};

/// A checked scene.
#[derive(Debug)]
pub struct Scene {
    /// What it is called; may be empty.
    pub name: String,
    /// The panel and how the scene lies on it.
    pub display: DisplaySpec,
    bitmaps: Vec<BitmapSpec>,
    shaders: Vec<ShaderSpec>,
    root: GroupSpec,
    /// Number of named nodes, those of the steps included.
    node_count: usize,
    steps: Vec<Vec<Operation>>,
    /// Why the steps end early: the next one is not supported.
    unsupported_step: Option<PlayError>,
    work_pixels: u64,
}

impl Scene {
    /// Number of pictures that [`play`] makes: one before the steps, and one after each.
    #[must_use]
    pub const fn refresh_count(&self) -> usize {
        self.steps.len() + 1
    }

    /// The most pixels that [`play`] draws or paints: some 2^30 take a second.
    #[must_use]
    pub const fn work_pixels(&self) -> u64 {
        self.work_pixels
    }
}

/// The panel, and how the scene lies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisplaySpec {
    /// Size of the scene in pixels; the panel's is exchanged at a quarter turn.
    pub size: Size,
    /// How the scene is turned on the panel.
    pub rotation: Rotation,
    /// How the panel stores a pixel.
    pub format: Format,
}

impl DisplaySpec {
    /// Size of the panel in pixels.
    #[must_use]
    pub const fn panel_size(&self) -> Size {
        let Size { width, height } = self.size;
        if self.rotation.swaps_axes() { Size::new(height, width) } else { self.size }
    }
}

/// A pixel format known when the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// 16-bit colour, high byte first.
    Rgb565(Rgb565),
    /// 16-bit colour, low byte first.
    Rgb565Le(Rgb565Le),
    /// 16 greys.
    Gray4(Gray4),
    /// Black and white.
    Mono(Mono),
}

/// Position in [`Scene::bitmaps`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct BitmapId(usize);

/// Position in [`Scene::shaders`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct ShaderId(usize);

/// Which named node: below [`Scene::node_count`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct NodeId(usize);

#[derive(Debug)]
enum BitmapSpec {
    InMemory {
        size: Size,
        depth: Depth,
        /// Row by row; none for all zero. Each fits the depth.
        pixels: Option<Vec<u16>>,
        /// Drawn before the first refresh.
        drawing: Vec<Drawing>,
    },
    OnDisk {
        path: PathBuf,
        size: Size,
    },
}

impl BitmapSpec {
    const fn size(&self) -> Size {
        match self {
            Self::InMemory { size, .. } | Self::OnDisk { size, .. } => *size,
        }
    }
}

#[derive(Debug)]
enum ShaderSpec {
    Palette {
        /// `0xRRGGBB`.
        colors: Vec<u32>,
        /// Below the number of colours.
        transparent: Vec<u16>,
        dither: bool,
    },
    Converter {
        input: Colorspace,
        transparent: Option<u32>,
        dither: bool,
    },
    /// The colours of a bitmap that is on disk.
    OfFile {
        bitmap: BitmapId,
        /// 0 where its pixels are colours.
        palette_len: u16,
        /// Numbers in the palette, or one colour.
        transparent: Vec<u32>,
    },
}

#[derive(Debug)]
enum NodeSpec {
    Group(GroupSpec),
    Grid(Box<GridSpec>),
}

#[derive(Debug)]
struct GroupSpec {
    id: Option<NodeId>,
    position: (i16, i16),
    scale: u8,
    hidden: bool,
    children: Vec<NodeSpec>,
}

#[derive(Debug)]
struct GridSpec {
    id: Option<NodeId>,
    bitmap: BitmapId,
    shader: ShaderId,
    position: (i16, i16),
    /// Width and height of a tile in pixels; divide those of the bitmap.
    tile: Size,
    /// Columns and rows.
    cells: (u16, u16),
    default_tile: u16,
    /// Row by row, from the first cell on; the rest shows the default.
    tiles: Vec<u16>,
    flip_x: bool,
    flip_y: bool,
    transposed: bool,
    hidden: bool,
}

#[derive(Debug)]
enum Operation {
    Set(NodeId, Attribute),
    Tile {
        grid: NodeId,
        cell: (u16, u16),
        tile: u16,
    },
    Draw(BitmapId, Drawing),
    Color {
        palette: ShaderId,
        index: u16,
        /// `0xRRGGBB`.
        color: u32,
    },
    Transparent {
        palette: ShaderId,
        index: u16,
    },
    Insert {
        group: NodeId,
        index: usize,
        node: NodeSpec,
    },
    Remove {
        group: NodeId,
        index: usize,
    },
}

#[derive(Debug, Clone, Copy)]
enum Attribute {
    X(i16),
    Y(i16),
    Hidden(bool),
    FlipX(bool),
    FlipY(bool),
    Transposed(bool),
    Scale(u8),
}

/// An operation on a bitmap. Values fit its depth.
#[derive(Debug)]
enum Drawing {
    Fill(u32),
    Set { x: u16, y: u16, value: u32 },
    FillRegion(Area, u32),
    Line { from: (i16, i16), to: (i16, i16), value: u32 },
    Polygon { points: Vec<(i16, i16)>, value: u32, close: bool },
    Circle { center: (i16, i16), radius: u16, value: u32 },
    ReplaceColor { old: u32, new: u32 },
}
