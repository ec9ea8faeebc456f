//! Plays a scene on a panel in memory.

use core::mem::MaybeUninit;
use std::io;

use displayio_allocators::LinkedListHeap;
use displayio_core::{Area, BlockingPanel, Display, Panel, RefreshStats, Size};
use displayio_hal::{framebuffer::Framebuffer, preview::Preview};

use super::{
    DisplaySpec, Format, PlayError, Scene,
    build::{AnyBitmap, LiveScene},
};

/// The memory that a scene is played in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemorySizes {
    /// The buffer that strips are composed in.
    pub buffer_bytes: usize,
    /// The heap that bitmaps, palettes, tile maps and lists of children come from.
    pub heap_bytes: usize,
}

/// What a refresh left on the panel, and what it sent there.
pub struct Frame<'f> {
    /// Number of the refresh, from 0.
    pub index: usize,
    /// Size of the panel.
    pub panel_size: Size,
    /// What the panel holds, as it came over the bus.
    pub bytes: &'f [u8],
    /// The areas that were repainted, in panel space.
    pub areas: Vec<Area>,
    /// Counts of this refresh.
    pub stats: RefreshStats,
    rgb: &'f dyn Fn() -> Vec<u8>,
}

impl Frame<'_> {
    /// The picture as red, green and blue bytes, row by row.
    #[must_use]
    pub fn to_rgb(&self) -> Vec<u8> {
        (self.rgb)()
    }

    /// CRC-32 of the bytes.
    #[must_use]
    pub fn crc32(&self) -> u32 {
        crc32fast::hash(self.bytes)
    }
}

impl core::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Frame")
            .field("index", &self.index)
            .field("areas", &self.areas)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

/// Something to do with a pixel format that is known when the program runs.
trait WithFormat {
    type Output;

    fn run<C: Preview>(self, format: C) -> Self::Output;
}

impl Format {
    /// The one place that knows all formats.
    fn dispatch<W: WithFormat>(self, work: W) -> W::Output {
        match self {
            Self::Rgb565(format) => work.run(format),
            Self::Rgb565Le(format) => work.run(format),
            Self::Gray4(format) => work.run(format),
            Self::Mono(format) => work.run(format),
        }
    }
}

impl DisplaySpec {
    /// What the panel holds before the first refresh: zeros, as many bytes as a frame has.
    #[must_use]
    pub fn empty_frame(&self) -> Vec<u8> {
        struct EmptyFrame(Size);

        impl WithFormat for EmptyFrame {
            type Output = Vec<u8>;

            fn run<C: Preview>(self, format: C) -> Vec<u8> {
                Framebuffer::new(self.0, format).memory().to_vec()
            }
        }

        self.format.dispatch(EmptyFrame(self.panel_size()))
    }

    /// What a panel that holds `bytes` shows: red, green and blue bytes, row by row.
    #[must_use]
    pub fn to_rgb(&self, bytes: &[u8]) -> Vec<u8> {
        struct ToRgb<'b>(Size, &'b [u8]);

        impl WithFormat for ToRgb<'_> {
            type Output = Vec<u8>;

            fn run<C: Preview>(self, format: C) -> Vec<u8> {
                let Self(size, bytes) = self;
                let mut panel = Framebuffer::new(size, format);
                let cell = format.cell();
                let whole = Area::of_size(Size::new(
                    size.width.next_multiple_of(cell.width),
                    size.height.next_multiple_of(cell.height),
                ));
                // Too few or too many bytes show as far as they go.
                let _ = panel.begin_area(whole).and_then(|()| panel.write(bytes));
                panel.to_rgb()
            }
        }

        self.format.dispatch(ToRgb(self.panel_size(), bytes))
    }
}

/// Builds a scene in memory of these sizes, refreshes the display, does a step, refreshes again, and so on; `each` gets
/// what every refresh left.
///
/// # Errors
/// [`PlayError::Failed`] when memory, a file or `each` fails; [`PlayError::Unsupported`] at a step that is not
/// supported, after what comes before.
pub fn play(
    scene: &Scene,
    memory: MemorySizes,
    each: &mut dyn FnMut(&Frame<'_>) -> io::Result<()>,
) -> Result<(), PlayError> {
    scene.display.format.dispatch(Player { scene, memory, each })
}

struct Player<'p> {
    scene: &'p Scene,
    memory: MemorySizes,
    each: &'p mut dyn FnMut(&Frame<'_>) -> io::Result<()>,
}

impl WithFormat for Player<'_> {
    type Output = Result<(), PlayError>;

    fn run<C: Preview>(self, format: C) -> Result<(), PlayError> {
        let Self { scene, memory, each } = self;
        let mut region = reserve(memory.heap_bytes, MaybeUninit::uninit())?;
        let heap = LinkedListHeap::new(&mut region);
        let mut live = LiveScene::build(scene, &heap)?;
        let panel = Framebuffer::new(scene.display.panel_size(), format);
        let mut buffer = reserve(memory.buffer_bytes, 0)?;
        let mut display = Display::new(panel, &mut buffer).rotated(scene.display.rotation);
        for index in 0..scene.refresh_count() {
            if let Some(step) = index.checked_sub(1) {
                scene.steps[step].iter().try_for_each(|operation| live.apply(operation))?;
            }
            display.panel_mut().reset_traffic();
            let stats = display
                .refresh(&*live.root)
                .map_err(|error| PlayError::failed(format_args!("refresh {index}"), error))?;
            check_files(&live.bitmaps)?;
            let panel = display.panel();
            let frame = Frame {
                index,
                panel_size: panel.size(),
                bytes: panel.memory(),
                areas: joined(panel.windows()),
                stats,
                rgb: &|| panel.to_rgb(),
            };
            each(&frame).map_err(|error| PlayError::failed("cannot keep the picture", error))?;
        }
        scene.unsupported_step.clone().map_or(Ok(()), Err)
    }
}

/// A list that says so when there is no memory for it.
fn reserve<T: Copy>(count: usize, value: T) -> Result<Vec<T>, PlayError> {
    let mut list = Vec::new();
    list.try_reserve_exact(count)
        .map_err(|error| PlayError::failed(format_args!("{count} bytes of memory"), error))?;
    list.resize(count, value);
    Ok(list)
}

/// A picture that could not be read leaves a hole: that is a failure here.
fn check_files(bitmaps: &[AnyBitmap<'_>]) -> Result<(), PlayError> {
    let error = bitmaps.iter().find_map(|bitmap| match bitmap {
        AnyBitmap::OnDisk(picture) => Some((&picture.path, picture.pixels.take_error()?)),
        AnyBitmap::InMemory(_) => None,
    });
    error.map_or(Ok(()), |(path, error)| Err(PlayError::failed(path, error)))
}

/// The areas behind the windows of a refresh: one that is wider than the buffer is sent as bands, side by side.
fn joined(windows: &[Area]) -> Vec<Area> {
    let is_split =
        |left: &Area, right: &Area| (left.y1, left.y2, left.x2) == (right.y1, right.y2, right.x1);
    let bands = windows.chunk_by(is_split);
    bands.map(|bands| bands.iter().fold(Area::EMPTY, |area, band| area.union(band))).collect()
}
