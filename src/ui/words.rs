//! Counts, sizes and times in the words of the screen. Formats only; knows
//! nothing of what is shown.

use crate::domain::words;

pub use crate::domain::words::{listed, size};

/// "1 document", "3 documents".
#[must_use]
pub fn count(n: usize, one: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {one}{s}", grouped(n))
}

/// Digits in groups of three: "12,345".
#[must_use]
pub fn grouped(n: usize) -> String {
    words::grouped(n as u64)
}

/// An estimate, as rough as estimates are: "about 2 min left".
#[must_use]
pub fn time_left(millis: u64) -> String {
    match millis / 1_000 {
        0..=10 => "a few seconds left".to_owned(),
        11..=50 => format!("about {} s left", millis / 10_000 * 10),
        51..=3_540 => format!("about {} min left", (millis + 30_000) / 60_000),
        _ => {
            let minutes = (millis + 30_000) / 60_000;
            format!("about {} h {} min left", minutes / 60, minutes % 60)
        }
    }
}

/// How long something took: "4.2 s", "2 min 5 s".
#[must_use]
pub fn took(seconds: f64) -> String {
    if !seconds.is_finite() || seconds < 60.0 {
        return format!("{:.1} s", if seconds.is_finite() { seconds.max(0.0) } else { 0.0 });
    }
    format!("{} min {:.0} s", (seconds / 60.0).floor(), (seconds % 60.0).floor())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(count(1, "page"), "1 page");
        assert_eq!(count(1_234, "page"), "1,234 pages");
        assert_eq!(took(4.24), "4.2 s");
        assert_eq!(took(125.4), "2 min 5 s");
    }

    #[test]
    fn the_time_left_is_as_rough_as_the_estimate() {
        assert_eq!(time_left(3_000), "a few seconds left");
        assert_eq!(time_left(24_000), "about 20 s left");
        assert_eq!(time_left(55_000), "about 1 min left");
        assert_eq!(time_left(119_000), "about 2 min left");
        assert_eq!(time_left(4_800_000), "about 1 h 20 min left");
    }
}
