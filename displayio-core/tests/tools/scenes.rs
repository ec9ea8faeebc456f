//! Operations of the reference's recorded scenes, with the checksums of what they draw.

use displayio_core::{
    Area, Bitmap, Blend, BlendMode, Colorspace, Depth, Diffusion, RawFormat, Region, Rotozoom,
    Size, Skip,
};

use crate::picture::{Picture, drawn, on_heap};

const SPRITE: &str = "1111033333333 1110143333330 1101144333303 2022244433033 0222244440333 \
                      2222244404333 2222244044433 2222240444453 2222204444455";

/// Sums of sines, in RGB565.
fn plasma() -> Picture {
    let bytes = include_bytes!("plasma_48x32.rgb565");
    let values = bytes.chunks_exact(2).map(|b| u16::from_le_bytes([b[0], b[1]]).into());
    Picture::new(Size::new(48, 32), Depth::Bpp16, values)
}

/// Stripes of red and of green, with some blue, in RGB565.
fn stripes() -> Picture {
    Picture::from_fn((48, 32), Depth::Bpp16, |x, y| {
        let red = if x / 6 % 2 == 1 { 0xf800 } else { 0x3000 };
        let green = if y / 5 % 2 == 1 { 0x07e0 } else { 0x0120 };
        red + green + (x * y) % 32
    })
}

fn check(name: &str, picture: &Picture, crc32: u32) {
    assert_eq!(picture.crc32(), crc32, "{name}:\n{}", picture.rows().join("\n"));
}

#[test]
fn fill_replace() {
    let before = Picture::from_fn((40, 30), Depth::Bpp4, |x, y| (x / 4 + y / 4) % 5);
    let after = drawn(&before, |b| {
        b.fill_region(Area::new(3, 4, 30, 20), 7).unwrap();
        b.fill_region(Area::new(20, 10, 40, 30), 2).unwrap();
        b.replace_color(2, 12).unwrap();
        b.replace_color(4, 13).unwrap();
    });
    check("fill_replace", &after, 0xd10a_c2ed);
}

#[test]
fn boundary_fill() {
    let before = Picture::from_fn((64, 48), Depth::Bpp4, |_, _| 0);
    let after = drawn(&before, |b| {
        let mut scratch = [0; Bitmap::fill_scratch_bytes(64, 48)];
        b.draw_circle((20, 20), 15, 5).unwrap();
        b.draw_polygon(&[(30, 8), (60, 12), (45, 44)], 6, true).unwrap();
        b.boundary_fill((20, 20), 9, None, &mut scratch).unwrap();
        b.boundary_fill((46, 20), 11, Some(0), &mut scratch).unwrap();
        b.boundary_fill((0, 47), 2, None, &mut scratch).unwrap();
    });
    check("boundary_fill", &after, 0x4661_d1dd);
}

#[test]
fn blit() {
    let before = Picture::from_fn((64, 48), Depth::Bpp4, |x, y| 8 - (x / 5 + y / 5) % 2);
    let whole = Region::of_size(Size::new(13, 9));
    let after = on_heap(|heap| {
        let (sprite, _) = Picture::from_rows(SPRITE, Depth::Bpp4).bitmap_in(heap);
        drawn(&before, |b| {
            let blit = |region, to, skip| b.blit(&sprite, region, to, skip).unwrap();
            let region = |x, y, width, height| Region { x, y, size: Size::new(width, height) };
            blit(whole, (2, 2), Skip::NONE);
            blit(whole, (18, 2), Skip { source: Some(0), dest: None });
            blit(whole, (34, 2), Skip { source: None, dest: Some(7) });
            blit(region(4, 2, 7, 6), (2, 14), Skip::NONE);
            blit(whole, (58, 42), Skip::NONE);
            b.copy_within(region(0, 0, 30, 22), (20, 20), Skip::NONE).unwrap();
            b.copy_within(region(4, 26, 30, 20), (0, 30), Skip::NONE).unwrap();
        })
    });
    check("blit", &after, 0xe020_0260);
}

#[test]
fn arrayblit() {
    let before = Picture::from_fn((32, 24), Depth::Bpp4, |_, _| 3);
    let after = drawn(&before, |b| {
        let sevens: Vec<u8> = (0..80).map(|i| i % 16 * 7 % 16).collect();
        let threes: Vec<u32> = (0..60).map(|i| i * 3 % 16).collect();
        b.array_blit(Area::new(4, 5, 14, 13), &sevens, None).unwrap();
        b.array_blit(Area::new(18, 2, 30, 7), &threes, Some(6)).unwrap();
    });
    check("arrayblit", &after, 0x9371_29d7);
}

