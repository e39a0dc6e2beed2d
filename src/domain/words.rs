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

/// A value of a date or of a period for people, where its ISO 8601 form needs
/// reading: "P30D from receipt" is "30 days from receipt", "P1Y6M" "1 year 6
/// months", "--07-31" "31 July, no year". Any other value is `None`.
#[must_use]
pub fn readable(value: &str) -> Option<String> {
    period(value).or_else(|| day_of_any_year(value))
}

fn period(value: &str) -> Option<String> {
    let (iso, rest) = value.split_once(' ').unwrap_or((value, ""));
    let periods: Option<Vec<String>> = iso.split('/').map(one_period).collect();
    let said = periods?.join(" to ");
    Some(if rest.is_empty() { said } else { format!("{said} {rest}") })
}

/// "P1Y6M", "PT24H".
fn one_period(iso: &str) -> Option<String> {
    let (days, hours) = iso.strip_prefix('P')?.split_once('T').unwrap_or((&iso[1..], ""));
    let units = [('Y', "year"), ('M', "month"), ('W', "week"), ('D', "day")];
    let mut said = counted(days, &units)?;
    said.extend(counted(hours, &[('H', "hour"), ('M', "minute")])?);
    (!said.is_empty()).then(|| said.join(" "))
}

/// The figures of "1Y6M" with their units in words.
fn counted(iso: &str, units: &[(char, &str)]) -> Option<Vec<String>> {
    let mut said = Vec::new();
    for part in iso.split_inclusive(|c: char| c.is_ascii_alphabetic()) {
        let unit = part.chars().next_back()?;
        let (_, name) = units.iter().find(|(letter, _)| *letter == unit)?;
        let number: u32 = part[..part.len() - unit.len_utf8()].parse().ok()?;
        said.push(format!("{number} {name}{}", if number == 1 { "" } else { "s" }));
    }
    Some(said)
}

/// "--07-31".
fn day_of_any_year(value: &str) -> Option<String> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let (month, day) = value.strip_prefix("--")?.split_once('-')?;
    let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
    Some(format!("{} {month}, no year", day.parse::<u8>().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_days_without_a_year_are_read_in_words() {
        let said = |value: &str| readable(value).unwrap_or_default();
        assert_eq!(said("P30D from receipt of the invoice"), "30 days from receipt of the invoice");
        assert_eq!(said("P1Y6M"), "1 year 6 months");
        assert_eq!(said("PT24H"), "24 hours");
        assert_eq!(said("P30D/P60D"), "30 days to 60 days");
        assert_eq!(said("--07-31"), "31 July, no year");
        for other in ["2026-03-01", "Pat Reed", "P", "PARIS", "P5", "--13-01", "Section 4"] {
            assert_eq!(readable(other), None, "{other}");
        }
    }

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
