//! The scene of the firmware in `examples/firmware`, on the desktop: the same code, the same pictures.
//!
//! `cargo run -p displayio-examples --bin thermostat -- target/thermostat` has an evening pass and writes pictures
//! (`--window` shows them). `cargo xtask board` runs the firmware and finds the same on its panel.

use core::{error::Error, mem::MaybeUninit};

use displayio_allocators::{Instrumented, LinkedListHeap};
use displayio_core::{Display, Gray4, Group};
use displayio_examples::desktop::Screen;
use displayio_hal::framebuffer::Framebuffer;
use thermostat::{EVENING, PANEL, Thermostat, greys_in};

fn main() -> Result<(), Box<dyn Error>> {
    let (mut region, mut strip) = ([MaybeUninit::uninit(); 4096], [0; 1024]);
    let heap = Instrumented::new(LinkedListHeap::new(&mut region));
    let panel = Framebuffer::new(PANEL, Gray4::default());
    let mut screen = Screen::from_arguments(&panel)?;
    let mut display = Display::new(panel, &mut strip);

    let greys = greys_in(&heap)?;
    let thermostat = Thermostat::new_in(&greys, &heap)?;
    let root = Group::new((&thermostat,));
    let stats = display.refresh(&root)?;
    screen.show(&mut display, &stats, heap.counters())?;
    for event in EVENING.split_whitespace() {
        thermostat.handle(event.parse()?)?;
        let stats = display.refresh(&root)?;
        screen.show(&mut display, &stats, heap.counters())?;
    }
    Ok(())
}
