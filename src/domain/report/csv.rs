//! One finding a row, for spreadsheets (RFC 4180, UTF-8). Cells that a
//! spreadsheet would run as a formula are made text.

use super::layout::path;
use super::{Report, absences, words};
use crate::domain::fact::Value;
use crate::domain::finding::{Decision, Finding, JobResult, Opinion, Quote, RoleClaim, Status};

const HEAD: [&str; 19] = [
    "path",
    "job",
    "kind",
    "text",
    "value",
    "currency",
    "start",
    "end",
    "page",
    "line",
    "status",
    "why",
    "opinion",
    "decision",
    "edited",
    "cite",
    "roles",
    "derived",
    "agreement",
];

/// The table with its head; after the findings of a job a row of kind `ledger`
/// tells how far it read, and one of kind `none_found` each what it did not find. `start` and `end` are byte offsets of the first
/// quote; `edited` is the text a person put in place of `text`, `cite` how the quote is
/// cited, `roles` are joined by semicolons, `agreement` is "3/5".
pub(super) fn table(report: &Report<'_>) -> String {
    let path = path(report);
    let mut table = line(&HEAD.map(str::to_owned));
    for result in report.results {
        for finding in &result.findings {
            table.push_str(&line(&row(report, &path, result, finding)));
        }
        let warnings = report.warnings(result).join("\n");
        let coverage = words::coverage(&result.coverage);
        table.push_str(&line(&remark(&path, result, "ledger", &coverage, &warnings)));
        for absent in absences(result) {
            table.push_str(&line(&remark(&path, result, "none_found", &absent, "")));
        }
    }
    table
}

/// A row that is no finding: how far a job read, what it did not find.
fn remark(path: &str, result: &JobResult, kind: &str, text: &str, why: &str) -> [String; 19] {
    let mut row: [String; 19] = std::array::from_fn(|_| String::new());
    row[0] = inert(path);
    row[1] = inert(&result.job);
    kind.clone_into(&mut row[2]);
    row[3] = inert(text);
    row[11] = inert(why);
    row
}

fn row(report: &Report<'_>, path: &str, result: &JobResult, finding: &Finding) -> [String; 19] {
    let (value, currency) = match &finding.value {
        Some(Value::Amount { amount, currency }) => (amount.as_str(), currency.as_str()),
        Some(Value::Text(text)) => (text.as_str(), ""),
        None => ("", ""),
    };
    let quote = finding.quotes.first();
    let number = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
    let status = match finding.status {
        Status::Anchored => "anchored",
        Status::Unverified => "unverified",
    };
    let opinion = match finding.opinion {
        Opinion::Both => "both",
        Opinion::Model => "model",
        Opinion::Rules => "rules",
    };
    let decision = (report.decision)(&result.job, &finding.id);
    let edited = match &decision {
        Decision::Edited(text) => text.as_str(),
        Decision::Open | Decision::Accepted | Decision::Rejected => "",
    };
    [
        inert(path),
        inert(&result.job),
        inert(&finding.kind),
        inert(&finding.text),
        inert(value),
        inert(currency),
        number(quote.map(|q| q.span.start)),
        number(quote.map(|q| q.span.end)),
        number(quote.map(|q| q.place.page as usize)),
        number(quote.map(|q| q.place.line as usize)),
        status.to_owned(),
        inert(finding.why.as_deref().unwrap_or_default()),
        opinion.to_owned(),
        decision.name().to_owned(),
        inert(edited),
        cite(&quote.map(Quote::cited).unwrap_or_default()),
        roles(finding),
        if finding.notes.derived { "yes".to_owned() } else { String::new() },
        finding.notes.agreement.map(|a| format!("{}/{}", a.said, a.of)).unwrap_or_default(),
    ]
}

/// `effective_date; expiration_date (model)`; `effective_date (model, overruled)`
/// of what is no answer.
fn roles(finding: &Finding) -> String {
    let named = |claim: &RoleClaim| match (claim.opinion, claim.overruled) {
        (Opinion::Model, false) => format!("{} (model)", claim.role.name()),
        (Opinion::Model, true) => format!("{} (model, overruled)", claim.role.name()),
        (Opinion::Both | Opinion::Rules, true) => {
            format!("{} (rules, overruled)", claim.role.name())
        }
        (Opinion::Both | Opinion::Rules, false) => claim.role.name().to_owned(),
    };
    finding.notes.roles.iter().map(named).collect::<Vec<_>>().join("; ")
}

/// How a quote is cited, with a word before page and line of a deposition
/// ("p. 112:4") and before a time ("at 00:01:05"): spreadsheets make times of
/// day of both.
fn cite(cite: &str) -> String {
    let is_figures = cite.starts_with(|c: char| c.is_ascii_digit());
    let is_time = cite.matches(':').count() == 2 && !cite.contains('–');
    match (is_figures, is_time) {
        (true, true) => format!("at {cite}"),
        (true, false) => format!("p. {cite}"),
        (false, _) => inert(cite),
    }
}

