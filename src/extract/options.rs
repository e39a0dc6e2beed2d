//! What a person may say about how a file is read.

use serde::{Deserialize, Serialize};

use super::limits::Limits;
pub use crate::domain::document::Password;
use crate::domain::document::RevisionView;

/// How a file is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Options {
    pub limits: Limits,
    /// Which state of a text with tracked changes.
    pub view: RevisionView,
    /// Whether pages that are images are put through character recognition.
    pub ocr: bool,
    /// For a document that is locked. Goes to the worker through a pipe and is
    /// kept nowhere.
    pub password: Option<Password>,
}

impl Options {
    /// Names what of the options changes a text, for whoever keeps texts: two
    /// readings of a file under the same key are the same, unless one of them
    /// ended early or needed a password.
    #[must_use]
    pub fn key(&self) -> String {
        let view = match self.view {
            RevisionView::Accepted => "accepted",
            RevisionView::Original => "original",
            RevisionView::Marked => "marked",
        };
        if self.ocr { format!("{view}+ocr") } else { view.to_owned() }
    }

    /// Options with these limits, and else as they are without a person's word.
    #[must_use]
    pub fn within(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_where_options_are() {
        let password = Some(Password::new("open sesame".into()));
        let shown = format!("{:?}", Options { password, ..Options::default() });
        assert!(!shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn what_changes_a_text_changes_its_key_and_limits_do_not() {
        let plain = Options::default();
        let limits = Limits { seconds: 1, ..Limits::default() };
        assert_eq!(Options::within(limits).key(), plain.key());
        let ocr = Options { ocr: true, ..plain.clone() };
        let marked = Options { view: RevisionView::Marked, ..plain.clone() };
        assert_ne!(ocr.key(), plain.key());
        assert_ne!(marked.key(), plain.key());
        assert_ne!(marked.key(), ocr.key());
    }
}
