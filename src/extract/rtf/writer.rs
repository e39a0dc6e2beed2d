//! Where the words of a Rich Text document go: into the text, a table's row, a
//! note, an aside. Knows no control word.

mod rows;

use std::collections::HashSet;

use super::destination::Capture;
use super::label::Labels;
use super::state::Change;
use super::table::{Place, Row};
use crate::domain::document::{Markup, RevisionView};
use crate::domain::marks::AsideKind;
use crate::extract::flow::Flow;

/// How a piece of text is to be taken.
#[derive(Debug, Clone, Copy)]
pub struct Manner {
    pub unseen: Option<AsideKind>,
    pub change: Option<Change>,
    /// Of the change: pieces with the same belong together.
    pub id: (i32, i32),
    pub place: Place,
}

pub struct Writer<'f> {
    flow: &'f mut Flow,
    view: RevisionView,
    pub markup: Markup,
    captures: Vec<(Capture, String)>,
    row: Row,
    /// How many cells the open row was declared to have.
    pub columns: usize,
    /// What was met inside a row or a paragraph and follows it.
    asides: Vec<(AsideKind, String)>,
    boxes: Vec<String>,
    hidden: Option<(AsideKind, String)>,
    /// Labels and texts of notes, and which of them are open.
    notes: Vec<String>,
    labels: Labels,
    open_notes: Vec<usize>,
    heads: HashSet<String>,
    author: String,
    label: String,
    /// Whether the open paragraph, and whether the last one, is a list's item.
    item: bool,
    after_item: bool,
    after_row: bool,
    change: Option<(Change, (i32, i32))>,
    /// The change whose bracket is open, in the marked view.
    bracket: Option<Change>,
    /// Bytes that wait outside the flow.
    waiting: usize,
}

impl<'f> Writer<'f> {
    pub fn new(flow: &'f mut Flow, view: RevisionView) -> Self {
        Self {
            flow,
            view,
            markup: Markup { view, ..Markup::default() },
            captures: Vec::new(),
            row: Row::default(),
            columns: 0,
            asides: Vec::new(),
            boxes: Vec::new(),
            hidden: None,
            notes: Vec::new(),
            labels: Labels::default(),
            open_notes: Vec::new(),
            heads: HashSet::new(),
            author: String::new(),
            label: String::new(),
            item: false,
            after_item: false,
            after_row: false,
            change: None,
            bracket: None,
            waiting: 0,
        }
    }

    pub fn is_full(&self) -> bool {
        self.flow.is_full()
    }

    /// Which cell of the row is open, from 0.
    pub fn cell_index(&self) -> usize {
        self.row.index()
    }

    /// Whether the view leaves out what this change says.
    pub fn leaves_out(&self, change: Option<Change>) -> bool {
        match (self.view, change) {
            (RevisionView::Accepted, Some(change)) => change.is_old(),
            (RevisionView::Original, Some(change)) => !change.is_old(),
            _ => false,
        }
    }

    pub fn put(&mut self, text: &str, manner: Manner) {
        self.count(manner);
        if self.leaves_out(manner.change) {
            return;
        }
        if let Some((_, captured)) = self.captures.last_mut() {
            captured.push_str(text);
            self.wait(text.len());
            return;
        }
        if let Some(kind) = manner.unseen {
            self.hide(kind, text);
            return;
        }
        let in_text = manner.place == Place::Text;
        if in_text && !self.row.is_empty() {
            self.end_row();
        }
        if text.trim().is_empty() {
            if let Some((_, hidden)) = &mut self.hidden {
                hidden.push(' ');
            }
            self.add(" ", manner.place);
            return;
        }
        self.put_hidden();
        if in_text {
            self.set_apart();
        }
        let label = std::mem::take(&mut self.label);
        if !label.is_empty() {
            self.add(&format!("{label} "), manner.place);
        }
        let change = manner.change.filter(|_| self.view == RevisionView::Marked);
        if change.is_none() && self.bracket.is_none() {
            self.add(text, manner.place);
        } else {
            self.add_marked(text, change, manner.place);
        }
    }

    /// A list or a table is over where other text begins.
    fn set_apart(&mut self) {
        let after_item = std::mem::take(&mut self.after_item) && !self.item;
        if after_item || std::mem::take(&mut self.after_row) {
            self.flow.end_block();
        }
    }

    fn count(&mut self, manner: Manner) {
        let now = manner.change.map(|change| (change, manner.id));
        if self.change == now {
            return;
        }
        self.change = now;
        match manner.change {
            Some(Change::Insertion) => self.markup.insertions += 1,
            Some(Change::Deletion) => self.markup.deletions += 1,
            Some(Change::MovedHere) => self.markup.moves += 1,
            Some(Change::MovedAway) | None => {}
        }
    }

    fn add(&mut self, text: &str, place: Place) {
        if place == Place::Text {
            self.flow.words(text);
            return;
        }
        self.row.push(text, place);
        self.wait(text.len());
    }

    fn wait(&mut self, bytes: usize) {
        self.waiting += bytes;
        self.flow.expect(self.waiting);
    }

