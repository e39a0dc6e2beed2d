//! `galley bench`: what a model costs on this machine, so that machines and
//! models can be compared.

mod machine;
mod words_of;

use std::time::{Duration, Instant};

use serde::Serialize;

use super::output::print_line;
use super::{DONE, run};
use crate::domain::prompt::{Constraint, Message, Prompt, Role, Sampling};
use crate::domain::words;
use crate::engine::{Answer, Cancel, Engine, EngineInfo, Progress};
use crate::models::Form;
use crate::models::speed::Speeds;
use crate::paths::Paths;
use crate::runtime::model::ModelChoice;
use crate::runtime::prepare::Measure;
use machine::Machine;
use words_of::text_of;

/// Prompt lengths that are measured, in tokens of text.
const LENGTHS: [usize; 3] = [128, 512, 1_000];
/// Tokens of an answer at most.
const ANSWER: usize = 48;
/// Rounds of each, and the time after which no other one is begun.
const ROUNDS: usize = 3;
const PATIENCE: Duration = Duration::from_secs(30);
/// A chunk of a document as jobs ask about it, in tokens.
const CHUNK: usize = 900;
const QUESTIONS: [&str; 2] = ["Copy every date from the text above.", "Who has to do something?"];

/// `--json` prints this. Seconds are of the wall clock, sizes in bytes.
#[derive(Debug, Serialize)]
struct Bench {
    galley: &'static str,
    machine: Machine,
    model: String,
    sha256: String,
    engine: &'static str,
    device: String,
    /// Document tokens in one prompt.
    window: usize,
    /// How the weights stand in memory; only of a model on this machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    form: Option<Form>,
    /// What was measured of each form: seconds for each token read, for each pair of
    /// tokens, for each written.
    #[serde(skip_serializing_if = "Speeds::is_empty")]
    forms: Speeds,
    load_seconds: f64,
    runs: Vec<Run>,
    second_job: SecondJob,
    /// Resident memory at the end, and the most it ever was.
    memory_bytes: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    peak_memory_bytes: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Run {
    prompt_tokens: usize,
    prefill_tokens_per_second: f64,
    first_token_seconds: f64,
    decode_tokens_per_second: f64,
}

/// Two questions about one chunk, one after the other.
#[derive(Debug, Serialize)]
struct SecondJob {
    prompt_tokens: usize,
    first_prefill_seconds: f64,
    second_prefill_seconds: f64,
    /// The second by the first.
    ratio: f64,
}

pub fn main(model: Option<&str>, as_json: bool, paths: &Paths) -> Result<u8, String> {
    let choice = run::chosen_model(model, paths)?;
    let tell = |doing: String| {
        if !as_json {
            eprintln!("{doing}");
        }
    };
    let Started { engine, form, forms, load_seconds } = start(&choice, &tell)?;
    let runs = LENGTHS.iter().map(|length| measure(&*engine, *length)).collect::<Result<_, _>>()?;
    let second_job = second_job(&*engine)?;
    let EngineInfo { engine: kind, model, sha256, device, window, .. } = engine.info().clone();
    let bench = Bench {
        galley: env!("CARGO_PKG_VERSION"),
        machine: Machine::read(),
        model,
        sha256,
        engine: kind,
        device,
        window,
        form,
        forms,
        load_seconds,
        runs,
        second_job,
        memory_bytes: machine::resident(),
        peak_memory_bytes: machine::peak(),
    };
    if as_json {
        print_line(&serde_json::to_string(&bench).expect("a bench is plain data"));
    } else {
        print_human(&bench);
    }
    Ok(DONE)
}

/// An engine at work, and what is only known of a model on this machine.
struct Started {
    engine: Box<dyn Engine>,
    form: Option<Form>,
    forms: Speeds,
    load_seconds: f64,
}

/// Loads the model, or connects. This is also how a person has the speeds measured
/// anew, by which the form and the window are chosen; that is no part of what
/// loading takes.
fn start(choice: &ModelChoice, tell: &dyn Fn(String)) -> Result<Started, String> {
    let cancel = Cancel::new();
    if choice.is_server() {
        let began = Instant::now();
        let engine = choice.start(tell, &cancel)?;
        let load_seconds = began.elapsed().as_secs_f64();
        return Ok(Started { engine, form: None, forms: Speeds::new(), load_seconds });
    }
    let prepared = choice.prepare(Measure::Again, tell, &cancel)?;
    let (form, forms) = (Some(prepared.form()), prepared.speeds().clone());
    let began = Instant::now();
    let engine = prepared.start().map_err(|e| e.to_string())?;
    Ok(Started { engine, form, forms, load_seconds: began.elapsed().as_secs_f64() })
}

fn print_human(bench: &Bench) {
    print_line(&format!("{} on {}", bench.model, bench.device));
    print_line(&bench.machine.to_string());
    print_line(&format!(
        "loaded in {:.1} s; {} document tokens in one prompt",
        bench.load_seconds, bench.window
    ));
    for run in &bench.runs {
        print_line(&format!(
            "{:>5} tokens: prefill {:.0} tokens/s, first token after {:.1} s, decode {:.1} tokens/s",
            run.prompt_tokens,
            run.prefill_tokens_per_second,
            run.first_token_seconds,
            run.decode_tokens_per_second
        ));
    }
    let second = &bench.second_job;
    print_line(&format!(
        "a second question on {} tokens: {:.2} s to read after {:.2} s ({:.0} %)",
        second.prompt_tokens,
        second.second_prefill_seconds,
        second.first_prefill_seconds,
        second.ratio * 100.0
    ));
    for (form, speed) in &bench.forms {
        print_line(&format!(
            "as {form}: prefill {:.0} tokens/s at 512 tokens, decode {:.1} tokens/s",
            speed.prefill_rate(512),
            1.0 / speed.decode
        ));
    }
    print_line(&format!("memory {}", words::size(bench.memory_bytes)));
}

/// Asks the same a few times, each time from nothing, and takes the middle one:
/// the first prompt pays for memory that was never touched, and machines have
/// other things to do.
fn measure(engine: &dyn Engine, length: usize) -> Result<Run, String> {
    let text = text_of(engine, length) + "\n\nName the most important item and say why it is.";
    let rounds = repeat(|| {
        engine.release();
        once(engine, &text)
    })?;
    let middle = |of: &dyn Fn(&Run) -> f64| median(rounds.iter().map(of).collect());
    Ok(Run {
        prompt_tokens: rounds[0].prompt_tokens,
        prefill_tokens_per_second: middle(&|run| run.prefill_tokens_per_second),
        first_token_seconds: middle(&|run| run.first_token_seconds),
        decode_tokens_per_second: middle(&|run| run.decode_tokens_per_second),
    })
}

fn once(engine: &dyn Engine, text: &str) -> Result<Run, String> {
    let began = Instant::now();
    let mut first = None;
    let answer = ask(engine, text.to_owned(), ANSWER, &mut |progress| {
        if matches!(progress, Progress::Text(_)) {
            first.get_or_insert_with(|| began.elapsed());
        }
    })?;
    let first = first.unwrap_or(answer.prefill);
    Ok(Run {
        prompt_tokens: answer.prompt_tokens,
        prefill_tokens_per_second: rate(answer.prompt_tokens, answer.prefill),
        first_token_seconds: first.as_secs_f64(),
        // From the first token on, which came with the prompt.
        decode_tokens_per_second: rate(
            answer.answer_tokens.saturating_sub(1),
            began.elapsed().saturating_sub(first),
        ),
    })
}

/// Some rounds, or as many as there is patience for.
fn repeat<T>(mut round: impl FnMut() -> Result<T, String>) -> Result<Vec<T>, String> {
    let began = Instant::now();
    let mut rounds = Vec::new();
    while rounds.is_empty() || (rounds.len() < ROUNDS && began.elapsed() < PATIENCE) {
        rounds.push(round()?);
    }
    Ok(rounds)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn second_job(engine: &dyn Engine) -> Result<SecondJob, String> {
    let chunk = text_of(engine, CHUNK);
    let rounds = repeat(|| {
        engine.release();
        let [first, second] = QUESTIONS
            .map(|question| ask(engine, format!("{chunk}\n\n---\n{question}"), 2, &mut |_| {}));
        Ok((first?, second?))
    })?;
    engine.release();
    let once = median(rounds.iter().map(|(first, _)| first.prefill.as_secs_f64()).collect());
    let again = median(rounds.iter().map(|(_, second)| second.prefill.as_secs_f64()).collect());
    Ok(SecondJob {
        prompt_tokens: rounds[0].1.prompt_tokens,
        first_prefill_seconds: once,
        second_prefill_seconds: again,
        ratio: again / once.max(f64::EPSILON),
    })
}

fn ask(
    engine: &dyn Engine,
    text: String,
    max_tokens: usize,
    listen: &mut dyn FnMut(Progress),
) -> Result<Answer, String> {
    let prompt = Prompt {
        messages: vec![Message { role: Role::User, text }],
        constraint: Constraint::Free,
        sampling: Sampling::GREEDY,
        max_tokens,
        round: 0,
    };
    engine.generate(&prompt, &Cancel::new(), listen).map_err(|e| e.to_string())
}

#[expect(clippy::cast_precision_loss, reason = "counts of tokens")]
fn rate(tokens: usize, time: Duration) -> f64 {
    if time.is_zero() { 0.0 } else { tokens as f64 / time.as_secs_f64() }
}
