//! How the views behave: scrolling, resizing, odd states, hostile text.

use std::sync::Arc;

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use super::fixture::{self, finding, lease, on, opened, result, reviewed, running, version};
use super::*;
use crate::domain::document::Document;
use crate::domain::finding::{Finding, Opinion, Role, RoleClaim};

/// The line of the screen that holds `words`.
fn line_with(screen: &str, words: &str) -> usize {
    screen.lines().position(|line| line.contains(words)).expect("the words are on the screen")
}

fn long_document(lines: usize) -> Document {
    let text: Vec<String> = (1..=lines).map(|n| format!("Clause {n} says something.")).collect();
    let text = text.join("\n");
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
fn what_a_date_is_to_the_document_is_told_and_under_the_cursor_also_why() {
    let mut state = reviewed();
    let result = state.documents[1].results.get_mut("extract").expect("it was run");
    let claim = |opinion, overruled, why: &str| RoleClaim {
        role: Role::EffectiveDate,
        opinion,
        overruled,
        why: why.to_owned(),
    };
    result.findings[0].notes.roles = vec![claim(Opinion::Model, true, "")];
    result.findings[1].notes.roles = vec![claim(Opinion::Rules, false, "It begins then.")];
    result.findings[1].notes.one_sided = Some("The list was full.".to_owned());
    result.findings[1].notes.derived = true;
    let mut ui = UiState::new();
    let elsewhere = on(state.clone(), "4 May 2026", 0);
    let shown = text_of(&drawn(&elsewhere, &mut ui, WIDE));
    assert!(shown.contains("effective date (model, overruled)"), "{shown}");
    assert!(shown.contains("2026-06-01 · effective date") && shown.contains("computed"), "{shown}");
    assert!(!shown.contains("It begins then.") && !shown.contains("The list was full."));
    let there = on(state, "1 June 2026", 0);
    let shown = text_of(&drawn(&there, &mut ui, WIDE));
    assert!(shown.contains("effective date: It begins then."), "{shown}");
    assert!(shown.contains("The list was full."), "{shown}");
}

#[test]
fn two_opposed_quotes_are_read_under_the_cursor_with_their_places() {
    let mut state = reviewed();
    let doc = lease();
    let (one, other) =
        (finding(&doc, "point", "4 May 2026"), finding(&doc, "point", "1 June 2026"));
    let quotes = vec![one.quotes[0].clone(), other.quotes[0].clone()];
    let cites = quotes.iter().map(|q| format!("{}: {}", q.cited(), q.text)).collect::<Vec<_>>();
    let pair = Finding { text: "Early or late".to_owned(), quotes, ..one };
    let results = result(&doc, "triage", &[("Disputed points", vec![pair])]);
    state.documents[1].results.insert("triage".to_owned(), results);
    let mut ui = UiState::new();
    let shown = text_of(&drawn(&on(state, "Early or late", 0), &mut ui, WIDE));
    for cite in cites {
        assert!(shown.contains(&cite), "{cite}\n{shown}");
    }
}

#[test]
fn a_version_taller_than_the_pane_can_be_read_to_its_end() {
    let mut state = rewritten();
    let doc = lease();
    let words: Vec<String> = (1..=300).map(|n| format!("word{n}")).collect();
    let words = words.join(" ");
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
    assert!(shown.contains("word300") && shown.contains("? EUR 3,000.00"), "{shown}");
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

#[test]
fn no_wide_character_hides_the_cell_beside_it() {
    let text = "契約書の写しを確認する。".repeat(200);
    let doc = fixture::document("写し.txt", Format::Txt, &[(&text, PageState::Text, None)]);
    let mut state = with_document(doc.clone());
    state.documents[0].name = "契約書の写しを確認する契約書の写し.txt".to_owned();
    let mut long = finding(&doc, "fact", "契約書");
    long.text = text.clone();
    let results = result(&doc, "triage", &[("Key facts", vec![long])]);
    state.documents[0].results.insert("triage".to_owned(), results);
    state.pane = Pane::Results;
    for mode in modes() {
        let state = with_mode(state.clone(), mode);
        for size in [(100, 30), (102, 30), (80, 24), (82, 24), (90, 24)] {
            let buf = drawn(&state, &mut UiState::new(), size);
            for pair in buf.content().windows(2) {
                let wide = text::width(pair[0].symbol()) > 1;
                assert!(!wide || pair[1].symbol() == " ", "{}", text_of(&buf));
            }
        }
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
        Mode::Edit { target: Box::new(nowhere()), input },
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
            let (width, height) = (pane::cells(at % 131), pane::cells(at / 131));
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
    let (dark, _) = Theme::parse("dark", include_str!("../../../themes/dark.toml"), &|_| None);
    let state = on(reviewed(), "1 June 2026", 1);
    let mut terminal = terminal(WIDE);
    let mut ui = UiState::new();
    let theme = dark.monochrome();
    terminal.draw(|frame| draw(frame, &state, &mut ui, &theme)).expect("drawing does not fail");
    let buf = terminal.backend().buffer();
    let coloured = |cell: &&Cell| cell.fg != Color::Reset || cell.bg != Color::Reset;
    assert_eq!(buf.content().iter().find(coloured), None);
    let reversed = |cell: &&Cell| cell.modifier.contains(Modifier::REVERSED);
    let words: String = buf.content().iter().filter(reversed).map(Cell::symbol).collect();
    // The title of the pane with the keys, the row under the cursor, its quote.
    assert!(words.contains("Results") && words.matches("1 June 2026").count() == 2, "{words}");
}
