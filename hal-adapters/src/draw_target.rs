//! A panel over any display driver of the embedded-graphics world.

use displayio_core::{Area, BlockingPanel, Panel, Rgb565, Size};
use embedded_graphics_core::{
    draw_target::DrawTarget,
    geometry::{Point, Size as TargetSize},
    pixelcolor::{Rgb565 as TargetRgb565, raw::RawU16},
    primitives::Rectangle,
};

/// Bytes of a pixel.
const PIXEL: usize = 2;

/// Shows a scene on a [`DrawTarget`], for controllers that only have a driver of that kind.
///
/// Each strip becomes one `fill_contiguous`, or one `fill_solid` if it has one colour. That is slower than sending
/// strips as they are: every pixel is unpacked, converted and usually packed again, some 12 to 20 instructions; and the
/// driver sets a window per strip. A target that buffers its picture must be flushed after each refresh:
/// [`target_mut`](Self::target_mut).
///
/// ```
/// use displayio_core::{Display, Group};
/// use displayio_hal::draw_target::DrawTargetPanel;
/// use embedded_graphics::{mock_display::MockDisplay, pixelcolor::Rgb565};
/// let mut strip_buffer = [0; 128];
/// let target = MockDisplay::<Rgb565>::new();
/// let mut display = Display::new(DrawTargetPanel::new(target), &mut strip_buffer);
/// assert_eq!(display.refresh(&Group::new(())).unwrap().pixels, 64 * 64);
/// ```
#[derive(Debug)]
pub struct DrawTargetPanel<D> {
    target: D,
    /// The window, in panel space.
    window: Area,
    /// Rows of the window that have been filled.
    rows_filled: u16,
}

impl<D> DrawTargetPanel<D> {
    /// A panel of the target's size, which must stay as it is while a display has the panel.
    pub const fn new(target: D) -> Self {
        Self { target, window: Area::EMPTY, rows_filled: 0 }
    }

    /// The target.
    pub const fn target(&self) -> &D {
        &self.target
    }

    /// The target, to flush it or set its brightness.
    pub const fn target_mut(&mut self) -> &mut D {
        &mut self.target
    }

    /// The target, without the panel.
    pub fn release(self) -> D {
        self.target
    }
}

impl<D> Panel for DrawTargetPanel<D>
where
    D: DrawTarget<Color: From<TargetRgb565>>,
{
    type Format = Rgb565;
    type Error = D::Error;

    fn format(&self) -> Rgb565 {
        Rgb565
    }

    fn size(&self) -> Size {
        let TargetSize { width, height } = self.target.bounding_box().size;
        let limit = |v| u16::try_from(v).unwrap_or(u16::MAX);
        Size::new(limit(width), limit(height))
    }
}

impl<D> BlockingPanel for DrawTargetPanel<D>
where
    D: DrawTarget<Color: From<TargetRgb565>>,
{
    fn begin_area(&mut self, area: Area) -> Result<(), D::Error> {
        (self.window, self.rows_filled) = (area, 0);
        Ok(())
    }

    fn write(&mut self, pixels: &[u8]) -> Result<(), D::Error> {
        let Some((first, _)) = pixels.split_first_chunk::<PIXEL>() else { return Ok(()) };
        let rows = pixels.len() / PIXEL / usize::from(self.window.width().max(1));
        let part = self.next_rows(u16::try_from(rows).unwrap_or(u16::MAX));
        let is_solid = pixels.chunks_exact(PIXEL).all(|pixel| pixel == first);
        if is_solid {
            self.target.fill_solid(&part, color(first))
        } else {
            self.target.fill_contiguous(&part, pixels.chunks_exact(PIXEL).map(color))
        }
    }
}

impl<D: DrawTarget> DrawTargetPanel<D> {
    /// The next `rows` of the window, on the target.
    fn next_rows(&mut self, rows: u16) -> Rectangle {
        let Area { x1, y1, .. } = self.window;
        let corner = Point::new(x1.into(), i32::from(y1) + i32::from(self.rows_filled));
        self.rows_filled = self.rows_filled.saturating_add(rows);
        let size = TargetSize::new(self.window.width().into(), rows.into());
        Rectangle::new(self.target.bounding_box().top_left + corner, size)
    }
}

/// The colour of two bytes, high byte first.
fn color<C: From<TargetRgb565>>(pixel: &[u8]) -> C {
    let value = pixel.try_into().map_or(0, u16::from_be_bytes);
    TargetRgb565::from(RawU16::new(value)).into()
}

#[cfg(test)]
mod tests {
    use embedded_graphics::{
        draw_target::DrawTargetExt,
        mock_display::MockDisplay,
        pixelcolor::{Rgb565 as Color, Rgb888},
    };

    use super::*;

    /// What a mock display shows of its corner after `writes` to a window.
    fn check(area: Area, writes: &[&[u8]], expected: &[&str]) {
        let mut panel = DrawTargetPanel::new(MockDisplay::<Color>::new());
        panel.begin_area(area).unwrap();
        writes.iter().for_each(|pixels| panel.write(pixels).unwrap());
        panel.target().assert_pattern(expected);
    }

    const RED: [u8; 2] = [0xf8, 0x00];
    const GREEN: [u8; 2] = [0x07, 0xe0];

    #[test]
    fn strips_follow_each_other_down_the_window() {
        let mixed = [RED, GREEN, GREEN, RED].concat();
        let solid = [GREEN; 2].concat();
        check(
            Area::new(1, 1, 3, 5),
            &[&mixed, &solid, &[], &[RED; 2].concat()],
            &["   ", " RG", " GR", " GG", " RR"],
        );
        check(Area::new(0, 0, 1, 1), &[&RED], &["R"]);
    }

    #[test]
    fn targets_may_start_anywhere_and_have_other_colors() {
        let mut screen = MockDisplay::<Rgb888>::new();
        let window = Rectangle::new(Point::new(2, 1), TargetSize::new(2, 1));
        let mut panel = DrawTargetPanel::new(screen.clipped(&window));
        assert_eq!(panel.size(), Size::new(2, 1));
        panel.begin_area(Area::new(0, 0, 2, 1)).unwrap();
        panel.write(&[RED, GREEN].concat()).unwrap();
        screen.assert_pattern(&["    ", "  RG"]);
    }
}
