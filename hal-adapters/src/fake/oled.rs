//! Monochrome and grey controllers of a fake panel: from bytes to pixels.

use alloc::{vec, vec::Vec};
use core::mem;

use displayio_core::{BitOrder, Gray4, Mono, Packing, Rgb888, Size};

use super::{Controller, Fault, Glass, Power};
use crate::preview::Preview;

/// What lies in a memory that nothing was written to.
pub(super) const NOISE: u8 = 0xa5;

/// A monochrome or grey controller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chip {
    /// 132x64 pixels of 1 bit, in windows.
    Ssd1305,
    /// 128x64 pixels of 1 bit, in windows.
    Ssd1306,
    /// 128x64 pixels of 1 bit, in windows.
    Ssd1309,
    /// 132x64 pixels of 1 bit, page by page.
    Sh1106,
    /// 128x128 pixels of 1 bit, page by page.
    Sh1107,
    /// 480x128 pixels of 4 bits, whose parameters are data.
    Ssd1322,
    /// 128x80 pixels of 4 bits.
    Ssd1325,
    /// 128x128 pixels of 4 bits.
    Ssd1327,
}

impl Chip {
    /// Width and height of its memory in pixels.
    #[must_use]
    pub const fn memory(self) -> Size {
        let (width, height) = match self {
            Self::Ssd1306 | Self::Ssd1309 => (128, 64),
            Self::Ssd1305 | Self::Sh1106 => (132, 64),
            Self::Sh1107 | Self::Ssd1327 => (128, 128),
            Self::Ssd1322 => (480, 128),
            Self::Ssd1325 => (128, 80),
        };
        Size::new(width, height)
    }

    const fn is_grey(self) -> bool {
        matches!(self, Self::Ssd1322 | Self::Ssd1325 | Self::Ssd1327)
    }

    const fn has_windows(self) -> bool {
        !matches!(self, Self::Sh1106 | Self::Sh1107)
    }

    /// Pixels of a byte.
    const fn byte(self) -> Size {
        if self.is_grey() { Size::new(2, 1) } else { Size::new(1, 8) }
    }

    /// Bytes from a column address to the next.
    const fn column_bytes(self) -> u16 {
        if matches!(self, Self::Ssd1322) { 2 } else { 1 }
    }

    /// How many parameters a command has; `None` if the data sheet does not have it.
    const fn parameters(self, command: u8) -> Option<usize> {
        match self {
            Self::Ssd1305 | Self::Ssd1306 | Self::Ssd1309 => windowed_parameters(command),
            Self::Sh1106 => match command {
                0x30..=0x33 | 0x40..=0x7f => Some(0),
                0xda => Some(1),
                _ => paged_parameters(command),
            },
            Self::Sh1107 => match command {
                0x20 | 0x21 => Some(0),
                0xdc => Some(1),
                _ => paged_parameters(command),
            },
            Self::Ssd1322 => wide_parameters(command),
            Self::Ssd1325 | Self::Ssd1327 => self.grey_parameters(command),
        }
    }

    const fn grey_parameters(self, command: u8) -> Option<usize> {
        match (self, command) {
            (_, 0x84..=0x86 | 0xa4..=0xa7 | 0xae | 0xaf) | (Self::Ssd1325, 0xe3) => Some(0),
            (Self::Ssd1327, 0xb9) => Some(0),
            (_, 0x81 | 0xa0..=0xa2 | 0xa8 | 0xb1 | 0xb3 | 0xbc | 0xbe) => Some(1),
            (Self::Ssd1325, 0xad | 0xb0 | 0xb2 | 0xb4 | 0xbf) => Some(1),
            (Self::Ssd1327, 0xab | 0xb5 | 0xb6 | 0xd5 | 0xfd) => Some(1),
            (_, 0x15 | 0x75) => Some(2),
            (Self::Ssd1325, 0xb8) => Some(8),
            (_, 0xb8) => Some(15),
            _ => None,
        }
    }
}

const fn windowed_parameters(command: u8) -> Option<usize> {
    match command {
        0x00..=0x1f | 0x2e | 0x2f | 0x40..=0x7f | 0xa0 | 0xa1 | 0xa4..=0xa7 => Some(0),
        0xae | 0xaf | 0xb0..=0xb7 | 0xc0 | 0xc8 | 0xe3 => Some(0),
        0x20 | 0x81 | 0x82 | 0x8d | 0xa8 | 0xad | 0xd3 | 0xd5 | 0xd8..=0xdb | 0xfd => Some(1),
        0x21 | 0x22 | 0xa3 => Some(2),
        0x91 => Some(4),
        0x29 | 0x2a => Some(5),
        0x26 | 0x27 => Some(6),
        _ => None,
    }
}

