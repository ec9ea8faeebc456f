//! Files in storage without a file system: what a picture or a font is read from.
//!
//! Files of `embedded-sdmmc` need nothing from here: they read and seek as `embedded-io` has it, as pictures and fonts want.

use core::{error::Error, fmt};

use embedded_io::{ErrorKind, ErrorType, Read, Seek, SeekFrom};
use embedded_storage::{ReadStorage, nor_flash::ReadNorFlash};

/// A range of bytes of a storage, such as a flash chip, as a file. A flash that reads whole words only, or of which nothing
/// but `ReadNorFlash` is there, is read through [`Unaligned`].
///
/// ```
/// use displayio_core::OnDiskBitmap;
/// use displayio_hal::storage::StorageFile;
/// # struct Flash;
/// # impl embedded_storage::ReadStorage for Flash {
/// #     type Error = core::convert::Infallible;
/// #     fn read(&mut self, _: u32, bytes: &mut [u8]) -> Result<(), Self::Error> { bytes.fill(0xff); Ok(()) }
/// #     fn capacity(&self) -> usize { 1 << 20 }
/// # }
/// # let flash = Flash;
/// // Where the build put it.
/// let file = StorageFile::new(flash, 0x4_0000..0x5_2000);
/// let mut row_buffer = [0; 512];
/// let error = OnDiskBitmap::from_buffer(file, &mut row_buffer).unwrap_err();
/// assert_eq!(error.to_string(), "not a BMP file");
/// ```
#[derive(Debug)]
pub struct StorageFile<S> {
    storage: S,
    start: u32,
    len: u32,
    position: u32,
}

impl<S: ReadStorage> StorageFile<S> {
    /// The file at `bytes` of a storage, of which the part counts that the storage has.
    pub fn new(storage: S, bytes: core::ops::Range<u32>) -> Self {
        let capacity = u32::try_from(storage.capacity()).unwrap_or(u32::MAX);
        let len = bytes.end.min(capacity).saturating_sub(bytes.start);
        Self { storage, start: bytes.start, len, position: 0 }
    }

    /// Its length in bytes.
    pub const fn len(&self) -> u32 {
        self.len
    }

    /// Whether it has no bytes.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The storage, for other uses.
    pub fn release(self) -> S {
        self.storage
    }
}

/// A NOR flash that is read from any byte on: words at either end are read whole, what is between them in place.
///
/// A word may have up to 16 bytes; others do not compile.
#[derive(Debug)]
pub struct Unaligned<S>(pub S);

const MOST_WORD_BYTES: usize = 16;

impl<S: ReadNorFlash> Unaligned<S> {
    #[expect(clippy::cast_possible_truncation, reason = "a word has 16 bytes at most")]
    const WORD_BYTES: u32 = {
        assert!(S::READ_SIZE > 0 && S::READ_SIZE <= MOST_WORD_BYTES, "words of 1 to 16 bytes");
        S::READ_SIZE as u32
    };

    /// Reads from within a word to its end, or to that of `bytes`; how many bytes that is.
    fn read_part(&mut self, offset: u32, bytes: &mut [u8]) -> Result<usize, S::Error> {
        let skipped = offset % Self::WORD_BYTES;
        let mut word = [0; MOST_WORD_BYTES];
        self.0.read(offset - skipped, &mut word[..S::READ_SIZE])?;
        let part = word[..S::READ_SIZE].iter().skip(skipped as usize);
        Ok(bytes.iter_mut().zip(part).map(|(byte, read)| *byte = *read).count())
    }
}

impl<S: ReadNorFlash> ReadStorage for Unaligned<S> {
    type Error = S::Error;

    fn read(&mut self, mut offset: u32, mut bytes: &mut [u8]) -> Result<(), S::Error> {
        while !bytes.is_empty() {
            let whole = bytes.len() / S::READ_SIZE * S::READ_SIZE;
            let count = if offset.is_multiple_of(Self::WORD_BYTES) && whole > 0 {
                self.0.read(offset, &mut bytes[..whole])?;
                whole
            } else {
                self.read_part(offset, bytes)?
            };
            offset = offset.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
            bytes = &mut bytes[count..];
        }
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.capacity()
    }
}

/// What went wrong with a [`StorageFile`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum StorageError<E> {
    /// The storage's own error.
    Storage(E),
    /// A place before the file's first byte, or 4 GiB behind it.
    BadSeek,
}

impl<E: fmt::Debug> fmt::Display for StorageError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Storage(error) => write!(f, "storage: {error:?}"),
            Self::BadSeek => f.write_str("there is no such place in the file"),
        }
    }
}

impl<E: fmt::Debug> Error for StorageError<E> {}

impl<E: fmt::Debug> embedded_io::Error for StorageError<E> {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Storage(_) => ErrorKind::Other,
            Self::BadSeek => ErrorKind::InvalidInput,
        }
    }
}

impl<S: ReadStorage<Error: fmt::Debug>> ErrorType for StorageFile<S> {
    type Error = StorageError<S::Error>;
}

impl<S: ReadStorage<Error: fmt::Debug>> Read for StorageFile<S> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize, Self::Error> {
        let rest = usize::try_from(self.len.saturating_sub(self.position)).unwrap_or(usize::MAX);
        let count = buffer.len().min(rest);
        let Some(bytes) = buffer.get_mut(..count).filter(|bytes| !bytes.is_empty()) else {
            return Ok(0);
        };
        self.storage.read(self.start + self.position, bytes).map_err(StorageError::Storage)?;
        self.position += u32::try_from(count).unwrap_or(u32::MAX);
        Ok(count)
    }
}

impl<S: ReadStorage<Error: fmt::Debug>> Seek for StorageFile<S> {
    fn seek(&mut self, to: SeekFrom) -> Result<u64, Self::Error> {
        let (from, offset) = match to {
            SeekFrom::Start(offset) => (0, i64::try_from(offset).ok()),
            SeekFrom::Current(offset) => (self.position, Some(offset)),
            SeekFrom::End(offset) => (self.len, Some(offset)),
        };
        let position = offset
            .and_then(|offset| offset.checked_add(from.into()))
            .and_then(|position| u32::try_from(position).ok())
            .ok_or(StorageError::BadSeek)?;
        self.position = position;
        Ok(position.into())
    }
}
