//! Documents inside documents: attachments of mails, mails of mailboxes.

use super::*;
use crate::domain::document::Part;

/// A document with these inside it.
fn holding(name: &str, parts: &[&str]) -> Document {
    let parts = parts.iter().map(|part| Part { name: (*part).into(), bytes: 10 });
    Document { parts: parts.collect(), ..document(name) }
}

fn arrives(state: &mut State, name: &str, generation: u64, document: Document) -> Vec<Effect> {
    let (outcome, remembered) = (Ok(document), Remembered::default());
    update(state, Msg::Read { doc: id(name), generation, outcome, remembered })
}

fn names(state: &State) -> Vec<(&str, usize)> {
    state.documents.iter().map(|entry| (entry.name.as_str(), entry.depth)).collect()
}

/// A mail with two attachments between two texts; the texts were read.
fn with_mail() -> State {
    let mut state = ready();
    let seen = ["a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    arrives(&mut state, "ab.eml", 1, holding("ab.eml", &["lease.pdf", "fwd.eml"]));
    state
}

#[test]
fn attachments_stand_below_their_mail_and_are_read_like_files() {
    let mut state = ready();
    let seen = ["a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    let mail = holding("ab.eml", &["lease.pdf", "fwd.eml"]);
    let effects = arrives(&mut state, "ab.eml", 1, mail);
    assert_eq!(effects, [reading("ab.eml/lease.pdf", 1), reading("ab.eml/fwd.eml", 1)]);
    let effects = arrives(&mut state, "ab.eml/fwd.eml", 1, holding("fwd.eml", &["deep.txt"]));
    assert_eq!(effects, [reading("ab.eml/fwd.eml/deep.txt", 1)]);
    assert_eq!(
        names(&state),
        [
            ("a.txt", 0),
            ("ab.eml", 0),
            ("ab.eml/lease.pdf", 1),
            ("ab.eml/fwd.eml", 1),
            ("ab.eml/fwd.eml/deep.txt", 2),
            ("b.txt", 0),
        ]
    );
}

#[test]
fn another_look_at_the_folder_keeps_the_attachments_and_what_is_known_of_them() {
    let mut state = with_mail();
    arrives(&mut state, "ab.eml/lease.pdf", 1, document("ab.eml/lease.pdf"));
    state.selected = 2;
    update(&mut state, Msg::Key("space".parse().expect("a key")));
    let seen = ["A.txt", "a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    let effects = update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    assert_eq!(effects, [reading("A.txt", 1)]);
    assert_eq!(names(&state)[3], ("ab.eml/lease.pdf", 1));
    assert!(state.documents[3].document().is_some());
    assert!(state.marked.contains(&id("ab.eml/lease.pdf")));
    assert_eq!(state.entry().map(|e| e.name.as_str()), Some("ab.eml/fwd.eml"));
}

#[test]
fn attachments_go_with_their_mail_and_with_them_their_jobs() {
    let mut state = with_mail();
    update(&mut state, Msg::Enqueue(vec![spec("ab.eml/lease.pdf", "extract")]));
    let seen = ["a.txt", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    assert_eq!(names(&state), [("a.txt", 0), ("b.txt", 0)]);
    assert!(state.queue.is_empty());
}

#[test]
fn a_mail_that_changed_has_its_attachments_read_again_and_drops_those_that_went() {
    let mut state = with_mail();
    arrives(&mut state, "ab.eml/lease.pdf", 1, document("ab.eml/lease.pdf"));
    let seen = [("a.txt", 1), ("ab.eml", 2), ("b.txt", 1)].map(|(name, at)| seen(name, at));
    let effects = update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    assert_eq!(effects, [reading("ab.eml", 2)]);
    let effects = arrives(&mut state, "ab.eml", 2, holding("ab.eml", &["lease.pdf", "new.txt"]));
    assert_eq!(effects, [reading("ab.eml/lease.pdf", 2), reading("ab.eml/new.txt", 1)]);
    assert_eq!(names(&state)[2..4], [("ab.eml/lease.pdf", 1), ("ab.eml/new.txt", 1)]);
}

#[test]
fn with_auto_on_the_attachments_of_a_new_mail_are_worked_on_too() {
    let mut state = ready();
    state.auto = true;
    state.auto_jobs = vec!["extract".into()];
    let seen = ["a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    arrives(&mut state, "ab.eml", 1, holding("ab.eml", &["lease.pdf"]));
    arrives(&mut state, "ab.eml/lease.pdf", 1, document("ab.eml/lease.pdf"));
    assert_eq!(running(&state), [spec("ab.eml", "extract")]);
    assert_eq!(state.queue, [spec("ab.eml/lease.pdf", "extract")]);
}

#[test]
fn a_job_on_an_attachment_waits_until_its_mail_was_read() {
    let mut state = ready();
    let seen = ["a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    update(&mut state, Msg::Enqueue(vec![spec("ab.eml/lease.pdf", "extract")]));
    assert_eq!(state.queue.len(), 1, "{:?}", state.notice);
    arrives(&mut state, "ab.eml", 1, holding("ab.eml", &["lease.pdf"]));
    arrives(&mut state, "ab.eml/lease.pdf", 1, document("ab.eml/lease.pdf"));
    assert_eq!(running(&state), [spec("ab.eml/lease.pdf", "extract")]);
}

#[test]
fn a_mail_takes_its_attachments_along_when_it_is_renamed() {
    let mut state = with_mail();
    arrives(&mut state, "ab.eml/lease.pdf", 1, document("ab.eml/lease.pdf"));
    arrives(&mut state, "ab.eml/fwd.eml", 1, document("ab.eml/fwd.eml"));
    let (from, to) = (id("ab.eml"), id("ac.eml"));
    let effects = update(&mut state, Msg::Renamed { from, to });
    let inside =
        Effect::MoveResults { from: id("ab.eml/lease.pdf").0, to: id("ac.eml/lease.pdf").0 };
    assert!(effects.contains(&inside), "{effects:?}");
    let seen = ["a.txt", "ac.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    let mail = holding("ac.eml", &["lease.pdf", "fwd.eml"]);
    let effects = arrives(&mut state, "ac.eml", 2, mail);
    assert_eq!(effects, [], "they were asked for when they moved");
    assert_eq!(names(&state)[2].1, 1);
    assert_eq!(state.documents[2].id, id("ac.eml/lease.pdf"));
}

#[test]
fn a_name_that_leads_out_of_the_mail_is_no_document() {
    let mut state = ready();
    let seen = ["a.txt", "ab.eml", "b.txt"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    let mail = holding("ab.eml", &["/etc/passwd", "..", "a/b", "", "good.txt"]);
    let effects = arrives(&mut state, "ab.eml", 1, mail);
    assert_eq!(effects, [reading("ab.eml/good.txt", 1)]);
}

#[test]
fn a_mailbox_of_years_is_shown_in_part_and_says_so() {
    let mut state = ready();
    let seen = ["a.txt", "b.mbox"].map(|name| seen(name, 1));
    update(&mut state, Msg::Folder(Ok(seen.to_vec())));
    let many: Vec<String> = (0..10_001).map(|n| format!("{n}.eml")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let effects = arrives(&mut state, "b.mbox", 1, holding("b.mbox", &many));
    assert_eq!(effects.len(), 10_000);
    let said = state.notice.as_ref().map_or("", |notice| notice.text.as_str());
    assert!(said.contains("b.mbox holds 10001 documents; the first 10000 are shown"), "{said}");
}
