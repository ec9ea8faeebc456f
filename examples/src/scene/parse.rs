//! JSON text to a checked scene.
//!
//! Everything is checked here, names and sizes and the operations of all steps, before anything is allocated for it.
//! A scene whose work has no sensible bound (a million steps on a huge panel) is not accepted either.

mod assets;
mod nodes;
mod operations;
mod tables;

use std::collections::HashMap;

use displayio_core::{BitOrder, Gray4, Mono, Packing, Rgb565, Rgb565Le, Rotation, Size};
use serde_json::Value;

pub use self::assets::Assets;
use super::{
    BitmapId, BitmapSpec, DisplaySpec, Format, NodeId, NodeSpec, Operation, PlayError, Scene,
    ShaderId, ShaderSpec, cursor::Cursor,
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
    let display = display(&top.required("display")?)?;
    let mut parser = Parser::new(assets);
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

fn display(at: &Cursor<'_>) -> Result<DisplaySpec> {
    let side = |name| at.required(name)?.integer(1..=MAX_SIDE);
    let size = Size::new(side("width")?, side("height")?);
    if u64::from(size.width) * u64::from(size.height) > MAX_PANEL_PIXELS {
        return Err(at.unsupported(format_args!("more than {MAX_PANEL_PIXELS} pixels")));
    }
    let degrees = at.integer_or("rotation", 0, 0..=u16::MAX)?;
    let rotation = Rotation::from_degrees(degrees).ok_or_else(|| {
        let at = at.place("rotation");
        at.refuse(format_args!("{degrees} degrees are none of 0, 90, 180 and 270"))
    })?;
    Ok(DisplaySpec { size, rotation, format: format(at)? })
}

fn format(at: &Cursor<'_>) -> Result<Format> {
    let depth = at.integer_or("depth", 16, 1..=32)?;
    if !matches!(depth, 1 | 2 | 4 | 8 | 16 | 24 | 32) {
        return Err(at.place("depth").refuse(format_args!("there is no depth of {depth} bits")));
    }
    let grayscale = at.flag_or_false("grayscale")?;
    let share_row = at.optional("share_row")?.map_or(Ok(true), |flag| flag.flag())?;
    let reverse_bytes = at.flag_or_false("reverse_bytes")?;
    let order =
        if at.flag_or_false("reverse_pixels")? { BitOrder::HighFirst } else { BitOrder::LowFirst };
    for name in ["tricolor", "fourcolor", "sixcolor", "sevencolor"] {
        if let Some(inks) = at.optional(name)?.filter(|flag| flag.flag() != Ok(false)) {
            return Err(inks.unsupported("panels of several inks"));
        }
    }
    let luma_bit = 8_u8.saturating_sub(depth);
    if at.integer_or("grayscale_bit", luma_bit, 0..=7)? != luma_bit && depth < 16 {
        let at = at.place("grayscale_bit");
        return Err(at.unsupported(format_args!("another bit than {luma_bit}")));
    }
    match depth {
        16 if reverse_bytes => Ok(Format::Rgb565(Rgb565)),
        16 => Ok(Format::Rgb565Le(Rgb565Le)),
        4 if grayscale && share_row => Ok(Format::Gray4(Gray4 { order })),
        1 if grayscale => {
            let packing = if share_row { Packing::Rows } else { Packing::Columns };
            Ok(Format::Mono(Mono { packing, order }))
        }
        _ => Err(at.place("depth").unsupported(format_args!(
            "depth {depth} (grayscale {grayscale}, share_row {share_row})"
        ))),
    }
}

/// What has been read so far, and under which names.
struct Parser<'v> {
    assets: &'v Assets,
    bitmaps: Vec<BitmapSpec>,
    shaders: Vec<ShaderSpec>,
    node_count: usize,
    bitmap_names: HashMap<&'v str, BitmapId>,
    /// A bitmap on disk names its own colours: `@id`.
    shader_names: HashMap<String, ShaderId>,
    node_names: HashMap<&'v str, Named>,
    tile_grids: u64,
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
    },
}

impl<'v> Parser<'v> {
    fn new(assets: &'v Assets) -> Self {
        Self {
            assets,
            bitmaps: Vec::new(),
            shaders: Vec::new(),
            node_count: 0,
            bitmap_names: HashMap::new(),
            shader_names: HashMap::new(),
            node_names: HashMap::new(),
            tile_grids: 0,
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

    /// Counts all pixels that are drawn or painted.
    fn check_work(&self, display: &DisplaySpec, steps: usize, at: &Cursor<'_>) -> Result<u64> {
        let panel = u64::from(display.size.width) * u64::from(display.size.height);
        let pictures = panel.saturating_mul(steps as u64 + 1);
        Self::check_limit(pictures, MAX_PICTURE_PIXELS, at)?;
        let painted = pictures.saturating_mul(self.tile_grids);
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
