//! The scenes with embedded-graphics: drawing code that a framebuffer runs once and strips run once each.

pub mod dashboard;
pub mod image;
pub mod shapes;
pub mod sprites;
mod strip;

use displayio_core::Area;
use embedded_graphics::{
    framebuffer::{Framebuffer, buffer_size},
    pixelcolor::{
        Rgb565,
        raw::{BigEndian, RawU16},
    },
    prelude::*,
    primitives::Rectangle,
};
use strip::Strip;

use crate::{
    assets,
    measure::{Outcome, Stage},
    scene::{HEIGHT, ROW_BYTES, WIDTH},
};

/// What a program shows.
pub trait Picture {
    /// Draws everything that touches the bounding box of `target`.
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error>;

    /// Changes one thing, the `step`th time; the part of the screen to draw again.
    fn change(&mut self, step: usize) -> Rectangle;
}

const SIZE: (usize, usize) = (WIDTH as usize, HEIGHT as usize);
const SCREEN: Rectangle = Rectangle::new(Point::zero(), Size::new(WIDTH as u32, HEIGHT as u32));

type FullFramebuffer = Framebuffer<
    Rgb565,
    RawU16,
    BigEndian,
    { SIZE.0 },
    { SIZE.1 },
    { buffer_size::<Rgb565>(SIZE.0, SIZE.1) },
>;

/// Draws into a framebuffer and sends what changed of it.
pub fn run_in_framebuffer(stage: &mut Stage<'_>, picture: impl Picture) -> Outcome {
    let mut framebuffer = FullFramebuffer::new();
    stage.keep(&framebuffer);
    let panel = stage.panel();
    run(stage, picture, |picture, area| {
        picture.draw(&mut framebuffer.clipped(&area))?;
        panel.begin(window(&area));
        for row in area.rows() {
            let start = row as usize * ROW_BYTES + 2 * area.top_left.x as usize;
            panel.send(&framebuffer.data()[start..start + 2 * area.size.width as usize]);
        }
        Ok(())
    })
}

/// Draws and sends what changed in strips that fit a small buffer.
pub fn run_in_strips(stage: &mut Stage<'_>, picture: impl Picture) -> Outcome {
    let mut buffer = [0; ROW_BYTES];
    stage.keep(&buffer);
    let panel = stage.panel();
    run(stage, picture, |picture, area| {
        panel.begin(window(&area));
        let mut rest = area;
        while !rest.is_zero_sized() {
            let mut strip = Strip::new(&rest, &mut buffer);
            picture.draw(&mut strip)?;
            panel.send(strip.bytes());
            let height = strip.bounding_box().size.height;
            rest.top_left.y += height as i32;
            rest.size.height -= height;
        }
        Ok(())
    })
}

fn run<P: Picture>(
    stage: &mut Stage<'_>,
    mut picture: P,
    mut show: impl FnMut(&P, Rectangle) -> Outcome,
) -> Outcome {
    stage.keep(&picture);
    stage.full(|| show(&picture, SCREEN))?;
    stage.update(|step| {
        let area = picture.change(step);
        show(&picture, area)
    })
}

fn window(area: &Rectangle) -> Area {
    let (columns, rows) = (area.columns(), area.rows());
    Area::clamped(columns.start, rows.start, columns.end, rows.end)
}

/// Whether a part of `area` is within what `target` shows.
fn is_seen(target: &impl Dimensions, area: &Rectangle) -> bool {
    !target.bounding_box().intersection(area).is_zero_sized()
}

/// A colour of `0xRRGGBB`.
pub fn rgb565(color: u32) -> Rgb565 {
    RawU16::new(assets::rgb565(color)).into()
}
