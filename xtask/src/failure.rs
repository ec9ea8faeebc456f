//! Why a task failed, in words for whoever ran it.

use core::fmt;
use std::process::ExitCode;

/// A message, and the exit status that goes with it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    message: String,
    status: u8,
}

impl Failure {
    /// Something went wrong.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: 1 }
    }

    /// This machine lacks something; the message says what to install.
    pub(crate) fn missing(message: impl Into<String>) -> Self {
        Self { message: message.into(), status: 3 }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        self.status.into()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
