//! Negations and modals: "may not assign" must not become "may assign", nor "must"
//! "may". Words are compared by what they govern, since a faithful version may move a
//! negation ("no payment was received", "the payment was not received").

mod answers;
mod words;

use super::attributes::limit_tokens;
use super::lexicon::Axis;
use super::reading::Reading;
use super::sense::is_recast;
use super::tokens::{Token, is_content, stem as token_stem};
use super::{ChangeKind, FactChange, FactClass, Side, added};
use crate::domain::recognise::Language;
use crate::domain::span::ByteSpan;
pub(super) use answers::is_lifted;
use words::{Force, force, helps, is_gratis, is_negation, is_soft, is_switch};

/// A negation or a modal with the stems of the words that it governs.
struct Mark {
    /// The index of its first word.
    at: usize,
    span: ByteSpan,
    governs: Vec<String>,
    /// How many of them it denies before all others: the verb behind "not", the noun and
    /// the verb behind "no".
    heads: usize,
    /// Of negations: "failed to", "without", which deny in another way.
    soft: bool,
    /// It only answers to a negation of the other text: "excluded" to "does not cover".
    helps: bool,
    /// "not … before the weekend", which is "at the weekend at the earliest".
    delays: bool,
    word: String,
}

/// Content words that a negation reaches, at most.
const REACH: usize = 4;

pub(super) fn changes(from: &Reading<'_>, to: &Reading<'_>) -> Vec<FactChange> {
    let (source, version) = (from.side, to.side);
    let recast = is_recast(from, to) || is_recast(to, from);
    let (from, to) = (Text::read(from, recast), Text::read(to, recast));
    let mut changes = negations(source, &from, version, &to);
    changes.extend(modals(source, &from, version, &to, recast));
    changes
}

/// Whether a word denies something, softly or not.
pub(super) fn denies(tokens: &[Token<'_>], at: usize) -> bool {
    is_negation(tokens, at)
}

/// "keine Mehrheit", "aucun retard": what follows is denied, not all of the clause.
fn is_determiner(word: &str) -> bool {
    ["kein", "aucun", "ningún", "ningun", "nessun", "nenhum"].iter().any(|it| word.starts_with(it))
}

/// Whether a negation belongs to the limit of a figure ("not exceed 2,000 euros", "not
/// before 3 May"), which is compared with its figure.
fn is_of_limit(text: &Reading<'_>, at: usize) -> bool {
    text.figures
        .iter()
        .any(|(figure, _)| limit_tokens(text, *figure).is_some_and(|it| it.contains(&at)))
}

/// Whether "only" or an exception stands in the sentence of a negation.
fn is_bounded(text: &Reading<'_>, at: usize) -> bool {
    let sentence = text.sentence(at);
    let bounds = [Axis::Only, Axis::Exception, Axis::When];
    bounds.iter().any(|axis| text.on(*axis).any(|it| sentence.contains(&it.from)))
}

/// Whether "before" or "until" follows a negation in its sentence.
fn is_delay(text: &Reading<'_>, at: usize) -> bool {
    let sentence = text.sentence(at);
    text.on(Axis::When).any(|it| !it.positive && it.from > at && sentence.contains(&it.from))
}

/// Whether a word stands shortly behind a negation of its clause.
pub(super) fn is_denied(tokens: &[Token<'_>], at: usize) -> bool {
    (at.saturating_sub(4)..at)
        .rev()
        .take_while(|it| !tokens[*it].ends_clause)
        .any(|it| is_negation(tokens, it) || is_soft(tokens, it))
}

struct Text<'a> {
    tokens: &'a [Token<'a>],
    negations: Vec<Mark>,
    modals: Vec<(Mark, Force)>,
    /// It says "at the earliest" or "only when" somewhere.
    late: bool,
}

impl<'a> Text<'a> {
    /// `recast` where "only" of one of the texts is "not without" in the other.
    fn read(text: &'a Reading<'a>, recast: bool) -> Self {
        let (side, tokens) = (text.side, &text.tokens);

        // A verb may stand far from what denies it.
        let loose = !matches!(side.context.language, Language::English | Language::Other);
        let mut negations = Vec::new();
        let mut modals = Vec::new();
        for at in 0..tokens.len() {
            if is_negation(tokens, at) || is_soft(tokens, at) {
                let soft = !is_negation(tokens, at);
                let reach = if soft { 2 } else { REACH };
                let mut governs =
                    if loose && !soft { clause(tokens, at) } else { around(tokens, at, reach) };
                let word = tokens[at].lower.clone();
                let heads = if loose && !soft && is_determiner(&tokens[at].lower) {
                    governs.splice(..0, ahead(tokens, at, 1));
                    1
                } else if loose {
                    governs.len()
                } else if matches!(word.as_str(), "no" | "none" | "neither") {
                    2
                } else {
                    1
                };
                let helps = soft && (helps(&word) || is_gratis(tokens, at))
                    || is_of_limit(text, at)
                    || recast && is_bounded(text, at);
                let span = tokens[at].span;
                let delays = !soft && is_delay(text, at);
                negations.push(Mark { at, span, governs, heads, soft, helps, delays, word });
            }
            if let Some((last, force)) = force(tokens, at) {
                let governs = if loose { clause(tokens, at) } else { ahead(tokens, last, 1) };
                let span = ByteSpan::new(tokens[at].span.start, tokens[last].span.end);
                let word = tokens[at].lower.clone();
                modals.push((
                    Mark {
                        at,
                        span,
                        governs,
                        heads: 1,
                        soft: false,
                        helps: false,
                        delays: false,
                        word,
                    },
                    force,
                ));
            }
        }
        let late = text.on(Axis::Only).next().is_some()
            || tokens
                .iter()
                .any(|it| matches!(it.lower.as_str(), "earliest" | "frühestens" | "tôt"));
        Self { tokens, negations, modals, late }
    }

