//! Times of a recording that are printed in a transcript: at the beginning of
//! lines, behind a speaker's name, or on a line of their own. Marks them and
//! changes no text. Knows no format of files.

use std::collections::HashSet;

use crate::domain::marks::{Cite, Landmark, Marks};

/// Fewer times than these make no transcript.
const LEAST: usize = 3;
/// And more are no recording: a time a second for a whole day is less.
const MOST: usize = 100_000;
/// A transcript whose times have no hours begins within this many seconds; a
/// day's programme ("9:30 Coffee") mostly does not.
const EARLY: u32 = 600;

/// Adds a landmark for each line of `text` that carries a time, where the times
/// are those of a transcript. A text with landmarks keeps those that it has.
pub fn mark(text: &str, marks: &mut Marks) {
    if !marks.landmarks.is_empty() {
        return;
    }
    let mut at = 0;
    let mut stamps = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(clock) = of_line(line) {
            stamps.push((at, clock));
        }
        at += line.len();
    }
    drop_loose(text, &mut stamps);
    let ranges = !stamps.is_empty() && stamps.iter().all(|(_, clock)| clock.range);
    if ranges || (are_spread(&stamps, text.len()) && are_of_a_recording(&stamps)) {
        let cited = |(at, clock): (usize, Clock)| Landmark {
            at,
            cite: Cite::Time { seconds: clock.seconds },
        };
        marks.landmarks.extend(stamps.into_iter().map(cited));
    }
}

/// Whether the times go through the whole text of `length` bytes. A part of it
/// with times in it (the minutes of one recorded meeting among many) would lend
/// its last time to all that follows.
fn are_spread(stamps: &[(usize, Clock)], length: usize) -> bool {
    let [(first, _), .., (last, _)] = stamps else { return false };
    *first < length / 4 && *last > length / 2
}

/// A time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    seconds: u32,
    /// Whether hours are written too.
    full: bool,
    /// Whether one blank alone parts it from a name, as where a reader has made
    /// one of several.
    loose: bool,
    /// Whether an arrow and the time of the end follow; nobody else writes so.
    range: bool,
}

/// Drops the loose times where nobody has two: "Coffee 9:35" is no speaker, and
/// those who speak in a recording do so again.
fn drop_loose(text: &str, stamps: &mut Vec<(usize, Clock)>) {
    let name = |at: usize| {
        let line = text[at..].lines().next().unwrap_or_default().trim();
        line.rsplit_once(' ').map_or("", |(name, _)| name)
    };
    let mut seen = HashSet::new();
    let mut loose = stamps.iter().filter(|(_, clock)| clock.loose);
    if loose.all(|(at, _)| seen.insert(name(*at))) {
        stamps.retain(|(_, clock)| !clock.loose);
    }
}

/// Times of a recording go forward, and on. Without hours they could be times of a day,
/// which people like to round.
fn are_of_a_recording(stamps: &[(usize, Clock)]) -> bool {
    let goes_on = stamps.windows(2).any(|pair| pair[0].1.seconds < pair[1].1.seconds);
    let forward = stamps.windows(2).filter(|pair| pair[0].1.seconds <= pair[1].1.seconds).count();
    let mut short = stamps.iter().map(|(_, clock)| clock).filter(|clock| !clock.full).peekable();
    let early = short.peek().is_none_or(|clock| clock.seconds < EARLY);
    let full = stamps.iter().any(|(_, clock)| clock.full);
    let exact = full || short.any(|clock| clock.seconds % 5 != 0);
    (LEAST..=MOST).contains(&stamps.len())
        && forward * 10 >= (stamps.len() - 1) * 9
        && goes_on
        && early
        && exact
}

/// What Markdown puts before the first word of a line.
const MARKDOWN: [char; 6] = ['*', '_', '#', '>', '-', '+'];

/// The time that a line carries as a transcript does; `None` where the time is
/// part of what is said.
fn of_line(line: &str) -> Option<Clock> {
    let line = line.trim();
    let line = line.trim_start_matches(|c| MARKDOWN.contains(&c) || c == ' ');
    // A line is long only where it is somebody's whole speech.
    if !line.get(..line.len().min(120)).unwrap_or(line).contains(':') {
        return None;
    }
    first(line).or_else(|| behind_a_name(line)).or_else(|| last(line))
}

