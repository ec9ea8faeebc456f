//! The region as granules: headers, handles and moves. Everything unsafe of the compacting heap is here.

use core::{mem::MaybeUninit, ptr::NonNull};

use crate::Slot;

/// Who a block belongs to: nobody, fixed memory, or a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Owner(u16);

impl Owner {
    pub(super) const FREE: Self = Self(0xffff);
    pub(super) const FIXED: Self = Self(0xfffe);

    pub(super) const fn of_handle(handle: u16) -> Self {
        Self(handle)
    }

    /// The handle that leads to the block.
    pub(super) const fn handle(self) -> Option<u16> {
        if self.0 < Self::FIXED.0 { Some(self.0) } else { None }
    }
}

/// Sizes and positions are 16 bits, and so are handles: up to one per granule, and those made in advance.
pub(super) const MAX_GRANULES: usize = 0xfe00;
/// The values of an [`Owner`] that stand for a handle.
pub(super) const MAX_HANDLES: usize = Owner::FIXED.0 as usize;
/// A granule is at least four bytes.
const MIN_GRANULE_SHIFT: u32 = 2;
const HEADER_BYTES: usize = 4;

/// A region as an array of granules. A block's header takes its first four bytes. Slots lie at the end, handle 0 last.
///
/// Every position given to a method is that of a block's header, below the slots; every handle has been made.
pub(super) struct Raw {
    base: NonNull<u8>,
    /// The end of the slots.
    slots_end: NonNull<Slot>,
    /// A granule is `1 << granule_shift` bytes.
    granule_shift: u32,
    /// That power: multiplying by it is one instruction, a shift by a variable is two.
    granule_bytes: usize,
}

impl Raw {
    pub(super) fn new(region: &mut [MaybeUninit<u8>]) -> Self {
        let mut granule_shift = MIN_GRANULE_SHIFT;
        while region.len() >> granule_shift > MAX_GRANULES {
            granule_shift += 1;
        }
        // Bytes follow a header of four: they shall start at multiples of a granule.
        let first_bytes = region.as_ptr().addr() + HEADER_BYTES;
        let skip = (first_bytes.wrapping_neg() & ((1 << granule_shift) - 1)).min(region.len());
        let room = &mut region[skip..];
        let end_surplus = (room.as_ptr().addr() + room.len()) % align_of::<Slot>();
        let length = room.len().saturating_sub(end_surplus);
        let base = NonNull::from_mut(room).cast::<u8>();
        // SAFETY: `length` is at most the room's.
        let slots_end = unsafe { base.add(length) };
        let granule_bytes = 1 << granule_shift;
        Self { base, slots_end: slots_end.cast(), granule_shift, granule_bytes }
    }

    /// Granules of blocks for which there is room below `handles` slots.
    pub(super) fn granules_below(&self, handles: u32) -> u32 {
        let bytes = self.slots_end.addr().get() - self.base.addr().get();
        let granules =
            bytes.saturating_sub(handles as usize * size_of::<Slot>()) >> self.granule_shift;
        word(granules)
    }

    /// Slots for which there is room above so many granules of blocks.
    pub(super) fn handles_above(&self, granules: u32) -> u32 {
        let bytes = self.slots_end.addr().get() - self.base.addr().get();
        word((bytes - self.bytes(granules)) / size_of::<Slot>())
    }

    pub(super) const fn bytes(&self, granules: u32) -> usize {
        granules as usize * self.granule_bytes
    }

    /// Granules of a block that holds `size_bytes`: with its header. `None` beyond any region.
    pub(super) fn granules_for(&self, size_bytes: usize) -> Option<u32> {
        let granules =
            size_bytes.checked_add(HEADER_BYTES + self.granule_bytes - 1)? >> self.granule_shift;
        if granules <= MAX_GRANULES { u32::try_from(granules).ok() } else { None }
    }

    /// Bytes that a block of so many granules holds.
    pub(super) const fn payload_bytes(&self, granules: u32) -> usize {
        self.bytes(granules).saturating_sub(HEADER_BYTES)
    }

