//! What e-paper controllers and their glass differ in.

use displayio_core::{Area, PixelFormat, Size};

use crate::mipi::InitSequence;

/// Columns that a window can tell: bytes of 8.
const MOST_COLUMNS: u16 = 2048;

/// A memory of the controller, for one plane of the pixel format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Memory {
    pub(super) command: u8,
    pub(super) is_complemented: bool,
}

impl Memory {
    /// The memory that is filled after a command.
    #[must_use]
    pub const fn new(command: u8) -> Self {
        Self { command, is_complemented: false }
    }

    /// With each bit the other way round.
    #[must_use]
    pub const fn complemented(self) -> Self {
        Self { is_complemented: !self.is_complemented, ..self }
    }
}

/// A controller and its glass: how it is woken, filled and shown, and which part of its memory is seen.
///
/// Sequences are those of CircuitPython's drivers, as they are: a command without a delay byte is followed by a millisecond.
///
/// ```
/// use displayio_core::{BitOrder, Luma, Mono, Packed, Packing, Size};
/// use displayio_hal::{epaper::Module, mipi::InitSequence};
/// const FORMAT: Mono =
///     Packed { code: Luma::new(), packing: Packing::Rows, order: BitOrder::HighFirst };
/// // Reset; rows; columns and then rows upwards; border; the built-in temperature sensor; what an update does.
/// const START: InitSequence<'static> = InitSequence::checked(&[
///     0x12, 0x80, 20, 0x01, 3, 199, 0, 0, 0x11, 1, 3, 0x3c, 1, 5, 0x18, 1, 0x80, 0x22, 1, 0xf7,
/// ]);
/// const BADGE: Module<Mono> = Module::windowed(FORMAT, Size::new(200, 200), START).updated_in_ms(3000);
/// assert_eq!(BADGE.size().width, 200);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Module<F> {
    pub(super) format: F,
    pub(super) size: Size,
    pub(super) start: InitSequence<'static>,
    pub(super) update: InitSequence<'static>,
    pub(super) power_off: InitSequence<'static>,
    pub(super) deep_sleep: InitSequence<'static>,
    pub(super) memories: [Memory; 2],
    /// A memory that is not of the format, by its command, and the byte that it is filled with.
    pub(super) spare: Option<(u8, u8)>,
    pub(super) has_windows: bool,
    pub(super) is_high_while_busy: bool,
    pub(super) column_start: u16,
    pub(super) row_start: u16,
    pub(super) start_up_ms: u16,
    pub(super) update_ms: u16,
}

impl<F: PixelFormat> Module<F> {
    /// A controller whose memory is filled in windows, and kept while it is asleep: SSD1675, SSD1680, SSD1681 and the like,
    /// which address 8 columns by a byte. Its busy pin is high while it is busy, and an update is taken to last 5 seconds. Of
    /// a format with one plane, the second memory, which is that of an ink, is filled with zeros.
    ///
    /// The start sequence must reset (0x12) or set what an update does (0x22), and have columns and then rows count upwards
    /// (0x11, 3).
    ///
    /// # Panics
    /// If it is more than 2048 pixels wide. In a `const`, that does not compile.
    #[must_use]
    pub const fn windowed(format: F, size: Size, start: InitSequence<'static>) -> Self {
        assert!(size.width <= MOST_COLUMNS, "a byte does not tell so many columns");
        Self::new(format, size, start)
    }

    const fn new(format: F, size: Size, start: InitSequence<'static>) -> Self {
        const { assert!(F::PLANES <= 2, "there is no controller of more than two memories") };
        Self {
            format,
            size,
            start,
            update: InitSequence::checked(&[0x20, 0]),
            // An update that does nothing but switch off.
            power_off: InitSequence::checked(&[0x22, 1, 0x83, 0x20, 0x80, 100]),
            deep_sleep: InitSequence::checked(&[0x10, 1, 0x01]),
            memories: [Memory::new(0x24), Memory::new(0x26)],
            spare: if F::PLANES == 1 { Some((0x26, 0x00)) } else { None },
            has_windows: true,
            is_high_while_busy: true,
            column_start: 0,
            row_start: 0,
            start_up_ms: 0,
            update_ms: 5000,
        }
    }

