//! tiktoken against the tokenizers library on one vocabulary, in one run, taken
//! in turns: what building each costs in time and memory, and how many bytes of
//! text each encodes in a second. Checks that both give the same ids.
//!
//!     cargo bench --bench tokens -- VOCABULARY.gguf TEXT...
//!
//! Prints JSON: seconds are medians of the rounds. A vocabulary that tiktoken
//! does not serve is an error.

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use galley::models::tokenizer::{Counter, encode_document, tokenizer_from_gguf};
use serde_json::json;
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

const ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let Some(gguf) = arguments.next() else {
        println!("usage: cargo bench --bench tokens -- VOCABULARY.gguf TEXT...");
        return Ok(());
    };
    let gguf = Path::new(&gguf);
    let texts = arguments.map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
    let bytes: usize = texts.iter().map(String::len).sum();

    let before = resident();
    let (counter, counter_built) = timed(|| Counter::from_gguf(gguf));
    let (counter, between) = (counter?, resident());
    let (library, library_built) = timed(|| tokenizer_from_gguf(gguf));
    let (library, after) = (library?, resident());
    if !counter.is_tiktoken() {
        return Err("tiktoken does not serve this vocabulary".into());
    }

    let (mut by_counter, mut by_library) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (ranked, took) =
            timed(|| texts.iter().map(|text| counter.ids(text)).collect::<Vec<_>>());
        by_counter.push(took);
        let (listed, took) = timed(|| {
            texts.iter().map(|text| Some(encode_document(&library, text))).collect::<Vec<_>>()
        });
        by_library.push(took);
        if ranked != listed {
            return Err("the two do not give the same ids".into());
        }
    }
    let (by_counter, by_library) = (median(by_counter), median(by_library));
    let report = json!({
        "bytes": bytes,
        "tiktoken": {
            "build_s": counter_built.as_secs_f64(),
            "resident_bytes": between.saturating_sub(before),
            "encode_s": by_counter,
        },
        "tokenizers": {
            "build_s": library_built.as_secs_f64(),
            "resident_bytes": after.saturating_sub(between),
            "encode_s": by_library,
        },
        "tiktoken_times_as_fast": by_library / by_counter,
    });
    println!("{report:#}");
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let value = work();
    (value, start.elapsed())
}

/// In seconds.
fn median(mut all: Vec<Duration>) -> f64 {
    all.sort_unstable();
    all.get(all.len() / 2).map_or(0.0, Duration::as_secs_f64)
}

/// Bytes of memory that this process holds.
fn resident() -> u64 {
    let Ok(pid) = sysinfo::get_current_pid() else { return 0 };
    let mut system = System::new();
    system.refresh_processes_specifics(
        ProcessesToUpdate::Some(&[pid]),
        true,
        ProcessRefreshKind::nothing().with_memory(),
    );
    system.process(pid).map_or(0, sysinfo::Process::memory)
}
