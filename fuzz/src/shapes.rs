//! Vector shapes: each pixel is what the definition says, after every refresh, and is sent once.

mod model;

use arbitrary::{Arbitrary, Unstructured};
use displayio_core::{
    Circle, Display, Group, Node, Palette, PointList, Polygon, Rectangle, Rgb565Le, Rotation, Size,
};

use self::model::{COLORS, Figure, GroupModel, Model, TRANSPARENT};
use crate::{
    arguments::{Position, chosen},
    panel::CountingPanel,
};

const MAX_SIDE: u16 = 40;
const MAX_SHAPES: usize = 5;
const MAX_EDITS: usize = 24;
/// More than a line of a polygon keeps in mind at a time.
const MAX_CORNERS: u16 = 24;

pub(crate) const ROTATIONS: [Rotation; 4] =
    [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270];

/// A scene, and what is done with it.
#[derive(Debug, Arbitrary)]
struct Input {
    panel: (u8, u8),
    rotation: u8,
    /// 4 is the least that a pixel needs, at any address.
    more_buffer_bytes: u8,
    group: (Position, u8),
    shapes: Vec<Model>,
    edits: Vec<Edit>,
}

#[derive(Debug, Arbitrary)]
enum Edit {
    Refresh,
    Shape(u8, ShapeEdit),
    MoveGroup(Position),
    ScaleGroup(u8),
    HideGroup(bool),
}

#[derive(Debug, Arbitrary)]
enum ShapeEdit {
    Move(Position),
    Color(u8),
    Hide(bool),
    Figure(Figure),
}

type Colors<'p> = &'p Palette<'p, Rgb565Le>;

