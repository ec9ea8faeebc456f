//! Scenes through e-paper panels on fake buses, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]
#![expect(clippy::std_instead_of_alloc, reason = "a test has std")]

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/scenes.rs"]
mod scenes;

use core::{cell::Cell, convert::Infallible};
use std::rc::Rc;

use awaited::{finished, ready};
use displayio_core::{
    BitOrder, Display, Group, Luma, Mono, Packed, Packing, Planar, RefreshError, RefreshStats,
    Size, Tricolor,
};
use displayio_hal::{
    bus::{self, AsyncDisplayBus, DisplayBus, FourWire, FourWireError},
    controllers::{acep, il0373, ssd1675, ssd1680, ssd1681},
    epaper::{EpaperError, EpaperPanel, Memory, Module},
    fake::{
        BusFailure, EpaperChip, FakeBusy, FakeDelay, FakePanel, FakePin, FakeReset, FakeSpi,
        Message, Power,
    },
    framebuffer::Framebuffer,
    mipi::InitSequence,
    preview::Preview,
};
use embedded_hal::{
    delay::DelayNs,
    digital::{ErrorKind as PinError, ErrorType, InputPin},
};
use scenes::{Picture, STEPS, picture, rotation, run, with_scene};

type FakeEpaper<F> = EpaperPanel<F, FourWire<FakeSpi, FakePin>, FakeDelay, FakeReset, FakeBusy>;

fn panel<F: Preview>(fake: &FakePanel, module: Module<F>) -> FakeEpaper<F> {
    EpaperPanel::new(fake.bus(), fake.delay(), module)
        .with_reset(fake.reset_pin())
        .with_busy(fake.busy_pin())
}

/// A row of the widest.
const LEAST_BUFFER: usize = 804;

fn expected<F: Preview>(module: &Module<F>, seed: u64) -> Vec<Picture> {
    let framebuffer: Framebuffer<F> = Framebuffer::new(module.size(), module.format());
    run(framebuffer, seed, LEAST_BUFFER, |panel| picture(module.size(), |x, y| panel.color(x, y)))
}

fn check<F: Preview>(chip: EpaperChip, module: Module<F>, (left, top): (u16, u16), seeds: u64) {
    for seed in 0..seeds {
        let fake = FakePanel::epaper(chip);
        let pictures = run(panel(&fake, module), seed, LEAST_BUFFER, |_| {
            picture(module.size(), |x, y| fake.color(left + x, top + y))
        });
        assert!(pictures == expected(&module, seed), "{chip:?}, seed {seed}");
        assert_eq!(fake.faults(), [], "{chip:?}");
    }
}

#[test]
fn every_module_shows_what_a_framebuffer_shows() {
    check(EpaperChip::Ssd1675, ssd1675::GLASS_122X250, (0, 0), 4);
    check(EpaperChip::Ssd1680, ssd1680::GLASS_122X250, (0, 0), 2);
    check(EpaperChip::Ssd1680, ssd1680::GLASS_128X296, (0, 0), 2);
    check(EpaperChip::Ssd1680, ssd1680::RED_GLASS_122X250, (8, 0), 4);
    check(EpaperChip::Ssd1681, ssd1681::GLASS_200X200, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::RED_GLASS_152X152, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::RED_GLASS_104X212, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::RED_GLASS_128X296, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::GREY_GLASS_128X296, (0, 0), 2);
    check(EpaperChip::Acep, acep::GLASS_800X480, (0, 0), 1);
}

/// Glass that begins and ends within the memory, and has no whole number of bytes.
const ODD: Size = Size::new(21, 13);
const RED: Planar<Tricolor> = Planar { code: Tricolor { hue: 0 }, order: BitOrder::HighFirst };
const WINDOWED: Module<Planar<Tricolor>> =
    Module::windowed(RED, ODD, InitSequence::checked(&[0x12, 0x80, 2, 0x11, 1, 3]))
        .starting_at(16, 260);
