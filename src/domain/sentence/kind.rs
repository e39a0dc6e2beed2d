//! Tells the kind of one line from its own words and its neighbours. Knows
//! layout habits of contracts, transcripts and notes, nothing of their meaning.

use std::sync::LazyLock;

use regex::Regex;

use super::line::{Kind, Line};
use super::number::Prefix;
use crate::domain::span::ByteSpan;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("the pattern is fixed and valid")
}

static QUESTION: LazyLock<Regex> = LazyLock::new(|| pattern(r"^Q(?:[.:]\s|\s{2,}|\t|[.:]$)"));
static ANSWER: LazyLock<Regex> = LazyLock::new(|| pattern(r"^A(?:[.:]\s|\s{2,}|\t|[.:]$)"));
static TIMED: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"^\\?[\[(]\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?\\?[\])](?:\s|$)"));
/// "JB:", "MR. SMITH:", "**Adam Stacoviak:**", "Effective Date:".
static LABEL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\*\*|__)?\p{Lu}[\p{L}\p{N}.'’&-]{0,30}(?: [\p{Lu}\p{N}(][\p{L}\p{N}.'’&()-]{0,30}){0,4}(?:\*\*|__)?\s?:(?:\*\*|__)?(?:\s|$)",
    )
});
static KEYWORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:\*\*)?(?:(?i:article|section|clause|schedule|exhibit|annex|appendix|chapter|part|artikel|abschnitt|anlage|anhang|kapitel|teil)\s+(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z])\b|§+\s*\d+)",
    )
});
static NUMBERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\*\*)?(\d{1,3}(?:\.\d{1,3}){1,4}[.)]?|\d{1,3}[.)])(?:\s+(\S)|$)")
});
static ROMAN: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[IVXLC]{1,6}[.)]\s+\p{Lu}"));
static BULLET: LazyLock<Regex> = LazyLock::new(|| pattern(r"^[-*+•▪◦·‣–—](?:\s+\[[ xX]\])?\s+"));
static LETTERED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"^(?:\((?:[a-zA-Z]{1,2}|[ivxIVX]{1,5}|\d{1,2})\)|[a-z]\)|[ivx]{1,5}\))(?:\s|$)")
});
static PAGE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^(?:(?i:page|seite|p\.|s\.)\s*\d{1,4}(?:\s*(?:of|von|/)\s*\d{1,4})?|\d{1,4}\s+(?:of|von)\s+\d{1,4}|[-–]\s*\d{1,4}\s*[-–])$",
    )
});
static HASHES: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(#{1,6})\s+"));
static BOLD: LazyLock<Regex> = LazyLock::new(|| pattern(r"^(?:\*\*[^*]+\*\*|__[^_]+__)$"));

/// Longest line in bytes that may be a heading.
const HEADING: usize = 90;

/// Traits of the whole text that decide what one line is.
pub(super) struct Layout {
    /// Bytes of a long line; a line under half of it ended of itself.
    width: usize,
    /// Whether questions are marked with "Q".
    questions: bool,
    /// Whether lines carry printed numbers.
    numbered: bool,
    /// Lines that are nothing but a small number, with the number, in order.
    lone: Vec<(usize, u32)>,
    /// Lines that are not blank.
    filled: usize,
}

impl Layout {
    pub(super) fn of(text: &str, bodies: &[ByteSpan], prefixes: &[Prefix]) -> Self {
        let mut lengths: Vec<usize> =
            bodies.iter().map(|b| b.len()).filter(|len| *len > 0).collect();
        lengths.sort_unstable();
        Self {
            width: lengths.get(lengths.len() * 9 / 10).copied().unwrap_or(0),
            questions: bodies.iter().any(|b| QUESTION.is_match(&text[b.start..b.end])),
            numbered: prefixes.iter().any(|p| p.len > 0),
            lone: bodies
                .iter()
                .enumerate()
                .filter_map(|(i, b)| Some((i, lone_number(&text[b.start..b.end])?)))
                .collect(),
            filled: lengths.len(),
        }
    }

    /// Whether the lone number on line `i` counts on from the one before it,
    /// or the one after it counts on from it, as page numbers do.
    fn counts_on(&self, i: usize) -> bool {
        let Ok(at) = self.lone.binary_search_by_key(&i, |(line, _)| *line) else { return false };
        let own = self.lone[at].1;
        let before = at.checked_sub(1).is_some_and(|b| self.lone[b].1 + 1 == own);
        before || self.lone.get(at + 1).is_some_and(|(_, after)| *after == own + 1)
    }
}

/// One line with what its neighbours tell about it.
pub(super) struct Here<'a> {
    pub text: &'a str,
    pub bodies: &'a [ByteSpan],
    pub i: usize,
    pub layout: &'a Layout,
    /// The last line before that is not blank and not a page number.
    pub last: Option<&'a Line>,
    /// Whether blank lines or a page number stand between the two.
    pub after_blank: bool,
    pub in_code: bool,
    /// Whether a new numbered page began between the two.
    pub turned: bool,
}

