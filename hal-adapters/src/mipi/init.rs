//! Start sequences in the format of CircuitPython's drivers.

use core::{error::Error, fmt};

use embedded_hal::delay::DelayNs;

use crate::bus::DisplayBus;

/// Bit of the count byte: a delay byte follows the parameters.
const HAS_DELAY: u8 = 0x80;
/// Delay after a command that has no delay byte.
const DEFAULT_DELAY_MS: u16 = 10;
/// What a delay byte of 255 stands for.
const LONGEST_DELAY_MS: u16 = 500;

/// Whole commands with their parameters and delays, checked when made.
///
/// The bytes are repeated `command, count, parameters.., delay`: `count` is the number of parameters, 0 to 127, with bit
/// 7 set if a delay byte follows them: milliseconds, where 255 means 500. After a command without one the delay is 10 ms.
/// So the tables of CircuitPython's drivers can be used as they are.
///
/// ```
/// use displayio_hal::mipi::InitSequence;
/// let sequence = InitSequence::new(&[0x11, 0x80, 120, 0x3a, 1, 0x55]).unwrap();
/// let delays: Vec<_> = sequence.steps().map(|step| (step.command, step.delay_ms)).collect();
/// assert_eq!(delays, [(0x11, 120), (0x3a, 10)]);
///
/// let error = InitSequence::new(&[0x29, 0, 0x3a, 2, 0x55]).unwrap_err();
/// assert_eq!(error.to_string(), "start sequence is cut off in command 0x3a at byte 2");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct InitSequence<'a> {
    bytes: &'a [u8],
}

/// One command of an [`InitSequence`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Step<'a> {
    /// The command.
    pub command: u8,
    /// Its parameters, up to 127.
    pub parameters: &'a [u8],
    /// How long to wait after it, in milliseconds, 0 to 500.
    pub delay_ms: u16,
}

/// A start sequence that ends within a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct MalformedInit {
    /// Offset of the command that is cut off; the commands before it are whole.
    pub at_byte: usize,
    /// The command there.
    pub command: u8,
}

impl fmt::Display for MalformedInit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at_byte, command } = self;
        write!(f, "start sequence is cut off in command {command:#04x} at byte {at_byte}")
    }
}

impl Error for MalformedInit {}

impl<'a> InitSequence<'a> {
    /// Checks that `bytes` are whole commands. Cost: one step per command.
    ///
    /// # Errors
    /// [`MalformedInit`] with the place.
    pub const fn new(bytes: &'a [u8]) -> Result<Self, MalformedInit> {
        let mut rest = bytes;
        while let [command, ..] = rest {
            let Some((_, after)) = split_step(rest, DEFAULT_DELAY_MS) else {
                return Err(MalformedInit { at_byte: bytes.len() - rest.len(), command: *command });
            };
            rest = after;
        }
        Ok(Self { bytes })
    }

    /// A sequence that is part of the program: in a `const`, a malformed one does not compile.
    ///
    /// # Panics
    /// If `bytes` end within a command.
    ///
    /// ```compile_fail
    /// # use displayio_hal::mipi::InitSequence;
    /// const CUT_OFF: InitSequence<'static> = InitSequence::checked(&[0x36, 1]);
    /// # fn main() { println!("{CUT_OFF:?}") }
    /// ```
    #[must_use]
    pub const fn checked(bytes: &'a [u8]) -> Self {
        assert!(Self::new(bytes).is_ok(), "the start sequence ends within a command");
        Self { bytes }
    }

    /// The commands in order.
    pub fn steps(&self) -> impl Iterator<Item = Step<'a>> + use<'a> {
        self.steps_pausing(DEFAULT_DELAY_MS)
    }

    /// The commands in order, with another delay after those that have no delay byte.
    pub(crate) fn steps_pausing(&self, pause_ms: u16) -> impl Iterator<Item = Step<'a>> + use<'a> {
        let mut rest = self.bytes;
        core::iter::from_fn(move || {
            let (step, after) = split_step(rest, pause_ms)?;
            rest = after;
            Some(step)
        })
    }

    /// Sends the commands, each followed by its delay.
    ///
    /// # Errors
    /// The bus's own; nothing is sent after it.
    pub fn send<B: DisplayBus>(
        &self,
        bus: &mut B,
        delay: &mut impl DelayNs,
    ) -> Result<(), B::Error> {
        for Step { command, parameters, delay_ms } in self.steps() {
            bus.command(command, parameters)?;
            delay.delay_ms(delay_ms.into());
        }
        Ok(())
    }
}

/// The first command and what comes after it; `None` if it is cut off.
const fn split_step(bytes: &[u8], pause_ms: u16) -> Option<(Step<'_>, &[u8])> {
    let [command, count, rest @ ..] = bytes else { return None };
    let Some((parameters, rest)) = rest.split_at_checked((*count & !HAS_DELAY) as usize) else {
        return None;
    };
    let (delay_ms, rest) = match rest {
        rest if *count & HAS_DELAY == 0 => (pause_ms, rest),
        [u8::MAX, rest @ ..] => (LONGEST_DELAY_MS, rest),
        [delay, rest @ ..] => (*delay as u16, rest),
        [] => return None,
    };
    Some((Step { command: *command, parameters, delay_ms }, rest))
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use alloc::{vec, vec::Vec};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn delays_are_as_the_reference_has_them() {
        let sequence =
            InitSequence::new(&[1, 0x80, 150, 2, 0x81, 7, 255, 3, 2, 8, 9, 4, 0x80, 0]).unwrap();
        let steps: Vec<_> = sequence
            .steps()
            .map(|step| (step.command, step.parameters.to_vec(), step.delay_ms))
            .collect();
        assert_eq!(
            steps,
            [(1, vec![], 150), (2, vec![7], 500), (3, vec![8, 9], 10), (4, vec![], 0)]
        );
    }

    #[test]
    fn every_way_of_being_cut_off_is_found() {
        let check = |bytes: &[u8], at_byte, command| {
            assert_eq!(InitSequence::new(bytes), Err(MalformedInit { at_byte, command }));
        };
        check(&[0x11], 0, 0x11);
        check(&[0x11, 0, 0x29], 2, 0x29);
        check(&[0x11, 0x80], 0, 0x11);
        check(&[0x3a, 2, 0x55], 0, 0x3a);
        check(&[0x11, 0x80, 120, 0x3a, 0x81, 0x55], 3, 0x3a);
        assert!(InitSequence::new(&[]).is_ok());
    }

    proptest! {
        /// Any bytes are whole commands up to the offset of the error, or to their end.
        #[test]
        fn any_bytes_are_a_sequence_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..600),
        ) {
            let whole = InitSequence::new(&bytes).map_or_else(|e| e.at_byte, |_| bytes.len());
            let sequence = InitSequence::new(&bytes[..whole]).unwrap();
            let (mut at, mut longest) = (0, 0);
            for step in sequence.steps() {
                prop_assert_eq!(step.command, bytes[at]);
                at += 2 + step.parameters.len() + usize::from(bytes[at + 1] >> 7);
                longest = longest.max(step.delay_ms);
            }
            prop_assert_eq!(at, whole);
            prop_assert!(longest <= LONGEST_DELAY_MS);
        }
    }
}
