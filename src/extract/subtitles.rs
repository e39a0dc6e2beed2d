//! The reader of `WebVTT` transcripts: cues become turns, a paragraph each, with
//! the time and the speaker in front. Tolerant of what exporters get wrong,
//! and says how often it had to be.

mod cues;
mod turns;

use std::collections::HashMap;

use super::failure::ReadError;
use super::limits::Limits;
use super::protocol::PageRecord;
use super::{Extractor, Sink, encoding};
use crate::domain::document::PageState;

pub struct WebVtt;

impl Extractor for WebVtt {
    fn read(&self, source: &[u8], _: &Limits, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        let decoded = encoding::decode(source)?;
        let parsed = cues::parse(&decoded.text);
        if parsed.cues.is_empty() {
            return Err(ReadError::NoCues);
        }
        let text = turns::render(&turns::of_cues(&parsed.cues, &speakers(&parsed.cues)));
        let state = if text.trim().is_empty() { PageState::Empty } else { PageState::Text };
        let note = [decoded.note, malformed_note(parsed.malformed)];
        let note = note.into_iter().flatten().reduce(|a, b| format!("{a} {b}"));
        let page = PageRecord { n: 1, of: 1, state, text, reader: "webvtt".into(), note };
        // One page: whether the sink wants another does not matter.
        let _ = sink(page);
        Ok(())
    }
}

fn malformed_note(malformed: usize) -> Option<String> {
    match malformed {
        0 => None,
        1 => Some("One subtitle has a damaged time; its words were kept.".into()),
        n => Some(format!("{n} subtitles have a damaged time; their words were kept.")),
    }
}

/// The names that stand before a colon at the beginning of lines and are
/// speakers. In a transcript where half of the cues open so, all are; elsewhere
/// ("Note: …") only those that come back.
fn speakers(cues: &[cues::Cue]) -> Vec<String> {
    let mut seen: HashMap<&str, usize> = HashMap::new();
    let mut opening = 0;
    for cue in cues {
        opening += usize::from(cue.lines.first().is_some_and(|l| turns::name_prefix(l).is_some()));
        for (name, _) in cue.lines.iter().filter_map(|line| turns::name_prefix(line)) {
            *seen.entry(name).or_default() += 1;
        }
    }
    let least = if opening * 2 >= cues.len() { 1 } else { 2 };
    seen.into_iter().filter(|(_, n)| *n >= least).map(|(name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    fn page(source: &str) -> PageRecord {
        let mut pages = Vec::new();
        WebVtt
            .read(source.as_bytes(), &Limits::default(), &mut |page| {
                pages.push(page);
                ControlFlow::Continue(())
            })
            .expect("a readable transcript");
        pages.pop().expect("one page")
    }

    #[test]
    fn cues_of_one_speaker_become_one_turn() {
        let page = page(
            "\u{FEFF}WEBVTT\r\n\r\n1\r\n00:01:05.000 --> 00:01:07.000\r\nDana Whitlock: Good \
             morning.\r\n\r\n2\r\n00:01:07.500 --> 00:01:09.000\r\nDana Whitlock: Shall we\r\nbegin?\
             \r\n\r\n3\r\n00:01:10.000 --> 00:01:11.000\r\nOmar: Yes.\r\n",
        );
        assert_eq!(
            page.text,
            "[00:01:05] Dana Whitlock: Good morning. Shall we begin?\n\n[00:01:10] Omar: Yes.\n"
        );
        assert_eq!(page.note, None);
    }

    #[test]
    fn voice_tags_name_the_speaker_and_all_tags_go() {
        let page = page(
            "WEBVTT - weekly\n\n01:02.000 --> 01:04.000 align:left\n<v.loud Ana Ruiz>We <b>can</b> \
             &amp; <00:01:03.000>will.</v>\n\n01:04.000 --> 01:05.000\n<v Ana Ruiz>If 3 < 4 &#8212; \
             yes.\n\n01:05.000 --> 01:06.000\n<v Bo>No.</v><v Ana Ruiz>Why?</v>\n",
        );
        assert_eq!(
            page.text,
            "[00:01:02] Ana Ruiz: We can & will. If 3 < 4 — yes.\n\n[00:01:05] Bo: No.\n\n\
             [00:01:05] Ana Ruiz: Why?\n"
        );
    }

    #[test]
    fn notes_styles_and_regions_are_no_speech() {
        let page = page(
            "WEBVTT\nKind: captions\n\nNOTE\nsecret remark\n\nSTYLE\n::cue { color: red }\n\n\
             REGION\nid:fred\n\n00:01.000 --> 00:02.000\nSpoken.\n\nNOTE another\n",
        );
        assert_eq!(page.text, "[00:00:01] Spoken.\n");
    }

    #[test]
    fn a_damaged_time_loses_no_words_and_is_counted() {
        let page = page(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:07.000 --> 00:1d.890\nTwo.\n\n\
             xx:01 --> 00:09.000\nThree.\n\n00:10.000 --> 00:11.000\nFour\n\n\
             and a stray paragraph.\n",
        );
        for word in ["One.", "Two.", "Three.", "Four and a stray paragraph."] {
            assert!(page.text.contains(word), "{word} is missing in {}", page.text);
        }
        let note = page.note.expect("a note");
        assert!(note.starts_with("2 subtitles have a damaged time"), "{note}");
    }

    #[test]
    fn a_colon_in_a_sentence_makes_no_speaker() {
        let page = page(
            "WEBVTT\n\n00:01.000 --> 00:02.000\nThe terms are these.\n\n\
             00:02.000 --> 00:03.000\nPrice: ninety.\n\n00:03.000 --> 00:04.000\nNothing else.\n",
        );
        assert_eq!(page.text, "[00:00:01] The terms are these. Price: ninety. Nothing else.\n");
    }

    #[test]
    fn a_file_without_a_time_line_is_refused() {
        let mut sink = |_| ControlFlow::Continue(());
        for source in ["WEBVTT\n\nNOTE nothing\n", " \nBROKENVTT"] {
            let read = WebVtt.read(source.as_bytes(), &Limits::default(), &mut sink);
            assert_eq!(read, Err(ReadError::NoCues), "{source}");
        }
    }
}
