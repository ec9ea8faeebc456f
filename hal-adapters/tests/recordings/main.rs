//! Recordings of the reference's drivers, against the same scene through ours: see `bus/README.md`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot set up fails")]

mod epaper;
mod mipi;
mod oled;
mod recording;
mod scene;

use displayio_core::{BlockingPanel, Display, Rgb888, Rotation, Size};
use displayio_hal::fake::{FakePanel, Message};

use self::{
    recording::{Section, play, sections},
    scene::with_scene,
};

/// A driver, and ours with the same configuration.
struct Case {
    recording: &'static str,
    /// Two fakes that hold the same: what the reference's driver is played to, and what ours drives.
    reference: FakePanel,
    ours: FakePanel,
    memory: Size,
    colors: [u32; 4],
    rotation: Rotation,
}

/// What one driver and the other sent after a mark.
struct Sent {
    mark: &'static str,
    theirs: Vec<Message>,
    ours: Vec<Message>,
}

impl Case {
    /// Shows the scene on our panel, which was started, step by step as in the recording; compares all that was sent until
    /// then, and all pixels of both memories after each step.
    fn check<P>(&self, panel: P, set_contrast: impl Fn(&mut P, u8)) -> Vec<Sent>
    where
        P: BlockingPanel<Error: core::fmt::Debug>,
    {
        let [_, start, steps @ ..] = &sections(self.recording)[..] else { panic!("no marks") };
        assert_eq!(self.ours.take_messages(), start.messages, "the start, delays included");
        play(&start.messages, &self.reference);
        self.compare("init");

        let (mut buffer, mut sent) = ([0; 1024], Vec::new());
        let mut display = Display::new(panel, &mut buffer).rotated(self.rotation);
        with_scene(display.size(), self.colors, |scene| {
            for Section { mark, messages } in steps {
                play(messages, &self.reference);
                match *mark {
                    "move" => scene.triangle.move_to(38, 12),
                    "text" => scene.label.set_text("BUS!").unwrap(),
                    "brightness 0.5" => set_contrast(display.panel_mut(), 0x7f),
                    "rotation +180" => {
                        display.set_rotation(turned_by_half(self.rotation));
                        continue;
                    }
                    _ => {}
                }
                display.refresh(scene.root).unwrap();
                let lit = self.compare(mark);
                assert!(lit > 100, "{mark}: {lit} pixels are lit");
                let (theirs, ours) = (messages.clone(), self.ours.take_messages());
                sent.push(Sent { mark, theirs, ours });
            }
        });
        assert_eq!(
            (self.reference.faults(), self.ours.faults()),
            (vec![], vec![]),
            "theirs and ours"
        );
        sent
    }

    /// Compares all pixels of the memory; returns how many were lit.
    fn compare(&self, mark: &str) -> usize {
        let Size { width, height } = self.memory;
        let pixels = (0..height).flat_map(|row| (0..width).map(move |column| (column, row)));
        let lit = pixels.filter(|&(column, row)| {
            let (theirs, ours) = (self.reference.color(column, row), self.ours.color(column, row));
            assert!(theirs == ours, "{mark}: {theirs:?}, ours {ours:?} at {column}, {row}");
            theirs != Rgb888::BLACK
        });
        lit.count()
    }
}

/// How many bytes of commands and data there are.
fn bytes(messages: &[Message]) -> usize {
    let bytes = |message: &Message| match message {
        Message::Command(_) => 1,
        Message::Data(bytes) => bytes.len(),
        Message::DelayUs(_) => 0,
    };
    messages.iter().map(bytes).sum()
}

const fn turned_by_half(rotation: Rotation) -> Rotation {
    match rotation {
        Rotation::Deg0 => Rotation::Deg180,
        Rotation::Deg90 => Rotation::Deg270,
        Rotation::Deg180 => Rotation::Deg0,
        Rotation::Deg270 => Rotation::Deg90,
    }
}