/// Its second memory is filled when nothing is known of it.
const SPARE: Module<Mono> = Module::windowed(
    Packed { code: Luma::new(), packing: Packing::Rows, order: BitOrder::HighFirst },
    ODD,
    InitSequence::checked(&[0x12, 0x80, 2, 0x11, 1, 3]),
)
.starting_at(16, 260);
const WHOLE: Module<Planar<Tricolor>> =
    whole(InitSequence::checked(&[0x00, 1, 0xcf, 0x61, 3, 24, 0, 13, 0x04, 0]));
const WHOLE_BY_CLOCK: Module<Planar<Tricolor>> =
    whole(InitSequence::checked(&[0x00, 1, 0xcf, 0x61, 3, 24, 0, 13, 0x04, 0x80, 80]));

const fn whole(start: InitSequence<'static>) -> Module<Planar<Tricolor>> {
    Module::whole(RED, ODD, start)
        .with_memories([Memory::new(0x10), Memory::new(0x13).complemented()])
}

#[test]
fn odd_glass_shows_what_a_framebuffer_shows() {
    check(EpaperChip::Ssd1680, WINDOWED, (16, 260), 12);
    check(EpaperChip::Ssd1680, SPARE, (16, 260), 12);
    check(EpaperChip::Il0373, WHOLE, (0, 0), 12);
}

/// A refresh that fails at byte N, for every N, leaves everything to the next one, and lets the panel be put to sleep.
#[test]
fn a_failed_refresh_is_made_up_for() {
    sweep(EpaperChip::Ssd1680, WINDOWED, (16, 260));
    sweep(EpaperChip::Ssd1680, SPARE, (16, 260));
    sweep(EpaperChip::Il0373, WHOLE, (0, 0));
}

fn sweep<F: Preview>(chip: EpaperChip, module: Module<F>, corner: (u16, u16)) {
    let expected = expected(&module, 7);
    for (step, sleeps) in (0..STEPS).flat_map(|step| [(step, false), (step, true)]) {
        let fails = |byte: &u64| fails_at(*byte, step, sleeps, (chip, module, corner), &expected);
        let failures = (0..).take_while(fails).count();
        assert!(failures > 20, "{chip:?}: step {step} sent {failures} bytes");
    }
}

/// Whether the refresh of a step fails at a byte; checks that the next one shows it, and the next step.
fn fails_at<F: Preview>(
    byte: u64,
    step: usize,
    sleeps: bool,
    (chip, module, (left, top)): (EpaperChip, Module<F>, (u16, u16)),
    expected: &[Picture],
) -> bool {
    let fake = FakePanel::epaper(chip);
    let mut has_failed = false;
    with_scene(module.size(), 7, |root, edit| {
        let mut buffer = [0; 96];
        let mut display = Display::new(panel(&fake, module), &mut buffer).rotated(rotation(7));
        for (now, expected) in expected.iter().enumerate().take(step + 2) {
            edit();
            if now == step {
                fake.fail_after_bytes(Some(byte));
                has_failed = matches!(display.refresh(root), Err(RefreshError::Panel(_)));
                fake.fail_after_bytes(None);
                if sleeps {
                    display.panel_mut().sleep().unwrap();
                    assert_eq!(fake.power(), Power::Asleep, "{chip:?}: byte {byte} of {step}");
                }
            }
            display.refresh(root).unwrap();
            let seen = picture(module.size(), |x, y| fake.color(left + x, top + y));
            assert!(seen == *expected, "{chip:?}: byte {byte} of {step}");
            display.panel_mut().sleep().unwrap();
        }
    });
    has_failed
}

#[test]
fn a_panel_that_failed_is_started_anew() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let (mut buffer, root) = ([0; 96], Group::new(()));
    let mut display = Display::new(panel(&fake, WINDOWED), &mut buffer);
    let starts = || {
        let messages = fake.take_messages();
        messages.iter().filter(|&message| *message == Message::Command(0x12)).count()
    };
    fake.fail_after_bytes(Some(30));
    assert!(display.refresh(&root).is_err());
    assert_eq!(starts(), 1);
    display.refresh(&root).unwrap();
    assert_eq!(starts(), 1);
    display.refresh(&root).unwrap();
    assert_eq!(starts(), 0, "nothing changed");
}

