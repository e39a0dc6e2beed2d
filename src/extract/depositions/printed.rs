//! The numbers that are printed on the pages of a transcript, and the lines at
//! the top and the foot of them. A page whose number is not sure gets none: a
//! wrong citation is worse than none.

use std::collections::{HashMap, HashSet};

use super::rows::Row;
use super::sheets::Sheet;

/// Lines above and below a page that are looked at.
const DEPTH: usize = 4;

/// The rows outside the numbered ones that go with a page.
#[derive(Debug, Default)]
pub struct Edges {
    pub head: Vec<usize>,
    pub foot: Vec<usize>,
}

/// The rows above and below each page. Where nothing tells to which of two
/// pages a row belongs, it is in the foot of the one and in the head of the
/// other. `breaks` are the offsets at which pages are known to begin, in order.
pub fn edges(rows: &[Row], sheets: &[Sheet], breaks: &[usize]) -> Vec<Edges> {
    let mut all = Vec::with_capacity(sheets.len());
    for (n, sheet) in sheets.iter().enumerate() {
        let (Some(first), Some(last)) = (sheet.first(), sheet.last()) else { continue };
        let from = n.checked_sub(1).and_then(|n| sheets[n].last()).map_or(0, |at| at + 1);
        let to = sheets.get(n + 1).and_then(|next| next.first()).map_or(rows.len(), |at| *at);
        let said = |at: &usize| !rows[*at].is_blank();
        let same = |a: usize, b: usize| {
            let between = |start: usize| rows[a].span.start < start && start <= rows[b].span.start;
            let next = breaks.partition_point(|start| *start <= rows[a].span.start);
            !breaks.get(next).is_some_and(|start| between(*start))
        };
        let head = (from..*first).rev().filter(said).take(DEPTH);
        let foot = (last + 1..to).filter(said).take(DEPTH);
        all.push(Edges {
            head: head.take_while(|at| same(*at, *first)).collect(),
            foot: foot.take_while(|at| same(*last, *at)).collect(),
        });
    }
    all
}

/// The number printed on each page; `None` for all where they are not sure.
pub fn numbers(text: &str, rows: &[Row], edges: &[Edges]) -> Option<Vec<u32>> {
    let read = |edge: fn(&Edges) -> &Vec<usize>| -> Vec<Option<u32>> {
        let number = |at: &usize| page_number(rows[*at].text(text));
        edges.iter().map(|edges| edge(edges).iter().find_map(number)).collect()
    };
    let (heads, feet) = (read(|edges| &edges.head), read(|edges| &edges.foot));
    let count = |found: &[Option<u32>]| found.iter().flatten().count();
    let chosen = match count(&heads).cmp(&count(&feet)) {
        std::cmp::Ordering::Greater => heads,
        std::cmp::Ordering::Less => feet,
        // The first page of all is 1, whichever of the two that makes it.
        std::cmp::Ordering::Equal if feet.first() == Some(&Some(1)) => feet,
        std::cmp::Ordering::Equal if heads.get(1) == Some(&Some(2)) => heads,
        // With known page breaks both can be there and agree.
        std::cmp::Ordering::Equal if heads == feet => heads,
        std::cmp::Ordering::Equal => return None,
    };
    filled(&chosen)
}

/// Numbers that go up; a page without one has that between its neighbours. The
/// first page, that of the title, mostly goes without.
fn filled(found: &[Option<u32>]) -> Option<Vec<u32>> {
    let after_title = found.get(usize::from(found.first() == Some(&None))..)?;
    if after_title.iter().flatten().count() * 5 < after_title.len() * 4 {
        return None;
    }
    let known: Vec<(usize, u32)> =
        found.iter().enumerate().filter_map(|(n, number)| Some((n, (*number)?))).collect();
    let steps = |pair: &[(usize, u32)]| {
        let pages = u32::try_from(pair[1].0 - pair[0].0).unwrap_or(u32::MAX);
        let counted = pair[1].1.checked_sub(pair[0].1);
        // Pages may be left out of an excerpt, but only between printed numbers.
        counted.is_some_and(|counted| counted == pages || (pages == 1 && counted > 1))
    };
    if !known.windows(2).all(steps) {
        return None;
    }
    let (first_at, first) = *known.first()?;
    let mut next = first.checked_sub(u32::try_from(first_at).ok()?).filter(|first| *first > 0)?;
    let mut numbers = Vec::with_capacity(found.len());
    for number in found {
        let number = number.unwrap_or(next);
        numbers.push(number);
        next = number + 1;
    }
    Some(numbers)
}

/// The page number that a line is: "112", "Page 112", "- 112 -", "112 of 140".
fn page_number(line: &str) -> Option<u32> {
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words: Vec<&str> = words.collect();
    let number = match words.as_slice() {
        [number] | [number, "of" | "OF", _] => number,
        [page, number] | [page, number, "of" | "OF", _]
            if ["page", "pg", "p"].contains(&page.to_lowercase().as_str()) =>
        {
            number
        }
        _ => return None,
    };
    let fits = number.len() <= 6 && number.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| number.parse().ok()).flatten()
}

/// The rows at the edges that are furniture: page numbers, and words that come
/// back on three pages, whatever the numbers in them.
pub fn furniture(text: &str, rows: &[Row], edges: &[Edges]) -> Vec<usize> {
    let all: HashSet<usize> =
        edges.iter().flat_map(|edges| edges.head.iter().chain(&edges.foot)).copied().collect();
    let key = |at: usize| -> String {
        rows[at].text(text).chars().filter(|c| c.is_alphabetic()).collect()
    };
    let mut often: HashMap<String, usize> = HashMap::new();
    for at in &all {
        *often.entry(key(*at)).or_default() += 1;
    }
    let is_furniture = |at: &usize| {
        page_number(rows[*at].text(text)).is_some() || often.get(&key(*at)).is_some_and(|n| *n >= 3)
    };
    let mut furniture: Vec<usize> = all.into_iter().filter(is_furniture).collect();
    furniture.sort_unstable();
    furniture
}
