//! Small pictures that the reference draws, as text.

use displayio_core::{
    Area, Bitmap, Blend, BlendMode, Colorspace, Depth, Diffusion, Region, Rotozoom, Size, Skip,
};

use crate::picture::{Picture, drawn, on_heap};

fn blank(width: u16, height: u16) -> Picture {
    Picture::from_fn((width, height), Depth::Bpp4, |_, _| 0)
}

#[test]
fn lines_and_outlines() {
    let line = |(width, height), from, to| {
        drawn(&blank(width, height), |b| b.draw_line(from, to, 1).unwrap())
    };
    let falling = line((12, 8), (1, 1), (10, 5));
    assert_eq!(
        falling.rows()[1..6],
        [".11.........", "...11.......", ".....11.....", ".......11...", ".........11."]
    );
    assert_eq!(falling.written, Area::new(1, 1, 11, 6));
    let steep = line((8, 10), (5, 0), (2, 9));
    assert_eq!(steep.written, Area::new(2, 0, 6, 10));
    let columns: Vec<_> = steep.rows().iter().map(|row| row.find('1')).collect();
    assert_eq!(columns, [5, 5, 4, 4, 4, 3, 3, 3, 2, 2].map(Some));
    let triangle = drawn(&blank(12, 9), |b| {
        b.draw_polygon(&[(1, 1), (10, 3), (5, 7)], 1, true).unwrap();
    });
    assert_eq!(
        triangle.rows()[1..8],
        [
            ".111........",
            "..1.1111....",
            "..1.....111.",
            "...1.....1..",
            "....1..11...",
            "....1.1.....",
            ".....1......"
        ]
    );
    let circle = drawn(&blank(13, 13), |b| b.draw_circle((6, 6), 5, 1).unwrap());
    let half = ["....11111....", "...1.....1...", "..1.......1..", ".1.........1."];
    assert_eq!(circle.rows()[1..5], half);
    assert_eq!(circle.written, Area::new(1, 1, 12, 12), "the reference misses the last ones");
}

/// Falling lines of zeros between other values.
fn stripes() -> Picture {
    Picture::from_fn(
        (8, 6),
        Depth::Bpp4,
        |x, y| {
            if (x + y) % 3 == 0 { 0 } else { 1 + (x + 2 * y) % 9 }
        },
    )
}

fn rotozoom(options: Rotozoom) -> Picture {
    on_heap(|heap| {
        let (sprite, _) = stripes().bitmap_in(heap);
        drawn(&blank(16, 14), |b| b.rotozoom(&sprite, &options).unwrap())
    })
}

#[test]
fn turned_by_30_degrees() {
    let to = Rotozoom { scale: 1.5, ..Rotozoom::turned(core::f32::consts::FRAC_PI_6) };
    let places = Rotozoom { to: Some((8, 7)), pivot: Some((4, 3)), ..to };
    for options in [to, places] {
        let picture = rotozoom(options);
        assert_eq!(
            picture.rows(),
            [
                "................",
                "................",
                "....33223.......",
                "....534.3.......",
                "...55.4...55....",
                "....8.7766766...",
                "..9988988.7...88",
                "..91199.8.1.998.",
                ".22...3.2212211.",
                "....4434433.2...",
                ".....55.4.6.55..",
                "........7.675...",
                "........78877...",
                "................"
            ]
        );
        assert_eq!(picture.written, Area::new(1, 1, 16, 14), "the reference's box is larger");
    }
}

#[test]
fn turned_by_90_degrees_within_clips() {
    let picture = rotozoom(Rotozoom {
        scale: 2.0,
        clip: Some(Area::new(2, 2, 14, 12)),
        source_clip: Some(Area::new(1, 1, 7, 5)),
        skip: Some(0),
        ..Rotozoom::turned(core::f32::consts::FRAC_PI_2)
    });
    assert_eq!(
        picture.rows()[2..12],
        [
            ".....1188..44...",
            ".......9977.....",
            ".......9977.....",
            ".....33..8866...",
            ".....33..8866...",
            ".....4422..77...",
            ".....4422..77...",
            ".......3311.....",
            ".......3311.....",
            ".....66..2299..."
        ]
    );
    assert_eq!(picture.written, Area::new(5, 2, 13, 12));
}

