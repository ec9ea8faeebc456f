//! Fonts and labels.

use displayio_core::{Accent, Align, Anchor, Direction, Rgb888, TextBox, TextStyle};

use super::{
    Kind, MAX_SIDE, Parser, Result,
    nodes::{point, scale},
};
use crate::scene::{
    Attribute, ShaderSpec,
    cursor::Cursor,
    text::{FontId, FontSpec, TextId, TextKind, TextSpec, Width, Wrapped},
};

/// The longest text, in characters: its layout has 16 bits.
const MAX_TEXT: usize = 4096;

const DIRECTIONS: [(&str, Direction); 6] = [
    ("LTR", Direction::LeftToRight),
    ("RTL", Direction::RightToLeft),
    ("TTB", Direction::TopToBottom),
    ("UPR", Direction::Upwards),
    ("DWR", Direction::Downwards),
    ("UPD", Direction::UpsideDown),
];

impl<'v> Parser<'v> {
    pub(super) fn fonts(&mut self, top: &Cursor<'v>) -> Result<()> {
        for (name, at) in top.table("fonts")? {
            let font = match (at.optional("builtin")?, at.optional("file")?) {
                (Some(builtin), _) => match builtin.text()? {
                    "ter-u12n" => FontSpec::BuiltIn,
                    other => return Err(builtin.refuse(format_args!("no built-in font {other:?}"))),
                },
                (None, Some(file)) => FontSpec::File(self.assets.find(&file)?),
                (None, None) => return Err(at.refuse("a font is built in or in a file")),
            };
            self.font_names.insert(name, FontId(self.fonts.len()));
            self.fonts.push(font);
        }
        Ok(())
    }

    fn font_id(&self, at: &Cursor<'_>) -> Result<FontId> {
        let name = at.text()?;
        let id = self.font_names.get(name).copied();
        id.ok_or_else(|| at.refuse(format_args!("there is no font {name:?}")))
    }

    pub(super) fn text(&mut self, at: &Cursor<'v>) -> Result<TextId> {
        let kind = kind(at)?;
        let font = self.font_id(&at.required("font")?)?;
        let style = style(at, kind)?;
        let outline = at.optional("outline_color")?.map(|at| color(&at)).transpose()?;
        let outline_size = at.integer_or("outline_size", 1, 0..=16)?;
        let colors = self.colors(at, outline)?;
        let mut foreground = optional_color(at, "color", Some(0xff_ffff))?;
        let mut background = optional_color(at, "background_color", None)?;
        if kind != TextKind::Label {
            // The reference's bitmap labels have a palette whose color 1 is black then, not transparent.
            foreground = foreground.or(Some(0));
        }
        if let Some(palette) = at.optional("palette")? {
            (foreground, background) = self.first_colors(&palette)?;
        }
        let spec = TextSpec {
            id: self.name_node(at, Kind::Text)?,
            kind,
            font,
            text: Wrapped {
                text: at.optional("text")?.map_or(Ok(""), |at| text(&at))?.into(),
                width: at.optional("wrap")?.map(|at| width(&at)).transpose()?,
            },
            style,
            position: (at.coordinate_or_zero("x")?, at.coordinate_or_zero("y")?),
            anchor_point: at.optional("anchor_point")?.map(|at| anchor(&at)).transpose()?,
            anchored_position: at
                .optional("anchored_position")?
                .map(|at| point(&at))
                .transpose()?,
            scale: at.optional("scale")?.map_or(Ok(1), |at| scale(&at))?,
            hidden: at.flag_or_false("hidden")?,
            foreground,
            background,
            outline_size: outline.map(|_| outline_size),
            accents: at
                .list("accents")?
                .map(|at| accent(&at, colors.len()))
                .collect::<Result<_>>()?,
            colors,
            settings: Vec::new(),
        };
        let settings = at.list("set")?.map(|setting| {
            let (name, value) = (setting.item(0)?, setting.item(1)?);
            self.text_attribute(&name, &value)
        });
        let spec = TextSpec { settings: settings.collect::<Result<_>>()?, ..spec };
        self.leaves += 1;
        self.texts.push(spec);
        Ok(TextId(self.texts.len() - 1))
    }