const fn paged_parameters(command: u8) -> Option<usize> {
    match command {
        0x00..=0x1f | 0xa0 | 0xa1 | 0xa4..=0xa7 | 0xae..=0xc0 | 0xc8 | 0xe3 => Some(0),
        0x81 | 0xa8 | 0xad | 0xd3 | 0xd5 | 0xd9 | 0xdb => Some(1),
        _ => None,
    }
}

const fn wide_parameters(command: u8) -> Option<usize> {
    match command {
        0x00 | 0x5c | 0xa4..=0xa7 | 0xa9 | 0xae | 0xaf | 0xb9 => Some(0),
        0xa1 | 0xa2 | 0xab | 0xb1 | 0xb3 | 0xb5 | 0xb6 | 0xbb | 0xbe => Some(1),
        0xc1 | 0xc7 | 0xca | 0xfd => Some(1),
        0x15 | 0x75 | 0xa0 | 0xa8 | 0xb4 | 0xd1 => Some(2),
        0xb8 => Some(15),
        _ => None,
    }
}

/// How addresses go on after a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// To the next column, and row by row through the window.
    Rows,
    /// To the next column of the same page.
    Page,
    /// To the next row, which this panel does not decode.
    Columns,
}

/// First and last address, and the present one: in bytes, or in rows or pages.
#[derive(Debug, Clone, Copy)]
pub(super) struct Range {
    pub(super) first: u16,
    pub(super) last: u16,
    pub(super) at: u16,
}

impl Range {
    pub(super) const fn new(first: u16, last: u16) -> Self {
        Self { first, last, at: first }
    }

    /// Goes on; whether that leads to the first again.
    pub(super) const fn advance(&mut self) -> bool {
        let is_last = self.at >= self.last;
        self.at = if is_last { self.first } else { self.at + 1 };
        is_last
    }
}

#[derive(Debug)]
pub(super) struct OledDecoder {
    chip: Chip,
    bytes: Vec<u8>,
    columns: Range,
    rows: Range,
    mode: Mode,
    order: BitOrder,
    /// The next byte would go where the first went.
    at_end: bool,
    on: bool,
    inverted: bool,
    command: u8,
    parameters: Vec<u8>,
    faults: Vec<Fault>,
}

