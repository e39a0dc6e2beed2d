//! Running heads and feet: what is printed at the top or the foot of page after
//! page and is no part of what the document says. Goes by the words alone, so
//! it knows no format.

use std::collections::{HashMap, HashSet};

use super::asides;
use crate::domain::document::{Page, PageState};
use crate::domain::marks::{AsideKind, Marks};
use crate::domain::span::ByteSpan;

/// Lines that are looked at from each edge of a page.
const DEPTH: usize = 4;
/// Bytes of a line; a longer one is a sentence.
const LONGEST: usize = 200;
/// What comes back on fewer pages is chance.
const FEWEST: usize = 3;
/// Lines from the edge among which the heading of a section is looked for: the
/// document's title may stand above it.
const SECTION_DEPTH: usize = 2;
/// Numbers of a line that may be its page's: "Page 3 of 9, 2024-01-31".
const NUMBERS: usize = 6;

/// Letters of a roman numeral below sixty, "xxxviii" for one.
const MOST_LETTERS: usize = 7;

/// Words that name a page.
const PAGE: [&str; 12] =
    ["page", "pages", "pg", "p", "of", "seite", "von", "página", "pagina", "de", "blatt", "folio"];

/// Words that with a number are a heading, which belongs to the text.
const HEADING: [&str; 18] = [
    "article",
    "section",
    "sec",
    "exhibit",
    "schedule",
    "annex",
    "appendix",
    "attachment",
    "chapter",
    "part",
    "clause",
    "item",
    "title",
    "artikel",
    "abschnitt",
    "anlage",
    "kapitel",
    "teil",
];

/// Marks the running heads and feet of `pages` in `text`, which they tile.
///
/// A line counts as one when it stands at the edge of most pages, or of most
/// left or of most right ones, with the same words, whatever the numbers in it;
/// when it is a number that goes up with the pages; and when it names a section,
/// page after page, and so does the line there of most other pages. Lines of
/// three pages at least have to agree. Takes time in proportion to the number of pages.
pub(super) fn mark(text: &str, pages: &[Page], marks: &mut Marks) {
    let sheets: Vec<Sheet> = pages.iter().filter_map(|page| Sheet::of(text, page)).collect();
    if sheets.len() < FEWEST {
        return;
    }
    let heads = Furniture::of(&sheets, |sheet| &sheet.head);
    let feet = Furniture::of(&sheets, |sheet| &sheet.foot);
    let found: Vec<Edges> = sheets.iter().map(|sheet| sheet.edges(&heads, &feet)).collect();
    // Where hardly a page says anything else, these lines are what it says.
    let bare = found.iter().filter(|edges| edges.is_bare).count();
    if bare * 2 > sheets.len() {
        return;
    }
    let spans: Vec<ByteSpan> = found.into_iter().flat_map(|edges| edges.spans).collect();
    asides::add(marks, &spans, AsideKind::RunningHead);
}

/// A page that has text.
struct Sheet {
    /// The page's number in the document.
    n: u32,
    /// The lines at the top, downwards.
    head: Vec<Line>,
    /// The lines at the foot, upwards. On a short page they are those of the
    /// head once more.
    foot: Vec<Line>,
}

/// A line with words in it.
struct Line {
    /// Without the white space around it.
    span: ByteSpan,
    /// The words, alike for lines that differ in numbers only; `None` of a line
    /// that is too long.
    key: Option<String>,
    numbers: Vec<u32>,
}

/// What of a page is set aside.
struct Edges {
    spans: Vec<ByteSpan>,
    /// Whether nothing else is on the page.
    is_bare: bool,
}

impl Sheet {
    fn of(text: &str, page: &Page) -> Option<Self> {
        let own = page.span.slice(text).filter(|_| page.state == PageState::Text)?;
        let at = |line: &str| line.as_ptr().addr() - own.as_ptr().addr() + page.span.start;
        let line = |line: &str| {
            let line = line.trim();
            (!line.is_empty()).then(|| Line::new(line, at(line)))
        };
        let ends = ['\n', '\u{C}', '\u{2028}'];
        let head: Vec<Line> = own.split(ends).filter_map(line).take(DEPTH).collect();
        let foot = own.rsplit(ends).filter_map(line).take(DEPTH).collect();
        (!head.is_empty()).then_some(Self { n: page.n, head, foot })
    }