impl<'a> Here<'a> {
    fn at(&self, i: usize) -> &'a str {
        self.bodies.get(i).map_or("", |b| &self.text[b.start..b.end])
    }

    /// The kind of the line, and how many bytes at its start are only a mark.
    pub(super) fn kind(&self) -> (Kind, usize) {
        let body = self.at(self.i);
        let fence = body.starts_with("```") || body.starts_with("~~~");
        let plain = if body.is_empty() {
            Kind::Blank
        } else if fence {
            Kind::Fence
        } else if self.in_code {
            Kind::Code
        } else if is_rule(body) {
            Kind::Rule
        } else if body.starts_with('|') {
            Kind::Table
        } else if self.is_page_number(body) {
            Kind::Page
        } else if let Some(found) = self.marked(body) {
            return found;
        } else {
            self.opening(body).unwrap_or(Kind::Prose)
        };
        (plain, 0)
    }

    /// Headings and items that begin with a mark of their own.
    fn marked(&self, body: &str) -> Option<(Kind, usize)> {
        if let Some(hashes) = HASHES.captures(body) {
            let level = u8::try_from(hashes[1].len()).unwrap_or(6);
            return Some((Kind::Heading(level), hashes[0].len()));
        }
        let bullet = BULLET.find(body)?;
        let sure = !body.starts_with(['–', '—']) || self.stands_apart();
        (sure && bullet.end() < body.len()).then_some((Kind::Item, bullet.end()))
    }

    /// Lines that open something by their first words.
    fn opening(&self, body: &str) -> Option<Kind> {
        let short = body.len() <= HEADING;
        if short && self.is_underlined() && !ends_sentence(body) {
            return Some(Kind::Heading(1));
        }
        if TIMED.is_match(body) || QUESTION.is_match(body) {
            return Some(Kind::Turn);
        }
        if self.layout.questions && ANSWER.is_match(body) {
            return Some(Kind::Answer);
        }
        let apart = self.stands_apart();
        if self.is_label(body, apart) {
            return Some(Kind::Turn);
        }
        if apart && let Some(kind) = self.clause(body) {
            return Some(kind);
        }
        let listed = apart || self.last.is_some_and(|l| self.words_of(l).ends_with(','));
        if listed && LETTERED.is_match(body) {
            return Some(Kind::SubItem);
        }
        (short && self.is_plain_heading(body)).then_some(Kind::Heading(3))
    }

    /// "4.2 Term", "§ 3", "Article IV", "II. Fees".
    fn clause(&self, body: &str) -> Option<Kind> {
        if let Some(found) = KEYWORD.find(body) {
            let deep = found.as_str().contains('.');
            let heading = self.is_title(body) && (title_case(body) || self.next_is_blank());
            return Some(match (heading, deep) {
                (true, _) => Kind::Heading(2),
                (false, deep) => Kind::Clause(1 + u8::from(deep)),
            });
        }
        if ROMAN.is_match(body) && (self.after_blank || self.last.is_none()) {
            let title = self.is_title(body) && title_case(body);
            return Some(if title { Kind::Heading(3) } else { Kind::Clause(1) });
        }
        let found = NUMBERED.captures(body)?;
        let opens = found.get(2).and_then(|c| c.as_str().chars().next());
        let set_off = self.after_blank || self.last.is_none();
        if !set_off && opens.is_some_and(char::is_lowercase) {
            return None;
        }
        let depth = depth(&found[1]);
        let words = body.split_whitespace().count() - 1;
        let title = title_case(body) || (words <= 5 && self.next_is_blank());
        let heading = words > 0 && title && self.is_title(body) && !self.has_sibling(depth);
        Some(if heading { Kind::Heading(2 + depth) } else { Kind::Clause(depth) })
    }

    fn is_label(&self, body: &str, apart: bool) -> bool {
        let Some(label) = LABEL.find(body) else { return false };
        let after_turn = self.last.is_some_and(|l| l.kind == Kind::Turn);
        apart || after_turn || !label.as_str().chars().any(char::is_lowercase)
    }

    /// A short line in capitals or in bold that stands alone.
    fn is_plain_heading(&self, body: &str) -> bool {
        if BOLD.is_match(body) {
            let inner = body.trim_matches(['*', '_']);
            return !ends_sentence(inner) && !inner.ends_with([',', ':']);
        }
        let letters = body.chars().filter(|c| c.is_alphabetic()).count();
        let alone = (self.after_blank || self.last.is_none()) && self.next_is_blank();
        letters >= 4
            && !body.chars().any(char::is_lowercase)
            && body.chars().any(char::is_uppercase)
            && !body.ends_with(['.', ';', ',', ')'])
            && (alone || self.layout.numbered)
    }

    /// A line that reads as a title: short, unfinished, and not run on by the next.
    fn is_title(&self, body: &str) -> bool {
        let end = body.trim_end_matches(['*', '_']);
        body.len() <= HEADING
            && !end.ends_with(['.', ';', ':', ',', '!', '?'])
            && !self.at(self.i + 1).starts_with(char::is_lowercase)
    }

    /// Whether the next line is an item of the same list, so that this one is too.
    fn has_sibling(&self, own: u8) -> bool {
        let next = (self.i + 1..self.bodies.len()).map(|i| self.at(i)).find(|b| !b.is_empty());
        next.and_then(|body| NUMBERED.captures(body)).is_some_and(|found| depth(&found[1]) == own)
    }

    fn next_is_blank(&self) -> bool {
        self.at(self.i + 1).is_empty()
    }

    fn is_underlined(&self) -> bool {
        let next = self.at(self.i + 1);
        let ruled =
            next.len() >= 3 && (next.bytes().all(|b| b == b'=') || next.bytes().all(|b| b == b'-'));
        ruled && (self.after_blank || self.last.is_none())
    }

    /// A page number between lines. A lone number is one only where page
    /// numbers are likely: it might as well be the cell of a table.
    fn is_page_number(&self, body: &str) -> bool {
        let above = self.i == 0 || self.at(self.i - 1).is_empty();
        let below = self.next_is_blank();
        if self.layout.filled < 2 || !(above || below) {
            return false;
        }
        if lone_number(body).is_none() {
            return above && below && PAGE.is_match(body);
        }
        if self.layout.counts_on(self.i) {
            return true;
        }
        let open = self.last.is_none_or(|l| !ends_sentence(self.words_of(l)));
        let mut rest =
            (self.i + 1..self.bodies.len()).map(|i| self.at(i)).filter(|b| !b.is_empty());
        let goes_on = open && rest.next().is_some_and(|b| b.starts_with(char::is_lowercase));
        above && below && (self.layout.numbered || goes_on)
    }

    /// Whether the line before came to an end, so that this one may open something.
    fn stands_apart(&self) -> bool {
        let Some(last) = self.last else { return true };
        let words = self.words_of(last);
        let running = matches!(
            last.kind,
            Kind::Prose | Kind::Clause(_) | Kind::Turn | Kind::Answer | Kind::Item | Kind::SubItem
        );
        let listed = ["and", "or", "und", "oder", "and/or"];
        self.after_blank
            || !running
            || ends_sentence(words)
            || words.ends_with(':')
            || words.split_whitespace().next_back().is_some_and(|w| listed.contains(&w))
            || words.len() * 2 < self.layout.width
    }

    /// Whether a line of prose goes on with the sentence before it.
    pub(super) fn joins(&self) -> bool {
        let Some(last) = self.last else { return false };
        let runs = matches!(
            last.kind,
            Kind::Prose | Kind::Clause(_) | Kind::Turn | Kind::Answer | Kind::Item | Kind::SubItem
        );
        if !runs || !self.after_blank {
            return runs;
        }
        // A page that ends in the middle of a sentence: the blank line is the page's.
        let words = self.words_of(last);
        let open = !ends_sentence(words) && !words.ends_with(':');
        let long = words.len() >= 40 && words.len() * 2 >= self.layout.width.min(160);
        open && (self.turned || long && self.at(self.i).starts_with(char::is_lowercase))
    }

    fn words_of(&self, line: &Line) -> &'a str {
        let span = line.words();
        &self.text[span.start..span.end]
    }
}

