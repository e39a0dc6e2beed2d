use proptest::prelude::*;

use super::*;

/// Where the quote stands; `None` where it is only near or missing.
fn proved(anchor: &Anchor) -> Option<ByteSpan> {
    match anchor {
        Anchor::Exact(span) | Anchor::Normalised(span) => Some(*span),
        Anchor::Near { .. } | Anchor::Missing { .. } => None,
    }
}

/// Where to look, proved or not.
fn place(anchor: &Anchor) -> Option<ByteSpan> {
    match anchor {
        Anchor::Exact(span) | Anchor::Normalised(span) | Anchor::Near { span, .. } => Some(*span),
        Anchor::Missing { .. } => None,
    }
}

fn why(anchor: &Anchor) -> Option<&str> {
    match anchor {
        Anchor::Exact(_) | Anchor::Normalised(_) => None,
        Anchor::Near { why, .. } | Anchor::Missing { why } => Some(why),
    }
}

fn text<'a>(anchor: &Anchor, source: &'a str) -> &'a str {
    place(anchor).expect("there is a place").slice(source).expect("the span fits")
}

#[track_caller]
fn exact(quote: &str, source: &str) {
    let found = anchor(quote, source, None);
    assert!(matches!(found, Anchor::Exact(_)), "{found:?}");
    assert_eq!(text(&found, source), quote);
}

#[track_caller]
fn normal(quote: &str, source: &str, span: &str) {
    let found = anchor(quote, source, None);
    assert!(matches!(found, Anchor::Normalised(_)), "{found:?}");
    assert_eq!(text(&found, source), span);
}

#[track_caller]
fn unproved(quote: &str, source: &str) -> String {
    let found = anchor(quote, source, None);
    assert_eq!(proved(&found), None, "{found:?}");
    why(&found).expect("it says why").to_owned()
}

#[test]
fn a_quote_that_stands_in_the_source_is_exact() {
    exact("March 1, 2024", "It is effective March 1, 2024, as agreed.");
    exact("Acme", "It is Acme's right.");
    exact("合同", "他签了合同。");
}

#[test]
fn a_part_of_a_word_or_figure_is_no_quote() {
    unproved("assign", "They may reassign it.");
    unproved("exclusive licence", "a non-exclusive licence");
    unproved("90,000", "a sum of USD 90,000,000 in all");
    unproved("2020", "dated 2020-05-01");
    unproved("Section 4", "under Section 4.2 of it");
    unproved("Smith", "Ms. Smith-Jones signed.");
    unproved("do", "They don't pay.");
    unproved("cafe", "the cafe\u{301} there");
    unproved("ที", "ที่นี่");
}

#[test]
fn a_word_that_a_line_end_cuts_in_two_is_quoted_whole_or_not_at_all() {
    let wrapped = "It is a non-\nexclusive licence of the agree-\nment.";
    for half in ["exclusive licence", "agree", "ment", "It is a non"] {
        unproved(half, wrapped);
    }
    normal("a non-exclusive licence", wrapped, "a non-\nexclusive licence");
    unproved("signature.", DEPOSITION);
    unproved("of the counter", DEPOSITION);
    exact("Term", "the Term -\nwhich ends");
}

#[test]
fn a_figure_does_not_lose_its_sign_its_currency_or_its_per_cent() {
    unproved("5 units", "a change of -5 units");
    unproved("40", "minus (−40) in all");
    unproved("$90", "a sum of US$90 in all");
    unproved("a rate of 5", "a rate of 5% a year");
    exact("$90", "a sum of ($90) in all");
    exact("5 units", "10 - 5 units");
    exact("40 units", "- 40 units");
}

#[test]
fn of_several_occurrences_the_one_nearest_to_the_hint_counts() {
    let source = "the fee, the fee, the fee";
    assert_eq!(anchor("the fee", source, None), Anchor::Exact(ByteSpan::new(0, 7)));
    assert_eq!(anchor("the fee", source, Some(10)), Anchor::Exact(ByteSpan::new(9, 16)));
    assert_eq!(anchor("the  fee", source, Some(99)), Anchor::Normalised(ByteSpan::new(18, 25)));
}

#[test]
fn a_place_nearer_to_the_hint_counts_although_a_line_breaks_in_it() {
    let source = "the fee is due. Later the\nfee is due.";
    assert_eq!(anchor("the fee", source, Some(30)), Anchor::Normalised(ByteSpan::new(22, 29)));
    assert_eq!(anchor("the fee", source, Some(2)), Anchor::Exact(ByteSpan::new(0, 7)));
}

