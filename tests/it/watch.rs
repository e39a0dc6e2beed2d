//! Watching a real folder. Every wait is for an event, with a limit.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use galley::watch::{WatchError, WatchEvent, Watcher};
use tempfile::TempDir;

struct Watched {
    folder: TempDir,
    events: Receiver<WatchEvent>,
    _watcher: Watcher,
}

impl Watched {
    fn start(prepare: impl FnOnce(&Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder for the test");
        prepare(folder.path());
        let (sender, events) = channel();
        let watcher = Watcher::start(folder.path(), move |event| {
            // The test may be over.
            let _ = sender.send(event);
        });
        Self { folder, events, _watcher: watcher.expect("the folder is watched") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Events up to and with the first that `is_last` accepts.
    fn until(&self, is_last: impl Fn(&WatchEvent) -> bool) -> Vec<WatchEvent> {
        let deadline = Instant::now() + Duration::from_secs(20);
        let mut seen = Vec::new();
        while let Some(left) = deadline.checked_duration_since(Instant::now()) {
            let Ok(event) = self.events.recv_timeout(left) else { break };
            seen.push(event);
            if is_last(&seen[seen.len() - 1]) {
                return seen;
            }
        }
        panic!("the event that was waited for never came; these did: {seen:?}");
    }

    fn until_changed(&self, name: &str) -> Vec<WatchEvent> {
        let path = self.path(name);
        self.until(|event| matches!(event, WatchEvent::Changed(paths) if paths.contains(&path)))
    }
}

#[test]
fn a_new_and_a_changed_file_are_told_within_two_seconds() {
    let watched = Watched::start(|_| {});
    for content in ["one", "one and two"] {
        fs::write(watched.path("nda.md"), content).expect("written");
        let written = Instant::now();
        watched.until_changed("nda.md");
        assert!(written.elapsed() < Duration::from_secs(2), "took {:?}", written.elapsed());
    }
}

#[test]
fn a_removed_file_is_told() {
    let watched = Watched::start(|folder| fs::write(folder.join("a.txt"), "x").expect("written"));
    let path = watched.path("a.txt");
    fs::remove_file(&path).expect("removed");
    watched.until(|event| matches!(event, WatchEvent::Removed(paths) if paths.contains(&path)));
}

#[test]
fn a_rename_is_told_as_one_with_both_names() {
    let watched = Watched::start(|folder| fs::write(folder.join("a.txt"), "x").expect("written"));
    let (from, to) = (watched.path("a.txt"), watched.path("b.txt"));
    fs::rename(&from, &to).expect("renamed");
    let expected = WatchEvent::Renamed { from, to };
    watched.until(|event| *event == expected);
}

#[test]
fn an_editor_that_saves_by_renaming_changes_the_file() {
    let watched = Watched::start(|folder| fs::write(folder.join("a.txt"), "x").expect("written"));
    fs::write(watched.path(".a.txt.tmp"), "new").expect("written");
    fs::rename(watched.path(".a.txt.tmp"), watched.path("a.txt")).expect("renamed");
    watched.until_changed("a.txt");
}

#[test]
fn reading_a_file_is_no_change() {
    let watched = Watched::start(|folder| fs::write(folder.join("a.txt"), "x").expect("written"));
    let path = watched.path("a.txt");
    fs::read(&path).expect("read");
    // Whatever the reading brings is told before this.
    fs::write(watched.path("b.txt"), "x").expect("written");
    let told = format!("{:?}", watched.until_changed("b.txt"));
    assert!(!told.contains("a.txt"), "{told}");
}

#[test]
fn files_in_a_new_folder_are_found() {
    let watched = Watched::start(|_| {});
    fs::create_dir(watched.path("sub")).expect("made");
    fs::write(watched.path("sub/a.txt"), "x").expect("written");
    // Which of the two comes depends on who was faster; both lead to the file.
    let path = watched.path("sub/a.txt");
    watched.until(|event| match event {
        WatchEvent::Rescan => true,
        WatchEvent::Changed(paths) => paths.contains(&path),
        _ => false,
    });
}

#[test]
fn a_folder_that_goes_and_comes_back_is_watched_again() {
    let watched = Watched::start(|_| {});
    let away = watched.folder.path().with_extension("away");
    fs::rename(watched.folder.path(), &away).expect("moved away");
    watched.until(|event| *event == WatchEvent::FolderGone);
    fs::rename(&away, watched.folder.path()).expect("moved back");
    watched.until(|event| *event == WatchEvent::Rescan);
    fs::write(watched.path("a.txt"), "x").expect("written");
    watched.until_changed("a.txt");
}

#[test]
fn a_folder_that_is_none_cannot_be_watched() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let missing = folder.path().join("missing");
    let error = Watcher::start(&missing, |_| {}).expect_err("nothing to watch");
    assert_eq!(error, WatchError::NoFolder(missing));
}

#[cfg(unix)]
#[test]
fn paths_are_told_as_the_folder_was_named_also_through_a_link() {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let (real, link) = (folder.path().join("real"), folder.path().join("link"));
    fs::create_dir(&real).expect("made");
    std::os::unix::fs::symlink(&real, &link).expect("linked");
    let (sender, events) = channel();
    let started = Watcher::start(&link, move |event| {
        let _ = sender.send(event);
    });
    let watched = Watched { folder, events, _watcher: started.expect("the folder is watched") };
    fs::write(real.join("a.txt"), "x").expect("written");
    watched.until_changed("link/a.txt");
}
