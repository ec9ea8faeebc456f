//! Operations on a live scene.

use alloc::rc::{Rc, Weak};

use displayio_core::{
    Bitmap, BitmapError, OneTile, PixelFormat, PixelSource, Rgb888, TileError, TileGrid, TileMap,
    Tiles,
};

use super::{
    Attribute, Drawing, NodeId, Operation, PlayError,
    build::{AnyBitmap, AnyGroup, AnyNode, LiveScene, not_added},
};

/// What an operation can do to a node.
pub(super) trait Control {
    /// Changes an attribute; nothing where the node has no such attribute.
    fn set(&self, attribute: Attribute);

    /// Sets the tile of a cell; nothing where there are no cells.
    fn set_cell(&self, cell: (u16, u16), tile: u16) -> Result<(), TileError>;
}

/// Where a grid keeps its tiles.
pub(super) trait Cells: Tiles + Sized {
    fn set_cell<S: PixelSource, P>(
        grid: &TileGrid<S, P, Self>,
        cell: (u16, u16),
        tile: u16,
    ) -> Result<(), TileError>;
}

impl Cells for OneTile {
    fn set_cell<S: PixelSource, P>(
        grid: &TileGrid<S, P>,
        _: (u16, u16),
        tile: u16,
    ) -> Result<(), TileError> {
        grid.set_tile(tile);
        Ok(())
    }
}

impl Cells for TileMap<'_> {
    fn set_cell<S: PixelSource, P>(
        grid: &TileGrid<S, P, Self>,
        (column, row): (u16, u16),
        tile: u16,
    ) -> Result<(), TileError> {
        grid.map().set(column, row, tile)
    }
}

impl<S: PixelSource, P, T: Cells> Control for TileGrid<S, P, T> {
    fn set(&self, attribute: Attribute) {
        let (x, y) = self.position();
        match attribute {
            Attribute::X(x) => self.move_to(x, y),
            Attribute::Y(y) => self.move_to(x, y),
            Attribute::Hidden(hidden) => self.set_hidden(hidden),
            Attribute::FlipX(flip) => self.set_flip_x(flip),
            Attribute::FlipY(flip) => self.set_flip_y(flip),
            Attribute::Transposed(transpose) => self.set_transposed(transpose),
            Attribute::Scale(_) => {}
        }
    }

    fn set_cell(&self, cell: (u16, u16), tile: u16) -> Result<(), TileError> {
        T::set_cell(self, cell, tile)
    }
}

impl<C: PixelFormat> Control for AnyGroup<'_, C> {
    fn set(&self, attribute: Attribute) {
        let (x, y) = self.position();
        match attribute {
            Attribute::X(x) => self.move_to(x, y),
            Attribute::Y(y) => self.move_to(x, y),
            Attribute::Hidden(hidden) => self.set_hidden(hidden),
            Attribute::Scale(scale) => self.set_scale(scale),
            Attribute::FlipX(_) | Attribute::FlipY(_) | Attribute::Transposed(_) => {}
        }
    }

    fn set_cell(&self, _: (u16, u16), _: u16) -> Result<(), TileError> {
        Ok(())
    }
}

/// What a name stands for. A node that was taken out of the scene is gone, and operations on it do nothing.
pub(super) enum Named<'m, C: PixelFormat> {
    /// Nothing yet: a later step makes it.
    Nothing,
    Group(Weak<AnyGroup<'m, C>>),
    Grid(Weak<dyn AnyNode<C> + 'm>),
}

impl<C: PixelFormat> Named<'_, C> {
    fn control<R>(&self, f: impl FnOnce(&dyn Control) -> R) -> Option<R> {
        match self {
            Self::Nothing => None,
            Self::Group(group) => group.upgrade().map(|group| f(&*group)),
            Self::Grid(grid) => grid.upgrade().map(|grid| f(&*grid)),
        }
    }
}

impl<'m, C: PixelFormat> LiveScene<'m, C> {
    fn group(&self, id: NodeId) -> Option<Rc<AnyGroup<'m, C>>> {
        match &self.named[id.0] {
            Named::Group(group) => group.upgrade(),
            Named::Nothing | Named::Grid(_) => None,
        }
    }

    /// Does what a step says.
    ///
    /// # Errors
    /// [`PlayError::Failed`] for want of memory.
    pub(super) fn apply(&mut self, operation: &Operation) -> Result<(), PlayError> {
        match operation {
            Operation::Set(node, attribute) => {
                self.named[node.0].control(|node| node.set(*attribute));
                Ok(())
            }
            Operation::Tile { grid, cell, tile } => {
                let set = self.named[grid.0].control(|grid| grid.set_cell(*cell, *tile));
                set.unwrap_or(Ok(())).map_err(|error| PlayError::failed("a tile", error))
            }
            Operation::Draw(bitmap, drawing) => match &self.bitmaps[bitmap.0] {
                AnyBitmap::InMemory(bitmap) => draw(bitmap, drawing),
                AnyBitmap::OnDisk(_) => Ok(()),
            },
            Operation::Color { palette, index, color } => self.shaders[palette.0]
                .set(*index, Rgb888::new(*color))
                .map_err(|error| PlayError::failed("a color", error)),
            Operation::Transparent { palette, index } => self.shaders[palette.0]
                .make_transparent((*index).into())
                .map_err(|error| PlayError::failed("a color", error)),
            Operation::Insert { group, index, node } => {
                let node = self.node(node)?;
                let inserted =
                    self.group(*group).map(|group| group.children().insert(*index, node));
                let inserted = inserted.unwrap_or(Ok(()));
                inserted.map_err(|rejected| not_added(rejected.error))
            }
            Operation::Remove { group, index } => {
                self.group(*group).and_then(|group| group.children().remove(*index));
                Ok(())
            }
        }
    }
}

/// Draws on a bitmap.
pub(super) fn draw(bitmap: &Bitmap<'_>, drawing: &Drawing) -> Result<(), PlayError> {
    let drawn: Result<(), BitmapError> = match drawing {
        Drawing::Fill(value) => bitmap.fill(*value),
        Drawing::Set { x, y, value } => bitmap.set(*x, *y, *value),
        Drawing::FillRegion(area, value) => bitmap.fill_region(*area, *value),
        Drawing::Line { from, to, value } => bitmap.draw_line(*from, *to, *value),
        Drawing::Polygon { points, value, close } => bitmap.draw_polygon(points, *value, *close),
        Drawing::Circle { center, radius, value } => bitmap.draw_circle(*center, *radius, *value),
        Drawing::ReplaceColor { old, new } => bitmap.replace_color(*old, *new),
    };
    drawn.map_err(|error| PlayError::failed("a bitmap", error))
}
