//! A heap whose blocks move out of the way when no gap fits.
//!
//! ```text
//!  0            fixed_top                                     end         region end
//!  ├── fixed ─────┼── gap ──┬── movable ──┬─hole─┬── movable ──┼── handles ──┤
//! ```
//!
//! Blocks tile the region from 0 to `end`: each starts with a header of four bytes that holds its size and who it belongs
//! to, so that the heap can be walked. Fixed blocks (nodes, tables, everything allocated through [`Allocator`]) lie low and
//! never move. Movable blocks lie high; each has a handle, whose slot holds the address of its bytes. Moving a block changes
//! its slot and nothing else, because bytes are reached by views only. Neighbouring free blocks are merged when the heap is walked.
//!
//! When no hole fits, the cheapest _window_ is closed: the run of blocks with enough free room between them and the fewest
//! bytes to move. [`CompactingHeap::compact_step`] does the same ahead of time, a few kilobytes at a time.

mod raw;
#[cfg(test)]
mod tests;

use core::{cell::Cell, fmt, marker::PhantomData, mem::MaybeUninit, ptr::NonNull};

use self::raw::{Owner, Raw};
use crate::{AllocError, Allocator, HeapInfo, Layout, Memory, Movable, Slot};

/// How many handles are made at a time: one for so many granules of the region. Making them moves what lies at its end,
/// so that it should be rare, and each takes a word there for ever.
const GRANULES_PER_HANDLE: u32 = 128;

// The last ones are made when every granule may have one.
const _: () = assert!(
    raw::MAX_HANDLES > raw::MAX_GRANULES + raw::MAX_GRANULES / GRANULES_PER_HANDLE as usize,
    "a handle would look like another owner"
);

/// A heap in a lent region: fixed memory as any other, and movable memory that does not fragment.
///
/// As a [`Home`](crate::Home) it gives movable memory: bitmaps, palettes and tile maps go there by the same constructors.
/// As a [`Heap`](crate::Heap) it gives fixed memory. A movable block costs a header and a handle of 4 bytes each besides
/// its bytes. Granules are 4 bytes in regions of up to 254 KiB, and larger powers of two above. Handles are made many at a time,
/// one for each 128 granules of the region, and are taken from its [`total_bytes`](HeapInfo::total_bytes).
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{CompactingHeap, Purpose, Storage};
/// let mut region = [MaybeUninit::uninit(); 4096];
/// let heap = CompactingHeap::new(&mut region);
/// let pixels = |bytes| Storage::zeroed_in(bytes, Purpose::Named("pixels"), &heap);
/// let (first, _second) = (pixels(1500)?, pixels(1500)?);
/// drop(first); // 1000 bytes free at one end, 1500 in the middle
/// assert!(pixels(2400).is_ok());
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
pub struct CompactingHeap<'r> {
    raw: Raw,
    /// One past the last granule of blocks; handles follow.
    end: Cell<u32>,
    /// One past the last fixed block.
    fixed_top: Cell<u32>,
    /// Granules in free blocks.
    free: Cell<u32>,
    /// A free block in the movable zone that is likely to fit.
    hint: Cell<u32>,
    handle_count: Cell<u32>,
    /// The first unused handle, plus one; each unused entry holds the next.
    unused_handle: Cell<u32>,
    moved_bytes: Cell<u64>,
    region: PhantomData<&'r mut [MaybeUninit<u8>]>,
}

/// A run of blocks: from granule `start` up to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    start: u32,
    end: u32,
}

impl<'r> CompactingHeap<'r> {
    /// Makes a heap of `region`; what was in it is lost. A tiny region refuses everything.
    #[must_use]
    pub fn new(region: &'r mut [MaybeUninit<u8>]) -> Self {
        let raw = Raw::new(region);
        let granules = raw.granules_below(0);
        if granules > 0 {
            raw.set_block(0, granules, Owner::FREE);
        }
        Self {
            raw,
            end: Cell::new(granules),
            fixed_top: Cell::new(0),
            free: Cell::new(granules),
            hint: Cell::new(0),
            handle_count: Cell::new(0),
            unused_handle: Cell::new(0),
            moved_bytes: Cell::new(0),
            region: PhantomData,
        }
    }

    /// Moves everything that is not pinned together. Costs time in the bytes that move.
    pub fn compact(&self) {
        self.slide_up(self.movable_zone(), usize::MAX);
    }

