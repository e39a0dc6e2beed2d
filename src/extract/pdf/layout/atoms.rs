//! The glyphs of a page made ready to be put in order: doubled ones dropped,
//! each with its box, and sorted by the way in which their lines go.

use std::f32::consts::{FRAC_PI_2, TAU};

use super::super::output::sheet::Sides;
use super::super::output::{Glyph, Glyphs};

/// How far above its baseline and below it a letter reaches, in font sizes.
const ABOVE: f32 = 0.75;
const BELOW: f32 = 0.22;

/// Two equal glyphs nearer to each other than this, in font sizes, are one
/// that was drawn twice to make it bold or give it a shadow.
const DOUBLED: f32 = 0.12;
/// Along the line, so are those nearer than this share of their own width: a
/// field's words may be drawn once on the page and once by the field, in
/// another font.
const OVERLAPPING: f32 = 0.3;
/// How many neighbours are looked at for doubles.
const MOST_NEIGHBOURS: usize = 48;

/// Lines that lean less than this, in radians, are level lines of a page that
/// was not straight in the scanner.
const LEVEL: f32 = 0.17;
/// Glyphs below each other that make a line of upright letters going down.
const STACK: usize = 4;

/// A glyph in the frame of its group, in which lines go to the right and
/// follow each other downwards.
#[derive(Debug, Clone, Copy)]
pub struct Atom {
    /// Into [`Glyphs::glyphs`].
    pub glyph: u32,
    /// Where it begins and ends along the line.
    pub left: f32,
    pub right: f32,
    /// The baseline.
    pub y: f32,
    pub size: f32,
    /// Letter spacing that was asked for behind it.
    pub spacing: f32,
    pub is_space: bool,
    /// Its smallest upright box on the page.
    pub sides: Sides,
}

/// Glyphs whose lines go the same way.
#[derive(Debug, Default)]
pub struct Group {
    /// In the order in which they are drawn.
    pub atoms: Vec<Atom>,
    /// Visible glyphs among them.
    pub visible: usize,
}

/// The glyphs at `wanted` by the way in which their lines go, the way that
/// most go first.
pub fn grouped(page: &Glyphs, wanted: &[u32]) -> Vec<Group> {
    let mut ways: Vec<(i32, Vec<u32>)> = Vec::new();
    let mut stacked = stacks(page, wanted);
    for index in wanted {
        let glyph = &page.glyphs[*index as usize];
        let stacked = stacked.next().unwrap_or(false);
        let way = if stacked { DOWN } else { way_of(glyph) };
        match ways.iter_mut().rev().find(|(known, _)| *known == way) {
            Some((_, glyphs)) => glyphs.push(*index),
            None => ways.push((way, vec![*index])),
        }
    }
    let mut groups: Vec<Group> =
        ways.iter().map(|(way, glyphs)| group(page, *way, glyphs)).collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.visible));
    groups
}

/// The glyphs of the page without those that were drawn a second time.
pub fn single(page: &Glyphs) -> Vec<u32> {
    let first = |glyph: &Glyph| page.spelled(glyph).chars().next().unwrap_or(' ');
    let mut sorted: Vec<(char, f32, u32)> =
        (0..).zip(&page.glyphs).map(|(at, glyph)| (first(glyph), glyph.from.0, at)).collect();
    sorted.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)));
    let mut keep = vec![true; page.glyphs.len()];
    for (at, (letter, x, index)) in sorted.iter().enumerate() {
        let glyph = &page.glyphs[*index as usize];
        let near = DOUBLED * glyph.size;
        let along = near.max(OVERLAPPING * (glyph.to.0 - glyph.from.0).abs());
        let neighbours = sorted[at + 1..].iter().take(MOST_NEIGHBOURS);
        for (_, _, other) in neighbours.take_while(|n| n.0 == *letter && n.1 - x < along) {
            let twin = &page.glyphs[*other as usize];
            if (twin.from.1 - glyph.from.1).abs() < near
                && (twin.size - glyph.size).abs() < near
                && keep[*index as usize]
            {
                // The later one goes, wherever it is.
                keep[*(other.max(index)) as usize] = false;
            }
        }
    }
    (0..).zip(keep).filter_map(|(at, keep)| keep.then_some(at)).collect()
}

/// Stands for lines of upright letters that go down, the next line to the left.
const DOWN: i32 = 1_000;

