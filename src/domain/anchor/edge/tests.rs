use crate::domain::anchor::{Anchor, anchor};

#[track_caller]
fn proved(quote: &str, source: &str) {
    let found = anchor(quote, source, None);
    assert!(matches!(found, Anchor::Exact(_) | Anchor::Normalised(_)), "{found:?}");
}

#[track_caller]
fn unproved(quote: &str, source: &str) {
    match anchor(quote, source, None) {
        Anchor::Near { why, .. } | Anchor::Missing { why } => assert!(!why.is_empty()),
        found => panic!("{quote:?} is proved by {source:?}: {found:?}"),
    }
}

#[test]
fn what_is_invisible_in_a_word_does_not_cut_it() {
    for hidden in ['\u{ad}', '\u{200b}', '\u{200e}', '\u{202a}', '\u{2060}', '\u{feff}'] {
        unproved("able to pay", &format!("They are un{hidden}able to pay."));
        unproved("agree", &format!("an agree{hidden}ment"));
    }
    unproved("agree", "an agree\u{ad}\nment");
    proved("able to pay", "They are \u{200b}able to pay\u{feff}.");
}

#[test]
fn a_negating_prefix_is_not_left_out_whatever_its_hyphen_is() {
    for prefix in ["non-", "non–", "non\u{2212}", "non- ", "non -", "non\u{200b}-", "Non‑"] {
        unproved("exclusive licence", &format!("a {prefix}exclusive licence"));
    }
    proved("exclusive licence", "the Licence – exclusive licence – ends");
}

#[test]
fn a_figure_keeps_the_groups_that_stand_apart() {
    for space in [" ", "\u{a0}", "\u{2009}", "\u{202f}", "\u{2007}", "\u{200b}"] {
        unproved("500 EUR", &format!("a sum of 48{space}500 EUR"));
        unproved("a sum of 48", &format!("a sum of 48{space}500 EUR"));
    }
    unproved("EUR 100", "a sum of EUR 100,\n000 in all");
    unproved("000 EUR", "a sum of 100, 000 EUR in all");
    unproved("EUR 100", "a sum of EUR 100_000");
    proved("48 500 EUR", "a sum of 48\u{a0}500 EUR");
    proved("1500 units", "of 3 1500 units are sold");
    proved("Section 5", "Sections 4 and 5, Section 5, 100 units");
}

#[test]
fn a_figure_keeps_its_scale_its_sign_and_its_bound() {
    for (quote, source) in [
        ("$5", "a sum of $5 million"),
        ("EUR 5", "ein Betrag von EUR 5 Mio. im Jahr"),
        ("3,5", "un total de 3,5 millones de euros"),
        ("$5", "a $5-billion fund"),
        ("a rate of 5", "a rate of 5\u{a0}% a year"),
        ("$90", "a loss of -$90 in all"),
        ("$90", "a sum of US $90 in all"),
        ("5 days", "a term of ≥5 days"),
        ("5 days", "a term of ≤ 5 days"),
        ("5 units", "a change of –5 units"),
        ("5 per cent", "a rate of .5 per cent"),
    ] {
        unproved(quote, source);
    }
    proved("$5 million", "a sum of $5 million");
    proved("5 units", "between 3 – 5 units");
    proved("$90", "the price. $90 is due");
}

#[test]
fn a_name_is_no_part_of_a_longer_one() {
    for (quote, source) in [
        ("Acme", "see Acme.com for it"),
        ("Acme", "write to acme@Acme.com or Acme_Beta"),
        ("AT", "a line of AT&T"),
        ("Brien", "signed by O`Brien"),
        ("can", "They can´t pay."),
        ("Ann", "signed by Anna"),
    ] {
        unproved(quote, source);
    }
    proved("Acme", "It is owned by Acme.The rest follows.");
    proved("Acme", "Acme & Sons");
}

#[test]
fn a_quote_that_cuts_a_figure_short_is_said_to_do_so() {
    let found = anchor("a sum of $5", "It is a sum of $5 million.", None);
    let Anchor::Near { why, .. } = found else { panic!("{found:?}") };
    assert_eq!(why, "The quote cuts a word or a figure of the source short.");
}
