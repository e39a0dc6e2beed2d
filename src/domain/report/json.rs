//! Results for programs: the result file of schema "galley/1" and, one line a
//! finding, JSON lines. Knows nothing of layout but for the sections' bodies.

use std::collections::BTreeSet;

use serde::Serialize;

use super::layout::{Layout, path};
use super::{Report, absences, md, words};
use crate::domain::document::Markup;
use crate::domain::finding::{Decision, Finding, JobResult};
use crate::domain::ledger::Coverage;

/// The name and version of the result file's form.
const SCHEMA: &str = "galley/1";

#[derive(Serialize)]
struct File<'a> {
    schema: &'static str,
    source: Source<'a>,
    /// Of the last job; each job has its own too.
    model: Model<'a>,
    /// Of the job that read least; each job has its own too.
    coverage: Coverage,
    jobs: Vec<Job<'a>>,
}

#[derive(Serialize)]
struct Source<'a> {
    path: String,
    blake3: &'a str,
    /// Length of the text that the offsets point into, in Unicode scalar values.
    chars: usize,
    /// Size of the source file.
    bytes: u64,
    /// Tracked changes, comments and notes, and the view that the offsets
    /// belong to.
    #[serde(skip_serializing_if = "Option::is_none")]
    markup: Option<Markup>,
    /// What read the pages, each once: with "tesseract" among them, offsets
    /// belong to the text with character recognition.
    readers: BTreeSet<&'a str>,
}

#[derive(Serialize)]
struct Model<'a> {
    name: &'a str,
    sha256: &'a str,
    engine: &'a str,
}

#[derive(Serialize)]
struct Job<'a> {
    #[serde(rename = "job")]
    name: &'a str,
    template_sha256: &'a str,
    /// To the millisecond.
    seconds: f64,
    findings: Vec<Decided<'a>>,
    sections: Vec<Part>,
    warnings: Vec<String>,
    model: Model<'a>,
    coverage: &'a Coverage,
}

#[derive(Serialize)]
struct Decided<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    decision: &'static str,
    /// The person's own text; `text` and `value` stay what was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    edited: Option<String>,
}

#[derive(Serialize)]
struct Part {
    title: String,
    /// Markdown.
    body: String,
}

/// A finding on a line of its own.
#[derive(Serialize)]
struct Row<'a> {
    path: &'a str,
    job: &'a str,
    #[serde(flatten)]
    decided: Decided<'a>,
}

/// How far a job read, on a line after its findings, which it tells apart by
/// its kind.
#[derive(Serialize)]
struct Ledger<'a> {
    path: &'a str,
    job: &'a str,
    kind: &'static str,
    /// The coverage in words.
    text: String,
    /// It rests on no quote.
    quotes: [(); 0],
    status: &'static str,
    coverage: &'a Coverage,
    /// What was not found, and in how many parts.
    absent: Vec<String>,
    warnings: Vec<String>,
}

/// The result file.
pub(super) fn document(report: &Report<'_>) -> Vec<u8> {
    let layout = Layout::new(report);
    let last = report.results.last();
    let file = File {
        schema: SCHEMA,
        source: Source {
            path: path(report),
            blake3: &report.doc.source.0,
            chars: report.doc.text.chars().count(),
            bytes: report.doc.bytes,
            markup: report.doc.markup,
            readers: report.doc.pages.iter().map(|page| page.reader.as_str()).collect(),
        },
        model: last.map_or(Model { name: "none", sha256: "", engine: "" }, |r| model(r)),
        coverage: report.coverage(),
        jobs: report.results.iter().map(|result| job(report, &layout, result)).collect(),
    };
    let mut bytes = serde_json::to_vec_pretty(&file).expect("plain structs with text keys");
    bytes.push(b'\n');
    bytes
}

/// One finding a line, and after those of a job its ledger.
pub(super) fn lines(report: &Report<'_>) -> Vec<u8> {
    let path = path(report);
    let mut bytes = Vec::new();
    for result in report.results {
        for finding in &result.findings {
            let decided = decided(report, result, finding);
            let row = Row { path: &path, job: &result.job, decided };
            push_line(&mut bytes, &row);
        }
        push_line(&mut bytes, &ledger(report, &path, result));
    }
    bytes
}

