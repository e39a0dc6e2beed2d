//! The form an answer must have, as a grammar for llguidance (Lark with its
//! `%regex` extension): what does not fit cannot be decoded. Knows nothing of
//! models; what a constraint promises is said in `domain::prompt`.

use std::fmt::Write as _;

use serde_json::json;

use crate::domain::prompt::{Constraint, NONE, Shape};
use crate::engine::shape;

/// Most alternatives that an ascending list of numbers may take (some 30 ms to
/// compile a thousand); beyond it order and difference are left to the reader.
const PICK_OPTIONS: usize = 6_000;

/// Bytes of the longest source that quotes are locked to. llguidance needs a
/// tenth of a second for 50 KB, and gives up at some 300.
const LONGEST_SOURCE: usize = 200_000;

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
        Constraint::Locked { literals } => locked(literals),
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
    // A shape of its own stands in for the count of words: the two together
    // are more than llguidance takes on where quotes are long.
    let pattern = shape::pattern(shape)
        .map_or_else(|| format!("[^\\s]+( [^\\s]+){{0,{}}}", max_words - 1), str::to_owned);
    let quotes = up_to("QUOTE", "\\n", max);
    format!(
        "body: \"{NONE}\" | {quotes}\n\
         QUOTE: %regex {} & /{pattern}/\n",
        json!({ "substring_chunks": units }),
    )
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

/// One paragraph of words between single spaces, ending like a sentence.
///
/// Digits, currency and percent signs come only from `literals`; a literal
/// stands between spaces or marks, so that two of them never make a third
/// number ("4" and "5" no "45", no "4.5"). A literal may be the first part of a
/// hyphenated word ("30-day").
fn locked(literals: &[String]) -> String {
    let mut known: Vec<String> = literals
        .iter()
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|l| l.chars().any(char::is_numeric))
        .collect();
    known.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
    known.dedup();
    let core =
        if known.is_empty() { "WORD".to_owned() } else { "(WORD | FACT (\"-\" WORD)?)".to_owned() };
    let mut lark = format!(
        "body: TEXT\n\
         TEXT: (ITEM \" \")* LAST\n\
         ITEM: OPEN {core} CLOSE | DASH\n\
         LAST: OPEN {core} STOP\n\
         WORD: /[\\p{{L}}\\p{{M}}]+([-'’.&\\/][\\p{{L}}\\p{{M}}]+)*/\n\
         OPEN: /[\"'“‘„(\\[]{{0,2}}/\n\
         CLOSE: /[\"'”’“)\\]]{{0,2}}[.,;:!?…]?[\"'”’“)\\]]{{0,2}}/\n\
         STOP: /[\"'”’“)\\]]{{0,2}}[.!?][\"'”’“)\\]]{{0,2}}/\n\
         DASH: /[-–—]/\n"
    );
    if !known.is_empty() {
        let facts: Vec<String> = known.iter().map(|l| json!(l).to_string()).collect();
        let _ = writeln!(lark, "FACT: {}", facts.join(" | "));
    }
    lark
}

#[cfg(test)]
mod tests;
