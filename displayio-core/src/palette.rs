//! Colours by number.

mod flash;

use core::{cell::Cell, fmt};

use displayio_allocators::{Busy, Home, OutOfMemory, Purpose, Storage, TooSmall};

pub use self::flash::{FlashPalette, FlashPaletteRgb};
use crate::{
    Area, Change, Changes, Colors, Mark, Part, PixelFormat, Rgb888, Shader, Table, Tracked,
};

/// Why a palette was not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum PaletteError {
    /// There is no colour of that number.
    OutOfRange {
        /// The number.
        index: u16,
        /// How many colours there are, from number 0 on.
        len: usize,
    },
    /// The colours are being viewed, or read-only.
    Busy(Busy),
}

impl From<Busy> for PaletteError {
    fn from(busy: Busy) -> Self {
        Self::Busy(busy)
    }
}

impl fmt::Display for PaletteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OutOfRange { index, len } => write!(f, "no color {index} in a palette of {len}"),
            Self::Busy(busy) => busy.fmt(f),
        }
    }
}

impl core::error::Error for PaletteError {}

/// Colours and transparency in one storage: first the colours, then one bit per colour, set where it is transparent.
struct Entries<'m> {
    storage: Storage<'m>,
    changes: Changes,
    len: u16,
    transparent_count: Cell<u16>,
}

impl<'m> Entries<'m> {
    const fn required_bytes<T>(len: u16) -> usize {
        len as usize * size_of::<T>() + (len as usize).div_ceil(8)
    }

    fn new_in<T>(len: u16, home: Home<'m>) -> Result<Self, OutOfMemory> {
        let purpose = Purpose::Palette { colors: len };
        Ok(Self::new(Storage::zeroed_in(Self::required_bytes::<T>(len), purpose, home)?, len))
    }

    fn from_buffer<T>(len: u16, buffer: &'m mut [u8]) -> Result<Self, TooSmall> {
        let skip = buffer.as_ptr().align_offset(align_of::<T>());
        let needed_bytes = skip + Self::required_bytes::<T>(len);
        let given_bytes = buffer.len();
        let bytes =
            buffer.get_mut(skip..needed_bytes).ok_or(TooSmall { needed_bytes, given_bytes })?;
        bytes.fill(0);
        Ok(Self::new(Storage::from_buffer(bytes), len))
    }

    const fn new(storage: Storage<'m>, len: u16) -> Self {
        Self { storage, changes: Changes::new(), len, transparent_count: Cell::new(0) }
    }

    /// Shows colours and transparency.
    #[inline]
    fn read<T: bytemuck::Pod, R>(&self, f: impl FnOnce(Table<'_, T>) -> R) -> Result<R, Busy> {
        let colors_bytes = usize::from(self.len) * size_of::<T>();
        self.storage.read(|bytes| {
            let (colors, transparent) = bytes.split_at_checked(colors_bytes).unwrap_or_default();
            let transparent = if self.transparent_count.get() == 0 { &[] } else { transparent };
            f(Table { colors: bytemuck::try_cast_slice(colors).unwrap_or_default(), transparent })
        })
    }

    fn get<T: bytemuck::Pod>(&self, index: u16) -> Option<T> {
        self.read(|table| table.colors.get(usize::from(index)).copied()).ok().flatten()
    }

    /// Sets a colour; the same colour again is no change.
    fn set<T: bytemuck::Pod + PartialEq>(&self, index: u16, color: T) -> Result<(), PaletteError> {
        let old: T =
            self.get(index).ok_or(PaletteError::OutOfRange { index, len: self.len.into() })?;
        if old == color {
            return Ok(());
        }
        let start = usize::from(index) * size_of::<T>();
        self.storage.write(|bytes| {
            if let Some(entry) = bytes.get_mut(start..start + size_of::<T>()) {
                entry.copy_from_slice(bytemuck::bytes_of(&color));
            }
        })?;
        self.touch(index);
        Ok(())
    }

    /// Where the byte with a colour's transparency is.
    fn transparency_at(&self, index: u16) -> usize {
        self.storage.len() - usize::from(self.len).div_ceil(8) + usize::from(index) / 8
    }

    fn is_transparent(&self, index: u16) -> Result<bool, PaletteError> {
        if index >= self.len {
            return Err(PaletteError::OutOfRange { index, len: self.len.into() });
        }
        let byte = self.storage.read(|bytes| bytes.get(self.transparency_at(index)).copied())?;
        Ok(byte.is_some_and(|byte| byte >> (index % 8) & 1 != 0))
    }

    fn set_transparent(&self, index: u16, transparent: bool) -> Result<(), PaletteError> {
        if self.is_transparent(index)? == transparent {
            return Ok(());
        }
        let at = self.transparency_at(index);
        self.storage.write(|bytes| {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << (index % 8);
            }
        })?;
        let count = self.transparent_count.get();
        self.transparent_count.set(if transparent { count + 1 } else { count - 1 });
        self.touch(index);
        Ok(())
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.transparent_count.get() == 0
            && u32::from(self.len) > max_value
            && self.storage.is_readable()
    }

