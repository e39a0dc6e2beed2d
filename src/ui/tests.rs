//! The screens as a person sees them, wide and narrow, and the looks of a few
//! lines by role.

mod behaviour;
mod fixture;
mod looks;
mod reading;

use std::path::PathBuf;
use std::sync::Arc;

use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::*;
use crate::app::state::{
    DocId, DocState, EngineState, Highlight, Input, JobSpec, Level, Millis, Notice, Phase,
    QueueRow, Running, Scope, SearchState,
};
use crate::domain::document::{Format, PageState, SourceHash};
use crate::domain::ledger::Coverage;
use crate::domain::span::ByteSpan;
use fixture::{lease, nowhere, on, opened, result, reviewed, running, version};

const WIDE: (u16, u16) = (120, 40);
const NARROW: (u16, u16) = (80, 24);

fn terminal((width, height): (u16, u16)) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(width, height)).expect("a test backend does not fail")
}

/// The frame as it was drawn, before a terminal makes of it what it can.
fn drawn(state: &State, ui: &mut UiState, size: (u16, u16)) -> Buffer {
    let mut terminal = terminal(size);
    let theme = Theme::default();
    let frame = terminal.draw(|frame| draw(frame, state, ui, &theme));
    frame.expect("drawing does not fail").buffer.clone()
}

