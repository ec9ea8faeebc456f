//! Which heap survives a display program: allocations as such programs make them, in a fixed budget of RAM.
//!
//! A [`Trial`] runs one [`Workload`] on anything that hands out [`Blocks`]: nothing is drawn, but every block is filled at
//! both ends when it is allocated and checked when it is freed, so that a heap that loses or overlaps bytes is found. A
//! [`Contender`] is a heap under a budget that includes its own control structure; a [`Search`] finds the largest
//! share of the budget that can be live data without a failed allocation.
//!
//! [`Recorded`] replays what a program of one's own allocated, and finds how much RAM each heap needs for it.
//!
//! A [`TextTrial`] is about real labels instead: it counts how often they allocate while their texts change.
//!
//! Nothing here needs an operating system: the program lends the RAM, the memory for the trial's own lists, and a
//! [`Clock`]. The same seed makes the same sequence of allocations everywhere.
//!
//! ```
//! use core::mem::MaybeUninit;
//! use displayio_allocators::{Arena, LinkedListHeap};
//! use displayio_benches::heaps::{Homes, NoClock, Trial, Workload};
//! let (mut ram, mut scratch) = ([MaybeUninit::uninit(); 16384], [MaybeUninit::uninit(); 65536]);
//! let (heap, scratch) = (LinkedListHeap::new(&mut ram), Arena::new(&mut scratch));
//! let trial = Trial { operations: 1000, ..Trial::new(Workload::Pages, 8192, 1) };
//! let report = trial.run(&Homes::new(&heap, &heap), &NoClock, &scratch)?;
//! assert_eq!((report.failures, report.corruptions), (0, 0));
//! # Ok::<(), displayio_allocators::OutOfMemory>(())
//! ```

mod bag;
mod ballast;
mod blocks;
mod contender;
mod costs;
mod images;
mod labels;
mod mix;
mod pages;
mod random;
mod recorded;
mod reference;
mod report;
mod search;
mod session;
mod slots;
mod texts;
mod trial;
mod workload;

pub use blocks::{Blocks, Homes, Kind, Pooled};
pub use contender::{BlocksUser, Contender};
pub use costs::{Clock, Costs, NoClock};
pub use recorded::{Recorded, RecordedError};
pub use reference::{ReferenceBlock, ReferenceHeap};
pub use report::{Fragmentation, Report};
pub use search::{Found, Search, Utilisation};
pub use texts::{LabelKind, Room, TextReport, TextTrial};
pub use trial::Trial;
pub use workload::Workload;
