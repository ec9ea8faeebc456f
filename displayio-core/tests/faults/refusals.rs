//! What is refused although there is memory: views beside each other, and lent buffers that are too small.

use core::{fmt::Debug, mem::MaybeUninit};

use displayio_allocators::CompactingHeap;
use displayio_core::{
    Area, Bitmap, BitmapError, BmpError, Busy, Colorspace, Depth, Diffusion, Group, Image, Node,
    Palette, PaletteError, PaletteRgb, PixelSource, Region, Rgb565, Rotozoom, Shader, Size, Skip,
    TileError, TileGrid, TileMap, Tiles, TooSmall,
};

use crate::{
    CHECKS, check_message, check_still_shows, colors, on_each_memory, open, photo_file, region,
    screen::Screen,
};

const VIEWED: Busy = Busy::Viewed;

/// `change` is refused by name inside `view` and leaves the picture as it was; afterwards it succeeds and is shown.
fn check_busy<E: Debug + PartialEq>(
    root: &impl Node<Rgb565>,
    view: impl FnOnce(&mut dyn FnMut()),
    change: impl Fn() -> Result<(), E>,
    expected: E,
) {
    let mut buffer = [0; 512];
    let mut screen = Screen::new(&mut buffer, || ());
    let (shown, mut error) = (screen.repaint(root), None);
    view(&mut || error = change().err());
    assert_eq!(error, Some(expected), "in the view");
    check_still_shows(&mut screen, root, &shown);
    change().unwrap();
    assert!(screen.refresh(root) > 0, "the change was not seen");
    assert!(screen.frame() != shown, "the change is not shown");
}

#[test]
fn bitmaps_that_are_viewed_are_not_drawn_on() {
    on_each_memory(&mut region(), &|_, _, home| {
        let bitmap = Bitmap::new_in(16, 16, Depth::Bpp4, home).unwrap();
        let palette = Palette::new_in(16, home).unwrap();
        (0..16).for_each(|i| palette.set(i, u32::from(i) * 0x0f_1b0d).unwrap());
        let root = Group::new((TileGrid::new(&bitmap, &palette),));
        let dot = Image::new(1, 1, Depth::Bpp4, &[0xd0, 0, 0, 0]);
        let dots = Image::new(16, 16, Depth::Bpp8, &[0x80; 256]);
        let whole = Region::of_size(Size::new(16, 16));
        let draws: [&dyn Fn() -> Result<(), BitmapError>; 14] = [
            &|| bitmap.set(1, 1, 5),
            &|| bitmap.fill(6),
            &|| bitmap.replace_color(6, 7),
            &|| bitmap.fill_region(Area::new(1, 2, 3, 4), 8),
            &|| bitmap.draw_line((0, 9), (15, 3), 9),
            &|| bitmap.draw_polygon(&[(0, 0), (5, 5), (0, 5)], 10, true),
            &|| bitmap.draw_circle((8, 8), 4, 11),
            &|| {
                bitmap
                    .edit(Area::new(2, 2, 3, 3), |canvas| canvas.set(2, 2, 12))
                    .map_err(From::from)
            },
            &|| bitmap.blit(&dot, whole, (3, 3), Skip::NONE),
            &|| bitmap.copy_within(whole, (1, 1), Skip::NONE),
            &|| bitmap.array_blit(Area::new(4, 4, 6, 5), &[1_u8, 2], None),
            &|| bitmap.rotozoom(&dot, &Rotozoom { scale: 5.0, ..Rotozoom::default() }),
            &|| bitmap.boundary_fill((15, 0), 14, None, &mut [0; 64]),
            &|| bitmap.dither(&dots, Colorspace::L8, Diffusion::Atkinson, &mut [0; 60]),
        ];
        for draw in draws {
            let read = |inside: &mut dyn FnMut()| bitmap.read(|_| inside()).unwrap();
            check_busy(&root, read, draw, BitmapError::Busy(VIEWED));
        }
        let write = |inside: &mut dyn FnMut()| bitmap.edit(Area::EMPTY, |_| inside()).unwrap();
        write(&mut || {
            assert_eq!(bitmap.read(|_| ()), Err(VIEWED));
            assert_eq!((bitmap.get(1, 1), bitmap.set(1, 1, 1).is_err()), (None, true));
        });
        assert_eq!((nested_reads(&bitmap), bitmap.get(15, 15)), (6, Some(0)));
    });
}