    fn pointer(&self, granule: u32) -> NonNull<u8> {
        debug_assert!(granule <= self.granules_below(0), "granule {granule} is outside the region");
        // SAFETY: positions are inside the region, by the rule at the type.
        unsafe { self.base.add(self.bytes(granule)) }
    }

    /// Size and owner of the block at `at`: the low and the high half of its header.
    #[inline]
    pub(super) fn block(&self, at: u32) -> (u32, Owner) {
        // SAFETY: a header lies at every position, written by `set_block` or moved by `copy_*`; granules are aligned to 4.
        let header = unsafe { self.pointer(at).cast::<u32>().read() };
        (header & 0xffff, Owner((header >> 16) as u16))
    }

    #[inline]
    pub(super) fn set_block(&self, at: u32, size: u32, owner: Owner) {
        let header = size | u32::from(owner.0) << 16;
        // SAFETY: the position is inside the region, aligned to 4, and the granule belongs to this block's header.
        unsafe { self.pointer(at).cast::<u32>().write(header) };
    }

    /// The slot of a handle.
    #[inline]
    pub(super) fn slot(&self, handle: u16) -> NonNull<Slot> {
        // SAFETY: made handles lie inside the region, from the end of the slots down.
        unsafe { self.slots_end.sub(usize::from(handle) + 1) }
    }

    /// The handle of a slot.
    pub(super) fn handle(&self, slot: NonNull<Slot>) -> u16 {
        let from_end = (self.slots_end.addr().get() - slot.addr().get()) / size_of::<Slot>();
        low_half(from_end - 1)
    }

    /// Makes a handle, or an unused one of a used one: it holds the next unused one, plus one.
    pub(super) fn set_unused(&self, handle: u16, next: u32) {
        let link = core::ptr::without_provenance_mut((next as usize) << 1);
        // SAFETY: the slot is inside the region, aligned, and holds nothing else.
        unsafe { self.slot(handle).write(Slot::new(link)) };
    }

    /// The next unused handle, plus one.
    pub(super) fn next_unused(&self, handle: u16) -> u32 {
        word(self.live_slot(handle).bytes().addr() >> 1)
    }

    #[inline]
    fn live_slot(&self, handle: u16) -> &Slot {
        // SAFETY: `set_unused` wrote the slot when the handle was made.
        unsafe { self.slot(handle).as_ref() }
    }

    #[inline]
    pub(super) fn is_pinned(&self, handle: u16) -> bool {
        self.live_slot(handle).is_pinned()
    }

    /// Where another block is, held by a handle for a while: see `slide_stretch_up`.
    pub(super) fn link(&self, handle: u16) -> Option<u32> {
        NonNull::new(self.live_slot(handle).bytes()).map(|bytes| self.block_of(bytes))
    }

    pub(super) fn set_link(&self, handle: u16, link: Option<u32>) {
        let bytes = link.map_or(core::ptr::null_mut(), |at| self.payload(at).as_ptr());
        self.live_slot(handle).set_bytes(bytes);
    }

    /// The block that a handle leads to.
    #[inline]
    pub(super) fn offset(&self, handle: u16) -> u32 {
        self.link(handle).unwrap_or(0)
    }

    /// Lets a handle that is not pinned lead to the block at `at`.
    pub(super) fn set_offset(&self, handle: u16, at: u32) {
        self.live_slot(handle).set_bytes(self.payload(at).as_ptr());
    }

    /// Where the bytes of a block start.
    #[inline]
    pub(super) fn payload(&self, at: u32) -> NonNull<u8> {
        // SAFETY: a block is at least as long as its header.
        unsafe { self.pointer(at).add(HEADER_BYTES) }
    }

    /// The block whose bytes start at `payload`.
    pub(super) fn block_of(&self, payload: NonNull<u8>) -> u32 {
        let offset = payload.addr().get() - HEADER_BYTES - self.base.addr().get();
        word(offset >> self.granule_shift)
    }

