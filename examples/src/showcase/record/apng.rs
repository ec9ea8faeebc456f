//! An animation that keeps of each frame what changed, as the display sends it.

use alloc::collections::BTreeMap;
use std::io::{self, Write};

use displayio_core::{Panel, Size};
use displayio_hal::{framebuffer::Framebuffer, preview::Preview};
use png::{BitDepth, BlendOp, ColorType, Compression, Encoder, EncodingError, Filter, Writer};

type Rgb = [u8; 3];

/// The index that leaves a pixel as it is.
const KEEP: u8 = 0;

/// Frames as indices into one table of colours.
#[derive(Debug)]
pub(super) struct Animation {
    /// Width and height of a pixel in the file.
    scale: usize,
    frame_millis: u16,
    size: Size,
    colors: Colors,
    /// The last frame, row by row.
    shown: Vec<Option<Rgb>>,
    patches: Vec<Patch>,
}

/// The colours of the indices from 1 on, at most 255.
#[derive(Debug, Default)]
struct Colors {
    table: Vec<Rgb>,
    indices: BTreeMap<Rgb, u8>,
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

impl Colors {
    /// The index of a colour; that of the nearest once the table is full.
    fn index(&mut self, color: Rgb) -> u8 {
        if let Some(index) = self.indices.get(&color) {
            return *index;
        }
        let position = if self.table.len() < 255 {
            self.table.push(color);
            self.table.len() - 1
        } else {
            self.nearest(color)
        };
        let index = u8::try_from(position + 1).unwrap_or(KEEP);
        self.indices.insert(color, index);
        index
    }

    fn nearest(&self, color: Rgb) -> usize {
        let distance = |of: &Rgb| -> u32 {
            of.iter().zip(color).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
        };
        (0..self.table.len()).min_by_key(|&i| distance(&self.table[i])).unwrap_or(0)
    }
}

impl Animation {
    pub(super) fn new(scale: usize, frame_millis: u16) -> Self {
        Self {
            scale,
            frame_millis,
            size: Size::new(0, 0),
            colors: Colors::default(),
            shown: Vec::new(),
            patches: Vec::new(),
        }
    }

    /// Adds what `panel` shows as the next frame.
    pub(super) fn add<C: Preview>(&mut self, panel: &Framebuffer<C>) -> io::Result<()> {
        let frame: Vec<Option<Rgb>> =
            panel.to_rgb().chunks_exact(3).map(|color| color.try_into().ok()).collect();
        if self.patches.is_empty() {
            self.size = panel.size();
            self.shown = vec![None; frame.len()];
        }
        if panel.size() != self.size {
            return Err(io::Error::other("a frame of another size"));
        }
        match Patch::between(&self.shown, &frame, self.size.width.into(), &mut self.colors) {
            Some(patch) => self.patches.push(patch),
            None => self.patches.iter_mut().last().into_iter().for_each(|last| last.frames += 1),
        }
        self.shown = frame;
        Ok(())
    }

    /// Writes the file, which plays for ever.
    pub(super) fn write(&self, to: impl Write) -> Result<(), EncodingError> {
        let wide = |v: usize| u32::try_from(v * self.scale).unwrap_or(u32::MAX);
        let (width, height) = (self.size.width.into(), self.size.height.into());
        let mut encoder = Encoder::new(to, wide(width), wide(height));
        encoder.set_color(ColorType::Indexed);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_palette([&[[0; 3]], self.colors.table.as_slice()].concat().concat());
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
    fn between(
        old: &[Option<Rgb>],
        new: &[Option<Rgb>],
        width: usize,
        colors: &mut Colors,
    ) -> Option<Self> {
        let changes: Vec<usize> = (0..new.len()).filter(|&at| old[at] != new[at]).collect();
        let (y, bottom) = (changes.first()? / width, changes.last()? / width);
        let x = changes.iter().map(|at| at % width).min()?;
        let right = changes.iter().map(|at| at % width).max()?;
        let index = |at: usize| match new[at] {
            Some(color) if old[at] != new[at] => colors.index(color),
            _ => KEEP,
        };
        let places = (y..=bottom).flat_map(|y| (x..=right).map(move |x| y * width + x));
        Some(Self { x, y, width: right + 1 - x, pixels: places.map(index).collect(), frames: 1 })
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
        let mut colors = Colors::default();
        let (old, mut new) = ([Some([9; 3]); 12], [Some([9; 3]); 12]);
        assert!(Patch::between(&old, &new, 4, &mut colors).is_none(), "nothing changed");
        (new[5], new[10]) = (Some([7; 3]), Some([8; 3]));
        let patch = Patch::between(&old, &new, 4, &mut colors).unwrap();
        assert_eq!((patch.x, patch.y, patch.width, patch.height()), (1, 1, 2, 2));
        assert_eq!(patch.pixels, [1, KEEP, KEEP, 2]);
        assert_eq!(patch.scaled(2)[..8], [1, 1, KEEP, KEEP, 1, 1, KEEP, KEEP]);
    }
    #[test]
    fn colours_beyond_the_table_are_the_nearest() {
        let mut colors = Colors::default();
        for level in 0..=254 {
            assert_eq!(colors.index([level; 3]), level + 1);
        }
        assert_eq!(colors.index([40, 40, 41]), 41);
    }
}
