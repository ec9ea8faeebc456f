//! Labels: where glyphs and boxes are, and what a changed text damages.

use alloc::{string::ToString, vec, vec::Vec};
use core::fmt::{self, Display, Formatter};

use displayio_allocators::Memory;

use super::bdf_like_font;
use crate::{
    Area, Damage, Layer, Place, Rgb888, Size, Transform,
    text::{
        layout::{Extents, Layout},
        *,
    },
};

type Box4 = (i16, i16, u16, u16);

const fn of(bounds: TextBounds) -> Box4 {
    let TextBounds { x, y, width, height } = bounds;
    (x, y, width, height)
}

/// The boxes and the corners of all glyphs.
fn laid_out(font: &dyn Font, style: TextStyle, text: &str) -> (Extents, Vec<(i16, i16)>) {
    let mut layout = Layout::new(font, &style);
    let mut corners = vec![];
    for character in text.chars() {
        layout.push(character, &mut |placed, _| corners.push((placed.x, placed.y)));
    }
    (layout.finish(), corners)
}

fn check(font: &dyn Font, style: TextStyle, text: &str, bounds: Box4, corners: &[(i16, i16)]) {
    let (extents, found) = laid_out(font, style, text);
    assert_eq!((of(extents.bounds), &*found), (bounds, corners), "{text:?} {style:?}");
}

fn running(direction: Direction) -> TextStyle {
    TextStyle { direction, ..TextStyle::default() }
}

#[test]
fn glyphs_and_boxes_match_the_reference() {
    let (font, plain) = (&FONT_6X12, TextStyle::default());
    check(font, plain, "Hi", (0, -6, 12, 12), &[(0, -6), (6, -6)]);
    check(font, plain, "Hi\ngy", (0, -6, 12, 27), &[(0, -6), (6, -6), (0, 9), (6, 9)]);
    check(font, plain, "", (0, 0, 0, 0), &[]);
    let base = TextStyle { base_alignment: true, ..plain };
    check(font, base, "Hi", (0, -12, 12, 12), &[(0, -12), (6, -12)]);
    check(font, running(Direction::RightToLeft), "Hi", (-12, -6, 12, 12), &[(-6, -6), (-12, -6)]);
    check(font, running(Direction::Upwards), "Hi", (-6, -12, 12, 12), &[(-6, -6), (-6, -12)]);
    check(font, running(Direction::Downwards), "Hi", (-6, 0, 12, 12), &[(-6, 0), (-6, 6)]);
    check(font, running(Direction::TopToBottom), "Hi", (0, 0, 6, 25), &[(3, 0), (3, 13)]);
    let (tabs, corners) = laid_out(font, plain, "A\tB\n");
    assert_eq!((of(tabs.bounds), corners.len()), ((0, -6, 36, 12), 6));
}

#[test]
fn fonts_with_descenders_match_the_reference() {
    let bytes = bdf_like_font();
    let bytes: &'static [u8] = alloc::boxed::Box::leak(bytes.into_boxed_slice());
    let font = &FlashFont::new(bytes);
    check(font, TextStyle::default(), "Hi", (0, -5, 12, 12), &[(0, -5), (6, -5)]);
    check(font, running(Direction::Upwards), "Hi", (-7, -12, 14, 12), &[(-5, -6), (-5, -12)]);
    check(font, running(Direction::Downwards), "Hi", (-3, 0, 12, 12), &[(-7, 0), (-7, 6)]);
    check(font, running(Direction::TopToBottom), "Hi", (0, 0, 6, 25), &[(2, -2), (2, 11)]);
}

#[test]
fn backgrounds_match_the_reference() {
    let check = |style: TextStyle, expected| {
        assert_eq!(of(laid_out(&FONT_6X12, style, "Hi").0.background), expected);
    };
    check(TextStyle { padding: [1, 2, 3, 4], ..TextStyle::default() }, (-3, -7, 19, 15));
    let tight = TextStyle { background_tight: true, padding: [1, 2, 3, 4], ..TextStyle::default() };
    check(tight, (0, -6, 12, 12));
    check(TextStyle { padding: [-6, -6, 0, 0], ..TextStyle::default() }, (0, 0, 0, 0));
}

#[test]
fn any_number_of_lines_neither_overflows_nor_wraps() {
    let lines = vec![b'\n'; 300_000];
    let text = alloc::format!("a{}b", str::from_utf8(&lines).unwrap());
    let style = TextStyle { line_spacing: u16::MAX, ..TextStyle::default() };
    let (extents, corners) = laid_out(&FONT_6X12, style, &text);
    assert_eq!(corners, [(0, -6)], "the other line is out of reach");
    assert_eq!((extents.bounds.height, extents.background.height), (u16::MAX, u16::MAX));
    let mut room = [0; 64];
    let bitmap = BitmapLabel::from_buffer(&FONT_6X12, 8, &mut room).styled(style);
    assert!(matches!(bitmap.set_text(text), Err(TextError::NoRoomForPixels { .. })), "too high");
}

