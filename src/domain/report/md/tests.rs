use super::*;
use crate::domain::document::PageState;
use crate::domain::fact::Value;
use crate::domain::finding::{
    Agreement, Decision, Finding, FindingId, Opinion, Role, RoleClaim, Section, Status,
};
use crate::domain::ledger::Coverage;
use crate::domain::report::sample::{Sample, agreement};
use crate::domain::span::ByteSpan;

fn printed(sample: &Sample) -> String {
    sample.with(document)
}

#[test]
fn a_report_reads_from_its_source_to_the_place_of_each_quote() {
    let total = agreement().doc.text.len();
    assert_eq!(
        printed(&agreement()),
        format!(
            "# agreement.pdf\n\
             \n\
             Source: /folder/agreement.pdf, 2 pages, 9,876 bytes, BLAKE3 abababababab.\n\
             \n\
             Read 100 % of {total} bytes.\n\
             \n\
             No person has reviewed the findings yet (1 open).\n\
             \n\
             ## extract\n\
             \n\
             Made with starter (mistralrs) in 42 s.\n\
             \n\
             ### Dates\n\
             \n\
             - “1 March 2026” [2026-03-01] (p. 2, line 2)  \n  \
               *In:* The term starts on 1 March 2026 and ends on 28 February 2027.\n"
        )
    );
}

#[test]
fn a_job_alone_says_how_far_it_read() {
    let sample = agreement();
    let total = sample.doc.text.len();
    let text = sample.with(|report| job(report, report.results[0]));
    assert!(text.starts_with("## agreement.pdf: extract\n"), "{text}");
    assert!(text.contains(&format!("in 42 s. Read 100 % of {total} bytes.")), "{text}");
}

#[test]
fn text_of_a_document_cannot_become_markup() {
    let cases = [
        ("# Heading", "\\# Heading"),
        ("- item", "\\- item"),
        ("> quote", "\\> quote"),
        ("=====", "\\====="),
        ("12) item", "12\\) item"),
        ("2026. A year", "2026\\. A year"),
        ("[x](http://a.b)", "\\[x\\](http\\://a.b)"),
        ("![x][y]", "!\\[x\\]\\[y\\]"),
        ("<b onclick=x>", "\\<b onclick=x>"),
        ("see WWW.a.b", "see WWW\\.a.b"),
        ("&lt;b&gt; R&D; AT&T", "\\&lt;b\\&gt; R\\&D; AT&T"),
        (
            "`code` ``` *a* __b__ snake_case ~~c~~",
            "\\`code\\` \\`\\`\\` \\*a\\* \\_\\_b\\_\\_ snake_case \\~\\~c\\~\\~",
        ),
        ("a | b", "a | b"),
        ("| --- | --- |", "\\| --- | --- |"),
        (":--|:--", "\\:--|:--"),
        ("_____", "\\_____"),
        ("Date: ____ Name: ____", "Date: ____ Name: ____"),
        ("the _other_ one, ____, done", "the \\_other\\_ one, \\_\\_\\_\\_, done"),
        ("back\\slash", "back\\\\slash"),
        ("EUR 4,500.00 (net), 50 % - \"x\"", "EUR 4,500.00 (net), 50 % - \"x\""),
    ];
    for (text, expected) in cases {
        assert_eq!(guard(&escape(text)), expected);
    }
}

#[test]
fn line_ends_inside_a_finding_start_no_new_block() {
    let mut sample = agreement();
    sample.doc.text = "The date\n# 3 May\n\n---\n2026 it is.".into();
    let quote = "date\n# 3 May\n\n---\n2026";
    sample.results[0].findings.clear();
    sample.results[0].sections[0].findings.clear();
    let finding = sample.found("date", quote, None);
    sample.add(finding);
    let text = printed(&sample);
    let line = text.lines().find(|l| l.starts_with("- “date")).expect("the finding is listed");
    assert!(line.starts_with("- “date # 3 May --- 2026” (p. "), "{line}");
    assert!(!text.lines().any(|l| l.trim_start().starts_with("# 3") || l.starts_with("---")));
}

