//! The tool: what it writes, what it says, and how it refuses.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a failure to set up is a failed test")]

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use displayio_assets::Picture;
use displayio_core::{BmpImage, PixelSource, Size};
use tempfile::TempDir;

fn data(name: &str) -> String {
    format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// Runs the tool in a directory.
fn run(dir: &TempDir, args: &[&str]) -> Output {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_displayio-assets"));
    tool.current_dir(dir.path()).args(args).output().unwrap()
}

/// What it says when it succeeds.
#[track_caller]
fn said(dir: &TempDir, args: &[&str]) -> String {
    let output = run(dir, args);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "no bar without a terminal");
    String::from_utf8(output.stdout).unwrap()
}

/// Checks that it refuses with a status and in words, and writes nothing.
#[track_caller]
fn check_refused(dir: &TempDir, args: &[&str], status: i32, words: &[&str]) {
    let before = files(dir.path());
    let output = run(dir, args);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(words.iter().all(|word| stderr.contains(word)), "{words:?} in: {stderr}");
    assert!(output.stdout.is_empty(), "nothing was made");
    assert_eq!(files(dir.path()), before, "nothing was written");
}

fn files(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn read(dir: &TempDir, name: &str) -> String {
    fs::read_to_string(dir.path().join(name)).unwrap()
}

#[test]
fn rust_source_is_written() {
    let dir = TempDir::new().unwrap();
    let text = said(&dir, &["image", &data("ship.png"), "-o", "ship.rs"]);
    assert!(text.contains("12x12, 7 colors at 4 bits, kept exactly"), "{text}");
    assert!(text.contains("value 0 is transparent"), "{text}");
    assert_eq!(read(&dir, "ship.rs"), include_str!("data/ship.rs"));
    assert_eq!(files(dir.path()), ["ship.rs"]);
}

#[test]
fn pixels_go_to_a_file_of_their_own() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["image", &data("ship.png"), "-o", "art.rs", "--bin", "--name", "HERO"]);
    assert_eq!(files(dir.path()), ["art.rs", "hero.bin"]);
    assert_eq!(fs::read(dir.path().join("hero.bin")).unwrap().len(), 96);
    assert!(read(&dir, "art.rs").contains("include_bytes!(\"hero.bin\")"));
    assert!(read(&dir, "art.rs").contains("HERO_TRANSPARENT: Option<u16> = Some(0);"));
}

#[track_caller]
fn check_bmp(args: &[&str], size: Size, bits: u8) {
    let dir = TempDir::new().unwrap();
    said(&dir, &[&["image", "-o", "out.bmp"], args].concat());
    let file = fs::read(dir.path().join("out.bmp")).unwrap();
    let bmp = BmpImage::new(&file).unwrap();
    assert_eq!((bmp.size(), bmp.layout().bits()), (size, bits), "{args:?}");
}

#[test]
fn bmp_files_are_written() {
    let (photo, level) = (data("coffee.png"), data("level.png"));
    let size = Size::new(96, 64);
    check_bmp(&[&photo], size, 8);
    check_bmp(&[&photo, "--colors", "3"], size, 4);
    for (bits, written) in [("1", 1), ("2", 2), ("4", 4), ("8", 8), ("16", 16), ("24", 24)] {
        check_bmp(&[&photo, "--depth", bits], size, written);
    }
    check_bmp(&[&photo, "--resize", "48x", "--dither", "ordered"], Size::new(48, 32), 8);
    check_bmp(&[&level, "--tiles", "8x8"], Size::new(48, 8), 4);
}

#[test]
fn several_inputs_become_one_source_or_a_directory() {
    let dir = TempDir::new().unwrap();
    let (ship, level) = (data("ship.png"), data("level.png"));
    said(&dir, &["image", &ship, &level, "-o", "art.rs", "--shared", "--name", "ART"]);
    let source = read(&dir, "art.rs");
    assert_eq!(source.matches("pub static ").count(), 2);
    assert_eq!(source.matches("_COLORS: [u32; 12]").count(), 1, "{source}");
    assert!(source.contains("pub const ART_COLORS") && source.contains("pub static LEVEL: "));
    said(&dir, &["image", &ship, &level, "-o", "bmp", "--bmp"]);
    assert_eq!(files(&dir.path().join("bmp")), ["level.bmp", "ship.bmp"]);
    said(&dir, &["image", &ship, &level, "-o", "rust"]);
    assert_eq!(files(&dir.path().join("rust")), ["level.rs", "ship.rs"]);
}

