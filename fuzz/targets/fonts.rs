//! `displayio_fuzz::fonts`, driven by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| displayio_fuzz::fonts::run(bytes));
