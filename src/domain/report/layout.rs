//! The report for people as a row of blocks: what is said and in which order.
//! Knows nothing of Markdown or Word; both print the same blocks.

use super::Report;
use super::words::{self, Context, clean};
use crate::domain::finding::{Decision, Finding, JobResult, Opinion, Quote, Section, Status};
use crate::domain::ledger::Coverage;
use crate::domain::marks::AsideKind;

/// A quote up to this many characters is shown with the sentence around it.
const SHORT: usize = 80;

/// Longest sentence shown around a quote, and longest source shown under a
/// text in other words; in characters.
const CONTEXT: usize = 240;

/// Most quotes shown under a finding that is in other words than theirs.
const SOURCES: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Strong,
    Emphasis,
    /// Printed in square brackets.
    Value,
}

/// A stretch of one line in one style; its text holds no line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub text: String,
    pub style: Style,
}

pub(super) type Line = Vec<Run>;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Block {
    /// Level 1 is the document's title.
    Heading { level: usize, text: String },
    /// Lines that belong together, as a verse does.
    Paragraph(Vec<Line>),
    /// A list item: its line and what is said below it.
    Item(Vec<Line>),
    /// The source's words under a text that is not the source's.
    Quote(Line),
    /// Each job's coverage. Words for it stand in paragraphs; a format with
    /// tables shows the figures too.
    Ledger(Vec<(String, Coverage)>),
}

fn plain(text: impl Into<String>) -> Run {
    Run { text: text.into(), style: Style::Plain }
}

fn strong(text: impl Into<String>) -> Run {
    Run { text: text.into(), style: Style::Strong }
}

fn emphasis(text: impl Into<String>) -> Run {
    Run { text: text.into(), style: Style::Emphasis }
}

fn paragraph(text: impl Into<String>) -> Block {
    Block::Paragraph(vec![vec![plain(text)]])
}

fn warning(text: &str) -> Block {
    Block::Paragraph(vec![vec![strong("Warning:"), plain(format!(" {}", clean(text)))]])
}

/// Makes the blocks of one report.
pub(super) struct Layout<'a> {
    report: &'a Report<'a>,
    context: Context<'a>,
}

impl<'a> Layout<'a> {
    pub fn new(report: &'a Report<'a>) -> Self {
        Self { report, context: Context::new(report.doc) }
    }

    /// The whole report.
    pub fn document(&self) -> Vec<Block> {
        let Report { doc, name, results, .. } = self.report;
        let overall = self.report.coverage();
        let mut blocks = vec![
            Block::Heading { level: 1, text: clean(name) },
            paragraph(self.source()),
            paragraph(words::coverage(&overall)),
        ];
        blocks.extend(self.pages());
        let ledger = results.iter().map(|r| (clean(&r.job), r.coverage.clone())).collect();
        blocks.push(Block::Ledger(ledger));
        blocks.extend(doc.warning.as_deref().map(warning));
        blocks.push(paragraph(self.reviewed()));
        for result in *results {
            let said_above = |text: &String| Some(text) == doc.warning.as_ref();
            let same = result.coverage == overall;
            let coverage = (!same).then(|| words::coverage(&result.coverage));
            let warnings: Vec<String> =
                self.report.warnings(result).into_iter().filter(|w| !said_above(w)).collect();
            blocks.extend(Self::head(&result.job, result, coverage, &warnings));
            blocks.extend(self.body(result));
        }
        blocks
    }

    /// One job, complete in itself: it names its document too.
    pub fn job(&self, result: &JobResult) -> Vec<Block> {
        let coverage = words::coverage(&result.coverage);
        let title = format!("{}: {}", self.report.name, result.job);
        let warnings = self.report.warnings(result);
        let mut blocks = Self::head(&title, result, Some(coverage), &warnings);
        blocks.extend(self.pages());
        blocks.extend(self.body(result));
        blocks
    }

