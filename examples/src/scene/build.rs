//! A checked scene to live nodes, in memory of one heap.

use alloc::rc::{Rc, Weak};
use std::fs;

use displayio_allocators::Buf;
use displayio_core::{
    AddError, Area, Bitmap, Canvas, Children, Circle, ColorConverter, Figure, Group, Heap,
    LoadError, Node, OnDiskBitmap, Palette, PaletteRgb, PixelFormat, PixelSource, PointList,
    Polygon, Rectangle, Rgb888, Shape, TileGrid, TileMap, Tiles,
};
use embedded_io_adapters::std::FromStd;

use super::{
    Attribute, BitmapId, BitmapSpec, FigureSpec, GridSpec, GroupSpec, NodeId, NodeSpec, Operation,
    PlayError, Scene, ShaderSpec, ShapeSpec,
    draw::draw,
    exchange::Exchange,
    shader::AnyShader,
    step::{Control, Named, OfScene},
    text::{LabelReport, Lent, TextNode},
};

/// Row buffer of a picture on disk.
const ROW_BUFFER_BYTES: usize = 512;

/// A node that operations can change.
pub(super) trait AnyNode<'m, C: PixelFormat>: Node<C> + Control<'m, C> {}

impl<'m, C: PixelFormat, N: Node<C> + Control<'m, C>> AnyNode<'m, C> for N {}

/// A node as its group holds it.
pub(super) type Handle<'m, C> = Rc<dyn AnyNode<'m, C> + 'm>;

/// A group whose children come and go; their list is on the scene's heap.
pub(super) type AnyGroup<'m, C> = Group<Children<Buf<'m, Handle<'m, C>>>>;

/// A bitmap on disk.
pub(super) type File<'m> = OnDiskBitmap<'m, FromStd<fs::File>>;

/// The same with its path for messages.
pub(super) struct Picture<'m> {
    pub(super) path: String,
    pub(super) pixels: Rc<File<'m>>,
}

pub(super) enum AnyBitmap<'m> {
    InMemory(Rc<Bitmap<'m>>),
    OnDisk(Picture<'m>),
}

/// A scene that can be shown and changed.
pub(super) struct LiveScene<'m, C: PixelFormat> {
    pub(super) bitmaps: Vec<AnyBitmap<'m>>,
    pub(super) shaders: Vec<AnyShader<'m, C>>,
    pub(super) named: Vec<Named<'m, C>>,
    pub(super) root: Rc<AnyGroup<'m, C>>,
    /// The most corners that each named node ever has.
    most_corners: Vec<usize>,
    /// Every label that was made, in the order of making.
    labels: Vec<Weak<TextNode<'m>>>,
    lent: Lent<'m>,
    heap: Heap<'m>,
}

type Result<T> = core::result::Result<T, PlayError>;

impl<'m, C: PixelFormat> LiveScene<'m, C> {
    pub(super) fn build(scene: &Scene, format: C, heap: Heap<'m>, lent: Lent<'m>) -> Result<Self> {
        let bitmaps =
            scene.bitmaps.iter().map(|spec| bitmap(spec, heap)).collect::<Result<Vec<_>>>()?;
        for (id, spec) in scene.bitmaps.iter().enumerate() {
            if let BitmapSpec::InMemory { drawing, .. } = spec {
                drawing.iter().try_for_each(|drawing| draw(&bitmaps, BitmapId(id), drawing))?;
            }
        }
        let shader = |spec| shader(spec, &bitmaps, format, heap);
        let shaders = scene.shaders.iter().map(shader).collect::<Result<_>>()?;
        let named = (0..scene.node_count).map(|_| Named::Nothing).collect();
        let root = Rc::new(Group::new(Children::new(Buf::new(heap))));
        let most_corners = most_corners(scene);
        let mut live = Self {
            bitmaps,
            shaders,
            named,
            root: Rc::clone(&root),
            most_corners,
            labels: Vec::new(),
            lent,
            heap,
        };
        live.furnish(&scene.root, &root)?;
        Ok(live)
    }

    /// The labels that are in the scene.
    pub(super) fn labels(&self) -> Vec<LabelReport> {
        let present = self.labels.iter().filter_map(Weak::upgrade);
        present.map(|label| label.report()).collect()
    }

