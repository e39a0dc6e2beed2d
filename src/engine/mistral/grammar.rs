//! The form an answer must have, as a grammar for llguidance (Lark with its
//! `%regex` extension): what does not fit cannot be decoded. Knows nothing of
//! models; what a constraint promises is said in `domain::prompt`.

use std::fmt::Write as _;

use serde_json::json;

use crate::domain::prompt::{Constraint, Lock, MOST_OPTIONS, NONE, Shape};
use crate::engine::candidates::candidates;
use crate::engine::shape;

/// Most alternatives that an ascending list of numbers may take (some 30 ms to
/// compile a thousand); beyond it order and difference are left to the reader.
const PICK_OPTIONS: usize = 6_000;

/// Bytes of the longest source that quotes are locked to. llguidance needs a
/// tenth of a second for 50 KB, and gives up at some 300.
const LONGEST_SOURCE: usize = 200_000;

/// Words of a quote that are counted by its pattern; longer ones end with the
/// answer's own bound on tokens.
const LONGEST_COUNTED: usize = 20;

/// The grammar of a constraint, or `None` where any text will do, or the form
/// asked for is beyond the engine and left to anchoring. `ends` are
/// the ids that end an answer.
///
/// The ends are part of the grammar because llguidance by itself lets an answer
/// end with one token of its own choice (`<|endoftext|>`, say); a chat model
/// that wants to end with another one would be driven to go on instead.
pub fn lark(constraint: &Constraint, ends: &[u32]) -> Option<String> {
    let body = match constraint {
        Constraint::Free => return None,
        Constraint::Quotes { source, .. } if source.len() > LONGEST_SOURCE => return None,
        Constraint::Quotes { source, max, max_words, shape } => {
            quotes(source, *max, *max_words, *shape)
        }
        Constraint::Pick { of, max } => pick(*of, *max),
        Constraint::Locked(lock) => locked(lock),
        Constraint::Choose { of } => choose(*of),
    };
    let end = if ends.is_empty() {
        String::new()
    } else {
        let ids: Vec<String> = ends.iter().map(u32::to_string).collect();
        format!(" (<[{}]>)?", ids.join(","))
    };
    Some(format!("start: body{end}\n{body}"))
}

/// Lines that are runs of words of the source.
///
/// Within a paragraph every run of white space, a line break too, is one space
/// in a quote, so that a quote may run on over a wrapped line; whoever looks a
/// quote up in the source must treat white space alike. A quote never runs over
/// a blank line, and begins and ends with a whole word, number or mark. Nothing
/// keeps a quote from coming twice: see `LoopWatch::each_line_once`.
fn quotes(source: &str, max: usize, max_words: usize, shape: Shape) -> String {
    let units = units(source);
    if units.is_empty() || max == 0 || max_words == 0 {
        return format!("body: \"{NONE}\"\n");
    }
    // A duty is a sentence. A pattern for the words in the middle of a long quote
    // is more than llguidance takes on: at some 4 KB of contract it gives up.
    if shape == Shape::Duty
        && let Some(sentences) = candidates(source, shape, max_words)
    {
        return one_of(&sentences, max);
    }
    // A shape of its own stands in for the count of words, and nothing does
    // where quotes are long: two such patterns together are too much as well.
    let pattern = match shape::pattern(shape) {
        Some(pattern) => pattern.to_owned(),
        None if max_words > LONGEST_COUNTED => "[^\\s]([^\\n]*[^\\s])?".to_owned(),
        None => format!("[^\\s]+( [^\\s]+){{0,{}}}", max_words - 1),
    };
    let quotes = up_to("QUOTE", "\\n", max);
    format!(
        "body: \"{NONE}\" | {quotes}\n\
         QUOTE: %regex {} & /{pattern}/\n",
        json!({ "substring_chunks": units }),
    )
}

/// Lines that are some of these texts, each of one line.
fn one_of(texts: &[String], max: usize) -> String {
    if texts.is_empty() {
        return format!("body: \"{NONE}\"\n");
    }
    let quotes = up_to("QUOTE", "\\n", max);
    let texts: Vec<String> = texts.iter().map(|text| json!(text).to_string()).collect();
    format!("body: \"{NONE}\" | {quotes}\nQUOTE: {}\n", texts.join(" | "))
}

/// One to `max` of a rule, `between` them. A repetition of none at all, `{0,0}`,
/// is refused by llguidance.
fn up_to(rule: &str, between: &str, max: usize) -> String {
    match max {
        0 | 1 => rule.to_owned(),
        _ => format!("{rule} (\"{between}\" {rule}){{0,{}}}", max - 1),
    }
}

/// Cuts a source into the smallest parts of a quote: words (with what stands
/// inside them: "4,500", "don't", "24b-2", "$40", "5%"), marks, single spaces,
/// and line feeds, which no quote can contain, between paragraphs.
fn units(source: &str) -> Vec<&str> {
    let mut units = Vec::new();
    let mut paragraph_ended = false;
    for line in source.lines() {
        let mut words = line.split_whitespace().peekable();
        if words.peek().is_none() {
            paragraph_ended = true;
            continue;
        }
        if !units.is_empty() {
            units.push(if paragraph_ended { "\n" } else { " " });
        }
        paragraph_ended = false;
        for (i, word) in words.enumerate() {
            if i > 0 {
                units.push(" ");
            }
            push_word(word, &mut units);
        }
    }
    units
}