#[test]
fn tiles_are_written_and_counted() {
    let dir = TempDir::new().unwrap();
    let level = data("level.png");
    let text = said(&dir, &["image", &level, "-o", "level.rs", "--tiles", "8x8", "--flips"]);
    assert!(text.contains("8x6 tiles, 6 different; sheet and map 240 bytes instead of 1536"));
    assert!(text.contains("flipped copies among them: 1"), "{text}");
    let source = read(&dir, "level.rs");
    assert!(
        source.contains("LEVEL_INDICES: [u8; 48]")
            && source.contains("LEVEL_TILE: (u16, u16) = (8, 8)")
    );
    said(&dir, &["image", &level, "-o", "sheet.bmp", "--tiles", "8x8"]);
    let map = fs::read(dir.path().join("sheet.map")).unwrap();
    assert_eq!((map.len(), &map[8..16]), (48, &[0, 0, 1, 0, 0, 1, 0, 0][..]));
}

/// The palette of one picture serves another, from each kind of file that has one.
#[test]
fn palettes_come_from_files() {
    let dir = TempDir::new().unwrap();
    let (ship, level) = (data("ship.png"), data("level.png"));
    said(&dir, &["image", &level, "-o", "level.bmp"]);
    fs::write(dir.path().join("two.hex"), "#000000\nffffff\n").unwrap();
    fs::write(dir.path().join("bad.hex"), "#000000\nwhite\n").unwrap();
    let colors = |palette: &str| {
        let args = ["image", &ship, "-o", "ship.rs", "--transparent", "none", "--palette", palette];
        said(&dir, &args);
        let source = read(&dir, "ship.rs");
        let (_, rest) = source.split_once("SHIP_COLORS: [u32; ").unwrap();
        rest.split_once(']').unwrap().0.parse::<usize>().unwrap()
    };
    assert_eq!([colors("level.bmp"), colors("two.hex"), colors(&level)], [5, 2, 5]);
    let args = ["image", &ship, "-o", "no.rs", "--palette"];
    check_refused(&dir, &[&args[..], &["two.hex"]].concat(), 2, &["ship.png", "#ff00ff"]);
    check_refused(&dir, &[&args[..], &["bad.hex"]].concat(), 2, &["bad.hex", "line 2"]);
    check_refused(&dir, &[&args[..], &["none.hex"]].concat(), 1, &["none.hex"]);
}

#[test]
fn depths_are_compared_on_a_sheet() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["image", &data("ship.png"), "-o", "ship.rs", "--compare", "sheet.png"]);
    let sheet = Picture::open(dir.path().join("sheet.png")).unwrap();
    assert_eq!(sheet.size(), Size::new(784, 660));
    // The ship is enlarged twenty times: its wing is in the original, and at 8 bits.
    let pixel = |x: usize, y: usize| sheet.pixels()[y * 784 + x][..3].to_vec();
    assert_eq!([pixel(16 + 50, 16 + 190), pixel(272 + 50, 338 + 190)], [[0xd0, 0x30, 0x38]; 2]);
}

#[test]
fn files_are_explained() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["image", &data("coffee.png"), "-o", "coffee.bmp"]);
    let text = said(&dir, &["inspect", "coffee.bmp", &data("ship.png")]);
    for words in [
        "96x64 pixels, 256 colors",
        "OnDiskBitmap shows it with 1056 bytes of RAM",
        "rows from the bottom",
        "12x12 pixels, 6 colors",
        "80 pixels transparent, 3 partly",
        "without loss: indexed, 4 bits per pixel; 96 bytes",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&said(&dir, &["inspect", "--json", "coffee.bmp"])).unwrap();
    assert_eq!(json[0]["bmp"]["is_shown"], true);
    assert_eq!(json[0]["picture"]["lossless_bits"], 8);
    assert_eq!(json[0]["bmp"]["bits"], 8);
}

