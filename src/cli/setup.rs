//! What every command needs before it starts: a log file, threads, and
//! panics that do not print document text.

use std::fs::{self, OpenOptions};
use std::panic;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::output::complain;
use crate::paths::Paths;

/// The log is begun anew when it has grown to this size.
const LOG_BYTES: u64 = 5_000_000;

/// Sends galley's own log to a file. Other crates are left out: what they log
/// may hold document text. A log that cannot be written is done without.
pub fn logging(paths: &Paths) {
    let file = paths.log();
    let is_full = fs::metadata(&file).is_ok_and(|data| data.len() > LOG_BYTES);
    let opened = fs::create_dir_all(&paths.data).and_then(|()| {
        OpenOptions::new().create(true).append(!is_full).write(true).truncate(is_full).open(&file)
    });
    if let Ok(file) = opened {
        let filter = EnvFilter::new("off,galley=info");
        // A second subscriber can only be there in tests.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            .with_writer(Mutex::new(file))
            .try_init();
    }
}

/// Leaves a core for the screen where there are enough of them.
pub fn threads() {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = if cores > 4 { cores - 1 } else { cores };
    // Only a pool that is there already can refuse, and that is none of ours.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
}

/// A panic's message may quote a document; its place does not.
pub fn quiet_panics() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(place, "a fault inside galley");
        complain(&format!(
            "A fault inside galley at {place}. Decisions and finished steps are kept; start it again to go on."
        ));
    }));
}