    /// Moves at most `budget_bytes` towards the end of the region, and tells how many it moved: for idle time, so that
    /// allocations find room at once. Costs a walk over all movable blocks besides.
    pub fn compact_step(&self, budget_bytes: usize) -> usize {
        let before = self.moved_bytes.get();
        self.slide_up(self.movable_zone(), budget_bytes);
        usize::try_from(self.moved_bytes.get() - before).unwrap_or(usize::MAX)
    }

    /// How many bytes compaction has moved so far.
    pub const fn moved_bytes(&self) -> u64 {
        self.moved_bytes.get()
    }

    const fn movable_zone(&self) -> Window {
        Window { start: self.fixed_top.get(), end: self.end.get() }
    }

    /// Whether the block at `at` may move.
    fn is_movable(&self, at: u32) -> bool {
        self.raw.block(at).1.handle().is_some_and(|handle| !self.raw.is_pinned(handle))
    }

    /// The free block at `at` with all free blocks behind it merged into it; its size.
    fn merged(&self, at: u32) -> u32 {
        let (mut size, _) = self.raw.block(at);
        while at + size < self.end.get() {
            let (next, owner) = self.raw.block(at + size);
            if owner != Owner::FREE {
                break;
            }
            if self.hint.get() == at + size {
                self.hint.set(at);
            }
            size += next;
        }
        self.raw.set_block(at, size, Owner::FREE);
        size
    }

    /// The smallest free block of a zone with `size` granules. Merges free blocks on its way.
    fn best_hole(&self, zone: Window, size: u32) -> Option<u32> {
        let (mut best, mut best_size, mut largest) = (None, u32::MAX, 0);
        let mut at = zone.start;
        while at < zone.end {
            let (mut block, owner) = self.raw.block(at);
            if owner == Owner::FREE {
                block = self.merged(at);
                if block >= size && block < best_size {
                    (best, best_size) = (Some(at), block);
                }
                if block > largest {
                    largest = block;
                    self.hint.set(at);
                }
            }
            at += block;
        }
        best
    }

    /// The window with `size` free granules that is cheapest to close.
    fn cheapest_window(&self, size: u32) -> Option<Window> {
        let zone = self.movable_zone();
        let mut search = WindowSearch::new(zone.start, size);
        let mut at = zone.start;
        while at < zone.end {
            let (block, owner) = self.raw.block(at);
            if owner == Owner::FREE {
                search.add_free(self, at, block);
            } else if self.is_movable(at) {
                search.add_movable(block);
            } else {
                search.restart(at + block);
            }
            at += block;
        }
        search.cheapest
    }

    /// A free block of at least `size` granules for movable bytes, made if need be.
    fn make_hole(&self, size: u32) -> Option<u32> {
        let hint = self.hint.get();
        if hint >= self.fixed_top.get() && hint < self.end.get() {
            let (block, owner) = self.raw.block(hint);
            if owner == Owner::FREE && block >= size {
                return Some(hint);
            }
        }
        self.best_hole(self.movable_zone(), size)
            .or_else(|| self.cheapest_window(size).map(|window| self.slide_down(window)))
            .or_else(|| self.best_hole(Window { start: 0, end: self.fixed_top.get() }, size))
    }

    /// The first hole between fixed blocks where `size` granules fit, with the bytes aligned.
    fn low_hole(&self, size: u32, align: usize) -> Option<u32> {
        let mut at = 0;
        while at < self.fixed_top.get() {
            let (mut block, owner) = self.raw.block(at);
            if owner == Owner::FREE {
                block = self.merged(at);
                if self.raw.aligned(at, align) + size <= at + block {
                    return Some(at);
                }
            }
            at += block;
        }
        None
    }

    /// The hole at the top of the fixed zone, made if need be.
    fn fixed_hole(&self, size: u32, align: usize) -> Option<u32> {
        if let Some(hole) = self.low_hole(size, align) {
            return Some(hole);
        }
        let (start, end) = (self.fixed_top.get(), self.end.get());
        let needed = self.raw.aligned(start, align) + size - start;
        let (mut at, mut free) = (start, 0);
        while at < end && free < needed {
            let (block, owner) = self.raw.block(at);
            if owner == Owner::FREE {
                free += block;
            } else if !self.is_movable(at) {
                return None;
            }
            at += block;
        }
        if free < needed {
            return None;
        }
        self.slide_up(Window { start, end: at }, usize::MAX);
        Some(start)
    }

