//! Drawing by embedded-graphics: against a model of one pixel at a time, and against pictures of its own.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test")]

use core::fmt::Debug;

use displayio_core::{
    Area, Bitmap, BitmapError, Busy, Change, Depth, Mark, PaletteIndex, PixelSource, Size, Tracked,
};
use embedded_graphics::{
    framebuffer::Framebuffer,
    geometry::Size as TargetSize,
    mono_font::{MonoTextStyleBuilder, ascii::FONT_6X10},
    pixelcolor::{
        BinaryColor, Gray2, Gray4, Gray8, Rgb565,
        raw::{LittleEndian, RawData, RawU32},
    },
    prelude::{
        DrawTarget, Drawable, GrayColor, Pixel, PixelColor, Point, Primitive, RgbColor, WebColors,
    },
    primitives::{Circle, Line, PrimitiveStyle, PrimitiveStyleBuilder, Rectangle, Triangle},
    text::Text,
};
use proptest::prelude::*;

/// A colour of 32 bits: more than fit any bitmap but the deepest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wide(u32);

impl PixelColor for Wide {
    type Raw = RawU32;
}

impl From<Wide> for RawU32 {
    fn from(value: Wide) -> Self {
        Self::new(value.0)
    }
}

/// A call of a draw target.
#[derive(Debug, Clone)]
enum Call {
    Pixels(Vec<(Point, u32)>),
    Contiguous(Rectangle, Vec<u32>),
    Solid(Rectangle, u32),
    Clear(u32),
}

impl Call {
    fn draw(&self, bitmap: &Bitmap<'_>) -> Result<(), BitmapError> {
        let mut target = bitmap.draw_target();
        match self {
            Self::Pixels(pixels) => {
                target.draw_iter(pixels.iter().map(|&(at, value)| Pixel(at, Wide(value))))
            }
            Self::Contiguous(area, values) => {
                target.fill_contiguous(area, values.iter().copied().map(Wide))
            }
            Self::Solid(area, value) => target.fill_solid(area, Wide(*value)),
            Self::Clear(value) => target.clear(Wide(*value)),
        }
    }

    /// What is drawn on a bitmap of `size`, in order: positions outside are possible.
    fn pixels(&self, size: Size) -> Vec<(i64, i64, u32)> {
        match self {
            Self::Pixels(pixels) => {
                pixels.iter().map(|&(at, value)| (at.x.into(), at.y.into(), value)).collect()
            }
            Self::Contiguous(area, values) => {
                let (width, height) = (i64::from(area.size.width), i64::from(area.size.height));
                let (x, y) = (i64::from(area.top_left.x), i64::from(area.top_left.y));
                (0..if width == 0 { 0 } else { i64::MAX })
                    .zip(values)
                    .take_while(|(i, _)| i / width < height)
                    .map(|(i, &value)| (x + i % width, y + i / width, value))
                    .collect()
            }
            Self::Solid(area, value) => inside(size)
                .filter(|&(x, y)| {
                    let reaches = |at: i64, start: i32, length: u32| {
                        (0..i64::from(length)).contains(&(at - i64::from(start)))
                    };
                    reaches(x, area.top_left.x, area.size.width)
                        && reaches(y, area.top_left.y, area.size.height)
                })
                .map(|(x, y)| (x, y, *value))
                .collect(),
            Self::Clear(value) => inside(size).map(|(x, y)| (x, y, *value)).collect(),
        }
    }
}

fn inside(size: Size) -> impl Iterator<Item = (i64, i64)> {
    (0..i64::from(size.height)).flat_map(move |y| (0..i64::from(size.width)).map(move |x| (x, y)))
}

/// The pixels of a bitmap, the smallest area with all that were set since, and whether a value did not fit.
#[derive(Debug, PartialEq)]
struct Outcome {
    pixels: Vec<u32>,
    drawn: Option<Area>,
    result: Result<(), BitmapError>,
}

fn pixels(bitmap: &Bitmap<'_>) -> Vec<u32> {
    inside(bitmap.size())
        .map(|(x, y)| bitmap.get(x.try_into().unwrap(), y.try_into().unwrap()).unwrap())
        .collect()
}

fn drawn(bitmap: &Bitmap<'_>, call: &Call) -> Outcome {
    let mark = Mark::new();
    bitmap.since(&mark);
    let result = call.draw(bitmap);
    let drawn = match bitmap.since(&mark) {
        Change::None => None,
        Change::Part(area) => Some(area),
        Change::All => panic!("one generation"),
    };
    Outcome { pixels: pixels(bitmap), drawn, result }
}

