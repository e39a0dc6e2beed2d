//! What speaks for a sentence as an open question: it asks and nobody answers, or it
//! says that something is not settled.

use super::super::cues;
use super::super::reading::{Form, Sentence, Voice};
use super::super::words;
use super::{Scores, is_question};

impl Scores {
    pub(super) fn question(&self, at: usize) -> f64 {
        let sentence = &self.reading.sentences[at];
        if sentence.ticked == Some(true) || sentence.words.len() < 2 || sentence.length > 90 {
            return 0.0;
        }
        if !is_question(sentence) {
            let open = cues::leaves_open(&sentence.said) && !is_condition(&sentence.said);
            let answers = self.reading.voice(sentence) == Voice::Answer;
            // "As determined by the board": a contract leaves little open that it names.
            let open = open && (!self.is_contract || cues::has_a_blank(&sentence.said));
            return if open && !answers { 3.0 } else { 0.0 };
        }
        if sentence.length < 4 {
            return 0.0;
        }
        if self.reading.is_transcript() { self.asked(at) } else { self.written(at) }
    }

    /// Of a question that somebody asks: open where nobody answers it, or where
    /// whoever does cannot.
    fn asked(&self, at: usize) -> f64 {
        let sentences = &self.reading.sentences;
        let Some(turn) = sentences[at].turn.map(|turn| &self.reading.turns[turn]) else {
            return 0.0;
        };
        let own = at + 1..turn.to.min(sentences.len());
        if own.clone().any(|i| sentences[i].words.len() >= 2) {
            return 0.0;
        }
        let Some(first) = sentences.get(own.end) else { return 2.5 };
        let reply: Vec<&Sentence> =
            sentences[own.end..].iter().take(8).take_while(|s| s.turn == first.turn).collect();
        // Somebody else may know what the first one did not.
        let after = &sentences[own.end + reply.len()..];
        let by = after.first().and_then(|s| s.turn).map(|turn| &self.reading.turns[turn]);
        let helps = by.is_some_and(|by| by.speaker != turn.speaker && by.voice == Voice::Talk);
        let next = after.iter().take(4).take_while(|s| helps && s.turn == after[0].turn);
        let dodges = reply.iter().take(3).any(|s| cues::is_no_answer(&s.said));
        let answers = |s: &&Sentence| {
            !is_question(s) && (!cues::is_no_answer(&s.said) || cues::guesses(&s.said))
        };
        let mut says = reply.into_iter().chain(next).filter(answers).peekable();
        let guessed = says.peek().is_some_and(|s| cues::guesses(&s.said) && s.words.len() >= 3);
        let answered = guessed || says.map(|s| s.words.len()).sum::<usize>() > 6;
        if dodges && !answered { 3.0 } else { 0.0 }
    }

    /// Of a question that is written down: open where nothing follows it in its
    /// paragraph or below its item.
    fn written(&self, at: usize) -> f64 {
        let sentences = &self.reading.sentences;
        let own = &sentences[at];
        let base = if own.form == Form::Item { 2.5 } else { 1.5 };
        let last =
            sentences[at + 1..].iter().find(|next| !(next.block == own.block && is_question(next)));
        match last {
            None => base,
            Some(next) if next.block == own.block => {
                if cues::is_no_answer(&next.said) || cues::leaves_open(&next.said) {
                    base
                } else {
                    0.0
                }
            }
            Some(next) => {
                let below = next.form == Form::Item && next.indent > own.indent;
                let answered = below && !cues::is_no_answer(&next.said);
                if answered { 0.0 } else { base }
            }
        }
    }

    /// Whether a sentence is the question of its item: one with a question mark, or
    /// the first where none has one.
    pub(super) fn leads_its_item(&self, at: usize) -> bool {
        let sentences = &self.reading.sentences;
        let block = sentences[at].block;
        let first = (0..at).rev().take_while(|i| sentences[*i].block == block).count();
        let mut item = sentences[at - first..].iter().take_while(|s| s.block == block);
        is_question(&sentences[at]) || first == 0 && !item.any(is_question)
    }

    /// Whether a line under "Open questions" is open: it asks, says so, or names in a
    /// few words what there is to settle; and no bracket behind it answers it.
    pub(super) fn reads_as_open(&self, at: usize) -> bool {
        let sentences = &self.reading.sentences;
        let own = &sentences[at];
        if is_question(own) {
            let next = sentences.get(at + 1).filter(|next| next.block == own.block);
            return !next.is_some_and(|next| next.said.starts_with('('));
        }
        let named = own.length <= 12 && !own.said.ends_with(['.', ')']);
        (cues::leaves_open(&own.said) || cues::asks_indirectly(&own.said) || named)
            && !cues::decides(&own.said)
    }
}

/// "If it is not settled by then": what may stay open is not open yet.
pub(super) fn is_condition(said: &str) -> bool {
    let first = words::words(said).next().unwrap_or_default().to_lowercase();
    ["if", "unless", "until", "wenn", "falls", "sofern", "si", "sauf", "se"]
        .contains(&first.as_str())
}
