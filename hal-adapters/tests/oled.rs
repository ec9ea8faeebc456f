//! Scenes through monochrome and grey panels on fake buses, against the same scenes through a framebuffer, and against a
//! driver that is not ours: ssd1306.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/scenes.rs"]
mod scenes;

use ::ssd1306::{I2CDisplayInterface, Ssd1306, mode::DisplayConfig, prelude::*};
use awaited::ready;
use displayio_core::{
    Area, Bitmap, Depth, Display, Group, Luma, Packed, PaletteRgb, RefreshError, Size, TileGrid,
};
use displayio_hal::{
    bus::{AsyncDisplayBus, DisplayBus, ErrorType, I2c},
    controllers::{sh1106, sh1107, ssd1305, ssd1306, ssd1309, ssd1322, ssd1325, ssd1327},
    fake::{Chip, FakeI2c, FakePanel, Fault, Glass, Message, Power},
    framebuffer::Framebuffer,
    mipi::InitSequence,
    oled::{Module, OledPanel},
};
use scenes::{Picture, STEPS, picture, rotation, run, with_scene};

const LEAST_BUFFER: usize = 20;

fn expected<const BITS: u8>(module: Module<BITS>, seed: u64) -> Vec<Picture> {
    let framebuffer: Framebuffer<Packed<Luma<BITS>>> =
        Framebuffer::new(module.size(), module.format());
    run(framebuffer, seed, LEAST_BUFFER, |panel| picture(module.size(), |x, y| panel.color(x, y)))
}

fn i2c(fake: &FakePanel) -> I2c<FakeI2c> {
    I2c::new(fake.i2c(), FakePanel::ADDRESS)
}

fn in_pieces(fake: &FakePanel) -> I2c<FakeI2c> {
    i2c(fake).with_max_data_bytes(31)
}

/// A module, and where its glass begins in the memory.
#[derive(Clone, Copy)]
struct Glassed<const BITS: u8>(Chip, Module<BITS>, (u16, u16));

impl<const BITS: u8> Glassed<BITS> {
    fn check<B>(self, bus: impl Fn(&FakePanel) -> B)
    where
        B: DisplayBus<Error: core::fmt::Debug>,
    {
        let Self(chip, module, (left, top)) = self;
        for seed in 0..12 {
            let fake = FakePanel::oled(chip);
            let mut panel = OledPanel::new(bus(&fake), module);
            panel.init(&mut fake.delay()).unwrap();
            let color = |x, y| fake.color(left + x, top + y);
            let pictures = run(panel, seed, LEAST_BUFFER, |_| picture(module.size(), color));
            assert!(pictures == expected(module, seed), "{chip:?}, seed {seed}");
            assert_eq!((fake.faults(), fake.power()), (vec![], Power::On), "{chip:?}");
        }
    }
}

#[test]
fn every_monochrome_module_shows_what_a_framebuffer_shows() {
    for glassed in [
        Glassed(Chip::Ssd1305, ssd1305::GLASS_128X64, (4, 0)),
        Glassed(Chip::Ssd1305, ssd1305::GLASS_128X32, (4, 0)),
        Glassed(Chip::Ssd1306, ssd1306::GLASS_128X64, (0, 0)),
        Glassed(Chip::Ssd1306, ssd1306::GLASS_128X32, (0, 0)),
        Glassed(Chip::Ssd1306, ssd1306::GLASS_96X16, (0, 0)),
        Glassed(Chip::Ssd1306, ssd1306::GLASS_64X48, (32, 0)),
        Glassed(Chip::Ssd1306, ssd1306::GLASS_72X40, (28, 0)),
        Glassed(Chip::Ssd1309, ssd1309::GLASS_128X64, (0, 0)),
        Glassed(Chip::Sh1106, sh1106::GLASS_128X64, (2, 0)),
        Glassed(Chip::Sh1107, sh1107::GLASS_128X64, (0, 0)),
        Glassed(Chip::Sh1107, sh1107::GLASS_128X128, (0, 0)),
    ] {
        glassed.check(i2c);
        glassed.check(in_pieces);
        glassed.check(FakePanel::bus);
    }
}

