//! Getting to know a server: which model it has, how much that can read, and
//! what it holds an answer to. What it says is tried out, not believed.

use serde_json::{Map, Value, json};

use super::address::Address;
use super::chat::{self, Listener, Reply, Speaker};
use super::fault::Fault;
use super::form::{Form, Holds};
use super::http::{Http, Page};
use super::retry::Retry;
use crate::domain::prompt::{Constraint, Message, Prompt, Role, Sampling};
use crate::engine::loops::LoopWatch;
use crate::engine::{Cancel, rules};

/// What a server was found to be.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// The model's name as requests give it.
    pub model: String,
    /// Most tokens of prompt and answer together, where the server says so.
    pub context: Option<usize>,
    /// The context to count on where nobody tells.
    pub assumed: usize,
    pub holds: Holds,
    /// What tells this model from another one of the same name, by what says it.
    pub identity: Vec<(&'static str, String)>,
    /// Who answers here.
    pub speaker: Speaker,
    /// The server's tokens for each one that [`rules::estimate`] counts.
    pub tokens: Option<f64>,
    is_ollama: bool,
    /// Fields that are added to each request.
    pub fields: Map<String, Value>,
}

/// A text of the kinds that documents are made of, to measure a tokenizer with.
const MEASURE: &str = include_str!("measure.txt");

/// The context that is assumed where neither the server nor the settings tell:
/// the least that Ollama and LM Studio start with, and llama-cpp-python, whose
/// streams just end where a prompt is longer.
const ASSUMED: usize = 4_096;
const ASSUMED_PYTHON: usize = 2_048;

/// Characters of the longest name of a model that is taken from a server.
const LONGEST_NAME: usize = 200;

/// What is said when a server holds an answer to it, and not otherwise.
const WORD: &str = "q7";

pub struct Connect<'a> {
    pub address: &'a Address,
    pub http: &'a Http,
    pub retry: Retry,
    pub cancel: &'a Cancel,
}

