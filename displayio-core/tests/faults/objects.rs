//! One object at a time: what it asks for, and what is left when it does not get it.

use core::fmt::Debug;
use std::rc::Rc;

use displayio_allocators::{Boxed, Buf, Purpose};
use displayio_core::{
    Bitmap, BmpImage, Depth, Gray4, Mono, Palette, PaletteRgb, PixelFormat, Rgb565, TileMap,
};

use crate::{
    BOX, LIST, ROWS, Reason, check, check_exhaustion, on_each_memory, open, photo_file, region,
};

#[test]
fn constructors_name_what_was_refused() {
    for depth in Depth::ALL {
        let purpose = Purpose::Bitmap { width: 13, height: 5, bits: depth.bits() };
        let bytes = (13 * usize::from(depth.bits())).div_ceil(32) * 4 * 5;
        check(&[(bytes, purpose)], &|home| Bitmap::new_in(13, 5, depth, home).map(drop));
    }
    let colors = [(37, 17), (20, 17), (20, 17), (71, 17), (9, 4)]
        .map(|(bytes, colors)| (bytes, Purpose::Palette { colors }));
    check(&colors[..1], &|home| Palette::<Rgb565>::new_in(17, home).map(drop));
    check(&colors[1..2], &|home| Palette::<Mono>::new_in(17, home).map(drop));
    check(&colors[2..3], &|home| Palette::<Gray4>::new_in(17, home).map(drop));
    check(&colors[3..4], &|home| PaletteRgb::new_in(17, home).map(drop));
    let tiles = Purpose::TileMap { columns: 7, rows: 3 };
    check(&[(21, tiles)], &|home| TileMap::new_in(7, 3, home).map(drop));
    check(&[(42, tiles)], &|home| TileMap::new_wide_in(7, 3, home).map(drop));
    let file = photo_file();
    let image = BmpImage::new(&file).unwrap();
    check(&colors[4..], &|home| image.palette_in(Rgb565, home).map(drop));
}

#[test]
fn nothing_is_asked_for_what_has_no_bytes() {
    check(&[], &|home| Bitmap::new_in(0, 50_000, Depth::Bpp32, home).map(drop));
    check(&[], &|home| Palette::<Rgb565>::new_in(0, home).map(drop));
    check(&[], &|home| TileMap::new_wide_in(9, 0, home).map(drop));
    check(&[], &|home| Boxed::new_in((), home.heap()).map(drop));
    check(&[], &|home| Buf::new(home.heap()).try_push(()).map_err(|rejected| rejected.error));
}

#[test]
fn files_and_their_palettes_are_refused_one_by_one() {
    let file = photo_file();
    for (wanted, bytes) in [(100, 100), (0, 4)] {
        check(&[(bytes, ROWS)], &|home| open(&file, wanted, home).map(drop));
    }
    let colors = Purpose::Palette { colors: 4 };
    check(&[(30, ROWS), (9, colors), (17, colors)], &|home| {
        let photo = open(&file, 30, home)?;
        let palette = photo.palette_in(Rgb565, home).map_err(Reason::reason)?;
        let palette_rgb = photo.palette_rgb_in(home).map_err(Reason::reason)?;
        let orange = (palette.raw(1), palette_rgb.get(1));
        assert_eq!(orange, (Some(Rgb565.raw(0xff_8000.into())), Some(0xff_8000.into())));
        assert_eq!(photo.take_error(), None);
        Ok(())
    });
}

#[test]
fn refused_boxes_drop_their_value_once() {
    let value = Rc::new([0_u8; 40]);
    let size = size_of::<(Rc<[u8; 40]>, [u16; 9])>();
    check(&[(size, BOX), (size, BOX)], &|home| {
        let contents = || (Rc::clone(&value), [7_u16; 9]);
        let both = Boxed::new_in(contents(), home.heap()).and_then(|sized| {
            assert_eq!(Rc::strong_count(&value), 2, "one in the box");
            let erased = Boxed::<dyn Debug>::unsize_in(contents(), |v| v, home.heap())?;
            assert_eq!((Rc::strong_count(&value), sized.1), (3, [7; 9]));
            Ok(erased)
        });
        let result = both.map(drop);
        assert_eq!(Rc::strong_count(&value), 1, "all were dropped");
        result
    });
}

/// Lists keep what they hold, and give back what they cannot.
#[test]
fn lists_are_as_they_were() {
    let value = Rc::new(());
    let size = size_of::<(u8, Rc<()>)>();
    let requests = [3, 6, 7, 14, 100, usize::MAX / 8].map(|n| (n.saturating_mul(size), LIST));
    check(&requests[..5], &|home| {
        let mut list = Buf::with_capacity(3, home.heap())?;
        let (mut model, mut refused) = (vec![], None);
        for i in 0..8_u8 {
            // In the middle, at the end, and beyond it.
            let at = [model.len() / 2, model.len(), usize::MAX][usize::from(i % 3)];
            let mut item = (i, Rc::clone(&value));
            if i == 6 {
                refused = refused.or(list.reserve(7).err());
            }
            while let Err(rejected) = list.try_insert(at, item) {
                refused = Some(rejected.error);
                item = rejected.value;
                assert_eq!(item.0, i);
                assert!(list.iter().map(|item| item.0).eq(model.iter().copied()), "at {i}");
            }
            model.insert(at.min(model.len()), i);
            assert!(list.iter().map(|item| item.0).eq(model.iter().copied()), "at {i}");
        }
        refused = refused.or(list.reserve(100).err());
        assert_eq!(list.len(), 8);
        assert_eq!(Rc::strong_count(&value), 1 + list.len(), "each is there once");
        refused.map_or(Ok(()), Err)
    });
    assert_eq!(Rc::strong_count(&value), 1, "all were dropped");
    on_each_memory(&mut region(), &|name, _, home| {
        let mut list = Buf::<(u8, Rc<()>)>::new(home.heap());
        let error = list.reserve(usize::MAX / 8).unwrap_err();
        assert_eq!((error.requested_bytes, error.purpose), requests[5], "{name}");
    });
}

#[test]
fn memory_that_ends_a_byte_too_soon_is_named() {
    let bitmap = Purpose::Bitmap { width: 20, height: 10, bits: 8 };
    check_exhaustion(&[(200, bitmap)], 400, &|home| {
        Bitmap::new_in(20, 10, Depth::Bpp8, home).map(drop)
    });
    let colors = Purpose::Palette { colors: 40 };
    check_exhaustion(&[(85, colors)], 300, &|home| Palette::<Rgb565>::new_in(40, home).map(drop));
    check_exhaustion(&[(165, colors)], 350, &|home| PaletteRgb::new_in(40, home).map(drop));
    let tiles = Purpose::TileMap { columns: 9, rows: 11 };
    check_exhaustion(&[(99, tiles)], 300, &|home| TileMap::new_in(9, 11, home).map(drop));
    check_exhaustion(&[(198, tiles)], 400, &|home| TileMap::new_wide_in(9, 11, home).map(drop));
    let file = photo_file();
    check_exhaustion(&[(60, ROWS)], 250, &|home| open(&file, 60, home).map(drop));
    check_exhaustion(&[(72, BOX)], 250, &|home| Boxed::new_in([0_u64; 9], home.heap()).map(drop));
    check_exhaustion(&[(4, LIST), (8, LIST), (16, LIST), (32, LIST)], 250, &|home| {
        let mut list = Buf::new(home.heap());
        (0..17_u8).try_for_each(|i| list.try_push(i).map_err(|rejected| rejected.error))
    });
}