#[test]
fn every_grey_module_shows_what_a_framebuffer_shows() {
    Glassed(Chip::Ssd1325, ssd1325::GLASS_128X64, (0, 0)).check(FakePanel::bus);
    Glassed(Chip::Ssd1327, ssd1327::GLASS_128X128, (0, 0)).check(FakePanel::bus);
    Glassed(Chip::Ssd1327, ssd1327::GLASS_128X128, (0, 0)).check(i2c);
    Glassed(Chip::Ssd1322, ssd1322::GLASS_256X64, (112, 0)).check(FakePanel::bus);
}

/// Glass that ends, and begins, within the memory, and has no whole number of pages or bytes.
const ODD: Size = Size::new(21, 13);
const WINDOWED: Module<1> =
    Module::windowed(ODD, InitSequence::checked(&[0x20, 0x81, 0, 0, 0xa6, 0x80, 0, 0xaf, 0x80, 0]))
        .starting_at(3, 8);
const ON: InitSequence<'static> = InitSequence::checked(&[0xaf, 0x80, 0]);
const PAGED: Module<1> = Module::paged(ODD, ON).starting_at(19, 40);
const GREY: Module<4> = Module::grey(ODD, ON).starting_at(6, 5);
const MIRRORED: InitSequence<'static> =
    InitSequence::checked(&[0xa0, 0x82, 0x14, 0x11, 0, 0xaf, 0x80, 0]);
const WIDE: Module<4> = Module::wide_grey(ODD, MIRRORED).high_first().starting_at(8, 5);

#[test]
fn odd_glass_shows_what_a_framebuffer_shows() {
    Glassed(Chip::Ssd1306, WINDOWED, (3, 8)).check(i2c);
    Glassed(Chip::Sh1106, PAGED, (19, 40)).check(FakePanel::bus);
    Glassed(Chip::Ssd1327, GREY, (6, 5)).check(i2c);
    Glassed(Chip::Ssd1322, WIDE, (8, 5)).check(FakePanel::bus);
}

/// A refresh that fails at byte N, for every N, leaves everything to the next one.
#[test]
fn a_failed_refresh_is_made_up_for() {
    sweep(Glassed(Chip::Ssd1306, WINDOWED, (3, 8)), i2c);
    sweep(Glassed(Chip::Ssd1306, WINDOWED, (3, 8)), FakePanel::bus);
    sweep(Glassed(Chip::Sh1106, PAGED, (19, 40)), i2c);
    sweep(Glassed(Chip::Sh1106, PAGED, (19, 40)), FakePanel::bus);
    sweep(Glassed(Chip::Ssd1327, GREY, (6, 5)), i2c);
    sweep(Glassed(Chip::Ssd1327, GREY, (6, 5)), FakePanel::bus);
    sweep(Glassed(Chip::Ssd1322, WIDE, (8, 5)), FakePanel::bus);
}

fn sweep<const BITS: u8, B>(glassed: Glassed<BITS>, bus: impl Fn(&FakePanel) -> B)
where
    B: DisplayBus + AsyncDisplayBus + ErrorType<Error: core::fmt::Debug + PartialEq>,
{
    let expected = expected(glassed.1, 7);
    for (step, is_awaited) in (0..STEPS).flat_map(|step| [(step, false), (step, true)]) {
        let fails = |&byte: &u64| fails_at(byte, step, is_awaited, glassed, &bus, &expected);
        let failures = (0..).take_while(fails).count();
        assert!(failures > 20, "{:?}: step {step} sent {failures} bytes", glassed.0);
    }
}

