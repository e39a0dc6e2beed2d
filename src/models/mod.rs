//! Language models as files: what there is to fetch, fetching and verifying it,
//! and turning a GGUF into the native folder that the engine loads. Knows
//! nothing of the engine, of jobs or of the screen.

pub mod arch;
mod book;
pub mod catalogue;
pub mod check;
pub mod config;
pub mod error;
pub mod fit;
pub mod folder;
pub mod form;
pub mod gguf;
pub mod hashes;
pub mod import;
mod imports;
pub mod judged;
pub mod kept;
pub mod kinds;
mod layout;
mod leftovers;
mod lock;
pub mod pull;
mod recode;
pub mod remove;
pub mod resolve;
pub mod rope;
mod safetensors;
mod scan;
mod settings;
pub mod speed;
pub mod stage;
pub mod tokenizer;
mod uqff;
pub mod verify;
mod weights;

pub use error::ModelError;
pub use folder::{ModelFolder, ModelMeta};
pub use form::Form;
pub use import::{
    IMPORTER_VERSION, ImportProgress, ImportStage, import_entry, import_gguf, require_entry,
};
pub use stage::Staged;

#[cfg(test)]
#[path = "../../tests/support/tiny_gguf.rs"]
mod tiny_gguf;
