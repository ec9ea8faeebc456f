//! The commands of the tool, one module each, and what they share.

pub(crate) mod font;
pub(crate) mod image;
pub(crate) mod inspect;
mod names;
mod outputs;

use core::fmt;
use std::io::{self, Write};

use displayio_assets::{OpenError, PictureError, inspect::InspectError};

/// Why a command ended early, in words that name the file.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A file cannot be read or written, or options do not go together.
    Failed(String),
    /// An input is refused.
    Refused(String),
}

impl Failure {
    fn failed(what: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::Failed(format!("{what}: {error}"))
    }

    fn refused(what: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::Refused(format!("{what}: {error}"))
    }

    pub(crate) const fn exit_status(&self) -> u8 {
        match self {
            Self::Failed(_) => 1,
            Self::Refused(_) => 2,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(reason) | Self::Refused(reason) => f.write_str(reason),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error.error {
            PictureError::Read(_) => Self::Failed(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

impl From<InspectError> for Failure {
    fn from(error: InspectError) -> Self {
        match error {
            InspectError::Open(error) => error.into(),
            error => Self::Refused(error.to_string()),
        }
    }
}

/// Writes to standard output; whoever closed it early wants no more.
fn print(text: &str) -> Result<(), Failure> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::failed("standard output", error))
        }
        _ => Ok(()),
    }
}
