//! Operations on a live scene.

use alloc::rc::{Rc, Weak};

use displayio_core::{
    Bitmap, Circle, Disc, Figure, Ngon, Oblong, OneTile, PixelFormat, PixelSource, PointList,
    Polygon, Rectangle, Rgb888, Shape, Size, TileError, TileGrid, TileMap, Tiles,
};

use super::{
    Attribute, NodeId, Operation, PlayError,
    build::{AnyBitmap, AnyGroup, AnyNode, File, LiveScene, not_added},
    draw::draw,
    exchange::Exchange,
    shader::AnyShader,
};

/// What an operation can do to a node.
pub(super) trait Control<'m, C: PixelFormat> {
    /// Changes an attribute; nothing where the node has no such attribute.
    fn set(&self, attribute: &Attribute) -> Result<(), PlayError>;

    /// Sets the tile of a cell; nothing where there are no cells.
    fn set_cell(&self, cell: (u16, u16), tile: u16) -> Result<(), TileError> {
        let _ = (cell, tile);
        Ok(())
    }

    /// Shows another bitmap of the same size and kind; nothing where there is none.
    fn set_bitmap(&self, bitmap: &AnyBitmap<'m>) {
        let _ = bitmap;
    }

    /// Shows it in other colours; nothing where there are none.
    fn set_shader(&self, shader: &AnyShader<'m, C>) {
        let _ = shader;
    }
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

/// A source that is one kind of bitmap of a scene.
pub(super) trait OfScene<'m>: PixelSource + Sized {
    fn of(bitmap: &AnyBitmap<'m>) -> Option<Self>;
}

impl<'m> OfScene<'m> for Rc<Bitmap<'m>> {
    fn of(bitmap: &AnyBitmap<'m>) -> Option<Self> {
        match bitmap {
            AnyBitmap::InMemory(bitmap) => Some(Self::clone(bitmap)),
            AnyBitmap::OnDisk(_) => None,
        }
    }
}

impl<'m> OfScene<'m> for Rc<File<'m>> {
    fn of(bitmap: &AnyBitmap<'m>) -> Option<Self> {
        match bitmap {
            AnyBitmap::OnDisk(picture) => Some(Self::clone(&picture.pixels)),
            AnyBitmap::InMemory(_) => None,
        }
    }
}

impl<'m, C, S, T> Control<'m, C> for TileGrid<Exchange<S>, Exchange<AnyShader<'m, C>>, T>
where
    C: PixelFormat,
    S: OfScene<'m>,
    T: Cells,
{
    fn set(&self, attribute: &Attribute) -> Result<(), PlayError> {
        let (x, y) = self.position();
        match *attribute {
            Attribute::X(x) => self.move_to(x, y),
            Attribute::Y(y) => self.move_to(x, y),
            Attribute::Hidden(hidden) => self.set_hidden(hidden),
            Attribute::FlipX(flip) => self.set_flip_x(flip),
            Attribute::FlipY(flip) => self.set_flip_y(flip),
            Attribute::Transposed(transpose) => self.set_transposed(transpose),
            _ => {}
        }
        Ok(())
    }

    fn set_cell(&self, cell: (u16, u16), tile: u16) -> Result<(), TileError> {
        T::set_cell(self, cell, tile)
    }

    fn set_bitmap(&self, bitmap: &AnyBitmap<'m>) {
        if let Some(bitmap) = S::of(bitmap) {
            self.source().replace(bitmap);
        }
    }

    fn set_shader(&self, shader: &AnyShader<'m, C>) {
        self.shader().replace(shader.clone());
    }
}

impl<'m, C: PixelFormat> Control<'m, C> for AnyGroup<'m, C> {
    fn set(&self, attribute: &Attribute) -> Result<(), PlayError> {
        let (x, y) = self.position();
        match *attribute {
            Attribute::X(x) => self.move_to(x, y),
            Attribute::Y(y) => self.move_to(x, y),
            Attribute::Hidden(hidden) => self.set_hidden(hidden),
            Attribute::Scale(scale) => self.set_scale(scale),
            _ => {}
        }
        Ok(())
    }
}

