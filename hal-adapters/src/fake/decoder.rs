//! The controller of a fake panel: from bytes to pixels.

use alloc::{vec, vec::Vec};
use core::fmt;

use displayio_core::{Rgb565, Rgb888, Size};

use super::Controller;
use crate::{mipi::dcs, preview::Preview};

/// Time after which a controller that was woken, sent to sleep or reset takes commands.
const SETTLING_US: u64 = 5_000;
/// Time after which a controller that was sent to sleep or reset may be woken, and one that was woken be sent to sleep.
const SLEEP_CHANGE_US: u64 = 120_000;
/// Low bits of the format of pixels: 5, 6 and 5 bits in two bytes.
const BITS_16: u8 = 5;
/// The same, 6 bits each at the top of three bytes.
const BITS_18: u8 = 6;
/// A command without effect.
const NO_OPERATION: u8 = 0x00;

/// What a driver did wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// A command that is in no data sheet.
    UnknownCommand(u8),
    /// A command with too few or too many parameters; it has no effect with too few.
    ParameterCount {
        /// The command.
        command: u8,
        /// Parameters that came.
        given: usize,
        /// Parameters that it has.
        expected: usize,
    },
    /// A window whose end is before its start.
    InvertedWindow {
        /// The command that set it.
        command: u8,
        /// First column or row.
        start: u16,
        /// Last column or row.
        end: u16,
    },
    /// A pixel that the memory does not have.
    OutsideMemory {
        /// Its column in the present address mode.
        column: u16,
        /// Its row in the present address mode.
        row: u16,
    },
    /// A pixel after the last one of the window: the next would go to its corner again.
    WindowOverrun,
    /// A pixel that was begun but not finished before the next command (or until now).
    StrayByte,
    /// Pixels in a format of neither 16 nor 18 bits, which this panel does not decode.
    PixelFormat {
        /// What the format was set to.
        pixel_format: u8,
    },
    /// Pixels, or what e-paper does with them, while asleep. Pixels arrive in most controllers, but the driver must have
    /// forgotten to wake it.
    Asleep,
    /// The reset pin was low for a time that is not sure to reset the controller.
    ShortReset {
        /// For so many microseconds.
        low_us: u64,
    },
    /// Pixels while addresses run downwards, which this panel does not decode.
    AddressingMode,
    /// A byte of I2C that says neither that commands follow nor data.
    ControlByte(u8),
    /// A reset while ink was being moved, which is left where it was by then.
    Interrupted,
    /// A command before the controller was ready for it.
    TooEarly {
        /// The command.
        command: u8,
        /// What was missing, in microseconds.
        missing_us: u64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand(command) => write!(f, "unknown command {command:#04x}"),
            Self::ParameterCount { command, given, expected } => {
                write!(f, "command {command:#04x} with {given} parameters instead of {expected}")
            }
            Self::InvertedWindow { command, start, end } => {
                write!(f, "command {command:#04x} from {start} to {end}")
            }
            Self::OutsideMemory { column, row } => {
                write!(f, "pixel at column {column}, row {row} outside the memory")
            }
            Self::WindowOverrun => f.write_str("more pixels than the window has"),
            Self::StrayByte => f.write_str("a byte after the last pixel"),
            Self::PixelFormat { pixel_format } => {
                write!(f, "pixels in format {pixel_format:#04x}")
            }
            Self::Asleep => f.write_str("pixels while asleep"),
            Self::Interrupted => f.write_str("reset while ink was being moved"),
            Self::ShortReset { low_us } => write!(f, "reset pin low for {low_us} us only"),
            Self::AddressingMode => f.write_str("pixels while addresses run downwards"),
            Self::ControlByte(byte) => write!(f, "control byte {byte:#04x}"),
            Self::TooEarly { command, missing_us } => {
                write!(f, "command {command:#04x} too early by {missing_us} us")
            }
        }
    }
}

/// How a glass differs from what controllers expect by default.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Glass {
    /// Blue is where red is expected.
    pub bgr: bool,
    /// It shows complements.
    pub inverted: bool,
}

