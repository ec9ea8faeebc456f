//! Where things are, by the number of the frame.

use displayio_core::{Area, Bitmap, PixelFormat};

use super::{
    art::tiles::{self, LEVEL_COLUMNS, LEVEL_ROWS, POOL_COLUMN},
    assets::BAR,
    scene::{COINS, COLUMNS, GROUND, PHOTO_TILES, Scene, TILE},
    script::{Phase, Program},
};

/// A moment of the show.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    /// Number of the frame, from 0.
    pub frame: u32,
    /// How many frames the show has.
    pub frames: u32,
    /// What is played.
    pub program: Program,
}

impl Clock {
    /// How many frames of these phases have begun.
    pub(super) fn ticks(self, phases: &[Phase]) -> u32 {
        if self.program == Program::Poster {
            let moves = phases.iter().any(|phase| POSTER.contains(phase));
            return if moves { self.frame } else { 0 };
        }
        let begun = |phase: &Phase| {
            let range = phase.frames(self.frames);
            let end = range.end.max(range.start);
            self.frame.saturating_add(1).clamp(range.start, end) - range.start
        };
        phases.iter().map(begun).sum()
    }

    /// How much of a phase is over, in thousandths.
    fn progress(self, phase: Phase) -> i32 {
        let range = phase.frames(self.frames);
        let length = u64::from(range.end.saturating_sub(range.start)).max(1);
        i32::try_from(u64::from(self.ticks(&[phase])) * 1000 / length).unwrap_or(1000)
    }

    /// The phase that this moment counts to.
    pub(super) fn phase(self) -> Phase {
        match self.program {
            Program::Poster if self.frame > 0 => Phase::Sprites,
            _ => Phase::of_frame(self.frame, self.frames),
        }
    }

    /// Pixels that the ground has scrolled.
    fn scrolled(self) -> u32 {
        self.ticks(&SCROLLING).wrapping_mul(4)
    }
}

/// What moves on the poster.
const POSTER: [Phase; 3] = [Phase::Sprites, Phase::Palettes, Phase::Twinkling];
const SCROLLING: [Phase; 2] = [Phase::Everything, Phase::Scrolling];
const FLYING: [Phase; 2] = [Phase::Everything, Phase::Sprites];

/// A sine of `amplitude` over 32 steps.
fn wave(step: u32, amplitude: i32) -> i16 {
    const QUARTER: [i32; 9] = [0, 195, 383, 556, 707, 831, 924, 981, 1000];
    let quarter = |i: u32| QUARTER.get(i as usize).copied().unwrap_or(0);
    let thousandths = match step % 32 {
        i @ 0..8 => quarter(i),
        i @ 8..16 => quarter(16 - i),
        i @ 16..24 => -quarter(i - 16),
        i => -quarter(32 - i),
    };
    pixels((thousandths * amplitude + 500).div_euclid(1000))
}

/// A coordinate; what is far off the screen stays there.
fn pixels(v: i32) -> i16 {
    i16::try_from(v.clamp(-10_000, 10_000)).unwrap_or(0)
}

/// Left end of the pool on the screen; it comes back as the level repeats.
fn pool_x(clock: Clock) -> i16 {
    let level_width = i64::from(LEVEL_COLUMNS * TILE);
    let x = i64::from(POOL_COLUMN * TILE) - i64::from(clock.scrolled());
    let x = x.rem_euclid(level_width);
    pixels(i32::try_from(if x > 340 { x - level_width } else { x }).unwrap_or(0))
}

/// Ground, pool and coins, which move as one.
pub(super) fn scroll<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let scrolled = clock.scrolled();
    let first = u16::try_from(scrolled / u32::from(TILE) % u32::from(LEVEL_COLUMNS)).unwrap_or(0);
    for row in 0..LEVEL_ROWS {
        for column in 0..COLUMNS {
            let _ = scene.land.map().set(column, row, tiles::of_level(first + column, row));
        }
    }
    let within = i16::try_from(scrolled % u32::from(TILE)).unwrap_or(0);
    scene.land.move_to(-within, GROUND - 16);
    scene.water.move_to(pool_x(clock) - 8, GROUND);
    place_coins(scene, clock);
}

