//! Words that turn the sense of a sentence without being a fact: opposites ("rose",
//! "fell"; "before", "after"; "all", "some"), conditions and exceptions.

use super::lexicon::{Axis, Found};
use super::polarity::{is_denied, is_lifted};
use super::reading::Reading;
use super::tokens::Token;
use super::{ChangeKind, FactChange, FactClass};

pub(super) fn changes(source: &Reading<'_>, version: &Reading<'_>) -> Vec<FactChange> {
    let mut changes = Vec::new();
    let recast = is_recast(source, version) || is_recast(version, source);
    for pair in PAIRS.iter().filter(|it| !(recast && it.axis == Axis::When)) {
        changes.extend(turned(source, version, pair));
    }
    changes.extend(dropped(source, version, Axis::Written));
    // "only with consent" is "not without consent".
    if !recast {
        changes.extend(dropped(source, version, Axis::Only));
        changes.extend(exceptions(source, version));
    }
    changes.extend(prefixed(source, version));
    changes.extend(conditions(source, version));
    changes.extend(dropped_clause(source, version));
    changes
}

/// Whether one text says "only" where the other has an exception, a condition, a "not" or
/// a "must" more.
pub(super) fn is_recast(one: &Reading<'_>, other: &Reading<'_>) -> bool {
    let only = |text: &Reading<'_>| text.on(Axis::Only).count();
    let bounds = |text: &Reading<'_>| {
        let strict = text.on(Axis::Condition).filter(|it| it.strict).count();
        strict + text.on(Axis::Exception).count()
    };
    let says = |text: &Reading<'_>, count: &dyn Fn(usize) -> bool| {
        (0..text.tokens.len()).filter(|at| count(*at)).count()
    };
    let denials = |text: &Reading<'_>| says(text, &|at| super::polarity::denies(&text.tokens, at));
    let duties =
        |text: &Reading<'_>| says(text, &|at| DUTIES.contains(&text.tokens[at].lower.as_str()));
    only(one) > only(other)
        && (bounds(other) > bounds(one)
            || denials(other) > denials(one)
            || duties(other) > duties(one))
}

/// "only in writing" is "must be in writing".
const DUTIES: &[&str] = &["must", "shall", "muss", "müssen", "doit", "debe", "deve"];

/// Two opposites, and how they are told from harmless changes.
struct Pair {
    axis: Axis,
    /// Only what follows counts as its surroundings: "before the claim".
    ahead: bool,
    /// "not accepted" is "rejected".
    denied: bool,
}

const PAIRS: &[Pair] = &[
    Pair { axis: Axis::When, ahead: true, denied: false },
    Pair { axis: Axis::Level, ahead: true, denied: false },
    Pair { axis: Axis::Trend, ahead: false, denied: true },
    Pair { axis: Axis::Consent, ahead: false, denied: true },
    Pair { axis: Axis::Vote, ahead: true, denied: false },
    Pair { axis: Axis::Inclusion, ahead: false, denied: true },
    Pair { axis: Axis::Rank, ahead: false, denied: false },
    Pair { axis: Axis::Quantity, ahead: true, denied: false },
    Pair { axis: Axis::Share, ahead: true, denied: false },
    Pair { axis: Axis::Closeness, ahead: true, denied: false },
    Pair { axis: Axis::State, ahead: false, denied: true },
];

/// A mark in its surroundings.
struct Mark<'a> {
    found: &'a Found,
    positive: bool,
    near: Vec<&'a str>,
}

impl Mark<'_> {
    fn shares(&self, other: &Mark<'_>) -> bool {
        self.near.iter().any(|stem| other.near.contains(stem))
    }
}

fn marks<'a>(text: &'a Reading<'_>, pair: &Pair) -> Vec<Mark<'a>> {
    text.on(pair.axis)
        .map(|found| {
            let mut near = text.ahead(found.to - 1, 2, !pair.ahead);
            if !pair.ahead {
                near.extend(text.behind(found.from, 3));
            }
            let denied = pair.denied && is_denied(&text.tokens, found.from);
            Mark { found, positive: found.positive != denied, near }
        })
        .collect()
}