#[test]
fn typography_and_line_breaks_do_not_matter() {
    normal("the \"Term\" - it's 5", "So the “Term” — it’s\n  5.", "the “Term” — it’s\n  5");
    normal("the agreement ends", "Then the agree-\nment ends.", "the agree-\nment ends");
    normal("a well-known name", "It is a well-\nknown name.", "a well-\nknown name");
    normal("a 30- Day notice", "It is a 30-\nDay notice.", "a 30-\nDay notice");
    normal("first office", "the ﬁrst of\u{ad}fice of it", "ﬁrst of\u{ad}fice");
    normal("wait...", "Please wait… now", "wait…");
    normal("März", "im Ma\u{308}rz", "Ma\u{308}rz");
    normal("a -- b", "x a — b", "a — b");
}

#[test]
fn quotation_marks_around_the_whole_quote_are_the_models_own() {
    assert_eq!(
        anchor("\"no later\"", "It is no later.", None),
        Anchor::Exact(ByteSpan::new(6, 14))
    );
}

#[test]
fn part_of_a_ligature_is_no_quote() {
    unproved("irst", "the ﬁrst");
}

#[test]
fn a_raised_figure_does_not_become_part_of_the_figure_before_it() {
    unproved("pay 102", "pay 10² now");
    unproved("pay 10", "pay 10² now");
    exact("this Agreement", "under this Agreement² it");
}

const DEPOSITION: &str = "   6           Q.   And what is the date beside your
   7      signature?
   8           A.   March 3 -- no. I need my glasses. March
   9      11, 2024.

                                                     5

   1      That is the date of the counter-
   2      signature.
";

#[test]
fn a_quote_runs_over_line_numbers_and_pages() {
    normal("March 11, 2024. That is", DEPOSITION, &{
        let from = DEPOSITION.find("March\n").expect("it is there");
        let to = DEPOSITION.find(" the date of the").expect("it is there");
        DEPOSITION[from..to].to_owned()
    });
    normal("the counter-signature", DEPOSITION, "the counter-\n   2      signature");
    normal("beside your 7 signature", DEPOSITION, "beside your\n   7      signature");
}

#[test]
fn a_changed_year_is_located_and_named() {
    let source = "It takes effect on January 1, 2020 and ends on May 2, 2025.";
    let found = anchor("January 1, 2021", source, None);
    assert_eq!(
        found,
        Anchor::Near {
            span: ByteSpan::new(19, 34),
            why: "The quote says 2021, the source 2020.".into()
        }
    );
}

#[test]
fn a_lost_negation_is_named() {
    let source = "The party may not assign this Agreement to anyone.";
    assert_eq!(unproved("party may assign", source), "The quote leaves out “not”.");
}

#[test]
fn the_gravest_difference_is_named_first() {
    let source = "The Supplier shall promptly deliver all 40 units to Bergen by rail.";
    let why = unproved("The Supplier may quickly deliver all 41 units to Bergen by rail", source);
    assert_eq!(
        why,
        "The quote says 41, the source 40. The quote says may, the source shall. The quote says quickly, the source promptly."
    );
}

#[test]
fn a_short_piece_of_what_was_quoted_is_not_near() {
    let found = anchor("USD 90,000", "All sums are in USD.", None);
    assert_eq!(found, Anchor::Missing { why: "The quote does not stand in the source.".into() });
}

#[test]
fn capitals_alone_are_near() {
    assert_eq!(
        unproved("The Client Shall Pay", "the client shall pay"),
        "Only capital letters or punctuation differ from the source."
    );
}

#[test]
fn what_is_near_is_sought_by_the_hint_too() {
    let clause = "The fee of clause A is due in May 2020 at the latest. ";
    let source = clause.repeat(3);
    let found = anchor("due in May 2021", &source, Some(2 * clause.len()));
    assert!(place(&found).expect("it is near").start > 2 * clause.len());
}

#[test]
fn an_empty_quote_is_missing() {
    assert_eq!(unproved(" \n", "text"), "The quote is empty.");
}

#[test]
fn a_span_of_normal_text_maps_to_the_words_it_came_from() {
    let source = "The “Term”\n  begins";
    let made = normalise(source);
    assert_eq!(made.text, "The \"Term\" begins");
    let at = made.text.find("begins").expect("it is there");
    assert_eq!(made.map_span(ByteSpan::new(at, at + 6)).slice(source), Some("begins"));
    assert_eq!(made.map_span(ByteSpan::new(4, 10)).slice(source), Some("“Term”"));
    assert_eq!(made.map_span(ByteSpan::new(900, 901)), ByteSpan::new(source.len(), source.len()));
}

