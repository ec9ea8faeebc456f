//! A window on the desktop that shows what a panel in memory shows.

use alloc::{string::String, string::ToString, vec::Vec};
use core::{error::Error, fmt};

use displayio_core::{Panel, Size};
use minifb::{Key, ScaleMode, WindowOptions};

use crate::{framebuffer::Framebuffer, preview::Preview};

/// Pictures per second that [`Window::show`] keeps to.
const FRAME_RATE: usize = 60;

/// The longest side of a window, in screen pixels: what X11 takes.
const LONGEST_SIDE: usize = 32_767;

/// Why there is no window, or why it shows nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WindowError {
    /// The window system is not there or refused, for this reason.
    Open(String),
    /// The window cannot be drawn on, for this reason.
    Show(String),
    /// It would have no pixels, or more than window systems take: those of X11 end the program instead of refusing.
    Size {
        /// Width in screen pixels.
        width: usize,
        /// Height in screen pixels.
        height: usize,
    },
}

impl fmt::Display for WindowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Open(reason) => write!(f, "cannot open a window: {reason}"),
            Self::Show(reason) => write!(f, "cannot draw on the window: {reason}"),
            Self::Size { width, height } => {
                write!(
                    f,
                    "cannot open a window of {width}x{height} pixels: 1 to {LONGEST_SIDE} each way are possible"
                )
            }
        }
    }
}

impl Error for WindowError {}

/// A window. It closes when dropped; until then, [`show`](Self::show) must be called regularly, or it hangs.
///
/// ```no_run
/// use displayio_core::{Display, Group, Rgb565, Size};
/// use displayio_hal::{framebuffer::Framebuffer, window::Window};
/// let mut buffer = [0; 640];
/// let mut display = Display::new(Framebuffer::new(Size::new(160, 128), Rgb565), &mut buffer);
/// let root = Group::new(());
/// let mut window = Window::open("preview", Size::new(160, 128), 4)?;
/// while window.is_open() {
///     display.refresh(&root).unwrap();
///     window.show(display.panel())?;
/// }
/// # Ok::<(), displayio_hal::window::WindowError>(())
/// ```
pub struct Window {
    window: minifb::Window,
    /// `0RGB`, row by row; kept for the next picture.
    pixels: Vec<u32>,
}

impl fmt::Debug for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Window").field("size", &self.window.get_size()).finish_non_exhaustive()
    }
}

impl Window {
    /// Opens a window for a panel of `size`, with `scale` by `scale` screen pixels for each of its pixels; 0 counts as 1.
    ///
    /// # Errors
    /// [`WindowError::Open`]: there is no display, or the window system refused. [`WindowError::Size`]: a side has no
    /// pixels, or more than 32 767.
    pub fn open(title: &str, size: Size, scale: u8) -> Result<Self, WindowError> {
        let scale = usize::from(scale.max(1));
        let options = WindowOptions { scale_mode: ScaleMode::Stretch, ..WindowOptions::default() };
        let (width, height) = (usize::from(size.width) * scale, usize::from(size.height) * scale);
        if [width, height].iter().any(|side| !(1..=LONGEST_SIDE).contains(side)) {
            return Err(WindowError::Size { width, height });
        }
        let mut window = minifb::Window::new(title, width, height, options)
            .map_err(|error| WindowError::Open(error.to_string()))?;
        window.set_target_fps(FRAME_RATE);
        Ok(Self { window, pixels: Vec::new() })
    }

    /// Shows what `panel` shows, and takes in what the user did.
    ///
    /// Returns after the rest of a sixtieth of a second.
    ///
    /// # Errors
    /// [`WindowError::Show`], the window system's own.
    pub fn show<C: Preview>(&mut self, panel: &Framebuffer<C>) -> Result<(), WindowError> {
        let Size { width, height } = panel.size();
        self.pixels.clear();
        self.pixels
            .extend((0..height).flat_map(|y| (0..width).map(move |x| panel.color(x, y).value())));
        self.window
            .update_with_buffer(&self.pixels, width.into(), height.into())
            .map_err(|error| WindowError::Show(error.to_string()))
    }

    /// Whether the user has neither closed it nor pressed the escape key.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.window.is_open() && !self.window.is_key_down(Key::Escape)
    }
}
