//! Drawing on bitmaps: what a call changes lies in the area that it marks.

use arbitrary::{Arbitrary, Unstructured};
use displayio_core::{
    Area, Bitmap, BitmapError, Change, Depth, Mark, PaletteIndex, PixelSource, Tracked, View,
};
use embedded_graphics::{
    geometry::Size as TargetSize,
    mono_font::{MonoTextStyle, ascii::FONT_6X10},
    prelude::{DrawTarget, Drawable, Pixel, Point, Primitive},
    primitives::{Circle, PrimitiveStyle, Rectangle},
    text::Text,
};

/// The largest side of a bitmap: enough for several words in a row of any depth.
const MAX_SIDE: u16 = 80;

/// The most calls: an input must not take long.
const MAX_CALLS: usize = 24;

/// A bitmap, and what is done with it.
#[derive(Debug, Arbitrary)]
struct Input<'i> {
    width: u8,
    height: u8,
    depth: u8,
    noise: u8,
    calls: Vec<Call<'i>>,
}

/// Most are on or near the bitmap, some as far off as can be.
#[derive(Debug, Clone, Copy)]
struct Coordinate(i32);

impl<'i> Arbitrary<'i> for Coordinate {
    fn arbitrary(bytes: &mut Unstructured<'i>) -> arbitrary::Result<Self> {
        match bytes.arbitrary::<i8>()? {
            i8::MIN => bytes.arbitrary().map(Self),
            i8::MAX => Ok(Self(i32::MAX)),
            near => Ok(Self(near.into())),
        }
    }
}

impl Coordinate {
    fn short(self) -> i16 {
        i16::try_from(self.0).unwrap_or(if self.0 < 0 { i16::MIN } else { i16::MAX })
    }
}

#[derive(Debug, Clone, Copy, Arbitrary)]
struct Position(Coordinate, Coordinate);

impl Position {
    fn short(self) -> (i16, i16) {
        (self.0.short(), self.1.short())
    }

    const fn point(self) -> Point {
        Point::new(self.0.0, self.1.0)
    }

    /// Where the arithmetic of embedded-graphics does not overflow.
    fn near(self) -> Point {
        let (x, y) = self.short();
        Point::new(x.into(), y.into())
    }
}

/// A corner and an extent.
#[derive(Debug, Clone, Copy, Arbitrary)]
struct Frame(Position, Position);

impl Frame {
    const fn rectangle(self) -> Rectangle {
        let Position(Coordinate(width), Coordinate(height)) = self.1;
        Rectangle::new(self.0.point(), TargetSize::new(width.unsigned_abs(), height.unsigned_abs()))
    }
}

/// A call that draws. A new tool is a variant here and a line in [`Call::draw`].
#[derive(Debug, Arbitrary)]
enum Call<'i> {
    Set { x: u8, y: u8, value: u32 },
    Fill(u32),
    FillRegion { from: Position, to: Position, value: u32 },
    Line { from: Position, to: Position, value: u32 },
    Polygon { points: Vec<Position>, value: u32, close: bool },
    Circle { center: Position, radius: Coordinate, value: u32 },
    ReplaceColor { old: u32, new: u32 },
    Pixels(Vec<(Position, u16)>),
    Contiguous { frame: Frame, values: &'i [u8] },
    Solid { frame: Frame, value: u16 },
    Disc { corner: Position, diameter: u8, value: u16 },
    Text { at: Position, text: &'i str, value: u16 },
}

impl Call<'_> {
    fn draw(&self, bitmap: &Bitmap<'_>) -> Result<(), BitmapError> {
        let mut target = bitmap.draw_target();
        // Half of the values are made to fit.
        let max_value = bitmap.depth().max_value();
        let fit = |value: &u32| if value & 1 == 0 { *value } else { *value >> 1 & max_value };
        match self {
            Self::Set { x, y, value } => bitmap.set((*x).into(), (*y).into(), fit(value)),
            Self::Fill(value) => bitmap.fill(fit(value)),
            Self::FillRegion { from, to, value } => {
                let ((x1, y1), (x2, y2)) = (from.short(), to.short());
                bitmap.fill_region(Area::new(x1, y1, x2, y2), fit(value))
            }
            Self::Line { from, to, value } => {
                bitmap.draw_line(from.short(), to.short(), fit(value))
            }
            Self::Polygon { points, value, close } => {
                let points: Vec<_> = points.iter().map(|point| point.short()).take(8).collect();
                bitmap.draw_polygon(&points, fit(value), *close)
            }
            Self::Circle { center, radius, value } => {
                bitmap.draw_circle(center.short(), radius.short().unsigned_abs(), fit(value))
            }
            Self::ReplaceColor { old, new } => bitmap.replace_color(fit(old), fit(new)),
            Self::Pixels(pixels) => target.draw_iter(
                pixels.iter().map(|(at, value)| Pixel(at.point(), PaletteIndex(*value))),
            ),
            Self::Contiguous { frame, values } => target.fill_contiguous(
                &frame.rectangle(),
                values.iter().map(|&value| PaletteIndex(value.into())),
            ),
            Self::Solid { frame, value } => {
                target.fill_solid(&frame.rectangle(), PaletteIndex(*value))
            }
            Self::Disc { corner, diameter, value } => {
                let style = PrimitiveStyle::with_fill(PaletteIndex(*value));
                Circle::new(corner.near(), (*diameter).into()).into_styled(style).draw(&mut target)
            }
            Self::Text { at, text, value } => {
                let style = MonoTextStyle::new(&FONT_6X10, PaletteIndex(*value));
                Text::new(text, at.near(), style).draw(&mut target).map(|_| ())
            }
        }
    }
}

/// Draws on a bitmap of noise.
pub fn run(bytes: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    let (width, height) = (u16::from(input.width) % MAX_SIDE, u16::from(input.height) % MAX_SIDE);
    let depth = Depth::ALL[usize::from(input.depth) % Depth::ALL.len()];
    let mut memory: Vec<u8> = (0..Bitmap::required_bytes(width, height, depth))
        .map(|i| input.noise.wrapping_mul(i.to_le_bytes()[0]))
        .collect();
    let bitmap =
        Bitmap::from_buffer(width, height, depth, &mut memory).expect("as many bytes as it needs");
    let mark = Mark::new();
    bitmap.since(&mark);
    for call in input.calls.iter().take(MAX_CALLS) {
        let before = bitmap.read(|view| view.bytes.to_vec()).expect("nobody draws");
        let result = call.draw(&bitmap);
        let change = bitmap.since(&mark);
        let marked = match change {
            Change::None => Area::EMPTY,
            Change::Part(area) => area,
            Change::All => Area::of_size(bitmap.size()),
        };
        let outside = bitmap
            .read(|view| changed_outside(marked, View { bytes: &before, ..view }, view))
            .expect("nobody draws");
        assert_eq!(outside, None, "{call:?} on {bitmap:?} marks {change:?} and is {result:?}");
    }
}

/// The first pixel outside of `marked` that changed.
fn changed_outside(marked: Area, before: View<'_>, after: View<'_>) -> Option<(i16, i16)> {
    let Area { x2: width, y2: height, .. } = Area::of_size(after.size);
    let differs = |x: i16, y: i16| {
        let (x, y) = (x.unsigned_abs().into(), y.unsigned_abs().into());
        before.get(x, y) != after.get(x, y)
    };
    (0..height)
        .filter(|y| before.row(y.unsigned_abs().into()) != after.row(y.unsigned_abs().into()))
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .find(|&(x, y)| !marked.contains_point(x, y) && differs(x, y))
}
