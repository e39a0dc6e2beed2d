//! The kinds of facts that a sentence tells, so that key facts are of different ones.

use super::super::cues;
use super::Scores;
use crate::domain::fact::FactKind;

/// What a key fact is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Facet {
    Parties,
    Date,
    Amount,
    Term,
    Duty,
    Decision,
}

impl Scores {
    /// The kinds of facts that a sentence tells, for choosing different ones.
    pub(in super::super) fn facets(&self, at: usize) -> Vec<Facet> {
        let sentence = &self.reading.sentences[at];
        let said = sentence.said.to_lowercase();
        let any = |words: &[&str]| words.iter().any(|word| said.contains(word));
        let has = |kind| self.reading.has(sentence, kind);
        let mut facets = Vec::new();
        let named = has(FactKind::Organisation) || has(FactKind::Person);
        let opens = any(&[
            "between",
            "entered into",
            "by and among",
            "party",
            "parties",
            "zwischen",
            "entre",
            "tra ",
        ]);
        if named && opens && !has(FactKind::Obligation) {
            facets.push(Facet::Parties);
        }
        if has(FactKind::Date) {
            facets.push(Facet::Date);
        }
        if has(FactKind::Amount) {
            facets.push(Facet::Amount);
        }
        let lasts = any(&[
            "initial term",
            "term of this",
            "term shall",
            "shall commence",
            "remain in",
            "expire",
            "renew",
            "continue until",
            "shall begin",
            "years from",
            "laufzeit",
            "durée",
            "duración",
            "durata",
            "duração",
            "in force",
        ]);
        if lasts {
            facets.push(Facet::Term);
        }
        if has(FactKind::Obligation) {
            facets.push(Facet::Duty);
        }
        if self.reading.is_transcript() && cues::decides(&sentence.said) {
            facets.push(Facet::Decision);
        }
        facets
    }
}