    /// The lines that are furniture from the edges inwards, up to the first
    /// that is none.
    fn edges(&self, heads: &Furniture, feet: &Furniture) -> Edges {
        let head = self.head.iter().take_while(|line| heads.holds(line, self.n));
        let head: Vec<ByteSpan> = head.map(|line| line.span).collect();
        let top = head.last().map_or(0, |span| span.end);
        let below = |line: &&Line| line.span.start >= top && feet.holds(line, self.n);
        let foot: Vec<ByteSpan> =
            self.foot.iter().take_while(below).map(|line| line.span).collect();
        // The next line upwards is what the page says, unless it is a head.
        let next = self.foot.get(foot.len());
        let is_bare = foot.len() < DEPTH && next.is_none_or(|line| line.span.end <= top);
        let head = head.first().map(|first| ByteSpan::new(first.start, top));
        let foot = foot.first().map(|low| ByteSpan::new(foot[foot.len() - 1].start, low.end));
        Edges { spans: head.into_iter().chain(foot).collect(), is_bare }
    }
}

impl Line {
    fn new(line: &str, start: usize) -> Self {
        let span = ByteSpan::new(start, start + line.len());
        if line.len() > LONGEST {
            return Self { span, key: None, numbers: Vec::new() };
        }
        if let Some(number) = roman(line) {
            return Self { span, key: Some("roman #".into()), numbers: vec![number] };
        }
        let lower = line.to_lowercase();
        let (mut key, mut numbers, mut digits) = (String::new(), Vec::new(), String::new());
        // A blank at the end closes a number that stands there.
        for c in lower.chars().chain([' ']) {
            if c.is_ascii_digit() {
                digits.push(c);
                continue;
            }
            if !digits.is_empty() {
                key.push('#');
                numbers.extend(std::mem::take(&mut digits).parse::<u32>().ok());
            }
            if !c.is_whitespace() {
                key.push(c);
            } else if !key.is_empty() && !key.ends_with(' ') {
                key.push(' ');
            }
        }
        numbers.truncate(NUMBERS);
        Self { span, key: Some(key.trim_end().to_owned()), numbers }
    }
}

/// The value of a line that is nothing but a small roman numeral, as pages
/// before the first chapter have.
fn roman(line: &str) -> Option<u32> {
    let numeral = line.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let value = |letter: u8| match letter {
        b'i' => Some(1),
        b'v' => Some(5),
        b'x' => Some(10),
        b'l' => Some(50),
        _ => None,
    };
    let values: Vec<u32> = numeral.bytes().map(value).collect::<Option<_>>()?;
    if values.is_empty() || values.len() > MOST_LETTERS {
        return None;
    }
    // A letter before one of more worth is taken off: "iv", "xl".
    let all: u32 = values.iter().sum();
    let off: u32 = values.windows(2).filter(|pair| pair[0] < pair[1]).map(|pair| pair[0]).sum();
    all.checked_sub(2 * off)
}

/// The lines of one edge that are furniture.
struct Furniture<'a> {
    /// Those that are so wherever they stand there.
    always: HashSet<&'a str>,
    /// Those that are so where one of their numbers is this much more than the
    /// number of their page in the document.
    counted: HashSet<(&'a str, usize, i64)>,
}

impl<'a> Furniture<'a> {
    fn of(sheets: &'a [Sheet], edge: impl Fn(&'a Sheet) -> &'a [Line]) -> Self {
        let found = by_words(sheets, &edge, DEPTH);
        let sheets_of = |parity: u32| sheets.iter().filter(|sheet| sheet.n % 2 == parity).count();
        let all = Sheets { all: sheets.len(), parity: [sheets_of(0), sheets_of(1)] };
        let always = sections(sheets, &edge);
        let mut furniture = Self { always, counted: HashSet::new() };
        for (key, lines) in found.into_iter().filter(|(_, lines)| lines.len() >= FEWEST) {
            match Nature::of(key) {
                Nature::Words if all.are_mostly(&lines) => {
                    furniture.always.insert(key);
                }
                Nature::PageNumber => furniture.count(key, &lines),
                Nature::Words | Nature::Heading => {}
            }
        }
        furniture
    }

    /// Takes in the numbers that go up with the pages on three of them at least.
    fn count(&mut self, key: &'a str, lines: &[Found]) {
        let mut steps: HashMap<(usize, i64), usize> = HashMap::new();
        for (n, numbers) in lines {
            for (at, number) in numbers.iter().enumerate() {
                *steps.entry((at, i64::from(*number) - i64::from(*n))).or_default() += 1;
            }
        }
        let often = steps.into_iter().filter(|(_, count)| *count >= FEWEST);
        self.counted.extend(often.map(|((at, step), _)| (key, at, step)));
    }

    fn holds(&self, line: &Line, n: u32) -> bool {
        let Some(key) = line.key.as_deref() else { return false };
        let mut numbers = line.numbers.iter().enumerate();
        self.always.contains(key)
            || numbers.any(|(at, number)| {
                self.counted.contains(&(key, at, i64::from(*number) - i64::from(n)))
            })
    }
}

