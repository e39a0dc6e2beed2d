//! What the place of a sentence says of it: the headings and the list it stands
//! under, and the short word by which a proposal was settled.

use std::collections::HashMap;

use super::super::cues::{self, Topic};
use super::super::reading::{Form, Reading, says_something};
use super::is_question;

/// What each sentence is by the headings and the items above it.
pub(super) fn topics(reading: &Reading) -> Vec<Option<Topic>> {
    let mut headings: Vec<(u8, Option<Topic>)> = Vec::new();
    let mut items: Vec<(usize, Option<Topic>)> = Vec::new();
    // A short line with a colon at its end leads the items below it in.
    let mut lead: Option<Topic> = None;
    let mut topics = Vec::with_capacity(reading.sentences.len());
    for sentence in &reading.sentences {
        let plain = sentence.said.trim_matches(['*', '_', ':', ' ']);
        let own = cues::topic(plain);
        match sentence.form {
            Form::Heading(level) => {
                headings.retain(|(above, _)| *above < level);
                headings.push((level, own));
                items.clear();
                lead = None;
            }
            Form::Item => {
                items.retain(|(indent, _)| *indent < sentence.indent);
                let above = items.last().and_then(|(_, topic)| *topic);
                items.push((sentence.indent, own.or(above)));
            }
            Form::Prose | Form::Row | Form::Code => {
                items.clear();
                let leads = sentence.turn.is_none() && sentence.said.ends_with(':');
                lead = own.filter(|_| leads);
            }
        }
        let heading = headings.iter().rev().find_map(|(_, topic)| *topic);
        let item = items.last().and_then(|(_, topic)| *topic);
        let is_title = own.is_some() && sentence.words.len() <= 4;
        let of = item.or(lead).or(heading);
        // The item that names the list is not one of its items.
        topics.push(if is_title { Some(Topic::Furniture) } else { of });
    }
    topics
}

/// Proposals that were settled by a word too short to say what was decided.
pub(super) fn settled(reading: &Reading) -> HashMap<usize, usize> {
    let mut found = HashMap::new();
    for (at, sentence) in reading.sentences.iter().enumerate() {
        let short = sentence.words.len() < 3 && sentence.length <= 6;
        if sentence.turn.is_none()
            || !short
            || !cues::decides(&sentence.said)
            || is_question(sentence)
        {
            continue;
        }
        let goes_on = reading.sentences[at + 1..]
            .iter()
            .take(1)
            .any(|next| next.turn == sentence.turn && sentence.said.ends_with(':'));
        let before = (at.saturating_sub(10)..at).rev();
        let proposal = before.into_iter().find(|i| {
            let earlier = &reading.sentences[*i];
            earlier.turn != sentence.turn
                && !is_question(earlier)
                && says_something(reading, earlier)
                && proposes(&earlier.said)
        });
        if let Some(proposal) = proposal.filter(|_| !goes_on) {
            found.insert(proposal, at);
        }
    }
    found
}

fn proposes(said: &str) -> bool {
    let said = said.to_lowercase();
    let cues = [
        "shall",
        "let's",
        "should",
        "propose",
        "suggest",
        "no further",
        "i move",
        "we will",
        "we'll",
        "until",
        "schlage vor",
        "sollen",
        "proposons",
        "proponemos",
        "propongo",
        "proponho",
    ];
    cues.iter().any(|cue| said.contains(cue))
}
