//! Locates a quote that does not stand in its source word for word, and says
//! in which figures, names, negations and other words the two differ.

use std::collections::HashMap;

use super::edge::{is_hyphen, is_word, joins_digits};
use super::normal::normalise;
use super::{Anchor, ByteSpan};

/// Share of words, in per cent, that must agree for a place to be worth showing.
const ALIKE: usize = 60;

/// Longest quote in words that is compared word by word; a longer one is no
/// quote but a copy of the document, and the comparison grows with its square.
const LONGEST: usize = 600;

/// Differences that are spelt out; the rest are counted.
const SPELT_OUT: usize = 4;

/// Finds the place of `source` most like `quote`, preferring one near `hint`.
pub(super) fn near(quote: &str, source: &str, hint: Option<usize>) -> Anchor {
    let missing = || Anchor::Missing { why: "The quote does not stand in the source.".into() };
    let (quote, normal) = (normalise(quote), normalise(source));
    let (wanted, words) = (words(&quote.text), words(&normal.text));
    if wanted.is_empty() || wanted.len() > LONGEST {
        return missing();
    }
    let place = |at: usize| normal.map_span(words[at].span).start;
    let Some(window) = best_window(&wanted, &words, |at| hint.map_or(0, |h| place(at).abs_diff(h)))
    else {
        return missing();
    };
    let margin = wanted.len() / 2 + 2;
    let from = window.saturating_sub(margin);
    let to = (window + wanted.len() + margin).min(words.len());
    let steps = align(&wanted, &words[from..to]);
    let agreed = steps.iter().filter(|s| matches!(s, Step::Same(..))).count();
    let found: Vec<usize> = steps.iter().filter_map(Step::source).collect();
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return missing() };
    let longer = wanted.len().max(last - first + 1);
    if agreed == 0 || agreed * 100 < longer * ALIKE {
        return missing();
    }
    let own = ByteSpan::new(words[from + first].span.start, words[from + last].span.end);
    let same = own.slice(&normal.text).is_some_and(|it| it == quote.text.trim());
    let why = if same {
        "The quote cuts a word or a figure of the source short.".into()
    } else {
        explain(&steps, &wanted, &words[from..to])
    };
    Anchor::Near { span: normal.map_span(own), why }
}

/// A word, figure or currency sign of a normal text.
#[derive(Debug, Clone)]
struct Word<'a> {
    shown: &'a str,
    /// In small letters, for comparing.
    key: String,
    sort: Sort,
    span: ByteSpan,
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        let mut end = start + c.len_utf8();
        if is_word(c) {
            let mut last = c;
            while let Some((at, next)) = chars.peek().copied() {
                let beyond = text[at + next.len_utf8()..].chars().next();
                if !is_word(next) && !links(last, next, beyond) {
                    break;
                }
                end = at + next.len_utf8();
                last = next;
                chars.next();
            }
        } else if !matches!(c, '$' | '€' | '£' | '¥' | '%' | '§') {
            continue;
        }
        let shown = &text[start..end];
        let key = shown.to_lowercase();
        let sort = sort(shown, &key);
        words.push(Word { shown, key, sort, span: ByteSpan::new(start, end) });
    }
    words
}

/// Whether `mark` holds a figure or a compound together.
fn links(left: char, mark: char, right: Option<char>) -> bool {
    let Some(right) = right else { return false };
    let figures = left.is_numeric() && right.is_numeric() && joins_digits(mark);
    let compound = left.is_alphanumeric()
        && right.is_alphanumeric()
        && (is_hyphen(mark) || matches!(mark, '\'' | '’'));
    figures || compound
}