#[test]
fn a_refresh_does_not_wait_for_the_ink_but_the_next_one_does() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let mut buffer = [0; 96];
    let mut display = Display::new(panel(&fake, WINDOWED), &mut buffer);
    let update_ms = u32::from(EpaperChip::Ssd1680.update_ms());
    with_scene(ODD, 1, |root, edit| {
        assert!(!display.panel_mut().is_updating().unwrap());
        display.refresh(root).unwrap();
        assert!(display.panel_mut().is_updating().unwrap());
        fake.delay().delay_ms(update_ms - 10);
        assert!(display.panel_mut().is_updating().unwrap());
        fake.delay().delay_ms(10);
        assert!(!display.panel_mut().is_updating().unwrap());

        edit();
        display.refresh(root).unwrap();
        let _ = fake.take_messages();
        assert_eq!(display.refresh(root), Ok(RefreshStats::default()), "nothing changed");
        assert_eq!(fake.take_messages(), [], "and nothing is waited for");
        edit();
        display.refresh(root).unwrap();
        let waited = fake.take_messages().iter().find_map(|message| match message {
            Message::DelayUs(us) => Some(*us / 1000),
            _ => None,
        });
        let waited_ms = waited.unwrap();
        assert!((update_ms.into()..u64::from(update_ms) + 50).contains(&waited_ms), "{waited_ms}");
    });
    assert_eq!(fake.faults(), []);
}

fn commands(fake: &FakePanel) -> Vec<u8> {
    let command = |message: &Message| match message {
        Message::Command(command) => Some(*command),
        _ => None,
    };
    fake.take_messages().iter().filter_map(command).collect()
}

#[test]
fn a_panel_sleeps_until_the_next_refresh() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let mut buffer = [0; 96];
    let mut display = Display::new(panel(&fake, WINDOWED), &mut buffer);
    with_scene(ODD, 1, |root, edit| {
        display.panel_mut().sleep().unwrap();
        assert_eq!(commands(&fake), [0x22, 0x20, 0x10], "nobody knew that it slept");
        display.refresh(root).unwrap();
        let _ = fake.take_messages();
        for _ in 0..2 {
            display.panel_mut().sleep().unwrap();
            assert_eq!(fake.power(), Power::Asleep);
        }
        assert_eq!(commands(&fake), [0x22, 0x20, 0x10], "once");
        edit();
        display.refresh(root).unwrap();
        assert_eq!(commands(&fake)[..2], [0x12, 0x11]);
    });
    assert_eq!(fake.faults(), []);
}

#[test]
fn commands_of_the_controllers_own_wake_it() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let mut panel = panel(&fake, WINDOWED);
    panel.command(0x3c, &[5]).unwrap();
    panel.command(0x18, &[0x80]).unwrap();
    assert_eq!(commands(&fake), [0x12, 0x11, 0x3c, 0x18]);
    panel.set_start(InitSequence::checked(&[0x12, 0x80, 2]));
    ready(panel.command_async(0x18, &[0x80])).unwrap();
    assert_eq!(commands(&fake), [0x12, 0x18]);
    assert_eq!(fake.faults(), []);
}

