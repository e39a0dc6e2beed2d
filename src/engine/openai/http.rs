//! Requests to one server: sent by a small runtime of their own, waited for by
//! whichever thread asked, given up at once when that is cancelled. No
//! redirects, no proxies. Knows HTTP, not what is asked.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::AbortHandle;

use super::address::Address;
use super::fault::Fault;
use super::key::Key;
use crate::engine::Cancel;

/// How often a waiting thread looks whether it is cancelled.
pub const TICK: Duration = Duration::from_millis(20);

const CONNECT: Duration = Duration::from_secs(10);

/// How long a list or a page may take, and one that a server need not have.
const PAGE: Duration = Duration::from_secs(30);
const EXTRA: Duration = Duration::from_secs(5);

/// How long the text of an error is waited for; its status is what counts.
const ERROR_TEXT: Duration = Duration::from_secs(2);

/// What one token may take on a slow machine, of the prompt and of the answer.
const PER_PROMPT_TOKEN: Duration = Duration::from_millis(200);
const PER_ANSWER_TOKEN: Duration = Duration::from_secs(2);

/// Bytes of the longest answer that is read, and of an error's.
const LONGEST: usize = 32 << 20;
const LONGEST_ERROR: usize = 64 << 10;

/// What comes back, in order.
#[derive(Debug)]
pub enum Part {
    Head { content_type: String },
    Bytes(Vec<u8>),
    End,
}

/// A client of one server. No proxy of the environment and no redirect can
/// lead what it sends elsewhere, and `localhost` is this machine whatever a
/// resolver says.
pub struct Http {
    client: Client,
    /// Always there but while it is dropped.
    runtime: Option<Runtime>,
    key: Option<Key>,
    /// How long the server may send nothing of use.
    silence: Duration,
}

/// A page of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// Every server has it.
    Needed,
    /// Some have it; it is not waited for long.
    Extra,
}

impl Http {
    /// # Errors
    /// A sentence, where the system gives no threads or no certificates.
    pub fn new(address: &Address, key: Option<Key>, silence: Duration) -> Result<Self, String> {
        let is_plain = !address.is_encrypted();
        let mut client = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .connect_timeout(CONNECT.min(silence))
            .user_agent(concat!("galley/", env!("CARGO_PKG_VERSION")));
        if address.is_localhost {
            let here = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];
            let here = here.map(|ip| SocketAddr::new(ip, address.port));
            client =
                client.resolve_to_addrs("localhost", &here).resolve_to_addrs("localhost.", &here);
        }
        if is_plain {
            // Else the certificates of the system are read, which may be missing.
            client = client.tls_certs_only([]);
        }
        let client = client.build().map_err(|e| {
            let advice = if is_plain {
                ""
            } else {
                " If this machine has no certificates, install them (package ca-certificates)."
            };
            format!("no connections can be made ({}).{advice}", cause(&e))
        })?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("server")
            .enable_all()
            .build()
            .map_err(|e| format!("no thread for connections can be started ({e})."))?;
        Ok(Self { client, runtime: Some(runtime), key, silence })
    }

    pub fn has_key(&self) -> bool {
        self.key.is_some()
    }

    /// The longest that a whole answer of so many tokens to such a prompt may
    /// take: far more than a slow machine needs.
    pub fn limit(&self, prompt_tokens: usize, answer_tokens: usize) -> Duration {
        let times =
            |each: Duration, n: usize| each.saturating_mul(u32::try_from(n).unwrap_or(u32::MAX));
        self.silence
            .saturating_mul(2)
            .saturating_add(times(PER_PROMPT_TOKEN, prompt_tokens))
            .saturating_add(times(PER_ANSWER_TOKEN, answer_tokens))
    }

    /// Sends a request: with a body it is a POST of JSON, without one a GET.
    /// The whole answer has to be there within `limit`.
    pub fn send(&self, url: &str, body: Option<&Value>, limit: Duration) -> Exchange {
        let mut request = match body {
            None => self.client.get(url),
            Some(body) => self
                .client
                .post(url)
                .header(CONTENT_TYPE, "application/json")
                .body(body.to_string()),
        };
        request = request.header(ACCEPT, "text/event-stream, application/json");
        if let Some(key) = &self.key {
            request = request.header(AUTHORIZATION, key.header());
        }
        let (give, parts) = mpsc::channel();
        let runtime = self.runtime.as_ref().expect("it is there until it is dropped");
        let task = runtime.spawn(carry(request, give)).abort_handle();
        let (began, silence) = (Instant::now(), self.silence);
        Exchange { parts, task: Some(task), began, limit, since: began, silence }
    }

    /// A whole answer as JSON.
    ///
    /// # Errors
    /// The fault; an answer that is no JSON is [`Fault::Garbled`].
    pub fn json(
        &self,
        url: &str,
        body: Option<&Value>,
        page: Page,
        cancel: &Cancel,
    ) -> Result<Value, Fault> {
        let limit = if page == Page::Needed { PAGE } else { EXTRA };
        let mut exchange = self.send(url, body, limit.min(self.silence));
        let mut whole = Vec::new();
        loop {
            match exchange.next(cancel)? {
                Part::Head { .. } => {}
                Part::Bytes(bytes) => whole.extend_from_slice(&bytes),
                Part::End => break,
            }
        }
        serde_json::from_slice(&whole).map_err(|_| Fault::Garbled(kind_of(&whole)))
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        // A runtime must not be waited for where it is dropped: that may be
        // within another one.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// What something is that should have been JSON.
pub fn kind_of(bytes: &[u8]) -> &'static str {
    match bytes.trim_ascii_start().first() {
        None => "nothing at all",
        Some(b'<') => "a web page",
        Some(b'{' | b'[') => "broken JSON",
        Some(_) => "something that is no JSON",
    }
}

