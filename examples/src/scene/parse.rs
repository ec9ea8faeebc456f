//! JSON text to a checked scene.
//!
//! Everything is checked here, names and sizes and the operations of all steps, before anything is allocated for it.
//! A scene whose work has no sensible bound (a million steps on a huge panel) is not accepted either.

mod assets;
mod display;
mod drawing;
mod nodes;
mod operations;
mod tables;
mod text;

use std::collections::HashMap;

use serde_json::Value;

pub use self::assets::Assets;
use super::{
    BitmapId, BitmapSpec, DisplaySpec, NodeId, NodeSpec, Operation, PlayError, Scene, ShaderId,
    ShaderSpec,
    cursor::Cursor,
    text::{FontId, FontSpec, TextSpec},
};

/// The largest scene text, in bytes.
pub const MAX_SCENE_BYTES: u64 = 8 << 20;

/// The largest panel, in pixels: 2048x2048.
const MAX_PANEL_PIXELS: u64 = 1 << 22;

/// The most pixels in all pictures together.
const MAX_PICTURE_PIXELS: u64 = 1 << 29;

/// The most pixels that drawing and painting may touch: about a minute.
const MAX_WORK_PIXELS: u64 = 1 << 36;

/// What drawing a pixel on a bitmap costs, in pixels painted.
const DRAWING_COST: u64 = 8;

/// The longest side of a bitmap or a tile grid: positions have 16 bits with a sign.
const MAX_SIDE: u16 = 32767;

type Result<T> = core::result::Result<T, PlayError>;

/// Reads a scene in the schema `displayio-scene/1`.
///
/// # Errors
/// [`PlayError::Refused`] and [`PlayError::Unsupported`] with the place in the text; [`PlayError::Failed`] for a file
/// that cannot be read. A step that is not supported is no error yet: [`play`](super::play) gets that far.
pub fn parse(text: &[u8], assets: &Assets) -> Result<Scene> {
    let document: Value = serde_json::from_slice(text).map_err(|error| PlayError::Refused {
        path: String::new(),
        reason: format!("not JSON: {error}"),
    })?;
    let top = Cursor::root(&document);
    check_schema(&top)?;
    let display = display::display(&top.required("display")?)?;
    let mut parser = Parser::new(assets);
    parser.fonts(&top)?;
    parser.tables(&top)?;
    let root = top.required("root")?;
    let NodeSpec::Group(root) = parser.node(&root)? else {
        return Err(root.refuse("the root must be a group"));
    };
    let (steps, unsupported_step) = parser.steps(&top)?;
    let work_pixels = parser.check_work(&display, steps.len(), &top)?;
    Ok(Scene {
        name: top.optional("name")?.map_or(Ok(""), |name| name.text())?.into(),
        display,
        fonts: parser.fonts,
        texts: parser.texts,
        bitmaps: parser.bitmaps,
        shaders: parser.shaders,
        root,
        node_count: parser.node_count,
        steps,
        unsupported_step,
        work_pixels,
    })
}

fn check_schema(top: &Cursor<'_>) -> Result<()> {
    let schema = top.required("schema")?;
    match schema.text()? {
        "displayio-scene/1" => Ok(()),
        other => Err(schema.refuse(format_args!("unknown schema {other:?}"))),
    }
}

/// What has been read so far, and under which names.
struct Parser<'v> {
    assets: &'v Assets,
    fonts: Vec<FontSpec>,
    texts: Vec<TextSpec>,
    font_names: HashMap<&'v str, FontId>,
    bitmaps: Vec<BitmapSpec>,
    shaders: Vec<ShaderSpec>,
    node_count: usize,
    bitmap_names: HashMap<&'v str, BitmapId>,
    /// A bitmap on disk names its own colours: `@id`.
    shader_names: HashMap<String, ShaderId>,
    node_names: HashMap<&'v str, Named>,
    /// Tile grids and shapes: each may paint all of the panel.
    leaves: u64,
    work_pixels: u64,
}

/// A named node, as far as operations need to know it.
#[derive(Clone, Copy)]
struct Named {
    id: NodeId,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Group {
        /// Number of children, at this point of the steps.
        len: usize,
    },
    Grid {
        cells: (u16, u16),
        max_tile: u16,
        bitmap: BitmapId,
    },
    Circle,
    Rectangle,
    Polygon,
    Text,
}

impl Kind {
    const fn is_shape(self) -> bool {
        matches!(self, Self::Circle | Self::Rectangle | Self::Polygon)
    }
}

impl<'v> Parser<'v> {
    fn new(assets: &'v Assets) -> Self {
        Self {
            assets,
            fonts: Vec::new(),
            texts: Vec::new(),
            font_names: HashMap::new(),
            bitmaps: Vec::new(),
            shaders: Vec::new(),
            node_count: 0,
            bitmap_names: HashMap::new(),
            shader_names: HashMap::new(),
            node_names: HashMap::new(),
            leaves: 0,
            work_pixels: 0,
        }
    }

    /// The steps up to the first that is not supported, and why that is not.
    fn steps(&mut self, top: &Cursor<'v>) -> Result<(Vec<Vec<Operation>>, Option<PlayError>)> {
        let mut steps = Vec::new();
        for step in top.list("steps")? {
            match self.step(&step) {
                Ok(operations) => steps.push(operations),
                Err(error @ PlayError::Unsupported { .. }) => return Ok((steps, Some(error))),
                Err(error) => return Err(error),
            }
        }
        Ok((steps, None))
    }

    fn step(&mut self, at: &Cursor<'v>) -> Result<Vec<Operation>> {
        at.items()?.map(|operation| self.operation(&operation)).collect()
    }

    /// Counts pixels that will be drawn on a bitmap.
    fn spend(&mut self, pixels: u64, at: &Cursor<'_>) -> Result<()> {
        let cost = pixels.saturating_mul(DRAWING_COST);
        self.work_pixels = self.work_pixels.saturating_add(cost);
        Self::check_limit(self.work_pixels, MAX_WORK_PIXELS, at)
    }

    fn check_work(&self, display: &DisplaySpec, steps: usize, at: &Cursor<'_>) -> Result<u64> {
        let panel = u64::from(display.size.width) * u64::from(display.size.height);
        let pictures = panel.saturating_mul(steps as u64 + 1);
        Self::check_limit(pictures, MAX_PICTURE_PIXELS, at)?;
        let painted = pictures.saturating_mul(self.leaves);
        let work_pixels = painted.saturating_add(self.work_pixels);
        Self::check_limit(work_pixels, MAX_WORK_PIXELS, at)?;
        Ok(pictures.max(work_pixels))
    }

    fn check_limit(pixels: u64, limit: u64, at: &Cursor<'_>) -> Result<()> {
        if pixels <= limit {
            return Ok(());
        }
        Err(at.unsupported(format_args!("more work than {limit} pixels")))
    }
}
