//! Keeps an engine alive: one that died is built anew and the step retried
//! once. Knows no adapter, only how to build one and the port.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Answer, Cancel, Engine, EngineError, EngineInfo, Progress, rules};
use crate::domain::prompt::Prompt;

type Build = dyn Fn() -> Result<Box<dyn Engine>, EngineError> + Send + Sync;

/// An engine that is rebuilt when it dies.
pub struct Supervised {
    build: Box<Build>,
    info: EngineInfo,
    /// `None` after a death, until the next one could be built.
    current: Mutex<Option<Arc<dyn Engine>>>,
}

impl Supervised {
    /// Builds the first engine.
    ///
    /// # Errors
    /// What `build` says.
    pub fn start(
        build: impl Fn() -> Result<Box<dyn Engine>, EngineError> + Send + Sync + 'static,
    ) -> Result<Self, EngineError> {
        let first = build()?;
        let info = first.info().clone();
        Ok(Self { build: Box::new(build), info, current: Mutex::new(Some(first.into())) })
    }

    fn current(&self) -> MutexGuard<'_, Option<Arc<dyn Engine>>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine at work, built if there is none.
    fn engine(&self) -> Result<Arc<dyn Engine>, EngineError> {
        let mut current = self.current();
        if let Some(engine) = &*current {
            return Ok(Arc::clone(engine));
        }
        let engine: Arc<dyn Engine> = (self.build)()?.into();
        *current = Some(Arc::clone(&engine));
        Ok(engine)
    }

    /// Forgets a dead engine, so that its memory is free before the next one
    /// is built. Another thread may have done so already.
    fn bury(&self, dead: Arc<dyn Engine>) {
        let mut current = self.current();
        if current.as_ref().is_some_and(|now| Arc::ptr_eq(now, &dead)) {
            *current = None;
        }
        drop(dead);
    }
}

impl fmt::Debug for Supervised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Supervised").field("info", &self.info).finish_non_exhaustive()
    }
}

impl Engine for Supervised {
    fn info(&self) -> &EngineInfo {
        &self.info
    }

    /// Counted by the engine at work; between a death and the next build, when
    /// no tokenizer is there, estimated with a margin.
    fn count(&self, text: &str) -> usize {
        let engine = self.current().clone();
        engine.map_or_else(|| rules::estimate(text), |e| e.count(text))
    }

    /// As [`Engine::generate`]. When the engine dies under a prompt, the prompt
    /// is put once more to a new one, and the progress starts again with
    /// [`Progress::Prefill`]: what was streamed before that is void.
    fn generate(
        &self,
        prompt: &Prompt,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Answer, EngineError> {
        let engine = self.engine()?;
        match engine.generate(prompt, cancel, progress) {
            Err(EngineError::Died(why)) => {
                tracing::warn!("the engine died and is built anew");
                self.bury(engine);
                if cancel.is_cancelled() {
                    return Err(EngineError::Cancelled);
                }
                let again = self.engine().map_err(|e| {
                    EngineError::Died(format!("{why} A new one could not be started. {e}"))
                })?;
                let result = again.generate(prompt, cancel, progress);
                if matches!(result, Err(EngineError::Died(_))) {
                    self.bury(again);
                }
                result
            }
            other => other,
        }
    }

    fn parallel(&self) -> usize {
        self.current().as_ref().map_or(1, |engine| engine.parallel())
    }

    fn release(&self) {
        let engine = self.current().clone();
        if let Some(engine) = engine {
            engine.release();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::domain::prompt::{Constraint, Sampling};
    use crate::engine::scripted::{ScriptedEngine, Turn};

    fn ask() -> Prompt {
        Prompt {
            messages: vec![],
            constraint: Constraint::Free,
            sampling: Sampling::GREEDY,
            max_tokens: 8,
            round: 0,
        }
    }

    /// Engines built one after another, each with its turns; `Err` where one
    /// cannot be built. With the number of builds so far.
    fn lives(
        turns: Vec<Result<Vec<Turn>, EngineError>>,
    ) -> (Result<Supervised, EngineError>, Arc<AtomicUsize>) {
        let builds = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&builds);
        let supervised = Supervised::start(move || {
            let life = turns[count.fetch_add(1, Ordering::SeqCst)].clone()?;
            Ok(Box::new(ScriptedEngine::new(life)))
        });
        (supervised, builds)
    }

    fn run(engine: &Supervised) -> Result<String, EngineError> {
        engine.generate(&ask(), &Cancel::new(), &mut |_| {}).map(|a| a.text)
    }

    #[test]
    fn a_step_under_which_the_engine_dies_is_retried_on_a_new_one() {
        let (engine, builds) = lives(vec![
            Ok(vec![Turn::Say("one".into()), Turn::Die("lost words".into())]),
            Ok(vec![Turn::Say("two".into())]),
        ]);
        let engine = engine.expect("built");
        let mut seen = Vec::new();
        assert_eq!(run(&engine), Ok("one".into()));
        let answer = engine.generate(&ask(), &Cancel::new(), &mut |p| seen.push(p));
        assert_eq!(answer.map(|a| a.text), Ok("two".into()));
        assert_eq!(builds.load(Ordering::SeqCst), 2);
        // A prefill after text tells the listener to begin again.
        let restart = seen.iter().rposition(|p| matches!(p, Progress::Prefill { .. }));
        let lost = seen.iter().position(|p| matches!(p, Progress::Text(_)));
        assert!(lost < restart, "{seen:?}");
    }

    #[test]
    fn a_second_death_is_reported_and_the_next_step_gets_a_new_engine() {
        let (engine, builds) = lives(vec![
            Ok(vec![Turn::Die("a".into())]),
            Ok(vec![Turn::Die("b".into())]),
            Ok(vec![Turn::Say("three".into())]),
        ]);
        let engine = engine.expect("built");
        assert!(matches!(run(&engine), Err(EngineError::Died(_))));
        assert_eq!(run(&engine), Ok("three".into()));
        assert_eq!(builds.load(Ordering::SeqCst), 3);
    }

    #[test]
    fn a_rebuild_that_fails_is_reported_and_tried_again_later() {
        let (engine, _) = lives(vec![
            Ok(vec![Turn::Die("a".into())]),
            Err(EngineError::Load("the file is gone.".into())),
            Ok(vec![Turn::Say("back".into())]),
        ]);
        let engine = engine.expect("built");
        let error = run(&engine).expect_err("dead").to_string();
        assert!(error.contains("the file is gone."), "{error}");
        assert!(engine.count("some words") >= 2);
        assert_eq!(run(&engine), Ok("back".into()));
    }

    #[test]
    fn other_errors_build_nothing() {
        let refusal = EngineError::Refused("no.".into());
        let (engine, builds) =
            lives(vec![Ok(vec![Turn::Fail(refusal.clone()), Turn::CancelAfter("x y".into())])]);
        let engine = engine.expect("built");
        assert_eq!(run(&engine), Err(refusal));
        assert_eq!(run(&engine), Err(EngineError::Cancelled));
        assert_eq!(builds.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn an_engine_that_never_started_is_an_error_at_once() {
        let (engine, _) = lives(vec![Err(EngineError::Load("no.".into()))]);
        assert!(matches!(engine, Err(EngineError::Load(_))));
    }
}
