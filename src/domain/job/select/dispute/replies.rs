//! Opposition between people who speak: a reply that objects to what was said just
//! before it, and a witness who is held to an earlier answer.

use std::sync::LazyLock;

use regex::Regex;

use super::{Case, Pair};
use crate::domain::job::select::cues;
use crate::domain::job::select::reading::{Sentence, Voice};
use crate::domain::job::select::score::is_question;
use crate::domain::job::select::words;

/// "A few minutes ago you told me", "you testified earlier".
static RECALLS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:(?:earlier|ago|before|previously|this\s+morning|yesterday)\b.{0,40}\byou\s+(?:told|said|testified|stated)|you\s+(?:told|said|testified|stated)\b.{0,60}\b(?:earlier|ago|before|previously|this\s+morning)|you(?:'ve|\s+have)?\s+(?:just\s+)?(?:told\s+me|testified)\s+that|vorhin\b.{0,40}\bgesagt)")
        .expect("the pattern is fixed")
});

/// A reply that takes back or narrows what was said.
static CORRECTS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:correct\s+(?:that|myself)|I\s+meant|misspoke|mistake|mistaken|wrong|actually|but|not\s+(?:quite|exactly)|except|no)\b")
        .expect("the pattern is fixed")
});

/// Sentences at the beginning of a reply in which an objection is looked for.
const OPENING: usize = 3;

pub(super) fn pairs(case: &Case<'_>) -> Vec<Pair> {
    let turns = &case.reading.turns;
    let replies = (1..turns.len()).filter_map(|turn| reply(case, turn));
    let recalled = (1..turns.len()).filter_map(|turn| recalled(case, turn));
    recalled.chain(replies).collect()
}

/// The sentences of a turn.
fn of(case: &Case<'_>, turn: usize) -> std::ops::Range<usize> {
    let turn = &case.reading.turns[turn];
    turn.from..turn.to.min(case.reading.sentences.len())
}

fn reply(case: &Case<'_>, turn: usize) -> Option<Pair> {
    let own = of(case, turn);
    if case.reading.turns[turn].voice == Voice::Question {
        return None;
    }
    let objection = own
        .clone()
        .take(OPENING)
        .find(|at| cues::objects(case.said(*at)) && !is_question(&case.reading.sentences[*at]))?;
    // An objection that says little goes on in the sentences behind it.
    let thin = |at: usize| case.reading.sentences[at].words.len() < 4;
    let mut last = objection;
    while thin(last) && last + 1 < own.end && last < objection + 2 {
        last += 1;
    }
    let mut said: Vec<u32> =
        (objection..=last).flat_map(|at| case.reading.sentences[at].words.clone()).collect();
    said.sort_unstable();
    said.dedup();
    let speaker = &case.reading.turns[turn].speaker;
    // What is objected to stands in the turn before, or in the one before a mere "Hm".
    let opposed = (turn.saturating_sub(2)..turn).rev().find_map(|earlier| {
        let other = &case.reading.turns[earlier];
        if other.speaker == *speaker || other.voice == Voice::Question {
            return None;
        }
        let claims =
            of(case, earlier).rev().take(5).filter(|at| is_claim(&case.reading.sentences[*at]));
        claims.max_by_key(|at| (words::shared(&case.reading.sentences[*at].words, &said), *at))
    })?;
    let shares = words::shared(&case.reading.sentences[opposed].words, &said).min(4);
    #[expect(clippy::cast_precision_loss, reason = "at most four")]
    let weight = 2.5
        + 0.4 * shares as f64
        + if case.said(opposed).contains(|c: char| c.is_ascii_digit()) { 0.4 } else { 0.0 };
    Some(Pair {
        first: case.span(opposed),
        second: case.through(objection, last),
        told: [opposed, objection],
        why: format!(
            "{speaker} objects to what {} says.",
            case.reading.turns[case.reading.sentences[opposed].turn?].speaker
        ),
        weight,
    })
}

fn is_claim(sentence: &Sentence) -> bool {
    !is_question(sentence) && sentence.words.len() >= 3 && sentence.length >= 5
}

/// A question that holds somebody to an earlier answer, with what they say now.
fn recalled(case: &Case<'_>, turn: usize) -> Option<Pair> {
    let asked = of(case, turn).find(|at| RECALLS.is_match(case.said(*at)))?;
    case.reading.turns.get(turn + 1)?;
    let now: Vec<usize> = of(case, turn + 1).take(4).collect();
    let corrects = |at: &usize| CORRECTS.is_match(case.said(*at));
    if !now.iter().any(corrects) {
        return None;
    }
    let question = &case.reading.sentences[asked];
    let speaker = &case.reading.turns[turn + 1].speaker;
    let earlier =
        (0..turn).rev().filter(|earlier| case.reading.turns[*earlier].speaker == *speaker);
    let best = earlier
        .flat_map(|earlier| of(case, earlier).map(move |at| (earlier, at)))
        .map(|(earlier, at)| (score(case, question, earlier, at), at))
        .filter(|(_, at)| case.reading.sentences[*at].length >= 4)
        .max_by_key(|(score, at)| (*score, *at))?;
    let ((shared, _), then) = best;
    let (first, last) = (*now.first()?, *now.last()?);
    (shared >= 2).then(|| Pair {
        first: case.span(then),
        second: case.through(first, last),
        told: [then, first],
        why: "Held to the earlier answer, the witness says something else.".to_owned(),
        weight: 5.0,
    })
}

/// How many words a question shares with an earlier answer and what was asked there,
/// and with the answer alone.
fn score(case: &Case<'_>, question: &Sentence, turn: usize, at: usize) -> (usize, usize) {
    let own = &case.reading.sentences[at].words;
    let mut all = own.clone();
    if let Some(before) = turn.checked_sub(1) {
        all.extend(of(case, before).flat_map(|at| case.reading.sentences[at].words.clone()));
    }
    all.sort_unstable();
    all.dedup();
    let negates = cues::negates(case.said(at)) == cues::negates(&question.said);
    (
        words::shared(&question.words, &all),
        words::shared(&question.words, own) + usize::from(negates),
    )
}
