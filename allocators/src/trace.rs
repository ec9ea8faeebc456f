//! Allocation traces of real programs: recorded on a board, replayed against any heap.
//!
//! A trace is a sequence of [`Event`]s in postcard's format, a few bytes each, without separators. A [`Recorder`] around
//! a heap passes them to a closure, which may send them over a debug probe or write them to a file; [`replay`] runs them
//! against another heap and tells how that one did.

use core::{fmt, ptr::NonNull};

use serde::{Deserialize, Serialize};

use crate::{
    AllocError, Allocator, Heap, HeapInfo, Home, Layout, Memory, Movable, Purpose, Slot, Storage,
    memory::Block,
};

/// What happened on a heap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Event {
    /// A fixed block was allocated.
    Allocate {
        /// What names it until it is freed: its address.
        block: u32,
        /// Its size in bytes.
        size: u32,
        /// Its alignment is two to this power.
        align_log2: u8,
    },
    /// A movable block was allocated.
    AllocateMovable {
        /// What names it until it is freed: the address of its slot.
        block: u32,
        /// Its size in bytes.
        size: u32,
    },
    /// A fixed block was freed.
    Free {
        /// Its name.
        block: u32,
    },
    /// A movable block was freed.
    FreeMovable {
        /// Its name.
        block: u32,
    },
    /// An allocation failed.
    Fail {
        /// The size asked for, in bytes.
        size: u32,
    },
}

impl Event {
    /// The most bytes that an event takes.
    pub const MAX_BYTES: usize = 16;

    /// Writes the event to the start of `buffer` and returns it.
    #[must_use]
    pub fn encode<'b>(&self, buffer: &'b mut [u8; Self::MAX_BYTES]) -> &'b [u8] {
        // The largest event has 1 + 5 + 5 + 1 bytes.
        postcard::to_slice(self, buffer).map_or(&[], |bytes| bytes)
    }
}

/// A heap that tells what happens on it, event by event.
///
/// ```
/// use core::{cell::RefCell, mem::MaybeUninit};
/// use displayio_allocators::{Buf, LinkedListHeap, Recorder, replay};
/// let trace = RefCell::new(Vec::new());
/// let mut region = [MaybeUninit::uninit(); 512];
/// let heap = Recorder::new(LinkedListHeap::new(&mut region), |event| trace.borrow_mut().extend_from_slice(event));
/// drop(Buf::<u32>::with_capacity(10, &heap)?);
///
/// let mut other = [MaybeUninit::uninit(); 32];
/// let replayed = replay(&trace.borrow(), &LinkedListHeap::new(&mut other), &mut [const { None }; 8]).unwrap();
/// assert_eq!((replayed.allocations, replayed.failures), (1, 1), "40 bytes do not fit");
/// # Ok::<(), displayio_allocators::OutOfMemory>(())
/// ```
pub struct Recorder<M, F> {
    inner: M,
    sink: F,
}

impl<M, F: Fn(&[u8])> Recorder<M, F> {
    /// Passes each event, encoded, to `sink`.
    pub const fn new(inner: M, sink: F) -> Self {
        Self { inner, sink }
    }

    /// The heap inside.
    pub const fn inner(&self) -> &M {
        &self.inner
    }

    fn record(&self, event: Event) {
        (self.sink)(event.encode(&mut [0; Event::MAX_BYTES]));
    }
}

/// The low 32 bits: enough to name a block.
#[expect(
    clippy::cast_possible_truncation,
    reason = "addresses of one region differ in their low bits"
)]
fn name(block: NonNull<u8>) -> u32 {
    block.addr().get() as u32
}

fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

// SAFETY: every call goes to `M` unchanged, so that `M`'s own promises are these.
unsafe impl<M: Allocator, F: Fn(&[u8])> Allocator for Recorder<M, F> {
    fn allocate(&self, layout: Layout) -> Result<NonNull<[u8]>, AllocError> {
        let result = self.inner.allocate(layout);
        self.record(match &result {
            Ok(block) => Event::Allocate {
                block: name(block.cast()),
                size: size(layout.size()),
                align_log2: u8::try_from(layout.align().trailing_zeros()).unwrap_or(0),
            },
            Err(_) => Event::Fail { size: size(layout.size()) },
        });
        result
    }

