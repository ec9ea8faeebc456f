//! Scenes of labels.

use core::convert::Infallible;

use displayio_core::{
    BdfFile, Bitmap, BitmapLabel, BlockingPanel, Depth, FONT_6X12, GlyphCache, GlyphSource, Group,
    Heap, Label, Node, OneTile, Palette, PcfFile, RefreshStats, Rgb565, SliceFile, Text, TileGrid,
};

use super::{Observer, SCENE, Stage};
use crate::{BenchError, pictures, tables};

/// Labels on a background.
type Texts<'g, L> = Group<(Background<'g>, [L; pictures::LABELS])>;
type Background<'g> = TileGrid<&'g Bitmap<'g>, &'g Palette<'g, Rgb565>, OneTile>;

/// Pixels that [`pictures::TEXT`] is wide.
const WIDTH: u16 = 6 * pictures::TEXT_GLYPHS;

/// A font of 12 pixels, whose glyphs take up to 30 bytes.
const BDF: &[u8] = include_bytes!("../../../displayio-core/tests/fonts/files/helvR12.bdf");
const PCF: &[u8] = include_bytes!("../../../displayio-core/tests/fonts/files/helvR12.pcf");
const GLYPH_BYTES: usize = 32;

/// Fewer glyphs than a label has different ones: some are read while they are painted.
const CACHED_GLYPHS: u16 = 8;

impl<P, O> Stage<'_, '_, P, O>
where
    P: BlockingPanel<Format = Rgb565, Error = Infallible>,
    O: Observer,
{
    /// Builds the scene of w5 and measures it with `show`.
    pub(super) fn labels(
        self,
        heap: Heap<'_>,
        show: impl FnOnce(Self, &Texts<'_, Label<'_, '_>>) -> Result<RefreshStats, BenchError>,
    ) -> Result<RefreshStats, BenchError> {
        let bitmap = Bitmap::new_in(SCENE.width, SCENE.height, Depth::Bpp1, heap)?;
        let palette = pictures::palette(&tables::LABEL_BACKGROUND, heap)?;
        let mut memory = [[0; Label::required_bytes(pictures::TEXT_GLYPHS)]; pictures::LABELS];
        let labels = labels_in(&mut memory, |memory| Label::from_buffer(&FONT_6X12, memory))?;
        show(self, &Group::new((TileGrid::new(&bitmap, &palette), labels)))
    }

    /// The same with bitmap labels, w6.
    pub(super) fn bitmap_labels(
        self,
        heap: Heap<'_>,
        show: impl FnOnce(Self, &Texts<'_, BitmapLabel<'_, '_>>) -> Result<RefreshStats, BenchError>,
    ) -> Result<RefreshStats, BenchError> {
        let bitmap = Bitmap::new_in(SCENE.width, SCENE.height, Depth::Bpp1, heap)?;
        let palette = pictures::palette(&tables::LABEL_BACKGROUND, heap)?;
        let mut memory = [[0; BitmapLabel::required_bytes(WIDTH, 12, 1)]; pictures::LABELS];
        let labels =
            labels_in(&mut memory, |memory| BitmapLabel::from_buffer(&FONT_6X12, WIDTH, memory))?;
        show(self, &Group::new((TileGrid::new(&bitmap, &palette), labels)))
    }

    /// Measures the refresh after a small change of a text.
    pub(super) fn change_text<L: Text + Node<Rgb565>>(
        mut self,
        root: &Texts<'_, L>,
    ) -> Result<RefreshStats, BenchError> {
        self.display.refresh(root)?;
        root.children().1[0].set_text(&pictures::CHANGED_TEXT)?;
        Ok(self.observer.refresh(&mut self.display, root)?)
    }

    pub(super) fn large_labels(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        self.labels(heap, |stage, root| {
            for label in &root.children().1 {
                label.set_scale(2);
                label.set_background(Some(pictures::LABEL_FIELD.into()));
            }
            stage.show_all(root)
        })
    }

    pub(super) fn bdf_labels(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        self.cached_labels(BdfFile::open(SliceFile::new(BDF))?, heap)
    }

    pub(super) fn pcf_labels(self, heap: Heap<'_>) -> Result<RefreshStats, BenchError> {
        self.cached_labels(PcfFile::open(SliceFile::new(PCF))?, heap)
    }

    fn cached_labels(
        self,
        glyphs: impl GlyphSource,
        heap: Heap<'_>,
    ) -> Result<RefreshStats, BenchError> {
        let font = GlyphCache::new_in(glyphs, CACHED_GLYPHS, GLYPH_BYTES, heap)?;
        let mut memory = [[0; Label::required_bytes(pictures::TEXT_GLYPHS)]; pictures::LABELS];
        let labels = labels_in(&mut memory, |memory| Label::from_buffer(&font, memory))?;
        self.show_all(&Group::new(labels))
    }
}

/// The labels of w5 or of w6, each made by `new` of its memory.
fn labels_in<'m, L: Text, const BYTES: usize>(
    memory: &'m mut [[u8; BYTES]; pictures::LABELS],
    new: impl Fn(&'m mut [u8]) -> L,
) -> Result<[L; pictures::LABELS], BenchError> {
    let labels = memory.each_mut().map(|memory| new(memory));
    for (index, label) in labels.iter().enumerate() {
        let (x, y) = pictures::label_position(index);
        label.move_to(x, y);
        label.set_color(Some(pictures::label_color(index).into()));
        label.set_text(&pictures::TEXT)?;
    }
    Ok(labels)
}