#[test]
fn an_awaited_panel_is_sent_the_same() {
    fn sent<F: Preview>(chip: EpaperChip, module: Module<F>, is_awaited: bool) -> Vec<Message> {
        let fake = FakePanel::epaper(chip);
        let mut buffer = [0; 96];
        let mut display = Display::new(panel(&fake, module), &mut buffer);
        with_scene(ODD, 3, |root, edit| {
            for _ in 0..STEPS {
                edit();
                if is_awaited {
                    ready(display.refresh_async(root)).unwrap();
                    ready(display.panel_mut().sleep_async()).unwrap();
                } else {
                    display.refresh(root).unwrap();
                    display.panel_mut().sleep().unwrap();
                }
            }
        });
        assert_eq!(fake.faults(), [], "{chip:?}");
        fake.take_messages()
    }
    let [waited, awaited] = [false, true];
    let (windowed, whole) = (EpaperChip::Ssd1680, EpaperChip::Il0373);
    assert!(sent(windowed, WINDOWED, awaited) == sent(windowed, WINDOWED, waited));
    assert!(sent(windowed, SPARE, awaited) == sent(windowed, SPARE, waited));
    assert!(sent(whole, WHOLE, awaited) == sent(whole, WHOLE, waited));
}

/// Without pins, the clock tells when the ink is moved, and nothing puts a panel to sleep that nothing could wake.
#[test]
fn a_panel_without_pins_works() {
    for (chip, module, (left, top)) in
        [(EpaperChip::Ssd1680, WINDOWED, (16, 260)), (EpaperChip::Il0373, WHOLE_BY_CLOCK, (0, 0))]
    {
        let fake = FakePanel::epaper(chip);
        let mut buffer = [0; 96];
        let module = module.updated_in_ms(chip.update_ms());
        let panel = EpaperPanel::new(fake.bus(), fake.delay(), module);
        let mut display = Display::new(panel, &mut buffer).rotated(rotation(7));
        with_scene(ODD, 7, |root, edit| {
            for (expected, knows) in expected(&module, 7).iter().zip([false, true].iter().cycle()) {
                edit();
                display.refresh(root).unwrap();
                let seen = picture(ODD, |x, y| fake.color(left + x, top + y));
                assert!(seen == *expected);
                assert!(display.panel_mut().is_updating().unwrap(), "as far as anyone knows");
                if *knows {
                    fake.delay().delay_ms(chip.update_ms().into());
                    display.panel_mut().assume_updated();
                }
                let _ = fake.take_messages();
                display.panel_mut().sleep().unwrap();
                let waited = Message::DelayUs(u64::from(chip.update_ms()) * 1000);
                assert_eq!(fake.take_messages().contains(&waited), !knows);
                assert!(!display.panel_mut().is_updating().unwrap());
                assert_eq!(fake.power(), Power::Asleep);
            }
        });
        assert_eq!(fake.faults(), [], "{chip:?}");
    }
}

/// A bus and delays that are dropped at a point of their awaiting, and commands that arrive and yet fail.
struct Frail {
    bus: FourWire<FakeSpi, FakePin>,
    delay: FakeDelay,
    /// How often it may be awaited.
    left: Rc<Cell<u32>>,
    fails_late_at: Rc<Cell<Option<u8>>>,
}

impl Frail {
    fn on(fake: &FakePanel) -> Self {
        let (left, fails_late_at) = (Rc::new(Cell::new(u32::MAX)), Rc::default());
        Self { bus: fake.bus(), delay: fake.delay(), left, fails_late_at }
    }

    fn again(&self, fake: &FakePanel) -> Self {
        let (left, fails_late_at) = (self.left.clone(), self.fails_late_at.clone());
        Self { left, fails_late_at, ..Self::on(fake) }
    }

    async fn awaited(&self) {
        match self.left.get().checked_sub(1) {
            Some(left) => self.left.set(left),
            None => core::future::pending().await,
        }
    }
}

impl bus::ErrorType for Frail {
    type Error = FourWireError<BusFailure, Infallible>;
}

impl DisplayBus for Frail {
    fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        DisplayBus::command(&mut self.bus, command, parameters)?;
        if self.fails_late_at.get() == Some(command) {
            self.fails_late_at.set(None);
            return Err(FourWireError::Spi(BusFailure));
        }
        Ok(())
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        DisplayBus::data(&mut self.bus, bytes)
    }
}

