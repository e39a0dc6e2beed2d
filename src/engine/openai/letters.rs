//! Choices by letter: what a server says of the likeliest first tokens of an
//! answer, made what every engine gives. Knows nothing of requests.

use std::fmt::Write as _;

use serde_json::Value;

use crate::domain::prompt::MOST_OPTIONS;

/// Likeliest tokens that are asked for: the most that servers give.
pub const MOST_TOKENS: usize = 20;

/// What a letter that is not among them is given below the last of them.
const BELOW: f64 = 1.0;

/// No logarithm is taken to be less; some servers write −9999 for never.
const LEAST: f64 = -40.0;

/// A token with the natural logarithm of its probability.
pub type Likely = (String, f64);

/// The likeliest tokens in the place of an answer's first one; empty where a
/// part of an answer says nothing of them.
pub fn likeliest(choice: &Value) -> Vec<Likely> {
    let tops = choice["logprobs"]["content"][0]["top_logprobs"].as_array();
    let read = |top: &Value| Some((top["token"].as_str()?.to_owned(), top["logprob"].as_f64()?));
    tops.into_iter().flatten().filter_map(read).collect()
}

/// A line for each of `of` letters, with or without a space before it: the
/// letter, a tab, and the logarithm of its probability; less than that of all
/// tokens known where it is not among them. `None` where no letter is.
pub fn weighed(likely: &[Likely], of: usize) -> Option<String> {
    let bounded = |logarithm: f64| logarithm.clamp(LEAST, 0.0);
    let own = |letter: char| -> f64 {
        let is_it = |token: &str| token.trim().chars().eq([letter]);
        let all = likely.iter().filter(|(token, _)| is_it(token));
        all.map(|(_, logarithm)| bounded(*logarithm).exp()).sum::<f64>()
    };
    let letters: Vec<(char, f64)> =
        ('A'..='Z').take(of.min(MOST_OPTIONS)).map(|letter| (letter, own(letter))).collect();
    if letters.iter().all(|(_, share)| *share <= 0.0) {
        return None;
    }
    let last = likely.iter().map(|(_, logarithm)| bounded(*logarithm)).fold(0.0, f64::min);
    let mut lines = String::new();
    for (letter, share) in letters {
        let logarithm = if share > 0.0 { share.ln() } else { last - BELOW };
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "{letter}\t{logarithm:.4}");
    }
    Some(lines.trim_end().to_owned())
}

/// The letter that an answer in words chooses, of the first `of`: it stands
/// first and alone ("B", "B. Invoice"), or last after "answer" or "is". Empty
/// where it chooses none: an article, "A letter", is no choice.
pub fn chosen(answer: &str, of: usize) -> String {
    let letter = |word: &str| -> Option<char> {
        let mut letters = ('A'..='Z').take(of.min(MOST_OPTIONS));
        letters.find(|letter| word.chars().eq([*letter]))
    };
    let answer = answer.trim_start_matches(|c: char| !c.is_alphanumeric());
    let (first, rest) = answer.split_at(answer.chars().next().map_or(0, char::len_utf8));
    let stands_alone = !rest.starts_with(char::is_alphanumeric)
        && !rest.trim_start_matches(' ').starts_with(char::is_alphabetic);
    if let Some(letter) = letter(first).filter(|_| stands_alone) {
        return letter.to_string();
    }
    let mut words = answer.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let (last, before) = (words.next_back(), words.next_back().unwrap_or_default());
    let is_told = ["answer", "is", "option", "letter"].contains(&before.to_lowercase().as_str());
    let told = last.filter(|_| is_told).and_then(letter);
    told.map(String::from).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_in_words_is_one_only_where_the_letter_is_no_word() {
        for (answer, letter) in [
            ("B", "B"),
            (" **B**", "B"),
            ("B. Invoice", "B"),
            ("A) Contract\nB) Invoice", "A"),
            ("Answer: C", "C"),
            ("The answer is B.", "B"),
            ("A letter of the bank", ""),
            ("Because", ""),
            ("D", ""),
            ("It is a contract", ""),
            ("", ""),
        ] {
            assert_eq!(chosen(answer, 3), letter, "{answer}");
        }
    }

    fn likely(tokens: &[(&str, f64)]) -> Vec<Likely> {
        tokens.iter().map(|(token, share)| ((*token).to_owned(), share.ln())).collect()
    }

    #[test]
    fn a_letter_has_what_it_has_with_and_without_a_space() {
        let known = likely(&[("A", 0.25), ("The", 0.2), (" A", 0.25), ("B", 0.1)]);
        // ln 0.5 and ln 0.1; C one below the last, ln 0.1.
        let lines = "A\t-0.6931\nB\t-2.3026\nC\t-3.3026";
        assert_eq!(weighed(&known, 3).as_deref(), Some(lines));
    }

    #[test]
    fn words_that_begin_with_a_letter_are_no_choice_of_it() {
        assert_eq!(weighed(&likely(&[("An", 0.5), ("Because", 0.4)]), 3), None);
        assert_eq!(weighed(&[], 3), None);
    }

    #[test]
    fn a_server_that_writes_a_huge_number_for_never_decides_nothing_by_it() {
        let known = [("A".to_owned(), -0.5), ("B".to_owned(), -9999.0)];
        assert_eq!(weighed(&known, 2).as_deref(), Some("A\t-0.5000\nB\t-40.0000"));
    }
}
