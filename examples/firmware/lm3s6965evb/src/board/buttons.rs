//! Three of the board's five buttons.

use embedded_hal::{delay::DelayNs, digital::InputPin as _};

use super::{gpio::Input, registers::Block};

/// How long contacts bounce.
const BOUNCE_MS: u32 = 10;

/// A button.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Button {
    Up,
    Down,
    Select,
}

/// All of them.
pub(crate) struct Buttons([(Input, Button); 3]);

impl Buttons {
    pub(super) fn start() -> Self {
        Self([
            (Input::new(Block::GPIO_E, 0), Button::Up),
            (Input::new(Block::GPIO_E, 1), Button::Down),
            (Input::new(Block::GPIO_F, 1), Button::Select),
        ])
    }

    /// A button that was pressed since this was asked last, and still is. Waits only where there is one.
    pub(crate) fn pressed(&mut self, delay: &mut impl DelayNs) -> Option<Button> {
        let (input, button) = self
            .0
            .iter_mut()
            .find_map(|(input, button)| input.has_fallen().then_some((input, *button)))?;
        delay.delay_ms(BOUNCE_MS);
        // Contacts bounce when they open, too; then the line is high by now.
        let Ok(is_pressed) = input.is_low();
        input.has_fallen();
        is_pressed.then_some(button)
    }
}