    /// Notes that an entry changed: entries are told as pixels of a row.
    fn touch(&self, index: u16) {
        match i16::try_from(index) {
            Ok(x) if x < i16::MAX => self.changes.touch(Area::new(x, 0, x + 1, 1)),
            _ => self.changes.touch_all(),
        }
    }
}

/// Colours in the format of one kind of panel, ready to be copied.
///
/// All colours start black and opaque. A palette may be shared by any number of nodes on any number of displays. Each
/// entry costs the size of a raw pixel (2 bytes for RGB565) and one bit. Colours that never change may stay in flash, as a
/// [`FlashPalette`].
///
/// ```
/// use displayio_core::{Palette, Rgb565};
/// let mut memory = [0; Palette::<Rgb565>::required_bytes(4) + 1];
/// let palette = Palette::<Rgb565>::from_buffer(4, &mut memory)?;
/// palette.set(1, 0xff_8000).unwrap();
/// palette.set_transparent(0, true).unwrap();
/// assert_eq!(palette.raw(1), Some(0xfc00_u16.to_be()));
/// # Ok::<(), displayio_core::TooSmall>(())
/// ```
pub struct Palette<'m, C> {
    entries: Entries<'m>,
    format: C,
}

impl<'m, C: PixelFormat> Palette<'m, C> {
    /// Bytes that `len` colours take; a lent buffer needs one raw pixel more unless it is aligned for them.
    #[must_use]
    pub const fn required_bytes(len: u16) -> usize {
        Entries::required_bytes::<C::Raw>(len)
    }

    /// `len` black colours on a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(len: u16, home: impl Into<Home<'m>>) -> Result<Self, OutOfMemory> {
        Ok(Self { entries: Entries::new_in::<C::Raw>(len, home.into())?, format: C::default() })
    }

    /// `len` black colours in a lent buffer, which is aligned first.
    ///
    /// # Errors
    /// [`TooSmall`] with the bytes needed, alignment included.
    pub fn from_buffer(len: u16, buffer: &'m mut [u8]) -> Result<Self, TooSmall> {
        Ok(Self { entries: Entries::from_buffer::<C::Raw>(len, buffer)?, format: C::default() })
    }

    /// For a panel whose format is not the default one of its type, such as that of an e-paper with yellow ink. Colours are
    /// converted as they are set: those set before are not converted again.
    #[must_use]
    pub fn with_format(self, format: C) -> Self {
        Self { format, ..self }
    }

    /// Number of colours.
    #[must_use]
    pub const fn len(&self) -> u16 {
        self.entries.len
    }

    /// Whether it has no colours.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.len == 0
    }

    /// The colour of a number, as the panel stores it.
    #[must_use]
    pub fn raw(&self, index: u16) -> Option<C::Raw> {
        self.entries.get(index)
    }

    /// Sets a colour. Whoever shows the palette redraws, unless the panel shows the new colour as the old one.
    ///
    /// # Errors
    /// [`PaletteError`]; the palette is as it was.
    pub fn set(&self, index: u16, color: impl Into<Rgb888>) -> Result<(), PaletteError> {
        self.entries.set(index, self.format.raw(color.into()))
    }

    /// Makes a number transparent or opaque; its colour is kept.
    ///
    /// # Errors
    /// [`PaletteError`]; the palette is as it was.
    pub fn set_transparent(&self, index: u16, transparent: bool) -> Result<(), PaletteError> {
        self.entries.set_transparent(index, transparent)
    }

    /// Whether a number is transparent.
    ///
    /// # Errors
    /// [`PaletteError`].
    pub fn is_transparent(&self, index: u16) -> Result<bool, PaletteError> {
        self.entries.is_transparent(index)
    }
}

