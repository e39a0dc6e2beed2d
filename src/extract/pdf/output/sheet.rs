//! What a page's commands say beside its glyphs: with what ink strings are
//! drawn and what is painted where. Plain data and plane geometry.

/// Red, green and blue, each 0 to 1.
pub type Colour = [f32; 3];

/// Left, top, right, bottom in points from the upper left corner of the page
/// as it is shown, y downwards.
pub type Sides = [f32; 4];

/// How strings are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Whether anything is drawn at all.
    pub drawn: bool,
    /// `None` where it is a pattern or not known.
    pub colour: Option<Colour>,
    /// Whether the font says which letters it shows.
    pub legible: bool,
}

impl Default for Ink {
    fn default() -> Self {
        Self { drawn: true, colour: Some([0.0; 3]), legible: true }
    }
}

/// An upright rectangle that hides what is below it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    pub sides: Sides,
    /// `None` for images and patterns.
    pub colour: Option<Colour>,
    /// How many of the page's strings were drawn before it.
    pub after: u32,
}

/// What is known of a page.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// In points, as the page is shown.
    pub width: f32,
    pub height: f32,
    /// From which string on which ink is used, in order.
    pub inks: Vec<(u32, Ink)>,
    pub fills: Vec<Fill>,
    /// The share of the page that images cover, overlaps counted twice.
    pub images: f32,
    /// How many strings its commands draw.
    pub strings: u32,
    /// Strings that no font was chosen for.
    pub mute: u32,
    /// Whether there was more than could be taken.
    pub full: bool,
    /// Whether its commands made no sense.
    pub torn: bool,
}

/// A map of the plane: `x' = a·x + c·y + e`, `y' = b·x + d·y + f`, written as
/// PDF does (ISO 32000-1, 8.3.3).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Matrix(pub [f64; 6]);

#[expect(clippy::many_single_char_names, reason = "the standard's own names")]
impl Matrix {
    pub const SAME: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This map and then `next`.
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        let [a, b, c, d, e, f] = self.0;
        let n = next.0;
        Self([
            a * n[0] + b * n[2],
            a * n[1] + b * n[3],
            c * n[0] + d * n[2],
            c * n[1] + d * n[3],
            e * n[0] + f * n[2] + n[4],
            e * n[1] + f * n[3] + n[5],
        ])
    }

    pub fn point(self, (x, y): (f64, f64)) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// Whether upright rectangles stay upright.
    pub fn is_upright(self) -> bool {
        let [a, b, c, d, ..] = self.0.map(f64::abs);
        let most = a.max(b).max(c).max(d) * 1e-3;
        (b <= most && c <= most) || (a <= most && d <= most)
    }

    /// The smallest upright rectangle around the image of one.
    #[expect(clippy::cast_possible_truncation, reason = "a page is small")]
    pub fn around(self, [x0, y0, x1, y1]: [f64; 4]) -> Sides {
        let corners = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|corner| self.point(corner));
        let mut sides = [f32::MAX, f32::MAX, f32::MIN, f32::MIN];
        for (x, y) in corners.map(|(x, y)| (x as f32, y as f32)) {
            sides = [sides[0].min(x), sides[1].min(y), sides[2].max(x), sides[3].max(y)];
        }
        sides
    }
}

/// What two rectangles share; one without area where they share nothing.
pub fn shared(a: Sides, b: Sides) -> Sides {
    let (left, top) = (a[0].max(b[0]), a[1].max(b[1]));
    [left, top, a[2].min(b[2]).max(left), a[3].min(b[3]).max(top)]
}

/// In square points.
pub fn area(sides: Sides) -> f32 {
    (sides[2] - sides[0]) * (sides[3] - sides[1])
}
