//! Runs a program's frames and measures them.

use core::{error::Error, hint, str::FromStr};
use std::{env, process::Command, time::Instant};

use crate::{heap, panel::PanelInMemory, scene::FRAME_BYTES};

pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// Frames that are timed, and frames per sample of an update.
const SAMPLES: usize = 51;
const UPDATES_PER_SAMPLE: usize = 20;

/// A kind of frame.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// Everything is drawn.
    Full,
    /// One thing changed.
    Update,
}

impl Frame {
    pub const ALL: [Self; 2] = [Self::Full, Self::Update];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Update => "update",
        }
    }
}

impl FromStr for Frame {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|frame| frame.name() == name);
        found.ok_or_else(|| format!("no kind of frame is called {name}"))
    }
}

/// What a kind of frame costs.
pub struct Cost {
    pub frame: Frame,
    pub shown: Vec<u8>,
    pub bytes: usize,
    pub nanoseconds: u128,
}

/// What a program is measured with.
pub struct Stage<'p> {
    panel: &'p PanelInMemory,
    /// The one frame whose instructions are counted.
    counted: Option<Frame>,
    costs: Vec<Cost>,
    spare: Vec<Vec<u8>>,
    samples: Vec<u128>,
    static_bytes: usize,
}

impl<'p> Stage<'p> {
    /// A stage that measures all but instructions, or for one frame those alone.
    pub fn new(panel: &'p PanelInMemory, counted: Option<Frame>) -> Self {
        Self {
            panel,
            counted,
            costs: Vec::with_capacity(2),
            spare: vec![vec![0; FRAME_BYTES]; 2],
            samples: Vec::with_capacity(SAMPLES),
            static_bytes: 0,
        }
    }

    /// The panel to send to.
    pub const fn panel(&self) -> &'p PanelInMemory {
        self.panel
    }

    /// Counts a buffer or an object that firmware keeps in a `static`.
    pub const fn keep<T: ?Sized>(&mut self, value: &T) {
        self.static_bytes += size_of_val(value);
    }

    pub const fn static_bytes(&self) -> usize {
        self.static_bytes
    }

    pub fn into_costs(self) -> Vec<Cost> {
        self.costs
    }

    /// Measures `show`, which draws and sends everything.
    pub fn full(&mut self, mut show: impl FnMut() -> Outcome) -> Outcome {
        self.measure(Frame::Full, 1, |_| show())
    }

    /// Measures `show`, which changes one thing and shows it; it is told how many times it was called, from 1 on.
    pub fn update(&mut self, show: impl FnMut(usize) -> Outcome) -> Outcome {
        self.measure(Frame::Update, UPDATES_PER_SAMPLE, show)
    }

    fn measure(
        &mut self,
        frame: Frame,
        repeats: usize,
        mut show: impl FnMut(usize) -> Outcome,
    ) -> Outcome {
        self.panel.set_showing(self.counted.is_none());
        self.panel.take_bytes();
        show(1)?;
        if let Some(counted) = self.counted {
            return if counted == frame { counted_frame(&mut || show(2)) } else { Ok(()) };
        }
        let bytes = self.panel.take_bytes();
        let mut shown = self.spare.pop().ok_or("two kinds of frames at most")?;
        self.panel.copy_to(&mut shown);

        self.panel.set_showing(false);
        self.samples.clear();
        let mut step = 1;
        for _ in 0..SAMPLES {
            let start = Instant::now();
            for _ in 0..repeats {
                step += 1;
                show(hint::black_box(step))?;
            }
            self.samples.push(start.elapsed().as_nanos() / repeats as u128);
        }
        self.samples.sort_unstable();
        let nanoseconds = self.samples[SAMPLES / 2];
        self.costs.push(Cost { frame, shown, bytes, nanoseconds });
        Ok(())
    }
}

/// Where counting starts and ends.
#[unsafe(no_mangle)]
#[inline(never)]
fn counted_frame(show: &mut dyn FnMut() -> Outcome) -> Outcome {
    hint::black_box(show())
}

/// Runs `program`; the bytes of heap that it had at most.
pub fn peak_heap_bytes(program: impl FnOnce() -> Outcome) -> Outcome<usize> {
    let before = heap::restart();
    program()?;
    Ok(heap::peak_bytes() - before)
}

/// Bytes of RAM of a program in a process of its own, where no other one has left anything.
pub fn ram_bytes(peer: &str, scene: &str) -> Outcome<usize> {
    let output = Command::new(env::current_exe()?).args(["--ram", peer, scene]).output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Instructions of a frame, counted by valgrind in a process of its own; `None` if there is no valgrind.
pub fn instructions(peer: &str, scene: &str, frame: Frame) -> Outcome<Option<u64>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--toggle-collect=counted_frame"])
        .arg("--callgrind-out-file=/dev/null")
        .arg(env::current_exe()?)
        .args(["--count", peer, scene, frame.name()])
        .output();
    let Ok(output) = output else { return Ok(None) };
    let log = String::from_utf8_lossy(&output.stderr);
    let total = log.lines().find_map(|line| line.split_once("Collected : "));
    let (_, total) = total.ok_or_else(|| format!("valgrind counted nothing: {log}"))?;
    Ok(Some(total.trim().parse()?))
}
