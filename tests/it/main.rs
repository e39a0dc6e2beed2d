//! All integration tests in one binary: the engine is linked once.

#[path = "../support/mod.rs"]
mod support;

mod adversarial;
mod architectures;
mod constants;
mod corpus_dates;
mod corpus_eval;
mod corpus_mail;
mod corpus_office;
mod corpus_pdf;
mod corpus_rewrites;
mod corpus_texts;
mod encoding;
mod engine_faults;
mod engine_tiny;
mod eval;
mod extract;
mod extract_pdf;
mod fuzz_seeds;
mod group;
mod headless;
mod hostile;
mod layers;
mod memory_flat;
mod models_cli;
mod openai_choices;
mod openai_connect;
mod openai_engine;
mod openai_faults;
mod openai_program;
mod passwords;
mod readme;
mod real_model;
mod sample_files;
mod scripted;
mod terminal;
mod terminal_model;
mod tokens;
mod watch;
mod workbench_state;
mod workers;
