//! The recorded pixels of the reference, and what a shape says of itself.

use alloc::{format, string::String, vec::Vec};

use super::*;
use crate::{ColorConverter, Palette, Rgb565};

/// Rows of a shape as runs of columns, `from-to`, empty rows left out.
fn rows<F: Figure>(shape: &Shape<F, ColorConverter>) -> Vec<(i16, String)> {
    let runs = |y| {
        let xs: Vec<i16> = (-20..20).filter(|&x| shape.contains(x, y)).collect();
        let runs = xs.chunk_by(|a, b| a + 1 == *b);
        let runs: Vec<_> = runs.map(|run| format!("{}-{}", run[0], run[run.len() - 1])).collect();
        runs.join(" ")
    };
    (-20..20).map(|y| (y, runs(y))).filter(|(_, runs)| !runs.is_empty()).collect()
}

fn check<F: Figure>(shape: &Shape<F, ColorConverter>, expected: &[(i16, &str)]) {
    let found = rows(shape);
    let found: Vec<_> = found.iter().map(|(y, runs)| (*y, runs.as_str())).collect();
    assert_eq!(found, expected);
}

#[test]
fn figures_match_the_reference() {
    check(
        &Circle::new(ColorConverter::default(), 3).at(4, 5),
        &[(2, "4-4"), (3, "2-6"), (4, "2-6"), (5, "1-7"), (6, "2-6"), (7, "2-6"), (8, "4-4")],
    );
    check(
        &Polygon::new(ColorConverter::default(), [(0, 0), (6, 0), (6, 4), (0, 4)]),
        &[(0, "0-5"), (1, "0-5"), (2, "0-5"), (3, "0-5")],
    );
    check(
        &Polygon::new(ColorConverter::default(), &[(0, 0), (8, 3), (2, 7)]).at(4, 5),
        &[(6, "5-6"), (7, "5-9"), (8, "5-11"), (9, "6-10"), (10, "6-8"), (11, "6-7")],
    );
    check(&Rectangle::new(ColorConverter::default(), 2, 2).at(-1, 3), &[(3, "-1-0"), (4, "-1-0")]);
    check(&Circle::new(ColorConverter::default(), 0), &[(0, "0-0")]);
}

#[test]
fn overlapping_loops_wind_twice() {
    let star = [(0, -9), (5, 7), (-8, -3), (8, -3), (-5, 7)];
    let star = Polygon::new(ColorConverter::default(), star);
    assert!(star.contains(0, 0) && star.contains(0, -6) && !star.contains(6, -6));
}

#[test]
fn extremes_neither_overflow_nor_wrap() {
    let (low, high) = (i16::MIN, i16::MAX);
    let corners = [(low, low), (high, low), (high, high), (low, high)];
    let all = Polygon::new(ColorConverter::default(), corners).at(low, high);
    assert!(all.contains(low, 0) && !all.contains(high, 0));
    let bow_tie = [(low, low), (high, high), (high, low), (low, high)];
    let bow_tie = Polygon::new(ColorConverter::default(), bow_tie);
    assert!(bow_tie.contains(high - 2, 0) && !bow_tie.contains(0, high - 2));
    let huge = Circle::new(ColorConverter::default(), u16::MAX);
    assert_eq!(
        (huge.radius(), huge.contains(0, high), huge.contains(1, high)),
        (32767, true, false)
    );
}

#[test]
fn edits_that_change_nothing_are_not_drawn() {
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let areas = |shape: &dyn Layer| {
        let mut damage = Damage::new(crate::Size::new(64, 64), crate::Size::new(1, 1), 16, 11);
        shape.collect(&place, &mut damage);
        damage.areas().to_vec()
    };
    let circle = Circle::new(ColorConverter::default(), 3).at(10, 10);
    assert_eq!(areas(&circle), [Area::new(7, 7, 14, 14)], "no spare row or column");
    circle.set_radius(3);
    circle.move_to(10, 10);
    circle.set_color(0);
    circle.set_hidden(false);
    assert_eq!(areas(&circle), []);
    circle.set_radius(4);
    assert_eq!(areas(&circle), [Area::new(6, 6, 15, 15)]);
    circle.set_hidden(true);
    assert_eq!(areas(&circle), [Area::new(6, 6, 15, 15)]);
    circle.move_to(20, 20);
    assert_eq!(areas(&circle), [], "hidden");
}

