//! Figures as people write them, with grouping and decimals of either custom, brought to
//! one notation. It knows nothing of currencies.

use super::Language;

/// A figure as alternatives of a regular expression: grouped by points, commas or
/// apostrophes, or plain, with decimals of any length.
pub(super) const FIGURE: &str = r"(?:\d{1,3}(?:[.,'’]\d{3})+(?:[.,]\d{1,2}\b)?|\d+(?:[.,]\d+)?)";

/// A figure grouped by spaces as well ("48 500").
pub(super) const SPACED_FIGURE: &str = r"(?:\d{1,3}(?: {1,3}\d{3})+(?:[.,]\d{1,2})?\b)";

/// A number in the notation of the result file: a point, no grouping, the source's decimals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Figure {
    pub number: String,
    /// One separator before three digits could be a group or decimals.
    pub ambiguous: bool,
}

/// Reads a figure. A lone comma or point before exactly three digits groups by the custom
/// of `language`; `None` where the groups make no number.
pub(super) fn parse(raw: &str, language: Language) -> Option<Figure> {
    let raw: String =
        raw.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\'' | '’')).collect();
    let last = raw.rfind(['.', ',']);
    let Some(last) = last else {
        return Some(Figure { number: strip_zeros(&raw), ambiguous: false });
    };
    let separator = raw.as_bytes()[last];
    let count = raw.bytes().filter(|byte| *byte == separator).count();
    let other = raw.bytes().any(|byte| matches!(byte, b'.' | b',') && byte != separator);
    let decimals = raw.len() - last - 1;
    let lone = count == 1 && !other && decimals == 3 && !raw.starts_with('0') && last <= 3;
    let is_decimal = if count > 1 {
        false
    } else if other || !lone {
        decimals != 3 || other || raw.starts_with('0')
    } else {
        (separator == b',') == language.has_decimal_comma()
    };
    let (whole, fraction) =
        if is_decimal { (&raw[..last], &raw[last + 1..]) } else { (&raw[..], "") };
    let groups: Vec<&str> = whole.split(['.', ',']).collect();
    if groups.len() > 1 && groups[1..].iter().any(|group| group.len() != 3) {
        return None;
    }
    let whole = strip_zeros(&groups.concat());
    let number = if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") };
    Some(Figure { number, ambiguous: lone })
}

/// The number that a figure stands for, in the result file's notation.
pub(crate) fn value(raw: &str, language: Language) -> Option<String> {
    parse(raw, language).map(|figure| figure.number)
}

fn strip_zeros(digits: &str) -> String {
    let stripped = digits.trim_start_matches('0');
    if stripped.is_empty() { "0".to_owned() } else { stripped.to_owned() }
}

/// Moves the point of `number` to the right by `places`, dropping decimals that become
/// nothing ("3.2" by 6 is "3200000").
pub(crate) fn scaled(number: &str, places: usize) -> String {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let (moved, rest) = fraction.split_at(fraction.len().min(places));
    let zeros = "0".repeat(places - moved.len());
    let whole = strip_zeros(&format!("{whole}{moved}{zeros}"));
    if rest.is_empty() { whole } else { format!("{whole}.{rest}") }
}

/// Whether two numbers are equal however many zeros follow the point.
pub(super) fn same(a: &str, b: &str) -> bool {
    plain(a) == plain(b)
}

/// The number without zeros that follow the point for nothing ("4500.00" is "4500").
pub(crate) fn plain(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english(raw: &str) -> Option<String> {
        parse(raw, Language::English).map(|figure| figure.number)
    }

    #[test]
    fn grouping_and_decimals_of_both_customs_are_read() {
        assert_eq!(english("4,500.00").as_deref(), Some("4500.00"));
        assert_eq!(english("48.500,00").as_deref(), Some("48500.00"));
        assert_eq!(english("1,234,567").as_deref(), Some("1234567"));
        assert_eq!(english("1'000.50").as_deref(), Some("1000.50"));
        assert_eq!(english("48 500").as_deref(), Some("48500"));
        assert_eq!(english("1,5").as_deref(), Some("1.5"));
        assert_eq!(english("0.125").as_deref(), Some("0.125"));
    }

    #[test]
    fn a_lone_separator_before_three_digits_follows_the_language() {
        assert_eq!(english("4,500").as_deref(), Some("4500"));
        assert_eq!(english("4.500").as_deref(), Some("4.500"));
        let german = parse("4.500", Language::German).expect("a figure");
        assert_eq!((german.number.as_str(), german.ambiguous), ("4500", true));
    }

    #[test]
    fn groups_of_other_lengths_are_no_number() {
        assert_eq!(english("1,23,456"), None);
    }

    #[test]
    fn scaling_moves_the_point() {
        assert_eq!(scaled("3.2", 6), "3200000");
        assert_eq!(scaled("0.5", 3), "500");
        assert_eq!(scaled("1.2345", 3), "1234.5");
        assert!(same("4500.00", "4500") && !same("4500", "45"));
    }
}
