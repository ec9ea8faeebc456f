//! Recordings as files, and on a fake panel.

use displayio_hal::{
    bus::DisplayBus,
    fake::{FakePanel, Message},
};
use embedded_hal::delay::DelayNs;

/// A mark, and what was sent after it.
pub(crate) struct Section {
    pub(crate) mark: &'static str,
    pub(crate) messages: Vec<Message>,
}

/// The marks of a recording; the first is its title.
pub(crate) fn sections(recording: &'static str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    for line in recording.lines() {
        let (kind, value) = line.split_at_checked(2).unwrap_or((line, ""));
        if kind == "# " {
            sections.push(Section { mark: value, messages: Vec::new() });
            continue;
        }
        let messages = &mut sections.last_mut().unwrap().messages;
        match kind {
            "C " => messages.extend(bytes(value).map(Message::Command)),
            "D " => messages.push(Message::Data(bytes(value).collect())),
            "W " => messages.push(Message::DelayUs(value.parse::<u64>().unwrap() * 1000)),
            _ => panic!("{line}"),
        }
    }
    sections
}

/// The bytes of `2218*8 00350064`.
fn bytes(words: &str) -> impl Iterator<Item = u8> {
    words.split(' ').flat_map(|word| {
        let (digits, count) = word.split_once('*').unwrap_or((word, "1"));
        let byte = |i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap();
        let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
        bytes.repeat(count.parse().unwrap())
    })
}

pub(crate) fn play(messages: &[Message], panel: &FakePanel) {
    let (mut bus, mut delay) = (panel.bus(), panel.delay());
    for message in messages {
        // The busy pin was not recorded.
        delay.delay_ms(1);
        while panel.is_busy() {
            delay.delay_ms(10);
        }
        match message {
            Message::Command(command) => bus.command(*command, &[]).unwrap(),
            Message::Data(bytes) => bus.data(bytes).unwrap(),
            Message::DelayUs(us) => delay.delay_us(u32::try_from(*us).unwrap()),
        }
    }
}
