//! From cues to turns: who says what, without tags, one paragraph a turn.

use std::collections::HashSet;
use std::fmt::Write as _;

use super::cues::Cue;
use crate::domain::marks::{Cite, Landmark};

/// What one speaker says until another does, or until there is a long pause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// Milliseconds from the beginning of the recording.
    start: u64,
    end: u64,
    speaker: Option<String>,
    text: String,
}

/// A paragraph of this many bytes ends at the next end of a sentence, so that a
/// lecture still has times to be found by.
const LONG_TURN: usize = 1_500;
/// The same where nobody is named: these are subtitles, and nothing else ends
/// their paragraphs.
const LONG_UNNAMED: usize = 400;
/// A silence of this many milliseconds begins a new paragraph.
const PAUSE: u64 = 30_000;
const PAUSE_UNNAMED: u64 = 4_000;

/// A piece of a cue that one speaker says.
struct Piece {
    speaker: Option<String>,
    text: String,
}

/// The turns of `cues`. `speakers` are the names that count where they stand
/// before a colon.
pub fn of_cues(cues: &[Cue], speakers: &HashSet<String>) -> Vec<Turn> {
    let mut turns: Vec<Turn> = Vec::new();
    for cue in cues {
        for piece in pieces(cue, speakers) {
            match turns.last_mut() {
                Some(turn) if continues(turn, &piece, cue.start) => {
                    turn.text.push(' ');
                    turn.text.push_str(&piece.text);
                    turn.end = turn.end.max(cue.end);
                }
                _ => turns.push(Turn {
                    start: cue.start,
                    end: cue.end,
                    speaker: piece.speaker,
                    text: piece.text,
                }),
            }
        }
    }
    turns
}

fn continues(turn: &Turn, piece: &Piece, start: u64) -> bool {
    let (long, pause) = match turn.speaker {
        Some(_) => (LONG_TURN, PAUSE),
        None => (LONG_UNNAMED, PAUSE_UNNAMED),
    };
    let full = turn.text.len() >= long && ends_a_sentence(&turn.text);
    turn.speaker == piece.speaker && !full && start.saturating_sub(turn.end) < pause
}

fn ends_a_sentence(text: &str) -> bool {
    text.trim_end_matches(['"', '\'', '”', '’', ')', '»']).ends_with(['.', '!', '?', '…', '。'])
}

/// `[00:01:05] Dana Whitlock: words`, an empty line between turns, and the time
/// of each.
pub fn render(turns: &[Turn]) -> (String, Vec<Landmark>) {
    let mut out = String::new();
    let mut landmarks = Vec::with_capacity(turns.len());
    for turn in turns {
        if !out.is_empty() {
            out.push('\n');
        }
        let seconds = turn.start / 1000;
        let cited = u32::try_from(seconds).unwrap_or(u32::MAX);
        landmarks.push(Landmark { at: out.len(), cite: Cite::Time { seconds: cited } });
        let (h, m, s) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let name = turn.speaker.as_ref().map(|name| format!("{name}: ")).unwrap_or_default();
        // Writing into a string does not fail.
        let _ = writeln!(out, "[{h:02}:{m:02}:{s:02}] {name}{}", turn.text);
    }
    (out, landmarks)
}

