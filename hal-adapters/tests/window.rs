//! A window, where there is a display; an error, where there is none.
#![cfg(feature = "window")]
#![expect(clippy::print_stdout, reason = "one test reads what another says")]

use std::{env, process::Command};

use displayio_core::{Bitmap, Depth, Display, Group, PaletteRgb, Rgb565, Size, TileGrid};
use displayio_hal::{
    framebuffer::Framebuffer,
    window::{Window, WindowError},
};

/// Shows a chess board of 8x8 fields in a frame until it is closed, or says why not.
#[test]
#[ignore = "needs a display; close the window or press the escape key"]
fn opens() {
    let size = Size::new(72, 72);
    let (mut pixels, mut colors, mut buffer) = ([0; 2048], [0; 64], [0; 512]);
    let board = Bitmap::from_buffer(72, 72, Depth::Bpp2, &mut pixels).unwrap();
    let palette = PaletteRgb::from_buffer(4, &mut colors).unwrap();
    for (x, y) in (0..72).flat_map(|y| (0..72).map(move |x| (x, y))) {
        let is_frame = x == 0 || y == 0 || x == 71 || y == 71;
        board.set(x, y, if is_frame { 2 } else { u32::from((x / 9 + y / 9) % 2) }).unwrap();
    }
    (1..).zip([0x20_40c0, 0xff_8000]).for_each(|(i, color)| palette.set(i, color).unwrap());
    let root = Group::new((TileGrid::new(&board, &palette),));
    let mut display = Display::new(Framebuffer::new(size, Rgb565), &mut buffer);
    display.refresh(&root).unwrap();
    match Window::open("displayio", size, 5) {
        Err(error) => println!("error: {error}"),
        Ok(mut window) => {
            while window.is_open() {
                window.show(display.panel()).unwrap();
            }
            println!("closed");
        }
    }
}

/// Run in a process of its own, because that is where a display is taken away.
#[test]
fn no_display_is_an_error() {
    let output = Command::new(env::current_exe().unwrap())
        .args(["opens", "--exact", "--ignored", "--nocapture"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains(&WindowError::Open(String::new()).to_string()), "{said}");
}

/// With a display, X11 would end the process.
#[test]
fn windows_of_impossible_sizes_are_refused() {
    for (size, scale) in [((0, 5), 2), ((5, 0), 0), ((0, 0), 1), ((2, 32_768), 1), ((300, 2), 255)]
    {
        let error = Window::open("", Size::new(size.0, size.1), scale).unwrap_err();
        let is_size = matches!(error, WindowError::Size { .. });
        assert!(is_size, "{size:?} by {scale}: {error}");
    }
}
