//! Results as files: the same findings for people (Markdown, Word, calendar)
//! and for programs (JSON, JSON lines, CSV). Pure: it makes bytes from results
//! and knows neither where they go nor what time it is.

mod csv;
mod docx;
mod ics;
mod json;
mod layout;
mod md;
mod words;

use std::str::FromStr;

use super::document::Document;
use super::finding::{Basis, Decision, FindingId, JobResult};
use super::ledger::Coverage;

/// Everything that is known of one document's results.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    pub doc: &'a Document,
    /// What the document is called in headings: its path below the folder.
    pub name: &'a str,
    /// One result a job, in the order in which they are shown.
    pub results: &'a [&'a JobResult],
    /// What a person decided about a finding of the job named first.
    pub decision: &'a dyn Fn(&str, &FindingId) -> Decision,
}

impl Report<'_> {
    /// Of all jobs' coverage the one that read least of the text, and of the
    /// pages where two are equal in that, so that the document is never said
    /// to be better read than its worst job.
    fn coverage(&self) -> Coverage {
        let worst = self.results.iter().map(|result| &result.coverage).reduce(|a, b| {
            let share = |x: &Coverage, y: &Coverage| x.read as u128 * y.total.max(1) as u128;
            let (of_a, of_b) = (share(a, b), share(b, a));
            let less = of_b < of_a || of_b == of_a && b.pages_not_read > a.pages_not_read;
            if less { b } else { a }
        });
        worst.cloned().unwrap_or_else(|| Coverage::of(self.doc, None, &[]))
    }

    /// What a reader of a job's findings must know, the reading of the
    /// document included; each a sentence.
    fn warnings(&self, result: &JobResult) -> Vec<String> {
        let of_reading = self.doc.warning.iter().filter(|w| !result.warnings.contains(w));
        let mut warnings: Vec<String> = of_reading.cloned().collect();
        if result.source != self.doc.source {
            warnings.push(
                "The document has changed since this job ran; its places may be wrong. \
                 Run the job again."
                    .into(),
            );
        } else if !result.basis.is_same_text(&Basis::of(self.doc, false)) {
            warnings.push(
                "This job ran on the document as it was read in another way; its places may be \
                 wrong. Run the job again."
                    .into(),
            );
        }
        warnings.extend(result.warnings.iter().cloned());
        warnings
    }
}

/// What a job did not find: "Dates: None found in 4 of 4 parts."
fn absences(result: &JobResult) -> Vec<String> {
    let empty = result.sections.iter().filter(|section| section.findings.is_empty());
    empty.map(|section| words::clean(&format!("{}: {}", section.title, section.empty))).collect()
}

/// The kinds of file that results can be saved as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReportFormat {
    Md,
    Json,
    Jsonl,
    Csv,
    Docx,
    Ics,
}

impl ReportFormat {
    pub const ALL: [Self; 6] =
        [Self::Md, Self::Json, Self::Jsonl, Self::Csv, Self::Docx, Self::Ics];

    /// The ending of its files and its name on the command line.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Md => "md",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Docx => "docx",
            Self::Ics => "ics",
        }
    }

    /// Whether its files are no text and cannot be printed.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self == Self::Docx
    }
}

/// A word that names no [`ReportFormat`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a format for results; choose among md, json, jsonl, csv, docx and ics.")]
pub struct UnknownFormat(String);

impl FromStr for ReportFormat {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        let wanted = word.trim().to_ascii_lowercase();
        Self::ALL
            .into_iter()
            .find(|format| format.extension() == wanted)
            .ok_or_else(|| UnknownFormat(word.trim().to_owned()))
    }
}

/// The bytes of a result file. `now` is only used for calendars, which must
/// say when they were made: UTC as in RFC 5545, "20260301T120000Z".
#[must_use]
pub fn render(report: &Report<'_>, format: ReportFormat, now: &str) -> Vec<u8> {
    match format {
        ReportFormat::Md => md::document(report).into_bytes(),
        ReportFormat::Json => json::document(report),
        ReportFormat::Jsonl => json::lines(report),
        ReportFormat::Csv => csv::table(report).into_bytes(),
        ReportFormat::Docx => docx::package(report),
        ReportFormat::Ics => ics::calendar(report, now).into_bytes(),
    }
}

/// One job of a document as Markdown, complete in itself; for printing.
#[must_use]
pub fn job_markdown(report: &Report<'_>, result: &JobResult) -> String {
    md::job(report, result)
}

#[cfg(test)]
pub(crate) mod sample;

#[cfg(test)]
mod tests {
    use super::sample::{Sample, agreement};
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name_in_any_case() {
        for format in ReportFormat::ALL {
            assert_eq!(format.extension().parse(), Ok(format));
        }
        assert_eq!(" DOCX ".parse(), Ok(ReportFormat::Docx));
    }

    #[test]
    fn an_unknown_format_is_named_beside_those_that_exist() {
        let error = "pdf".parse::<ReportFormat>().expect_err("pdf is no result format");
        let said = error.to_string();
        assert!(said.contains("\"pdf\""), "{said}");
        for format in ReportFormat::ALL {
            assert!(said.contains(format.extension()), "{said}");
        }
    }

    #[test]
    fn the_document_is_said_to_be_read_as_far_as_its_worst_job() {
        let mut sample = agreement();
        let mut second = sample.results[0].clone();
        second.coverage = Coverage { read: 10, failed: 90, total: 100, ..Coverage::default() };
        sample.results[0].coverage =
            Coverage { read: 90, excluded: 10, total: 100, ..Coverage::default() };
        let worst = second.coverage.clone();
        sample.results.push(second);
        sample.with(|report| assert_eq!(report.coverage(), worst));
        sample.results.reverse();
        sample.with(|report| assert_eq!(report.coverage(), worst));
        sample.results[1].coverage = Coverage { pages_not_read: 1, pages: 2, ..worst };
        sample.with(|report| assert_eq!(report.coverage().pages_not_read, 1));
    }

    #[test]
    fn a_result_of_an_earlier_state_of_the_file_says_so() {
        let mut sample: Sample = agreement();
        sample.with(|report| assert!(report.warnings(report.results[0]).is_empty()));
        sample.results[0].source.0 = "of the file before it was edited".into();
        sample.with(|report| {
            let warnings = report.warnings(report.results[0]);
            assert_eq!(warnings.len(), 1);
            assert!(warnings[0].contains("has changed"), "{}", warnings[0]);
        });
    }
}