/// The last column that a label reaches is 32 767; those before it are not drawn over by glyphs that are farther.
#[test]
fn glyphs_that_are_out_of_reach_are_left_out() {
    let text = "m".repeat(5500);
    let [right, left, up, down] = [
        (Direction::LeftToRight, (32_766, -6)),
        (Direction::RightToLeft, (-32_766, -6)),
        (Direction::Upwards, (-6, -32_766)),
        (Direction::Downwards, (-6, 32_766)),
    ]
    .map(|(direction, last)| {
        let (extents, corners) = laid_out(&FONT_6X12, running(direction), &text);
        assert_eq!(corners.last(), Some(&last), "{direction:?}");
        assert!(corners.iter().zip(&corners[1..]).all(|(a, b)| a != b), "{direction:?}");
        (corners.len(), extents.bounds.width.max(extents.bounds.height))
    });
    assert_eq!((right, down), ((5462, 33_000), (5462, 33_000)));
    assert_eq!((left, up), ((5461, 33_000), (5461, 33_000)), "the first glyph is a step off");
    let mut memory = alloc::vec![0; Label::required_bytes(5462)];
    assert_eq!(label(&mut memory).set_text(text), Ok(()), "they take no room");
}

fn label<'m>(memory: &'m mut [u8]) -> Label<'static, 'm> {
    Label::from_buffer(&FONT_6X12, memory)
}

#[test]
fn anchors_match_the_reference() {
    let mut memory = [0; 256];
    let label = label(&mut memory);
    label.set_text("Hi").unwrap();
    label.anchor_at(Anchor::BOTTOM_RIGHT, 100, 50);
    assert_eq!(label.position(), (88, 44));
    label.set_scale(2);
    label.anchor_at(Anchor::CENTER, 100, 50);
    assert_eq!(label.position(), (88, 50));
    label.set_text("Hill").unwrap();
    assert_eq!(label.position(), (76, 50), "the anchor stays");
    label.anchor_at(Anchor::BASELINE, 10, 50);
    assert_eq!(label.position(), (10, 38));
    label.move_to(3, 4);
    label.set_text("H").unwrap();
    assert_eq!(label.position(), (3, 4), "freed");
}

/// The areas that a label damages.
fn damaged(label: &Label<'_, '_>) -> Vec<Area> {
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let mut damage = Damage::new(Size::new(200, 100), Size::new(1, 1), 16, 11);
    label.collect(&place, &mut damage);
    damage.areas().to_vec()
}

#[test]
fn a_changed_text_damages_what_differs() {
    let mut memory = [0; 256];
    let label = label(&mut memory).at(10, 20);
    label.set_text(format_args!("12:59:5{}", 8)).unwrap();
    assert_eq!(damaged(&label), [Area::new(10, 14, 58, 26)]);
    label.set_text("12:59:58").unwrap();
    assert_eq!(damaged(&label), [], "the same text");
    label.set_text("12:59:59").unwrap();
    assert_eq!(damaged(&label), [Area::new(52, 14, 58, 26)], "one glyph cell");
    label.set_text("12:59:5").unwrap();
    label.set_text("12:59:58").unwrap();
    assert_eq!(damaged(&label), [Area::new(52, 14, 58, 26)], "two texts at once");
    label.set_text("12:59").unwrap();
    assert_eq!(damaged(&label), [Area::new(40, 14, 58, 26)], "a shorter one");
    label.set_background(Some(Rgb888::BLACK));
    assert_eq!(damaged(&label), [Area::new(10, 14, 40, 26)]);
    label.set_text("12:59 ").unwrap();
    assert_eq!(damaged(&label), [Area::new(40, 14, 46, 26)], "background and a blank glyph");
    label.set_text("").unwrap();
    assert_eq!(damaged(&label), [Area::new(10, 14, 46, 26)]);
    label.set_text("1").unwrap();
    label.set_hidden(true);
    assert_eq!(damaged(&label), []);
    label.set_text("2").unwrap();
    assert_eq!(damaged(&label), [], "hidden");
    label.set_hidden(false);
    assert_eq!(damaged(&label), [Area::new(10, 14, 16, 26)]);
}