/// The number of a page, and the numbers in a line of it.
type Found<'a> = (u32, &'a [u32]);

/// Where each line stands among the first `depth` from an edge, page by page.
fn by_words<'a>(
    sheets: &'a [Sheet],
    edge: impl Fn(&'a Sheet) -> &'a [Line],
    depth: usize,
) -> HashMap<&'a str, Vec<Found<'a>>> {
    let mut found: HashMap<&str, Vec<Found>> = HashMap::new();
    for sheet in sheets {
        let mut seen = HashSet::new();
        for line in edge(sheet).iter().take(depth) {
            if let Some(key) = line.key.as_deref().filter(|key| seen.insert(*key)) {
                found.entry(key).or_default().push((sheet.n, &line.numbers));
            }
        }
    }
    found
}

/// The lines that name sections: each on pages that follow one another, or on
/// all left or right ones of them, and together on two thirds of all. Where
/// they stand on fewer, they may as well be the heads of a table.
fn sections<'a>(sheets: &'a [Sheet], edge: impl Fn(&'a Sheet) -> &'a [Line]) -> HashSet<&'a str> {
    let mut found = by_words(sheets, edge, SECTION_DEPTH);
    found.retain(|key, lines| {
        let pages = lines.last().map_or(0, |(n, _)| *n) - lines.first().map_or(0, |(n, _)| *n);
        let together = usize::try_from(pages).is_ok_and(|pages| pages < lines.len() * 2);
        lines.len() >= FEWEST && together && Nature::of(key) == Nature::Words
    });
    let pages: HashSet<u32> = found.values().flatten().map(|(n, _)| *n).collect();
    if pages.len() * 3 < sheets.len() * 2 { HashSet::new() } else { found.into_keys().collect() }
}

/// How many pages there are, and how many with even and with odd numbers.
struct Sheets {
    all: usize,
    parity: [usize; 2],
}

impl Sheets {
    /// Whether a line that stands on these pages stands on at least half of
    /// all, or on two thirds of all left or all right ones.
    fn are_mostly(&self, lines: &[Found]) -> bool {
        if lines.len() * 2 >= self.all {
            return true;
        }
        (0..2).zip(self.parity).any(|(parity, all)| {
            let count = lines.iter().filter(|(n, _)| n % 2 == parity).count();
            count >= FEWEST && count * 3 >= all * 2
        })
    }
}

/// What a line's words make of it.
#[derive(Debug, PartialEq, Eq)]
enum Nature {
    /// Nothing but a number and words for a page.
    PageNumber,
    /// A numbered part of the text.
    Heading,
    Words,
}

impl Nature {
    fn of(key: &str) -> Self {
        let words = key.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
        let words: Vec<&str> = words.collect();
        let is_number = key.contains('#');
        let names_page =
            |word: &&str| PAGE.contains(word) || *word == "roman" || word.chars().count() == 1;
        if words.iter().all(names_page) {
            // Rules and dots alone are no page's number; those who sign
            // write on them.
            return if is_number { Self::PageNumber } else { Self::Heading };
        }
        let heads = |word: &&str| HEADING.contains(word) || word.chars().count() == 1;
        if words.iter().all(heads) || key.ends_with(':') || key.contains("__") {
            return Self::Heading;
        }
        Self::Words
    }
}

#[cfg(test)]
#[path = "running_heads/tests.rs"]
mod tests;