    /// Colours from number 2 on: those of a palette, or that of an outline.
    fn colors(&self, at: &Cursor<'v>, outline: Option<u32>) -> Result<Vec<Rgb888>> {
        let Some(palette) = at.optional("palette")? else {
            return Ok(outline.into_iter().map(Rgb888::new).collect());
        };
        match &self.shaders[self.shader_id(&palette)?.0] {
            ShaderSpec::Palette { colors, .. } if (4..=16).contains(&colors.len()) => {
                Ok(colors.iter().skip(2).copied().map(Rgb888::new).collect())
            }
            _ => Err(palette.refuse("a palette of 4 to 16 colors is needed")),
        }
    }

    /// Colours 1 and 0 of a palette.
    fn first_colors(&self, at: &Cursor<'v>) -> Result<(Option<u32>, Option<u32>)> {
        match &self.shaders[self.shader_id(at)?.0] {
            ShaderSpec::Palette { colors, transparent, .. } => {
                let color = |index: u16| {
                    let color = colors.get(usize::from(index)).copied();
                    color.filter(|_| !transparent.contains(&index))
                };
                Ok((color(1), color(0)))
            }
            _ => Err(at.refuse("a palette is needed")),
        }
    }

    /// An attribute of a label of any kind.
    pub(super) fn text_attribute(
        &self,
        name: &Cursor<'v>,
        value: &Cursor<'v>,
    ) -> Result<Attribute> {
        let or_none = |found: &Cursor<'v>| (!found.is_null()).then(|| found.clone());
        let optional_color = || or_none(value).map(|at| color(&at)).transpose();
        Ok(match name.text()? {
            "x" => Attribute::X(value.integer(i16::MIN..=i16::MAX)?),
            "y" => Attribute::Y(value.integer(i16::MIN..=i16::MAX)?),
            "hidden" => Attribute::Hidden(value.flag()?),
            "scale" => Attribute::Scale(scale(value)?),
            "text" => Attribute::Text(text(value)?.into()),
            "color" => Attribute::TextColor(optional_color()?),
            "background_color" => Attribute::Background(optional_color()?),
            "line_spacing" => Attribute::LineSpacing(hundredths(value)?),
            "label_direction" => Attribute::Direction(direction(value)?),
            "font" => Attribute::Font(self.font_id(value)?),
            "anchor_point" => {
                Attribute::AnchorPoint(or_none(value).map(|at| anchor(&at)).transpose()?)
            }
            "anchored_position" => {
                Attribute::AnchoredPosition(or_none(value).map(|at| point(&at)).transpose()?)
            }
            other => return Err(name.unsupported(format_args!("setting {other:?} of a label"))),
        })
    }
}

fn kind(at: &Cursor<'_>) -> Result<TextKind> {
    match at.required("type")?.text()? {
        "label" => Ok(TextKind::Label),
        "bitmap_label" => Ok(TextKind::Bitmap),
        _ => {
            let height: i32 = at.required("height")?.integer(-1..=i32::from(MAX_SIDE))?;
            let align = match at.integer_or("align", 0, 0..=2)? {
                0 => Align::Left,
                1 => Align::Center,
                _ => Align::Right,
            };
            let width = at.required("width")?.integer(1..=2048)?;
            Ok(TextKind::Box(TextBox { width, height: u16::try_from(height).ok(), align }))
        }
    }
}

