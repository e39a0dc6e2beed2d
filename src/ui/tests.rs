//! The screens as a person sees them, wide and narrow, and the looks of a few
//! lines by role.

mod fixture;
mod looks;

use std::path::PathBuf;
use std::sync::Arc;

use insta::assert_snapshot;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Position;

use super::*;
use crate::app::state::{
    DocState, EngineState, Highlight, Input, Level, Millis, Notice, Scope, SearchState,
};
use crate::domain::document::{Document, Format, PageState};
use crate::domain::finding::Finding;
use crate::domain::span::ByteSpan;
use fixture::{finding, lease, on, opened, result, reviewed, running, version};

const WIDE: (u16, u16) = (120, 40);
const NARROW: (u16, u16) = (80, 24);

fn terminal((width, height): (u16, u16)) -> Terminal<TestBackend> {
    Terminal::new(TestBackend::new(width, height)).expect("a test backend does not fail")
}

fn drawn(state: &State, ui: &mut UiState, size: (u16, u16)) -> Buffer {
    let mut terminal = terminal(size);
    let theme = Theme::default();
    terminal.draw(|frame| draw(frame, state, ui, &theme)).expect("drawing does not fail");
    terminal.backend().buffer().clone()
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
}

#[test]
fn leaving_asks_while_a_job_runs() {
    let state = with_mode(at_work(), Mode::ConfirmQuit);
    assert_snapshot!("quit_narrow", screen(&state, NARROW));
}

#[test]
fn what_is_typed_shows_at_the_foot_with_the_cursor_in_it() {
    let input = Input { text: "deposit of 契約".to_owned(), cursor: 12 };
    let state = with_mode(opened(), Mode::Search { input });
    assert_snapshot!("search_narrow", screen(&state, NARROW));
    let label = "Search: ".len() + "deposit of 契".len() - 1;
    assert_eq!(cursor(&state, NARROW), Position::new(1 + label as u16, 22));
}

#[test]
fn a_long_wording_wraps_and_keeps_its_cursor_in_view() {
    let text = "The Tenant pays a deposit. ".repeat(20);
    let cursor_at = text.chars().count();
    let state = with_mode(rewritten(), Mode::Edit { input: Input { text, cursor: cursor_at } });
    assert_snapshot!("edit_narrow", screen(&state, NARROW));
    assert_eq!(cursor(&state, NARROW).y, 22);
}