/// The marks to which none of the other text answers. Each answers once, to the one whose
/// surroundings are most like its own: "the shares fell, since the firm cut its forecast"
/// has two that fall.
fn unmatched<'m, 'a>(here: &'m [Mark<'a>], there: &[Mark<'_>]) -> Vec<&'m Mark<'a>> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (one, mark) in here.iter().enumerate() {
        for (other, answer) in there.iter().enumerate() {
            let shared = mark.near.iter().filter(|it| answer.near.contains(it)).count();
            if mark.positive == answer.positive && shared > 0 {
                pairs.push((shared, one, other));
            }
        }
    }
    pairs.sort_by_key(|it| std::cmp::Reverse(it.0));
    let (mut kept, mut used) = (vec![false; here.len()], vec![false; there.len()]);
    for (_, one, other) in pairs {
        if !kept[one] && !used[other] {
            (kept[one], used[other]) = (true, true);
        }
    }
    here.iter().zip(kept).filter(|it| !it.1).map(|it| it.0).collect()
}

fn turned(source: &Reading<'_>, version: &Reading<'_>, pair: &Pair) -> Option<FactChange> {
    let (from, to) = (marks(source, pair), marks(version, pair));
    for side in [true, false] {
        let lost = unmatched(&from, &to).into_iter().filter(|it| it.positive == side);
        let lost: Vec<&Mark<'_>> = lost.collect();
        let new = unmatched(&to, &from).into_iter().filter(|it| it.positive != side);
        let word = |text: &Reading<'_>, mark: &Mark<'_>| text.tokens[mark.found.from].lower.clone();
        let new: Vec<&Mark<'_>> = new.collect();
        // Where the word is the same, its "not" is told by itself.
        let other = |old: &Mark<'_>, new: &Mark<'_>| word(source, old) != word(version, new);
        let same = lost
            .iter()
            .find_map(|old| Some((*old, *new.iter().find(|it| it.shares(old) && other(old, it))?)));
        if let Some((old, new)) = same {
            return Some(FactChange {
                kind: ChangeKind::Altered,
                what: FactClass::Sense,
                source: Some(source.side.at(source.span(old.found.from, old.found.to))),
                version: Some(version.side.at(version.span(new.found.from, new.found.to))),
            });
        }
    }
    None
}

fn lost(text: &Reading<'_>, found: &Found) -> FactChange {
    let source = Some(text.side.at(text.span(found.from, found.to)));
    FactChange { kind: ChangeKind::Lost, what: FactClass::Sense, source, version: None }
}

fn new(text: &Reading<'_>, found: &Found) -> FactChange {
    let version = Some(text.side.at(text.span(found.from, found.to)));
    FactChange { kind: ChangeKind::Added, what: FactClass::Sense, source: None, version }
}

/// "only" and "in writing", which the version has no word for.
fn dropped(source: &Reading<'_>, version: &Reading<'_>, axis: Axis) -> Option<FactChange> {
    match (source.on(axis).next(), version.on(axis).next()) {
        (Some(found), None) => Some(lost(source, found)),
        (None, Some(found)) if axis == Axis::Only => Some(new(version, found)),
        _ => None,
    }
}

/// "signed" that became "unsigned", or the other way round, without a "not" that would
/// make up for it.
fn prefixed(source: &Reading<'_>, version: &Reading<'_>) -> Option<FactChange> {
    let denials = |text: &Reading<'_>| {
        (0..text.tokens.len()).filter(|at| super::polarity::denies(&text.tokens, *at)).count()
    };
    if denials(source) != denials(version) {
        return None;
    }
    let has = |text: &Reading<'_>, word: &str| text.tokens.iter().any(|it| it.lower == word);
    source.tokens.iter().find_map(|token| {
        let old = token.lower.as_str();
        let new = version.tokens.iter().find(|it| {
            let new = it.lower.as_str();
            (is_opposite(old, new) || is_opposite(new, old))
                && !has(source, new)
                && !has(version, old)
        })?;
        Some(FactChange {
            kind: ChangeKind::Altered,
            what: FactClass::Sense,
            source: Some(source.side.at(token.span)),
            version: Some(version.side.at(new.span)),
        })
    })
}

