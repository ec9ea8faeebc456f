//! E-paper controllers of a fake panel: from bytes to pixels.

use alloc::{vec, vec::Vec};
use core::{mem, ops::RangeInclusive};

use displayio_core::{BitOrder, Luma, Packed, Packing, Planar, Rgb888, SevenColor, Size, Tricolor};

use super::{
    Controller, Fault, Glass, Power,
    oled::{NOISE, Range},
};
use crate::preview::Preview;

/// When the busy pin tells of a command.
const PIN_US: u64 = 200;
/// How long a software reset takes.
const RESET_US: u64 = 1_000;
/// How long it takes until there are all voltages, or none.
const POWER_US: u64 = 80_000;

/// An e-paper controller and its glass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpaperChip {
    /// 160x296 pixels, black and white, in windows.
    Ssd1675,
    /// 176x296 pixels, black, white and red, in windows.
    Ssd1680,
    /// 200x200 pixels, black, white and red, in windows.
    Ssd1681,
    /// Up to 160x296 pixels, black, white and red or four greys, as its start sequence has it.
    Il0373,
    /// Up to 800x600 pixels of seven inks.
    Acep,
}

impl EpaperChip {
    /// Width and height of its memory in pixels; the largest, where a start sequence sets it.
    #[must_use]
    pub const fn memory(self) -> Size {
        match self {
            Self::Ssd1675 | Self::Il0373 => Size::new(160, 296),
            Self::Ssd1680 => Size::new(176, 296),
            Self::Ssd1681 => Size::new(200, 200),
            Self::Acep => Size::new(800, 600),
        }
    }

    /// How long it moves ink for an update.
    #[must_use]
    pub const fn update_ms(self) -> u16 {
        match self {
            Self::Ssd1675 => 2_000,
            Self::Ssd1680 | Self::Ssd1681 | Self::Il0373 => 14_000,
            Self::Acep => 35_000,
        }
    }

    const fn has_windows(self) -> bool {
        matches!(self, Self::Ssd1675 | Self::Ssd1680 | Self::Ssd1681)
    }

    const fn pixels_per_byte(self) -> u16 {
        if matches!(self, Self::Acep) { 2 } else { 8 }
    }

    /// The memory that a command fills.
    const fn memory_of(self, command: u8) -> Option<usize> {
        match (self.has_windows(), command) {
            (true, 0x24) | (false, 0x10) => Some(0),
            (true, 0x26) => Some(1),
            (false, 0x13) if !matches!(self, Self::Acep) => Some(1),
            _ => None,
        }
    }

    /// How many parameters a command has; `None` if the data sheet does not have it.
    const fn parameters(self, command: u8) -> Option<RangeInclusive<usize>> {
        let exactly = match self {
            Self::Ssd1675 | Self::Ssd1680 | Self::Ssd1681 => match command {
                0x12 | 0x20 => 0,
                0x03 | 0x10 | 0x11 | 0x18 | 0x22 | 0x2c | 0x3a..=0x3c | 0x4e | 0x74 | 0x7e => 1,
                0x44 | 0x4f => 2,
                0x01 | 0x04 => 3,
                0x45 => 4,
                0x21 => return Some(1..=2),
                0x32 => return Some(70..=153),
                _ => return None,
            },
            Self::Il0373 => match command {
                0x02 | 0x04 | 0x12 => 0,
                0x00 | 0x07 | 0x30 | 0x50 | 0x82 => 1,
                0x06 | 0x61 => 3,
                0x01 => 5,
                0x20..=0x24 => return Some(42..=44),
                _ => return None,
            },
            Self::Acep => match command {
                0x04 => 0,
                0x02 | 0x07 | 0x12 | 0x30 | 0x41 | 0x50 | 0x82 | 0x84 | 0x86 => 1,
                0xe0 | 0xe3 | 0xe6 => 1,
                0x00 | 0x13 | 0x60 => 2,
                0x03 | 0x05 | 0x06 | 0x08 | 0x61 => 4,
                0x01 | 0xaa => 6,
                _ => return None,
            },
        };
        Some(exactly..=exactly)
    }
}

