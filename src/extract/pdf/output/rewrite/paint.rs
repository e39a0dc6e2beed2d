//! What a page's commands paint: noted where it may hide letters, and not written
//! for the reader, who does not look at it.

use super::super::graphics::{Space, space};
use super::super::scan::{Kind, Scanner};
use super::super::sheet::{Colour, Fill, Sides, area, shared};
use super::{Pass, Rewriter};

/// Painted rectangles that are remembered.
const MOST_FILLS: usize = 4_000;

impl Rewriter<'_> {
    pub(super) fn paint(&mut self, operator: &[u8], scanner: &Scanner<'_>, pass: &mut Pass<'_>) {
        match operator {
            b"g" => self.set_colour(Space::Grey, scanner),
            b"rg" => self.set_colour(Space::Rgb, scanner),
            b"k" => self.set_colour(Space::Cmyk, scanner),
            b"sc" | b"scn" => self.set_colour(self.state.space, scanner),
            b"cs" => {
                let name = scanner.bytes(0, Kind::Name).unwrap_or(b"/");
                self.state.space = space(self.doc, pass.resources, &name[1..]);
                let black: &[f64] =
                    if self.state.space == Space::Cmyk { &[0.0, 0.0, 0.0, 1.0] } else { &[0.0; 3] };
                let black = if self.state.space == Space::Grey { &black[..1] } else { black };
                self.state.set_colour(self.state.space, black);
            }
            b"sh" => self.fill(self.state.clip, None),
            b"f" | b"F" | b"f*" | b"b" | b"b*" | b"B" | b"B*" => {
                let colour = self.state.fill;
                for rectangle in pass.outline.rectangles() {
                    if self.state.to_page.is_upright() && pass.hidden == 0 {
                        self.fill(self.state.to_page.around(rectangle), colour);
                    }
                }
                self.end_outline(pass);
            }
            b"S" | b"s" | b"n" => self.end_outline(pass),
            b"W" | b"W*" => pass.outline.clips = true,
            _ => pass.outline.draw(operator, scanner),
        }
    }

    fn end_outline(&mut self, pass: &mut Pass<'_>) {
        if pass.outline.clips
            && let Some(bounds) = pass.outline.bounds()
        {
            self.state.clip = shared(self.state.clip, self.state.to_page.around(bounds));
        }
        pass.outline.clear();
    }

    fn set_colour(&mut self, space: Space, scanner: &Scanner<'_>) {
        let mut numbers = [0.0; 4];
        let mut count = 0;
        for (to, value) in numbers.iter_mut().zip((0..4).map_while(|at| scanner.number(at))) {
            *to = value;
            count += 1;
        }
        self.state.set_colour(space, &numbers[..count]);
    }

    fn fill(&mut self, sides: Sides, colour: Option<Colour>) {
        let sides = shared(sides, self.state.clip);
        if area(sides) > 0.0 && self.sheet.fills.len() < MOST_FILLS && self.state.is_opaque() {
            self.sheet.fills.push(Fill { sides, colour, after: self.sheet.strings });
        }
    }

    pub(super) fn note_image(&mut self) {
        let sides = self.state.to_page.around([0.0, 0.0, 1.0, 1.0]);
        let page = (self.sheet.width * self.sheet.height).max(1.0);
        self.sheet.images += area(shared(sides, self.state.clip)) / page;
        self.fill(sides, None);
    }
}