/// Whether the refresh of a step fails at a byte; checks that the next one shows it, inverted as before, and the next step.
fn fails_at<const BITS: u8, B>(
    byte: u64,
    step: usize,
    is_awaited: bool,
    Glassed(chip, module, (left, top)): Glassed<BITS>,
    bus: impl Fn(&FakePanel) -> B,
    expected: &[Picture],
) -> bool
where
    B: DisplayBus + AsyncDisplayBus + ErrorType<Error: core::fmt::Debug + PartialEq>,
{
    let fake = FakePanel::oled(chip).with_glass(Glass { inverted: true, bgr: false });
    let mut panel = OledPanel::new(bus(&fake), module);
    panel.init(&mut fake.delay()).unwrap();
    panel.set_inverted(true).unwrap();
    let mut has_failed = false;
    with_scene(module.size(), 7, |root, edit| {
        let mut buffer = [0; 96];
        let mut display = Display::new(panel, &mut buffer).rotated(rotation(7));
        let mut refresh = || {
            if is_awaited { ready(display.refresh_async(root)) } else { display.refresh(root) }
        };
        for (now, expected) in expected.iter().enumerate().take(step + 2) {
            edit();
            if now == step {
                fake.fail_after_bytes(Some(byte));
                has_failed = matches!(refresh(), Err(RefreshError::Panel(_)));
                fake.fail_after_bytes(None);
            }
            refresh().unwrap();
            let seen = picture(module.size(), |x, y| fake.color(left + x, top + y));
            assert!(seen == *expected, "{chip:?}: byte {byte} of {step}");
        }
    });
    // A window that was filled up with what has no parameters, or one of parameters that was not.
    let is_cut_off = |fault: &Fault| {
        matches!(fault, Fault::InvertedWindow { .. } | Fault::ParameterCount { .. })
    };
    assert!(fake.faults().iter().all(is_cut_off), "{chip:?}, byte {byte}: {:?}", fake.faults());
    has_failed
}

#[test]
fn a_start_that_fails_can_be_sent_again() {
    for byte in 0..60 {
        let fake = FakePanel::oled(Chip::Ssd1327);
        let mut panel = OledPanel::new(i2c(&fake), ssd1327::GLASS_128X128);
        fake.fail_after_bytes(Some(byte));
        assert!(panel.init(&mut fake.delay()).is_err(), "byte {byte}");
        assert_eq!(fake.power(), Power::Asleep);
        panel.init(&mut fake.delay()).unwrap();
        assert_eq!((fake.power(), fake.faults()), (Power::On, vec![]), "byte {byte}");
    }
}

#[test]
fn an_awaited_panel_is_sent_the_same() {
    let [waited, awaited] = [(); 2].map(|()| FakePanel::oled(Chip::Sh1106));
    let [mut waited_panel, mut awaited_panel] =
        [&waited, &awaited].map(|fake| OledPanel::new(in_pieces(fake), sh1106::GLASS_128X64));
    waited_panel.init(&mut waited.delay()).unwrap();
    ready(awaited_panel.init_async(&mut awaited.delay())).unwrap();
    waited_panel.set_contrast(9).unwrap();
    ready(awaited_panel.set_contrast_async(9)).unwrap();
    waited_panel.set_inverted(true).unwrap();
    ready(awaited_panel.set_inverted_async(true)).unwrap();
    waited_panel.set_on(false).unwrap();
    ready(awaited_panel.set_on_async(false)).unwrap();
    // A page, and two of them.
    let (mut page, mut pages, root) = ([0; 1024], [0; 2048], Group::new(()));
    Display::new(waited_panel, &mut page).refresh(&root).unwrap();
    ready(Display::new(awaited_panel, &mut pages).refresh_async(&root)).unwrap();
    assert!(awaited.take_messages() == waited.take_messages());
    assert_eq!((awaited.traffic(), awaited.faults()), (waited.traffic(), vec![]));
}

#[test]
fn what_the_panel_shows_is_switched_by_one_command() {
    fn sent<const BITS: u8>(chip: Chip, module: Module<BITS>) -> Vec<Message> {
        let fake = FakePanel::oled(chip);
        let mut panel = OledPanel::new(fake.bus(), module);
        panel.set_contrast(0x3f).unwrap();
        panel.set_inverted(true).unwrap();
        panel.set_inverted(false).unwrap();
        panel.set_on(false).unwrap();
        panel.set_on(true).unwrap();
        fake.take_messages()
    }
    let commands = |bytes: &[u8]| bytes.iter().map(|&byte| Message::Command(byte)).collect();
    let mono: Vec<_> = commands(&[0x81, 0x3f, 0xa7, 0xa6, 0xae, 0xaf]);
    assert_eq!(sent(Chip::Ssd1306, ssd1306::GLASS_128X64), mono);
    assert_eq!(sent(Chip::Sh1106, sh1106::GLASS_128X64), mono);
    let grey: Vec<_> = commands(&[0x81, 0x3f, 0xa7, 0xa4, 0xae, 0xaf]);
    assert_eq!(sent(Chip::Ssd1327, ssd1327::GLASS_128X128), grey);
    let mut wide: Vec<_> = commands(&[0xc1, 0xa7, 0xa6, 0xae, 0xaf]);
    wide.insert(1, Message::Data(vec![0x3f]));
    assert_eq!(sent(Chip::Ssd1322, ssd1322::GLASS_256X64), wide);
}

