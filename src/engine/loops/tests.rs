use proptest::prelude::*;

use super::*;

/// Feeds an answer piece by piece, as a stream would; what is left of it and
/// what was repeated.
fn watch(mut watch: LoopWatch, text: &str, size: usize) -> Option<(String, String)> {
    let letters: Vec<char> = text.chars().collect();
    for piece in letters.chunks(size) {
        if let Some(found) = watch.push(&piece.iter().collect::<String>()) {
            return Some((text[..found.keep].to_owned(), found.repeated));
        }
    }
    None
}

fn looped(text: &str) -> Option<(String, String)> {
    let by_letter = watch(LoopWatch::new(), text, 1);
    // The verdict does not hang on how the stream was cut.
    assert_eq!(by_letter.is_some(), watch(LoopWatch::new(), text, 7).is_some(), "{text:?}");
    by_letter
}

#[test]
fn a_line_is_stopped_when_it_comes_the_third_time() {
    let text = "Notes\n\nWhat are the open questions?\n\nWhat are the open questions?\n\nWhat are the open questions?\n";
    let (kept, repeated) = looped(text).expect("a loop");
    assert_eq!(kept, "Notes\n\nWhat are the open questions?");
    assert_eq!(repeated, "What are the open questions?");
}

#[test]
fn numbering_does_not_hide_a_loop() {
    let text = "### 1. @flechte did it\n\n### 2. @flechte did it\n\n### 3. @flechte did it\n";
    assert_eq!(looped(text).expect("a loop").0, "### 1. @flechte did it");
}

#[test]
fn sentences_within_a_line_are_watched_too() {
    let text = "It was late. The seller shall pay the fee. The seller shall pay the fee. The seller shall pay the fee. And";
    let (kept, repeated) = looped(text).expect("a loop");
    assert_eq!(kept, "It was late. The seller shall pay the fee.");
    assert_eq!(repeated, "The seller shall pay the fee.");
}

#[test]
fn two_lines_in_turn_are_a_loop() {
    let text = "A first thing\nA second thing\n".repeat(3);
    assert_eq!(looped(&text).expect("a loop").0, "A first thing\nA second thing");
}

#[test]
fn a_phrase_without_an_end_is_a_loop() {
    let text = format!("He said {}", "that the agreement and ".repeat(4));
    let (kept, repeated) = looped(&text).expect("a loop");
    assert_eq!(repeated.split_whitespace().count(), 4);
    assert!(kept.starts_with("He said that the agreement and"), "{kept}");
    assert!(kept.len() < 45, "{kept}");
}

#[test]
fn one_word_or_one_letter_for_ever_is_a_loop() {
    assert_eq!(looped(&"very ".repeat(12)).expect("a loop").0, "very");
    let (kept, repeated) = looped(&format!("Ha{}", "a".repeat(90))).expect("a loop");
    assert_eq!((kept.as_str(), repeated.as_str()), ("Ha", "a"));
    assert_eq!(looped(&format!("Done.{}", "\n".repeat(90))).expect("a loop").0, "Done.\n");
    let (kept, _) = looped(&"é".repeat(60)).expect("a loop");
    assert_eq!(kept, "é");
}

#[test]
fn lists_tables_and_rules_are_no_loops() {
    for text in [
        "1. a\n2. b\n3. c\n4. d\n5. e\n6. f\n",
        "- Open\n- Open\n- Open\n- Closed\n",
        "| a | b | c | d |\n| --- | --- | --- | --- |\n| 1 | 2 | 3 | 4 |\n",
        "Signature: ______________________________________________________________________\n",
        "Contents . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . . 7\n",
        "No, no, no. That is not it. Yes. Yes. Yes. It is.\n",
        "The seller pays. The buyer pays. The seller pays. The buyer waits.\n",
        "2024 2024 2025 2025 2026 2026 ",
    ] {
        assert_eq!(looped(text), None, "{text:?}");
    }
}

#[test]
fn a_quote_may_come_only_once_in_a_list_of_quotes() {
    let text = "July 26, 2013\nMay 1\nJuly 26, 2013\nMay 2\n";
    let (kept, repeated) = watch(LoopWatch::each_line_once(), text, 3).expect("a loop");
    assert_eq!(kept, "July 26, 2013\nMay 1");
    assert_eq!(repeated, "July 26, 2013");
    assert_eq!(watch(LoopWatch::each_line_once(), "a b. a b. a b.\nc\n", 1), None);
}

proptest! {
    #[test]
    fn whatever_repeats_is_cut_after_its_first_time(
        start in "[A-Z][a-z]{2,8}( [a-z]{2,8}){1,6}",
        phrase in "[a-z]{2,7}( [a-z]{2,7}){2,9}",
        size in 1usize..9,
    ) {
        let text = format!("{start}.\n{}", format!("{phrase}.\n").repeat(6));
        let (kept, repeated) = watch(LoopWatch::new(), &text, size).expect("a loop");
        prop_assert_eq!(&kept, &format!("{start}.\n{phrase}."));
        prop_assert_eq!(repeated, format!("{phrase}."));
    }

    #[test]
    fn a_text_of_different_words_is_left_alone(n in 1usize..400, size in 1usize..9) {
        let words: Vec<String> = (0..n).map(|i| format!("w{i}")).collect();
        let text: String = words.chunks(9).map(|line| line.join(" ") + ".\n").collect();
        prop_assert_eq!(watch(LoopWatch::new(), &text, size), None);
    }

    #[test]
    fn any_text_at_all_is_survived(text in "\\PC{0,200}", size in 1usize..5) {
        let cut = watch(LoopWatch::new(), &text, size);
        if let Some((kept, _)) = cut {
            prop_assert!(text.starts_with(&kept));
        }
    }
}
