//! What a program allocates while it starts and keeps for ever.

use displayio_allocators::{Heap, OutOfMemory};

use super::{
    Blocks, Clock, Kind,
    session::{Held, Session},
    slots::Slots,
};

/// Parts of a file that is being read: at most so many at a time.
const TEMPORARIES: usize = 8;

/// Long-lived blocks of `ballast_bytes` in all: nodes, strings, small and large tables.
///
/// Temporaries come and go in between, and a sixteenth too much is allocated and then freed here and there, so that the
/// heap is not in one piece when the workload proper begins.
pub(super) fn boot<'s, B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    ballast_bytes: usize,
    scratch: Heap<'s>,
) -> Result<Slots<'s, Held<B>>, OutOfMemory> {
    let mut kept = Slots::try_with_capacity(64 + ballast_bytes / 128, scratch)?;
    let mut temporaries = Slots::try_with_capacity(TEMPORARIES, scratch)?;
    let limit = (ballast_bytes + ballast_bytes / 16).min(session.trial.target_bytes);
    while session.live_bytes() < limit {
        let (size, kind) = long_lived(session, ballast_bytes);
        if session.live_bytes() + size > limit || !session.keep(&mut kept, size, kind) {
            break;
        }
        if session.random.chance(25) {
            read_part(session, &mut temporaries, limit);
        }
    }
    session.free_all(&mut temporaries);
    while session.live_bytes() > ballast_bytes && kept.len() > 0 {
        session.free_any(&mut kept);
    }
    Ok(kept)
}

/// Size and kind of a long-lived block.
fn long_lived<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    ballast_bytes: usize,
) -> (usize, Kind) {
    let random = &mut session.random;
    let words = |bytes: usize| bytes & !3;
    match random.below(100) {
        0..55 => (words(random.between(24, 64)), Kind::Fixed),
        55..75 => (random.between(8, 40), Kind::Movable),
        75..95 => (words(random.between(96, 512)), Kind::Movable),
        _ => {
            let largest = (ballast_bytes / 8).max(256);
            (words(random.between(1024, 4096).min(largest)), Kind::Movable)
        }
    }
}

/// Allocates a temporary, in place of another one where there are too many.
fn read_part<B: Blocks, C: Clock>(
    session: &mut Session<'_, B, C>,
    temporaries: &mut Slots<'_, Held<B>>,
    limit: usize,
) {
    if temporaries.is_full() {
        session.free_any(temporaries);
    }
    let size = session.random.between(64, 1024);
    if session.live_bytes() + size <= limit {
        session.keep(temporaries, size, Kind::Movable);
    }
}
