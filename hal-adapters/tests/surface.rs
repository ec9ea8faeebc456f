//! Scenes on a surface, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

#[path = "support/scenes.rs"]
mod scenes;

use displayio_core::{
    Area, BitOrder, Display, Gray4, Mono, Packing, PixelFormat, Rgb332, Rgb565Le, Size, TooSmall,
};
use displayio_hal::{framebuffer::Framebuffer, surface::Surface};
use scenes::{STEPS, rotation, run, with_scene};

const SIZE: Size = Size::new(61, 43);
const BETWEEN: u8 = 0xa5;

/// Shows scenes on surfaces with some bytes between rows of `row` bytes.
fn check<F: PixelFormat>(format: F, row: usize, rows: usize) {
    for (seed, between) in (0..6).flat_map(|seed| [(seed, 0), (seed, 3), (seed, 64)]) {
        let framebuffer = Framebuffer::new(SIZE, format);
        let expected = run(framebuffer, seed, 512, |panel| panel.memory().to_vec());
        let stride = row + between;
        let mut memory = vec![BETWEEN; stride * rows - between];
        let surface = Surface::with_stride(format, SIZE, stride, &mut memory).unwrap();
        let seen = run(surface, seed, 512, |surface| {
            let lines = || surface.memory().chunks(stride);
            assert!(lines().flat_map(|line| &line[row..]).all(|&byte| byte == BETWEEN), "between");
            lines().flat_map(|line| &line[..row]).copied().collect::<Vec<_>>()
        });
        assert!(seen == expected, "{format:?}, seed {seed}, {between} bytes between rows");
    }
}

#[test]
fn surfaces_hold_what_framebuffers_hold() {
    check(Rgb565Le, 122, 43);
    check(Rgb332, 61, 43);
    check(Gray4::new(Packing::Rows, BitOrder::HighFirst), 31, 43);
    check(Mono::new(Packing::Rows, BitOrder::LowFirst), 8, 43);
    check(Mono::new(Packing::Columns, BitOrder::LowFirst), 61, 6);
}

/// All bytes that changed are in the damage, which is that of the refreshes since it was taken.
#[test]
fn the_damage_has_what_changed() {
    let mut memory = vec![0; 61 * 43 * 2];
    let mut buffer = [0; 512];
    let surface = Surface::new(Rgb565Le, SIZE, &mut memory).unwrap();
    let mut display = Display::new(surface, &mut buffer).rotated(rotation(5));
    with_scene(SIZE, 5, |root, edit| {
        display.refresh(root).unwrap();
        assert_eq!(display.panel_mut().take_damage(), Area::of_size(SIZE));
        for _ in 0..STEPS {
            let before = display.panel().memory().to_vec();
            edit();
            display.refresh(root).unwrap();
            let damage = display.panel_mut().take_damage();
            let after = display.panel().memory().iter();
            for (at, _) in before.iter().zip(after).enumerate().filter(|(_, (old, new))| old != new)
            {
                let (x, y) = (at / 2 % 61, at / 2 / 61);
                let (x, y) = (i16::try_from(x).unwrap(), i16::try_from(y).unwrap());
                assert!(damage.contains_point(x, y), "{x}, {y} is not in {damage:?}");
            }
        }
        assert!(display.panel_mut().take_damage().is_empty(), "it was taken");
    });
}

#[test]
fn memory_that_is_too_small_is_refused() {
    let given = |stride, given_bytes: usize| {
        let mut memory = vec![0; given_bytes];
        Surface::with_stride(Rgb565Le, SIZE, stride, &mut memory).map(|_| ())
    };
    assert_eq!(given(0, 122 * 43), Ok(()));
    let needed = |needed_bytes, given_bytes| Err(TooSmall { needed_bytes, given_bytes });
    assert_eq!(given(0, 122 * 43 - 1), needed(122 * 43, 122 * 43 - 1));
    assert_eq!(given(128, 128 * 42 + 121), needed(128 * 42 + 122, 128 * 42 + 121));
    assert_eq!(given(usize::MAX, 9), needed(usize::MAX, 9));
    assert!(Surface::new(Rgb565Le, Size::new(0, 0), &mut []).is_ok());
}