#[test]
fn rotozoom() {
    // Angle, scale, whether 0 is skipped, whether the pivot is (2, 7), whether the source is clipped.
    let turns = [
        (0.0, 0.8, false, true, false),
        (0.4, 0.97, true, false, false),
        (0.8, 1.14, false, false, true),
        (1.2, 1.31, true, true, false),
        (1.6, 1.48, false, false, false),
        (2.0, 1.65, true, false, false),
        (2.4, 1.82, false, true, false),
        (2.8, 1.99, true, false, true),
        (3.2, 2.16, false, false, false),
        (3.6, 2.33, true, true, false),
        (4.0, 2.5, false, false, false),
        (4.4, 2.67, true, false, false),
    ];
    let before = Picture::from_fn((128, 96), Depth::Bpp4, |_, _| 0);
    let after = on_heap(|heap| {
        let (sprite, _) = Picture::from_rows(SPRITE, Depth::Bpp4).bitmap_in(heap);
        drawn(&before, |b| {
            for ((angle, scale, skip, pivot, clip), i) in turns.into_iter().zip(0..) {
                let options = Rotozoom {
                    scale,
                    to: Some((18 + i % 4 * 30, 18 + i / 4 * 30)),
                    pivot: pivot.then_some((2, 7)),
                    source_clip: clip.then_some(Area::new(2, 1, 11, 8)),
                    skip: skip.then_some(0),
                    ..Rotozoom::turned(angle)
                };
                b.rotozoom(&sprite, &options).unwrap();
            }
        })
    });
    check("rotozoom", &after, 0x61a4_a2f2);
}

#[test]
fn alphablend() {
    let ramp = Picture::from_fn((48, 32), Depth::Bpp8, |x, _| (6 * x).min(255));
    on_heap(|heap| {
        let [(first, _), (second, _), (mask, _)] =
            [plasma(), stripes(), ramp].map(|picture| picture.bitmap_in(heap));
        let check_blend = |name, colorspace, options: Blend<'_>, crc32| {
            let before = Picture::from_fn((48, 32), Depth::Bpp16, |_, _| 0);
            let after = drawn(&before, |b| {
                b.alpha_blend(&first, &second, colorspace, &options).unwrap();
            });
            check(name, &after, crc32);
        };
        let rgb = Colorspace::Rgb565;
        let factors = |factor1, factor2| Blend { factor1, factor2, ..Blend::default() };
        check_blend("half", rgb, Blend::default(), 0x5a45_f9c5);
        check_blend("quarter", rgb, factors(64, 192), 0x840b_e3da);
        let screen = Blend { mode: BlendMode::Screen, ..factors(204, 230) };
        // A product overflows 32 bits in the reference at 388 of the pixels; here it is right.
        check_blend("screen", rgb, screen, 0xfa8e_e0fe);
        let skips = Blend { skip1: Some(16904), skip2: Some(65521), ..factors(102, 153) };
        check_blend("skips", rgb, skips, 0x0a7d_06bc);
        mask.read(|view| {
            let masked = Blend { mask: Some(view), ..factors(256, 256) };
            check_blend("mask", rgb, masked, 0x4757_f431);
        })
        .unwrap();
        check_blend("swapped", Colorspace::Rgb565Swapped, factors(76, 179), 0x69d7_789b);
    });
}

#[test]
fn dither() {
    on_heap(|heap| {
        let (source, _) = plasma().bitmap_in(heap);
        let before = Picture::from_fn((48, 32), Depth::Bpp16, |_, _| 0);
        for (name, colorspace, diffusion, crc32) in [
            ("atkinson", Colorspace::Rgb565, Diffusion::Atkinson, 0x7d3c_61ce),
            ("floyd", Colorspace::Rgb565, Diffusion::FloydSteinberg, 0x37cd_79b8),
            ("bgr", Colorspace::Bgr565, Diffusion::Atkinson, 0xf99c_460f),
        ] {
            let after = drawn(&before, |b| {
                let scratch = &mut [0; Bitmap::dither_scratch_len(48)];
                b.dither(&source, colorspace, diffusion, scratch).unwrap();
            });
            check(name, &after, crc32);
        }
    });
}

#[test]
fn readinto() {
    let four = RawFormat::new(4);
    let sixteen = RawFormat { element_bytes: 2, big_endian: true, ..RawFormat::new(16) };
    let (raw4, raw16be) = (&include_bytes!("raw4.bin")[..], &include_bytes!("raw16be.bin")[..]);
    for (name, mut bytes, format, depth, crc32) in [
        ("high bits", raw4, RawFormat { high_bits_first: true, ..four }, Depth::Bpp4, 0x2012_55db),
        ("upwards", raw4, RawFormat { bottom_up: true, ..four }, Depth::Bpp4, 0x561b_cc8a),
        ("big endian", raw16be, sixteen, Depth::Bpp16, 0x35e3_0df9),
    ] {
        let before = Picture::from_fn((24, 16), depth, |_, _| 1);
        let after = drawn(&before, |b| b.read_into(&mut bytes, format).unwrap());
        check(name, &after, crc32);
    }
}