/// How many views nest before one is refused.
fn nested_reads(bitmap: &Bitmap<'_>) -> u32 {
    bitmap.read(|_| 1 + nested_reads(bitmap)).unwrap_or(0)
}

#[test]
fn colours_and_tiles_that_are_viewed_do_not_change() {
    on_each_memory(&mut region(), &|_, _, home| {
        let palette = Palette::<Rgb565>::new_in(2, home).unwrap();
        let palette_rgb = PaletteRgb::new_in(2, home).unwrap();
        let map = TileMap::new_in(3, 2, home).unwrap();
        let wide = TileMap::new_wide_in(3, 2, home).unwrap();
        let root = Group::new((
            TileGrid::new(&CHECKS, &palette).with_map(map).tiles(3, 2),
            TileGrid::new(&CHECKS, &palette_rgb).with_map(wide).tiles(3, 2).at(20, 9),
        ));
        palette.set(1, 0x20_ff20).unwrap();
        palette_rgb.set(1, 0x20_ff20).unwrap();
        for map in [root.children().0.map(), root.children().1.map()] {
            let view = |inside: &mut dyn FnMut()| map.view(|_| inside()).unwrap();
            check_busy(&root, view, || map.set(2, 1, 1), TileError::Busy(VIEWED));
            check_busy(&root, view, || map.edit(|cells| cells[0] = 1), VIEWED);
        }
        let busy = PaletteError::Busy(VIEWED);
        let colors = |inside: &mut dyn FnMut()| palette.colors(|_| inside()).unwrap();
        check_busy(&root, colors, || palette.set(1, 0xff_ffff), busy);
        palette.colors(|_| palette.set_transparent(0, true).unwrap_err()).unwrap();
        assert!(palette.is_opaque(1), "a refused change counts");
        check_busy(&root, colors, || palette.set_transparent(1, true), busy);
        let colors = |inside: &mut dyn FnMut()| {
            Shader::<Rgb565>::colors(&palette_rgb, |_| inside()).unwrap();
        };
        check_busy(&root, colors, || palette_rgb.set(1, 0xff_00ff), busy);
        check_busy(&root, colors, || palette_rgb.set_transparent(1, true), busy);
        assert_eq!(palette.is_transparent(1), Ok(true));
    });
    let flash = TileMap::from_slice(2, 1, &[3, 4]).unwrap();
    assert_eq!(flash.set(0, 0, 5), Err(TileError::Busy(Busy::ReadOnly)));
    assert_eq!(flash.edit(|cells| cells.fill(5)), Err(Busy::ReadOnly));
    assert_eq!((flash.get(0, 0), flash.is_changed()), (Some(3), false));
}

/// A row buffer holds one view: a second one is an error of that read, and the first goes on.
#[test]
fn a_streamed_picture_is_viewed_once_at_a_time() {
    let file = photo_file();
    on_each_memory(&mut region(), &|name, _, home| {
        let photo = open(&file, 40, home).unwrap();
        let all = Region { x: 0, y: 0, size: photo.size() };
        let first = photo.view(all, |view| {
            let before = view.bytes.to_vec();
            assert_eq!(photo.view(Region { y: 2, ..all }, |_| ()), None, "{name}");
            assert_eq!(view.bytes, before, "{name}: the open view changed");
        });
        assert!(first.is_some(), "{name}");
        assert!(matches!(photo.take_error(), Some(BmpError::Io(_))), "{name}: no error was kept");
        assert_eq!(photo.view(all, |view| view.get(1, 0)), Some(3 * 24 + 1).map(|i| i % 7 % 4));
        assert_eq!(photo.take_error(), None, "{name}");
    });
}