/// The same, pixel by pixel.
fn expected(bitmap: &Bitmap<'_>, call: &Call) -> Outcome {
    let (size, max_value) = (bitmap.size(), bitmap.depth().max_value());
    let mut outcome = Outcome { pixels: pixels(bitmap), drawn: None, result: Ok(()) };
    for (x, y, value) in call.pixels(size) {
        let (Ok(x), Ok(y)) = (i16::try_from(x), i16::try_from(y)) else { continue };
        if !Area::of_size(size).contains_point(x, y) {
            continue;
        }
        if value > max_value {
            outcome.result = Err(BitmapError::ValueTooLarge { value, max_value });
            break;
        }
        let index = usize::from(y.unsigned_abs()) * usize::from(size.width);
        outcome.pixels[index + usize::from(x.unsigned_abs())] = value;
        let pixel = Area::new(x, y, x + 1, y + 1);
        outcome.drawn = Some(outcome.drawn.unwrap_or_default().union(&pixel));
    }
    outcome
}

fn coordinate() -> impl Strategy<Value = i32> {
    prop_oneof![8 => -12..50_i32, 1 => Just(i32::MIN), 1 => Just(i32::MAX), 1 => any::<i32>()]
}

fn length() -> impl Strategy<Value = u32> {
    prop_oneof![8 => 0..50_u32, 1 => Just(u32::MAX), 1 => any::<u32>()]
}

fn rectangle() -> impl Strategy<Value = Rectangle> {
    (coordinate(), coordinate(), length(), length()).prop_map(|(x, y, width, height)| {
        Rectangle::new(Point::new(x, y), TargetSize::new(width, height))
    })
}

/// Values that fit `depth`, and now and then one that does not.
fn value(depth: Depth) -> impl Strategy<Value = u32> {
    prop_oneof![200 => 0..=depth.max_value(), 1 => any::<u32>()]
}

fn call(depth: Depth) -> impl Strategy<Value = Call> {
    let point = (coordinate(), coordinate()).prop_map(|(x, y)| Point::new(x, y));
    prop_oneof![
        prop::collection::vec((point, value(depth)), 0..60).prop_map(Call::Pixels),
        (rectangle(), prop::collection::vec(value(depth), 0..2000))
            .prop_map(|(area, values)| Call::Contiguous(area, values)),
        (rectangle(), value(depth)).prop_map(|(area, value)| Call::Solid(area, value)),
        value(depth).prop_map(Call::Clear),
    ]
}

proptest! {
    #[test]
    fn calls_equal_pixel_by_pixel(
        (depth, calls) in prop::sample::select(Depth::ALL.to_vec())
            .prop_flat_map(|depth| (Just(depth), prop::collection::vec(call(depth), 1..6))),
        (width, height) in (1..45_u16, 1..20_u16),
    ) {
        let mut memory = [0x5a; 45 * 20 * 4];
        let bitmap = Bitmap::from_buffer(width, height, depth, &mut memory).unwrap();
        for call in calls {
            let expected = expected(&bitmap, &call);
            let drawn = drawn(&bitmap, &call);
            prop_assert_eq!(drawn, expected, "{:?} on {:?}", call, bitmap);
        }
    }
}

const WIDTH: usize = 64;
const HEIGHT: usize = 48;

/// Overlapping shapes, contiguous colours and text; some of it outside.
fn draw_picture<D: DrawTarget>(
    target: &mut D,
    ink: D::Color,
    paper: D::Color,
) -> Result<(), D::Error> {
    let outlined =
        PrimitiveStyleBuilder::new().stroke_color(ink).stroke_width(3).fill_color(paper).build();
    Circle::new(Point::new(20, -10), 41).into_styled(outlined).draw(target)?;
    Triangle::new(Point::new(5, 30), Point::new(33, 37), Point::new(11, 43))
        .into_styled(outlined)
        .draw(target)?;
    Line::new(Point::new(8, 3), Point::new(70, 35))
        .into_styled(PrimitiveStyle::with_stroke(ink, 2))
        .draw(target)?;
    let style =
        MonoTextStyleBuilder::new().font(&FONT_6X10).text_color(ink).background_color(paper);
    Text::new("Half off", Point::new(30, 40), style.build()).draw(target)?;
    let area = Rectangle::new(Point::new(53, 7), TargetSize::new(16, 9));
    target.fill_contiguous(&area, (0..16 * 9).map(|i| if i * 89 % 7 < 3 { ink } else { paper }))
}

