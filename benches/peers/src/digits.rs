//! Numbers as text, without a heap.

use core::fmt::Write;

/// Right-aligned in five characters.
pub struct Digits([u8; 5]);

impl Digits {
    pub fn new(number: u16) -> Self {
        let mut digits = [b' '; 5];
        // Five digits hold any number of 16 bits.
        let _ = write!(Cursor(&mut digits), "{number:5}");
        Self(digits)
    }

    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

struct Cursor<'b>(&'b mut [u8]);

impl Write for Cursor<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        let (start, rest) = core::mem::take(&mut self.0)
            .split_at_mut_checked(text.len())
            .ok_or(core::fmt::Error)?;
        start.copy_from_slice(text.as_bytes());
        self.0 = rest;
        Ok(())
    }
}
