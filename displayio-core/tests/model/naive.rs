//! The oracle: what a scene shows, computed one pixel at a time from the definitions, with nothing of the library but
//! the names of its enums.

use displayio_core::{Colorspace, Depth, Rotation};

/// Everything a scene consists of, as plain data.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Panel width and height.
    pub panel: (i32, i32),
    pub rotation: Rotation,
    pub bitmaps: Vec<Pixels>,
    pub shaders: Vec<Shader>,
    pub grids: Vec<Grid>,
    /// Group 0 is the root.
    pub groups: Vec<Group>,
}

#[derive(Debug, Clone)]
pub struct Pixels {
    pub width: i32,
    pub height: i32,
    pub depth: Depth,
    pub values: Vec<u32>,
}

#[derive(Debug, Clone)]
pub enum Shader {
    Palette { colors: Vec<u32>, transparent: Vec<bool>, dither: bool },
    Converter { input: Colorspace, transparent: Option<u32>, dither: bool },
}

#[derive(Debug, Clone)]
pub struct Grid {
    pub bitmap: usize,
    pub shader: usize,
    pub tile: (i32, i32),
    pub cells: (i32, i32),
    pub tiles: Vec<u16>,
    pub x: i32,
    pub y: i32,
    pub flip_x: bool,
    pub flip_y: bool,
    pub transpose: bool,
    pub hidden: bool,
}

#[derive(Debug, Clone)]
pub struct Group {
    pub x: i32,
    pub y: i32,
    pub scale: i32,
    pub hidden: bool,
    pub children: Vec<Child>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Child {
    Grid(usize),
    Group(usize),
}

#[derive(Clone, Copy)]
struct Transform {
    x: i32,
    y: i32,
    dx: i32,
    dy: i32,
    transpose: bool,
}

/// A panel's format: RGB888 to what the panel stores, and the masks of its dither.
pub struct Format {
    pub convert: fn([u8; 3]) -> u32,
    pub masks: [u8; 3],
}

impl Model {
    /// What the panel stores at (`x`, `y`); 0 where nothing shows.
    pub fn pixel(&self, format: &Format, x: i32, y: i32) -> u32 {
        let (w, h) = self.panel;
        let (tx, ty, dx, dy, transpose) = match self.rotation {
            Rotation::Deg0 => (0, 0, 1, 1, false),
            Rotation::Deg90 => (w, 0, -1, 1, true),
            Rotation::Deg180 => (w, h, -1, -1, false),
            Rotation::Deg270 => (0, h, 1, -1, true),
        };
        self.group(0, Transform { x: tx, y: ty, dx, dy, transpose }, format, x, y).unwrap_or(0)
    }

    /// The first opaque pixel from the top.
    fn group(&self, index: usize, t: Transform, format: &Format, x: i32, y: i32) -> Option<u32> {
        let group = &self.groups[index];
        if group.hidden {
            return None;
        }
        let (gx, gy) = if t.transpose { (group.y, group.x) } else { (group.x, group.y) };
        let inner = Transform {
            x: t.x + t.dx * gx,
            y: t.y + t.dy * gy,
            dx: t.dx * group.scale,
            dy: t.dy * group.scale,
            ..t
        };
        group.children.iter().rev().find_map(|child| match *child {
            Child::Grid(grid) => self.grid(grid, inner, format, x, y),
            Child::Group(group) => self.group(group, inner, format, x, y),
        })
    }

    fn grid(&self, index: usize, a: Transform, format: &Format, x: i32, y: i32) -> Option<u32> {
        let grid = &self.grids[index];
        let bitmap = &self.bitmaps[grid.bitmap];
        if grid.hidden {
            return None;
        }
        let (mut w, mut h) = (grid.tile.0 * grid.cells.0, grid.tile.1 * grid.cells.1);
        if grid.transpose {
            (w, h) = (h, w);
        }
        let (mut xs, mut ys) = if a.transpose {
            (
                [a.x + a.dx * grid.y, a.x + a.dx * (grid.y + h)],
                [a.y + a.dy * grid.x, a.y + a.dy * (grid.x + w)],
            )
        } else {
            (
                [a.x + a.dx * grid.x, a.x + a.dx * (grid.x + w)],
                [a.y + a.dy * grid.y, a.y + a.dy * (grid.y + h)],
            )
        };
        xs.sort_unstable();
        ys.sort_unstable();
        if x < xs[0] || x >= xs[1] || y < ys[0] || y >= ys[1] {
            return None;
        }
        let (mut u, mut v) = (x - xs[0], y - ys[0]);
        let transpose = grid.transpose != a.transpose;
        let (fx, fy) =
            if transpose { (grid.flip_y, grid.flip_x) } else { (grid.flip_x, grid.flip_y) };
        if fx != (a.dx < 0) {
            u = xs[1] - xs[0] - 1 - u;
        }
        if fy != (a.dy < 0) {
            v = ys[1] - ys[0] - 1 - v;
        }
        if transpose {
            (u, v) = (v, u);
        }
        let (lx, ly) = (u / a.dx.abs(), v / a.dx.abs());
        let cell = ly / grid.tile.1 * grid.cells.0 + lx / grid.tile.0;
        let tile = i32::from(grid.tiles[usize::try_from(cell).unwrap()]);
        let per_row = bitmap.width / grid.tile.0;
        let (tile_x, tile_y) = (tile % per_row * grid.tile.0, tile / per_row * grid.tile.1);
        let (bx, by) = (tile_x + lx % grid.tile.0, tile_y + ly % grid.tile.1);
        let inside = by < bitmap.height;
        let value = if inside {
            bitmap.values[usize::try_from(by * bitmap.width + bx).unwrap()]
        } else {
            0
        };
        self.shade(grid.shader, value, bx, by, format)
    }

    fn shade(&self, shader: usize, value: u32, x: i32, y: i32, format: &Format) -> Option<u32> {
        let (rgb, dither) = match &self.shaders[shader] {
            Shader::Palette { colors, transparent, dither } => {
                let index = value as usize;
                if index >= colors.len() || transparent[index] {
                    return None;
                }
                let [b, g, r, _] = colors[index].to_le_bytes();
                ([r, g, b], *dither)
            }
            Shader::Converter { transparent, .. } if *transparent == Some(value) => return None,
            Shader::Converter { input, dither, .. } => (widen(*input, value), *dither),
        };
        let mut rgb = rgb;
        if dither {
            let offsets = [(0, 0), (33, 0), (0, 33)];
            for ((channel, mask), (ox, oy)) in rgb.iter_mut().zip(format.masks).zip(offsets) {
                *channel = channel.saturating_add(noise(x + ox, y + oy) & mask);
            }
        }
        Some((format.convert)(rgb))
    }
}

fn widen(input: Colorspace, value: u32) -> [u8; 3] {
    match input {
        Colorspace::Rgb565 => {
            [value >> 11 << 3, value >> 5 << 2, value << 3].map(|v| (v & 0xff) as u8)
        }
        Colorspace::Rgb888 => [value >> 16, value >> 8, value].map(|v| (v & 0xff) as u8),
        other => panic!("no {other:?} in this test"),
    }
}

/// The reference's noise, in single precision.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "as defined"
)]
fn noise(x: i32, y: i32) -> u8 {
    let n = (x as u32).wrapping_add((y as u32).wrapping_mul(65535));
    let n = (n >> 13) ^ n;
    let m = n.wrapping_mul(n.wrapping_mul(n).wrapping_mul(60493).wrapping_add(19_990_303));
    ((m.wrapping_add(1_376_312_589) & 0x7fff_ffff) as f32 / 2_147_483_648.0 * 255.0) as u8
}