fn push_line(bytes: &mut Vec<u8>, row: &impl Serialize) {
    serde_json::to_writer(&mut *bytes, row).expect("plain structs, written to memory");
    bytes.push(b'\n');
}

fn ledger<'a>(report: &Report<'_>, path: &'a str, result: &'a JobResult) -> Ledger<'a> {
    Ledger {
        path,
        job: &result.job,
        kind: "ledger",
        text: words::coverage(&result.coverage),
        quotes: [],
        status: if result.coverage.is_complete() { "complete" } else { "incomplete" },
        coverage: &result.coverage,
        absent: absences(result),
        warnings: report.warnings(result),
    }
}

fn model(result: &JobResult) -> Model<'_> {
    Model { name: &result.model, sha256: &result.model_sha256, engine: &result.engine }
}

fn job<'a>(report: &Report<'_>, layout: &Layout<'_>, result: &'a JobResult) -> Job<'a> {
    let sections = layout.sections(result).into_iter();
    Job {
        name: &result.job,
        template_sha256: &result.template_sha256,
        seconds: (result.seconds * 1_000.0).round() / 1_000.0,
        findings: result.findings.iter().map(|f| decided(report, result, f)).collect(),
        sections: sections
            .map(|(title, body)| Part { title, body: md::print(&body).trim_end().to_owned() })
            .collect(),
        warnings: report.warnings(result),
        model: model(result),
        coverage: &result.coverage,
    }
}