/// Coins hang where the hero flies, until he has them.
fn place_coins<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let spin = clock.ticks(&FLYING) / 2;
    scene.coins.move_to(pool_x(clock) + 24, 0);
    for (number, coin) in (0..).zip(scene.coins.children()) {
        let from_middle = COIN_STEP * number - COIN_STEP * 2;
        coin.move_to(from_middle - 6, jump_y(from_middle) + 2);
        let sides = [0, 0, 0, 0, 0, 1, 2, 1];
        coin.set_tile(sides[(spin as usize + number.unsigned_abs() as usize) % sides.len()]);
        coin.set_hidden(number < taken(clock));
    }
}

/// Pixels from coin to coin.
const COIN_STEP: i16 = 21;

/// Where the hero runs.
const HERO_X: i16 = 102;

/// How many coins of the present pool the hero has.
fn taken(clock: Clock) -> i16 {
    let from_middle = HERO_X + 8 - (pool_x(clock) + 24);
    let passed = (from_middle + COIN_STEP * 2 + 10).div_euclid(COIN_STEP);
    passed.clamp(0, i16::try_from(COINS).unwrap_or(0))
}

/// The hero's height at a distance from the middle of the pool.
fn jump_y(from_middle: i16) -> i16 {
    const REACH: i32 = 50;
    let distance = i32::from(from_middle).abs().min(REACH);
    GROUND - 16 - pixels(40 - 40 * distance * distance / (REACH * REACH))
}

/// The hero runs while the ground scrolls, and leaps over the pool.
pub(super) fn run<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let y = jump_y(HERO_X + 8 - (pool_x(clock) + 24));
    let stride = [1, 0, 2, 0][clock.ticks(&SCROLLING) as usize / 2 % 4];
    scene.hero.move_to(HERO_X, y);
    scene.hero.set_tile(match clock.phase() {
        _ if y < GROUND - 16 => 3,
        Phase::Everything | Phase::Scrolling => stride,
        _ => 0,
    });
}

/// Where the fleet waits.
const FLEET: (i16, i16) = (72, 70);

/// The two ships and the saucer.
pub(super) fn fly<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let ticks = clock.ticks(&FLYING);
    let (wingman, leader) = scene.fleet.children();
    scene.fleet.move_to(FLEET.0 + dash_x(clock) + wave(ticks, 9), FLEET.1 + wave(ticks * 2, 4));
    wingman.move_to(-40, 22 + wave(ticks * 2 + 20, 3));
    let burning = ticks.wrapping_add(clock.ticks(&[Phase::Photo]));
    for (ship, delay) in [(wingman, 1), (leader, 0)] {
        ship.children().0.set_tile([0, 1, 2, 1][(burning + delay) as usize % 4]);
    }
    let x = saucer_x(clock);
    scene.saucer.set_hidden(x.is_none());
    scene.saucer.move_to(x.unwrap_or(0), 108 + wave(burning * 3, 4));
    scene.saucer.children().0.set_tile(u16::try_from(burning / 2 % 2).unwrap_or(0));
}

/// How far the fleet is from where it waits: off to the right, and back from the left.
fn dash_x(clock: Clock) -> i16 {
    match clock.progress(Phase::Photo) {
        0 | 1000.. => 0,
        p @ 1..=500 => pixels(320 * (2 * p) * (2 * p) / 1_000_000),
        p @ 501..=720 => pixels(-p),
        p => pixels(-170 * (1000 - p) * (1000 - p) / (280 * 280)),
    }
}

/// The saucer crosses from right to left in the second half of the photo's phase.
fn saucer_x(clock: Clock) -> Option<i16> {
    match clock.progress(Phase::Photo) {
        p @ 500..940 => Some(pixels(322 - 370 * (p - 500) / 440)),
        _ => None,
    }
}

