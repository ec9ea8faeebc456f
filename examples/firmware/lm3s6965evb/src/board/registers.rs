//! The chip's registers: the only `unsafe` of the program.

/// The registers of one peripheral: 4 KiB of addresses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Block(usize);

impl Block {
    pub(super) const GPIO_A: Self = Self(0x4000_4000);
    pub(super) const GPIO_C: Self = Self(0x4000_6000);
    pub(super) const GPIO_D: Self = Self(0x4000_7000);
    pub(super) const GPIO_E: Self = Self(0x4002_4000);
    pub(super) const GPIO_F: Self = Self(0x4002_5000);
    pub(super) const SSI_0: Self = Self(0x4000_8000);
    pub(super) const SYSTEM: Self = Self(0x400f_e000);
    pub(super) const UART_0: Self = Self(0x4000_c000);

    /// The address of the register at `offset`, a multiple of 4 below 4096; anything else is brought to one.
    const fn register(self, offset: u16) -> *mut u32 {
        core::ptr::with_exposed_provenance_mut(self.0 + (offset & 0xffc) as usize)
    }

    pub(super) fn read(self, offset: u16) -> u32 {
        // SAFETY: the address is aligned and belongs to one of the peripherals above. None of them reads or writes memory.
        unsafe { self.register(offset).read_volatile() }
    }

    pub(super) fn write(self, offset: u16, value: u32) {
        // SAFETY: as for `read`.
        unsafe { self.register(offset).write_volatile(value) }
    }

    pub(super) fn set_bits(self, offset: u16, bits: u32) {
        self.write(offset, self.read(offset) | bits);
    }
}