fn decided<'a>(report: &Report<'_>, result: &JobResult, finding: &'a Finding) -> Decided<'a> {
    let decision = (report.decision)(&result.job, &finding.id);
    let name = decision.name();
    let edited = match decision {
        Decision::Edited(text) => Some(text),
        Decision::Open | Decision::Accepted | Decision::Rejected => None,
    };
    Decided { finding, decision: name, edited }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::domain::fact::Value;
    use crate::domain::finding::Status;
    use crate::domain::report::sample::agreement;

    fn keys(value: &Json) -> Vec<&str> {
        let mut keys: Vec<&str> =
            value.as_object().expect("an object").keys().map(String::as_str).collect();
        keys.sort_unstable();
        keys
    }

    fn read(bytes: &[u8]) -> Json {
        serde_json::from_slice(bytes).expect("it is JSON")
    }

    #[test]
    fn the_result_file_has_the_documented_keys_and_values() {
        let sample = agreement();
        let file = read(&sample.with(document));
        assert_eq!(keys(&file), ["coverage", "jobs", "model", "schema", "source"]);
        assert_eq!(file["schema"], "galley/1");
        let source = json!({
            "path": "/folder/agreement.pdf",
            "blake3": "ab".repeat(32),
            "chars": sample.doc.text.len(),
            "bytes": 9_876,
            "readers": ["test"],
        });
        assert_eq!(file["source"], source);
        let model = json!({"name": "starter", "sha256": "ef".repeat(32), "engine": "mistralrs"});
        assert_eq!(file["model"], model);
        let total = sample.doc.text.len();
        let coverage = json!({
            "read": total,
            "excluded": 0,
            "failed": 0,
            "total": total,
            "pages_not_read": 0,
            "pages": 2,
        });
        assert_eq!(file["coverage"], coverage);
        let job = &file["jobs"][0];
        assert_eq!(
            keys(job),
            [
                "coverage",
                "findings",
                "job",
                "model",
                "seconds",
                "sections",
                "template_sha256",
                "warnings"
            ]
        );
        assert_eq!((&job["job"], &job["seconds"]), (&json!("extract"), &json!(41.5)));
        assert_eq!(job["sections"][0]["title"], "Dates");
        let body = job["sections"][0]["body"].as_str().expect("text");
        assert!(body.starts_with("- “1 March 2026” [2026-03-01] (p. 2, line 2)"), "{body}");
    }

    #[test]
    fn a_quote_is_found_again_by_its_offsets() {
        let sample = agreement();
        let file = read(&sample.with(document));
        let finding = &file["jobs"][0]["findings"][0];
        assert_eq!(
            keys(finding),
            ["decision", "id", "kind", "opinion", "quotes", "status", "text", "value", "why"]
        );
        assert_eq!(finding["value"], "2026-03-01");
        assert_eq!((&finding["status"], &finding["why"]), (&json!("anchored"), &Json::Null));
        assert_eq!((&finding["opinion"], &finding["decision"]), (&json!("both"), &json!("open")));
        let quote = &finding["quotes"][0];
        assert_eq!(keys(quote), ["cite", "end", "line", "page", "start", "text"]);
        assert_eq!(quote["cite"], "p. 2, line 2");
        assert_eq!((&quote["page"], &quote["line"]), (&json!(2), &json!(2)));
        let offset =
            |key: &str| usize::try_from(quote[key].as_u64().expect("a number")).expect("it fits");
        assert_eq!(&sample.doc.text[offset("start")..offset("end")], "1 March 2026");
    }

    #[test]
    fn an_amount_keeps_figure_and_currency_apart() {
        let mut sample = agreement();
        let value = Value::Amount { amount: "4500.00".into(), currency: "EUR".into() };
        let fee = sample.found("amount", "EUR 4,500.00", Some(value));
        sample.add(fee);
        let file = read(&sample.with(document));
        let expected = json!({"amount": "4500.00", "currency": "EUR"});
        assert_eq!(file["jobs"][0]["findings"][1]["value"], expected);
    }

    #[test]
    fn an_edited_finding_keeps_what_was_found_beside_the_new_text() {
        let mut sample = agreement();
        let finding = sample.results[0].findings[0].clone();
        sample.decide(&finding, Decision::Edited("Start".into()));
        let file = read(&sample.with(document));
        let finding = &file["jobs"][0]["findings"][0];
        assert_eq!(finding["decision"], "edited");
        assert_eq!(
            (&finding["edited"], &finding["text"]),
            (&json!("Start"), &json!("1 March 2026"))
        );
    }

    #[test]
    fn the_model_on_top_is_the_last_jobs_and_each_job_has_its_own() {
        let mut sample = agreement();
        let mut second = sample.results[0].clone();
        second.model = "none".into();
        sample.results.push(second);
        let file = read(&sample.with(document));
        let name = |part: &Json| part["model"]["name"].as_str().map(str::to_owned);
        assert_eq!(name(&file).as_deref(), Some("none"));
        assert_eq!(name(&file["jobs"][0]).as_deref(), Some("starter"));
        assert_eq!(name(&file["jobs"][1]).as_deref(), Some("none"));
    }

    #[test]
    fn a_document_without_results_is_still_a_result_file() {
        let mut sample = agreement();
        sample.results.clear();
        let file = read(&sample.with(document));
        assert_eq!((&file["jobs"], &file["model"]["name"]), (&json!([]), &json!("none")));
        assert_eq!(file["coverage"]["read"], 0, "nothing claims to have been read");
    }

    #[test]
    fn json_lines_hold_a_finding_each_and_the_job_s_ledger() {
        let mut sample = agreement();
        let mut second = sample.found("note", "1. Term\nThe term", None);
        second.status = Status::Unverified;
        second.why = Some("It is no note.".into());
        sample.add(second);
        let bytes = sample.with(lines);
        let rows: Vec<Json> =
            bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(read).collect();
        assert_eq!(rows.len(), 3);
        assert_eq!((&rows[2]["kind"], &rows[2]["status"]), (&json!("ledger"), &json!("complete")));
        assert_eq!(rows[2]["coverage"]["read"], sample.doc.text.len());
        assert_eq!(rows[1]["path"], "/folder/agreement.pdf");
        assert_eq!((&rows[1]["job"], &rows[1]["kind"]), (&json!("extract"), &json!("note")));
        assert_eq!(rows[1]["text"], "1. Term\nThe term");
        assert_eq!(
            (&rows[1]["status"], &rows[1]["decision"]),
            (&json!("unverified"), &json!("open"))
        );
    }
}
