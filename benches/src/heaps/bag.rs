//! Blocks of any size that are freed in any order.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind,
    session::{Held, Session},
    slots::Slots,
};

/// The least a bag has room for, in blocks.
const FEWEST_SLOTS: usize = 256;

/// Blocks within a budget: what is added makes room for itself by freeing others, any of them.
pub(super) struct Bag<'s, B: Blocks> {
    blocks: Slots<'s, Held<B>>,
    held_bytes: usize,
    budget_bytes: usize,
}

impl<'s, B: Blocks> Bag<'s, B> {
    pub(super) fn try_new(budget_bytes: usize, scratch: Heap<'s>) -> Result<Self, OutOfMemory> {
        let blocks = Slots::try_with_capacity(FEWEST_SLOTS + budget_bytes / 128, scratch)?;
        Ok(Self { blocks, held_bytes: 0, budget_bytes })
    }

    /// Adds a block; whether the heap had room for it.
    pub(super) fn add<C: Clock>(
        &mut self,
        session: &mut Session<'_, B, C>,
        size_bytes: usize,
        kind: Kind,
    ) -> bool {
        let is_over_budget = |bag: &Self| bag.held_bytes + size_bytes > bag.budget_bytes;
        while self.blocks.len() > 0 && (is_over_budget(self) || self.blocks.is_full()) {
            self.free_any(session);
        }
        let is_kept = session.keep(&mut self.blocks, size_bytes, kind);
        self.held_bytes += if is_kept { size_bytes } else { 0 };
        is_kept
    }

    pub(super) fn free_any<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        self.held_bytes -= session.free_any(&mut self.blocks);
    }

    pub(super) fn clear<C: Clock>(&mut self, session: &mut Session<'_, B, C>) {
        session.free_all(&mut self.blocks);
        self.held_bytes = 0;
    }
}

/// Workload e: blocks from 8 bytes to a twelfth of the target, small ones as likely as large ones.
pub(super) fn run<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    scratch: Heap<'_>,
) -> Result<(), OutOfMemory> {
    let target_bytes = session.trial.target_bytes;
    let mut bag = Bag::try_new(target_bytes, scratch)?;
    while session.next_step() {
        let size_bytes = session.random.log_between(8, target_bytes / 12);
        if !bag.add(session, size_bytes, Kind::Movable) {
            bag.free_any(session);
        }
        if session.random.chance(20) && bag.blocks.len() > 4 {
            (0..3).for_each(|_| bag.free_any(session));
        }
    }
    bag.clear(session);
    Ok(())
}
