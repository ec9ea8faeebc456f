//! Labels on panels: smooth glyphs against a loop per pixel, and frames that never depend on what was shown before.

#![allow(
    clippy::unwrap_used,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    reason = "a test of small numbers"
)]

#[path = "support/panel.rs"]
mod panel;

use displayio_core::{
    Anchor, BitmapLabel, CharRange, ColorConverter, Direction, Display, FONT_6X12, FlashFont,
    FontHeader, FontWriter, Glyph, Gray8, Group, Label, Node, PackedFont, PixelFormat, Rectangle,
    Rgb888, Rotation, Size, Text, TextStyle,
};
use panel::MemoryPanel;

/// Coverages of 'a' and 'b' in a font of `bits`: 3x2 pixels that stand on the baseline.
const COVERAGES: [[[u32; 3]; 2]; 2] = [[[0, 1, 2], [3, 2, 1]], [[3, 0, 3], [1, 1, 0]]];

fn smooth_font(bits: u8) -> FlashFont {
    let header =
        FontHeader { bits, ascent: 2, box_size: (3, 2), box_place: None, ..FontHeader::default() };
    let mut bytes = vec![0; FontWriter::required_bytes(1, 2, false, 8)];
    let mut writer = FontWriter::new(&mut bytes, &header, 1, 2).unwrap();
    writer.push_range(CharRange { first: u32::from('a'), glyph: 0, count: 2 });
    let glyph = Glyph { width: 3, height: 2, advance: 4, ..Glyph::default() };
    for rows in COVERAGES {
        let pixels = writer.push_glyph(&glyph).unwrap();
        let stride = pixels.len() / 2;
        for (row, coverages) in pixels.chunks_mut(stride).zip(rows) {
            for (x, coverage) in coverages.into_iter().enumerate() {
                let value = coverage * ((1 << bits) - 1) / 3;
                let at = x * usize::from(bits);
                row[at / 8] |= (value as u8) << (8 - usize::from(bits) - at % 8);
            }
        }
    }
    FlashFont::from(PackedFont::parse(Box::leak(bytes.into_boxed_slice())).unwrap())
}

fn frame(root: &dyn Node<Gray8>, rotation: Rotation, buffer_bytes: usize) -> Vec<u8> {
    let mut buffer = vec![0; buffer_bytes];
    let mut display =
        Display::new(MemoryPanel::new(Size::new(24, 20), Gray8), &mut buffer).rotated(rotation);
    display.refresh(&Group::new((root,))).unwrap();
    display.panel().bytes.clone()
}

/// "ab" over a grey background, at (2, 3), however large: what a loop over pixels makes of it.
fn expected(scale: usize, below: u8, ink: u8) -> Vec<u8> {
    let mut pixels = vec![below; 24 * 20];
    for (index, rows) in COVERAGES.iter().enumerate() {
        for (y, row) in rows.iter().enumerate() {
            for (x, coverage) in row.iter().enumerate() {
                for (dx, dy) in (0..scale).flat_map(|dx| (0..scale).map(move |dy| (dx, dy))) {
                    // The middle of the ascent is a pixel above the baseline.
                    let (left, top) = (2 + (4 * index + x) * scale, 3 + y * scale);
                    let at = (top - scale + dy) * 24 + left + dx;
                    let weight = u16::try_from(coverage * 256 / 3).unwrap();
                    pixels[at] = Gray8.mix(below, ink, weight);
                }
            }
        }
    }
    pixels
}