/// The start of the run of words of `source`, as long as the quote, that
/// shares most words with it; of equals the one with the least `distance`.
fn best_window(
    wanted: &[Word<'_>],
    source: &[Word<'_>],
    distance: impl Fn(usize) -> usize,
) -> Option<usize> {
    let mut left: HashMap<&str, i64> = HashMap::new();
    for word in wanted {
        *left.entry(&word.key).or_default() += 1;
    }
    let mut shared = 0_usize;
    let mut best: Option<(usize, usize, usize)> = None;
    for (i, word) in source.iter().enumerate() {
        if let Some(count) = left.get_mut(word.key.as_str()) {
            shared += usize::from(*count > 0);
            *count -= 1;
        }
        if let Some(gone) = i.checked_sub(wanted.len())
            && let Some(count) = left.get_mut(source[gone].key.as_str())
        {
            *count += 1;
            shared -= usize::from(*count > 0);
        }
        if shared == 0 || best.is_some_and(|(most, ..)| shared < most) {
            continue;
        }
        let start = (i + 1).saturating_sub(wanted.len());
        let far = distance(start);
        if best.is_none_or(|(most, nearest, _)| shared > most || far < nearest) {
            best = Some((shared, far, start));
        }
    }
    best.map(|(.., start)| start)
}

/// One step of an alignment; the numbers are indices of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Same(usize, usize),
    Other(usize, usize),
    /// Only in the quote.
    Added(usize),
    /// Only in the source.
    Left(usize),
}

impl Step {
    fn source(&self) -> Option<usize> {
        match self {
            Self::Same(_, at) | Self::Other(_, at) | Self::Left(at) => Some(*at),
            Self::Added(_) => None,
        }
    }
}

/// Aligns all of the quote with a part of the source at the least cost; words
/// of the source before and after that part cost nothing.
fn align(wanted: &[Word<'_>], source: &[Word<'_>]) -> Vec<Step> {
    let width = source.len() + 1;
    let mut cost = vec![0_u32; (wanted.len() + 1) * width];
    for i in 1..=wanted.len() {
        cost[i * width] = cost[(i - 1) * width] + ADDED;
        for j in 1..width {
            let swap = cost[(i - 1) * width + j - 1] + swap_cost(&wanted[i - 1], &source[j - 1]);
            let added = cost[(i - 1) * width + j] + ADDED;
            let left = cost[i * width + j - 1] + LEFT;
            cost[i * width + j] = swap.min(added).min(left);
        }
    }
    let row = wanted.len() * width;
    let mut j = (0..width).min_by_key(|j| cost[row + j]).unwrap_or(0);
    let mut i = wanted.len();
    let mut steps = Vec::new();
    while i > 0 {
        let here = cost[i * width + j];
        let swap = if j > 0 { swap_cost(&wanted[i - 1], &source[j - 1]) } else { 0 };
        if j > 0 && here == cost[(i - 1) * width + j - 1] + swap {
            let step = if swap == 0 { Step::Same } else { Step::Other };
            steps.push(step(i - 1, j - 1));
            i -= 1;
            j -= 1;
        } else if here == cost[(i - 1) * width + j] + ADDED {
            steps.push(Step::Added(i - 1));
            i -= 1;
        } else {
            steps.push(Step::Left(j - 1));
            j -= 1;
        }
    }
    steps.reverse();
    steps
}

/// Costs of an alignment. A word left out costs less than one added, so that a
/// "not" is seen as left out rather than the rest of the quote as added; words
/// of the same sort are swapped for each other rather than both.
const ADDED: u32 = 5;
const LEFT: u32 = 4;
const SWAP_ALIKE: u32 = 3;
const SWAP: u32 = 6;

fn swap_cost(quote: &Word<'_>, source: &Word<'_>) -> u32 {
    if quote.key == source.key {
        0
    } else if quote.sort == source.sort {
        SWAP_ALIKE
    } else {
        SWAP
    }
}

/// What a word is for the sense of a sentence, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort {
    Negation,
    Figure,
    Currency,
    Month,
    Modal,
    Name,
    Plain,
}

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nor", "neither", "nothing", "nobody", "without", "cannot",
    "unless", "except", "nicht", "nie", "niemals", "ohne", "weder", "noch", "nichts",
];

const MODALS: &[&str] = &[
    "shall", "must", "may", "might", "can", "could", "should", "will", "would", "ought", "soll",
    "sollen", "muss", "müssen", "darf", "dürfen", "kann", "können", "wird", "werden", "hat",
    "haben",
];

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "januar",
    "februar",
    "märz",
    "juni",
    "juli",
    "oktober",
    "dezember",
];

const CURRENCIES: &[&str] = &[
    "$", "€", "£", "¥", "usd", "eur", "gbp", "chf", "jpy", "dollars", "euro", "euros", "pounds",
    "%", "percent",
];

/// The sort of the word `shown`, which is `key` in small letters.
fn sort(shown: &str, key: &str) -> Sort {
    let negated = key.ends_with("n't") || key.starts_with("non-") || key.starts_with("kein");
    if NEGATIONS.contains(&key) || negated {
        Sort::Negation
    } else if key.chars().any(char::is_numeric) {
        Sort::Figure
    } else if CURRENCIES.contains(&key) {
        Sort::Currency
    } else if MONTHS.contains(&key) || (key == "may" || key == "mai") && shown != key {
        Sort::Month
    } else if MODALS.contains(&key) {
        Sort::Modal
    } else if shown.starts_with(char::is_uppercase) {
        Sort::Name
    } else {
        Sort::Plain
    }
}

/// The differences as sentences, the gravest first.
fn explain(steps: &[Step], wanted: &[Word<'_>], source: &[Word<'_>]) -> String {
    let mut faults: Vec<(Sort, String)> = Vec::new();
    for step in steps {
        match *step {
            Step::Same(..) => {}
            Step::Other(q, s) => {
                let (quote, source) = (&wanted[q], &source[s]);
                let said = format!("The quote says {}, the source {}.", quote.shown, source.shown);
                faults.push((quote.sort.min(source.sort), said));
            }
            Step::Added(q) => {
                let said = format!("The quote adds “{}”.", wanted[q].shown);
                faults.push((wanted[q].sort, said));
            }
            Step::Left(s) => {
                let said = format!("The quote leaves out “{}”.", source[s].shown);
                faults.push((source[s].sort, said));
            }
        }
    }
    if faults.is_empty() {
        return "Only capital letters or punctuation differ from the source.".into();
    }
    faults.sort_by_key(|(sort, _)| *sort);
    let more = faults.len().saturating_sub(SPELT_OUT);
    let mut said: Vec<String> = faults.into_iter().take(SPELT_OUT).map(|(_, said)| said).collect();
    match more {
        0 => {}
        1 => said.push("One more word differs.".into()),
        _ => said.push(format!("{more} more words differ.")),
    }
    said.join(" ")
}