/// Words as they stand in contracts, and hard ones.
fn tokens() -> impl Strategy<Value = Vec<String>> {
    let token = prop_oneof![
        "[a-zA-Z]{1,8}[.,;]?",
        // Groups of three after a space are one figure, which is tested by itself.
        "[0-9]{4,6}",
        Just("non-exclusive".to_owned()),
        Just("“Term”".to_owned()),
        Just("Client’s".to_owned()),
        Just("$4,500.00".to_owned()),
        Just("ﬁne".to_owned()),
        Just("e\u{301}te\u{301}".to_owned()),
        Just("10²".to_owned()),
        Just("—".to_owned()),
        // A sign that stands apart from its figure belongs to it all the same.
        "[^ \n\r\t%‰≤≥±≠≈]{1,6}",
    ];
    proptest::collection::vec(token, 1..40)
}

/// Tokens with the white space that follows each.
fn spaced() -> impl Strategy<Value = Vec<(String, String)>> {
    let gap = prop_oneof![Just(" "), Just("\n"), Just("  "), Just("\n\n")].prop_map(str::to_owned);
    tokens().prop_flat_map(move |tokens| {
        let gaps = proptest::collection::vec(gap.clone(), tokens.len());
        (Just(tokens), gaps).prop_map(|(tokens, gaps)| tokens.into_iter().zip(gaps).collect())
    })
}

/// The text of the tokens and the span of those from `from` to `to`.
fn lay_out(tokens: &[(String, String)], from: usize, to: usize) -> (String, ByteSpan) {
    let mut text = String::new();
    let mut span = ByteSpan::new(0, 0);
    for (i, (token, gap)) in tokens.iter().enumerate() {
        if i == from {
            span.start = text.len();
        }
        text.push_str(token);
        if i == to {
            span.end = text.len();
        }
        text.push_str(gap);
    }
    (text, span)
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Small words on which the sense of a sentence hangs.
const SMALL: [&str; 14] = [
    "not", "no", "never", "shall", "may", "must", "will", "cannot", "unless", "nicht", "kein",
    "darf", "ne", "não",
];

/// Texts of the pieces that are hardest to tell apart, with any of them side by side.
fn hard_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(SMALL.to_vec()).prop_map(str::to_owned),
        4 => "[0-9]{1,3}",
        3 => proptest::sample::select(vec![
            "$", "US$", "%", ",", ".", "-", "–", "\u{ad}", "’", "'", "“", "\"", "(", ")", "\u{2011}",
            "\u{200b}", "½", "²", "ﬁ", "e\u{301}", "é", "-\n", "-\n  7  ", "\n 12  ", "non-", "re",
        ]).prop_map(str::to_owned),
        2 => "[a-cA-C]{1,3}",
    ];
    let gap = prop_oneof![3 => Just(" "), 2 => Just(""), 1 => Just("\n"), 1 => Just("  ")];
    proptest::collection::vec((piece, gap), 1..14)
        .prop_map(|parts| parts.into_iter().map(|(piece, gap)| piece + gap).collect())
}