enum Shape<'p> {
    Circle(Circle<Colors<'p>>),
    Rectangle(Rectangle<Colors<'p>>),
    Polygon(Polygon<Colors<'p>, PointList<'p>>),
}

macro_rules! on_shape {
    ($shape:expr, |$it:ident| $call:expr) => {
        match $shape {
            Shape::Circle($it) => $call,
            Shape::Rectangle($it) => $call,
            Shape::Polygon($it) => $call,
        }
    };
}

impl<'p> Shape<'p> {
    fn new(model: &Model, colors: Colors<'p>, memory: &'p mut [u8]) -> Self {
        let (x, y) = model.at.short();
        macro_rules! dressed {
            ($shape:expr) => {{
                let shape = $shape.at(x, y).color(model.color());
                let shape = if model.is_scaled { shape.scaled() } else { shape };
                shape.set_hidden(model.hidden);
                if model.is_see_through { shape.see_through() } else { shape }
            }};
        }
        match &model.figure {
            Figure::Circle(radius) => Self::Circle(dressed!(Circle::new(colors, radius.length()))),
            Figure::Rectangle(size) => {
                let (width, height) = (size.0.length(), size.1.length());
                Self::Rectangle(dressed!(Rectangle::new(colors, width, height)))
            }
            Figure::Polygon(corners) => {
                let polygon = dressed!(Polygon::new(colors, PointList::from_buffer(memory)));
                let result = polygon.set_points(&shorts(corners));
                assert_eq!(result.is_ok(), corners.len() <= MAX_CORNERS.into(), "{result:?}");
                Self::Polygon(polygon)
            }
        }
    }

    fn node(&self) -> &dyn Node<Rgb565Le> {
        on_shape!(self, |shape| shape)
    }

    fn edit(&self, model: &mut Model, edit: &ShapeEdit) {
        match (edit, self) {
            (ShapeEdit::Move(to), _) => {
                model.at = *to;
                on_shape!(self, |shape| shape.move_to(to.short().0, to.short().1));
            }
            (ShapeEdit::Color(color), _) => {
                model.color = *color;
                on_shape!(self, |shape| shape.set_color(model.color()));
            }
            (ShapeEdit::Hide(hidden), _) => {
                model.hidden = *hidden;
                on_shape!(self, |shape| shape.set_hidden(*hidden));
            }
            (ShapeEdit::Figure(figure), _) => self.edit_figure(model, figure),
        }
    }

    fn edit_figure(&self, model: &mut Model, figure: &Figure) {
        match (self, figure) {
            (Self::Circle(circle), Figure::Circle(radius)) => circle.set_radius(radius.length()),
            (Self::Rectangle(rectangle), Figure::Rectangle(size)) => {
                rectangle.set_size(size.0.length(), size.1.length());
            }
            (Self::Polygon(polygon), Figure::Polygon(corners)) => {
                if polygon.set_points(&shorts(corners)).is_err() {
                    return;
                }
            }
            _ => return,
        }
        model.figure = figure.clone();
    }
}

fn shorts(corners: &[Position]) -> Vec<(i16, i16)> {
    corners.iter().map(|corner| corner.short()).collect()
}

/// Shows shapes, edits them, and looks at each pixel after each refresh.
pub fn run(bytes: &[u8]) {
    let Ok(mut input) = Input::arbitrary_take_rest(Unstructured::new(bytes)) else { return };
    let side = |length: u8| u16::from(length) % MAX_SIDE + 1;
    let size = Size::new(side(input.panel.0), side(input.panel.1));
    let rotation = chosen(&ROTATIONS, input.rotation);
    input.shapes.truncate(MAX_SHAPES);
    input.shapes.iter_mut().for_each(|shape| shape.forget_excess(MAX_CORNERS.into()));
    let mut memory = [[0; PointList::required_bytes(MAX_CORNERS)]; MAX_SHAPES];
    let mut colors = [0; 32];
    let colors = palette(&mut colors);
    let models = input.shapes.iter().zip(&mut memory);
    let shapes: Vec<_> = models.map(|(model, memory)| Shape::new(model, &colors, memory)).collect();
    let mut nodes: [&dyn Node<Rgb565Le>; MAX_SHAPES] = [&(); MAX_SHAPES];
    nodes.iter_mut().zip(&shapes).for_each(|(node, shape)| *node = shape.node());

    let mut group = GroupModel { at: input.group.0, scale: input.group.1, hidden: false };
    let (x, y) = group.at.short();
    let root = Group::new(nodes).at(x, y).scaled(group.scale);
    let mut buffer = vec![0; 7 + usize::from(input.more_buffer_bytes)];
    let mut display = Display::new(CountingPanel::new(size), &mut buffer).rotated(rotation);
    let edits = input.edits.iter().take(MAX_EDITS);
    for edit in edits.chain([&Edit::Refresh]) {
        match edit {
            Edit::Refresh => {
                display.refresh(&root).expect("the buffer holds a pixel");
                display.panel_mut().check_counts();
                for (pixel, x, y) in display.panel().positions() {
                    let expected = group.pixel(&input.shapes, rotation, size, (x, y));
                    assert_eq!(pixel, expected, "at ({x}, {y}) of {size:?}: {:?}", input.shapes);
                }
            }
            Edit::Shape(number, edit) => {
                let number = usize::from(*number) % MAX_SHAPES;
                if let (Some(model), Some(shape)) =
                    (input.shapes.get_mut(number), shapes.get(number))
                {
                    shape.edit(model, edit);
                }
            }
            Edit::MoveGroup(to) => {
                group.at = *to;
                root.move_to(to.short().0, to.short().1);
            }
            Edit::ScaleGroup(scale) => {
                group.scale = *scale;
                root.set_scale(*scale);
            }
            Edit::HideGroup(hidden) => {
                group.hidden = *hidden;
                root.set_hidden(*hidden);
            }
        }
    }
}

/// The colours, and one that is transparent.
fn palette(memory: &mut [u8]) -> Palette<'_, Rgb565Le> {
    let palette = Palette::from_buffer(TRANSPARENT + 1, memory).expect("room for the colours");
    for (index, color) in (0..).zip(COLORS) {
        let [red, green, blue] =
            [color >> 11 << 3, color >> 5 << 2, color << 3].map(|v| u32::from(v & 0xff));
        palette.set(index, red << 16 | green << 8 | blue).expect("a colour of the palette");
    }
    palette.set_transparent(TRANSPARENT, true).expect("a colour of the palette");
    palette
}