/// "[00:01:02] Ana: …", "(1:02) …", "00:01:02 Ana: …", "1:02" alone.
fn first(line: &str) -> Option<Clock> {
    if let Some((clock, _)) = bracketed(line) {
        return Some(clock);
    }
    let (clock, rest) = bare(line)?;
    let apart = rest.is_empty() || rest.starts_with([' ', '\t']);
    (apart && (clock.full || rest.trim().is_empty())).then_some(clock)
}

/// "Ana Ruiz: [1:02] …", in Markdown "**Ana Ruiz:** \[1:02\] …".
fn behind_a_name(line: &str) -> Option<Clock> {
    let (name, said) = line.split_once(':')?;
    let said = said.trim_start_matches(['*', '_', ' ', '\t']);
    bracketed(said).filter(|_| is_name(name)).map(|(clock, _)| clock)
}

/// "Ana Ruiz   0:03", "[Ana Ruiz] 00:00:03", "Ana Ruiz (0:03):", "Ana: 00:00:03".
fn last(line: &str) -> Option<Clock> {
    let line = line.trim_end_matches([':', '*', '_', ' ']);
    let start = line.rfind([' ', '\t'])? + 1;
    let (name, written) = line.split_at(start);
    let (clock, rest) = bracketed(written).or_else(|| bare(written))?;
    let is_bare = written.starts_with(|c: char| c.is_ascii_digit());
    let wide = name.ends_with("  ") || name.ends_with('\t');
    let loose = is_bare && !clock.full && !wide;
    let name = name.trim().trim_end_matches([':', '-', '–', '|', '*', ' ']);
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    (rest.is_empty() && is_name(name)).then_some(Clock { loose, ..clock })
}

/// Whether this can be who speaks: few words, the first with a capital, and
/// small ones no longer than "van".
fn is_name(words: &str) -> bool {
    let words = words.trim_matches(['*', '_', ' ']);
    let small = |word: &str| word.starts_with(char::is_lowercase) && word.len() > 3;
    !words.split_whitespace().any(small)
        && words.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase())
        && words.chars().count() <= 60
        && words.split_whitespace().count() <= 6
        && !words.contains(['?', '!', ';', '"'])
}

/// A time in brackets, in Markdown with strokes before them, and what follows.
fn bracketed(text: &str) -> Option<(Clock, &str)> {
    let inner = text.trim_start_matches('\\').strip_prefix(['[', '('])?;
    let (clock, rest) = bare(inner)?;
    let rest = rest.trim_start_matches('\\').strip_prefix([']', ')'])?;
    Some((clock, rest))
}

