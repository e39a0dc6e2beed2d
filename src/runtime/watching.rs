//! Watching the folders of documents and of templates for a session.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::Msg;
use crate::app::state::{DocId, Level, Notice};
use crate::extract;
use crate::store::private_folder;
use crate::watch::{WatchEvent, Watcher};

/// Watchers at work; dropping them ends the watching.
#[derive(Debug)]
pub struct Watching(#[expect(dead_code, reason = "held for its drop")] Vec<Watcher>);

/// Watches one folder of documents, and the templates.
#[must_use]
pub fn start(folder: &Path, prompts: &Path, send: &UnboundedSender<Msg>) -> Watching {
    start_all(&[folder.to_owned()], prompts, send)
}

/// Watches several roots, and the templates. A root that cannot be watched is
/// told as a notice; work goes on without.
#[must_use]
pub fn start_all(roots: &[PathBuf], prompts: &Path, send: &UnboundedSender<Msg>) -> Watching {
    let mut watchers = Vec::new();
    for root in roots {
        let to = send.clone();
        let folder = if root.is_dir() { root } else { root.parent().unwrap_or(root) };
        let started = Watcher::start(folder, move |event| {
            for msg in document_messages(event) {
                // Only a program that ends has no receiver any more.
                let _ = to.send(msg);
            }
        });
        keep(started.map_err(|e| e.to_string()), &mut watchers, send);
    }
    // The folder of own templates is made, so that the first one put there is
    // noticed. Where it cannot be made, galley does without.
    if private_folder(prompts).is_ok() {
        let to = send.clone();
        let started = Watcher::start(prompts, move |_| {
            let _ = to.send(Msg::TemplatesChanged);
        });
        keep(started.map_err(|e| e.to_string()), &mut watchers, send);
    }
    Watching(watchers)
}

fn keep(
    started: Result<Watcher, String>,
    watchers: &mut Vec<Watcher>,
    send: &UnboundedSender<Msg>,
) {
    match started {
        Ok(watcher) => watchers.push(watcher),
        Err(text) => {
            let _ = send.send(Msg::Notice(Notice { level: Level::Warning, text }));
        }
    }
}

fn document_messages(event: WatchEvent) -> Vec<Msg> {
    match event {
        // What is arriving is listed, and read when it is whole: the reader
        // minds that for all files, whatever made it look at them.
        WatchEvent::Changed(_)
        | WatchEvent::Arriving(_)
        | WatchEvent::Removed(_)
        | WatchEvent::Rescan
        | WatchEvent::FolderGone => vec![Msg::FolderChanged],
        WatchEvent::Renamed { from, to } => vec![if is_move(&from, &to) {
            Msg::Renamed { from: DocId(from), to: DocId(to) }
        } else {
            Msg::FolderChanged
        }],
        WatchEvent::Trouble(text) => {
            vec![Msg::Notice(Notice { level: Level::Warning, text }), Msg::FolderChanged]
        }
    }
}

/// Whether the document itself moved. An editor that keeps the old text under
/// another name and writes the document anew moves nothing but a copy: what was
/// found and decided stays with the document's own name.
fn is_move(from: &Path, to: &Path) -> bool {
    // Where capitals do not count, a file renamed to capitals has both names.
    let is_back = || from.canonicalize().is_ok_and(|from| to.canonicalize().ok() != Some(from));
    extract::is_candidate(to) && !is_back()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::Duration;

    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    /// What the workbench is told of a rename that left these files behind.
    fn told(from: &str, to: &str, there: &[&str]) -> Vec<Msg> {
        let folder = tempfile::tempdir().expect("a folder");
        for name in there {
            fs::write(folder.path().join(name), name).expect("written");
        }
        let path = |name: &str| folder.path().join(name);
        let mut told = document_messages(WatchEvent::Renamed { from: path(from), to: path(to) });
        for msg in &mut told {
            if let Msg::Renamed { from, to } = msg {
                for id in [from, to] {
                    id.0 = id.0.file_name().expect("a name").into();
                }
            }
        }
        told
    }

    #[test]
    fn a_document_that_was_renamed_takes_its_results_along() {
        let renamed = Msg::Renamed { from: DocId("a.txt".into()), to: DocId("b.txt".into()) };
        assert_eq!(told("a.txt", "b.txt", &["b.txt"]), [renamed]);
    }

    #[test]
    fn a_copy_that_an_editor_keeps_takes_no_results_along() {
        // Emacs leaves the old text under a name that is not listed; others
        // under one that is, and the document is there again.
        assert_eq!(told("b.txt", "b.txt~", &["b.txt~"]), [Msg::FolderChanged]);
        assert_eq!(told("b.txt", "b.txt~", &["b.txt~", "b.txt"]), [Msg::FolderChanged]);
        assert_eq!(told("b.txt", "b.old.txt", &["b.old.txt", "b.txt"]), [Msg::FolderChanged]);
    }

    #[tokio::test]
    async fn the_first_template_of_ones_own_is_noticed() {
        let home = tempfile::tempdir().expect("a folder");
        let prompts = home.path().join("config").join("prompts");
        let (send, mut messages) = unbounded_channel();
        let _watching = start_all(&[], &prompts, &send);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&prompts).expect("it was made").permissions().mode();
            assert_eq!(mode & 0o777, 0o700);
        }
        fs::write(prompts.join("mine.md"), "of my own").expect("written");
        let told = tokio::time::timeout(Duration::from_secs(20), messages.recv()).await;
        assert_eq!(told, Ok(Some(Msg::TemplatesChanged)));
    }

    #[test]
    fn a_folder_of_templates_that_cannot_be_made_is_no_trouble() {
        let home = tempfile::tempdir().expect("a folder");
        let file = home.path().join("config");
        fs::write(&file, "in the way").expect("written");
        let (send, mut messages) = unbounded_channel();
        let _watching = start_all(&[], &file.join("prompts"), &send);
        assert!(messages.try_recv().is_err(), "nothing is said");
    }
}
