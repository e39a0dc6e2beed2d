//! galley's engine against mistral.rs called bare, in one run, taken in turns:
//! in the bare engine's best setting (the very weights that galley loads, whole
//! prompts in one go, no cache) and with its defaults (the GGUF as it is).
//!
//!     cargo bench --bench engine -- MODEL.gguf
//!
//! Prints JSON: rates are medians of the rounds (fewer than three where a model is
//! slow), ratios are of those medians.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use galley::engine::mistral::MistralEngine;
use galley::engine::{Cancel, Engine};
use galley::paths::Paths;
use galley::runtime::model::ModelChoice;
use galley::runtime::prepare::Measure;
use mistralrs::{
    DeviceMapSetting, GgufModelBuilder, Model, ModelDType, NormalRequest, Request, RequestMessage,
    Response, SamplingParams, TextModelBuilder, TokenSource, UqffTextModelBuilder,
};
use serde_json::{Value, json};

type Fallible<T> = Result<T, Box<dyn Error>>;

const ROUNDS: u64 = 3;
/// No further round is begun after so long.
const PATIENCE: Duration = Duration::from_mins(5);
/// Tokens of the prompts, and of the answers.
const LENGTHS: [usize; 3] = [128, 512, 1_000];
const ANSWER: usize = 64;
/// Tokens of the question of a second job on the same chunk.
const QUESTION: usize = 20;

#[expect(clippy::cast_precision_loss, reason = "counts of tokens")]
fn float(count: usize) -> f64 {
    count as f64
}

/// Seconds until the first token, and for each token after it.
#[derive(Clone, Copy)]
struct Timed {
    read: f64,
    decode: f64,
}

/// mistral.rs without galley.
struct Bare {
    _model: Model,
    sender: tokio::sync::mpsc::Sender<Request>,
    requests: usize,
}

impl Bare {
    fn new(model: Model) -> Fallible<Self> {
        let sender = model.inner().get_sender(None)?;
        Ok(Self { _model: model, sender, requests: 0 })
    }

    /// In the setting that is fastest on a CPU: 32-bit floats, no cache.
    async fn best(dir: &Path, uqff: Option<&str>) -> Fallible<Self> {
        let dir = dir.to_str().ok_or("the path is not Unicode")?;
        let builder = match uqff {
            Some(file) => UqffTextModelBuilder::new(dir, vec![file.into()]).into_inner(),
            None => TextModelBuilder::new(dir),
        };
        let model = builder
            .with_token_source(TokenSource::None)
            .with_force_cpu()
            .with_dtype(ModelDType::F32)
            .with_device_mapping(DeviceMapSetting::dummy())
            .with_prefix_cache_n(None)
            .build()
            .await?;
        Self::new(model)
    }

    /// As its own example for a local GGUF has it.
    async fn defaults(file: &Path) -> Fallible<Self> {
        let folder = file.parent().and_then(Path::to_str).ok_or("no folder")?;
        let name = file.file_name().and_then(|n| n.to_str()).ok_or("no name")?;
        Self::new(GgufModelBuilder::new(folder, vec![name]).build().await?)
    }

    async fn time(&mut self, ids: &[u32]) -> Fallible<Timed> {
        let (tx, mut rx) = tokio::sync::mpsc::channel(256);
        self.requests += 1;
        let params = SamplingParams {
            temperature: Some(0.0),
            max_len: Some(ANSWER),
            ..SamplingParams::deterministic()
        };
        let message = RequestMessage::CompletionTokens(ids.to_vec());
        let mut request = NormalRequest::new_simple(message, params, tx, self.requests, None, None);
        request.is_streaming = true;
        let start = Instant::now();
        self.sender.send(Request::Normal(Box::new(request))).await?;
        let mut first = None;
        let mut tokens = 0;
        while let Some(response) = rx.recv().await {
            let Response::CompletionChunk(chunk) = response else { continue };
            first.get_or_insert_with(|| start.elapsed().as_secs_f64());
            tokens += 1;
            let end = chunk.choices.into_iter().find_map(|choice| choice.finish_reason);
            // Tokens that are no whole character come together with the next.
            if end.as_deref() == Some("length") {
                tokens = ANSWER;
            }
            if end.is_some() {
                break;
            }
        }
        let read = first.ok_or("no answer came")?;
        let decode = (start.elapsed().as_secs_f64() - read) / float(tokens.max(2) - 1);
        Ok(Timed { read, decode })
    }
}

