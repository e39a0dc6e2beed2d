//! Who may use the engine now: one caller at a time, and whoever waits can be
//! cancelled. Knows nothing of what is guarded.

use std::ops::{Deref, DerefMut};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::engine::{Cancel, EngineError};

/// How soon a waiting caller notices that it was cancelled.
const TICK: Duration = Duration::from_millis(50);

/// A value that one caller at a time may have.
#[derive(Debug)]
pub struct Turns<T> {
    value: Mutex<Option<T>>,
    back: Condvar,
}

impl<T> Turns<T> {
    pub fn new(value: T) -> Self {
        Self { value: Mutex::new(Some(value)), back: Condvar::new() }
    }

    /// Waits for the value.
    ///
    /// # Errors
    /// [`EngineError::Cancelled`] where `cancel` came first.
    pub fn take(&self, cancel: &Cancel) -> Result<Turn<'_, T>, EngineError> {
        let mut slot = self.slot();
        loop {
            if cancel.is_cancelled() {
                return Err(EngineError::Cancelled);
            }
            if let Some(value) = slot.take() {
                return Ok(Turn { turns: self, value: Some(value) });
            }
            let waited = self.back.wait_timeout(slot, TICK);
            slot = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn slot(&self) -> MutexGuard<'_, Option<T>> {
        self.value.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The value, until it is dropped; also when its holder panics.
#[derive(Debug)]
pub struct Turn<'a, T> {
    turns: &'a Turns<T>,
    value: Option<T>,
}

impl<T> Deref for Turn<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.as_ref().expect("a turn has its value until it is dropped")
    }
}

impl<T> DerefMut for Turn<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.value.as_mut().expect("a turn has its value until it is dropped")
    }
}

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        *self.turns.slot() = self.value.take();
        self.turns.back.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn one_waits_for_the_other() {
        let turns = Turns::new(0);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        let mut turn = turns.take(&Cancel::new()).expect("not cancelled");
                        let seen = *turn;
                        thread::yield_now();
                        *turn = seen + 1;
                    }
                });
            }
        });
        assert_eq!(turns.take(&Cancel::new()).map(|turn| *turn), Ok(800));
    }

    #[test]
    fn whoever_waits_can_be_cancelled_and_the_holder_goes_on() {
        let turns = Turns::new(7);
        let held = turns.take(&Cancel::new()).expect("free");
        let cancel = Cancel::new();
        thread::scope(|scope| {
            let waiting = scope.spawn(|| turns.take(&cancel).map(|turn| *turn));
            cancel.cancel();
            assert_eq!(waiting.join().expect("lives"), Err(EngineError::Cancelled));
        });
        drop(held);
        assert_eq!(turns.take(&Cancel::new()).map(|turn| *turn), Ok(7));
    }

    #[test]
    fn a_holder_that_panics_gives_its_turn_back() {
        let turns = Turns::new(7);
        let result = thread::scope(|scope| {
            scope
                .spawn(|| {
                    let _held = turns.take(&Cancel::new()).expect("free");
                    panic!("meant to");
                })
                .join()
        });
        assert!(result.is_err());
        assert_eq!(turns.take(&Cancel::new()).map(|turn| *turn), Ok(7));
    }
}
