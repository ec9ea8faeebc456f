//! A sensor dashboard: labels, bars and a curve, of which a refresh sends the digits that changed and little else.
//!
//! `cargo run -p displayio-examples --bin dashboard -- target/dashboard` simulates a day in a greenhouse, tells what each
//! refresh sent, and writes pictures (`--window` shows them): three cards, each with a value, a bar, the least and the
//! most so far, above the temperature of the day as a curve. Beside the pictures it writes what it allocated, for
//! `cargo run --release -p displayio-benches --bin heaps -- --trace target/dashboard/heap.trace`.

mod card;

use core::{cell::RefCell, error::Error, mem::MaybeUninit};

use displayio_allocators::{CompactingHeap, Instrumented, Recorder};
use displayio_core::{
    Anchor, Area, Bitmap, BitmapError, BlockingPanel, Depth, Display, FONT_6X12, Group, Heap,
    Label, OutOfMemory, Palette, PaletteError, Rectangle, RefreshError, RefreshStats, Rgb565, Size,
    TextError, TileGrid,
};
use displayio_examples::desktop::Screen;
use displayio_hal::framebuffer::Framebuffer;

use self::card::{Card, Quantity};

/// Of cards, of what bars lie on, of the ground, and of each quantity.
const COLORS: [u32; 6] = [0x1a_2436, 0x36_4560, 0x0a_0f1a, 0xff_9350, 0x50_c4ff, 0xa4_e070];

/// Measurements in a day, and minutes from one to the next.
const COUNT: i16 = 96;
const MINUTES: i16 = 15;

/// Pixels of the curve from one measurement to the next, and its height.
const STEP: i16 = 3;
const HEIGHT: i16 = 80;

/// What sensors say, in tenths of the units: a warm day, a dry noon, a front. A board asks its chips instead.
const fn measure(minute: i16) -> [i16; 3] {
    let (sun, noise) = (240 - (minute / 3 - 240).abs(), minute / 5 * 7 % 11 - 5);
    [158 + sun / 2 + noise, 700 - sun + noise * 2, 1008 + minute / 180 + noise / 4]
}

/// Draws the curve on, from one temperature to the next.
fn plot(curve: &Bitmap<'_>, x: i16, temperatures: [i16; 2]) -> Result<(), BitmapError> {
    let [from, to] = temperatures.map(|tenths| 148 - tenths / 2);
    let end = x + STEP;
    curve.fill_region(Area::new(x, to, end, HEIGHT), 1)?;
    curve.draw_line((x, from), (end, to), 3)?;
    curve.draw_line((x, from + 1), (end, to + 1), 3)
}

/// What a board does, too, with its own panel and heap, and a `shown` that waits for the next measurement.
fn run<P: BlockingPanel, E>(
    display: &mut Display<'_, P>,
    heap: Heap<'_>,
    mut shown: impl FnMut(&mut Display<'_, P>, &RefreshStats) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<OutOfMemory> + From<PaletteError> + From<TextError> + From<BitmapError>,
    E: From<RefreshError<P::Error>>,
{
    let colors = Palette::new_in(6, heap)?;
    (0..).zip(COLORS).try_for_each(|(index, color)| colors.set(index, color))?;
    let card = |x, name, color: u16, range| {
        let ink = COLORS[usize::from(color)];
        Card::new_in((x, 28), Quantity { name, color, ink, range }, &colors, heap)
    };
    let cards = [
        card(4, "Temperature C", 3, (100, 350))?,
        card(109, "Humidity %", 4, (200, 900))?,
        card(214, "Pressure kPa", 5, (1000, 1020))?,
    ];
    let text = |glyphs| Label::new_in(&FONT_6X12, glyphs, heap);
    let (title, clock) = (text(12)?.at(12, 14), text(5)?.anchored(Anchor::RIGHT, 308, 14));
    title.set_text("Greenhouse 2")?;
    let (width, height) = ((COUNT * STEP).cast_unsigned(), HEIGHT.cast_unsigned());
    let curve = Bitmap::new_in(width, height, Depth::Bpp2, heap)?;
    let ground = Rectangle::new(&colors, 320, 240).color(2);
    let below = Rectangle::new(&colors, 312, 104).at(4, 132);
    let plotted = TileGrid::new(&curve, &colors).at(16, 144);
    let root = Group::new((&ground, &title, &clock, &cards, &below, &plotted));
    let mut before = measure(0);
    for number in 0..COUNT {
        let minute = number * MINUTES;
        let values = measure(minute);
        clock.set_text(format_args!("{:02}:{:02}", minute / 60, minute % 60))?;
        cards.iter().zip(values).try_for_each(|(card, value)| card.show(value))?;
        plot(&curve, number * STEP, [before[0], values[0]])?;
        before = values;
        let stats = display.refresh(&root)?;
        shown(display, &stats)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut region, mut strip) = ([MaybeUninit::uninit(); 8192], [0; 640]);
    // On a board, a debug probe takes the events. What may move, only a heap that moves blocks tells.
    let trace = RefCell::new(Vec::new());
    let heap = Recorder::new(Instrumented::new(CompactingHeap::new(&mut region)), |event| {
        trace.borrow_mut().extend_from_slice(event);
    });
    let panel = Framebuffer::new(Size::new(320, 240), Rgb565);
    let mut screen = Screen::from_arguments(&panel)?;
    let mut display = Display::new(panel, &mut strip);
    let counters = || heap.inner().counters();
    run(&mut display, &heap, |display, stats| screen.show(display, stats, counters()))?;
    screen.keep("heap.trace", &trace.borrow())
}
