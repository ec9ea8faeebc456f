//! Labels of a scene: read, checked, and shown.

use core::cell::{Cell, RefCell};
use std::{fs::File, io::BufReader, path::PathBuf};

use displayio_core::{
    Accent, Anchor, Area, BitmapLabel, Damage, Decoration, FONT_6X12, Font, FontMetrics, Heap,
    Label, Layer, LoadedFont, Node, Part, PixelFormat, Place, Rgb888, Size, Strip, TextBounds,
    TextBox, TextError, TextStyle,
};
use embedded_io_adapters::std::FromStd;

use super::{Attribute, NodeId, PlayError, step::Control};

/// Position in `Scene::fonts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FontId(pub(super) usize);

/// Position in `Scene::texts`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextId(pub(super) usize);

#[derive(Debug)]
pub(super) enum FontSpec {
    BuiltIn,
    /// A BDF or PCF file.
    File(PathBuf),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKind {
    Label,
    Bitmap,
    Box(TextBox),
}

#[derive(Debug)]
pub(super) struct TextSpec {
    pub(super) id: Option<NodeId>,
    pub(super) kind: TextKind,
    pub(super) font: FontId,
    pub(super) text: Wrapped,
    pub(super) style: TextStyle,
    pub(super) position: (i16, i16),
    pub(super) anchor_point: Option<Anchor>,
    pub(super) anchored_position: Option<(i16, i16)>,
    pub(super) scale: u8,
    pub(super) hidden: bool,
    /// `0xRRGGBB`, as the next one.
    pub(super) foreground: Option<u32>,
    pub(super) background: Option<u32>,
    /// Pixels around all of the text.
    pub(super) outline_size: Option<u8>,
    /// Colours from number 2 on.
    pub(super) colors: Vec<Rgb888>,
    pub(super) accents: Vec<Accent>,
    /// Set after construction.
    pub(super) settings: Vec<Attribute>,
}

impl TextSpec {
    pub(super) fn decoration(&self) -> Decoration<'_> {
        Decoration {
            outline_size: self.outline_size.unwrap_or_else(|| u8::from(!self.accents.is_empty())),
            is_outlined: self.outline_size.is_some(),
            colors: &self.colors,
            accents: &self.accents,
        }
    }

    /// Bits per pixel of a bitmap label: two at least for outlines, as many as its colours need.
    const fn bits(&self) -> u8 {
        match self.colors.len() {
            0 => 1,
            1 | 2 => 2,
            _ => 4,
        }
    }
}

/// A text, and how it is broken into lines before it is shown.
#[derive(Debug)]
pub(super) struct Wrapped {
    pub(super) text: String,
    pub(super) width: Option<Width>,
}

/// The most that a line may take.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    Pixels(u16),
    Characters(u16),
}

impl Wrapped {
    fn broken(&self, font: &dyn Font) -> String {
        match self.width {
            None => self.text.clone(),
            Some(Width::Pixels(width)) => {
                displayio_core::WrapPixels::new(&self.text, width, font).to_string()
            }
            Some(Width::Characters(most)) => {
                displayio_core::WrapChars::new(&self.text, most).to_string()
            }
        }
    }
}

/// A font in memory.
pub(super) enum AnyFont<'m> {
    BuiltIn,
    Loaded(LoadedFont<'m>),
}

impl<'m> AnyFont<'m> {
    pub(super) fn load(spec: &FontSpec, heap: Heap<'m>) -> Result<Self, PlayError> {
        let FontSpec::File(path) = spec else { return Ok(Self::BuiltIn) };
        let failed = |error: &dyn core::fmt::Display| PlayError::failed(path.display(), error);
        let file = File::open(path).map_err(|error| failed(&error))?;
        let file = FromStd::new(BufReader::new(file));
        let is_pcf = path.extension().is_some_and(|extension| extension == "pcf");
        let loaded = if is_pcf {
            LoadedFont::from_pcf(file, &|_| true, heap)
        } else {
            LoadedFont::from_bdf(file, &|_| true, heap)
        };
        loaded.map(Self::Loaded).map_err(|error| failed(&error))
    }

