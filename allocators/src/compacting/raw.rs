//! The region as granules: headers, handles and moves. Everything unsafe of the compacting heap is here.

use core::{mem::MaybeUninit, ptr::NonNull};

use crate::Slot;

/// Who a block belongs to: nobody, fixed memory, or a handle. As it is stored: a comparison tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(transparent)]
pub(super) struct Owner(u16);

impl Owner {
    pub(super) const FREE: Self = Self(0xffff);
    pub(super) const FIXED: Self = Self(0xfffe);

    pub(super) const fn of_handle(handle: u16) -> Self {
        Self(handle)
    }

    pub(super) const fn handle(self) -> Option<u16> {
        if self.0 < Self::FIXED.0 { Some(self.0) } else { None }
    }
}

/// Sizes and positions are 16 bits, with some values to spare.
const MAX_GRANULES: usize = 0xfff0;
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
}

/// The first four bytes of a block.
#[derive(Clone, Copy)]
#[repr(C)]
struct Header {
    size: u16,
    owner: Owner,
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
        Self { base, slots_end: slots_end.cast(), granule_shift }
    }

    /// Granules of blocks for which there is room below `handles` slots.
    pub(super) fn granules_below(&self, handles: u32) -> u32 {
        let bytes = self.slots_end.addr().get() - self.base.addr().get();
        let granules =
            bytes.saturating_sub(handles as usize * size_of::<Slot>()) >> self.granule_shift;
        u32::try_from(granules).unwrap_or(0)
    }

    /// Slots for which there is room above so many granules of blocks.
    pub(super) fn handles_above(&self, granules: u32) -> u32 {
        let bytes = self.slots_end.addr().get() - self.base.addr().get();
        u32::try_from((bytes - self.bytes(granules)) / size_of::<Slot>()).unwrap_or(0)
    }

    pub(super) const fn bytes(&self, granules: u32) -> usize {
        (granules as usize) << self.granule_shift
    }

    /// Granules of a block that holds `size_bytes`: with its header. `None` beyond any region.
    pub(super) fn granules_for(&self, size_bytes: usize) -> Option<u32> {
        let granules = size_bytes.checked_add(HEADER_BYTES)?.div_ceil(self.bytes(1));
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

    /// Size and owner of the block at `at`.
    #[inline]
    pub(super) fn block(&self, at: u32) -> (u32, Owner) {
        // SAFETY: a header lies at every position, written by `set_block` or moved by `copy`; granules are aligned to 4.
        let header = unsafe { self.pointer(at).cast::<Header>().read() };
        (header.size.into(), header.owner)
    }

    #[expect(clippy::cast_possible_truncation, reason = "at most MAX_GRANULES")]
    pub(super) fn set_block(&self, at: u32, size: u32, owner: Owner) {
        let header = Header { size: size as u16, owner };
        // SAFETY: the position is inside the region, aligned to 4, and the granule belongs to this block's header.
        unsafe { self.pointer(at).cast::<Header>().write(header) };
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
        u16::try_from(from_end - 1).unwrap_or(u16::MAX)
    }

    /// Makes a handle, or an unused one of a used one: it holds the next unused one, plus one.
    pub(super) fn set_unused(&self, handle: u16, next: u32) {
        let link = core::ptr::without_provenance_mut((next as usize) << 1);
        // SAFETY: the slot is inside the region, aligned, and holds nothing else.
        unsafe { self.slot(handle).write(Slot::new(link)) };
    }

    /// The next unused handle, plus one.
    pub(super) fn next_unused(&self, handle: u16) -> u32 {
        u32::try_from(self.live_slot(handle).bytes().addr() >> 1).unwrap_or(0)
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
        u32::try_from(offset >> self.granule_shift).unwrap_or(0)
    }

    /// The first position from `at` on whose bytes are aligned to `align`.
    pub(super) fn aligned(&self, at: u32, align: usize) -> u32 {
        let address = self.base.addr().get() + self.bytes(at) + HEADER_BYTES;
        at + u32::try_from((address.wrapping_neg() & (align - 1)) >> self.granule_shift)
            .unwrap_or(u32::MAX / 2)
    }

    pub(super) fn zero(&self, at: u32, size: u32) {
        // SAFETY: the block is inside the region, and its bytes belong to nobody yet.
        unsafe { self.payload(at).write_bytes(0, self.payload_bytes(size)) };
    }

    /// Copies a block, header and all; the places may overlap.
    pub(super) fn copy(&self, from: u32, to: u32, size: u32) {
        let (from, to) = (self.pointer(from).cast(), self.pointer(to).cast());
        // SAFETY: both places are inside the region, aligned to 4, and hold `size` granules.
        unsafe { move_words(from.as_ptr(), to.as_ptr(), self.bytes(size) / 4) };
    }
}

/// Moves `count` words; the places may overlap.
///
/// # Safety
/// - Both places hold `count` words, aligned to 4.
unsafe fn move_words(from: *const u32, to: *mut u32, count: usize) {
    let (is_down, eights) = (to.cast_const() < from, count / 8);
    // Going down from the start, going up from the end: what a write overlaps has been read before.
    let nth = |i: usize, count: usize| if is_down { i } else { count - 1 - i };
    let move_rest = || {
        let rest = count - 8 * eights;
        for i in (0..rest).map(|i| 8 * eights + nth(i, rest)) {
            // SAFETY: `i < count`.
            let word = unsafe { from.wrapping_add(i).read() };
            // SAFETY: likewise, and the word has been read.
            unsafe { to.wrapping_add(i).write(word) };
        }
    };
    if !is_down {
        move_rest();
    }
    for i in (0..eights).map(|i| 8 * nth(i, eights)) {
        // SAFETY: `i + 8 <= count`.
        unsafe { move_eight(from.wrapping_add(i), to.wrapping_add(i)) };
    }
    if is_down {
        move_rest();
    }
}

/// By word, and not as an array: the compiler makes a call of `memmove` for each of those.
///
/// # Safety
/// - Both places hold eight words, aligned to 4.
#[inline]
unsafe fn move_eight(from: *const u32, to: *mut u32) {
    // SAFETY: the caller's promise.
    let read = |i| unsafe { from.wrapping_add(i).read() };
    // SAFETY: the caller's promise; all words have been read by then.
    let write = |i, word| unsafe { to.wrapping_add(i).write(word) };
    let (a, b, c, d) = (read(0), read(1), read(2), read(3));
    let (e, f, g, h) = (read(4), read(5), read(6), read(7));
    write(0, a);
    write(1, b);
    write(2, c);
    write(3, d);
    write(4, e);
    write(5, f);
    write(6, g);
    write(7, h);
}
