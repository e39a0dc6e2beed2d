//! A small matter, invented for these tests: what the workbench looks like
//! with documents, results and a job at work.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::app::state::{
    DocId, DocState, EngineState, Entry, Failure, Highlight, JobSpec, Millis, Running, Stamp,
    State, Target,
};
use crate::domain::document::{Document, Format, PageState, SourceHash};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{
    Basis, Decision, Finding, FindingId, JobResult, Notes, Opinion, Quote, Section, Status,
};
use crate::domain::ledger::Coverage;
use crate::domain::prompt::Sampling;
use crate::domain::span::ByteSpan;
use crate::domain::template::{Field, FieldType, JobKind, Origin, Template, Tone};

const LEASE: [&str; 3] = [
    "# Workshop lease\n\nBetween Orla Fenwick (the Owner) and Brightwater Looms Ltd\n(the Tenant), \
     made on 4 May 2026.\n\n1. Term\n\n1.1 The lease begins on 1 June 2026 and ends on 31 May \
     2029,\nunless either party ends it earlier under clause 4.\n\n",
    "2. Rent\n\n2.1 The Tenant shall pay EUR 1,850.00 per month, in advance,\non the first working \
     day of each month.\n\n2.2 A deposit of three thousand euro (EUR 3,700.00) falls due\non 1 \
     June 2026. The Owner shall return it within 30 days of the\nend of the lease, less the cost \
     of repairs that the Tenant owes.\n\n2.3 Rent that is late by more than ten days bears \
     interest at\n4 % a year.\n\n",
    "3. Use\n\n3.1 The Tenant shall not sublet the workshop or any part of it.\n\n3.2 Nothing in \
     this lease lets the Owner enter without notice of\nat least two days, except where there is \
     danger.\n\n4. Ending\n\n4.1 Either party may end the lease with notice of three months.\n",
];

pub fn document(path: &str, format: Format, pages: &[(&str, PageState, Option<&str>)]) -> Document {
    let texts: Vec<_> = pages.iter().map(|(text, state, _)| (*text, *state)).collect();
    let mut doc = Document::of_pages(path, format, &texts);
    for (page, (.., note)) in doc.pages.iter_mut().zip(pages) {
        page.note = note.map(str::to_owned);
    }
    Document { source: SourceHash(format!("hash of {path}")), ..doc }
}

pub fn lease() -> Document {
    document("lease.pdf", Format::Pdf, &LEASE.map(|page| (page, PageState::Text, None)))
}

pub fn entry(name: &str, state: DocState) -> Entry {
    let id = DocId(PathBuf::from("/matters/brightwater").join(name));
    let stamp = Stamp { bytes: 48_210, modified: 0 };
    Entry { state, generation: 1, ..Entry::new(id, name.to_owned(), stamp, false) }
}

fn template(
    name: &str,
    title: &str,
    description: &str,
    kind: JobKind,
    fields: &[&str],
) -> Template {
    let field = |title: &&str| Field {
        name: title.to_lowercase(),
        title: (*title).to_owned(),
        kind: match kind {
            JobKind::Rewrite => FieldType::Tone(Some(Tone::Warm)),
            JobKind::Extract | JobKind::Select | JobKind::Classify => {
                FieldType::Fact(FactKind::Date)
            }
        },
        ask: String::new(),
        max: 5,
        roles: Vec::new(),
        classes: Vec::new(),
    };
    Template {
        name: name.to_owned(),
        title: title.to_owned(),
        description: description.to_owned(),
        kind,
        fields: fields.iter().map(field).collect(),
        sampling: Sampling::GREEDY,
        max_tokens: 64,
        variables: BTreeMap::new(),
        system: String::new(),
        user: String::new(),
        sha256: String::new(),
        origin: Origin::BuiltIn,
    }
}

pub fn templates() -> Vec<Template> {
    vec![
        template(
            "extract",
            "Extract",
            "Dates, names, amounts and duties, each with its quote.",
            JobKind::Extract,
            &["Dates", "Amounts"],
        ),
        template(
            "rewrite",
            "Rewrite",
            "The same meaning in three tones.",
            JobKind::Rewrite,
            &["Warm"],
        ),
        template(
            "triage",
            "Triage",
            "Five key facts, three disputed points, a short chronology.",
            JobKind::Select,
            &["Key facts"],
        ),
    ]
}

pub fn quotes(doc: &Document, words: &str) -> Vec<Quote> {
    let found = doc.text.match_indices(words);
    let quotes =
        found.map(|(start, text)| Quote::of(doc, ByteSpan::new(start, start + text.len())));
    let quotes: Vec<Quote> = quotes.collect();
    assert!(!quotes.is_empty(), "{words:?} is not in the fixture");
    quotes
}

pub fn finding(doc: &Document, kind: &str, words: &str) -> Finding {
    Finding {
        id: FindingId::new("extract", kind, words, 0),
        kind: kind.to_owned(),
        text: words.to_owned(),
        value: None,
        quotes: quotes(doc, words),
        status: Status::Anchored,
        why: None,
        opinion: Opinion::Both,
        notes: Notes::default(),
    }
}

fn date(doc: &Document, words: &str, iso: &str) -> Finding {
    Finding { value: Some(Value::Text(iso.to_owned())), ..finding(doc, "date", words) }
}

fn amount(doc: &Document, words: &str, amount: &str) -> Finding {
    let value = Value::Amount { amount: amount.to_owned(), currency: "EUR".to_owned() };
    Finding { value: Some(value), ..finding(doc, "amount", words) }
}

fn section(title: &str, findings: &[Finding], empty: &str) -> Section {
    Section {
        title: title.to_owned(),
        findings: findings.iter().map(|f| f.id.clone()).collect(),
        empty: empty.to_owned(),
    }
}

