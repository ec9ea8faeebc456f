//! Operations of steps: on nodes, colours and bitmaps.

use super::{
    Kind, MAX_SIDE, Named, Parser, Result,
    nodes::{point, scale},
};
use crate::scene::{Attribute, BitmapId, Operation, ShaderId, ShaderSpec, cursor::Cursor};

impl<'v> Parser<'v> {
    pub(super) fn bitmap_id(&self, at: &Cursor<'_>) -> Result<BitmapId> {
        let name = at.text()?;
        let id = self.bitmap_names.get(name).copied();
        id.ok_or_else(|| at.refuse(format_args!("there is no bitmap {name:?}")))
    }

    pub(super) fn shader_id(&self, at: &Cursor<'_>) -> Result<ShaderId> {
        let name = at.text()?;
        let id = self.shader_names.get(name).copied();
        id.ok_or_else(|| at.refuse(format_args!("there is no palette or converter {name:?}")))
    }

    fn named(&self, at: &Cursor<'_>) -> Result<Named> {
        let name = at.text()?;
        let named = self.node_names.get(name).copied();
        named.ok_or_else(|| at.refuse(format_args!("there is no node {name:?}")))
    }

    /// An operation of a step: a list of its name, what it is done to, and its arguments.
    pub(super) fn operation(&mut self, at: &Cursor<'v>) -> Result<Operation> {
        let name = at.item(0)?;
        match name.text()? {
            "set" => self.set(at),
            "tile" => self.tile(at),
            "bitmap" => self.draw(at),
            "palette" => {
                let (palette, index) = self.palette_entry(at)?;
                let color = at.item(3)?.integer(0..=0xff_ffff)?;
                Ok(Operation::Color { palette, index, color })
            }
            "transparent" => {
                let (palette, index) = self.palette_entry(at)?;
                Ok(Operation::Transparent { palette, index })
            }
            "append" => self.insert(at, None, &at.item(2)?),
            "insert" => self.insert(at, Some(&at.item(2)?), &at.item(3)?),
            "pop" => self.pop(at),
            other => Err(name.refuse(format_args!("unknown operation {other:?}"))),
        }
    }

    fn set(&mut self, at: &Cursor<'v>) -> Result<Operation> {
        let Named { id, kind } = self.named(&at.item(1)?)?;
        let (name, value) = (at.item(2)?, at.item(3)?);
        match (name.text()?, kind) {
            ("bitmap", Kind::Grid { bitmap, .. }) => {
                Ok(Operation::SetBitmap(id, self.other_bitmap(&value, bitmap)?))
            }
            (_, Kind::Text) => Ok(Operation::Set(id, self.text_attribute(&name, &value)?)),
            ("shader" | "pixel_shader", kind) if !matches!(kind, Kind::Group { .. }) => {
                Ok(Operation::SetShader(id, self.shader_id(&value)?))
            }
            _ => Ok(Operation::Set(id, self.attribute(&name, kind, &value)?)),
        }
    }

    /// A bitmap that may take the place of another one.
    fn other_bitmap(&self, at: &Cursor<'v>, now: BitmapId) -> Result<BitmapId> {
        let id = self.bitmap_id(at)?;
        let (new, old) = (&self.bitmaps[id.0], &self.bitmaps[now.0]);
        if new.size() != old.size() {
            return Err(at.refuse("the bitmap has another size"));
        }
        if core::mem::discriminant(new) != core::mem::discriminant(old) {
            return Err(at.unsupported("a bitmap in memory instead of one on disk, or the reverse"));
        }
        Ok(id)
    }

    fn attribute(
        &mut self,
        name: &Cursor<'v>,
        kind: Kind,
        value: &Cursor<'v>,
    ) -> Result<Attribute> {
        let coordinate = || value.integer(i16::MIN..=i16::MAX);
        let side = || value.integer(0..=MAX_SIDE);
        Ok(match (name.text()?, kind) {
            ("x", _) => Attribute::X(coordinate()?),
            ("y", _) => Attribute::Y(coordinate()?),
            ("hidden", _) => Attribute::Hidden(value.flag()?),
            ("scale", Kind::Group { .. }) => Attribute::Scale(scale(value)?),
            ("flip_x", Kind::Grid { .. }) => Attribute::FlipX(value.flag()?),
            ("flip_y", Kind::Grid { .. }) => Attribute::FlipY(value.flag()?),
            ("transpose_xy", Kind::Grid { .. }) => Attribute::Transposed(value.flag()?),
            ("location", kind) if kind.is_shape() => {
                let (x, y) = point(value)?;
                Attribute::Location(x, y)
            }
            ("color_index", kind) if kind.is_shape() => {
                Attribute::Color(value.integer(0..=u16::MAX)?)
            }
            ("radius", Kind::Circle) => Attribute::Radius(side()?),
            ("width", Kind::Rectangle) => Attribute::Width(side()?),
            ("height", Kind::Rectangle) => Attribute::Height(side()?),
            ("points", Kind::Polygon) => Attribute::Points(self.corners(value)?),
            (other, _) => return Err(name.refuse(format_args!("unknown attribute {other:?}"))),
        })
    }

