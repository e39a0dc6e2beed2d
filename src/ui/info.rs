//! All about the document under the cursor: its file, its pages, what the jobs
//! covered; or why it could not be read. And the engine, in full.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::set_aside::{self, Told};
use super::uistate::OverlayView;
use super::{View, overlay, results, status, text, words};
use crate::app::command::{Command, key};
use crate::app::state::{DocState, Entry};
use crate::domain::document::{Document, Page, PageState};
use crate::domain::finding::JobResult;

/// No line of running text is longer; eyes lose the next one.
const MAX_WIDTH: usize = 88;
/// Documents inside another one that are named; the list has them all.
const MOST_PARTS: usize = 20;
/// Columns for the names of facts.
const LABEL: usize = 10;

pub fn draw(view: &View<'_>, scroll: &mut OverlayView, area: Rect, buf: &mut Buffer) {
    let width = overlay::text_width(area).min(MAX_WIDTH);
    let page = Sheet { view, width, lines: Vec::new() };
    let (title, lines) = match view.state.entry() {
        Some(entry) => (entry.name.clone(), page.document(entry)),
        None => ("Info".to_owned(), page.nothing()),
    };
    overlay::draw_scrolled(view, scroll, ("info", &title), &[(width, lines)], area, buf);
}

/// The lines as they grow.
struct Sheet<'a> {
    view: &'a View<'a>,
    width: usize,
    lines: Vec<Line<'static>>,
}