/// Degrees, clockwise; those near level are level.
#[expect(clippy::cast_possible_truncation, reason = "fewer than 361 degrees")]
fn way_of(glyph: &Glyph) -> i32 {
    let angle = angle_of(glyph);
    let quarters = (angle / FRAC_PI_2).round();
    if (angle - quarters * FRAC_PI_2).abs() < LEVEL {
        return (quarters as i32).rem_euclid(4) * 90;
    }
    (angle.to_degrees().round() as i32).rem_euclid(360)
}

fn angle_of(glyph: &Glyph) -> f32 {
    glyph.way.1.atan2(glyph.way.0)
}

/// For each of the glyphs whether it is one of several upright letters below
/// each other.
fn stacks<'a>(page: &'a Glyphs, wanted: &'a [u32]) -> impl Iterator<Item = bool> + 'a {
    let below = |a: u32, b: u32| {
        let (a, b) = (&page.glyphs[a as usize], &page.glyphs[b as usize]);
        let (dx, dy) = (b.from.0 - a.from.0, b.from.1 - a.from.1);
        dx.abs() < 0.35 * a.size && dy > 0.6 * a.size && dy < 1.6 * a.size && way_of(a) == 0
    };
    let mut from = 0;
    let mut runs = std::iter::from_fn(move || {
        let mut to = from + 1;
        if from >= wanted.len() {
            return None;
        }
        while to < wanted.len() && below(wanted[to - 1], wanted[to]) {
            to += 1;
        }
        let run = to - from;
        from = to;
        Some(run)
    });
    let mut left = 0;
    let mut stacked = false;
    std::iter::from_fn(move || {
        if left == 0 {
            left = runs.next()?;
            stacked = left >= STACK;
        }
        left -= 1;
        Some(stacked)
    })
}

fn group(page: &Glyphs, way: i32, glyphs: &[u32]) -> Group {
    let glyphs = glyphs.iter().map(|index| (*index, &page.glyphs[*index as usize]));
    let turn = if way == DOWN { FRAC_PI_2 } else { common_angle(glyphs.clone().map(|g| g.1)) };
    let (sin, cos) = if turn.abs() < 1e-4 { (0.0, 1.0) } else { turn.sin_cos() };
    // Turned back so that lines are level.
    let level = |(x, y): (f32, f32)| (x * cos + y * sin, y * cos - x * sin);
    let mut group = Group::default();
    for (index, glyph) in glyphs {
        let is_space = page.spelled(glyph).chars().all(char::is_whitespace);
        let (from, to) = (level(glyph.from), level(glyph.to));
        let (mut left, mut right) = (from.0.min(to.0), from.0.max(to.0));
        if way == DOWN {
            // Each letter takes the height of a line.
            (left, right) = (from.0 - ABOVE * glyph.size, from.0 + BELOW * glyph.size);
        }
        group.visible += usize::from(!is_space);
        group.atoms.push(Atom {
            glyph: index,
            left,
            right,
            y: from.1,
            size: glyph.size,
            spacing: glyph.spacing,
            is_space,
            sides: sides(glyph),
        });
    }
    group
}

/// The angle of most of the glyphs, in radians.
fn common_angle<'a>(glyphs: impl Iterator<Item = &'a Glyph>) -> f32 {
    let mut angles: Vec<f32> = glyphs.map(angle_of).collect();
    let middle = angles.len() / 2;
    if angles.is_empty() {
        return 0.0;
    }
    // Those around half a turn may be told with either sign.
    for angle in &mut angles {
        if *angle < -3.0 {
            *angle += TAU;
        }
    }
    *angles.select_nth_unstable_by(middle, f32::total_cmp).1
}

/// The box of a glyph on the page.
pub fn sides(glyph: &Glyph) -> Sides {
    let length = glyph.way.0.hypot(glyph.way.1);
    let (ax, ay) =
        if length > 0.0 { (glyph.way.0 / length, glyph.way.1 / length) } else { (1.0, 0.0) };
    // The direction in which letters stand up, y downwards.
    let (ux, uy) = (ay * glyph.size, -ax * glyph.size);
    let mut sides = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
    for (x, y) in [glyph.from, glyph.to] {
        for reach in [ABOVE, -BELOW] {
            let (x, y) = (x + ux * reach, y + uy * reach);
            sides = [sides[0].min(x), sides[1].min(y), sides[2].max(x), sides[3].max(y)];
        }
    }
    sides
}
