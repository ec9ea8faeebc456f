//! A program that does everything: labels, images and small events beside its ballast.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind,
    bag::Bag,
    ballast,
    images::Cache,
    labels::{self, GlyphLabel, LABELS, Label},
    session::Session,
};

/// Events are at most this large, and stay put up to [`LARGEST_FIXED`].
const LARGEST_EVENT: usize = 256;
const LARGEST_FIXED: usize = 64;
const EVENTS_PER_ROUND: usize = 4;

/// The changing part of the program.
struct Parts<'s, B: Blocks> {
    labels: [Label<B>; LABELS],
    glyph_label: GlyphLabel<'s, B>,
    events: Bag<'s, B>,
    images: Cache<'s, B>,
}

impl<'s, B: Blocks> Parts<'s, B> {
    /// 12 % of the target are for events, what labels take at most for labels, and the rest but 30 % of ballast for
    /// images.
    fn try_new(target_bytes: usize, scale: usize, scratch: Heap<'s>) -> Result<Self, OutOfMemory> {
        let events_bytes = target_bytes * 12 / 100;
        let labels_bytes =
            (LABELS + 1) * labels::largest_bytes(scale) + labels::largest_glyph_label_bytes();
        let images_bytes = (target_bytes * 58 / 100).saturating_sub(labels_bytes);
        Ok(Self {
            labels: core::array::from_fn(|_| Label::new()),
            glyph_label: GlyphLabel::try_new(scratch)?,
            events: Bag::try_new(events_bytes, scratch)?,
            images: Cache::try_new(images_bytes, 60, scratch)?,
        })
    }

    fn round<C: Clock>(&mut self, session: &mut Session<'_, B, C>, scale: usize) {
        for label in &mut self.labels {
            if session.random.chance(60) {
                label.update(session, scale);
            }
        }
        if session.random.chance(30) {
            self.glyph_label.update(session);
        }
        for _ in 0..EVENTS_PER_ROUND {
            self.add_event(session);
        }
        if session.random.chance(25) {
            self.images.show_any(session);
        }
    }

    fn add_event<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        let size_bytes = session.random.log_between(8, LARGEST_EVENT);
        let kind = if size_bytes > LARGEST_FIXED { Kind::Movable } else { Kind::Fixed };
        self.events.add(session, size_bytes, kind);
    }

    fn free<C: Clock>(mut self, session: &mut Session<'_, B, C>) {
        self.labels.into_iter().for_each(|label| label.free(session));
        self.glyph_label.clear(session);
        self.events.clear(session);
        self.images.clear(session);
    }
}

/// Workload f: the parts change round by round. Live bytes peak at some 90 % of the target, for never is every part at
/// its largest.
pub(super) fn run<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    scratch: Heap<'_>,
) -> Result<(), OutOfMemory> {
    let target_bytes = session.trial.target_bytes;
    let scale = labels::scale_for(target_bytes);
    let mut ballast = ballast::boot(session, target_bytes * 30 / 100, scratch)?;
    let mut parts = Parts::try_new(target_bytes, scale, scratch)?;
    while session.next_step() {
        parts.round(session, scale);
    }
    parts.free(session);
    session.free_all(&mut ballast);
    Ok(())
}
