//! How large the pixels of a text are, as CircuitPython's `bitmap_label.Label` measures them.

use core::fmt::{self, Write};

use super::{
    Decoration, Direction, Font, FontMetrics, Glyph, GlyphId, TextStyle,
    layout::{line_advance, next_line},
};

/// Characters that are turned round at a time where text is drawn from its end.
const TURNED: usize = 32;

/// What is called with each character of a text: any such closure.
///
/// Tables of `dyn FnMut` lead to `call_once` as well, a second copy of each closure that nobody calls.
pub(super) trait Visit {
    fn visit(&mut self, character: char);
}

impl<F: FnMut(char)> Visit for F {
    fn visit(&mut self, character: char) {
        self(character);
    }
}

/// Calls `f` with each character of a text, tabs replaced, from its end where text runs from right to left.
pub(super) fn for_each_char(text: &dyn fmt::Display, style: &TextStyle, f: &mut dyn Visit) {
    let (count, with) = style.tab;
    let mut visit = |character: char| match character {
        '\t' => (0..count).for_each(|_| f.visit(with.into())),
        other => f.visit(other),
    };
    if style.direction == Direction::RightToLeft {
        walk_back(text, &mut visit);
    } else {
        walk(text, &mut visit);
    }
}

/// Calls `f` with each character, the last one first: in pieces, which only this function has on its stack.
#[inline(never)]
fn walk_back(text: &dyn fmt::Display, f: &mut dyn Visit) {
    let mut length = 0;
    walk(text, &mut |_: char| length += 1);
    for start in (0..length).step_by(TURNED).rev() {
        let (mut piece, mut index) = ([' '; TURNED], 0_usize);
        walk(text, &mut |character: char| {
            if let Some(place) = index.checked_sub(start).and_then(|at| piece.get_mut(at)) {
                *place = character;
            }
            index += 1;
        });
        let filled = (length - start).min(TURNED);
        piece[..filled].iter().rev().for_each(|character| f.visit(*character));
    }
}

/// A `Display` that fails is read as far as it goes.
#[inline(never)]
pub(super) fn walk(text: &dyn fmt::Display, f: &mut dyn Visit) {
    struct Reader<'r>(&'r mut dyn Visit);

    impl Write for Reader<'_> {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            text.chars().for_each(|character| self.0.visit(character));
            Ok(())
        }

        fn write_char(&mut self, character: char) -> fmt::Result {
            self.0.visit(character);
            Ok(())
        }
    }

    let _ = write!(Reader(f), "{text}");
}

/// The cursor of a text in horizontal lines, whatever it is turned to afterwards.
pub(super) struct Cursor<'f> {
    font: &'f dyn Font,
    line_advance: i32,
    start: i32,
    x: i32,
    y: i32,
}

impl<'f> Cursor<'f> {
    /// At the baseline of the first line.
    pub(super) fn new(font: &'f dyn Font, style: &TextStyle, start: i32, y: i32) -> Self {
        let line_advance = line_advance(&font.metrics(), style);
        Self { font, line_advance, start, x: start, y }
    }

    /// Moves right at the start of a line.
    pub(super) const fn indent(&mut self, pixels: i32) {
        self.x += pixels;
    }

    /// Moves on over a character, `extra` pixels more than its advance. Gives its glyph and where the cursor was.
    pub(super) fn step(
        &mut self,
        character: char,
        extra: i32,
    ) -> Option<(GlyphId, Glyph, i32, i32)> {
        if character == '\n' {
            (self.x, self.y) = (self.start, next_line(self.y, self.line_advance));
            return None;
        }
        let (id, glyph) = self.font.find_glyph(character)?;
        let (x, y) = (self.x, self.y);
        self.x += i32::from(glyph.advance) + extra;
        Some((id, glyph, x, y))
    }
}

/// What a text takes, in pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Measured {
    /// From the cursor's start to the leftmost pixel; not positive.
    pub(super) left: i32,
    pub(super) width: i32,
    /// From the highest to the lowest pixel.
    pub(super) tight_height: i32,
    /// From the highest pixel down to the baseline of the first line.
    pub(super) tight_offset: i32,
    /// All lines as high as the font.
    pub(super) loose_height: i32,
    /// From there down to the baseline of the first line.
    pub(super) loose_offset: i32,
}

impl Measured {
    pub(super) const fn is_empty(&self) -> bool {
        self.width <= 0 || self.loose_height <= 0
    }

    /// Measures a text.
    pub(super) fn of(
        font: &dyn Font,
        style: &TextStyle,
        decoration: &Decoration<'_>,
        text: &dyn fmt::Display,
    ) -> Self {
        let FontMetrics { ascent, loose_ascent, loose_descent, .. } = font.metrics();
        let middle = i32::from(ascent / 2);
        let mut cursor = Cursor::new(font, style, 0, 0);
        let (mut left, mut right, mut top, mut bottom) = (None, 0, 0, 0);
        let (mut index, mut last_line) = (0, 0);
        for_each_char(text, style, &mut |character: char| {
            let extra = decoration.extra_advance(decoration.accent(index));
            index += 1;
            let Some((_, glyph, x, y)) = cursor.step(character, extra) else { return };
            let [w, h, dx, dy] = glyph.sides();
            if x == 0 {
                left = Some(left.map_or(0, |left: i32| left.min(dx)));
            }
            right = right.max(cursor.x).max(x + w + dx);
            if y == 0 {
                top = top.min(middle - h - dy);
            }
            bottom = bottom.max(y - dy + middle);
            last_line = y;
        });
        let (left, loose_ascent) = (left.unwrap_or(0), i32::from(loose_ascent));
        Self {
            left,
            width: right - left,
            tight_height: bottom - top,
            tight_offset: middle - top,
            loose_height: last_line + loose_ascent + i32::from(loose_descent),
            loose_offset: loose_ascent,
        }
    }
}