/// The figures and small words of a text, in order: without the numbers that a page
/// prints beside its lines, and with them.
fn tellings(text: &str) -> [Vec<String>; 2] {
    let plain = Form { strip: false, ends: normal::LineEnds::Joined };
    [normalise(text), plain.of(text)].map(|made| {
        let made = made.text.to_lowercase();
        let apart = made.split(|c: char| !c.is_alphanumeric());
        let is_telling = |word: &&str| SMALL.contains(word) || word.contains(char::is_numeric);
        apart.filter(is_telling).map(str::to_owned).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_run_of_words_is_anchored_exactly(
        tokens in spaced(), ends in (0..40_usize, 0..40_usize),
    ) {
        let (from, to) = (ends.0.min(ends.1) % tokens.len(), ends.0.max(ends.1) % tokens.len());
        let (from, to) = (from.min(to), from.max(to));
        let (source, span) = lay_out(&tokens, from, to);
        let quote = span.slice(&source).expect("the span fits");
        prop_assume!(!quote.trim().is_empty());
        let found = anchor(quote, &source, Some(span.start));
        let Anchor::Exact(found) = found else { return Err(TestCaseError::fail(format!("{found:?}"))) };
        prop_assert_eq!(found.slice(&source), Some(quote.trim()));
    }

    #[test]
    fn changed_white_space_and_quotation_marks_cover_the_same_words(
        tokens in proptest::collection::vec("[a-zé]{1,6}|[A-Z][a-z]{2,5}|“[a-z]{3,5}”|[a-z]{2,4}’s", 3..30),
        gaps in proptest::collection::vec(prop_oneof![Just(" "), Just("\n"), Just(" \t "), Just("\u{a0}")], 30),
        ends in (0..30_usize, 0..30_usize),
    ) {
        let spaced: Vec<_> =
            tokens.iter().zip(&gaps).map(|(t, g)| (t.clone(), (*g).to_owned())).collect();
        let (a, b) = (ends.0 % tokens.len(), ends.1 % tokens.len());
        let (source, span) = lay_out(&spaced, a.min(b), a.max(b));
        let words = span.slice(&source).expect("the span fits");
        let quote = folded(words).replace(['“', '”'], "\"").replace('’', "'");
        let found = anchor(&quote, &source, Some(span.start));
        let place = proved(&found).and_then(|s| s.slice(&source));
        let place = place.ok_or_else(|| TestCaseError::fail(format!("{found:?} {quote:?}")))?;
        prop_assert_eq!(folded(place), folded(words));
    }

    #[test]
    fn a_quote_with_one_changed_digit_is_never_proved(
        words in proptest::collection::vec("[a-z]{2,7}", 2..12),
        number in 10_000..99_999_u32,
        at in 0..5_usize,
        change in 1..10_u8,
        position in 0..12_usize,
        wrap in proptest::bool::ANY,
    ) {
        let mut parts = words.clone();
        parts.insert(position % (words.len() + 1), number.to_string());
        let source = format!("begin {} end.", parts.join(if wrap { "\n" } else { " " }));
        let mut digits = number.to_string().into_bytes();
        digits[at] = b'0' + (digits[at] - b'0' + change) % 10;
        let wrong = String::from_utf8(digits).expect("digits are ASCII");
        let quote = parts.join(" ").replace(&number.to_string(), &wrong);
        let found = anchor(&quote, &source, None);
        prop_assert_eq!(proved(&found), None);
        let said = format!("The quote says {wrong}, the source {number}.");
        prop_assert_eq!(why(&found), Some(said.as_str()));
    }

    #[test]
    fn what_is_proved_says_the_same_in_normal_form_and_in_every_figure_and_small_word(
        source in hard_text(), quote in hard_text(), hint in proptest::option::of(0..200_usize),
    ) {
        // Any text against any other, and every piece of the text against it.
        let words: Vec<&str> = source.split(' ').collect();
        let piece = words[words.len() / 3..=words.len() * 2 / 3].join(" ");
        for quote in [quote, piece] {
            let Some(span) = proved(&anchor(&quote, &source, hint)) else { continue };
            let found = span.slice(&source).expect("on char boundaries");
            let bare = unquoted(quote.trim()).unwrap_or(quote.trim());
            let same = Form::all(&source, &quote).into_iter().any(|form| {
                let of = |text: &str| form.of(text).text.trim().to_owned();
                of(found) == of(bare) || of(found) == of(&quote)
            });
            prop_assert!(same, "{:?} for {:?} in {:?}", found, quote, source);
            // A number alone on a line may be the page's own, in the quote as well.
            let (found, quote) = (tellings(found), tellings(&quote));
            prop_assert!(found.iter().any(|it| quote.contains(it)), "{:?} {:?}", found, quote);
        }
    }

    #[test]
    fn a_quote_with_a_small_word_put_in_left_out_or_swapped_is_never_proved(
        words in proptest::collection::vec("[a-z]{4,7}", 4..10),
        small in 0..SMALL.len(), other in 1..SMALL.len(), at in 1..3_usize,
        wrap in proptest::bool::ANY,
    ) {
        let other = (small + other) % SMALL.len();
        let with = |word: Option<&str>| -> Vec<String> {
            let mut all = words.clone();
            if let Some(word) = word {
                all.insert(at, word.to_owned());
            }
            all
        };
        let gap = if wrap { "\n" } else { " " };
        let source = with(Some(SMALL[small])).join(gap);
        for wrong in [with(None), with(Some(SMALL[other]))] {
            let found = anchor(&wrong.join(" "), &source, None);
            prop_assert_eq!(proved(&found), None);
            prop_assert!(why(&found).is_some_and(|why| !why.is_empty()));
        }
        prop_assert!(proved(&anchor(&with(Some(SMALL[small])).join(" "), &source, None)).is_some());
    }

    #[test]
    fn spans_lie_on_char_boundaries_whatever_is_asked(
        tokens in spaced(), other in tokens(), hint in proptest::option::of(0..300_usize),
    ) {
        let (source, _) = lay_out(&tokens, 0, 0);
        for quote in [other.join(" "), other.join(""), normalise(&source).text] {
            if let Some(span) = place(&anchor(&quote, &source, hint)) {
                prop_assert!(span.slice(&source).is_some() && !span.is_empty());
            }
        }
    }

    #[test]
    fn every_span_of_a_normal_text_maps_into_the_source(
        tokens in spaced(), start in 0..200_usize, len in 0..60_usize,
    ) {
        let (source, _) = lay_out(&tokens, 0, 0);
        let made = normalise(&source);
        let span = made.map_span(ByteSpan::new(start, start + len));
        prop_assert!(span.slice(&source).is_some());
        let whole = made.map_span(ByteSpan::new(0, made.text.len()));
        let again = normalise(whole.slice(&source).expect("it fits")).text;
        prop_assert_eq!(again.trim(), made.text.trim());
    }
}