/// A cell that no spreadsheet takes for a formula. Spreadsheets start one at
/// `=`, `+`, `-` or `@`, some also at the full-width forms, after white space
/// or at a tab; an apostrophe in front makes the cell text.
fn inert(text: &str) -> String {
    let starts_one = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠']);
    if starts_one || text.starts_with(['\t', '\r', '\n']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

fn line(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| {
            if cell.contains([',', '"', '\r', '\n']) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.clone()
            }
        })
        .collect();
    cells.join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Agreement, Role};
    use crate::domain::report::sample::{agreement, date};

    #[test]
    fn the_roles_of_a_finding_say_which_are_the_model_s_alone() {
        let mut sample = agreement();
        let notes = &mut sample.results[0].findings[0].notes;
        let claim =
            |role, opinion| RoleClaim { role, opinion, overruled: false, why: String::new() };
        notes.roles = vec![
            claim(Role::EffectiveDate, Opinion::Both),
            claim(Role::AgreementDate, Opinion::Model),
        ];
        notes.agreement = Some(Agreement { said: 2, of: 3 });
        let table = sample.with(table);
        assert!(table.contains(",effective_date; agreement_date (model),,2/3\r\n"), "{table}");
    }

    #[test]
    fn a_role_that_was_overruled_does_not_stand_as_the_answer() {
        for (opinion, told) in [(Opinion::Model, "model"), (Opinion::Rules, "rules")] {
            let mut sample = agreement();
            let (role, why) = (Role::EffectiveDate, String::new());
            sample.results[0].findings[0].notes.roles =
                vec![RoleClaim { role, opinion, overruled: true, why }];
            let table = sample.with(table);
            let cell = format!(",\"effective_date ({told}, overruled)\",,\r\n");
            assert!(table.contains(&cell), "{table}");
        }
    }

    #[test]
    fn a_finding_is_a_row_under_the_head() {
        let mut sample = agreement();
        let amount = Value::Amount { amount: "4500.00".into(), currency: "EUR".into() };
        let fee = sample.found("amount", "EUR 4,500.00", Some(amount));
        sample.decide(&fee, Decision::Edited("the \"fee\"".into()));
        let start = fee.quotes[0].span.start;
        sample.add(fee);
        let table = sample.with(table);
        let rows: Vec<&str> = table.split_terminator("\r\n").collect();
        assert_eq!(rows.len(), 4, "{table}");
        assert!(rows[3].starts_with("/folder/agreement.pdf,extract,ledger,Read 100 % of "));
        assert_eq!(
            rows[0],
            "path,job,kind,text,value,currency,start,end,page,line,status,why,opinion,decision,edited,cite,roles,derived,agreement"
        );
        assert_eq!(
            rows[2],
            format!(
                "/folder/agreement.pdf,extract,amount,\"EUR 4,500.00\",4500.00,EUR,{start},{},2,4,\
                 anchored,,both,edited,\"the \"\"fee\"\"\",\"p. 2, line 4\",,,",
                start + 12
            )
        );
    }

    #[test]
    fn a_cell_of_several_lines_stays_one_cell() {
        let sample = agreement();
        let heading = sample.found("note", "1. Term\nThe term", None).text;
        assert_eq!(line(&[heading, "b".into()]), "\"1. Term\nThe term\",b\r\n");
    }

    #[test]
    fn no_cell_starts_a_formula() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1"] {
            assert_eq!(inert(text), format!("'{text}"));
        }
        for text in ["1-1", "a=b", "EUR -5", "", "x@y.z"] {
            assert_eq!(inert(text), text);
        }
    }

    #[test]
    fn no_cite_is_taken_for_a_time_of_day() {
        assert_eq!(cite("112:4"), "p. 112:4");
        assert_eq!(cite("112:4–9"), "p. 112:4–9");
        assert_eq!(cite("112:25–113:1"), "p. 112:25–113:1");
        assert_eq!(cite("00:01:05"), "at 00:01:05");
        assert_eq!(cite("p. 2, line 4"), "p. 2, line 4");
        assert_eq!(cite("line 12"), "line 12");
    }

    #[test]
    fn every_column_of_foreign_text_is_made_inert() {
        let mut sample = agreement();
        sample.doc.path = "=path".into();
        sample.results[0].job = "=job".into();
        let finding = &mut sample.results[0].findings[0];
        finding.kind = "=kind".into();
        finding.text = "=text".into();
        finding.value = Some(date("=value"));
        finding.why = Some("=why".into());
        let finding = finding.clone();
        sample.decide(&finding, Decision::Edited("=edited".into()));
        let table = sample.with(table);
        let row = table.split_terminator("\r\n").nth(1).expect("a row");
        for cell in ["path", "job", "kind", "text", "value", "why", "edited"] {
            assert!(row.split(',').any(|c| c == format!("'={cell}")), "{cell} in {row}");
        }
        assert!(!row.split(',').any(|c| c.starts_with('=')), "{row}");
    }
}
