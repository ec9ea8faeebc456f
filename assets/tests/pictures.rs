//! Pictures from files of every format, whole and damaged.
#![expect(clippy::unwrap_used, reason = "a failure to set up is a failed test")]

use std::io::Cursor;

use displayio_assets::{Picture, PictureError, image::Conversion, psnr};
use displayio_core::Size;
use image::{ImageFormat, RgbaImage};

fn photo() -> Picture {
    Picture::open(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/coffee.png")).unwrap()
}

/// The photo as a file of another format.
fn encoded(format: ImageFormat) -> Vec<u8> {
    let pixels = photo().pixels().as_flattened().to_vec();
    let image = image::DynamicImage::from(RgbaImage::from_raw(96, 64, pixels).unwrap());
    let mut file = Cursor::new(Vec::new());
    let image = if format == ImageFormat::Jpeg { image.to_rgb8().into() } else { image };
    image.write_to(&mut file, format).unwrap();
    file.into_inner()
}

#[test]
fn every_format_is_read() {
    for (format, least_decibels) in [
        (ImageFormat::Png, f64::INFINITY),
        (ImageFormat::Bmp, f64::INFINITY),
        (ImageFormat::Jpeg, 25.0),
        (ImageFormat::Gif, 25.0),
    ] {
        let picture = Picture::decode(&encoded(format)).unwrap();
        assert_eq!(picture.size(), Size::new(96, 64));
        assert!(psnr(&photo(), &picture).unwrap() >= least_decibels, "{format:?}");
    }
}

/// Any byte may be wrong, and a file may end anywhere: that gives a picture or an error.
#[test]
fn damaged_files_are_refused_or_read() {
    let indexed = Conversion { max_colors: Some(3), ..Conversion::default() };
    let bmp = indexed.convert(&photo()).unwrap().to_bmp();
    let files =
        [encoded(ImageFormat::Png), encoded(ImageFormat::Jpeg), encoded(ImageFormat::Gif), bmp];
    for file in files {
        assert!(Picture::decode(&file).is_ok(), "undamaged");
        for at in (0..file.len().min(120)).chain((120..file.len()).step_by(397)) {
            let _ = Picture::decode(&file[..at]);
            for flipped in [0x01, 0xff] {
                let mut damaged = file.clone();
                damaged[at] ^= flipped;
                let _ = Picture::decode(&damaged);
            }
        }
        assert!(Picture::decode(&file[..40]).is_err(), "no more than a header");
    }
    assert!(matches!(Picture::decode(b"GIF? no"), Err(PictureError::UnknownFormat)));
}

#[test]
fn sizes_are_checked() {
    let refused =
        |width, height, count| Picture::from_rgba(width, height, vec![[0; 4]; count]).is_err();
    assert!(refused(0, 1, 0) && refused(2, 2, 3) && refused(2, 2, 5));
    assert!(refused(u16::MAX, u16::MAX, 1) && photo().resized(65535, 513).is_err());
}

/// What cannot be seen lends its colour to nobody.
#[test]
fn transparent_pixels_do_not_bleed() {
    let [red, hidden_green] = [[255, 0, 0, 255], [0, 255, 0, 0]];
    let pixels = (0..64).map(|i| if i % 8 < 4 { red } else { hidden_green });
    let picture = Picture::from_rgba(8, 8, pixels.collect()).unwrap();
    for &[_, green, _, alpha] in picture.resized(5, 5).unwrap().pixels() {
        assert!(alpha == 0 || green == 0, "green {green} at alpha {alpha}");
    }
}
