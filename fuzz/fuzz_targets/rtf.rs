//! Bytes for the reader of rtf.

#![no_main]

use galley_fuzz::domain::document::Format;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| galley_fuzz::read(Format::Rtf, bytes));
