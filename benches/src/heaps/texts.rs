//! How often real labels allocate while their texts change.

use core::mem::MaybeUninit;

use displayio_allocators::{
    CompactingHeap, Heap, Home, Instrumented, LinkedListHeap, Memory, OutOfMemory, TlsfHeap,
};
use displayio_core::{BitmapLabel, FONT_6X12, Label, TextError};

use super::{
    Blocks, BlocksUser, Contender, NoClock, Trial, Workload,
    labels::{self, GlyphLabel, LABELS, LONGEST_TEXT, Label as BlocksLabel},
    random::Random,
    session::Session,
};

/// What texts are parts of: characters of 6 pixels each.
const CHARACTERS: &str = "12:59:58 12:59:59 13:00:00 13:00:01 13:00:02 13:00:03";

/// Kinds of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LabelKind {
    /// [`BitmapLabel`]s, as workload a has them.
    Bitmaps,
    /// [`Label`]s, as workload b has them: glyphs one by one.
    Glyphs,
}

impl LabelKind {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Bitmaps, Self::Glyphs];

    /// The letter of its workload.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Bitmaps => "a",
            Self::Glyphs => "b",
        }
    }
}

/// What labels start with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Room for the longest text.
    Given,
    /// Nothing: they grow.
    None,
}

impl Room {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Given, Self::None];

    /// Its name in tables of results.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::None => "none",
        }
    }
}

/// Five labels, whose texts change in turn to any 8 to 40 characters.
///
/// ```
/// use core::mem::MaybeUninit;
/// use displayio_allocators::{Instrumented, TlsfHeap};
/// use displayio_benches::heaps::{LabelKind, Room, TextTrial};
/// let mut ram = [MaybeUninit::uninit(); 16384];
/// let heap = Instrumented::new(TlsfHeap::new(&mut ram));
/// let report = TextTrial::new(LabelKind::Glyphs, Room::Given).run(&heap, || ())?;
/// assert_eq!((report.first_allocations, report.later_allocations), (5, 0));
/// # Ok::<(), displayio_core::TextError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextTrial {
    /// What the labels are.
    pub kind: LabelKind,
    /// What they start with.
    pub room: Room,
    /// Texts that are shown.
    pub changes: u32,
    /// Chooses the lengths of the texts.
    pub seed: u32,
}

/// What a [`TextTrial`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TextReport {
    /// Allocations while the labels were made.
    pub first_allocations: u32,
    /// Allocations while texts changed.
    pub later_allocations: u32,
    /// Allocations that failed.
    pub failures: u32,
    /// The most bytes that were live at once, as asked for (without what the heap adds).
    pub peak_live_bytes: usize,
    /// Texts that came out in a wrong width.
    pub wrong_texts: u32,
}

impl TextTrial {
    /// 15 000 texts.
    #[must_use]
    pub const fn new(kind: LabelKind, room: Room) -> Self {
        Self { kind, room, changes: 15_000, seed: 1 }
    }

    /// All that a heap is compared by: both kinds of labels, with room and, but for the reference, without.
    pub fn all_on(heap: Contender) -> impl Iterator<Item = Self> {
        let grow = Room::ALL.into_iter().filter(move |room| {
            // The reference's labels never have room.
            *room == Room::None || heap != Contender::Reference
        });
        grow.flat_map(|room| LabelKind::ALL.map(|kind| Self::new(kind, room)))
    }

    /// Runs it on a heap that nothing was allocated from before, and frees everything at the end.
    ///
    /// `rest` is called after each text: to compact, or to check the heap.
    ///
    /// # Errors
    /// [`TextError`] when the heap has no room for a label or its text.
    pub fn run<M: Memory>(
        &self,
        heap: &Instrumented<M>,
        rest: impl FnMut(),
    ) -> Result<TextReport, TextError> {
        match self.kind {
            LabelKind::Bitmaps => self.show_texts::<BitmapLabel<'_, '_>, M>(heap, rest),
            LabelKind::Glyphs => self.show_texts::<Label<'_, '_>, M>(heap, rest),
        }
    }

    fn show_texts<'m, L: AnyLabel<'m>, M: Memory>(
        &self,
        heap: &'m Instrumented<M>,
        mut rest: impl FnMut(),
    ) -> Result<TextReport, TextError> {
        let home = Home::from(heap);
        let labels: [L; LABELS] = core::array::from_fn(|_| L::without_room());
        if self.room == Room::Given {
            labels.iter().try_for_each(|label| label.make_room(home))?;
        }
        let first_allocations = heap.counters().allocations;
        let (mut random, mut wrong_texts) = (Random::new(self.seed), 0);
        for (label, start) in labels.iter().cycle().zip(self.starts()) {
            let length = labels::any_length(&mut random);
            label.show(&CHARACTERS[start..][..length], home)?;
            wrong_texts += u32::from(usize::from(label.width()) != length * labels::GLYPH_WIDTH);
            rest();
        }
        let counters = heap.counters();
        Ok(TextReport {
            first_allocations,
            later_allocations: counters.allocations - first_allocations,
            failures: counters.failures,
            peak_live_bytes: counters.peak_bytes,
            wrong_texts,
        })
    }