/// `make` refuses every buffer of fewer than `needed` bytes without a change to it, and works in one of just so many.
fn check_too_small(
    needed: usize,
    misaligned: usize,
    make: &dyn Fn(&mut [u8]) -> Result<(), TooSmall>,
) {
    let mut words = vec![0xa5a5_a5a5_u32; needed / 4 + 3];
    let buffer = &mut bytemuck::cast_slice_mut::<_, u8>(&mut words)[misaligned..];
    for given in 0..needed {
        let error = make(&mut buffer[..given]).unwrap_err();
        assert_eq!(
            error,
            TooSmall { needed_bytes: needed, given_bytes: given },
            "misaligned by {misaligned}"
        );
        assert!(buffer.iter().all(|byte| *byte == 0xa5), "a refused buffer was written to");
    }
    make(&mut buffer[..needed]).unwrap();
    assert!(buffer[needed..].iter().all(|byte| *byte == 0xa5), "written beyond the end");
}

#[test]
fn buffers_a_byte_too_small_are_left_alone() {
    for depth in Depth::ALL {
        check_too_small(2 * depth.stride_bytes(13), 0, &|buffer| {
            let bitmap = Bitmap::from_buffer(13, 2, depth, buffer)?;
            let kept = 0xa5a5_a5a5 >> 8_u8.saturating_sub(depth.bits()) & depth.max_value();
            assert_eq!(bitmap.get(8, 0), Some(kept), "it keeps its contents");
            bitmap.set(12, 1, 0).unwrap();
            Ok(())
        });
    }
    for misaligned in 0..4 {
        check_too_small(34 + 3 + misaligned % 2, misaligned, &|buffer| {
            let palette = Palette::<Rgb565>::from_buffer(17, buffer)?;
            palette.set_transparent(16, true).unwrap();
            assert_eq!(palette.raw(16), Some(0));
            Ok(())
        });
        check_too_small(68 + 3 + (4 - misaligned) % 4, misaligned, &|buffer| {
            let palette = PaletteRgb::from_buffer(17, buffer)?;
            palette.set_transparent(16, true).unwrap();
            assert_eq!(palette.get(16), Some(0.into()));
            Ok(())
        });
    }
    check_too_small(21, 1, &|buffer| {
        let map = TileMap::from_buffer(7, 3, buffer)?;
        assert_eq!(map.get(6, 2), Some(0xa5), "it keeps its contents");
        map.set(6, 2, 0).map_err(|error| panic!("{error}"))
    });
    let error = TileMap::from_slice(7, 3, &[0; 20]).unwrap_err();
    assert_eq!(error, TooSmall { needed_bytes: 21, given_bytes: 20 });
    let mut bytes = [0xa5; 16];
    let mut bitmap = Bitmap::from_buffer(8, 2, Depth::Bpp8, &mut bytes).unwrap();
    let error = bitmap.reshape(8, 3, Depth::Bpp8).unwrap_err();
    assert_eq!(error, TooSmall { needed_bytes: 24, given_bytes: 16 });
    assert_eq!((bitmap.size(), bitmap.get(7, 1)), (Size::new(8, 2), Some(0xa5)), "as it was");
    let largest = Bitmap::from_buffer(u16::MAX, u16::MAX, Depth::Bpp32, &mut [0; 9]).unwrap_err();
    assert_eq!(largest.given_bytes, 9);
}

/// What stands in the way is named while it does, and moves out of it afterwards.
#[test]
fn a_viewed_bitmap_is_named_as_the_one_in_the_way() {
    let mut region = [MaybeUninit::uninit(); 1600];
    let heap = CompactingHeap::new(&mut region);
    let bitmap = |height| Bitmap::new_in(20, height, Depth::Bpp8, &heap);
    let [below, shown, above] = [20, 20, 20].map(|height| bitmap(height).unwrap());
    (0..20).for_each(|i| shown.set(i, i, 1).unwrap());
    let mut memory = [0; 12];
    let colors = colors(&mut memory);
    let root = Group::new((TileGrid::new(&shown, &colors),));
    let mut buffer = [0; 300];
    let mut screen = Screen::new(&mut buffer, || ());
    let picture = screen.repaint(&root);
    drop((below, above));
    let error = shown.read(|_| bitmap(40).map(drop)).unwrap().unwrap_err();
    check_message(&error);
    assert!(error.to_string().ends_with(": 1 block pinned)"), "{error}");
    assert_eq!(heap.moved_bytes(), 0, "it moved while it was viewed");
    let large = bitmap(40).unwrap();
    assert!(heap.moved_bytes() > 0, "it did not have to move");
    large.fill(0xff).unwrap();
    check_still_shows(&mut screen, &root, &picture);
    heap.check_invariants();
}
