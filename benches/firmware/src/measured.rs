//! A heap whose every allocation and free is counted in instructions.

use core::cell::Cell;

use displayio_allocators::HeapInfo;
use displayio_benches::heaps::{Blocks, Kind};

use crate::{Counter, Samples};

/// What the operations of a [`Measured`] heap cost.
#[derive(Debug)]
pub struct HeapSamples<'s> {
    /// Allocations that succeeded, zeroing included.
    pub allocating: Samples<'s>,
    /// The same allocations without what it costs to zero their bytes once more.
    pub placing: Samples<'s>,
    /// Frees.
    pub freeing: Samples<'s>,
    /// Work between operations.
    pub pausing: Samples<'s>,
}

/// Work done between operations, outside the measured allocations.
#[derive(Debug, Clone, Copy)]
pub struct Pause<F> {
    /// Operations between two pauses.
    pub every: u32,
    /// The work.
    pub work: F,
}

/// Blocks of a heap, measured.
#[derive(Debug)]
pub struct Measured<'a, 's, B, F> {
    blocks: &'a B,
    counter: &'a Counter,
    samples: &'a HeapSamples<'s>,
    pause: Option<Pause<F>>,
    operations: Cell<u32>,
}

impl<'a, 's, B: Blocks> Measured<'a, 's, B, fn()> {
    /// Measures `blocks`, whose operations follow each other without a pause.
    #[must_use]
    pub const fn new(blocks: &'a B, counter: &'a Counter, samples: &'a HeapSamples<'s>) -> Self {
        Self { blocks, counter, samples, pause: None, operations: Cell::new(0) }
    }
}

impl<'a, 's, B: Blocks, F: Fn()> Measured<'a, 's, B, F> {
    /// The same with work between operations.
    #[must_use]
    pub fn with_pause<G: Fn()>(self, pause: Pause<G>) -> Measured<'a, 's, B, G> {
        let Self { blocks, counter, samples, operations, .. } = self;
        Measured { blocks, counter, samples, pause: Some(pause), operations }
    }

    fn count_operation(&self) {
        let operations = self.operations.get() + 1;
        self.operations.set(operations);
        if let Some(pause) = &self.pause
            && operations.is_multiple_of(pause.every)
        {
            let start = Counter::read();
            (pause.work)();
            self.samples.pausing.add(self.counter.since(start));
        }
    }

    /// Instructions that it takes to zero the bytes of a block.
    fn zeroing(&self, block: &B::Block) -> u32 {
        let instructions = Cell::new(0);
        self.blocks.write(block, |bytes| {
            let start = Counter::read();
            bytes.fill(0);
            instructions.set(self.counter.since(start));
        });
        instructions.get()
    }
}

impl<B: Blocks, F: Fn()> Blocks for Measured<'_, '_, B, F> {
    type Block = B::Block;

    fn allocate(&self, size_bytes: usize, kind: Kind) -> Option<B::Block> {
        self.count_operation();
        let start = Counter::read();
        let block = self.blocks.allocate(size_bytes, kind);
        let instructions = self.counter.since(start);
        let block = block?;
        self.samples.allocating.add(instructions);
        self.samples.placing.add(instructions.saturating_sub(self.zeroing(&block)));
        Some(block)
    }

    fn free(&self, block: B::Block) {
        self.count_operation();
        let start = Counter::read();
        self.blocks.free(block);
        self.samples.freeing.add(self.counter.since(start));
    }

    fn write(&self, block: &B::Block, f: impl FnOnce(&mut [u8])) {
        self.blocks.write(block, f);
    }

    fn info(&self) -> HeapInfo {
        self.blocks.info()
    }
}