/// Whether a panel is awake and showing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Power {
    /// As after a reset.
    Asleep,
    /// Awake, but blank.
    Blank,
    /// Shows its memory.
    On,
}

/// What a software reset sets back.
#[derive(Debug)]
struct Registers {
    asleep: bool,
    on: bool,
    inverted: bool,
    address_mode: u8,
    pixel_format: u8,
    /// First and last column of the window.
    columns: (u16, u16),
    /// First and last row of the window.
    rows: (u16, u16),
}

impl Registers {
    const fn new(memory: Size) -> Self {
        Self {
            asleep: true,
            on: false,
            inverted: false,
            address_mode: 0,
            pixel_format: 0x66,
            columns: (0, memory.width.saturating_sub(1)),
            rows: (0, memory.height.saturating_sub(1)),
        }
    }
}

/// Where a memory write stands.
#[derive(Debug, Default)]
struct Cursor {
    column: u16,
    row: u16,
    /// The first bytes of a pixel whose others are to come.
    begun: Vec<u8>,
    /// The window is full.
    at_end: bool,
}

#[derive(Debug)]
pub(super) struct Decoder {
    memory: Size,
    /// What each looks like as it is stored.
    pixels: Vec<Rgb888>,
    registers: Registers,
    cursor: Cursor,
    command: u8,
    parameters: Vec<u8>,
    ready_at_us: u64,
    /// When it may be woken or sent to sleep.
    sleep_change_at_us: u64,
    faults: Vec<Fault>,
}

impl Decoder {
    pub(super) fn new(memory: Size) -> Self {
        Self {
            memory,
            pixels: vec![Rgb888::BLACK; usize::from(memory.width) * usize::from(memory.height)],
            registers: Registers::new(memory),
            cursor: Cursor::default(),
            command: NO_OPERATION,
            parameters: Vec::new(),
            ready_at_us: 0,
            sleep_change_at_us: 0,
            faults: Vec::new(),
        }
    }

    /// What is wrong with the present command if nothing more comes.
    fn unfinished(&self) -> Option<Fault> {
        let given = self.parameters.len();
        match parameter_count(self.command) {
            Count::Pixels => (!self.cursor.begun.is_empty()).then_some(Fault::StrayByte),
            Count::Exactly(expected) if expected != given => {
                Some(Fault::ParameterCount { command: self.command, given, expected })
            }
            _ => None,
        }
    }

    fn check_timing(&mut self, command: u8, now_us: u64) {
        let due_us = match command {
            dcs::SLEEP_OUT | dcs::SLEEP_IN => self.ready_at_us.max(self.sleep_change_at_us),
            _ => self.ready_at_us,
        };
        if now_us < due_us {
            self.faults.push(Fault::TooEarly { command, missing_us: due_us - now_us });
        }
    }

    /// Carries out the present command, whose parameters are complete.
    fn execute(&mut self, now_us: u64) {
        match (self.command, self.parameters.as_slice()) {
            (dcs::SOFTWARE_RESET, _) => {
                self.registers = Registers::new(self.memory);
                self.settle(now_us);
            }
            (dcs::SLEEP_IN, _) => {
                self.registers.asleep = true;
                self.settle(now_us);
            }
            (dcs::SLEEP_OUT, _) => {
                self.registers.asleep = false;
                self.settle(now_us);
            }
            (dcs::INVERSION_OFF, _) => self.registers.inverted = false,
            (dcs::INVERSION_ON, _) => self.registers.inverted = true,
            (dcs::DISPLAY_OFF, _) => self.registers.on = false,
            (dcs::DISPLAY_ON, _) => self.registers.on = true,
            (dcs::ADDRESS_MODE, &[mode]) => self.registers.address_mode = mode,
            (dcs::PIXEL_FORMAT, &[format]) => self.registers.pixel_format = format,
            (dcs::COLUMN_ADDRESS, &[a, b, c, d]) => {
                self.registers.columns = self.bounds([a, b, c, d]);
            }
            (dcs::ROW_ADDRESS, &[a, b, c, d]) => self.registers.rows = self.bounds([a, b, c, d]),
            _ => {}
        }
    }