/// A run of characters without white space: marks before it one by one, the
/// word, marks after it one by one.
fn push_word<'a>(run: &'a str, units: &mut Vec<&'a str>) {
    let starts = |c: char| c.is_alphanumeric() || is_currency(c);
    let ends = |c: char| c.is_alphanumeric() || is_currency(c) || matches!(c, '%' | '‰');
    let start = run.find(starts).unwrap_or(run.len());
    let end =
        run.rfind(ends).map_or(start, |at| at + run[at..].chars().next().map_or(0, char::len_utf8));
    let (before, rest) = run.split_at(start);
    let (word, after) = rest.split_at(end.max(start) - start);
    units.extend(before.split_inclusive(|_| true));
    if !word.is_empty() {
        units.push(word);
    }
    units.extend(after.split_inclusive(|_| true));
}

fn is_currency(c: char) -> bool {
    matches!(c, '$' | '¢' | '£' | '¤' | '¥' | '\u{20A0}'..='\u{20CF}')
}

/// One letter, from A.
fn choose(of: usize) -> String {
    let letters: Vec<String> =
        ('A'..='Z').take(of.clamp(1, MOST_OPTIONS)).map(|letter| format!("\"{letter}\"")).collect();
    format!("body: {}\n", letters.join(" | "))
}

/// Numbers of `1..=of`, ascending and so each at most once.
fn pick(of: usize, max: usize) -> String {
    if of == 0 || max == 0 {
        return format!("body: \"{NONE}\"\n");
    }
    let max = max.min(of);
    if of * of / 2 * max > PICK_OPTIONS {
        let numbers: Vec<String> = (1..=of).map(|n| format!("\"{n}\"")).collect();
        return format!(
            "body: \"{NONE}\" | {}\nNUMBER: {}\n",
            up_to("NUMBER", ", ", max),
            numbers.join(" | ")
        );
    }
    // r_N_M: a list of up to M numbers above N.
    let mut rules = format!("body: \"{NONE}\" | r_0_{max}\n");
    for left in 1..=max {
        for above in 0..of {
            let options: Vec<String> = (above + 1..=of)
                .map(|n| {
                    if left > 1 && n < of {
                        format!("\"{n}\" (\", \" r_{n}_{})?", left - 1)
                    } else {
                        format!("\"{n}\"")
                    }
                })
                .collect();
            let _ = writeln!(rules, "r_{above}_{left}: {}", options.join(" | "));
        }
    }
    rules
}

/// One paragraph of sentences, of words between single spaces.
///
/// Digits, currency and percent signs come only from the literals; a literal
/// stands between spaces or marks, so that two of them never make a third
/// number ("4" and "5" no "45", no "4.5"). A literal may be the first part of a
/// hyphenated word ("30-day"). Words with a capital letter are names, and at the
/// beginning of a sentence openers; a barred word may not be part of a
/// hyphenated one either ("twenty-five").
fn locked(lock: &Lock) -> String {
    let facts = literals(&lock.literals);
    let letters = if lock.names.is_some() { "[\\p{Ll}\\p{Lo}\\p{M}]" } else { "[\\p{L}\\p{M}]" };
    let barred = match lock.barred.as_slice() {
        [] => String::new(),
        words => format!(" & ~/({})/", words.join("|")),
    };
    let mut lark = format!(
        "body: TEXT\n\
         TEXT: SENTENCE (\" \" SENTENCE)*\n\
         PIECE: /{letters}+/{barred}\n\
         WORD: PIECE (/[-'’.&\\/]/ PIECE)*\n\
         OPEN: /[\"'“‘„(\\[]{{0,2}}/\n\
         CLOSE: /[\"'”’“)\\]]{{0,2}}[.,;:!?…]?[\"'”’“)\\]]{{0,2}}/\n\
         STOP: /[\"'”’“)\\]]{{0,2}}[.!?][\"'”’“)\\]]{{0,2}}/\n\
         NEXT: CLOSE \" \" (/[-–—]/ \" \")?\n"
    );
    let mut cores = vec!["WORD"];
    if !facts.is_empty() {
        cores.push("FACT (\"-\" WORD)?");
        let _ = writeln!(lark, "FACT: {}", alternatives(&facts));
    }
    let names = lock.names.as_deref().unwrap_or_default();
    if !names.is_empty() {
        cores.push("(/\\p{Ll}{1,5}['’]/)? NAME (/['’]\\p{Ll}{1,2}/)? (\"-\" (WORD | NAME))?");
        let _ = writeln!(lark, "NAME: {}", alternatives(names));
    }
    let _ = writeln!(lark, "CORE: {}", cores.join(" | "));
    if lock.names.is_some() && !lock.openers.is_empty() {
        let _ = writeln!(
            lark,
            "FIRST: OPEN (CORE | OPENER (/['’]/ WORD)?)\n\
             OPENER: {}",
            alternatives(&lock.openers)
        );
    } else {
        lark.push_str("FIRST: OPEN CORE\n");
    }
    lark.push_str("SENTENCE: FIRST (NEXT OPEN CORE)* STOP\n");
    lark
}

/// Literals with single spaces, the longest first, each once; those without a digit are
/// no facts.
fn literals(all: &[String]) -> Vec<String> {
    let mut known: Vec<String> = all
        .iter()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| l.chars().any(char::is_numeric))
        .collect();
    known.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    known.dedup();
    known
}

fn alternatives(words: &[String]) -> String {
    words.iter().map(|word| json!(word).to_string()).collect::<Vec<_>>().join(" | ")
}

#[cfg(test)]
mod tests;
