//! Plain text, subtitles and the kinds of files of the corpus that lies beside
//! a developer's checkout, read by the real worker. Says so and passes where
//! there is none.

use std::fs;
use std::path::{Path, PathBuf};

use galley::domain::document::Document;
use galley::domain::marks::Cite;
use galley::extract::format_of;

use crate::support::reading::{assert_sound, corpus, read};

/// The files of the corpus in these folders whose names end so; `None` where
/// there is no corpus.
fn files(folders: &[&str], endings: &[&str]) -> Option<Vec<PathBuf>> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(corpus(folder)?).into_iter().flatten().flatten() {
            files.push(entry.path());
        }
    }
    files.retain(|path| endings.is_empty() || endings.contains(&ending(path)));
    files.sort();
    Some(files)
}

fn ending(path: &Path) -> &str {
    path.extension().and_then(|ending| ending.to_str()).unwrap_or("")
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or("")
}

/// What stands in files that are no UTF-8, as seen by eye, by a piece of their
/// names.
const SEEN: [(&str, &str); 5] = [
    (".cp500.", "Warranties, licenses and maintenance"),
    (".cp866.", "Однажды, в студеную зимнюю пору,\nЯ из лесу вышел; был сильный мороз."),
    ("win-1252", "this is a “windows” encoding"),
    ("utf-16-le.txt", "This is a test document to use for unit tests.\n"),
    ("umlauts-non-utf8", "## können\n\nkönnen\n\näöüß\n"),
];

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn texts_in_every_encoding_are_read() {
    let folders = ["other", "contracts", "contracts_multilingual", "notes", "transcripts"];
    let Some(files) = files(&folders, &["txt", "md"]) else { return };
    assert!(files.len() > 50, "{} files", files.len());
    for path in files {
        let source = fs::read(&path).expect("a file");
        let doc = match read(&path) {
            Ok(doc) => doc,
            Err(failure) => {
                let said = failure.to_string();
                assert!(source.trim_ascii().is_empty(), "{said}");
                assert!(said.contains("nothing but white space"), "{said}");
                continue;
            }
        };
        assert_sound(&doc);
        // Zeros are valid UTF-8, and are what UTF-16 is full of.
        if let Some(text) = str::from_utf8(&source).ok().filter(|text| !text.contains('\0')) {
            assert!(doc.text == text.trim_start_matches('\u{FEFF}'), "{}", path.display());
            continue;
        }
        let note = doc.pages[0].note.as_deref().unwrap_or_default();
        assert!(note.contains("was read as"), "{}: {note}", path.display());
        let damaged = doc.text.contains('\u{FFFD}');
        assert_eq!(damaged, note.contains("Some bytes are not"), "{}", path.display());
        if let Some((_, words)) = SEEN.iter().find(|(piece, _)| name(&path).contains(piece)) {
            assert!(doc.text.contains(words), "{}: {:.200}", path.display(), doc.text);
        }
    }
}

/// The words that are spoken in a file of subtitles: what stands under a time
/// line up to an empty line, without tags.
fn spoken(source: &[u8]) -> Vec<String> {
    let text = match source {
        [0xFF, 0xFE, rest @ ..] => {
            let units = rest.chunks_exact(2).map(|unit| u16::from_le_bytes([unit[0], unit[1]]));
            String::from_utf16_lossy(&units.collect::<Vec<_>>())
        }
        _ => String::from_utf8_lossy(source).into_owned(),
    };
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut words = Vec::new();
    let mut is_payload = false;
    for line in text.lines() {
        if line.contains("-->") || line.trim().is_empty() {
            is_payload = line.contains("-->");
        } else if is_payload {
            let without_tags: String =
                line.split('<').map(|piece| piece.rsplit('>').next().unwrap_or("")).collect();
            let found = without_tags.split(|c: char| !c.is_alphanumeric());
            words.extend(found.filter(|word| !word.is_empty()).map(str::to_owned));
        }
    }
    words
}

fn times(doc: &Document) -> Vec<u32> {
    let seconds = doc.marks.landmarks.iter().filter_map(|landmark| match landmark.cite {
        Cite::Time { seconds } => Some(seconds),
        Cite::Line { .. } => None,
    });
    seconds.collect()
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn subtitles_are_read_word_for_word_or_refused_for_a_stated_reason() {
    let Some(files) = files(&["subtitles", "transcripts"], &["srt", "vtt"]) else { return };
    assert!(files.len() > 15, "{} files", files.len());
    for path in files {
        let source = fs::read(&path).expect("a file");
        let spoken = spoken(&source);
        let doc = match read(&path) {
            Ok(doc) => doc,
            Err(failure) => {
                let said = failure.to_string();
                assert!(spoken.is_empty(), "{said}");
                let stated = ["it is empty", "none of its subtitles has a time line"];
                assert!(stated.iter().any(|reason| said.contains(reason)), "{said}");
                continue;
            }
        };
        assert_sound(&doc);
        let read: Vec<&str> = doc.text.split(|c: char| !c.is_alphanumeric()).collect();
        for word in &spoken {
            assert!(read.contains(&word.as_str()), "{}: {word} is missing", path.display());
        }
        assert!(!times(&doc).is_empty(), "{}", path.display());
        assert!(!doc.text.contains(['<', '\u{FFFD}']), "{}", path.display());
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn times_in_transcripts_are_marked_and_those_of_agendas_are_not() {
    let Some(files) = files(&["transcripts", "notes", "contracts"], &["md", "txt"]) else { return };
    for path in files {
        let doc = read(&path).expect("a document");
        let times = times(&doc);
        assert_eq!(name(&path).starts_with("changelog"), !times.is_empty(), "{}", path.display());
        assert!(times.is_sorted(), "{}", path.display());
        assert_eq!(doc.marks.landmarks.len(), times.len(), "{} is no deposition", path.display());
    }
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn files_are_told_apart_by_what_is_in_them() {
    let folders =
        ["docx", "email", "html", "contracts", "contracts_multilingual", "notes", "other", "pdf"];
    let folders = [&folders[..], &["subtitles", "transcripts"]].concat();
    let Some(files) = files(&folders, &[]) else { return };
    for path in files {
        let source = fs::read(&path).expect("a file");
        match format_of(&path, &source).map(galley::domain::document::Format::name) {
            // Crafted to be a web page in spite of its name.
            Ok("html") if name(&path).contains("html-named") => {}
            Ok(format) => assert_eq!(format, ending(&path), "{}", path.display()),
            Err(error) => {
                let said = error.to_string();
                let stated = ["it is empty", "an Office document that needs a password"];
                assert!(stated.iter().any(|reason| said.contains(reason)), "{said}");
            }
        }
    }
}