#[test]
fn a_scale_out_of_range_is_the_nearest() {
    let mut memory = [0; Label::required_bytes(1)];
    let label = label(&mut memory);
    label.set_text("a").unwrap();
    label.set_scale(200);
    assert!(!damaged(&label).is_empty(), "larger");
    label.set_scale(127);
    label.set_scale(255);
    assert_eq!(damaged(&label), [], "as large as before");
}

#[test]
fn a_text_without_room_changes_nothing() {
    let mut memory = [0; Label::required_bytes(3)];
    let label = label(&mut memory);
    label.set_text("abc").unwrap();
    damaged(&label);
    let error = label.set_text("abcd").unwrap_err();
    assert_eq!(error, TextError::NoRoomForGlyphs { needed: 4, given: 3 });
    assert_eq!(error.to_string(), "glyphs: 4 in the text, room for 3 in the label");
    assert_eq!((damaged(&label), label.bounds().width), (vec![], 18));
    label.set_text("a\nc\u{1}").unwrap();
    assert_eq!(label.bounds().height, 27, "what has no glyph takes no room");
}

#[test]
fn errors_tell_what_is_needed_and_what_there_is() {
    let set = |label: &dyn Text, text: &dyn Display, expected: &str| {
        assert_eq!(label.set_text(text).map_err(|error| error.to_string()), Err(expected.into()));
    };
    let mut memory = vec![0; Label::required_bytes(u16::MAX) + 800];
    let glyphs = label(&mut memory);
    glyphs.set_style(TextStyle { line_spacing: 0, ..TextStyle::default() });
    assert_eq!(glyphs.set_text("m\n".repeat(65_535)), Ok(()), "one over the other");
    set(&glyphs, &"m\n".repeat(65_536), "glyphs: 65536 in the text, 65535 at most in a label");
    let heap: &dyn Memory = &displayio_allocators::NoHeap;
    let grown = glyphs.set_text_in("m\n".repeat(65_536), heap);
    assert_eq!(grown, Err(TextError::TooManyGlyphs { needed: 65_536 }), "whatever the room");
    let mut room = [0; 72];
    let bitmap = BitmapLabel::from_buffer(&FONT_6X12, 48, &mut room);
    set(&bitmap, &"123456789", "the text takes 84 bytes of pixels, the label has 72");
    let wide = "m".repeat(683);
    set(&bitmap, &wide, "the text is 4098 pixels wide, a bitmap of it 4096 at most");
    let outlined = Decoration { outline_size: 2, is_outlined: true, ..Decoration::default() };
    bitmap.set_decoration(Some(&outlined));
    set(&bitmap, &wide, "the text is 4102 pixels wide, a bitmap of it 816 at most");
    set(&bitmap, &"m".repeat(135), "the text takes 1632 bytes of pixels, the label has 72");
}

#[test]
fn a_display_that_fails_is_shown_as_far_as_it_goes() {
    struct Failing;
    impl Display for Failing {
        fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
            f.write_str("ab")?;
            Err(fmt::Error)
        }
    }
    let (mut memory, mut room) = ([0; 64], [0; 64]);
    let (glyphs, bitmap) =
        (label(&mut memory), BitmapLabel::from_buffer(&FONT_6X12, 24, &mut room));
    let labels: [&dyn Text; 2] = [&glyphs, &bitmap];
    for label in labels {
        assert_eq!((label.set_text(&Failing), label.bounds().width), (Ok(()), 12));
    }
}

#[test]
fn room_grows_only_when_asked_and_keeps_the_text() {
    use core::mem::MaybeUninit;
    let mut region = [MaybeUninit::uninit(); 512];
    let heap = displayio_allocators::LinkedListHeap::new(&mut region);
    let label = Label::new_in(&FONT_6X12, 2, &heap).unwrap();
    label.set_text("ab").unwrap();
    damaged(&label);
    assert!(label.grow_in(1000, &heap).is_err());
    assert!(label.set_text("abc").is_err());
    label.grow_in(5, &heap).unwrap();
    assert_eq!((damaged(&label), label.capacity()), (vec![], 5));
    label.set_text("abc").unwrap();
    assert_eq!(damaged(&label), [Area::new(12, 0, 18, 6)], "on the panel");
}

#[test]
fn labels_tell_how_they_look() {
    let (mut memory, mut room) = ([0; 64], [0; 64]);
    let glyphs = label(&mut memory).colored(0xff_8000, Some(0)).scaled(3);
    let bitmap = BitmapLabel::from_buffer(&FONT_6X12, 24, &mut room);
    bitmap.set_color(None);
    assert_eq!((glyphs.color(), glyphs.background()), (Some(0xff_8000.into()), Some(0.into())));
    assert_eq!((bitmap.color(), bitmap.background()), (None, None));
    assert_eq!((glyphs.scale(), bitmap.scale()), (3, 1));
}