    /// A controller whose memory is filled as a whole: UC8151, IL0373, those of seven inks and the like. Its busy pin is low
    /// while it is busy, and an update is taken to last 15 seconds.
    ///
    /// The strip buffer has to hold a row, a byte per pixel. Where the controller compares the new picture with the old one
    /// (black and white, 0x00 with bit 4), the new one is [memory](Self::with_memories) 0x13, and 0x10 is to be
    /// [filled](Self::with_spare).
    #[must_use]
    pub const fn whole(format: F, size: Size, start: InitSequence<'static>) -> Self {
        Self {
            update: InitSequence::checked(&[0x12, 0]),
            power_off: InitSequence::checked(&[0x02, 0x80, 100]),
            deep_sleep: InitSequence::checked(&[0x07, 1, 0xa5]),
            memories: [Memory::new(0x10), Memory::new(0x13)],
            spare: None,
            has_windows: false,
            is_high_while_busy: false,
            update_ms: 15_000,
            ..Self::new(format, size, start)
        }
    }

    /// With the glass's first pixel at this column and row of the memory, in pixels.
    ///
    /// # Panics
    /// If a byte of the memory, which is 8 columns, begins elsewhere, if the last column is beyond the 2048th, or if there
    /// are no windows that could tell. In a `const`, that does not compile.
    #[must_use]
    pub const fn starting_at(self, column: u16, row: u16) -> Self {
        assert!(column.is_multiple_of(8), "the glass begins within a byte of the memory");
        let last = column.saturating_add(self.size.width);
        assert!(last <= MOST_COLUMNS, "a byte does not tell so many columns");
        assert!(self.has_windows, "the memory is filled from its corner on");
        Self { column_start: column, row_start: row, ..self }
    }

    /// With other memories for the planes of the format. Where there is one plane, the first is used.
    #[must_use]
    pub const fn with_memories(self, memories: [Memory; 2]) -> Self {
        Self { memories, ..self }
    }

    /// With a memory that no plane is for, by its command, and the byte that it is filled with when the panel is reset of
    /// which nothing was known.
    #[must_use]
    pub const fn with_spare(self, spare: Option<(u8, u8)>) -> Self {
        Self { spare, ..self }
    }

    /// With another format: of another ink, such as yellow.
    #[must_use]
    pub const fn with_format(self, format: F) -> Self {
        Self { format, ..self }
    }

    /// With another sequence that has the memory shown.
    #[must_use]
    pub const fn updated_by(self, update: InitSequence<'static>) -> Self {
        Self { update, ..self }
    }

    /// With the time that an update takes where no pin tells, in milliseconds.
    #[must_use]
    pub const fn updated_in_ms(self, update_ms: u16) -> Self {
        Self { update_ms, ..self }
    }

    /// With another sequence that switches off the voltages that move ink.
    #[must_use]
    pub const fn powered_off_by(self, power_off: InitSequence<'static>) -> Self {
        Self { power_off, ..self }
    }

    /// With another sequence that, once they are off, puts the controller into a sleep that only the reset pin ends. Where
    /// there is no such pin, it is not sent.
    #[must_use]
    pub const fn put_to_sleep_by(self, deep_sleep: InitSequence<'static>) -> Self {
        Self { deep_sleep, ..self }
    }

    /// With a time that the controller needs before the start sequence, in milliseconds.
    #[must_use]
    pub const fn starting_up_in_ms(self, start_up_ms: u16) -> Self {
        Self { start_up_ms, ..self }
    }

    /// With a busy pin that is high while the controller is busy.
    #[must_use]
    pub const fn busy_while_high(self) -> Self {
        Self { is_high_while_busy: true, ..self }
    }

    /// With a busy pin that is low while the controller is busy.
    #[must_use]
    pub const fn busy_while_low(self) -> Self {
        Self { is_high_while_busy: false, ..self }
    }

    /// Width and height of the glass in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// How its pixels are packed.
    #[must_use]
    pub const fn format(&self) -> F {
        self.format
    }

    /// The parameters of a window to an area of whole bytes: first and last column, in bytes of the memory, and first and
    /// last row, low byte first.
    #[must_use]
    pub fn window(&self, area: Area) -> ([u8; 2], [u8; 4]) {
        let columns = [area.x1, area.x2.saturating_sub(1)].map(|x| {
            u8::try_from(self.column_start.saturating_add_signed(x) / 8).unwrap_or(u8::MAX)
        });
        let [[a, b], [c, d]] = [area.y1, area.y2.saturating_sub(1)]
            .map(|y| self.row_start.saturating_add_signed(y).to_le_bytes());
        (columns, [a, b, c, d])
    }

    /// Bytes of a memory of one bit per pixel.
    pub(super) fn memory_bytes(&self) -> usize {
        usize::from(self.size.width.div_ceil(8)) * usize::from(self.size.height)
    }
}
