//! The workloads, by letter.

use displayio_allocators::{Heap, OutOfMemory};

use super::{Blocks, Clock, bag, images, labels, mix, pages, session::Session};

/// What a program allocates and frees, scaled by a target of live bytes that it does not exceed.
///
/// All but `Random` start with ballast: long-lived nodes, strings and tables, allocated among temporaries. The letters
/// are those of the tables of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Workload {
    /// a: five labels of 8 to 40 characters, each drawn into a bitmap of its own, change beside ballast.
    Labels,
    /// c: images of up to 38 400 pixels are decoded and evicted; a quarter is ballast.
    Images,
    /// d: pages of 60 widgets fill the target in turn; notifications outlive them.
    Pages,
    /// e: blocks from 8 bytes to a twelfth of the target come and go in any order.
    Random,
    /// f: labels, a label of one node per glyph, images and small events beside 30 % of ballast.
    Mix,
}

impl Workload {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Labels, Self::Images, Self::Pages, Self::Random, Self::Mix];

    /// Its letter in tables of results.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Labels => "a",
            Self::Images => "c",
            Self::Pages => "d",
            Self::Random => "e",
            Self::Mix => "f",
        }
    }

    pub(super) fn run<B: Blocks, C: Clock>(
        self,
        session: &mut Session<'_, B, C>,
        scratch: Heap<'_>,
    ) -> Result<(), OutOfMemory> {
        match self {
            Self::Labels => labels::run(session, scratch),
            Self::Images => images::run(session, scratch),
            Self::Pages => pages::run(session, scratch),
            Self::Random => bag::run(session, scratch),
            Self::Mix => mix::run(session, scratch),
        }
    }
}