    fn tile(&self, at: &Cursor<'v>) -> Result<Operation> {
        let grid = at.item(1)?;
        let Named { id, kind: Kind::Grid { cells: (columns, rows), max_tile, .. } } =
            self.named(&grid)?
        else {
            return Err(grid.refuse("a tile grid is needed"));
        };
        if columns == 0 || rows == 0 {
            return Err(grid.refuse("the tile grid has no cells"));
        }
        let cell = (at.item(2)?.integer(0..=columns - 1)?, at.item(3)?.integer(0..=rows - 1)?);
        Ok(Operation::Tile { grid: id, cell, tile: at.item(4)?.integer(0..=max_tile)? })
    }

    fn palette_entry(&self, at: &Cursor<'v>) -> Result<(ShaderId, u16)> {
        let palette = at.item(1)?;
        let id = self.shader_id(&palette)?;
        let len = match &self.shaders[id.0] {
            ShaderSpec::Palette { colors, .. } => colors.len(),
            ShaderSpec::OfFile { palette_len, .. } => usize::from(*palette_len),
            ShaderSpec::Converter { .. } => 0,
        };
        let last = u16::try_from(len).ok().and_then(|len| len.checked_sub(1));
        let last = last.ok_or_else(|| palette.refuse("a palette is needed, not a converter"))?;
        Ok((id, at.item(2)?.integer(0..=last)?))
    }

    /// The group of an operation, and the number of its children.
    fn group_of(&self, at: &Cursor<'v>) -> Result<(&'v str, Named, usize)> {
        let name = at.item(1)?;
        let named = self.named(&name)?;
        match named.kind {
            Kind::Group { len } => Ok((name.text()?, named, len)),
            _ => Err(name.refuse("a group is needed")),
        }
    }

    fn insert(
        &mut self,
        at: &Cursor<'v>,
        index: Option<&Cursor<'v>>,
        node: &Cursor<'v>,
    ) -> Result<Operation> {
        let (name, Named { id, .. }, len) = self.group_of(at)?;
        let index = index.map_or(Ok(len), |index| position(index, len, len))?;
        let node = self.node(node)?;
        self.node_names.insert(name, Named { id, kind: Kind::Group { len: len + 1 } });
        Ok(Operation::Insert { group: id, index, node })
    }

    fn pop(&mut self, at: &Cursor<'v>) -> Result<Operation> {
        let (name, Named { id, .. }, len) = self.group_of(at)?;
        let last = len.checked_sub(1).ok_or_else(|| at.refuse("the group is empty"))?;
        let index = if at.items()?.len() > 2 { position(&at.item(2)?, len, last)? } else { last };
        self.node_names.insert(name, Named { id, kind: Kind::Group { len: last } });
        Ok(Operation::Remove { group: id, index })
    }

    fn draw(&mut self, at: &Cursor<'v>) -> Result<Operation> {
        let id = self.bitmap_id(&at.item(1)?)?;
        Ok(Operation::Draw(id, self.drawing(at, 2, id)?))
    }
}

/// A position in a list of `len`, from its end where it is negative, at most `last`.
fn position(at: &Cursor<'_>, len: usize, last: usize) -> Result<usize> {
    let index: i64 = at.integer(i64::MIN..=i64::MAX)?;
    let from_start = usize::try_from(index).ok().filter(|&index| index <= last);
    let from_end = usize::try_from(index.unsigned_abs()).ok().filter(|_| index < 0);
    from_start
        .or_else(|| len.checked_sub(from_end?))
        .ok_or_else(|| at.refuse(format_args!("there is no position {index} in a group of {len}")))
}
