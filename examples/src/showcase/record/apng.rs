//! An animation that keeps of each frame what changed, as the display sends it.

use std::io::{self, Write};

use displayio_core::{Panel, Size};
use displayio_hal::{framebuffer::Framebuffer, preview::Preview};
use png::{BitDepth, BlendOp, ColorType, Compression, Encoder, EncodingError, Filter, Writer};

/// The index that leaves a pixel as it is.
const KEEP: u8 = 0;

/// Frames as indices into one table of colours.
#[derive(Debug)]
pub(super) struct Animation {
    /// Width and height of a pixel in the file.
    scale: usize,
    frame_millis: u16,
    size: Size,
    /// The colours of the indices from 1 on, at most 255.
    colors: Vec<[u8; 3]>,
    /// The indices of the last frame.
    shown: Vec<u8>,
    patches: Vec<Patch>,
}

/// The smallest rectangle around all that changed from one frame to the next.
#[derive(Debug)]
struct Patch {
    x: usize,
    y: usize,
    width: usize,
    /// Rows of indices; what did not change is [`KEEP`].
    pixels: Vec<u8>,
    /// For how many frames it stays.
    frames: u16,
}

impl Animation {
    pub(super) const fn new(scale: usize, frame_millis: u16) -> Self {
        Self {
            scale,
            frame_millis,
            size: Size::new(0, 0),
            colors: Vec::new(),
            shown: Vec::new(),
            patches: Vec::new(),
        }
    }

    /// Adds what `panel` shows as the next frame.
    pub(super) fn add<C: Preview>(&mut self, panel: &Framebuffer<C>) -> io::Result<()> {
        let rgb = panel.to_rgb();
        if self.patches.is_empty() {
            self.size = panel.size();
            self.shown = vec![KEEP; rgb.len() / 3];
        }
        if rgb.len() != self.shown.len() * 3 {
            return Err(io::Error::other("a frame of another size"));
        }
        let indices: Vec<u8> =
            rgb.chunks_exact(3).map(|color| self.index([color[0], color[1], color[2]])).collect();
        match Patch::between(&self.shown, &indices, self.size.width.into()) {
            Some(patch) => self.patches.push(patch),
            None => self.patches.iter_mut().last().into_iter().for_each(|last| last.frames += 1),
        }
        self.shown = indices;
        Ok(())
    }

    /// The index of a colour; that of the nearest once the table is full.
    fn index(&mut self, color: [u8; 3]) -> u8 {
        let distance = |of: &[u8; 3]| -> u32 {
            of.iter().zip(color).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
        };
        let exact = self.colors.iter().position(|of_table| *of_table == color);
        let position = exact.or_else(|| {
            if self.colors.len() < 255 {
                self.colors.push(color);
                return Some(self.colors.len() - 1);
            }
            (0..self.colors.len()).min_by_key(|&i| distance(&self.colors[i]))
        });
        position.and_then(|position| u8::try_from(position + 1).ok()).unwrap_or(KEEP)
    }

    /// Writes the file, which plays for ever.
    pub(super) fn write(&self, to: impl Write) -> Result<(), EncodingError> {
        let wide = |v: usize| u32::try_from(v * self.scale).unwrap_or(u32::MAX);
        let (width, height) = (self.size.width.into(), self.size.height.into());
        let mut encoder = Encoder::new(to, wide(width), wide(height));
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette([&[[0; 3]], self.colors.as_slice()].concat().concat());
        encoder.set_trns(vec![0]);
        encoder.set_compression(Compression::High);
        encoder.set_filter(Filter::NoFilter);
        encoder.set_animated(u32::try_from(self.patches.len()).unwrap_or(u32::MAX), 0)?;
        let mut writer = encoder.write_header()?;
        for patch in &self.patches {
            self.write_patch(&mut writer, patch)?;
        }
        writer.finish()
    }

    fn write_patch<W: Write>(
        &self,
        writer: &mut Writer<W>,
        patch: &Patch,
    ) -> Result<(), EncodingError> {
        let wide = |v: usize| u32::try_from(v * self.scale).unwrap_or(u32::MAX);
        writer.set_frame_delay(self.frame_millis.saturating_mul(patch.frames), 1000)?;
        writer.set_blend_op(BlendOp::Over)?;
        writer.reset_frame_position()?;
        writer.set_frame_dimension(wide(patch.width), wide(patch.height()))?;
        writer.set_frame_position(wide(patch.x), wide(patch.y))?;
        writer.write_image_data(&patch.scaled(self.scale))
    }
}

impl Patch {
    /// What leads from `old` to `new`; `None` when they are equal.
    fn between(old: &[u8], new: &[u8], width: usize) -> Option<Self> {
        let changes = || old.iter().zip(new).enumerate().filter(|(_, (old, new))| old != new);
        let (first, last) = (changes().next()?.0, changes().next_back()?.0);
        let columns = || changes().map(|(at, _)| at % width);
        let (x, right) = (columns().min()?, columns().max()?);
        let (y, bottom) = (first / width, last / width);
        let keep_same = |at: usize| if old[at] == new[at] { KEEP } else { new[at] };
        let pixels = (y..=bottom)
            .flat_map(|y| (x..=right).map(move |x| y * width + x))
            .map(keep_same)
            .collect();
        Some(Self { x, y, width: right + 1 - x, pixels, frames: 1 })
    }

    const fn height(&self) -> usize {
        self.pixels.len() / self.width
    }

    /// The pixels, each `scale` times as wide and high.
    fn scaled(&self, scale: usize) -> Vec<u8> {
        self.pixels
            .chunks(self.width)
            .flat_map(|row| {
                let row: Vec<u8> =
                    row.iter().flat_map(|&index| core::iter::repeat_n(index, scale)).collect();
                row.repeat(scale)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_are_as_small_as_can_be() {
        let (old, mut new) = ([1; 12], [1; 12]);
        assert!(Patch::between(&old, &new, 4).is_none(), "nothing changed");
        (new[5], new[10]) = (2, 3);
        let patch = Patch::between(&old, &new, 4).unwrap();
        assert_eq!((patch.x, patch.y, patch.width, patch.height()), (1, 1, 2, 2));
        assert_eq!(patch.pixels, [2, KEEP, KEEP, 3]);
        assert_eq!(patch.scaled(2)[..8], [2, 2, KEEP, KEEP, 2, 2, KEEP, KEEP]);
    }
}