    /// Where each text starts in [`CHARACTERS`].
    fn starts(&self) -> impl Iterator<Item = usize> {
        (0..=CHARACTERS.len() - LONGEST_TEXT).cycle().zip(0..self.changes).map(|(start, _)| start)
    }

    /// Runs it on a heap of its own in `ram`; on the reference's, with labels as the reference has them.
    ///
    /// Those allocate everything anew for each text; `scratch` is for the lists of their glyphs, less than 8 KiB.
    ///
    /// # Errors
    /// [`TextError`] when `ram` has no room for a label or its text, or `scratch` is too small.
    pub fn run_on(
        &self,
        contender: Contender,
        ram: &mut [MaybeUninit<u8>],
        scratch: Heap<'_>,
    ) -> Result<TextReport, TextError> {
        match contender {
            Contender::Reference => Ok(contender.lend(ram, Anew { trial: self, scratch })??),
            // The pool is for nodes; the bytes of labels come from the list.
            Contender::LinkedList | Contender::PoolAndLinkedList => {
                self.run(&Instrumented::new(LinkedListHeap::new(ram)), || ())
            }
            Contender::Tlsf => self.run(&Instrumented::new(TlsfHeap::new(ram)), || ()),
            Contender::Compacting => self.run(&Instrumented::new(CompactingHeap::new(ram)), || ()),
        }
    }
}

/// What both kinds of labels can do.
trait AnyLabel<'m> {
    fn without_room() -> Self;

    /// Makes room for the longest text.
    fn make_room(&self, home: Home<'m>) -> Result<(), OutOfMemory>;

    /// Shows a text, in more room where it needs more.
    fn show(&self, text: &str, home: Home<'m>) -> Result<(), TextError>;

    /// Width of the text in pixels.
    fn width(&self) -> u16;
}

impl<'m> AnyLabel<'m> for BitmapLabel<'static, 'm> {
    fn without_room() -> Self {
        Self::from_buffer(&FONT_6X12, 0, &mut [])
    }

    fn make_room(&self, home: Home<'m>) -> Result<(), OutOfMemory> {
        self.grow_in(self.required_size(&CHARACTERS[..LONGEST_TEXT]), 1, home)
    }

    fn show(&self, text: &str, home: Home<'m>) -> Result<(), TextError> {
        self.set_text_in(text, home)
    }

    fn width(&self) -> u16 {
        self.bounds().width
    }
}

impl<'m> AnyLabel<'m> for Label<'static, 'm> {
    fn without_room() -> Self {
        Self::from_buffer(&FONT_6X12, &mut [])
    }

    fn make_room(&self, home: Home<'m>) -> Result<(), OutOfMemory> {
        self.grow_in(u16::try_from(LONGEST_TEXT).unwrap_or(u16::MAX), home)
    }

    fn show(&self, text: &str, home: Home<'m>) -> Result<(), TextError> {
        self.set_text_in(text, home)
    }

    fn width(&self) -> u16 {
        self.bounds().width
    }
}

/// The labels of the workloads, which allocate everything anew for each text.
struct Anew<'a> {
    trial: &'a TextTrial,
    scratch: Heap<'a>,
}

impl BlocksUser for Anew<'_> {
    type Output = Result<TextReport, OutOfMemory>;

    fn with<B: Blocks>(self, blocks: &B) -> Self::Output {
        let Self { trial: TextTrial { kind, changes, seed, .. }, scratch } = self;
        let trial = Trial {
            operations: u32::MAX,
            stops_at_failure: false,
            ..Trial::new(Workload::Labels, 0, *seed)
        };
        let mut session = Session::new(&trial, blocks, &NoClock);
        let turns = (0..LABELS).cycle().zip(0..*changes).map(|(label, _)| label);
        match kind {
            LabelKind::Bitmaps => {
                let mut labels: [_; LABELS] = core::array::from_fn(|_| BlocksLabel::new());
                turns.for_each(|label| labels[label].update(&mut session, 1));
                labels.into_iter().for_each(|label| label.free(&mut session));
            }
            LabelKind::Glyphs => {
                let label = || GlyphLabel::try_new(scratch);
                let mut labels = [label()?, label()?, label()?, label()?, label()?];
                turns.for_each(|label| labels[label].update(&mut session));
                labels.iter_mut().for_each(|label| label.clear(&mut session));
            }
        }
        let report = session.report;
        Ok(TextReport {
            first_allocations: 0,
            later_allocations: report.allocating.count(),
            failures: report.failures,
            peak_live_bytes: report.peak_live_bytes,
            wrong_texts: report.corruptions,
        })
    }
}
