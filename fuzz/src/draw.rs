//! Drawing on bitmaps: what a call changes lies in the area that it marks, and what is refused changes nothing.

mod source;
mod tool;

use arbitrary::{Arbitrary, Unstructured};
use displayio_core::{
    Area, Bitmap, BitmapError, Change, Depth, Mark, PaletteIndex, PixelSource, Tracked, View,
};
use embedded_graphics::{
    mono_font::{MonoTextStyle, ascii::FONT_6X10},
    prelude::{DrawTarget, Drawable, Pixel, Primitive},
    primitives::{Circle, PrimitiveStyle},
    text::Text,
};

use self::tool::Tool;
use crate::arguments::{Coordinate, Frame, Position, chosen};

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

/// Why a call did not do all that it was to do.
#[derive(Debug)]
enum Failure {
    /// It drew nothing.
    Refused(#[expect(dead_code, reason = "shown where a check fails")] BitmapError),
    /// It may have drawn a part.
    Interrupted,
}

impl From<BitmapError> for Failure {
    fn from(error: BitmapError) -> Self {
        Self::Refused(error)
    }
}

/// A call that draws. A new tool is a variant here and a line in [`Call::draw`], or in [`Tool`].
#[derive(Debug, Arbitrary)]
enum Call<'i> {
    Set {
        x: u8,
        y: u8,
        value: u32,
    },
    Fill(u32),
    FillRegion {
        frame: Frame,
        value: u32,
    },
    Line {
        from: Position,
        to: Position,
        value: u32,
    },
    Polygon {
        points: Vec<Position>,
        value: u32,
        close: bool,
    },
    Circle {
        center: Position,
        radius: Coordinate,
        value: u32,
    },
    ReplaceColor {
        old: u32,
        new: u32,
    },
    Pixels(Vec<(Position, u16)>),
    Contiguous {
        frame: Frame,
        values: &'i [u8],
    },
    Solid {
        frame: Frame,
        value: u16,
    },
    Disc {
        corner: Position,
        diameter: u8,
        value: u16,
    },
    Text {
        at: Position,
        text: &'i str,
        value: u16,
    },
    Tool(Tool<'i>),
    /// While the bitmap is shown.
    Viewed(Tool<'i>),
}

impl Call<'_> {
    fn draw(&self, bitmap: &Bitmap<'_>) -> Result<(), Failure> {
        match self {
            Self::Tool(tool) => tool.apply(bitmap),
            Self::Viewed(tool) => bitmap.read(|_| tool.apply(bitmap)).expect("nobody draws"),
            _ => match self.draw_figure(bitmap) {
                // embedded-graphics has drawn what came before.
                Err(BitmapError::ValueTooLarge { .. }) if self.is_of_target() => {
                    Err(Failure::Interrupted)
                }
                result => Ok(result?),
            },
        }
    }

    const fn is_of_target(&self) -> bool {
        matches!(
            self,
            Self::Pixels(_)
                | Self::Contiguous { .. }
                | Self::Solid { .. }
                | Self::Disc { .. }
                | Self::Text { .. }
        )
    }

    fn draw_figure(&self, bitmap: &Bitmap<'_>) -> Result<(), BitmapError> {
        let mut target = bitmap.draw_target();
        // Half of the values are made to fit.
        let max_value = bitmap.depth().max_value();
        let fit = |value: &u32| if value & 1 == 0 { *value } else { *value >> 1 & max_value };
        match self {
            Self::Set { x, y, value } => bitmap.set((*x).into(), (*y).into(), fit(value)),
            Self::Fill(value) => bitmap.fill(fit(value)),
            Self::FillRegion { frame, value } => bitmap.fill_region(frame.area(), fit(value)),
            Self::Line { from, to, value } => {
                bitmap.draw_line(from.short(), to.short(), fit(value))
            }
            Self::Polygon { points, value, close } => {
                let points: Vec<_> = points.iter().map(|point| point.short()).take(8).collect();
                bitmap.draw_polygon(&points, fit(value), *close)
            }
            Self::Circle { center, radius, value } => {
                bitmap.draw_circle(center.short(), radius.length(), fit(value))
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
            Self::Tool(_) | Self::Viewed(_) => Ok(()),
        }
    }
}

/// Draws on a bitmap of noise.
pub fn run(bytes: &[u8]) {
    let Ok(input) = Input::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    let (width, height) = (u16::from(input.width) % MAX_SIDE, u16::from(input.height) % MAX_SIDE);
    let depth = chosen(&Depth::ALL, input.depth);
    let mut memory: Vec<u8> = (0..Bitmap::required_bytes(width, height, depth))
        .map(|i| input.noise.wrapping_mul(i.to_le_bytes()[0]))
        .collect();
    let bitmap =
        Bitmap::from_buffer(width, height, depth, &mut memory).expect("as many bytes as it needs");
    let mark = Mark::new();
    bitmap.since(&mark);
    for call in input.calls.iter().take(MAX_CALLS) {
        check(call, &bitmap, &mark);
    }
}

fn check(call: &Call<'_>, bitmap: &Bitmap<'_>, mark: &Mark) {
    let before = bitmap.read(|view| view.bytes.to_vec()).expect("nobody draws");
    let result = call.draw(bitmap);
    let change = bitmap.since(mark);
    let marked = match change {
        Change::None => Area::EMPTY,
        Change::Part(area) => area,
        Change::All => Area::of_size(bitmap.size()),
    };
    let is_refused = matches!(result, Err(Failure::Refused(_)));
    assert!(!is_refused || marked == Area::EMPTY, "{call:?} is {result:?} and marks {change:?}");
    let outside = bitmap
        .read(|view| changed_outside(marked, View { bytes: &before, ..view }, view))
        .expect("nobody draws");
    assert_eq!(outside, None, "{call:?} on {bitmap:?} marks {change:?} and is {result:?}");
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
