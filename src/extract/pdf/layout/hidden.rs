//! Which glyphs of a page a person cannot see, and why.

use super::super::output::sheet::{Colour, Fill, Ink, Sides};
use super::super::output::{Glyph, Glyphs};
use super::atoms::sides;
use crate::domain::marks::AsideKind;

const PAPER: Colour = [1.0; 3];
/// Letters lower and narrower than this, in points, are too small to be seen.
const TINY: f32 = 1.0;
/// Colours nearer to each other than this, in each part, look alike.
const ALIKE: f32 = 0.06;
/// From this share of a page on, images are what it shows.
const MOSTLY_IMAGE: f32 = 0.5;
/// Where more of a page's glyphs than this are hidden in one way, they are its
/// text: that of a scan, or of a page with a wrong size.
const NEARLY_ALL: f32 = 0.9;
/// How far beyond the edge of the page something must stand, in points.
const BEYOND: f32 = 2.0;

/// For each glyph of the page, why it is hidden.
pub fn hidden(page: &Glyphs) -> Vec<Option<AsideKind>> {
    let inks: Vec<bool> = page.sheet.inks.iter().map(|(_, ink)| may_vanish(page, *ink)).collect();
    let may_vanish = |glyph: &Glyph| inks.get(glyph.ink as usize).copied().unwrap_or(false);
    let mut kinds: Vec<Option<AsideKind>> =
        page.glyphs.iter().map(|glyph| kind(page, glyph, may_vanish(glyph))).collect();
    run_over(page, &mut kinds);
    let all = kinds.len() as f32;
    for kind in [AsideKind::Invisible, AsideKind::OffPage, AsideKind::SameColour, AsideKind::Tiny] {
        let of_kind = kinds.iter().filter(|k| **k == Some(kind)).count() as f32;
        let is_text = of_kind > NEARLY_ALL * all
            || kind == AsideKind::Invisible && page.sheet.images >= MOSTLY_IMAGE;
        if is_text && of_kind > 0.0 && kind != AsideKind::SameColour {
            kinds.iter_mut().filter(|k| **k == Some(kind)).for_each(|k| *k = None);
        }
    }
    kinds
}

/// Whether anything on the page, the paper among it, has the colour of this ink.
fn may_vanish(page: &Glyphs, ink: Ink) -> bool {
    let Some(colour) = ink.colour else { return false };
    let mut fills = page.sheet.fills.iter().filter_map(|fill| fill.colour);
    alike(colour, PAPER) || fills.any(|fill| alike(fill, colour))
}

fn kind(page: &Glyphs, glyph: &Glyph, may_vanish: bool) -> Option<AsideKind> {
    let [left, top, right, bottom] = sides(glyph);
    let (x, y) = (f32::midpoint(left, right), f32::midpoint(top, bottom));
    let (width, height) = (page.sheet.width, page.sheet.height);
    if width > 0.0 && (x < -BEYOND || y < -BEYOND || x > width + BEYOND || y > height + BEYOND) {
        return Some(AsideKind::OffPage);
    }
    let ink = page.ink(glyph);
    if !ink.drawn {
        return Some(AsideKind::Invisible);
    }
    if glyph.size < TINY && right - left < TINY {
        return Some(AsideKind::Tiny);
    }
    let colour = ink.colour.filter(|_| may_vanish)?;
    let below = last_at(&page.sheet.fills, (x, y), |fill| fill.after <= glyph.string);
    let paper = below.map_or(Some(PAPER), |fill| fill.colour);
    if paper.is_some_and(|paper| alike(paper, colour)) {
        return Some(AsideKind::SameColour);
    }
    // What is painted over letters in their colour blacks them out.
    let above = last_at(&page.sheet.fills, (x, y), |fill| {
        fill.after > glyph.string && covers(fill.sides, [left, top, right, bottom])
    });
    above
        .and_then(|fill| fill.colour)
        .is_some_and(|over| alike(over, colour))
        .then_some(AsideKind::SameColour)
}

/// A line that begins on the page and runs over its edge was not put beyond it
/// to be hidden.
fn run_over(page: &Glyphs, kinds: &mut [Option<AsideKind>]) {
    for at in 1..kinds.len() {
        let (last, glyph) = (&page.glyphs[at - 1], &page.glyphs[at]);
        let gap = (glyph.from.0 - last.to.0).abs() + (glyph.from.1 - last.to.1).abs();
        if kinds[at] == Some(AsideKind::OffPage)
            && kinds[at - 1] != Some(AsideKind::OffPage)
            && gap < glyph.size.max(last.size)
        {
            kinds[at] = None;
        }
    }
}

/// The last of the fills that is at a point.
fn last_at(fills: &[Fill], (x, y): (f32, f32), counts: impl Fn(&Fill) -> bool) -> Option<&Fill> {
    fills.iter().rev().find(|fill| {
        let [left, top, right, bottom] = fill.sides;
        left <= x && x <= right && top <= y && y <= bottom && counts(fill)
    })
}

/// Whether a fill is more than a line through a letter.
fn covers(fill: Sides, glyph: Sides) -> bool {
    let height = fill[3].min(glyph[3]) - fill[1].max(glyph[1]);
    height > 0.6 * (glyph[3] - glyph[1])
}

fn alike(a: Colour, b: Colour) -> bool {
    a.iter().zip(b).all(|(a, b)| (a - b).abs() < ALIKE)
}
