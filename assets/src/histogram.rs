//! The colours of pictures and how often each occurs.

use displayio_core::Rgb888;

/// Distinct colours with their counts, in ascending order of `0xRRGGBB`.
#[derive(Debug)]
pub(crate) struct Histogram(Vec<(Rgb888, u32)>);

impl Histogram {
    /// Counts colours. Cost: n log n in time, 4 bytes per pixel.
    pub(crate) fn of(colors: impl Iterator<Item = Rgb888>) -> Self {
        let mut values: Vec<u32> = colors.map(Rgb888::value).collect();
        values.sort_unstable();
        let count = |run: &[u32]| u32::try_from(run.len()).unwrap_or(u32::MAX);
        let runs = values.chunk_by(|a, b| a == b);
        Self(runs.map(|run| (Rgb888::new(run[0]), count(run))).collect())
    }

    /// Number of distinct colours.
    pub(crate) const fn len(&self) -> usize {
        self.0.len()
    }

    /// The distinct colours.
    pub(crate) fn colors(&self) -> impl Iterator<Item = Rgb888> {
        self.0.iter().map(|&(color, _)| color)
    }

    /// Colours and counts.
    pub(crate) fn entries(&self) -> &[(Rgb888, u32)] {
        &self.0
    }
}
