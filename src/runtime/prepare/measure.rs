//! Timing the forms of a model's weights on this machine.

use std::time::{Duration, Instant};

use super::NotLoaded;
use crate::engine::mistral::MistralEngine;
use crate::engine::{Cancel, Engine, EngineError};
use crate::models::fit::Plan;
use crate::models::speed::{Speed, Speeds};

/// Lengths of the prompts whose reading gives the cost curve, in tokens. The
/// first two tell most: the second is read in one step, as every step of a real
/// prompt is.
const LENGTHS: [usize; 3] = [125, 500, 1_000];
/// Tokens written to measure decoding.
const ANSWER: usize = 12;
/// No further prompt is read after so long.
const ENOUGH: Duration = Duration::from_secs(6);

/// Loads each form once and times it. A form that cannot be loaded, for lack of
/// disk space say, is no candidate.
///
/// # Errors
/// A sentence, where it was cancelled or no form could be measured.
pub(super) fn all(
    plans: &[Plan],
    load: &dyn Fn(&Plan) -> Result<MistralEngine, NotLoaded>,
    say: &dyn Fn(String),
    cancel: &Cancel,
) -> Result<Speeds, String> {
    let mut speeds = Speeds::new();
    let mut trouble = None;
    for (n, plan) in (1..).zip(plans) {
        say(format!("measuring its speed here ({n} of {})", plans.len()));
        if cancel.is_cancelled() {
            return Err(EngineError::Cancelled.to_string());
        }
        let measured = load(plan)
            .map_err(EngineError::from)
            .and_then(|engine| measure(&engine, plan.context, cancel));
        match measured {
            Ok(speed) => speeds.extend(speed.map(|speed| (plan.form, speed))),
            Err(EngineError::Cancelled) => return Err(EngineError::Cancelled.to_string()),
            Err(e) => {
                tracing::warn!(form = ?plan.form, error = %e, "a form could not be measured");
                trouble = Some(e.to_string());
            }
        }
    }
    match trouble {
        Some(why) if speeds.is_empty() => Err(why),
        _ => Ok(speeds),
    }
}

/// Times a loaded engine; `None` where its context is too small to tell.
fn measure(
    engine: &MistralEngine,
    context: usize,
    cancel: &Cancel,
) -> Result<Option<Speed>, EngineError> {
    let lengths = LENGTHS.into_iter().filter(|length| length + ANSWER < context);
    let mut points: Vec<(usize, f64)> = Vec::new();
    let mut decode = 0.0;
    // The first prompt pays for memory that was never touched.
    engine.probe(&engine.arbitrary_ids(8, 1), 2, cancel)?;
    let start = Instant::now();
    for length in lengths {
        if points.len() >= 2 && start.elapsed() > ENOUGH {
            break;
        }
        let probe = engine.probe(&engine.arbitrary_ids(length, length as u64), ANSWER, cancel)?;
        points.push((length, probe.read.as_secs_f64()));
        decode = probe.decode;
    }
    engine.release();
    Ok((points.len() >= 2).then(|| Speed::of(&points, decode)))
}
