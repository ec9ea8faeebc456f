//! A menu that is longer than the screen: a highlight that moves, rows that scroll, icons, and a hint that runs through.
//!
//! `cargo run -p displayio-examples --bin menu -- target/menu` presses buttons and writes pictures (`--window` shows them).

use core::{error::Error, mem::MaybeUninit};

use displayio_allocators::{Instrumented, LinkedListHeap};
use displayio_core::{
    BlockingPanel, Depth, Display, FONT_6X12, Group, Heap, Image, Label, OutOfMemory, Palette,
    PaletteError, Rectangle, RefreshError, RefreshStats, Rgb565, Size, TextError, Ticker, TileGrid,
};
use displayio_examples::desktop::Screen;
use displayio_hal::framebuffer::Framebuffer;

/// Of the ground, of ink, of title and hint, of the highlight.
const COLORS: [u32; 4] = [0x10_1418, 0xff_ffff, 0x2a_3846, 0x1c_6ed0];

/// A switch that is off, one that is on, a page behind; 8 by 8 pixels each.
#[rustfmt::skip]
static ICONS: Image = Image::new(24, 8, Depth::Bpp1, &[
    0b0111_1110, 0b0111_1110, 0b0010_0000, 0,
    0b1000_0001, 0b1000_0001, 0b0011_0000, 0,
    0b1000_0001, 0b1000_0011, 0b0011_1000, 0,
    0b1000_0001, 0b1000_0110, 0b0011_1100, 0,
    0b1000_0001, 0b1110_1101, 0b0011_1000, 0,
    0b1000_0001, 0b1011_1001, 0b0011_0000, 0,
    0b1000_0001, 0b1001_0001, 0b0010_0000, 0,
    0b0111_1110, 0b0111_1110, 0b0000_0000, 0,
]);

/// Icons by their tile.
const OFF: u16 = 0;
const ON: u16 = 1;
const PAGE: u16 = 2;

/// Name, icon and hint.
const ENTRIES: [(&str, u16, &str); 9] = [
    ("Wi-Fi", ON, "Connected to attic-5G, 72 %"),
    ("Bluetooth", OFF, "Phones and keyboards may connect"),
    ("Brightness", PAGE, "Level 7 of 10; dims after a minute"),
    ("Sound", ON, "Beeps on keys"),
    ("Alarm", OFF, "06:30 on working days"),
    ("Time zone", PAGE, "Europe/Vienna, summer time"),
    ("Sensors", PAGE, "3 found, the last one calibrated in May"),
    ("Update", PAGE, "Version 1.4 is the latest"),
    ("About", PAGE, "Serial number 00-1F-7A"),
];

/// The height of a row in pixels, and characters that the hint has room for.
const ROW: i16 = 16;
const HINT: u16 = 24;

/// What a user does: down, select, up, and moments in which nothing is pressed. A board asks its buttons instead.
const KEYS: &str = "....v*......vv......vvvvvvv....^^^^^^*";

/// What a board does, too, with its own panel and heap, and a `shown` that waits a moment.
fn run<P: BlockingPanel, E>(
    display: &mut Display<'_, P>,
    heap: Heap<'_>,
    mut shown: impl FnMut(&mut Display<'_, P>, &RefreshStats) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<OutOfMemory> + From<PaletteError> + From<TextError> + From<RefreshError<P::Error>>,
{
    let (colors, inks) = (Palette::new_in(4, heap)?, Palette::new_in(2, heap)?);
    (0..).zip(COLORS).try_for_each(|(index, color)| colors.set(index, color))?;
    inks.set(1, COLORS[1])?;
    inks.set_transparent(0, true)?;
    let block = |y, height, color| Rectangle::new(&colors, 160, height).at(0, y).color(color);
    let ground = [block(0, 128, 0), block(0, 16, 2), block(112, 16, 2)];
    let highlight = block(ROW, 16, 3);
    let thumb = Rectangle::new(&colors, 3, 64).color(1);
    let text = |glyphs| Label::new_in(&FONT_6X12, glyphs, heap);
    let row = |number: i16| {
        let (icon, y) = (TileGrid::new(&ICONS, &inks).tiles(8, 8), ROW * number);
        Ok::<_, OutOfMemory>((icon.at(8, y + 4), text(16)?.at(24, y + 8)))
    };
    let rows = [row(1)?, row(2)?, row(3)?, row(4)?, row(5)?, row(6)?];
    let (title, hint) = (text(16)?.at(8, 8), text(HINT)?.at(8, 120));
    let root = Group::new((&ground, &highlight, &title, &rows, &thumb, &hint));
    title.set_text("Settings")?;

    let mut entries = ENTRIES;
    let (mut at, mut top) = (0_usize, 0_usize);
    let mut ticker = Ticker::new(ENTRIES[0].2, HINT);
    for key in KEYS.chars() {
        let before = at;
        match key {
            '^' => at = at.saturating_sub(1),
            'v' => at = (at + 1).min(entries.len() - 1),
            '*' if entries[at].1 != PAGE => entries[at].1 ^= ON,
            _ => ticker.advance(),
        }
        if at != before {
            ticker = Ticker::new(entries[at].2, HINT);
        }
        top = top.clamp((at + 1).saturating_sub(rows.len()), at);
        for ((icon, name), entry) in rows.iter().zip(&entries[top..]) {
            icon.set_tile(entry.1);
            name.set_text(entry.0)?;
        }
        let pixels = |rows: usize| ROW * i16::try_from(rows).unwrap_or(0);
        highlight.move_to(0, pixels(1 + at - top));
        thumb.move_to(157, ROW + pixels(top) * 6 / 9);
        hint.set_text(&ticker)?;
        let stats = display.refresh(&root)?;
        shown(display, &stats)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut region, mut strip) = ([MaybeUninit::uninit(); 2048], [0; 320]);
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    let panel = Framebuffer::new(Size::new(160, 128), Rgb565);
    let mut screen = Screen::from_arguments(&panel)?;
    let mut display = Display::new(panel, &mut strip);
    run(&mut display, &heap, |display, stats| screen.show(display, stats, heap.counters()))
}