    pub(super) fn node(&mut self, spec: &NodeSpec) -> Result<Handle<'m, C>> {
        match spec {
            NodeSpec::Group(spec) => {
                let group = Rc::new(Group::new(Children::new(Buf::new(self.heap))));
                self.furnish(spec, &group)?;
                Ok(group)
            }
            NodeSpec::Grid(spec) => {
                let grid = self.grid(spec)?;
                Ok(self.named(spec.id, grid))
            }
            NodeSpec::Text(id) => {
                let text = Rc::new(TextNode::build(*id, &self.lent, self.heap)?);
                self.labels.push(Rc::downgrade(&text));
                Ok(self.named(self.lent.texts[id.0].id, text))
            }
            NodeSpec::Shape(spec) => {
                let shape = self.shape(spec)?;
                Ok(self.named(spec.id, shape))
            }
        }
    }

    fn named(&mut self, id: Option<NodeId>, leaf: Handle<'m, C>) -> Handle<'m, C> {
        if let Some(id) = id {
            self.named[id.0] = Named::Leaf(Rc::downgrade(&leaf));
        }
        leaf
    }

    /// Gives a new group its place, its children and its name.
    fn furnish(&mut self, spec: &GroupSpec, group: &Rc<AnyGroup<'m, C>>) -> Result<()> {
        group.move_to(spec.position.0, spec.position.1);
        group.set_scale(spec.scale);
        group.set_hidden(spec.hidden);
        for child in &spec.children {
            let child = self.node(child)?;
            let pushed = group.children().push(child);
            pushed.map_err(|rejected| not_added(rejected.error))?;
        }
        if let Some(id) = spec.id {
            self.named[id.0] = Named::Group(Rc::downgrade(group));
        }
        Ok(())
    }

    fn grid(&self, spec: &GridSpec) -> Result<Handle<'m, C>> {
        let shader = Exchange::new(self.shaders[spec.shader.0].clone());
        match &self.bitmaps[spec.bitmap.0] {
            AnyBitmap::InMemory(bitmap) => self.grid_of(spec, Rc::clone(bitmap), shader),
            AnyBitmap::OnDisk(picture) => self.grid_of(spec, Rc::clone(&picture.pixels), shader),
        }
    }

    /// A grid of one cell keeps its tile in itself, a larger one in a map.
    fn grid_of(
        &self,
        spec: &GridSpec,
        source: impl OfScene<'m> + 'm,
        shader: Exchange<AnyShader<'m, C>>,
    ) -> Result<Handle<'m, C>> {
        let grid =
            TileGrid::new(Exchange::new(source), shader).tiles(spec.tile.width, spec.tile.height);
        if spec.cells == (1, 1) {
            grid.set_tile(spec.tiles.first().copied().unwrap_or(spec.default_tile));
            return Ok(Rc::new(placed(grid, spec)));
        }
        let is_wide = spec.default_tile > 0xff || grid.tile_count() > 0x100;
        let map = tile_map(spec, is_wide, self.heap)?;
        Ok(Rc::new(placed(grid.with_map(map), spec)))
    }

    fn shape(&self, spec: &ShapeSpec) -> Result<Handle<'m, C>> {
        let shader = Exchange::new(self.shaders[spec.shader.0].clone());
        Ok(match &spec.figure {
            FigureSpec::Circle(radius) => Rc::new(dressed(Circle::new(shader, *radius), spec)),
            FigureSpec::Rectangle(size) => {
                Rc::new(dressed(Rectangle::new(shader, size.width, size.height), spec))
            }
            FigureSpec::Polygon(corners) => {
                let later = spec.id.map_or(0, |id| self.most_corners[id.0]);
                let room = u16::try_from(corners.len().max(later)).unwrap_or(u16::MAX);
                let mut list = PointList::new_in(room, self.heap)?;
                list.set(corners).map_err(|error| PlayError::failed("a polygon", error))?;
                Rc::new(dressed(Polygon::new(shader, list), spec))
            }
        })
    }
}

/// The most corners that the steps give each named node.
fn most_corners(scene: &Scene) -> Vec<usize> {
    let mut most = vec![0; scene.node_count];
    for operation in scene.steps.iter().flatten() {
        if let Operation::Set(node, Attribute::Points(points)) = operation {
            most[node.0] = points.len().max(most[node.0]);
        }
    }
    most
}

fn dressed<F: Figure, P>(shape: Shape<F, P>, spec: &ShapeSpec) -> Shape<F, P> {
    shape.set_hidden(spec.hidden);
    shape.at(spec.position.0, spec.position.1).color(spec.color)
}

/// A child that was refused: its list grows on the heap, and says so itself when it cannot.
pub(super) fn not_added(error: AddError) -> PlayError {
    match error {
        AddError::OutOfMemory(error) => error.into(),
        _ => PlayError::failed("a child", error),
    }
}

fn placed<S: PixelSource, P, T: Tiles>(
    grid: TileGrid<S, P, T>,
    spec: &GridSpec,
) -> TileGrid<S, P, T> {
    grid.set_flip_x(spec.flip_x);
    grid.set_flip_y(spec.flip_y);
    grid.set_transposed(spec.transposed);
    grid.set_hidden(spec.hidden);
    grid.at(spec.position.0, spec.position.1)
}

