//! The adapter to any server that speaks the chat completions of `OpenAI`:
//! llama-server, llama-cpp-python, Ollama, LM Studio, vLLM, mistralrs. Knows the
//! port and the protocol, nothing of documents or jobs.
//!
//! What it sends goes to one host, chosen by the person, and nowhere else.

mod address;
mod asking;
mod breaker;
mod chat;
mod connect;
mod fault;
mod form;
mod gbnf;
mod http;
mod key;
mod letters;
mod retry;
mod sse;

use std::sync::atomic::{AtomicBool, AtomicU8};
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Finish, Progress, rules};
use crate::domain::prompt::Prompt;
use address::Address;
pub use address::host_elsewhere;
use asking::Ask;
use breaker::Breaker;
use chat::End;
use connect::{Connect, Found};
use http::Http;
pub use key::{Key, VARIABLE};
pub use retry::Retry;

/// Tokens of document text in one prompt, at most: more makes models miss
/// things, and an answer that fails is lost for more text.
const WINDOW: usize = 3_000;

/// Tokens that a chat template adds to each message, and to the whole.
const PER_MESSAGE: usize = 8;

/// Added to counts by the server's own tokenizer, which were scaled from
/// another vocabulary's.
const MARGIN: f64 = 1.1;

/// The least context that a part of a document, a question and an answer fit into.
const LEAST_CONTEXT: usize = 512;

/// Most requests at once: beyond that nothing is gained on any server.
pub const MOST_PARALLEL: usize = 64;

/// What a person may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Hosts beside this machine that text may be sent to; see [`OpenAiEngine::connect`].
    pub allow_hosts: Vec<String>,
    /// Most tokens of prompt and answer together; less where the server says so.
    pub context: Option<usize>,
    /// Requests that may be under way at once, 1 to [`MOST_PARALLEL`].
    pub parallel: usize,
    /// How long the server may send nothing of use before it is given up.
    pub silence: Duration,
    pub retry: Retry,
    pub key: Option<Key>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            allow_hosts: Vec::new(),
            context: None,
            parallel: 1,
            silence: Duration::from_mins(2),
            retry: Retry::default(),
            key: None,
        }
    }
}

/// Whether text may be sent to `address`; see [`OpenAiEngine::connect`].
///
/// # Errors
/// A sentence, which never repeats a password or key.
pub fn check_address(address: &str, allow_hosts: &[String]) -> Result<(), String> {
    Address::parse(address, allow_hosts).map(drop)
}

/// A server that answers prompts. There is nothing of it that could die here:
/// each request connects anew where it has to, so it needs no supervision.
pub struct OpenAiEngine {
    info: EngineInfo,
    address: Address,
    http: Http,
    retry: Retry,
    parallel: usize,
    found: Found,
    /// What one token of [`rules::estimate`] counts for.
    scale: f64,
    /// So that a hundred steps do not each wait in vain for a broken server.
    breaker: Breaker,
    /// The connection was lost, so another model may be there by now.
    is_in_doubt: AtomicBool,
    /// The kinds of constraints, as bits, that the server refuses to be held to.
    unheld: AtomicU8,
}

impl OpenAiEngine {
    /// Gets to know the server at `address`, such as `http://127.0.0.1:8080` or
    /// `http://127.0.0.1:11434/v1#llama3.2`. It is asked a few words, no text of
    /// a document.
    ///
    /// A host that is not this machine has to be in `allow_hosts`: as
    /// `gpu.example.org` it may be asked over https on any port, as
    /// `gpu.example.org:8443` on that one, as `http://gpu.example.org` also
    /// without encryption.
    ///
    /// # Errors
    /// [`EngineError::Load`] with a sentence, [`EngineError::Cancelled`].
    pub fn connect(
        address: &str,
        settings: &Settings,
        cancel: &Cancel,
    ) -> Result<Self, EngineError> {
        let address = Address::parse(address, &settings.allow_hosts).map_err(EngineError::Load)?;
        let http = Http::new(&address, settings.key.clone(), settings.silence)
            .map_err(EngineError::Load)?;
        let connect = Connect { address: &address, http: &http, retry: settings.retry, cancel };
        let found = connect.find().map_err(|why| {
            if cancel.is_cancelled() { EngineError::Cancelled } else { EngineError::Load(why) }
        })?;
        tracing::info!(
            server = address.shown,
            holds = found.holds.name(),
            context = found.context,
            tokens = found.tokens,
            "connected"
        );
        let info = info(&address, &found, settings);
        if info.context < LEAST_CONTEXT {
            return Err(EngineError::Load(format!(
                "the context of the server {} is {} tokens, and galley needs {LEAST_CONTEXT}. Start \
                 it with a larger context, or correct context under [engine] in config.toml.",
                address.shown, info.context
            )));
        }
        Ok(Self {
            info,
            address,
            http,
            retry: settings.retry,
            parallel: settings.parallel.clamp(1, MOST_PARALLEL),
            scale: found.tokens.map_or(1.0, |tokens| tokens * MARGIN),
            found,
            breaker: Breaker::new(settings.retry.base * 10),
            is_in_doubt: AtomicBool::new(false),
            unheld: AtomicU8::new(0),
        })
    }