fn pieces(cue: &Cue, speakers: &HashSet<String>) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for (voice, said) in voices(&cue.lines.join("\n")) {
        // A name holds for the lines after it, up to the next name.
        let mut speaker = voice;
        for line in said.lines() {
            let (name, words) = match name_prefix(line) {
                Some((name, words)) if speakers.contains(name) => (Some(name.to_owned()), words),
                _ => (None, line),
            };
            let named = name.is_some();
            speaker = name.or(speaker);
            push(&mut pieces, speaker.clone(), words, named);
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn push(pieces: &mut Vec<Piece>, speaker: Option<String>, words: &str, named: bool) {
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match pieces.last_mut() {
        Some(piece) if !named && piece.speaker == speaker => {
            if !piece.text.is_empty() && !words.is_empty() {
                piece.text.push(' ');
            }
            piece.text.push_str(&words);
        }
        _ => pieces.push(Piece { speaker, text: words }),
    }
}

/// Cuts a payload at its voice tags and takes out all other tags.
fn voices(payload: &str) -> Vec<(Option<String>, String)> {
    let mut parts = vec![(None, String::new())];
    let mut rest = payload;
    while let Some(at) = rest.find('<') {
        let said = &mut parts.last_mut().expect("there is always a part").1;
        said.push_str(&entities(&rest[..at]));
        rest = &rest[at..];
        let Some(tag) = tag(rest) else {
            said.push('<');
            rest = &rest[1..];
            continue;
        };
        rest = &rest[tag.len()..];
        if let Some(name) = voice(tag) {
            parts.push((Some(name), String::new()));
        } else if tag == "</v>" {
            parts.push((None, String::new()));
        }
    }
    parts.last_mut().expect("there is always a part").1.push_str(&entities(rest));
    parts
}

/// The tag with which `text` begins; "<" in a sentence is none.
fn tag(text: &str) -> Option<&str> {
    let opens = text[1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/');
    let end = 1 + text[1..].find(['<', '>'])?;
    (opens && text[end..].starts_with('>')).then(|| &text[..=end])
}

/// The name in `<v Name>` or `<v.class Name>`.
fn voice(tag: &str) -> Option<String> {
    let inner = tag.strip_prefix("<v")?.strip_suffix('>')?;
    let (classes, name) = inner.split_once(char::is_whitespace)?;
    let name = entities(name).split_whitespace().collect::<Vec<_>>().join(" ");
    ((classes.is_empty() || classes.starts_with('.')) && !name.is_empty()).then_some(name)
}

/// `text` with its character references put in.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        // The longest that is known here is "&#x10FFFF;".
        let end = rest.bytes().take(10).position(|b| b == b';');
        if let Some((end, c)) = end.and_then(|end| Some((end, entity(&rest[1..end])?))) {
            out.push(c);
            rest = &rest[end + 1..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "nbsp" => '\u{A0}',
        "lrm" => '\u{200E}',
        "rlm" => '\u{200F}',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| !c.is_control())?
        }
    })
}

/// The name and the words of a line like "Dana Whitlock: words", where what
/// stands before the colon could be a name at all.
pub fn name_prefix(line: &str) -> Option<(&str, &str)> {
    let (name, words) = line.split_once(':')?;
    let name = name.trim();
    let fits = (1..=60).contains(&name.chars().count())
        && (words.is_empty() || words.starts_with(char::is_whitespace))
        && !name.contains(['.', '?', '!', ';', '<', '>', '"', '['])
        && name.split_whitespace().count() <= 6
        && name.starts_with(|c: char| c.is_alphabetic() && !c.is_lowercase());
    // In a sentence most words are small; in a name only "de" and "van der" are.
    let small =
        name.split_whitespace().filter(|w| w.starts_with(char::is_lowercase) && w.len() > 3);
    (fits && small.count() == 0).then(|| (name, words.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_before_a_colon_are_told_from_sentences() {
        assert_eq!(name_prefix("Ana de la Cruz: yes"), Some(("Ana de la Cruz", "yes")));
        assert_eq!(name_prefix("Lumi | Offchain Labs: hi"), Some(("Lumi | Offchain Labs", "hi")));
        assert_eq!(name_prefix("MAN:"), Some(("MAN", "")));
        for line in ["so this is it: yes", "It went like this: no", "At 10:30 we left", "no colon"]
        {
            assert_eq!(name_prefix(line), None, "{line}");
        }
    }

    #[test]
    fn a_long_speech_is_cut_at_a_sentence_with_its_own_time() {
        let cue = |n: u64| Cue {
            start: n * 5_000,
            end: n * 5_000 + 4_000,
            lines: vec!["<v Ana>These are words that go on and on for a whole line.".into()],
        };
        let cues: Vec<Cue> = (0..60).map(cue).collect();
        let turns = of_cues(&cues, &HashSet::new());
        assert!(turns.len() > 1, "one paragraph of {} bytes", turns[0].text.len());
        assert!(turns.iter().all(|t| t.text.len() < LONG_TURN + 100 && t.text.ends_with('.')));
        let words = |text: &str| text.split_whitespace().count();
        let all: usize = turns.iter().map(|t| words(&t.text)).sum();
        assert_eq!(all, 60 * words("These are words that go on and on for a whole line."));
    }

    #[test]
    fn broken_markup_stays_as_it_is() {
        assert_eq!(entities("R&D &unknown; &#0; &"), "R&D &unknown; &#0; &");
        assert_eq!(voices("a < b <b"), [(None, "a < b <b".to_owned())]);
    }

    #[test]
    fn two_speakers_in_one_cue_are_two_turns() {
        let cue = Cue { start: 0, end: 1, lines: vec!["ANA: One".into(), "BO: Two".into()] };
        let turns = of_cues(&[cue], &["ANA".into(), "BO".into()].into());
        assert_eq!(render(&turns).0, "[00:00:00] ANA: One\n\n[00:00:00] BO: Two\n");
    }
}
