//! Fonts and labels: any bytes are a font or an error, and what a panel shows after a refresh is what one that is
//! drawn afresh shows.

mod script;

use core::{cell::Cell, fmt, mem::MaybeUninit};

use arbitrary::{Arbitrary, Unstructured};
use displayio_allocators::LinkedListHeap;
use displayio_core::{
    Anchor, BitmapLabel, Decoration, Display, FONT_6X12, Font, FontError, FontMetrics, Glyph,
    GlyphId, Group, Label, Node, PackedFont, Panel, Rgb565Le, Rgb888, Size, View,
};

use self::script::{Edit, LabelEdit, Ornament, Parts, Script};
use crate::{arguments::chosen, panel::CountingPanel, shapes::ROTATIONS};

const MAX_SIDE: u16 = 48;
const MAX_EDITS: usize = 32;
/// Bytes for the room of both labels, and for more room later.
const HEAP_BYTES: usize = 8 << 10;

/// The longest font that is made of one that is cut.
const MAX_FONT_BYTES: usize = 64 << 10;

/// What a font begins with.
const MAGIC: &[u8] = b"DFN1";

/// A font in borrowed bytes.
#[derive(Debug)]
struct Borrowed<'b> {
    font: PackedFont<'b>,
    /// Whether labels may have all of it at once.
    is_whole: bool,
}

