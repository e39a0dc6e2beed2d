//! What every command needs before it starts: a log file, threads, and
//! panics that do not print document text.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::panic;
use std::sync::Mutex;

use tracing_subscriber::EnvFilter;

use super::output::complain;
use crate::paths::Paths;
use crate::store::private_folder;

/// The log is begun anew when it has grown to this size.
const LOG_BYTES: u64 = 5_000_000;

/// Sends galley's own log to a file. Other crates are left out: what they log
/// may hold document text. A log that cannot be written is done without.
pub fn logging(paths: &Paths) {
    if let Ok(file) = open_log(paths) {
        let filter = EnvFilter::new("off,galley=info");
        // A second subscriber can only be there in tests.
        let _ = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_ansi(false)
            // What the log cannot take must not be sprayed over the screen.
            .log_internal_errors(false)
            .with_writer(Mutex::new(file))
            .try_init();
    }
}

/// Opens the log in the data folder, both for their owner alone: the log names
/// documents, and the folder holds what was found in them.
fn open_log(paths: &Paths) -> io::Result<File> {
    private_folder(&paths.data)?;
    let path = paths.log();
    let is_full = fs::metadata(&path).is_ok_and(|data| data.len() > LOG_BYTES);
    let mut options = OpenOptions::new();
    options.create(true).append(!is_full).write(true).truncate(is_full);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let file = options.open(&path)?;
    // An earlier galley may have made them for all to read.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
        fs::set_permissions(&paths.data, fs::Permissions::from_mode(0o700))?;
    }
    Ok(file)
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[cfg(unix)]
    #[test]
    fn the_data_folder_and_the_log_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::under(&home.path().join("galley"));
        let mode = |path: &std::path::Path| {
            fs::metadata(path).expect("it is there").permissions().mode() & 0o777
        };
        for _ in 0..2 {
            open_log(&paths).expect("opened");
            assert_eq!((mode(&paths.data), mode(&paths.log())), (0o700, 0o600));
            // As an earlier galley left them.
            for (path, open) in [(&paths.data, 0o755), (&paths.log(), 0o644)] {
                fs::set_permissions(path, fs::Permissions::from_mode(open)).expect("allowed");
            }
        }
    }

    #[test]
    fn the_log_goes_on_until_it_is_full_and_then_begins_anew() {
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::under(home.path());
        for _ in 0..2 {
            open_log(&paths).expect("opened").write_all(b"line\n").expect("written");
        }
        assert_eq!(fs::read(paths.log()).expect("readable"), b"line\nline\n");
        let file = File::options().write(true).open(paths.log()).expect("opened");
        file.set_len(LOG_BYTES + 1).expect("grown");
        open_log(&paths).expect("opened").write_all(b"new\n").expect("written");
        assert_eq!(fs::read(paths.log()).expect("readable"), b"new\n");
    }
}
