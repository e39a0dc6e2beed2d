//! Dates that were found as a calendar (RFC 5545): an all-day event for each
//! that is anchored, complete and not rejected.

use jiff::civil::Date;

use super::Report;
use super::words::{self, Context, clean};
use crate::domain::fact::{FactKind, Value};
use crate::domain::finding::{Decision, Finding, Status};
use crate::domain::recognise;

/// Longest title of an event, and longest sentence in its description; in characters.
const TITLE: usize = 80;
const SENTENCE: usize = 400;

/// Most octets of a line before it is folded.
const WIDTH: usize = 75;

/// The calendar. `now` is the time it is made, UTC, "20260301T120000Z". A
/// document without such dates gives a calendar without events.
pub(super) fn calendar(report: &Report<'_>, now: &str) -> String {
    let context = Context::new(report.doc);
    let mut lines: Vec<String> = vec![
        "BEGIN:VCALENDAR".into(),
        "VERSION:2.0".into(),
        "PRODID:-//galley//galley//EN".into(),
        "CALSCALE:GREGORIAN".into(),
        format!("X-WR-CALDESC:{}", escape(&words::coverage(&report.coverage()))),
    ];
    for result in report.results {
        for finding in &result.findings {
            let decision = (report.decision)(&result.job, &finding.id);
            if let Some(days) = days(finding, &decision) {
                lines.extend(event(report, &context, finding, &decision, days, now));
            }
        }
    }
    lines.push("END:VCALENDAR".into());
    lines.iter().map(|line| fold(line)).collect()
}

/// The days of a finding that belongs in a calendar, first and last. Where a
/// person put their own text in its place and names a date there, that counts.
fn days(finding: &Finding, decision: &Decision) -> Option<(Date, Date)> {
    if finding.status != Status::Anchored || *decision == Decision::Rejected {
        return None;
    }
    // A computed day that is no answer stands nowhere in the document.
    let roles = &finding.notes.roles;
    if finding.notes.derived && !roles.is_empty() && roles.iter().all(|claim| claim.overruled) {
        return None;
    }
    let found = range(finding.value.as_ref()?)?;
    let Decision::Edited(text) = decision else { return Some(found) };
    let facts = recognise::recognise(text);
    match facts.iter().find(|fact| fact.kind == FactKind::Date) {
        Some(named) => range(named.value.as_ref()?),
        None => Some(found),
    }
}

/// A full ISO 8601 date that exists, or a range of two.
fn range(value: &Value) -> Option<(Date, Date)> {
    let Value::Text(iso) = value else { return None };
    let (first, last) = iso.split_once('/').unwrap_or((iso, iso));
    let (first, last) = (day(first)?, day(last)?);
    (first <= last).then_some((first, last))
}

/// "2026-03-01", not "2026-03".
fn day(iso: &str) -> Option<Date> {
    if iso.len() == "2026-03-01".len() { iso.parse().ok() } else { None }
}

fn event(
    report: &Report<'_>,
    context: &Context<'_>,
    finding: &Finding,
    decision: &Decision,
    (first, last): (Date, Date),
    now: &str,
) -> Vec<String> {
    let words = clean(&finding.text);
    let quote = finding.quotes.first();
    let around = |max| quote.and_then(|quote| context.around(quote, max));
    let title = match decision {
        Decision::Edited(text) => words::shorten(&clean(text), 0..0, TITLE),
        _ => around(TITLE).unwrap_or_else(|| words::shorten(&words, 0..0, TITLE)),
    };
    let title = match finding.notes.roles.iter().find(|claim| !claim.overruled) {
        Some(claim) => format!("{}: {title}", claim.label()),
        None => title,
    };
    let sentence = around(SENTENCE).unwrap_or_else(|| words::shorten(&words, 0..0, SENTENCE));
    let mut place = clean(report.name);
    if let Some(places) = words::places(&finding.quotes) {
        place = format!("{place}, {places}");
    }
    let mut described = format!("{place}\n“{sentence}”");
    if let Some(why) = &finding.why {
        described = format!("{described}\n{}", clean(why));
    }
    if finding.notes.derived {
        described = format!("{described}\nThis date was computed.");
    }
    let settled = matches!(decision, Decision::Accepted | Decision::Edited(_));
    let mut lines = vec![
        "BEGIN:VEVENT".into(),
        format!("UID:{}", uid(report, finding)),
        format!("DTSTAMP:{now}"),
        format!("DTSTART;VALUE=DATE:{}", first.strftime("%Y%m%d")),
    ];
    lines.extend(end(first, last));
    lines.extend([
        format!("SUMMARY:{}", escape(&title)),
        format!("DESCRIPTION:{}", escape(&described)),
        format!("STATUS:{}", if settled { "CONFIRMED" } else { "TENTATIVE" }),
        "TRANSP:TRANSPARENT".into(),
        "END:VEVENT".into(),
    ]);
    lines
}