impl AsyncDisplayBus for Frail {
    async fn command(&mut self, command: u8, parameters: &[u8]) -> Result<(), Self::Error> {
        self.awaited().await;
        DisplayBus::command(self, command, parameters)?;
        self.awaited().await;
        Ok(())
    }

    async fn data(&mut self, bytes: &[u8]) -> Result<(), Self::Error> {
        self.awaited().await;
        DisplayBus::data(self, bytes)?;
        self.awaited().await;
        Ok(())
    }
}

impl DelayNs for Frail {
    fn delay_ns(&mut self, ns: u32) {
        DelayNs::delay_ns(&mut self.delay, ns);
    }
}

impl embedded_hal_async::delay::DelayNs for Frail {
    async fn delay_ns(&mut self, ns: u32) {
        self.awaited().await;
        DelayNs::delay_ns(&mut self.delay, ns);
        self.awaited().await;
    }
}

/// Whatever is dropped, a panel can be put to sleep at once, and shows all by the next refresh.
#[test]
fn what_is_dropped_is_made_up_for() {
    drop_everywhere(EpaperChip::Ssd1680, WINDOWED, (16, 260));
    drop_everywhere(EpaperChip::Ssd1680, SPARE, (16, 260));
    drop_everywhere(EpaperChip::Il0373, WHOLE, (0, 0));
}

fn drop_everywhere<F: Preview>(chip: EpaperChip, module: Module<F>, (left, top): (u16, u16)) {
    let expected = expected(&module, 7);
    for (drops_at, sleeps) in (0..).flat_map(|at| [(at, false), (at, true)]) {
        let fake = FakePanel::epaper(chip);
        let (bus, mut buffer) = (Frail::on(&fake), [0; 96]);
        let (limit, delay) = (bus.left.clone(), bus.again(&fake));
        let panel = EpaperPanel::new(bus, delay, module)
            .with_reset(fake.reset_pin())
            .with_busy(fake.busy_pin());
        let mut display = Display::new(panel, &mut buffer).rotated(rotation(7));
        let mut is_done = false;
        with_scene(ODD, 7, |root, edit| {
            for (step, expected) in expected.iter().take(3).enumerate() {
                edit();
                if step == 1 {
                    limit.set(drops_at);
                    is_done = finished(async {
                        display.refresh_async(root).await.unwrap();
                        display.panel_mut().sleep_async().await.unwrap();
                    });
                    limit.set(u32::MAX);
                }
                if sleeps {
                    ready(display.panel_mut().sleep_async()).unwrap();
                    assert_eq!(fake.power(), Power::Asleep, "{chip:?}, dropped at {drops_at}");
                }
                ready(display.refresh_async(root)).unwrap();
                let seen = picture(ODD, |x, y| fake.color(left + x, top + y));
                assert!(seen == *expected, "{chip:?}, dropped at {drops_at}");
            }
        });
        assert_eq!(fake.faults(), [], "{chip:?}, dropped at {drops_at}");
        if is_done {
            assert!(drops_at > 40, "{chip:?}: {drops_at} points");
            break;
        }
    }
}

/// The panel is busy when the bus says that nothing arrived, and its memory may be lost when it is put to sleep.
#[test]
fn an_update_that_fails_late_is_waited_for_and_made_up_for() {
    for (chip, module, update, (left, top)) in [
        (EpaperChip::Ssd1680, WINDOWED, 0x20, (16, 260)),
        (EpaperChip::Il0373, WHOLE, 0x12, (0, 0)),
    ] {
        for sleeps in [false, true] {
            let fake = FakePanel::epaper(chip);
            let (bus, mut buffer) = (Frail::on(&fake), [0; 96]);
            let fails_late_at = bus.fails_late_at.clone();
            let delay = bus.again(&fake);
            let panel = EpaperPanel::new(bus, delay, module)
                .with_reset(fake.reset_pin())
                .with_busy(fake.busy_pin());
            let mut display = Display::new(panel, &mut buffer).rotated(rotation(7));
            with_scene(ODD, 7, |root, edit| {
                edit();
                fails_late_at.set(Some(update));
                assert!(display.refresh(root).is_err());
                assert!(display.panel_mut().is_updating().unwrap());
                if sleeps {
                    display.panel_mut().sleep().unwrap();
                    assert_eq!(fake.power(), Power::Asleep);
                }
                display.refresh(root).unwrap();
                let seen = picture(ODD, |x, y| fake.color(left + x, top + y));
                assert!(seen == expected(&module, 7)[0], "{chip:?}");
            });
            assert_eq!(fake.faults(), [], "{chip:?}");
        }
    }
}

