//! Reading files through the real worker process: whatever a file does, the
//! program lives, says what happened and keeps what it had.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use galley::domain::document::Format;
use galley::extract::Limits;
use galley::extract::guard::{self, WorkerCommand};

use crate::support::broken_files as broken;
use crate::support::reading::{Files, assert_sound, read, refusal, worker};

#[test]
fn a_text_file_is_its_own_bytes_and_its_hash_is_the_files() {
    let files = Files::new();
    let content = "\u{FEFF}§ 1 Geltung\r\nfür alle\r\n\u{C}§ 2\r\n";
    let path = files.with("vertrag.txt", content);
    let doc = read(&path).expect("a document");
    assert_sound(&doc);
    assert_eq!(doc.text, content.trim_start_matches('\u{FEFF}'));
    assert_eq!(doc.format, Format::Txt);
    assert_eq!(doc.pages.len(), 2);
    assert_eq!(doc.bytes, content.len() as u64);
    assert_eq!(doc.source.0, blake3::hash(content.as_bytes()).to_hex().to_string());
    assert_eq!(doc.path, path);
    assert_eq!(doc.warning, None);
}

#[test]
fn a_transcript_becomes_turns() {
    let files = Files::new();
    let cues =
        "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ana>Good\n\n00:02.000 --> 00:03.000\n<v Ana>day.\n";
    let doc = read(&files.with("call.vtt", cues)).expect("a document");
    assert_sound(&doc);
    assert_eq!((doc.format, doc.text.as_str()), (Format::Vtt, "[00:00:01] Ana: Good day.\n"));
}