#[test]
fn each_part_has_its_role() {
    let state = on(reviewed(), "three thousand euro (EUR 3,700.00)", 0);
    let words = ["Results", "4 May", "31 May", "EUR 1,850.00 a month", "three thousand", "accept"];
    assert_snapshot!("looks_of_results", looks(&state, &words));
    assert_snapshot!("looks_of_a_rewrite", looks(&rewritten(), &["deposit", "1 June"]));
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

/// The line of the screen that holds `words`.
fn line_with(screen: &str, words: &str) -> usize {
    screen.lines().position(|line| line.contains(words)).expect("the words are on the screen")
}

fn long_document(lines: usize) -> Document {
    let text: String = (1..=lines).map(|n| format!("Clause {n} says something.\n")).collect();
    fixture::document("long.txt", Format::Txt, &[(&text, PageState::Text, None)])
}

fn with_document(doc: Document) -> State {
    let mut state = opened();
    state.documents = vec![fixture::entry("long.txt", DocState::Ready(Arc::new(doc)))];
    state.selected = 0;
    state
}

fn highlight(state: &mut State, words: &str) {
    let doc = state.documents[0].document().expect("it is ready").clone();
    let quotes = fixture::quotes(&doc, words);
    state.highlight = Some(Highlight { span: quotes[0].span, index: 0, of: quotes.len() });
}

#[test]
fn the_source_goes_to_a_new_quote_and_otherwise_stays_where_it_is() {
    let mut state = with_document(long_document(1_000));
    let mut ui = UiState::new();
    highlight(&mut state, "Clause 700 ");
    let at = |state: &State, ui: &mut UiState| text_of(&drawn(state, ui, WIDE));
    let shown = at(&state, &mut ui);
    let line = line_with(&shown, "Clause 700 ");
    assert!((5..20).contains(&line), "context stands above the quote");
    ui.scroll_source(-100);
    assert!(at(&state, &mut ui).contains("Clause 600 "), "scrolling leaves the quote");
    assert!(at(&state, &mut ui).contains("Clause 600 "), "drawing again does not go back");
    highlight(&mut state, "Clause 20 ");
    assert!(at(&state, &mut ui).contains("Clause 20 "), "another quote is gone to");
    ui.scroll_source(isize::MAX);
    let end = at(&state, &mut ui);
    assert!(end.contains("Clause 1000 ") && end.contains("Clause 980 "), "the last page is full");
    ui.scroll_source(isize::MIN);
    assert!(at(&state, &mut ui).contains("Clause 1 "));
}

#[test]
fn a_resize_keeps_the_quote_in_view_and_what_was_being_read() {
    let mut state = with_document(long_document(1_000));
    state.pane = Pane::Source;
    let mut ui = UiState::new();
    highlight(&mut state, "Clause 700 ");
    for size in [WIDE, (60, 15), NARROW, (200, 50), (61, 16)] {
        let shown = text_of(&drawn(&state, &mut ui, size));
        assert!(shown.contains("Clause 700 "), "{size:?}\n{shown}");
    }
    state.highlight = None;
    ui.scroll_source(-200);
    let before = text_of(&drawn(&state, &mut ui, (61, 16)));
    let first = before.lines().find(|l| l.contains("Clause")).expect("the text is shown");
    let clause = first.split("Clause ").nth(1).and_then(|s| s.split(' ').next());
    let clause = format!("Clause {} ", clause.expect("a number"));
    assert!(text_of(&drawn(&state, &mut ui, (90, 30))).contains(&clause));
}

#[test]
fn a_large_document_is_wrapped_once_for_a_width() {
    let state = with_document(long_document(200_000));
    let mut ui = UiState::new();
    drawn(&state, &mut ui, WIDE);
    let lines = ui.source.wrapped.as_ref().expect("it was wrapped").lines.as_ptr();
    ui.scroll_source(100_000);
    drawn(&state, &mut ui, WIDE);
    assert_eq!(ui.source.wrapped.as_ref().expect("it is kept").lines.as_ptr(), lines);
}

#[test]
fn the_cursor_of_every_list_stays_in_sight() {
    let mut state = opened();
    let doc = long_document(300);
    let findings = (1..=300).map(|n| finding(&doc, "fact", &format!("Clause {n} says"))).collect();
    let results = result(&doc, "triage", &[("Key facts", findings)]);
    let documents = (0..60).map(|n| {
        let mut entry =
            fixture::entry(&format!("{n:02}.txt"), DocState::Ready(Arc::new(doc.clone())));
        entry.results.insert("triage".to_owned(), results.clone());
        entry
    });
    state.documents = documents.collect();
    let mut ui = UiState::new();
    for at in [0, 59, 30, 31, 3, 0] {
        state.selected = at;
        let shown = text_of(&drawn(&state, &mut ui, NARROW));
        assert!(shown.contains(&format!("{at:02}.txt")), "document {at}\n{shown}");
    }
    state.pane = Pane::Results;
    for n in [1, 300, 150, 151, 140, 2, 1] {
        state.row = n + 1;
        let shown = text_of(&drawn(&state, &mut ui, NARROW));
        assert!(shown.contains(&format!("▌· Clause {n} says")), "finding {n}\n{shown}");
    }
    assert!(text_of(&drawn(&state, &mut ui, NARROW)).contains("Key facts"), "with its heading");
    assert!(ui.page_rows(Pane::Results) > 3);
}

#[test]
fn a_version_taller_than_the_pane_can_be_read_to_its_end() {
    let mut state = rewritten();
    let doc = lease();
    let words: String = (1..=300).map(|n| format!("word{n} ")).collect();
    let tall = Finding { text: words.clone(), ..version(&doc) };
    let results = result(&doc, "rewrite", &[("Warm", vec![tall])]);
    state.documents[1].results.insert("rewrite".to_owned(), results);
    let state = on(state, &words, 0);
    let mut ui = UiState::new();
    let shown = text_of(&drawn(&state, &mut ui, NARROW));
    assert!(shown.contains("word1 ") && shown.contains("more lines below"), "{shown}");
    let mut steps = 0;
    while ui.scroll_row(5) {
        drawn(&state, &mut ui, NARROW);
        steps += 1;
        assert!(steps < 100, "scrolling comes to an end");
    }
    let shown = text_of(&drawn(&state, &mut ui, NARROW));
    assert!(shown.contains("word300") && shown.contains("not in the source"), "{shown}");
    assert!(ui.scroll_row(-1), "and back");
}

#[test]
fn the_help_scrolls_to_its_end_and_starts_at_its_top_again() {
    let mut state = with_mode(opened(), Mode::Help);
    let mut ui = UiState::new();
    drawn(&state, &mut ui, NARROW);
    ui.scroll_overlay(1_000);
    assert!(text_of(&drawn(&state, &mut ui, NARROW)).contains("q, ctrl-c"));
    state.mode = Mode::Normal;
    drawn(&state, &mut ui, NARROW);
    state.mode = Mode::Help;
    assert!(text_of(&drawn(&state, &mut ui, NARROW)).contains("j, down"));
}

#[test]
fn nothing_of_a_document_steers_the_terminal() {
    let evil = "Pay \u{1b}[2J\u{1b}]0;owned\u{7} now\u{202e}001 \u{9b}31m 契約 e\u{301}\tend\r\n";
    let doc =
        fixture::document("a\u{1b}c.txt", Format::Txt, &[(evil, PageState::Text, Some(evil))]);
    let mut state = with_document(doc.clone());
    state.documents[0].name = "a\u{1b}[31m.txt".to_owned();
    let mut bad = finding(&doc, "fact", "Pay");
    bad.text = evil.to_owned();
    bad.why = Some(evil.to_owned());
    let mut results = result(&doc, evil, &[(evil, vec![bad])]);
    results.warnings.push(evil.to_owned());
    state.documents[0].results.insert(evil.to_owned(), results);
    state.notice = Some(Notice { level: Level::Error, text: evil.to_owned() });
    state.folder_problem = Some(evil.to_owned());
    state.engine =
        EngineState::Loading { model: evil.to_owned(), doing: evil.to_owned(), since: Millis(0) };
    running(&mut {
        state.documents.extend(opened().documents);
        state.clone()
    });
    for mode in modes() {
        let buf = drawn(&with_mode(state.clone(), mode), &mut UiState::new(), WIDE);
        let safe = |c: char| !c.is_control() && !('\u{202a}'..='\u{202e}').contains(&c);
        assert!(buf.content().iter().all(|cell| cell.symbol().chars().all(safe)));
    }
}

fn modes() -> Vec<Mode> {
    let input = Input { text: "a long\u{1b} 契約 wording ".repeat(9), cursor: 33 };
    vec![
        Mode::Normal,
        Mode::Help,
        Mode::Info,
        Mode::RunMenu { scope: Scope::Marked, row: 99 },
        Mode::TemplateMenu { row: 99 },
        Mode::Search { input: input.clone() },
        Mode::Edit { input },
        Mode::ConfirmQuit,
    ]
}

#[test]
fn every_screen_can_be_drawn_at_every_size_and_resized_to_any_other() {
    let mut lost = at_work();
    // What a state may hold for a moment while things change under it.
    lost.selected = 99;
    let mut wild = at_work();
    wild.row = 9_999;
    wild.highlight = Some(Highlight { span: ByteSpan::new(5, 999_999), index: 7, of: 3 });
    wild.search = Some(SearchState {
        query: "x".to_owned(),
        matches: vec![ByteSpan::new(3, 4), ByteSpan::new(1, 2)],
        current: 9,
    });
    let states = [opened(), rewritten(), failed(), empty(), at_work(), lost, wild];
    let modes = modes();
    let screens: Vec<State> = states
        .iter()
        .flat_map(|state| modes.iter().map(|mode| with_mode(state.clone(), mode.clone())))
        .collect();
    let mut ui = UiState::new();
    let mut terminal = terminal((1, 1));
    let theme = Theme::default();
    // Strides that have no divisor in common with the number of sizes go
    // through all of them, jumping about as resizing does.
    for (round, stride) in [1_009, 2_003, 401].into_iter().enumerate() {
        for n in 0..131 * 46 {
            let at = n * stride % (131 * 46);
            let (width, height) = ((at % 131) as u16, (at / 131) as u16);
            // A document stays on the screen for a few sizes.
            let state = &screens[(n / 5 + round) % screens.len()];
            terminal.backend_mut().resize(width, height);
            let drawn = terminal.draw(|frame| draw(frame, state, &mut ui, &theme));
            drawn.expect("drawing does not fail");
        }
    }
}

#[test]
fn a_decision_reads_without_any_colour() {
    let (dark, _) = Theme::parse("dark", include_str!("../../themes/dark.toml"), &|_| None);
    let state = on(reviewed(), "1 June 2026", 1);
    let mut terminal = terminal(WIDE);
    let mut ui = UiState::new();
    let theme = dark.monochrome();
    terminal.draw(|frame| draw(frame, &state, &mut ui, &theme)).expect("drawing does not fail");
    let buf = terminal.backend().buffer();
    let coloured = |cell: &&ratatui::buffer::Cell| {
        cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset
    };
    assert_eq!(buf.content().iter().find(coloured), None);
    let reversed =
        |cell: &&ratatui::buffer::Cell| cell.modifier.contains(ratatui::style::Modifier::REVERSED);
    let words: String = buf.content().iter().filter(reversed).map(|c| c.symbol()).collect();
    // The title of the pane with the keys, the row under the cursor, its quote.
    assert!(words.contains("Results") && words.matches("1 June 2026").count() == 2, "{words}");
}