/// A request on its way. Dropping it closes the connection.
#[derive(Debug)]
pub struct Exchange {
    parts: Receiver<Result<Part, Fault>>,
    task: Option<AbortHandle>,
    began: Instant,
    /// How long the whole may take.
    limit: Duration,
    /// When something of use came last.
    since: Instant,
    /// How long nothing of use may come.
    silence: Duration,
}

impl Exchange {
    /// What came was of use: the server's time starts again. Bytes alone are no
    /// such sign, since a server may send comments for ever.
    pub fn was_useful(&mut self) {
        self.since = Instant::now();
    }

    /// From now on nothing is waited for longer than this.
    pub fn hurry(&mut self, silence: Duration) {
        self.silence = self.silence.min(silence);
        self.since = Instant::now();
    }

    /// Waits for the next part.
    ///
    /// # Errors
    /// The fault that ended it; [`Fault::Cancelled`] within [`TICK`] of the
    /// cancel, [`Fault::Hung`] where nothing of use comes, [`Fault::Slow`]
    /// where the whole takes too long.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Part, Fault> {
        loop {
            if cancel.is_cancelled() {
                return Err(Fault::Cancelled);
            }
            let Some(in_all) = self.limit.checked_sub(self.began.elapsed()) else {
                return Err(Fault::Slow(self.limit));
            };
            let Some(left) = self.silence.checked_sub(self.since.elapsed()) else {
                return Err(Fault::Hung(self.silence));
            };
            let left = left.min(in_all);
            match self.parts.recv_timeout(TICK.min(left)) {
                Ok(part) => return part,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(Fault::Broken),
            }
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

/// Carries one exchange out. Nobody listens any more where a part cannot be
/// given: then it is aborted.
async fn carry(request: RequestBuilder, give: Sender<Result<Part, Fault>>) {
    let outcome = match request.send().await {
        Ok(response) => carry_answer(response, &give).await,
        Err(e) if e.is_connect() => Err(Fault::Connect(cause(&e))),
        Err(_) => Err(Fault::Broken),
    };
    let _ = give.send(outcome.map(|()| Part::End));
}

async fn carry_answer(
    mut response: Response,
    give: &Sender<Result<Part, Fault>>,
) -> Result<(), Fault> {
    let status = response.status();
    let header = |name| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    if !status.is_success() {
        let wait = header(RETRY_AFTER).trim().parse().ok().map(Duration::from_secs);
        let mut body = Vec::new();
        let reading = async {
            while let Ok(Some(bytes)) = response.chunk().await {
                body.extend_from_slice(&bytes);
                if body.len() > LONGEST_ERROR {
                    break;
                }
            }
        };
        // What has come by then is enough.
        let _ = tokio::time::timeout(ERROR_TEXT, reading).await;
        return Err(Fault::of_answer(status.as_u16(), wait, &body));
    }
    let content_type = header(CONTENT_TYPE).to_ascii_lowercase();
    let _ = give.send(Ok(Part::Head { content_type }));
    let mut read = 0;
    while let Some(bytes) = response.chunk().await.map_err(|_| Fault::Broken)? {
        read += bytes.len();
        if read > LONGEST {
            return Err(Fault::Garbled("an endless stream"));
        }
        let _ = give.send(Ok(Part::Bytes(bytes.to_vec())));
    }
    Ok(())
}

/// The innermost reason, in the system's words: "Connection refused".
fn cause(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string().trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An exchange, and the end that its parts are given into.
    fn exchange(limit: Duration, silence: Duration) -> (Sender<Result<Part, Fault>>, Exchange) {
        let (give, parts) = mpsc::channel();
        let began = Instant::now();
        (give, Exchange { parts, task: None, began, limit, since: began, silence })
    }

    const LONG: Duration = Duration::from_hours(1);
    const SHORT: Duration = Duration::from_millis(30);

    #[test]
    fn bytes_that_are_of_no_use_do_not_keep_a_request_alive() {
        // Endless parts, each there at once.
        let drip = |mut exchange: Exchange, give: Sender<Result<Part, Fault>>, is_useful: bool| loop {
            give.send(Ok(Part::Bytes(b":".into()))).expect("somebody listens");
            if let Err(fault) = exchange.next(&Cancel::new()) {
                return fault;
            }
            if is_useful {
                exchange.was_useful();
            }
        };
        let (give, silent) = exchange(LONG, SHORT);
        assert_eq!(drip(silent, give, false), Fault::Hung(SHORT));
        let (give, endless) = exchange(SHORT, LONG);
        assert_eq!(drip(endless, give, true), Fault::Slow(SHORT));
    }

    #[test]
    fn a_long_prompt_and_answer_get_more_time() {
        let address = Address::parse("http://127.0.0.1:1", &[]).expect("an address");
        let http = Http::new(&address, None, Duration::from_mins(2)).expect("a client");
        // Four minutes, ten for the prompt, and two for the answer.
        assert_eq!(http.limit(3_000, 60), Duration::from_mins(16));
        let patient = Http::new(&address, None, Duration::MAX).expect("a client");
        assert_eq!(patient.limit(usize::MAX, usize::MAX), Duration::MAX);
    }
}