/// The end of an event of several days: the day after the last (RFC 5545,
/// 3.6.1). One of a single day needs none.
fn end(first: Date, last: Date) -> Option<String> {
    let after = last.tomorrow().ok().filter(|_| last > first)?;
    Some(format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")))
}

/// The same for the same finding of the same document at every export, so
/// that a calendar replaces an event and does not add a second one. The
/// document's name is part of it: two documents may name the same date.
fn uid(report: &Report<'_>, finding: &Finding) -> String {
    let name = blake3::hash(report.name.as_bytes()).to_hex();
    format!("{}-{}@galley", finding.id, &name[..12])
}

/// RFC 5545, 3.3.11.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '\\' | ';' | ',' => escaped.extend(['\\', sign]),
            '\n' => escaped.push_str("\\n"),
            _ => escaped.push(sign),
        }
    }
    escaped
}

/// A content line with its line end, folded to [`WIDTH`] octets (RFC 5545,
/// 3.1), never inside a character.
fn fold(line: &str) -> String {
    let mut folded = String::with_capacity(line.len() + line.len() / WIDTH * 3 + 2);
    let mut width = 0;
    for sign in line.chars() {
        if width + sign.len_utf8() > WIDTH {
            folded.push_str("\r\n ");
            width = 1;
        }
        folded.push(sign);
        width += sign.len_utf8();
    }
    folded + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::finding::{Opinion, Role, RoleClaim};
    use crate::domain::report::sample::{Sample, agreement, date};

    const NOW: &str = "20260102T030405Z";

    fn made(sample: &Sample) -> String {
        sample.with(|report| calendar(report, NOW))
    }

    /// The logical lines, as a calendar program reads them.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split_terminator("\r\n").map(str::to_owned).collect()
    }

    fn line<'a>(lines: &'a [String], name: &str) -> &'a str {
        lines.iter().find(|l| l.starts_with(name)).map_or("", |l| &l[name.len()..])
    }

    #[test]
    fn a_full_date_is_an_all_day_event_with_its_sentence_and_place() {
        let lines = unfolded(&made(&agreement()));
        assert_eq!(lines[0], "BEGIN:VCALENDAR");
        assert_eq!(lines[1], "VERSION:2.0");
        assert!(lines[2].starts_with("PRODID:"));
        assert_eq!(lines.last().map(String::as_str), Some("END:VCALENDAR"));
        assert_eq!(line(&lines, "DTSTAMP:"), NOW);
        assert_eq!(line(&lines, "DTSTART;VALUE=DATE:"), "20260301");
        assert_eq!(
            line(&lines, "SUMMARY:"),
            "The term starts on 1 March 2026 and ends on 28 February 2027."
        );
        assert_eq!(
            line(&lines, "DESCRIPTION:"),
            "agreement.pdf\\, p. 2\\, line 2\\n“The term starts on 1 March 2026 and ends on \
             28 February 2027.”"
        );
        assert_eq!(line(&lines, "STATUS:"), "TENTATIVE");
    }

    #[test]
    fn a_range_of_dates_is_an_event_up_to_the_day_after_its_last() {
        let mut sample = agreement();
        sample.results[0].findings[0].value = Some(date("2026-03-12/2026-03-15"));
        let lines = unfolded(&made(&sample));
        assert_eq!(line(&lines, "DTSTART;VALUE=DATE:"), "20260312");
        assert_eq!(line(&lines, "DTEND;VALUE=DATE:"), "20260316");
        sample.results[0].findings[0].value = Some(date("2026-03-15/2026-03-12"));
        assert!(!made(&sample).contains("VEVENT"), "it would end before it begins");
    }

    #[test]
    fn an_event_says_its_role_and_whether_its_date_was_computed() {
        let mut sample = agreement();
        let notes = &mut sample.results[0].findings[0].notes;
        let role = Role::ExpirationDate;
        notes.roles =
            vec![RoleClaim { role, opinion: Opinion::Rules, overruled: false, why: String::new() }];
        notes.derived = true;
        let lines = unfolded(&made(&sample));
        assert!(line(&lines, "SUMMARY:").starts_with("expiration date: The term starts"));
        assert!(line(&lines, "DESCRIPTION:").ends_with("This date was computed."));
    }

    #[test]
    fn a_role_that_was_overruled_names_no_event_and_a_day_computed_for_it_is_none() {
        let mut sample = agreement();
        let notes = &mut sample.results[0].findings[0].notes;
        let (role, why) = (Role::EffectiveDate, String::new());
        notes.roles = vec![RoleClaim { role, opinion: Opinion::Model, overruled: true, why }];
        let lines = unfolded(&made(&sample));
        assert!(line(&lines, "SUMMARY:").starts_with("The term starts"), "{lines:?}");
        sample.results[0].findings[0].notes.derived = true;
        assert!(!made(&sample).contains("VEVENT"));
    }

    #[test]
    fn what_is_partial_impossible_unverified_or_rejected_is_no_event() {
        for value in ["2026-03", "2026", "--03-01", "2026-02-30", "Ann Berg Co"] {
            let mut sample = agreement();
            sample.results[0].findings[0].value = Some(date(value));
            assert!(!made(&sample).contains("VEVENT"), "{value}");
        }
        let mut sample = agreement();
        sample.results[0].findings[0].status = Status::Unverified;
        assert!(!made(&sample).contains("VEVENT"));
        let mut sample = agreement();
        let finding = sample.results[0].findings[0].clone();
        sample.decide(&finding, Decision::Rejected);
        assert!(!made(&sample).contains("VEVENT"));
        sample.decide(&finding, Decision::Accepted);
        assert!(made(&sample).contains("STATUS:CONFIRMED\r\n"));
    }

    #[test]
    fn a_date_that_a_person_mended_is_the_one_in_the_calendar() {
        let mut sample = agreement();
        let finding = sample.results[0].findings[0].clone();
        sample.decide(&finding, Decision::Edited("Start of services: 2 April 2026".into()));
        let lines = unfolded(&made(&sample));
        assert_eq!(line(&lines, "DTSTART;VALUE=DATE:"), "20260402");
        sample.decide(&finding, Decision::Edited("Start of services".into()));
        let lines = unfolded(&made(&sample));
        assert_eq!(line(&lines, "DTSTART;VALUE=DATE:"), "20260301");
        assert_eq!(line(&lines, "SUMMARY:"), "Start of services");
        sample.decide(&finding, Decision::Edited("April 2026".into()));
        assert!(!made(&sample).contains("VEVENT"), "a month is no day");
    }

    #[test]
    fn an_event_keeps_its_name_and_two_documents_do_not_share_one() {
        let mut sample = agreement();
        let name = |sample: &Sample| line(&unfolded(&made(sample)), "UID:").to_owned();
        let first = name(&sample);
        sample.doc.source.0 = "edited since".into();
        assert_eq!(name(&sample), first);
        assert!(first.starts_with(&sample.results[0].findings[0].id.0), "{first}");
        sample.name = "other.pdf".into();
        assert_ne!(name(&sample), first);
    }

    #[test]
    fn lines_are_folded_at_75_octets_between_characters() {
        let long = format!("SUMMARY:{}", "ä€😀".repeat(40));
        let folded = fold(&long);
        let parts: Vec<&str> = folded.split_terminator("\r\n").collect();
        assert!(parts.len() > 4 && parts.iter().all(|p| p.len() <= 75), "{folded}");
        assert!(parts[1..].iter().all(|p| p.starts_with(' ')));
        assert!(parts[..parts.len() - 1].iter().all(|p| p.len() > 75 - 4), "lines are used up");
        assert_eq!(folded.replace("\r\n ", ""), format!("{long}\r\n"));
        assert_eq!(fold(&"x".repeat(75)), format!("{}\r\n", "x".repeat(75)));
        assert_eq!(fold(&"x".repeat(76)), format!("{}\r\n x\r\n", "x".repeat(75)));
    }

    #[test]
    fn text_of_a_document_cannot_add_lines_to_the_calendar() {
        assert_eq!(escape("a;b,c\\d\ne"), "a\\;b\\,c\\\\d\\ne");
        let mut sample = agreement();
        let finding = sample.results[0].findings[0].clone();
        let text = "x\r\nBEGIN:VALARM\r\nEND:VALARM";
        sample.decide(&finding, Decision::Edited(text.into()));
        let lines = unfolded(&made(&sample));
        assert!(!lines.iter().any(|l| l.starts_with("BEGIN:VALARM")), "{lines:?}");
    }
}