/// A figure whose measures can be set.
pub(super) trait Measures: Figure + Sized {
    /// Sets a measure; nothing where the figure has no such measure.
    fn measure<P>(shape: &Shape<Self, P>, attribute: &Attribute) -> Result<(), PlayError>;
}

impl Measures for Disc {
    fn measure<P>(circle: &Circle<P>, attribute: &Attribute) -> Result<(), PlayError> {
        if let Attribute::Radius(radius) = *attribute {
            circle.set_radius(radius);
        }
        Ok(())
    }
}

impl Measures for Oblong {
    fn measure<P>(rectangle: &Rectangle<P>, attribute: &Attribute) -> Result<(), PlayError> {
        let Size { width, height } = rectangle.size();
        match *attribute {
            Attribute::Width(width) => rectangle.set_size(width, height),
            Attribute::Height(height) => rectangle.set_size(width, height),
            _ => {}
        }
        Ok(())
    }
}

impl<'m> Measures for Ngon<PointList<'m>> {
    fn measure<P>(
        polygon: &Polygon<P, PointList<'m>>,
        attribute: &Attribute,
    ) -> Result<(), PlayError> {
        let Attribute::Points(points) = attribute else { return Ok(()) };
        polygon.set_points(points).map_err(|error| PlayError::failed("a polygon", error))
    }
}

impl<'m, C, F> Control<'m, C> for Shape<F, Exchange<AnyShader<'m, C>>>
where
    C: PixelFormat,
    F: Measures,
{
    fn set(&self, attribute: &Attribute) -> Result<(), PlayError> {
        let (x, y) = self.position();
        match *attribute {
            Attribute::X(x) => self.move_to(x, y),
            Attribute::Y(y) => self.move_to(x, y),
            Attribute::Location(x, y) => self.move_to(x, y),
            Attribute::Hidden(hidden) => self.set_hidden(hidden),
            Attribute::Color(index) => self.set_color(index),
            _ => return F::measure(self, attribute),
        }
        Ok(())
    }

    fn set_shader(&self, shader: &AnyShader<'m, C>) {
        self.shader().replace(shader.clone());
    }
}

/// What a name stands for. A node that was taken out of the scene is gone, and operations on it do nothing.
pub(super) enum Named<'m, C: PixelFormat> {
    /// Nothing yet: a later step makes it.
    Nothing,
    Group(Weak<AnyGroup<'m, C>>),
    Leaf(Weak<dyn AnyNode<'m, C> + 'm>),
}

impl<'m, C: PixelFormat> Named<'m, C> {
    fn control<R>(&self, f: impl FnOnce(&dyn Control<'m, C>) -> R) -> Option<R> {
        match self {
            Self::Nothing => None,
            Self::Group(group) => group.upgrade().map(|group| f(&*group)),
            Self::Leaf(leaf) => leaf.upgrade().map(|leaf| f(&*leaf)),
        }
    }
}

impl<'m, C: PixelFormat> LiveScene<'m, C> {
    fn group(&self, id: NodeId) -> Option<Rc<AnyGroup<'m, C>>> {
        match &self.named[id.0] {
            Named::Group(group) => group.upgrade(),
            Named::Nothing | Named::Leaf(_) => None,
        }
    }

    /// Does what a step says.
    ///
    /// # Errors
    /// [`PlayError::Failed`] for want of memory.
    pub(super) fn apply(&mut self, operation: &Operation) -> Result<(), PlayError> {
        match operation {
            Operation::Set(node, attribute) => {
                self.named[node.0].control(|node| node.set(attribute)).unwrap_or(Ok(()))
            }
            Operation::SetBitmap(node, bitmap) => {
                let bitmap = &self.bitmaps[bitmap.0];
                self.named[node.0].control(|node| node.set_bitmap(bitmap));
                Ok(())
            }
            Operation::SetShader(node, shader) => {
                let shader = &self.shaders[shader.0];
                self.named[node.0].control(|node| node.set_shader(shader));
                Ok(())
            }
            Operation::Tile { grid, cell, tile } => {
                let set = self.named[grid.0].control(|grid| grid.set_cell(*cell, *tile));
                set.unwrap_or(Ok(())).map_err(|error| PlayError::failed("a tile", error))
            }
            Operation::Draw(bitmap, drawing) => draw(&self.bitmaps, *bitmap, drawing),
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
