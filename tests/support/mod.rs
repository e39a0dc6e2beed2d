//! What several integration tests share.

pub mod broken_files;
pub mod document;
pub mod fake_server;
pub mod program;
pub mod reading;
pub mod sample_pdf;
pub mod screen;
pub mod tiny_engine;
pub mod tiny_gguf;
pub mod vocab_gguf;
