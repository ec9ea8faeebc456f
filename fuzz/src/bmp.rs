//! BMP files: whatever the bytes, there is a picture or an error, and both readers agree.

use core::mem::MaybeUninit;

use displayio_allocators::{Heap, LinkedListHeap};
use displayio_core::{
    BmpImage, ColorConverter, Display, Group, OnDiskBitmap, PixelSource, Rgb565, Rotation, Shader,
    Size, SliceFile, TileGrid, TileMap,
};
use displayio_hal::framebuffer::Framebuffer;

const PANEL: Size = Size::new(40, 28);

/// A palette of 256 colours, a row buffer and a tile map: no file needs more.
const HEAP_BYTES: usize = 4 << 10;

/// Cells of the grid.
const COLUMNS: u16 = 3;
const ROWS: u16 = 2;

/// Shows the file, read from memory and read piece by piece.
pub fn run(bytes: &[u8]) {
    let arrangement = Arrangement::of(bytes);
    let pictures = (from_memory(bytes, &arrangement), from_file(bytes, &arrangement));
    assert_eq!(pictures.0, pictures.1, "both readers give one picture, or none");
}

fn from_memory(bytes: &[u8], arrangement: &Arrangement) -> Option<Vec<u8>> {
    let image = BmpImage::new(bytes).ok()?;
    let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
    let heap = LinkedListHeap::new(&mut region);
    if image.palette_len() == 0 {
        return Some(arrangement.show(image, ColorConverter::default(), &heap));
    }
    let palette = image.palette_in(Rgb565, &heap).expect("the heap has room for it");
    Some(arrangement.show(image, palette, &heap))
}

fn from_file(bytes: &[u8], arrangement: &Arrangement) -> Option<Vec<u8>> {
    let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
    let heap = LinkedListHeap::new(&mut region);
    let buffer_bytes = arrangement.buffer_bytes();
    let file = OnDiskBitmap::new_in(SliceFile::new(bytes), buffer_bytes, &heap).ok()?;
    let picture = if file.palette_len() == 0 {
        arrangement.show(&file, ColorConverter::default(), &heap)
    } else {
        let palette = file.palette_in(Rgb565, &heap).expect("the headers were checked");
        arrangement.show(&file, palette, &heap)
    };
    assert_eq!(file.take_error(), None, "the headers were checked");
    Some(picture)
}

/// How the picture lies on the panel: taken from the file's two reserved fields, which readers ignore.
struct Arrangement([u8; 4]);

impl Arrangement {
    fn of(bytes: &[u8]) -> Self {
        Self(bytes.get(6..10).and_then(|bytes| bytes.try_into().ok()).unwrap_or_default())
    }

    const fn has(&self, bit: u8) -> bool {
        self.0[0] >> bit & 1 != 0
    }

    /// From a few pixels to several rows.
    fn buffer_bytes(&self) -> usize {
        usize::from(self.0[1]) * 2
    }

    fn tile_size(&self) -> Size {
        let [.., width, height] = self.0.map(u16::from);
        // 0 stands for all of the picture.
        Size::new(width.wrapping_sub(1), height.wrapping_sub(1))
    }

    fn rotation(&self) -> Rotation {
        [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270]
            [usize::from(self.0[0] & 3)]
    }

    /// What the panel holds after two refreshes: the second after a flip and a move.
    fn show<S, P>(&self, source: S, shader: P, heap: Heap<'_>) -> Vec<u8>
    where
        S: PixelSource,
        P: Shader<Rgb565>,
    {
        let Size { width, height } = self.tile_size();
        let cells = TileMap::new_in(COLUMNS, ROWS, heap).expect("the heap has room for it");
        for (x, y) in (0..COLUMNS).flat_map(|x| (0..ROWS).map(move |y| (x, y))) {
            cells.set(x, y, x + 2 * y).expect("a cell of the map");
        }
        let grid = TileGrid::new(source, shader).with_map(cells).tiles(width, height).at(-3, 2);
        grid.set_flip_x(self.has(2));
        grid.set_flip_y(self.has(3));
        grid.set_transposed(self.has(4));
        let scene = Group::new(&grid).at(5, 0).scaled(1 + u8::from(self.has(5)));
        let mut buffer = [0; 96];
        let panel = Framebuffer::new(PANEL, Rgb565);
        let mut display = Display::new(panel, &mut buffer).rotated(self.rotation());
        display.refresh(&scene).expect("the panel does not fail");
        grid.set_flip_x(self.has(6));
        grid.move_to(if self.has(7) { -9 } else { -3 }, 3);
        display.refresh(&scene).expect("the panel does not fail");
        display.panel().memory().to_vec()
    }
}
