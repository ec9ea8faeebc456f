//! The frames as pictures: a PNG file each, and all of them as one animated PNG file.

mod apng;

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use displayio_hal::{framebuffer::Framebuffer, png, preview::Preview};

use self::apng::Animation;

/// Name of the animation in its directory.
const ANIMATION: &str = "showcase.png";

/// Writes frames into a directory.
#[derive(Debug)]
pub struct Recorder {
    directory: PathBuf,
    animation: Animation,
}

impl Recorder {
    /// Makes the directory; pixels of the animation are `scale` times as large, and a frame lasts `frame_millis`.
    ///
    /// # Errors
    /// That of the file system.
    pub fn new(directory: &Path, scale: usize, frame_millis: u16) -> io::Result<Self> {
        fs::create_dir_all(directory).map_err(|error| named(directory, &error))?;
        Ok(Self { directory: directory.into(), animation: Animation::new(scale, frame_millis) })
    }

    /// Writes a frame as `frame_NNN.png`, and keeps it for the animation.
    ///
    /// # Errors
    /// That of the file system, and that the frame has another size than those before.
    pub fn add<C: Preview>(&mut self, number: u32, panel: &Framebuffer<C>) -> io::Result<()> {
        let file = create(&self.directory.join(format!("frame_{number:03}.png")))?;
        png::write(BufWriter::new(file), panel).map_err(io::Error::other)?;
        self.animation.add(panel)
    }

    /// Writes the animation and tells where it is.
    ///
    /// # Errors
    /// That of the file system or the encoder; among them that there was no frame.
    pub fn finish(self) -> io::Result<PathBuf> {
        let path = self.directory.join(ANIMATION);
        self.animation.write(BufWriter::new(create(&path)?)).map_err(io::Error::other)?;
        Ok(path)
    }
}

fn create(path: &Path) -> io::Result<File> {
    File::create(path).map_err(|error| named(path, &error))
}

/// The error with the path it is about.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