/// Draws on a background, also by embedded-graphics alone. Tells which area changed and which is marked.
fn check_picture<C, const N: usize>(depth: Depth, [ink, paper, background]: [C; 3]) -> (Area, Area)
where
    C: PixelColor<Raw: From<C> + RawData<Storage: Into<u32>>>,
    Framebuffer<C, C::Raw, LittleEndian, WIDTH, HEIGHT, N>: DrawTarget<Color = C, Error: Debug>,
{
    let mut memory = [0; WIDTH * HEIGHT * 4];
    let bitmap = Bitmap::from_buffer(64, 48, depth, &mut memory).unwrap();
    bitmap.draw_target().clear(background).unwrap();
    let before = pixels(&bitmap);
    let mark = Mark::new();
    bitmap.since(&mark);
    draw_picture(&mut bitmap.draw_target(), ink, paper).unwrap();

    let mut theirs = Framebuffer::<C, C::Raw, LittleEndian, WIDTH, HEIGHT, N>::new();
    theirs.clear(background).unwrap();
    draw_picture(&mut theirs, ink, paper).unwrap();
    // Rows of 64 pixels are whole words, so that both have the same bytes.
    assert!(bitmap.read(|view| view.bytes == theirs.data()).unwrap(), "{depth:?}");

    let after = pixels(&bitmap);
    let changed = before.iter().zip(&after).zip(inside(bitmap.size()));
    let changed = changed.filter(|((before, after), _)| before != after).fold(
        Area::EMPTY,
        |area, (_, (x, y))| {
            let (x, y) = (i32::try_from(x).unwrap(), i32::try_from(y).unwrap());
            area.union(&Area::clamped(x, y, x + 1, y + 1))
        },
    );
    let Change::Part(marked) = bitmap.since(&mark) else { panic!("one generation") };
    (changed, marked)
}

#[test]
fn pictures_equal_those_of_a_framebuffer() {
    const PIXELS: usize = WIDTH * HEIGHT;
    let gray2 = [3, 1, 0].map(Gray2::new);
    let gray4 = [15, 7, 2].map(Gray4::new);
    let gray8 = [200, 255, 9].map(Gray8::new);
    let rgb565 = [Rgb565::RED, Rgb565::WHITE, Rgb565::CSS_DARK_SLATE_GRAY];
    let index = [300, 17, 65535].map(PaletteIndex);
    for (changed, marked) in [
        check_picture::<_, { PIXELS / 4 }>(Depth::Bpp2, gray2),
        check_picture::<_, { PIXELS / 2 }>(Depth::Bpp4, gray4),
        check_picture::<_, PIXELS>(Depth::Bpp8, gray8),
        check_picture::<_, { PIXELS * 2 }>(Depth::Bpp16, rgb565),
        check_picture::<_, { PIXELS * 2 }>(Depth::Bpp16, index),
    ] {
        assert_eq!(changed, marked, "the box of the changed pixels is marked");
    }
}

#[test]
fn two_colors_on_either_background() {
    let (on, off) = (BinaryColor::On, BinaryColor::Off);
    let (of_on, marked) = check_picture::<_, { WIDTH * HEIGHT / 8 }>(Depth::Bpp1, [on, off, off]);
    let (of_off, _) = check_picture::<_, { WIDTH * HEIGHT / 8 }>(Depth::Bpp1, [on, off, on]);
    assert_eq!(of_on.union(&of_off), marked, "every pixel that is set changes one of them");
}

#[test]
fn a_viewed_bitmap_is_busy() {
    let mut memory = [0; 64];
    let bitmap = Bitmap::from_buffer(8, 8, Depth::Bpp8, &mut memory).unwrap();
    let pixel = Rectangle::new(Point::zero(), TargetSize::new(1, 1));
    let busy = Err(BitmapError::Busy(Busy::Viewed));
    let all = bitmap.read(|_| {
        let mut target = bitmap.draw_target();
        [
            target.draw_iter([Pixel(Point::zero(), Gray8::WHITE)]),
            target.fill_contiguous(&pixel, [Gray8::WHITE]),
            target.fill_solid(&pixel, Gray8::WHITE),
            target.clear(Gray8::WHITE),
        ]
    });
    assert_eq!(all, Ok([busy; 4]));
    assert!(pixels(&bitmap).iter().all(|&value| value == 0), "nothing was drawn");
}

#[test]
fn a_color_that_does_not_fit_leaves_what_came_before() {
    let mut memory = [0; 64];
    let bitmap = Bitmap::from_buffer(8, 2, Depth::Bpp4, &mut memory).unwrap();
    let mark = Mark::new();
    bitmap.since(&mark);
    let pixels = [(3, 1, 15), (5, 0, 16), (7, 1, 1)];
    let pixels = pixels.map(|(x, y, v)| Pixel(Point::new(x, y), PaletteIndex(v)));
    let result = bitmap.draw_target().draw_iter(pixels);
    assert_eq!(result, Err(BitmapError::ValueTooLarge { value: 16, max_value: 15 }));
    assert_eq!((bitmap.get(3, 1), bitmap.get(7, 1)), (Some(15), Some(0)));
    assert_eq!(bitmap.since(&mark), Change::Part(Area::new(3, 1, 4, 2)));
}
