//! What a Cortex-M0 does with an address that is not aligned, on a board with an M4.

/// Lets each load and store at an unaligned address fault in code for Cortex-M0, whose processor has no other.
///
/// Does nothing in code for others, which may well use such addresses.
pub(crate) fn trap_unaligned() {
    #[cfg(armv6m)]
    {
        use core::ptr;

        /// Configuration and control of the processor, and the bit for it.
        const CCR: usize = 0xe000_ed14;
        const UNALIGN_TRP: u32 = 1 << 3;

        // SAFETY: a register of every Armv7-M processor, and what it has set at reset.
        let reset = unsafe { ptr::with_exposed_provenance::<u32>(CCR).read_volatile() };
        // SAFETY: from now on, accesses fault that the compiler does not make for an Armv6-M processor.
        unsafe {
            ptr::with_exposed_provenance_mut::<u32>(CCR).write_volatile(reset | UNALIGN_TRP);
        }
    }
}
