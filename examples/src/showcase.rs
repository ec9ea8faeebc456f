//! The showcase: a photo from a file, a world of tiles, sprites and running palettes, in the memory of a small board.
//!
//! [`play`] shows it on a panel in memory and hands each frame to whoever watches.

mod art;
mod assets;
mod error;
mod motion;
mod palettes;
pub mod record;
pub mod report;
mod scene;
mod script;

use core::mem::MaybeUninit;
use std::{fs::File, path::PathBuf};

use displayio_allocators::{Counters, Instrumented, LinkedListHeap, Memory, Purpose};
use displayio_core::{Display, Group, PixelFormat, RefreshStats, Rotation, Size, Storage};
use displayio_hal::framebuffer::Framebuffer;

use self::{assets::Assets, motion::Clock, report::Report, scene::Scene};
pub use self::{
    error::{PhotoError, ShowcaseError},
    script::{Phase, Program},
};

/// How the show is run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The photo: a BMP file of 320x176 pixels with a palette.
    pub photo: PathBuf,
    /// All the memory there is: pixels, colours, tile maps and the strip buffer come from it.
    pub heap_bytes: usize,
    /// The strip that is composed at a time.
    pub buffer_bytes: usize,
    /// What is played.
    pub program: Program,
    /// How many frames the whole show has.
    pub frames: u32,
    /// The frame to begin with.
    pub first_frame: u32,
    /// How the scene is turned on the panel.
    pub rotation: Rotation,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            photo: PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/rocket.bmp")),
            heap_bytes: 64 * 1024,
            buffer_bytes: 4096,
            program: Program::Show,
            frames: 120,
            first_frame: 0,
            rotation: Rotation::Deg0,
        }
    }
}

/// What the panel shows after a refresh, and what that took.
#[derive(Debug)]
pub struct Frame<'f, C: PixelFormat> {
    /// Number of the frame, from 0.
    pub number: u32,
    /// The part of the show it belongs to.
    pub phase: Phase,
    /// What was sent.
    pub stats: RefreshStats,
    /// What the heap has done so far.
    pub heap: Counters,
    /// The panel; its traffic is that of this frame.
    pub panel: &'f Framebuffer<C>,
}

/// Plays the show and hands each frame to `watch`, which may end it by an error.
///
/// # Errors
/// [`ShowcaseError`]: no photo, too little memory, or what `watch` returned.
pub fn play<C: PixelFormat>(
    options: &Options,
    watch: impl FnMut(&Frame<'_, C>) -> std::io::Result<()>,
) -> Result<Report, ShowcaseError> {
    let photo = File::open(&options.photo).map_err(|error| ShowcaseError::Photo {
        path: options.photo.clone(),
        error: error.into(),
    })?;
    let mut region = region(options.heap_bytes)?;
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    let assets = Assets::new_in(photo, &heap).map_err(|error| error::of_photo(options, error))?;
    let root = Group::new(Scene::<C>::new_in(&assets, &heap)?);
    let strip =
        Storage::zeroed_in(options.buffer_bytes, Purpose::Named("the strip buffer"), &heap)?;
    let mut report = Report::new(options, C::DEPTH);
    let stage = Stage { options, heap: &heap, assets: &assets, root: &root };
    strip.write(|strip| stage.play(strip, &mut report, watch))??;
    Ok(report)
}

/// The region of the heap.
fn region(size_bytes: usize) -> std::io::Result<Vec<MaybeUninit<u8>>> {
    let mut region = Vec::new();
    region.try_reserve_exact(size_bytes).map_err(std::io::Error::other)?;
    region.resize(size_bytes, MaybeUninit::uninit());
    Ok(region)
}

/// What a show has once everything is made.
struct Stage<'a, 'm, C> {
    options: &'a Options,
    heap: &'a Instrumented<LinkedListHeap<'m>>,
    assets: &'a Assets<'m, C>,
    root: &'a Group<Scene<'a, 'm, C>>,
}

impl<C: PixelFormat> Stage<'_, '_, C> {
    /// Plays all frames through `strip`. Nothing is allocated from here on.
    fn play(
        &self,
        strip: &mut [u8],
        report: &mut Report,
        mut watch: impl FnMut(&Frame<'_, C>) -> std::io::Result<()>,
    ) -> Result<(), ShowcaseError> {
        let Options { program, frames, first_frame, rotation, .. } = *self.options;
        let panel = Framebuffer::new(panel_size(rotation), C::default());
        let mut display = Display::new(panel, strip).rotated(rotation);
        for number in first_frame..frames {
            let clock = Clock { frame: number, frames, program };
            script::pose(self.root.children(), self.assets, clock);
            display.panel_mut().reset_traffic();
            let stats = display.refresh(self.root)?;
            if let Some(error) = self.assets.photo.take_error() {
                return Err(error::of_photo(self.options, error.into()));
            }
            let (phase, heap) = (clock.phase(), self.heap.counters());
            let frame = Frame { number, phase, stats, heap, panel: display.panel() };
            report.add(&frame, self.heap.info());
            watch(&frame)?;
        }
        Ok(())
    }
}

/// The size of the panel on which the turned scene fits.
#[must_use]
pub const fn panel_size(rotation: Rotation) -> Size {
    if rotation.swaps_axes() {
        Size::new(scene::HEIGHT, scene::WIDTH)
    } else {
        Size::new(scene::WIDTH, scene::HEIGHT)
    }
}