impl Connect<'_> {
    /// # Errors
    /// A sentence that names the server.
    pub fn find(&self) -> Result<Found, String> {
        let told = |fault: Fault| fault.sentence(self.address, self.http.has_key());
        let mut found = self.look().map_err(|why| why.unwrap_or_else(told))?;
        self.measure(&mut found);
        self.holds(&mut found).map_err(told)?;
        // What Ollama says is only true once it has loaded the model.
        if found.is_ollama {
            self.ask_ollama_for_context(&mut found);
        }
        Ok(found)
    }

    /// Which model the server has, by what it says of itself; no prompt is sent.
    pub fn look(&self) -> Result<Found, Told> {
        let entry = self.model()?;
        let model = entry["id"].as_str().unwrap_or_default().to_owned();
        let mut found = Found {
            context: number(&entry["max_model_len"]),
            assumed: ASSUMED,
            holds: Holds::Nothing,
            identity: ["owned_by", "root", "meta", "max_model_len"]
                .into_iter()
                .filter(|key| !entry[*key].is_null())
                .map(|key| (key, entry[key].to_string()))
                .collect(),
            speaker: Speaker::default(),
            is_ollama: entry["owned_by"] == "library",
            tokens: None,
            fields: Map::new(),
            model,
        };
        if found.is_ollama {
            self.ask_ollama_for_digest(&mut found);
        } else {
            self.ask_llama_server(&mut found);
        }
        Ok(found)
    }

    fn get(&self, url: &str) -> Result<Value, Fault> {
        self.retry.run(self.cancel, Fault::passes, || {
            self.http.json(url, None, Page::Needed, self.cancel)
        })
    }

    /// A page that only some servers have.
    fn extra(&self, path: &str, body: Option<&Value>) -> Option<Value> {
        self.http.json(&self.address.beside(path), body, Page::Extra, self.cancel).ok()
    }

    /// The model's entry in the server's list.
    fn model(&self) -> Result<Value, Told> {
        let named = self.address.model.as_deref();
        let list = match (self.get(&self.address.api("models")), named) {
            (Ok(list), _) => list,
            // A server without a list of its models may well have the one named.
            (Err(Fault::Status(refusal)), Some(named)) if refusal.status == 404 => {
                return Ok(json!({ "id": named }));
            }
            (Err(fault), _) => return Err(Told::Fault(fault)),
        };
        let entries = list["data"].as_array().cloned().unwrap_or_default();
        let id = |entry: &Value| entry["id"].as_str().filter(|id| is_name(id)).map(str::to_owned);
        let ids: Vec<String> = entries.iter().filter_map(id).collect();
        let wanted = match named {
            None => ids.first().cloned(),
            Some(named) => {
                let latest = format!("{named}:latest");
                ids.iter().find(|id| *id == named || **id == latest).cloned()
            }
        };
        let host = &self.address.shown;
        let Some(wanted) = wanted else {
            return Err(Told::Sentence(match named {
                None => format!("The server {host} has no model; load one there first."),
                Some(named) => format!(
                    "The server {host} has no model {named:?}; it has {}.",
                    ids.iter().take(10).map(|id| format!("{id:?}")).collect::<Vec<_>>().join(", ")
                ),
            }));
        };
        Ok(entries.into_iter().find(|e| e["id"] == *wanted).unwrap_or_default())
    }

    /// llama-server says how large its context is, which file it has, and
    /// how far it has read a prompt. Others have no such page.
    fn ask_llama_server(&self, found: &mut Found) {
        let Some(props) = self.extra("props", None) else { return };
        let context = number(&props["default_generation_settings"]["n_ctx"]);
        if context.is_none() {
            return;
        }
        found.context = context;
        found.identity.push(("model_path", props["model_path"].to_string()));
        found.identity.push(("n_ctx", props["default_generation_settings"]["n_ctx"].to_string()));
        found.fields.insert("return_progress".into(), json!(true));
    }

    /// The model's entry in a list of Ollama's own.
    fn in_ollama(&self, path: &str, model: &str) -> Option<Value> {
        let list = self.extra(path, None)?;
        let is_it = |entry: &&Value| entry["name"] == *model || entry["model"] == *model;
        list["models"].as_array()?.iter().find(is_it).cloned()
    }

    fn ask_ollama_for_digest(&self, found: &mut Found) {
        let stored = self.in_ollama("api/tags", &found.model);
        if let Some(digest) = stored.as_ref().and_then(|entry| entry["digest"].as_str()) {
            found.identity.push(("digest", digest.to_owned()));
        }
    }

    /// Ollama cuts what is too long without a word, so only a context that is
    /// in force counts: that of the loaded model, or one set in its own file.
    fn ask_ollama_for_context(&self, found: &mut Found) {
        let loaded = self.in_ollama("api/ps", &found.model);
        let shown = self.extra("api/show", Some(&json!({ "model": found.model })));
        let set = shown.as_ref().and_then(|shown| {
            let parameters = shown["parameters"].as_str()?;
            let mut lines = parameters.lines().map(str::split_whitespace);
            lines.find_map(|mut line| {
                (line.next()? == "num_ctx").then(|| line.next())??.parse().ok()
            })
        });
        found.context = loaded.and_then(|entry| number(&entry["context_length"])).or(set);
    }

    /// Has the server count [`MEASURE`] by its own page for that: llama-server's
    /// and vLLM's first, then llama-cpp-python's.
    fn measure(&self, found: &mut Found) {
        let count = |path: &str, body: &Value| {
            let said = self.extra(path, Some(body))?;
            let counted = said["tokens"].as_array().map(Vec::len);
            number(&said["count"]).or(counted).filter(|n| *n > 0)
        };
        let common = json!({
            "model": found.model, "content": MEASURE, "prompt": MEASURE,
            "add_special": false, "add_special_tokens": false,
        });
        let counted = count("tokenize", &common).or_else(|| {
            let counted = count("extras/tokenize/count", &json!({ "input": MEASURE }))?;
            found.assumed = ASSUMED_PYTHON;
            Some(counted)
        });
        found.tokens = counted.map(|n| ratio(n, rules::estimate(MEASURE)));
    }

    /// Tries the ways to hold an answer to a form, the strongest first, once it
    /// is seen that the server answers at all, and who that is.
    fn holds(&self, found: &mut Found) -> Result<(), Fault> {
        // A server that is still starting is waited for here.
        let hello = || self.say_hello(found, &Map::new());
        match self.retry.run(self.cancel, Fault::passes, hello) {
            Ok(reply) => found.speaker = reply.speaker,
            // Four tokens are too few for a model that thinks first.
            Err(Fault::Wordless(_)) => {}
            Err(fault) => return Err(fault),
        }
        if self.address.leaves_machine.is_some() {
            // Behind such an address are many machines, not all of one build.
            found.speaker.fingerprint = None;
        }
        for holds in [Holds::Grammar, Holds::Schema] {
            let form = Form::only(holds, WORD);
            let is_busy =
                |fault: &Fault| matches!(fault, Fault::Status(r) if matches!(r.status, 429 | 503));
            let asked =
                self.retry.run(self.cancel, is_busy, || self.say_hello(found, &form.fields));
            match asked {
                Ok(reply) if form.is_kept(WORD, &reply.text) => {
                    found.holds = holds;
                    break;
                }
                Err(Fault::Cancelled) => return Err(Fault::Cancelled),
                // An answer of another form, or a fault over the field: what
                // else may be wrong with the server, real requests will tell.
                _ => {}
            }
        }
        Ok(())
    }

    fn say_hello(&self, found: &Found, form: &Map<String, Value>) -> Result<Reply, Fault> {
        let prompt = Prompt {
            messages: vec![Message { role: Role::User, text: "Say hello.".into() }],
            constraint: Constraint::Free,
            sampling: Sampling::GREEDY,
            max_tokens: if form.is_empty() { 4 } else { 32 },
            round: 0,
        };
        let body = chat::body(&found.model, &prompt, prompt.max_tokens, form);
        let listener = Listener {
            cancel: self.cancel,
            progress: &mut |_| {},
            watch: LoopWatch::of(&prompt.constraint),
            prompt_tokens: 0,
            max_tokens: prompt.max_tokens,
            known: &found.speaker,
        };
        let url = self.address.api("chat/completions");
        let limit = self.http.limit(0, prompt.max_tokens);
        listener.read(self.http.send(&url, Some(&body), limit))
    }
}

impl Found {
    /// Whether both are one model, as far as both say the same things.
    pub fn is_same_model(&self, other: &Self) -> bool {
        let differs = |(key, value): &(&str, String)| {
            other.identity.iter().any(|(k, v)| k == key && v != value)
        };
        self.model == other.model && !self.identity.iter().any(differs)
    }
}

/// Why there is no model.
pub enum Told {
    Sentence(String),
    Fault(Fault),
}

impl Told {
    fn unwrap_or_else(self, tell: impl FnOnce(Fault) -> String) -> String {
        match self {
            Self::Sentence(sentence) => sentence,
            Self::Fault(fault) => tell(fault),
        }
    }
}

/// Whether a server may call a model so: it is shown, and sent back.
fn is_name(id: &str) -> bool {
    !id.is_empty() && id.chars().count() <= LONGEST_NAME && !id.contains(char::is_control)
}

fn number(value: &Value) -> Option<usize> {
    value.as_u64().and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0)
}

/// Between half and four times: beyond that it is no count of this text.
fn ratio(counted: usize, estimated: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "counts of tokens of one page")]
    let ratio = counted as f64 / estimated.max(1) as f64;
    ratio.clamp(0.5, 4.0)
}
