//! Language models as files: what there is to fetch, fetching and verifying it,
//! and turning a GGUF into the native folder that the engine loads. Knows
//! nothing of the engine, of jobs or of the screen.

pub mod catalogue;
pub mod check;
pub mod config;
pub mod error;
pub mod folder;
pub mod gguf;
pub mod hashes;
pub mod import;
mod leftovers;
pub mod pull;
pub mod resolve;
mod scan;
pub mod tokenizer;
mod weights;

pub use error::ModelError;
pub use folder::{ModelFolder, ModelMeta};
pub use import::{IMPORTER_VERSION, ImportProgress, ImportStage, import_entry, import_gguf};

#[cfg(test)]
#[path = "../../tests/support/tiny_gguf.rs"]
mod tiny_gguf;
