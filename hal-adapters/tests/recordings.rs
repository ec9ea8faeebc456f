//! Recordings of the reference's drivers, against the same scene through ours: see `bus/README.md`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up fails")]

use displayio_core::{
    Bitmap, Depth, Display, Group, Node, Palette, Rgb565, Rgb888, Rotation, Size, TileGrid,
    Transform,
};
use displayio_hal::{
    bus::DisplayBus,
    controllers::{st7735, st7789},
    fake::{FakePanel, Glass, Message},
    mipi::{InitSequence, MipiPanel, Module},
};
use embedded_hal::delay::DelayNs;

const COLORS: [u32; 4] = [0x00_0000, 0x20_40c0, 0xff_8000, 0xff_ffff];

/// A driver, and ours with the same configuration.
struct Case {
    recording: &'static str,
    memory: Size,
    glass: Glass,
    init: InitSequence<'static>,
    module: Module,
    /// Where the module starts in the memory, as it was given.
    start: (u16, u16),
    rotation: Rotation,
}

impl Case {
    fn fake(&self) -> FakePanel {
        FakePanel::new(self.memory).with_glass(self.glass)
    }

    /// Width and height of the scene.
    const fn scene(&self) -> Size {
        Size::new(self.module.size().height, self.module.size().width)
    }

    /// Whether the label can have coloured a pixel of the memory: it is in the cells of its four glyphs of 6x12 pixels.
    ///
    /// Text is compared elsewhere; here its cells may differ from ours by being in the label's colour.
    fn is_label(&self, column: u16, row: u16, rotation: Rotation) -> bool {
        let top = i32::from(self.scene().height / 2) - 6;
        let cells = Transform::rotated(rotation, self.module.size()).area(2, top, 24, 12);
        // Both modules are mirrored both ways, so that addresses count from the memory's last pixel.
        let x = i32::from(self.memory.width - 1 - column) - i32::from(self.start.0);
        let y = i32::from(self.memory.height - 1 - row) - i32::from(self.start.1);
        i16::try_from(x).is_ok_and(|x| i16::try_from(y).is_ok_and(|y| cells.contains_point(x, y)))
    }

    /// Compares all pixels of the memory; returns how many were lit.
    fn compare(
        &self,
        reference: &FakePanel,
        ours: &FakePanel,
        rotation: Rotation,
        mark: &str,
    ) -> usize {
        let mut lit = 0;
        for (row, column) in
            (0..self.memory.height).flat_map(|row| (0..self.memory.width).map(move |x| (row, x)))
        {
            let (theirs, ours) = (reference.color(column, row), ours.color(column, row));
            let is_text = theirs == Rgb888::new(COLORS[3]) && self.is_label(column, row, rotation);
            assert!(
                theirs == ours || is_text,
                "{mark}: {theirs:?}, ours {ours:?} at {column}, {row}"
            );
            lit += usize::from(theirs != Rgb888::BLACK);
        }
        lit
    }
}

/// The marks of a recording, and what was sent after each.
fn sections(recording: &str) -> Vec<(&str, Vec<Message>)> {
    let mut sections = Vec::new();
    for line in recording.lines() {
        let (kind, value) = line.split_at_checked(2).unwrap_or((line, ""));
        let message = match kind {
            "# " => {
                sections.push((value, Vec::new()));
                continue;
            }
            "C " => Message::Command(u8::from_str_radix(value, 16).unwrap()),
            "D " => Message::Data(value.split(' ').flat_map(run).collect()),
            "W " => Message::DelayUs(value.parse::<u64>().unwrap() * 1000),
            _ => panic!("{line}"),
        };
        sections.last_mut().unwrap().1.push(message);
    }
    sections
}

/// The bytes of `2218*8` or `00350064`.
fn run(word: &str) -> Vec<u8> {
    let (digits, count) = word.split_once('*').unwrap_or((word, "1"));
    let byte = |i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    bytes.repeat(count.parse().unwrap())
}

fn play(messages: &[Message], panel: &FakePanel) {
    let (mut bus, mut delay) = (panel.bus(), panel.delay());
    for message in messages {
        match message {
            Message::Command(command) => bus.command(*command, &[]).unwrap(),
            Message::Data(bytes) => bus.data(bytes).unwrap(),
            Message::DelayUs(us) => delay.delay_us(u32::try_from(*us).unwrap()),
        }
    }
}