/// "1:02", "01:02", "00:01:02", each with a fraction or without, and what
/// follows.
fn bare(text: &str) -> Option<(Clock, &str)> {
    let digits = |c: char| c.is_ascii_digit();
    let end = text.find(|c: char| !digits(c) && c != ':').unwrap_or(text.len());
    let (clock, rest) = text.split_at(end);
    let rest = match rest.strip_prefix(['.', ',']) {
        Some(fraction) => fraction.trim_start_matches(digits),
        None => rest,
    };
    let range = rest.trim_start().starts_with("-->");
    let parts: Vec<&str> = clock.split(':').collect();
    let fits = |(n, part): (usize, &&str)| match n {
        0 => (1..=3).contains(&part.len()),
        // "0:0:3.270 --> 0:0:4.250"
        _ if range && part.len() == 1 => true,
        _ => part.len() == 2 && **part < *"60",
    };
    if !(2..=3).contains(&parts.len()) || !parts.iter().enumerate().all(fits) {
        return None;
    }
    let seconds =
        parts.iter().try_fold(0, |sum: u32, part| Some(sum * 60 + part.parse::<u32>().ok()?))?;
    Some((Clock { seconds, full: parts.len() == 3, loose: false, range }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cited(text: &str) -> Vec<(&str, u32)> {
        let mut marks = Marks::default();
        mark(text, &mut marks);
        let landmarks = marks.landmarks.iter().map(|landmark| match landmark.cite {
            Cite::Time { seconds } => (text[landmark.at..].lines().next().unwrap_or(""), seconds),
            Cite::Line { .. } => panic!("no line was cited"),
        });
        landmarks.collect()
    }

    #[test]
    fn times_are_read_in_the_forms_that_transcripts_have() {
        for (line, seconds) in [
            ("[00:01:02] Ana: yes", 62),
            ("(1:02) Ana: yes", 62),
            ("\\[01:02\\] and so on", 62),
            ("00:01:02 Ana: yes", 62),
            ("00:01:02.500 --> 00:01:04.000", 62),
            ("0:1:2.0 --> 0:1:4.250", 62),
            ("1:02", 62),
            ("**Ana Ruiz:** \\[01:02:03.11\\] yes", 3723),
            ("[Ana Ruiz] 00:01:02", 62),
            ("Ana Ruiz   1:02", 62),
            ("Speaker 2 (01:02):", 62),
            ("Ana Ruiz: 00:01:02", 62),
            ("* [0:02:00](https://example.org/watch?t=2m):", 120),
        ] {
            assert_eq!(of_line(line).map(|clock| clock.seconds), Some(seconds), "{line}");
        }
        for line in [
            "We met at 10:30 and left at 11:15:00",
            "10:30 Coffee",
            "see 3:16",
            "1:2:3",
            "00:61:00 no",
            "So that is it: [1:02] no",
            "https://example.org:8080",
            "",
        ] {
            assert_eq!(of_line(line), None, "{line}");
        }
    }

    #[test]
    fn lines_with_times_are_marked_and_lines_without_are_cited_by_the_one_before() {
        let text = "Meeting of 3 May\n\nAna Ruiz   0:03\nGood morning.\n\nBo Dahl   0:17\nYes.\nAna Ruiz   1:02\nWell.\n";
        assert_eq!(
            cited(text),
            [("Ana Ruiz   0:03", 3), ("Bo Dahl   0:17", 17), ("Ana Ruiz   1:02", 62)]
        );
    }

    #[test]
    fn a_range_of_times_is_a_recordings_however_few_there_are() {
        let text =
            "0:0:0.0 --> 0:0:1.510\nAna Ruiz\nOK.\n\n0:0:3.270 --> 0:0:4.250\nBo Dahl\nYes.\n";
        let seconds: Vec<u32> = cited(text).iter().map(|(_, seconds)| *seconds).collect();
        assert_eq!(seconds, [0, 3]);
    }

    #[test]
    fn one_blank_before_a_time_is_enough_where_speakers_come_back() {
        let text = "Ana Ruiz 0:03\nGood morning.\n\nBo Dahl 0:17\nYes.\n\nAna Ruiz 1:02\nWell.\n";
        assert_eq!(cited(text).len(), 3);
        assert_eq!(cited("Start 9:02\nCoffee 9:17\nFees 9:33\nEnd 9:48\n"), []);
    }

    #[test]
    fn a_programme_of_the_day_is_no_recording() {
        assert_eq!(cited("[9:00] Welcome\n[9:45] Fees\n[10:30] Lunch\n"), []);
        assert_eq!(cited("[10:01] Welcome\n[10:47] Fees\n[11:32] Lunch\n"), []);
        assert_eq!(cited("[00:09:00] one\n[00:02:00] two\n[00:01:00] three\n"), []);
        assert_eq!(cited("[00:09:00] only\n[00:10:00] two\n"), []);
    }

    #[test]
    fn the_end_of_a_date_is_no_time_of_a_recording() {
        let coupon = "Good until Sat Sep 29\n00:00:00 -0400 2012\nTerms apply.\n";
        assert_eq!(cited(&coupon.repeat(3)), []);
    }

    #[test]
    fn times_in_one_part_of_a_text_do_not_cite_the_rest() {
        let part = "[00:00:11] Welcome\n[00:04:00] Fees\n[00:05:30] Lunch\n";
        assert_eq!(cited(&format!("{}{part}", "Minutes of another day.\n".repeat(20))), []);
        assert_eq!(cited(&format!("{part}{}", "Minutes of another day.\n".repeat(20))), []);
    }

    #[test]
    fn landmarks_that_are_there_are_kept() {
        let line = Landmark { at: 0, cite: Cite::Line { page: 1, line: 1 } };
        let mut marks = Marks { landmarks: vec![line], ..Marks::default() };
        mark("[00:00:01] a\n[00:00:02] b\n[00:00:03] c\n", &mut marks);
        assert_eq!(marks.landmarks, [line]);
    }
}