    /// The pages that hold no text to work on, as a list.
    fn pages(&self) -> Vec<Block> {
        let pages = words::pages(&self.report.doc.pages).into_iter();
        pages.map(|line| Block::Item(vec![vec![plain(line)]])).collect()
    }

    fn head(
        title: &str,
        result: &JobResult,
        coverage: Option<String>,
        warnings: &[String],
    ) -> Vec<Block> {
        let said = coverage.map_or(made_by(result), |c| format!("{} {c}", made_by(result)));
        let mut blocks = vec![Block::Heading { level: 2, text: clean(title) }, paragraph(said)];
        blocks.extend(warnings.iter().map(|w| warning(w)));
        blocks
    }

    fn body(&self, result: &JobResult) -> Vec<Block> {
        let sections = self.sections(result).into_iter();
        sections
            .flat_map(|(title, body)| {
                [Block::Heading { level: 3, text: title }].into_iter().chain(body)
            })
            .collect()
    }

    /// A job's sections with their bodies. A finding that no section holds
    /// stands in one more at the end, so that none is lost.
    pub fn sections(&self, result: &JobResult) -> Vec<(String, Vec<Block>)> {
        let mut sections: Vec<(String, Vec<Block>)> =
            result.sections.iter().map(|s| (clean(&s.title), self.section(result, s))).collect();
        let in_a_section =
            |f: &&Finding| result.sections.iter().any(|s| s.findings.contains(&f.id));
        let rest: Vec<&Finding> = result.findings.iter().filter(|f| !in_a_section(f)).collect();
        if !rest.is_empty() {
            sections.push(("Other findings".into(), self.findings(result, &rest)));
        }
        sections
    }

    fn section(&self, result: &JobResult, section: &Section) -> Vec<Block> {
        let findings: Vec<&Finding> =
            section.findings.iter().filter_map(|id| result.finding(id)).collect();
        if findings.is_empty() {
            let empty = clean(&section.empty);
            return vec![paragraph(if empty.is_empty() { "None found.".into() } else { empty })];
        }
        self.findings(result, &findings)
    }

    /// A list; or paragraphs, where most findings are texts in other words
    /// than the source's, such as rewritten versions.
    fn findings(&self, result: &JobResult, findings: &[&Finding]) -> Vec<Block> {
        let is_version = |f: &&Finding| is_long(f) && !self.is_its_quote(f);
        // All sections of a rewrite look alike, also one that left much as it was.
        let retold = result.findings.iter().filter(is_version).count() * 2 > result.findings.len();
        let blocks = findings.iter().map(|finding| {
            let decision = (self.report.decision)(&result.job, &finding.id);
            if retold {
                self.version(finding, &decision)
            } else {
                vec![self.item(result, finding, &decision)]
            }
        });
        blocks.flatten().collect()
    }

    fn item(&self, result: &JobResult, finding: &Finding, decision: &Decision) -> Block {
        let mut first = vec![plain(self.shown(finding, decision))];
        if let Some(value) = finding.value.as_ref().map(words::value)
            && value != clean(&finding.text)
        {
            first.extend([plain(" "), Run { text: value, style: Style::Value }]);
        }
        if let Some(known) = words::known_of(finding) {
            first.push(plain(format!(", {known}")));
        }
        if let Some(places) = words::places(&finding.quotes) {
            first.push(plain(format!(" ({places})")));
        }
        if let Some(kind) = finding.quotes.first().and_then(|quote| self.set_aside(quote)) {
            first.push(plain(format!(", from {}", kind.name())));
        }
        let took_part = !matches!(result.model.as_str(), "" | "none");
        match finding.opinion {
            Opinion::Model => first.push(plain(", found by the model only")),
            Opinion::Rules if took_part => first.push(plain(", found by rules only")),
            Opinion::Rules | Opinion::Both => {}
        }
        let mut lines = vec![first];
        lines.extend(self.verdict(finding, decision));
        let one_sided = finding.notes.one_sided.as_deref().map(clean);
        lines.extend(one_sided.map(|why| vec![emphasis("One side:"), plain(format!(" {why}"))]));
        lines.extend(self.evidence(finding));
        Block::Item(lines)
    }