    const fn settle(&mut self, now_us: u64) {
        self.ready_at_us = now_us + SETTLING_US;
        self.sleep_change_at_us = now_us + SLEEP_CHANGE_US;
    }

    fn bounds(&mut self, parameters: [u8; 4]) -> (u16, u16) {
        let [a, b, c, d] = parameters;
        let (start, end) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
        if start > end {
            self.faults.push(Fault::InvertedWindow { command: self.command, start, end });
        }
        (start, end)
    }

    fn begin_pixels(&mut self) {
        if self.registers.asleep {
            self.faults.push(Fault::Asleep);
        }
        let pixel_format = self.registers.pixel_format;
        if !matches!(pixel_format & 7, BITS_16 | BITS_18) {
            self.faults.push(Fault::PixelFormat { pixel_format });
        }
        if self.command == dcs::MEMORY_WRITE {
            let (column, row) = (self.registers.columns.0, self.registers.rows.0);
            self.cursor = Cursor { column, row, ..Cursor::default() };
        }
    }

    fn pixel_byte(&mut self, byte: u8) {
        let is_18_bits = self.registers.pixel_format & 7 == BITS_18;
        self.cursor.begun.push(byte);
        let color = match *self.cursor.begun {
            // The two low bits are not looked at.
            [red, green, blue] => {
                let [red, green, blue] = [red, green, blue].map(|v| v & 0xfc | v >> 6);
                Rgb888::from_channels(red, green, blue)
            }
            [high, low] if !is_18_bits => Rgb565.color(&[high, low], 0),
            _ => return,
        };
        self.cursor.begun.clear();
        self.pixel(color);
    }

    fn pixel(&mut self, pixel: Rgb888) {
        let Cursor { column, row, at_end, .. } = self.cursor;
        if at_end {
            self.faults.push(Fault::WindowOverrun);
        }
        match self.index(column, row) {
            Some(index) => self.pixels[index] = pixel,
            None => self.faults.push(Fault::OutsideMemory { column, row }),
        }
        let (columns, rows) = (self.registers.columns, self.registers.rows);
        let is_row_full = column >= columns.1;
        let is_full = is_row_full && row >= rows.1;
        self.cursor.column = if is_row_full { columns.0 } else { column + 1 };
        self.cursor.row = match (is_full, is_row_full) {
            (true, _) => rows.0,
            (_, true) => row + 1,
            _ => row,
        };
        self.cursor.at_end = is_full;
    }

    /// The pixel at an address, which the address mode leads to its place in the memory.
    fn index(&self, column: u16, row: u16) -> Option<usize> {
        let has = |bit| self.registers.address_mode & bit != 0;
        let (x, y) = if has(dcs::EXCHANGE_AXES) { (row, column) } else { (column, row) };
        let Size { width, height } = self.memory;
        if x >= width || y >= height {
            return None;
        }
        let x = if has(dcs::MIRROR_COLUMNS) { width - 1 - x } else { x };
        let y = if has(dcs::MIRROR_ROWS) { height - 1 - y } else { y };
        Some(usize::from(y) * usize::from(width) + usize::from(x))
    }
}

impl Controller for Decoder {
    fn faults(&self) -> Vec<Fault> {
        self.faults.iter().copied().chain(self.unfinished()).collect()
    }

    fn power(&self) -> Power {
        match (self.registers.asleep, self.registers.on) {
            (true, _) => Power::Asleep,
            (false, false) => Power::Blank,
            (false, true) => Power::On,
        }
    }

    fn color(&self, column: u16, row: u16, glass: Glass) -> Rgb888 {
        let is_inside = column < self.memory.width && row < self.memory.height;
        if !is_inside || self.power() != Power::On {
            return Rgb888::BLACK;
        }
        let index = usize::from(row) * usize::from(self.memory.width) + usize::from(column);
        let Some(pixel) = self.pixels.get(index) else { return Rgb888::BLACK };
        let is_complement = self.registers.inverted != glass.inverted;
        let [red, green, blue] = pixel.channels().map(|v| if is_complement { !v } else { v });
        let is_bgr = self.registers.address_mode & dcs::BGR != 0;
        if is_bgr == glass.bgr {
            Rgb888::from_channels(red, green, blue)
        } else {
            Rgb888::from_channels(blue, green, red)
        }
    }

