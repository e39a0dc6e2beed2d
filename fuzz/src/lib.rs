//! The readers as fuzz targets see them: bytes in, pieces out, and what holds
//! of every piece whatever the bytes are.

// The worker process and its parent are compiled with the readers and not used.
#![allow(dead_code, unused_imports)]

pub mod domain;
#[path = "../../src/environment.rs"]
pub mod environment;
#[path = "../../src/extract/mod.rs"]
pub mod extract;
pub mod package;
#[path = "../../tests/support/pieces.rs"]
mod pieces;

use std::panic;
use std::path::Path;
use std::process;
use std::sync::Once;

use domain::document::Format;
use extract::{Limits, Options};

/// Reads `source` as `format`; ends the process where that panics, or where
/// what comes out is not sound.
pub fn read(format: Format, source: &[u8]) {
    // Small enough that a case is quick, large enough that tables and pages come.
    let limits = Limits { text_bytes: 1 << 20, pages: 20, ..Limits::default() };
    let options = Options::within(limits);
    let packed = package::packed(format.name(), source);
    let source = packed.as_deref().unwrap_or(source);
    ends_well(|| pieces::check(extract::extractor(format), source, &options));
}

/// Tells the format of `source` under the name of each.
pub fn sniff(source: &[u8]) {
    for format in Format::ALL {
        let name = format!("a.{}", format.name());
        ends_well(|| drop(extract::format_of(Path::new(&name), source)));
    }
}

/// The PDF parsers panic, and their callers catch that: a panic that was caught
/// is no finding, so the fuzzer's own hook, which ends the process at each, goes.
fn ends_well(work: impl FnOnce()) {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| panic::set_hook(Box::new(|_| {})));
    if let Err(why) = panic::catch_unwind(panic::AssertUnwindSafe(work)) {
        let said = why.downcast_ref::<String>().map(String::as_str);
        eprintln!("{}", said.or(why.downcast_ref::<&str>().copied()).unwrap_or("a panic"));
        process::abort();
    }
}
