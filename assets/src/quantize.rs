//! The few colours that stand best for many.
//!
//! The colours are cut into boxes, each time the box and the place where that reduces the squared error most, as in Wu's
//! quantiser ("Color quantization by dynamic programming and principal analysis", 1992), but over the colours themselves
//! instead of a grid; then k-means moves the means of the boxes to where the error is least. Both in Oklab.

use core::ops::Range;

use displayio_core::Rgb888;

use crate::{
    color::{Linear, Oklab},
    histogram::Histogram,
};

/// More distinct colours than this are first merged with their neighbours.
const MAX_POINTS: usize = 1 << 15;

/// Rounds of k-means, unless nothing moves any more.
const MAX_ROUNDS: usize = 24;

/// At most `count` colours for a histogram, from dark to bright, each once.
///
/// If they are to be mixed by dither, they span the brightness of the pictures; otherwise they are the means of what they
/// stand for.
pub(crate) fn quantize(histogram: &Histogram, count: usize, is_mixed: bool) -> Vec<Rgb888> {
    let mut points = points(histogram);
    let mut centers = split(&mut points, count);
    for _ in 0..MAX_ROUNDS {
        if !refine(&points, &mut centers) {
            break;
        }
    }
    if is_mixed {
        stretch(&mut centers, &mut points);
    }
    from_dark_to_bright(centers.into_iter().map(Oklab::to_rgb888).collect())
}

/// Sorts colours and removes doubles.
pub(crate) fn from_dark_to_bright(mut colors: Vec<Rgb888>) -> Vec<Rgb888> {
    let luminance = |color: Rgb888| Linear::from(color).luminance();
    colors.sort_by(|&a, &b| luminance(a).total_cmp(&luminance(b)).then(a.value().cmp(&b.value())));
    colors.dedup();
    colors
}

/// The index of the nearest center.
pub(crate) fn nearest(color: Oklab, centers: &[Oklab]) -> usize {
    let mut best = (f32::INFINITY, 0);
    for (index, center) in centers.iter().enumerate() {
        let distance = color.distance_squared(*center);
        if distance < best.0 {
            best = (distance, index);
        }
    }
    best.1
}

/// A colour and the number of its pixels.
#[derive(Debug, Clone, Copy)]
struct Point {
    at: Oklab,
    weight: f64,
}

fn points(histogram: &Histogram) -> Vec<Point> {
    let point = |&(color, count): &(Rgb888, u32)| (color, f64::from(count));
    let weighted = histogram.entries().iter().map(point);
    if histogram.len() <= MAX_POINTS {
        return weighted.map(|(color, weight)| Point { at: color.into(), weight }).collect();
    }
    // Five bits of each channel.
    let mut cells = vec![Sum::default(); 1 << 15];
    for (color, weight) in weighted {
        let [red, green, blue] = color.channels().map(|channel| usize::from(channel >> 3));
        cells[red << 10 | green << 5 | blue].add(Point { at: color.into(), weight });
    }
    cells
        .into_iter()
        .filter_map(|sum| Some(Point { at: sum.mean()?, weight: sum.weight }))
        .collect()
}

/// Sum of weighted points.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    weight: f64,
    at: [f64; 3],
    /// Of `weight * |at|^2`.
    squares: f64,
}

impl Sum {
    fn of(points: &[Point]) -> Self {
        points.iter().fold(Self::default(), |mut sum, &point| {
            sum.add(point);
            sum
        })
    }

    fn add(&mut self, point: Point) {
        self.weight += point.weight;
        for (sum, axis) in self.at.iter_mut().zip(point.at.0.map(f64::from)) {
            *sum += point.weight * axis;
            self.squares += point.weight * axis * axis;
        }
    }

    fn minus(self, other: Self) -> Self {
        Self {
            weight: self.weight - other.weight,
            at: [0, 1, 2].map(|i| self.at[i] - other.at[i]),
            squares: self.squares - other.squares,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "as precise as the points")]
    fn mean(&self) -> Option<Oklab> {
        (self.weight > 0.0).then(|| Oklab(self.at.map(|axis| (axis / self.weight) as f32)))
    }

    /// Weighted squared distance from the mean.
    fn error(&self) -> f64 {
        if self.weight <= 0.0 {
            return 0.0;
        }
        self.squares - self.at.iter().map(|axis| axis * axis).sum::<f64>() / self.weight
    }
}