    unsafe fn deallocate(&self, ptr: NonNull<u8>, layout: Layout) {
        self.record(Event::Free { block: name(ptr) });
        // SAFETY: the caller's promises are about blocks that `M` allocated.
        unsafe { self.inner.deallocate(ptr, layout) }
    }
}

// SAFETY: `movable` is `self` or nothing, as the inner heap's always is.
unsafe impl<M: Memory, F: Fn(&[u8])> Memory for Recorder<M, F> {
    fn info(&self) -> Option<HeapInfo> {
        self.inner.info()
    }

    fn movable(&self) -> Option<&dyn Movable> {
        self.inner.movable()?;
        Some(self)
    }
}

// SAFETY: every call goes to the inner movable heap, which is the same each time (a duty of `Memory`).
unsafe impl<M: Memory, F: Fn(&[u8])> Movable for Recorder<M, F> {
    fn allocate(&self, size_bytes: usize) -> Result<NonNull<Slot>, AllocError> {
        let result = self.inner.movable().ok_or(AllocError)?.allocate(size_bytes);
        self.record(match &result {
            Ok(slot) => Event::AllocateMovable { block: name(slot.cast()), size: size(size_bytes) },
            Err(_) => Event::Fail { size: size(size_bytes) },
        });
        result
    }

    unsafe fn free(&self, slot: NonNull<Slot>, size_bytes: usize) {
        if let Some(inner) = self.inner.movable() {
            self.record(Event::FreeMovable { block: name(slot.cast()) });
            // SAFETY: the caller's promises are about blocks that `inner` allocated.
            unsafe { inner.free(slot, size_bytes) }
        }
    }
}

impl<M: fmt::Debug, F> fmt::Debug for Recorder<M, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("inner", &self.inner).finish_non_exhaustive()
    }
}

/// A block that is live while a trace is replayed.
#[derive(Debug)]
pub struct Replayed<B> {
    name: (bool, u32),
    size: usize,
    /// Nothing where it could not be allocated.
    block: Option<B>,
}

impl<B> Replayed<B> {
    const fn live_bytes(&self) -> usize {
        if self.block.is_some() { self.size } else { 0 }
    }
}

/// A block that [`replay`] allocated; freed when it is dropped.
#[expect(dead_code, reason = "nobody reads what is there")]
pub struct HeapBlock<'h>(Bytes<'h>);

#[expect(dead_code, reason = "nobody reads what is there")]
enum Bytes<'h> {
    Movable(Storage<'h>),
    Fixed(Block<'h>),
}

impl<'h> HeapBlock<'h> {
    fn allocate(heap: Heap<'h>, Request { layout, movable }: Request) -> Option<Self> {
        let bytes = if movable {
            let purpose = Purpose::Named("a replay");
            Bytes::Movable(Storage::zeroed_in(layout.size(), purpose, Home::from(heap)).ok()?)
        } else {
            let start = heap.allocate(layout).ok()?.cast();
            // SAFETY: just allocated, and used by nobody.
            Bytes::Fixed(unsafe { Block::new(start, layout, heap) })
        };
        Some(Self(bytes))
    }
}

impl fmt::Debug for HeapBlock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HeapBlock").finish_non_exhaustive()
    }
}

/// How a heap did in a [`replay`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct ReplayReport {
    /// Allocations that were asked for.
    pub allocations: u32,
    /// Those of them that failed.
    pub failures: u32,
    /// The number of the first that failed, from 0 on.
    pub first_failure: Option<u32>,
    /// The most bytes that were live, as asked for.
    pub peak_bytes: usize,
    /// The most blocks that were live, those included that could not be allocated: as many slots are enough.
    pub peak_blocks: usize,
    /// Allocations that had failed when the trace was recorded; they are not repeated.
    pub recorded_failures: u32,
}

/// Why a trace was not replayed to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum TraceError {
    /// These are not the bytes of an event.
    Malformed {
        /// Where they start.
        at_byte: usize,
    },
    /// A block is freed that is not live, or allocated under the name of one that is.
    Inconsistent {
        /// Where the event starts.
        at_byte: usize,
    },
    /// More blocks are live than there are slots.
    TooManyBlocks {
        /// How many slots there are.
        slots: usize,
    },
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { at_byte } => write!(f, "no event at byte {at_byte} of the trace"),
            Self::Inconsistent { at_byte } => {
                write!(f, "the event at byte {at_byte} does not fit those before it")
            }
            Self::TooManyBlocks { slots } => write!(f, "more than {slots} live blocks"),
        }
    }
}

