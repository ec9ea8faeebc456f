//! The workloads, by name.

mod scale;
mod texts;

use core::convert::Infallible;

use displayio_core::{
    Bitmap, BlockingPanel, Circle, ColorConverter, Colorspace, Damage, Depth, Display, Group, Heap,
    Layer, Node, OnDiskBitmap, OneTile, Palette, Place, Polygon, Rectangle, RefreshError,
    RefreshStats, Rgb565, Rotation, Size, SliceFile, TileGrid, TileMap,
};

use crate::{BenchError, files, pictures, tables};

/// Size of a scene in pixels, as it is seen.
const SCENE: Size = Size::new(320, 240);

/// Sprites of the game.
const SPRITE_COUNT: usize = 40;

/// Row buffer of a file: a row of 320 pixels in 24 bits, and some.
const ROW_BUFFER_BYTES: usize = 1024;

/// The sprite that moves.
const MOVING_SPRITE: usize = 20;

/// A scene and the refresh of it that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// w1: all of a full-screen bitmap of 8 bits, through a palette of 256 colours.
    FullScreen,
    /// w2: the same from 160x120 pixels, in a group of scale 2.
    Scaled,
    /// w3: all of a full-screen bitmap of 1 bit.
    OneBit,
    /// w4: all of 40 sprites of 16x16 pixels, 4 bits, one value transparent, over a background of 20x15 tiles.
    Game,
    /// w5: all of 10 labels of 20 characters over a full-screen bitmap of 1 bit.
    Labels,
    /// w6: the same with bitmap labels.
    BitmapLabels,
    /// w7: all of 20 circles and 10 hexagons over a rectangle.
    Shapes,
    /// w8: all of a full-screen BMP file of 8 bits, read from memory as from a card.
    File8,
    /// w9: all of a full-screen BMP file of 24 bits, likewise.
    File24,
    /// w10: all of a full-screen bitmap in RGB565, through a converter.
    Rgb565,
    /// w11: w1 with the scene turned by 90 degrees.
    Rotated,
    /// w12: one sprite of w4 moved by one pixel.
    SpriteMoved,
    /// w13: w4 with nothing changed.
    Unchanged,
    /// The last character of one label of w5.
    LabelChanged,
    /// The same of w6.
    BitmapLabelChanged,
    /// All of 10 labels, twice as large, with backgrounds.
    LargeLabels,
    /// All of 10 labels in a proportional font that is read from a BDF file, and of which 8 glyphs are kept.
    BdfLabels,
    /// The same from a PCF file.
    PcfLabels,
    /// 1000 sprites in an array: nothing changed.
    PollValues,
    /// 1000 sprites in an array of tuples: nothing changed.
    PollTuples,
    /// 1000 sprites behind `&dyn Node`: nothing changed.
    PollReferences,
    /// 200 sprites that all moved by one pixel. The observer sees them collected first, and then a refresh.
    Changed200,
    /// A sprite that moved by one pixel, and another one elsewhere. The observer of this and the following sees a refresh
    /// of nothing first.
    MovedAmong1,
    /// The same with 10 others.
    MovedAmong10,
    /// The same with 100 others.
    MovedAmong100,
    /// The same with 1000 others.
    MovedAmong1000,
    /// The same with 1000 others in 40 groups.
    MovedAmongGroups,
}

