//! The documents pane: the folder and how far each of its documents is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::uistate::ListView;
use super::{View, pane, status, text, words};
use crate::app::command::{Command, key};
use crate::app::state::{DocState, Entry, Pane, Tally};
use crate::domain::document::{Document, Markup, PageState};

/// Lines of one document: its name, and its state.
const TALL: usize = 2;
/// Documents deeper inside others than this are no further in.
const MOST_INSET: usize = 3;
/// Columns of a name's end that stay when it is cut, for its extension.
const NAME_TAIL: usize = 7;

pub fn draw(view: &View<'_>, list: &mut ListView, area: Rect, buf: &mut Buffer) {
    let state = view.state;
    let title = match state.documents.len() {
        0 => "Documents".to_owned(),
        n => format!("Documents {n}"),
    };
    let note = note(view);
    let inner = pane::frame(view, (&title, &note), view.has_focus(Pane::Documents), area, buf);
    let prose = pane::prose(inner);
    let head = head(view, usize::from(prose.width));
    let room = usize::from(inner.height).saturating_sub(head.len());
    pane::lines(&head, prose, buf);
    let shown = (room / TALL).max(1);
    keep_in_view(list, state.selected, state.documents.len(), shown);
    let below = Rect {
        y: inner.y + pane::cells(head.len()).min(inner.height),
        height: pane::cells(room),
        ..inner
    };
    for (slot, (index, entry)) in
        state.documents.iter().enumerate().skip(list.top).take(shown).enumerate()
    {
        let y = below.y + pane::cells(slot * TALL);
        let area = Rect { y, height: pane::cells(TALL), ..below }.intersection(below);
        draw_entry(view, entry, index == state.selected, area, buf);
    }
}

fn note(view: &View<'_>) -> String {
    let marked = match view.state.marked.len() {
        0 => None,
        n => Some(format!("{n} marked")),
    };
    let auto = view.state.auto.then(|| "auto".to_owned());
    marked.into_iter().chain(auto).collect::<Vec<_>>().join(" · ")
}

/// The folder, and what is the matter with it.
fn head(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    let (state, theme) = (view.state, view.theme);
    let folder = text::clip_start(&state.folder.to_string_lossy(), width);
    let mut lines = vec![Line::styled(folder, theme.dim)];
    if let Some(problem) = &state.folder_problem {
        lines.extend(text::paragraph(problem, width, 0, theme.error));
    } else if state.documents.is_empty() {
        lines.push(Line::default());
        lines.extend(text::paragraph("There is nothing to read here yet.", width, 0, theme.text));
    }
    lines.push(Line::default());
    lines
}

fn keep_in_view(list: &mut ListView, selected: usize, count: usize, shown: usize) {
    list.page = shown;
    let selected = selected.min(count.saturating_sub(1));
    let lowest = (selected + 1).saturating_sub(shown);
    list.top = list.top.clamp(lowest, selected).min(count.saturating_sub(shown));
}

fn draw_entry(view: &View<'_>, entry: &Entry, selected: bool, area: Rect, buf: &mut Buffer) {
    let theme = view.theme;
    let focused = view.has_focus(Pane::Documents);
    let width = usize::from(area.width);
    let marked = view.state.marked.contains(&entry.id);
    let status = Status::of(view, entry);
    let mark_width = if marked { 2 } else { 0 };
    let inset = 2 * entry.depth.min(MOST_INSET);
    let room = width.saturating_sub(3 + mark_width + inset);
    let name = text::clip_middle(short_name(entry), room, NAME_TAIL);
    let inset = " ".repeat(inset);
    let bar = pane_bar(view, selected, focused);
    let mark: &[(&str, Style)] = if marked { &[("*", theme.marked)] } else { &[] };
    let mut first = pane::both_ends(
        &[
            (&inset, theme.text),
            (status.glyph, status.style),
            (" ", theme.text),
            (&name, theme.text),
        ],
        mark,
        width.saturating_sub(1),
    );
    first.spans.insert(0, bar.clone());
    let room = width.saturating_sub(3 + inset.len());
    let second = Line::from(vec![
        bar,
        Span::raw(format!("{inset}  ")),
        text::span(&text::clip(&status.line(entry, room), room), status.word_style),
    ]);
    pane::lines(&[first, second], area, buf);
    if selected {
        let style = if focused { theme.selection } else { theme.cursor };
        buf.set_style(Rect { height: 1.min(area.height), ..area }, style);
    }
}

