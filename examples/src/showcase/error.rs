//! What may end the show early.

use core::{error::Error, fmt};
use std::{io, path::PathBuf};

use displayio_core::{BmpError, Busy, LoadError, OutOfMemory, RefreshError};
use displayio_hal::framebuffer::FramebufferError;

use super::Options;

/// Why the show ended.
#[derive(Debug)]
#[non_exhaustive]
pub enum ShowcaseError {
    /// The photo cannot be used.
    Photo {
        /// Its file.
        path: PathBuf,
        /// What is the matter with it.
        error: PhotoError,
    },
    /// The heap is too small.
    OutOfMemory(OutOfMemory),
    /// A refresh failed: the strip buffer is too small.
    Refresh(RefreshError<FramebufferError>),
    /// Whoever watched returned this.
    Watch(io::Error),
}

/// What is the matter with a photo.
#[derive(Debug)]
#[non_exhaustive]
pub enum PhotoError {
    /// It cannot be opened.
    File(io::Error),
    /// It is no picture, or cannot be read.
    Bmp(BmpError),
}

impl fmt::Display for ShowcaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Photo { path, error } => write!(f, "photo {}: {error}", path.display()),
            Self::OutOfMemory(error) => error.fmt(f),
            Self::Refresh(error) => error.fmt(f),
            Self::Watch(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for PhotoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(error) => error.fmt(f),
            Self::Bmp(error) => error.fmt(f),
        }
    }
}

impl Error for ShowcaseError {}

impl Error for PhotoError {}

impl From<io::Error> for PhotoError {
    fn from(error: io::Error) -> Self {
        Self::File(error)
    }
}

impl From<OutOfMemory> for ShowcaseError {
    fn from(error: OutOfMemory) -> Self {
        Self::OutOfMemory(error)
    }
}

impl From<RefreshError<FramebufferError>> for ShowcaseError {
    fn from(error: RefreshError<FramebufferError>) -> Self {
        Self::Refresh(error)
    }
}

impl From<Busy> for ShowcaseError {
    fn from(busy: Busy) -> Self {
        Self::Watch(io::Error::other(busy))
    }
}

impl From<io::Error> for ShowcaseError {
    fn from(error: io::Error) -> Self {
        Self::Watch(error)
    }
}

/// An error of the photo, by the name of its file; or of the heap.
pub(super) fn of_photo(options: &Options, error: LoadError) -> ShowcaseError {
    match error {
        LoadError::OutOfMemory(error) => error.into(),
        LoadError::Bmp(error) => {
            ShowcaseError::Photo { path: options.photo.clone(), error: PhotoError::Bmp(error) }
        }
        _ => ShowcaseError::Watch(io::Error::other(error)),
    }
}
