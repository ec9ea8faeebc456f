//! Labels with numbers.

use core::cell::Cell;

use embedded_gui::prelude::{BitmapFont, FontId, GuiError, Rect, Style, VisualState, WidgetStyle};
use embedded_gui::widget::{CustomCanvas, CustomWidget};

use super::{Gui, SCREEN, failure, run};
use crate::{
    digits::Digits,
    embedded_graphics::rgb565,
    measure::{Outcome, Stage},
    scene::{self, CHANGING, LABELS},
};

static FONT: BitmapFont = BitmapFont {
    width: 6,
    height: 10,
    advance: 6,
    line_height: 10,
    first_char: b' ',
    bytes_per_row: 1,
    glyphs: include_bytes!(concat!(env!("OUT_DIR"), "/glyphs.bin")),
};

/// A label borrows its text, and a value label has a font of its own: a number that changes is a custom widget.
struct Number(Cell<u16>);

impl CustomWidget for Number {
    fn render(
        &self,
        canvas: &mut dyn CustomCanvas,
        place: Rect,
        style: &WidgetStyle,
        state: VisualState,
    ) -> Result<(), GuiError> {
        let Style { text: color, font, .. } = style.resolve(state);
        canvas.draw_text(Digits::new(self.0.get()).as_str(), place.x, place.y, color, font)
    }
}

pub fn show(stage: &mut Stage<'_>) -> Outcome {
    let numbers = scene::NUMBERS.map(|number| Number(Cell::new(number)));
    stage.keep(&numbers);

    let mut gui = Gui::<{ 1 + 2 * LABELS }>::new(SCREEN);
    let background = Style { background: Some(rgb565(scene::BACKGROUND)), ..Style::new() };
    let background = gui.add_panel(SCREEN, background).map_err(failure)?;
    for (index, name) in scene::NAMES.into_iter().enumerate() {
        let place = place(scene::label_position(index), name.len());
        gui.add_label(place, name, text_style(scene::NAME_COLOR)).map_err(failure)?;
    }
    let mut widgets = [background; LABELS];
    for (index, number) in numbers.iter().enumerate() {
        let place = place(scene::number_position(index), 5);
        let style = text_style(scene::NUMBER_COLOR);
        widgets[index] = gui.add_custom_widget(place, number, style).map_err(failure)?;
    }
    let changing = widgets[CHANGING];

    run(stage, gui, background, |gui, step| {
        numbers[CHANGING].0.set(scene::changed(step));
        gui.mark_widget_dirty(changing)
    })
}

fn place((x, y): (i16, i16), characters: usize) -> Rect {
    let width = u32::from(FONT.advance) * characters as u32;
    Rect::new(x.into(), y.into(), width, FONT.line_height.into())
}

fn text_style(color: u32) -> Style {
    Style { font: FontId::Bitmap(&FONT), text: rgb565(color), ..Style::new() }
}
