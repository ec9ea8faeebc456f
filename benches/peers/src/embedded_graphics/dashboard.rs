//! Labels with numbers.

use embedded_graphics::{
    mono_font::MonoTextStyle,
    pixelcolor::Rgb565,
    prelude::*,
    primitives::{PrimitiveStyle, Rectangle},
    text::{Baseline, Text},
};

use super::{Picture, is_seen, rgb565};
use crate::{
    digits::Digits,
    scene::{self, CHANGING, FONT, LABELS},
};

pub struct Dashboard {
    /// As text, written where they change.
    numbers: [Digits; LABELS],
}

impl Dashboard {
    pub fn new() -> Self {
        Self { numbers: scene::NUMBERS.map(Digits::new) }
    }
}

impl Picture for Dashboard {
    fn draw<D: DrawTarget<Color = Rgb565>>(&self, target: &mut D) -> Result<(), D::Error> {
        target
            .bounding_box()
            .into_styled(PrimitiveStyle::with_fill(rgb565(scene::BACKGROUND)))
            .draw(target)?;
        let name_style = MonoTextStyle::new(FONT, rgb565(scene::NAME_COLOR));
        let number_style = MonoTextStyle::new(FONT, rgb565(scene::NUMBER_COLOR));
        for index in 0..LABELS {
            draw_text(scene::NAMES[index], scene::label_position(index), name_style, target)?;
            let number = self.numbers[index].as_str();
            draw_text(number, scene::number_position(index), number_style, target)?;
        }
        Ok(())
    }

    fn change(&mut self, step: usize) -> Rectangle {
        self.numbers[CHANGING] = Digits::new(scene::changed(step));
        let (x, y) = scene::number_position(CHANGING);
        let cell = FONT.character_size;
        Rectangle::new(Point::new(x.into(), y.into()), Size::new(5 * cell.width, cell.height))
    }
}

fn draw_text<D: DrawTarget<Color = Rgb565>>(
    text: &str,
    (x, y): (i16, i16),
    style: MonoTextStyle<'_, Rgb565>,
    target: &mut D,
) -> Result<(), D::Error> {
    let text = Text::with_baseline(text, Point::new(x.into(), y.into()), style, Baseline::Top);
    if is_seen(target, &text.bounding_box()) {
        text.draw(target)?;
    }
    Ok(())
}
