//! A flag that asks a running step to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Shared between the one who asks and the one who stops; once set, it stays set.
#[derive(Debug, Clone, Default)]
pub struct Cancel {
    own: Arc<AtomicBool>,
    all_of: Vec<Self>,
}

impl Cancel {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Set as soon as all of these are; for what several share, such as the
    /// loading of a model. Never set by none at all.
    #[must_use]
    pub fn when_all(cancels: Vec<Self>) -> Self {
        Self { all_of: cancels, ..Self::default() }
    }

    pub fn cancel(&self) {
        self.own.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        let all = !self.all_of.is_empty() && self.all_of.iter().all(Self::is_cancelled);
        all || self.own.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_share_stops_when_none_of_them_wants_it_any_more() {
        let (one, other) = (Cancel::new(), Cancel::new());
        let both = Cancel::when_all(vec![one.clone(), other.clone()]);
        one.cancel();
        assert!(!both.is_cancelled());
        other.cancel();
        assert!(both.is_cancelled());
        assert!(!Cancel::when_all(Vec::new()).is_cancelled());
        assert!(!Cancel::new().is_cancelled());
    }
}