/// Makes the scene without its label, and hands it out with the tile grid that moves.
fn with_scene(
    Size { width, height }: Size,
    show: impl FnOnce(&dyn Node<Rgb565>, &dyn Fn(i16, i16)),
) {
    let (mut memory, mut small) = ([0; 4096], [[0; 128]; 4]);
    let [triangle, disc, colors, disc_colors] = &mut small;
    let board = Bitmap::from_buffer(width, height, Depth::Bpp2, &mut memory).unwrap();
    let triangle = Bitmap::from_buffer(9, 6, Depth::Bpp2, triangle).unwrap();
    let disc = Bitmap::from_buffer(11, 11, Depth::Bpp1, disc).unwrap();
    let colors = Palette::from_buffer(4, colors).unwrap();
    let disc_colors = Palette::from_buffer(2, disc_colors).unwrap();
    (0..4).for_each(|i| colors.set(i, COLORS[usize::from(i)]).unwrap());
    disc_colors.set(1, COLORS[2]).unwrap();
    disc_colors.set_transparent(0, true).unwrap();

    let fill = |bitmap: &Bitmap<'_>, size: (u16, u16), value: &dyn Fn(u16, u16) -> u32| {
        let points = (0..size.1).flat_map(|y| (0..size.0).map(move |x| (x, y)));
        points.for_each(|(x, y)| bitmap.set(x, y, value(x, y)).unwrap());
    };
    fill(&board, (width, height), &|x, y| u32::from((x / 8 + y / 8) % 2));
    fill(&triangle, (9, 6), &|x, y| if x > y { 2 } else { 3 });
    fill(&disc, (11, 11), &|x, y| {
        let (x, y) = (x.abs_diff(5), y.abs_diff(5));
        u32::from(x + y <= 5 || x * x + y * y <= 25)
    });

    let board = TileGrid::new(&board, &colors);
    let triangle = TileGrid::new(&triangle, &colors).at(18, 9);
    let (right, bottom) = (width.cast_signed(), height.cast_signed());
    let disc = TileGrid::new(&disc, &disc_colors).at(right - 15, bottom - 13);
    show(&Group::new((&board, &triangle, &disc)), &|x, y| triangle.move_to(x, y));
}

fn check(case: &Case) {
    let sections = sections(case.recording);
    let (reference, fake) = (case.fake(), case.fake());
    let mut panel = MipiPanel::new(fake.bus(), case.module, Rgb565);
    panel.init(case.init, &mut fake.delay()).unwrap();
    assert_eq!(fake.take_messages(), sections[1].1, "the start sequence, delays included");

    let mut lit = Vec::new();
    with_scene(case.scene(), |root, move_to| {
        let mut buffer = [0; 512];
        let mut display = Display::new(panel, &mut buffer).rotated(case.rotation);
        for (mark, messages) in &sections[1..] {
            play(messages, &reference);
            match *mark {
                "move" => move_to(38, 12),
                "rotation +180" => {
                    display.set_rotation(turned_by_half(case.rotation));
                    continue;
                }
                _ => {}
            }
            if *mark != "init" {
                display.refresh(root).unwrap();
            }
            lit.push(case.compare(&reference, &fake, display.rotation(), mark));
        }
    });
    assert_eq!((reference.faults(), fake.faults()), (vec![], vec![]), "theirs and ours");
    assert!(lit.len() == 7 && lit[1..].iter().all(|&lit| lit > 1000), "{lit:?}");
}

const fn turned_by_half(rotation: Rotation) -> Rotation {
    match rotation {
        Rotation::Deg0 => Rotation::Deg180,
        Rotation::Deg90 => Rotation::Deg270,
        Rotation::Deg180 => Rotation::Deg0,
        Rotation::Deg270 => Rotation::Deg90,
    }
}

fn st7735_case(recording: &'static str) -> Case {
    Case {
        recording,
        memory: st7735::MEMORY,
        glass: Glass::default(),
        init: st7735::INIT,
        module: Module::new(Size::new(40, 80)).mirrored(true, true),
        start: (0, 0),
        rotation: Rotation::Deg270,
    }
}

#[test]
fn an_st7789_holds_what_the_reference_put_there() {
    check(&Case {
        recording: include_str!("bus/st7789_r90_off.bus"),
        memory: st7789::MEMORY,
        glass: Glass { inverted: true, bgr: false },
        init: st7789::INIT,
        module: Module::new(Size::new(48, 64)).starting_at(53, 40).mirrored(true, true).inverted(),
        start: (53, 40),
        rotation: Rotation::Deg90,
    });
}

#[test]
fn an_st7735_holds_what_the_reference_put_there() {
    check(&st7735_case(include_str!("bus/st7735r_80x40_bgr.bus")));
}

/// The comparison can fail: one pixel of another colour is noticed.
#[test]
#[should_panic(expected = "full: ")]
fn a_wrong_pixel_is_noticed() {
    let recording = include_str!("bus/st7735r_80x40_bgr.bus");
    check(&st7735_case(recording.replacen("2218*8 0000*8", "2218*7 0000*9", 1).leak()));
}
