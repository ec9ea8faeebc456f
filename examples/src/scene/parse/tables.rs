//! Bitmaps, palettes and converters.

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use displayio_core::{Colorspace, Depth, Size};

use super::{MAX_SIDE, Parser, Result};
use crate::scene::{
    BitmapId, BitmapSpec, ShaderId, ShaderSpec, cursor::Cursor, parse::assets::Picture,
};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

const COLORSPACES: [(&str, Colorspace); 10] = [
    ("RGB888", Colorspace::Rgb888),
    ("RGB565", Colorspace::Rgb565),
    ("RGB565_SWAPPED", Colorspace::Rgb565Swapped),
    ("RGB555", Colorspace::Rgb555),
    ("RGB555_SWAPPED", Colorspace::Rgb555Swapped),
    ("BGR565", Colorspace::Bgr565),
    ("BGR565_SWAPPED", Colorspace::Bgr565Swapped),
    ("BGR555", Colorspace::Bgr555),
    ("BGR555_SWAPPED", Colorspace::Bgr555Swapped),
    ("L8", Colorspace::L8),
];

impl<'v> Parser<'v> {
    /// Reads palettes, converters and bitmaps.
    pub(super) fn tables(&mut self, top: &Cursor<'v>) -> Result<()> {
        for (name, at) in top.table("palettes")? {
            self.add_shader(name.into(), palette(&at)?, &at)?;
        }
        for (name, at) in top.table("converters")? {
            self.add_shader(name.into(), converter(&at)?, &at)?;
        }
        for (name, at) in top.table("bitmaps")? {
            let id = BitmapId(self.bitmaps.len());
            self.bitmap_names.insert(name, id);
            let bitmap = match at.optional("bmp")? {
                Some(file) => {
                    let picture = self.assets.picture(&file)?;
                    self.add_colors_of_file(name, &picture, &at)?;
                    BitmapSpec::OnDisk { path: picture.path, size: picture.size }
                }
                None => bitmap(&at)?,
            };
            self.bitmaps.push(bitmap);
        }
        // Operations may name any bitmap.
        for (index, (_, at)) in top.table("bitmaps")?.enumerate() {
            let operations =
                at.list("ops")?.map(|operation| self.drawing(&operation, 0, BitmapId(index)));
            let operations = operations.collect::<Result<_>>()?;
            if let BitmapSpec::InMemory { drawing, .. } = &mut self.bitmaps[index] {
                *drawing = operations;
            }
        }
        Ok(())
    }

    fn add_shader(&mut self, name: String, shader: ShaderSpec, at: &Cursor<'_>) -> Result<()> {
        let id = ShaderId(self.shaders.len());
        self.shaders.push(shader);
        match self.shader_names.insert(name, id) {
            None => Ok(()),
            Some(_) => Err(at.refuse("another palette or converter has this name")),
        }
    }

    /// The colours of a picture go by its name with `@` before it.
    fn add_colors_of_file(&mut self, name: &str, picture: &Picture, at: &Cursor<'_>) -> Result<()> {
        let max = u32::from(picture.palette_len).checked_sub(1).unwrap_or(0xff_ffff);
        let transparent: Vec<u32> =
            at.list("transparent")?.map(|value| value.integer(0..=max)).collect::<Result<_>>()?;
        if picture.palette_len == 0 && transparent.len() > 1 {
            return Err(at.refuse("a picture without a palette has one transparent color"));
        }
        let bitmap = BitmapId(self.bitmaps.len());
        let colors = ShaderSpec::OfFile { bitmap, palette_len: picture.palette_len, transparent };
        self.add_shader(format!("@{name}"), colors, at)
    }
}

fn bitmap(at: &Cursor<'_>) -> Result<BitmapSpec> {
    let size = at.required("size")?;
    let side = |index| size.item(index)?.integer(1..=MAX_SIDE);
    let size = Size::new(side(0)?, side(1)?);
    let value_count: u32 = at.required("value_count")?.integer(1..=65536)?;
    let depth = Depth::for_values(value_count);
    let wide = value_count > 256;
    let pixels = at.optional("pixels")?.map(|at| pixels(&at, size, depth, wide)).transpose()?;
    Ok(BitmapSpec::InMemory { size, depth, pixels, drawing: Vec::new() })
}

/// Pixels in base64: a byte each, or two with the low one first.
fn pixels(at: &Cursor<'_>, size: Size, depth: Depth, wide: bool) -> Result<Vec<u16>> {
    let text = at.text()?;
    let count = usize::from(size.width) * usize::from(size.height);
    let bytes = BASE64.decode(text).map_err(|error| at.refuse(error))?;
    let needed = count * if wide { 2 } else { 1 };
    if bytes.len() != needed {
        let found = bytes.len();
        return Err(at.refuse(format_args!("{needed} bytes of pixels are needed, not {found}")));
    }
    let pixels: Vec<u16> = if wide {
        bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]])).collect()
    } else {
        bytes.into_iter().map(u16::from).collect()
    };
    let max = depth.max_value();
    match pixels.iter().position(|&pixel| u32::from(pixel) > max) {
        None => Ok(pixels),
        Some(i) => Err(at.refuse(format_args!("pixel {i} is {}, above {max}", pixels[i]))),
    }
}

fn palette(at: &Cursor<'_>) -> Result<ShaderSpec> {
    let at_colors = at.required("colors")?;
    let items = at_colors.items()?;
    let len = u16::try_from(items.len()).ok().filter(|len| (1..=MAX_SIDE).contains(len));
    let len = len.ok_or_else(|| at_colors.refuse("a palette has 1 to 32767 colors"))?;
    let colors = items.map(|color| color.integer(0..=0xff_ffff)).collect::<Result<_>>()?;
    let transparent =
        at.list("transparent")?.map(|index| index.integer(0..=len - 1)).collect::<Result<_>>()?;
    Ok(ShaderSpec::Palette { colors, transparent, dither: at.flag_or_false("dither")? })
}

pub(super) fn colorspace(at: &Cursor<'_>) -> Result<Colorspace> {
    let name = at.text()?;
    let known = COLORSPACES.into_iter().find(|(known, _)| *known == name);
    known
        .map(|(_, found)| found)
        .ok_or_else(|| at.refuse(format_args!("unknown color space {name:?}")))
}

fn converter(at: &Cursor<'_>) -> Result<ShaderSpec> {
    let input = at.optional("input")?.map_or(Ok(Colorspace::Rgb888), |at| colorspace(&at))?;
    let transparent =
        at.optional("transparent")?.map(|value| value.integer(0..=0xff_ffff)).transpose()?;
    Ok(ShaderSpec::Converter { input, transparent, dither: at.flag_or_false("dither")? })
}
