//! What can go wrong between galley and a server, whether another try may
//! help, and how it is told. No body of an answer is ever repeated: servers
//! like to echo the prompt, that is the document.

use std::time::Duration;

use serde_json::Value;

use super::address::Address;
use super::key;
use crate::engine::EngineError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    Cancelled,
    /// No connection; why, in the system's words.
    Connect(String),
    /// The connection ended before the answer did.
    Broken,
    /// Nothing of use came for so long.
    Hung(Duration),
    /// The whole took longer than this.
    Slow(Duration),
    /// The server stopped for a reason that makes no answer, see [`STOPS`].
    Stopped(&'static str),
    /// An answer without a word to it, but with this.
    Wordless(&'static str),
    /// It is not the model any more that it was.
    Changed,
    /// Of a prompt of so many tokens the server read only so many.
    Cut {
        prompt: usize,
        read: usize,
    },
    /// An answer that is none, such as "an HTML page".
    Garbled(&'static str),
    /// It points to another address, where nothing is sent.
    Redirect,
    Status(Refusal),
    /// The prompt does not fit the context; the tokens of both, where the
    /// server says them.
    Overflow {
        prompt: Option<usize>,
        context: Option<usize>,
    },
}

/// An error the server reported.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// The HTTP status, or what stands for it in an error within a stream.
    pub status: u16,
    /// The server's own short name for it, such as `rate_limit_exceeded`.
    pub code: Option<String>,
    /// How long it asks to be left alone.
    pub wait: Option<Duration>,
}

/// Reasons for the end of an answer that are none, as servers name them; the
/// last one stands for all others.
const STOPS: [&str; 10] = [
    "content_filter",
    "tool_calls",
    "function_call",
    "abort",
    "error",
    "canceled",
    "cancelled",
    "timeout",
    "refusal",
    "another reason",
];

/// Names of errors that may be shown. Others may be anything, also a word of
/// the document.
const CODES: [&str; 30] = [
    "api_error",
    "authentication_error",
    "bad_request",
    "bad_request_error",
    "billing_hard_limit_reached",
    "content_policy_violation",
    "insufficient_quota",
    "internal_error",
    "internal_server_error",
    "invalid_api_key",
    "invalid_request",
    "invalid_request_error",
    "invalid_value",
    "model_not_found",
    "not_found",
    "not_found_error",
    "not_supported_error",
    "overloaded_error",
    "permission_error",
    "quota_exceeded",
    "rate_limit_error",
    "rate_limit_exceeded",
    "server_error",
    "service_unavailable",
    "tokens_limit_exceeded",
    "unauthorized",
    "unavailable_error",
    "unknown_parameter",
    "unsupported_parameter",
    "validation_error",
];

/// What servers call a prompt that is too long, in lower case.
const OVERFLOW: [&str; 7] = [
    "context_length_exceeded",
    "exceed_context_size",
    "context length",
    "context size",
    "context window",
    "maximum context",
    "n_ctx",
];

impl Fault {
    /// The fault that an answer with an error's status is. `body` is read for
    /// what kind of error it is, and not kept.
    pub fn of_answer(status: u16, wait: Option<Duration>, body: &[u8]) -> Self {
        if (300..400).contains(&status) {
            return Self::Redirect;
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        Self::of_error(status, wait, body.get("error").unwrap_or(&body))
    }

    /// The fault that an `error` object is, as it stands in an answer or a stream.
    pub fn of_error(status: u16, wait: Option<Duration>, error: &Value) -> Self {
        let text = |key: &str| error.get(key).and_then(Value::as_str).unwrap_or_default();
        let told =
            [text("code"), text("type"), text("message"), error.as_str().unwrap_or_default()]
                .map(str::to_lowercase);
        if OVERFLOW.iter().any(|mark| told.iter().any(|told| told.contains(mark))) {
            let number = |key: &str| usize::try_from(error.get(key)?.as_u64()?).ok();
            let said = |before: &str, after: &str| number_in(&told[2], before, after);
            return Self::Overflow {
                prompt: number("n_prompt_tokens").or_else(|| said("(", " in the messages")),
                context: number("n_ctx").or_else(|| said("context length is ", " tokens")),
            };
        }
        let code = [text("code"), text("type")].into_iter().find(|c| CODES.contains(c));
        Self::Status(Refusal { status, code: code.map(str::to_owned), wait })
    }

    /// The fault that an answer is which ended for this reason.
    pub fn of_stop(reason: &str) -> Self {
        let known = STOPS.iter().find(|stop| **stop == reason);
        Self::Stopped(known.unwrap_or(&STOPS[STOPS.len() - 1]))
    }

    /// Whether the same request may well succeed a little later.
    pub fn passes(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Broken => true,
            Self::Stopped(_) => self.is_the_server_s(),
            Self::Status(refusal) => matches!(refusal.status, 408 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// Whether it lies with the server and not with what was asked.
    pub fn is_the_server_s(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Broken | Self::Hung(_) | Self::Slow(_) => true,
            Self::Stopped(reason) => {
                !matches!(*reason, "content_filter" | "refusal" | "tool_calls" | "function_call")
            }
            Self::Status(refusal) => matches!(refusal.status, 408 | 429 | 500..),
            _ => false,
        }
    }

    /// How long the server asks to be left alone.
    pub fn wait(&self) -> Option<Duration> {
        if let Self::Status(refusal) = self { refusal.wait } else { None }
    }

    /// Whether the server refused the request as it was put, or fell over it.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Status(Refusal { status: 400 | 422 | 500 | 501, .. }))
    }

    /// Whether the server is not there at all.
    pub fn is_absence(&self) -> bool {
        matches!(self, Self::Connect(_))
    }

    /// What happened and what to do, naming the server.
    pub fn sentence(&self, address: &Address, has_key: bool) -> String {
        let host = &address.shown;
        match self {
            Self::Cancelled => "Cancelled.".into(),
            Self::Connect(why) => format!(
                "No connection to the server {host}: {why}. See whether it runs and whether the \
                 address is right."
            ),
            Self::Broken => format!(
                "The server {host} broke off before its answer was complete. See its own log for \
                 the reason; some do so where a prompt is longer than their context. Running the \
                 job again goes on from there."
            ),
            Self::Hung(time) => format!(
                "The server {host} sent nothing for {} s. If it only is slow, raise \
                 timeout_seconds under [engine] in config.toml.",
                time.as_secs_f64()
            ),
            Self::Slow(time) => format!(
                "The server {host} was not done with its answer after {} s. If it only is slow, \
                 raise timeout_seconds under [engine] in config.toml.",
                time.as_secs_f64()
            ),
            Self::Stopped("content_filter" | "refusal") => format!(
                "The server {host} withheld its answer: a filter of its own objects to the text. \
                 Another model or server may answer."
            ),
            Self::Stopped("tool_calls" | "function_call") => format!(
                "The server {host} called a tool in place of an answer, and galley offers none. \
                 Switch tools off for this model on the server."
            ),
            Self::Stopped(reason) => format!(
                "The server {host} stopped before its answer was complete ({reason}). Its own log \
                 says why; running the job again goes on from there."
            ),
            Self::Wordless(what) => format!(
                "The server {host} sent {what} and no answer. Switch thinking and tools off for \
                 this model on the server, or choose another model."
            ),
            Self::Changed => format!(
                "The server {host} has another model now than when galley connected to it, and \
                 its answers would be taken for the first one's. Start galley again to work with \
                 the new one."
            ),
            Self::Cut { prompt, read } => format!(
                "The server {host} read only {read} of about {prompt} tokens of the prompt and \
                 dropped the rest without a word. Start it with a larger context, or set context \
                 under [engine] in config.toml to what it has."
            ),
            Self::Garbled(what) => format!(
                "The server {host} sent {what} in place of an answer. See whether the address is \
                 that of an OpenAI-compatible API; many end in /v1."
            ),
            Self::Redirect => format!(
                "The server {host} points to another address, and galley sends nothing there. \
                 Give the final address."
            ),
            Self::Overflow { .. } => format!(
                "The prompt is longer than what the server {host} takes. Start the server with a \
                 larger context, or set context under [engine] in config.toml to what it has."
            ),
            Self::Status(refusal) => refusal.sentence(host, has_key),
        }
    }

    /// The same as the engine's error in answering a prompt.
    pub fn into_error(self, address: &Address, has_key: bool) -> EngineError {
        match self {
            Self::Cancelled => EngineError::Cancelled,
            Self::Overflow { prompt: Some(prompt), context: Some(context) } => {
                EngineError::TooLong { prompt, context }
            }
            other => EngineError::Server(other.sentence(address, has_key)),
        }
    }
}

impl Refusal {
    fn sentence(&self, host: &str, has_key: bool) -> String {
        let code = self.code.as_ref().map(|code| format!(", {code}")).unwrap_or_default();
        let what = format!("The server {host} answered with an error ({}{code}).", self.status);
        let advice = match self.status {
            401 | 403 if has_key => {
                format!("It does not take the key in {}; set the right one.", key::VARIABLE)
            }
            401 | 403 => format!("It wants a key: set {} in the environment.", key::VARIABLE),
            404 => "It does not know the model or the address; name a model it has after #, as in \
                 http://127.0.0.1:8080/v1#model-name."
                .into(),
            413 => "The prompt is larger than it takes; raise its limit, or set a smaller context \
                 under [engine] in config.toml."
                .into(),
            429 => match self.wait {
                Some(wait) => format!("It asks to be left alone for {} s.", wait.as_secs()),
                None => "It has too much to do; try again later.".into(),
            },
            500.. => "Its own log says why; running the job again goes on from there.".into(),
            _ => "Its own log says why.".into(),
        };
        format!("{what} {advice}")
    }
}

/// The number that stands between two pieces of text.
fn number_in(text: &str, before: &str, after: &str) -> Option<usize> {
    text.match_indices(after).find_map(|(at, _)| {
        let digits = text[..at].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |i| i + 1);
        text[..digits].ends_with(before).then(|| text[digits..at].parse().ok())?
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn address() -> Address {
        Address::parse("http://127.0.0.1:8080", &[]).expect("an address")
    }

    fn of(status: u16, body: &Value) -> Fault {
        Fault::of_answer(status, None, body.to_string().as_bytes())
    }

    #[test]
    fn a_prompt_that_is_too_long_is_told_with_the_server_s_numbers() {
        // As llama-cpp-python and vLLM put it, and as llama-server does.
        let message = "This model's maximum context length is 2048 tokens. However, you requested \
             2916 tokens (2660 in the messages, 256 in the completion).";
        let python = json!({"error": {"message": message, "code": "context_length_exceeded"}});
        let llama = json!({"error": {"code": 400, "type": "exceed_context_size_error",
            "message": "request exceeds", "n_prompt_tokens": 5010, "n_ctx": 4096}});
        for (body, prompt, context) in [(&python, 2660, 2048), (&llama, 5010, 4096)] {
            let error = of(400, body).into_error(&address(), false);
            assert_eq!(error, EngineError::TooLong { prompt, context });
        }
        let mute = of(400, &json!({"error": "prompt exceeds n_ctx"})).into_error(&address(), false);
        assert!(matches!(&mute, EngineError::Server(why) if why.contains("[engine]")), "{mute}");
    }

    #[test]
    fn what_a_server_says_of_the_prompt_is_never_repeated() {
        let echo = json!({"error": {
            "message": "invalid prompt: Acme pays 500", "code": "Acme pays 500", "type": "bad_request"}});
        let said = of(400, &echo).sentence(&address(), false);
        assert!(!said.contains("Acme"), "{said}");
        assert!(said.contains("127.0.0.1:8080") && said.contains("400, bad_request"), "{said}");
        let word = json!({"error": {"code": "acme", "type": "bad_request"}});
        assert!(!of(400, &word).sentence(&address(), false).contains("acme"));
        let stop = Fault::of_stop("acme").sentence(&address(), false);
        assert!(!stop.contains("acme") && stop.contains("another reason"), "{stop}");
        let page = Fault::of_answer(502, None, b"<html>Acme pays 500</html>");
        assert!(!page.sentence(&address(), false).contains("Acme"));
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        for status in [429, 500, 502, 503, 504] {
            assert!(of(status, &json!({})).passes(), "{status}");
        }
        for status in [301, 400, 401, 403, 404, 413, 422, 501] {
            assert!(!of(status, &json!({})).passes(), "{status}");
        }
        assert!(Fault::Broken.passes() && Fault::Connect(String::new()).passes());
        assert!(!Fault::Hung(Duration::ZERO).passes() && !Fault::Garbled("x").passes());
    }

    #[test]
    fn a_missing_key_says_where_keys_come_from() {
        for (status, has_key, said) in [(401, false, "wants a key"), (403, true, "the right one")] {
            let why = of(status, &json!({})).sentence(&address(), has_key);
            assert!(why.contains(said) && why.contains("GALLEY_API_KEY"), "{why}");
        }
    }
}
