//! What a person wishes of the reading of one document, and what comes back
//! where it cannot be read.

use serde::{Deserialize, Serialize};

use super::input::Masked;
use super::state::DocId;
use crate::domain::document::{Password, RevisionView};

/// How a document is read and what of it jobs are given. Remembered for each
/// document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Wish {
    /// Which state of its tracked changes.
    pub view: RevisionView,
    /// Whether pages that are images are put through character recognition.
    pub ocr: bool,
    /// Whether hidden text and comments are given to jobs.
    pub with_hidden: bool,
}

/// How one reading is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadOptions {
    pub view: RevisionView,
    pub ocr: bool,
    /// For this reading alone: it is kept nowhere.
    pub password: Option<Password>,
}

impl From<Wish> for ReadOptions {
    fn from(wish: Wish) -> Self {
        Self { view: wish.view, ocr: wish.ocr, password: None }
    }
}

/// Why a document cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// As a sentence.
    pub text: String,
    /// Whether a password, or another one, would help.
    pub needs_password: bool,
}

impl Failure {
    /// One against which no password helps.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), needs_password: false }
    }
}

/// The view that comes after another one when a person goes through them.
#[must_use]
pub fn next_view(view: RevisionView) -> RevisionView {
    match view {
        RevisionView::Accepted => RevisionView::Original,
        RevisionView::Original => RevisionView::Marked,
        RevisionView::Marked => RevisionView::Accepted,
    }
}

/// A password as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    pub doc: DocId,
    pub input: Masked,
    /// Whether the one given before did not open the document.
    pub wrong: bool,
}
