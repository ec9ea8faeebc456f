//! How colours that are not in the palette are shown by those that are.

use std::collections::HashMap;

use displayio_core::{Rgb888, Size};

use crate::color::{Linear, Oklab, code_565, widen_565};

/// How a colour that is not available is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Dither {
    /// By the nearest that is available. Best for drawings and tiles.
    None,
    /// By its neighbours, too, which make up for the error (Floyd and Steinberg, 1976). Best for photos.
    FloydSteinberg,
    /// By a fixed pattern of 4x4 pixels (Knoll's pattern dither). Equal areas get equal patterns: for tiles and
    /// for the frames of an animation.
    Ordered,
}

/// The colours that are available.
pub(crate) enum Available {
    /// These; a pixel value is an index.
    Palette(Vec<Choice>),
    /// All of RGB565; a pixel value is the code.
    Rgb565,
}

/// One of the available colours.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Choice {
    /// The pixel value.
    value: u32,
    light: Linear,
    seen: Oklab,
}

impl Choice {
    fn new(value: u32, color: Rgb888) -> Self {
        let light = Linear::from(color);
        Self { value, light, seen: light.into() }
    }
}

impl Available {
    /// All colours of a palette but the transparent one.
    pub(crate) fn palette(colors: &[Rgb888], transparent: Option<u16>) -> Self {
        let choices =
            (0..).zip(colors).filter(|&(value, _)| transparent.map(u32::from) != Some(value));
        Self::Palette(choices.map(|(value, &color)| Choice::new(value, color)).collect())
    }

    /// The one that looks nearest; black, if there is none.
    fn nearest(&self, light: Linear) -> Choice {
        match self {
            Self::Palette(choices) => nearest_of(light.into(), choices),
            Self::Rgb565 => {
                let code = code_565(light);
                Choice::new(code.into(), widen_565(code))
            }
        }
    }

    /// Gives colours one after the other whose mean comes ever closer to what is wanted.
    fn mix(&self, wanted: Linear) -> impl FnMut() -> Choice {
        let mut error = Linear::default();
        move || {
            let choice = self.nearest(wanted.plus(1.0, error).clamped(0.0));
            error = error.plus(1.0, wanted).plus(-1.0, choice.light);
            choice
        }
    }

    /// The light nearest to a colour that can be mixed.
    fn reachable(&self, color: Rgb888) -> Linear {
        let count = match self {
            // Few colours are far apart: steps between their mixtures would be seen.
            Self::Palette(choices) if choices.len() <= 16 => 64,
            Self::Palette(_) => 16_u16,
            Self::Rgb565 => return color.into(),
        };
        let mut choices = self.mix(color.into());
        let part = 1.0 / f32::from(count);
        (0..count).fold(Linear::default(), |sum, _| sum.plus(part, choices().light))
    }
}

fn nearest_of(seen: Oklab, choices: &[Choice]) -> Choice {
    let distance = |choice: &Choice| choice.seen.distance_squared(seen);
    let by_distance = |a: &&Choice, b: &&Choice| distance(a).total_cmp(&distance(b));
    choices.iter().min_by(by_distance).copied().unwrap_or_else(|| Choice::new(0, Rgb888::BLACK))
}

/// The value of each pixel; `None` for transparent ones, which take no part.
///
/// `pixels` are rows of `size.width`. Cost: for each pixel, or each distinct colour where the result depends on nothing
/// else, a look at all available colours; 16 for the pattern.
pub(crate) fn dither(
    pixels: &[Option<Rgb888>],
    size: Size,
    available: &Available,
    how: Dither,
) -> Vec<Option<u32>> {
    let width = usize::from(size.width);
    match how {
        Dither::None => {
            let mut known = HashMap::new();
            let mut value = |color: Rgb888| {
                *known.entry(color.value()).or_insert_with(|| available.nearest(color.into()).value)
            };
            pixels.iter().map(|pixel| pixel.map(&mut value)).collect()
        }
        Dither::FloydSteinberg => diffuse(pixels, width, available),
        Dither::Ordered => {
            let mut known = HashMap::new();
            let mut value = |index: usize, color: Rgb888| {
                let pattern =
                    known.entry(color.value()).or_insert_with(|| pattern(color, available));
                pattern[BAYER[index / width % 4][index % width % 4]]
            };
            let pixels = pixels.iter().enumerate();
            pixels.map(|(index, pixel)| pixel.map(|color| value(index, color))).collect()
        }
    }
}