fn lone_number(body: &str) -> Option<u32> {
    (body.len() <= 4 && body.bytes().all(|b| b.is_ascii_digit())).then(|| body.parse().ok())?
}

fn depth(number: &str) -> u8 {
    let dots = number.trim_end_matches(['.', ')']).bytes().filter(|b| *b == b'.').count();
    u8::try_from(dots).unwrap_or(0).saturating_add(1)
}

/// A line of nothing but ruling characters, three at least.
fn is_rule(body: &str) -> bool {
    let ruled = body.chars().filter(|c| !c.is_whitespace()).count();
    let only = |marks: &[char]| body.chars().all(|c| c.is_whitespace() || marks.contains(&c));
    ruled >= 3
        && (only(&['-', '=', '_', '*', '~', '.', '–', '—', ')']) || only(&['|', '-', ':', '+']))
}

/// Whether every longer word begins with a capital.
fn title_case(body: &str) -> bool {
    let mut words = body.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() > 3);
    let mut any = false;
    let all = words.all(|w| {
        any = true;
        w.starts_with(char::is_uppercase)
    });
    any && all
}

fn ends_sentence(words: &str) -> bool {
    let end = words.trim_end_matches(['"', '\'', '”', '’', '»', ')', ']', '*', '_']);
    end.ends_with(['.', '!', '?', ';', '…', '。', '！', '？'])
}
