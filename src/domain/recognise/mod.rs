//! Recognisers: dates, amounts, names and obligations found by rules, without a model.
//! Pure functions of a text; they know nothing of files, engines, jobs or review.

mod amounts;
mod dates;
mod definitions;
mod durations;
mod figures;
mod instructions;
mod language;
mod names;
mod numbers_in_words;
mod obligations;
mod parties;
mod pattern;
mod references;
mod sentences;
mod view;

use super::fact::Fact;
pub use language::{Language, language};

pub(crate) use dates::{DayOrder, is_month};
pub(crate) use definitions::{Definition, definitions};
pub(crate) use durations::{Direction, Formula, formulas};
pub(crate) use figures::{plain as plain_number, scaled as scaled_number, value as figure_value};
pub(crate) use instructions::instructions;
pub(crate) use names::words as name_words;
pub(crate) use numbers_in_words::{
    ENGLISH_WORDS, GERMAN_PARTS, english as english_number, english_ordinal,
    german as german_number, romance as romance_number, romance_word,
};
pub(crate) use parties::{Party, parties};
pub(crate) use pattern::pattern;
pub(crate) use view::view;

/// What the whole document says about how its parts are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Context {
    pub language: Language,
    /// Day and month order of numeric dates, where the document settles it.
    pub order: Option<DayOrder>,
}

impl Context {
    /// `view` is what [`view()`] made of the document.
    pub fn of(view: &str) -> Self {
        Self { language: language(view), order: dates::settled_order(view) }
    }
}

/// Whether a passage may name somebody: it begins and ends with words that no
/// sentence begins with and that contracts do not use for everyone ("Dear Ms
/// Reeves", "Q. The", "Receiving Party").
#[must_use]
pub fn may_be_a_name(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let is_own = |word: &str| !name_words::is_never(word);
    words.next().is_some_and(is_own) && words.next_back().is_none_or(is_own)
}

/// Everything the recognisers find in `text`, sorted by place.
///
/// Spans are byte offsets into `text`. Facts of one kind never overlap (the longest
/// wins); an obligation may well hold a date.
#[must_use]
pub fn recognise(text: &str) -> Vec<Fact> {
    let view = view(text);
    let context = Context::of(&view);
    let dates = dates(&view, context);
    let amounts = amounts(&view, context);
    let names = names::read(&view, context, &[&dates, &amounts]);
    let mut facts = definitions::facts(&definitions::of_names(&view, &names));
    facts.extend(names.facts);
    facts.extend(dates);
    facts.extend(amounts);
    facts.extend(durations::find(&view, context));
    facts.extend(obligations::find(&view, context));
    facts.extend(longest(references::find(&view, context)));
    facts.sort_by_key(|fact| (fact.span, fact.kind));
    facts
}

/// The dates of a view, sorted and without overlaps.
pub(crate) fn dates(view: &str, context: Context) -> Vec<Fact> {
    dates::find(view, context)
}

/// The sums of money of a view, sorted and without overlaps.
pub(crate) fn amounts(view: &str, context: Context) -> Vec<Fact> {
    longest(amounts::find(view, context))
}

/// The people and organisations of a view, sorted and without overlaps.
pub(crate) fn names(view: &str, context: Context) -> Vec<Fact> {
    names::read(view, context, &[]).facts
}

/// Drops every fact that overlaps a longer one; of two as long, the first in the list stays.
fn longest(mut facts: Vec<Fact>) -> Vec<Fact> {
    let mut by_length: Vec<usize> = (0..facts.len()).collect();
    by_length.sort_by_key(|&at| std::cmp::Reverse(facts[at].span.len()));
    let mut taken = std::collections::BTreeMap::new();
    let mut keep = vec![false; facts.len()];
    for at in by_length {
        let span = facts[at].span;
        // Kept spans are disjoint, so only the last one that begins before this one's
        // end can reach into it.
        let clash = taken.range(..span.end).next_back().is_some_and(|(_, end)| *end > span.start);
        if !clash && !span.is_empty() {
            taken.insert(span.start, span.end);
            keep[at] = true;
        }
    }
    let mut kept = keep.into_iter();
    facts.retain(|_| kept.next().unwrap_or(false));
    facts.sort_by_key(|fact| fact.span);
    facts
}

#[cfg(test)]
mod tests;
