//! The outline that a page's commands are drawing, as far as it bounds upright
//! rectangles.

use super::scan::Scanner;

/// Rectangles that one outline may have.
const MOST: usize = 256;

/// The corners of a rectangle, the first of them perhaps twice.
const CORNERS: usize = 5;

/// Coordinates are those of the commands.
#[derive(Debug, Default)]
pub struct Outline {
    /// Whether it is to clip what follows.
    pub clips: bool,
    rectangles: Vec<[f64; 4]>,
    bounds: Option<[f64; 4]>,
    /// Of the open line.
    points: Vec<(f64, f64)>,
    /// Whether the open line has curves or too many corners.
    odd: bool,
}

impl Outline {
    /// Takes a command that draws; others do nothing.
    pub fn draw(&mut self, operator: &[u8], scanner: &Scanner<'_>) {
        match (operator, scanner.operands.len()) {
            (b"re", _) => {
                if let Some([x, y, width, height]) = scanner.numbers() {
                    self.add([
                        x.min(x + width),
                        y.min(y + height),
                        x.max(x + width),
                        y.max(y + height),
                    ]);
                }
            }
            (b"m", _) => {
                self.end_line();
                self.point(scanner, false);
            }
            (b"l", _) => self.point(scanner, false),
            (b"c" | b"v" | b"y", _) => self.point(scanner, true),
            _ => {}
        }
    }

    fn point(&mut self, scanner: &Scanner<'_>, curved: bool) {
        let Some([x, y]) = scanner.numbers() else { return };
        self.stretch([x, y, x, y]);
        self.odd |= curved || self.points.len() >= CORNERS;
        if !self.odd {
            self.points.push((x, y));
        }
    }

    fn add(&mut self, rectangle: [f64; 4]) {
        self.stretch(rectangle);
        if self.rectangles.len() < MOST {
            self.rectangles.push(rectangle);
        }
    }

    fn stretch(&mut self, by: [f64; 4]) {
        let b = self.bounds.unwrap_or(by);
        self.bounds = Some([b[0].min(by[0]), b[1].min(by[1]), b[2].max(by[2]), b[3].max(by[3])]);
    }

    /// A line of four corners of which each is level with or right above the
    /// one before is a rectangle.
    fn end_line(&mut self) {
        let upright = self.points.windows(2).all(|w| {
            let (dx, dy) = ((w[0].0 - w[1].0).abs(), (w[0].1 - w[1].1).abs());
            dx < 0.01 || dy < 0.01
        });
        if !self.odd && self.points.len() >= CORNERS - 1 && upright {
            let (x, y) = (self.points.iter().map(|p| p.0), self.points.iter().map(|p| p.1));
            let sides = [
                x.clone().fold(f64::MAX, f64::min),
                y.clone().fold(f64::MAX, f64::min),
                x.fold(f64::MIN, f64::max),
                y.fold(f64::MIN, f64::max),
            ];
            self.add(sides);
        }
        self.points.clear();
        self.odd = false;
    }

    /// The rectangles it is made of.
    pub fn rectangles(&mut self) -> Vec<[f64; 4]> {
        self.end_line();
        std::mem::take(&mut self.rectangles)
    }

    /// The rectangle around all of it.
    pub fn bounds(&self) -> Option<[f64; 4]> {
        self.bounds
    }

    pub fn clear(&mut self) {
        self.clips = false;
        self.rectangles.clear();
        self.points.clear();
        self.bounds = None;
        self.odd = false;
    }
}
