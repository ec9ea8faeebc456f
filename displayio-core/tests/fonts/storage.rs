//! Storage that counts, fails or changes.

use core::cell::Cell;

use displayio_core::SliceFile;
use embedded_io::{ErrorKind, ErrorType, Read, Seek, SeekFrom};

#[derive(Debug)]
pub struct CardError;

impl core::fmt::Display for CardError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("card error")
    }
}

impl core::error::Error for CardError {}

impl embedded_io::Error for CardError {
    fn kind(&self) -> ErrorKind {
        ErrorKind::TimedOut
    }
}

/// A card with one file, whose calls fail once `calls_left` is used up.
pub struct Card<'f> {
    file: SliceFile<'f>,
    calls_left: &'f Cell<u32>,
    bytes_read: u64,
}

impl<'f> Card<'f> {
    pub const fn new(bytes: &'f [u8], calls_left: &'f Cell<u32>) -> Self {
        Self { file: SliceFile::new(bytes), calls_left, bytes_read: 0 }
    }

    pub const fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    fn call(&self) -> Result<(), CardError> {
        self.calls_left.set(self.calls_left.get().checked_sub(1).ok_or(CardError)?);
        Ok(())
    }
}

impl ErrorType for Card<'_> {
    type Error = CardError;
}

impl Read for Card<'_> {
    /// At most 5 bytes at a time: nobody may count on more.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, CardError> {
        self.call()?;
        let most = buf.len().min(5);
        let count = self.file.read(&mut buf[..most]).map_err(|e| match e {})?;
        self.bytes_read += count as u64;
        Ok(count)
    }
}

impl Seek for Card<'_> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, CardError> {
        self.call()?;
        self.file.seek(to).map_err(|e| match e {})
    }
}
