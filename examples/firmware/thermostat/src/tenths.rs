//! Numbers with one decimal, without floating point.

use core::fmt;

/// A number of tenths, as people read it.
pub(crate) struct Tenths(pub(crate) i16);

impl fmt::Display for Tenths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, tenths) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{}", tenths / 10, tenths % 10)
    }
}
