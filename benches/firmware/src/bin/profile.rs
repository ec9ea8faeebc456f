//! Local profiling: runs one workload, or counts.
#![no_std]
#![no_main]
#![allow(clippy::all, missing_docs)]
use core::mem::MaybeUninit;
use cortex_m_rt::entry;
use displayio_allocators::LinkedListHeap;
use displayio_bench_firmware::Counter;
use displayio_benches::{CountingPanel, Observer, Workload};
use displayio_core::*;
use semihosting::{println, process};
#[repr(align(4))]
struct StripMem([u8; 8192]);
struct Obs { calls: u32, omit: u32, last: u32, before: u32, counter: Counter }
impl Observer for Obs {
    fn refresh<P: BlockingPanel<Format = Rgb565>, N: Node<Rgb565>>(&mut self, display: &mut Display<'_, P>, root: &N) -> Result<RefreshStats, RefreshError<P::Error>> {
        self.calls += 1;
        if self.calls == self.omit { return Ok(RefreshStats::default()); }
        let start = Counter::read();
        let r = display.refresh(root);
        self.before = self.last;
        self.last = self.counter.since(start);
        r
    }
    fn collect<N: Layer>(&mut self, root: &N, place: &Place, damage: &mut Damage) {
        let start = Counter::read();
        root.collect(place, damage);
        self.last = self.counter.since(start);
    }
}
#[entry]
fn main() -> ! {
    static mut REGION: [MaybeUninit<u8>; 240 * 1024] = [MaybeUninit::uninit(); 240 * 1024];
    static mut STRIP: StripMem = StripMem([0; 8192]);
    let args = semihosting::experimental::env::args::<256>().unwrap(); let mut args = &args;
    let _ = args.next();
    let name = args.next().unwrap().unwrap();
    let bytes: usize = args.next().unwrap().unwrap().parse().unwrap();
    let omit: u32 = args.next().unwrap().unwrap().parse().unwrap();
    let all = Workload::ALL.into_iter().chain(Workload::TEXTS).chain(Workload::SCALE);
    for w in all {
        if name != "all" && w.name() != name { continue; }
        if name == "all" && (w.name().starts_with("labels-") || w.name().starts_with("scale-poll")) { continue; }
        let heap = LinkedListHeap::new(REGION);
        let mut obs = Obs { calls: 0, omit, last: 0, before: 0, counter: Counter::start() };
        let stats = w.run(CountingPanel::new(w.panel_size()), &mut STRIP.0[..bytes], &heap, &mut obs).unwrap();
        let per = if stats.pixels > 0 { obs.last * 100 / stats.pixels } else { 0 };
        println!("{} calls {} last {} before {} px {} per {}.{:02}", w.name(), obs.calls, obs.last, obs.before, stats.pixels, per / 100, per % 100);
    }
    process::exit(0)
}
