//! Images that are decoded, shown, and evicted for the next.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind, ballast,
    random::Random,
    session::{Held, Session},
    slots::Slots,
};

/// Images that are kept at once, at most.
const IMAGES: usize = 8;
/// Half of a screen of 320x240, at 8 bits per pixel.
const LARGEST_PIXELS: usize = 38_400;
const SMALLEST_PIXELS: usize = 256;
const SMALLEST_SIDE: usize = 16;
const SCREEN_WIDTH: usize = 320;
const SCREEN_HEIGHT: usize = 240;
const HEADER_BYTES: usize = 40;
const PALETTE_BYTES: usize = 1024;
/// Bytes of a pixel in the file.
const FILE_PIXEL_BYTES: usize = 3;

/// Size of an image in pixels.
#[derive(Clone, Copy)]
struct Size {
    width: usize,
    height: usize,
}

impl Size {
    /// A size of at most `pixels_max`, small ones as likely as large ones.
    fn any(random: &mut Random, pixels_max: usize) -> Self {
        let allowed = SMALLEST_PIXELS..=pixels_max.max(SMALLEST_PIXELS);
        loop {
            let width = random.log_between(SMALLEST_SIDE, SCREEN_WIDTH) & !3;
            let size = Self { width, height: random.log_between(SMALLEST_SIDE, SCREEN_HEIGHT) };
            if allowed.contains(&size.pixels()) {
                return size;
            }
        }
    }

    const fn pixels(self) -> usize {
        self.width * self.height
    }

    const fn row_buffer_bytes(self) -> usize {
        self.width * FILE_PIXEL_BYTES
    }

    /// What decoding takes at most.
    const fn decoding_bytes(self) -> usize {
        HEADER_BYTES + PALETTE_BYTES + self.row_buffer_bytes() + self.pixels()
    }
}

struct Image<B: Blocks> {
    header: Held<B>,
    palette: Option<Held<B>>,
    pixels: Option<Held<B>>,
}

impl<B: Blocks> Image<B> {
    /// Header, palette and pixels of 8 bits; the buffer for a row of the file is freed at the end.
    fn decode<C: Clock>(session: &mut Session<'_, B, C>, size: Size) -> Option<Self> {
        let header = session.allocate(HEADER_BYTES, Kind::Fixed)?;
        let palette = session.allocate(PALETTE_BYTES, Kind::Movable);
        let row =
            palette.as_ref().and_then(|_| session.allocate(size.row_buffer_bytes(), Kind::Movable));
        let pixels = row.as_ref().and_then(|_| session.allocate(size.pixels(), Kind::Movable));
        session.free_if_any(row);
        let image = Self { header, palette, pixels };
        if image.pixels.is_none() {
            image.free(session);
            return None;
        }
        Some(image)
    }

    fn bytes(&self) -> usize {
        let rest = self.palette.iter().chain(&self.pixels);
        self.header.size_bytes + rest.map(|held| held.size_bytes).sum::<usize>()
    }

    fn free<C: Clock>(self, session: &mut Session<'_, B, C>) {
        session.free(self.header);
        session.free_if_any(self.palette);
        session.free_if_any(self.pixels);
    }
}

/// The images that were shown last, within a budget.
pub(super) struct Cache<'s, B: Blocks> {
    images: Slots<'s, Image<B>>,
    held_bytes: usize,
    budget_bytes: usize,
    pixels_max: usize,
}

impl<'s, B: Blocks> Cache<'s, B> {
    /// Images of up to `largest_percent` of the budget.
    pub(super) fn try_new(
        budget_bytes: usize,
        largest_percent: usize,
        scratch: Heap<'s>,
    ) -> Result<Self, OutOfMemory> {
        let pixels_max = (budget_bytes * largest_percent / 100).min(LARGEST_PIXELS);
        let images = Slots::try_with_capacity(IMAGES, scratch)?;
        Ok(Self { images, held_bytes: 0, budget_bytes, pixels_max })
    }

    /// Decodes an image of any size, and evicts others for it first.
    pub(super) fn show_any<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        let size = Size::any(&mut session.random, self.pixels_max);
        while self.images.is_full() || !self.has_room(size) && self.images.len() > 0 {
            self.evict(session);
        }
        if self.has_room(size)
            && let Some(image) = Image::decode(session, size)
        {
            self.held_bytes += image.bytes();
            // `evict` has left a slot free.
            if let Err(image) = self.images.push(image) {
                image.free(session);
            }
        }
    }

    const fn has_room(&self, size: Size) -> bool {
        self.held_bytes + size.decoding_bytes() <= self.budget_bytes
    }

    /// Frees the oldest image, or (half of the time, where there are enough) the second oldest.
    fn evict<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        let index = usize::from(self.images.len() > 2 && session.random.chance(50));
        if let Some(image) = self.images.remove(index) {
            self.held_bytes -= image.bytes();
            image.free(session);
        }
    }

    /// Frees what it holds.
    pub(super) fn clear<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        while let Some(image) = self.images.swap_remove(0) {
            image.free(session);
        }
        self.held_bytes = 0;
    }
}

/// Workload c: an image viewer beside a quarter of ballast.
pub(super) fn run<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    scratch: Heap<'_>,
) -> Result<(), OutOfMemory> {
    let target_bytes = session.trial.target_bytes;
    let mut ballast = ballast::boot(session, target_bytes / 4, scratch)?;
    let budget_bytes = target_bytes - session.live_bytes();
    let mut cache = Cache::try_new(budget_bytes, 55, scratch)?;
    while session.next_step() {
        cache.show_any(session);
    }
    cache.clear(session);
    session.free_all(&mut ballast);
    Ok(())
}
