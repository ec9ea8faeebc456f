//! Where tools take pixels from.

use core::iter;

use arbitrary::Arbitrary;
use displayio_core::{
    Bitmap, Change, Depth, Mark, PixelLayout, PixelSource, Region, Size, Tracked, View,
};

use super::MAX_SIDE;
use crate::arguments::chosen;

/// A source that a tool is given.
#[derive(Debug, Arbitrary)]
pub(super) enum Source<'i> {
    View(Picture<'i>),
    Bitmap(Picture<'i>),
    /// The bitmap that is drawn on.
    Itself,
    /// One that cannot be read now.
    Closed,
}

/// Pixels whose bytes repeat, and may be too few.
#[derive(Debug, Arbitrary)]
pub(super) struct Picture<'i> {
    /// Whether it has the size of the bitmap that is drawn on, as some tools want.
    is_alike: bool,
    size: (u8, u8),
    layout: u8,
    skip: u8,
    bottom_up: bool,
    missing_bytes: u8,
    bytes: &'i [u8],
}

impl Source<'_> {
    /// Opens it for a tool that draws on `bitmap`.
    pub(super) fn open<R>(&self, bitmap: &Bitmap<'_>, f: impl FnOnce(&Opened<'_>) -> R) -> R {
        match self {
            Self::View(picture) => picture.view(bitmap, |view| f(&Opened::View(view))),
            Self::Bitmap(picture) => {
                let (size, depth) = (picture.size(bitmap), picture.depth(bitmap));
                let needed = Bitmap::required_bytes(size.width, size.height, depth);
                let mut bytes: Vec<u8> = picture.bytes().take(needed).collect();
                let other = Bitmap::from_buffer(size.width, size.height, depth, &mut bytes);
                f(&Opened::Bitmap(&other.expect("as many bytes as it needs")))
            }
            Self::Itself => f(&Opened::Bitmap(bitmap)),
            Self::Closed => f(&Opened::Closed),
        }
    }
}

impl Picture<'_> {
    fn size(&self, bitmap: &Bitmap<'_>) -> Size {
        let (width, height) = self.size;
        if self.is_alike {
            bitmap.size()
        } else {
            Size::new(u16::from(width) % MAX_SIDE, u16::from(height) % MAX_SIDE)
        }
    }

    /// That of the bitmap first, for that is what most tools want.
    fn depth(&self, bitmap: &Bitmap<'_>) -> Depth {
        let number = usize::from(self.layout) % (Depth::ALL.len() + 1);
        number.checked_sub(1).map_or(bitmap.depth(), |number| Depth::ALL[number])
    }

    fn layout(&self, bitmap: &Bitmap<'_>) -> PixelLayout {
        match self.layout {
            0xfc => PixelLayout::Bgr24,
            0xfd => PixelLayout::Bgrx32,
            0xfe => PixelLayout::Rgb555,
            0xff => PixelLayout::Rgb565,
            _ => PixelLayout::Packed(self.depth(bitmap)),
        }
    }

    /// Without end.
    fn bytes(&self) -> impl Iterator<Item = u8> {
        self.bytes.iter().copied().cycle().chain(iter::repeat(0))
    }

    /// Anything that a view can be.
    pub(super) fn view<R>(&self, bitmap: &Bitmap<'_>, f: impl FnOnce(View<'_>) -> R) -> R {
        let (size, layout) = (self.size(bitmap), self.layout(bitmap));
        let skip = self.skip % 8;
        let row_pixels = usize::from(size.width) + usize::from(skip);
        let stride_bytes = (row_pixels * usize::from(layout.bits())).div_ceil(8);
        let most = stride_bytes * usize::from(size.height);
        let missing = chosen(&[0, 0, 0, usize::from(self.missing_bytes)], self.missing_bytes);
        let bytes: Vec<u8> = self.bytes().take(most.saturating_sub(missing)).collect();
        let view = View::new(&bytes, stride_bytes, size, layout);
        f(View { skip, bottom_up: self.bottom_up, ..view })
    }
}

/// A source while a tool works.
#[derive(Debug)]
pub(super) enum Opened<'s> {
    View(View<'s>),
    Bitmap(&'s Bitmap<'s>),
    Closed,
}

impl Tracked for Opened<'_> {
    fn is_seen(&self, _: &Mark) -> bool {
        true
    }

    fn since(&self, _: &Mark) -> Change {
        Change::None
    }
}

impl PixelSource for Opened<'_> {
    fn size(&self) -> Size {
        match self {
            Self::View(view) => view.size,
            Self::Bitmap(bitmap) => bitmap.size(),
            Self::Closed => Size::default(),
        }
    }

    fn layout(&self) -> PixelLayout {
        match self {
            Self::View(view) => view.layout,
            Self::Bitmap(bitmap) => bitmap.layout(),
            Self::Closed => PixelLayout::Packed(Depth::Bpp1),
        }
    }

    fn view<R>(&self, region: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        match self {
            Self::View(view) => Some(f(*view)),
            Self::Bitmap(bitmap) => bitmap.view(region, f),
            Self::Closed => None,
        }
    }
}