impl Font for Borrowed<'_> {
    fn metrics(&self) -> FontMetrics {
        self.font.metrics()
    }

    fn find(&self, character: char) -> Option<GlyphId> {
        self.font.find(character)
    }

    fn glyph(&self, id: GlyphId) -> Option<Glyph> {
        self.font.glyph(id)
    }

    fn view(&self, id: GlyphId, f: &mut dyn FnMut(&View<'_>)) -> bool {
        self.font.view(id).map(|view| f(&view)).is_some()
    }

    fn bits(&self) -> u8 {
        self.font.bits()
    }

    fn view_all(&self, f: &mut dyn FnMut(&PackedFont<'_>)) -> bool {
        if self.is_whole {
            f(&self.font);
        }
        self.is_whole
    }
}

/// Does with a label of either kind what an edit says.
macro_rules! apply {
    ($label:expr, $edit:expr, $fonts:expr, $heap:expr) => {
        match $edit {
            LabelEdit::Text(text) => {
                let times = Cell::new(0);
                let nested = || {
                    let _ = $label.set_text("nested");
                };
                let bounds = $label.bounds();
                let shown = fmt::from_fn(|f| text.write(f, &times, &nested));
                let result = if text.is_growing() {
                    $label.set_text_in(shown, $heap)
                } else {
                    $label.set_text(shown)
                };
                let is_kept = $label.bounds() == bounds || text.is_nested();
                assert!(result.is_ok() || is_kept, "{text:?} is {result:?} and changes the label");
            }
            LabelEdit::Style(style) => $label.set_style(style.style()),
            LabelEdit::Font(number) => $label.set_font(chosen(&$fonts, *number)),
            LabelEdit::Move(to) => $label.move_to(to.short().0, to.short().1),
            LabelEdit::Anchor(x, y, to) => {
                $label.anchor_at(Anchor { x: *x, y: *y }, to.short().0, to.short().1);
            }
            LabelEdit::Scale(scale) => $label.set_scale(*scale),
            LabelEdit::Color(color) => $label.set_color(color.map(Rgb888::new)),
            LabelEdit::Background(color) => $label.set_background(color.map(Rgb888::new)),
            LabelEdit::Hide(hidden) => $label.set_hidden(*hidden),
        }
    };
}

/// A font that ends too early, longer: the bytes over and over. Few inputs have all the pixels that their tables ask for.
fn whole(font: &[u8]) -> Vec<u8> {
    let mut bytes = font.to_vec();
    while let Err(FontError::Truncated { needed_bytes, .. }) = PackedFont::parse(&bytes)
        && needed_bytes <= MAX_FONT_BYTES
    {
        bytes = font.iter().copied().cycle().take(needed_bytes).collect();
    }
    bytes
}

/// Shows texts in a font that the bytes end in, if they have its magic: what comes before tells which texts.
pub fn run(bytes: &[u8]) {
    let font_at = bytes.windows(MAGIC.len()).position(|window| window == MAGIC);
    let (script, font) = bytes.split_at(font_at.unwrap_or(bytes.len()));
    let font = whole(font);
    let font = match (PackedFont::parse(&font), font_at) {
        (Ok(font), _) => font,
        (Err(_), None) => FONT_6X12.packed(),
        (Err(_), Some(_)) => return,
    };
    let Ok(script) = Script::arbitrary_take_rest(Unstructured::new(script)) else { return };
    let font = Borrowed { font, is_whole: script.is_font_whole };
    let ornaments: Vec<_> = script.ornaments.iter().map(Ornament::parts).collect();
    let decorations: Vec<_> = ornaments.iter().map(Parts::decoration).collect();
    show(&script, &font, &decorations);
}

fn show<'f>(script: &Script<'_>, font: &'f Borrowed<'f>, decorations: &'f [Decoration<'f>]) {
    let mut region = [MaybeUninit::uninit(); HEAP_BYTES];
    let heap = LinkedListHeap::new(&mut region);
    let fonts: [&dyn Font; 2] = [font, &FONT_6X12];
    let room = &script.room;
    let Ok(label) = Label::new_in(font, room.glyphs.into(), &heap) else { return };
    let Ok(bitmap) = BitmapLabel::with_room_in(font, room.size(), room.bits, &heap) else {
        return;
    };
    let root = Group::new((&label, &bitmap));
    let side = |length: u8| u16::from(length) % MAX_SIDE + 1;
    let size = Size::new(side(script.panel.0), side(script.panel.1));
    let mut buffer = vec![0; 7 + usize::from(script.more_buffer_bytes)];
    let rotation = chosen(&ROTATIONS, script.rotation);
    let mut display = Display::new(CountingPanel::new(size), &mut buffer).rotated(rotation);
    for edit in script.edits.iter().take(MAX_EDITS).chain([&Edit::Refresh]) {
        match edit {
            Edit::Refresh => check_refresh(&mut display, &root, script),
            Edit::MoveGroup(to) => root.move_to(to.short().0, to.short().1),
            Edit::ScaleGroup(scale) => root.set_scale(*scale),
            Edit::Label(edit) => apply!(label, edit, fonts, &heap),
            Edit::BitmapLabel(edit) => apply!(bitmap, edit, fonts, &heap),
            Edit::Decorate(number) => {
                bitmap.set_decoration(decorations.get(usize::from(*number)));
            }
            Edit::Grow(room) => {
                let _ = label.grow_in(room.glyphs.into(), &heap);
                let _ = bitmap.grow_in(room.size(), room.bits, &heap);
            }
        }
    }
}

/// Refreshes a display, and compares it with one that shows the same scene for the first time.
fn check_refresh<N: Node<Rgb565Le>>(
    display: &mut Display<'_, CountingPanel>,
    root: &N,
    script: &Script<'_>,
) {
    display.refresh(root).expect("the buffer holds a pixel");
    display.panel_mut().check_counts();
    let mut buffer = [0; 256];
    let panel = CountingPanel::new(display.panel().size());
    let mut fresh = Display::new(panel, &mut buffer).rotated(display.rotation());
    // In a tuple it has no stamp: it is drawn wholly, and the first display still knows it.
    fresh.refresh(&(root,)).expect("the buffer holds a pixel");
    let both = display.panel().positions().zip(&fresh.panel().pixels);
    let stale: Vec<_> = both.filter(|((pixel, ..), expected)| pixel != *expected).take(4).collect();
    assert!(stale.is_empty(), "stale pixels: {stale:?} after {script:?}");
}
