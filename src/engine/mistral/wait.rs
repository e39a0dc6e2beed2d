//! Waiting for the engine's thread without an async runtime, and a tap on its
//! token stream. Knows channels and tokens, nothing of prompts or answers.

use std::sync::mpsc::{self as std_mpsc, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use candle_core::{D, Device, Tensor};
use mistralrs::CustomLogitsProcessor;
use tokio::sync::mpsc;

use crate::engine::Cancel;

/// How soon a waiting call notices that it was cancelled.
const TICK: Duration = Duration::from_millis(50);

/// What ended a wait.
#[derive(Debug, PartialEq, Eq)]
pub enum Waited<T> {
    Item(T),
    /// Every sender is gone.
    Closed,
    /// Nothing came within the limit.
    TimedOut,
    Cancelled,
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Receives the next item, from any thread, inside an async runtime or not
/// (`blocking_recv` panics in one, and has no time limit).
pub fn recv<T>(rx: &mut mpsc::Receiver<T>, cancel: &Cancel, limit: Duration) -> Waited<T> {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    let deadline = Instant::now() + limit;
    loop {
        if cancel.is_cancelled() {
            return Waited::Cancelled;
        }
        match rx.poll_recv(&mut cx) {
            Poll::Ready(Some(item)) => return Waited::Item(item),
            Poll::Ready(None) => return Waited::Closed,
            Poll::Pending => {}
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Waited::TimedOut;
        }
        thread::park_timeout(left.min(TICK));
    }
}

/// What the tap has seen of one request.
#[derive(Debug, Default)]
pub struct Seen {
    /// The tokens generated so far, without the one being drawn.
    pub tokens: Vec<u32>,
    /// The likeliest token of the draw under way; under greedy decoding the
    /// one that is drawn.
    pub top: Option<u32>,
    /// When the first draw began: the whole prompt was read by then.
    pub begun: Option<Instant>,
    /// What the model gave each token of the vocabulary at the first draw, where
    /// [`Steer::Weigh`] asked for it.
    pub logits: Option<Vec<f32>>,
}

/// The receiving end of a tap: what was seen, and whether the engine still
/// holds the request.
#[derive(Debug)]
pub struct TapHandle {
    seen: Arc<Mutex<Seen>>,
    gone: std_mpsc::Receiver<()>,
}

impl TapHandle {
    /// Reads what was seen so far.
    pub fn seen<R>(&self, read: impl FnOnce(&Seen) -> R) -> R {
        read(&self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the engine has dropped the request and everything of it.
    pub fn wait_gone(&self, cancel: &Cancel, limit: Duration) -> Waited<()> {
        let deadline = Instant::now() + limit;
        loop {
            if cancel.is_cancelled() {
                return Waited::Cancelled;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Waited::TimedOut;
            }
            match self.gone.recv_timeout(left.min(TICK)) {
                Err(RecvTimeoutError::Disconnected) => return Waited::Closed,
                Ok(()) | Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// What a tap does to the draws beside watching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Steer {
    /// Nothing.
    Free,
    /// This token is drawn every time, whatever the model says.
    Force(u32),
    /// These tokens are never drawn.
    Ban(Vec<u32>),
    /// What the model says at the first draw is kept, and this token is drawn.
    Weigh(u32),
}

/// Rides along with a request as a logits processor: mistralrs streams text
/// only, and withholds a piece (its end marker too) while it is not valid
/// UTF-8. The processor is given the ids at every draw, and lives exactly as
/// long as the request does.
pub struct Tap {
    prompt: usize,
    steer: Steer,
    seen: Arc<Mutex<Seen>>,
    _alive: std_mpsc::Sender<()>,
}

impl Tap {
    /// A tap on a request of `prompt` tokens.
    pub fn new(prompt: usize, steer: Steer) -> (Self, TapHandle) {
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (alive, gone) = std_mpsc::channel();
        (Self { prompt, steer, seen: Arc::clone(&seen), _alive: alive }, TapHandle { seen, gone })
    }

    fn steered(&self, logits: &Tensor) -> candle_core::Result<Tensor> {
        let mut values = match &self.steer {
            Steer::Free => return Ok(logits.clone()),
            Steer::Force(_) | Steer::Weigh(_) => vec![f32::NEG_INFINITY; logits.elem_count()],
            Steer::Ban(_) => logits.to_vec1()?,
        };
        let mut set = |id: u32, value: f32| {
            if let Some(logit) = values.get_mut(id as usize) {
                *logit = value;
            }
        };
        match &self.steer {
            Steer::Free => {}
            Steer::Force(id) | Steer::Weigh(id) => set(*id, 0.0),
            Steer::Ban(ids) => ids.iter().for_each(|id| set(*id, f32::NEG_INFINITY)),
        }
        Tensor::from_vec(values, logits.shape().clone(), &Device::Cpu)
    }
}

impl CustomLogitsProcessor for Tap {
    fn apply(&self, logits: &Tensor, context: &[u32]) -> candle_core::Result<Tensor> {
        let raw = logits;
        let logits = self.steered(raw)?;
        let top = logits.argmax(D::Minus1)?.to_scalar::<u32>()?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // At the first draw the context is only the part of the prompt that
        // was not cached.
        seen.tokens = context.get(self.prompt..).unwrap_or_default().to_vec();
        seen.top = Some(top);
        if matches!(self.steer, Steer::Weigh(_)) && seen.logits.is_none() {
            seen.logits = Some(raw.to_vec1()?);
        }
        seen.begun.get_or_insert_with(Instant::now);
        Ok(logits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_sent_from_another_thread_arrives() {
        let (tx, mut rx) = mpsc::channel(1);
        let sender = thread::spawn(move || tx.blocking_send(7));
        let got = recv(&mut rx, &Cancel::new(), Duration::from_mins(1));
        assert_eq!(got, Waited::Item(7));
        sender.join().expect("sender lives").expect("receiver lives");
        assert_eq!(recv(&mut rx, &Cancel::new(), Duration::from_mins(1)), Waited::Closed);
    }

    #[test]
    fn a_wait_ends_when_cancelled_or_when_time_is_up() {
        let (_tx, mut rx) = mpsc::channel::<()>(1);
        let cancel = Cancel::new();
        assert_eq!(recv(&mut rx, &cancel, Duration::ZERO), Waited::TimedOut);
        cancel.cancel();
        assert_eq!(recv(&mut rx, &cancel, Duration::from_mins(1)), Waited::Cancelled);
    }

    #[test]
    fn a_tap_tells_the_tokens_and_when_its_request_is_gone() {
        let (tap, handle) = Tap::new(3, Steer::Free);
        let logits = Tensor::new(&[0f32, 2.0, 1.0], &Device::Cpu).expect("a tensor");
        // The first draw after a cache hit sees the end of the prompt alone.
        tap.apply(&logits, &[9]).expect("a draw");
        assert_eq!(handle.seen(|s| (s.tokens.clone(), s.top)), (vec![], Some(1)));
        tap.apply(&logits, &[5, 6, 9, 1]).expect("a draw");
        assert_eq!(handle.seen(|s| s.tokens.clone()), [1]);
        assert_eq!(handle.wait_gone(&Cancel::new(), Duration::ZERO), Waited::TimedOut);
        drop(tap);
        assert_eq!(handle.wait_gone(&Cancel::new(), Duration::from_mins(1)), Waited::Closed);
    }

    #[test]
    fn a_tap_can_force_a_token_or_ban_it() {
        let logits = Tensor::new(&[9f32, 8.0, 1.0], &Device::Cpu).expect("a tensor");
        let drawn = |steer| {
            let (tap, handle) = Tap::new(1, steer);
            tap.apply(&logits, &[0]).expect("a draw");
            handle.seen(|s| s.top)
        };
        assert_eq!(drawn(Steer::Free), Some(0));
        assert_eq!(drawn(Steer::Force(2)), Some(2));
        assert_eq!(drawn(Steer::Ban(vec![0, 99])), Some(1));
    }

    #[test]
    fn a_tap_keeps_what_the_model_said_first_and_draws_something_else() {
        let tensor = |values: &[f32]| Tensor::new(values, &Device::Cpu).expect("a tensor");
        let (tap, handle) = Tap::new(1, Steer::Weigh(2));
        tap.apply(&tensor(&[9.0, 8.0, 1.0]), &[0]).expect("a draw");
        tap.apply(&tensor(&[3.0, 4.0, 5.0]), &[0, 2]).expect("a draw");
        let seen = handle.seen(|s| (s.tokens.clone(), s.top, s.logits.clone()));
        assert_eq!(seen, (vec![2], Some(2), Some(vec![9.0, 8.0, 1.0])));
    }
}
