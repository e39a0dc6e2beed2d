//! All integration tests in one binary: the engine is linked once.

#[path = "../support/mod.rs"]
mod support;

mod architectures;
mod constants;
mod encoding;
mod engine_faults;
mod engine_tiny;
mod extract;
mod extract_pdf;
mod group;
mod headless;
mod layers;
mod memory_flat;
mod models_cli;
mod openai_connect;
mod openai_engine;
mod openai_faults;
mod openai_program;
mod readme;
mod real_model;
mod sample_files;
mod scripted;
mod terminal;
mod terminal_model;
mod tokens;
mod watch;
mod workbench_state;
