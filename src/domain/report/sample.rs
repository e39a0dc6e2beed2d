//! A document with results for the tests of this module and of its users.

use std::collections::HashMap;

use super::Report;
use crate::domain::document::{Document, Format, PageState, SourceHash};
use crate::domain::fact::Value;
use crate::domain::finding::{
    Basis, Decision, Finding, FindingId, JobResult, Notes, Opinion, Quote, Section, Status,
};
use crate::domain::ledger::Coverage;
use crate::domain::span::ByteSpan;

/// A document, its results and what was decided, owned.
pub(crate) struct Sample {
    pub doc: Document,
    pub name: String,
    pub results: Vec<JobResult>,
    pub decisions: HashMap<FindingId, Decision>,
}

impl Sample {
    /// Lends the sample as a report.
    pub fn with<T>(&self, f: impl FnOnce(&Report<'_>) -> T) -> T {
        let results: Vec<&JobResult> = self.results.iter().collect();
        let decision =
            |_: &str, id: &FindingId| self.decisions.get(id).cloned().unwrap_or_default();
        f(&Report { doc: &self.doc, name: &self.name, results: &results, decision: &decision })
    }

    /// A finding whose text is the first place where `quote` stands.
    pub fn found(&self, kind: &str, quote: &str, value: Option<Value>) -> Finding {
        let start = self.doc.text.find(quote).expect("the quote stands in the text");
        let span = ByteSpan::new(start, start + quote.len());
        Finding {
            id: FindingId::new("extract", kind, quote, 0),
            kind: kind.into(),
            text: quote.into(),
            value,
            quotes: vec![Quote::of(&self.doc, span)],
            status: Status::Anchored,
            why: None,
            opinion: Opinion::Both,
            notes: Notes::default(),
        }
    }

    /// Puts a finding at the end of the first result's first section.
    pub fn add(&mut self, finding: Finding) {
        self.results[0].sections[0].findings.push(finding.id.clone());
        self.results[0].findings.push(finding);
    }

    pub fn decide(&mut self, finding: &Finding, decision: Decision) {
        self.decisions.insert(finding.id.clone(), decision);
    }
}

pub(crate) fn date(iso: &str) -> Value {
    Value::Text(iso.into())
}

/// Two pages, read in full, with one date found on the second.
pub(crate) fn agreement() -> Sample {
    let first = "Services Agreement\n\n";
    let second = "1. Term\nThe term starts on 1 March 2026 and ends on 28 February 2027.\n\
                  2. Fees\nThe fee is EUR 4,500.00 a month.\n";
    let pages = [(first, PageState::Text), (second, PageState::Text)];
    let doc = Document {
        source: SourceHash("ab".repeat(32)),
        bytes: 9_876,
        ..Document::of_pages("/folder/agreement.pdf", Format::Pdf, &pages)
    };
    let total = doc.text.len();
    let result = JobResult {
        job: "extract".into(),
        template_sha256: "cd".repeat(32),
        seconds: 41.5,
        findings: Vec::new(),
        sections: vec![Section {
            title: "Dates".into(),
            findings: Vec::new(),
            empty: "None found in 2 of 2 parts.".into(),
        }],
        warnings: Vec::new(),
        coverage: Coverage { read: total, total, pages: 2, ..Coverage::default() },
        source: doc.source.clone(),
        basis: Basis::default(),
        model: "starter".into(),
        engine: "mistralrs".into(),
        model_sha256: "ef".repeat(32),
    };
    let mut sample = Sample {
        doc,
        name: "agreement.pdf".into(),
        results: vec![result],
        decisions: HashMap::new(),
    };
    let start = sample.found("date", "1 March 2026", Some(date("2026-03-01")));
    sample.add(start);
    sample
}
