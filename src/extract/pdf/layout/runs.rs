//! From glyphs to segments: stretches of a line with no gap in them that could
//! be one between columns.

use super::atoms::Atom;

/// Gaps, in font sizes, that end a run of glyphs that were drawn one after the
/// other.
const RUN_GAP: f32 = 0.1;
const RUN_BACK: f32 = 0.4;
/// How far a baseline may stray within a run and within a row.
const RUN_STRAY: f32 = 0.06;
const ROW_STRAY: f32 = 0.22;
const MOST_STRAY: f32 = 0.45;
/// A glyph so much smaller than its neighbour, raised or lowered no more than
/// this and no further away, is one of the same line.
const SMALL: f32 = 0.87;
const RAISED: f32 = 0.75;
const BESIDE: f32 = 0.35;
/// From this gap on a line may be one of two columns or have cells.
const SEGMENT_GAP: f32 = 0.9;

/// Glyphs drawn one after the other without a gap.
#[derive(Debug, Clone, Copy)]
pub struct Run {
    /// Into the atoms.
    pub from: u32,
    pub to: u32,
    pub left: f32,
    pub right: f32,
    /// The baseline of its line, which is not its own if it is raised.
    pub y: f32,
    pub size: f32,
    pub is_space: bool,
}

/// Neighbouring runs of a row.
#[derive(Debug, Clone)]
pub struct Segment {
    /// From left to right, spaces between them included.
    pub runs: Vec<Run>,
    pub left: f32,
    pub right: f32,
    pub y: f32,
    /// That of most of its letters.
    pub size: f32,
    pub letters: u32,
    /// Counted downwards; segments of one row stand on one baseline.
    pub row: u32,
}

/// The segments of all rows, from top to bottom and from left to right.
pub fn segments(atoms: &[Atom]) -> Vec<Segment> {
    let mut runs = runs(atoms);
    runs.sort_by(|a, b| a.y.total_cmp(&b.y));
    let mut segments = Vec::new();
    let mut rest = runs.as_mut_slice();
    let mut row = 0;
    while !rest.is_empty() {
        let (head, tail) = rest.split_at_mut(row_end(rest));
        head.sort_by(|a, b| a.left.total_cmp(&b.left).then(a.from.cmp(&b.from)));
        segments_of_row(head, row, &mut segments);
        row += 1;
        rest = tail;
    }
    segments
}

fn runs(atoms: &[Atom]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, atom) in (0..).zip(atoms) {
        match runs.last_mut() {
            Some(run) if goes_on(run, &atoms[run.to as usize - 1], atom) => {
                run.to = at + 1;
                run.left = run.left.min(atom.left);
                run.right = run.right.max(atom.right);
            }
            last => {
                let y = last.map_or(atom.y, |last| shared_baseline(last, atom));
                runs.push(Run {
                    from: at,
                    to: at + 1,
                    left: atom.left,
                    right: atom.right,
                    y,
                    size: atom.size,
                    is_space: atom.is_space,
                });
            }
        }
    }
    runs
}

fn goes_on(run: &Run, last: &Atom, atom: &Atom) -> bool {
    let gap = atom.left - last.right - last.spacing.max(0.0);
    run.is_space == atom.is_space
        && (atom.y - last.y).abs() <= RUN_STRAY * run.size
        && (atom.size - run.size).abs() <= 0.03 * run.size
        && gap <= RUN_GAP * run.size
        && gap >= -RUN_BACK * run.size
        // Two letters on one spot are not one after the other.
        && (atom.left + atom.right > last.left + last.right || atom.right <= atom.left)
}

/// The baseline of the line that `atom` is in where it follows `last`; that of
/// `last` where it turns out to be raised itself.
fn shared_baseline(last: &mut Run, atom: &Atom) -> f32 {
    let (small, big) = (last.size.min(atom.size), last.size.max(atom.size));
    let gap = (atom.left - last.right).max(last.left - atom.right);
    if small > SMALL * big || gap > BESIDE * big || (atom.y - last.y).abs() > RAISED * big {
        return atom.y;
    }
    if atom.size < last.size {
        return last.y;
    }
    last.y = atom.y;
    atom.y
}

/// How many of the runs, which are sorted by their baselines, make up the
/// first row.
fn row_end(runs: &[Run]) -> usize {
    let Some(first) = runs.first() else { return 0 };
    let mut last = first;
    let mut most = first.size;
    for (at, run) in runs.iter().enumerate().skip(1) {
        most = most.max(run.size.min(2.0 * most));
        let near = ROW_STRAY * most.min(run.size.max(0.5 * most));
        if run.y - last.y > near || run.y - first.y > MOST_STRAY * most {
            return at;
        }
        last = run;
    }
    runs.len()
}

fn segments_of_row(runs: &[Run], row: u32, segments: &mut Vec<Segment>) {
    let mut open: Vec<Run> = Vec::new();
    let (mut right, mut size) = (0.0, 0.0);
    let mut spaces: Vec<Run> = Vec::new();
    for run in runs {
        if run.is_space {
            spaces.push(*run);
            continue;
        }
        if !open.is_empty() && run.left - right > SEGMENT_GAP * run.size.max(size) {
            segments.push(Segment::of(std::mem::take(&mut open), row));
            spaces.clear();
        }
        if open.is_empty() {
            (right, size) = (run.right, run.size);
        } else {
            open.append(&mut spaces);
            (right, size) = (run.right.max(right), run.size);
        }
        open.push(*run);
    }
    if !open.is_empty() {
        segments.push(Segment::of(open, row));
    }
}

impl Segment {
    /// Of runs that stand on one row, from left to right.
    pub fn of(runs: Vec<Run>, row: u32) -> Self {
        let visible = || runs.iter().filter(|run| !run.is_space);
        let main = visible().max_by_key(|run| run.to - run.from);
        let (y, size) = main.map_or((0.0, 1.0), |run| (run.y, run.size));
        Self {
            left: visible().map(|run| run.left).fold(f32::MAX, f32::min),
            right: visible().map(|run| run.right).fold(f32::MIN, f32::max),
            y,
            size,
            letters: visible().map(|run| run.to - run.from).sum(),
            row,
            runs,
        }
    }
}
