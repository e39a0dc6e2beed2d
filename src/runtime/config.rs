//! The person's `config.toml`. Every key may be missing; a mistake is told
//! with file and line, and the defaults stand in.

use std::fs;
use std::io::ErrorKind;

use serde::Deserialize;

use crate::extract::limits::Limits;
use crate::paths::Paths;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// As after `--model`; `None` takes the best one that is there.
    pub model: Option<String>,
    pub theme: Option<String>,
    /// Jobs that "auto" queues for new and changed documents.
    pub auto_jobs: Vec<String>,
    /// The command for editing templates; else $VISUAL, $EDITOR, then vi.
    pub editor: Option<String>,
    /// Limits on reading one document.
    pub reading: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            model: None,
            theme: None,
            auto_jobs: vec!["extract".into(), "triage".into()],
            editor: None,
            reading: Limits::default(),
        }
    }
}

impl Config {
    /// The person's settings, and a sentence where the file has a mistake.
    #[must_use]
    pub fn load(paths: &Paths) -> (Self, Option<String>) {
        let file = paths.config.join("config.toml");
        match fs::read_to_string(&file) {
            Ok(text) => match Self::parse(&text) {
                Ok(config) => (config, None),
                Err((line, why)) => {
                    let problem = format!(
                        "{}, line {line}: {why} The defaults are used until this is mended.",
                        file.display()
                    );
                    (Self::default(), Some(problem))
                }
            },
            Err(e) if e.kind() == ErrorKind::NotFound => (Self::default(), None),
            Err(e) => {
                let problem =
                    format!("{} cannot be read ({e}); the defaults are used.", file.display());
                (Self::default(), Some(problem))
            }
        }
    }

    fn parse(text: &str) -> Result<Self, (usize, String)> {
        toml::from_str(text).map_err(|e| {
            let start = e.span().map_or(0, |span| span.start);
            let line = text[..start.min(text.len())].matches('\n').count() + 1;
            let why = e.message().trim_end_matches('.').replace('\n', " ");
            (line, format!("{why}."))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_set_keeps_its_default() {
        let config = Config::parse("model = \"starter\"\n[reading]\nseconds = 5").expect("good");
        assert_eq!(config.model.as_deref(), Some("starter"));
        assert_eq!(config.reading.seconds, 5);
        assert_eq!(config.reading.pages, Limits::default().pages);
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let (line, why) = Config::parse("theme = \"dark\"\nmodle = \"x\"").expect_err("bad key");
        assert_eq!(line, 2);
        assert!(why.contains("modle"), "{why}");
    }
}
