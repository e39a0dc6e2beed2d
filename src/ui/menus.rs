//! The menus: choosing a job, choosing a template, and leaving.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{View, documents, overlay, pane, text, words};
use crate::app::command::{Command, key};
use crate::app::state::{DocId, Scope, State};
use crate::domain::template::{Origin, Template};

const WIDTH: usize = 76;
/// Most lines for what is wrong with templates.
const MAX_PROBLEMS: usize = 4;

struct Item {
    name: String,
    about: String,
}

pub fn draw_run(view: &View<'_>, scope: Scope, row: usize, area: Rect, buf: &mut Buffer) {
    let state = view.state;
    let all = Item { name: "All jobs".to_owned(), about: all_jobs(&state.templates) };
    let one = |t: &Template| Item { name: t.title.clone(), about: t.description.clone() };
    let items: Vec<Item> = std::iter::once(all).chain(state.templates.iter().map(one)).collect();
    draw_menu(view, &format!("Run on {}", whom(state, scope)), &items, row, area, buf);
}

pub fn draw_templates(view: &View<'_>, row: usize, area: Rect, buf: &mut Buffer) {
    let items: Vec<Item> = view.state.templates.iter().map(template_item).collect();
    draw_menu(view, "Edit a template", &items, row, area, buf);
}

fn template_item(template: &Template) -> Item {
    let about = match &template.origin {
        Origin::BuiltIn => "built in; a copy of your own is made first".to_owned(),
        Origin::File(path) => path.to_string_lossy().into_owned(),
    };
    Item { name: template.title.clone(), about }
}

fn all_jobs(templates: &[Template]) -> String {
    let titles: Vec<&str> = templates.iter().map(|t| t.title.as_str()).collect();
    titles.join(", ")
}

fn whom(state: &State, scope: Scope) -> String {
    match scope {
        Scope::Selected => {
            state.entry().map_or("this document".to_owned(), |entry| entry.name.clone())
        }
        Scope::Marked => words::count(state.marked.len(), "marked document"),
        Scope::All => match state.documents.len() {
            1 => "the one document".to_owned(),
            n => format!("all {}", words::count(n, "document")),
        },
    }
}

fn draw_menu(
    view: &View<'_>,
    title: &str,
    items: &[Item],
    row: usize,
    area: Rect,
    buf: &mut Buffer,
) {
    let theme = view.theme;
    let width = overlay::text_width(area).min(WIDTH);
    let problems = problems(view, width);
    let height = items.len() + problems.len();
    let inner = overlay::boxed(view, title, (width, height), area, buf);
    let room = usize::from(inner.height).saturating_sub(problems.len()).max(1);
    let row = row.min(items.len().saturating_sub(1));
    let first = (row + 1).saturating_sub(room);
    let names = items.iter().map(|item| text::width(&item.name)).max().unwrap_or(0);
    let names = names.min(width / 2);
    let shown = items.iter().enumerate().skip(first).take(room);
    for ((index, item), y) in shown.zip(inner.top()..inner.bottom()) {
        let place = Rect { y, height: 1, ..inner };
        let name = text::clip(&item.name, names);
        let pad = " ".repeat(names - text::width(&name) + 2);
        let mut line = pane::both_ends(
            &[(&name, theme.text), (&pad, theme.text), (&item.about, theme.dim)],
            &[],
            width.saturating_sub(2),
        );
        line.spans.insert(0, documents::pane_bar(view, index == row, true));
        pane::line(&line, place, buf);
        if index == row {
            buf.set_style(place, theme.selection);
        }
    }
    let top = inner.y + pane::cells(room.min(items.len())).min(inner.height);
    let below = Rect { y: top, height: inner.bottom() - top, ..inner };
    pane::lines(&problems, below, buf);
}

/// Templates that are not in the menu because of a mistake in their file.
fn problems(view: &View<'_>, width: usize) -> Vec<Line<'static>> {
    if view.state.template_problems.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![Line::default()];
    for problem in &view.state.template_problems {
        lines.extend(text::signed("!", problem, width, view.theme.warning));
    }
    if lines.len() > MAX_PROBLEMS {
        let more = format!("… press {} for the rest.", key(Command::Reason));
        lines.truncate(MAX_PROBLEMS - 1);
        lines.push(Line::styled(text::clip(&more, width), view.theme.warning));
    }
    lines
}

/// What runs as long as the person thinks about leaving, and what becomes of it.
fn work_in_progress(state: &State) -> String {
    let wanted = state.running.iter().filter(|running| running.is_wanted()).count();
    let jobs = words::count(wanted, "job");
    match (state.paused, wanted) {
        (_, 0) => "The last job is stopping; what it found so far is kept.".to_owned(),
        (true, 1) => "A job is being paused. It waits, paused, at the next start.".to_owned(),
        (true, _) => format!("{jobs} are being paused. They wait, paused, at the next start."),
        (false, 1) => "A job is running. It goes on at the next start.".to_owned(),
        (false, _) => format!("{jobs} are running. They go on at the next start."),
    }
}

pub fn draw_quit(view: &View<'_>, area: Rect, buf: &mut Buffer) {
    let question = format!(
        "{} Press {} again to leave, {} to stay.",
        work_in_progress(view.state),
        key(Command::Quit),
        key(Command::Back)
    );
    let width = overlay::text_width(area).min(48);
    let lines = text::paragraph(&question, width, 0, view.theme.text);
    let inner = overlay::boxed(view, "Leave?", (width, lines.len()), area, buf);
    pane::lines(&lines, inner, buf);
}

/// Asks whether a model is to read what readers of the document do not see.
pub fn draw_hidden(view: &View<'_>, doc: &DocId, area: Rect, buf: &mut Buffer) {
    let entry = view.state.find(doc);
    let asides = entry.and_then(|entry| entry.document()).map(|doc| doc.marks.set_aside());
    let given = asides.unwrap_or_default().into_iter().filter(|(kind, _)| kind.may_be_given());
    let kinds: Vec<&str> = given.map(|(kind, _)| kind.name()).collect();
    let question = format!(
        "{} holds {}. Somebody may have put words there to steer a model. Jobs that are given \
         them say so in their results. Press y to give them to jobs, {} to leave them out.",
        entry.map_or("The document", |entry| entry.name.as_str()),
        words::listed(&kinds),
        key(Command::Back)
    );
    let width = overlay::text_width(area).min(56);
    let lines = text::paragraph(&question, width, 0, view.theme.text);
    let inner = overlay::boxed(
        view,
        "Give hidden text and comments to jobs?",
        (width, lines.len()),
        area,
        buf,
    );
    pane::lines(&lines, inner, buf);
}