    /// Whether the other text says without a negation what one of this text says.
    fn is_answered(&self, mark: &Mark, there: &Text<'_>) -> bool {
        mark.helps
            || mark.delays && there.late
            || answers::is_lifted(self.tokens, mark.at, there.tokens)
            || answers::is_late(self.tokens, mark.at, there.tokens)
            || answers::is_kept(&mark.governs, there.tokens)
    }

    /// Whether a soft negation of the other text answers to one of this text, and so not to
    /// a plain "not": "may not assign without consent".
    fn has_own(&self, mark: &Mark, other: &Mark) -> bool {
        let like = |own: &Mark| own.soft && own.word == other.word;
        !mark.soft && other.soft && self.negations.iter().any(like)
    }

    /// Whether a word denies a stem by its prefix: "imprevedibile".
    fn has_opposite(&self, stem: &str) -> bool {
        const PREFIXES: &[&str] = &["un", "in", "im", "ir", "il", "dis", "non", "un-", "non-"];
        self.tokens.iter().any(|token| {
            let rests = PREFIXES.iter().filter_map(|it| token.lower.strip_prefix(it));
            rests.into_iter().any(|rest| rest.len() > 3 && token_stem(rest, token.language) == stem)
        })
    }

    fn says(&self, stem: &str) -> bool {
        self.tokens.iter().any(|token| token.stem == stem)
    }

    /// Whether the text has one of the stems outside the reach of every negation.
    fn affirms(&self, stems: &[String]) -> bool {
        stems.iter().any(|stem| {
            self.tokens.iter().any(|token| token.stem == *stem)
                && !self.negations.iter().any(|mark| mark.governs.contains(stem))
        })
    }
}

