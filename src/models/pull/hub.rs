//! The model hub over HTTP: one file, streamed, taken up again where a
//! connection breaks. Knows nothing of packages.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use ureq::http::StatusCode;
use ureq::{Agent, Body, http};

use super::part::Part;
use super::{Failure, PullStage, Task};

/// Short, so that a machine without a network finds out in seconds.
const CONNECT: Duration = Duration::from_secs(5);
const ANSWER: Duration = Duration::from_secs(20);
const SILENCE: Duration = Duration::from_secs(30);
/// Connections that may break before the source is given up.
const ATTEMPTS: u32 = 4;

pub(super) fn fetch(task: &mut Task, endpoint: &str, target: &Path) -> Result<(), Failure> {
    let hub = &task.entry.hub;
    let address = format!("{endpoint}/{}/resolve/main/{}", hub.repository, hub.file);
    stream(task, endpoint, &address, target).map_err(|failure| match failure {
        Failure::Source(why) => Failure::Source(format!("From {address}: {why}")),
        last @ Failure::Final(_) => last,
    })
}

fn stream(task: &mut Task, endpoint: &str, address: &str, target: &Path) -> Result<(), Failure> {
    task.step(PullStage::Hub, 0)?;
    let agent = agent(endpoint);
    let mut part = Part::new(task.entry, task.models_dir, target)?;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let response = match ask(&agent, address, part.done) {
            Ok(response) => response,
            // Before the first byte there is nothing to save: say so at once.
            Err(why) if part.done == 0 || attempt >= ATTEMPTS => {
                return Err(Failure::Source(format!("{why}.")));
            }
            Err(_) => continue,
        };
        if part.done > 0 && response.status() != StatusCode::PARTIAL_CONTENT {
            part = Part::new(task.entry, task.models_dir, target)?;
        }
        check_length(&response, task.entry.bytes - part.done)?;
        match copy(task, &mut part, response.into_body())? {
            None => return part.finish(),
            Some(why) if attempt >= ATTEMPTS => {
                return Err(Failure::Source(format!(
                    "the connection broke {ATTEMPTS} times ({why}); what had come was deleted."
                )));
            }
            Some(_) => {}
        }
    }
}

fn agent(endpoint: &str) -> Agent {
    let mut config = Agent::config_builder()
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .timeout_recv_response(Some(ANSWER))
        .timeout_per_read(Some(SILENCE));
    // A mirror on this machine is not reached through a proxy elsewhere.
    if ["http://127.", "http://localhost", "http://[::1]"].iter().any(|l| endpoint.starts_with(l)) {
        config = config.proxy(None);
    }
    config.build().into()
}

fn ask(agent: &Agent, address: &str, from: u64) -> Result<http::Response<Body>, ureq::Error> {
    let mut request = agent.get(address).header("Accept-Encoding", "identity");
    if from > 0 {
        request = request.header("Range", format!("bytes={from}-"));
    }
    request.call()
}

/// A page that asks for a login is told from a model by its length.
fn check_length(response: &http::Response<Body>, expected: u64) -> Result<(), Failure> {
    match response.body().content_length() {
        Some(length) if length != expected => {
            Err(Failure::Source(format!("it offers {length} bytes instead of {expected}.")))
        }
        _ => Ok(()),
    }
}

/// Copies until the file is complete; `Some` says why it is not.
fn copy(task: &mut Task, part: &mut Part, body: Body) -> Result<Option<String>, Failure> {
    let mut reader = body.into_reader();
    let mut buffer = vec![0; 1 << 18];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) if part.done < task.entry.bytes => return Ok(Some("it ended early".to_owned())),
            Ok(0) => return Ok(None),
            Ok(count) => part.add(&buffer[..count])?,
            Err(error) => return Ok(Some(error.to_string())),
        }
        task.step(PullStage::Hub, part.done)?;
    }
}
