//! Scenes through a MIPI panel on a fake bus, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

#[path = "support/awaited.rs"]
mod awaited;

use awaited::ready;
use displayio_core::{
    Bgr888, Bitmap, BlockingPanel, Depth, Display, Group, Node, PaletteRgb, PixelFormat,
    RefreshError, Rgb565, Rgb888, Rotation, Size, TileGrid,
};
use displayio_hal::{
    bus::{FourWire, FourWireError},
    controllers::{ili9341, st7735, st7789},
    fake::{BusFailure, FakePanel, FakePin, FakeSpi, Fault, Glass, Message, Power},
    framebuffer::Framebuffer,
    mipi::{InitSequence, MipiPanel, Module, dcs},
};

const STEPS: i16 = 4;

/// What is seen of a module: all its pixels, row by row.
type Picture = Vec<Rgb888>;

/// Makes a scene with tiles, transparency and scale, and hands it out with its edits: `edit(0)` to `edit(STEPS)`.
fn with_scene<C: PixelFormat>(show: impl FnOnce(&dyn Node<C>, &dyn Fn(i16))) {
    let mut memory = [[0; 1024]; 4];
    let [tiles, colors, dots, dot_colors] = &mut memory;
    let tiles = Bitmap::from_buffer(32, 32, Depth::Bpp4, tiles).unwrap();
    let colors = PaletteRgb::from_buffer(16, colors).unwrap();
    let dots = Bitmap::from_buffer(9, 7, Depth::Bpp1, dots).unwrap();
    let dot_colors = PaletteRgb::from_buffer(2, dot_colors).unwrap();
    for (i, (y, x)) in (0_u32..).zip((0..32).flat_map(|y| (0..32).map(move |x| (y, x)))) {
        tiles.set(x, y, i.wrapping_mul(0x9e37_79b1) >> 28).unwrap();
    }
    (0..16).for_each(|i| colors.set(i, 0x0f_1d35 * (1 + u32::from(i))).unwrap());
    dot_colors.set(1, 0xff_8020).unwrap();
    dot_colors.set_transparent(0, true).unwrap();
    (0..7).for_each(|y| dots.set(8 - y, y, 1).unwrap());

    let background = TileGrid::new(&tiles, &colors);
    let player = TileGrid::new(&tiles, &colors).tiles(8, 8).at(3, 5);
    let overlay = TileGrid::new(&dots, &dot_colors).at(2, 1);
    let back = Group::new((&background,)).scaled(11);
    let root = Group::new((&back, &player, &overlay));
    show(&root, &|step| {
        player.set_tile(step.unsigned_abs() % 16);
        player.move_to(3 + 7 * step, 5 - 4 * step);
        overlay.set_hidden(step == 2);
        dots.set(step.unsigned_abs(), 0, 1).unwrap();
        if step == 3 {
            colors.set(4, 0xff_ffff).unwrap();
        }
    });
}

/// Shows the scene and its edits on `panel`, calling `seen` after each refresh.
fn run<P: BlockingPanel>(
    panel: P,
    rotation: Rotation,
    mut seen: impl FnMut(&P) -> Picture,
) -> Vec<Picture>
where
    P::Error: core::fmt::Debug,
{
    let mut pictures = Vec::new();
    with_scene::<P::Format>(|root, edit| {
        let mut buffer = [0; 1000];
        let mut display = Display::new(panel, &mut buffer).rotated(rotation);
        for step in 0..STEPS {
            edit(step);
            display.refresh(root).unwrap();
            pictures.push(seen(display.panel()));
        }
    });
    pictures
}

fn expected(size: Size, rotation: Rotation) -> Vec<Picture> {
    run(Framebuffer::new(size, Rgb565), rotation, |panel| picture(size, |x, y| panel.color(x, y)))
}

fn picture(size: Size, color: impl Fn(u16, u16) -> Rgb888) -> Picture {
    (0..size.height)
        .flat_map(|y| (0..size.width).map(move |x| (x, y)))
        .map(|(x, y)| color(x, y))
        .collect()
}

/// A module that was started on a fake panel.
fn started(
    fake: &FakePanel,
    init: InitSequence<'_>,
    module: Module,
) -> MipiPanel<FourWire<FakeSpi, FakePin>, Rgb565> {
    let mut panel = MipiPanel::new(fake.bus(), module, Rgb565);
    panel.init(init, &mut fake.delay()).unwrap();
    panel
}

