//! What is done with labels.

use core::{cell::Cell, fmt};

use arbitrary::Arbitrary;
use displayio_core::{Accent, Decoration, Direction, Rgb888, Size, TextStyle};

use crate::arguments::{Position, chosen};

/// Characters of a text, each of which may be a few for a tab: bitmaps are drawn in a time that grows with it.
const MAX_CHARS: usize = 24;
const MAX_TAB: u8 = 6;
/// Characters that come before some texts: so many that wide glyphs behind them are out of a label's reach.
const FAR_CHARS: usize = 130;
/// Pixels of an outline, whose time grows with its square.
const MAX_OUTLINE: u8 = 4;

#[derive(Debug, Arbitrary)]
pub(super) struct Script<'i> {
    pub(super) panel: (u8, u8),
    pub(super) rotation: u8,
    /// 4 is the least that a pixel needs, at any address.
    pub(super) more_buffer_bytes: u8,
    pub(super) is_font_whole: bool,
    pub(super) room: Room,
    pub(super) ornaments: Vec<Ornament>,
    pub(super) edits: Vec<Edit<'i>>,
}

/// What labels have room for.
#[derive(Debug, Arbitrary)]
pub(super) struct Room {
    pub(super) glyphs: u8,
    size: (u8, u8),
    pub(super) bits: u8,
}

impl Room {
    pub(super) fn size(&self) -> Size {
        Size::new(self.size.0.into(), self.size.1.into())
    }
}

#[derive(Debug, Arbitrary)]
pub(super) enum Edit<'i> {
    Refresh,
    Label(LabelEdit<'i>),
    BitmapLabel(LabelEdit<'i>),
    MoveGroup(Position),
    ScaleGroup(u8),
    Decorate(u8),
    Grow(Room),
}

#[derive(Debug, Arbitrary)]
pub(super) enum LabelEdit<'i> {
    Text(Text<'i>),
    Style(Style),
    Font(u8),
    Move(Position),
    Anchor(i8, i8, Position),
    Scale(u8),
    Color(Option<u32>),
    Background(Option<u32>),
    Hide(bool),
}

#[derive(Debug, Arbitrary)]
pub(super) struct Text<'i> {
    text: &'i str,
    manner: u8,
}

impl Text<'_> {
    pub(super) const fn is_nested(&self) -> bool {
        self.manner == 1
    }

    /// Whether the label may make room for it.
    pub(super) const fn is_growing(&self) -> bool {
        self.manner == 4
    }

    /// Writes the text; some set another one meanwhile, fail, are shorter each time that they are written, or far longer.
    pub(super) fn write(
        &self,
        f: &mut fmt::Formatter<'_>,
        times: &Cell<usize>,
        nested: &dyn Fn(),
    ) -> fmt::Result {
        let length = if self.manner == 3 { MAX_CHARS - times.get() } else { MAX_CHARS };
        times.set((times.get() + 1).min(MAX_CHARS));
        let far = if self.manner == 5 { FAR_CHARS } else { 0 };
        for character in self.text.chars().cycle().take(far) {
            write!(f, "{character}")?;
        }
        for character in self.text.chars().take(length) {
            write!(f, "{character}")?;
        }
        match self.manner {
            1 => nested(),
            2 => return Err(fmt::Error),
            _ => {}
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Style {
    direction: u8,
    line_spacing: u16,
    padding: [i8; 4],
    background_tight: bool,
    base_alignment: bool,
    tab: (u8, u8),
}

impl Style {
    pub(super) fn style(self) -> TextStyle {
        let directions = [
            Direction::LeftToRight,
            Direction::RightToLeft,
            Direction::TopToBottom,
            Direction::Upwards,
            Direction::Downwards,
            Direction::UpsideDown,
        ];
        TextStyle {
            direction: chosen(&directions, self.direction),
            line_spacing: self.line_spacing,
            padding: self.padding,
            background_tight: self.background_tight,
            base_alignment: self.base_alignment,
            tab: (self.tab.0 % (MAX_TAB + 1), self.tab.1),
        }
    }
}

#[derive(Debug, Arbitrary)]
pub(super) struct Ornament {
    outline_size: u8,
    is_outlined: bool,
    colors: Vec<u32>,
    accents: Vec<(u8, u8, u8, u8, bool)>,
}

/// What a decoration borrows.
#[derive(Debug)]
pub(super) struct Parts {
    outline_size: u8,
    is_outlined: bool,
    colors: Vec<Rgb888>,
    accents: Vec<Accent>,
}

impl Ornament {
    pub(super) fn parts(&self) -> Parts {
        let accent = |&(start, end, foreground, background, is_outline): &(u8, u8, _, _, _)| {
            Accent { start: start.into(), end: end.into(), foreground, background, is_outline }
        };
        Parts {
            outline_size: self.outline_size % (MAX_OUTLINE + 1),
            is_outlined: self.is_outlined,
            colors: self.colors.iter().copied().map(Rgb888::new).collect(),
            accents: self.accents.iter().map(accent).collect(),
        }
    }
}

impl Parts {
    pub(super) fn decoration(&self) -> Decoration<'_> {
        Decoration {
            outline_size: self.outline_size,
            is_outlined: self.is_outlined,
            colors: &self.colors,
            accents: &self.accents,
        }
    }
}