    /// Tokens that an answer may have, after so long a prompt.
    fn room(&self, prompt: usize, wanted: usize) -> Result<usize, EngineError> {
        let context = self.info.context;
        match context.checked_sub(prompt) {
            Some(room) if room >= 2 => Ok(wanted.clamp(1, room)),
            _ => Err(EngineError::TooLong { prompt, context }),
        }
    }
}

fn info(address: &Address, found: &Found, settings: &Settings) -> EngineInfo {
    let context = match (found.context, settings.context) {
        (Some(told), Some(set)) => told.min(set),
        (told, set) => told.or(set).unwrap_or(found.assumed),
    };
    let device = match &address.leaves_machine {
        Some(host) => format!("text is sent to {host}"),
        None => format!("server {}", address.shown),
    };
    EngineInfo {
        engine: "openai",
        model: found.model.clone(),
        sha256: identity(address, found, context),
        context,
        // The rest is for the instruction, the answer, and for text that a
        // foreign vocabulary was wrong about.
        window: (context / 3).clamp(1, WINDOW),
        answers: true,
        device,
        variant: String::new(),
        leaves_machine: address.leaves_machine.clone(),
    }
}

/// Stands for the model's hash, which no server gives: a hash over all that is
/// known of it. Another model under the same name on the same server is only
/// noticed where the server says something else of it.
fn identity(address: &Address, found: &Found, context: usize) -> String {
    let mut hasher = Sha256::new();
    let named = |(key, value): &(&str, String)| format!("{key}={value}");
    let mut known = vec![address.api(""), found.model.clone()];
    known.extend(found.identity.iter().map(named));
    known.extend(found.speaker.model.iter().map(|model| format!("speaker={model}")));
    known.push(format!("holds={}", found.holds.name()));
    known.push(format!("context={context}"));
    for part in &known {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let hash = hasher.finalize();
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16).expect("four bits are a digit");
    hash.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

impl Engine for OpenAiEngine {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// Counted with another vocabulary and scaled to the server's own, which
    /// was measured once; so no text is sent for it.
    fn count(&self, text: &str) -> usize {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "counts of tokens"
        )]
        let scaled = (rules::estimate(text) as f64 * self.scale).ceil() as usize;
        scaled
    }

    fn parallel(&self) -> usize {
        self.parallel
    }

    /// As [`Engine::generate`]. A request that fails in passing is made again,
    /// and the progress starts again with [`Progress::Prefill`].
    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let tokens = |text: &str| self.count(text) + PER_MESSAGE;
        let prompt_tokens =
            prompt.messages.iter().map(|m| tokens(&m.text)).sum::<usize>() + PER_MESSAGE;
        let max_tokens = self.room(prompt_tokens, prompt.max_tokens)?;
        let ask = Ask { prompt, prompt_tokens, max_tokens, cancel };
        let (reply, form) = self
            .ask_in_form(&ask, progress)
            .map_err(|fault| fault.into_error(&self.address, self.http.has_key()))?;
        let mut text = reply.text;
        let finish = match (reply.looped, reply.end) {
            (Some(found), _) => found.cut(&mut text),
            (None, End::Length) => Finish::Length,
            (None, End::Stop) => Finish::Stop,
        };
        Ok(Answer {
            text: form.plain(&prompt.constraint, &text),
            finish,
            prompt_tokens: reply.prompt_tokens.unwrap_or(prompt_tokens),
            answer_tokens: reply.answer_tokens.unwrap_or_default(),
            prefill: reply.prefill,
            decode: reply.decode,
        })
    }
}