#[test]
fn an_st7789_shows_what_a_framebuffer_shows() {
    for rotation in [Rotation::Deg0, Rotation::Deg90, Rotation::Deg180, Rotation::Deg270] {
        let fake =
            FakePanel::new(st7789::MEMORY).with_glass(Glass { inverted: true, ..Glass::default() });
        let panel = started(&fake, st7789::INIT, st7789::GLASS_135X240);
        let size = panel.module().size();
        let pictures = run(panel, rotation, |_| picture(size, |x, y| fake.color(52 + x, 40 + y)));
        assert!(pictures == expected(size, rotation), "{rotation:?}");
        assert_eq!((fake.faults(), fake.power()), (vec![], Power::On));
    }
}

#[test]
fn an_ili9341_shows_what_a_framebuffer_shows() {
    let fake = FakePanel::new(ili9341::MEMORY).with_glass(Glass { bgr: true, ..Glass::default() });
    let panel = started(&fake, ili9341::INIT, ili9341::GLASS_240X320);
    let size = panel.module().size();
    let pictures = run(panel, Rotation::Deg0, |_| picture(size, |x, y| fake.color(239 - x, y)));
    assert!(pictures == expected(size, Rotation::Deg0), "the module's columns are mirrored");
    assert_eq!((fake.faults(), fake.power()), (vec![], Power::On));
}

#[test]
fn an_st7735_shows_what_a_framebuffer_shows() {
    let fake = FakePanel::new(st7735::MEMORY).with_glass(Glass { bgr: true, inverted: true });
    let panel = started(&fake, st7735::INIT, st7735::GLASS_80X160);
    let size = panel.module().size();
    let pictures = run(panel, Rotation::Deg0, |_| {
        picture(size, |x, y| fake.color(131 - (26 + x), 161 - (1 + y)))
    });
    assert!(pictures == expected(size, Rotation::Deg0), "the module is mirrored both ways");
    assert_eq!((fake.faults(), fake.power()), (vec![], Power::On));
}

/// Three bytes per pixel, of which the controller takes 18 bits, red first. Ours have blue first, and the address mode
/// exchanges them.
#[test]
fn a_panel_of_18_bits_shows_what_a_framebuffer_shows() {
    const INIT: InitSequence<'_> = InitSequence::checked(&[
        0x11, 0x80, 120, // sleep out
        0x3a, 1, 0x66, // 18 bits per pixel
        0x29, 0, // display on
    ]);
    let size = Size::new(48, 32);
    let of_6_bits = |color: Rgb888| {
        let [red, green, blue] = color.channels().map(|v| v & 0xfc | v >> 6);
        Rgb888::from_channels(red, green, blue)
    };
    let expected = run(Framebuffer::new(size, Bgr888), Rotation::Deg270, |panel| {
        picture(size, |x, y| of_6_bits(panel.color(x, y)))
    });
    for is_bgr in [false, true] {
        let fake =
            FakePanel::new(Size::new(64, 64)).with_glass(Glass { bgr: is_bgr, ..Glass::default() });
        let module = Module::new(size).starting_at(9, 7);
        let module = if is_bgr { module } else { module.bgr() };
        let mut panel = MipiPanel::new(fake.bus(), module, Bgr888);
        panel.init(INIT, &mut fake.delay()).unwrap();
        let pictures =
            run(panel, Rotation::Deg270, |_| picture(size, |x, y| fake.color(9 + x, 7 + y)));
        assert!(pictures == expected, "blue first on the glass: {is_bgr}");
        assert_eq!(fake.faults(), []);
    }
}

/// Controllers of AMOLED glass take even windows only; an odd glass has a column and a row beyond it in the memory.
#[test]
fn windows_are_aligned_where_the_controller_wants_it() {
    let fake = FakePanel::new(Size::new(80, 64));
    let module = Module::new(Size::new(67, 45)).starting_at(6, 4).aligned(2, 2);
    let panel = started(&fake, st7789::INIT, module);
    let _start = fake.take_messages();
    let pictures =
        run(panel, Rotation::Deg90, |_| picture(module.size(), |x, y| fake.color(6 + x, 4 + y)));
    assert!(pictures == expected(module.size(), Rotation::Deg90), "the same pictures");
    assert_eq!(fake.faults(), []);
    let mut command = 0;
    for message in fake.take_messages() {
        match message {
            Message::Command(sent) => command = sent,
            Message::Data(bytes) if command != dcs::MEMORY_WRITE => {
                assert!(bytes[1] % 2 == 0 && bytes[3] % 2 == 1, "{command:#x} {bytes:?}");
            }
            _ => {}
        }
    }
}

