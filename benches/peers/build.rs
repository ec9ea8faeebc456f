//! Turns pictures, the font and sizes into what libraries take at build time, and compiles the scenes of Slint.

#![allow(dead_code, reason = "only parts of the shared modules are for here")]

#[path = "src/assets.rs"]
mod assets;
#[path = "src/scene.rs"]
mod scene;

use std::{
    env,
    error::Error,
    fmt::Write,
    fs::{self, File},
    path::{Path, PathBuf},
};

use displayio_core::{CharRange, FontHeader, FontWriter, GlyphSource, MonoFontAdapter};
use scene::{HEIGHT, ICON, TILE, WIDTH};
use slint_build::{CompilerConfiguration, EmbedResourcesKind};

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    println!("cargo::rerun-if-changed=src/assets.rs");
    println!("cargo::rerun-if-changed=src/scene.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("cargo tells where to write")?);
    write_font(&out)?;

    write_png(&out.join("picture.png"), WIDTH, assets::PICTURE_PIXELS.map(Some))?;
    write_png(&out.join("icons.png"), ICON, assets::ICONS_PIXELS.map(Some))?;
    write_png(&out.join("sheet.png"), TILE, assets::SHEET_INDICES.map(color))?;
    write_png(&out.join("sprite.png"), TILE, assets::SPRITE_INDICES.map(color))?;
    write_hexagon(&out.join("hexagon.svg"))?;
    write_constants(&out.join("scene.slint"))?;
    let config = CompilerConfiguration::new()
        .embed_resources(EmbedResourcesKind::EmbedForSoftwareRenderer)
        .with_include_paths(vec![out]);
    Ok(slint_build::compile_with_config("src/slint/scenes.slint", config)?)
}

/// The shared font as displayio takes it, and its pixels alone: a byte per row of a glyph.
fn write_font(out: &Path) -> Outcome {
    let mut font = MonoFontAdapter::new(scene::FONT);
    let (mut pixels, mut cell) = (Vec::new(), None);
    for character in ' '..='~' {
        let mut glyph_pixels = [0; 32];
        let glyph = font.load(character, &mut glyph_pixels)?.ok_or("not in the font")?;
        pixels.extend_from_slice(&glyph_pixels[..glyph.height.into()]);
        cell = Some(glyph);
    }
    let cell = cell.ok_or("a font has characters")?;
    let metrics = GlyphSource::metrics(&font);
    let header = FontHeader {
        bits: 1,
        ascent: metrics.ascent,
        descent: metrics.descent,
        box_size: (cell.width, cell.height),
        cell: Some(cell),
        ..FontHeader::default()
    };
    let count = (pixels.len() / usize::from(cell.height)) as u16;
    let mut bytes = vec![0; FontWriter::required_bytes(1, count, true, pixels.len())];
    let mut writer = FontWriter::new(&mut bytes, &header, 1, count).ok_or("too small")?;
    writer.push_range(CharRange { first: ' '.into(), glyph: 0, count });
    for glyph_pixels in pixels.chunks_exact(cell.height.into()) {
        writer.push_glyph(&cell).ok_or("too small")?.copy_from_slice(glyph_pixels);
    }
    fs::write(out.join("font.dfn"), bytes)?;
    Ok(fs::write(out.join("glyphs.bin"), pixels)?)
}

/// The colour of a tile's or a sprite's value.
fn color(index: u8) -> Option<u16> {
    (index != assets::TRANSPARENT).then_some(assets::rgb565(assets::PALETTE[usize::from(index)]))
}

/// Writes colours of RGB565, or nothing where it is transparent.
fn write_png(
    path: &Path,
    width: u16,
    pixels: impl IntoIterator<Item = Option<u16>, IntoIter: ExactSizeIterator>,
) -> Outcome {
    let pixels = pixels.into_iter();
    let height = pixels.len() / usize::from(width);
    let mut encoder = png::Encoder::new(File::create(path)?, width.into(), height as u32);
    encoder.set_color(png::ColorType::Rgba);
    let bytes: Vec<u8> = pixels
        .flat_map(|pixel| match pixel {
            Some(color) => {
                [(color >> 8 & 0xf8) as u8, (color >> 3 & 0xfc) as u8, (color << 3) as u8, 0xff]
            }
            None => [0; 4],
        })
        .collect();
    Ok(encoder.write_header()?.write_image_data(&bytes)?)
}

/// The square that the hexagon fits.
const SIDE: i16 = 40;

/// The hexagon as a picture: the renderer has no paths when it draws line by line.
fn write_hexagon(path: &Path) -> Outcome {
    let points: Vec<String> = scene::HEXAGON.iter().map(|(x, y)| format!("{x},{y}")).collect();
    let points = points.join(" ");
    let namespace = "http://www.w3.org/2000/svg";
    let svg = format!(
        "<svg xmlns='{namespace}' width='{SIDE}' height='{SIDE}'><polygon points='{points}'/></svg>"
    );
    Ok(fs::write(path, svg)?)
}

/// Pictures, sizes and colours for the scenes of Slint.
fn write_constants(path: &Path) -> Outcome {
    let mut text = String::from("export global Scene {\n");
    for name in ["picture.png", "icons.png", "sheet.png", "sprite.png", "hexagon.svg"] {
        let (property, _) = name.split_once('.').ok_or("a file's name has an end")?;
        writeln!(text, "    out property <image> {property}: @image-url(\"{name}\");")?;
    }
    let lengths = [
        ("width", i32::from(WIDTH)),
        ("height", i32::from(HEIGHT)),
        ("icon-side", i32::from(ICON)),
        ("icon-x", i32::from(scene::ICON_POSITION.0)),
        ("icon-y", i32::from(scene::ICON_POSITION.1)),
        ("tile-side", i32::from(TILE)),
        ("radius", i32::from(scene::RADIUS)),
        ("number-width", 5 * scene::FONT.character_size.width as i32),
        ("font-size", scene::FONT.character_size.height as i32),
    ];
    for (name, pixels) in lengths {
        writeln!(text, "    out property <length> {name}: {pixels}px;")?;
    }
    let colors = [
        ("background", scene::BACKGROUND),
        ("name-color", scene::NAME_COLOR),
        ("number-color", scene::NUMBER_COLOR),
        ("shape-background", scene::SHAPE_COLORS[0]),
    ];
    for (name, color) in colors {
        writeln!(text, "    out property <color> {name}: #{color:06x};")?;
    }
    writeln!(text, "    out property <int> columns: {};\n}}", scene::COLUMNS)?;
    Ok(fs::write(path, text)?)
}
