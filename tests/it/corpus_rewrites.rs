//! What the comparison of a rewrite with its source sees in real paragraphs: those of the
//! corpus that lies beside a developer's checkout, with changes made to them by code. Says
//! so and passes where there is none.

use std::fs;

use galley::domain::fact::FactKind;
use galley::domain::factcheck::compare;
use galley::domain::recognise::recognise;

use crate::support::reading::corpus;

/// Paragraphs looked at in each folder.
const MOST: usize = 600;

fn paragraphs() -> Option<Vec<String>> {
    let mut all = Vec::new();
    for folder in ["contracts", "contracts_multilingual", "notes", "transcripts"] {
        let mut files: Vec<_> =
            fs::read_dir(corpus(folder)?).into_iter().flatten().flatten().collect();
        files.sort_by_key(fs::DirEntry::path);
        let texts = files.iter().filter_map(|file| fs::read_to_string(file.path()).ok());
        let of_folder = texts.flat_map(|text| {
            let own =
                text.split("\n\n").map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
            own.filter(|it| (60..1_500).contains(&it.len())).take(40).collect::<Vec<_>>()
        });
        all.extend(of_folder.take(MOST));
    }
    Some(all)
}

/// A change made to a paragraph, where it has what can be changed so.
type Change = fn(&str) -> Option<String>;

fn once(text: &str, words: &str, instead: &str) -> Option<String> {
    text.contains(words).then(|| text.replacen(words, instead, 1))
}

/// The first number, one higher. Numbers of outlines and of mark-up are layout to the
/// comparison, and not told.
fn number(text: &str) -> Option<String> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let digits: String = text[start..].chars().take_while(char::is_ascii_digit).collect();
    let more: u64 = digits.parse::<u64>().ok().filter(|it| *it < 1_000_000)? + 1;
    Some(format!("{}{more}{}", &text[..start], &text[start + digits.len()..]))
}

fn month(text: &str) -> Option<String> {
    let months = ["January", "February", "April", "June", "July", "September", "October"];
    let found = months.iter().find(|month| text.contains(&format!(" {month} ")))?;
    let other = if *found == "October" { "December" } else { "October" };
    once(text, &format!(" {found} "), &format!(" {other} "))
}

fn negation(text: &str) -> Option<String> {
    once(text, " shall not ", " shall ")
        .or_else(|| once(text, " may not ", " may "))
        .or_else(|| once(text, " is not ", " is "))
}

fn modal(text: &str) -> Option<String> {
    once(text, " shall ", " may ")
        .or_else(|| once(text, " must ", " may "))
        .filter(|it| !it.contains(" may not"))
}

/// The first two people or organisations, exchanged.
fn names(text: &str) -> Option<String> {
    let facts = recognise(text);
    let named = |kind| matches!(kind, FactKind::Person | FactKind::Organisation);
    let mut found = facts.iter().filter(|it| named(it.kind)).filter_map(|it| it.span.slice(text));
    let one = found.next()?;
    let other = found.find(|it| !it.contains(one) && !one.contains(it))?;
    let marked = text.replace(one, "\u{1}").replace(other, one);
    Some(marked.replace('\u{1}', other))
}

#[expect(clippy::unnecessary_wraps, reason = "one of the changes, and some of them may fail")]
fn spaces(text: &str) -> Option<String> {
    Some(text.replacen(' ', "  ", 5))
}

fn must(text: &str) -> Option<String> {
    once(text, " shall ", " must ")
}

#[test]
#[ignore = "needs the corpus beside the checkout"]
fn changes_made_to_real_paragraphs_are_told() {
    let Some(paragraphs) = paragraphs() else {
        println!("skipped: there is no corpus beside this checkout");
        return;
    };
    let identical = paragraphs.iter().filter(|it| !compare(it, it).changes.is_empty()).count();
    println!("{identical} of {} paragraphs blamed beside themselves", paragraphs.len());
    assert_eq!(identical, 0);
    let told = |name: &str, change: Change| {
        let changed: Vec<(&String, String)> = paragraphs
            .iter()
            .filter_map(|it| Some((it, change(it)?)))
            .filter(|(source, version)| *source != version)
            .collect();
        let told = changed.iter().filter(|(a, b)| !compare(a, b).changes.is_empty()).count();
        println!("{name}: {told} of {} told", changed.len());
        (told, changed.len())
    };
    for (name, change, least) in [
        ("number one higher", number as Change, 90),
        ("month changed", month, 97),
        ("negation dropped", negation, 95),
        ("shall to may", modal, 85),
        ("two names exchanged", names, 60),
    ] {
        let (told, of) = told(name, change);
        assert!(told * 100 >= of * least, "{name}");
    }
    for (name, change) in [("spaces doubled", spaces as Change), ("shall to must", must)] {
        let (told, of) = told(name, change);
        assert!(told * 50 <= of, "{name}");
    }
}
