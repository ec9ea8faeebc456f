//! Sources of a depth that their type tells: shown as others are, and never misread.

#![allow(missing_docs, unreachable_pub, clippy::unwrap_used, clippy::panic, reason = "a test")]

#[path = "support/screen.rs"]
mod screen;

use core::cell::Cell;

use displayio_core::{
    Bitmap, Change, ColorConverter, Colorspace, Depth, FixedDepth, Group, Image, Mark, OtherDepth,
    Palette, PaletteRgb, PixelLayout, PixelSource, Region, Rgb565, Shader, Size, TileGrid, TileMap,
    Tiles, Tracked, View,
};
use screen::{Frame, Screen};

const SOURCE: Size = Size::new(13, 11);

/// What is shown of a source, as one cell and as a map of tiles, in each direction and at scales of 1 to 3.
fn frames<S: PixelSource + Copy, P: Shader<Rgb565>>(source: S, shader: &P) -> Vec<Frame> {
    let mut frames = vec![];
    for (turn, scale) in (0..8).flat_map(|turn| (1..=3).map(move |scale| (turn, scale))) {
        frames.push(frame(TileGrid::new(source, shader), turn, scale));
        let mut cells = [0; 64];
        let map = TileMap::from_buffer(3, 2, &mut cells).unwrap();
        for cell in 0..6 {
            map.set(cell % 3, cell / 3, cell).unwrap();
        }
        frames.push(frame(TileGrid::new(source, shader).tiles(5, 4).with_map(map), turn, scale));
    }
    frames
}

fn frame<S: PixelSource, P: Shader<Rgb565>, T: Tiles>(
    grid: TileGrid<S, P, T>,
    turn: u8,
    scale: u8,
) -> Frame {
    grid.set_flip_x(turn & 1 != 0);
    grid.set_flip_y(turn & 2 != 0);
    grid.set_transposed(turn & 4 != 0);
    let group = Group::new((grid.at(2, 1),));
    group.set_scale(scale);
    let mut buffer = [0; 480];
    Screen::new(&mut buffer, || ()).repaint(&group)
}

/// Compares a source with itself, as one whose type tells its depth, through all kinds of shaders.
fn check<const BITS: u8>(view: View<'_>) {
    let fixed = FixedDepth::<_, BITS>::try_new(view).unwrap();
    assert_eq!(FixedDepth::<View<'_>, BITS>::LAYOUT, Some(view.layout), "the type tells");
    let (mut all, mut few, mut wide) = ([0; 544], [0; 8], [0; 1056]);
    let all = Palette::<Rgb565>::from_buffer(256, &mut all).unwrap();
    let few = Palette::<Rgb565>::from_buffer(3, &mut few).unwrap();
    let wide = PaletteRgb::from_buffer(256, &mut wide).unwrap();
    for index in 0..256 {
        let color = u32::from(index + 1).wrapping_mul(0x01_2345) % 0x0100_0000;
        all.set(index, color).unwrap();
        wide.set(index, color).unwrap();
        let _ = few.set(index, color);
    }
    let check_palette = |palette: &Palette<'_, Rgb565>, what: &str| {
        assert!(frames(view, palette) == frames(fixed, palette), "{BITS} bits, {what}");
    };
    check_palette(&all, "a colour for each value");
    check_palette(&few, "few colours");
    all.set_transparent(1, true).unwrap();
    check_palette(&all, "a transparent value");
    assert!(frames(view, &wide) == frames(fixed, &wide), "{BITS} bits, of 24 bits");
    for space in [Colorspace::Rgb888, Colorspace::Rgb565, Colorspace::L8] {
        let converter = ColorConverter::new(space);
        assert!(frames(view, &converter) == frames(fixed, &converter), "{BITS} bits as {space:?}");
    }
}

#[test]
fn each_depth_is_shown_as_ever() {
    let bytes: Vec<u8> = (0..64 * 11_u32).map(|i| (i * 89 % 251).to_le_bytes()[0]).collect();
    let view = |layout| View::new(&bytes, 52, SOURCE, layout);
    check::<1>(view(PixelLayout::Packed(Depth::Bpp1)));
    check::<2>(view(PixelLayout::Packed(Depth::Bpp2)));
    check::<4>(view(PixelLayout::Packed(Depth::Bpp4)));
    check::<8>(view(PixelLayout::Packed(Depth::Bpp8)));
    check::<16>(view(PixelLayout::Packed(Depth::Bpp16)));
    check::<24>(view(PixelLayout::Bgr24));
    check::<32>(view(PixelLayout::Packed(Depth::Bpp32)));
}

