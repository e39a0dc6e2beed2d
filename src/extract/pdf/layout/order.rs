//! The order in which a person reads segments: columns one after the other,
//! what goes across them in its place, and tables row by row.

use super::runs::{Run, Segment};

/// A gutter is at least this wide, in font sizes and in points.
const GUTTER: f32 = 0.85;
const LEAST_GUTTER: f32 = 6.0;
/// How far the beginnings of lines of one column may lie apart, in points.
const STRAY: f32 = 2.5;
/// How far, in font sizes, something may hang before the beginnings of lines.
const HANGING: f32 = 0.5;
/// Lines that a column has at least.
const LEAST_LINES: usize = 3;
/// Lines of a column have at least so many letters on average.
const LEAST_LETTERS: f32 = 18.0;
/// The share of a column's lines that are as long as the column is wide, or
/// nearly; cells of tables vary.
const FULL: f32 = 0.68;
const LEAST_FULL: f32 = 0.5;
/// A line that is too long for its column leaves at least this gap, in font
/// sizes, before the next one.
const TIGHT_GUTTER: f32 = 0.5;
/// The share of a column's lines that may reach into the gutter.
const MOST_TIGHT: f32 = 0.15;
/// Columns of short lines: how many lines each has at least, the share of
/// them that may be level with lines of the other, how close they follow each
/// other in font sizes, and how many letters they have on average.
const LEAST_APART: usize = 5;
const MOST_LEVEL: f32 = 0.55;
const CLOSE: f32 = 1.8;
const LEAST_WORDS: f32 = 5.0;
/// Places that are tried as the beginning of a column.
const MOST_PLACES: usize = 12;
/// Columns inside columns.
const MOST_DEPTH: u32 = 12;

/// Segments that follow each other, as lines; `region` counts the parts of the
/// page that are read one after the other.
#[derive(Debug)]
pub struct Line {
    /// From left to right.
    pub segments: Vec<Segment>,
    pub region: u32,
    /// Whether it is the number of a line that is empty.
    pub is_number: bool,
}

/// The lines in the order in which they are read. `backward`: whether the
/// column on the right comes first.
pub fn lines(segments: Vec<Segment>, backward: bool) -> Vec<Line> {
    let mut reader = Reader { lines: Vec::new(), region: 0, backward };
    reader.read(segments, 0);
    reader.lines
}

struct Reader {
    lines: Vec<Line>,
    region: u32,
    backward: bool,
}

/// A place at which segments fall apart into two columns.
#[derive(Debug, Clone, Copy)]
struct Gutter {
    /// Where the right column begins.
    at: f32,
    /// The rows that have it.
    first: u32,
    last: u32,
    lines: usize,
}

impl Reader {
    fn read(&mut self, segments: Vec<Segment>, depth: u32) {
        let gutter = if depth < MOST_DEPTH { best_gutter(&segments) } else { None };
        let Some(gutter) = gutter else { return self.row_by_row(segments) };
        let (above, rest): (Vec<_>, Vec<_>) =
            segments.into_iter().partition(|segment| segment.row < gutter.first);
        let (within, below): (Vec<_>, Vec<_>) =
            rest.into_iter().partition(|segment| segment.row <= gutter.last);
        let within = within.into_iter().flat_map(|segment| parted(segment, gutter.at));
        let (left, right): (Vec<_>, Vec<_>) =
            within.partition(|segment| !begins_right(segment, gutter.at));
        let (first, second) = if self.backward { (right, left) } else { (left, right) };
        for part in [above, first, second, below] {
            if !part.is_empty() {
                self.read(part, depth + 1);
            }
        }
    }

    fn row_by_row(&mut self, segments: Vec<Segment>) {
        let mut row = None;
        for segment in segments {
            match self.lines.last_mut() {
                Some(line) if row == Some(segment.row) => line.segments.push(segment),
                _ => {
                    row = Some(segment.row);
                    self.lines.push(Line {
                        segments: vec![segment],
                        region: self.region,
                        is_number: false,
                    });
                }
            }
        }
        self.region += 1;
    }
}