/// The mark at the left edge of the row under the cursor.
pub fn pane_bar(view: &View<'_>, selected: bool, focused: bool) -> Span<'static> {
    match (selected, focused) {
        (true, true) => Span::styled("▌", view.theme.accent),
        (true, false) => Span::styled("▏", view.theme.dim),
        (false, _) => Span::raw(" "),
    }
}

/// A document's state in a sign and a word.
struct Status {
    glyph: &'static str,
    word: String,
    style: Style,
    /// Quiet unless the state asks for attention.
    word_style: Style,
}

impl Status {
    fn new(glyph: &'static str, word: &str, style: Style) -> Self {
        Self { glyph, word: word.to_owned(), style, word_style: style }
    }

    fn of(view: &View<'_>, entry: &Entry) -> Self {
        let theme = view.theme;
        match &entry.state {
            DocState::Waiting => Self::new("○", "waiting", theme.dim),
            DocState::Reading => Self::new("◌", "reading", theme.progress),
            DocState::Failed(failure) if failure.needs_password => {
                let word = format!("needs a password ({})", key(Command::Unlock));
                Self::new("✗", &word, theme.error)
            }
            DocState::Failed(_) => Self::new("✗", "failed", theme.error),
            DocState::Ready(doc) => Self::ready(view, entry, doc),
        }
    }

    fn ready(view: &View<'_>, entry: &Entry, doc: &Document) -> Self {
        let (state, theme) = (view.state, view.theme);
        if state.read_now() == Some(&entry.id) {
            let share = per_cent(Tally::of(&state.running).share());
            let word =
                status::stopping(state).map_or_else(|| format!("running {share} %"), str::to_owned);
            return Self::new("▸", &word, theme.progress);
        }
        if state.pending(&entry.id) > 0 {
            let word = if state.paused { "paused" } else { "queued" };
            return Self::new("◦", word, theme.progress);
        }
        if entry.is_stale() {
            return Self::new("≠", "changed", theme.warning);
        }
        if is_partial(doc) {
            return Self::new("◐", "read in part", theme.warning);
        }
        Self { word_style: theme.dim, ..Self::new("●", "ready", theme.accepted) }
    }

    /// State, counts and what is not to be overlooked, as many words as there
    /// is room for.
    fn line(&self, entry: &Entry, room: usize) -> String {
        let forms = self.forms(entry);
        let marks = entry.document().map(|doc| marks(doc)).unwrap_or_default();
        let marked =
            marks.iter().flat_map(|mark| forms.iter().map(move |f| format!("{f} · {mark}")));
        // The sign in front tells that it is ready.
        let alone = marks.iter().filter(|_| forms == ["ready"]).cloned();
        let fits = marked
            .clone()
            .take(1)
            .chain(alone)
            .chain(marked)
            .chain(forms.iter().cloned())
            .find(|form| text::width(form) <= room);
        fits.or(forms.last().cloned()).unwrap_or_default()
    }

    /// State and counts, in more and fewer words.
    fn forms(&self, entry: &Entry) -> Vec<String> {
        let (all, reviewed) = entry.reviewed();
        if all == 0 {
            return vec![self.word.clone()];
        }
        vec![
            format!("{} · {all} found, {reviewed} reviewed", self.word),
            format!("{} · {reviewed} of {all} reviewed", self.word),
            format!("{} · {reviewed}/{all} reviewed", self.word),
            format!("{} · {reviewed}/{all}", self.word),
        ]
    }
}

/// What is in a document that its text does not show, in more and fewer words;
/// none where there is nothing of the kind.
fn marks(doc: &Document) -> Vec<String> {
    let changes = doc.markup.filter(Markup::has_changes).map(|markup| {
        let all = [markup.insertions, markup.deletions, markup.moves];
        words::count(all.into_iter().map(|n| n as usize).sum(), "change")
    });
    let hidden = doc.has_hidden_text();
    match (changes, hidden) {
        (None, false) => Vec::new(),
        (None, true) => vec!["hidden text".to_owned(), "hidden".to_owned()],
        (Some(changes), false) => vec![changes, "±".to_owned()],
        (Some(changes), true) => {
            vec![
                format!("{changes} · hidden text"),
                format!("{changes} · hidden"),
                "± hidden".to_owned(),
            ]
        }
    }
}

/// A document inside another one stands below that, so its own name is enough.
fn short_name(entry: &Entry) -> &str {
    let own = entry.container.as_ref().and_then(|_| entry.id.0.file_name()?.to_str());
    own.unwrap_or(&entry.name)
}

/// Whole per cent of a share from 0 to 1, rounded down so that 100 is all.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the share is clamped to 0..=1 before"
)]
pub fn per_cent(share: f64) -> u16 {
    (share.clamp(0.0, 1.0) * 100.0) as u16
}

/// Whether something of the document could not be read.
fn is_partial(doc: &Document) -> bool {
    let unread = |state| matches!(state, PageState::Scan | PageState::Garbled | PageState::Failed);
    doc.warning.is_some() || doc.pages.iter().any(|p| unread(p.state))
}
