//! Sums of money: signs and codes before or after a figure, words, words with figures
//! beside them, and what is left blank. It knows nothing of what the money is for.

mod blank;
mod currency;
mod scale;
mod signed;
mod written;

use std::sync::LazyLock;

use regex::Regex;

use super::Context;
use super::figures::same;
use super::pattern;
use crate::domain::fact::{Fact, FactKind, Value};
use crate::domain::span::ByteSpan;

/// A sum, or a number that may belong to one.
#[derive(Debug, Clone)]
struct Sum {
    span: ByteSpan,
    /// `None` where the figure is not written as a number.
    number: Option<String>,
    /// The figure without its scale: in "three (3) million" the words say it.
    bare: Option<String>,
    /// `None` for what counts only beside a sum with a currency.
    currency: Option<&'static str>,
    in_words: bool,
    /// It stands in brackets of which it has the closing one.
    closed: bool,
    doubt: Option<&'static str>,
}

/// Between figures and words that say the same once more.
static BESIDE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^ *=? *[(\[] *(?:(?:in|en)\s+(?:words|figures|worten|ziffern|buchstaben|lettres|chiffres|letras|cifras)\s*:?\s*|in\s+lettere\s*:?\s*|por\s+extenso\s*:?\s*|say\s+)?$",
    )
});

/// Every sum of money of a view; candidates may overlap.
pub(super) fn find(view: &str, context: Context) -> Vec<Fact> {
    let figures = signed::find(view, context);
    let words = written::find(view, context.language);
    let mut facts = pairs(view, &figures, &words);
    facts.extend(figures.iter().chain(&words).filter_map(alone));
    facts.extend(blank::find(view));
    facts
}

fn alone(sum: &Sum) -> Option<Fact> {
    let rule = if sum.in_words { "amount.words" } else { "amount.figures" };
    let currency = sum.currency.filter(|_| !sum.closed)?;
    Some(fact(sum.span, sum.number.as_deref(), currency, rule, sum.doubt.map(str::to_owned)))
}

fn fact(
    span: ByteSpan,
    number: Option<&str>,
    currency: &str,
    rule: &'static str,
    doubt: Option<String>,
) -> Fact {
    let value =
        number.map(|it| Value::Amount { amount: it.to_owned(), currency: currency.to_owned() });
    Fact { kind: FactKind::Amount, span, value, rule, doubt }
}

/// Words with figures in brackets behind them, or figures with words.
fn pairs(view: &str, figures: &[Sum], words: &[Sum]) -> Vec<Fact> {
    /// Room for an opening bracket and "in words:".
    const BETWEEN: usize = 24;
    let mut all: Vec<&Sum> = figures.iter().chain(words).collect();
    all.sort_by_key(|sum| (sum.span.start, std::cmp::Reverse(sum.span.end)));
    let mut facts = Vec::new();
    for (at, first) in all.iter().enumerate() {
        let partner = all[at + 1..]
            .iter()
            .take_while(|next| next.span.start <= first.span.end + BETWEEN)
            .find(|next| {
                next.in_words != first.in_words
                    && next.span.start >= first.span.end
                    && BESIDE.is_match(&view[first.span.end..next.span.start])
            });
        if let Some(fact) = partner.and_then(|second| pair(view, first, second)) {
            facts.push(fact);
        }
    }
    facts
}

fn pair(view: &str, first: &Sum, second: &Sum) -> Option<Fact> {
    let (figures, words) = if first.in_words { (second, first) } else { (first, second) };
    let currency = figures.currency.or(words.currency)?;
    let end = if second.closed {
        second.span.end
    } else {
        let rest = &view[second.span.end..];
        let close = rest.find([')', ']']).filter(|&at| at <= 24 && !rest[..at].contains('\n'))?;
        second.span.end + close + 1
    };
    let span = ByteSpan::new(first.span.start, end);
    let in_words = words.number.as_deref()?;
    let rule = "amount.words_and_figures";
    let Some(number) = figures.number.as_deref() else {
        let doubt = "The figure is not written as a number; the amount is what the words say.";
        return Some(fact(span, Some(in_words), currency, rule, Some(doubt.to_owned())));
    };
    let agree =
        same(number, in_words) || figures.bare.as_deref().is_some_and(|bare| same(bare, in_words));
    let doubt = (!agree).then(|| format!("The words say {in_words} and the figures say {number}."));
    Some(fact(span, Some(number), currency, rule, doubt))
}

#[cfg(test)]
mod tests;