    fn font(&self) -> &dyn Font {
        match self {
            Self::BuiltIn => &FONT_6X12,
            Self::Loaded(font) => font,
        }
    }
}

/// What labels borrow.
#[derive(Clone, Copy)]
pub(super) struct Lent<'m> {
    pub(super) fonts: &'m [AnyFont<'m>],
    pub(super) texts: &'m [TextSpec],
    pub(super) decorations: &'m [Decoration<'m>],
}

enum AnyLabel<'m> {
    Label(Label<'m, 'm>),
    Bitmap(BitmapLabel<'m, 'm>),
}

macro_rules! on_label {
    ($node:expr, |$it:ident| $call:expr) => {
        match &$node.label {
            AnyLabel::Label($it) => $call,
            AnyLabel::Bitmap($it) => $call,
        }
    };
}

/// A label with its text, and with an anchor that acts as the reference's does.
pub(super) struct TextNode<'m> {
    label: AnyLabel<'m>,
    text: RefCell<String>,
    text_box: Option<TextBox>,
    anchor_point: Cell<Option<Anchor>>,
    anchored_position: Cell<Option<(i16, i16)>>,
    fonts: &'m [AnyFont<'m>],
    heap: Heap<'m>,
}

/// What a label of a scene tells of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LabelReport {
    /// Where it is, in pixels of the group around it.
    pub position: (i16, i16),
    /// The box around its text.
    pub bounds: TextBounds,
    /// Height of most capitals above the baseline.
    pub ascent: u8,
    /// Depth of descenders below the baseline.
    pub descent: u8,
}

impl<'m> TextNode<'m> {
    pub(super) fn build(id: TextId, lent: &Lent<'m>, heap: Heap<'m>) -> Result<Self, PlayError> {
        let spec = &lent.texts[id.0];
        let font = lent.fonts[spec.font.0].font();
        let label = match spec.kind {
            TextKind::Label => AnyLabel::Label(Label::new_in(font, 0, heap)?),
            TextKind::Bitmap | TextKind::Box(_) => {
                let label = BitmapLabel::with_room_in(font, Size::new(0, 0), spec.bits(), heap)?;
                AnyLabel::Bitmap(label.decorated(&lent.decorations[id.0]))
            }
        };
        let text_box = match spec.kind {
            TextKind::Box(text_box) => Some(text_box),
            TextKind::Label | TextKind::Bitmap => None,
        };
        let node = Self {
            label,
            text: RefCell::default(),
            text_box,
            anchor_point: Cell::new(spec.anchor_point),
            anchored_position: Cell::new(spec.anchored_position),
            fonts: lent.fonts,
            heap,
        };
        on_label!(node, |label| {
            label.set_style(spec.style);
            label.move_to(spec.position.0, spec.position.1);
            label.set_scale(spec.scale);
            label.set_hidden(spec.hidden);
            label.set_color(spec.foreground.map(Rgb888::new));
            label.set_background(spec.background.map(Rgb888::new));
        });
        node.set_text(&spec.text.broken(font), spec.bits())?;
        spec.settings.iter().try_for_each(|attribute| node.adjust(attribute))?;
        Ok(node)
    }

    /// Shows a text, in more room where it needs more.
    fn set_text(&self, text: &str, bits: u8) -> Result<(), PlayError> {
        let shown = match (&self.label, &self.text_box) {
            (AnyLabel::Label(label), _) => match label.set_text(text) {
                Err(TextError::NoRoomForGlyphs { needed, .. }) => {
                    label.grow_in(needed, self.heap)?;
                    label.set_text(text)
                }
                other => other,
            },
            (AnyLabel::Bitmap(label), text_box) => {
                let show = || match text_box {
                    Some(text_box) => label.set_boxed_text(text, text_box),
                    None => label.set_text(text),
                };
                match show() {
                    Err(TextError::NoRoomForPixels { .. }) => {
                        label.grow_in(self.room_for(label, text), bits, self.heap)?;
                        show()
                    }
                    other => other,
                }
            }
        };
        shown.map_err(|error| PlayError::failed("a text", error))?;
        text.clone_into(&mut self.text.borrow_mut());
        self.follow_anchor();
        Ok(())
    }

