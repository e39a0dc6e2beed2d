//! Memory over many documents: what one leaves behind must not add up. Needs the
//! starter model, from `GALLEY_TEST_STARTER` or where `models pull` put it.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use galley::domain::prompt::{Constraint, Message, Prompt, Role, Sampling, Shape};
use galley::engine::mistral::{MistralEngine, Settings};
use galley::engine::{Cancel, Engine, Progress};
use galley::models::{Form, catalogue, import_gguf, pull};
use galley::paths::Paths;
use sysinfo::{Pid, ProcessesToUpdate, System};

use crate::support::tiny_engine::spec_of;

const DOCUMENTS: usize = 200;
/// Everything that is allocated once has been by then.
const SETTLED: usize = 10;
/// One document of so many is read in two steps and asked about twice.
const LONG_OF: usize = 10;
/// A step, in tokens.
const STEP: usize = 510;
/// Bytes for keys and values between prompts: the starter takes 24 MB for each
/// 512 tokens, a long document with two questions five times that.
const BUDGET: u64 = 128 << 20;

fn starter() -> PathBuf {
    if let Some(path) = std::env::var_os("GALLEY_TEST_STARTER") {
        return path.into();
    }
    let entry = catalogue::find("starter").expect("in the catalogue");
    pull::file_of(entry, &Paths::from_environment().expect("a home").models())
}

/// The starter with its weights as floats, which takes the most memory.
fn load(models: &Path) -> MistralEngine {
    let folder = import_gguf(&starter(), models, &mut |_| {}).expect("the starter model");
    let staged = folder.stage(Form::Floats, models, &mut |_, _| {}).expect("room for its floats");
    let mut spec = spec_of(folder);
    spec.dir.clone_from(&staged.dir);
    let settings = Settings { kv_budget: BUDGET, free_memory: || u64::MAX };
    MistralEngine::load(&spec, &settings).expect("loaded")
}

/// A letter unlike any other: of 60 to 120 tokens, or a long one of some 700.
fn document(n: usize) -> String {
    let (day, month) = (n % 28 + 1, ["March", "April", "May", "June", "July"][n % 5]);
    let town = ["Rotterdam", "Leith", "Bergen", "Gdansk", "Cork", "Porto", "Malmo"][n % 7];
    let mut text = format!("{town}, {day} {month} 2026. Order {n}.");
    let items = if is_long(n) { 24 } else { n % 4 };
    for item in 0..=items {
        let amount = (n * 7_919 + item * 104_729) % 90_000 + 10_000;
        write!(text, " The supplier shall deliver lot {item} for EUR {amount} by {day} {month}.")
            .expect("a string");
    }
    text
}

/// In the middle of each ten, so that its memory is given back by the next.
fn is_long(n: usize) -> bool {
    n % LONG_OF == LONG_OF / 2
}

/// Asks about a text; tokens of the prompt, and how many of them were known.
fn ask(engine: &MistralEngine, text: &str, question: &str) -> (usize, usize) {
    let prompt = Prompt {
        messages: vec![Message { role: Role::User, text: format!("{text}\n\n{question}") }],
        constraint: Constraint::Quotes {
            source: text.to_owned(),
            max: 1,
            max_words: 4,
            shape: Shape::Date,
        },
        sampling: Sampling::GREEDY,
        max_tokens: 12,
        round: 0,
    };
    let mut known = None;
    let answer = engine.generate(&prompt, &Cancel::new(), &mut |progress| {
        if let Progress::Prefill { done, .. } = progress {
            known.get_or_insert(done);
        }
    });
    let held = engine.retained_bytes();
    assert!(held > 0 && held <= BUDGET, "{held} bytes are held of {BUDGET}");
    (answer.expect("an answer").prompt_tokens, known.expect("it told of its reading"))
}

fn resident(system: &mut System, own: Pid) -> u64 {
    system.refresh_processes(ProcessesToUpdate::Some(&[own]), true);
    system.process(own).expect("this process").memory()
}

#[test]
#[ignore = "needs the starter model; .ci/run pulls it and asks for this test"]
fn real_model_memory_is_flat_within_5_per_cent_over_200_documents() {
    let home = tempfile::tempdir().expect("a folder");
    let engine = load(home.path());
    let (mut system, own) = (System::new(), sysinfo::get_current_pid().expect("an id"));
    let mut measured = Vec::new();
    for n in 1..=DOCUMENTS {
        let text = document(n);
        let (tokens, _) = ask(&engine, &text, "Copy the date of this letter, or say none.");
        if is_long(n) {
            assert!((STEP + 50..2 * STEP).contains(&tokens), "{tokens} tokens are two steps");
            let (_, known) = ask(&engine, &text, "Copy the last day of delivery, or say none.");
            assert!(known > STEP, "only {known} tokens were known to the second question");
        } else {
            assert!(tokens > 40, "it read the document");
            engine.release();
        }
        if n % SETTLED == 0 {
            measured.push(resident(&mut system, own));
        }
    }
    eprintln!(
        "MB after every {SETTLED}th: {:?}",
        measured.iter().map(|b| b / 1_000_000).collect::<Vec<_>>()
    );
    let settled = measured[0];
    for (at, bytes) in measured.iter().enumerate() {
        let n = (at + 1) * SETTLED;
        assert!(bytes * 100 <= settled * 105, "{bytes} bytes after {n}, {settled} after {SETTLED}");
    }
}