#[test]
fn only_rectangles_cover() {
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let mut damage = Damage::new(crate::Size::new(64, 64), crate::Size::new(1, 1), 16, 11);
    let shader = ColorConverter::default();
    shader.set_transparent(Some(7));
    let rectangle = Rectangle::new(&shader, 10, 10);
    let see_through = Rectangle::new(&shader, 10, 10).see_through();
    let circle = Circle::new(&shader, 20);
    let nodes: [&dyn Node<Rgb565>; 3] = [&rectangle, &see_through, &circle];
    nodes.iter().for_each(|node| node.collect(&place, &mut damage));
    let area = Area::new(2, 2, 5, 5);
    assert_eq!(nodes.map(|node| node.covers(&area)), [true, true, false]);
    assert!(!nodes[0].covers(&Area::new(2, 2, 11, 5)), "not all of it");
    rectangle.set_color(7);
    see_through.set_color(7);
    assert_eq!(nodes.map(|node| node.covers(&area)), [true, false, false], "zeros cover, too");
}

/// One colour of a one-pixel rectangle after another: what a strip shows, and whether a refresh is due.
#[test]
fn colours_are_kept_until_a_change_is_collected() {
    let mut memory = [0; 8];
    let palette = Palette::<Rgb565>::from_buffer(2, &mut memory).unwrap();
    palette.set(1, 0xff_ffff).unwrap();
    let shape = Rectangle::new(&palette, 1, 1).color(1);
    let pixel = Area::new(0, 0, 1, 1);
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let collect = || {
        let mut damage = Damage::new(crate::Size::new(64, 64), crate::Size::new(1, 1), 16, 11);
        shape.collect(&place, &mut damage);
        damage.areas().len()
    };
    let shows = || {
        let mut pixels = [0x1234];
        shape.paint(&mut Strip::new(pixel, &mut pixels, Rgb565).unwrap());
        pixels[0]
    };
    assert_eq!((collect(), shows()), (1, 0xffff));
    palette.set(1, 0).unwrap();
    assert_eq!(shows(), 0xffff, "as acknowledged");
    assert_eq!((collect(), shows(), collect()), (1, 0, 0));
    palette.set(0, 0xff_ffff).unwrap();
    shape.set_color(0);
    assert_eq!((collect(), shows(), collect()), (1, 0xffff, 0));
}

/// A format whose pixels are larger than what a shape keeps.
#[test]
fn pixels_of_any_size_are_painted() {
    #[derive(Debug, Clone, Copy, Default, PartialEq)]
    struct Wide;
    impl PixelFormat for Wide {
        type Raw = [u16; 3];
        const DEPTH: u8 = 48;

        fn raw(&self, color: crate::Rgb888) -> [u16; 3] {
            color.channels().map(u16::from)
        }
    }
    let place = Place { transform: Transform::IDENTITY, visible: true, changed: false };
    let mut damage = Damage::new(crate::Size::new(64, 64), crate::Size::new(1, 1), 16, 11);
    let shape = Circle::new(ColorConverter::default(), 1).at(1, 1).color(0x12);
    shape.collect(&place, &mut damage);
    let mut pixels = [[0; 3]; 9];
    shape.paint(&mut Strip::new(Area::new(0, 0, 3, 3), &mut pixels, Wide).unwrap());
    assert_eq!(pixels.map(|raw| raw[2]), [0, 0x12, 0, 0x12, 0x12, 0x12, 0, 0x12, 0]);
}

/// A side of the panel in the following tests.
const SIDE: i16 = 40;

/// What a shape is to be in all that it paints.
type Picture = [[bool; SIDE as usize]; SIDE as usize];

/// Has the shape collected, as with this transform around it.
fn collect(shape: &dyn Layer, transform: Transform) {
    let size = crate::Size::new(SIDE.unsigned_abs(), SIDE.unsigned_abs());
    let mut damage = Damage::new(size, crate::Size::new(1, 1), 16, 11);
    shape.collect(&Place { transform, visible: true, changed: true }, &mut damage);
}

