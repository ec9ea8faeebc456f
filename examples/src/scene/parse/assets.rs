//! The files that a scene names.

use std::{
    fs::File,
    path::{Component, Path, PathBuf},
};

use displayio_core::{BmpError, LoadError, OnDiskBitmap, PixelSource, Size};
use embedded_io_adapters::std::FromStd;

use super::Result;
use crate::scene::{PlayError, cursor::Cursor};

/// Where the files that a scene names are looked for.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    directories: Vec<PathBuf>,
}

/// What a scene must know of a picture before it is shown.
pub(super) struct Picture {
    pub(super) path: PathBuf,
    pub(super) size: Size,
    /// 0 where pixels are colours.
    pub(super) palette_len: u16,
}

impl Assets {
    /// These directories, the first that has a file wins.
    #[must_use]
    pub const fn new(directories: Vec<PathBuf>) -> Self {
        Self { directories }
    }

    /// The directory that was asked for, then the scene's own and the one around that.
    #[must_use]
    pub fn of_scene(scene: &Path, asked_for: Option<PathBuf>) -> Self {
        let folder = scene.parent().unwrap_or_else(|| Path::new(""));
        let around = [folder.to_path_buf(), folder.join("..")];
        Self::new(asked_for.into_iter().chain(around).collect())
    }

    /// The path of a regular file. A name leads downwards only.
    pub(super) fn find(&self, name: &Cursor<'_>) -> Result<PathBuf> {
        let relative = Path::new(name.text()?);
        let is_downwards = |part| matches!(part, Component::Normal(_) | Component::CurDir);
        if !relative.components().all(is_downwards) {
            return Err(name.refuse("a file name must not lead out of the scene's folders"));
        }
        let candidates = self.directories.iter().map(|directory| directory.join(relative));
        candidates
            .into_iter()
            .find(|path| path.is_file())
            .ok_or_else(|| PlayError::failed(relative.display(), "no such file beside the scene"))
    }

    /// Looks into the BMP file of this name.
    pub(super) fn picture(&self, name: &Cursor<'_>) -> Result<Picture> {
        let path = self.find(name)?;
        let file = File::open(&path).map_err(|error| PlayError::failed(path.display(), error))?;
        let mut row_buffer = [0; 512];
        let picture =
            OnDiskBitmap::from_buffer(FromStd::new(file), &mut row_buffer).map_err(|error| {
                match error {
                    LoadError::Bmp(BmpError::Io(_)) => PlayError::failed(path.display(), error),
                    _ => name.refuse(error),
                }
            })?;
        let (size, palette_len) = (picture.size(), picture.palette_len());
        Ok(Picture { path, size, palette_len })
    }
}
