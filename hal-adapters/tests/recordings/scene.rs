//! The scene that was recorded.

use displayio_core::{
    Bitmap, Circle, Depth, FONT_6X12, Group, Label, Node, Palette, PixelFormat, Size, TileGrid,
};

type Triangle<'m, C> = TileGrid<&'m Bitmap<'m>, &'m Palette<'m, C>>;

/// The scene, and what of it changes.
pub(crate) struct Scene<'s, 'm, C: PixelFormat> {
    pub(crate) root: &'s dyn Node<C>,
    pub(crate) triangle: &'s Triangle<'m, C>,
    pub(crate) label: &'s Label<'static, 'm>,
}

/// Makes the scene in four colours, and hands it out.
pub(crate) fn with_scene<C: PixelFormat>(
    Size { width, height }: Size,
    rgb: [u32; 4],
    show: impl FnOnce(&Scene<'_, '_, C>),
) {
    let (mut board, mut small) = ([0; 9728], [[0; 128]; 3]);
    let [triangle, colors, glyphs] = &mut small;
    let board = Bitmap::from_buffer(width, height, Depth::Bpp2, &mut board).unwrap();
    let triangle = Bitmap::from_buffer(9, 6, Depth::Bpp2, triangle).unwrap();
    let colors = Palette::<C>::from_buffer(4, colors).unwrap();
    (0..).zip(rgb).for_each(|(i, rgb)| colors.set(i, rgb).unwrap());
    let fill = |bitmap: &Bitmap<'_>, size: (u16, u16), value: &dyn Fn(u16, u16) -> u32| {
        let points = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
        points.for_each(|(x, y)| bitmap.set(x, y, value(x, y)).unwrap());
    };
    fill(&board, (width, height), &|x, y| u32::from((x / 8 + y / 8) % 2));
    fill(&triangle, (9, 6), &|x, y| if x > y { 2 } else { 3 });

    let (right, bottom) = (width.cast_signed(), height.cast_signed());
    let board = TileGrid::new(&board, &colors);
    let triangle = TileGrid::new(&triangle, &colors).at(18, 9);
    let disc = Circle::new(&colors, 5).at(right - 10, bottom - 8).color(2);
    let label = Label::from_buffer(&FONT_6X12, glyphs).at(2, bottom / 2).colored(rgb[3], None);
    label.set_text("bus").unwrap();
    let root = Group::new((&board, &triangle, &disc, &label));
    show(&Scene { root: &root, triangle: &triangle, label: &label });
}
