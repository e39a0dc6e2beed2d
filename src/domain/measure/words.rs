//! When two wordings are the same answer. Knows nothing of labels or findings.

/// Words that say nothing of what something is called.
const ARTICLES: [&str; 3] = ["the", "a", "an"];

/// A wording without what two people write differently: case, punctuation,
/// quotation marks, articles and white space. "&" is "and"; full stops and
/// apostrophes stand inside words ("Inc.", "L.L.C.", "O'Neill").
pub(super) fn normal(words: &str) -> String {
    let mut spaced = String::with_capacity(words.len());
    for c in words.chars().flat_map(char::to_lowercase) {
        match c {
            '.' | '\'' | '’' | '‘' => {}
            '&' => spaced.push_str(" and "),
            c if c.is_alphanumeric() => spaced.push(c),
            _ => spaced.push(' '),
        }
    }
    let kept = spaced.split_whitespace().filter(|word| !ARTICLES.contains(word));
    kept.collect::<Vec<_>>().join(" ")
}

/// Whether the words of `part` stand in `whole` one after the other; both are
/// [`normal`]. Nothing stands nowhere.
pub(super) fn stands_in(part: &str, whole: &str) -> bool {
    !part.is_empty() && format!(" {whole} ").contains(&format!(" {part} "))
}

/// A label of a field, a field's name and its title are the same where they
/// differ in case, spaces, underscores and hyphens only.
pub(super) fn field_key(name: &str) -> String {
    name.split(|c: char| c.is_whitespace() || c == '_' || c == '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_punctuation_quotes_and_articles() {
        for same in ["Halden Marine, L.L.C.", "the HALDEN MARINE LLC", "“Halden  Marine, LLC”"]
        {
            assert_eq!(normal(same), "halden marine llc");
        }
        assert_eq!(normal("O’Neill & Sons"), "oneill and sons");
        assert_ne!(normal("Halden Marine Ltd"), normal("Halden Marine LLC"));
    }

    #[test]
    fn words_stand_in_others_as_whole_words_only() {
        assert!(stands_in("halden", "halden marine"));
        assert!(!stands_in("hal", "halden marine"));
        assert!(!stands_in("", "halden marine"));
    }

    #[test]
    fn fields_have_the_same_name_whatever_stands_between_the_words() {
        assert_eq!(field_key("Agreement_date"), field_key("agreement-Date"));
        assert_eq!(field_key("Governing  Law"), "governing law");
    }
}