    /// Frees the block at `at`. The fixed zone ends in a fixed block: it shrinks below all others.
    fn release(&self, at: u32, size: u32) {
        self.free.set(self.free.get() + size);
        self.merged(at);
        if at + size != self.fixed_top.get() {
            return;
        }
        let (mut top, mut below) = (0, 0);
        while below < at {
            let (size, owner) = self.raw.block(below);
            below += size;
            if owner == Owner::FIXED {
                top = below;
            }
        }
        self.fixed_top.set(top);
    }

    /// Takes `size` granules at `at` out of the free block at `hole`.
    fn carve(&self, hole: u32, at: u32, size: u32, owner: Owner) {
        let (block, _) = self.raw.block(hole);
        if at > hole {
            self.raw.set_block(hole, at - hole, Owner::FREE);
        }
        if at + size < hole + block {
            self.raw.set_block(at + size, hole + block - at - size, Owner::FREE);
        }
        self.raw.set_block(at, size, owner);
        self.free.set(self.free.get() - size);
    }

    /// Moves the blocks of a window to its start; the free block behind them. None of them is pinned.
    fn slide_down(&self, window: Window) -> u32 {
        let (mut at, mut to) = (window.start, window.start);
        while at < window.end {
            let (size, owner) = self.raw.block(at);
            if let Some(handle) = owner.handle() {
                if at != to {
                    self.raw.copy_down(at, to, size);
                    self.note_move(to, size, handle);
                }
                to += size;
            }
            at += size;
        }
        self.raw.set_block(to, window.end - to, Owner::FREE);
        self.hint.set(to);
        to
    }

    /// Moves the blocks of a window towards its end until the budget is spent. What is pinned stays.
    fn slide_up(&self, window: Window, mut budget_bytes: usize) {
        let (mut at, mut start) = (window.start, window.start);
        while at < window.end {
            let (size, owner) = self.raw.block(at);
            if owner != Owner::FREE && !self.is_movable(at) {
                self.slide_stretch_up(Window { start, end: at }, &mut budget_bytes);
                start = at + size;
            }
            at += size;
        }
        self.slide_stretch_up(Window { start, end: window.end }, &mut budget_bytes);
    }

    /// The same where nothing is pinned, from the last block on. What is larger than the rest of the budget stays.
    ///
    /// Blocks are linked forwards only. So while this works, each block's slot leads to the block before it.
    fn slide_stretch_up(&self, window: Window, budget_bytes: &mut usize) {
        let (mut at, mut last) = (window.start, None);
        while at < window.end {
            let (size, owner) = self.raw.block(at);
            if let Some(handle) = owner.handle() {
                self.raw.set_link(handle, last);
                last = Some(at);
            }
            at += size;
        }
        let mut to = window.end;
        while let Some(at) = last {
            let (size, owner) = self.raw.block(at);
            let Some(handle) = owner.handle() else { break };
            last = self.raw.link(handle);
            self.raw.set_offset(handle, at);
            let bytes = self.raw.bytes(size);
            if at + size == to {
                to = at;
            } else if bytes <= *budget_bytes {
                *budget_bytes -= bytes;
                to -= size;
                self.raw.copy_up(at, to, size);
                self.note_move(to, size, handle);
            } else {
                self.free_between(at + size, to);
                to = at;
            }
        }
        self.free_between(window.start, to);
    }

    fn free_between(&self, start: u32, end: u32) {
        if start < end {
            self.raw.set_block(start, end - start, Owner::FREE);
            self.hint.set(start);
        }
    }

    /// The block of `handle` is now at `to`, where it was copied.
    fn note_move(&self, to: u32, size: u32, handle: u16) {
        self.raw.set_offset(handle, to);
        self.moved_bytes.set(self.moved_bytes.get() + self.raw.bytes(size) as u64);
    }

    /// An unused handle, made if need be.
    fn take_handle(&self) -> Option<u16> {
        if self.unused_handle.get() == 0 {
            self.make_handles()?;
        }
        let handle = raw::low_half(self.unused_handle.get() as usize - 1);
        self.unused_handle.set(self.raw.next_unused(handle));
        Some(handle)
    }

