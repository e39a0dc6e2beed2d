//! `galley bench`: what a model costs on this machine.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use serde::Serialize;
use sysinfo::{ProcessesToUpdate, System, get_current_pid};

use super::output::print_line;
use super::{DONE, run};
use crate::domain::prompt::{Constraint, Message, Prompt, Role, Sampling};
use crate::domain::words;
use crate::engine::{Cancel, Engine, Progress};
use crate::paths::Paths;
use crate::runtime::model::supervised;

/// Prompt lengths that are measured, in tokens of text.
const LENGTHS: [usize; 2] = [256, 900];
const ANSWER: usize = 48;

#[derive(Debug, Serialize)]
struct Bench {
    model: String,
    sha256: String,
    device: String,
    load_seconds: f64,
    runs: Vec<Run>,
    /// Resident memory at the end, in bytes.
    memory_bytes: u64,
}

#[derive(Debug, Serialize)]
struct Run {
    prompt_tokens: usize,
    prefill_tokens_per_second: f64,
    first_token_seconds: f64,
    decode_tokens_per_second: f64,
}

pub fn main(model: Option<&str>, as_json: bool, paths: &Paths) -> Result<u8, String> {
    let choice = run::chosen_model(model, paths)?;
    let spec = choice.spec(&|_| {})?;
    let began = Instant::now();
    let engine = supervised(spec).map_err(|e| e.to_string())?;
    let load_seconds = began.elapsed().as_secs_f64();
    let runs = LENGTHS.iter().map(|length| measure(&engine, *length)).collect::<Result<_, _>>()?;
    let bench = Bench {
        model: engine.info().model.clone(),
        sha256: engine.info().sha256.clone(),
        device: engine.info().device.clone(),
        load_seconds,
        runs,
        memory_bytes: resident(),
    };
    if as_json {
        print_line(&serde_json::to_string(&bench).expect("a bench is plain data"));
    } else {
        print_human(&bench);
    }
    Ok(DONE)
}

fn print_human(bench: &Bench) {
    print_line(&format!("{} on {}", bench.model, bench.device));
    print_line(&format!("loaded in {:.1} s", bench.load_seconds));
    for run in &bench.runs {
        print_line(&format!(
            "{:>5} tokens: prefill {:.0} tokens/s, first token after {:.1} s, decode {:.1} tokens/s",
            run.prompt_tokens,
            run.prefill_tokens_per_second,
            run.first_token_seconds,
            run.decode_tokens_per_second
        ));
    }
    print_line(&format!("memory {}", words::size(bench.memory_bytes)));
}

fn measure(engine: &dyn Engine, length: usize) -> Result<Run, String> {
    let prompt = Prompt {
        messages: vec![Message { role: Role::User, text: text_of(engine, length) }],
        constraint: Constraint::Free,
        sampling: Sampling::GREEDY,
        max_tokens: ANSWER,
    };
    let began = Instant::now();
    let mut first = None;
    let answer = engine
        .generate(&prompt, &Cancel::new(), &mut |progress| {
            if matches!(progress, Progress::Text(_)) {
                first.get_or_insert_with(|| began.elapsed());
            }
        })
        .map_err(|e| e.to_string())?;
    Ok(Run {
        prompt_tokens: answer.prompt_tokens,
        prefill_tokens_per_second: rate(answer.prompt_tokens, answer.prefill),
        first_token_seconds: first.unwrap_or(answer.prefill).as_secs_f64(),
        decode_tokens_per_second: rate(answer.answer_tokens, answer.decode),
    })
}

/// Numbered sentences, so that no two prompts share more than their start.
fn text_of(engine: &dyn Engine, tokens: usize) -> String {
    let mut text = format!("Report of {tokens} tokens.");
    for n in 1.. {
        if engine.count(&text) >= tokens {
            break;
        }
        let lot = n * 37 % 101;
        // Writing to a string cannot fail.
        let _ =
            write!(text, " Item {n}: the supplier shall deliver lot {lot} to the northern depot.");
    }
    text + "\n\nName the most important item and say why it is."
}

#[expect(clippy::cast_precision_loss, reason = "counts of tokens")]
fn rate(tokens: usize, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { tokens as f64 / time.as_secs_f64() }
}

fn resident() -> u64 {
    let Ok(pid) = get_current_pid() else { return 0 };
    let mut system = System::new();
    system.refresh_processes(ProcessesToUpdate::Some(&[pid]), true);
    system.process(pid).map_or(0, sysinfo::Process::memory)
}