/// Has an area painted and compared.
fn check_area(shape: &dyn Node<Rgb565>, area: Area, expected: &Picture) {
    let mut pixels = [0; (SIDE * SIDE) as usize];
    shape.paint(&mut Strip::new(area, &mut pixels, Rgb565).unwrap());
    let mut pixels = pixels.iter();
    for y in area.y1..area.y2 {
        for x in area.x1..area.x2 {
            let expected = expected[y.unsigned_abs() as usize][x.unsigned_abs() as usize];
            assert_eq!(*pixels.next().unwrap() != 0, expected, "({x}, {y}) of {area:?}");
        }
    }
}

/// Has all painted in strips of several heights, and rows or parts of them in any order.
fn check_strips(shape: &dyn Node<Rgb565>, expected: &Picture, random: &mut impl FnMut(i16) -> i16) {
    for height in [1, 2, 7, SIDE] {
        for y in (0..SIDE).step_by(height.unsigned_abs().into()) {
            check_area(shape, Area::new(0, y, SIDE, SIDE.min(y + height)), expected);
        }
    }
    for _ in 0..SIDE {
        let (x, y) = (random(SIDE), random(SIDE));
        let area = Area::new(x, y, x + 1 + random(SIDE - x), y + 1 + random(SIDE - y) / 8);
        check_area(shape, area, expected);
        check_area(shape, Area { y2: y + 1, ..area }, expected);
    }
}

/// Of what has these pixels.
fn picture(has: impl Fn(i16, i16) -> bool) -> Picture {
    let at = |x: usize, y: usize| has(i16::try_from(x).unwrap(), i16::try_from(y).unwrap());
    core::array::from_fn(|y| core::array::from_fn(|x| at(x, y)))
}

/// Numbers from 0 to less than a bound.
fn numbers() -> impl FnMut(i16) -> i16 {
    let mut state = 1_u32;
    move |bound| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        i16::try_from((state >> 8) % u32::from(bound.unsigned_abs())).unwrap()
    }
}

/// What shapes keep from row to row changes no pixel: polygons of any kind, circles that grow, and corners that change.
#[test]
fn rows_are_the_same_in_any_order_and_in_strips_of_any_height() {
    let (mut random, color) = (numbers(), ColorConverter::default);
    let mut memory = [0; PointList::required_bytes(9)];
    let polygon = Polygon::new(color(), PointList::from_buffer(&mut memory)).color(0xffff);
    let circle = Circle::new(color(), 0).color(0xffff);
    for round in 0..60 {
        let corners: [_; 9] = core::array::from_fn(|_| (random(50) - 20, random(50) - 20));
        polygon.set_points(&corners[..3 + round % 7]).unwrap();
        polygon.move_to(random(30), random(30));
        circle.set_radius(random(22).unsigned_abs());
        circle.move_to(random(SIDE), random(SIDE));
        collect(&polygon, Transform::IDENTITY);
        collect(&circle, Transform::IDENTITY);
        check_strips(&polygon, &picture(|x, y| polygon.contains(x, y)), &mut random);
        check_strips(&circle, &picture(|x, y| circle.contains(x, y)), &mut random);
    }
}

/// A figure that tells more than it is asked for, in any direction and size.
#[test]
fn nothing_is_painted_beyond_the_extent() {
    struct Boundless;
    impl Figure for Boundless {
        fn extent(&self) -> Extent {
            Extent { x1: -2, y1: 0, x2: 3, y2: 4 }
        }

        fn spans(&self, _: Line, _: Range<i32>, mut span: impl FnMut(i32, i32)) {
            span(i32::MIN, i32::MAX);
            span(i32::MAX - 1, i32::MAX);
            span(7, i32::MIN);
        }
    }
    let mut random = numbers();
    for (dx, dy, transposed) in [(1, 1, false), (-1, 1, false), (2, -3, false), (-3, 2, true)] {
        let shape = Shape::of(Boundless, ColorConverter::default()).color(0xffff).scaled();
        let axes = Axes { dx, dy, transposed };
        collect(&shape, Transform { x: 20, y: 20, axes });
        let shown = shape.shown();
        let has = |x, y| shown.contains(&Area::new(x, y, x + 1, y + 1));
        check_strips(&shape, &picture(has), &mut random);
    }
}
