//! What the stories of one Word document share while they are read: its styles
//! and lists, the view of its changes, counts, notes and comments.

use std::collections::HashMap;

use super::numbering::Numbering;
use super::styles::Styles;
use crate::domain::document::{Markup, RevisionView};
use crate::extract::blocks::{Anchor, Change};
use crate::extract::look::{Ink, WHITE};

pub struct State {
    pub styles: Styles,
    pub numbering: Numbering,
    pub view: RevisionView,
    pub markup: Markup,
    /// Moved text that is marked as a range, and that is marked piece by piece.
    pub moves: (u32, u32),
    pub footnotes: References,
    pub endnotes: References,
    /// The words that each comment is about, by its id.
    pub anchors: HashMap<String, Anchor>,
    /// Ids of comments whose words are being read.
    pub anchoring: Vec<String>,
    /// Where comments stand, in order.
    pub comments: Vec<String>,
    pub page: Ink,
    /// Whether readings above words were left out.
    pub readings: bool,
}

impl State {
    pub fn new(view: RevisionView) -> Self {
        Self {
            styles: Styles::default(),
            numbering: Numbering::default(),
            view,
            markup: Markup { view, ..Markup::default() },
            moves: (0, 0),
            footnotes: References::new("decimal"),
            endnotes: References::new("lowerRoman"),
            anchors: HashMap::new(),
            anchoring: Vec::new(),
            comments: Vec::new(),
            page: WHITE,
            readings: false,
        }
    }

    /// Words that are seen, for the comments that are about them.
    pub fn anchor(&mut self, words: &str, change: Change) {
        if self.anchoring.is_empty() {
            return;
        }
        let (anchors, view) = (&mut self.anchors, self.view);
        self.anchoring.retain(|id| anchors.entry(id.clone()).or_default().add(words, change, view));
    }

    /// The counts, once all is read.
    pub fn counted(&self) -> Markup {
        let (ranges, pieces) = self.moves;
        Markup { moves: if ranges > 0 { ranges } else { pieces }, ..self.markup }
    }
}

/// The notes of one kind in the order in which the text refers to them.
pub struct References {
    order: Vec<String>,
    labels: HashMap<String, String>,
    counted: u32,
    pub format: String,
    pub start: u32,
}

impl References {
    fn new(format: &str) -> Self {
        Self {
            order: Vec::new(),
            labels: HashMap::new(),
            counted: 0,
            format: format.to_owned(),
            start: 1,
        }
    }

    /// The label of note `id`, which the text refers to here. A note with a mark
    /// of its own has none, since the mark stands in the text.
    pub fn refer(&mut self, id: &str, own_mark: bool) -> String {
        if let Some(known) = self.labels.get(id) {
            return known.clone();
        }
        let label = if own_mark {
            String::new()
        } else {
            let n = self.start.saturating_add(self.counted);
            self.counted += 1;
            format!("[{}]", crate::extract::numerals::written(n, &self.format))
        };
        self.order.push(id.to_owned());
        self.labels.insert(id.to_owned(), label.clone());
        label
    }

    /// Ids and labels in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.order.iter().map(|id| (id.as_str(), self.labels.get(id).map_or("", String::as_str)))
    }
}