#[test]
fn an_awaited_panel_is_started_and_shows_the_same() {
    let (waited, awaited) = (FakePanel::new(st7789::MEMORY), FakePanel::new(st7789::MEMORY));
    started(&waited, st7789::INIT, st7789::GLASS_240X240);
    let mut panel = MipiPanel::new(awaited.bus(), st7789::GLASS_240X240, Rgb565);
    ready(panel.init_async(st7789::INIT, &mut awaited.delay())).unwrap();
    assert_eq!(awaited.take_messages(), waited.take_messages());
    ready(panel.command_async(dcs::BRIGHTNESS, &[7])).unwrap();
    let expected = [Message::Command(dcs::BRIGHTNESS), Message::Data(vec![7])];
    assert_eq!(awaited.take_messages(), expected);
}

/// A refresh that fails at byte N, for every N, leaves everything to the next one.
#[test]
fn a_failed_refresh_is_made_up_for() {
    let size = Size::new(18, 14);
    let expected = expected(size, Rotation::Deg0);
    for (step, is_awaited) in (0..STEPS).flat_map(|step| [(step, false), (step, true)]) {
        let fails = |byte: &u64| fails_at(*byte, step, is_awaited, size, &expected);
        let failures = (0..).take_while(fails).count();
        assert!(failures > 200, "step {step} sent {failures} bytes");
    }
}

/// Whether the refresh of a step fails at a byte; checks that the next one shows it and the next step.
fn fails_at(byte: u64, step: i16, is_awaited: bool, size: Size, expected: &[Picture]) -> bool {
    let fake = FakePanel::new(Size::new(32, 32));
    let panel = started(&fake, st7789::INIT, Module::new(size).starting_at(3, 5));
    let mut has_failed = false;
    with_scene::<Rgb565>(|root, edit| {
        let mut buffer = [0; 96];
        let mut display = Display::new(panel, &mut buffer);
        let mut refresh = || {
            if is_awaited { ready(display.refresh_async(root)) } else { display.refresh(root) }
        };
        for now in 0..STEPS.min(step + 2) {
            edit(now);
            if now == step {
                fake.fail_after_bytes(Some(byte));
                let result = refresh();
                has_failed = result == Err(RefreshError::Panel(FourWireError::Spi(BusFailure)));
                fake.fail_after_bytes(None);
                assert_eq!(has_failed, result.is_err(), "byte {byte}");
            }
            refresh().unwrap();
            let seen = picture(size, |x, y| fake.color(3 + x, 5 + y));
            assert!(seen == expected[usize::from(now.unsigned_abs())], "byte {byte} of {step}");
        }
    });
    let is_cut_off =
        |fault: &Fault| matches!(fault, Fault::ParameterCount { .. } | Fault::StrayByte);
    assert!(fake.faults().iter().all(is_cut_off), "byte {byte}: {:?}", fake.faults());
    has_failed
}

/// One window per area: 11 bytes, however many strips follow.
#[test]
fn a_full_refresh_costs_one_window() {
    let fake = FakePanel::new(ili9341::MEMORY);
    let panel = started(&fake, ili9341::INIT, ili9341::GLASS_240X320);
    let before = fake.traffic();
    let mut buffer = [0; 480 * 4];
    let mut display = Display::new(panel, &mut buffer);
    let stats = display.refresh(&Group::new(())).unwrap();
    let after = fake.traffic();
    assert_eq!((stats.strips, stats.windows), (80, 1));
    assert_eq!(after.command_bytes - before.command_bytes, 3);
    assert_eq!(after.data_bytes - before.data_bytes, 8 + 240 * 320 * 2);
    assert_eq!(after.transactions - before.transactions, 5 + 80);
}

#[test]
fn a_start_that_fails_stops_there() {
    let fake = FakePanel::new(st7789::MEMORY);
    let mut panel = MipiPanel::new(fake.bus(), st7789::GLASS_240X240, Rgb565);
    fake.fail_after_bytes(Some(3));
    assert_eq!(panel.init(st7789::INIT, &mut fake.delay()), Err(FourWireError::Spi(BusFailure)));
    assert_eq!((fake.traffic().command_bytes, fake.power()), (3, Power::Blank));
    panel.init(st7789::INIT, &mut fake.delay()).unwrap();
    panel.command(dcs::DISPLAY_OFF, &[]).unwrap();
    assert_eq!(fake.power(), Power::Blank);
}
