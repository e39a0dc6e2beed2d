//! Reading files through the real worker process: whatever a file does, the
//! program lives, says what happened and keeps what it had.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use galley::domain::document::Format;
use galley::extract::{Limits, Options, WorkerCommand, Workers, guard};

use crate::support::broken_files as broken;
use crate::support::reading::{Files, assert_sound, read, read_with, refusal, worker};

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

/// A worker that does what `script` says for its first file.
#[cfg(unix)]
fn shell(script: &str) -> Workers {
    let script = format!("read -r request; {script}");
    let args = vec!["-c".into(), script.into()];
    Workers::new(WorkerCommand { program: "/bin/sh".into(), args })
}

/// A worker that says that it read "hello" and then does what `script` says.
#[cfg(unix)]
fn scripted_worker(script: &str) -> Workers {
    let hash = blake3::hash(b"hello").to_hex();
    let lines = [
        format!(r#"[1,{{"source":{{"format":"txt","blake3":"{hash}","bytes":5}}}}]"#),
        r#"[1,{"page":{"n":1,"of":2,"state":"text","text":"hello","reader":"text"}}]"#.to_owned(),
    ];
    shell(&format!("printf '%s\\n' '{}'; {script}", lines.join("' '")))
}

/// A worker that delivers a page and then never anything again.
#[cfg(unix)]
fn stuck_worker() -> Workers {
    scripted_worker("exec tail -f /dev/null")
}

#[cfg(unix)]
#[test]
fn what_was_read_has_to_be_what_the_file_is_in_the_end() {
    let files = Files::new();
    let path = files.with("a.txt", "");
    let end = r#"printf '%s\n' '[1,{"end":{"error":null}}]'"#;
    // Finds the file blank while somebody is still writing it.
    let early = format!(
        r#"printf more >> '{}'; printf '%s\n' '[1,{{"end":{{"error":"blank"}}}}]'"#,
        path.display()
    );
    let read = |content: &str, workers: &dyn Fn() -> Workers| {
        fs::write(&path, content).expect("written");
        guard::read(&path, &workers(), &Options::default(), &|| false)
    };
    let end = || scripted_worker(end);
    assert_eq!(read("hello", &end).expect("a document").text, "hello");
    for (content, worker) in [("jello", &end as &dyn Fn() -> Workers), (" ", &|| shell(&early))] {
        let said = read(content, worker).expect_err("not what was read").to_string();
        assert!(said.contains("it kept changing while it was read"), "{said}");
    }
}

/// A program that says what belongs to no file, or to another one.
#[cfg(unix)]
#[test]
fn what_belongs_to_another_file_is_never_taken_for_this_one_s() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    let hash = blake3::hash(b"hello").to_hex();
    let source = format!(r#"{{"source":{{"format":"txt","blake3":"{hash}","bytes":5}}}}"#);
    for number in ["0", "2"] {
        let workers = shell(&format!("printf '%s\\n' '[{number},{source}]'; exec cat"));
        let said = guard::read(&path, &workers, &Options::default(), &|| false);
        let said = said.expect_err("nothing of its own").to_string();
        assert!(said.contains("the reader's answer could not be understood"), "{said}");
    }
}

#[cfg(unix)]
#[test]
fn a_hang_after_the_first_page_keeps_that_page() {
    let files = Files::new();
    let path = files.with("a.txt", "hello");
    // However much time the page has earned, standing still is not what it is for.
    let limits = Limits { seconds: 1, seconds_per_page: 600, ..Limits::default() };
    let options = Options::within(limits);
    let doc = guard::read(&path, &stuck_worker(), &options, &|| false).expect("a document");
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
    let failure = guard::read(&path, &stuck_worker(), &Options::default(), &cancel);
    assert!(failure.expect_err("cancelled").is_cancelled());
    assert!(started.elapsed() < Duration::from_secs(10), "took {:?}", started.elapsed());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_needs_too_much_memory_is_given_up_and_the_limit_is_said() {
    let files = Files::new();
    // 60 MB of text do not fit beside their decoded copies.
    let path = files.with("a.txt", "lorem ipsum ".repeat(5_000_000));
    // A slow machine shall find out that it does not.
    let limits = Limits { memory_bytes: 300 << 20, seconds: 300, ..Limits::default() };
    let failure = read_with(&path, &Options::within(limits)).expect_err("too much");
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
        ("letter.docx", b"PK\x03\x04..word/document.xml", "it is a damaged document: "),
        ("photo.pdf", b"\xFF\xD8\xFF\xE0", "this looks like an image (JPEG), which"),
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
    let failure = guard::read(&path, worker(), &Options::default(), &append);
    let said = failure.expect_err("it never stood still").to_string();
    assert!(said.contains("it kept changing while it was read"), "{said}");

    // Changed once only: the second reading is the whole new file.
    let once = || {
        if readings.swap(0, Ordering::Relaxed) > 0 {
            fs::write(&path, "new content").expect("written");
        }
        false
    };
    let doc = guard::read(&path, worker(), &Options::default(), &once).expect("a document");
    assert_eq!(doc.text, "new content");
    assert_eq!(doc.source.0, blake3::hash(b"new content").to_hex().to_string());
}

#[test]
fn a_worker_that_cannot_be_started_is_a_message() {
    let files = Files::new();
    let path = files.with("a.txt", "text");
    let none = WorkerCommand { program: "no/such/program".into(), args: Vec::new() };
    let failure = guard::read(&path, &Workers::new(none), &Options::default(), &|| false);
    let said = failure.expect_err("no worker").to_string();
    assert!(said.contains("the worker that reads files could not be started"), "{said}");
}

#[cfg(unix)]
#[test]
fn links_that_lead_nowhere_or_in_a_circle_are_named_as_such() {
    use std::os::unix::fs::symlink;
    let files = Files::new();
    let (one, other) = (files.path().join("one.txt"), files.path().join("other.txt"));
    symlink(&one, &other).expect("linked");
    symlink(&other, &one).expect("linked");
    let nowhere = files.path().join("nowhere.txt");
    symlink("gone.txt", &nowhere).expect("linked");
    for link in [&one, &nowhere] {
        let said = read(link).expect_err("a bad link").to_string();
        assert!(said.contains("it is a link that leads nowhere, or in a circle"), "{said}");
    }
}

#[test]
fn a_file_that_vanishes_or_is_replaced_while_it_is_read_is_noticed() {
    let files = Files::new();
    let path = files.with("a.txt", "one");
    let readings = AtomicUsize::new(0);
    let remove = || {
        let _ = fs::remove_file(&path);
        false
    };
    let failure = guard::read(&path, worker(), &Options::default(), &remove);
    let said = failure.expect_err("it is gone").to_string();
    assert!(said.contains("it is not there any more"), "{said}");

    fs::write(&path, "one").expect("written");
    let replacement = files.with("b.txt", "two");
    let replace = || {
        if readings.fetch_add(1, Ordering::Relaxed) == 0 {
            fs::rename(&replacement, &path).expect("replaced");
        }
        false
    };
    let doc = guard::read(&path, worker(), &Options::default(), &replace).expect("a document");
    assert_eq!(doc.text, "two");
}

#[test]
fn a_part_of_what_holds_none_and_one_too_deep_are_sentences() {
    let files = Files::new();
    let path = files.with("a.txt", "one");
    let said = read(&path.join("b.pdf")).expect_err("no part").to_string();
    assert!(said.contains("there is no such document in it any more"), "{said}");
    let deep = path.join("a/b/c/d/e/f/g/h/i");
    let said = read(&deep).expect_err("too deep").to_string();
    assert!(said.contains("more than 8 documents deep"), "{said}");
}

#[test]
fn an_attachment_is_a_document_of_its_own_under_its_mail() {
    let files = Files::new();
    let inner = mail("Inner", &[("terms.txt", "Deep inside.")]);
    let outer = mail("Outer", &[("note.txt", "Rent is due monthly."), ("fwd.eml", &inner)]);
    let path = files.with("outer.eml", &outer);
    let doc = read(&path).expect("a document");
    assert_sound(&doc);
    let names: Vec<_> = doc.parts.iter().map(|part| part.name.as_str()).collect();
    assert_eq!(names, ["note.txt", "fwd.eml"]);

    let note = read(&path.join("note.txt")).expect("the attachment");
    assert_eq!((note.format, note.text.trim_end()), (Format::Txt, "Rent is due monthly."));
    assert_eq!(note.path, path.join("note.txt"));
    assert_ne!(note.source, doc.source, "it has a hash of its own");
    let deep = read(&path.join("fwd.eml/terms.txt")).expect("the attachment of the attachment");
    assert_eq!(deep.text.trim_end(), "Deep inside.");
    let said = read(&path.join("gone.txt")).expect_err("no such part").to_string();
    assert!(said.contains("gone.txt could not be read: there is no such document in it"), "{said}");

    // The mail is what can change under its attachment.
    let asked = AtomicUsize::new(0);
    let change = || {
        if asked.fetch_add(1, Ordering::Relaxed) == 0 {
            fs::write(&path, outer.replace("monthly", "weekly")).expect("written");
        }
        false
    };
    let note = guard::read(&path.join("note.txt"), worker(), &Options::default(), &change);
    assert_eq!(note.expect("read again").text.trim_end(), "Rent is due weekly.");
}

#[test]
fn mails_in_mails_are_read_as_deep_as_documents_are_looked_for() {
    let files = Files::new();
    let innermost = mail("0", &[]);
    let nested = (1..=9).fold(innermost, |inner, n| mail(&n.to_string(), &[("fwd.eml", &inner)]));
    let path = files.with("outer.eml", nested);
    let below = |depth: usize| (0..depth).fold(path.clone(), |path, _| path.join("fwd.eml"));
    let deep = read(&below(8)).expect("eight deep");
    assert!(deep.text.contains("Subject: 1\n"), "{}", deep.text);
    let said = read(&below(9)).expect_err("nine deep").to_string();
    assert!(said.contains("more than 8 documents deep"), "{said}");
}

#[test]
fn a_part_of_any_name_is_found_by_the_name_that_it_is_listed_under() {
    let files = Files::new();
    let names =
        ["../../up.txt", "a b\u{e4}.txt", "C:\\x\\y.txt", "..", "a/b.txt", "same.txt", "same.txt"];
    let contents: Vec<String> = (0..names.len()).map(|n| format!("Part {n}.")).collect();
    let parts: Vec<(&str, &str)> =
        names.into_iter().zip(contents.iter().map(String::as_str)).collect();
    let path = files.with("odd.eml", mail("Odd", &parts));
    let doc = read(&path).expect("a document");
    assert_eq!(doc.parts.len(), names.len(), "{:?}", doc.parts);
    for (part, content) in doc.parts.iter().zip(&contents) {
        let found = read(&path.join(&part.name)).expect("the part").text;
        assert_eq!(found.trim_end(), content, "{}", part.name);
    }
}

#[test]
fn a_part_of_a_file_that_is_gone_is_missing() {
    let files = Files::new();
    let path = files.with("outer.eml", mail("Outer", &[("note.txt", "Rent is due.")]));
    let part = path.join("note.txt");
    read(&part).expect("the attachment");
    fs::remove_file(&path).expect("removed");
    let said = read(&part).expect_err("it went with its mail").to_string();
    assert!(said.contains("note.txt could not be read: it is not there any more"), "{said}");
}

/// A mail with text and these attachments.
fn mail(subject: &str, attachments: &[(&str, &str)]) -> String {
    let mark = format!("mark-{subject}");
    let mut mail = format!(
        "From: a@example.org\r\nTo: b@example.org\r\nSubject: {subject}\r\n\
         Date: Mon, 1 Jan 2024 10:00:00 +0000\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=\"{mark}\"\r\n\r\n\
         --{mark}\r\nContent-Type: text/plain\r\n\r\nSee below.\r\n"
    );
    for (name, content) in attachments {
        let is_mail = content.starts_with("From: ");
        let kind = if is_mail { "message/rfc822" } else { "text/plain" };
        let head = format!("Content-Type: {kind}; name=\"{name}\"\r\n");
        let place = format!("Content-Disposition: attachment; filename=\"{name}\"\r\n");
        mail += &[&format!("--{mark}\r\n"), &head, &place, "\r\n", content, "\r\n"].concat();
    }
    mail + &format!("--{mark}--\r\n")
}