impl<C> Tracked for Palette<'_, C> {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.entries.changes.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.entries.changes.since(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let storage = &self.entries.storage;
        let what = Purpose::Palette { colors: self.entries.len };
        report(Part::of(self, what).with_data(storage.len(), storage.kind()));
    }
}

impl<C: PixelFormat> Shader<C> for Palette<'_, C> {
    #[inline]
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        self.entries.read(|table| f(Colors::Ready(table))).ok()
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.entries.is_opaque(max_value)
    }
}

impl<C: fmt::Debug> fmt::Debug for Palette<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Palette({} colors of {:?}, {:?})",
            self.entries.len, self.format, self.entries.storage
        )
    }
}

/// Colours of 24 bits, converted pixel by pixel: for dithered colours, and for panels of several formats.
///
/// Each entry costs 4 bytes and one bit.
pub struct PaletteRgb<'m> {
    entries: Entries<'m>,
    dither: Cell<bool>,
}

impl<'m> PaletteRgb<'m> {
    /// Bytes that `len` colours take; a lent buffer needs three more unless it is aligned to 4.
    #[must_use]
    pub const fn required_bytes(len: u16) -> usize {
        Entries::required_bytes::<u32>(len)
    }

    /// `len` black colours on a heap.
    ///
    /// # Errors
    /// [`OutOfMemory`]; the heap is as it was.
    pub fn new_in(len: u16, home: impl Into<Home<'m>>) -> Result<Self, OutOfMemory> {
        Ok(Self { entries: Entries::new_in::<u32>(len, home.into())?, dither: Cell::new(false) })
    }

    /// `len` black colours in a lent buffer, which is aligned first.
    ///
    /// # Errors
    /// [`TooSmall`] with the bytes needed, alignment included.
    pub fn from_buffer(len: u16, buffer: &'m mut [u8]) -> Result<Self, TooSmall> {
        Ok(Self { entries: Entries::from_buffer::<u32>(len, buffer)?, dither: Cell::new(false) })
    }

    /// Number of colours.
    #[must_use]
    pub const fn len(&self) -> u16 {
        self.entries.len
    }

    /// Whether it has no colours.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.entries.len == 0
    }

    /// The colour of a number.
    #[must_use]
    pub fn get(&self, index: u16) -> Option<Rgb888> {
        self.entries.get(index).map(Rgb888::new)
    }

    /// Sets a colour; whoever shows the palette redraws.
    ///
    /// # Errors
    /// [`PaletteError`]; the palette is as it was.
    pub fn set(&self, index: u16, color: impl Into<Rgb888>) -> Result<(), PaletteError> {
        self.entries.set(index, color.into().value())
    }

    /// Makes a number transparent or opaque; its colour is kept.
    ///
    /// # Errors
    /// [`PaletteError`]; the palette is as it was.
    pub fn set_transparent(&self, index: u16, transparent: bool) -> Result<(), PaletteError> {
        self.entries.set_transparent(index, transparent)
    }

    /// Whether a number is transparent.
    ///
    /// # Errors
    /// [`PaletteError`].
    pub fn is_transparent(&self, index: u16) -> Result<bool, PaletteError> {
        self.entries.is_transparent(index)
    }

    /// Turns dither on or off; whoever shows the palette redraws.
    pub fn set_dither(&self, dither: bool) {
        if self.dither.replace(dither) != dither {
            self.entries.changes.touch_all();
        }
    }
}

