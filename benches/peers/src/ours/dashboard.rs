//! Labels with numbers.

use displayio_core::{Anchor, FlashFont, Group, Label, Palette, Rectangle, Rgb565};

use super::{set_colors, show_all};
use crate::{
    measure::{Outcome, Stage},
    scene::{self, BACKGROUND, CHANGING, HEIGHT, LABELS, ROW_BYTES, WIDTH},
};

/// The font of all programs, as the asset tool makes one of a font file.
static FONT: FlashFont = FlashFont::new(include_bytes!(concat!(env!("OUT_DIR"), "/font.dfn")));

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
    let names = labels(&mut name_glyphs, scene::NAME_COLOR, scene::label_position);
    let numbers = labels(&mut number_glyphs, scene::NUMBER_COLOR, scene::number_position);
    for (label, name) in names.iter().zip(scene::NAMES) {
        label.set_text(name)?;
    }
    for (label, number) in numbers.iter().zip(scene::NUMBERS) {
        label.set_text(format_args!("{number:5}"))?;
    }
    let root = Group::new((background, names, numbers));
    stage.keep(&palette);
    stage.keep(&root);

    let mut display = show_all(stage, &root, &mut strip_buffer)?;
    stage.update(|step| {
        root.children().2[CHANGING].set_text(format_args!("{:5}", scene::changed(step)))?;
        display.refresh(&root)?;
        Ok(())
    })
}

/// Labels without text, each with its memory for glyphs.
fn labels<const BYTES: usize>(
    glyphs: &mut [[u8; BYTES]; LABELS],
    color: u32,
    position: impl Fn(usize) -> (i16, i16),
) -> [Label<'static, '_>; LABELS] {
    let mut index = 0..;
    glyphs.each_mut().map(|glyphs| {
        let (x, y) = position(index.next().unwrap_or_default());
        Label::from_buffer(&FONT, glyphs).colored(color, None).anchored(Anchor::TOP_LEFT, x, y)
    })
}
