//! Plays a scene on a panel in memory.

use core::mem::MaybeUninit;
use std::io;

use displayio_allocators::{
    CompactingHeap, Counters, Heap, Instrumented, LinkedListHeap, Memory, TlsfHeap,
};
use displayio_core::{Area, Display, Panel, RefreshStats, Size};
use displayio_hal::{framebuffer::Framebuffer, preview::Preview};

use super::{
    PlayError, Scene,
    build::{AnyBitmap, LiveScene},
    format::WithFormat,
    text::{AnyFont, LabelReport, Lent, TextSpec},
};

/// The memory that a scene is played in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SceneMemory {
    /// The buffer that strips are composed in.
    pub buffer_bytes: usize,
    /// The heap that bitmaps, palettes, tile maps, corners and lists of children come from.
    pub heap_bytes: usize,
    /// How that heap works.
    pub heap_kind: HeapKind,
}

/// How a heap works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum HeapKind {
    /// A list of holes, first fit.
    #[default]
    List,
    /// Two-level segregated fit: constant time.
    Tlsf,
    /// Moves blocks when no hole fits.
    Compacting,
}

impl HeapKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::List, Self::Tlsf, Self::Compacting];
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
    /// What the scene takes of its heap, and has taken at most.
    pub heap: Counters,
    /// The scene's labels, in the order in which they were made.
    pub labels: Vec<LabelReport>,
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

/// Builds a scene in memory of this kind and size, refreshes the display, does a step, refreshes again, and so on; `each`
/// gets what every refresh left.
///
/// # Errors
/// [`PlayError::Failed`] when memory, a file or `each` fails; [`PlayError::Unsupported`] at a step that is not
/// supported, after what comes before.
pub fn play(
    scene: &Scene,
    memory: SceneMemory,
    each: &mut dyn FnMut(&Frame<'_>) -> io::Result<()>,
) -> Result<(), PlayError> {
    let mut region = reserve(memory.heap_bytes, MaybeUninit::uninit())?;
    match memory.heap_kind {
        HeapKind::List => play_on(LinkedListHeap::new(&mut region), scene, memory, each),
        HeapKind::Tlsf => play_on(TlsfHeap::new(&mut region), scene, memory, each),
        HeapKind::Compacting => play_on(CompactingHeap::new(&mut region), scene, memory, each),
    }
}

fn play_on<M: Memory>(
    heap: M,
    scene: &Scene,
    memory: SceneMemory,
    each: &mut dyn FnMut(&Frame<'_>) -> io::Result<()>,
) -> Result<(), PlayError> {
    let heap = Instrumented::new(heap);
    let counters = &|| heap.counters();
    let buffer_bytes = memory.buffer_bytes;
    scene.display.format.dispatch(Player { scene, heap: &heap, counters, buffer_bytes, each })
}

struct Player<'p> {
    scene: &'p Scene,
    heap: Heap<'p>,
    counters: &'p dyn Fn() -> Counters,
    buffer_bytes: usize,
    each: &'p mut dyn FnMut(&Frame<'_>) -> io::Result<()>,
}

impl WithFormat for Player<'_> {
    type Output = Result<(), PlayError>;

    fn run<C: Preview>(self, format: C) -> Result<(), PlayError> {
        let Self { scene, heap, counters, buffer_bytes, each } = self;
        let fonts = scene.fonts.iter().map(|font| AnyFont::load(font, heap));
        let fonts = fonts.collect::<Result<Vec<_>, _>>()?;
        let decorations: Vec<_> = scene.texts.iter().map(TextSpec::decoration).collect();
        let lent = Lent { fonts: &fonts, texts: &scene.texts, decorations: &decorations };
        let mut live = LiveScene::build(scene, format, heap, lent)?;
        let panel = Framebuffer::new(scene.display.panel_size(), format);
        let mut buffer = reserve(buffer_bytes, 0)?;
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
                heap: counters(),
                labels: live.labels(),
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