    fn reset(&mut self, to_us: u64) {
        self.command = NO_OPERATION;
        self.parameters.clear();
        self.registers = Registers::new(self.memory);
        self.settle(to_us);
    }

    fn command(&mut self, command: u8, now_us: u64) {
        self.faults.extend(self.unfinished());
        self.check_timing(command, now_us);
        self.command = command;
        self.parameters.clear();
        self.cursor.begun.clear();
        match parameter_count(command) {
            Count::Unknown => self.faults.push(Fault::UnknownCommand(command)),
            Count::Exactly(0) => self.execute(now_us),
            Count::Pixels => self.begin_pixels(),
            Count::Exactly(_) | Count::Any => {}
        }
    }

    fn data(&mut self, byte: u8) {
        if parameter_count(self.command) == Count::Pixels {
            return self.pixel_byte(byte);
        }
        self.parameters.push(byte);
        if parameter_count(self.command) == Count::Exactly(self.parameters.len()) {
            self.execute(0);
        }
    }
}

/// What follows a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Count {
    Exactly(usize),
    /// A command of the vendor's own.
    Any,
    Pixels,
    Unknown,
}

const fn parameter_count(command: u8) -> Count {
    match command {
        NO_OPERATION | 0x01 | 0x10..=0x13 | 0x20 | 0x21 | 0x28 | 0x29 | 0x34 | 0x38 | 0x39 => {
            Count::Exactly(0)
        }
        0x26 | 0x35 | 0x36 | 0x3a | 0x51 | 0x53 | 0x55 => Count::Exactly(1),
        0x37 | 0x44 => Count::Exactly(2),
        0x2a | 0x2b | 0x30 => Count::Exactly(4),
        0x33 => Count::Exactly(6),
        0x2c | 0x3c => Count::Pixels,
        0xb0..=0xff => Count::Any,
        _ => Count::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 2] = [0xf8, 0x00];

    /// A panel of 4x3 pixels that was set up and then sent `messages`.
    fn after(messages: &[(u8, &[u8])]) -> Decoder {
        let mut decoder = Decoder::new(Size::new(4, 3));
        let start: [(u8, &[u8]); 3] = [(0x11, &[]), (0x3a, &[0x55]), (0x29, &[])];
        for (i, (command, data)) in (1..).zip(start.iter().chain(messages)) {
            decoder.command(*command, i * 1_000_000);
            data.iter().for_each(|&byte| decoder.data(byte));
        }
        decoder
    }

    fn check_faults(messages: &[(u8, &[u8])], expected: &[Fault]) {
        assert_eq!(after(messages).faults(), expected, "{messages:x?}");
    }

    #[test]
    fn each_address_mode_leads_to_its_pixel() {
        let check = |mode, column, row| {
            let window: [(u8, &[u8]); 4] =
                [(0x36, &[mode]), (0x2a, &[0, 1, 0, 1]), (0x2b, &[0, 0, 0, 0]), (0x2c, &RED)];
            let decoder = after(&window);
            let lit: Vec<_> = (0..3)
                .flat_map(|y| (0..4).map(move |x| (x, y)))
                .filter(|&(x, y)| decoder.color(x, y, Glass::default()) != Rgb888::BLACK)
                .collect();
            assert_eq!(lit, [(column, row)], "{mode:02x}");
        };
        check(0x00, 1, 0);
        check(0x40, 2, 0);
        check(0x80, 1, 2);
        check(0xc0, 2, 2);
        check(0x20, 0, 1);
        check(0x60, 3, 1);
        check(0xa0, 0, 1);
    }

    #[test]
    fn glass_and_registers_cancel() {
        let check = |bgr, inverted, messages: &[(u8, &[u8])], expected| {
            let color = after(messages).color(0, 0, Glass { bgr, inverted });
            assert_eq!(color.value(), expected, "{messages:x?}");
        };
        check(false, false, &[(0x2c, &RED)], 0xff_0000);
        check(true, false, &[(0x2c, &RED)], 0x00_00ff);
        check(true, false, &[(0x36, &[8]), (0x2c, &RED)], 0xff_0000);
        check(false, true, &[(0x2c, &RED)], 0x00_ffff);
        check(false, true, &[(0x21, &[]), (0x2c, &RED)], 0xff_0000);
        check(false, false, &[(0x2c, &RED), (0x28, &[])], 0x00_0000);
        check(false, false, &[(0x3a, &[0x66]), (0x2c, &[0xfc, 0x80, 0x07])], 0xff_8204);
    }

    #[test]
    fn pixels_go_on_after_a_pause_or_the_command_for_it() {
        let decoder = after(&[(0x2a, &[0, 1, 0, 2]), (0x2c, &[0xff; 6]), (0x3c, &RED)]);
        assert_eq!(decoder.faults(), []);
        assert_eq!(decoder.color(2, 1, Glass::default()).value(), 0xff_0000);
    }

    #[test]
    fn faults_are_told_apart() {
        check_faults(&[(0x4f, &[])], &[Fault::UnknownCommand(0x4f)]);
        check_faults(
            &[(0x2a, &[0, 1, 0])],
            &[Fault::ParameterCount { command: 0x2a, given: 3, expected: 4 }],
        );
        check_faults(
            &[(0x29, &[1])],
            &[Fault::ParameterCount { command: 0x29, given: 1, expected: 0 }],
        );
        check_faults(
            &[(0x2b, &[0, 2, 0, 1])],
            &[Fault::InvertedWindow { command: 0x2b, start: 2, end: 1 }],
        );
        check_faults(
            &[(0x2a, &[0, 4, 0, 4]), (0x2c, &RED)],
            &[Fault::OutsideMemory { column: 4, row: 0 }],
        );
        check_faults(&[(0x2c, &[0xff; 26])], &[Fault::WindowOverrun]);
        check_faults(&[(0x2c, &[0xff; 3]), (0x00, &[])], &[Fault::StrayByte]);
        check_faults(&[(0x2c, &[0xff; 3])], &[Fault::StrayByte]);
        check_faults(&[(0x3a, &[0x66]), (0x2c, &[0xff; 5])], &[Fault::StrayByte]);
        check_faults(&[(0x3a, &[0x33]), (0x2c, &[])], &[Fault::PixelFormat { pixel_format: 0x33 }]);
        check_faults(&[(0x10, &[]), (0x2c, &RED)], &[Fault::Asleep]);
    }

    #[test]
    fn sleep_is_changed_every_120_ms_at_most() {
        let faults = |messages: &[(u8, u64)]| {
            let mut decoder = Decoder::new(Size::new(4, 3));
            messages.iter().for_each(|&(command, now_us)| decoder.command(command, now_us));
            decoder.faults()
        };
        assert_eq!(faults(&[(0x11, 0), (0x10, 120_000), (0x11, 240_000)]), []);
        let early = |command, missing_us| Fault::TooEarly { command, missing_us };
        assert_eq!(faults(&[(0x11, 0), (0x10, 119_000)]), [early(0x10, 1_000)]);
        assert_eq!(faults(&[(0x10, 0), (0x11, 119_999)]), [early(0x11, 1)]);
        assert_eq!(faults(&[(0x10, 0), (0x29, 4_000)]), [early(0x29, 1_000)]);
    }

    #[test]
    fn a_reset_needs_its_time() {
        let mut decoder = Decoder::new(Size::new(4, 3));
        decoder.command(0x01, 0);
        decoder.command(0x00, 4_000);
        decoder.command(0x11, 100_000);
        assert_eq!(
            decoder.faults(),
            [
                Fault::TooEarly { command: 0x00, missing_us: 1_000 },
                Fault::TooEarly { command: 0x11, missing_us: 20_000 },
            ]
        );
    }
}