#[test]
fn a_bitmap_onto_itself() {
    let before = Picture::from_fn((10, 6), Depth::Bpp4, |x, y| (x + 10 * y) % 15 + 1);
    let region = Region::of_size(Size::new(6, 4));
    let after = drawn(&before, |b| b.copy_within(region, (2, 1), Skip::NONE).unwrap());
    let expected = "123456789a bc12345645 67bcdef1ef 126789ab9a bc12345645 6789abcdef";
    assert_eq!(after.values, Picture::from_rows(expected, Depth::Bpp4).values);
    assert_eq!(after.written, Area::new(2, 1, 8, 5));
}

#[test]
fn a_blit_with_both_skips() {
    let dest = Picture::from_fn((8, 6), Depth::Bpp4, |x, _| x % 3);
    let region = Region { x: 1, y: 1, size: Size::new(6, 4) };
    let skip = Skip { source: Some(0), dest: Some(2) };
    let after = on_heap(|heap| {
        let (source, _) = stripes().bitmap_in(heap);
        drawn(&dest, |b| b.blit(&source, region, (3, 1), skip).unwrap())
    });
    assert_eq!(
        after.rows(),
        [".12.12.1", ".1241271", ".12.72.1", ".1289223", ".1211241", ".12.12.1"]
    );
    assert_eq!(after.written, Area::new(3, 1, 8, 5));
}

#[test]
fn values_from_an_array() {
    let values = [1_u16, 2, 31, 4, 5, 6, 7, 8, 9];
    let area = Area::new(1, 1, 4, 4);
    let after = drawn(&blank(6, 5), |b| b.array_blit(area, &values, Some(5)).unwrap());
    assert_eq!(after.rows()[1..4], [".12f..", ".4.6..", ".789.."]);
    assert_eq!(after.written, area);
}

#[test]
fn dithered_grey() {
    let grey = Picture::from_fn((16, 6), Depth::Bpp8, |x, y| 16 * x + 3 * y);
    let atkinson = [
        ".......##.######",
        "........##.#####",
        ".....##..#######",
        ".......##.#.####",
        "....#..##.######",
        ".....#..##.#####",
    ];
    let floyd_steinberg = [
        "......#.#.######",
        "....#..#.##.#.##",
        "...#..#.#.######",
        ".....#.#.#.#.###",
        "..#...#.#.######",
        ".....#.#.###.###",
    ];
    for (diffusion, expected) in
        [(Diffusion::Atkinson, atkinson), (Diffusion::FloydSteinberg, floyd_steinberg)]
    {
        for depth in Depth::ALL {
            let after = on_heap(|heap| {
                let (grey, _) = grey.bitmap_in(heap);
                let before = Picture::from_fn((16, 6), depth, |x, _| x);
                drawn(&before, |b| {
                    let scratch = &mut [-1; Bitmap::dither_scratch_len(16)];
                    b.dither(&grey, Colorspace::L8, diffusion, scratch).unwrap();
                })
            });
            let white = depth.max_value();
            let values = expected.iter().flat_map(|row| row.bytes());
            let values: Vec<_> = values.map(|c| if c == b'#' { white } else { 0 }).collect();
            assert_eq!(after.values, values, "{diffusion:?} to {depth:?}");
        }
    }
}

const FIRST: [u32; 8] = [0xffff, 0xf800, 0x07e0, 0x001f, 0x8410, 0x1234, 0xffff, 0x0000];
const SECOND: [u32; 8] = [0x0000, 0x001f, 0xf800, 0x07e0, 0xffff, 0xfedc, 0xffff, 0x0000];

/// Mixed pixels from a row of each picture.
fn mixed<const N: usize>(
    rows: [[u32; N]; 2],
    mask: Option<[u32; N]>,
    colorspace: Colorspace,
    options: Blend<'_>,
) -> Vec<u32> {
    let depth = if colorspace == Colorspace::L8 { Depth::Bpp8 } else { Depth::Bpp16 };
    let row = |depth, values: [u32; N]| {
        Picture::new(Size::new(u16::try_from(N).unwrap(), 1), depth, values)
    };
    on_heap(|heap| {
        let [(first, _), (second, _)] = rows.map(|values| row(depth, values).bitmap_in(heap));
        let (mask_bitmap, _) = row(Depth::Bpp8, mask.unwrap_or([0; N])).bitmap_in(heap);
        let after = drawn(&row(depth, [0; N]), |b| {
            let blended = mask_bitmap.read(|view| {
                let options = Blend { mask: mask.map(|_| view), ..options };
                b.alpha_blend(&first, &second, colorspace, &options)
            });
            blended.unwrap().unwrap();
        });
        after.values
    })
}

