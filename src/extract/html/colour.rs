//! Colours as CSS and old attributes write them, and when two look alike.

use cssparser::color::{parse_hash_color, parse_named_color};

/// Red, green and blue.
pub type Rgb = [u8; 3];

/// A colour of letters or of what is behind them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Solid(Rgb),
    /// Lets through what is behind it.
    Clear,
    /// An image, a gradient, a variable: nobody knows without drawing it.
    Unknown,
}

/// Whether letters of one colour cannot be told from a ground of the other.
pub fn alike(one: Rgb, other: Rgb) -> bool {
    // A step of 12 in 255 has a contrast of at most 1.1 to 1.
    one.iter().zip(other).all(|(a, b)| a.abs_diff(b) <= 12)
}

/// A colour's name; system colours and `inherit` are none.
pub fn named(name: &str) -> Option<Colour> {
    if name == "transparent" {
        return Some(Colour::Clear);
    }
    parse_named_color(name).ok().map(|(r, g, b)| Colour::Solid([r, g, b]))
}

/// The digits after a `#`.
pub fn hash(digits: &str) -> Option<Colour> {
    let (r, g, b, alpha) = parse_hash_color(digits.as_bytes()).ok()?;
    Some(if alpha < 0.05 { Colour::Clear } else { Colour::Solid([r, g, b]) })
}

/// `rgb()`, `rgba()`, `hsl()` and `hsla()` with their numbers, percentages as
/// hundredths; the fourth is how opaque it is.
pub fn function(name: &str, numbers: &[f32], percent: bool) -> Option<Colour> {
    let [a, b, c, rest @ ..] = numbers else {
        return None;
    };
    if rest.first().is_some_and(|alpha| *alpha < 0.05) {
        return Some(Colour::Clear);
    }
    let rgb = match name {
        "rgb" | "rgba" if percent => [a, b, c].map(|part| part * 255.0),
        "rgb" | "rgba" => [*a, *b, *c],
        "hsl" | "hsla" => hsl(*a, *b, *c).map(|part| part * 255.0),
        _ => return Some(Colour::Unknown),
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
    Some(Colour::Solid(rgb.map(|part| part.round().clamp(0.0, 255.0) as u8)))
}

/// CSS Color 4, section 7: hue in degrees, the others from 0 to 1.
fn hsl(hue: f32, saturation: f32, lightness: f32) -> [f32; 3] {
    let reach = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n| {
        let k = (n + hue / 30.0).rem_euclid(12.0);
        lightness - reach * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)
    })
}

/// What `color=` and `bgcolor=` hold: a name or six digits with or without `#`.
pub fn attribute(value: &str) -> Option<Colour> {
    let value = value.trim().to_ascii_lowercase();
    named(&value).or_else(|| hash(value.trim_start_matches('#')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_every_notation() {
        let white = Some(Colour::Solid([255; 3]));
        assert_eq!(named("white"), white);
        assert_eq!(hash("fff"), white);
        assert_eq!(attribute("#FFFFFF"), white);
        assert_eq!(attribute("ffffff"), white);
        assert_eq!(function("rgb", &[1.0, 1.0, 1.0], true), white);
        assert_eq!(function("hsl", &[210.0, 0.5, 1.0], true), white);
        assert_eq!(function("hsl", &[120.0, 1.0, 0.5], true), Some(Colour::Solid([0, 255, 0])));
        assert_eq!(function("rgba", &[9.0, 9.0, 9.0, 0.0], false), Some(Colour::Clear));
        assert_eq!(named("windowtext"), None);
        assert!(alike([255, 255, 255], [250, 250, 250]));
        assert!(!alike([255, 255, 255], [200, 200, 200]));
    }
}
