//! What several integration tests share.

// For `pieces`, which is also compiled where the readers are all there is.
use galley::{domain, extract};

pub mod broken_files;
pub mod document;
pub mod fake_server;
#[path = "../../fuzz/src/package.rs"]
pub mod package;
pub mod pieces;
pub mod program;
pub mod reading;
pub mod sample_pdf;
pub mod screen;
pub mod tiny_engine;
pub mod tiny_gguf;
pub mod vocab_gguf;
