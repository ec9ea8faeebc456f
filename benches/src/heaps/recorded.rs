//! What a program of one's own allocated, on each heap.

use core::{fmt, mem::MaybeUninit};

use displayio_allocators::{
    Buf, Heap, OutOfMemory, ReplayReport, Replayed, Request, TraceError, replay_by,
};

use super::{Blocks, BlocksUser, Contender, Kind};

/// RAM is sought in steps of so many bytes.
const STEP_BYTES: usize = 16;

/// What a [`Recorder`](displayio_allocators::Recorder) told of a program, to be replayed on heaps.
///
/// Which blocks may move is known if the program ran on a heap that moves blocks. Blocks are as large as they were there: on
/// a 64-bit desktop, nodes and tables take more than on a board.
#[derive(Debug, Clone, Copy)]
pub struct Recorded<'t> {
    trace: &'t [u8],
    asked: ReplayReport,
}

impl<'t> Recorded<'t> {
    /// Goes through a trace once. `scratch` is for a list of as many entries as blocks were live, at most one for each three
    /// bytes of the trace.
    ///
    /// # Errors
    /// [`RecordedError`] when the trace makes no sense, or `scratch` is too small.
    pub fn new(trace: &'t [u8], scratch: Heap<'_>) -> Result<Self, RecordedError> {
        // No event is shorter that allocates.
        let mut slots = slots(trace.len() / 3, scratch)?;
        let asked = replay_by(trace, &mut slots, |_| Some(()))?;
        Ok(Self { trace, asked })
    }

    /// What it would do where there is room for all.
    #[must_use]
    pub const fn asked(&self) -> ReplayReport {
        self.asked
    }

    /// Replays it on a heap; memory is as in [`Contender::run`].
    ///
    /// # Errors
    /// [`OutOfMemory`] when `ram` is too small for the heap's own structures, or `scratch` for a list of the live blocks.
    pub fn run(
        &self,
        contender: Contender,
        ram: &mut [MaybeUninit<u8>],
        scratch: Heap<'_>,
    ) -> Result<ReplayReport, RecordedError> {
        contender.lend(ram, Replay { recorded: self, scratch })?
    }

    /// The least part of `ram`, in bytes, in which no allocation fails; none where one fails in all of it.
    ///
    /// It takes for granted that what fits in some RAM fits in more, which holds but for chance.
    ///
    /// # Errors
    /// As [`run`](Self::run), when `scratch` is too small.
    pub fn least_ram(
        &self,
        contender: Contender,
        ram: &mut [MaybeUninit<u8>],
        scratch: Heap<'_>,
    ) -> Result<Option<usize>, RecordedError> {
        let mut failing = self.asked.peak_bytes.min(ram.len()) / STEP_BYTES;
        let mut enough = ram.len() / STEP_BYTES + 1;
        while failing + 1 < enough {
            let middle = usize::midpoint(failing, enough);
            let report = self.run(contender, &mut ram[..middle * STEP_BYTES], scratch)?;
            if report.failures == 0 { enough = middle } else { failing = middle }
        }
        let least_bytes = enough * STEP_BYTES;
        Ok((least_bytes <= ram.len()).then_some(least_bytes))
    }
}

struct Replay<'a> {
    recorded: &'a Recorded<'a>,
    scratch: Heap<'a>,
}

impl BlocksUser for Replay<'_> {
    type Output = Result<ReplayReport, RecordedError>;

    fn with<B: Blocks>(self, blocks: &B) -> Self::Output {
        let Recorded { trace, asked } = self.recorded;
        let mut slots = slots(asked.peak_blocks, self.scratch)?;
        Ok(replay_by(trace, &mut slots, |Request { layout, movable }| {
            let kind = if movable { Kind::Movable } else { Kind::Fixed };
            Some(Owned { block: Some(blocks.allocate(layout.size(), kind)?), blocks })
        })?)
    }
}

/// A block that is freed when it is dropped.
struct Owned<'b, B: Blocks> {
    block: Option<B::Block>,
    blocks: &'b B,
}

impl<B: Blocks> Drop for Owned<'_, B> {
    fn drop(&mut self) {
        if let Some(block) = self.block.take() {
            self.blocks.free(block);
        }
    }
}

fn slots<B>(count: usize, scratch: Heap<'_>) -> Result<Buf<'_, Option<Replayed<B>>>, OutOfMemory> {
    let mut slots = Buf::with_capacity(count, scratch)?;
    while slots.len() < count {
        slots.try_push(None).map_err(|rejected| rejected.error)?;
    }
    Ok(slots)
}

/// Why a trace was not replayed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordedError {
    /// The trace makes no sense.
    Trace(TraceError),
    /// There was too little memory for the replay itself.
    OutOfMemory(OutOfMemory),
}

impl From<TraceError> for RecordedError {
    fn from(error: TraceError) -> Self {
        Self::Trace(error)
    }
}

impl From<OutOfMemory> for RecordedError {
    fn from(error: OutOfMemory) -> Self {
        Self::OutOfMemory(error)
    }
}

impl fmt::Display for RecordedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Trace(error) => error.fmt(f),
            Self::OutOfMemory(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for RecordedError {}
