//! What can go wrong with a model file, each in a sentence that says what to do
//! next. Knows only paths and reasons.

use std::io;
use std::path::{Path, PathBuf};

use super::imports;

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
    #[error("{} holds a model of architecture \"{found}\"; galley imports {known}. Take a model of one of these, such as Llama 3.2 1B Instruct.", .path.display())]
    Architecture { path: PathBuf, found: String, known: String },
    #[error("{} stores the tensor {tensor} as {kind}, which galley cannot read. Take a file whose name ends in Q4_K_M, Q8_0 or F16.", .path.display())]
    TensorType { path: PathBuf, tensor: String, kind: String },
    #[error("{} has attention heads of {found} values, but its width of {hidden} over {heads} heads makes {expected}; galley runs models of this architecture only where the two agree. Take another model.", .path.display())]
    HeadSize { path: PathBuf, found: usize, hidden: usize, heads: usize, expected: usize },
    #[error("{} uses a tokenizer of the kind \"{found}\"; galley reads byte-level BPE (\"gpt2\") and SentencePiece's BPE (\"llama\"). Take a model of the Llama, Mistral, Qwen, Phi or Gemma families.", .path.display())]
    TokenizerKind { path: PathBuf, found: String },
    #[error("{} asks for the pre-tokenizer \"{found}\", which galley does not know (it knows: {known}), so that its text would be cut wrongly. Take another model.", .path.display())]
    PreTokenizer { path: PathBuf, found: String, known: String },
    #[error("{} needs something galley cannot do: {what}. Take another model.", .path.display())]
    Unsupported { path: PathBuf, what: String },
    #[error("{} lacks {what}, so it cannot be run. Take another conversion of the model.", .path.display())]
    Missing { path: PathBuf, what: String },
    #[error("{} is not a model folder: {what}. {}", .path.display(), instead_of(.path))]
    NotAFolder { path: PathBuf, what: String },
    #[error("{} is not {title}: its SHA-256 is {found}, and that of {title} is {expected}. Fetch the right one with `galley models pull {name}`, which replaces it, or give the file another name and name its path to use it as it is.", .path.display())]
    NotTheModel {
        path: PathBuf,
        name: &'static str,
        title: &'static str,
        found: String,
        expected: &'static str,
    },
    #[error("{} could not be removed: {source}. Close every other galley, check that you may write there, and try again.", .path.display())]
    Remove { path: PathBuf, source: io::Error },
    #[error("{} is not kept by galley, so galley leaves it as it is. `galley models list` shows where models are kept.", .path.display())]
    NotOurs { path: PathBuf },
    #[error("Fetching {title} was cancelled; nothing half-written was kept.")]
    Cancelled { title: &'static str },
    #[error("{title} could not be fetched. {tried} {next}")]
    NotFetched { title: &'static str, tried: String, next: String },
    #[error("There is no model \"{spec}\". {known}")]
    Unknown { spec: String, known: String },
    #[error(
        "\"{spec}\" means more than one model here: {folders}. Give the name of the folder that you mean."
    )]
    Ambiguous { spec: String, folders: String },
    #[error("The model \"{name}\" was imported by another version of galley, and the GGUF that it came from is not where it was. Import it again with `galley models import FILE.gguf`, then delete the old import, {}, with `galley models remove {folder}`.", .path.display(), folder = name_of(.path))]
    OtherImporter { name: String, path: PathBuf },
    #[error("{} was changed while it was imported; nothing of it was kept. Wait until it is whole, then try again.", .path.display())]
    Changed { path: PathBuf },
    #[error("{} is no reference to check a model against: {what}.", .path.display())]
    Reference { path: PathBuf, what: String },
}

/// What to do where a folder is none that can be loaded. Only of a folder that
/// galley made itself may anybody be told to get rid of it.
fn instead_of(path: &Path) -> String {
    let name = name_of(path);
    if imports::parts_of(&name).is_some() {
        format!("Run `galley models remove {name}` and import the model again.")
    } else {
        "Give the folder that holds a model's config.json, tokenizer.json and safetensors."
            .to_owned()
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_of_galleys_own_folder_anybody_is_told_to_get_rid_of_it() {
        let said = |path: &str| {
            let (path, what) = (PathBuf::from(path), "it has no config.json".to_owned());
            ModelError::NotAFolder { path, what }.to_string()
        };
        let own = said("/models/0123456789abcdef-v2");
        assert!(own.contains("galley models remove 0123456789abcdef-v2"), "{own}");
        let read = |path: &str| ModelError::NotOurs { path: path.into() }.to_string();
        for foreign in ["/home/me/Documents", "/", "letters-v2", "0123456789ABCDEF-v2", ".."] {
            for message in [said(foreign), read(foreign)] {
                let message = message.to_lowercase();
                assert!(!message.contains("remove") && !message.contains("delete"), "{message}");
            }
        }
        assert!(said("/home/me/Documents").contains("config.json, tokenizer.json and safetensors"));
    }
}