    /// Brackets stand close to the words, and spaces outside them.
    fn add_marked(&mut self, text: &str, change: Option<Change>, place: Place) {
        if self.bracket != change {
            self.close_bracket(place);
        }
        let words = text.trim();
        if text.starts_with(char::is_whitespace) {
            self.add(" ", place);
        }
        if let Some(change) = change.filter(|_| self.bracket.is_none()) {
            self.add(if change.is_old() { "[-" } else { "{+" }, place);
            self.bracket = Some(change);
        }
        self.add(words, place);
        if text.ends_with(char::is_whitespace) {
            // A change that ends in a space ends before it.
            self.close_bracket(place);
            self.add(" ", place);
        }
    }

    fn close_bracket(&mut self, place: Place) {
        if let Some(change) = self.bracket.take() {
            self.add(if change.is_old() { "-]" } else { "+}" }, place);
        }
    }

    fn hide(&mut self, kind: AsideKind, text: &str) {
        if text.trim().is_empty() && self.hidden.is_none() {
            return;
        }
        if self.hidden.as_ref().is_some_and(|(last, _)| *last != kind) {
            self.put_hidden();
        }
        self.wait(text.len());
        self.hidden.get_or_insert_with(|| (kind, String::new())).1.push_str(text);
    }

    fn put_hidden(&mut self) {
        if let Some((kind, words)) = self.hidden.take() {
            self.aside(kind, &words);
        }
    }

    fn aside(&mut self, kind: AsideKind, words: &str) {
        if self.row.is_empty() {
            self.flow.aside(kind, &format!(" {words} "));
        } else {
            self.asides.push((kind, words.to_owned()));
        }
    }

    pub fn line(&mut self, place: Place) {
        match self.captures.last_mut() {
            Some((_, captured)) => captured.push(' '),
            None if place == Place::Text => self.flow.line_break(),
            None => self.row.push(" ", place),
        }
    }

    pub fn paragraph(&mut self, place: Place) {
        if let Some((_, captured)) = self.captures.last_mut() {
            captured.push('\n');
            return;
        }
        self.close_bracket(place);
        if let Some((_, hidden)) = &mut self.hidden {
            hidden.push(' ');
        }
        self.label.clear();
        if place != Place::Text {
            self.row.push("\n", place);
            self.item = false;
            return;
        }
        if self.item {
            self.flow.end_line();
        } else {
            self.flow.end_block();
        }
        self.after_item = std::mem::take(&mut self.item);
        self.put_boxes();
    }

    fn put_boxes(&mut self) {
        for text in std::mem::take(&mut self.boxes) {
            self.flow.end_block();
            self.blocks(&text);
        }
    }

    fn blocks(&mut self, text: &str) {
        for line in text.lines() {
            self.flow.words(line);
            self.flow.end_block();
        }
    }

    /// From here to [`Writer::end_capture`] text is gathered apart. A note has
    /// `own` where its mark stands in the text as somebody typed it.
    pub fn begin_capture(&mut self, capture: Capture, place: Place, own: bool) {
        if matches!(capture, Capture::Footnote | Capture::Endnote) {
            let label = self.note_label(capture, own);
            self.open_notes.push(self.notes.len());
            self.notes.push(label.clone());
            match self.captures.last_mut() {
                Some((_, captured)) => captured.push_str(&label),
                None => self.add(&label, place),
            }
        }
        self.captures.push((capture, String::new()));
    }

    fn note_label(&mut self, capture: Capture, own: bool) -> String {
        let end = capture == Capture::Endnote;
        if end {
            self.markup.endnotes += 1;
        } else {
            self.markup.footnotes += 1;
        }
        if own { String::new() } else { self.labels.next(end) }
    }

    pub fn end_capture(&mut self) {
        let Some((capture, text)) = self.captures.pop() else {
            return;
        };
        match capture {
            Capture::Head => {
                if self.heads.insert(text.clone()) {
                    self.flow.aside(AsideKind::RunningHead, &text);
                }
            }
            Capture::Footnote | Capture::Endnote => {
                let note = self.open_notes.pop().and_then(|at| self.notes.get_mut(at));
                if let Some(note) = note {
                    note.push(' ');
                    note.push_str(text.trim());
                }
            }
            Capture::Comment => {
                self.markup.comments += 1;
                let author = std::mem::take(&mut self.author);
                let by = if author.is_empty() { String::new() } else { format!(" by {author}") };
                let said = format!("Comment{by}: {}", text.trim());
                self.aside(AsideKind::Comment, &said);
            }
            Capture::Author => text.trim().clone_into(&mut self.author),
            Capture::Label => self.begin_item(text.trim()),
            // In a header it is part of the header.
            Capture::TextBox => match self.captures.last_mut() {
                Some((_, captured)) => captured.push_str(&text),
                None => self.boxes.push(text),
            },
        }
    }

    fn begin_item(&mut self, label: &str) {
        if let Some((_, captured)) = self.captures.last_mut() {
            captured.push_str(label);
            captured.push(' ');
            return;
        }
        label.clone_into(&mut self.label);
        self.item = true;
    }

    pub fn finish(mut self) -> Markup {
        while !self.captures.is_empty() {
            self.end_capture();
        }
        self.close_bracket(Place::Text);
        if !self.row.is_empty() {
            self.end_row();
        }
        self.put_hidden();
        self.flow.end_block();
        self.put_boxes();
        for note in std::mem::take(&mut self.notes) {
            self.flow.words(note.trim_start());
            self.flow.end_block();
        }
        self.markup
    }
}
