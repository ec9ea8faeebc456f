//! What can go wrong with memory, with the numbers needed to act on it.

use core::{error::Error, fmt};

use crate::HeapInfo;

/// What an allocation was for, named in the message of [`OutOfMemory`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Purpose {
    /// Pixels.
    Bitmap {
        /// Width in pixels.
        width: u16,
        /// Height in pixels.
        height: u16,
        /// Bits per pixel.
        bits: u8,
    },
    /// Colours of a palette.
    Palette {
        /// Number of colours.
        colors: u16,
    },
    /// Tile indices.
    TileMap {
        /// Width in cells.
        columns: u16,
        /// Height in cells.
        rows: u16,
    },
    /// Anything else: a noun phrase that follows "for".
    Named(&'static str),
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bitmap { width, height, bits } => write!(f, "a {width}x{height}x{bits} bitmap"),
            Self::Palette { colors } => write!(f, "a palette of {colors} colors"),
            Self::TileMap { columns, rows } => write!(f, "a {columns}x{rows} tile map"),
            Self::Named(name) => f.write_str(name),
        }
    }
}

/// A heap could not give the bytes asked for; whatever asked is as it was.
///
/// ```
/// use displayio_allocators::{HeapInfo, OutOfMemory, Purpose};
/// let error = OutOfMemory {
///     requested_bytes: 9600,
///     purpose: Purpose::Bitmap { width: 320, height: 240, bits: 1 },
///     heap: Some(HeapInfo { total_bytes: 65536, free_bytes: 12304, largest_free_bytes: 8192, pinned_blocks: 0 }),
/// };
/// assert_eq!(
///     error.to_string(),
///     "out of memory: 9600 bytes for a 320x240x1 bitmap (12304 free, largest block 8192: fragmented)"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct OutOfMemory {
    /// Bytes that were asked for; `usize::MAX` where the size itself does not fit a `usize`.
    pub requested_bytes: usize,
    /// What they were for.
    pub purpose: Purpose,
    /// The heap at that moment, where it can tell.
    pub heap: Option<HeapInfo>,
}

impl OutOfMemory {
    /// Whether the heap had the bytes, but in no single block.
    #[must_use]
    pub fn is_fragmented(&self) -> bool {
        self.heap.is_some_and(|heap| {
            heap.free_bytes >= self.requested_bytes
                && heap.largest_free_bytes < self.requested_bytes
        })
    }
}

impl fmt::Display for OutOfMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "out of memory: {} bytes for {}", self.requested_bytes, self.purpose)?;
        let Some(heap) = self.heap else { return Ok(()) };
        write!(f, " ({} free, largest block {}", heap.free_bytes, heap.largest_free_bytes)?;
        match heap.pinned_blocks {
            _ if heap.free_bytes < self.requested_bytes => f.write_str(")"),
            0 if self.is_fragmented() => f.write_str(": fragmented)"),
            0 => f.write_str(")"),
            1 => f.write_str(": 1 block pinned)"),
            pinned => write!(f, ": {pinned} blocks pinned)"),
        }
    }
}

impl Error for OutOfMemory {}

/// The bytes cannot be viewed now; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Busy {
    /// A view that excludes this one is open further up the call stack.
    Viewed,
    /// The bytes are read-only.
    ReadOnly,
}

impl fmt::Display for Busy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Viewed => "busy: another view of the same bytes is open",
            Self::ReadOnly => "the bytes are read-only",
        })
    }
}

impl Error for Busy {}

/// A lent buffer is smaller than what it shall hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct TooSmall {
    /// Bytes that are needed.
    pub needed_bytes: usize,
    /// Bytes that were given.
    pub given_bytes: usize,
}

impl fmt::Display for TooSmall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "buffer too small: {} bytes needed, {} given",
            self.needed_bytes, self.given_bytes
        )
    }
}

impl Error for TooSmall {}

/// An insertion that failed, with the value that could not be inserted.
///
/// Where the value borrows what ends with the function, the error alone can be returned:
///
/// ```
/// use displayio_allocators::{Buf, NoHeap, OutOfMemory};
/// fn fill() -> Result<(), OutOfMemory> {
///     let name = String::from("list");
///     let mut list = Buf::new(&NoHeap);
///     list.try_push(name.as_str()).map_err(|rejected| rejected.error)
/// }
/// assert!(fill().is_err());
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Rejected<T, E = OutOfMemory> {
    /// The value, unchanged.
    pub value: T,
    /// Why it was refused.
    pub error: E,
}

impl<T, E: fmt::Debug> fmt::Debug for Rejected<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rejected").field("error", &self.error).finish_non_exhaustive()
    }
}

#[cfg(feature = "defmt")]
impl<T, E: defmt::Format> defmt::Format for Rejected<T, E> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "Rejected {{ error: {}, .. }}", self.error);
    }
}

impl<T, E: fmt::Display> fmt::Display for Rejected<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl<T, E: Error> Error for Rejected<T, E> {}
