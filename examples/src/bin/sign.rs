//! A sign beside the door of a meeting room, on e-paper of three inks: black, white and red.
//!
//! `cargo run -p displayio-examples --bin sign -- target/sign` has a morning pass and writes pictures (`--window` shows them).
//! On a board, the panel is an `EpaperPanel`, which is put to sleep until the next meeting.

use core::{error::Error, mem::MaybeUninit};

use displayio_allocators::{Instrumented, LinkedListHeap};
use displayio_core::{
    BitOrder, BlockingPanel, Display, FONT_6X12, Group, Heap, Label, OutOfMemory, Palette,
    PaletteError, Planar, Rectangle, RefreshError, RefreshStats, Rgb888, Size, TextError, Tricolor,
};
use displayio_examples::desktop::Screen;
use displayio_hal::framebuffer::Framebuffer;

/// Width and height of 2.13 inch.
const PANEL: Size = Size::new(122, 250);

/// The inks, as entries of the palette.
const INKS: [u32; 3] = [0xff_ffff, 0x00_0000, 0xff_0000];
const WHITE: u16 = 0;
const BLACK: u16 = 1;
const RED: u16 = 2;

/// A meeting: beginning, end, and what it is about.
struct Meeting(&'static str, &'static str, &'static str);

const MEETINGS: [Meeting; 4] = [
    Meeting("09:30", "10:15", "Stand-up"),
    Meeting("10:15", "11:00", "Interviews"),
    Meeting("13:00", "14:30", "Customer day"),
    Meeting("15:00", "16:00", "Firmware"),
];

/// When someone comes in or goes out, and who is in by then, as a meeting's number.
const MORNING: [(&str, Option<usize>); 5] =
    [("08:00", None), ("09:30", Some(0)), ("10:15", Some(1)), ("11:00", None), ("13:00", Some(2))];

/// What a board does, too, with its own panel and heap, and a `shown` that puts the panel to sleep until the next moment.
fn run<P: BlockingPanel<Format = Planar<Tricolor>>, E>(
    display: &mut Display<'_, P>,
    heap: Heap<'_>,
    mut shown: impl FnMut(&mut Display<'_, P>, &RefreshStats) -> Result<(), E>,
) -> Result<(), E>
where
    E: From<OutOfMemory> + From<PaletteError> + From<TextError> + From<RefreshError<P::Error>>,
{
    let inks = Palette::new_in(3, heap)?;
    (0..).zip(INKS).try_for_each(|(index, ink)| inks.set(index, ink))?;
    let block = |y, height, ink| Rectangle::new(&inks, PANEL.width, height).at(0, y).color(ink);
    let blocks = [block(0, 250, WHITE), block(62, 56, BLACK), block(164, 2, BLACK)];
    let [_, band, _] = &blocks;
    let text = |glyphs, y, ink: u16| {
        let color = INKS[usize::from(ink)];
        Ok::<_, OutOfMemory>(Label::new_in(&FONT_6X12, glyphs, heap)?.at(8, y).colored(color, None))
    };
    let (room, name) = (text(8, 12, BLACK)?, text(5, 38, BLACK)?.scaled(3));
    let (state, until) = (text(8, 82, WHITE)?.scaled(2), text(16, 106, WHITE)?);
    let (topic, next) = (text(18, 140, BLACK)?, text(8, 178, BLACK)?);
    let rows = [text(18, 196, BLACK)?, text(18, 214, BLACK)?, text(18, 232, BLACK)?];
    let root = Group::new((&blocks, &room, &name, &state, &until, &topic, &next, &rows));
    room.set_text("Room")?;
    name.set_text("4.12")?;
    next.set_text("Next")?;

    for (now, inside) in MORNING {
        let mut coming = MEETINGS.iter().filter(|Meeting(begin, ..)| *begin > now);
        match inside.and_then(|meeting| MEETINGS.get(meeting)) {
            Some(Meeting(_, end, what)) => {
                band.set_color(RED);
                state.set_text("BUSY")?;
                until.set_text(format_args!("until {end}"))?;
                topic.set_text(what)?;
            }
            None => {
                band.set_color(BLACK);
                state.set_text("FREE")?;
                let begin = coming.clone().next().map_or("tomorrow", |Meeting(begin, ..)| begin);
                until.set_text(format_args!("until {begin}"))?;
                topic.set_text("")?;
            }
        }
        for row in &rows {
            match coming.next() {
                Some(Meeting(begin, _, what)) => row.set_text(format_args!("{begin} {what}"))?,
                None => row.set_text("")?,
            }
        }
        let stats = display.refresh(&root)?;
        shown(display, &stats)?;
    }
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    let (mut region, mut strip) = ([MaybeUninit::uninit(); 4096], [0; 1024]);
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    let red = Tricolor { hue: Rgb888::new(INKS[usize::from(RED)]).hue() };
    let panel = Framebuffer::new(PANEL, Planar { code: red, order: BitOrder::HighFirst });
    let mut screen = Screen::from_arguments(&panel)?;
    let mut display = Display::new(panel, &mut strip);
    run(&mut display, &heap, |display, stats| screen.show(display, stats, heap.counters()))
}