/// What the library refuses is explained in its words, even if nobody can decode it.
#[test]
fn refusals_are_explained() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["image", &data("ship.png"), "-o", "ship.bmp"]);
    let path = dir.path().join("ship.bmp");
    let bmp = fs::read(&path).unwrap();
    let with = |at: usize, value: u8| {
        let mut changed = bmp.clone();
        changed[at] = value;
        fs::write(&path, changed).unwrap();
        said(&dir, &["inspect", "ship.bmp"])
    };
    assert!(with(30, 2).contains("OnDiskBitmap refuses it: RLE-compressed BMP not supported"));
    assert!(with(14, 12).contains("refuses it: BMP header of 12 bytes not supported"));
    assert!(with(28, 3).contains("refuses it: BMP with 3 bits per pixel not supported"));
    fs::write(&path, &bmp[..100]).unwrap();
    let text = said(&dir, &["inspect", "ship.bmp"]);
    assert!(text.contains("cut short") && text.contains("cannot be converted"), "{text}");
}

#[test]
fn bad_inputs_are_refused_by_name() {
    let dir = TempDir::new().unwrap();
    let ship = data("ship.png");
    fs::write(dir.path().join("text.png"), "no picture").unwrap();
    fs::write(dir.path().join("half.png"), &fs::read(&ship).unwrap()[..100]).unwrap();
    check_refused(&dir, &["image", "none.png", "-o", "a.rs"], 1, &["none.png"]);
    check_refused(&dir, &["image", "text.png", "-o", "a.rs"], 2, &["text.png", "not a PNG"]);
    check_refused(&dir, &["inspect", "text.png"], 2, &["text.png", "not a PNG"]);
    check_refused(&dir, &["image", &ship, "half.png", "-o", "a.rs"], 2, &["half.png"]);
    check_refused(&dir, &["image", &ship, "-o", "a.rs", "--tiles", "5x5"], 2, &["ship.png", "5x5"]);
    check_refused(&dir, &["image", &ship, &ship, "-o", "a.rs"], 1, &["SHIP", "two inputs"]);
    check_refused(&dir, &["image", &ship, "-o", "a.bmp", "--bin"], 1, &["--bin"]);
    check_refused(&dir, &["image", &ship, "-o", "a.rs", "--depth", "3"], 1, &["--depth"]);
    check_refused(&dir, &["image", &ship], 1, &["--out"]);
    let direct = ["image", &ship, "-o", "a.rs", "--depth", "16", "--shared"];
    check_refused(&dir, &direct, 1, &["--shared"]);
    check_refused(&dir, &["image", &ship, "-o", "a.png"], 1, &["a.png", ".bmp"]);
    check_refused(&dir, &["image", &ship, "-o", "text.png/a.rs"], 1, &["text.png/a.rs"]);
}

/// A header may promise 65535x65535 pixels: that is refused before any memory is taken.
#[test]
fn huge_pictures_are_refused() {
    let dir = TempDir::new().unwrap();
    let mut bmp = b"BM".to_vec();
    let words = [1 << 20, 0, 54, 40, 65535, 65535, 1 | 24 << 16, 0, 0, 0, 0, 0, 0];
    bmp.extend(words.map(u32::to_le_bytes).as_flattened());
    fs::write(dir.path().join("huge.bmp"), &bmp).unwrap();
    check_refused(&dir, &["image", "huge.bmp", "-o", "a.rs"], 2, &["huge.bmp", "65535x65535"]);
}

#[test]
fn inputs_are_not_overwritten() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["image", &data("ship.png"), "-o", "ship.bmp"]);
    let before = fs::read(dir.path().join("ship.bmp")).unwrap();
    check_refused(&dir, &["image", "ship.bmp", "-o", "./ship.bmp"], 1, &["is an input"]);
    assert_eq!(fs::read(dir.path().join("ship.bmp")).unwrap(), before);
}

/// Two bits are read by the display stack, not by many others; the tool reads its own.
#[test]
fn two_bits_come_back() {
    let dir = TempDir::new().unwrap();
    let args = ["image", &data("ship.png"), "-o", "ship.bmp", "--depth", "2"];
    said(&dir, &args);
    let text = said(&dir, &["image", "ship.bmp", "-o", "again.rs"]);
    assert!(text.contains("4 colors at 2 bits, kept exactly"), "{text}");
}