/// One window per area, however many strips follow: 6 bytes of commands, which I2C makes 14.
#[test]
fn a_full_refresh_costs_one_window() {
    let fake = FakePanel::oled(Chip::Ssd1306);
    let panel = OledPanel::new(i2c(&fake), ssd1306::GLASS_128X64);
    let mut buffer = [0; 1024];
    let stats = Display::new(panel, &mut buffer).refresh(&Group::new(())).unwrap();
    assert_eq!((stats.strips, stats.windows), (8, 1));
    let traffic = fake.traffic();
    assert_eq!((traffic.command_bytes, traffic.data_bytes), (6, 1024));
    assert_eq!((traffic.transactions, traffic.overhead_bytes), (2 + 8, 14 - 6 + 2 * 8));
}

/// A picture that has no symmetry.
const fn is_lit(x: u32, y: u32) -> bool {
    ((x * x + 3 * y * y + x * y) / 64).is_multiple_of(3)
}

/// Shows the picture by ssd1306 and by ours, each on a fake; compares the whole memory.
fn compare<S: DisplaySize, I: WriteOnlyDataCommand, B>(
    module: Module<1>,
    size: S,
    interface: impl Fn(&FakePanel) -> I,
    bus: impl Fn(&FakePanel) -> B,
) where
    B: DisplayBus<Error: core::fmt::Debug>,
{
    let [theirs, ours] = [(); 2].map(|()| FakePanel::oled(Chip::Ssd1306));
    let mut driver = Ssd1306::new(interface(&theirs), size, DisplayRotation::Rotate0)
        .into_buffered_graphics_mode();
    driver.init().unwrap();

    let Size { width, height } = module.size();
    let (mut pixels, mut colors, mut buffer) = ([0; 1024], [0; 12], [0; 1024]);
    let bitmap = Bitmap::from_buffer(width, height, Depth::Bpp1, &mut pixels).unwrap();
    let colors = PaletteRgb::from_buffer(2, &mut colors).unwrap();
    colors.set(1, 0xff_ffff).unwrap();
    for (x, y) in (0..height).flat_map(|y| (0..width).map(move |x| (x, y))) {
        let lit = is_lit(x.into(), y.into());
        driver.set_pixel(x.into(), y.into(), lit);
        bitmap.set(x, y, lit.into()).unwrap();
    }
    driver.flush().unwrap();
    let mut panel = OledPanel::new(bus(&ours), module);
    panel.init(&mut ours.delay()).unwrap();
    let mut display = Display::new(panel, &mut buffer);
    display.refresh(&Group::new((TileGrid::new(&bitmap, &colors),))).unwrap();

    let [theirs_seen, ours_seen] =
        [&theirs, &ours].map(|fake| picture(Chip::Ssd1306.memory(), |x, y| fake.color(x, y)));
    assert!(theirs_seen == ours_seen, "{:?}", module.size());
    let rgb = ours_seen.iter().flat_map(|color| color.channels());
    let rgb = rgb.collect::<Vec<_>>();
    assert!(ours.to_rgb(Area::of_size(Chip::Ssd1306.memory())) == rgb, "{:?}", module.size());
    assert_eq!((theirs.faults(), ours.faults()), (vec![], vec![]), "theirs and ours");
}

#[test]
fn ssd1306_fills_the_same_memory() {
    let theirs = |fake: &FakePanel| I2CDisplayInterface::new(fake.i2c());
    compare(ssd1306::GLASS_128X64, DisplaySize128x64, theirs, i2c);
    compare(ssd1306::GLASS_128X32, DisplaySize128x32, theirs, i2c);
    compare(ssd1306::GLASS_96X16, DisplaySize96x16, theirs, i2c);
    compare(ssd1306::GLASS_64X48, DisplaySize64x48, theirs, i2c);
    compare(ssd1306::GLASS_72X40, DisplaySize72x40, theirs, i2c);
    let theirs = |fake: &FakePanel| SPIInterface::new(fake.spi(), fake.dc());
    compare(ssd1306::GLASS_128X64, DisplaySize128x64, theirs, FakePanel::bus);
}
