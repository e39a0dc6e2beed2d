//! How often a request is tried and how long one waits in between:
//! exponential backoff with jitter, so that several callers do not come back
//! all at once. Knows no requests.

use std::hash::{BuildHasher as _, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::http::TICK;
use crate::engine::Cancel;

/// No pause is longer, and a server that asks for a longer one is given up.
pub const LONGEST: Duration = Duration::from_mins(1);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    /// Tries in all, the first one too.
    pub tries: u32,
    /// The pause after the first failure; it doubles with each further one.
    pub base: Duration,
}

impl Default for Retry {
    fn default() -> Self {
        Self { tries: 4, base: Duration::from_millis(500) }
    }
}

impl Retry {
    /// The pause after so many failures, `asked` for by the server or not;
    /// `None` where another try is of no use. `jitter` of 0 to 1 spreads the
    /// pause over half to one and a half of its length.
    pub fn pause(&self, failures: u32, asked: Option<Duration>, jitter: f64) -> Option<Duration> {
        if failures >= self.tries {
            return None;
        }
        if let Some(asked) = asked {
            return (asked <= LONGEST).then_some(asked);
        }
        let doubled = self.base.saturating_mul(1 << (failures - 1).min(16));
        Some(doubled.min(LONGEST).mul_f64(0.5 + jitter))
    }

    /// Calls `attempt` until it succeeds, fails with what `may_pass` says no
    /// to, or has failed too often.
    ///
    /// # Errors
    /// The last fault; [`Fault::Cancelled`] also when cancelled in a pause.
    pub fn run<T>(
        &self,
        cancel: &Cancel,
        may_pass: impl Fn(&Fault) -> bool,
        mut attempt: impl FnMut() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let mut failures = 0;
        loop {
            let fault = match attempt() {
                Err(fault) if may_pass(&fault) => fault,
                other => return other,
            };
            failures += 1;
            let asked = if let Fault::Status(refusal) = &fault { refusal.wait } else { None };
            let Some(pause) = self.pause(failures, asked, jitter()) else { return Err(fault) };
            tracing::info!(failures, ?pause, "the server is asked again");
            wait(pause, cancel)?;
        }
    }
}

/// # Errors
/// [`Fault::Cancelled`].
pub fn wait(pause: Duration, cancel: &Cancel) -> Result<(), Fault> {
    let began = Instant::now();
    loop {
        if cancel.is_cancelled() {
            return Err(Fault::Cancelled);
        }
        match pause.checked_sub(began.elapsed()) {
            Some(left) if !left.is_zero() => thread::sleep(left.min(TICK)),
            _ => return Ok(()),
        }
    }
}

/// From 0 to 1, another one each time: each `RandomState` has keys of its own.
fn jitter() -> f64 {
    let draw = RandomState::new().hash_one(0) >> 40;
    #[expect(clippy::cast_precision_loss, reason = "24 bits fit")]
    let draw = draw as f64;
    draw / f64::from(1 << 24)
}

#[cfg(test)]
mod tests {
    use super::super::fault::Refusal;
    use super::*;

    const RETRY: Retry = Retry { tries: 4, base: Duration::from_millis(500) };

    #[test]
    fn pauses_double_are_spread_and_end() {
        let pause = |failures, jitter| RETRY.pause(failures, None, jitter);
        assert_eq!(pause(1, 0.5), Some(Duration::from_millis(500)));
        assert_eq!(pause(2, 0.5), Some(Duration::from_secs(1)));
        assert_eq!(pause(3, 0.0), Some(Duration::from_secs(1)));
        assert_eq!(pause(4, 0.5), None);
        let patient = Retry { tries: 99, ..RETRY };
        assert_eq!(patient.pause(90, None, 0.5), Some(LONGEST));
    }

    #[test]
    fn a_server_s_own_wish_is_honoured_unless_it_is_too_long() {
        let ask = |seconds| RETRY.pause(1, Some(Duration::from_secs(seconds)), 0.0);
        assert_eq!(ask(7), Some(Duration::from_secs(7)));
        assert_eq!(ask(3_600), None);
    }

    #[test]
    fn tries_are_counted_and_a_lasting_fault_ends_them() {
        let quick = Retry { base: Duration::ZERO, ..RETRY };
        let mut tries = 0;
        let mut fail = |fault: Fault, after: u32| {
            tries = 0;
            quick.run(&Cancel::new(), Fault::passes, || {
                tries += 1;
                if tries > after { Ok(tries) } else { Err(fault.clone()) }
            })
        };
        assert_eq!(fail(Fault::Broken, 2), Ok(3));
        assert_eq!(fail(Fault::Broken, 9), Err(Fault::Broken));
        let refusal = Fault::Status(Refusal { status: 401, ..Refusal::default() });
        assert_eq!(fail(refusal.clone(), 9), Err(refusal));
        assert_eq!(tries, 1);
    }

    #[test]
    fn a_pause_ends_with_the_cancel() {
        let cancel = Cancel::new();
        let patient = Retry { tries: 2, base: Duration::from_hours(1) };
        let outcome: Result<(), Fault> = patient.run(&cancel, Fault::passes, || {
            cancel.cancel();
            Err(Fault::Broken)
        });
        assert_eq!(outcome, Err(Fault::Cancelled));
    }
}
