//! From a document of the workbench to its result files, or to text for
//! printing: picks the results and decisions that belong into a report.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::names::{self, Names, shortened};
use super::write;
use crate::app::state::Entry;
use crate::domain::finding::{FindingId, JobResult};
use crate::domain::report::{Report, ReportFormat, job_markdown, render};
use crate::runtime::executor::root_of;

/// What one run without a screen has saved; keeps its files' names apart.
#[derive(Debug, Default)]
pub struct Saved {
    names: Names,
}

impl Saved {
    /// Writes a document's files into `dir`, with the results that are there
    /// of `jobs`; called after each job, so that a long run can be followed.
    ///
    /// # Errors
    /// A sentence, where a file cannot be written.
    pub fn write(
        &mut self,
        dir: &Path,
        entry: &Entry,
        roots: &[PathBuf],
        jobs: &BTreeSet<&str>,
        formats: &[ReportFormat],
    ) -> Result<(), String> {
        let results: Vec<&JobResult> =
            entry.results.values().filter(|r| jobs.contains(r.job.as_str())).collect();
        let Some(doc) = entry.document().filter(|_| !results.is_empty()) else { return Ok(()) };
        let stem = self.names.stem(&entry.id.0, root_of(roots, &entry.id.0), entry.depth);
        let decision = |job: &str, id: &FindingId| entry.decision(job, id);
        let report = Report { doc, name: &entry.name, results: &results, decision: &decision };
        write(dir, &stem, formats, &report).map(|_| ()).map_err(|e| e.to_string())
    }
}

/// One job's result on a document, for printing; empty where the job has none.
///
/// # Errors
/// A sentence, where the format is not text.
pub fn job_text(entry: &Entry, job: &str, format: ReportFormat) -> Result<String, String> {
    let (Some(doc), Some(result)) = (entry.document(), entry.results.get(job)) else {
        return Ok(String::new());
    };
    let decision = |job: &str, id: &FindingId| entry.decision(job, id);
    let report = Report { doc, name: &entry.name, results: &[result], decision: &decision };
    if format == ReportFormat::Md {
        return Ok(job_markdown(&report, result) + "\n");
    }
    String::from_utf8(render(&report, format, &super::now())).map_err(|_| {
        format!("A {} file cannot be printed; name a folder for it with --out.", format.extension())
    })
}

/// Saves all results of a document with the decisions on them. Below `dir` each
/// root has a folder of its own, and in it the document's folders are found
/// again, so that no document's results take the place of another's.
///
/// # Errors
/// A sentence, where there is nothing to save or it cannot be written.
pub fn document(
    entry: &Entry,
    roots: &[PathBuf],
    dir: &Path,
    formats: &[ReportFormat],
) -> Result<Vec<PathBuf>, String> {
    let results: Vec<&JobResult> = entry.results.values().collect();
    let Some(doc) = entry.document().filter(|_| !results.is_empty()) else {
        return Err(format!("There are no results of {} to save yet.", entry.name));
    };
    let path = &entry.id.0;
    let (folder, name) = home(path, root_of(roots, path));
    let decision = |job: &str, id: &FindingId| entry.decision(job, id);
    let report = Report { doc, name: &name, results: &results, decision: &decision };
    write(&dir.join(folder), &shortened(names::safe(&file_name(path))), formats, &report)
        .map_err(|e| e.to_string())
}

