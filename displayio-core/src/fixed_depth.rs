//! Sources of a depth that the compiler knows.

use core::{error::Error, fmt};

use displayio_allocators::Rejected;

use crate::{Change, Mark, Part, PixelLayout, PixelSource, Region, Size, Tracked, View};

/// A source whose pixels have `BITS` bits, as its type says: 1, 2, 4, 8, 16 or 32 of a [`Depth`](crate::Depth), or the 24 of
/// [`PixelLayout::Bgr24`].
///
/// A program whose sources all tell has no loops for other depths: 3.3 KB less of flash for a tile grid of 4 bits on a
/// Cortex-M4. What is shown is the same.
///
/// ```
/// use displayio_core::{Bitmap, Depth, FixedDepth, Palette, Rgb565, TileGrid};
/// let (mut pixels, mut colors) = ([0; 2048], [0; 36]);
/// let sheet = Bitmap::from_buffer(64, 64, Depth::Bpp4, &mut pixels)?;
/// let palette = Palette::<Rgb565>::from_buffer(16, &mut colors)?;
/// let player = TileGrid::new(FixedDepth::<_, 4>::try_new(&sheet).unwrap(), &palette);
/// assert!(FixedDepth::<_, 8>::try_new(&sheet).is_err());
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct FixedDepth<S, const BITS: u8> {
    source: S,
}

impl<S: PixelSource, const BITS: u8> FixedDepth<S, BITS> {
    /// The layout that the source has; there is none of other `BITS`, which is an error of the program.
    const FIXED: PixelLayout = match PixelLayout::of_bits(BITS) {
        Some(layout) => layout,
        None => panic!("pixels have 1, 2, 4, 8, 16, 24 or 32 bits"),
    };

    /// A source that has this depth now.
    ///
    /// If it can have another one later, it cannot be viewed while it does.
    ///
    /// # Errors
    /// [`OtherDepth`], with the source.
    pub fn try_new(source: S) -> Result<Self, Rejected<S, OtherDepth>> {
        let layout = source.layout();
        if layout == Self::FIXED {
            Ok(Self { source })
        } else {
            let error = OtherDepth { expected: Self::FIXED, found: layout };
            Err(Rejected { value: source, error })
        }
    }

    /// The source, for changes of its pixels.
    pub const fn source(&self) -> &S {
        &self.source
    }

    /// Gives the source back.
    pub fn into_source(self) -> S {
        self.source
    }
}

impl<S: Tracked, const BITS: u8> Tracked for FixedDepth<S, BITS> {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.source.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.source.since(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        self.source.describe(report);
    }
}

impl<S: PixelSource, const BITS: u8> PixelSource for FixedDepth<S, BITS> {
    const STREAMED: bool = S::STREAMED;
    const LAYOUT: Option<PixelLayout> = Some(Self::FIXED);

    fn size(&self) -> Size {
        self.source.size()
    }

    fn layout(&self) -> PixelLayout {
        Self::FIXED
    }

    fn is_ready(&self) -> bool {
        self.source.layout() == Self::FIXED && self.source.is_ready()
    }

    #[inline]
    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        self.source.view(region, |view| (view.layout == Self::FIXED).then(|| f(view))).flatten()
    }
}

/// A source was to have one depth, and has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OtherDepth {
    /// How pixels should be stored.
    pub expected: PixelLayout,
    /// How they are.
    pub found: PixelLayout,
}

impl fmt::Display for OtherDepth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { expected, found } = self;
        write!(f, "pixels of {} bits expected ({expected:?}), not {found:?}", expected.bits())
    }
}

impl Error for OtherDepth {}