/// Tiles of the photo are taken off behind the fleet, and laid again behind the saucer.
pub(super) fn wipe<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let beyond = match clock.progress(Phase::Photo) {
        p @ 0..500 => 320 * (2 * p) * (2 * p) / 1_000_000,
        _ => saucer_x(clock).map_or(0, |x| i32::from(x) + 20),
    };
    let (columns, rows) = PHOTO_TILES;
    for column in 0..columns {
        let is_off = i32::from((column + 1) * TILE) <= beyond;
        for row in 0..rows {
            // A tile beyond the picture shows colour 0.
            let tile = if is_off { 0xff } else { row * columns + column };
            let _ = scene.photo.map().set(column, row, tile);
        }
    }
}

/// The moon goes round the planet: behind it above, before it below.
pub(super) fn orbit<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let step = clock.ticks(&FLYING).wrapping_add(11);
    let (behind, _, before) = scene.planet.children();
    let (x, y) = (wave(step + 8, 38), wave(step, 13) - wave(step + 8, 8));
    for (moon, is_behind) in [(behind, true), (before, false)] {
        moon.move_to(x - 3, y - 3);
        moon.set_hidden((step % 32 >= 16) != is_behind);
    }
}

/// Coins in the purse: six to begin with, and those of two pools; then it starts over.
fn coins(clock: Clock) -> u32 {
    let laps = clock.scrolled() / u32::from(LEVEL_COLUMNS * TILE);
    6 + (laps % 2) * 5 + u32::from(taken(clock).unsigned_abs())
}

/// Tells how many coins there are, and how far the hero has run. There is room for the longest text.
pub(super) fn count<C: PixelFormat>(scene: &Scene<'_, '_, C>, clock: Clock) {
    let _ = scene.count.set_text(coins(clock));
    let _ = scene.distance.set_text(format_args!("{} m", clock.scrolled() / u32::from(TILE)));
}

/// Fills the energy bar, a part per coin. Draws only what differs.
pub(super) fn charge(bar: &Bitmap<'_>, clock: Clock) {
    let filled = u16::try_from(5 * coins(clock)).unwrap_or(BAR.0);
    for x in 0..BAR.0 {
        let inside = (2..BAR.0 - 2).contains(&x);
        let value = match x {
            _ if !inside => 1,
            _ if x < filled => 3 + u32::from(x) / 3 % 8,
            _ => 2,
        };
        if bar.get(x, BAR.1 / 2) != Some(value) {
            draw_column(bar, x, value, inside);
        }
    }
}

/// One column of the bar: corners are left out, the frame is of value 1.
fn draw_column(bar: &Bitmap<'_>, x: u16, value: u32, inside: bool) {
    let (x, bottom) = (pixels(x.into()), pixels(BAR.1.into()));
    let ends = x == 0 || x == pixels(BAR.0.into()) - 1;
    let column = |top, bottom| Area::new(x, top, x + 1, bottom);
    let _ = bar.fill_region(column(i16::from(ends), bottom - i16::from(ends)), 1);
    if inside {
        let _ = bar.fill_region(column(2, bottom - 2), value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waves_are_symmetric_and_reach_their_amplitude() {
        assert_eq!([0, 8, 16, 24, 32].map(|step| wave(step, 50)), [0, 50, 0, -50, 0]);
    }

    #[test]
    fn clocks_count_the_frames_of_a_phase() {
        let at = |frame| Clock { frame, frames: 120, program: Program::Show };
        assert_eq!(
            [0, 1, 38, 39, 119].map(|f| at(f).ticks(&[Phase::Everything])),
            [0, 1, 38, 38, 38]
        );
        assert_eq!([84, 85, 108, 119].map(|f| at(f).progress(Phase::Photo)), [0, 41, 1000, 1000]);
    }
}
