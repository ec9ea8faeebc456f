//! Pages of a user interface that come and go, with notifications that outlive them.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind, ballast, labels,
    session::{Held, Session},
    slots::Slots,
};

/// Widgets of a page.
const WIDGETS: usize = 60;
/// Blocks of a page: at most three per widget.
const PAGE_BLOCKS: usize = 3 * WIDGETS;
const NOTIFICATIONS: usize = 60;
/// The largest icon, at 8 bits per pixel.
const LARGEST_ICON: usize = 12_288;

struct Page<'s, B: Blocks> {
    blocks: Slots<'s, Held<B>>,
    notifications: Slots<'s, Held<B>>,
}

impl<'s, B: Blocks> Page<'s, B> {
    fn try_new(scratch: Heap<'s>) -> Result<Self, OutOfMemory> {
        Ok(Self {
            blocks: Slots::try_with_capacity(PAGE_BLOCKS, scratch)?,
            notifications: Slots::try_with_capacity(NOTIFICATIONS, scratch)?,
        })
    }

    /// Frees the page, some of it in the order in which it was made, and some old notifications.
    fn leave<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        let in_order = session.random.below(self.blocks.len());
        session.free_oldest(&mut self.blocks, in_order);
        session.free_all(&mut self.blocks);
        while self.notifications.len() > 0 && session.random.chance(40) {
            session.free_oldest(&mut self.notifications, 1);
        }
    }

    /// Makes widgets that fill the target, each with a fair share of what is left.
    fn enter<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        for index in 0..WIDGETS {
            let left_bytes = session.trial.target_bytes.saturating_sub(session.live_bytes());
            self.add_widget(session, left_bytes / (WIDGETS - index));
            if session.random.chance(10) {
                self.notify(session);
            }
        }
    }

    fn add_widget<C: Clock>(&mut self, session: &mut Session<'_, B, C>, share_bytes: usize) {
        match session.random.below(6) {
            0 | 1 => {
                let text_bytes = session.random.between(8, 32);
                let bitmap_bytes = any_label_bitmap(session).min(share_bytes.max(96));
                self.add(session, 64, Kind::Fixed);
                self.add(session, text_bytes, Kind::Movable);
                self.add(session, bitmap_bytes, Kind::Movable);
            }
            2 | 3 => {
                let pixels = share_bytes * session.random.between(40, 220) / 100;
                self.add(session, labels::NODE_BYTES, Kind::Fixed);
                self.add(session, pixels.clamp(256, LARGEST_ICON) & !3, Kind::Movable);
            }
            4 => {
                let colors = session.random.between(4, 64);
                self.add(session, 4 * colors, Kind::Movable);
            }
            _ => {
                let children = session.random.between(4, 16);
                self.add(session, 40, Kind::Fixed);
                self.add(session, 4 * children, Kind::Fixed);
            }
        }
    }

    fn add<C: Clock>(&mut self, session: &mut Session<'_, B, C>, size_bytes: usize, kind: Kind) {
        if session.fits(size_bytes) {
            session.keep(&mut self.blocks, size_bytes, kind);
        }
    }

    fn notify<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        let size_bytes = any_label_bitmap(session);
        if session.fits(size_bytes) && !self.notifications.is_full() {
            session.keep(&mut self.notifications, size_bytes, Kind::Movable);
        }
    }
}

const fn any_label_bitmap<B: Blocks, C: Clock>(session: &mut Session<'_, B, C>) -> usize {
    labels::bitmap_bytes(labels::any_length(&mut session.random), 1)
}

/// Workload d: pages that fill the target, one after the other.
pub(super) fn run<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    scratch: Heap<'_>,
) -> Result<(), OutOfMemory> {
    let mut ballast = ballast::boot(session, session.trial.target_bytes * 15 / 100, scratch)?;
    let mut page = Page::try_new(scratch)?;
    while session.next_step() {
        page.leave(session);
        page.enter(session);
    }
    session.free_all(&mut page.blocks);
    session.free_all(&mut page.notifications);
    session.free_all(&mut ballast);
    Ok(())
}