/// The scene of w4.
type Game<'g> = Group<(Background<'g>, [Sprite<'g>; SPRITE_COUNT])>;
type Sprite<'g> = TileGrid<&'g Bitmap<'g>, &'g Palette<'g, Rgb565>, OneTile>;
type Background<'g> = TileGrid<&'g Bitmap<'g>, &'g Palette<'g, Rgb565>, TileMap<'g>>;

/// Watches the refresh of a workload.
pub trait Observer {
    /// Calls `display.refresh(root)` once. Of several calls in a workload, the last is what it is named after.
    ///
    /// # Errors
    /// Those of the refresh.
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>>;

    /// Calls `root.collect(place, damage)` once: what a refresh begins with.
    fn collect<N: Layer>(&mut self, root: &N, place: &Place, damage: &mut Damage) {
        root.collect(place, damage);
    }
}

/// Refreshes, and looks at nothing.
#[derive(Debug)]
pub struct Refresh;

impl Observer for Refresh {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(
        &mut self,
        display: &mut Display<'_, P>,
        root: &N,
    ) -> Result<RefreshStats, RefreshError<P::Error>> {
        display.refresh(root)
    }
}

impl Workload {
    /// Those by which `CircuitPython`'s displayio was measured.
    pub const ALL: [Self; 13] = [
        Self::FullScreen,
        Self::Scaled,
        Self::OneBit,
        Self::Game,
        Self::Labels,
        Self::BitmapLabels,
        Self::Shapes,
        Self::File8,
        Self::File24,
        Self::Rgb565,
        Self::Rotated,
        Self::SpriteMoved,
        Self::Unchanged,
    ];

    /// More text.
    pub const TEXTS: [Self; 5] = [
        Self::LabelChanged,
        Self::BitmapLabelChanged,
        Self::LargeLabels,
        Self::BdfLabels,
        Self::PcfLabels,
    ];

    /// Scenes of many nodes.
    pub const SCALE: [Self; 9] = [
        Self::PollValues,
        Self::PollTuples,
        Self::PollReferences,
        Self::Changed200,
        Self::MovedAmong1,
        Self::MovedAmong10,
        Self::MovedAmong100,
        Self::MovedAmong1000,
        Self::MovedAmongGroups,
    ];

    /// Nodes of the scenes that are polled.
    pub const POLLED_NODES: u32 = 1000;

    /// Its name in tables of results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::FullScreen => "w1",
            Self::Scaled => "w2",
            Self::OneBit => "w3",
            Self::Game => "w4",
            Self::Labels => "w5",
            Self::BitmapLabels => "w6",
            Self::Shapes => "w7",
            Self::File8 => "w8",
            Self::File24 => "w9",
            Self::Rgb565 => "w10",
            Self::Rotated => "w11",
            Self::SpriteMoved => "w12",
            Self::Unchanged => "w13",
            Self::LabelChanged => "label-changed",
            Self::BitmapLabelChanged => "bitmap-label-changed",
            Self::LargeLabels => "labels-large",
            Self::BdfLabels => "labels-bdf",
            Self::PcfLabels => "labels-pcf",
            Self::PollValues => "scale-poll-values",
            Self::PollTuples => "scale-poll-tuples",
            Self::PollReferences => "scale-poll-dyn",
            Self::Changed200 => "scale-changed-200",
            Self::MovedAmong1 => "scale-move-1",
            Self::MovedAmong10 => "scale-move-10",
            Self::MovedAmong100 => "scale-move-100",
            Self::MovedAmong1000 => "scale-move-1000",
            Self::MovedAmongGroups => "scale-move-grouped",
        }
    }

    /// Size of the panel it is meant for.
    #[must_use]
    pub const fn panel_size(self) -> Size {
        match self.rotation() {
            Rotation::Deg90 | Rotation::Deg270 => Size::new(SCENE.height, SCENE.width),
            Rotation::Deg0 | Rotation::Deg180 => SCENE,
        }
    }

    const fn rotation(self) -> Rotation {
        match self {
            Self::Rotated => Rotation::Deg90,
            _ => Rotation::Deg0,
        }
    }

    /// Builds the scene on `heap`, shows it and lets `observer` watch the refresh that is measured.
    ///
    /// RAM: at most 227 KiB of the heap, which are free again afterwards, and 200 KiB of the stack for scenes of many nodes.
    ///
    /// # Errors
    /// [`BenchError`]: the heap or the buffer is too small.
    pub fn run<P, O>(
        self,
        panel: P,
        buffer: &mut [u8],
        heap: Heap<'_>,
        observer: &mut O,
    ) -> Result<RefreshStats, BenchError>
    where
        P: BlockingPanel<Format = Rgb565, Error = Infallible>,
        O: Observer,
    {
        let display = Display::new(panel, buffer).rotated(self.rotation());
        let stage = Stage { display, observer };
        match self {
            Self::FullScreen | Self::Rotated => {
                stage.full_screen(Depth::Bpp8, &tables::COLORS, heap)
            }
            Self::OneBit => stage.full_screen(Depth::Bpp1, &tables::COLORS[..2], heap),
            Self::Scaled => stage.scaled(heap),
            Self::Labels => stage.labels(heap, |stage, scene| stage.show_all(scene)),
            Self::BitmapLabels => stage.bitmap_labels(heap, |stage, scene| stage.show_all(scene)),
            Self::LabelChanged => stage.labels(heap, |stage, scene| stage.change_text(scene)),
            Self::BitmapLabelChanged => {
                stage.bitmap_labels(heap, |stage, scene| stage.change_text(scene))
            }
            Self::LargeLabels => stage.large_labels(heap),
            Self::BdfLabels => stage.bdf_labels(heap),
            Self::PcfLabels => stage.pcf_labels(heap),
            Self::Shapes => stage.shapes(heap),
            Self::File8 => stage.file(&files::indexed(heap)?, heap),
            Self::File24 => stage.file(&files::bgr24(heap)?, heap),
            Self::Rgb565 => stage.rgb565(heap),
            Self::Game => stage.game(heap, |stage, game| stage.show_all(game)),
            Self::SpriteMoved => stage.game(heap, Stage::move_sprite),
            Self::Unchanged => stage.game(heap, |stage, game| stage.show_again(game)),
            Self::PollValues => stage.poll_values(heap),
            Self::PollTuples => stage.poll_tuples(heap),
            Self::PollReferences => stage.poll_references(heap),
            Self::Changed200 => stage.change_200(heap),
            Self::MovedAmong1 => stage.move_among::<1>(heap),
            Self::MovedAmong10 => stage.move_among::<10>(heap),
            Self::MovedAmong100 => stage.move_among::<100>(heap),
            Self::MovedAmong1000 => stage.move_among::<1000>(heap),
            Self::MovedAmongGroups => stage.move_among_groups(heap),
        }
    }
}

