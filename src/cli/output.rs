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
