//! What a thermostat is told.

use core::{error, fmt, str::FromStr};

/// Something that happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The sensor measured so many tenths of a degree.
    Measured(i16),
    /// It shall be warmer.
    Up,
    /// It shall be colder.
    Down,
    /// Heating shall stop, or go on.
    Power,
}

/// A word that stands for no event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownEvent;

impl fmt::Display for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("neither tenths of a degree, nor up, down or power")
    }
}

impl error::Error for UnknownEvent {}

impl FromStr for Event {
    type Err = UnknownEvent;

    /// `up`, `down`, `power`, or tenths of a degree.
    fn from_str(word: &str) -> Result<Self, UnknownEvent> {
        match word {
            "up" => Ok(Self::Up),
            "down" => Ok(Self::Down),
            "power" => Ok(Self::Power),
            tenths => tenths.parse().map(Self::Measured).map_err(|_| UnknownEvent),
        }
    }
}
