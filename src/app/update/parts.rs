//! The documents inside documents: they stand in the list right below the one
//! that they are in, and come, change and go with it.

use std::collections::HashMap;
use std::path::{Component, Path};

use super::{documents, notify};
use crate::app::msg::Effect;
use crate::app::state::{DocId, Entry, Level, Stamp, State};
use crate::domain::document::Part;

/// More of them than these are not shown: nobody reviews a mailbox of years.
const MOST: usize = 10_000;
/// Documents inside documents are shown this deep.
const MOST_DEPTH: usize = 8;

/// An entry and those of the documents inside it, in their order.
pub(super) type Family = (Entry, Vec<Entry>);

/// Takes entries apart into files, or whatever stands least deep, each with
/// the documents inside it.
pub(super) fn families(entries: Vec<Entry>) -> HashMap<DocId, Family> {
    let mut families: HashMap<DocId, Family> = HashMap::new();
    let mut head: Option<DocId> = None;
    let least = entries.iter().map(|entry| entry.depth).min().unwrap_or(0);
    for entry in entries {
        match head.as_ref().and_then(|id| families.get_mut(id)) {
            Some((_, inside)) if entry.depth > least => inside.push(entry),
            _ => {
                head = Some(entry.id.clone());
                families.insert(entry.id.clone(), (entry, Vec::new()));
            }
        }
    }
    families
}

/// Sets the entries below the one at `at` to the documents inside it, keeping
/// what is known of them; one in a file that has changed is read again.
pub(super) fn follow(state: &mut State, at: usize, news: bool) -> Vec<Effect> {
    let Some(container) = state.documents.get(at).cloned() else { return Vec::new() };
    let below_it = at + 1;
    let inside = |entry: &&Entry| entry.depth > container.depth;
    let below = state.documents[below_it..].iter().take_while(inside).count();
    let parts = container.document().map(|doc| doc.parts.clone()).unwrap_or_default();
    if below == 0 && parts.is_empty() {
        return Vec::new();
    }
    let cursor = state.entry().map(|entry| entry.id.clone());
    let mut known = families(state.documents.drain(below_it..below_it + below).collect());
    let mut effects = Vec::new();
    let mut entries = Vec::new();
    for part in shown(state, &container, &parts) {
        let id = DocId(container.id.0.join(&part.name));
        let stamp = Stamp { bytes: part.bytes, modified: container.stamp.modified };
        let (mut entry, inside) =
            known.remove(&id).unwrap_or_else(|| (fresh(&container, part, id, news), Vec::new()));
        if entry.stamp != stamp || entry.generation == 0 {
            entry.arrived_late = news;
            entry.stamp = stamp;
            let wish = state.wish_of(&entry.id);
            effects.push(documents::read_again(&mut entry, wish));
            effects.extend(documents::restart(state, &entry.id));
        }
        entries.push(entry);
        entries.extend(inside);
    }
    state.documents.splice(below_it..below_it, entries);
    for (entry, inside) in known.into_values() {
        for gone in std::iter::once(entry).chain(inside) {
            effects.extend(documents::forget(state, &gone.id));
        }
    }
    documents::restore_cursor(state, cursor);
    effects
}

/// The parts that there is room for, each named as one that can lie in a folder.
fn shown<'a>(state: &mut State, container: &Entry, parts: &'a [Part]) -> Vec<&'a Part> {
    if container.depth >= MOST_DEPTH {
        return Vec::new();
    }
    let others = state.documents.iter().filter(|entry| entry.container.is_some()).count();
    let room = MOST.saturating_sub(others);
    let named: Vec<&Part> = parts.iter().filter(|part| is_one_name(&part.name)).collect();
    if named.len() > room {
        let text = format!(
            "{} holds {} documents; the first {room} are shown, since {MOST} in all are the most.",
            container.name,
            named.len()
        );
        notify(state, Level::Warning, text);
    }
    named.into_iter().take(room).collect()
}

/// Whether a name leads nowhere but into what it is joined to.
fn is_one_name(name: &str) -> bool {
    let mut components = Path::new(name).components();
    matches!((components.next(), components.next()), (Some(Component::Normal(_)), None))
}

fn fresh(container: &Entry, part: &Part, id: DocId, news: bool) -> Entry {
    let name = format!("{}/{}", container.name, part.name);
    let stamp = Stamp { bytes: part.bytes, modified: container.stamp.modified };
    Entry {
        container: Some(container.id.clone()),
        depth: container.depth + 1,
        ..Entry::new(id, name, stamp, news)
    }
}