    /// The words of the source that a list item does not show yet.
    fn evidence(&self, finding: &Finding) -> Vec<Line> {
        if !self.is_its_quote(finding) {
            let sources = finding.quotes.iter().take(SOURCES);
            return sources.map(|quote| self.source_line(quote)).collect();
        }
        finding.quotes.first().and_then(|quote| self.around(quote)).into_iter().collect()
    }

    fn source_line(&self, quote: &Quote) -> Line {
        let place = clean(&quote.cited());
        vec![emphasis("Source:"), plain(format!(" {} ({place})", self.shortened(quote)))]
    }

    /// The sentence around a short quote.
    fn around(&self, quote: &Quote) -> Option<Line> {
        if self.quote(quote).chars().count() > SHORT {
            return None;
        }
        let sentence = self.context.around(quote, CONTEXT)?;
        Some(vec![emphasis("In:"), plain(format!(" {sentence}"))])
    }

    /// A text on one line, for reading.
    fn read(&self, text: &str) -> String {
        words::unmarked(&clean(text), self.report.doc.format)
    }

    /// The beginning of a quote, in quotation marks.
    fn shortened(&self, quote: &Quote) -> String {
        format!("“{}”", words::shorten(&self.read(&self.quote(quote)), 0..0, CONTEXT))
    }

    /// Why the words of a quote are set aside, where they all are: a job may be
    /// given them when a person says so.
    fn set_aside(&self, quote: &Quote) -> Option<AsideKind> {
        let doc = self.report.doc;
        let mut asides = doc.marks.asides_within(quote.span).iter();
        let around = asides.find(|aside| aside.span.contains(quote.span))?;
        quote.stands_in(doc).then_some(around.kind)
    }

    fn quote(&self, quote: &Quote) -> String {
        words::quote(self.report.doc, quote)
    }

    /// Whether the finding's text is the source's own words.
    fn is_its_quote(&self, finding: &Finding) -> bool {
        let text = clean(&finding.text);
        let is_it = |quote: &Quote| {
            is_said(&text, &self.quote(quote)) || is_said(&text, &clean(&quote.text))
        };
        finding.quotes.iter().any(is_it)
    }

    /// The text to read first: a person's own, or the finding's.
    fn shown(&self, finding: &Finding, decision: &Decision) -> String {
        match decision {
            Decision::Edited(text) => clean(text),
            _ if self.is_its_quote(finding) => format!("“{}”", self.read(&finding.text)),
            _ => self.read(&finding.text),
        }
    }

    /// What a person decided, and what is doubtful.
    fn verdict(&self, finding: &Finding, decision: &Decision) -> Vec<Line> {
        let mut lines = Vec::new();
        match decision {
            Decision::Open => {}
            Decision::Accepted | Decision::Rejected => {
                lines.push(vec![strong(format!("Review: {}.", decision.name()))]);
            }
            Decision::Edited(_) => {
                let was = format!(" The finding was: “{}”", self.read(&finding.text));
                lines.push(vec![strong("Review: accepted with this wording."), plain(was)]);
            }
        }
        let why = finding.why.as_deref().map(clean).filter(|why| !why.is_empty());
        for claim in &finding.notes.roles {
            let why = clean(&claim.why);
            // What is said as a doubt already is not said again.
            if !why.is_empty() && finding.why.as_deref().map(clean).as_ref() != Some(&why) {
                lines.push(vec![
                    emphasis(title_case(&claim.label()) + ":"),
                    plain(format!(" {why}")),
                ]);
            }
        }
        match (finding.status, why) {
            (Status::Unverified, Some(why)) => {
                lines.push(vec![strong("Not verified:"), plain(format!(" {why}"))]);
            }
            (Status::Unverified, None) => lines.push(vec![strong("Not verified.")]),
            (Status::Anchored, Some(why)) => {
                lines.push(vec![emphasis("Note:"), plain(format!(" {why}"))]);
            }
            (Status::Anchored, None) => {}
        }
        lines
    }