    fn give_back_handle(&self, handle: u16) {
        self.raw.set_unused(handle, self.unused_handle.get());
        self.unused_handle.set(u32::from(handle) + 1);
    }

    /// Makes room for handles at the end of the blocks.
    fn make_handles(&self) -> Option<()> {
        let zone = self.movable_zone();
        // The stretch behind the last pinned block.
        let (mut at, mut start, mut free) = (zone.start, zone.start, 0);
        while at < zone.end {
            let (size, owner) = self.raw.block(at);
            at += size;
            if owner == Owner::FREE {
                free += size;
            } else if !self.is_movable(at - size) {
                (start, free) = (at, 0);
            }
        }
        let (taken, made) = self.room_for_handles(free)?;
        if taken > 0 {
            // Without its first blocks, as long as enough is free behind them.
            loop {
                let (size, owner) = self.raw.block(start);
                let rest = if owner == Owner::FREE { free - size } else { free };
                if rest < taken {
                    break;
                }
                (start, free) = (start + size, rest);
            }
            let hole = self.slide_down(Window { start, end: at });
            if taken < free {
                self.raw.set_block(hole, free - taken, Owner::FREE);
            }
        }
        at -= taken;
        self.end.set(at);
        self.free.set(self.free.get() - taken);
        for handle in self.handle_count.replace(made)..made {
            self.give_back_handle(raw::low_half(handle as usize));
        }
        Some(())
    }

    /// Granules to take of the `free` ones at the end for more handles, and how many handles there are then.
    #[inline(never)]
    fn room_for_handles(&self, free: u32) -> Option<(u32, u32)> {
        let (end, count) = (self.end.get(), self.handle_count.get());
        let wanted = count + end / GRANULES_PER_HANDLE + 1;
        let taken = free.min(end - self.raw.granules_below(wanted));
        let made = self.raw.handles_above(end - taken).min(wanted);
        if made == count { None } else { Some((taken, made)) }
    }

    /// Free granules that one movable block could have, and how many blocks are pinned.
    fn largest_and_pinned(&self) -> (u32, usize) {
        let (mut at, mut free, mut largest, mut pinned) = (0, 0, 0, 0);
        while at < self.end.get() {
            let (size, owner) = self.raw.block(at);
            if owner == Owner::FREE {
                free += size;
            } else {
                let is_pinned = owner != Owner::FIXED && !self.is_movable(at);
                pinned += usize::from(is_pinned);
                // What cannot be moved out of the way ends a stretch: all of the fixed zone, and what is pinned.
                if is_pinned || at < self.fixed_top.get() {
                    largest = largest.max(free);
                    free = 0;
                }
            }
            at += size;
        }
        if self.unused_handle.get() == 0 {
            // Handles come from the last stretch.
            let Some((taken, _)) = self.room_for_handles(free) else { return (0, pinned) };
            free -= taken;
        }
        (largest.max(free), pinned)
    }
}

/// The search for the window that is cheapest to close, along a walk.
struct WindowSearch {
    wanted: u32,
    start: u32,
    free: u32,
    live: u32,
    cheapest: Option<Window>,
    least_live: u32,
}

impl WindowSearch {
    const fn new(start: u32, wanted: u32) -> Self {
        Self { wanted, start, free: 0, live: 0, cheapest: None, least_live: u32::MAX }
    }

    /// A block that cannot move: windows start behind it.
    const fn restart(&mut self, start: u32) {
        (self.start, self.free, self.live) = (start, 0, 0);
    }

    const fn add_movable(&mut self, size: u32) {
        self.live += size;
    }

    /// A free block ends a window that may be large enough; blocks that it does not need leave at the start.
    fn add_free(&mut self, heap: &CompactingHeap<'_>, at: u32, size: u32) {
        self.free += size;
        let end = at + size;
        while self.free >= self.wanted && self.start < end {
            if self.live < self.least_live {
                (self.least_live, self.cheapest) =
                    (self.live, Some(Window { start: self.start, end }));
            }
            let (first, owner) = heap.raw.block(self.start);
            if owner == Owner::FREE {
                self.free -= first;
            } else {
                self.live -= first;
            }
            self.start += first;
        }
    }
}