fn style(at: &Cursor<'_>, kind: TextKind) -> Result<TextStyle> {
    let has_outline = at.optional("outline_color")?.is_some();
    let rim = if has_outline { at.integer_or("outline_size", 1, 0..=16)? } else { 0 };
    let padding = |name| at.integer_or(name, rim, i8::MIN..=i8::MAX);
    let tab = at.optional("tab_replacement")?.map_or(Ok((4, b' ')), |at| tab(&at))?;
    let direction_at = at.optional("label_direction")?;
    let direction = direction_at.as_ref().map_or(Ok(Direction::LeftToRight), direction)?;
    let is_known = match kind {
        TextKind::Label => direction != Direction::UpsideDown,
        TextKind::Bitmap | TextKind::Box(_) => direction != Direction::TopToBottom,
    };
    if let (false, Some(at)) = (is_known, direction_at) {
        return Err(at.refuse("this kind of label has no such direction"));
    }
    Ok(TextStyle {
        direction,
        line_spacing: at.optional("line_spacing")?.map_or(Ok(125), |at| hundredths(&at))?,
        padding: [
            padding("padding_top")?,
            padding("padding_bottom")?,
            padding("padding_left")?,
            padding("padding_right")?,
        ],
        background_tight: at.flag_or_false("background_tight")?,
        base_alignment: at.flag_or_false("base_alignment")?,
        tab,
    })
}

fn text<'v>(at: &Cursor<'v>) -> Result<&'v str> {
    let text = at.text()?;
    if text.len() > MAX_TEXT {
        return Err(at.unsupported(format_args!("a text of more than {MAX_TEXT} bytes")));
    }
    Ok(text)
}

fn color(at: &Cursor<'_>) -> Result<u32> {
    at.integer(0..=0xff_ffff)
}

/// A colour that may be `null`, for none.
fn optional_color<'v>(at: &Cursor<'v>, name: &'v str, default: Option<u32>) -> Result<Option<u32>> {
    if at.is_null_at(name)? {
        return Ok(None);
    }
    at.optional(name)?.map_or(Ok(default), |at| color(&at).map(Some))
}

/// A number from 0 to 100, in hundredths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked")]
fn hundredths(at: &Cursor<'_>) -> Result<u16> {
    let number = at.number()?;
    if !(0.0..=100.0).contains(&number) {
        return Err(at.refuse(format_args!("{number} is not from 0 to 100")));
    }
    Ok((number * 100.0).round() as u16)
}

#[expect(clippy::cast_possible_truncation, reason = "checked")]
fn anchor(at: &Cursor<'_>) -> Result<Anchor> {
    let side = |index| {
        let (at, number) = (at.item(index)?, at.item(index)?.number()?);
        if !(-1.27..=1.27).contains(&number) {
            return Err(at.unsupported("an anchor farther than 1.27 from the box"));
        }
        Ok((number * 100.0).round() as i8)
    };
    Ok(Anchor { x: side(0)?, y: side(1)? })
}

fn direction(at: &Cursor<'_>) -> Result<Direction> {
    let name = at.text()?;
    let known = DIRECTIONS.into_iter().find(|(known, _)| *known == name);
    known.map(|(_, found)| found).ok_or_else(|| at.refuse(format_args!("no direction {name:?}")))
}

fn tab(at: &Cursor<'_>) -> Result<(u8, u8)> {
    let with = at.item(1)?;
    match with.text()?.as_bytes() {
        [with] if with.is_ascii() => Ok((at.item(0)?.integer(0..=64)?, *with)),
        _ => Err(with.unsupported("another tab than an ASCII character")),
    }
}

fn width(at: &Cursor<'_>) -> Result<Width> {
    let unit = at.item(0)?;
    let width = at.item(1)?.integer(2..=u16::MAX)?;
    match unit.text()? {
        "pixels" => Ok(Width::Pixels(width)),
        "lines" => Ok(Width::Characters(width)),
        other => Err(unit.refuse(format_args!("no wrapping by {other:?}"))),
    }
}

/// First and last character, number of the foreground and of the background.
fn accent(at: &Cursor<'_>, more_colors: usize) -> Result<Accent> {
    let last = u8::try_from(more_colors + 1).unwrap_or(15);
    Ok(Accent {
        start: at.item(0)?.integer(0..=u16::MAX)?,
        end: at.item(1)?.integer(0..=u16::MAX)?,
        foreground: at.item(2)?.integer(0..=last)?,
        background: at.item(3)?.integer(0..=last)?,
        is_outline: false,
    })
}