impl Tracked for PaletteRgb<'_> {
    #[inline]
    fn is_seen(&self, mark: &Mark) -> bool {
        self.entries.changes.is_seen(mark)
    }

    fn since(&self, mark: &Mark) -> Change {
        self.entries.changes.since(mark)
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        let storage = &self.entries.storage;
        let what = Purpose::Palette { colors: self.entries.len };
        report(Part::of(self, what).with_data(storage.len(), storage.kind()));
    }
}

impl<C: PixelFormat> Shader<C> for PaletteRgb<'_> {
    fn colors<R>(&self, f: impl FnOnce(Colors<'_, C>) -> R) -> Option<R> {
        self.entries.read(|table| f(Colors::Rgb { table, dither: self.dither.get() })).ok()
    }

    fn is_opaque(&self, max_value: u32) -> bool {
        self.entries.is_opaque(max_value)
    }
}

impl fmt::Debug for PaletteRgb<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaletteRgb({} colors, {:?})", self.entries.len, self.entries.storage)
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;
    use crate::{Gray4, Rgb565};

    #[test]
    fn viewers_redraw_only_for_what_shows() {
        let mut memory = [0; 64];
        let palette = Palette::<Rgb565>::from_buffer(4, &mut memory).unwrap();
        let mark = Mark::new();
        assert_eq!(palette.since(&mark), Change::All);
        palette.set(2, 0x00_0001).unwrap();
        palette.set_transparent(3, false).unwrap();
        assert!(palette.is_seen(&mark), "RGB565 shows 000001 as black, and 3 was opaque");
        palette.set(2, 0x12_3456).unwrap();
        assert_eq!(palette.since(&mark), Change::Part(Area::new(2, 0, 3, 1)));
        palette.set(1, 0x12_3456).unwrap();
        palette.set_transparent(3, true).unwrap();
        assert_eq!(palette.since(&mark), Change::Part(Area::new(1, 0, 4, 1)));
        assert_eq!(palette.is_transparent(3), Ok(true));
        let error = palette.set(4, 0).unwrap_err();
        assert_eq!(error, PaletteError::OutOfRange { index: 4, len: 4 });
        assert_eq!(error.to_string(), "no color 4 in a palette of 4");
    }

    #[test]
    fn opaque_means_every_value_has_a_colour() {
        let mut memory = [0; 64];
        let palette = Palette::<Gray4>::from_buffer(16, &mut memory).unwrap();
        assert_eq!([15, 16].map(|max| palette.is_opaque(max)), [true, false]);
        palette.set_transparent(9, true).unwrap();
        assert!(!palette.is_opaque(15), "9 is transparent");
        let shown = palette.colors(|colors| match colors {
            Colors::Ready(table) => [8, 9, 16].map(|value| table.get(value)),
            _ => [None; 3],
        });
        assert_eq!(shown, Some([Some(0), None, None]));
    }

    #[test]
    fn unaligned_buffers_are_aligned_or_refused() {
        let mut memory = [0_u64; 4];
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut memory);
        let needed = Palette::<Rgb565>::required_bytes(4);
        let error = Palette::<Rgb565>::from_buffer(4, &mut bytes[1..=needed]).unwrap_err();
        assert_eq!((error.needed_bytes, error.given_bytes), (needed + 1, needed));
        let palette = Palette::<Rgb565>::from_buffer(4, &mut bytes[1..needed + 2]).unwrap();
        palette.set(3, 0xff_ffff).unwrap();
        assert_eq!(palette.raw(3), Some(0xffff));
    }
}