    /// A rewritten text in full, with its source under it.
    fn version(&self, finding: &Finding, decision: &Decision) -> Vec<Block> {
        let text = match decision {
            Decision::Edited(text) => text,
            _ => &finding.text,
        };
        let mut blocks: Vec<Block> = Vec::new();
        let mut lines: Vec<Line> = Vec::new();
        for line in text.lines().map(|line| self.read(line)).chain([String::new()]) {
            if !line.is_empty() {
                lines.push(vec![plain(line)]);
            } else if !lines.is_empty() {
                blocks.push(Block::Paragraph(std::mem::take(&mut lines)));
            }
        }
        let verdict = self.verdict(finding, decision);
        if !verdict.is_empty() {
            blocks.push(Block::Paragraph(verdict));
        }
        if let (Some(quote), Some(places)) =
            (finding.quotes.first(), words::places(&finding.quotes))
        {
            let source = self.shortened(quote);
            blocks.push(Block::Quote(vec![plain(format!("{source} ({places})"))]));
        }
        blocks
    }

    fn source(&self) -> String {
        let doc = self.report.doc;
        let short: String = doc.source.0.chars().take(12).collect();
        let pages = match doc.pages.len() {
            1 => "1 page".into(),
            n => format!("{} pages", words::grouped(n as u64)),
        };
        let size = words::grouped(doc.bytes);
        format!("Source: {}, {pages}, {size} bytes, BLAKE3 {short}.", clean(&path(self.report)))
    }

    /// How far a person has been through the findings.
    fn reviewed(&self) -> String {
        let decisions: Vec<Decision> = self
            .report
            .results
            .iter()
            .flat_map(|r| r.findings.iter().map(|f| (self.report.decision)(&r.job, &f.id)))
            .collect();
        let all = decisions.len();
        let count = |name: &str| decisions.iter().filter(|d| d.name() == name).count();
        let done = all - count("open");
        match (all, done) {
            (0, _) => "There are no findings to review.".into(),
            (_, 0) => format!("No person has reviewed the findings yet ({all} open)."),
            _ => format!(
                "A person has reviewed {done} of {all} findings: {} accepted, {} edited, \
                 {} rejected.",
                count("accepted"),
                count("edited"),
                count("rejected")
            ),
        }
    }
}

/// The source's path as it is written into results.
pub(super) fn path(report: &Report<'_>) -> String {
    report.doc.path.to_string_lossy().into_owned()
}

/// Whether a text is these words, or these words behind the name of who said
/// them: "Ann Berg: I agree."
fn is_said(text: &str, words: &str) -> bool {
    let speaker = text.strip_suffix(words).map(str::trim_end);
    speaker
        .is_some_and(|name| name.is_empty() || name.ends_with(':') || ["A.", "Q."].contains(&name))
}

/// With a capital at its beginning.
fn title_case(words: &str) -> String {
    let mut chars = words.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}

/// Whether a finding has as much to read as its one source has, as a rewritten
/// paragraph does; a class, a subject or two opposed quotes do not.
fn is_long(finding: &Finding) -> bool {
    let [quote] = finding.quotes.as_slice() else { return false };
    finding.value.is_none() && finding.text.len() * 4 > quote.text.len()
}

fn made_by(result: &JobResult) -> String {
    let took = words::duration(result.seconds);
    match result.model.as_str() {
        "" | "none" => format!("Made by rules, without a model, in {took}."),
        model => format!("Made with {} ({}) in {took}.", clean(model), clean(&result.engine)),
    }
}
