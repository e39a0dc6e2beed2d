//! Numbers, sizes and lists as people read them, the same on the screen, in the shell
//! and in reports. Pure; knows nothing of what is counted.

/// Digits in groups of three: "12,345".
#[must_use]
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The size of a file, or of memory: "812 bytes", "4.2 kB", "98.4 MB", in steps
/// of 1,000 and rounded to a tenth.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        1 => return "1 byte".to_owned(),
        0..1_000 => return format!("{bytes} bytes"),
        _ => {}
    }
    let (mut unit, mut name) = (1_000, "kB");
    for (larger, its_name) in [(1_000_000, "MB"), (1_000_000_000, "GB")] {
        // What would be rounded to "1000.0" is one of the next unit.
        if bytes >= larger - larger / 20_000 {
            (unit, name) = (larger, its_name);
        }
    }
    let (whole, rest) = (bytes / unit, bytes % unit);
    let tenths = whole.saturating_mul(10) + (rest * 10 + unit / 2) / unit;
    format!("{}.{} {name}", grouped(tenths / 10), tenths % 10)
}

/// Things named one after the other: "a", "a and b", "a, b and c".
#[must_use]
pub fn listed(things: &[&str]) -> String {
    match things {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_set_in_groups_of_three() {
        let shown = [0, 999, 1_000, 14_210, 1_000_000].map(grouped);
        assert_eq!(shown, ["0", "999", "1,000", "14,210", "1,000,000"]);
    }

    #[test]
    fn a_size_is_said_in_the_unit_that_fits() {
        let shown = [0, 1, 812, 1_000, 4_150, 98_362_432, 2_471_645_608].map(size);
        let wanted = ["0 bytes", "1 byte", "812 bytes", "1.0 kB", "4.2 kB", "98.4 MB", "2.5 GB"];
        assert_eq!(shown, wanted);
    }

    #[test]
    fn a_size_just_under_the_next_unit_is_rounded_into_it() {
        assert_eq!([999_949, 999_950, 999_960_000].map(size), ["999.9 kB", "1.0 MB", "1.0 GB"]);
    }

    #[test]
    fn the_largest_size_of_all_is_said_too() {
        assert_eq!(size(u64::MAX), "18,446,744,073.7 GB");
    }

    #[test]
    fn things_are_listed_with_an_and() {
        assert_eq!(listed(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b"]), "a and b");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }
}
