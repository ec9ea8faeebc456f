//! `displayio_fuzz::bmp`, driven by libFuzzer.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| displayio_fuzz::bmp::run(bytes));
