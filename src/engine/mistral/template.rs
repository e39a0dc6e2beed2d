//! From messages to token ids: the model's own chat template, rendered here,
//! and two tokenizers, so that nothing a document says becomes a control token.
//! Knows files and tokens, not the engine that reads them.

use std::fs;
use std::path::Path;

use minijinja::{Environment, ErrorKind, context};
use serde_json::{Value, json};
use tokenizers::Tokenizer;

use crate::domain::encoding;
use crate::domain::prompt::Message;
use crate::engine::EngineError;

/// What a template says for today's date. It must not change from day to day:
/// a prompt's beginning is what the prefix cache and the store's keys go by.
/// The value is the one that Llama 3.2's template falls back to.
const FIXED_DATE: &str = "26 Jul 2024";

/// Stands in a rendered template where a message's text belongs. Private-use
/// characters, so that no template has them by itself.
fn placeholder(index: usize) -> String {
    format!("\u{E100}{index}\u{E101}")
}

/// Set around each placeholder, to tell whether the template trims. Any white
/// space would do; this one no template writes by itself.
const PAD: char = '\u{2003}';

/// A piece of a prompt between control tokens.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Control(u32),
    Text(String),
}

/// Turns messages into the ids of one prompt.
pub struct PromptBuilder {
    /// Knows no control tokens: their names come out as the letters they are.
    plain: Tokenizer,
    /// Control tokens by text, the longest first.
    controls: Vec<(String, u32)>,
    /// Control tokens that take the white space after them (Phi-3's do).
    spacious: Vec<u32>,
    template: Option<String>,
    bos_text: String,
    eos_text: String,
    bos: Option<u32>,
}

impl PromptBuilder {
    /// Reads `tokenizer.json` and `tokenizer_config.json` (or a
    /// `chat_template.jinja` beside it) of a native model folder. `bos` is put
    /// before every prompt that does not begin with it.
    ///
    /// # Errors
    /// [`EngineError::Load`] where a file is missing or not what it should be.
    pub fn load(dir: &Path, bos: Option<u32>) -> Result<Self, EngineError> {
        let mut tokenizer = read_json(&dir.join("tokenizer.json"))?;
        let config = read_json(&dir.join("tokenizer_config.json"))?;
        let template = encoding::chat_template(&config)
            .map(str::to_owned)
            .or_else(|| fs::read_to_string(dir.join("chat_template.jinja")).ok());
        let controls =
            encoding::take_controls(&mut tokenizer, template.as_deref().unwrap_or_default());
        let (controls, spacious) = by_text(&controls);
        let unusable = |why: &dyn std::fmt::Display| {
            EngineError::Load(format!("tokenizer.json in {} cannot be used: {why}.", dir.display()))
        };
        let plain: Tokenizer = serde_json::from_value(tokenizer).map_err(|e| unusable(&e))?;
        // One that cannot take any text is refused here and not amid a document.
        encode(&plain, encoding::ANY_TEXT).map_err(|e| unusable(&e))?;
        Ok(Self {
            plain,
            controls,
            spacious,
            template,
            bos_text: token_text(&config, "bos_token"),
            eos_text: token_text(&config, "eos_token"),
            bos,
        })
    }

    /// Number of tokens, without control tokens.
    pub fn vocabulary(&self) -> usize {
        self.plain.get_vocab_size(false)
    }

    /// The id of a token as the vocabulary writes it.
    pub fn token(&self, written: &str) -> Option<u32> {
        self.plain.token_to_id(written)
    }

    /// Tokens of a text without control tokens; where the tokenizer gives up on
    /// it, no fewer than there can be.
    pub fn count(&self, text: &str) -> usize {
        encode(&self.plain, text).map_or(text.len(), |ids| ids.len())
    }