/// Means of at most `count` boxes of points.
fn split(points: &mut [Point], count: usize) -> Vec<Oklab> {
    let mut boxes = vec![Box::of(points, 0..points.len())];
    while boxes.len() < count {
        let by_gain = |a: &(usize, &Box), b: &(usize, &Box)| a.1.gain.total_cmp(&b.1.gain);
        let Some((index, best)) = boxes.iter().enumerate().max_by(by_gain) else { break };
        if best.gain <= 0.0 {
            break;
        }
        let (low, high) = boxes.swap_remove(index).cut(points);
        boxes.extend([low, high]);
    }
    boxes.iter().filter_map(|b| Sum::of(&points[b.range.clone()]).mean()).collect()
}

/// Neighbouring points, and where they are best cut in two.
#[derive(Debug)]
struct Box {
    /// Which points.
    range: Range<usize>,
    /// By how much the cut reduces the error.
    gain: f64,
    /// Along which axis.
    axis: usize,
    /// Number of points below the cut.
    below: usize,
}

impl Box {
    /// Finds the best cut. Leaves the points of the box sorted along some axis.
    fn of(points: &mut [Point], range: Range<usize>) -> Self {
        let mut found = Self { range: range.clone(), gain: 0.0, axis: 0, below: 0 };
        let points = &mut points[range];
        let total = Sum::of(points);
        for axis in 0..3 {
            sort(points, axis);
            let mut low = Sum::default();
            for (below, pair) in (1..).zip(points.windows(2)) {
                low.add(pair[0]);
                let gain = total.error() - low.error() - total.minus(low).error();
                if gain > found.gain {
                    found = Self { gain, axis, below, ..found };
                }
            }
        }
        found
    }

    fn cut(self, points: &mut [Point]) -> (Self, Self) {
        let Range { start, end } = self.range;
        sort(&mut points[start..end], self.axis);
        let middle = start + self.below;
        (Self::of(points, start..middle), Self::of(points, middle..end))
    }
}

fn sort(points: &mut [Point], axis: usize) {
    // Stable, and no two points are equal: the order is always the same.
    points.sort_by(|a, b| a.at.0[axis].total_cmp(&b.at.0[axis]));
}

/// Moves each center to the mean of the points nearest to it; tells whether any moved.
fn refine(points: &[Point], centers: &mut [Oklab]) -> bool {
    let mut sums = vec![Sum::default(); centers.len()];
    for &point in points {
        sums[nearest(point.at, centers)].add(point);
    }
    let mut moved = false;
    for (center, sum) in centers.iter_mut().zip(sums) {
        let mean = sum.mean().unwrap_or(*center);
        moved |= mean != *center;
        *center = mean;
    }
    moved
}

/// Spreads the lightness of centers over that of nearly all pixels: what is beyond the extremes cannot be mixed.
fn stretch(centers: &mut [Oklab], points: &mut [Point]) {
    /// The part of the pixels that may stay beyond each end.
    const BEYOND: f64 = 0.01;
    sort(points, 0);
    let beyond = BEYOND * Sum::of(points).weight;
    let (Some(dark), Some(bright)) = (
        lightness_after(points.iter().copied(), beyond),
        lightness_after(points.iter().rev().copied(), beyond),
    ) else {
        return;
    };
    let lightness = |center: &Oklab| center.0[0];
    let darkest = centers.iter().map(lightness).fold(f32::INFINITY, f32::min);
    let brightest = centers.iter().map(lightness).fold(0.0, f32::max);
    if brightest <= darkest {
        return;
    }
    let (dark, bright) = (dark.min(darkest), bright.max(brightest));
    for Oklab([lightness, ..]) in centers {
        let part = (*lightness - darkest) / (brightest - darkest);
        *lightness = dark + part * (bright - dark);
    }
}

/// The lightness of the first point after those that make up `weight`.
fn lightness_after(points: impl Iterator<Item = Point>, weight: f64) -> Option<f32> {
    let mut passed = 0.0;
    let mut rest = points.skip_while(|point| {
        passed += point.weight;
        passed < weight
    });
    rest.next().map(|point| point.at.0[0])
}
