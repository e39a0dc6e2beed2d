//! Numbers, sizes and times in the words of the screen.

/// "1 document", "3 documents".
#[must_use]
pub fn count(n: usize, one: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{} {one}{s}", grouped(n))
}

/// Digits in groups of three: "12,345".
#[must_use]
pub fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A file's size: "812 bytes", "4.1 kB", "2.0 MB", in steps of 1,000.
#[must_use]
pub fn size(bytes: u64) -> String {
    let tenths = |unit: u64| format!("{}.{}", bytes / unit, bytes % unit * 10 / unit);
    match bytes {
        1 => "1 byte".to_owned(),
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{} kB", tenths(1_000)),
        1_000_000..1_000_000_000 => format!("{} MB", tenths(1_000_000)),
        _ => format!("{} GB", tenths(1_000_000_000)),
    }
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
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(size(812), "812 bytes");
        assert_eq!(size(4_150), "4.1 kB");
        assert_eq!(size(98_362_432), "98.3 MB");
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
