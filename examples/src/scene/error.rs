//! Why a scene is not played.

use core::{error::Error, fmt};

use displayio_core::OutOfMemory;

/// Why a scene is not played, or not to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlayError {
    /// The scene is wrong.
    Refused {
        /// Where, as in `root.children[2].tile_width`; empty for the text as a whole.
        path: String,
        /// What is wrong there.
        reason: String,
    },
    /// The scene may be right, but needs what this player does not have yet.
    Unsupported {
        /// Where, as in `root.children[2].type`.
        path: String,
        /// What is missing.
        reason: String,
    },
    /// The scene is right, and something else failed: a file, memory.
    Failed(String),
}

impl PlayError {
    /// The exit status of a program that ends with this error: 2 for a scene that is refused, 3 for one that is not
    /// supported yet, 1 for everything else.
    #[must_use]
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Refused { .. } => 2,
            Self::Unsupported { .. } => 3,
            Self::Failed(_) => 1,
        }
    }

    /// The failure of `what`.
    pub(super) fn failed(what: impl fmt::Display, error: impl fmt::Display) -> Self {
        Self::Failed(format!("{what}: {error}"))
    }
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { path, reason } => write!(f, "refused: {}{reason}", Prefix(path)),
            Self::Unsupported { path, reason } => {
                write!(f, "not supported yet: {}{reason}", Prefix(path))
            }
            Self::Failed(message) => f.write_str(message),
        }
    }
}

impl Error for PlayError {}

impl From<OutOfMemory> for PlayError {
    fn from(error: OutOfMemory) -> Self {
        Self::Failed(error.to_string())
    }
}

struct Prefix<'p>(&'p str);

impl fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "{}: ", self.0) }
    }
}
