//! The scenes with Slint: markup that is compiled, and drawn line by line.

pub mod dashboard;
pub mod image;
pub mod shapes;
pub mod sprites;

use core::{ops::Range, time::Duration};
use std::rc::Rc;

use displayio_core::Area;
use slint::{
    Color, ComponentHandle, PhysicalSize, PlatformError,
    platform::{
        self, Platform, WindowAdapter,
        software_renderer::{
            LineBufferProvider, MinimalSoftwareWindow, RepaintBufferType, Rgb565BigEndianPixel,
        },
    },
};

use crate::{
    measure::{Outcome, Stage},
    panel::PanelInMemory,
    scene::{HEIGHT, WIDTH},
};

#[allow(clippy::all, reason = "generated")]
mod scenes {
    slint::include_modules!();
}

/// A board with one screen.
struct Board {
    window: Rc<MinimalSoftwareWindow>,
}

impl Platform for Board {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.window.clone())
    }

    /// Nothing is animated.
    fn duration_since_start(&self) -> Duration {
        Duration::ZERO
    }
}

thread_local! {
    /// The window of the one platform that a program can have.
    static WINDOW: Rc<MinimalSoftwareWindow> = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
}

/// Shows the component that `make` makes. `change` changes one thing, the `step`th time.
fn run<C: ComponentHandle>(
    stage: &mut Stage<'_>,
    make: impl FnOnce() -> Result<C, PlatformError>,
    mut change: impl FnMut(&C, usize),
) -> Outcome {
    let window = WINDOW.with(Rc::clone);
    // An error means that another scene has set it.
    let _ = platform::set_platform(Box::new(Board { window: window.clone() }));
    window.set_size(PhysicalSize::new(WIDTH.into(), HEIGHT.into()));
    let component = make().map_err(|error| error.to_string())?;
    component.show().map_err(|error| error.to_string())?;

    let mut line = [Rgb565BigEndianPixel(0); WIDTH as usize];
    stage.keep(&line);
    let panel = stage.panel();
    let mut draw = || {
        platform::update_timers_and_animations();
        window.draw_if_needed(|renderer| {
            renderer.render_by_line(Lines { line: &mut line, panel });
        });
    };
    stage.full(|| {
        forget_what_is_shown(&window);
        draw();
        Ok(())
    })?;
    stage.update(|step| {
        change(&component, step);
        draw();
        Ok(())
    })
}

/// Has everything drawn next.
fn forget_what_is_shown(window: &MinimalSoftwareWindow) {
    window.request_redraw();
    window.draw_if_needed(|renderer| {
        // A renderer whose buffer is of another kind forgets what it holds.
        renderer.set_repaint_buffer_type(RepaintBufferType::NewBuffer);
        renderer.set_repaint_buffer_type(RepaintBufferType::ReusedBuffer);
    });
    window.request_redraw();
}

/// Sends each line as it is drawn.
struct Lines<'l> {
    line: &'l mut [Rgb565BigEndianPixel; WIDTH as usize],
    panel: &'l PanelInMemory,
}

impl LineBufferProvider for Lines<'_> {
    type TargetPixel = Rgb565BigEndianPixel;

    fn process_line(
        &mut self,
        y: usize,
        columns: Range<usize>,
        draw: impl FnOnce(&mut [Rgb565BigEndianPixel]),
    ) {
        let (x1, x2, y) = (columns.start as i32, columns.end as i32, y as i32);
        let pixels = &mut self.line[columns];
        draw(pixels);
        self.panel.begin(Area::clamped(x1, y, x2, y + 1));
        self.panel.send(bytemuck::cast_slice(pixels));
    }
}

/// A colour of `0xRRGGBB`.
fn color(color: u32) -> Color {
    Color::from_argb_encoded(0xff00_0000 | color)
}
