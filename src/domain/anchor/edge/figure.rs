//! What belongs to a figure without touching it: groups of digits after a space, a scale,
//! the sign for per cent, the country of a dollar, a bound. It knows nothing of words.

/// Words that make a figure thousands and more, in six languages.
const SCALES: [&str; 22] = [
    "hundred",
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "tausend",
    "millionen",
    "milliarde",
    "milliarden",
    "mio",
    "mrd",
    "tsd",
    "milliard",
    "milliards",
    "millones",
    "milioni",
    "miliardi",
    "milhões",
    "mille",
    "mil",
];

/// Countries that stand apart from their "$".
const COUNTRIES: [&str; 7] = ["US", "U.S.", "CA", "AU", "AUS", "NZ", "HK"];

/// Whether the figure at the end of `own` is only a part of what `after` completes:
/// "5" of "5 %", "$5" of "$5 million", "10" of "10 000".
pub(super) fn goes_on(own: &str, after: &str) -> bool {
    let blank = |c: char| c.is_whitespace() && c != '\n';
    let rest = after.trim_start_matches(blank);
    if rest.starts_with(['%', '‰']) || after.starts_with('°') {
        return true;
    }
    let behind = after.trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    let word: String = behind.chars().take_while(|c| c.is_alphabetic()).collect();
    let scaled = behind.len() < after.len() && SCALES.contains(&word.to_lowercase().as_str());
    let gap = after.len() - after.trim_start_matches(is_gap).len();
    scaled || are_groups(own, &after[..gap], &after[gap..])
}

/// Whether the figure at the start of `own` is a group of the one that ends `before`:
/// "500" of "48 500", "000" of "100, 000".
pub(super) fn is_group(before: &str, own: &str) -> bool {
    let left = before.trim_end_matches(is_gap);
    are_groups(left, &before[left.len()..], own)
}

fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, '.' | ',')
}

/// Whether the digits around `gap` are groups of one figure. After one space three digits
/// are taken for a group, which is wrong of two figures side by side: better a quote
/// that is not proved than a sum without its thousands. "000" begins no figure.
fn are_groups(left: &str, gap: &str, right: &str) -> bool {
    let digits = |c: &char| c.is_ascii_digit();
    let head = left.trim_end_matches(|c: char| c.is_ascii_digit());
    let lead = left.len() - head.len();
    let group: String = right.chars().take_while(digits).collect();
    if group.len() != 3 || !(1..=3).contains(&lead) || gap.is_empty() {
        return false;
    }
    let plain = gap == " " && !head.ends_with(['.', ',', '/', ':', '-']);
    plain && (lead == 3 || !left[head.len()..].starts_with('0')) || group == "000"
}

/// Whether a "≤" or the like stands before a figure.
pub(super) fn is_bounded(before: &str) -> bool {
    before.trim_end_matches(' ').ends_with(['≤', '≥', '±', '≠', '≈'])
}

/// Whether a "$" follows that stands apart from its country: "US $90".
pub(super) fn has_country(before: &str) -> bool {
    let last = before.trim_end_matches(' ').rsplit(char::is_whitespace).next();
    last.is_some_and(|last| COUNTRIES.contains(&last))
}
