//! Review: decisions, own wordings, the quote of the finding under the cursor,
//! the search.

use super::*;

#[test]
fn accepting_moves_on_and_accepting_again_takes_it_back() {
    let mut state = reviewing();
    let effects = press(&mut state, "a");
    let decide = |finding: &str, decision| Effect::Decide {
        doc: id("a.txt"),
        source: SourceHash("aa".into()),
        job: "extract".into(),
        id: FindingId(finding.into()),
        quote: finding.into(),
        decision,
    };
    assert_eq!(effects, [decide("1 March 2026", Decision::Accepted)]);
    assert_eq!(state.finding().map(|(_, f)| f.text.as_str()), Some("1 March 2027"));
    assert_eq!(press(&mut state, "k a"), [decide("1 March 2026", Decision::Open)]);
    assert_eq!(press(&mut state, "d"), [decide("1 March 2026", Decision::Rejected)]);
}

fn reviewing() -> State {
    let mut state = ready();
    press(&mut state, "r j enter");
    let findings = vec![finding("1 March 2026"), finding("1 March 2027")];
    run(&mut state, 1, RunMsg::Partial(Box::new(result(findings))));
    run(&mut state, 1, RunMsg::Ended(Ended::Done));
    press(&mut state, "enter");
    state
}

#[test]
fn the_quote_of_the_finding_under_the_cursor_is_shown() {
    let mut state = reviewing();
    assert_eq!(state.pane, Pane::Results);
    let span = |state: &State| state.highlight.map(|h| h.span);
    assert_eq!(span(&state), Some(quote("1 March 2026").span));
    press(&mut state, "j");
    assert_eq!(span(&state), Some(quote("1 March 2027").span));
    press(&mut state, "enter");
    assert_eq!(state.pane, Pane::Source);
}

#[test]
fn a_quote_that_no_longer_stands_there_is_not_shown_elsewhere() {
    let mut state = reviewing();
    let changed =
        Document { text: TEXT.replace("Signed", "Agreed and signed"), ..document("a.txt") };
    state.documents[0].state = DocState::Ready(std::sync::Arc::new(changed));
    press(&mut state, "j");
    assert_eq!(state.highlight, None);
}

#[test]
fn new_findings_above_the_cursor_do_not_move_it_to_another_finding() {
    let mut state = ready();
    press(&mut state, "r j enter");
    run(&mut state, 1, RunMsg::Partial(Box::new(result(vec![finding("1 March 2027")]))));
    press(&mut state, "enter");
    let both = vec![finding("1 March 2026"), finding("1 March 2027")];
    run(&mut state, 1, RunMsg::Partial(Box::new(result(both))));
    assert_eq!(state.finding().map(|(_, f)| f.text.as_str()), Some("1 March 2027"));
}

#[test]
fn an_own_wording_is_kept_and_an_empty_one_is_not() {
    let mut state = reviewing();
    let effects = press(&mut state, "e ctrl-u x enter");
    assert!(
        matches!(&effects[..], [Effect::Decide { decision: Decision::Edited(text), .. }] if text == "x")
    );
    assert_eq!(press(&mut state, "e ctrl-u enter"), []);
    assert!(state.notice.as_ref().is_some_and(|n| n.level == Level::Warning));
}

#[test]
fn search_finds_across_line_breaks_and_steps_through_the_matches() {
    let mut state = ready();
    press(&mut state, "/");
    update(&mut state, Msg::Paste("1  MARCH".into()));
    press(&mut state, "enter");
    let found = state.search.as_ref().expect("matches");
    assert_eq!(found.matches.len(), 2);
    assert_eq!(state.pane, Pane::Source);
    press(&mut state, "n n");
    assert_eq!(state.highlight.map(|h| h.index), Some(0), "it goes round");
    press(&mut state, "esc");
    assert_eq!(state.search, None);
}

#[test]
fn what_was_decided_earlier_comes_back_with_the_document() {
    let mut state = State::new("/case".into());
    update(&mut state, Msg::Folder(Ok(vec![seen("a.txt", 1)])));
    let key = ("extract".to_owned(), FindingId("1 March 2026".into()));
    let remembered = Remembered {
        results: vec![result(vec![finding("1 March 2026")])],
        decisions: HashMap::from([(key, Decision::Accepted)]),
    };
    let outcome = Ok(document("a.txt"));
    update(&mut state, Msg::Read { doc: id("a.txt"), generation: 1, outcome, remembered });
    assert_eq!(state.documents[0].reviewed(), (1, 1));
}

#[test]
fn results_of_an_older_text_are_stale() {
    let mut state = reviewing();
    assert!(!state.documents[0].is_stale());
    let changed = Document { source: SourceHash("bb".into()), ..document("a.txt") };
    state.documents[0].state = DocState::Ready(std::sync::Arc::new(changed));
    assert!(state.documents[0].is_stale());
}
