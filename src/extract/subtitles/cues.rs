//! The syntax of `WebVTT` and `SubRip`, read leniently: blocks, cue times,
//! payload lines. Knows nothing of speakers or paragraphs.

/// One cue: when it begins and what stands in it, tags and all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cue {
    /// Milliseconds from the beginning of the recording.
    pub start: u64,
    pub end: u64,
    pub lines: Vec<String>,
}

/// A file's cues in its order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    pub cues: Vec<Cue>,
    /// Cues whose time line could not be read in full; their words are kept
    /// under the time of the cue before.
    pub malformed: usize,
}

const ARROW: &str = "-->";

/// Which of the two formats; they differ little.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    WebVtt,
    /// Has no blocks that are not shown, and may place a line by a code like
    /// `{\an8}`, which players know from another format.
    SubRip,
}

/// Reads all cues of a file, with or without a header.
pub fn parse(text: &str, syntax: Syntax) -> Parsed {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut parsed = Parsed::default();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for block in lines.split(|line| line.is_empty()).filter(|block| !block.is_empty()) {
        let shown = syntax == Syntax::SubRip || !is_comment(block[0]);
        if shown || block.iter().any(|line| line.contains(ARROW)) {
            read_block(block, &mut parsed);
        }
    }
    if syntax == Syntax::SubRip {
        parsed.cues.iter_mut().flat_map(|cue| &mut cue.lines).for_each(drop_codes);
    }
    parsed
}

/// Takes out codes of the form `{\an8}`.
fn drop_codes(line: &mut String) {
    let mut kept = String::new();
    let mut rest = line.as_str();
    while let Some((before, code)) = rest.split_once("{\\") {
        let Some((_, after)) = code.split_once('}') else { break };
        kept.push_str(before);
        rest = after;
    }
    if rest.len() < line.len() {
        kept.push_str(rest);
        *line = kept;
    }
}

/// Blocks that are not shown (`WebVTT`, section 4.1).
fn is_comment(first: &str) -> bool {
    ["NOTE", "STYLE", "REGION", "WEBVTT"].iter().any(|word| {
        first
            .strip_prefix(word)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
    })
}

/// A block is a cue with an optional name before its time line. Exporters also
/// leave out the blank line between cues, or put one inside a cue.
fn read_block(block: &[&str], parsed: &mut Parsed) {
    let timed = block.iter().any(|line| line.contains(ARROW));
    for (at, line) in block.iter().enumerate() {
        let names_the_next = block.get(at + 1).is_some_and(|next| next.contains(ARROW));
        if line.contains(ARROW) {
            open_cue(line, parsed);
        } else if (at == 0 && timed) || (names_the_next && is_number(line)) {
            // The cue's name, which nobody says.
        } else if let Some(cue) = parsed.cues.last_mut()
            && (timed || !is_number(line))
        {
            cue.lines.push((*line).to_owned());
        }
    }
}

fn is_number(line: &str) -> bool {
    line.bytes().all(|b| b.is_ascii_digit())
}

fn open_cue(line: &str, parsed: &mut Parsed) {
    let (start, rest) = line.split_once(ARROW).unwrap_or((line, ""));
    let end = rest.split_whitespace().next().unwrap_or("");
    let (start, end) = (milliseconds(start.trim()), milliseconds(end));
    parsed.malformed += usize::from(start.is_none() || end.is_none());
    let before = parsed.cues.last().map_or(0, |cue| cue.end);
    let start = start.unwrap_or(before);
    parsed.cues.push(Cue { start, end: end.unwrap_or(start), lines: Vec::new() });
}

/// "01:02:03.450", "02:03.450", also with a comma or without the fraction.
fn milliseconds(time: &str) -> Option<u64> {
    let (clock, fraction) = time.split_once(['.', ',']).unwrap_or((time, "0"));
    let mut seconds = 0_u64;
    let parts: Vec<&str> = clock.split(':').collect();
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    for part in parts {
        // A clock of five digits an hour is longer than any recording.
        if part.is_empty() || part.len() > 5 || !is_number(part) {
            return None;
        }
        seconds = seconds * 60 + part.parse::<u64>().ok()?;
    }
    if fraction.is_empty() || fraction.len() > 9 || !is_number(fraction) {
        return None;
    }
    let thousandths: u64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(seconds * 1000 + thousandths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn webvtt(text: &str) -> Parsed {
        parse(text, Syntax::WebVtt)
    }

    #[test]
    fn times_are_read_in_every_form_that_is_written() {
        assert_eq!(milliseconds("00:00:01.500"), Some(1_500));
        assert_eq!(milliseconds("01:02.04"), Some(62_040));
        assert_eq!(milliseconds("100:00:00,000"), Some(360_000_000));
        assert_eq!(milliseconds("00:01:39"), Some(99_000));
        for wrong in ["", "5", "00:1d.890", "::", "00:01.", "1:2:3:4", "999999:00", "00:00.é"] {
            assert_eq!(milliseconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn cues_without_a_blank_line_between_them_are_still_two() {
        let parsed =
            webvtt("WEBVTT\n\n1\n00:01.000 --> 00:02.000\nOne\n2\n00:03.000 --> 00:04.000\nTwo");
        let lines: Vec<_> = parsed.cues.iter().map(|c| c.lines.join("|")).collect();
        assert_eq!(lines, ["One", "Two"]);
    }

    #[test]
    fn a_name_before_the_time_is_not_spoken() {
        let parsed = webvtt("WEBVTT\n\nintro-1\n00:01.000 --> 00:02.000\nHello");
        assert_eq!(parsed.cues[0].lines, ["Hello"]);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed(text in "[0-9:.>\\- \nNOTEaé{}\\\\]{0,200}") {
            for syntax in [Syntax::WebVtt, Syntax::SubRip] {
                let parsed = parse(&text, syntax);
                prop_assert!(parsed.malformed <= parsed.cues.len());
            }
        }
    }
}
