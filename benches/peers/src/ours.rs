//! The scenes with displayio: a scene is kept and refreshed through a buffer of 640 bytes.

pub mod dashboard;
pub mod image;
pub mod shapes;
pub mod sprites;

use displayio_core::{Display, Node, Palette, PaletteError, Rgb565};

use crate::{
    measure::{Outcome, Stage},
    panel::PanelInMemory,
};

/// Fills a palette.
fn set_colors(palette: &Palette<'_, Rgb565>, colors: &[u32]) -> Result<(), PaletteError> {
    (0..).zip(colors).try_for_each(|(index, &color)| palette.set(index, color))
}

/// A display, with its frames of everything measured.
fn show_all<'b, 'p>(
    stage: &mut Stage<'p>,
    root: &impl Node<Rgb565>,
    strip_buffer: &'b mut [u8],
) -> Outcome<Display<'b, &'p PanelInMemory>> {
    let mut display = Display::new(stage.panel(), strip_buffer);
    stage.keep(&display);
    stage.full(|| {
        display.invalidate();
        display.refresh(root)?;
        Ok(())
    })?;
    Ok(display)
}
