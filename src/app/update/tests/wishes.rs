//! How documents are to be read: views of changes, scans, hidden text, passwords.

use super::*;
use crate::app::state::{Asking, Masked, Wish};
use crate::domain::document::{Markup, Password, RevisionView};
use crate::domain::marks::{Aside, AsideKind};

/// Two documents; the first has tracked changes, a comment and a scanned page.
fn with_changes() -> State {
    let mut state = ready();
    let mut doc = document("a.txt");
    doc.markup = Some(Markup { deletions: 9, ..Markup::default() });
    let span = ByteSpan::new(0, 6);
    doc.marks.asides = vec![Aside { span, kind: AsideKind::Comment }];
    let image = Page { state: PageState::Scan, ..doc.pages[0].clone() };
    doc.pages.push(Page { n: 2, span: ByteSpan::new(TEXT.len(), TEXT.len()), ..image });
    let remembered = Remembered { results: vec![result(vec![])], ..Remembered::default() };
    let path = id("a.txt");
    update(&mut state, Msg::Read { doc: path, generation: 1, outcome: Ok(doc), remembered });
    state
}

fn read_as(wish: Wish, generation: u64) -> [Effect; 2] {
    let options = ReadOptions::from(wish);
    [
        Effect::SaveWishes(vec![(id("a.txt"), wish)]),
        Effect::Read { doc: id("a.txt"), generation, options },
    ]
}

#[test]
fn the_views_of_tracked_changes_come_round() {
    let mut state = with_changes();
    for (generation, view) in [(2, RevisionView::Original), (3, RevisionView::Marked)] {
        let wish = Wish { view, ..Wish::default() };
        assert_eq!(press(&mut state, "v"), read_as(wish, generation));
        let mut doc = document("a.txt");
        doc.markup = Some(Markup { deletions: 9, view, ..Markup::default() });
        doc.text.push_str(" more");
        let (outcome, remembered) = (Ok(doc), Remembered::default());
        update(&mut state, Msg::Read { doc: id("a.txt"), generation, outcome, remembered });
    }
    let effects = press(&mut state, "v");
    let nothing = Effect::SaveWishes(Vec::new());
    assert_eq!(effects, [nothing, reading("a.txt", 4)], "what all have is not kept");
}

#[test]
fn results_of_another_view_are_told_to_be_of_another_text() {
    let mut state = with_changes();
    assert!(!state.documents[0].is_stale());
    let basis = state.documents[0].basis.clone();
    state.documents[0].results.get_mut("extract").expect("it is there").basis = basis;
    assert!(!state.documents[0].is_stale());
    press(&mut state, "v");
    let other = Document { text: format!("{TEXT} more"), ..document("a.txt") };
    let (outcome, remembered) = (Ok(other), Remembered::default());
    update(&mut state, Msg::Read { doc: id("a.txt"), generation: 2, outcome, remembered });
    assert!(state.documents[0].is_stale());
    assert!(state.documents[0].is_read_otherwise(), "the file is the same");
}

#[test]
fn a_document_without_changes_has_one_view() {
    let mut state = ready();
    assert_eq!(press(&mut state, "v o H P"), []);
    assert_eq!(state.mode, Mode::Normal);
}

#[test]
fn scans_are_read_when_asked_and_left_alone_again() {
    let mut state = with_changes();
    let wish = Wish { ocr: true, ..Wish::default() };
    assert_eq!(press(&mut state, "o"), read_as(wish, 2));
}

#[test]
fn hidden_text_is_given_to_jobs_only_after_a_yes() {
    let mut state = with_changes();
    assert_eq!(press(&mut state, "H n"), []);
    assert!(!state.wish_of(&id("a.txt")).with_hidden);
    let wish = Wish { with_hidden: true, ..Wish::default() };
    assert_eq!(press(&mut state, "H y"), [Effect::SaveWishes(vec![(id("a.txt"), wish)])]);
    let effects = press(&mut state, "r j enter");
    let given = |effect: &Effect| matches!(effect, Effect::Start { with_hidden: true, .. });
    assert!(effects.iter().any(given), "{effects:?}");
    press(&mut state, "H");
    assert!(!state.wish_of(&id("a.txt")).with_hidden, "taken back without a question");
}

fn locked(state: &mut State, generation: u64) -> Vec<Effect> {
    let outcome = Err(Failure { text: "It needs a password.".into(), needs_password: true });
    let remembered = Remembered::default();
    update(state, Msg::Read { doc: id("a.txt"), generation, outcome, remembered })
}

#[test]
fn a_password_goes_with_one_reading_and_is_asked_for_again_where_it_was_wrong() {
    let mut state = ready();
    locked(&mut state, 1);
    assert_eq!(state.mode, Mode::Normal, "nobody asked for it yet");
    let effects = press(&mut state, "P s e s backspace enter");
    let password = Some(Password::new("se".into()));
    let options = ReadOptions { password, ..ReadOptions::default() };
    assert_eq!(effects, [Effect::Read { doc: id("a.txt"), generation: 2, options }]);
    assert_eq!(state.mode, Mode::Normal);
    locked(&mut state, 2);
    let again = Asking { doc: id("a.txt"), input: Masked::default(), wrong: true };
    assert_eq!(state.mode, Mode::Password(again));
    let said = state.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert_eq!(said, "That password does not open a.txt.");
    press(&mut state, "esc");
    locked(&mut state, 2);
    assert_eq!(state.mode, Mode::Normal);
}

#[test]
fn a_password_is_seen_in_no_debug_output() {
    let mut state = ready();
    locked(&mut state, 1);
    press(&mut state, "P s e s a m");
    assert!(!format!("{state:?}").contains("sesam"));
    let effects = press(&mut state, "enter");
    assert!(!format!("{state:?} {effects:?}").contains("sesam"));
}

#[test]
fn the_panel_of_a_locked_document_leads_to_its_password() {
    let mut state = ready();
    locked(&mut state, 1);
    press(&mut state, "enter");
    assert_eq!(state.mode, Mode::Info);
    press(&mut state, "P");
    assert!(matches!(state.mode, Mode::Password(_)));
}