/// The stems of the next content words of the same clause.
fn ahead(tokens: &[Token<'_>], at: usize, count: usize) -> Vec<String> {
    let mut stems = Vec::new();
    for pair in tokens[at..].windows(2) {
        if pair[0].ends_clause || stems.len() == count {
            break;
        }
        if is_content(&pair[1]) {
            stems.push(pair[1].stem.clone());
        }
    }
    stems
}

/// The stems of what follows a negation, and where that is little, of what stands before
/// it in its clause: "recording is not permitted".
fn around(tokens: &[Token<'_>], at: usize, count: usize) -> Vec<String> {
    let mut stems = ahead(tokens, at, count);
    // "must not, however, record"
    for put_in in at..at + 2 {
        let goes_on = tokens.get(put_in).is_some_and(|it| it.ends_clause && !it.ends_sentence);
        if stems.is_empty() && goes_on && count == REACH {
            stems = ahead(tokens, put_in + 1, count);
        }
    }
    if stems.len() < 2 {
        // "Copying, lending or reselling it is prohibited."
        let ban = matches!(tokens[at].lower.as_str(), "prohibited" | "forbidden" | "banned");
        let starts = |token: &Token<'_>| if ban { token.ends_sentence } else { token.ends_clause };
        let before = tokens[..at].iter().rev().take_while(|token| !starts(token));
        let most = if ban { 6 } else { 3 };
        stems.extend(before.filter(|it| is_content(it)).take(most).map(|it| it.stem.clone()));
    }
    stems
}

/// The stems of all content words of the clause: a German verb may stand at its end.
fn clause(tokens: &[Token<'_>], at: usize) -> Vec<String> {
    let start = tokens[..at].iter().rposition(|token| token.ends_clause).map_or(0, |it| it + 1);
    let end = tokens[at..]
        .iter()
        .position(|token| token.ends_clause)
        .map_or(tokens.len(), |it| at + it + 1);
    tokens[start..end]
        .iter()
        .filter(|token| is_content(token))
        .map(|token| token.stem.clone())
        .collect()
}

fn share(a: &[String], b: &[String]) -> bool {
    a.iter().any(|stem| b.contains(stem))
}

fn negations(
    source: &Side<'_>,
    from: &Text<'_>,
    version: &Side<'_>,
    to: &Text<'_>,
) -> Vec<FactChange> {
    let lost = unmatched(from, to, false).map(|mark| FactChange {
        kind: ChangeKind::Lost,
        what: FactClass::Negation,
        source: Some(source.at(mark.span)),
        version: None,
    });
    let new =
        unmatched(to, from, true).map(|mark| added(FactClass::Negation, version.at(mark.span)));
    let (lost, new): (Vec<_>, Vec<_>) = (lost.collect(), new.collect());
    // As many denials as before, and only one of the texts has one that the other does not
    // answer: it is the same one in words too free to match.
    let (before, after) = (from.negations.len(), to.negations.len());
    if before == after && lost.is_empty() != new.is_empty() {
        return Vec::new();
    }
    lost.into_iter().chain(new).collect()
}

/// The negations of one text that the other lacks: it denies nothing at all, or it says
/// without a negation what is denied here. One `added` to what the other does not speak
/// of at all turns nothing.
fn unmatched<'a>(
    here: &'a Text<'_>,
    there: &'a Text<'_>,
    added: bool,
) -> impl Iterator<Item = &'a Mark> {
    let left = left_over(here, there);
    here.negations.iter().filter(move |mark| {
        let matched = there.negations.iter().any(|other| {
            let same = mark.soft && mark.word == other.word;
            same || share(&mark.governs, &other.governs) && !here.has_own(mark, other)
        });
        let silent = there.negations.iter().all(|it| it.soft) && !mark.soft;
        let heads = &mark.governs[..mark.heads.min(mark.governs.len())];
        let matched = matched || heads.iter().any(|stem| there.has_opposite(stem));
        let spoken_of = !added || heads.iter().any(|stem| there.says(stem));
        let answered = here.is_answered(mark, there);
        let told = !matched && !answered && (silent && spoken_of || there.affirms(heads));
        told || left.contains(&mark.span.start)
    })
}

/// Where plain negations of a text stand that are left over when each negation of the other
/// text answers to one of them: of two denials, one is gone.
fn left_over(here: &Text<'_>, there: &Text<'_>) -> Vec<usize> {
    let plain = |text: &Text<'_>| text.negations.iter().filter(|it| !it.soft).count();
    let soft = |text: &Text<'_>| text.negations.len() - plain(text);
    if plain(here) + soft(here) <= plain(there) + soft(there) {
        return Vec::new();
    }
    let shared = |a: &Mark, b: &Mark| a.governs.iter().filter(|it| b.governs.contains(it)).count();
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (one, mark) in here.negations.iter().enumerate() {
        for (other, answer) in there.negations.iter().enumerate() {
            pairs.push((shared(mark, answer), one, other));
        }
    }
    pairs.sort_by_key(|it| std::cmp::Reverse(it.0));
    let (mut kept, mut used) =
        (vec![false; here.negations.len()], vec![false; there.negations.len()]);
    for (_, one, other) in pairs.into_iter().filter(|it| it.0 > 0) {
        if !kept[one] && !used[other] {
            (kept[one], used[other]) = (true, true);
        }
    }
    // What it denied is still there: it was not left out together with its negation.
    let said = |mark: &Mark| {
        let heads = &mark.governs[..mark.governs.len().min(2)];
        !heads.is_empty()
            && heads.iter().all(|it| there.tokens.iter().any(|token| token.stem == *it))
    };
    let answered = |mark: &Mark| {
        let prefixed = mark.governs.iter().any(|stem| there.has_opposite(stem));
        mark.soft || prefixed || here.is_answered(mark, there)
    };
    let left = here
        .negations
        .iter()
        .zip(kept)
        .filter(|(mark, kept)| !kept && !answered(mark) && said(mark));
    left.map(|(mark, _)| mark.span.start).collect()
}

fn modals(
    source: &Side<'_>,
    from: &Text<'_>,
    version: &Side<'_>,
    to: &Text<'_>,
    recast: bool,
) -> Vec<FactChange> {
    let altered = |a: &Mark, b: &Mark| FactChange {
        kind: ChangeKind::Altered,
        what: FactClass::Negation,
        source: Some(source.at(a.span)),
        version: Some(version.at(b.span)),
    };
    let mut changes: Vec<FactChange> = from
        .modals
        .iter()
        .filter_map(|(mark, force)| {
            let same: Vec<&(Mark, Force)> =
                to.modals.iter().filter(|(it, _)| share(&it.governs, &mark.governs)).collect();
            let shared =
                |it: &Mark| it.governs.iter().filter(|stem| mark.governs.contains(stem)).count();
            let most = same.iter().map(|it| shared(&it.0)).max()?;
            let same: Vec<_> = same.into_iter().filter(|it| shared(&it.0) == most).collect();
            let kept = same.iter().any(|(_, other)| !is_switch(*force, *other));
            (!kept).then_some(())?;
            same.first().map(|(other, _)| altered(mark, other))
        })
        .collect();
    if changes.is_empty() && !recast {
        // Other verbs throughout: a text that only obliges against one that only permits.
        let all = |text: &Text<'_>, force: Force| {
            !text.modals.is_empty() && text.modals.iter().all(|it| it.1 == force)
        };
        let swapped = all(from, Force::Duty) && all(to, Force::Leave)
            || all(from, Force::Leave) && all(to, Force::Duty);
        if let (true, Some(a), Some(b)) = (swapped, from.modals.first(), to.modals.first()) {
            changes.push(altered(&a.0, &b.0));
        }
    }
    changes
}