fn best_gutter(segments: &[Segment]) -> Option<Gutter> {
    let places = places(segments);
    let gutters = places.into_iter().filter_map(|at| gutter_at(segments, at));
    gutters.max_by_key(|gutter| gutter.lines)
}

/// Where several segments begin, and others stand to the left of that.
fn places(segments: &[Segment]) -> Vec<f32> {
    let mut lefts: Vec<f32> = segments.iter().map(|segment| segment.left).collect();
    lefts.sort_by(f32::total_cmp);
    let mut places: Vec<(usize, f32)> = Vec::new();
    for group in lefts.chunk_by(|a, b| b - a <= STRAY) {
        if group.len() >= LEAST_LINES {
            places.push((group.len(), group[0]));
        }
    }
    // Nothing stands to the left of the first.
    if places.first().is_some_and(|(_, at)| lefts.first().is_some_and(|l| at - l <= STRAY)) {
        places.remove(0);
    }
    places.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    places.truncate(MOST_PLACES);
    places.into_iter().map(|(_, at)| at).collect()
}

/// The longest stretch of rows that has a gutter before `at`.
fn gutter_at(segments: &[Segment], at: f32) -> Option<Gutter> {
    let mut best: Option<Gutter> = None;
    let mut from = 0;
    for rows in stretches(segments, at) {
        let stretch = &segments[from..rows.1];
        if rows.0 {
            let found = columns(stretch, at);
            if found.is_some_and(|found| best.is_none_or(|best| found.lines > best.lines)) {
                best = found;
            }
        }
        from = rows.1;
    }
    best
}

/// Tells rows with nothing across the gutter from the others: whether the
/// stretch is free, and behind which segment it ends.
fn stretches(segments: &[Segment], at: f32) -> Vec<(bool, usize)> {
    let mut stretches: Vec<(bool, usize)> = Vec::new();
    let mut end = 0;
    for row in segments.chunk_by(|a, b| a.row == b.row) {
        end += row.len();
        let free = row
            .iter()
            .all(|segment| side(segment, at) != Side::Across || part(segment, at).is_some());
        match stretches.last_mut() {
            Some((last, to)) if *last == free => *to = end,
            _ => stretches.push((free, end)),
        }
    }
    stretches
}

#[derive(PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Across,
}

/// Whether it begins where the right column does; a quotation mark may hang
/// into the gutter.
fn begins_right(segment: &Segment, at: f32) -> bool {
    segment.left >= at - (HANGING * segment.size).max(STRAY)
}

fn side(segment: &Segment, at: f32) -> Side {
    if begins_right(segment, at) {
        Side::Right
    } else if segment.right <= at - 0.1 * segment.size {
        Side::Left
    } else {
        Side::Across
    }
}

/// Whether a stretch of rows that is free before `at` is two columns: both of
/// lines as prose has them, for the most part side by side.
fn columns(stretch: &[Segment], at: f32) -> Option<Gutter> {
    let (left, right): (Vec<&Segment>, Vec<&Segment>) =
        stretch.iter().partition(|segment| !begins_right(segment, at));
    let is_prose = is_prose(&left) && is_prose(&right);
    if !is_prose && !stand_apart(stretch, &left, &right, at) {
        return None;
    }
    let tight =
        |segment: &&&Segment| segment.right > at - (GUTTER * segment.size).max(LEAST_GUTTER);
    if left.iter().filter(tight).count() as f32 > MOST_TIGHT * left.len() as f32 {
        return None;
    }
    let rows = |side: &[&Segment]| Some((side.first()?.y, side.last()?.y));
    let ((a, b), (c, d)) = (rows(&left)?, rows(&right)?);
    let beside = b.min(d) - a.max(c);
    if beside < 0.4 * (b - a).min(d - c) {
        return None;
    }
    let (first, last) = (stretch.first()?.row, stretch.last()?.row);
    Some(Gutter { at, first, last, lines: left.len().min(right.len()) })
}

