//! What random arguments rarely meet, and what refusals say.

use displayio_core::{
    Area, BitmapError, Busy, Colorspace, Depth, PixelLayout, RawFormat, ReadIntoError, Region,
    Size, Skip, TooSmall, View,
};

use crate::picture::{Picture, drawn, on_heap};

/// A view may claim more bytes than there are; what is missing reads as 0, also where bytes are copied.
#[test]
fn blits_from_views_that_lack_bytes() {
    let before = Picture::from_fn((8, 2), Depth::Bpp8, |_, _| 7);
    let view = View::new(&[9; 8], 8, before.size, PixelLayout::Packed(Depth::Bpp8));
    let after = drawn(&before, |b| {
        b.blit(&view, Region::of_size(before.size), (0, 0), Skip::NONE).unwrap();
    });
    assert_eq!(after.rows(), ["99999999", "........"]);
}

#[test]
fn columns_beyond_the_range_of_areas_are_drawn() {
    let before = Picture::from_fn((65_535, 1), Depth::Bpp1, |x, _| u32::from(x == 65_000));
    let after = drawn(&before, |b| b.replace_color(1, 0).unwrap());
    assert_eq!(after.get(65_000, 0), Some(0));
    let copied = drawn(&before, |b| {
        let region = Region { x: 64_990, y: 0, size: Size::new(20, 1) };
        b.copy_within(region, (32_760, 0), Skip::NONE).unwrap();
    });
    assert_eq!((copied.get(32_770, 0), copied.get(65_000, 0)), (Some(1), Some(1)));
    assert_eq!(copied.written, Area::of_size(before.size), "no area names its end: all is marked");
}

#[test]
fn a_source_that_is_being_changed_is_busy() {
    let blank = Picture::from_fn((4, 4), Depth::Bpp4, |_, _| 0);
    on_heap(|heap| {
        let [(dest, _), (source, _)] = [(); 2].map(|()| blank.bitmap_in(heap));
        let blit = || dest.blit(&source, Region::of_size(blank.size), (0, 0), Skip::NONE);
        let outcome = source.edit(Area::EMPTY, |_| blit()).unwrap();
        assert_eq!(outcome, Err(BitmapError::Busy(Busy::Viewed)));
        assert_eq!(blit(), Ok(()));
    });
}

#[test]
fn messages_name_the_numbers() {
    let (needed, given) = (Size::new(4, 5), Size::new(6, 7));
    let scratch = TooSmall { needed_bytes: 9, given_bytes: 8 };
    for (error, message) in [
        (
            BitmapError::SourceTooDeep { needed_bits: 24, bits: 8 },
            "source values need 24 bits, pixels have 8",
        ),
        (BitmapError::SizeMismatch { needed, given }, "a source of 6x7 pixels, 4x5 needed"),
        (
            BitmapError::WrongColorspace { colorspace: Colorspace::L8, bits: 16 },
            "pixels of 16 bits as colours of L8",
        ),
        (BitmapError::TooFewValues { needed: 9, given: 8 }, "8 values for 9 pixels"),
        (BitmapError::Scratch(scratch), "buffer too small: 9 bytes needed, 8 given"),
    ] {
        assert_eq!(error.to_string(), message);
    }
    let format = RawFormat { element_bytes: 2, ..RawFormat::new(24) };
    for (error, message) in [
        (ReadIntoError::UnknownFormat(format), "24 bits per pixel in elements of 2 bytes"),
        (ReadIntoError::UnexpectedEnd { rows: 3 }, "stream ended after 3 rows"),
        (
            ReadIntoError::Read { rows: 3, error: "no card" },
            "stream failed after 3 rows: \"no card\"",
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

#[test]
fn views_that_claim_too_much_read_as_nothing() {
    let size = Size::new(4, 4);
    let view = View::new(&[9; 8], usize::MAX, size, PixelLayout::Packed(Depth::Bpp8));
    let before = Picture::from_fn((4, 4), Depth::Bpp8, |_, _| 7);
    let after = drawn(&before, |b| {
        b.blit(&view, Region::of_size(size), (0, 0), Skip::NONE).unwrap();
    });
    assert_eq!(after.rows()[..1], ["...."]);
}
