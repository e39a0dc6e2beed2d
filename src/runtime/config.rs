//! The person's `config.toml`. Every key may be missing; a mistake is told
//! with file and line, and the defaults stand in.

use std::fs;
use std::io::ErrorKind;

use serde::Deserialize;

use crate::engine::openai::MOST_PARALLEL;
use crate::extract::limits::Limits;
use crate::models::Form;
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
    pub engine: EngineConfig,
    pub jobs: JobsConfig,
}

/// The most that a model may be asked the same.
pub const MOST_ROUNDS: usize = 9;

/// How jobs are run.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct JobsConfig {
    /// How often the model is asked each question, 1 to [`MOST_ROUNDS`]: what
    /// it says each time stands above what it says once.
    pub repeat: usize,
}

impl Default for JobsConfig {
    fn default() -> Self {
        Self { repeat: 1 }
    }
}

impl JobsConfig {
    /// As [`EngineConfig::settle`].
    fn settle(&mut self) -> Option<String> {
        let wanted = self.repeat;
        self.repeat = wanted.clamp(1, MOST_ROUNDS);
        (wanted != self.repeat).then(|| {
            format!(
                "repeat under [jobs] is {wanted}, and has to be 1 to {MOST_ROUNDS}; {} is used.",
                self.repeat
            )
        })
    }
}

/// How models are run: on this machine, and on a server where `model` is the
/// address of one. There is no key here: it comes from the environment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineConfig {
    /// How a model's weights are to stand in memory: "floats", "blocks" or
    /// "floats-with-block-head"; without it, as is fastest here.
    pub form: Option<Form>,
    /// Document tokens in one prompt; without it, as is fastest here. With the
    /// same form and window two machines find the same.
    pub window: Option<usize>,
    /// Hosts beside this machine that text may be sent to: `gpu.example.org`
    /// (https, any port), `gpu.example.org:8443` (https, that port),
    /// `http://gpu.example.org` (also without encryption).
    pub allow_hosts: Vec<String>,
    /// Tokens of prompt and answer together that the server's model holds; a
    /// server that tells a smaller number is believed.
    pub context: Option<usize>,
    /// Prompts that the server may be given at once, 1 to [`MOST_PARALLEL`].
    pub parallel: usize,
    /// Seconds that the server may send nothing of use before it is given up.
    pub timeout_seconds: u64,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            form: None,
            window: None,
            allow_hosts: Vec::new(),
            context: None,
            parallel: 1,
            timeout_seconds: 120,
        }
    }
}

impl EngineConfig {
    /// Puts a number that makes no sense in its bounds, and says so.
    fn settle(&mut self) -> Option<String> {
        let wanted = self.parallel;
        self.parallel = wanted.clamp(1, MOST_PARALLEL);
        (wanted != self.parallel).then(|| {
            format!(
                "parallel under [engine] is {wanted}, and has to be 1 to {MOST_PARALLEL}; {} is used.",
                self.parallel
            )
        })
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            model: None,
            theme: None,
            auto_jobs: vec!["extract".into(), "triage".into()],
            editor: None,
            reading: Limits::default(),
            engine: EngineConfig::default(),
            jobs: JobsConfig::default(),
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
                Ok(mut config) => {
                    let problems = [config.engine.settle(), config.jobs.settle()];
                    let told: Vec<String> = problems.into_iter().flatten().collect();
                    let problem = format!("{}: {}", file.display(), told.join(" "));
                    (config, (!told.is_empty()).then_some(problem))
                }
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
            let is_key = ["key`", "token`"].iter().any(|name| why.contains(name));
            let hint =
                if is_key { " A key comes from the environment: GALLEY_API_KEY." } else { "" };
            (line, format!("{why}.{hint}"))
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
    fn a_server_s_settings_are_read_and_a_key_among_them_is_refused_unseen() {
        let text = "[engine]\nallow_hosts = [\"gpu.lan\"]\nparallel = 4\ncontext = 8192";
        let engine = Config::parse(text).expect("good").engine;
        assert_eq!((engine.allow_hosts, engine.parallel), (vec!["gpu.lan".to_owned()], 4));
        assert_eq!((engine.context, engine.timeout_seconds), (Some(8192), 120));
        let (line, why) = Config::parse("[engine]\napi_key = \"s3cret\"").expect_err("a key");
        assert_eq!(line, 2);
        assert!(why.contains("GALLEY_API_KEY") && !why.contains("s3cret"), "{why}");
    }

    #[test]
    fn a_number_of_requests_that_makes_no_sense_is_put_right_and_said() {
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::under(home.path());
        fs::create_dir_all(&paths.config).expect("a folder");
        for (set, used) in [(0, 1), (1, 1), (64, 64), (9_999, 64)] {
            let text = format!("[engine]\nparallel = {set}");
            fs::write(paths.config.join("config.toml"), text).expect("written");
            let (config, problem) = Config::load(&paths);
            assert_eq!(config.engine.parallel, used);
            let said = problem.is_some_and(|why| why.contains(&format!("is {set},")));
            assert_eq!(said, set != used, "{set}");
        }
    }

    #[test]
    fn how_often_to_ask_is_kept_in_its_bounds_and_told_with_other_mistakes_of_its_kind() {
        let home = tempfile::tempdir().expect("a folder");
        let paths = Paths::under(home.path());
        fs::create_dir_all(&paths.config).expect("a folder");
        let load = |text: &str| {
            fs::write(paths.config.join("config.toml"), text).expect("written");
            Config::load(&paths)
        };
        assert_eq!(load("[jobs]\nrepeat = 3").0.jobs.repeat, 3);
        assert_eq!(load("").0.jobs.repeat, 1);
        let (config, problem) = load("[jobs]\nrepeat = 10\n[engine]\nparallel = 0");
        assert_eq!((config.jobs.repeat, config.engine.parallel), (9, 1));
        let problem = problem.expect("a sentence");
        assert!(problem.contains("repeat under [jobs] is 10"), "{problem}");
        assert!(problem.contains("parallel under [engine] is 0"), "{problem}");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        let (line, why) = Config::parse("theme = \"dark\"\nmodle = \"x\"").expect_err("bad key");
        assert_eq!(line, 2);
        assert!(why.contains("modle"), "{why}");
    }
}
