//! The word mark: its pixels count colours along the diagonal, so that a palette lets light run over it.

use displayio_core::{Bitmap, Busy};

use super::WHOLE;

/// Width and height with the outline.
pub(in crate::showcase) const SIZE: (u16, u16) = (52, 15);

/// How many values the letters have, from 2 on; 1 is the outline.
pub(in crate::showcase) const STEPS: u16 = 16;

const LETTERS: [&str; 13] = [
    "....##.##...............##...............##.......",
    "....##.##...............##...............##.......",
    "....##..................##........................",
    ".#####.##..#####.#####..##..####..##..##.##..####.",
    "##..##.##.##.....##..##.##.....##.##..##.##.##..##",
    "##..##.##.##.....##..##.##.....##.##..##.##.##..##",
    "##..##.##..####..##..##.##..#####.##..##.##.##..##",
    "##..##.##.....##.##..##.##.##..##.##..##.##.##..##",
    "##..##.##.....##.##..##.##.##..##.##..##.##.##..##",
    ".#####.##.#####..#####..##..#####..#####.##..####.",
    ".................##...................##..........",
    ".................##...................##..........",
    ".................##...............#####...........",
];

fn is_letter(x: usize, y: usize) -> bool {
    LETTERS.get(y).is_some_and(|row| row.as_bytes().get(x) == Some(&b'#'))
}

/// Draws it into a bitmap of [`SIZE`].
pub(in crate::showcase) fn draw(bitmap: &Bitmap<'_>) -> Result<(), Busy> {
    bitmap.edit(WHOLE, |canvas| {
        for y in 0..usize::from(SIZE.1) {
            for x in 0..usize::from(SIZE.0) {
                canvas.set(x, y, value(x, y));
            }
        }
    })
}

/// The pixel at (`x`, `y`), outline included.
fn value(x: usize, y: usize) -> u32 {
    // The letters lie one pixel inside: `x` and `y` here are one more than there.
    let near = |dx: usize, dy: usize| (x + dx).checked_sub(2).zip((y + dy).checked_sub(2));
    let is_near = |dx, dy| near(dx, dy).is_some_and(|(x, y)| is_letter(x, y));
    if is_near(1, 1) {
        return u32::try_from((x + y) / 2).unwrap_or(0) % u32::from(STEPS) + 2;
    }
    let touches = (0..3).any(|dy| (0..3).any(|dx| is_near(dx, dy)));
    u32::from(touches)
}