/// The screen's text, without blanks at the ends of lines.
fn text_of(buf: &Buffer) -> String {
    let rows = buf.area.rows().map(|row| {
        let mut line = String::new();
        let mut covered = 0;
        for cell in row.columns().map(|at| &buf[(at.x, at.y)]) {
            // A wide character's second cell holds a blank.
            if covered == 0 {
                line.push_str(cell.symbol());
                covered = text::width(cell.symbol()).max(1);
            }
            covered -= 1;
        }
        line.trim_end().to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

fn screen(state: &State, size: (u16, u16)) -> String {
    text_of(&drawn(state, &mut UiState::new(), size))
}

/// Where the terminal's own cursor stands after drawing.
fn cursor(state: &State, size: (u16, u16)) -> Position {
    let mut terminal = terminal(size);
    let (mut ui, theme) = (UiState::new(), Theme::default());
    terminal.draw(|frame| draw(frame, state, &mut ui, &theme)).expect("drawing does not fail");
    terminal.get_cursor_position().expect("a test backend does not fail")
}

fn looks(state: &State, words: &[&str]) -> String {
    let mut terminal = terminal(WIDE);
    let theme = looks::telling();
    let mut ui = UiState::new();
    terminal.draw(|frame| draw(frame, state, &mut ui, &theme)).expect("drawing does not fail");
    looks::rows_with(terminal.backend().buffer(), words)
}

fn with_mode(mut state: State, mode: Mode) -> State {
    state.mode = mode;
    state
}

fn at_work() -> State {
    let mut state = on(reviewed(), "4 May 2026", 0);
    running(&mut state);
    state
}

fn rewritten() -> State {
    let mut state = opened();
    let doc = lease();
    let result = result(&doc, "rewrite", &[("Warm and conversational", vec![version(&doc)])]);
    state.documents[1].results.insert("rewrite".to_owned(), result);
    let text = version(&doc).text;
    on(state, &text, 0)
}

fn failed() -> State {
    let mut state = opened();
    state.selected = 0;
    state
}

fn empty() -> State {
    let mut state = State::new(PathBuf::from("/matters/brightwater"));
    state.engine = EngineState::None {
        why: "No model was fetched yet; galley models pull starter fetches one.".to_owned(),
    };
    state
}

#[test]
fn opening_shows_the_folder_and_says_what_to_do() {
    assert_snapshot!("opening_wide", screen(&opened(), WIDE));
    assert_snapshot!("opening_narrow", screen(&opened(), NARROW));
}

#[test]
fn a_finding_stands_beside_its_quote_in_the_source() {
    let state = on(reviewed(), "1 June 2026", 1);
    assert_snapshot!("results_wide", screen(&state, WIDE));
    assert_snapshot!("results_narrow", screen(&state, NARROW));
}

#[test]
fn a_running_job_shows_what_it_writes_and_how_long_it_takes() {
    assert_snapshot!("running_wide", screen(&at_work(), WIDE));
    assert_snapshot!("running_narrow", screen(&at_work(), NARROW));
}

#[test]
fn a_rewritten_version_stands_in_full_above_its_changes() {
    assert_snapshot!("rewrite_wide", screen(&rewritten(), WIDE));
    assert_snapshot!("rewrite_narrow", screen(&rewritten(), NARROW));
}

#[test]
fn the_help_shows_every_key() {
    let state = with_mode(opened(), Mode::Help);
    assert_snapshot!("help_wide", screen(&state, WIDE));
    assert_snapshot!("help_narrow", screen(&state, NARROW));
}

#[test]
fn the_run_menu_offers_the_jobs_and_names_what_is_wrong() {
    let mut state = with_mode(opened(), Mode::RunMenu { scope: Scope::Selected, row: 2 });
    assert_snapshot!("run_menu_wide", screen(&state, WIDE));
    state.template_problems =
        vec!["prompts/memo.md, line 4: the kind \"guess\" is not known; write extract, select or rewrite.".to_owned()];
    assert_snapshot!("run_menu_narrow", screen(&state, NARROW));
}

#[test]
fn the_template_menu_tells_where_each_template_is() {
    let mut state = with_mode(opened(), Mode::TemplateMenu { row: 1 });
    state.templates[1].origin =
        crate::domain::template::Origin::File("/home/ann/.config/galley/prompts/rewrite.md".into());
    assert_snapshot!("template_menu_narrow", screen(&state, NARROW));
}

#[test]
fn the_info_gives_the_whole_reason_of_a_failure() {
    let state = with_mode(failed(), Mode::Info);
    assert_snapshot!("info_failed_wide", screen(&state, WIDE));
    assert_snapshot!("info_failed_narrow", screen(&state, NARROW));
}

#[test]
fn the_info_names_the_pages_that_were_not_read() {
    let mut state = with_mode(reviewed(), Mode::Info);
    let pages = [
        ("Recitals.\n", PageState::Text, None),
        ("", PageState::Scan, Some("The page is an image; its words cannot be read yet.")),
        ("", PageState::Empty, None),
    ];
    let mut doc = fixture::document("lease.pdf", Format::Pdf, &pages);
    doc.warning =
        Some("Reading stopped at page 3 after 60 s; pages 4 to 9 are missing.".to_owned());
    state.documents[1].state = DocState::Ready(Arc::new(doc));
    assert_snapshot!("info_pages_narrow", screen(&state, NARROW));
}

#[test]
fn an_empty_folder_says_what_to_put_there() {
    assert_snapshot!("empty_wide", screen(&empty(), WIDE));
    assert_snapshot!("empty_narrow", screen(&empty(), NARROW));
}

#[test]
fn a_small_terminal_says_how_large_it_has_to_be() {
    assert_snapshot!("too_small", screen(&opened(), (40, 10)));
    for size in [(59, 40), (120, 14)] {
        let shown = screen(&opened(), size);
        let words: Vec<&str> = shown.split_whitespace().collect();
        assert!(words.join(" ").ends_with("Make the window larger."), "{shown}");
    }
    assert!(screen(&opened(), (60, 15)).contains("lease.pdf"));
}

/// The lease's extraction and triage at work together, two jobs behind them.
fn queued() -> State {
    let mut state = at_work();
    let lease = state.running[0].spec.doc.clone();
    let notes = state.documents[2].id.clone();
    let extract = Running {
        done: 10,
        steps: 15,
        doing: "Obligations, part 2 of 3".to_owned(),
        ..Running::new(JobSpec::whole(&lease, "extract"), 2, Millis(0))
    };
    state.running.insert(0, extract);
    state.queue.push_back(JobSpec::whole(&notes, "triage"));
    let passage = Some(ByteSpan::new(0, 20));
    state.queue.push_back(JobSpec { within: passage, ..JobSpec::whole(&lease, "rewrite") });
    state
}

fn listed(state: State, row: usize) -> State {
    let on = state.queue_rows().get(row).map(QueueRow::job);
    with_mode(state, Mode::Queue { row, on })
}

#[test]
fn jobs_that_run_together_are_shown_as_one_piece_of_work() {
    assert_snapshot!("together_wide", screen(&queued(), WIDE));
    assert_snapshot!("together_narrow", screen(&queued(), NARROW));
}

#[test]
fn the_queue_lists_what_runs_and_what_waits() {
    assert_snapshot!("queue_wide", screen(&listed(queued(), 2), WIDE));
    let mut state = queued();
    state.running[1].phase = Phase::Stopping;
    assert_snapshot!("queue_narrow", screen(&listed(state, 4), NARROW));
    let mut state = opened();
    state.documents[2].state = DocState::Reading;
    let notes = state.documents[2].id.clone();
    state.queue.push_back(JobSpec::whole(&notes, "extract"));
    assert!(screen(&listed(state, 0), NARROW).contains("being read"));
    assert!(screen(&listed(opened(), 0), NARROW).contains("No job runs or waits."));
}

#[test]
fn a_long_queue_is_scrolled_to_the_job_under_the_cursor() {
    let mut state = queued();
    let doc = |n: usize| DocId(format!("/matters/{n:02}.txt").into());
    state.queue.extend((0..50).map(|n| JobSpec::whole(&doc(n), "extract")));
    let at = |row: usize| screen(&listed(state.clone(), row), NARROW);
    assert!(at(0).contains("more below") && at(0).contains("now"));
    assert!(at(54).contains("/matters/49.txt") && !at(54).contains("more below"));
}

#[test]
fn a_pause_shows_at_once_and_says_how_to_go_on() {
    let mut state = queued();
    state.paused = true;
    for running in &mut state.running {
        running.phase = Phase::Pausing;
    }
    let shown = screen(&state, NARROW);
    assert!(shown.contains("pausing…") && !shown.contains("left"), "{shown}");
    state.queue.push_front(state.running[1].spec.clone());
    state.running.clear();
    assert_snapshot!("paused_narrow", screen(&state, NARROW));
    assert_snapshot!("paused_queue_narrow", screen(&listed(state, 0), NARROW));
}

#[test]
fn a_cancelled_job_shows_at_once_that_it_stops() {
    let mut state = at_work();
    state.running[0].phase = Phase::Stopping;
    let shown = screen(&state, NARROW);
    assert!(shown.contains("stopping…") && shown.contains("Triage, stopping"), "{shown}");
}

#[test]
fn leaving_asks_while_a_job_runs() {
    let state = with_mode(at_work(), Mode::ConfirmQuit);
    assert_snapshot!("quit_narrow", screen(&state, NARROW));
    let mut state = with_mode(queued(), Mode::ConfirmQuit);
    assert!(screen(&state, NARROW).contains("2 jobs are running. They go on"));
    state.running[0].phase = Phase::Stopping;
    assert!(screen(&state, NARROW).contains("A job is running. It goes on"));
    state.paused = true;
    state.running[1].phase = Phase::Pausing;
    assert!(screen(&state, NARROW).contains("It waits, paused, at the"));
    state.running[1].phase = Phase::Stopping;
    assert!(screen(&state, NARROW).contains("The last job is stopping"));
}

#[test]
fn what_is_typed_shows_at_the_foot_with_the_cursor_in_it() {
    let input = Input { text: "deposit of 契約".to_owned(), cursor: 12 };
    let state = with_mode(opened(), Mode::Search { input });
    assert_snapshot!("search_narrow", screen(&state, NARROW));
    let label = "Search: ".len() + "deposit of 契".len() - 1;
    assert_eq!(cursor(&state, NARROW), Position::new(pane::cells(1 + label), 22));
}

#[test]
fn a_long_wording_wraps_and_keeps_its_cursor_in_view() {
    let text = "The Tenant pays a deposit. ".repeat(20);
    let cursor_at = text.chars().count();
    let state = with_mode(
        rewritten(),
        Mode::Edit { target: Box::new(nowhere()), input: Input { text, cursor: cursor_at } },
    );
    assert_snapshot!("edit_narrow", screen(&state, NARROW));
    assert_eq!(cursor(&state, NARROW).y, 22);
}

#[test]
fn each_part_has_its_role() {
    let state = on(reviewed(), "three thousand euro (EUR 3,700.00)", 0);
    let words = ["Results", "4 May", "31 May", "EUR 1,850.00 a month", "three thousand", "accept"];
    assert_snapshot!("looks_of_results", looks(&state, &words));
    assert_snapshot!("looks_of_a_rewrite", looks(&rewritten(), &["deposit", "3,700", "glad"]));
    let words = ["Triage", "Disputed", "2, 5, 9", "━"];
    assert_snapshot!("looks_of_a_running_job", looks(&at_work(), &words));
    let mut searching = opened();
    let matches: Vec<ByteSpan> =
        fixture::quotes(&lease(), "lease").iter().map(|q| q.span).collect();
    searching.highlight = Some(Highlight { span: matches[1], index: 1, of: matches.len() });
    searching.search = Some(SearchState { query: "lease".to_owned(), matches, current: 1 });
    searching.pane = Pane::Source;
    assert_snapshot!("looks_of_a_search", looks(&searching, &["lease.pdf", "1.1", "# Workshop"]));
}

#[test]
fn a_result_says_what_was_not_read_and_that_the_document_changed() {
    let mut state = reviewed();
    let mut doc = lease();
    doc.source = SourceHash("another".to_owned());
    let entry = &mut state.documents[1];
    entry.state = DocState::Ready(Arc::new(doc));
    let result = entry.results.get_mut("extract").expect("the fixture has it");
    result.coverage = Coverage {
        read: 871,
        excluded: 9,
        failed: 120,
        total: 1_000,
        pages_not_read: 1,
        pages: 3,
        ..Coverage::default()
    };
    result.warnings.push("Part 3 of 3 failed: the engine stopped working.".to_owned());
    state.engine = EngineState::Failed {
        model: "smollm2-135m".to_owned(),
        why: "The model file is cut short; galley models pull starter fetches it again.".to_owned(),
    };
    assert_snapshot!("stale_narrow", screen(&state, NARROW));
}