#[test]
fn titles_and_names_are_escaped_like_everything_else() {
    let mut sample = agreement();
    sample.name = "a<script>.md\n# b".into();
    sample.results[0].sections[0].title = "[Dates](x)".into();
    sample.results[0].warnings.push("# not a heading\n<i>".into());
    let text = printed(&sample);
    assert!(text.starts_with("# a\\<script>.md # b\n"), "{text}");
    assert!(text.contains("### \\[Dates\\](x)\n"), "{text}");
    assert!(text.contains("**Warning:** # not a heading \\<i>\n"), "{text}");
}

#[test]
fn decisions_doubts_and_one_sided_finds_are_said() {
    let mut sample = agreement();
    let first = sample.results[0].findings[0].clone();
    sample.decide(&first, Decision::Accepted);
    let amount = Value::Amount { amount: "4500.00".into(), currency: "EUR".into() };
    let mut fee = sample.found("amount", "EUR 4,500.00", Some(amount));
    fee.opinion = Opinion::Rules;
    fee.why = Some("Words and figures disagree.".into());
    sample.decide(&fee, Decision::Edited("EUR 4,500 net".into()));
    let mut guess = sample.found("amount", "a month", None);
    guess.text = "EUR 5,000".into();
    guess.quotes.clear();
    guess.opinion = Opinion::Model;
    guess.status = Status::Unverified;
    guess.why = Some("No such passage stands in the source.".into());
    sample.decide(&guess, Decision::Rejected);
    sample.add(fee);
    sample.add(guess);
    let text = printed(&sample);
    assert!(text.contains("reviewed 3 of 3 findings: 1 accepted, 1 edited, 1 rejected."), "{text}");
    assert!(text.contains("(p. 2, line 2)  \n  **Review: accepted.**  \n"), "{text}");
    let fee = "- EUR 4,500 net [EUR 4500.00] (p. 2, line 4), found by rules only  \n  \
               **Review: accepted with this wording.** The finding was: “EUR 4,500.00”  \n  \
               *Note:* Words and figures disagree.  \n";
    assert!(text.contains(fee), "{text}");
    let guess = "- EUR 5,000, found by the model only  \n  **Review: rejected.**  \n  \
                 **Not verified:** No such passage stands in the source.\n";
    assert!(text.contains(guess), "{text}");
}

#[test]
fn without_a_model_nothing_is_called_one_sided() {
    let mut sample = agreement();
    sample.results[0].model = "none".into();
    sample.results[0].findings[0].opinion = Opinion::Rules;
    let text = printed(&sample);
    assert!(text.contains("Made by rules, without a model, in 42 s."), "{text}");
    assert!(!text.contains("found by"), "{text}");
}

#[test]
fn a_rewritten_version_stands_as_paragraphs_over_its_source() {
    let mut sample = agreement();
    let source = "The term starts on 1 March 2026 and ends on 28 February 2027.";
    let mut version: Finding = sample.found("warm", source, None);
    version.text = "We start on 1 March 2026.\n\n1. We end\non 28 February 2027.".into();
    version.opinion = Opinion::Model;
    version.id = FindingId("version".into());
    sample.results[0].sections.push(Section {
        title: "Warm".into(),
        findings: vec![version.id.clone()],
        empty: "No version yet.".into(),
    });
    // A rewrite has nothing else.
    sample.results[0].sections.remove(0);
    sample.results[0].findings = vec![version];
    let expected = format!(
        "### Warm\n\nWe start on 1 March 2026.\n\n1\\. We end  \non 28 February 2027.\n\n\
         > “{source}” (p. 2, line 2)\n"
    );
    let text = printed(&sample);
    assert!(text.ends_with(&expected), "{text}");
}

