//! Groups, tile grids and shapes.

use displayio_core::Size;

use super::{Kind, MAX_SIDE, Named, Parser, Result};
use crate::scene::{FigureSpec, GridSpec, GroupSpec, NodeId, NodeSpec, ShapeSpec, cursor::Cursor};

/// The largest scale: those of nested groups multiply into 7 bits.
pub(super) const MAX_SCALE: u8 = 127;

/// Corners that cost as much to paint as a panel full of pixels, about.
const CORNERS_OF_A_SHAPE: u64 = 16;

impl<'v> Parser<'v> {
    pub(super) fn node(&mut self, at: &Cursor<'v>) -> Result<NodeSpec> {
        let kind = at.required("type")?;
        match kind.text()? {
            "group" => Ok(NodeSpec::Group(self.group(at)?)),
            "tilegrid" => Ok(NodeSpec::Grid(Box::new(self.grid(at)?))),
            "circle" | "rectangle" | "polygon" => Ok(NodeSpec::Shape(Box::new(self.shape(at)?))),
            "label" | "bitmap_label" | "text_box" => Ok(NodeSpec::Text(self.text(at)?)),
            "shape" => Err(kind.unsupported("the node shape: use the expanded scene")),
            other => Err(kind.refuse(format_args!("unknown node {other:?}"))),
        }
    }

    fn group(&mut self, at: &Cursor<'v>) -> Result<GroupSpec> {
        let children =
            at.list("children")?.map(|child| self.node(&child)).collect::<Result<Vec<_>>>()?;
        Ok(GroupSpec {
            id: self.name_node(at, Kind::Group { len: children.len() })?,
            position: (at.coordinate_or_zero("x")?, at.coordinate_or_zero("y")?),
            scale: at.optional("scale")?.map_or(Ok(1), |at| scale(&at))?,
            hidden: at.flag_or_false("hidden")?,
            children,
        })
    }

    fn grid(&mut self, at: &Cursor<'v>) -> Result<GridSpec> {
        self.leaves += 1;
        let bitmap = self.bitmap_id(&at.required("bitmap")?)?;
        let size = self.bitmaps[bitmap.0].size();
        let tile = Size::new(
            tile_side(at, "tile_width", size.width)?,
            tile_side(at, "tile_height", size.height)?,
        );
        let cells = (cell_count(at, "width", tile.width)?, cell_count(at, "height", tile.height)?);
        let tile_count = u32::from(size.width / tile.width) * u32::from(size.height / tile.height);
        let max_tile = u16::try_from(tile_count - 1).unwrap_or(u16::MAX);
        Ok(GridSpec {
            id: self.name_node(at, Kind::Grid { cells, max_tile, bitmap })?,
            bitmap,
            shader: self.shader_id(&at.required("shader")?)?,
            position: (at.coordinate_or_zero("x")?, at.coordinate_or_zero("y")?),
            tile,
            cells,
            default_tile: at.integer_or("default_tile", 0, 0..=u16::MAX)?,
            tiles: tiles(at, cells, max_tile)?,
            flip_x: at.flag_or_false("flip_x")?,
            flip_y: at.flag_or_false("flip_y")?,
            transposed: at.flag_or_false("transpose_xy")?,
            hidden: at.flag_or_false("hidden")?,
        })
    }

    fn shape(&mut self, at: &Cursor<'v>) -> Result<ShapeSpec> {
        let side = |name| at.required(name)?.integer(1..=MAX_SIDE);
        let (figure, kind) = match at.required("type")?.text()? {
            "circle" => (FigureSpec::Circle(side("radius")?), Kind::Circle),
            "rectangle" => {
                let size = Size::new(side("width")?, side("height")?);
                (FigureSpec::Rectangle(size), Kind::Rectangle)
            }
            _ => (FigureSpec::Polygon(self.corners(&at.required("points")?)?), Kind::Polygon),
        };
        self.leaves += 1;
        Ok(ShapeSpec {
            id: self.name_node(at, kind)?,
            figure,
            shader: self.shader_id(&at.required("shader")?)?,
            position: (at.coordinate_or_zero("x")?, at.coordinate_or_zero("y")?),
            color: at.integer_or("color_index", 0, 0..=u16::MAX)?,
            hidden: at.flag_or_false("hidden")?,
        })
    }

    /// The corners of a polygon. Many of them count as so many more shapes.
    pub(super) fn corners(&mut self, at: &Cursor<'v>) -> Result<Vec<(i16, i16)>> {
        let corners = at.items()?.map(|corner| point(&corner)).collect::<Result<Vec<_>>>()?;
        if !(3..=usize::from(MAX_SIDE)).contains(&corners.len()) {
            return Err(at.refuse(format_args!("a polygon has 3 to {MAX_SIDE} corners")));
        }
        self.leaves += corners.len() as u64 / CORNERS_OF_A_SHAPE;
        Ok(corners)
    }

    /// Remembers a node that has a name. A node that is added later may take a name over.
    pub(super) fn name_node(&mut self, at: &Cursor<'v>, kind: Kind) -> Result<Option<NodeId>> {
        let Some(name) = at.optional("id")? else { return Ok(None) };
        let id = NodeId(self.node_count);
        self.node_count += 1;
        self.node_names.insert(name.text()?, Named { id, kind });
        Ok(Some(id))
    }
}

/// A list of x and y.
pub(super) fn point(at: &Cursor<'_>) -> Result<(i16, i16)> {
    if at.items()?.len() != 2 {
        return Err(at.refuse("x and y are needed"));
    }
    let coordinate = |index| at.item(index)?.integer(i16::MIN..=i16::MAX);
    Ok((coordinate(0)?, coordinate(1)?))
}

pub(super) fn scale(at: &Cursor<'_>) -> Result<u8> {
    let scale: u16 = at.integer(1..=MAX_SIDE)?;
    match u8::try_from(scale) {
        Ok(scale @ ..=MAX_SCALE) => Ok(scale),
        _ => Err(at.unsupported(format_args!("a scale above {MAX_SCALE}"))),
    }
}

/// Width or height of a tile: 0 is all of the bitmap, anything else divides it.
fn tile_side<'v>(at: &Cursor<'v>, name: &'v str, whole: u16) -> Result<u16> {
    let Some(at) = at.optional(name)? else { return Ok(whole) };
    match at.integer(0..=u16::MAX)? {
        0 => Ok(whole),
        side if whole.is_multiple_of(side) => Ok(side),
        side => Err(at.refuse(format_args!("{side} does not divide the bitmap's {whole}"))),
    }
}

/// Columns or rows of a grid whose extent has 15 bits.
fn cell_count<'v>(at: &Cursor<'v>, name: &'v str, side: u16) -> Result<u16> {
    let Some(at) = at.optional(name)? else { return Ok(1) };
    let count: u16 = at.integer(0..=u16::MAX)?;
    if u32::from(count) * u32::from(side) > u32::from(MAX_SIDE) {
        return Err(at.unsupported(format_args!("a tile grid of more than {MAX_SIDE} pixels")));
    }
    Ok(count)
}

fn tiles(at: &Cursor<'_>, cells: (u16, u16), max_tile: u16) -> Result<Vec<u16>> {
    let Some(at) = at.optional("tiles")? else { return Ok(Vec::new()) };
    let items = at.items()?;
    let room = usize::from(cells.0) * usize::from(cells.1);
    if items.len() > room {
        let found = items.len();
        return Err(at.refuse(format_args!("{found} tiles for {room} cells")));
    }
    items.map(|tile| tile.integer(0..=max_tile)).collect()
}
