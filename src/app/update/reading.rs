//! How a document is read, as the person wishes: the view of its tracked
//! changes, character recognition, hidden text, a password.

use super::{commands, documents, notify};
use crate::app::command::{Command, key as key_of};
use crate::app::key::{Code, Key};
use crate::app::msg::Effect;
use crate::app::state::{Asking, DocId, DocState, Entry, Level, Masked, Mode, State, Wish};
use crate::app::wish::next_view;
use crate::domain::document::{Document, PageState, Password};

/// Shows the next view of the tracked changes.
pub(super) fn next_revision(state: &mut State) -> Vec<Effect> {
    let Some((id, doc)) = read(state) else { return Vec::new() };
    if !doc.markup.is_some_and(|markup| markup.has_changes()) {
        notify(state, Level::Info, "There are no tracked changes in this document.");
        return Vec::new();
    }
    let wish = state.wish_of(&id);
    let view = next_view(wish.view);
    let text = format!("The document is read anew, {}.", view.in_words());
    let effects = read_as(state, &id, Wish { view, ..wish });
    notify(state, Level::Info, text);
    effects
}

/// Has the pages recognised that are images, or leaves them alone again.
pub(super) fn recognise(state: &mut State) -> Vec<Effect> {
    let Some((id, doc)) = read(state) else { return Vec::new() };
    let wish = state.wish_of(&id);
    if !wish.ocr && !doc.pages.iter().any(|page| page.state == PageState::Scan) {
        notify(state, Level::Info, "No page of this document is a scan.");
        return Vec::new();
    }
    let text = if wish.ocr {
        "The document is read anew, its scans left alone."
    } else {
        "The scans of this document are being read by character recognition; it takes a while."
    };
    let effects = read_as(state, &id, Wish { ocr: !wish.ocr, ..wish });
    notify(state, Level::Info, text);
    effects
}

/// The document under the cursor where it has a text; says so where it has not.
fn read(state: &mut State) -> Option<(DocId, std::sync::Arc<Document>)> {
    let read = state.entry().and_then(|e| Some((e.id.clone(), e.document()?.clone())));
    if read.is_none() {
        let is_reading = state.entry().is_some_and(|e| matches!(e.state, DocState::Reading));
        let text = if is_reading {
            "This document is being read; press the key again in a moment."
        } else {
            "This document has not been read, so there is no text of it."
        };
        notify(state, Level::Info, text);
    }
    read
}

/// Keeps a wish and reads the document by it.
fn read_as(state: &mut State, id: &DocId, wish: Wish) -> Vec<Effect> {
    let mut effects = vec![keep(state, id, wish)];
    effects.extend(documents::restart(state, id));
    if let Some(entry) = state.documents.iter_mut().find(|entry| entry.id == *id) {
        effects.push(documents::read_again(entry, wish));
    }
    effects
}

fn keep(state: &mut State, id: &DocId, wish: Wish) -> Effect {
    if wish == state.wish {
        state.wishes.remove(id);
    } else {
        state.wishes.insert(id.clone(), wish);
    }
    saved(state)
}

/// Has the wishes saved as they are.
pub(super) fn saved(state: &State) -> Effect {
    Effect::SaveWishes(state.wishes.iter().map(|(id, wish)| (id.clone(), *wish)).collect())
}

/// Asks whether hidden text is to be given to jobs; takes it back at once.
pub(super) fn give_hidden(state: &mut State) -> Vec<Effect> {
    let Some((id, doc)) = read(state) else { return Vec::new() };
    let wish = state.wish_of(&id);
    if wish.with_hidden {
        let effect = keep(state, &id, Wish { with_hidden: false, ..wish });
        notify(
            state,
            Level::Info,
            "Jobs are given no hidden text and no comments of this document any more.",
        );
        return vec![effect];
    }
    if doc.marks.asides.iter().any(|aside| aside.kind.may_be_given()) {
        state.mode = Mode::ConfirmHidden(id);
    } else {
        notify(state, Level::Info, "There is no hidden text and no comment in this document.");
    }
    Vec::new()
}

/// Keys while that is asked.
pub(super) fn confirm_hidden(state: &mut State, key: Key) -> Vec<Effect> {
    let Mode::ConfirmHidden(id) = &state.mode else { return Vec::new() };
    let id = id.clone();
    match key.code {
        Code::Enter | Code::Char('y') => {
            state.mode = Mode::Normal;
            let wish = Wish { with_hidden: true, ..state.wish_of(&id) };
            let effect = keep(state, &id, wish);
            let text = format!(
                "Jobs are given the hidden text and comments of this document from now on; press \
                 {} to run one.",
                key_of(Command::Run)
            );
            notify(state, Level::Warning, text);
            vec![effect]
        }
        Code::Esc | Code::Char('n' | 'q') => {
            state.mode = Mode::Normal;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Asks for the password of the document under the cursor.
pub(super) fn ask_password(state: &mut State) {
    let locked = |entry: &&Entry| matches!(&entry.state, DocState::Failed(failure) if failure.needs_password);
    if let Some(doc) = state.entry().filter(locked).map(|entry| entry.id.clone()) {
        ask(state, doc, false);
        return;
    }
    let is_open = state.entry().is_none_or(|entry| entry.document().is_some());
    let text = if is_open {
        "This document needs no password."
    } else {
        "galley can do nothing with a password here; i tells why it was not read."
    };
    notify(state, Level::Info, text);
}

fn ask(state: &mut State, doc: DocId, wrong: bool) {
    state.mode = Mode::Password(Asking { doc, input: Masked::default(), wrong });
}

/// Keys while a password is typed.
pub(super) fn password(state: &mut State, key: Key) -> Vec<Effect> {
    let Mode::Password(asking) = &mut state.mode else { return Vec::new() };
    match key.code {
        Code::Esc => state.mode = Mode::Normal,
        Code::Enter if asking.input.0.text.is_empty() => {}
        Code::Enter => {
            if let Mode::Password(asking) = std::mem::take(&mut state.mode) {
                return unlock(state, asking);
            }
        }
        _ => {
            asking.input.0.press(key);
        }
    }
    Vec::new()
}

/// Reads a locked document with the password that was typed.
fn unlock(state: &mut State, asking: Asking) -> Vec<Effect> {
    let Asking { doc, input, .. } = asking;
    let wish = state.wish_of(&doc);
    let Some(entry) = state.documents.iter_mut().find(|entry| entry.id == doc) else {
        return Vec::new();
    };
    let password = Password::new(input.0.text);
    let effect = documents::read_unlocked(entry, wish, password);
    state.unlocking = Some(doc);
    vec![effect]
}

/// What a reading with a password has come to: asks again where it was wrong.
pub(super) fn unlocked(state: &mut State, doc: &DocId) {
    if state.unlocking.take_if(|unlocking| unlocking == doc).is_none() {
        return;
    }
    let Some(entry) = state.find(doc) else { return };
    if !matches!(&entry.state, DocState::Failed(failure) if failure.needs_password) {
        return;
    }
    let text = format!("That password does not open {}.", entry.name);
    if state.mode == Mode::Normal {
        ask(state, doc.clone(), true);
    }
    notify(state, Level::Error, text);
}

/// What closes the panel of a document and is done to it at once.
pub(super) fn is_for_the_panel(command: Command) -> bool {
    use Command as C;
    matches!(command, C::Revisions | C::Recognise | C::GiveHidden | C::Unlock)
}

/// Carries a command of the panel out.
pub(super) fn from_the_panel(state: &mut State, command: Command) -> Vec<Effect> {
    state.mode = Mode::Normal;
    commands::run(state, command)
}