impl OledDecoder {
    pub(super) fn new(chip: Chip) -> Self {
        let Size { width, height } = chip.memory();
        let (columns, rows) = (width / chip.byte().width, height / chip.byte().height);
        Self {
            chip,
            bytes: vec![NOISE; usize::from(columns) * usize::from(rows)],
            columns: Range::new(0, columns - 1),
            rows: Range::new(0, rows - 1),
            mode: if chip.is_grey() { Mode::Rows } else { Mode::Page },
            order: BitOrder::LowFirst,
            at_end: false,
            on: false,
            inverted: false,
            command: 0xe3,
            parameters: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Bytes of a row, or of a page.
    const fn pitch(&self) -> u16 {
        self.chip.memory().width / self.chip.byte().width
    }

    /// Parameters that the present command still wants.
    fn missing(&self) -> usize {
        self.chip.parameters(self.command).map_or(0, |count| count - self.parameters.len())
    }

    fn unfinished(&self) -> Option<Fault> {
        let given = self.parameters.len();
        let expected = given + self.missing();
        (expected > given).then_some(Fault::ParameterCount {
            command: self.command,
            given,
            expected,
        })
    }

    fn begin(&mut self, command: u8) {
        self.command = command;
        self.parameters.clear();
        match self.chip.parameters(command) {
            Some(0) => self.execute(),
            Some(_) => {}
            None => self.faults.push(Fault::UnknownCommand(command)),
        }
    }

    fn parameter(&mut self, byte: u8) {
        self.parameters.push(byte);
        if self.missing() == 0 {
            self.execute();
        }
    }

    /// Carries out the present command, whose parameters are complete.
    fn execute(&mut self) {
        match (self.command, self.parameters.as_slice()) {
            (0xae | 0xaf, _) => self.on = self.command == 0xaf,
            (0xa7, _) => self.inverted = true,
            (0xa6, _) if self.chip != Chip::Ssd1325 && self.chip != Chip::Ssd1327 => {
                self.inverted = false;
            }
            (0xa4, _) if self.chip.is_grey() => self.inverted = false,
            (0xa0, &[remap, ..]) => self.remap(remap),
            _ if self.chip.is_grey() => self.execute_window(0x15, 0x75),
            _ if self.chip.has_windows() => {
                self.execute_window(0x21, 0x22);
                self.execute_mode();
            }
            _ => self.execute_page(),
        }
    }

    fn remap(&mut self, remap: u8) {
        let bit = |bit: u8| remap >> bit & 1;
        let (vertical, mirror, swap) = match self.chip {
            Chip::Ssd1322 => (bit(0), bit(1), bit(2)),
            _ => (bit(2), bit(0), bit(1)),
        };
        self.mode = if vertical == 1 { Mode::Columns } else { Mode::Rows };
        // Mirrored columns mirror the pixels of a byte, too.
        self.order = if mirror == swap { BitOrder::LowFirst } else { BitOrder::HighFirst };
    }

    fn execute_window(&mut self, columns: u8, rows: u8) {
        let &[first, last] = self.parameters.as_slice() else { return };
        if self.command != columns && self.command != rows {
            return;
        }
        let (start, end) = (first.into(), last.into());
        if start > end {
            self.faults.push(Fault::InvertedWindow { command: self.command, start, end });
        }
        if self.command == columns {
            let unit = self.chip.column_bytes();
            self.columns = Range::new(start * unit, end * unit + unit - 1);
        } else {
            self.rows = Range::new(start, end);
        }
        self.at_end = false;
    }

    fn execute_mode(&mut self) {
        match (self.command, self.parameters.as_slice()) {
            (0x20, &[mode]) => {
                self.mode = match mode & 3 {
                    0 => Mode::Rows,
                    1 => Mode::Columns,
                    _ => Mode::Page,
                };
            }
            _ if self.mode == Mode::Page => self.execute_page(),
            _ => {}
        }
    }

    fn execute_page(&mut self) {
        let low = u16::from(self.command & 0xf);
        match self.command {
            0x00..=0x0f => self.columns.at = self.columns.at & 0xf0 | low,
            0x10..=0x1f => self.columns.at = self.columns.at & 0x0f | low << 4,
            0xb0..=0xbf => self.rows.at = low,
            _ => return,
        }
        self.at_end = false;
    }

    fn pixels(&mut self, byte: u8) {
        if self.mode == Mode::Columns {
            self.faults.push(Fault::AddressingMode);
        }
        if self.at_end {
            self.faults.push(Fault::WindowOverrun);
        }
        let (column, row) = (self.columns.at, self.rows.at);
        let at = usize::from(row) * usize::from(self.pitch()) + usize::from(column);
        if column < self.pitch() && at < self.bytes.len() {
            self.bytes[at] = byte;
        } else {
            let Size { width, height } = self.chip.byte();
            self.faults.push(Fault::OutsideMemory { column: column * width, row: row * height });
        }
        let is_row_full = self.columns.advance();
        self.at_end = is_row_full && (self.mode == Mode::Page || self.rows.advance());
    }
}

impl Controller for OledDecoder {
    fn reset(&mut self, _: u64) {
        let (bytes, faults) = (mem::take(&mut self.bytes), mem::take(&mut self.faults));
        *self = Self { bytes, faults, ..Self::new(self.chip) };
    }

    fn command(&mut self, byte: u8, _: u64) {
        if self.chip == Chip::Ssd1322 {
            self.faults.extend(self.unfinished());
        } else if self.missing() > 0 {
            return self.parameter(byte);
        }
        self.begin(byte);
    }

    fn data(&mut self, byte: u8) {
        match self.chip {
            Chip::Ssd1322 if self.missing() > 0 => return self.parameter(byte),
            Chip::Ssd1322 if self.command != 0x5c => {
                let expected = self.parameters.len();
                let (command, given) = (self.command, expected + 1);
                self.faults.push(Fault::ParameterCount { command, given, expected });
                return;
            }
            _ => {}
        }
        if let Some(fault) = self.unfinished() {
            self.faults.push(fault);
            self.begin(0xe3);
        }
        self.pixels(byte);
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.iter().copied().chain(self.unfinished()).collect()
    }

    fn power(&self) -> Power {
        if self.on { Power::On } else { Power::Asleep }
    }

    fn color(&self, column: u16, row: u16, glass: Glass) -> Rgb888 {
        let (Size { width, height }, byte) = (self.chip.memory(), self.chip.byte());
        if column >= width || row >= height || !self.on {
            return Rgb888::BLACK;
        }
        let at = usize::from(row / byte.height) * usize::from(self.pitch())
            + usize::from(column / byte.width);
        let bits = self.bytes.get(at).copied().unwrap_or_default();
        let bits = if self.inverted == glass.inverted { bits } else { !bits };
        if self.chip.is_grey() {
            Gray4::new(Packing::Rows, self.order).color(&[bits], (column % 2).into())
        } else {
            Mono::new(Packing::Columns, self.order).color(&[bits], (row % 8).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A panel that is on and was then sent command bytes and data.
    fn after(chip: Chip, messages: &[(&[u8], &[u8])]) -> OledDecoder {
        let mut decoder = OledDecoder::new(chip);
        decoder.command(0xaf, 0);
        for (commands, data) in messages {
            commands.iter().for_each(|&byte| decoder.command(byte, 0));
            data.iter().for_each(|&byte| decoder.data(byte));
        }
        decoder
    }

    fn grey(decoder: &OledDecoder, column: u16, row: u16) -> u8 {
        decoder.color(column, row, Glass::default()).luma()
    }

    #[test]
    fn windows_pages_and_greys_are_filled_as_data_sheets_have_it() {
        let window = after(
            Chip::Ssd1306,
            &[(&[0x20, 0, 0x21, 3, 4, 0x22, 1, 2], &[0x01, 0x80, 0xff, 0x00])],
        );
        assert_eq!(
            [(3, 8), (3, 9), (4, 15), (4, 14), (3, 23), (4, 16)].map(|(x, y)| grey(&window, x, y)),
            [255, 0, 255, 0, 255, 0]
        );
        let page = after(Chip::Sh1106, &[(&[0x18, 0x03, 0xb7], &[0x02, 0xff])]);
        assert_eq!([(131, 57), (131, 56)].map(|(x, y)| grey(&page, x, y)), [255, 0]);
        assert_eq!(page.faults(), [Fault::WindowOverrun]);
        let greys = after(Chip::Ssd1327, &[(&[0x15, 1, 1, 0x75, 5, 6], &[0x21, 0x43])]);
        assert_eq!(
            [(2, 5), (3, 5), (2, 6), (3, 6)].map(|(x, y)| grey(&greys, x, y)),
            [0x11, 0x22, 0x33, 0x44]
        );
        let page_mode = after(Chip::Ssd1306, &[(&[0x11, 0x02, 0xb1], &[0xff])]);
        assert_eq!((grey(&page_mode, 18, 8), page_mode.faults()), (255, vec![]));
        let wide = after(
            Chip::Ssd1322,
            &[(&[0x15], &[1, 1]), (&[0x75], &[0, 0]), (&[0x5c], &[0x21, 0x43])],
        );
        assert_eq!([4, 5, 6, 7].map(|x| grey(&wide, x, 0)), [0x11, 0x22, 0x33, 0x44]);
        assert_eq!(wide.faults(), []);
    }

    #[test]
    fn remapping_turns_the_pixels_of_a_byte() {
        let left = |remap| {
            grey(&after(Chip::Ssd1327, &[(&[0xa0, remap, 0x15, 0, 0, 0x75, 0, 0], &[0x21])]), 0, 0)
        };
        assert_eq!([0x50, 0x51, 0x52, 0x53].map(left), [0x11, 0x22, 0x22, 0x11]);
    }

    #[test]
    fn it_is_dark_when_off_and_complemented_when_told() {
        let on_glass = |commands: &[u8], inverted| {
            let decoder = after(Chip::Sh1107, &[(&[0x00, 0x10, 0xb0], &[0x01]), (commands, &[])]);
            decoder.color(0, 0, Glass { inverted, bgr: false }).luma()
        };
        assert_eq!([on_glass(&[], false), on_glass(&[], true)], [255, 0]);
        assert_eq!([on_glass(&[0xa7], false), on_glass(&[0xa7], true)], [0, 255]);
        assert_eq!([on_glass(&[0xa7, 0xa6], false), on_glass(&[0xae], false)], [255, 0]);
    }

    #[test]
    fn faults_are_told_apart() {
        let check = |chip, messages: &[(&[u8], &[u8])], expected: &[Fault]| {
            assert_eq!(after(chip, messages).faults(), expected, "{messages:x?}");
        };
        check(Chip::Ssd1306, &[(&[0x15], &[])], &[]);
        check(Chip::Ssd1327, &[(&[0x21], &[])], &[Fault::UnknownCommand(0x21)]);
        let cut_off = Fault::ParameterCount { command: 0x21, given: 1, expected: 2 };
        check(Chip::Ssd1306, &[(&[0x21, 0], &[1])], &[cut_off]);
        check(Chip::Ssd1306, &[(&[0x21, 0], &[])], &[cut_off]);
        check(
            Chip::Ssd1306,
            &[(&[0x22, 3, 2], &[])],
            &[Fault::InvertedWindow { command: 0x22, start: 3, end: 2 }],
        );
        check(Chip::Ssd1306, &[(&[0x20, 1], &[0])], &[Fault::AddressingMode]);
        check(
            Chip::Sh1106,
            &[(&[0x18, 0x04, 0xb7], &[0])],
            &[Fault::OutsideMemory { column: 132, row: 56 }],
        );
        check(
            Chip::Ssd1306,
            &[(&[0x20, 0, 0x21, 0, 0, 0x22, 0, 0], &[0, 0])],
            &[Fault::WindowOverrun],
        );
        check(
            Chip::Ssd1322,
            &[(&[0x15], &[0, 0]), (&[0x75], &[0]), (&[0xa6], &[0])],
            &[
                Fault::ParameterCount { command: 0x75, given: 1, expected: 2 },
                Fault::ParameterCount { command: 0xa6, given: 1, expected: 0 },
            ],
        );
    }
}