impl Sheet<'_> {
    fn nothing(mut self) -> Vec<Line<'static>> {
        self.fact("Folder", &self.view.state.folder.to_string_lossy());
        self.sentence("There is no document under the cursor.");
        self.foot()
    }

    fn document(mut self, entry: &Entry) -> Vec<Line<'static>> {
        self.fact("File", &entry.id.0.to_string_lossy());
        self.fact("Size", &words::size(entry.stamp.bytes));
        match &entry.state {
            DocState::Waiting => self.fact("State", "waiting to be read"),
            DocState::Reading => self.fact("State", "being read"),
            DocState::Failed(why) => {
                self.heading("It could not be read");
                let lines = text::paragraph(&why.text, self.width, 0, self.view.theme.error);
                self.lines.extend(lines);
                if why.needs_password {
                    self.sentence(&results::unlock());
                }
            }
            DocState::Ready(doc) => {
                self.text(doc);
                self.markup(doc);
                self.set_aside(entry, doc);
                self.parts(doc);
            }
        }
        if entry.is_stale() {
            self.warning(if entry.is_read_otherwise() {
                "The results were made of the document as it was read in another way."
            } else {
                "The document changed after its results were made."
            });
        }
        if !entry.results.is_empty() {
            self.heading("Jobs");
            for result in entry.results.values() {
                self.job(result);
            }
        }
        self.foot()
    }

    /// What concerns the whole program.
    fn foot(mut self) -> Vec<Line<'static>> {
        self.heading("Engine");
        let (engine, _) = status::engine(self.view);
        self.sentence(&engine);
        if !self.view.state.template_problems.is_empty() {
            self.heading("Templates");
            for problem in &self.view.state.template_problems {
                self.warning(problem);
            }
        }
        self.lines
    }

    fn text(&mut self, doc: &Document) {
        let length = words::count(doc.text.chars().count(), "character");
        self.fact("Format", doc.format.name());
        self.fact("Text", &length);
        self.fact("Pages", &page_counts(&doc.pages));
        if let Some(warning) = &doc.warning {
            self.warning(warning);
        }
        // An empty page is complete, unless its reader has something to say.
        let complete = |page: &&Page| matches!(page.state, PageState::Text | PageState::Empty);
        for page in doc.pages.iter().filter(|p| !complete(p) || p.note.is_some()) {
            let note = page.note.as_deref().unwrap_or_default();
            let line = format!("Page {}, {}. {note}", page.n, state_word(page.state));
            self.warning(line.trim_end());
        }
    }

    /// What a word processor's file holds beside its words, and what of it is
    /// in the text.
    fn markup(&mut self, doc: &Document) {
        let Some(markup) = doc.markup else { return };
        let counts = markup.counts();
        let none = "no changes, comments or notes";
        self.fact("Holds", if counts.is_empty() { none } else { &counts });
        if markup.has_changes() {
            let view = markup.view.in_words();
            let key = key(Command::Revisions);
            self.fact("View", &format!("{view}; press {key} for another view"));
        }
    }

    fn set_aside(&mut self, entry: &Entry, doc: &Document) {
        let told = set_aside::told(doc);
        if told.is_empty() {
            return;
        }
        self.heading("Set aside");
        let given = self.view.state.wish_of(&entry.id).with_hidden;
        let key = key(Command::GiveHidden);
        if given {
            self.warning("Jobs are given hidden text and comments of this document.");
        } else if doc.marks.asides.iter().any(|aside| aside.kind.may_be_given()) {
            self.sentence(&format!(
                "It stands dimmed in the source, hidden words after the paragraph that they were \
                 in, and is given to no job; {key} gives hidden text \
                 and comments to jobs."
            ));
        } else {
            self.sentence("It stands dimmed in the source and is given to no job.");
        }
        for Told { head, is_hidden, words } in told {
            if is_hidden {
                self.warning(&head);
            } else {
                self.sentence(&head);
            }
            for words in words {
                let lines = text::paragraph(&words, self.width, 2, self.view.theme.dim);
                self.lines.extend(lines);
            }
        }
    }

    /// The documents inside this one, with their sizes.
    fn parts(&mut self, doc: &Document) {
        if doc.parts.is_empty() {
            return;
        }
        self.heading("Documents inside");
        for part in doc.parts.iter().take(MOST_PARTS) {
            self.sentence(&format!("{}, {}", part.name, words::size(part.bytes)));
        }
        if let Some(more) = doc.parts.len().checked_sub(MOST_PARTS).filter(|more| *more > 0) {
            self.sentence(&format!("and {} more", words::grouped(more)));
        }
    }

    fn job(&mut self, result: &JobResult) {
        let title = self.view.state.template(&result.job).map_or(&result.job, |t| &t.title);
        let (coverage, _) = results::coverage(&result.coverage);
        let line = format!(
            "{title}: {}, {coverage}, in {} by {} ({}).",
            words::count(result.findings.len(), "finding"),
            words::took(result.seconds),
            result.model,
            result.engine,
        );
        self.sentence(&line);
        for warning in &result.warnings {
            self.warning(warning);
        }
    }

    fn heading(&mut self, text: &str) {
        self.lines.push(Line::default());
        self.lines.push(Line::styled(text::clip(text, self.width), self.view.theme.heading));
    }

    fn fact(&mut self, name: &'static str, value: &str) {
        let mut lines = text::paragraph(value, self.width, LABEL, self.view.theme.text);
        if let Some(pad) = lines.first_mut().and_then(|line| line.spans.first_mut()) {
            *pad = ratatui::text::Span::styled(format!("{name:LABEL$}"), self.view.theme.dim);
        }
        self.lines.extend(lines);
    }

    fn sentence(&mut self, text: &str) {
        self.lines.extend(text::paragraph(text, self.width, 0, self.view.theme.text));
    }

    fn warning(&mut self, text: &str) {
        let style = self.view.theme.warning;
        self.lines.extend(text::signed("!", text, self.width, style));
    }
}

fn page_counts(pages: &[Page]) -> String {
    let states =
        [PageState::Text, PageState::Scan, PageState::Empty, PageState::Garbled, PageState::Failed];
    let counts = states.iter().filter_map(|state| {
        let n = pages.iter().filter(|p| p.state == *state).count();
        (n > 0).then(|| format!("{n} {}", state_word(*state)))
    });
    format!("{}: {}", words::grouped(pages.len()), counts.collect::<Vec<_>>().join(", "))
}

fn state_word(state: PageState) -> &'static str {
    match state {
        PageState::Text => "text",
        PageState::Scan => "scan",
        PageState::Empty => "empty",
        PageState::Garbled => "garbled",
        PageState::Failed => "not read",
    }
}
