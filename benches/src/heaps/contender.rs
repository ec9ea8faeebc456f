//! The heaps that are compared, each under a budget of RAM.

use core::mem::MaybeUninit;

use displayio_allocators::{
    Arena, CompactingHeap, Heap, Home, LinkedListHeap, Memory, OutOfMemory, Pool, Purpose, Storage,
    TlsfHeap,
};

use super::{Blocks, Clock, Homes, Pooled, ReferenceHeap, Report, Trial};

/// Blocks of the pool in [`Contender::PoolAndLinkedList`]: any node of the workloads fits.
const POOL_BLOCK_BYTES: usize = 64;
/// The pool's part of the budget is one in so many.
const POOL_PART: usize = 16;

/// A heap in a budget of RAM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// [`ReferenceHeap`], CircuitPython's scheme.
    Reference,
    /// [`LinkedListHeap`], first fit.
    LinkedList,
    /// [`TlsfHeap`], constant time.
    Tlsf,
    /// A [`Pool`] of 64-byte blocks in a sixteenth of the budget, for fixed blocks, and a [`LinkedListHeap`] in the rest.
    PoolAndLinkedList,
    /// [`CompactingHeap`], the one that moves blocks.
    Compacting,
}

impl Contender {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Reference, Self::LinkedList, Self::Tlsf, Self::PoolAndLinkedList, Self::Compacting];

    /// Its name in tables of results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reference => "reference",
            Self::LinkedList => "linked-list",
            Self::Tlsf => "tlsf",
            Self::PoolAndLinkedList => "pool+linked-list",
            Self::Compacting => "compacting",
        }
    }

    /// Size of the heap itself in bytes, which it takes from the budget.
    #[must_use]
    pub const fn control_bytes(self) -> usize {
        match self {
            Self::Reference => size_of::<ReferenceHeap<'_>>(),
            Self::LinkedList => size_of::<LinkedListHeap<'_>>(),
            Self::Tlsf => size_of::<TlsfHeap<'_>>(),
            Self::PoolAndLinkedList => size_of::<Pool<'_>>() + size_of::<LinkedListHeap<'_>>(),
            Self::Compacting => size_of::<CompactingHeap<'_>>(),
        }
    }

    /// Runs `trial` on this heap with `ram` as its budget: it gets less by its [control](Self::control_bytes).
    ///
    /// `scratch` is for the lists of the trial and must not be part of `ram`. What was in `ram` is lost.
    ///
    /// # Errors
    /// [`OutOfMemory`] when `scratch` is too small for the trial.
    pub fn run<C: Clock>(
        self,
        ram: &mut [MaybeUninit<u8>],
        trial: &Trial,
        clock: &C,
        scratch: Heap<'_>,
    ) -> Result<Report, OutOfMemory> {
        self.lend(ram, RunTrial { trial, clock, scratch })?
    }

    /// Lends this heap to `user`, with `ram` as its budget as in [`run`](Self::run).
    ///
    /// # Errors
    /// [`OutOfMemory`] when `ram` is too small for the heap's own structures.
    pub fn lend<U: BlocksUser>(
        self,
        ram: &mut [MaybeUninit<u8>],
        user: U,
    ) -> Result<U::Output, OutOfMemory> {
        let region_bytes = ram.len().saturating_sub(self.control_bytes());
        let region = &mut ram[..region_bytes];
        Ok(match self {
            Self::Reference => {
                let arena = Arena::new(region);
                let bytes = arena.info().unwrap_or_default().largest_free_bytes;
                let purpose = Purpose::Named("the reference's heap");
                let memory = Storage::zeroed_in(bytes, purpose, Home::Fixed(&arena))?;
                user.with(&ReferenceHeap::new(memory))
            }
            Self::LinkedList => on(&LinkedListHeap::new(region), user),
            Self::Tlsf => on(&TlsfHeap::new(region), user),
            Self::PoolAndLinkedList => {
                let (nodes, rest) = region.split_at_mut(region_bytes / POOL_PART);
                let (pool, list) = (Pool::new(nodes, POOL_BLOCK_BYTES), LinkedListHeap::new(rest));
                user.with(&Pooled::new(&pool, Homes::new(&list, &list)))
            }
            Self::Compacting => on(&CompactingHeap::new(region), user),
        })
    }
}

/// One heap for everything.
fn on<M: Memory, U: BlocksUser>(heap: &M, user: U) -> U::Output {
    user.with(&Homes::new(heap, heap))
}

/// Something that any [`Blocks`] are lent to.
pub trait BlocksUser {
    /// What comes of it.
    type Output;

    /// Uses the blocks.
    fn with<B: Blocks>(self, blocks: &B) -> Self::Output;
}

struct RunTrial<'a, C> {
    trial: &'a Trial,
    clock: &'a C,
    scratch: Heap<'a>,
}

impl<C: Clock> BlocksUser for RunTrial<'_, C> {
    type Output = Result<Report, OutOfMemory>;

    fn with<B: Blocks>(self, blocks: &B) -> Self::Output {
        self.trial.run(blocks, self.clock, self.scratch)
    }
}