/// What a reset sets back.
#[derive(Debug)]
struct Registers {
    columns: Range,
    rows: Range,
    /// Whether addresses run along columns, then rows, both upwards.
    runs_upwards: bool,
    /// Whether the memories are bits of greys.
    is_grey: bool,
    is_powered: bool,
    /// What an update does: bit 2 has the memory shown.
    update: u8,
}

/// What the last update showed, from when it began.
#[derive(Debug, Default)]
struct Shown {
    memories: [Vec<u8>; 2],
    pitch: u16,
    is_grey: bool,
}

#[derive(Debug)]
pub(super) struct EpaperDecoder {
    chip: EpaperChip,
    memories: [Vec<u8>; 2],
    shown: Shown,
    registers: Registers,
    /// Nothing but a reset wakes it.
    is_asleep: bool,
    busy_until_us: u64,
    /// Whether it moves ink until then.
    is_updating: bool,
    /// The last command, unless it was not understood, and when it came.
    command: Option<u8>,
    now_us: u64,
    parameters: Vec<u8>,
    /// The window is full.
    at_end: bool,
    faults: Vec<Fault>,
}

impl EpaperDecoder {
    pub(super) fn new(chip: EpaperChip) -> Self {
        let Size { width, height } = chip.memory();
        let bytes = usize::from(width / chip.pixels_per_byte()) * usize::from(height);
        let memories = [(); 2].map(|()| vec![NOISE; bytes]);
        let pitch = width / chip.pixels_per_byte();
        Self {
            chip,
            shown: Shown { memories: memories.clone(), pitch, is_grey: false },
            memories,
            registers: Self::registers(chip),
            is_asleep: false,
            busy_until_us: 0,
            is_updating: false,
            command: None,
            now_us: 0,
            parameters: Vec::new(),
            at_end: false,
            faults: Vec::new(),
        }
    }

    const fn registers(chip: EpaperChip) -> Registers {
        let Size { width, height } = chip.memory();
        Registers {
            columns: Range::new(0, width / chip.pixels_per_byte() - 1),
            rows: Range::new(0, height - 1),
            runs_upwards: true,
            is_grey: false,
            is_powered: chip.has_windows(),
            update: 0xff,
        }
    }

    /// What is wrong with the number of parameters, once there are no more.
    fn miscounted(&self) -> Option<Fault> {
        let command = self.command?;
        let counts = self.chip.parameters(command)?;
        let given = self.parameters.len();
        let expected = *if given < *counts.start() { counts.start() } else { counts.end() };
        (!counts.contains(&given)).then_some(Fault::ParameterCount { command, given, expected })
    }

    fn execute(&mut self, command: u8) {
        if self.chip.has_windows() {
            self.execute_windowed(command);
        } else {
            self.execute_whole(command);
        }
    }

    fn execute_windowed(&mut self, command: u8) {
        let two = u16::from_le_bytes;
        match (command, self.parameters.as_slice()) {
            (0x12, _) => {
                self.registers = Self::registers(self.chip);
                self.busy_for(RESET_US);
            }
            (0x10, &[mode]) => self.is_asleep = mode & 1 != 0,
            (0x11, &[mode]) => self.registers.runs_upwards = mode & 7 == 3,
            (0x20, _) if self.registers.update & 4 != 0 => self.update(),
            (0x20, _) => {
                self.registers.is_powered = false;
                self.busy_for(POWER_US);
            }
            (0x22, &[update]) => self.registers.update = update,
            (0x44, &[first, last]) => {
                self.registers.columns = self.range(first.into(), last.into());
            }
            (0x45, &[a, b, c, d]) => self.registers.rows = self.range(two([a, b]), two([c, d])),
            (0x4e, &[at]) => self.registers.columns.at = at.into(),
            (0x4f, &[low, high]) => self.registers.rows.at = two([low, high]),
            _ => {}
        }
    }

