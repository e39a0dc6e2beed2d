//! From an address and the person's settings to an engine that asks a server,
//! and what has to be said where that is another machine.

use std::time::Duration;

use super::config::EngineConfig;
use crate::engine::openai::{Key, OpenAiEngine, Settings, check_address, host_elsewhere};
use crate::engine::{Cancel, Engine};

/// Whether the settings let this address be asked at all; asks no network.
///
/// # Errors
/// A sentence.
pub fn check(address: &str, config: &EngineConfig) -> Result<(), String> {
    check_address(address, &config.allow_hosts)
        .map_err(|why| format!("The server cannot be used: {why}"))
}

/// What a person must know before text is sent to another machine; `None` for
/// this one.
#[must_use]
pub fn warning(address: &str) -> Option<String> {
    let host = host_elsewhere(address)?;
    Some(format!("The text of documents is sent to {host}, as config.toml allows."))
}

/// Connects, with the key of the environment if there is one.
///
/// # Errors
/// A sentence.
pub fn connect(
    address: &str,
    config: &EngineConfig,
    cancel: &Cancel,
) -> Result<Box<dyn Engine>, String> {
    let settings = Settings {
        allow_hosts: config.allow_hosts.clone(),
        context: config.context,
        parallel: config.parallel,
        silence: Duration::from_secs(config.timeout_seconds.max(1)),
        key: Key::from_environment()?,
        ..Settings::default()
    };
    let engine = OpenAiEngine::connect(address, &settings, cancel);
    engine.map(|engine| Box::new(engine) as Box<dyn Engine>).map_err(|e| e.to_string())
}
