//! Another reader of BDF files: strings, maps, and no thought of memory.

use std::collections::BTreeMap;

use displayio_core::Glyph;

use crate::Picture;

/// What a file has.
#[derive(Debug)]
pub struct Oracle {
    pub glyphs: BTreeMap<char, Picture>,
    /// Width, height, left and bottom of the box.
    pub bounds: Vec<i32>,
    pub ascent: Option<i32>,
    pub descent: Option<i32>,
}

fn numbers(text: &str, keyword: &str) -> Option<Vec<i32>> {
    let line = text.lines().find(|line| line.split(' ').next() == Some(keyword))?;
    Some(line.split_whitespace().skip(1).map(|word| word.parse().unwrap()).collect())
}

impl Oracle {
    pub fn new(file: &[u8]) -> Self {
        let text = String::from_utf8_lossy(file);
        let mut glyphs = BTreeMap::new();
        for block in text.split("STARTCHAR ").skip(1) {
            let code = numbers(block, "ENCODING").unwrap()[0];
            if let Ok(code) = u32::try_from(code) {
                let character = char::from_u32(code).unwrap();
                glyphs.entry(character).or_insert_with(|| glyph(block));
            }
        }
        let number = |keyword| numbers(&text, keyword).map(|numbers| numbers[0]);
        Self {
            glyphs,
            bounds: numbers(&text, "FONTBOUNDINGBOX").unwrap(),
            ascent: number("FONT_ASCENT"),
            descent: number("FONT_DESCENT"),
        }
    }
}

fn glyph(block: &str) -> Picture {
    let bounds = numbers(block, "BBX").unwrap();
    let width = bounds[0] as u8;
    let row = |line: &str| {
        let digits = line.trim().chars().map(|c| c.to_digit(16).unwrap());
        let row: String = digits.map(|digit| format!("{digit:04b}")).collect();
        row[..width.into()].replace('0', ".").replace('1', "#")
    };
    let lines = block.lines().skip_while(|line| !line.starts_with("BITMAP")).skip(1);
    let rows: Vec<_> = lines.take_while(|line| !line.starts_with("ENDCHAR")).map(row).collect();
    let glyph = Glyph {
        width,
        height: rows.len() as u8,
        left: bounds[2] as i8,
        bottom: bounds[3] as i8,
        advance: numbers(block, "DWIDTH").unwrap()[0] as u8,
    };
    Picture { glyph, rows }
}