    fn room_for(&self, label: &BitmapLabel<'_, '_>, text: &str) -> Size {
        let Some(TextBox { width, height, .. }) = self.text_box else {
            return label.required_size(text);
        };
        let [_, _, left, right] = label.style().padding.map(i32::from);
        let inner = u16::try_from(i32::from(width) - left - right).unwrap_or(0);
        let wrapped = displayio_core::WrapPixels::new(text, inner, label.font());
        Size::new(width, height.unwrap_or_else(|| label.required_size(wrapped).height))
    }

    fn follow_anchor(&self) {
        if let (Some(anchor), Some((x, y))) =
            (self.anchor_point.get(), self.anchored_position.get())
        {
            on_label!(self, |label| label.anchor_at(anchor, x, y));
        }
    }

    /// Moves it as one that is not anchored; the next text puts it back to its anchor.
    fn move_to(&self, x: Option<i16>, y: Option<i16>) {
        on_label!(self, |label| {
            let position = label.position();
            label.move_to(x.unwrap_or(position.0), y.unwrap_or(position.1));
        });
    }

    fn restyle(&self, change: impl FnOnce(&mut TextStyle)) {
        on_label!(self, |label| {
            let mut style = label.style();
            change(&mut style);
            label.set_style(style);
        });
    }

    /// Lays out the present text anew.
    fn refresh_text(&self) -> Result<(), PlayError> {
        let text = self.text.borrow().clone();
        self.set_text(&text, 1)
    }

    fn adjust(&self, attribute: &Attribute) -> Result<(), PlayError> {
        match attribute {
            Attribute::X(x) => self.move_to(Some(*x), None),
            Attribute::Y(y) => self.move_to(None, Some(*y)),
            Attribute::Hidden(hidden) => on_label!(self, |label| label.set_hidden(*hidden)),
            Attribute::Scale(scale) => {
                on_label!(self, |label| label.set_scale(*scale));
                self.follow_anchor();
            }
            Attribute::Text(text) if *text == *self.text.borrow() => {}
            Attribute::Text(text) => return self.set_text(text, 1),
            Attribute::TextColor(color) => {
                on_label!(self, |label| label.set_color(color.map(Rgb888::new)));
            }
            Attribute::Background(color) => {
                on_label!(self, |label| label.set_background(color.map(Rgb888::new)));
            }
            Attribute::LineSpacing(hundredths) => {
                self.restyle(|style| style.line_spacing = *hundredths);
                // The reference's label lays out the same text never again.
                if matches!(self.label, AnyLabel::Bitmap(_)) {
                    return self.refresh_text();
                }
            }
            Attribute::Direction(direction) => {
                self.restyle(|style| style.direction = *direction);
                return self.refresh_text();
            }
            Attribute::Font(font) => {
                let font = self.fonts[font.0].font();
                on_label!(self, |label| label.set_font(font));
                return self.refresh_text();
            }
            Attribute::AnchorPoint(anchor) => {
                self.anchor_point.set(*anchor);
                self.follow_anchor();
            }
            Attribute::AnchoredPosition(position) => {
                self.anchored_position.set(*position);
                self.follow_anchor();
            }
            _ => {}
        }
        Ok(())
    }

    pub(super) fn report(&self) -> LabelReport {
        let (position, bounds, font) =
            on_label!(self, |label| (label.position(), label.bounds(), label.font()));
        let FontMetrics { ascent, descent, .. } = font.metrics();
        LabelReport { position, bounds, ascent, descent }
    }
}

impl<'m, C: PixelFormat> Control<'m, C> for TextNode<'m> {
    fn set(&self, attribute: &Attribute) -> Result<(), PlayError> {
        self.adjust(attribute)
    }
}

impl Layer for TextNode<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        on_label!(self, |label| label.collect(place, damage));
    }

    fn shown(&self) -> Area {
        on_label!(self, |label| label.shown())
    }

    fn forget(&self) {
        on_label!(self, |label| label.forget());
    }

    fn describe(&self, report: &mut dyn FnMut(Part)) {
        on_label!(self, |label| label.describe(report));
    }
}

impl<C: PixelFormat> Node<C> for TextNode<'_> {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        on_label!(self, |label| label.paint(strip));
    }
}
