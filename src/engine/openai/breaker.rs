//! What is remembered of a server from one request to the next: whether it is
//! worth asking at all. Knows no requests and no clock but the one it is given.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::retry::LONGEST;

/// Faults in a row after which a server is taken for broken.
const MANY: u32 = 3;

/// The longest that a server's wish to be left alone is remembered.
const LONGEST_REST: Duration = Duration::from_mins(10);

/// How a request may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Leave {
    /// As often as is usual.
    Free,
    /// Once: the server was not there at the last request.
    Once,
    /// After this pause, which the server has asked for.
    After(Duration),
    /// Once, and only if the server answers a small question first.
    Probe,
    /// Not now: the last fault stands.
    Not(Fault),
}

/// Shared by all callers of a server.
#[derive(Debug)]
pub struct Breaker {
    /// The first pause of a server that is taken for broken; it doubles.
    pause: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Faults in a row.
    faults: u32,
    last: Option<Fault>,
    /// No request before.
    rest_until: Option<Instant>,
}

impl Breaker {
    pub fn new(pause: Duration) -> Self {
        Self { pause, state: Mutex::default() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a request may be made now. Whoever is to probe does so alone:
    /// the others are told no until that has an end.
    pub fn leave(&self, now: Instant) -> Leave {
        let mut state = self.state();
        let Some(last) = state.last.clone() else { return Leave::Free };
        let rest = state.rest_until.map(|until| until.saturating_duration_since(now));
        match rest.filter(|rest| !rest.is_zero()) {
            Some(rest) if state.faults < MANY && rest <= LONGEST => return Leave::After(rest),
            Some(_) => return Leave::Not(last),
            None => {}
        }
        if state.faults >= MANY {
            state.rest_until = Some(now + self.rest(state.faults));
            return Leave::Probe;
        }
        if last.is_absence() { Leave::Once } else { Leave::Free }
    }

    /// How a request ended; `None` where it went well.
    pub fn note(&self, fault: Option<&Fault>, now: Instant) {
        let mut state = self.state();
        let fault = match fault {
            Some(Fault::Cancelled | Fault::Changed) => return,
            Some(fault) if fault.is_the_server_s() => fault.clone(),
            // An answer, or a refusal of this one request: the server is well.
            _ => {
                *state = State::default();
                return;
            }
        };
        state.faults = state.faults.saturating_add(1);
        let asked = fault.wait().map(|wait| wait.min(LONGEST_REST));
        let own = (state.faults >= MANY).then(|| self.rest(state.faults));
        state.rest_until = asked.max(own).map(|rest| now + rest);
        state.last = Some(fault);
    }

    fn rest(&self, faults: u32) -> Duration {
        self.pause.saturating_mul(1 << (faults - MANY).min(8)).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::super::fault::Refusal;
    use super::*;

    const PAUSE: Duration = Duration::from_secs(5);

    fn status(status: u16, wait: Option<u64>) -> Fault {
        let wait = wait.map(Duration::from_secs);
        Fault::Status(Refusal { status, wait, ..Refusal::default() })
    }

    #[test]
    fn a_server_that_fails_again_and_again_is_left_alone_for_a_while() {
        let hung = Fault::Hung(Duration::from_mins(2));
        for fault in [Fault::Connect(String::new()), hung, Fault::Broken, status(500, None)] {
            let (breaker, now) = (Breaker::new(PAUSE), Instant::now());
            for _ in 0..2 {
                breaker.note(Some(&fault), now);
                assert!(matches!(breaker.leave(now), Leave::Free | Leave::Once), "{fault:?}");
            }
            breaker.note(Some(&fault), now);
            assert_eq!(breaker.leave(now), Leave::Not(fault.clone()));
            assert_eq!(breaker.leave(now + PAUSE), Leave::Probe);
            // Somebody is at it.
            assert_eq!(breaker.leave(now + PAUSE), Leave::Not(fault.clone()));
            breaker.note(Some(&fault), now + PAUSE);
            assert_eq!(breaker.leave(now + PAUSE * 2), Leave::Not(fault.clone()));
            assert_eq!(breaker.leave(now + PAUSE * 3), Leave::Probe);
            breaker.note(None, now + PAUSE * 3);
            assert_eq!(breaker.leave(now + PAUSE * 3), Leave::Free);
        }
    }

    #[test]
    fn what_lies_with_one_request_says_nothing_of_the_server() {
        let (breaker, now) = (Breaker::new(PAUSE), Instant::now());
        for _ in 0..9 {
            breaker.note(Some(&Fault::Broken), now);
            breaker.note(Some(&Fault::Broken), now);
            breaker.note(Some(&status(400, None)), now);
        }
        assert_eq!(breaker.leave(now), Leave::Free);
    }

    #[test]
    fn a_server_that_asks_for_rest_gets_it_from_the_next_request_too() {
        let (breaker, now) = (Breaker::new(PAUSE), Instant::now());
        breaker.note(Some(&status(429, Some(7))), now);
        assert_eq!(breaker.leave(now), Leave::After(Duration::from_secs(7)));
        assert_eq!(breaker.leave(now + Duration::from_secs(7)), Leave::Free);
        // Too long to wait for, but not for ever.
        let day = status(429, Some(86_400));
        breaker.note(Some(&day), now);
        assert_eq!(breaker.leave(now), Leave::Not(day));
        assert_eq!(breaker.leave(now + LONGEST_REST), Leave::Free);
    }
}
