//! Stack that a call needs, measured by painting.
//!
//! The stack below the call is filled with a pattern; the lowest word that the call overwrote tells how deep it went.
//! What a function reserves and never writes below its last write does not count; each further call writes its return
//! address below that, so that only the leaf could hide some.

use core::arch::asm;

/// How much is painted: a call that needs more is measured as needing this much.
const PAINTED_BYTES: usize = 16 * 1024;

/// What no call is likely to write.
const PATTERN: u32 = 0x5ac3_3ca5;

/// Calls `f` and tells how many bytes of stack that took, from the stack pointer at the call on.
///
/// `f` may capture a few references only: what it captures lies in the caller's frame, and is not counted.
#[inline(never)]
pub fn stack_bytes<R>(f: impl FnOnce() -> R) -> (R, usize) {
    paint();
    let result = enter(f);
    (result, overwritten_bytes())
}

/// A frame for `f`, which would otherwise lie in the frame that calls [`paint`].
#[inline(never)]
fn enter<R>(f: impl FnOnce() -> R) -> R {
    f()
}

/// Fills what lies below the stack pointer with the pattern.
#[inline(always)]
fn paint() {
    // SAFETY: nothing is below the stack pointer but free stack: Arm has no red zone, and no interrupt is enabled. The
    // board has more free stack than is painted, as `build.rs` lays out its 4 MiB.
    unsafe {
        asm!(
            "mov {end}, sp",
            "subs {at}, {end}, {length}",
            "2: str {pattern}, [{at}]",
            "adds {at}, #4",
            "cmp {at}, {end}",
            "bne 2b",
            length = in(reg) PAINTED_BYTES,
            pattern = in(reg) PATTERN,
            at = out(reg) _,
            end = out(reg) _,
        );
    }
}

/// Bytes from the lowest word without the pattern up to the stack pointer.
#[inline(always)]
fn overwritten_bytes() -> usize {
    let bytes;
    // SAFETY: reads what `paint` wrote, in the frame that called it.
    unsafe {
        asm!(
            "mov {end}, sp",
            "subs {at}, {end}, {bytes}",
            "2: ldr {word}, [{at}]",
            "cmp {word}, {pattern}",
            "bne 3f",
            "adds {at}, #4",
            "cmp {at}, {end}",
            "bne 2b",
            "3: subs {bytes}, {end}, {at}",
            bytes = inout(reg) PAINTED_BYTES => bytes,
            pattern = in(reg) PATTERN,
            at = out(reg) _,
            end = out(reg) _,
            word = out(reg) _,
        );
    }
    bytes
}
