//! The scenes with embedded-gui: widgets that are kept, drawn in strips of 640 bytes.

pub mod dashboard;
pub mod image;

use core::convert::Infallible;

use displayio_core::Area;
use embedded_graphics::{pixelcolor::Rgb565, prelude::*, primitives::Rectangle};
use embedded_gui::prelude::{GuiContext, GuiError, Rect, WidgetId};

use crate::{
    measure::{Outcome, Stage},
    panel::PanelInMemory,
    scene::{HEIGHT, ROW_BYTES, WIDTH},
};

const SCREEN: Rect = Rect::new(0, 0, WIDTH as u32, HEIGHT as u32);

/// Widgets without input, of which few change at once.
type Gui<'w, const NODES: usize> = GuiContext<'w, NODES, 1, 4>;

/// Shows widgets, of which `bottom` is as large as the screen. `change` changes one thing, the `step`th time.
fn run<'w, const NODES: usize>(
    stage: &mut Stage<'_>,
    mut gui: Gui<'w, NODES>,
    bottom: WidgetId,
    mut change: impl FnMut(&mut Gui<'w, NODES>, usize) -> Result<(), GuiError>,
) -> Outcome {
    let mut screen = Screen { panel: stage.panel(), bytes: [0; ROW_BYTES] };
    let mut strip = [Rgb565::BLACK; WIDTH as usize];
    stage.keep(&gui);
    stage.keep(&screen);
    stage.keep(&strip);
    let mut draw = |gui: &mut Gui<'w, NODES>| {
        gui.render_dirty_buffered(&mut screen, &mut strip)?;
        gui.clear_dirty();
        Ok(())
    };
    stage.full(|| {
        gui.mark_widget_dirty(bottom).map_err(failure)?;
        draw(&mut gui)
    })?;
    stage.update(|step| {
        change(&mut gui, step).map_err(failure)?;
        draw(&mut gui)
    })
}

fn failure(error: GuiError) -> String {
    format!("{error:?}")
}

/// A panel whose driver takes colours.
struct Screen<'p> {
    panel: &'p PanelInMemory,
    /// One row as it is sent.
    bytes: [u8; ROW_BYTES],
}

impl OriginDimensions for Screen<'_> {
    fn size(&self) -> Size {
        Size::new(WIDTH.into(), HEIGHT.into())
    }
}

impl DrawTarget for Screen<'_> {
    type Color = Rgb565;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<Rgb565>>,
    {
        for Pixel(point, color) in pixels {
            self.fill_contiguous(&Rectangle::new(point, Size::new_equal(1)), [color])?;
        }
        Ok(())
    }

    fn fill_contiguous<I>(&mut self, area: &Rectangle, colors: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Rgb565>,
    {
        let (columns, rows) = (area.columns(), area.rows());
        let area = Area::clamped(columns.start, rows.start, columns.end, rows.end);
        self.panel.begin(area);
        let mut colors = colors.into_iter();
        let (pixels, _) = self.bytes.as_chunks_mut();
        let row = &mut pixels[..area.width().into()];
        for _ in rows {
            for (pixel, color) in row.iter_mut().zip(&mut colors) {
                *pixel = color.into_storage().to_be_bytes();
            }
            self.panel.send(row.as_flattened());
        }
        Ok(())
    }
}