impl core::error::Error for TraceError {}

/// An allocation that a trace asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Size and alignment; 1 where the block is movable.
    pub layout: Layout,
    /// Whether the block may move while no view of it is open.
    pub movable: bool,
}

/// Runs a trace against a heap; movable blocks go to its movable memory, if it has any. `slots` keep the live blocks, and
/// are empty in the end.
///
/// Which blocks may move is known of programs that were recorded on a heap that has movable memory.
///
/// Cost: besides the heap's own, a search through as many slots as were ever taken at once, for each event.
///
/// # Errors
/// [`TraceError`]; all blocks are freed.
pub fn replay<'h>(
    trace: &[u8],
    heap: Heap<'h>,
    slots: &mut [Option<Replayed<HeapBlock<'h>>>],
) -> Result<ReplayReport, TraceError> {
    replay_by(trace, slots, |request| HeapBlock::allocate(heap, request))
}

/// [`replay`] against anything that allocates blocks and frees those that are dropped.
///
/// # Errors
/// [`TraceError`]; all blocks are dropped.
pub fn replay_by<B>(
    trace: &[u8],
    slots: &mut [Option<Replayed<B>>],
    allocate: impl FnMut(Request) -> Option<B>,
) -> Result<ReplayReport, TraceError> {
    let report = ReplayReport::default();
    let mut player = Player { allocate, slots, report, live_bytes: 0, live_blocks: 0 };
    let mut rest = trace;
    let result = loop {
        if rest.is_empty() {
            break Ok(player.report);
        }
        let at_byte = trace.len() - rest.len();
        let Ok((event, after)) = postcard::take_from_bytes(rest) else {
            break Err(TraceError::Malformed { at_byte });
        };
        if let Err(error) = player.play(event, at_byte) {
            break Err(error);
        }
        rest = after;
    };
    player.slots.fill_with(|| None);
    result
}

struct Player<'s, B, F> {
    allocate: F,
    slots: &'s mut [Option<Replayed<B>>],
    report: ReplayReport,
    live_bytes: usize,
    live_blocks: usize,
}

