//! All integration tests in one binary: the engine is linked once.

#[path = "../support/mod.rs"]
mod support;

mod engine_tiny;
mod extract;
mod layers;
mod sample_files;
mod watch;
