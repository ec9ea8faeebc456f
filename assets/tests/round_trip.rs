//! What is written is what the display stack reads, pixel by pixel.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a failure to set up is a failed test")]

use displayio_assets::{
    Picture,
    image::{Conversion, ConvertError, Converted, Dither, TRANSPARENT_KEY, Transparency},
    tiles::{TileSet, TilesError},
};
use displayio_core::{
    BmpImage, Depth, FlashPalette, Image, OnDiskBitmap, PixelFormat, PixelLayout, PixelSource,
    Region, Rgb565, Rgb888, Size, SliceFile, TileMap, Tiles,
};

#[expect(unreachable_pub, reason = "made for a module that is")]
mod made {
    include!("data/ship.rs");
    include!("data/level.rs");
}

const DITHERS: [Option<Dither>; 4] =
    [None, Some(Dither::None), Some(Dither::FloydSteinberg), Some(Dither::Ordered)];

fn data(name: &str) -> Picture {
    Picture::open(format!("{}/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// All values of a source, pixel by pixel.
fn values(source: &impl PixelSource) -> Vec<u32> {
    let Size { width, height } = source.size();
    let value = |x, y| {
        let region = Region { x, y, size: Size::new(1, 1) };
        let (left, top) = (usize::from(x), usize::from(y));
        let is_whole = |view: displayio_core::View<'_>| view.size == source.size();
        source
            .view(region, |view| if is_whole(view) { view.get(left, top) } else { view.get(0, 0) })
    };
    let positions = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    positions.map(|(x, y)| value(x, y).unwrap()).collect()
}

/// An image in flash of what was converted.
fn image(converted: &Converted) -> Image {
    let Size { width, height } = converted.size();
    Image::new(width, height, converted.depth(), converted.bytes().leak())
}

fn conversion(depth: Depth) -> Conversion {
    Conversion { depth: Some(depth), ..Conversion::default() }
}

#[test]
fn images_in_flash_read_as_they_were_converted() {
    for name in ["ship.png", "coffee.png"] {
        for depth in Depth::ALL {
            for dither in DITHERS {
                let picture = data(name);
                let converted =
                    Conversion { dither, ..conversion(depth) }.convert(&picture).unwrap();
                assert_eq!(converted.depth(), depth);
                assert_eq!(values(&image(&converted)), converted.values(), "{name}, {depth:?}");
            }
        }
    }
}

#[track_caller]
fn check_bmp(converted: &Converted) {
    let file = converted.to_bmp();
    let bmp = BmpImage::new(&file).unwrap();
    let expected: Vec<u32> = match bmp.layout() {
        // Widened with zeros, as the display stack reads it.
        PixelLayout::Rgb565 => {
            let widen = |v: &u32| (v & 0xf800) << 8 | (v & 0x07e0) << 5 | (v & 0x1f) << 3;
            converted.values().iter().map(widen).collect()
        }
        PixelLayout::Packed(_) | PixelLayout::Bgr24 => converted.values().to_vec(),
        layout => panic!("{layout:?} is not written"),
    };
    assert_eq!(values(&bmp), expected, "from flash");
    let mut buffer = [0; 512];
    let on_disk = OnDiskBitmap::from_buffer(SliceFile::new(&file), &mut buffer).unwrap();
    assert_eq!(values(&on_disk), expected, "from storage");
    let mut palette = Vec::new();
    on_disk.for_each_color(|_, color| palette.push(color)).unwrap();
    let named = palette.get(..converted.palette().len());
    assert_eq!(named, Some(converted.palette()), "colours");
}

#[test]
fn bmp_files_read_as_they_were_converted() {
    for name in ["ship.png", "coffee.png"] {
        for depth in Depth::ALL {
            check_bmp(&conversion(depth).convert(&data(name)).unwrap());
        }
    }
}

/// Widths on either side of the four bytes that rows are padded to; and one colour, which readers take for none.
#[test]
fn bmp_files_of_any_width() {
    for width in 1..=33 {
        let pixels = (0..width * 3).map(|i| [[0, 40, 80, 255], [250, 9, 9, 255]][i % 3 % 2]);
        let picture =
            Picture::from_rgba(u16::try_from(width).unwrap(), 3, pixels.collect()).unwrap();
        Depth::ALL
            .iter()
            .for_each(|&depth| check_bmp(&conversion(depth).convert(&picture).unwrap()));
    }
    let dot = Picture::from_rgba(1, 1, vec![[1, 2, 3, 255]]).unwrap();
    check_bmp(&Conversion::default().convert(&dot).unwrap());
}

/// Another reader sees the colours that were meant.
#[test]
fn bmp_files_read_by_others() {
    for depth in [Depth::Bpp1, Depth::Bpp4, Depth::Bpp8, Depth::Bpp16, Depth::Bpp32] {
        let converted = conversion(depth).convert(&data("coffee.png")).unwrap();
        let read = image::load_from_memory(&converted.to_bmp()).unwrap().into_rgb8();
        let seen: Vec<_> = read.pixels().map(|pixel| pixel.0).collect();
        let meant: Vec<_> = converted.colors().map(|color| color.unwrap().channels()).collect();
        // Five bits are widened to eight by repetition or by rounding.
        let is_equal = |(a, b): (&u8, &u8)| a.abs_diff(*b) <= u8::from(depth == Depth::Bpp16);
        let mut channels = seen.as_flattened().iter().zip(meant.as_flattened());
        assert!(seen.len() == meant.len() && channels.all(is_equal), "{depth:?}");
    }
}

/// The source in `tests/data` is compiled into this test; `displayio-assets image ship.png -o ship.rs` makes it anew.
#[test]
fn rust_source_compiles_to_the_picture() {
    static PALETTE: FlashPalette<Rgb565> =
        FlashPalette::new(&Rgb565.raws(made::SHIP_COLORS)).with_transparent(made::SHIP_TRANSPARENT);
    let ship = Conversion::default().convert(&data("ship.png")).unwrap();
    assert_eq!(values(&made::SHIP), ship.values());
    assert_eq!(made::SHIP_COLORS.map(Rgb888::new), ship.palette());
    assert_eq!(made::SHIP_TRANSPARENT.map(u32::from), ship.transparent());
    let raws = (0..7).map(|index| PALETTE.raw(index)).map(Option::unwrap);
    assert!(raws.eq(ship.palette().iter().map(|color| Rgb565.raw(*color))), "of RGB565");
    assert!(include_str!("data/ship.rs").contains(&ship.to_rust("SHIP")), "source has changed");
}

#[test]
fn few_colours_are_kept_exactly() {
    let picture = data("ship.png");
    let ship = Conversion::default().convert(&picture).unwrap();
    assert!(ship.is_exact());
    assert_eq!((ship.depth(), ship.palette().len(), ship.transparent()), (Depth::Bpp4, 7, Some(0)));
    for (shown, original) in ship.to_picture().pixels().iter().zip(picture.pixels()) {
        let is_opaque = original[3] >= 128;
        assert_eq!(shown[3] == 255, is_opaque);
        assert!(!is_opaque || shown[..3] == original[..3], "{shown:?} for {original:?}");
    }
    assert!(!conversion(Depth::Bpp2).convert(&picture).unwrap().is_exact());
    assert!(conversion(Depth::Bpp32).convert(&data("coffee.png")).unwrap().is_exact());
}

#[test]
fn pixels_are_transparent_where_the_options_say() {
    let picture = data("ship.png");
    let transparent_count = |transparency, depth| {
        let conversion = Conversion { transparency, depth: Some(depth), ..Conversion::default() };
        let converted = conversion.convert(&picture).unwrap();
        converted.colors().filter(Option::is_none).count()
    };
    for depth in [Depth::Bpp4, Depth::Bpp16, Depth::Bpp32] {
        let count = |transparency| transparent_count(transparency, depth);
        assert_eq!(count(Transparency::Opaque), 0);
        assert_eq!(count(Transparency::default()), 80);
        assert_eq!(count(Transparency::Alpha { opaque_from: 201 }), 83);
        assert_eq!(count(Transparency::Color(Rgb888::new(0xff_8020))), 1);
    }
}

/// The key of transparent pixels is a value that no visible pixel has.
#[test]
fn visible_pixels_do_not_vanish() {
    let [red, green, blue] = TRANSPARENT_KEY.channels();
    let pixels = vec![[red, green, blue, 255], [0; 4]];
    let picture = Picture::from_rgba(2, 1, pixels).unwrap();
    for depth in Depth::ALL {
        let converted = conversion(depth).convert(&picture).unwrap();
        assert_eq!(converted.colors().collect::<Vec<_>>(), [Some(TRANSPARENT_KEY), None]);
    }
}

#[test]
fn one_palette_serves_several_pictures() {
    let pictures = [&data("ship.png"), &data("level.png")];
    let converted = Conversion::default().convert_all(&pictures).unwrap();
    assert_eq!(converted[0].palette(), converted[1].palette());
    assert!(converted.iter().all(Converted::is_exact), "12 colours");
    let narrow = Conversion { max_colors: Some(5), ..Conversion::default() };
    let narrow = narrow.convert_all(&pictures).unwrap();
    assert_eq!(narrow.iter().map(|c| c.palette().len()).collect::<Vec<_>>(), [5, 5]);
}

#[test]
fn given_palettes_keep_their_order() {
    let palette = vec![Rgb888::WHITE, TRANSPARENT_KEY, Rgb888::BLACK];
    let conversion = Conversion { palette: Some(palette.clone()), ..Conversion::default() };
    let ship = conversion.convert(&data("ship.png")).unwrap();
    assert_eq!((ship.palette(), ship.transparent()), (&palette[..], Some(1)));
    assert!(ship.colors().all(|color| color != Some(TRANSPARENT_KEY)));
}

#[test]
fn what_cannot_be_converted_is_refused() {
    let ship = data("ship.png");
    let with_colors =
        |max_colors| Conversion { max_colors, ..Conversion::default() }.convert(&ship);
    assert_eq!(with_colors(Some(1)).unwrap_err(), ConvertError::ColorCount(1));
    assert_eq!(with_colors(Some(257)).unwrap_err(), ConvertError::ColorCount(257));
    let with_palette = |colors: Vec<Rgb888>, depth| {
        let conversion = Conversion { palette: Some(colors), depth, ..Conversion::default() };
        conversion.convert(&ship).unwrap_err()
    };
    assert_eq!(with_palette(vec![], None), ConvertError::ColorCount(0));
    assert_eq!(
        with_palette(vec![Rgb888::BLACK; 3], Some(Depth::Bpp1)),
        ConvertError::PaletteTooLarge { colors: 3, max_colors: 2 }
    );
    assert_eq!(
        with_palette(vec![Rgb888::BLACK], None),
        ConvertError::NoTransparentEntry { key: TRANSPARENT_KEY }
    );
}

/// The picture again, tile by tile.
fn reassembled(tiles: &TileSet) -> Vec<u32> {
    let (tile, sheet) = (tiles.tile_size(), tiles.sheet());
    let (tile_width, tile_height) = (usize::from(tile.width), usize::from(tile.height));
    let (columns, rows) = tiles.cells();
    let cells = tiles.map_bytes();
    let map = TileMap::from_slice(columns, rows, &cells).unwrap();
    let sheet_values = values(&image(sheet));
    let sheet_width = usize::from(sheet.size().width);
    let value = |x: usize, y: usize| {
        let cell = |at: usize, side: usize| u16::try_from(at / side).unwrap();
        let number: usize = map.get(cell(x, tile_width), cell(y, tile_height)).unwrap().into();
        let per_row = sheet_width / tile_width;
        let left = number % per_row * tile_width + x % tile_width;
        let top = number / per_row * tile_height + y % tile_height;
        sheet_values[top * sheet_width + left]
    };
    let (width, height) = (usize::from(columns) * tile_width, usize::from(rows) * tile_height);
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| value(x, y)).collect()
}

#[test]
fn tiles_make_up_the_picture() {
    for name in ["level.png", "coffee.png"] {
        let converted = Conversion::default().convert(&data(name)).unwrap();
        for side in [4, 8, 16] {
            let tiles = TileSet::cut(&converted, Size::new(side, 16)).unwrap();
            assert!(!tiles.is_wide());
            assert_eq!(reassembled(&tiles), converted.values(), "{name}, {side}");
        }
    }
}

/// `displayio-assets image level.png -o level.rs --bin --tiles 8x8` makes the source anew.
#[test]
fn rust_source_of_tiles_compiles() {
    let level = Conversion::default().convert(&data("level.png")).unwrap();
    let tiles = TileSet::cut(&level, Size::new(8, 8)).unwrap();
    assert_eq!(values(&made::LEVEL), tiles.sheet().values());
    assert_eq!(made::LEVEL_INDICES[..], tiles.map_bytes());
    assert_eq!(made::LEVEL_MAP.cells(), made::LEVEL_CELLS);
    assert_eq!(made::LEVEL_MAP.get(7, 5), made::LEVEL_INDICES.last().map(|&tile| tile.into()));
    assert_eq!((made::LEVEL_CELLS, made::LEVEL_TILE), ((8, 6), (8, 8)));
    assert_eq!(made::LEVEL_COLORS.map(Rgb888::new), level.palette());
    assert_eq!(made::LEVEL_TRANSPARENT.map(u32::from), level.transparent());
    let source = include_str!("data/level.rs");
    assert!(source.contains(&tiles.sheet().to_rust_including("LEVEL", "level.bin")), "changed");
    assert!(source.contains(&tiles.map_to_rust("LEVEL")), "changed");
}

#[test]
fn equal_tiles_are_kept_once() {
    let converted = Conversion::default().convert(&data("level.png")).unwrap();
    let tiles = TileSet::cut(&converted, Size::new(8, 8)).unwrap();
    assert_eq!((tiles.tile_count(), tiles.mirrored_count(), tiles.cells()), (6, 1, (8, 6)));
    assert_eq!(tiles.size_bytes(), 6 * 8 * 4 + 48);
    let error = TileSet::cut(&converted, Size::new(7, 8)).unwrap_err();
    assert_eq!(error, TilesError::Size { picture: Size::new(64, 48), tile: Size::new(7, 8) });
    assert!(TileSet::cut(&converted, Size::new(0, 8)).is_err());
}

#[test]
fn many_tiles_need_wide_maps() {
    let pixels = (0..300_u16).map(|i| [i.to_le_bytes()[0], i.to_le_bytes()[1], 0, 255]).collect();
    let picture = Picture::from_rgba(300, 1, pixels).unwrap();
    let converted = conversion(Depth::Bpp32).convert(&picture).unwrap();
    let tiles = TileSet::cut(&converted, Size::new(1, 1)).unwrap();
    assert_eq!((tiles.is_wide(), tiles.map_bytes().len()), (true, 600));
    assert_eq!(tiles.map_bytes()[598..], 299_u16.to_le_bytes());
    let source = tiles.map_to_rust("T");
    assert!(source.contains("T_INDICES: [u16; 300]") && source.contains("new_wide(300, 1, "));
}
