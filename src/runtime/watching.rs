//! Watching the folders of documents and of templates for a session.

use std::path::{Path, PathBuf};

use tokio::sync::mpsc::UnboundedSender;

use crate::app::msg::Msg;
use crate::app::state::{DocId, Level, Notice};
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
    // Without a folder of own templates there is nothing to watch yet; a
    // template that is edited from the workbench is read again after that.
    if prompts.is_dir() {
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
        WatchEvent::Changed(_)
        | WatchEvent::Arriving(_)
        | WatchEvent::Removed(_)
        | WatchEvent::Rescan
        | WatchEvent::FolderGone => vec![Msg::FolderChanged],
        WatchEvent::Renamed { from, to } => {
            vec![Msg::Renamed { from: DocId(from), to: DocId(to) }]
        }
        WatchEvent::Trouble(text) => {
            vec![Msg::Notice(Notice { level: Level::Warning, text }), Msg::FolderChanged]
        }
    }
}