impl<B, F: FnMut(Request) -> Option<B>> Player<'_, B, F> {
    fn play(&mut self, event: Event, at_byte: usize) -> Result<(), TraceError> {
        let request = |size: u32, align_log2: u8, movable| {
            let align = 1_usize.checked_shl(align_log2.into()).unwrap_or(0);
            Layout::from_size_align(size as usize, align)
                .map(|layout| Request { layout, movable })
                .map_err(|_| TraceError::Malformed { at_byte })
        };
        match event {
            Event::Allocate { block, size, align_log2 } => {
                self.keep((false, block), request(size, align_log2, false)?, at_byte)
            }
            Event::AllocateMovable { block, size } => {
                self.keep((true, block), request(size, 0, true)?, at_byte)
            }
            Event::Free { block } => self.release((false, block), at_byte),
            Event::FreeMovable { block } => self.release((true, block), at_byte),
            Event::Fail { .. } => {
                self.report.recorded_failures += 1;
                Ok(())
            }
        }
    }

    /// The slots that were ever taken: always the first that was free.
    fn used(&mut self) -> impl Iterator<Item = &mut Option<Replayed<B>>> {
        self.slots.iter_mut().take(self.report.peak_blocks)
    }

    fn keep(
        &mut self,
        name: (bool, u32),
        request: Request,
        at_byte: usize,
    ) -> Result<(), TraceError> {
        let size = request.layout.size();
        // Blocks without bytes may share an address.
        let is_it = |live: &mut Replayed<B>| live.name == name && live.size > 0;
        if size > 0 && self.used().flatten().any(is_it) {
            return Err(TraceError::Inconsistent { at_byte });
        }
        let slots = self.slots.len();
        let slot = self
            .slots
            .iter_mut()
            .find(|slot| slot.is_none())
            .ok_or(TraceError::TooManyBlocks { slots })?;
        let replayed = Replayed { name, size, block: (self.allocate)(request) };
        let report = &mut self.report;
        if replayed.block.is_none() {
            report.first_failure.get_or_insert(report.allocations);
            report.failures += 1;
        }
        report.allocations += 1;
        self.live_bytes += replayed.live_bytes();
        self.live_blocks += 1;
        report.peak_bytes = report.peak_bytes.max(self.live_bytes);
        report.peak_blocks = report.peak_blocks.max(self.live_blocks);
        *slot = Some(replayed);
        Ok(())
    }

    fn release(&mut self, name: (bool, u32), at_byte: usize) -> Result<(), TraceError> {
        let is_it = |slot: &&mut Option<Replayed<B>>| {
            slot.as_ref().is_some_and(|replayed| replayed.name == name)
        };
        let released = self.used().find(is_it).and_then(Option::take);
        let released = released.ok_or(TraceError::Inconsistent { at_byte })?;
        self.live_bytes -= released.live_bytes();
        self.live_blocks -= 1;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;
    use core::{cell::RefCell, mem::MaybeUninit};

    use proptest::prelude::*;

    use super::*;
    use crate::{Boxed, CompactingHeap, Instrumented, LinkedListHeap};

    /// A little program: storages, boxes and failures.
    fn record<M: Memory>(heap: M) -> Vec<u8> {
        let trace = RefCell::new(Vec::new());
        let heap = Recorder::new(heap, |event| trace.borrow_mut().extend_from_slice(event));
        let kept: Vec<_> = (0..5)
            .map(|i| Storage::zeroed_in(100 + i, Purpose::Named("a test"), &heap).unwrap())
            .collect();
        let boxes: Vec<_> = (0..3_u64).map(|i| Boxed::new_in([i; 3], &heap).unwrap()).collect();
        Storage::zeroed_in(1 << 20, Purpose::Named("a test"), &heap).unwrap_err();
        drop((kept, boxes));
        trace.into_inner()
    }

    #[test]
    fn a_program_replays_on_another_kind_of_heap() {
        let (mut one, mut other) = ([MaybeUninit::uninit(); 4096], [MaybeUninit::uninit(); 4096]);
        let trace = record(CompactingHeap::new(&mut one));
        let heap = Instrumented::new(LinkedListHeap::new(&mut other));
        let report = replay(&trace, &heap, &mut [const { None }; 8]).unwrap();
        assert_eq!((report.allocations, report.failures, report.recorded_failures), (8, 0, 1));
        assert_eq!(report.peak_blocks, 8);
        assert_eq!(
            (report.peak_bytes, heap.counters().peak_bytes, heap.counters().live_bytes),
            (582, 582, 0)
        );
        assert_eq!(
            replay(&trace, &heap, &mut [const { None }; 7]),
            Err(TraceError::TooManyBlocks { slots: 7 })
        );
        assert_eq!(heap.counters().live_bytes, 0, "all blocks are freed");
    }

    #[test]
    fn traces_that_make_no_sense_are_refused() {
        let heap = crate::NoHeap;
        let play = |trace: &[u8]| replay(trace, &heap, &mut [const { None }; 4]);
        let free = Event::Free { block: 7 };
        assert_eq!(play(free.encode(&mut [0; 16])), Err(TraceError::Inconsistent { at_byte: 0 }));
        assert_eq!(play(&[4, 9, 200]), Err(TraceError::Malformed { at_byte: 2 }));
        let mut twice = Event::AllocateMovable { block: 7, size: 1 }.encode(&mut [0; 16]).to_vec();
        twice.extend_from_within(..);
        assert_eq!(play(&twice), Err(TraceError::Inconsistent { at_byte: 3 }), "though both fail");
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_trace_or_an_error(trace in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut region = [MaybeUninit::uninit(); 1024];
            let heap = Instrumented::new(CompactingHeap::new(&mut region));
            let _ = replay(&trace, &heap, &mut [const { None }; 16]);
            prop_assert_eq!(heap.counters().live_bytes, 0);
        }

        #[test]
        fn events_survive_encoding(block in any::<u32>(), size in any::<u32>(), align_log2 in 0_u8..32) {
            let event = Event::Allocate { block, size, align_log2 };
            prop_assert_eq!(postcard::from_bytes(event.encode(&mut [0; 16])), Ok(event));
        }
    }
}
