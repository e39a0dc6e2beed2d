//! Reading documents, in one run and in turns: galley as its workbench reads,
//! one file after the other through a worker that is kept, and `pdftotext`, a
//! process a file.
//!
//!     cargo bench --bench reading -- FILE.pdf...
//!
//! Prints JSON: seconds are medians of the rounds for all files together, words
//! are those of each one's own text, memory is the peak of its process.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use galley::extract::{Options, WorkerCommand, Workers, guard};
use serde_json::{Value, json};

const ROUNDS: usize = 7;
/// How often the memory of a process is looked at.
const GLANCE: Duration = Duration::from_millis(2);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let files = arguments.map(absolute).collect::<Result<Vec<_>, _>>()?;
    if files.is_empty() {
        println!("usage: cargo bench --bench reading -- FILE.pdf...");
        return Ok(());
    }
    let worker = WorkerCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_galley")),
        args: vec!["__extract".into()],
    };
    let workers = Workers::new(worker);
    let (mut by_galley, mut by_poppler) = (Vec::new(), Vec::new());
    // The first round starts the worker and fills the file cache.
    for _ in 0..=ROUNDS {
        by_galley.push(measured(&files, |file| read(file, &workers))?);
        by_poppler.push(measured(&files, pdftotext)?);
    }
    let (galley, poppler) = (Figures::of(&by_galley[1..]), Figures::of(&by_poppler[1..]));
    println!(
        "{:#}",
        json!({
            "files": files.len(),
            "galley": galley.told(),
            "pdftotext": poppler.told(),
            "time_ratio": galley.seconds / poppler.seconds,
        })
    );
    Ok(())
}

/// What one round over all files took.
struct Round {
    seconds: f64,
    words: usize,
    peak_bytes: u64,
}

/// The words of a file, and the highest memory of the process that read it.
type Reading = Result<(usize, u64), Box<dyn Error>>;

fn measured(files: &[PathBuf], read: impl Fn(&Path) -> Reading) -> Result<Round, Box<dyn Error>> {
    let (began, mut words, mut peak_bytes) = (Instant::now(), 0, 0);
    for file in files {
        let (more, peak) = read(file)?;
        words += more;
        peak_bytes = peak.max(peak_bytes);
    }
    Ok(Round { seconds: began.elapsed().as_secs_f64(), words, peak_bytes })
}

fn read(file: &Path, workers: &Workers) -> Reading {
    let document = guard::read(file, workers, &Options::default(), &|| false)?;
    // An idle worker still tells the highest memory that it had.
    let peak = workers.idle().into_iter().map(peak_memory).max().unwrap_or(0);
    Ok((document.text.split_whitespace().count(), peak))
}

fn pdftotext(file: &Path) -> Reading {
    let child = Command::new("pdftotext").arg(file).arg("-").stdout(Stdio::piped()).spawn()?;
    let (id, done) = (child.id(), AtomicBool::new(false));
    thread::scope(|scope| {
        let watch = scope.spawn(|| {
            let mut peak = 0;
            while !done.load(Ordering::Relaxed) {
                peak = peak_memory(id).max(peak);
                thread::sleep(GLANCE);
            }
            peak
        });
        let output = child.wait_with_output();
        done.store(true, Ordering::Relaxed);
        let text = String::from_utf8_lossy(&output?.stdout).into_owned();
        Ok((text.split_whitespace().count(), watch.join().unwrap_or(0)))
    })
}

/// The highest resident memory that the process had, in bytes; 0 where the
/// system does not say (anywhere but on Linux).
fn peak_memory(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kib.unwrap_or(0) * 1024
}

struct Figures {
    seconds: f64,
    words: usize,
    peak_bytes: u64,
}

impl Figures {
    fn of(rounds: &[Round]) -> Self {
        let mut seconds: Vec<f64> = rounds.iter().map(|round| round.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        Self {
            seconds: seconds[seconds.len() / 2],
            words: rounds[0].words,
            peak_bytes: rounds.iter().map(|round| round.peak_bytes).max().unwrap_or(0),
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "words are far fewer than 2^52")]
    fn told(&self) -> Value {
        json!({
            "seconds": self.seconds,
            "words": self.words,
            "words_per_second": self.words as f64 / self.seconds,
            "peak_bytes": self.peak_bytes,
        })
    }
}
