//! The readers of `WebVTT` and `SubRip`: cues become turns, a paragraph each,
//! with the time and the speaker in front. Tolerant of what exporters get wrong,
//! and says how often it had to be.

mod cues;
mod turns;

use std::collections::{HashMap, HashSet};

use super::failure::ReadError;
use super::options::Options;
use super::protocol::{PageRecord, Piece};
use super::{Extractor, Sink, encoding};
use crate::domain::marks::Marks;
use cues::Syntax;

pub struct WebVtt;

pub struct SubRip;

impl Extractor for WebVtt {
    fn read(&self, source: &[u8], _: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        read(source, Syntax::WebVtt, "webvtt", sink)
    }
}

impl Extractor for SubRip {
    fn read(&self, source: &[u8], _: &Options, sink: &mut Sink<'_>) -> Result<(), ReadError> {
        read(source, Syntax::SubRip, "subrip", sink)
    }
}

fn read(source: &[u8], syntax: Syntax, reader: &str, sink: &mut Sink<'_>) -> Result<(), ReadError> {
    let decoded = encoding::decode(source)?;
    let parsed = cues::parse(&decoded.text, syntax);
    if parsed.cues.is_empty() {
        return Err(ReadError::NoCues);
    }
    let (text, landmarks) = turns::render(&turns::of_cues(&parsed.cues, &speakers(&parsed.cues)));
    let marks = Marks { landmarks, ..Marks::default() };
    let mut page = PageRecord::only(text, marks, reader);
    let notes = [decoded.note, malformed_note(parsed.malformed)];
    page.note = notes.into_iter().flatten().reduce(|a, b| format!("{a} {b}"));
    // One page: whether the sink wants another does not matter.
    let _ = sink(Piece::Page(page));
    Ok(())
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
fn speakers(cues: &[cues::Cue]) -> HashSet<String> {
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
    use crate::domain::marks::Cite;

    fn page_of(reader: &dyn Extractor, source: &[u8]) -> PageRecord {
        let mut pages = Vec::new();
        let read = reader.read(source, &Options::default(), &mut |piece| {
            if let Piece::Page(page) = piece {
                pages.push(page);
            }
            ControlFlow::Continue(())
        });
        read.expect("a readable transcript");
        pages.pop().expect("one page")
    }

    fn page(source: &str) -> PageRecord {
        page_of(&WebVtt, source.as_bytes())
    }

    #[test]
    fn subrip_is_read_without_its_numbers_codes_and_tags() {
        let page = page_of(
            &SubRip,
            b"1\r\n00:00:01,500 --> 00:00:03,000 X1:40 X2:600\r\n{\\an8}<i>Good</i> morning.\r\n\
              \r\n2\r\n00:00:03,000 --> 00:00:04,000\r\n\r\n\r\n3\r\n\
              00:01:04,000 --> 00:01:06,000\r\nNOTE the {date}.\r\n",
        );
        assert_eq!(page.text, "[00:00:01] Good morning.\n\n[00:01:04] NOTE the {date}.\n");
        assert_eq!((page.note, page.reader.as_str()), (None, "subrip"));
    }

    #[test]
    fn subrip_without_numbers_with_old_line_ends_or_in_utf16_is_read_alike() {
        let text = "00:00:01,000 --> 00:00:02,000\nMAN:\nHow did we\n\n\
                    00:00:02,000 --> 00:00:03,000\nMAN: end up here?\n";
        let said = "[00:00:01] MAN: How did we end up here?\n";
        let old = text.replace('\n', "\r");
        let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for source in [text.as_bytes(), old.as_bytes(), &utf16] {
            assert_eq!(page_of(&SubRip, source).text, said);
        }
    }

    #[test]
    fn every_turn_is_cited_by_its_time() {
        let page = page(
            "WEBVTT\n\n01:02:03.900 --> 01:02:04.000\n<v Ana>Yes.\n\n\
             01:02:05.000 --> 01:02:06.000\n<v Bo>No.\n",
        );
        let cited: Vec<_> =
            page.marks.landmarks.iter().map(|l| (&page.text[l.at..], l.cite)).collect();
        assert_eq!(
            cited,
            [
                ("[01:02:03] Ana: Yes.\n\n[01:02:05] Bo: No.\n", Cite::Time { seconds: 3723 }),
                ("[01:02:05] Bo: No.\n", Cite::Time { seconds: 3725 }),
            ]
        );
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
            for reader in [&WebVtt as &dyn Extractor, &SubRip] {
                let read = reader.read(source.as_bytes(), &Options::default(), &mut sink);
                assert_eq!(read, Err(ReadError::NoCues), "{source}");
            }
        }
    }
}
