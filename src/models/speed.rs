//! How fast each form of a model's weights is on this machine: what was
//! measured, kept between starts, and what follows from it for the choice of a
//! form and of the window. Knows numbers, not how they were measured.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use serde::de::value::{Error, StrDeserializer};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Form;
use super::book::{self, Entries};

/// The file in the models folder that keeps what was measured.
const FILE: &str = "speed.json";

/// What reading and writing cost with one form of weights.
///
/// Reading n tokens takes `per_token` × n + `per_pair` × n² seconds: products
/// with the weights grow with n, attention with n².
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    pub per_token: f64,
    pub per_pair: f64,
    /// Seconds for each token of an answer.
    pub decode: f64,
    /// Tokens of the longest prompt that was measured: the curve says little of
    /// prompts that are much longer.
    #[serde(default = "measured_before")]
    pub measured: usize,
}

/// What was measured before it was written down.
fn measured_before() -> usize {
    500
}

/// Windows to choose from, in tokens of document text. Templates ask for so many
/// items of a part at most, and small models miss more in a longer one: a larger
/// window would cost findings, however fast it is.
const WINDOWS: [usize; 4] = [250, 500, 750, 1_000];

/// What is asked about one window, after the built-in jobs `extract` and
/// `triage`: this many questions, each of so many tokens, each with an answer of
/// so many.
const QUESTIONS: f64 = 8.0;
const QUESTION: f64 = 30.0;
const ANSWER: f64 = 16.0;

impl Speed {
    /// From prompts of different lengths, each in tokens with the seconds that it
    /// took to read, and the seconds for each token of an answer. The curve that
    /// comes nearest to all of them by least squares of the seconds a token, of
    /// those on which neither term is negative. Without prompts nothing has a cost.
    #[must_use]
    pub fn of(prompts: &[(usize, f64)], decode: f64) -> Self {
        let measured = prompts.iter().map(|prompt| prompt.0).max().unwrap_or(0);
        // Seconds a token: per_token + per_pair × length, a line.
        #[expect(clippy::cast_precision_loss, reason = "lengths of prompts are small")]
        let point = |&(n, seconds): &(usize, f64)| (n as f64, seconds / n as f64);
        let points: Vec<(f64, f64)> =
            prompts.iter().filter(|prompt| prompt.0 > 0).map(point).collect();
        let (per_token, per_pair) = line(&points);
        Self { per_token, per_pair, decode, measured }
    }

    fn reading(&self, tokens: f64) -> f64 {
        self.per_token * tokens + self.per_pair * tokens * tokens
    }

    /// Tokens a second while a prompt of `tokens` is read.
    #[must_use]
    pub fn prefill_rate(&self, tokens: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "lengths of prompts are small")]
        let tokens = tokens as f64;
        tokens / self.reading(tokens).max(f64::EPSILON)
    }

    /// Seconds that the built-in jobs take for each token of a document that is
    /// read in windows of `window` tokens.
    fn seconds_per_document_token(&self, window: usize) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "windows are small")]
        let window = window as f64;
        let question = self.reading(window + QUESTION) - self.reading(window);
        let asked = QUESTIONS * (question + ANSWER * self.decode);
        (self.reading(window) + asked) / window
    }

    /// The window with which the built-in jobs take the least time for each
    /// token of a document, of those up to `most` and up to twice the longest
    /// prompt that was measured.
    #[must_use]
    pub fn best_window(&self, most: usize) -> usize {
        let most = most.min(self.measured.saturating_mul(2));
        let fitting = WINDOWS.into_iter().filter(|window| *window <= most);
        let cost = |window: &usize| self.seconds_per_document_token(*window);
        fitting.min_by(|a, b| cost(a).total_cmp(&cost(b))).unwrap_or(most.max(1))
    }
}

/// Intercept and slope of the line nearest to `points` by least squares, of
/// those where neither is negative. On the edge of what is allowed one of them
/// is nothing, and the other is the best one then.
fn line(points: &[(f64, f64)]) -> (f64, f64) {
    let sum = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>();
    let (n, x, y) = (sum(|_| 1.0), sum(|p| p.0), sum(|p| p.1));
    let (xx, xy) = (sum(|p| p.0 * p.0), sum(|p| p.0 * p.1));
    let spread = n * xx - x * x;
    let slope = if spread > 0.0 { (n * xy - x * y) / spread } else { 0.0 };
    if slope <= 0.0 {
        return ((y / n.max(1.0)).max(0.0), 0.0);
    }
    let intercept = (y - slope * x) / n;
    if intercept < 0.0 { (0.0, (xy / xx).max(0.0)) } else { (intercept, slope) }
}

/// What was measured of one model, by form.
pub type Speeds = BTreeMap<Form, Speed>;

/// The form that takes the least time for each token of a document, each at its
/// best window of at most `most` tokens; `None` where nothing was measured.
#[must_use]
pub fn fastest(speeds: &Speeds, most: usize) -> Option<Form> {
    let cost = |speed: &Speed| speed.seconds_per_document_token(speed.best_window(most));
    let fastest = speeds.iter().min_by(|a, b| cost(a.1).total_cmp(&cost(b.1)));
    fastest.map(|(form, _)| *form)
}

/// What was measured of a model on this machine before; nothing where the file
/// is missing or damaged, since it can be measured again. A form that this
/// galley does not know is left out. The file goes by machine, then by the
/// model's hash: a folder of models may be carried or shared between machines.
#[must_use]
pub fn recall(models_dir: &Path, machine: &str, sha256: &str) -> Speeds {
    let book = book::read(models_dir, FILE);
    let forms = book.get(machine).and_then(|models| models.get(sha256)?.as_object());
    let known = |(form, speed): (&String, &Value)| {
        let form = Form::deserialize(StrDeserializer::<Error>::new(form)).ok()?;
        Some((form, Speed::deserialize(speed).ok()?))
    };
    forms.into_iter().flatten().filter_map(known).collect()
}

/// Keeps what was measured, beside what others measured.
///
/// # Errors
/// Those of writing the file.
pub fn remember(models_dir: &Path, machine: &str, sha256: &str, speeds: &Speeds) -> io::Result<()> {
    let Value::Object(measured) = serde_json::to_value(speeds)? else { return Ok(()) };
    book::change(models_dir, FILE, |book| {
        let models = object(book.entry(machine).or_insert(Value::Null));
        object(models.entry(sha256).or_insert(Value::Null)).extend(measured);
        true
    })
}

/// Drops what was measured of the model whose hash begins with `digits`, on
/// every machine.
///
/// # Errors
/// Those of writing the file.
pub(super) fn forget(models_dir: &Path, digits: &str) -> io::Result<()> {
    if !models_dir.join(FILE).is_file() {
        return Ok(());
    }
    book::change(models_dir, FILE, |book| {
        let mut dropped = false;
        for models in book.values_mut().filter_map(Value::as_object_mut) {
            let before = models.len();
            models.retain(|sha256, _| !sha256.starts_with(digits));
            dropped |= models.len() != before;
        }
        dropped
    })
}

/// An entry as an object; what else it was is no use.
fn object(entry: &mut Value) -> &mut Entries {
    if !entry.is_object() {
        *entry = Value::Object(Entries::new());
    }
    entry.as_object_mut().expect("it was just made one")
}

#[cfg(test)]
mod tests;