    /// The first position from `at` on whose bytes are aligned to `align`; somewhere outside any region where none is.
    pub(super) fn aligned(&self, at: u32, align: usize) -> u32 {
        let address = self.base.addr().get() + self.bytes(at) + HEADER_BYTES;
        let skip = (address.wrapping_neg() & (align - 1)) >> self.granule_shift;
        at + word(skip.min(2 * MAX_GRANULES))
    }

    pub(super) fn zero(&self, at: u32, size: u32) {
        // SAFETY: the block is inside the region, and its bytes belong to nobody yet.
        unsafe { self.payload(at).write_bytes(0, self.payload_bytes(size)) };
    }

    /// Copies a block, header and all, to a lower place that may overlap it. 0.4 instructions per byte on a Cortex-M4.
    pub(super) fn copy_down(&self, from: u32, to: u32, size: u32) {
        let mut from = self.pointer(from).cast::<u32>().as_ptr();
        let mut to = self.pointer(to).cast::<u32>().as_ptr();
        let words = self.bytes(size) / 4;
        for _ in 0..words / 4 {
            // SAFETY: both places hold the block, aligned to 4; going up, what a write overlaps has been read before.
            unsafe { move_four(from, to) };
            (from, to) = (from.wrapping_add(4), to.wrapping_add(4));
        }
        for _ in 0..words % 4 {
            // SAFETY: likewise.
            unsafe { move_one(from, to) };
            (from, to) = (from.wrapping_add(1), to.wrapping_add(1));
        }
    }

    /// Copies a block, header and all, to a higher place that may overlap it.
    pub(super) fn copy_up(&self, from: u32, to: u32, size: u32) {
        let mut from = self.pointer(from + size).cast::<u32>().as_ptr();
        let mut to = self.pointer(to + size).cast::<u32>().as_ptr();
        let words = self.bytes(size) / 4;
        for _ in 0..words / 4 {
            (from, to) = (from.wrapping_sub(4), to.wrapping_sub(4));
            // SAFETY: both places hold the block, aligned to 4; going down, what a write overlaps has been read before.
            unsafe { move_four(from, to) };
        }
        for _ in 0..words % 4 {
            (from, to) = (from.wrapping_sub(1), to.wrapping_sub(1));
            // SAFETY: likewise.
            unsafe { move_one(from, to) };
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "handles are fewer than MAX_HANDLES")]
pub(super) const fn low_half(word: usize) -> u16 {
    word as u16
}

#[expect(clippy::cast_possible_truncation, reason = "a few times MAX_GRANULES at most")]
const fn word(count: usize) -> u32 {
    count as u32
}

/// By word, and not as an array: the compiler makes a call of `memmove`, or a loop, of each of those.
///
/// # Safety
/// - Both places hold four words, aligned to 4.
#[inline]
unsafe fn move_four(from: *const u32, to: *mut u32) {
    // SAFETY: the caller's promise.
    let read = |i| unsafe { from.wrapping_add(i).read() };
    // SAFETY: the caller's promise; all words have been read by then.
    let write = |i, word| unsafe { to.wrapping_add(i).write(word) };
    let (a, b, c, d) = (read(0), read(1), read(2), read(3));
    write(0, a);
    write(1, b);
    write(2, c);
    write(3, d);
}

/// # Safety
/// - Both places hold a word, aligned to 4.
#[inline]
const unsafe fn move_one(from: *const u32, to: *mut u32) {
    // SAFETY: the caller's promise.
    let word = unsafe { from.read() };
    // SAFETY: the caller's promise; the word has been read.
    unsafe { to.write(word) };
}

#[cfg(all(test, target_pointer_width = "64"))]
mod tests {
    use core::num::NonZero;

    use super::*;

    #[test]
    fn an_alignment_beyond_the_region_leads_beyond_it() {
        // Bytes start right behind a multiple of the alignment.
        let base = NonNull::without_provenance(NonZero::new(5 << 34).unwrap());
        let raw = Raw { base, slots_end: base.cast(), granule_shift: 2, granule_bytes: 4 };
        for align_log2 in 20..62 {
            let at = raw.aligned(10, 1 << align_log2);
            assert!((word(MAX_GRANULES)..u32::MAX / 2).contains(&at), "{at} at 2^{align_log2}");
        }
    }
}