pub fn result(doc: &Document, job: &str, sections: &[(&str, Vec<Finding>)]) -> JobResult {
    let total = doc.text.len();
    JobResult {
        job: job.to_owned(),
        template_sha256: String::new(),
        seconds: 12.34,
        findings: sections.iter().flat_map(|(_, findings)| findings.clone()).collect(),
        sections: sections
            .iter()
            .map(|(title, findings)| section(title, findings, "None found in 3 of 3 parts."))
            .collect(),
        warnings: Vec::new(),
        coverage: Coverage { read: total, total, pages: 3, ..Coverage::default() },
        source: doc.source.clone(),
        basis: Basis::default(),
        model: "smollm2-135m".to_owned(),
        engine: "mistralrs".to_owned(),
        model_sha256: String::new(),
    }
}

pub fn extraction(doc: &Document) -> JobResult {
    let dates = vec![
        date(doc, "4 May 2026", "2026-05-04"),
        date(doc, "1 June 2026", "2026-06-01"),
        Finding {
            status: Status::Unverified,
            quotes: Vec::new(),
            why: Some("The text has no such date; the nearest is 31 May 2029.".to_owned()),
            opinion: Opinion::Model,
            ..date(doc, "31 May 2029", "2028-05-31")
        },
    ];
    let amounts = vec![
        amount(doc, "EUR 1,850.00 per month", "1850.00"),
        Finding {
            why: Some("Words and figures disagree: three thousand and 3,700.00.".to_owned()),
            opinion: Opinion::Rules,
            ..amount(doc, "three thousand euro (EUR 3,700.00)", "3700.00")
        },
    ];
    let duties = vec![finding(
        doc,
        "obligation",
        "The Owner shall return it within 30 days of the\nend of the lease, less the cost of \
         repairs that the Tenant owes.",
    )];
    let sections =
        [("Dates", dates), ("Amounts", amounts), ("Duties", duties), ("People", Vec::new())];
    result(doc, "extract", &sections)
}

pub fn version(doc: &Document) -> Finding {
    let source = "2.2 A deposit of three thousand euro (EUR 3,700.00) falls due\non 1 June 2026.";
    Finding {
        text: "A deposit of three thousand euro (EUR 3,000.00) falls due on 1 June 2026. We are \
               glad to help with any question."
            .to_owned(),
        status: Status::Unverified,
        why: Some(
            "The amount EUR 3,700.00 is not in this version.\nEUR 3,000.00 is not in the source."
                .to_owned(),
        ),
        opinion: Opinion::Model,
        ..finding(doc, "warm", source)
    }
}

/// Three documents, none of them worked on.
pub fn opened() -> State {
    let notes = "Call with O. F. on Monday.\n\tShe has not signed yet.\n";
    let notes = document("notes.md", Format::Md, &[(notes, PageState::Text, None)]);
    let mut state = State::new(PathBuf::from("/matters/brightwater"));
    state.documents = vec![
        entry(
            "annex-plan.pdf",
            DocState::Failed(Failure {
                text:
                    "The file is encrypted; save a copy without a password and put it in its place."
                        .to_owned(),
                needs_password: false,
            }),
        ),
        entry("lease.pdf", DocState::Ready(Arc::new(lease()))),
        entry("notes.md", DocState::Ready(Arc::new(notes))),
    ];
    state.selected = 1;
    state.templates = templates();
    state.engine = EngineState::Idle { model: "smollm2-135m".to_owned() };
    state
}

/// The lease with its extraction, two findings decided.
pub fn reviewed() -> State {
    let mut state = opened();
    let doc = lease();
    let result = extraction(&doc);
    let decide = |n: usize| ("extract".to_owned(), result.findings[n].id.clone());
    let entry = &mut state.documents[1];
    entry.decisions.insert(decide(0), Decision::Accepted);
    entry.decisions.insert(decide(2), Decision::Rejected);
    entry.decisions.insert(decide(3), Decision::Edited("EUR 1,850.00 a month".to_owned()));
    entry.results.insert("extract".to_owned(), result);
    state.engine = EngineState::Ready {
        model: "smollm2-135m".to_owned(),
        device: "CPU, 2 threads".to_owned(),
    };
    state
}

/// Puts the cursor on the finding with this text and its quote on show.
pub fn on(mut state: State, words: &str, index: usize) -> State {
    use crate::app::state::{Pane, Row};
    let is_it =
        |row: &Row<'_>| matches!(row, Row::Finding { finding, .. } if finding.text == words);
    state.row = state.rows().iter().position(is_it).expect("the finding is there");
    let (_, finding) = state.finding().expect("it is under the cursor");
    let of = finding.quotes.len();
    state.highlight = finding.quotes.get(index).map(|q| Highlight { span: q.span, index, of });
    state.pane = Pane::Results;
    state
}

pub fn running(state: &mut State) {
    let doc = state.documents[1].id.clone();
    let spec = JobSpec { doc, job: "triage".to_owned(), within: None, rounds: 1 };
    state.running = vec![Running {
        done: 4,
        steps: 9,
        asking: true,
        doing: "Disputed points, part 2 of 3".to_owned(),
        prefill: (611, 611),
        live: "2, 5, 9".to_owned(),
        ..Running::new(spec, 1, Millis(0))
    }];
    let notes = state.documents[2].id.clone();
    state.queue.push_back(JobSpec {
        doc: notes,
        job: "extract".to_owned(),
        within: None,
        rounds: 1,
    });
    state.now = Millis(96_000);
}

/// A target for an edit whose finding does not matter.
pub fn nowhere() -> Target {
    Target {
        doc: DocId("/nowhere".into()),
        source: SourceHash("00".into()),
        job: "extract".into(),
        id: FindingId("0".into()),
        quote: String::new(),
    }
}
