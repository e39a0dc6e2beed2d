//! All integration tests in one binary: the engine is linked once.

#[path = "../support/mod.rs"]
mod support;

mod engine_tiny;
mod extract;
mod extract_pdf;
mod headless;
mod layers;
mod readme;
mod real_model;
mod sample_files;
mod scripted;
mod terminal;
mod terminal_model;
mod watch;
mod workbench_state;