#[test]
fn blended_colors() {
    let normal = BlendMode::Normal;
    let screen = BlendMode::Screen;
    #[rustfmt::skip]
    let rows = [
        (normal, 128, 128, [0x52aa, 0x5014, 0xa2a0, 0x054a, 0xd69a, 0xad39, 0xffff, 0],
                           [0x7fff, 0xd004, 0x3de0, 0x02b4, 0xb5b6, 0x8c98, 0xffff, 0]),
        (normal,  64, 192, [0x1082, 0x101c, 0xe080, 0x0742, 0xef9d, 0xe67b, 0xffff, 0],
                           [0x3fff, 0xa009, 0x7bc0, 0x050a, 0xdefb, 0xcdfa, 0xf7de, 0]),
        (normal, 204, 102, [0x8450, 0x800e, 0x7440, 0x0390, 0xb5d6, 0x7c37, 0xf7de, 0],
                           [0xc7fe, 0xe002, 0x26c0, 0x0198, 0xa514, 0x5bb6, 0xf7de, 0]),
        (screen, 128, 128, [0xa554, 0xa014, 0xa540, 0x0554, 0xd69a, 0xad5a, 0xffff, 0],
                           [0x7fff, 0xe004, 0x3ee0, 0x02b9, 0xb5b6, 0x8c98, 0xffff, 0]),
        (screen,  64, 192, [0x4a69, 0x481c, 0xe260, 0x0749, 0xef9d, 0xe67b, 0xffff, 0],
                           [0x3fff, 0xb809, 0x7cc0, 0x050f, 0xdefb, 0xcdfb, 0xffdf, 0]),
        (screen, 204, 102, [0xe73c, 0xe00e, 0x7720, 0x039c, 0xb5d6, 0x7c58, 0xffff, 0],
                           [0xc7fe, 0xf002, 0x27a0, 0x019d, 0xa514, 0x5bb7, 0xffff, 0]),
    ];
    let mask = [0, 36, 72, 108, 144, 180, 216, 252];
    for (mode, factor1, factor2, plain, masked) in rows {
        let options = Blend { mode, factor1, factor2, ..Blend::default() };
        let swap = |values: [u32; 8]| values.map(|v| u32::from((v as u16).swap_bytes()));
        for (mask, expected) in [(None, plain), (Some(mask), masked)] {
            let of = |rows, colorspace| mixed(rows, mask, colorspace, options);
            assert_eq!(of([FIRST, SECOND], Colorspace::Rgb565), expected, "{options:?}");
            assert_eq!(of([FIRST, SECOND], Colorspace::Bgr565), expected, "{options:?}");
            let swapped = of([swap(FIRST), swap(SECOND)], Colorspace::Rgb565Swapped);
            assert_eq!(swapped, swap(expected), "{options:?}");
        }
    }
}

#[test]
fn blended_greys() {
    let rows = [[0, 255, 128, 10, 200, 255, 0, 77], [255, 0, 128, 240, 200, 255, 0, 33]];
    for (mode, expected) in [
        (BlendMode::Normal, [170, 85, 128, 163, 200, 255, 0, 47]),
        (BlendMode::Screen, [170, 170, 149, 163, 214, 255, 0, 70]),
    ] {
        let options = Blend { mode, ..Blend::default() };
        assert_eq!(mixed(rows, None, Colorspace::L8, options), expected, "{mode:?}");
    }
    // The reference's rows go out of step after a skipped pixel.
    let options = Blend { skip1: Some(0), ..Blend::default() };
    assert_eq!(mixed(rows, None, Colorspace::L8, options), [127, 85, 128, 163, 200, 255, 0, 47]);
}
