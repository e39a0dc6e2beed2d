//! Printing: results on standard output, everything else on standard error.

use std::io::{self, IsTerminal as _, Write as _};
use std::process;

/// Prints on standard output. A reader that went away (`| head`) is no
/// fault: the program ends then.
pub fn print(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(e) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        if e.kind() == io::ErrorKind::BrokenPipe {
            process::exit(0);
        }
        complain(&format!("Standard output cannot be written to ({e})."));
        process::exit(1);
    }
}

pub fn print_line(text: &str) {
    print(&format!("{text}\n"));
}

/// Says something to the person on standard error.
pub fn complain(text: &str) {
    // Nowhere is left to report a broken standard error to.
    let _ = writeln!(io::stderr(), "{text}");
}

/// Whether somebody watches standard error, so that progress makes sense.
#[must_use]
pub fn is_watched() -> bool {
    io::stderr().is_terminal()
}

/// Bytes as people read them, in powers of ten: "98.4 MB".
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format!("{count} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", count as f64 / 1e3),
        1_000_000..1_000_000_000 => format!("{:.1} MB", count as f64 / 1e6),
        _ => format!("{:.2} GB", count as f64 / 1e9),
    }
}