    fn execute_whole(&mut self, command: u8) {
        match (command, self.parameters.as_slice()) {
            (0x00, &[setting, ..]) => self.registers.is_grey = setting & 0x10 != 0,
            (0x02 | 0x04, _) => {
                self.registers.is_powered = command == 0x04;
                self.busy_for(POWER_US);
            }
            (0x07, &[0xa5]) => self.is_asleep = true,
            (0x12, _) => self.update(),
            (0x61, &[width, high, low]) => self.resolve(width.into(), [high, low]),
            (0x61, &[a, b, high, low]) => self.resolve(u16::from_be_bytes([a, b]), [high, low]),
            _ => {}
        }
    }

    fn range(&mut self, start: u16, end: u16) -> Range {
        if start > end {
            let command = self.command.unwrap_or_default();
            self.faults.push(Fault::InvertedWindow { command, start, end });
        }
        Range::new(start, end)
    }

    const fn resolve(&mut self, width: u16, height: [u8; 2]) {
        let last_column = (width / self.chip.pixels_per_byte()).saturating_sub(1);
        let last_row = u16::from_be_bytes(height).saturating_sub(1);
        (self.registers.columns, self.registers.rows) =
            (Range::new(0, last_column), Range::new(0, last_row));
    }

    fn update(&mut self) {
        if self.chip.has_windows() {
            self.registers.is_powered = true;
        } else if !self.registers.is_powered {
            self.faults.push(Fault::Asleep);
        }
        let (memories, pitch) = (self.memories.clone(), self.pitch());
        self.shown = Shown { memories, pitch, is_grey: self.registers.is_grey };
        self.busy_for(u64::from(self.chip.update_ms()) * 1000);
        self.is_updating = true;
    }

    const fn busy_for(&mut self, us: u64) {
        self.busy_until_us = self.now_us + us;
        self.is_updating = false;
    }

    /// Bytes from one row of the memory to the next.
    const fn pitch(&self) -> u16 {
        if self.chip.has_windows() {
            self.chip.memory().width / self.chip.pixels_per_byte()
        } else {
            self.registers.columns.last + 1
        }
    }

    fn pixels(&mut self, memory: usize, byte: u8) {
        if !self.registers.runs_upwards {
            self.faults.push(Fault::AddressingMode);
        }
        if self.at_end {
            self.faults.push(Fault::WindowOverrun);
        }
        let (column, row, pitch) =
            (self.registers.columns.at, self.registers.rows.at, self.pitch());
        let at = usize::from(row) * usize::from(pitch) + usize::from(column);
        match self.memories[memory].get_mut(at) {
            Some(place) if column < pitch => *place = byte,
            _ => {
                let column = column * self.chip.pixels_per_byte();
                self.faults.push(Fault::OutsideMemory { column, row });
            }
        }
        self.at_end = self.registers.columns.advance() && self.registers.rows.advance();
    }
}

impl Controller for EpaperDecoder {
    /// Only memories that are filled in windows are kept for sure.
    fn reset(&mut self, now_us: u64) {
        if self.is_updating && now_us < self.busy_until_us {
            self.faults.push(Fault::Interrupted);
        }
        let Self { chip, memories, shown, faults, .. } = self;
        if !chip.has_windows() {
            memories.iter_mut().for_each(|memory| memory.fill(NOISE));
        }
        let (memories, shown, faults) = (mem::take(memories), mem::take(shown), mem::take(faults));
        *self = Self { memories, shown, faults, ..Self::new(*chip) };
    }

    fn command(&mut self, byte: u8, now_us: u64) {
        self.faults.extend(self.miscounted());
        self.command = Some(byte);
        self.now_us = now_us;
        self.parameters.clear();
        if self.is_asleep {
            self.faults.push(Fault::Asleep);
            self.command = None;
        } else if now_us < self.busy_until_us {
            let missing_us = self.busy_until_us - now_us;
            self.faults.push(Fault::TooEarly { command: byte, missing_us });
        } else if self.chip.memory_of(byte).is_some() {
            self.at_end = false;
            if !self.chip.has_windows() {
                (self.registers.columns.at, self.registers.rows.at) = (0, 0);
            }
        } else {
            match self.chip.parameters(byte) {
                Some(counts) if counts.contains(&0) => self.execute(byte),
                Some(_) => {}
                None => self.faults.push(Fault::UnknownCommand(byte)),
            }
        }
    }

