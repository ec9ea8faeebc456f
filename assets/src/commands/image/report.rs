//! What was made, in words.

use displayio_assets::psnr;
use displayio_core::{Depth, Palette, Rgb565, Size};

use super::Asset;

/// Lines about an asset: its form, what was lost, what it costs.
pub(super) fn describe(asset: &Asset<'_>, tell_flips: bool) -> String {
    let pixels = asset.pixels();
    let Size { width, height } = pixels.size();
    let bytes = pixels.depth().required_bytes(width, height);
    let mut text = format!("{}: {}", asset.job.input.display(), kind(asset));
    text += &format!("\n  {bytes} bytes of pixels");
    let colors = pixels.palette().len();
    if let Ok(colors @ 1..) = u16::try_from(colors) {
        let ram_bytes = Palette::<Rgb565>::required_bytes(colors);
        text += &format!(", palette {ram_bytes} bytes of RAM for RGB565");
    }
    if let Some(value) = pixels.transparent() {
        text += &format!(", value {value} is transparent");
    }
    text += "\n";
    text + &describe_tiles(asset, tell_flips)
}

fn kind(asset: &Asset<'_>) -> String {
    let converted = &asset.converted;
    let Size { width, height } = converted.size();
    let colors = converted.palette().len();
    let values = match converted.depth() {
        Depth::Bpp16 => "RGB565".into(),
        Depth::Bpp32 => "RGB888".into(),
        depth => format!("{colors} colors at {} bits", depth.bits()),
    };
    let quality = if converted.is_exact() {
        "kept exactly".into()
    } else {
        let decibels = psnr(&asset.job.picture, &converted.to_picture()).unwrap_or(0.0);
        format!("PSNR {decibels:.1} dB")
    };
    format!("{width}x{height}, {values}, {quality}")
}

fn describe_tiles(asset: &Asset<'_>, tell_flips: bool) -> String {
    let Some(tiles) = &asset.tiles else { return String::new() };
    let Size { width, height } = asset.converted.size();
    let whole_bytes = asset.converted.depth().required_bytes(width, height);
    let (columns, rows) = tiles.cells();
    let mut text = format!(
        "  {columns}x{rows} tiles, {} different; sheet and map {} bytes instead of {whole_bytes}",
        tiles.tile_count(),
        tiles.size_bytes(),
    );
    if tell_flips {
        text += &format!("; flipped copies among them: {}", tiles.mirrored_count());
    }
    text + "\n"
}
