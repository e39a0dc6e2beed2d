//! What can go wrong with a model file, each in a sentence that says what to do
//! next. Knows only paths and reasons.

use std::io;
use std::path::{Path, PathBuf};

/// Every message names the file it is about.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    #[error("{} could not be read: {source}. Check that it exists and that you may read it.", .path.display())]
    Read { path: PathBuf, source: io::Error },
    #[error("{} could not be written: {source}. Nothing half-written was kept; make room there, or check that you may write there, and try again.", .path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("{} is empty (0 bytes). Fetch it again.", .path.display())]
    Empty { path: PathBuf },
    #[error("{} is not a GGUF file: it does not begin with the letters GGUF. Give a model file that ends in .gguf, or a folder with config.json and safetensors.", .path.display())]
    NotGguf { path: PathBuf },
    #[error("{} is a GGUF of version {version}; versions 2 and 3 can be read. Take a newer conversion of the model.", .path.display())]
    Version { path: PathBuf, version: u32 },
    #[error("{} is cut short: it has {len} bytes and ends before {what}. Fetch it again.", .path.display())]
    Truncated { path: PathBuf, len: u64, what: String },
    #[error("{} is damaged: {what}. Fetch it again.", .path.display())]
    Damaged { path: PathBuf, what: String },
    #[error("{} holds a model of architecture \"{found}\"; galley imports \"llama\" only. Take a model of the Llama family, such as Llama 3.2 1B Instruct.", .path.display())]
    Architecture { path: PathBuf, found: String },
    #[error("{} stores the tensor {tensor} as {kind}, which galley cannot read. Take a file whose name ends in Q4_K_M, Q8_0 or F16.", .path.display())]
    TensorType { path: PathBuf, tensor: String, kind: String },
    #[error("{} has attention heads of {found} values, but its width of {hidden} over {heads} heads makes {expected}; galley runs only models where the two agree.", .path.display())]
    HeadSize { path: PathBuf, found: usize, hidden: usize, heads: usize, expected: usize },
    #[error("{} uses a tokenizer of the kind \"{found}\"; galley imports byte-level BPE (\"gpt2\") only, as Llama 3 and SmolLM2 have it.", .path.display())]
    TokenizerKind { path: PathBuf, found: String },
    #[error("{} asks for the pre-tokenizer \"{found}\", which galley does not know (it knows: {known}), so that its text would be cut wrongly. Take another model.", .path.display())]
    PreTokenizer { path: PathBuf, found: String, known: String },
    #[error("{} needs something galley cannot do: {what}. Take another model of the Llama family.", .path.display())]
    Unsupported { path: PathBuf, what: String },
    #[error("{} lacks {what}, so it cannot be run. Take another conversion of the model.", .path.display())]
    Missing { path: PathBuf, what: String },
    #[error("{} is not a model folder: {what}. Remove it and import the model again.", .path.display())]
    NotAFolder { path: PathBuf, what: String },
    #[error("{} is not {title}: its SHA-256 is {found}, and that of {title} is {expected}. Fetch the right one with `galley models pull {name}`, which replaces it, or give the file another name and name its path to use it as it is.", .path.display())]
    NotTheModel {
        path: PathBuf,
        name: &'static str,
        title: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("Fetching {title} was cancelled; nothing half-written was kept.")]
    Cancelled { title: &'static str },
    #[error("{title} could not be fetched. {tried} {next}")]
    NotFetched { title: &'static str, tried: String, next: String },
    #[error("There is no model \"{spec}\". {known}")]
    Unknown { spec: String, known: String },
    #[error("{} is no reference to check a model against: {what}.", .path.display())]
    Reference { path: PathBuf, what: String },
}

impl ModelError {
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Read { path: path.to_owned(), source }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        |source| Self::Write { path: path.to_owned(), source }
    }

    pub(crate) fn damaged(path: &Path, what: impl Into<String>) -> Self {
        Self::Damaged { path: path.to_owned(), what: what.into() }
    }

    pub(crate) fn unsupported(path: &Path, what: impl Into<String>) -> Self {
        Self::Unsupported { path: path.to_owned(), what: what.into() }
    }

    pub(crate) fn missing(path: &Path, what: impl Into<String>) -> Self {
        Self::Missing { path: path.to_owned(), what: what.into() }
    }
}