#[test]
fn smooth_glyphs_are_mixed_with_what_is_below() {
    let grey = ColorConverter::default();
    for bits in [2, 4] {
        let font = smooth_font(bits);
        for (scale, background) in
            [(1, None), (1, Some(0x30_3030)), (3, None), (2, Some(0x30_3030))]
        {
            let below = Rectangle::new(&grey, 24, 20).color(0x9494);
            let raw = background.map_or_else(
                || Gray8.raw(Rgb888::new(0x00_9494)),
                |color| Gray8.raw(Rgb888::new(color)),
            );
            let (mut glyphs, mut pixels) = ([0; 64], [0; 64]);
            let label = Label::from_buffer(&font, &mut glyphs);
            let bitmap = BitmapLabel::from_buffer(&font, 8, &mut pixels);
            let labels: [&dyn Text; 2] = [&label, &bitmap];
            for label in labels {
                label.set_scale(scale);
                label.move_to(2, 3);
                label.set_background(background.map(Rgb888::new));
                label.set_text(&"ab").unwrap();
            }
            let all = expected(scale.into(), raw, 255);
            let inside = |frame: Vec<u8>| -> Vec<u8> {
                // The background is as large as the text's box; around it is what is below.
                let width = 8 * usize::from(scale);
                let top = 3 - usize::from(scale);
                let rows = top..top + 2 * usize::from(scale);
                rows.flat_map(|y| frame[y * 24 + 2..y * 24 + 2 + width].to_vec()).collect()
            };
            for buffer_bytes in [24, 100, 480] {
                let of = |frame| inside(frame);
                let context = format!("{bits} bits, scale {scale}, {background:?}, {buffer_bytes}");
                let shown = frame(&Group::new((&below, &label)), Rotation::Deg0, buffer_bytes);
                assert_eq!(of(shown), inside(all.clone()), "a label, {context}");
                let shown = frame(&Group::new((&below, &bitmap)), Rotation::Deg0, buffer_bytes);
                assert_eq!(of(shown), inside(all.clone()), "a bitmap label, {context}");
            }
        }
    }
}

/// Texts, one after the other, on a display that redraws what changed and on one that shows everything anew.
fn check_history(label: &dyn Text, node: &dyn Node<Gray8>, rotation: Rotation) {
    let texts = ["12:59:58", "12:59:59", "1:00", "", "a\nlonger\n\ttext", "ab", "bab", "  "];
    let root = Group::new((node,));
    let mut buffer = [0; 96];
    let mut display =
        Display::new(MemoryPanel::new(Size::new(60, 70), Gray8), &mut buffer).rotated(rotation);
    for (step, text) in texts.into_iter().cycle().take(24).enumerate() {
        label.set_text(&text).unwrap();
        match step % 5 {
            1 => label.set_background((step % 2 == 0).then_some(Rgb888::new(0x40_4040))),
            2 => label.anchor_at(Anchor::CENTER, 30 + step as i16 % 3, 30),
            3 => label.move_to(20, 25),
            4 => label.set_scale(1 + step as u8 % 2),
            _ => label.set_hidden(step % 3 == 1),
        }
        display.refresh(&root).unwrap();
        let shown = display.panel().bytes.clone();
        display.invalidate();
        display.panel_mut().bytes.fill(0xaa);
        display.refresh(&root).unwrap();
        assert_eq!(shown, display.panel().bytes, "step {step}, {text:?}, {rotation:?}");
    }
}

#[test]
fn no_pixel_of_an_old_text_stays() {
    let smooth = smooth_font(2);
    for direction in [
        Direction::LeftToRight,
        Direction::RightToLeft,
        Direction::TopToBottom,
        Direction::Upwards,
        Direction::Downwards,
        Direction::UpsideDown,
    ] {
        for rotation in [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270] {
            let style = TextStyle { direction, padding: [1, 2, 3, 0], ..TextStyle::default() };
            let (mut glyphs, mut pixels, mut more) = ([0; 256], [0; 1024], [0; 256]);
            let label = Label::from_buffer(&FONT_6X12, &mut glyphs).styled(style).at(20, 30);
            check_history(&label, &label, rotation);
            let bitmap = BitmapLabel::from_buffer(&FONT_6X12, 50, &mut pixels).styled(style);
            check_history(&bitmap, &bitmap, rotation);
            let label = Label::from_buffer(&smooth, &mut more).styled(style).at(20, 30);
            check_history(&label, &label, rotation);
        }
    }
}