/// Whether two columns of short lines stand beside each other with nothing to
/// do with each other: both have lines of their own, close together, and most
/// of them are on no common baseline, as the cells of a row would be.
fn stand_apart(stretch: &[Segment], left: &[&Segment], right: &[&Segment], at: f32) -> bool {
    let ends = |side: &[&Segment]| Some((side.first()?.y, side.last()?.y));
    let (Some((a, b)), Some((c, d))) = (ends(left), ends(right)) else { return false };
    let (top, bottom) = (a.max(c) - 1.0, b.min(d) + 1.0);
    let (mut lefts, mut rights, mut both) = (0_usize, 0_usize, 0_usize);
    for row in stretch.chunk_by(|a, b| a.row == b.row) {
        if row.iter().any(|segment| segment.y < top || segment.y > bottom) {
            continue;
        }
        let is_left = row.iter().any(|segment| !begins_right(segment, at));
        let is_right = row.iter().any(|segment| begins_right(segment, at));
        lefts += usize::from(is_left);
        rights += usize::from(is_right);
        both += usize::from(is_left && is_right);
    }
    let fewer = lefts.min(rights);
    fewer >= LEAST_APART
        && both as f32 <= MOST_LEVEL * fewer as f32
        && is_close(left)
        && is_close(right)
}

/// Whether the lines of a column are words, most of them as close together as
/// lines of one paragraph.
fn is_close(side: &[&Segment]) -> bool {
    let letters: u32 = side.iter().map(|segment| segment.letters).sum();
    let steps = side.windows(2).map(|pair| (pair[1].y - pair[0].y) / pair[0].size.max(0.01));
    let close = steps.filter(|step| (0.0..CLOSE).contains(step)).count();
    letters as f32 >= LEAST_WORDS * side.len() as f32
        && close as f32 >= 0.6 * (side.len() - 1) as f32
}

/// Before which of its runs a segment that goes across a gutter falls apart:
/// one that begins where the right column does.
fn part(segment: &Segment, at: f32) -> Option<usize> {
    let begins = |run: &Run| !run.is_space && (run.left - at).abs() <= STRAY;
    let index = segment.runs.iter().position(begins)?;
    let before = segment.runs[..index].iter().filter(|run| !run.is_space);
    let right = before.map(|run| run.right).fold(f32::MIN, f32::max);
    let gap = segment.runs[index].left - right;
    (right > f32::MIN && gap >= TIGHT_GUTTER * segment.size).then_some(index)
}

/// The segment in two where it goes across a gutter.
fn parted(mut segment: Segment, at: f32) -> impl Iterator<Item = Segment> {
    let index = match side(&segment, at) {
        Side::Across => part(&segment, at),
        _ => None,
    };
    let right = index.map(|index| {
        let runs = segment.runs.split_off(index);
        let right = Segment::of(runs, segment.row);
        segment = Segment::of(std::mem::take(&mut segment.runs), segment.row);
        right
    });
    std::iter::once(segment).chain(right)
}

fn is_prose(side: &[&Segment]) -> bool {
    if side.len() < LEAST_LINES {
        return false;
    }
    let letters: u32 = side.iter().map(|segment| segment.letters).sum();
    let count = side.len() as f32;
    if (letters as f32) < LEAST_LETTERS * count {
        return false;
    }
    let mut sorted: Vec<(f32, f32)> = side.iter().map(|s| (s.left, s.right)).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    // A column inside this side has lines of its own length.
    let mut full = 0;
    for group in sorted.chunk_by(|a, b| b.0 - a.0 <= 8.0 * STRAY) {
        let right = group.iter().map(|line| line.1).fold(f32::MIN, f32::max);
        let width = right - group[0].0;
        full += group.iter().filter(|line| line.1 - line.0 >= FULL * width).count();
    }
    full as f32 >= LEAST_FULL * count
}