// SAFETY: fixed blocks are disjoint parts of the region, aligned by `Raw::aligned`; nothing moves them, and they are free
// only after `deallocate`. The region is borrowed mutably for `'r`.
unsafe impl Allocator for CompactingHeap<'_> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        if layout.size() == 0 {
            return Ok(NonNull::slice_from_raw_parts(layout.dangling_ptr(), 0));
        }
        let size = self.raw.granules_for(layout.size()).ok_or(AllocError)?;
        let hole = self.fixed_hole(size, layout.align()).ok_or(AllocError)?;
        let at = self.raw.aligned(hole, layout.align());
        self.carve(hole, at, size, Owner::FIXED);
        self.fixed_top.set(self.fixed_top.get().max(at + size));
        Ok(NonNull::slice_from_raw_parts(self.raw.payload(at), layout.size()))
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        if layout.size() == 0 {
            return;
        }
        let at = self.raw.block_of(ptr);
        let (size, _) = self.raw.block(at);
        self.release(at, size);
    }
}

// SAFETY: `movable` is always `self`.
unsafe impl Memory for CompactingHeap<'_> {
    /// The largest block is what movable memory could have, closing windows if need be.
    fn info(&self) -> Option<HeapInfo> {
        let (largest, pinned_blocks) = self.largest_and_pinned();
        Some(HeapInfo {
            total_bytes: self.raw.bytes(self.end.get()),
            free_bytes: self.raw.bytes(self.free.get()),
            largest_free_bytes: self.raw.payload_bytes(largest),
            pinned_blocks,
        })
    }

    fn movable(&self) -> Option<&dyn Movable> {
        Some(self)
    }
}

// SAFETY: movable blocks are disjoint parts of the region, aligned to a granule of at least 4 bytes; `slide_down` and
// `slide_up` move contents along, and only blocks without pins.
unsafe impl Movable for CompactingHeap<'_> {
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError> {
        let size = self.raw.granules_for(size_bytes).filter(|size| *size <= self.free.get());
        let size = size.ok_or(AllocError)?;
        let handle = self.take_handle().ok_or(AllocError)?;
        let Some(hole) = self.make_hole(size) else {
            self.give_back_handle(handle);
            return Err(AllocError);
        };
        // From the hole's end, so that the room next to the fixed zone stays for it.
        let at = hole + self.raw.block(hole).0 - size;
        self.carve(hole, at, size, Owner::of_handle(handle));
        self.raw.set_offset(handle, at);
        self.raw.zero(at, size);
        Ok(self.raw.slot(handle))
    }

    unsafe fn free(&self, slot: NonNull<Slot>, _size_bytes: usize) {
        let handle = self.raw.handle(slot);
        let at = self.raw.offset(handle);
        let (size, _) = self.raw.block(at);
        self.release(at, size);
        self.give_back_handle(handle);
    }
}

#[cfg(any(test, feature = "check"))]
impl CompactingHeap<'_> {
    /// Walks the whole heap and checks every fact that it relies on.
    ///
    /// # Panics
    /// When one of them does not hold: a bug of this heap, or of something that wrote outside its bytes.
    pub fn check_invariants(&self) {
        let (mut at, mut free, mut fixed_top, mut used_handles) = (0, 0, 0, 0);
        while at < self.end.get() {
            let (size, owner) = self.raw.block(at);
            assert!(size > 0 && at + size <= self.end.get(), "block at {at} has {size} granules");
            match (owner, owner.handle()) {
                (_, Some(handle)) => {
                    assert_eq!(self.raw.offset(handle), at, "handle {handle} leads elsewhere");
                    used_handles += 1;
                }
                (Owner::FIXED, None) => fixed_top = at + size,
                _ => free += size,
            }
            at += size;
        }
        assert_eq!(fixed_top, self.fixed_top.get(), "the end of the last fixed block");
        assert_eq!(free, self.free.get(), "free granules");
        let (mut unused, mut link) = (0, self.unused_handle.get());
        while let Some(handle) = link.checked_sub(1).and_then(|handle| u16::try_from(handle).ok()) {
            unused += 1;
            link = self.raw.next_unused(handle);
        }
        assert_eq!(used_handles + unused, self.handle_count.get(), "handles");
    }
}

impl fmt::Debug for CompactingHeap<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CompactingHeap")
            .field("info", &self.info())
            .field("moved_bytes", &self.moved_bytes())
            .finish_non_exhaustive()
    }
}
