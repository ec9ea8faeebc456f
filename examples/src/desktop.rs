//! What the small examples need on a desktop only: pictures in files or in a window, and a line for each refresh.

use alloc::{boxed::Box, format, string::String};
use core::error::Error;
use std::{
    env,
    fs::{self, File},
    io::{BufWriter, Write, stdout},
    path::{Path, PathBuf},
};

use displayio_allocators::Counters;
use displayio_core::{Area, Display, Panel, RefreshStats, Size};
#[cfg(feature = "window")]
use displayio_hal::window::Window;
use displayio_hal::{framebuffer::Framebuffer, png, preview::Preview};

/// Shows a panel in memory, and tells what it was sent.
#[derive(Debug)]
pub struct Screen {
    target: Target,
    /// Refreshes so far.
    count: u32,
}

#[derive(Debug)]
enum Target {
    /// `frame_NNN.png` in this directory.
    Directory(PathBuf),
    #[cfg(feature = "window")]
    Window(Box<Window>),
}

impl Target {
    #[cfg(feature = "window")]
    fn window(size: Size) -> Result<Self, Box<dyn Error>> {
        let window = Window::open("displayio", size, 3).map_err(|error| error.to_string())?;
        Ok(Self::Window(Box::new(window)))
    }

    #[cfg(not(feature = "window"))]
    fn window(_: Size) -> Result<Self, Box<dyn Error>> {
        Err("--window needs the feature `window`".into())
    }
}

/// How long a picture stays in the window, in sixtieths of a second.
#[cfg(feature = "window")]
const WINDOW_REFRESHES: usize = 20;

impl Screen {
    /// Shows pictures where the program's only argument says: in a directory, made if need be, or with `--window`.
    ///
    /// # Errors
    /// The arguments are others, or there can be no directory or no window.
    pub fn from_arguments<C: Preview>(panel: &Framebuffer<C>) -> Result<Self, Box<dyn Error>> {
        let mut arguments = env::args_os().skip(1);
        let target = match (arguments.next(), arguments.next()) {
            (Some(argument), None) if argument == "--window" => Target::window(panel.size())?,
            (Some(directory), None) if !directory.as_encoded_bytes().starts_with(b"-") => {
                let directory = PathBuf::from(directory);
                fs::create_dir_all(&directory)
                    .map_err(|error| format!("{}: {error}", directory.display()))?;
                Target::Directory(directory)
            }
            _ => return Err("one argument is needed: a directory for pictures, or --window".into()),
        };
        Ok(Self { target, count: 0 })
    }

    /// Shows what the panel holds after a refresh, tells what that sent, and counts from zero again.
    ///
    /// A window that the user closed shows nothing more.
    ///
    /// # Errors
    /// That of the file system or of the window system.
    pub fn show<C: Preview>(
        &mut self,
        display: &mut Display<'_, Framebuffer<C>>,
        stats: &RefreshStats,
        heap: Counters,
    ) -> Result<(), Box<dyn Error>> {
        let (number, pixels, allocations) = (self.count, stats.pixels, heap.allocations);
        let panel = display.panel_mut();
        let areas: String = panel.windows().iter().map(described).collect();
        writeln!(
            stdout().lock(),
            "{number:>3}: {pixels} pixels, {allocations} allocations{areas}"
        )?;
        panel.reset_traffic();
        self.count += 1;
        match &mut self.target {
            Target::Directory(directory) => {
                let path = directory.join(format!("frame_{number:03}.png"));
                write_picture(&path, panel)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Ok(())
            }
            #[cfg(feature = "window")]
            Target::Window(window) => {
                for _ in 0..WINDOW_REFRESHES {
                    if window.is_open() {
                        window.show(panel)?;
                    }
                }
                Ok(())
            }
        }
    }

    /// Writes a file beside the pictures, if those are in a directory.
    ///
    /// # Errors
    /// That of the file system.
    pub fn keep(&self, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
        match &self.target {
            Target::Directory(directory) => Ok(fs::write(directory.join(name), bytes)?),
            #[cfg(feature = "window")]
            Target::Window(_) => Ok(()),
        }
    }
}

fn write_picture<C: Preview>(path: &Path, panel: &Framebuffer<C>) -> Result<(), Box<dyn Error>> {
    Ok(png::write(BufWriter::new(File::create(path)?), panel)?)
}

/// An area on the command line: left, top, width and height.
fn described(area: &Area) -> String {
    format!(", {}x{}+{}+{}", area.width(), area.height(), area.x1, area.y1)
}
