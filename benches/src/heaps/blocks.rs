//! What a workload needs of a heap, so that any heap can run it.

use displayio_allocators::{Heap, HeapInfo, Home, Purpose, Storage};

/// Whether a block may move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A node or a table: references lead to it, so it stays where it is.
    Fixed,
    /// Pixels, text or colours: they are reached by views and may move between two of them.
    Movable,
}

/// A source of blocks of bytes.
///
/// Blocks are freed by hand, so that a heap without owning types can be one, too.
pub trait Blocks {
    /// One block. It stays allocated until it is given to [`free`](Self::free).
    type Block;

    /// `size_bytes` zeroed bytes, aligned to 4; `None` when the heap has no room for them.
    fn allocate(&self, size_bytes: usize, kind: Kind) -> Option<Self::Block>;

    /// Frees a block.
    fn free(&self, block: Self::Block);

    /// Shows the bytes of a block to `f`.
    fn write(&self, block: &Self::Block, f: impl FnOnce(&mut [u8]));

    /// Bytes free now, and the largest block that could be allocated.
    fn info(&self) -> HeapInfo;
}

/// The heaps of a program: one for nodes and tables, and a home for pixels, text and palettes.
#[derive(Debug, Clone, Copy)]
pub struct Homes<'m> {
    nodes: Heap<'m>,
    bytes: Home<'m>,
}

impl<'m> Homes<'m> {
    /// Fixed blocks come from `nodes`, movable ones from `bytes`. Both may be the same heap.
    pub fn new(nodes: Heap<'m>, bytes: impl Into<Home<'m>>) -> Self {
        Self { nodes, bytes: bytes.into() }
    }
}

impl<'m> Blocks for Homes<'m> {
    type Block = Storage<'m>;

    fn allocate(&self, size_bytes: usize, kind: Kind) -> Option<Storage<'m>> {
        let home = match kind {
            Kind::Fixed => Home::Fixed(self.nodes),
            Kind::Movable => self.bytes,
        };
        block_in(size_bytes, home)
    }

    fn free(&self, block: Storage<'m>) {
        drop(block);
    }

    fn write(&self, block: &Storage<'m>, f: impl FnOnce(&mut [u8])) {
        // No other view is ever open; were one, the check of the contents would find that nothing was written.
        let _ = block.write(f);
    }

    fn info(&self) -> HeapInfo {
        self.bytes.heap().info().unwrap_or_default()
    }
}

fn block_in<'m>(size_bytes: usize, home: Home<'m>) -> Option<Storage<'m>> {
    Storage::zeroed_in(size_bytes, Purpose::Named("a block"), home).ok()
}

/// [`Homes`] with a pool in front: fixed blocks that fit come from the pool as long as it has any.
#[derive(Debug, Clone, Copy)]
pub struct Pooled<'m> {
    pool: Heap<'m>,
    homes: Homes<'m>,
}

impl<'m> Pooled<'m> {
    /// Small fixed blocks come from `pool`, everything else from `homes`.
    #[must_use]
    pub const fn new(pool: Heap<'m>, homes: Homes<'m>) -> Self {
        Self { pool, homes }
    }
}

impl<'m> Blocks for Pooled<'m> {
    type Block = Storage<'m>;

    fn allocate(&self, size_bytes: usize, kind: Kind) -> Option<Storage<'m>> {
        let pooled = match kind {
            Kind::Fixed => block_in(size_bytes, Home::Fixed(self.pool)),
            Kind::Movable => None,
        };
        pooled.or_else(|| self.homes.allocate(size_bytes, kind))
    }

    fn free(&self, block: Storage<'m>) {
        drop(block);
    }

    fn write(&self, block: &Storage<'m>, f: impl FnOnce(&mut [u8])) {
        self.homes.write(block, f);
    }

    fn info(&self) -> HeapInfo {
        let (pool, rest) = (self.pool.info().unwrap_or_default(), self.homes.info());
        HeapInfo {
            total_bytes: pool.total_bytes + rest.total_bytes,
            free_bytes: pool.free_bytes + rest.free_bytes,
            largest_free_bytes: pool.largest_free_bytes.max(rest.largest_free_bytes),
            pinned_blocks: rest.pinned_blocks,
        }
    }
}
