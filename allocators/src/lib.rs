//! Memory for a display stack that must never abort: every operation that may allocate returns a `Result`.
//!
//! Objects take a [`Heap`] by reference and are not generic over it, so one compiled copy serves every heap and a
//! program may put each object where it likes. What holds bytes (pixels, colours, tile tables) takes a [`Home`],
//! which leads to fixed or to movable memory, and reaches the bytes only through a view of [`Storage`].
//!
//! | type | what it is |
//! |---|---|
//! | [`Memory`], [`Heap`] | any allocator, erased |
//! | [`Movable`] | a heap whose blocks move while nobody looks at them |
//! | [`Home`] | where bytes go: fixed or movable memory |
//! | [`Storage`] | bytes in flash, lent, owned or movable, behind one type |
//! | [`Buf`], [`Boxed`] | a list and a box that report exhaustion |
//! | [`CompactingHeap`] | fixed memory, and movable memory that does not fragment |
//! | [`LinkedListHeap`], [`TlsfHeap`] | heaps whose blocks stay: packs best, fastest |
//! | `TalcHeap`, `BuddyHeap` | two more, behind features: resizes in place; powers of two |
//! | [`Arena`], [`Pool`], [`NoHeap`] | given back at once, blocks of one size, no memory at all |
//! | [`Instrumented`], [`Failing`] | count what a heap does, refuse on request |
//! | `Recorder`, `replay` | traces of what a program allocates (feature `trace`) |
//!
//! This is the only crate of the stack with `unsafe` code.
#![no_std]

#[cfg(test)]
extern crate alloc;

mod arena;
mod boxed;
#[cfg(feature = "buddy")]
mod buddy;
mod buf;
mod compacting;
#[cfg(feature = "test-double")]
pub mod double;
mod error;
mod failing;
mod instrumented;
#[cfg(feature = "linked-list")]
mod linked_list;
mod memory;
mod no_heap;
mod pool;
mod storage;
#[cfg(feature = "talc")]
mod talc;
#[cfg(feature = "tlsf")]
mod tlsf;
#[cfg(feature = "trace")]
mod trace;

pub use allocator_api2::alloc::{AllocError, Allocator, Layout};
pub use arena::Arena;
pub use boxed::{Boxed, Unsizing};
#[cfg(feature = "buddy")]
pub use buddy::BuddyHeap;
pub use buf::Buf;
pub use compacting::CompactingHeap;
pub use error::{Busy, OutOfMemory, Purpose, Rejected, TooSmall};
pub use failing::Failing;
pub use instrumented::{Counters, Instrumented};
#[cfg(feature = "linked-list")]
pub use linked_list::LinkedListHeap;
pub use memory::{Adapter, Heap, HeapInfo, Home, Memory, Movable, Slot};
pub use no_heap::NoHeap;
pub use pool::Pool;
pub use storage::{Kind as StorageKind, Pinned, Storage};
#[cfg(feature = "talc")]
pub use talc::TalcHeap;
#[cfg(feature = "tlsf")]
pub use tlsf::TlsfHeap;
#[cfg(feature = "trace")]
pub use trace::{
    Event, HeapBlock, Recorder, ReplayReport, Replayed, Request, TraceError, replay, replay_by,
};