fn ours(engine: &MistralEngine, ids: &[u32]) -> Fallible<Timed> {
    engine.release();
    let probe = engine.probe(ids, ANSWER, &Cancel::new())?;
    Ok(Timed { read: probe.read.as_secs_f64(), decode: probe.decode })
}

/// Seconds that a second question about a chunk takes to read, by seconds of
/// the first.
fn second_job(engine: &MistralEngine, seed: u64) -> Fallible<f64> {
    engine.release();
    let chunk = engine.arbitrary_ids(LENGTHS[2], seed);
    let with_question = |seed| -> Vec<u32> {
        chunk.iter().copied().chain(engine.arbitrary_ids(QUESTION, seed)).collect()
    };
    let first = engine.probe(&with_question(seed + 1), 2, &Cancel::new())?;
    let second = engine.probe(&with_question(seed + 2), 2, &Cancel::new())?;
    Ok(second.read.as_secs_f64() / first.read.as_secs_f64())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[derive(Default)]
struct Series(BTreeMap<(&'static str, usize), Vec<Timed>>);

impl Series {
    fn push(&mut self, who: &'static str, length: usize, timed: Timed) {
        self.0.entry((who, length)).or_default().push(timed);
    }

    fn median(&self, who: &'static str, length: usize) -> Timed {
        let all = &self.0[&(who, length)];
        Timed {
            read: median(all.iter().map(|t| t.read).collect()),
            decode: median(all.iter().map(|t| t.decode).collect()),
        }
    }

    fn rates(&self, who: &'static str) -> Value {
        LENGTHS
            .into_iter()
            .map(|n| {
                let Timed { read, decode } = self.median(who, n);
                json!({
                    "prompt_tokens": n,
                    "prefill_tokens_per_second": float(n) / read,
                    "decode_tokens_per_second": 1.0 / decode,
                })
            })
            .collect()
    }
}

fn main() -> Fallible<()> {
    let Some(file) = std::env::args().skip(1).find(|a| !a.starts_with("--")) else {
        println!("Skipped: name a GGUF file, as in `cargo bench --bench engine -- MODEL.gguf`.");
        return Ok(());
    };
    let file = std::fs::canonicalize(file)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let paths = Paths::from_environment().ok_or("there is no home folder")?;
    let choice = ModelChoice::find(file.to_str(), &paths)?;
    let prepared = choice.prepare(Measure::Once, &|doing| eprintln!("{doing}"), &Cancel::new())?;
    let engine = prepared.load()?;
    let staged = prepared.stage()?;
    let mut best = runtime.block_on(Bare::best(&staged.dir, staged.uqff.as_deref()))?;
    let mut defaults = runtime.block_on(Bare::defaults(&file))?;

    let mut series = Series::default();
    let mut second = Vec::new();
    let began = Instant::now();
    let rounds = (0..ROUNDS).take_while(|round| *round == 0 || began.elapsed() < PATIENCE);
    for round in rounds {
        for (n, length) in LENGTHS.into_iter().enumerate() {
            let ids = engine.arbitrary_ids(length, 100 * round + n as u64);
            series.push("galley", length, ours(&engine, &ids)?);
            series.push("best", length, runtime.block_on(best.time(&ids))?);
            series.push("defaults", length, runtime.block_on(defaults.time(&ids))?);
        }
        second.push(second_job(&engine, 1_000 + 10 * round)?);
    }

    let (us, best, defaults) =
        (series.median("galley", 512), series.median("best", 512), series.median("defaults", 512));
    let report = json!({
        "model": engine.info().model,
        "form": prepared.form(),
        "galley": series.rates("galley"),
        "bare_best": series.rates("best"),
        "bare_defaults": series.rates("defaults"),
        "ratios": {
            "prefill_512_to_best": best.read / us.read,
            "prefill_512_to_defaults": defaults.read / us.read,
            "decode_512_to_best": best.decode / us.decode,
            "second_job_prefill": median(second),
        },
    });
    println!("{}", serde_json::to_string_pretty(&report)?);
    Ok(())
}
