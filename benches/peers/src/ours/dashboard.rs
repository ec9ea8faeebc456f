//! Labels with numbers.

use core::array;

use displayio_core::{Anchor, Display, Group, Label, MonoFontAdapter, Palette, Rectangle, Rgb565};

use super::set_colors;
use crate::{
    measure::{Outcome, Stage},
    scene::{self, BACKGROUND, CHANGING, FONT, HEIGHT, LABELS, ROW_BYTES, WIDTH},
};

static ADAPTED: MonoFontAdapter<'static> = MonoFontAdapter::new(FONT);

/// The most characters of a name and of a number.
const NAME: u16 = 12;
const NUMBER: u16 = 5;

pub fn run(stage: &mut Stage<'_>) -> Outcome {
    let mut strip_buffer = [0; ROW_BYTES];
    let mut colors = [0; Palette::<Rgb565>::required_bytes(1) + 1];
    let mut name_glyphs = [[0; Label::required_bytes(NAME)]; LABELS];
    let mut number_glyphs = [[0; Label::required_bytes(NUMBER)]; LABELS];
    stage.keep(&strip_buffer);
    stage.keep(&colors);
    stage.keep(&name_glyphs);
    stage.keep(&number_glyphs);

    let palette = Palette::from_buffer(1, &mut colors)?;
    set_colors(&palette, &[BACKGROUND])?;
    let background = Rectangle::new(&palette, WIDTH, HEIGHT);
    let mut name_glyphs = name_glyphs.iter_mut();
    let names: [_; LABELS] = array::from_fn(|index| {
        let (x, y) = scene::label_position(index);
        let glyphs: &mut [u8] = name_glyphs.next().map_or(&mut [], |glyphs| glyphs);
        Label::from_buffer(&ADAPTED, glyphs).colored(scene::NAME_COLOR, None).anchored(
            Anchor::TOP_LEFT,
            x,
            y,
        )
    });
    let mut number_glyphs = number_glyphs.iter_mut();
    let numbers: [_; LABELS] = array::from_fn(|index| {
        let (x, y) = scene::number_position(index);
        let glyphs: &mut [u8] = number_glyphs.next().map_or(&mut [], |glyphs| glyphs);
        Label::from_buffer(&ADAPTED, glyphs).colored(scene::NUMBER_COLOR, None).anchored(
            Anchor::TOP_LEFT,
            x,
            y,
        )
    });
    for (label, name) in names.iter().zip(scene::NAMES) {
        label.set_text(name)?;
    }
    for (label, number) in numbers.iter().zip(scene::NUMBERS) {
        label.set_text(format_args!("{number:5}"))?;
    }
    let root = Group::new((background, names, numbers));
    stage.keep(&palette);
    stage.keep(&root);

    let mut display = Display::new(stage.panel(), &mut strip_buffer);
    stage.keep(&display);
    stage.full(|| {
        display.invalidate();
        display.refresh(&root)?;
        Ok(())
    })?;
    stage.update(|step| {
        root.children().2[CHANGING].set_text(format_args!("{:5}", scene::changed(step)))?;
        display.refresh(&root)?;
        Ok(())
    })
}
