//! Pixel formats known when the program runs.

use displayio_core::{
    Area, Bgr888, Bgrx8888, BlockingPanel, ColorCode, FourColor, Gray8, Luma, Packed, Rgb332,
    Rgb565, Rgb565Le, Rgb888, Rgbd, Rotation, SevenColor, SixColor, Size, Tricolor,
};
use displayio_hal::{
    framebuffer::Framebuffer,
    preview::{Inks, Preview},
};

/// The panel, and how the scene lies on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisplaySpec {
    /// Size of the scene in pixels; the panel's is exchanged at a quarter turn.
    pub size: Size,
    /// How the scene is turned on the panel.
    pub rotation: Rotation,
    /// How the panel stores a pixel.
    pub format: Format,
}

/// A pixel format known when the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// 16-bit colour, high byte first.
    Rgb565(Rgb565),
    /// 16-bit colour, low byte first.
    Rgb565Le(Rgb565Le),
    /// 24-bit colour, blue first.
    Bgr888(Bgr888),
    /// The same in 32 bits.
    Bgrx8888(Bgrx8888),
    /// 8-bit colour.
    Rgb332(Rgb332),
    /// 256 greys.
    Gray8(Gray8),
    /// Codes of one bit.
    OneBit(Packed<AnyCode<1>>),
    /// Codes of two bits.
    TwoBits(Packed<AnyCode<2>>),
    /// Codes of four bits.
    FourBits(Packed<AnyCode<4>>),
}

/// What a panel of few colours stores for a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnyCode<const BITS: u8> {
    /// Greys.
    Luma(Luma<BITS>),
    /// One plane of black, white and an ink: 0 for black and white, 1 for the ink.
    Plane(Tricolor, u8),
    /// Black, white and two inks.
    FourColor(FourColor),
    /// A bit per channel.
    Rgbd(Rgbd),
    /// Six inks.
    SixColor(SixColor),
    /// Seven inks.
    SevenColor(SevenColor),
}

impl<const BITS: u8> Default for AnyCode<BITS> {
    fn default() -> Self {
        Self::Luma(Luma::default())
    }
}

impl<const BITS: u8> ColorCode for AnyCode<BITS> {
    const BITS: u8 = BITS;

    fn code(&self, color: Rgb888) -> u8 {
        match self {
            Self::Luma(luma) => luma.code(color),
            Self::Plane(inks, plane) => inks.code(color) >> (1 - plane) & 1,
            Self::FourColor(inks) => inks.code(color),
            Self::Rgbd(inks) => inks.code(color),
            Self::SixColor(inks) => inks.code(color),
            Self::SevenColor(inks) => inks.code(color),
        }
    }
}

impl<const BITS: u8> Inks for AnyCode<BITS> {
    fn ink(&self, code: u8) -> Rgb888 {
        match self {
            Self::Luma(luma) => luma.ink(code),
            Self::Plane(inks, plane) => inks.ink(code << (1 - plane)),
            Self::FourColor(inks) => inks.ink(code),
            Self::Rgbd(inks) => inks.ink(code),
            Self::SixColor(inks) => inks.ink(code),
            Self::SevenColor(inks) => inks.ink(code),
        }
    }
}

/// Something to do with a pixel format that is known when the program runs.
pub(super) trait WithFormat {
    type Output;

    fn run<C: Preview>(self, format: C) -> Self::Output;
}

impl Format {
    /// The one place that knows all formats.
    pub(super) fn dispatch<W: WithFormat>(self, work: W) -> W::Output {
        match self {
            Self::Rgb565(format) => work.run(format),
            Self::Rgb565Le(format) => work.run(format),
            Self::Bgr888(format) => work.run(format),
            Self::Bgrx8888(format) => work.run(format),
            Self::Rgb332(format) => work.run(format),
            Self::Gray8(format) => work.run(format),
            Self::OneBit(format) => work.run(format),
            Self::TwoBits(format) => work.run(format),
            Self::FourBits(format) => work.run(format),
        }
    }
}

impl DisplaySpec {
    /// Size of the panel in pixels.
    #[must_use]
    pub const fn panel_size(&self) -> Size {
        let Size { width, height } = self.size;
        if self.rotation.swaps_axes() { Size::new(height, width) } else { self.size }
    }

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