    fn data(&mut self, byte: u8) {
        let Some(command) = self.command else { return };
        if let Some(memory) = self.chip.memory_of(command) {
            return self.pixels(memory, byte);
        }
        self.parameters.push(byte);
        let is_complete =
            self.chip.parameters(command).is_some_and(|n| *n.end() == self.parameters.len());
        if is_complete {
            self.execute(command);
        }
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.iter().copied().chain(self.miscounted()).collect()
    }

    fn power(&self) -> Power {
        if self.is_asleep || !self.registers.is_powered { Power::Asleep } else { Power::On }
    }

    fn is_busy(&self, now_us: u64) -> bool {
        let is_busy = now_us < self.busy_until_us || (self.is_asleep && self.chip.has_windows());
        is_busy && now_us >= self.now_us + PIN_US
    }

    fn busy_level(&self) -> bool {
        self.chip.has_windows()
    }

    /// What was shown last, whatever the memory holds by now.
    fn color(&self, column: u16, row: u16, _: Glass) -> Rgb888 {
        let (order, per_byte) = (BitOrder::HighFirst, self.chip.pixels_per_byte());
        let (byte, index) = (column / per_byte, usize::from(column % per_byte));
        let Shown { memories, pitch, is_grey } = &self.shown;
        if byte >= *pitch {
            return Rgb888::BLACK;
        }
        let at = usize::from(row) * usize::from(*pitch) + usize::from(byte);
        let [first, second] =
            memories.each_ref().map(|memory| memory.get(at).copied().unwrap_or_default());
        let red = Planar { code: Tricolor { hue: 0 }, order };
        match self.chip {
            EpaperChip::Ssd1675 => Packed { code: Luma::<1>::new(), packing: Packing::Rows, order }
                .color(&[first], index),
            EpaperChip::Ssd1680 | EpaperChip::Ssd1681 => {
                red.color(&[first & !second, second], index)
            }
            EpaperChip::Il0373 if *is_grey => {
                Planar { code: Luma::<2>::new(), order }.color(&[second, first], index)
            }
            EpaperChip::Il0373 => red.color(&[first & second, !second], index),
            EpaperChip::Acep => {
                Packed { code: SevenColor, packing: Packing::Rows, order }.color(&[first], index)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A controller that was sent commands with their parameters, a second after each other.
    fn after(chip: EpaperChip, messages: &[(u8, &[u8])]) -> EpaperDecoder {
        let mut decoder = EpaperDecoder::new(chip);
        for ((command, data), seconds) in messages.iter().zip(0..) {
            decoder.command(*command, seconds * 1_000_000);
            data.iter().for_each(|&byte| decoder.data(byte));
        }
        decoder
    }

    fn seen(decoder: &EpaperDecoder, column: u16, row: u16) -> Rgb888 {
        decoder.color(column, row, Glass::default())
    }

    const BLACK: Rgb888 = Rgb888::BLACK;
    const WHITE: Rgb888 = Rgb888::WHITE;
    const RED: Rgb888 = Rgb888::new(0xff_0000);

    #[test]
    fn windows_are_filled_and_shown_as_data_sheets_have_it() {
        let window: &[(u8, &[u8])] =
            &[(0x44, &[3, 4]), (0x4e, &[3]), (0x45, &[4, 1, 5, 1]), (0x4f, &[4, 1])];
        let fill: &[(u8, &[u8])] = &[(0x24, &[0x80, 0x01, 0, 0x40]), (0x26, &[0, 0, 0x20, 0x40])];
        let mut filled = after(EpaperChip::Ssd1680, &[window, fill].concat());
        assert_eq!(seen(&filled, 24, 260), RED, "noise");
        filled.command(0x20, 9_000_000);
        let points = [(24, 260), (25, 260), (39, 260), (26, 261), (33, 261), (32, 261)];
        assert_eq!(
            points.map(|(x, y)| seen(&filled, x, y)),
            [WHITE, BLACK, WHITE, RED, RED, BLACK]
        );
        assert_eq!(filled.faults(), []);
        assert!(filled.is_busy(22_999_999) && !filled.is_busy(23_000_000));
    }

    #[test]
    fn whole_memories_hold_inks_or_greys() {
        let show = |chip, start: &[(u8, &[u8])], fill: &[(u8, &[u8])], update: &[u8]| {
            let decoder = after(chip, &[start, fill, &[(0x12, update)]].concat());
            assert_eq!(decoder.faults(), [], "{chip:?}");
            [0, 1, 2, 8].map(|x| seen(&decoder, x % 8, x / 8))
        };
        let fill: &[(u8, &[u8])] = &[(0x10, &[0xa0, 0xff]), (0x13, &[0xc0, 0x7f])];
        let inks: &[(u8, &[u8])] = &[(0x04, &[]), (0x00, &[0xcf]), (0x61, &[8, 0, 2])];
        assert_eq!(show(EpaperChip::Il0373, inks, fill, &[]), [WHITE, BLACK, RED, RED]);
        let greys: &[(u8, &[u8])] = &[(0x04, &[]), (0x00, &[0xbf]), (0x61, &[8, 0, 2])];
        let grey = |level| Rgb888::from_channels(level, level, level);
        assert_eq!(
            show(EpaperChip::Il0373, greys, fill, &[]),
            [WHITE, grey(0xaa), grey(0x55), grey(0x55)]
        );
        let seven: &[(u8, &[u8])] = &[(0x04, &[]), (0x61, &[0, 8, 0, 2])];
        let fill: &[(u8, &[u8])] = &[(0x10, &[0x14, 0x60, 0, 0, 0x20])];
        let inks = [WHITE, RED, 0xff_8000.into(), 0x00_ff00.into()];
        assert_eq!(show(EpaperChip::Acep, seven, fill, &[0]), inks);
    }

    #[test]
    fn faults_are_told_apart() {
        let check = |chip, messages: &[(u8, &[u8])], expected: &[Fault]| {
            assert_eq!(after(chip, messages).faults(), expected, "{messages:x?}");
        };
        let few = Fault::ParameterCount { command: 0x44, given: 1, expected: 2 };
        check(EpaperChip::Ssd1680, &[(0x44, &[0])], &[few]);
        check(EpaperChip::Ssd1680, &[(0x44, &[0]), (0x24, &[])], &[few]);
        let many = Fault::ParameterCount { command: 0x12, given: 1, expected: 0 };
        check(EpaperChip::Ssd1675, &[(0x12, &[0])], &[many]);
        check(EpaperChip::Ssd1675, &[(0x13, &[])], &[Fault::UnknownCommand(0x13)]);
        check(EpaperChip::Ssd1675, &[(0x11, &[2]), (0x24, &[0])], &[Fault::AddressingMode]);
        check(EpaperChip::Ssd1675, &[(0x10, &[1]), (0x24, &[0])], &[Fault::Asleep]);
        let inverted = Fault::InvertedWindow { command: 0x45, start: 259, end: 258 };
        check(EpaperChip::Ssd1675, &[(0x45, &[3, 1, 2, 1])], &[inverted]);
        let outside = Fault::OutsideMemory { column: 160, row: 0 };
        check(EpaperChip::Ssd1675, &[(0x44, &[20, 20]), (0x24, &[0])], &[outside]);
        let early = Fault::TooEarly { command: 0x24, missing_us: 1_000_000 };
        check(EpaperChip::Ssd1675, &[(0x20, &[]), (0x24, &[])], &[early]);
        check(EpaperChip::Il0373, &[(0x12, &[])], &[Fault::Asleep]);
        let one_byte = (0x61, &[8, 0, 1][..]);
        check(EpaperChip::Il0373, &[one_byte, (0x10, &[0, 0])], &[Fault::WindowOverrun]);
    }
}
