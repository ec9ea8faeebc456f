//! Scenes in JSON: read, checked, built from memory of a chosen size, and played.
//!
//! [`parse`] makes a checked [`Scene`] of a `displayio-scene/1` text, or says where the text is wrong; [`play`] builds
//! its nodes on a heap, refreshes once, and once more after each of its steps. What the checks let through can only
//! fail for want of memory.
//!
//! ```
//! use displayio_examples::scene::{Assets, HeapKind, PlayError, SceneMemory, parse, play};
//! let text = br#"{"schema": "displayio-scene/1", "display": {"width": 8, "height": 4},
//!     "palettes": {"p": {"colors": [0, 16711680]}},
//!     "bitmaps": {"b": {"size": [2, 2], "value_count": 2, "ops": [["fill", 1]]}},
//!     "root": {"type": "group", "children": [{"type": "tilegrid", "bitmap": "b", "shader": "p"}]}}"#;
//! let scene = parse(text, &Assets::default())?;
//! let memory = SceneMemory { buffer_bytes: 64, heap_bytes: 1024, heap_kind: HeapKind::Compacting };
//! play(&scene, memory, &mut |frame| {
//!     assert_eq!(frame.to_rgb()[..9], [255, 0, 0, 255, 0, 0, 0, 0, 0]);
//!     Ok(())
//! })?;
//! # Ok::<(), PlayError>(())
//! ```

mod build;
mod cursor;
mod draw;
mod error;
mod exchange;
mod format;
mod parse;
mod player;
mod shader;
mod step;
mod text;

use std::path::PathBuf;

use displayio_core::{
    Anchor, Area, Blend, Colorspace, Depth, Diffusion, Direction, RawFormat, Region, Rotozoom,
    Size, Skip,
};

pub use error::PlayError;
pub use format::{AnyCode, DisplaySpec, Format};
pub use parse::{Assets, MAX_SCENE_BYTES, parse};
pub use player::{Frame, HeapKind, SceneMemory, play};
pub use text::LabelReport;
use text::{FontId, FontSpec, TextId, TextSpec};

/// A checked scene.
#[derive(Debug)]
pub struct Scene {
    /// What it is called; may be empty.
    pub name: String,
    /// The panel and how the scene lies on it.
    pub display: DisplaySpec,
    fonts: Vec<FontSpec>,
    texts: Vec<TextSpec>,
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
    Shape(Box<ShapeSpec>),
    Text(TextId),
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
struct ShapeSpec {
    id: Option<NodeId>,
    figure: FigureSpec,
    shader: ShaderId,
    position: (i16, i16),
    color: u16,
    hidden: bool,
}

#[derive(Debug)]
enum FigureSpec {
    /// The radius.
    Circle(u16),
    Rectangle(Size),
    /// The corners.
    Polygon(Vec<(i16, i16)>),
}

#[derive(Debug)]
enum Operation {
    Set(NodeId, Attribute),
    /// Another bitmap of the same size for a tile grid.
    SetBitmap(NodeId, BitmapId),
    SetShader(NodeId, ShaderId),
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

#[derive(Debug)]
enum Attribute {
    X(i16),
    Y(i16),
    Location(i16, i16),
    Hidden(bool),
    FlipX(bool),
    FlipY(bool),
    Transposed(bool),
    Scale(u8),
    Color(u16),
    Radius(u16),
    Width(u16),
    Height(u16),
    Points(Vec<(i16, i16)>),
    Text(String),
    /// `0xRRGGBB`, or `None` for the background alone.
    TextColor(Option<u32>),
    Background(Option<u32>),
    /// In hundredths.
    LineSpacing(u16),
    Direction(Direction),
    Font(FontId),
    AnchorPoint(Option<Anchor>),
    AnchoredPosition(Option<(i16, i16)>),
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
    BoundaryFill { at: (u16, u16), value: u32, replaced: Option<u32> },
    Blit { source: BitmapId, region: Region, to: (i16, i16), skip: Skip },
    Rotozoom { source: BitmapId, options: Rotozoom },
    ArrayBlit { area: Area, values: Vec<u32>, skip: Option<u32> },
    AlphaBlend(Box<Mixture>),
    Dither { source: BitmapId, colorspace: Colorspace, diffusion: Diffusion },
    ReadInto { path: PathBuf, offset: u64, format: RawFormat },
}

/// Two bitmaps mixed into a third.
#[derive(Debug)]
struct Mixture {
    sources: [BitmapId; 2],
    colorspace: Colorspace,
    mask: Option<BitmapId>,
    /// All but the mask.
    options: Blend<'static>,
}
