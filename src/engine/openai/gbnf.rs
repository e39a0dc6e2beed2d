//! The form an answer must have, as a GBNF grammar of llama.cpp. Knows nothing
//! of servers; what a constraint promises is said in `domain::prompt`.

use std::fmt::Write as _;

use crate::domain::prompt::{Lock, NONE};

/// One to `max` of these lines, or "none".
pub fn choices(lines: &[String], max: usize) -> String {
    if lines.is_empty() || max == 0 {
        return format!("root ::= \"{NONE}\"\n");
    }
    let mut sorted: Vec<&str> = lines.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    sorted.dedup();
    list("quote", "\\n", max, &trie(&sorted))
}

/// One to `max` lines of anything, or "none".
pub fn lines(max: usize) -> String {
    list("quote", "\\n", max.max(1), "[^\\n]+")
}

/// One to `max` numbers of `1..=of`, or "none".
pub fn pick(of: usize, max: usize) -> String {
    if of == 0 || max == 0 {
        return format!("root ::= \"{NONE}\"\n");
    }
    let mut numbers: Vec<String> = (1..=of).map(|n| n.to_string()).collect();
    numbers.sort_unstable();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    list("number", ", ", max.min(of), &trie(&numbers))
}

fn list(name: &str, between: &str, max: usize, one: &str) -> String {
    let more = max - 1;
    format!("root ::= \"{NONE}\" | {name} (\"{between}\" {name}){{0,{more}}}\n{name} ::= {one}\n")
}

/// One paragraph of words between single spaces in which digits, currency and
/// percent signs come only from the literals, and words with a capital letter
/// only from the names, or at the beginning of a sentence from the openers. A
/// literal stands between spaces or marks, so that two of them never make a third
/// number; it may be the first part of a hyphenated word. GBNF cannot take words
/// out, so barred words pass and are left to the comparison afterwards.
pub fn locked(lock: &Lock) -> String {
    let facts = known(lock.literals.iter().filter(|l| l.chars().any(char::is_numeric)));
    let names = known(lock.names.iter().flatten());
    let openers = known(lock.names.iter().flat_map(|_| &lock.openers));
    let mut cores = vec!["word"];
    let mut rules = String::new();
    for (rule, core, list) in [
        ("fact", "fact (\"-\" word)?", &facts),
        ("name", "([a-z]{1,5} ['’])? name (['’] [a-z]{1,2})? (\"-\" word)?", &names),
    ] {
        if !list.is_empty() {
            let list: Vec<&str> = list.iter().map(String::as_str).collect();
            cores.push(core);
            let _ = writeln!(rules, "{rule} ::= {}", trie(&list));
        }
    }
    let first = if openers.is_empty() {
        "item".to_owned()
    } else {
        let list: Vec<&str> = openers.iter().map(String::as_str).collect();
        format!("item | open ({}) (['’] word)?", trie(&list))
    };
    let large = if lock.names.is_some() { "A-ZÀ-ÖØ-Þ" } else { "" };
    format!(
        "root ::= first (close \" \" item | stop \" \" first)* stop\n\
         first ::= {first}\n\
         item ::= open ({})\n\
         open ::= [\"'“‘„(]{{0,2}}\n\
         close ::= [\"'”’“).,;:!?]{{0,3}} (\" \" [-–—])?\n\
         stop ::= [\"'”’“)]{{0,2}} [.!?] [\"'”’“)]{{0,2}}\n\
         word ::= letters ([-'’.&/] letters)*\n\
         letters ::= [^0-9 \\t\\r\\n$€£¥%\"'“”‘’„().,;:!?&/\\-–—{large}]+\n\
         {rules}",
        cores.join(" | "),
    )
}

/// With single spaces, sorted, each once.
fn known<'a>(words: impl Iterator<Item = &'a String>) -> Vec<String> {
    let mut known: Vec<String> =
        words.map(|l| l.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    known.sort_unstable();
    known.dedup();
    known
}

/// Alternatives, sorted and different, with what they begin with in common
/// written once: llama.cpp tries all that are open at every token.
fn trie(sorted: &[&str]) -> String {
    let mut branches = Vec::new();
    let mut rest = sorted;
    while let Some(first) = rest.first() {
        let Some(head) = first.chars().next() else {
            branches.push("\"\"".to_owned());
            rest = &rest[1..];
            continue;
        };
        let same = rest.iter().take_while(|text| text.starts_with(head)).count();
        branches.push(branch(&rest[..same]));
        rest = &rest[same..];
    }
    branches.join(" | ")
}

/// Alternatives that begin with the same character.
fn branch(same: &[&str]) -> String {
    if let [one] = same {
        return quoted(one);
    }
    // Sorted, so what the first and the last share is shared by all.
    let (first, last) = (same[0], same[same.len() - 1]);
    let shared: usize = first
        .chars()
        .zip(last.chars())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum();
    let rests: Vec<&str> = same.iter().map(|text| &text[shared..]).collect();
    format!("{} ({})", quoted(&first[..shared]), trie(&rests))
}

fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out + "\""
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(lines: &[&str]) -> String {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        choices(&lines, 3)
    }

    #[test]
    fn what_choices_share_is_written_once() {
        assert_eq!(
            choice(&["May 2026", "March 3", "May 20", "Ä\"\\", "May 2026"]),
            "root ::= \"none\" | quote (\"\\n\" quote){0,2}\n\
             quote ::= \"Ma\" (\"rch 3\" | \"y 20\" (\"\" | \"26\")) | \"Ä\\\"\\\\\"\n"
        );
        assert_eq!(choice(&[]), "root ::= \"none\"\n");
    }

    #[test]
    fn picks_are_numbers_of_the_list() {
        assert_eq!(
            pick(12, 2),
            "root ::= \"none\" | number (\", \" number){0,1}\n\
             number ::= \"1\" (\"\" | \"0\" | \"1\" | \"2\") | \"2\" | \"3\" | \"4\" | \"5\" | \"6\" | \
             \"7\" | \"8\" | \"9\"\n"
        );
        assert_eq!(pick(0, 2), "root ::= \"none\"\n");
    }

    #[test]
    fn a_locked_paragraph_knows_its_facts_and_names_alone() {
        let lock = Lock {
            literals: vec!["EUR  4,500".into(), "the".into(), "24".into()],
            names: Some(vec!["Halden".into()]),
            openers: vec!["The".into(), "This".into()],
            barred: vec!["two".into()],
        };
        let grammar = locked(&lock);
        for rule in [
            "fact ::= \"24\" | \"EUR 4,500\"\n",
            "name ::= \"Halden\"\n",
            "open (\"Th\" (\"e\" | \"is\"))",
            "—A-ZÀ-ÖØ-Þ]",
        ] {
            assert!(grammar.contains(rule), "{rule} in {grammar}");
        }
        let free = locked(&Lock::default());
        assert!(!free.contains("fact") && !free.contains("A-Z"), "{free}");
    }
}