/// A busy pin as the test has it: high, low, or broken.
#[derive(Clone)]
struct Level(Rc<Cell<Option<bool>>>);

impl ErrorType for Level {
    type Error = PinError;
}

impl InputPin for Level {
    fn is_high(&mut self) -> Result<bool, PinError> {
        self.0.get().ok_or(PinError::Other)
    }

    fn is_low(&mut self) -> Result<bool, PinError> {
        self.is_high().map(|is_high| !is_high)
    }
}

#[test]
fn a_panel_that_stays_busy_is_an_error_and_not_the_end() {
    for (chip, module, is_high) in
        [(EpaperChip::Ssd1680, WINDOWED, true), (EpaperChip::Il0373, WHOLE, false)]
    {
        let fake = FakePanel::epaper(chip);
        let busy = Level(Rc::new(Cell::new(Some(is_high))));
        let (mut buffer, root) = ([0; 96], Group::new(()));
        let panel = EpaperPanel::new(fake.bus(), fake.delay(), module.updated_in_ms(0))
            .with_reset(fake.reset_pin())
            .with_busy(busy.clone());
        let mut display = Display::new(panel, &mut buffer);
        let still_busy = Err(RefreshError::Panel(EpaperError::StillBusy));
        assert_eq!(display.refresh(&root), still_busy, "{chip:?} was busy from the start");
        assert!(!display.pending().is_empty(), "nothing was sent");
        busy.0.set(Some(!is_high));
        display.refresh(&root).unwrap();

        // Over while the ink is moved, then stuck.
        busy.0.set(Some(is_high));
        assert_eq!(display.panel_mut().wait(), Err(EpaperError::StillBusy));
        assert!(!display.panel_mut().is_updating().unwrap(), "nothing is known of it");
        fake.delay().delay_ms(60_000);
        let _ = fake.take_messages();
        busy.0.set(Some(!is_high));
        display.invalidate();
        display.refresh(&root).unwrap();
        let start = module_start(chip);
        assert_eq!(commands(&fake).first(), Some(&start), "it is started anew");
    }
    let error = EpaperError::<BusFailure, Infallible, Infallible>::StillBusy;
    assert_eq!(error.to_string(), "the panel was still busy after 90000 ms");
}

const fn module_start(chip: EpaperChip) -> u8 {
    if matches!(chip, EpaperChip::Ssd1680) { 0x12 } else { 0x00 }
}

#[test]
fn a_busy_pin_that_fails_ends_no_update() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let busy = Level(Rc::new(Cell::new(Some(false))));
    let mut buffer = [0; 96];
    let panel = EpaperPanel::new(fake.bus(), fake.delay(), WINDOWED)
        .with_reset(fake.reset_pin())
        .with_busy(busy.clone());
    let mut display = Display::new(panel, &mut buffer);
    display.refresh(&Group::new(())).unwrap();
    busy.0.set(None);
    let broken = Err(EpaperError::Busy(PinError::Other));
    assert_eq!(display.panel_mut().sleep(), broken);
    busy.0.set(Some(true));
    assert_eq!(display.panel_mut().is_updating(), Ok(true));
    fake.delay().delay_ms(EpaperChip::Ssd1680.update_ms().into());
    busy.0.set(Some(false));
    display.panel_mut().sleep().unwrap();
    assert_eq!((fake.faults(), fake.power()), (vec![], Power::Asleep));
}