#[test]
fn other_depths_are_refused() {
    static IMAGE: Image = Image::new(8, 1, Depth::Bpp1, &[0x5a, 0, 0, 0]);
    assert!(FixedDepth::<_, 1>::try_new(&IMAGE).is_ok());
    let refused = FixedDepth::<_, 8>::try_new(&IMAGE).unwrap_err();
    let (expected, found) = (PixelLayout::Packed(Depth::Bpp8), PixelLayout::Packed(Depth::Bpp1));
    assert_eq!(refused.error, OtherDepth { expected, found });
    assert_eq!(
        refused.error.to_string(),
        "pixels of 8 bits expected (Packed(Bpp8)), not Packed(Bpp1)"
    );
    assert_eq!(refused.value.size(), Size::new(8, 1));
    let in_a_file = View::new(&[0; 32], 8, Size::new(4, 1), PixelLayout::Rgb565);
    assert!(FixedDepth::<_, 16>::try_new(in_a_file).is_err(), "not values, but colours");
}

/// A bitmap that is shown, drawn on and given back.
#[test]
fn the_source_is_drawn_on() {
    let (mut pixels, mut colors) = ([0; 8], [0; 12]);
    let bitmap = Bitmap::from_buffer(4, 2, Depth::Bpp4, &mut pixels).unwrap();
    let palette = Palette::<Rgb565>::from_buffer(2, &mut colors).unwrap();
    palette.set(1, 0xff_ffff).unwrap();
    let fixed = FixedDepth::<_, 4>::try_new(&bitmap).unwrap();
    let group = Group::new((TileGrid::new(fixed, &palette),));
    let mut buffer = [0; 480];
    let mut screen = Screen::new(&mut buffer, || ());
    screen.refresh(&group);
    group.children().0.source().source().set(1, 1, 1).unwrap();
    assert_eq!(screen.refresh(&group), 1, "what changed");
    assert_eq!(screen.frame()[41], [0xff, 0xff]);
    assert_eq!(fixed.into_source().get(1, 1), Some(1));
}

/// A source whose depth changes while it is shown.
struct Fickle {
    depth: Cell<Depth>,
}

impl Tracked for Fickle {
    fn is_seen(&self, _: &Mark) -> bool {
        false
    }

    fn since(&self, _: &Mark) -> Change {
        Change::All
    }
}

impl PixelSource for Fickle {
    fn size(&self) -> Size {
        Size::new(4, 1)
    }

    fn layout(&self) -> PixelLayout {
        PixelLayout::Packed(self.depth.get())
    }

    fn view<R>(&self, _: Region, f: impl FnOnce(View<'_>) -> R) -> Option<R> {
        Some(f(View::new(&[1, 1, 1, 1], 4, self.size(), self.layout())))
    }
}

#[test]
fn a_source_that_changes_its_depth_is_not_read() {
    let fickle = Fickle { depth: Cell::new(Depth::Bpp8) };
    let fixed = FixedDepth::<_, 8>::try_new(&fickle).unwrap();
    let palette = ColorConverter::new(Colorspace::L8);
    let group = Group::new((TileGrid::new(fixed, &palette),));
    let mut buffer = [0; 480];
    let mut screen = Screen::new(&mut buffer, || ());
    assert_eq!((screen.refresh(&group), screen.refresh(&group)), (40 * 28, 4), "it can be seen");
    fickle.depth.set(Depth::Bpp4);
    assert!(!fixed.is_ready(), "it cannot be read");
    assert_eq!(fixed.layout(), PixelLayout::Packed(Depth::Bpp8), "its type says so");
    assert_eq!(fixed.view(Region::of_size(fixed.size()), |view| view.get(0, 0)), None);
    screen.refresh(&group);
    fickle.depth.set(Depth::Bpp8);
    assert_eq!(fixed.view(Region::of_size(fixed.size()), |view| view.get(0, 0)), Some(1));
}