/// How much light may be owed: with less, extremes of brightness are lost; with more, errors bleed.
const MAX_DEBT: f32 = 0.25;

/// Error diffusion in linear light, for that is what the eye adds up; rows run to the right and to the left in turn, so
/// that no diagonal grain appears.
///
/// What the available colours cannot be mixed to is given up before: such errors would add up, and bleed far away.
fn diffuse(pixels: &[Option<Rgb888>], width: usize, available: &Available) -> Vec<Option<u32>> {
    let mut values = Vec::with_capacity(pixels.len());
    // Errors for this row and the next; pixel x is at x + 1, so that both ends have a neighbour.
    let mut errors = vec![Linear::default(); width + 2];
    let mut errors_below = errors.clone();
    let mut known = HashMap::new();
    for (y, row) in pixels.chunks(width.max(1)).enumerate() {
        let start = values.len();
        values.resize(start + row.len(), None);
        for step in 0..row.len() {
            let (x, ahead, behind) = if y % 2 == 0 {
                (step, step + 2, step)
            } else {
                let x = row.len() - 1 - step;
                (x, x, x + 2)
            };
            let Some(color) = row[x] else { continue };
            let reachable =
                *known.entry(color.value()).or_insert_with(|| available.reachable(color));
            let wanted = reachable.plus(1.0, errors[x + 1]).clamped(MAX_DEBT);
            let choice = available.nearest(wanted.clamped(0.0));
            values[start + x] = Some(choice.value);
            let error = wanted.plus(-1.0, choice.light);
            errors[ahead] = errors[ahead].plus(7.0 / 16.0, error);
            errors_below[behind] = errors_below[behind].plus(3.0 / 16.0, error);
            errors_below[x + 1] = errors_below[x + 1].plus(5.0 / 16.0, error);
            errors_below[ahead] = errors_below[ahead].plus(1.0 / 16.0, error);
        }
        core::mem::swap(&mut errors, &mut errors_below);
        errors_below.fill(Linear::default());
    }
    values
}

/// The order in which the pixels of a 4x4 pattern become brighter.
const BAYER: [[usize; 4]; 4] = [[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]];

/// Sixteen values, from dark to bright, whose colours add up to about the one that is wanted.
///
/// Source: Knoll's patent US 6 606 166, expired in 2019.
fn pattern(color: Rgb888, available: &Available) -> [u32; 16] {
    let mut choices = available.mix(color.into());
    let mut choices = [(); 16].map(|()| choices());
    choices.sort_by(|a, b| a.light.luminance().total_cmp(&b.light.luminance()));
    choices.map(|choice| choice.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLACK_AND_WHITE: [Rgb888; 2] = [Rgb888::BLACK, Rgb888::WHITE];

    fn dithered(color: Rgb888, available: &Available, how: Dither) -> Vec<u32> {
        let size = Size::new(32, 32);
        let values = dither(&[Some(color); 32 * 32], size, available, how);
        values.into_iter().flatten().collect()
    }

    /// Half the light is the level 188, not 128.
    #[test]
    fn light_is_kept() {
        let available = Available::palette(&BLACK_AND_WHITE, None);
        for (level, white_in_1024) in [(0, 0), (128, 221), (188, 515), (225, 769), (255, 1024)] {
            for how in [Dither::FloydSteinberg, Dither::Ordered] {
                let grey = Rgb888::from_channels(level, level, level);
                let white: u32 = dithered(grey, &available, how).iter().sum();
                assert!(white.abs_diff(white_in_1024) <= 40, "{how:?} of {level}: {white}");
            }
        }
    }

    #[test]
    fn available_colours_are_kept() {
        for how in [Dither::None, Dither::FloydSteinberg, Dither::Ordered] {
            let available = Available::palette(&BLACK_AND_WHITE, Some(0));
            assert_eq!(dithered(Rgb888::WHITE, &available, how), [1; 1024]);
            let orange = Rgb888::new(0xff_8200);
            assert_eq!(dithered(orange, &Available::Rgb565, how), [0xfc00; 1024]);
        }
    }

    #[test]
    fn transparent_pixels_stay() {
        let available = Available::palette(&BLACK_AND_WHITE, None);
        let pixels = [None, Some(Rgb888::WHITE), None, Some(Rgb888::BLACK)];
        for how in [Dither::None, Dither::FloydSteinberg, Dither::Ordered] {
            let values = dither(&pixels, Size::new(2, 2), &available, how);
            assert_eq!(values, [None, Some(1), None, Some(0)]);
        }
    }
}