fn tile_map<'m>(spec: &GridSpec, is_wide: bool, heap: Heap<'m>) -> Result<TileMap<'m>> {
    let (columns, rows) = spec.cells;
    let map = if is_wide {
        TileMap::new_wide_in(columns, rows, heap)?
    } else {
        TileMap::new_in(columns, rows, heap)?
    };
    let tiles = spec.tiles.iter().copied().chain(core::iter::repeat(spec.default_tile));
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    for ((column, row), tile) in cells.zip(tiles) {
        map.set(column, row, tile).map_err(|error| PlayError::failed("a tile", error))?;
    }
    Ok(map)
}

fn bitmap<'m>(spec: &BitmapSpec, heap: Heap<'m>) -> Result<AnyBitmap<'m>> {
    match spec {
        BitmapSpec::InMemory { size, depth, pixels, .. } => {
            let bitmap = Bitmap::new_in(size.width, size.height, *depth, heap)?;
            if let Some(pixels) = pixels {
                bitmap
                    .edit(Area::of_size(*size), |canvas| copy(pixels, canvas))
                    .map_err(|error| PlayError::failed("a bitmap", error))?;
            }
            Ok(AnyBitmap::InMemory(Rc::new(bitmap)))
        }
        BitmapSpec::OnDisk { path, .. } => {
            let name = path.display().to_string();
            let file = fs::File::open(path).map_err(|error| PlayError::failed(&name, error))?;
            let pixels = OnDiskBitmap::new_in(FromStd::new(file), ROW_BUFFER_BYTES, heap)
                .map_err(|error| not_loaded(&name, error))?;
            Ok(AnyBitmap::OnDisk(Picture { path: name, pixels: Rc::new(pixels) }))
        }
    }
}

fn not_loaded(path: &str, error: LoadError) -> PlayError {
    match error {
        LoadError::OutOfMemory(error) => error.into(),
        _ => PlayError::failed(path, error),
    }
}

fn copy(pixels: &[u16], canvas: &mut Canvas<'_>) {
    let width = usize::from(canvas.size.width);
    for (i, &pixel) in pixels.iter().enumerate() {
        canvas.set(i % width, i / width, pixel.into());
    }
}

fn shader<'m, C: PixelFormat>(
    spec: &ShaderSpec,
    bitmaps: &[AnyBitmap<'m>],
    format: C,
    heap: Heap<'m>,
) -> Result<AnyShader<'m, C>> {
    match spec {
        ShaderSpec::Palette { colors, transparent, dither } => {
            let palette = palette(colors.len(), *dither, format, heap)?;
            for (index, color) in (0..).zip(colors) {
                let set = palette.set(index, Rgb888::new(*color));
                set.map_err(|error| PlayError::failed("a color", error))?;
            }
            with_transparency(palette, transparent.iter().copied().map(u32::from))
        }
        ShaderSpec::Converter { input, transparent, dither } => {
            let converter = ColorConverter::new(*input);
            converter.set_dither(*dither);
            with_transparency(AnyShader::Converter(Rc::new(converter)), *transparent)
        }
        ShaderSpec::OfFile { bitmap, transparent, .. } => {
            let colors = match &bitmaps[bitmap.0] {
                AnyBitmap::OnDisk(picture) => colors_of(picture, format, heap)?,
                AnyBitmap::InMemory(_) => AnyShader::Converter(Rc::default()),
            };
            with_transparency(colors, transparent.iter().copied())
        }
    }
}

/// The palette of a picture, or, where its pixels are colours, a converter.
fn colors_of<'m, C: PixelFormat>(
    picture: &Picture<'m>,
    format: C,
    heap: Heap<'m>,
) -> Result<AnyShader<'m, C>> {
    if picture.pixels.palette_len() == 0 {
        return Ok(AnyShader::Converter(Rc::default()));
    }
    let palette = picture.pixels.palette_in(format, heap);
    let palette = palette.map_err(|error| not_loaded(&picture.path, error))?;
    Ok(AnyShader::Palette(Rc::new(palette)))
}

fn palette<C: PixelFormat>(
    len: usize,
    dither: bool,
    format: C,
    heap: Heap<'_>,
) -> Result<AnyShader<'_, C>> {
    let len = u16::try_from(len).unwrap_or(u16::MAX);
    if !dither {
        let palette = Palette::new_in(len, heap)?.with_format(format);
        return Ok(AnyShader::Palette(Rc::new(palette)));
    }
    let palette = PaletteRgb::new_in(len, heap)?;
    palette.set_dither(true);
    Ok(AnyShader::PaletteRgb(Rc::new(palette)))
}

fn with_transparency<C: PixelFormat>(
    shader: AnyShader<'_, C>,
    values: impl IntoIterator<Item = u32>,
) -> Result<AnyShader<'_, C>> {
    for value in values {
        let made = shader.make_transparent(value);
        made.map_err(|error| PlayError::failed("a palette", error))?;
    }
    Ok(shader)
}
