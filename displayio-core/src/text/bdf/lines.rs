//! Lines of a text file of any length, read through a small buffer.

use embedded_io::{Error, Read, Seek, SeekFrom};

use super::super::FontFileError;

/// What is read at once.
const BUFFER_BYTES: usize = 128;
/// What is kept of a line: a row of 255 pixels in hexadecimal is 64.
const LINE_BYTES: usize = 80;

/// A file, and the line of it that was read last.
pub(super) struct Lines<F> {
    file: F,
    buffer: [u8; BUFFER_BYTES],
    /// Where the buffer's first byte is in the file, which stands behind its last one.
    buffer_at: u64,
    buffer_len: usize,
    /// Bytes of the buffer that were used.
    used: usize,
    line: [u8; LINE_BYTES],
    line_len: usize,
    line_at: u64,
}

impl<F: Read + Seek> Lines<F> {
    /// The lines of a file, once it was [seeked](Self::seek).
    pub(super) const fn new(file: F) -> Self {
        Self {
            file,
            buffer: [0; BUFFER_BYTES],
            buffer_at: 0,
            buffer_len: 0,
            used: 0,
            line: [0; LINE_BYTES],
            line_len: 0,
            line_at: 0,
        }
    }

    /// Goes to a position in the file.
    pub(super) fn seek(&mut self, position: u64) -> Result<(), FontFileError> {
        self.file.seek(SeekFrom::Start(position)).map_err(|e| FontFileError::Io(e.kind()))?;
        (self.buffer_at, self.buffer_len, self.used) = (position, 0, 0);
        Ok(())
    }

    /// Where the next line begins.
    pub(super) const fn position(&self) -> u64 {
        self.buffer_at + self.used as u64
    }

    /// Where the present line begins.
    pub(super) const fn line_at(&self) -> u64 {
        self.line_at
    }

    /// What is wrong with the present line: the file is cut off in it, or it makes no sense.
    pub(super) const fn malformed(&self) -> FontFileError {
        // Nothing is buffered where the file ended in the line; behind its break something was.
        if self.buffer_len == 0 {
            FontFileError::Truncated
        } else {
            FontFileError::Malformed { at: self.line_at }
        }
    }

    /// Reads a line; [`FontFileError::Truncated`] at the end of the file. What is beyond its first 80 bytes is left out.
    pub(super) fn advance(&mut self) -> Result<(), FontFileError> {
        (self.line_at, self.line_len) = (self.position(), 0);
        loop {
            if self.used == self.buffer_len && !self.refill()? {
                let is_empty = self.line_at == self.position();
                return if is_empty { Err(FontFileError::Truncated) } else { Ok(()) };
            }
            let rest = self.buffer.get(self.used..self.buffer_len).unwrap_or_default();
            let end = rest.iter().position(|byte| *byte == b'\n');
            let part = &rest[..end.unwrap_or(rest.len())];
            let room = self.line.get_mut(self.line_len..).unwrap_or_default();
            room.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
            self.line_len += room.len().min(part.len());
            self.used += part.len() + usize::from(end.is_some());
            if end.is_some() {
                return Ok(());
            }
        }
    }

    /// Tells whether there was more.
    fn refill(&mut self) -> Result<bool, FontFileError> {
        self.buffer_at += self.buffer_len as u64;
        (self.buffer_len, self.used) = (0, 0);
        let read = self.file.read(&mut self.buffer);
        self.buffer_len = read.map_err(|e| FontFileError::Io(e.kind()))?.min(BUFFER_BYTES);
        Ok(self.buffer_len > 0)
    }

    /// The line, without blanks at its ends.
    pub(super) fn line(&self) -> &[u8] {
        self.line.get(..self.line_len).unwrap_or_default().trim_ascii()
    }

    /// The first word of the line.
    pub(super) fn keyword(&self) -> &[u8] {
        self.line().split(u8::is_ascii_whitespace).next().unwrap_or_default()
    }

    /// The first numbers behind the keyword.
    pub(super) fn numbers<const N: usize>(&self) -> Result<[i32; N], FontFileError> {
        let words = self.line().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
        let mut words = words.skip(1);
        let mut numbers = [0; N];
        for number in &mut numbers {
            let word = words.next().and_then(|word| str::from_utf8(word).ok());
            let parsed = word.and_then(|word| word.parse().ok());
            *number = parsed.ok_or_else(|| self.malformed())?;
        }
        Ok(numbers)
    }

    /// Fills a row with the bytes that the line has in hexadecimal; more of them are left out.
    pub(super) fn hex(&self, row: &mut [u8]) -> Result<(), FontFileError> {
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let mut pairs = self.line().chunks_exact(2);
        for byte in row {
            let pair = pairs.next().and_then(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?));
            *byte = pair.ok_or_else(|| self.malformed())?;
        }
        Ok(())
    }
}