/// Where below the results' folder a document's results go, and its name
/// below its root.
fn home(file: &Path, root: Option<&Path>) -> (PathBuf, String) {
    let below = root.and_then(|root| file.strip_prefix(root).ok());
    let below = below.filter(|below| !below.as_os_str().is_empty());
    // A root that is a file itself counts as one in its folder.
    let (root, below) = match (root, below) {
        (Some(root), Some(below)) => (root, below),
        _ => (file.parent().unwrap_or(file), file.file_name().map_or(file, Path::new)),
    };
    let hash = blake3::hash(root.as_os_str().as_encoded_bytes()).to_hex();
    let folder = PathBuf::from(format!("{}-{}", shortened(file_name(root)), &hash[..8]));
    // Of a document inside another one the names are the sender's.
    let safe = |name: &std::ffi::OsStr| shortened(names::safe(&name.to_string_lossy()));
    let parents = below.parent().into_iter().flat_map(Path::components);
    let folder = parents.fold(folder, |folder, name| folder.join(safe(name.as_os_str())));
    (folder, below.to_string_lossy().into_owned())
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "root".into(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::app::state::{DocId, DocState, Stamp};
    use crate::domain::report::sample::agreement;

    /// The sample document as the workbench holds it, with one job's result.
    fn entry(path: &str) -> Entry {
        let mut sample = agreement();
        sample.doc.path = path.into();
        let result = sample.results.remove(0);
        let stamp = Stamp { bytes: sample.doc.bytes, modified: 0 };
        Entry {
            state: DocState::Ready(Arc::new(sample.doc)),
            generation: 1,
            results: BTreeMap::from([(result.job.clone(), result)]),
            ..Entry::new(DocId(path.into()), "agreement.pdf".into(), stamp, false)
        }
    }

    #[test]
    fn a_job_is_printed_with_the_name_of_its_document() {
        let entry = entry("/w/agreement.pdf");
        let text = job_text(&entry, "extract", ReportFormat::Md).expect("Markdown is text");
        assert!(text.starts_with("## agreement.pdf: extract\n"), "{text}");
        assert!(text.ends_with("\n\n"), "the next job is set off from it");
        let json = job_text(&entry, "extract", ReportFormat::Json).expect("JSON is text");
        assert!(json.contains("\"galley/1\""), "{json}");
        assert_eq!(job_text(&entry, "triage", ReportFormat::Md).as_deref(), Ok(""));
        let why = job_text(&entry, "extract", ReportFormat::Docx).expect_err("a zip is no text");
        assert!(why.contains("--out"), "{why}");
    }

    #[test]
    fn a_run_saves_the_jobs_that_were_asked_for_and_nothing_else() {
        let temp = tempfile::tempdir().expect("a folder");
        let mut entry = entry("/w/agreement.pdf");
        let other = JobResult { job: "triage".into(), ..entry.results["extract"].clone() };
        entry.results.insert("triage".into(), other);
        let roots = [PathBuf::from("/w")];
        let mut saved = Saved::default();
        let mut save = |jobs: &[&str]| {
            let jobs = jobs.iter().copied().collect();
            saved.write(temp.path(), &entry, &roots, &jobs, &[ReportFormat::Md])
        };
        save(&["summary"]).expect("nothing to write");
        assert!(!temp.path().join("agreement.pdf.galley.md").exists());
        save(&["extract"]).expect("it can be written");
        let path = temp.path().join("agreement.pdf.galley.md");
        let text = fs::read_to_string(path).expect("it was written");
        assert!(text.contains("## extract") && !text.contains("## triage"), "{text}");
    }

    #[test]
    fn two_documents_of_one_name_get_two_files() {
        let temp = tempfile::tempdir().expect("a folder");
        let roots = [PathBuf::from("/w")];
        let mut saved = Saved::default();
        for path in ["/w/a/agreement.pdf", "/w/b/agreement.pdf"] {
            let jobs = BTreeSet::from(["extract"]);
            saved
                .write(temp.path(), &entry(path), &roots, &jobs, &[ReportFormat::Md])
                .expect("it can be written");
        }
        let read = |name: &str| fs::read_to_string(temp.path().join(name)).expect("it is there");
        assert!(read("agreement.pdf.galley.md").contains("Source: /w/a/"));
        assert!(read("b_agreement.pdf.galley.md").contains("Source: /w/b/"));
    }

    #[test]
    fn every_document_of_every_root_has_a_place_of_its_own() {
        let at = |file: &str, root: &str| home(Path::new(file), Some(Path::new(root)));
        let (top, name) = at("/w/nda.md", "/w");
        assert_eq!(name, "nda.md");
        let (nested, name) = at("/w/a/nda.md", "/w");
        assert_eq!((nested, name.as_str()), (top.join("a"), "a/nda.md"));
        assert_ne!(at("/v/w/nda.md", "/v/w").0, top, "two roots of the same name");
        assert_eq!(at("/w/nda.md", "/w/nda.md"), (top, "nda.md".to_owned()), "a file as root");
    }
}
