//! Numbers printed beside lines, as in pleadings and depositions: each is put
//! onto the line that it is beside, though it may stand a little higher or
//! lower. Whether they are set aside is decided elsewhere.

use std::collections::HashMap;

use super::order::Line;
use super::runs::Segment;

/// Numbers that a page with numbered lines has at least.
const LEAST: usize = 8;
/// How far their left or right edges may lie apart, in points.
const STRAY: f32 = 4.0;
/// The share of lines that may begin to the left of the numbers.
const MOST_LEFT: f32 = 0.1;

/// Takes out the numbers that are beside lines. `number`: what a segment is
/// where it is nothing but a number.
pub fn numbers_beside(
    segments: &mut Vec<Segment>,
    number: impl Fn(&Segment) -> Option<u32>,
) -> Vec<Segment> {
    let found: Vec<(usize, u32)> =
        segments.iter().enumerate().filter_map(|(at, s)| Some((at, number(s)?))).collect();
    let column = column(segments, &found);
    if column.len() < LEAST {
        return Vec::new();
    }
    let right = column.iter().map(|at| segments[*at].right).fold(f32::MIN, f32::max);
    let left = segments.iter().filter(|segment| segment.left < right).count() - column.len();
    let rest = segments.len() - column.len();
    if left as f32 > MOST_LEFT * rest as f32 {
        return Vec::new();
    }
    let reach = pitch(segments, &column) / 2.0;
    let mut taken = Vec::new();
    let mut last = None;
    for at in column.iter().copied() {
        let row = beside(segments, &column, at, reach);
        // One line has one number.
        if let Some(row) = row.filter(|row| last.is_none_or(|last| *row > last)) {
            taken.push((at, row));
            last = Some(row);
        }
    }
    let mut rows = taken.iter().rev();
    let mut next = rows.next();
    let mut numbers = Vec::new();
    for at in (0..segments.len()).rev() {
        if let Some((_, row)) = next.filter(|(number, _)| *number == at) {
            numbers.push(Segment { row: *row, ..segments.remove(at) });
            next = rows.next();
        }
    }
    numbers
}

/// Puts each number onto the first line that has its row, and marks the lines
/// that are nothing but a number.
pub fn put_back(
    numbers: Vec<Segment>,
    lines: &mut [Line],
    number: impl Fn(&Segment) -> Option<u32>,
) {
    if numbers.is_empty() {
        return;
    }
    for line in &mut *lines {
        line.is_number =
            line.segments.len() == 1 && line.segments.iter().all(|s| number(s).is_some());
    }
    let mut first: HashMap<u32, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        for segment in &line.segments {
            first.entry(segment.row).or_insert(at);
        }
    }
    for number in numbers {
        if let Some(at) = first.get(&number.row) {
            lines[*at].segments.insert(0, number);
        }
    }
}

/// The longest column of numbers, each one more than that above it.
fn column(segments: &[Segment], found: &[(usize, u32)]) -> Vec<usize> {
    let mut best: Vec<usize> = Vec::new();
    let mut open: Vec<(usize, u32)> = Vec::new();
    for (at, number) in found {
        let goes_on = open.last().is_some_and(|(last, before)| {
            let (a, b) = (&segments[*last], &segments[*at]);
            let aligned = (a.left - b.left).abs() < STRAY || (a.right - b.right).abs() < STRAY;
            *number == before + 1 && aligned
        });
        if !goes_on {
            // What is between two of them may be a number too.
            let is_other = open
                .last()
                .is_some_and(|(last, _)| segments[*last].left < segments[*at].left - STRAY);
            if is_other {
                continue;
            }
            open.clear();
        }
        open.push((*at, *number));
        if open.len() > best.len() {
            best = open.iter().map(|(at, _)| *at).collect();
        }
    }
    best
}

/// The usual distance between two numbers.
fn pitch(segments: &[Segment], column: &[usize]) -> f32 {
    let mut steps: Vec<f32> =
        column.windows(2).map(|pair| segments[pair[1]].y - segments[pair[0]].y).collect();
    let middle = steps.len() / 2;
    *steps.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The row that is nearest to the number at `at`.
fn beside(segments: &[Segment], column: &[usize], at: usize, reach: f32) -> Option<u32> {
    let number = &segments[at];
    // Segments are sorted by rows, rows by baselines: those near are near.
    let near = |segment: &&Segment| (segment.y - number.y).abs() < reach;
    let before = segments[..at].iter().rev().take_while(near);
    let after = segments[at + 1..].iter().take_while(near);
    let is_line = |segment: &&Segment| {
        segment.left > number.right
            && !column
                .iter()
                .any(|at| std::ptr::from_ref(&segments[*at]) == std::ptr::from_ref(*segment))
    };
    let nearest = before
        .chain(after)
        .filter(is_line)
        .min_by(|a, b| (a.y - number.y).abs().total_cmp(&(b.y - number.y).abs()))?;
    Some(nearest.row)
}