/// A worker that says that it read "hello" and then does what `script` says,
/// with the file's path as `$0`.
#[cfg(unix)]
fn scripted_worker(script: &str) -> WorkerCommand {
    let hash = blake3::hash(b"hello").to_hex();
    let lines = [
        format!(r#"{{"source":{{"format":"txt","blake3":"{hash}","bytes":5}}}}"#),
        r#"{"page":{"n":1,"of":2,"state":"text","text":"hello","reader":"text"}}"#.to_owned(),
    ];
    let script = format!("printf '%s\\n' '{}'; {script}", lines.join("' '"));
    WorkerCommand { program: "/bin/sh".into(), args: vec!["-c".into(), script.into()] }
}

/// A worker that delivers a page and then never anything again.
#[cfg(unix)]
fn stuck_worker() -> WorkerCommand {
    scripted_worker("exec tail -f /dev/null")
}

#[cfg(unix)]
#[test]
fn what_was_read_has_to_be_what_the_file_is_in_the_end() {
    let files = Files::new();
    let end = scripted_worker(r#"printf '%s\n' '{"end":{"error":null}}'"#);
    // Finds the file blank while somebody is still writing it.
    let early = r#"printf more >> "$0"; printf '%s\n' '{"end":{"error":"blank"}}'"#;
    let early = WorkerCommand { program: "/bin/sh".into(), args: vec!["-c".into(), early.into()] };
    let read = |content: &str, worker: &WorkerCommand| {
        let path = files.with("a.txt", content);
        guard::read(&path, worker, &Limits::default(), &|| false)
    };
    assert_eq!(read("hello", &end).expect("a document").text, "hello");
    for (content, worker) in [("jello", &end), (" ", &early)] {
        let said = read(content, worker).expect_err("not what was read").to_string();
        assert!(said.contains("it kept changing while it was read"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_hang_after_the_first_page_keeps_that_page() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    // However much time the page has earned, standing still is not what it is for.
    let limits = Limits { seconds: 1, seconds_per_page: 600, ..Limits::default() };
    let doc = guard::read(&path, &stuck_worker(), &limits, &|| false).expect("a document");
    assert_sound(&doc);
    assert_eq!(doc.text, "hello");
    let warning = doc.warning.expect("a warning");
    assert!(warning.contains("no headway within 1 seconds"), "{warning}");
}

#[cfg(unix)]
#[test]
fn cancelling_ends_a_reading_at_once() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    let asked = AtomicUsize::new(0);
    let cancel = || asked.fetch_add(1, Ordering::Relaxed) >= 3;
    let started = Instant::now();
    let failure = guard::read(&path, &stuck_worker(), &Limits::default(), &cancel);
    assert!(failure.expect_err("cancelled").is_cancelled());
    assert!(started.elapsed() < Duration::from_secs(10), "took {:?}", started.elapsed());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_needs_too_much_memory_is_given_up_and_the_limit_is_said() {
    let files = Files::new();
    // 60 MB of text do not fit beside their decoded copies.
    let path = files.with("a.txt", "lorem ipsum ".repeat(5_000_000));
    let limits = Limits { memory_bytes: 300 << 20, ..Limits::default() };
    let failure = guard::read(&path, &worker(), &limits, &|| false).expect_err("too much");
    assert!(failure.to_string().contains("takes more than 300 MB of memory"), "{failure}");
}

#[test]
fn damaged_and_foreign_files_get_a_sentence_each() {
    let pdf = broken::three_pages();
    for (name, content, said) in [
        ("cut.pdf", &pdf[..100], "it is a damaged PDF: "),
        ("garbage.pdf", b"%PDF-1.7\n\xFF\xFE garbage \x00\x01", "it is a damaged PDF: "),
        ("empty.pdf", b"", "it is empty."),
        ("blank.txt", b" \r\n\t\n", "it holds nothing but white space."),
        ("binary.txt", b"MZ\x90\0\x03\0\0\0", "it holds binary data and no text."),
        (
            "letter.docx",
            b"PK\x03\x04..word/document.xml",
            "this looks like a Word document (.docx);",
        ),
        ("photo.pdf", b"\xFF\xD8\xFF\xE0", "this looks like an image (JPEG);"),
        ("cues.vtt", b"WEBVTT\n\n", "none of its subtitles has a time line"),
    ] {
        let failure = refusal(name, content);
        let expected = format!("{name} could not be read: {said}");
        assert!(failure.contains(&expected), "{failure}");
        assert!(failure.ends_with('.'), "a whole sentence: {failure}");
    }
}

#[test]
fn a_huge_file_is_refused_before_anything_reads_it() {
    let files = Files::new();
    let path = files.with("huge.txt", "");
    // Sparse: it takes no room on the disk.
    let file = fs::File::options().write(true).open(&path).expect("opened");
    file.set_len(5 << 30).expect("a sparse file");
    let said = read(&path).expect_err("too large").to_string();
    assert!(said.contains("it has 5 GB and the limit is 64 MB"), "{said}");
}

#[test]
fn what_is_no_file_is_refused_without_being_opened() {
    let files = Files::new();
    let folder = read(files.path()).expect_err("a folder").to_string();
    assert!(folder.contains("it is a folder and not a regular file"), "{folder}");
    let missing = read(&files.path().join("gone.txt")).expect_err("missing").to_string();
    assert!(missing.contains("gone.txt could not be read: it is not there any more"), "{missing}");
}

#[cfg(unix)]
#[test]
fn a_named_pipe_and_a_device_are_refused_and_a_link_is_followed() {
    let files = Files::new();
    let pipe = files.path().join("pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo runs");
    assert!(made.success());
    // Opening a pipe that nobody writes to would block here for ever.
    let said = read(&pipe).expect_err("a pipe").to_string();
    assert!(said.contains("it is a named pipe and not a regular file"), "{said}");
    let said = read(Path::new("/dev/zero")).expect_err("a device").to_string();
    assert!(said.contains("it is a device and not a regular file"), "{said}");

    let target = files.with("target.txt", "linked");
    let link = files.path().join("link.txt");
    std::os::unix::fs::symlink(target, &link).expect("linked");
    assert_eq!(read(&link).expect("a document").text, "linked");
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_says_so() {
    use std::os::unix::fs::PermissionsExt as _;
    let files = Files::new();
    let path = files.with("secret.txt", "secret");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o0)).expect("set");
    if fs::File::open(&path).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let said = read(&path).expect_err("not allowed").to_string();
    assert!(said.contains("you have no permission to read it"), "{said}");
}

#[test]
fn a_file_that_changes_while_it_is_read_is_read_again_and_then_given_up() {
    let files = Files::new();
    let path = files.with("log.txt", "one\n");
    let readings = AtomicUsize::new(0);
    // Asked at the beginning of each reading: a line more every time.
    let append = || {
        readings.fetch_add(1, Ordering::Relaxed);
        let file = fs::File::options().append(true).open(&path);
        file.and_then(|mut file| file.write_all(b"more\n")).expect("appended");
        false
    };
    let failure = guard::read(&path, &worker(), &Limits::default(), &append);
    let said = failure.expect_err("it never stood still").to_string();
    assert!(said.contains("it kept changing while it was read"), "{said}");

    // Changed once only: the second reading is the whole new file.
    let once = || {
        if readings.swap(0, Ordering::Relaxed) > 0 {
            fs::write(&path, "new content").expect("written");
        }
        false
    };
    let doc = guard::read(&path, &worker(), &Limits::default(), &once).expect("a document");
    assert_eq!(doc.text, "new content");
    assert_eq!(doc.source.0, blake3::hash(b"new content").to_hex().to_string());
}

#[test]
fn a_worker_that_cannot_be_started_is_a_message() {
    let files = Files::new();
    let path = files.with("a.txt", "text");
    let none = WorkerCommand { program: "no/such/program".into(), args: Vec::new() };
    let failure = guard::read(&path, &none, &Limits::default(), &|| false);
    let said = failure.expect_err("no worker").to_string();
    assert!(said.contains("the worker that reads files could not be started"), "{said}");
}
