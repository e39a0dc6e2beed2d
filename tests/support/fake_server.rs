//! A model server of the tests' own: it answers chat completions from a script,
//! also as no server should, and remembers what it was asked. Loopback only.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use serde_json::{Value, json};

/// What it was asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// "POST /v1/chat/completions"
    pub line: String,
    /// As they came, a line each.
    pub headers: String,
    pub body: Value,
}

impl Request {
    /// The text of the last message.
    pub fn asked(&self) -> &str {
        let messages = self.body["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
        messages.last().and_then(|m| m["content"].as_str()).unwrap_or_default()
    }
}

/// What it does with a request.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Streams this text word by word, ending with this reason.
    Stream(String, &'static str),
    /// Streams this text and closes the connection before the end.
    Dies(String),
    /// Streams this text, then sends nothing more until the other side gives up.
    Hangs(String),
    /// Takes the request and sends nothing at all.
    Mute,
    /// Sends this, byte for byte, then nothing more until the other side gives up.
    Stuck(String),
    /// Sends this, and this again and again until the other side gives up: as
    /// fast as it can, or, where it drips, a hundred times a second.
    Forever { start: String, again: String, drips: bool },
    /// Status line, further headers ending in "\r\n", content type, body.
    Raw(&'static str, String, &'static str, String),
}

impl Reply {
    pub fn say(text: &str) -> Self {
        Self::Stream(text.to_owned(), "stop")
    }

    pub fn json(value: &Value) -> Self {
        Self::Raw("200 OK", String::new(), "application/json", value.to_string())
    }

    pub fn error(status: &'static str, headers: &str, error: &Value) -> Self {
        let body = json!({ "error": error }).to_string();
        Self::Raw(status, headers.to_owned(), "application/json", body)
    }
}

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server that is gone with the value.
pub struct FakeServer {
    at: SocketAddr,
    seen: Arc<Mutex<Vec<Request>>>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// An address at which nobody listens, and nobody else can as long as this lives.
pub struct Nobody(tokio::net::TcpSocket);

impl Nobody {
    pub fn new() -> Self {
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
        Self(socket)
    }

    pub fn shown(&self) -> String {
        self.0.local_addr().expect("an address").to_string()
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.shown())
    }
}

impl FakeServer {
    /// Answers each request as `answer` says; [`FakeServer::scripted`] is
    /// simpler where only answers to prompts matter.
    pub fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("an address");
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let mut server =
            Self { at, seen: Arc::clone(&seen), stop: Arc::clone(&stop), threads: Vec::new() };
        let answer: Arc<Answer> = Arc::new(answer);
        server.threads.push(thread::spawn(move || {
            let mut open: Vec<(TcpStream, JoinHandle<()>)> = Vec::new();
            for stream in listener.incoming().flatten() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let (answer, seen) = (Arc::clone(&answer), Arc::clone(&seen));
                let handle = stream.try_clone().expect("a second handle");
                open.push((handle, thread::spawn(move || serve(&stream, &*answer, &seen))));
            }
            for (stream, thread) in open {
                // Wakes those that wait for the other side.
                let _ = stream.shutdown(Shutdown::Both);
                let _ = thread.join();
            }
        }));
        server
    }

    /// A plain server with one model, "fake", whose answers to prompts come from
    /// the script, one after another, the last one again and again.
    pub fn scripted(replies: impl IntoIterator<Item = Reply>) -> Self {
        let mut replies: Vec<Reply> = replies.into_iter().collect();
        replies.reverse();
        let replies = Mutex::new(replies);
        Self::start(move |request| {
            plain(request).unwrap_or_else(|| {
                let mut replies = replies.lock().expect("not poisoned");
                if replies.len() > 1 { replies.pop() } else { replies.last().cloned() }
                    .expect("a script is not empty")
            })
        })
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.at)
    }

    pub fn shown(&self) -> String {
        self.at.to_string()
    }

    /// All requests for answers but those by which a server is got to know.
    pub fn prompts(&self) -> Vec<Request> {
        let is_prompt = |r: &&Request| r.line.ends_with("/chat/completions") && !is_hello(r);
        self.seen.lock().expect("not poisoned").iter().filter(is_prompt).cloned().collect()
    }

    pub fn requests(&self) -> Vec<Request> {
        self.seen.lock().expect("not poisoned").clone()
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the thread that waits for connections, so that it ends.
        let _ = TcpStream::connect(self.at);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn is_hello(request: &Request) -> bool {
    request.asked() == "Say hello."
}

/// What a server without any extras answers to all but prompts.
pub fn plain(request: &Request) -> Option<Reply> {
    match request.line.as_str() {
        "GET /v1/models" => Some(Reply::json(&json!({ "data": [{ "id": "fake" }] }))),
        "POST /v1/chat/completions" if is_hello(request) => Some(Reply::say("Hello!")),
        "POST /v1/chat/completions" => None,
        _ => Some(Reply::error("404 Not Found", "", &json!({ "message": "no such page" }))),
    }
}

/// The bytes of a stream that holds this much and has not ended.
pub fn open_stream(data: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n{data}")
}

/// One request, then the connection closes.
fn serve(stream: &TcpStream, answer: &Answer, seen: &Mutex<Vec<Request>>) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let Some(request) = read(&mut reader) else { return };
    seen.lock().expect("not poisoned").push(request.clone());
    // The other side may be gone: that is its business.
    let _ = reply(stream, &mut reader, answer(&request), &request);
    let _ = stream.shutdown(Shutdown::Both);
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<Request> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => head.push(line.to_owned()),
        }
    }
    let length = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
    });
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let line = head.first()?.trim_end_matches(" HTTP/1.1").to_owned();
    let body = serde_json::from_slice(&body).unwrap_or_default();
    Some(Request { line, headers: head[1..].join("\n"), body })
}

