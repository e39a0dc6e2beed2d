//! Where galley keeps its own files. The only place that asks the environment for it.

use std::path::{Path, PathBuf};

/// The folders galley may write to. Documents never lie in any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The person's own: `config.toml`, `prompts/`, `themes/`.
    pub config: PathBuf,
    /// What must not be lost: the store of results and decisions, logs.
    pub data: PathBuf,
    /// What can be made again: models.
    pub cache: PathBuf,
}

/// Set to put all of galley's folders under one root, for tests and for
/// carrying a workspace on a stick.
pub const HOME_VARIABLE: &str = "GALLEY_HOME";

impl Paths {
    /// The platform's folders, or those under [`HOME_VARIABLE`].
    /// `None` where the platform names no home folder.
    #[must_use]
    pub fn from_environment() -> Option<Self> {
        if let Some(root) = std::env::var_os(HOME_VARIABLE).filter(|v| !v.is_empty()) {
            return Some(Self::under(Path::new(&root)));
        }
        let dirs = directories::ProjectDirs::from("", "", "galley")?;
        Some(Self {
            config: dirs.config_dir().to_owned(),
            data: dirs.data_dir().to_owned(),
            cache: dirs.cache_dir().to_owned(),
        })
    }

    /// All folders under one root.
    #[must_use]
    pub fn under(root: &Path) -> Self {
        Self { config: root.join("config"), data: root.join("data"), cache: root.join("cache") }
    }

    #[must_use]
    pub fn models(&self) -> PathBuf {
        self.cache.join("models")
    }

    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.data.join("galley.db")
    }

    #[must_use]
    pub fn log(&self) -> PathBuf {
        self.data.join("galley.log")
    }

    #[must_use]
    pub fn prompts(&self) -> PathBuf {
        self.config.join("prompts")
    }

    #[must_use]
    pub fn themes(&self) -> PathBuf {
        self.config.join("themes")
    }
}
