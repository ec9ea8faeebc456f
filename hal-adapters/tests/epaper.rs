//! Scenes through e-paper panels on fake buses, against the same scenes through a framebuffer.
#![expect(clippy::unwrap_used, reason = "a test that cannot set up fails")]

#[path = "support/awaited.rs"]
mod awaited;
#[path = "support/scenes.rs"]
mod scenes;

use core::convert::Infallible;

use awaited::ready;
use displayio_core::{
    BitOrder, Display, Group, Planar, RefreshError, RefreshStats, Size, Tricolor,
};
use displayio_hal::{
    bus::FourWire,
    controllers::{acep, il0373, ssd1675, ssd1680},
    epaper::{EpaperError, EpaperPanel, Memory, Module},
    fake::{EpaperChip, FakeBusy, FakeDelay, FakePanel, FakePin, FakeReset, FakeSpi, Message},
    framebuffer::Framebuffer,
    mipi::InitSequence,
    preview::Preview,
};
use embedded_hal::{
    delay::DelayNs,
    digital::{ErrorType, InputPin},
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
    check(EpaperChip::Ssd1680, ssd1680::GLASS_122X250, (8, 0), 4);
    check(EpaperChip::Il0373, il0373::GLASS_152X152, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::GLASS_104X212, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::GLASS_128X296, (0, 0), 2);
    check(EpaperChip::Il0373, il0373::GREY_GLASS_128X296, (0, 0), 2);
    check(EpaperChip::Acep, acep::GLASS_800X480, (0, 0), 1);
}

/// Glass that begins and ends within the memory, and has no whole number of bytes.
const ODD: Size = Size::new(21, 13);
const RED: Planar<Tricolor> = Planar { code: Tricolor { hue: 0 }, order: BitOrder::HighFirst };
const WINDOWED: Module<Planar<Tricolor>> =
    Module::windowed(RED, ODD, InitSequence::checked(&[0x12, 0x80, 2, 0x11, 1, 3]))
        .starting_at(16, 260);
const WHOLE: Module<Planar<Tricolor>> =
    Module::whole(RED, ODD, InitSequence::checked(&[0x00, 1, 0xcf, 0x61, 3, 24, 0, 13, 0x04, 0]))
        .with_memories([Memory::new(0x10), Memory::new(0x13).complemented()]);

#[test]
fn odd_glass_shows_what_a_framebuffer_shows() {
    check(EpaperChip::Ssd1680, WINDOWED, (16, 260), 12);
    check(EpaperChip::Il0373, WHOLE, (0, 0), 12);
}

/// A refresh that fails at byte N, for every N, leaves everything to the next one.
#[test]
fn a_failed_refresh_is_made_up_for() {
    for (chip, module, corner) in
        [(EpaperChip::Ssd1680, WINDOWED, (16, 260)), (EpaperChip::Il0373, WHOLE, (0, 0))]
    {
        let expected = expected(&module, 7);
        for step in 0..STEPS {
            let fails = |byte: &u64| fails_at(*byte, step, (chip, module, corner), &expected);
            let failures = (0..).take_while(fails).count();
            assert!(failures > 30, "{chip:?}: step {step} sent {failures} bytes");
        }
    }
}

/// Whether the refresh of a step fails at a byte; checks that the next one shows it, and the next step.
fn fails_at(
    byte: u64,
    step: usize,
    (chip, module, (left, top)): (EpaperChip, Module<Planar<Tricolor>>, (u16, u16)),
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

#[test]
fn a_panel_sleeps_until_the_next_refresh() {
    let fake = FakePanel::epaper(EpaperChip::Ssd1680);
    let mut buffer = [0; 96];
    let mut display = Display::new(panel(&fake, WINDOWED), &mut buffer);
    with_scene(ODD, 1, |root, edit| {
        display.panel_mut().sleep().unwrap();
        assert_eq!(fake.take_messages(), [], "it was not awake");
        display.refresh(root).unwrap();
        let _ = fake.take_messages();
        display.panel_mut().sleep().unwrap();
        display.panel_mut().sleep().unwrap();
        let sleep = [Message::Command(0x10), Message::Data(vec![1])];
        assert_eq!(fake.take_messages()[1..3], sleep, "once, after some waiting");
        edit();
        display.refresh(root).unwrap();
    });
    assert_eq!(fake.faults(), []);
}

#[test]
fn an_awaited_panel_is_sent_the_same() {
    for (chip, module) in [(EpaperChip::Ssd1680, WINDOWED), (EpaperChip::Il0373, WHOLE)] {
        let sent = |is_awaited: bool| {
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
            assert_eq!(fake.faults(), []);
            fake.take_messages()
        };
        assert!(sent(true) == sent(false), "{chip:?}");
    }
}

/// Without pins, the clock tells when the ink is moved, and nothing puts a panel to sleep that nothing could wake.
#[test]
fn a_panel_without_pins_works() {
    let chip = EpaperChip::Ssd1680;
    let fake = FakePanel::epaper(chip);
    let module =
        WINDOWED.updated_in_ms(chip.update_ms()).put_to_sleep_by(InitSequence::checked(&[]));
    let mut buffer = [0; 96];
    let panel = EpaperPanel::new(fake.bus(), fake.delay(), module);
    let mut display = Display::new(panel, &mut buffer).rotated(rotation(7));
    with_scene(ODD, 7, |root, edit| {
        for expected in expected(&module, 7) {
            edit();
            display.refresh(root).unwrap();
            let seen = picture(ODD, |x, y| fake.color(16 + x, 260 + y));
            assert!(seen == expected);
            assert!(display.panel_mut().is_updating().unwrap(), "as far as anyone knows");
            display.panel_mut().sleep().unwrap();
            assert!(!display.panel_mut().is_updating().unwrap());
        }
    });
    assert_eq!(fake.faults(), []);
}

/// A busy pin that never changes.
struct Stuck {
    is_high: bool,
}

impl ErrorType for Stuck {
    type Error = Infallible;
}

impl InputPin for Stuck {
    fn is_high(&mut self) -> Result<bool, Infallible> {
        Ok(self.is_high)
    }

    fn is_low(&mut self) -> Result<bool, Infallible> {
        Ok(!self.is_high)
    }
}

#[test]
fn a_panel_that_stays_busy_is_an_error_and_not_the_end() {
    let refresh = |module: Module<_>, is_high| {
        let fake = FakePanel::epaper(EpaperChip::Ssd1680);
        let panel = EpaperPanel::new(fake.bus(), fake.delay(), module).with_busy(Stuck { is_high });
        let mut buffer = [0; 96];
        let mut display = Display::new(panel, &mut buffer);
        let result = display.refresh(&Group::new(()));
        assert_eq!(display.pending().is_empty(), result.is_ok());
        result
    };
    let still_busy = RefreshError::Panel(EpaperError::StillBusy);
    assert_eq!(refresh(WINDOWED, true), Err(still_busy));
    assert_eq!(refresh(WHOLE, false), Err(still_busy));
    assert_eq!(still_busy.to_string(), "the panel was still busy after 90000 ms");
    assert!(refresh(WINDOWED, false).is_ok() && refresh(WHOLE, true).is_ok());
}