fn reply(
    mut stream: &TcpStream,
    reader: &mut BufReader<TcpStream>,
    reply: Reply,
    request: &Request,
) -> std::io::Result<()> {
    match reply {
        Reply::Stream(text, reason) => {
            pieces(&mut stream, &text)?;
            let end = json!({ "choices": [{ "delta": {}, "finish_reason": reason }] });
            let words = text.split_whitespace().count();
            // About what a tokenizer would count, and never fewer than 100.
            let read = request.body["messages"].to_string().len() / 5;
            let usage = json!({ "choices": [],
                "usage": { "prompt_tokens": read.max(100), "completion_tokens": words } });
            chunk(&mut stream, &format!("data: {end}\n\ndata: {usage}\n\ndata: [DONE]\n\n"))?;
            write!(stream, "0\r\n\r\n")
        }
        Reply::Dies(text) => pieces(&mut stream, &text),
        Reply::Hangs(text) => {
            pieces(&mut stream, &text)?;
            until_gone(reader)
        }
        Reply::Mute => until_gone(reader),
        Reply::Stuck(text) => {
            stream.write_all(text.as_bytes())?;
            until_gone(reader)
        }
        Reply::Forever { start, again, drips } => {
            stream.write_all(start.as_bytes())?;
            stream.set_read_timeout(drips.then_some(Duration::from_millis(10)))?;
            loop {
                stream.write_all(again.as_bytes())?;
                if drips && reader.read(&mut [0; 64]).is_ok_and(|n| n == 0) {
                    return Ok(());
                }
            }
        }
        Reply::Raw(status, headers, kind, body) => write!(
            stream,
            "HTTP/1.1 {status}\r\n{headers}Content-Type: {kind}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n{body}",
            body.len()
        ),
    }
}

/// Waits until the other side hangs up.
fn until_gone(reader: &mut BufReader<TcpStream>) -> std::io::Result<()> {
    reader.read_to_end(&mut Vec::new()).map(|_| ())
}

const STREAM: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\
    Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n";

/// The head of a stream, and this text word by word.
fn pieces(stream: &mut &TcpStream, text: &str) -> std::io::Result<()> {
    write!(stream, "{STREAM}")?;
    text.split_inclusive(' ').try_for_each(|word| {
        let delta = json!({ "choices": [{ "index": 0, "delta": { "content": word } }] });
        chunk(stream, &format!("data: {delta}\n\n"))
    })
}

fn chunk(stream: &mut &TcpStream, data: &str) -> std::io::Result<()> {
    write!(stream, "{:x}\r\n{data}\r\n", data.len())
}
