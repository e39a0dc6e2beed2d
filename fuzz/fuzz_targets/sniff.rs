//! Bytes whose format has to be told, under the name of any of them.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| galley_fuzz::sniff(bytes));
