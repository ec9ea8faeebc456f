//! The fake panel under a driver that is not ours: mipidsi.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

use displayio_hal::{
    controllers::{ili9341, st7789},
    fake::{FakePanel, Glass},
    preview::Preview,
};
use embedded_graphics::{
    mono_font::{MonoTextStyle, ascii::FONT_6X10},
    pixelcolor::Rgb565,
    prelude::*,
    primitives::{Circle, Line, PrimitiveStyle, Rectangle},
    text::Text,
};
use mipidsi::{
    Builder,
    interface::SpiInterface,
    models::{ILI9341Rgb565, Model, ST7789},
    options::{ColorInversion, ColorOrder, Orientation, Rotation},
};

/// What mipidsi should show, in the order it is drawn.
struct Canvas {
    size: Size,
    pixels: Vec<Rgb565>,
}

impl Canvas {
    fn new(size: Size) -> Self {
        let count = usize::try_from(size.width * size.height).unwrap();
        Self { size, pixels: vec![Rgb565::BLACK; count] }
    }

    fn index(&self, point: Point) -> Option<usize> {
        let is_inside = Rectangle::new(Point::zero(), self.size).contains(point);
        let width = i32::try_from(self.size.width).ok()?;
        is_inside.then(|| usize::try_from(point.y * width + point.x).ok())?
    }
}

impl OriginDimensions for Canvas {
    fn size(&self) -> Size {
        self.size
    }
}

impl DrawTarget for Canvas {
    type Color = Rgb565;
    type Error = core::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<Rgb565>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Self::Error> {
        for Pixel(point, color) in pixels {
            if let Some(index) = self.index(point) {
                self.pixels[index] = color;
            }
        }
        Ok(())
    }
}

/// Text, a filled circle that leaves the panel, a line and single pixels: all ways that drivers send pixels.
fn draw<D: DrawTarget<Color = Rgb565>>(target: &mut D)
where
    D::Error: core::fmt::Debug,
{
    let size = target.bounding_box().size;
    target.clear(Rgb565::CSS_NAVY).unwrap();
    let corner = Point::zero() + size;
    Circle::with_center(corner, 70)
        .into_styled(PrimitiveStyle::with_fill(Rgb565::CSS_ORANGE))
        .draw(target)
        .unwrap();
    Line::new(Point::zero(), corner)
        .into_styled(PrimitiveStyle::with_stroke(Rgb565::GREEN, 3))
        .draw(target)
        .unwrap();
    Text::new("not ours", Point::new(9, 30), MonoTextStyle::new(&FONT_6X10, Rgb565::WHITE))
        .draw(target)
        .unwrap();
    Pixel(Point::new(1, 0), Rgb565::RED).draw(target).unwrap();
}

/// Where a point of a turned picture is on a glass of `width` by `height`.
fn turned(rotation: Rotation, point: Point, size: Size) -> Point {
    let last = Point::new(size.width.cast_signed() - 1, size.height.cast_signed() - 1);
    match rotation {
        Rotation::Deg0 => point,
        Rotation::Deg90 => Point::new(last.x - point.y, point.x),
        Rotation::Deg180 => last - point,
        Rotation::Deg270 => Point::new(point.y, last.y - point.x),
    }
}

/// Draws with mipidsi on a glass of `size` at `offset` of the memory, and compares every pixel of the glass.
fn check<M>(model: M, glass: Glass, offset: (u16, u16), size: (u16, u16), rotation: Rotation)
where
    M: Model<ColorFormat = Rgb565>,
{
    let fake = FakePanel::new(st7789::MEMORY).with_glass(glass);
    let mut buffer = [0; 64];
    let interface = SpiInterface::new(fake.spi(), fake.dc(), &mut buffer);
    let order = if glass.bgr { ColorOrder::Bgr } else { ColorOrder::Rgb };
    let inversion = if glass.inverted { ColorInversion::Inverted } else { ColorInversion::Normal };
    let mut driver = Builder::new(model, interface)
        .display_size(size.0, size.1)
        .display_offset(offset.0, offset.1)
        .orientation(Orientation::new().rotate(rotation))
        .color_order(order)
        .invert_colors(inversion)
        .reset_pin(fake.reset_pin())
        .init(&mut fake.delay())
        .unwrap();
    // mipidsi sends pixels outside its display, too, so that they are clipped before.
    let bounds = driver.bounding_box();
    draw(&mut driver.clipped(&bounds));
    let mut canvas = Canvas::new(driver.bounding_box().size);
    draw(&mut canvas);

    let glass_size = Size::new(size.0.into(), size.1.into());
    let mut compared = 0;
    for point in canvas.bounding_box().points() {
        let on_glass = turned(rotation, point, glass_size);
        let color = fake.color(
            offset.0 + u16::try_from(on_glass.x).unwrap(),
            offset.1 + u16::try_from(on_glass.y).unwrap(),
        );
        let expected = canvas.pixels[canvas.index(point).unwrap()];
        let expected = expected.into_storage().to_be_bytes();
        assert_eq!(color, displayio_core::Rgb565.color(&expected, 0), "{point}");
        compared += 1;
    }
    assert_eq!(compared, u32::from(size.0) * u32::from(size.1), "every pixel of the glass");
    assert_eq!(fake.faults(), [], "{rotation:?}");
}

const ROTATIONS: [Rotation; 4] =
    [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270];

#[test]
fn mipidsi_draws_on_an_st7789_in_all_rotations() {
    let glass = Glass { inverted: true, ..Glass::default() };
    ROTATIONS.into_iter().for_each(|rotation| check(ST7789, glass, (52, 40), (135, 240), rotation));
}

#[test]
fn mipidsi_draws_on_an_ili9341_in_all_rotations() {
    assert_eq!(ili9341::MEMORY, st7789::MEMORY, "as `check` has it");
    let glass = Glass { bgr: true, ..Glass::default() };
    ROTATIONS
        .into_iter()
        .for_each(|rotation| check(ILI9341Rgb565, glass, (0, 0), (240, 320), rotation));
}
