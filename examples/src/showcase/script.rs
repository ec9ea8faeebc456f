//! The play: which frame belongs to which phase, and where everything is in it.
//!
//! A pose depends on nothing but the number of the frame, so that any frame can be reached from any other.

use core::ops::Range;

use displayio_core::PixelFormat;

use super::{
    assets::Assets,
    motion::{self, Clock},
    palettes,
    scene::Scene,
};

/// What is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Program {
    /// All phases, one after the other.
    #[default]
    Show,
    /// A picture that lives: sprites, palettes and stars at once, before a ground that stands.
    Poster,
}

/// A part of the show, in which one kind of thing changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The first frame: all of it is new.
    First,
    /// All that can move does.
    Everything,
    /// The ground scrolls.
    Scrolling,
    /// Ships, moon and coins move, the ground stands.
    Sprites,
    /// Nothing moves; colours do.
    Palettes,
    /// A ship wipes the photo off, tile by tile; a saucer brings it back from its file.
    Photo,
    /// Stars twinkle.
    Twinkling,
    /// Nothing happens.
    Still,
}

impl Phase {
    /// All of them, in the order of the show.
    pub const ALL: [Self; 8] = [
        Self::First,
        Self::Everything,
        Self::Scrolling,
        Self::Sprites,
        Self::Palettes,
        Self::Photo,
        Self::Twinkling,
        Self::Still,
    ];

    /// What the report calls it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first frame",
            Self::Everything => "everything moves",
            Self::Scrolling => "tiles scroll",
            Self::Sprites => "sprites fly",
            Self::Palettes => "palettes cycle",
            Self::Photo => "photo from file",
            Self::Twinkling => "stars twinkle",
            Self::Still => "nothing changes",
        }
    }

    /// The share of the frames after the first, out of [`WEIGHTS`](Self::WEIGHTS).
    const fn weight(self) -> u32 {
        match self {
            Self::First => 0,
            Self::Everything => 38,
            Self::Scrolling => 18,
            Self::Sprites => 16,
            Self::Palettes => 12,
            Self::Photo => 24,
            Self::Twinkling => 9,
            Self::Still => 2,
        }
    }

    /// The sum of all weights.
    const WEIGHTS: u32 = 119;

    /// The phase of a frame in a show of `frames`.
    #[must_use]
    pub fn of_frame(frame: u32, frames: u32) -> Self {
        let is_in = |phase: &Self| phase.frames(frames).contains(&frame);
        Self::ALL.into_iter().find(is_in).unwrap_or(Self::Still)
    }

    /// The frames of this phase in a show of `frames`.
    #[must_use]
    pub fn frames(self, frames: u32) -> Range<u32> {
        if self == Self::First {
            return 0..frames.min(1);
        }
        let rest = u64::from(frames.saturating_sub(1));
        let before: u32 =
            Self::ALL.into_iter().take_while(|phase| *phase != self).map(Self::weight).sum();
        let at = |weights: u32| {
            let frame = 1 + u64::from(weights) * rest / u64::from(Self::WEIGHTS);
            u32::try_from(frame).unwrap_or(u32::MAX)
        };
        at(before)..at(before + self.weight())
    }
}

/// Moves and colours everything as it is in a frame.
///
/// Between two refreshes nothing views pixels, colours or maps: they are never busy.
pub(super) fn pose<C: PixelFormat>(scene: &Scene<'_, '_, C>, assets: &Assets<'_, C>, clock: Clock) {
    motion::scroll(scene, clock);
    motion::run(scene, clock);
    motion::fly(scene, clock);
    motion::orbit(scene, clock);
    motion::wipe(scene, clock);
    palettes::shine(&assets.logo_colors, clock);
    palettes::flow(&assets.water_colors, clock);
    palettes::glow(&assets.bar_colors, clock);
    palettes::twinkle(&assets.star_colors, clock);
    motion::charge(&assets.bar, clock);
    motion::count(scene, clock);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_cover_every_frame_once() {
        assert_eq!(Phase::ALL.map(Phase::weight).iter().sum::<u32>(), Phase::WEIGHTS);
        for frames in [0, 1, 2, 7, 119, 120, 121, 1000, u32::MAX] {
            let mut next = 0;
            for phase in Phase::ALL {
                let range = phase.frames(frames);
                assert_eq!(range.start, next.max(range.start.min(1)), "{phase:?} of {frames}");
                next = range.end.max(next);
            }
            assert_eq!(next, frames.max(1).min(next), "all of {frames}");
        }
    }
}
