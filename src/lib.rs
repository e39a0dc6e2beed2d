//! A terminal workbench for confidential documents: templated jobs by a small
//! local model, every result beside the source it came from.
//!
//! The layers, from the top: `cli`, `ui`, `runtime`, then `app`, `engine`,
//! `models`, `extract`, `store` and `watch` side by side, and `domain` below
//! them all. Imports point down only; `tests/it/layers.rs` holds it.

pub mod app;
pub mod assets;
pub mod cli;
pub mod domain;
pub mod engine;
pub mod environment;
pub mod extract;
pub mod models;
pub mod paths;
pub mod runtime;
pub mod store;
pub mod ui;
pub mod watch;