#[test]
fn an_empty_section_says_where_it_looked_and_no_finding_is_lost() {
    let mut sample = agreement();
    let id = sample.results[0].sections[0].findings.pop().expect("one finding");
    let text = printed(&sample);
    assert!(text.contains("### Dates\n\nNone found in 2 of 2 parts.\n"), "{text}");
    assert!(text.contains("### Other findings\n\n- “1 March 2026”"), "{id} is lost: {text}");
}

#[test]
fn what_was_not_read_is_said_before_any_finding() {
    let mut sample = agreement();
    let total = sample.doc.text.len();
    sample.doc.pages[0].state = PageState::Scan;
    sample.doc.warning = Some("Reading ended at page 2 of 9.".into());
    let missing = ByteSpan::new(0, 20).len();
    let partial = Coverage {
        read: total - missing,
        failed: missing,
        total,
        pages_not_read: 1,
        pages: 2,
        ..Coverage::default()
    };
    sample.results[0].coverage = partial;
    let text = printed(&sample);
    let head = text.split("## extract").next().expect("there is a head");
    assert!(head.contains("20 bytes meant to be read and not read."), "{head}");
    assert!(head.contains("- Page 1: a scanned image, its text was not read.\n"), "{head}");
    assert!(head.contains("**Warning:** Reading ended at page 2 of 9.\n"), "{head}");
    assert_eq!(text.matches("Reading ended").count(), 1, "said once: {text}");
}

#[test]
fn a_job_alone_names_the_pages_that_were_not_read() {
    let mut sample = agreement();
    sample.doc.pages[0].state = PageState::Failed;
    sample.results[0].coverage.pages_not_read = 1;
    let total = sample.doc.text.len();
    let text = sample.with(|report| job(report, report.results[0]));
    let read = format!("Read {total} of {total} bytes of text; 1 of 2 pages could not be read.");
    assert!(text.contains(&read), "{text}");
    assert!(text.contains("\n- Page 1: could not be read.\n"), "{text}");
}

#[test]
fn roles_and_why_they_were_given_are_told() {
    let mut sample = agreement();
    let notes = &mut sample.results[0].findings[0].notes;
    let claim =
        |role, opinion, why: &str| RoleClaim { role, opinion, overruled: false, why: why.into() };
    notes.roles = vec![
        claim(Role::EffectiveDate, Opinion::Both, "The term starts on it."),
        claim(Role::AgreementDate, Opinion::Model, ""),
    ];
    notes.agreement = Some(Agreement { said: 2, of: 3 });
    let text = printed(&sample);
    let first = "- “1 March 2026” [2026-03-01], effective date, agreement date (model), \
                 said 2 of 3 times (p. 2, line 2)  \n  *Effective date:* The term starts on it.";
    assert!(text.contains(first), "{text}");
}

#[test]
fn two_opposed_quotes_stand_under_what_is_said_of_them_with_their_places() {
    let mut sample = agreement();
    let one = sample.found("point", "The term starts on 1 March 2026", None);
    let other = sample.found("point", "ends on 28 February 2027", None);
    let quotes = vec![one.quotes[0].clone(), other.quotes[0].clone()];
    let text = "It starts or it ends.".into();
    sample.add(Finding { text, quotes, ..one });
    let text = printed(&sample);
    assert!(text.contains("- It starts or it ends. (p. 2, line 2; also p. 2, line 2)"), "{text}");
    for words in ["The term starts on 1 March 2026", "ends on 28 February 2027"] {
        assert!(text.contains(&format!("*Source:* “{words}” (p. 2, line 2)")), "{text}");
    }
}

#[test]
fn why_only_one_side_found_something_is_told() {
    let mut sample = agreement();
    let finding = &mut sample.results[0].findings[0];
    finding.opinion = Opinion::Rules;
    finding.notes.one_sided = Some("The model's list was full.".into());
    let text = printed(&sample);
    assert!(text.contains(", found by rules only  \n  *One side:* The model's list"), "{text}");
}
