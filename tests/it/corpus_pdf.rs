//! The PDFs of the corpus that lies beside a developer's checkout, read by the
//! real worker and held against what another program reads of them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use galley::domain::document::{PageState, Password};
use galley::extract::{Options, WorkerCommand, Workers, guard};
use serde_json::Value;

use crate::support::reading::{assert_sound, command};

mod references;

use references::Wrong;

/// The share of files of which that share of words has to be read.
const MOST_FILES: f64 = 0.92;
/// And where the references that are known to be wrong are taken as they are.
const MOST_FILES_AS_THEY_ARE: f64 = 0.90;
const MOST_WORDS: f64 = 0.90;
/// A file of which less is read may not pass for text.
const HALF: f64 = 0.50;

/// The words of a text and how often each stands there.
fn words(text: &str) -> HashMap<String, u32> {
    let mut words = HashMap::new();
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        *words.entry(word.to_lowercase()).or_default() += 1;
    }
    words
}

/// The share of the words of `reference` that stand in `text` as often;
/// `None` where it has none.
fn recall(reference: &str, text: &str) -> Option<f64> {
    let (wanted, read) = (words(reference), words(text));
    let all: u32 = wanted.values().sum();
    let found = wanted.iter().map(|(word, n)| n.min(read.get(word).unwrap_or(&0))).sum::<u32>();
    (all > 0).then(|| f64::from(found) / f64::from(all))
}

fn check(workers: &Workers) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus");
    let Ok(expected) = fs::read_to_string(corpus.join("pdf_expect.jsonl")) else {
        eprintln!("SKIPPED: there is no corpus at {}", corpus.display());
        return;
    };
    let (mut files, mut as_they_are, mut well) = (0, 0, 0);
    let mut faults = Vec::new();
    for line in expected.lines() {
        let line: Value = serde_json::from_str(line).expect("a line of JSON");
        let file = line["file"].as_str().expect("a name");
        let Some(reference) = line["ref_text"].as_str() else { continue };
        let reference = fs::read_to_string(corpus.join(reference)).expect("the reference");
        let password = line["password"].as_str().map(|word| Password::new(word.to_owned()));
        let options = Options { password, ..Options::default() };
        let read = guard::read(&corpus.join(file), workers, &options, &|| false);
        let text = read.as_ref().map_or("", |doc| doc.text.as_str());
        let Some(plain) = recall(&reference, text) else { continue };
        let wrong = references::WRONG.iter().find(|wrong| file.contains(wrong.file));
        let mended = |wrong: &Wrong| recall(&(wrong.reference)(&reference), &(wrong.text)(text));
        let recall = wrong.and_then(mended).unwrap_or(plain);
        files += 1;
        as_they_are += u32::from(plain >= MOST_WORDS);
        well += u32::from(recall >= MOST_WORDS);
        if let Some(wrong) = wrong {
            eprintln!("{file}: {plain:.3}, made right {recall:.3}: {}", wrong.why);
        } else if recall < MOST_WORDS {
            eprintln!("{file}: {recall:.3}");
        }
        if let Ok(doc) = &read {
            assert_sound(doc);
            if recall < HALF && doc.pages.iter().all(|page| page.state == PageState::Text) {
                faults.push(file.to_owned());
            }
        }
    }
    let share = |well: u32| f64::from(well) / f64::from(files);
    eprintln!(
        "{as_they_are} of {files} files at {MOST_WORDS} of the words, none left out; {well} with \
         {} wrong references made right",
        references::WRONG.len()
    );
    assert_eq!(faults, Vec::<String>::new(), "less than half is read and passes for text");
    assert!(share(well) >= MOST_FILES, "{well} of {files}");
    assert!(share(as_they_are) >= MOST_FILES_AS_THEY_ARE, "{as_they_are} of {files}");
}

#[test]
#[ignore = "needs the corpus beside the checkout; .ci/run asks for this test"]
fn corpus_pdf_words_are_read() {
    check(&Workers::new(command()));
}

/// Most machines have no `pdftotext`: what comes with the program has to do.
#[cfg(unix)]
#[test]
#[ignore = "needs the corpus beside the checkout; .ci/run asks for this test"]
fn corpus_pdf_words_are_read_without_any_other_program() {
    let WorkerCommand { program, args } = command();
    let mut alone = vec!["PATH=/nonexistent".into(), program.into_os_string()];
    alone.extend(args);
    check(&Workers::new(WorkerCommand { program: PathBuf::from("/usr/bin/env"), args: alone }));
}
