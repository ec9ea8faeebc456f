//! A small scene on panels whose pixels are of other sizes than those of the workloads: 1, 2, 4, 24 and 32 bits.

use core::{array, convert::Infallible};

use displayio_core::{
    Bgr888, Bgrx8888, BitOrder, Bitmap, BlockingPanel, Circle, ColorConverter, Colorspace, Depth,
    Display, FONT_6X12, Group, Heap, Label, Luma, Node, Packed, Packing, Palette, PaletteRgb,
    PixelFormat, Planar, Polygon, Rotation, Size, TileGrid, Tricolor,
};

use super::{ChecksumPanel, Print, noise};
use crate::{BenchError, pictures, tables};

/// Size of the scene in pixels.
const SCENE: Size = Size::new(64, 48);
const SCENE_TURNED: Size = Size::new(48, 64);

/// Size of what stands on its background: rows end in the middle of bytes and of words.
const GRID: Size = Size::new(21, 13);

const ROTATIONS: [(&str, Rotation); 4] = [
    ("0", Rotation::Deg0),
    ("90", Rotation::Deg90),
    ("180", Rotation::Deg180),
    ("270", Rotation::Deg270),
];

/// Depths of values with a colour each.
const INDEXED: [Depth; 4] = [Depth::Bpp1, Depth::Bpp2, Depth::Bpp4, Depth::Bpp8];

/// Prints a line for each format and rotation.
pub(super) fn print_all(
    buffer: &mut [u8],
    heap: Heap<'_>,
    print: Print<'_>,
) -> Result<(), BenchError> {
    let (rows, columns) = (Packing::Rows, Packing::Columns);
    let (low, high) = (BitOrder::LowFirst, BitOrder::HighFirst);
    for rotation in ROTATIONS {
        let mut stage = Stage { rotation, buffer: &mut *buffer, heap, print: &mut *print };
        stage.print("bgr888", Bgr888)?;
        stage.print("bgrx8888", Bgrx8888)?;
        stage.print("gray4-rows", Packed::<Luma<4>>::new(rows, high))?;
        stage.print("gray4-columns", Packed::<Luma<4>>::new(columns, low))?;
        stage.print("mono-rows", Packed::<Luma<1>>::new(rows, high))?;
        stage.print("mono-columns", Packed::<Luma<1>>::new(columns, low))?;
        stage.print("tricolor", Planar { code: Tricolor { hue: 40 }, order: high })?;
    }
    Ok(())
}

/// What a scene is shown with.
struct Stage<'s> {
    /// How the scene is turned, and its name.
    rotation: (&'static str, Rotation),
    buffer: &'s mut [u8],
    heap: Heap<'s>,
    print: Print<'s>,
}

impl Stage<'_> {
    fn print<C: PixelFormat>(&mut self, name: &str, format: C) -> Result<(), BenchError> {
        let (degrees, rotation) = self.rotation;
        (self.print)(format_args!("{name}-{degrees},{},", self.buffer.len()));
        let size = if rotation.swaps_axes() { SCENE_TURNED } else { SCENE };
        let mut panel = ChecksumPanel::new(format, size);
        let display = Display::new(&mut panel, self.buffer).rotated(rotation);
        show(display, &Art::new(format, self.heap)?)?;
        (self.print)(format_args!("{:08x}\n", panel.checksum()));
        Ok(())
    }
}

/// Shows all, and then what two moves change.
fn show<C, P>(mut display: Display<'_, P>, art: &Art<'_, C>) -> Result<(), BenchError>
where
    C: PixelFormat,
    P: BlockingPanel<Format = C, Error = Infallible>,
{
    let mut memory = [0; Label::required_bytes(4)];
    let label = Label::from_buffer(&FONT_6X12, &mut memory);
    label.set_color(Some(pictures::label_color(0).into()));
    label.move_to(3, 20);
    label.set_text("Rqj8")?;
    let hexagon = Polygon::new(&art.opaque, &pictures::HEXAGON).at(20, 4).color(90);
    let circle = Circle::new(&art.opaque, 9).at(40, 30).color(200);
    let [_, _, sixteen, _] = &art.indexed;
    let scaled = Group::new((TileGrid::new(sixteen, &art.clear),)).at(1, 33).scaled(2);
    let root = Group::new((art.grids(), hexagon, circle, scaled, label));
    display.refresh(&root)?;
    let (_, _, circle, scaled, _) = root.children();
    circle.move_to(41, 29);
    scaled.move_to(4, 30);
    display.refresh(&root)?;
    Ok(())
}

/// What grids show, and how.
struct Art<'h, C> {
    background: Bitmap<'h>,
    indexed: [Bitmap<'h>; 4],
    rgb565: Bitmap<'h>,
    rgb888: Bitmap<'h>,
    opaque: Palette<'h, C>,
    /// Value 0 is transparent.
    clear: Palette<'h, C>,
    dithered: PaletteRgb<'h>,
}

impl<'h, C: PixelFormat> Art<'h, C> {
    fn new(format: C, heap: Heap<'h>) -> Result<Self, BenchError> {
        let count = u16::try_from(tables::COLORS.len()).unwrap_or(u16::MAX);
        let opaque = Palette::new_in(count, heap)?.with_format(format);
        let clear = Palette::new_in(count, heap)?.with_format(format);
        let dithered = PaletteRgb::new_in(count, heap)?;
        for (index, color) in (0..).zip(tables::COLORS) {
            opaque.set(index, color)?;
            clear.set(index, color)?;
            dithered.set(index, color)?;
        }
        clear.set_transparent(0, true)?;
        dithered.set_dither(true);
        let [one, two, four, eight] = INDEXED.map(|depth| noise(GRID, depth, heap));
        Ok(Self {
            background: noise(SCENE, Depth::Bpp8, heap)?,
            indexed: [one?, two?, four?, eight?],
            rgb565: noise(GRID, Depth::Bpp16, heap)?,
            rgb888: noise(GRID, Depth::Bpp32, heap)?,
            opaque,
            clear,
            dithered,
        })
    }

    /// A grid of each depth with each kind of colours that it can have, some of them flipped.
    fn grids(&self) -> impl Node<C> + '_ {
        let place = |index: usize, y| (i16::try_from(15 * index).unwrap_or_default(), y);
        let clear = array::from_fn::<_, 4, _>(|index| {
            let (x, y) = place(index, 1);
            TileGrid::new(&self.indexed[index], &self.clear).at(x, y)
        });
        let dithered = array::from_fn::<_, 4, _>(|index| {
            let (x, y) = place(index, 17);
            TileGrid::new(&self.indexed[index], &self.dithered).at(x + 1, y)
        });
        clear.iter().step_by(2).for_each(|grid| grid.set_flip_x(true));
        dithered.iter().step_by(3).for_each(|grid| grid.set_transposed(true));
        let rgb565 = TileGrid::new(&self.rgb565, converter(Colorspace::Rgb565)).at(5, 31);
        let rgb888 = TileGrid::new(&self.rgb888, converter(Colorspace::Rgb888)).at(29, 32);
        (TileGrid::new(&self.background, &self.opaque), clear, dithered, rgb565, rgb888)
    }
}

fn converter(input: Colorspace) -> ColorConverter {
    let converter = ColorConverter::new(input);
    converter.set_dither(input == Colorspace::Rgb888);
    converter
}
