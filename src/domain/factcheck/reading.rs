//! One of two texts, read once for all comparisons that look at the words around a fact:
//! its words and figures in order, and the turns of phrase among them.

use std::collections::BTreeSet;
use std::ops::Range;

use super::Side;
use super::figures::{Atom, atoms};
use super::lexicon::{Axis, Found, find};
use super::tokens::{FIGURE, Token, is_content, with_figures};
use super::{FactClass, weekdays};
use crate::domain::span::ByteSpan;

pub(super) struct Reading<'a> {
    pub side: &'a Side<'a>,
    /// Words, and figures as words of their own.
    pub tokens: Vec<Token<'a>>,
    /// What the figures among the tokens are, by the tokens' indices, without ordinals.
    pub figures: Vec<(usize, FactClass)>,
    /// "first" and "second", by the tokens' indices.
    pub ordinals: Vec<usize>,
    pub phrases: Vec<Found>,
}

impl<'a> Reading<'a> {
    pub fn of(side: &'a Side<'a>) -> Self {
        let all = atoms(side);
        let weak: Vec<ByteSpan> = all.iter().filter(|it| it.weak).map(|it| it.span).collect();
        let mut atoms: Vec<(ByteSpan, FactClass, String)> =
            all.into_iter().map(|Atom { span, class, value, .. }| (span, class, value)).collect();
        let days: Vec<_> = weekdays::weekdays(side)
            .into_iter()
            .filter(|day| !day.2 && !atoms.iter().any(|it| it.0.overlaps(day.0)))
            .map(|day| (day.0, FactClass::Date, day.1))
            .collect();
        atoms.extend(days);
        atoms.sort_by_key(|it| it.0);
        let named: Vec<(ByteSpan, String)> =
            atoms.iter().map(|it| (it.0, format!("{FIGURE}{}", it.2))).collect();
        let language = side.context.language;
        let tokens = with_figures(side.view, language, &named);
        let weak = |token: &Token<'_>| weak.contains(&token.span);
        let numbers = tokens.iter().enumerate().filter(|it| it.1.is_figure());
        let ordinals = numbers.filter(|it| weak(it.1)).map(|it| it.0).collect();
        let figures = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| token.is_figure() && !weak(token))
            .filter_map(|(at, token)| Some((at, atoms.iter().find(|it| it.0 == token.span)?.1)))
            .collect();
        let mut phrases = find(&tokens, language);
        // "at most" holds no "most".
        let spans: Vec<(usize, usize)> = phrases.iter().map(|it| (it.from, it.to)).collect();
        phrases.retain(|it| {
            !spans
                .iter()
                .any(|(from, to)| *from <= it.from && it.to <= *to && to - from > it.to - it.from)
        });
        // "Boots are provided by us" sets no condition; "…, provided the goods arrive" does.
        phrases.retain(|it| {
            let bare = it.to == it.from + 1 && tokens[it.from].lower == "provided";
            !bare || it.from == 0 || tokens[it.from - 1].ends_clause
        });
        Self { side, tokens, figures, ordinals, phrases }
    }

    /// The bytes of tokens from one index to before another.
    pub fn span(&self, from: usize, to: usize) -> ByteSpan {
        ByteSpan::new(self.tokens[from].span.start, self.tokens[to - 1].span.end)
    }

    /// The stems of up to `count` content words behind a token, within its clause, or
    /// within its sentence.
    pub fn ahead(&self, at: usize, count: usize, clause: bool) -> Vec<&str> {
        let ends = |token: &Token<'_>| if clause { token.ends_clause } else { token.ends_sentence };
        let mut stems = Vec::new();
        for pair in self.tokens[at..].windows(2) {
            if ends(&pair[0]) || stems.len() == count {
                break;
            }
            if is_content(&pair[1]) {
                stems.push(pair[1].stem.as_str());
            }
        }
        stems
    }

    /// The stems of up to `count` content words before a token, within its clause.
    pub fn behind(&self, at: usize, count: usize) -> Vec<&str> {
        let before = self.tokens[..at].iter().rev().take_while(|token| !token.ends_clause);
        before.filter(|it| is_content(it)).take(count).map(|it| it.stem.as_str()).collect()
    }

    /// The tokens of the sentence of a token.
    pub fn sentence(&self, at: usize) -> Range<usize> {
        let ends = |token: &Token<'_>| token.ends_sentence;
        let start = self.tokens[..at].iter().rposition(ends).map_or(0, |it| it + 1);
        let end = self.tokens[at..].iter().position(ends);
        start..end.map_or(self.tokens.len(), |it| at + it + 1)
    }

    pub fn has_stem(&self, stem: &str) -> bool {
        self.tokens.iter().any(|token| token.stem == stem)
    }

    /// The first letters of its words that carry meaning, and its figures: enough to know
    /// "delivery" for "delivered".
    pub fn stems(&self) -> BTreeSet<String> {
        let content = self.tokens.iter().filter(|token| is_content(token));
        content.map(|token| token.stem.chars().take(5).collect()).collect()
    }

    pub fn on(&self, axis: Axis) -> impl Iterator<Item = &Found> {
        self.phrases.iter().filter(move |it| it.axis == axis)
    }
}