/// A display and who watches it.
struct Stage<'b, 'o, P, O> {
    display: Display<'b, P>,
    observer: &'o mut O,
}

impl<P, O> Stage<'_, '_, P, O>
where
    P: BlockingPanel<Format = Rgb565, Error = Infallible>,
    O: Observer,
{
    fn full_screen(
        self,
        depth: Depth,
        colors: &[u32],
        heap: Heap<'_>,
    ) -> Result<RefreshStats, BenchError> {
        let bitmap = pictures::indexed(SCENE, depth, heap)?;
        let palette = pictures::palette(colors, heap)?;
        self.show_all(&Group::new((TileGrid::new(&bitmap, &palette),)))
    }

    fn scaled(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let size = Size::new(SCENE.width / 2, SCENE.height / 2);
        let bitmap = pictures::indexed(size, Depth::Bpp8, heap)?;
        let palette = pictures::palette(&tables::COLORS, heap)?;
        self.show_all(&Group::new((TileGrid::new(&bitmap, &palette),)).scaled(2))
    }

    fn rgb565(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let bitmap = pictures::rgb565(SCENE, heap)?;
        let converter = ColorConverter::new(Colorspace::Rgb565);
        self.show_all(&Group::new((TileGrid::new(&bitmap, &converter),)))
    }

    fn shapes(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let palette = pictures::palette(&tables::COLORS[..8], heap)?;
        let background = Rectangle::new(&palette, SCENE.width, SCENE.height);
        let circles: [_; 20] = core::array::from_fn(|i| {
            let (x, y) = pictures::scattered(i, (47, 31));
            Circle::new(&palette, 20).at(20 + x, 20 + y).color(pictures::color_of_shape(i))
        });
        let hexagons: [_; 10] = core::array::from_fn(|i| {
            let (x, y) = pictures::scattered(i, (61, 43));
            Polygon::new(&palette, &pictures::HEXAGON).at(x, y).color(pictures::color_of_shape(i))
        });
        self.show_all(&Group::new((background, circles, hexagons)))
    }

    fn file(self, file: &[u8], heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        let bitmap = OnDiskBitmap::new_in(SliceFile::new(file), ROW_BUFFER_BYTES, heap)?;
        if bitmap.palette_len() == 0 {
            let converter = ColorConverter::new(Colorspace::Rgb888);
            return self.show_all(&Group::new((TileGrid::new(&bitmap, &converter),)));
        }
        let palette = bitmap.palette_in(Rgb565, heap)?;
        self.show_all(&Group::new((TileGrid::new(&bitmap, &palette),)))
    }

    /// Builds the scene of w4 and measures it with `show`.
    fn game(
        self,
        heap: Heap<'_>,
        show: impl FnOnce(Self, &Game<'_>) -> Result<RefreshStats, BenchError>,
    ) -> Result<RefreshStats, BenchError> {
        let (sheet, sprite) = (pictures::sheet(heap)?, pictures::sprite(heap)?);
        let sheet_palette = pictures::palette(&tables::SHEET_COLORS, heap)?;
        let sprite_palette = pictures::palette(&tables::SPRITE_COLORS, heap)?;
        sprite_palette.set_transparent(0, true)?;
        let background = TileGrid::new(&sheet, &sheet_palette)
            .tiles(pictures::TILE, pictures::TILE)
            .with_map(pictures::tile_map(heap)?);
        let sprites = core::array::from_fn(|index| {
            let (x, y) = pictures::sprite_position(index);
            TileGrid::new(&sprite, &sprite_palette).at(x, y)
        });
        show(self, &Group::new((background, sprites)))
    }

    /// Measures a refresh of everything, after one that met everything for the first time.
    fn show_all<N: Node<Rgb565>>(mut self, root: &N) -> Result<RefreshStats, BenchError> {
        self.display.refresh(root)?;
        self.display.invalidate();
        Ok(self.observer.refresh(&mut self.display, root)?)
    }

    /// Measures a refresh of nothing.
    fn show_again<N: Node<Rgb565>>(mut self, root: &N) -> Result<RefreshStats, BenchError> {
        self.display.refresh(root)?;
        Ok(self.observer.refresh(&mut self.display, root)?)
    }

    /// Measures the refresh after a small move.
    fn move_sprite(mut self, root: &Game<'_>) -> Result<RefreshStats, BenchError> {
        self.display.refresh(root)?;
        scale::move_by_one(&root.children().1[MOVING_SPRITE]);
        Ok(self.observer.refresh(&mut self.display, root)?)
    }
}
