//! The panel and its pixel format.

use displayio_core::{
    Bgr888, Bgrx8888, BitOrder, FourColor, Gray8, Luma, Packed, Packing, Rgb332, Rgb565, Rgb565Le,
    Rgb888, Rgbd, Rotation, SevenColor, SixColor, Size, Tricolor,
};

use super::{MAX_PANEL_PIXELS, MAX_SIDE, Result};
use crate::scene::{
    cursor::Cursor,
    format::{AnyCode, DisplaySpec, Format},
};

pub(super) fn display(at: &Cursor<'_>) -> Result<DisplaySpec> {
    let side = |name| at.required(name)?.integer(1..=MAX_SIDE);
    let size = Size::new(side("width")?, side("height")?);
    if u64::from(size.width) * u64::from(size.height) > MAX_PANEL_PIXELS {
        return Err(at.unsupported(format_args!("more than {MAX_PANEL_PIXELS} pixels")));
    }
    let degrees = at.integer_or("rotation", 0, 0..=u16::MAX)?;
    let rotation = Rotation::from_degrees(degrees).ok_or_else(|| {
        let at = at.place("rotation");
        at.refuse(format_args!("{degrees} degrees are none of 0, 90, 180 and 270"))
    })?;
    Ok(DisplaySpec { size, rotation, format: format(at)? })
}

fn format(at: &Cursor<'_>) -> Result<Format> {
    let depth = at.integer_or("depth", 16, 1..=32)?;
    let grayscale = at.flag_or_false("grayscale")?;
    let share_row = at.optional("share_row")?.map_or(Ok(true), |flag| flag.flag())?;
    let packing = if share_row { Packing::Rows } else { Packing::Columns };
    let order =
        if at.flag_or_false("reverse_pixels")? { BitOrder::HighFirst } else { BitOrder::LowFirst };
    let reverse_bytes = at.flag_or_false("reverse_bytes")?;
    match depth {
        1 => Ok(Format::OneBit(Packed { code: code(at, grayscale)?, packing, order })),
        2 => Ok(Format::TwoBits(Packed { code: code(at, grayscale)?, packing, order })),
        4 => Ok(Format::FourBits(Packed { code: code(at, grayscale)?, packing, order })),
        8 if !grayscale => Ok(Format::Rgb332(Rgb332)),
        8 if luma_bit(at, 0)? == 0 => Ok(Format::Gray8(Gray8)),
        8 => Err(at.place("grayscale_bit").unsupported("8 bits that are not all of the luma")),
        16 if reverse_bytes => Ok(Format::Rgb565(Rgb565)),
        16 => Ok(Format::Rgb565Le(Rgb565Le)),
        24 => Ok(Format::Bgr888(Bgr888)),
        32 => Ok(Format::Bgrx8888(Bgrx8888)),
        _ => Err(at.place("depth").refuse(format_args!("there is no depth of {depth} bits"))),
    }
}

fn luma_bit(at: &Cursor<'_>, default: u8) -> Result<u8> {
    at.integer_or("grayscale_bit", default, 0..=7)
}

/// The first that applies, in the reference's order.
fn code<const BITS: u8>(at: &Cursor<'_>, grayscale: bool) -> Result<AnyCode<BITS>> {
    if let Some(ink) = inks(at, "tricolor")? {
        let code = AnyCode::Plane(Tricolor { hue: hue(&ink)? }, (!grayscale).into());
        return check_bits(&ink, BITS, 1).map(|()| code);
    }
    if let Some(inks) = inks(at, "fourcolor")? {
        let code =
            AnyCode::FourColor(FourColor { hues: [hue(&inks.item(0)?)?, hue(&inks.item(1)?)?] });
        return check_bits(&inks, BITS, 2).map(|()| code);
    }
    if grayscale {
        return Ok(AnyCode::Luma(Luma { lowest_bit: luma_bit(at, 8 - BITS)? }));
    }
    for (name, code) in
        [("sixcolor", AnyCode::SixColor(SixColor)), ("sevencolor", AnyCode::SevenColor(SevenColor))]
    {
        if at.flag_or_false(name)? {
            return check_bits(&at.place(name), BITS, 4).map(|()| code);
        }
    }
    if BITS == 4 {
        return Ok(AnyCode::Rgbd(Rgbd));
    }
    Err(at
        .place("depth")
        .refuse(format_args!("no colors in {BITS} bits without grayscale or inks")))
}

/// Colours of inks, unless there are none: false or 0.
fn inks<'v>(at: &Cursor<'v>, name: &'v str) -> Result<Option<Cursor<'v>>> {
    let is_some = |inks: &Cursor<'_>| inks.flag() != Ok(false) && inks.integer(0..=0).is_err();
    Ok(at.optional(name)?.filter(is_some))
}

fn hue(at: &Cursor<'_>) -> Result<u8> {
    Ok(Rgb888::new(at.integer(0..=0xff_ffff)?).hue())
}

fn check_bits(at: &Cursor<'_>, bits: u8, needed: u8) -> Result<()> {
    if bits == needed {
        return Ok(());
    }
    Err(at.unsupported(format_args!("these inks in {bits} instead of {needed} bits")))
}
