//! Panels that are awaited: what is done while bytes leave.

use core::{
    cell::RefCell,
    convert::Infallible,
    future::{Future, poll_fn},
    pin::pin,
    task::{Context, Poll, Waker},
};

use displayio_core::{
    Area, AsyncPanel, Capabilities, Damage, Display, Gray8, Layer, Node, Panel, PixelFormat, Place,
    RefreshError, Shown, Size, Strip,
};

/// What was done, in order.
type Log = RefCell<Vec<String>>;

fn log(log: &Log, event: impl Into<String>) {
    log.borrow_mut().push(event.into());
}

/// A panel of 4 by 4 greys, whose writes take two polls.
struct Slow<'l> {
    log: &'l Log,
    capabilities: Capabilities,
}

impl Panel for Slow<'_> {
    type Format = Gray8;
    type Error = Infallible;

    fn format(&self) -> Gray8 {
        Gray8
    }

    fn size(&self) -> Size {
        Size::new(4, 4)
    }

    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }
}

impl AsyncPanel for Slow<'_> {
    async fn begin_area(&mut self, area: Area) -> Result<(), Infallible> {
        log(self.log, format!("window {}", area.y1));
        Ok(())
    }

    async fn write(&mut self, pixels: &[u8]) -> Result<(), Infallible> {
        let before = pixels.to_vec();
        log(self.log, format!("begin {}", pixels[0]));
        let mut polls = 0;
        poll_fn(|_| {
            polls += 1;
            if polls > 1 { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        assert_eq!(before, pixels, "nothing is composed over what is being sent");
        log(self.log, format!("end {}", pixels[0]));
        Ok(())
    }

    async fn end_frame(&mut self) -> Result<(), Infallible> {
        log(self.log, "frame");
        Ok(())
    }
}

/// As grey as the row is far down.
struct Rows<'l> {
    shown: Shown,
    log: &'l Log,
}

impl Layer for Rows<'_> {
    fn collect(&self, place: &Place, damage: &mut Damage) {
        self.shown.collect(place.transform.area(0, 0, 4, 4), place, damage);
    }

    fn shown(&self) -> Area {
        self.shown.area()
    }

    fn forget(&self) {
        self.shown.forget();
    }
}

impl<C: PixelFormat<Raw = u8>> Node<C> for Rows<'_> {
    fn paint(&self, strip: &mut Strip<'_, C>) {
        let y = strip.area().y1;
        log(self.log, format!("compose {y}"));
        strip.fill(strip.area(), y.to_le_bytes()[0]);
    }
}

/// Refreshes through a buffer of so many bytes, up to the end.
fn refreshed(bytes: usize, capabilities: Capabilities) -> (Vec<String>, Result<u32, String>) {
    let events = Log::default();
    let mut buffer = vec![0_u32; bytes.div_ceil(4)];
    let buffer = &mut bytemuck::cast_slice_mut(&mut buffer)[..bytes];
    let mut display = Display::new(Slow { log: &events, capabilities }, buffer);
    let root = Rows { shown: Shown::new(), log: &events };
    let result = {
        let mut refresh = pin!(display.refresh_async(&root));
        loop {
            let context = &mut Context::from_waker(Waker::noop());
            if let Poll::Ready(result) = refresh.as_mut().poll(context) {
                break result;
            }
        }
    };
    let result = result.map(|stats| stats.strips).map_err(|error| error.to_string());
    (events.into_inner(), result)
}

#[test]
fn a_strip_is_composed_while_the_one_above_it_leaves() {
    let (events, strips) = refreshed(8, Capabilities::default());
    assert_eq!(strips, Ok(4));
    let expected = [
        "window 0",
        "compose 0",
        "begin 0",
        "compose 1",
        "end 0",
        "begin 1",
        "compose 2",
        "end 1",
        "begin 2",
        "compose 3",
        "end 2",
        "begin 3",
        "end 3",
        "frame",
    ];
    assert_eq!(events, expected);
}

#[test]
fn each_strip_has_a_window_where_the_panel_needs_that() {
    let each = Capabilities { window_survives_writes: false, ..Capabilities::default() };
    let (events, strips) = refreshed(16, each);
    assert_eq!(strips, Ok(2));
    let expected = [
        "compose 0",
        "window 0",
        "begin 0",
        "compose 2",
        "end 0",
        "window 2",
        "begin 2",
        "end 2",
        "frame",
    ];
    assert_eq!(events, expected);
}

/// Four bytes are a row, and half of them are none that begins at a word.
#[test]
fn a_buffer_that_cannot_be_halved_is_used_whole() {
    let (events, strips) = refreshed(4, Capabilities::default());
    assert_eq!(strips, Ok(4));
    assert_eq!(events[..5], ["window 0", "compose 0", "begin 0", "end 0", "compose 1"]);
    let (events, error) = refreshed(0, Capabilities::default());
    let too_small = RefreshError::<Infallible>::BufferTooSmall { needed_bytes: 4, given_bytes: 0 };
    assert_eq!((events.is_empty(), error), (true, Err(too_small.to_string())));
}