/// Eleven glyphs of a clock.
const CLOCK: [&str; 2] = ["--chars", "0123456789:"];

#[test]
fn fonts_are_written() {
    let dir = TempDir::new().unwrap();
    let cell = data("cell_6x12.bdf");
    let args = [&["font", &cell, "-o", "digits.rs", "--name", "DIGITS"][..], &CLOCK].concat();
    let text = said(&dir, &args);
    for words in [
        "11 glyphs, 1 bit per pixel; ascent 10, descent 2, lines of 12 pixels",
        "one cell of 5x8 pixels",
        "120 bytes of flash, 10.9 per glyph; no RAM",
        "saves 1052 of the 1172 bytes of all 95 glyphs",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    assert_eq!(read(&dir, "digits.rs"), include_str!("data/digits.rs"));
    let terminal = ["--range", "0x20-0x7e", "--cell", "--baseline", "bottom"];
    said(&dir, &[&["font", &cell, "-o", "cell.dfn"][..], &terminal].concat());
    let bytes = fs::read(dir.path().join("cell.dfn")).unwrap();
    assert!(bytes == include_bytes!("../../displayio-core/fonts/cell_6x12.dfn"), "other bytes");
    assert_eq!(files(dir.path()), ["cell.dfn", "digits.rs"]);
}

#[track_caller]
fn check_characters(args: &[&str], dir: &TempDir, characters: &str) {
    let args = [&["font", "-o", "out.rs"][..], args].concat();
    said(dir, &args);
    let source = read(dir, "out.rs");
    assert!(source.contains(&format!("Characters: {characters}.\n")), "{args:?}: {source}");
}

#[test]
fn characters_are_named_in_several_ways() {
    let dir = TempDir::new().unwrap();
    let (cell, shapes) = (data("cell_6x12.bdf"), data("shapes.ttf"));
    fs::write(dir.path().join("text.txt"), "\u{feff}1:00\r\n-g\t\n").unwrap();
    check_characters(&[&cell], &dir, "U+0020-U+007E");
    check_characters(
        &[&cell, "--range", "0x41-0x43", "--range", "90-90"],
        &dir,
        "U+0041-U+0043, U+005A",
    );
    check_characters(
        &[&cell, "--from-file", "text.txt"],
        &dir,
        "U+002D, U+0030-U+0031, U+003A, U+0067",
    );
    check_characters(&[&cell, "--chars", "-a", "--range", "0x62"], &dir, "U+002D, U+0061-U+0062");
    let some = [&shapes, "--size", "16", "--allow-missing"];
    check_characters(&some, &dir, "U+0020, U+002D, U+0031, U+0067, U+006F");
    let text = said(&dir, &[&["font", "-o", "out.dfn", "--chars", "1\u{e9}"][..], &some].concat());
    assert!(text.contains("left out: no glyph for '\u{e9}' (U+00E9)"), "{text}");
}

#[test]
fn fonts_are_previewed() {
    let dir = TempDir::new().unwrap();
    let shapes = data("shapes.otf");
    let args = ["font", &shapes, "--size", "16", "--chars", "g", "-o", "g.dfn", "--preview"];
    assert!(said(&dir, &[&args[..], &["-"]].concat()).contains("\n  _|######|\n   |    ##|\n"));
    said(&dir, &[&args[..], &["g.png"]].concat());
    let size = Picture::open(dir.path().join("g.png")).unwrap().size();
    assert_eq!(size, Size::new(10 * 6, 8 * 6), "8 by 6 pixels and a margin, enlarged");
}

#[test]
fn fonts_are_explained() {
    let dir = TempDir::new().unwrap();
    let (cell, shapes) = (data("cell_6x12.bdf"), data("shapes.ttf"));
    said(&dir, &["font", &cell, "-o", "cell.dfn"]);
    let text = said(&dir, &["inspect", &cell, &shapes, "cell.dfn"]);
    for words in [
        "cell_6x12.bdf: BDF, 11442 bytes",
        "license: Copyright (C) 2010-2018",
        "outlines, 1024 units per em; at 16 pixels per em:\n  ascent 14, descent 5, lines of 19 pixels",
        "6 glyphs: U+0020, U+002D, U+0031, U+0067, U+006F, U+00BD",
        "cell.dfn: DFN, 1172 bytes\n  1 bit per pixel",
        "1172 bytes in flash, in one cell; no RAM",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let json: serde_json::Value =
        serde_json::from_str(&said(&dir, &["inspect", "--json", "cell.dfn"])).unwrap();
    assert_eq!(json[0]["font"]["glyphs"], 95);
    assert_eq!(json[0]["font"]["ranges"][0], "U+0020-U+007E");
}

#[test]
fn refused_fonts_are_explained() {
    let dir = TempDir::new().unwrap();
    said(&dir, &["font", &data("cell_6x12.bdf"), "-o", "cell.dfn"]);
    let path = dir.path().join("cell.dfn");
    let whole = fs::read(&path).unwrap();
    let explained = |file: &[u8]| {
        fs::write(&path, file).unwrap();
        said(&dir, &["inspect", "cell.dfn"])
    };
    let bits = [&whole[..4], &[3], &whole[5..]].concat();
    assert!(explained(&bits).contains("FlashFont refuses it: a font of 3 bits per pixel"));
    assert!(explained(&whole[..30]).contains("at least 32 bytes, cut off after 30"));
    assert!(explained(&whole[..1171]).contains("at least 1172 bytes, cut off after 1171"));
    let bdf = explained(b"STARTFONT 2.1\nENDFONT\n");
    assert!(bdf.contains("cannot be converted: a font without FONTBOUNDINGBOX"), "{bdf}");
    let outlines = &fs::read(data("shapes.ttf")).unwrap()[..100];
    assert!(explained(outlines).contains("cannot be converted: not a font that can be read"));
}

#[test]
fn bad_fonts_are_refused_by_name() {
    let dir = TempDir::new().unwrap();
    let (cell, shapes) = (data("cell_6x12.bdf"), data("shapes.ttf"));
    for (name, file) in [("half.bdf", &cell), ("half.ttf", &shapes)] {
        let file = fs::read(file).unwrap();
        fs::write(dir.path().join(name), &file[..file.len() / 2]).unwrap();
    }
    fs::write(dir.path().join("text.txt"), "no font").unwrap();
    let check = |input: &str, more: &[&str], status, words: &[&str]| {
        check_refused(&dir, &[&["font", input, "-o", "a.rs"], more].concat(), status, words);
    };
    check("none.bdf", &[], 1, &["none.bdf"]);
    check("text.txt", &[], 2, &["text.txt", "not a BDF"]);
    check("half.bdf", &[], 2, &["half.bdf"]);
    check("half.ttf", &["--size", "9"], 2, &["half.ttf"]);
    check(&shapes, &[], 2, &["shapes.ttf", "needs a size"]);
    check(&shapes, &["--size", "16"], 2, &["no glyph for '!' (U+0021), '\"' (U+0022),"]);
    check(&cell, &["--size", "16"], 2, &["cell_6x12.bdf", "has the size that it has"]);
    check(&cell, &["--chars", "a\u{e9}"], 2, &["no glyph for '\u{e9}' (U+00E9)"]);
    check(&cell, &["--bits", "3"], 1, &["--bits"]);
    check(&cell, &["--range", "a-z"], 1, &["--range", "0x20-0x7e"]);
    check(&cell, &["--baseline", "bottom"], 1, &["--cell"]);
    check(&cell, &["--from-file", "none.txt"], 1, &["none.txt"]);
    check(&cell, &["-o", "a.bin"], 1, &["--out"]);
    check_refused(&dir, &["font", &cell, "-o", "a.bin"], 1, &["a.bin", "neither .dfn nor .rs"]);
    check_refused(&dir, &["inspect", "text.txt"], 2, &["text.txt", "nor a BDF"]);
    fs::copy(&cell, dir.path().join("a.dfn")).unwrap();
    check_refused(&dir, &["font", "a.dfn", "-o", "a.dfn"], 1, &["is an input"]);
}