fn is_opposite(word: &str, other: &str) -> bool {
    const PREFIXES: &[&str] = &["un", "in", "im", "ir", "il", "dis", "non", "non-"];
    let rest = |prefix: &&str| other.strip_prefix(*prefix);
    word.chars().count() > 3 && PREFIXES.iter().filter_map(rest).any(|rest| rest == word)
}

/// Exceptions beside negations: "unless you write" is "if you do not write".
fn exceptions(source: &Reading<'_>, version: &Reading<'_>) -> Option<FactChange> {
    let count = |text: &Reading<'_>| text.on(Axis::Exception).count();
    let denials = |text: &Reading<'_>| {
        (0..text.tokens.len()).filter(|at| super::polarity::denies(&text.tokens, *at)).count()
    };
    let (here, there) = (count(source), count(version));
    let (no, not) = (denials(source), denials(version));
    if here > there && not <= no {
        return source
            .on(Axis::Exception)
            .find(|it| {
                it.strict
                    && !has_like(source, it, version)
                    && !is_lifted(&source.tokens, it.from, &version.tokens)
            })
            .map(|it| lost(source, it));
    }
    if there > here && no <= not {
        return version
            .on(Axis::Exception)
            .find(|it| {
                it.strict
                    && !has_like(version, it, source)
                    && !is_lifted(&version.tokens, it.from, &source.tokens)
            })
            .map(|it| new(version, it));
    }
    None
}

/// Whether the other text has an exception of the same.
fn has_like(text: &Reading<'_>, found: &Found, other: &Reading<'_>) -> bool {
    let near = text.ahead(found.to - 1, 3, false);
    other
        .on(Axis::Exception)
        .any(|it| other.ahead(it.to - 1, 3, false).iter().any(|stem| near.contains(stem)))
}

/// Conditions whose words, or whose matter, the version does not have at all.
fn conditions(source: &Reading<'_>, version: &Reading<'_>) -> Option<FactChange> {
    let any = [Axis::Condition, Axis::Exception];
    let bare = !any.iter().any(|axis| version.on(*axis).next().is_some());
    source.on(Axis::Condition).filter(|it| it.strict).find_map(|found| {
        let matter = source.ahead(found.to - 1, 3, true);
        let gone = !matter.is_empty() && !matter.iter().any(|stem| version.has_stem(stem));
        (bare || gone).then(|| lost(source, found))
    })
}

/// A clause with "if" or "until" of which the version has hardly a word, and no such word
/// of its own.
fn dropped_clause(source: &Reading<'_>, version: &Reading<'_>) -> Option<FactChange> {
    const OPENERS: &[&str] = &[
        "if", "until", "till", "wenn", "falls", "sofern", "solange", "si", "tant", "se", "qualora",
        "finché", "caso", "enquanto",
    ];
    let opens = |token: &Token<'_>| OPENERS.contains(&token.lower.as_str());
    let any = [Axis::Condition, Axis::Exception, Axis::When, Axis::Only];
    if any.iter().any(|axis| version.on(*axis).next().is_some()) || version.tokens.iter().any(opens)
    {
        return None;
    }
    let at = source.tokens.iter().position(opens)?;
    let matter = source.ahead(at, 6, true);
    let there = matter.iter().filter(|stem| version.has_stem(stem)).count();
    let gone = matter.len() > 1 && there * 3 <= matter.len();
    let words = source.side.at(source.span(at, at + 1));
    let change = FactChange {
        kind: ChangeKind::Lost,
        what: FactClass::Sense,
        source: Some(words),
        version: None,
    };
    gone.then_some(change)
}
