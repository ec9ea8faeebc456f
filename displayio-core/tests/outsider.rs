//! A node and a pixel value that the library does not know: everything a user's own needs is public.

#![allow(clippy::unwrap_used, reason = "a test")]

use core::{cell::Cell, convert::Infallible};

use displayio_core::{
    Area, Bitmap, BlockingPanel, Damage, Depth, Display, Gray4, Group, Layer, Node, Panel,
    PixelFormat, PixelValue, Place, Rgb565, Rgb888, Shown, Size, Strip, impl_node,
};

/// A horizontal bar of 40 by 4 pixels, filled from the left.
struct Bar {
    shown: Shown,
    level: Cell<i16>,
    level_shown: Cell<i16>,
}

impl Bar {
    const fn new() -> Self {
        Self { shown: Shown::new(), level: Cell::new(0), level_shown: Cell::new(0) }
    }

    fn set(&self, level: i16) {
        self.level.set(level.clamp(0, 40));
        self.shown.touch();
    }
}

impl Layer for Bar {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        if !self.shown.is_quiet(place)
            && self.shown.collect(place.transform.area(0, 0, 40, 4), place, damage)
        {
            self.level_shown.set(self.level.get());
        }
    }

    fn shown(&self) -> Area {
        self.shown.area()
    }

    fn forget(&self) {
        self.shown.forget();
    }

    fn leaf(&self) -> Option<&Shown> {
        Some(&self.shown)
    }
}

impl<C: PixelFormat> Node<C> for Bar {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        let (area, format) = (self.shown.area(), strip.format());
        strip.fill(area, format.raw(Rgb888::new(0x20_2020)));
        let filled = Area {
            x2: area.x1 + self.level_shown.get() * i16::from(self.shown.axes().scale()),
            ..area
        };
        strip.fill(filled, format.raw(Rgb888::WHITE));
    }

    fn covers(&self, area: &Area) -> bool {
        self.shown.area().contains(area)
    }
}

/// A widget that owns its parts.
struct Meter {
    left: Bar,
    right: Group<(Bar,)>,
}

impl_node!(Meter { left: Bar, right: Group<(Bar,)> });

/// A panel of 100 by 10 pixels that keeps every byte it is sent.
struct Bytes<C> {
    format: C,
    sent: Vec<u8>,
}

impl<C: PixelFormat> Panel for Bytes<C> {
    type Format = C;
    type Error = Infallible;

    fn format(&self) -> C {
        self.format
    }

    fn size(&self) -> Size {
        Size::new(100, 10)
    }
}

impl<C: PixelFormat> BlockingPanel for Bytes<C> {
    fn begin_area(&mut self, _: Area) -> Result<(), Infallible> {
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        self.sent.extend_from_slice(pixels);
        Ok(())
    }
}

fn lit_pixels<C: PixelFormat>(format: C) {
    let mut buffer = [0_u32; 100];
    let mut display =
        Display::new(Bytes { format, sent: vec![] }, bytemuck::cast_slice_mut(&mut buffer));
    let root =
        Group::new((Meter { left: Bar::new(), right: Group::new((Bar::new(),)).at(50, 2) },));
    assert_eq!(display.refresh(&root).unwrap().pixels, 1000, "the whole panel");
    assert_eq!(display.refresh(&root).unwrap().pixels, 0, "nothing changed");

    let meter = &root.children().0;
    meter.left.set(25);
    display.panel_mut().sent.clear();
    assert_eq!(display.refresh(&root).unwrap().pixels, 160, "one bar");
    let lit_bits: u32 = display.panel().sent.iter().map(|byte| byte.count_ones()).sum();
    let (white, dark) = (format.raw(Rgb888::WHITE), format.raw(Rgb888::new(0x20_2020)));
    let bits =
        |raw: C::Raw| bytemuck::bytes_of(&raw).iter().map(|byte| byte.count_ones()).sum::<u32>();
    assert_eq!(lit_bits, 100 * bits(white) + 60 * bits(dark), "25 of 40 columns are lit");

    meter.right.set_scale(2);
    assert_eq!(
        display.refresh(&root).unwrap().pixels,
        50 * 8,
        "the part of 80 by 8 that is on the panel"
    );
}

#[test]
fn a_foreign_node_is_shown_in_any_format() {
    lit_pixels(Rgb565);
    lit_pixels(Gray4::default());
}

/// A pixel of RGB565, as a graphics library may have one.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Color(u16);

impl From<Color> for u32 {
    fn from(color: Color) -> Self {
        color.0.into()
    }
}

impl PixelValue for Color {
    fn from_low_bits(value: u32) -> Self {
        Self(u16::from_low_bits(value))
    }
}

#[test]
fn foreign_pixel_values_are_copied() {
    let mut memory = [0; Bitmap::required_bytes(2, 1, Depth::Bpp16)];
    let bitmap = Bitmap::from_buffer(2, 1, Depth::Bpp16, &mut memory).unwrap();
    bitmap.array_blit(Area::new(0, 0, 2, 1), &[Color(0xf81f), Color(7)], None).unwrap();
    let mut colors = [Color(0); 2];
    bitmap.read(|view| view.read_row(0, 0, &mut colors)).unwrap();
    assert_eq!(colors, [Color(0xf81f), Color(7)]);
}