    /// The ids of a whole prompt, up to where the answer begins.
    ///
    /// # Errors
    /// [`EngineError::Refused`] where the template does not take such messages.
    pub fn ids(&self, messages: &[Message]) -> Result<Vec<u32>, EngineError> {
        let rendered = match &self.template {
            Some(template) => self.render(template, messages)?,
            None => (0..messages.len()).map(|i| placeholder(i) + "\n\n").collect(),
        };
        let pieces = self.split(&fill(&rendered, messages)?);
        let mut ids = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Control(id) => ids.push(id),
                Piece::Text(text) => {
                    // The library's own words might quote the text.
                    let coded = encode(&self.plain, &text).map_err(|_| {
                        EngineError::Refused("its tokenizer could not read a text.".to_owned())
                    })?;
                    ids.extend(coded);
                }
            }
        }
        Ok(self.with_one_bos(ids))
    }

    /// Templates may write the beginning-of-text token themselves, or not.
    fn with_one_bos(&self, mut ids: Vec<u32>) -> Vec<u32> {
        let Some(bos) = self.bos else { return ids };
        let has = ids.iter().take_while(|id| **id == bos).count();
        match has {
            0 => ids.insert(0, bos),
            n => drop(ids.drain(1..n)),
        }
        ids
    }

    /// The template's text with [`placeholder`]s for the messages' texts.
    fn render(&self, template: &str, messages: &[Message]) -> Result<String, EngineError> {
        let refused = |e: minijinja::Error| {
            EngineError::Refused(format!("its chat template does not take these messages ({e})."))
        };
        let mut env = Environment::new();
        env.set_trim_blocks(true);
        env.set_lstrip_blocks(true);
        env.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        env.add_function("raise_exception", |why: String| -> Result<String, minijinja::Error> {
            Err(minijinja::Error::new(ErrorKind::InvalidOperation, why))
        });
        env.add_function("strftime_now", |_format: String| FIXED_DATE);
        env.add_template("chat", template).map_err(refused)?;
        let messages: Vec<Value> = messages
            .iter()
            .enumerate()
            .map(|(i, m)| json!({"role": m.role.name(), "content": format!("{PAD}{}{PAD}", placeholder(i))}))
            .collect();
        let values = context! {
            messages,
            add_generation_prompt => true,
            bos_token => self.bos_text,
            eos_token => self.eos_text,
            date_string => FIXED_DATE,
        };
        env.get_template("chat").and_then(|t| t.render(values)).map_err(refused)
    }

    /// Cuts the template's own parts at control tokens, and joins what is text
    /// on both sides of a message's border: a text is tokenized as a whole.
    fn split(&self, parts: &[Part<'_>]) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut text = String::new();
        for part in parts {
            let mut rest = match part {
                Part::Message(message) => {
                    text.push_str(message);
                    continue;
                }
                Part::Template(template) => *template,
            };
            while let Some((at, token, id)) = self.next_control(rest) {
                text.push_str(&rest[..at]);
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text)));
                }
                pieces.push(Piece::Control(id));
                rest = &rest[at + token..];
                if self.spacious.contains(&id) {
                    rest = rest.trim_start();
                }
            }
            text.push_str(rest);
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        pieces
    }

    /// Offset, length and id of the first control token in a text.
    fn next_control(&self, text: &str) -> Option<(usize, usize, u32)> {
        self.controls
            .iter()
            .filter_map(|(token, id)| Some((text.find(token.as_str())?, token.len(), *id)))
            .min_by_key(|(at, len, _)| (*at, usize::MAX - len))
    }
}

/// Ids of a text, piece by piece where white space in it is too long for one.
fn encode(tokenizer: &Tokenizer, text: &str) -> tokenizers::Result<Vec<u32>> {
    let mut ids = Vec::new();
    for piece in encoding::pieces(text) {
        ids.extend_from_slice(tokenizer.encode_fast(piece, false)?.get_ids());
    }
    Ok(ids)
}

/// A stretch of a rendered prompt by its origin.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    Template(&'a str),
    Message(&'a str),
}

/// Puts the messages' texts in the places of their placeholders, trimmed on the
/// sides on which the template trimmed.
fn fill<'a>(rendered: &'a str, messages: &'a [Message]) -> Result<Vec<Part<'a>>, EngineError> {
    let mut parts = Vec::new();
    let mut rest = rendered;
    for (i, message) in messages.iter().enumerate() {
        let mark = placeholder(i);
        let Some((before, after)) = rest.split_once(mark.as_str()) else {
            return Err(EngineError::Refused(format!(
                "its chat template leaves out the {} message.",
                message.role.name()
            )));
        };
        let mut text = message.text.as_str();
        let before = before.strip_suffix(PAD).unwrap_or_else(|| {
            text = text.trim_start();
            before
        });
        rest = after.strip_prefix(PAD).unwrap_or_else(|| {
            text = text.trim_end();
            after
        });
        parts.push(Part::Template(before));
        parts.push(Part::Message(text));
    }
    parts.push(Part::Template(rest));
    Ok(parts)
}

fn read_json(path: &Path) -> Result<Value, EngineError> {
    let text = fs::read_to_string(path)
        .map_err(|e| EngineError::Load(format!("{} cannot be read: {e}.", path.display())))?;
    serde_json::from_str(&text)
        .map_err(|e| EngineError::Load(format!("{} is damaged: {e}.", path.display())))
}

/// Control tokens by text, the longest first, and the ids of those that take the
/// white space after them.
fn by_text(controls: &[Value]) -> (Vec<(String, u32)>, Vec<u32>) {
    let id_of = |token: &Value| u32::try_from(token["id"].as_u64()?).ok();
    let mut named: Vec<(String, u32)> = controls
        .iter()
        .filter_map(|token| {
            let text = token["content"].as_str().filter(|t| !t.is_empty())?;
            Some((text.to_owned(), id_of(token)?))
        })
        .collect();
    named.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
    let spacious = controls.iter().filter(|token| token["rstrip"] == true).filter_map(id_of);
    (named, spacious.collect())
}

/// A special token's text, which is given plainly or as an object.
fn token_text(config: &Value, name: &str) -> String {
    let token = &config[name];
    token.as_str().or_else(|| token["content"].as_str()).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests;
