//! What must not be found, or not be said of what was found: speakers nobody heard,
//! pieces of sentences, questions that were answered, dull words.

use super::tests::{concluded, of, texts};
use crate::domain::sentence::display;

const JOBS: [&str; 4] = ["triage", "organise", "minutes", "summary"];

/// That each text of one quote is the quote as displayed, behind a label that opens a
/// line of the document or nothing.
fn assert_own_words(text: &str) {
    for job in JOBS {
        for finding in concluded(job, text, &[]).findings {
            let [quote] = finding.quotes.as_slice() else { continue };
            let shown = display(&quote.text);
            if finding.kind == "theme" || shown.ends_with(&finding.text) {
                continue;
            }
            let label = finding.text.strip_suffix(&shown).map(str::trim_end);
            let label = label.unwrap_or_else(|| panic!("{job}: {finding:?}"));
            let opens =
                |line: &str| line.split_once("] ").map_or(line, |(_, l)| l).starts_with(label);
            assert!(text.lines().any(opens), "{job}: {finding:?}");
        }
    }
}

#[test]
fn the_footer_of_a_page_and_a_note_are_nobody_s_words() {
    let page = |n: usize| {
        format!(
            "The Tenant shall pay {n},000 euro for the boathouse by {n} May 2026.\n\n\
             Note: the tenant of the {n}. boathouse pays what the others pay.\n\n\
             Source: HALDEN MARINE LTD, 8-K, 6/17/2026\n\n\
             If the Tenant breaches this agreement, the Owner may terminate the lease {n} of it.\n\n"
        )
    };
    let text: String = (1..=6).map(page).collect();
    assert_own_words(&text);
    for job in JOBS {
        for finding in concluded(job, &text, &[]).findings {
            let invented = ["Source: If", "Source: The", "Note: If", "Note: The"];
            assert!(!invented.iter().any(|start| finding.text.starts_with(start)), "{finding:?}");
        }
    }
}

#[test]
fn a_list_with_letters_is_no_examination() {
    let list = "A. The Owner lets the boathouse to the Tenant for 4,000 euro.\n\nB. The Tenant \
        keeps the boathouse dry.\n\nC. The crane is sold.\n\nF. The Owner keeps the keys of the \
        boathouse until 4 May 2026. The Tenant has a second set of the keys.\n\n";
    for finding in concluded("triage", &list.repeat(4), &[]).findings {
        assert!(!finding.text.starts_with("F. The Tenant"), "{finding:?}");
    }
}

#[test]
fn a_speaker_is_named_as_the_line_names_them_that_opens_the_turn() {
    let text = "**Ann Berg:** The crane is old and slow.\n\n**Tom Lund:** It needs new ropes \
        in May.\n\n**Ann Berg:** It costs us a lot. We decided to sell the crane.\n\n\
        **Tom Lund:** That is fine with the members.\n";
    assert_own_words(text);
    let decided = texts(&concluded("minutes", text, &[]), "decision");
    assert_eq!(decided, ["**Ann Berg:** We decided to sell the crane."]);
}

#[test]
fn the_words_of_somebody_who_speaks_once_are_not_the_last_speaker_s() {
    let text = "Ann Berg: The crane is old and slow.\n\nTom Lund: It needs new ropes in May.\n\n\
        Ann Berg: It costs us a lot of money.\n\nTom Lund: That is so.\n\nMia Holm: Good. We \
        decided to sell the crane.\n";
    assert_own_words(text);
    let decided = texts(&concluded("minutes", text, &[]), "decision");
    assert_eq!(decided, ["We decided to sell the crane."]);
}

#[test]
fn times_and_noise_stay_where_the_document_has_them() {
    let text = "[00:00:01] ann: {laugh} The crane is old and slow.\n\n[00:00:05] tom: It needs \
        new ropes in May.\n\n[00:00:09] ann: It costs us a lot of money.\n\n[00:00:12] We \
        {laugh} decided to sell the crane.\n\n[00:00:20] tom: We decided to buy a new one.\n";
    assert_own_words(text);
    assert_eq!(texts(&concluded("minutes", text, &[]), "decision").len(), 2);
}

#[test]
fn blanks_before_stops_hide_no_dispute() {
    let text = "Tom Lund: The builder of the roof asks for 14,000 euro .\n\nAnn Berg: No , that's \
        not right . The builder of the roof asks for 12,000 euro .\n\nTom Lund: Hm .\n\n\
        Ann Berg: It says so in the offer of the builder .\n";
    assert_eq!(of(&concluded("triage", text, &[]), "disputed_point").len(), 1);
    assert_own_words(text);
}

#[test]
fn a_summary_of_a_contract_begins_with_the_parties_and_has_no_pieces() {
    let item = |n: usize| {
        format!(
            "{n}.1 The Tenant shall keep plot {n} of the boathouse clean and dry.\n\n\
             (iii) receives plot {n} of the boathouse from a third party;\n\n"
        )
    };
    let items: String = (1..=30).map(item).collect();
    let text = format!(
        "Exhibit 10.1 is the lease of the boathouse of Ostmouth.\n\nThis Lease is made on 1 May \
         2026 between Halden Marine Ltd and Corrib Boats Ltd.\n\n{items}IN WITNESS WHEREOF, the \
         parties have signed this Lease of the boathouse.\n"
    );
    let summary = texts(&concluded("summary", &text, &[]), "summary");
    assert!(summary[0].starts_with("This Lease is made on 1 May"), "{summary:?}");
    let whole = |told: &String| !told.starts_with('(') && !told.starts_with("IN WITNESS");
    assert!(summary.len() >= 3 && summary.iter().all(whole), "{summary:?}");
}

#[test]
fn in_a_long_contract_what_a_word_means_is_no_key_fact() {
    let rule = |n: usize| format!("The Tenant shall keep plot {n} clean.\n\n");
    let rules: String = (1..=120).map(rule).collect();
    let text = format!(
        "\"FDA\" means the Food Agency of Halden Marine Ltd as of 1 May 2026.\n\n{rules}The Tenant \
         shall pay 4,000 euro to Halden Marine Ltd.\n"
    );
    let facts = texts(&concluded("triage", &text, &[]), "key_fact");
    assert!(facts.iter().any(|fact| fact.contains("4,000 euro")), "{facts:?}");
    assert!(!facts.iter().any(|fact| fact.contains("means")), "{facts:?}");
}

#[test]
fn days_and_kinds_of_sections_are_no_themes() {
    let section = |title: &str, said: &str| format!("## {title}\n\n{said}\n\n");
    let text = section("Mon 3 Aug", "The roof of the boathouse leaks over the workshop.")
        + &section("Agenda", "The members talk of the price of the new roof.")
        + &section("Open questions", "Nobody knows the price of the new slipway.")
        + &section("Roof", "The builder of the roof comes to the boathouse in May.")
        + &section("Slipway", "The slipway of the boathouse is closed in the winter.")
        + &section("Crane", "The crane of the boathouse lifts no more than two boats.");
    let themes = texts(&concluded("organise", &text, &[]), "theme");
    assert_eq!(themes, ["Roof", "Slipway", "Crane"]);
}

#[test]
fn words_that_any_talk_has_are_no_themes() {
    let line = |n: usize| {
        let who = if n.is_multiple_of(2) { "Ann Berg" } else { "Tom Lund" };
        format!(
            "{who}: People marked the date of the deal number {n} for the fork choice rule.\n\n"
        )
    };
    let text: String = (0..12).map(line).collect();
    assert_eq!(texts(&concluded("organise", &text, &[]), "theme"), ["fork choice rule"]);
}

#[test]
fn a_question_is_open_only_while_nobody_answers_it() {
    let talk = |answer: &str| {
        let text = format!(
            "Ann Berg: The roof of the boathouse leaks.\n\nTom Lund: When did the storm damage \
             the roof of the boathouse?\n\nAnn Berg: {answer}\n\nTom Lund: The builder comes \
             tomorrow.\n\nAnn Berg: Good.\n"
        );
        texts(&concluded("minutes", &text, &[]), "question").len()
    };
    assert_eq!(talk("I don't know."), 1);
    assert_eq!(talk("I'm not sure, but I think the storm damaged it on Sunday at four."), 0);
    let notes = "# Board\n\n## Open questions\n\n- 212 or 221 in the committee paper? (212. \
        Accepted, not scanned)\n- who pays for the rescans?\n- The crane was sold to the club in \
        Ostmouth for the price of the new boat and of both of its engines.\n";
    let open = texts(&concluded("minutes", notes, &[]), "question");
    assert_eq!(open, ["who pays for the rescans?"]);
}

#[test]
fn what_is_said_to_be_open_is_an_open_question() {
    let text = "The club pays for the roof. So for the minutes, this is open. The tool is open \
        source. The boathouse is open to members.";
    let open = texts(&concluded("minutes", text, &[]), "question");
    assert_eq!(open, ["So for the minutes, this is open."]);
}

#[test]
fn a_chair_s_words_and_the_head_of_a_deposition_are_no_tasks() {
    let talk = "Ann Berg: I'll give this to Tom to talk about today.\n\nTom Lund: This will \
        provide the members something new to read.\n\nAnn Berg: Tom will send the list of the \
        boats by Friday.\n\nTom Lund: The roof leaks.\n";
    let tasks = texts(&concluded("minutes", talk, &[]), "action");
    assert_eq!(tasks, ["Ann Berg: Tom will send the list of the boats by Friday."]);
    let examined = "DATE TAKEN: Wednesday, January 14, 2026\n\nQ. Where were you?\nA. \"Contractor \
        shall attend within four hours of any alarm.\"\nQ. Who called you?\nA. The keeper called.\n\
        Q. Was it late?\nA. It was about four.\n";
    assert!(texts(&concluded("minutes", examined, &[]), "action").is_empty());
    let spanish = "Todos los usuarios tienen un barco. Vamos a hablar de todos los barcos hoy.";
    assert!(texts(&concluded("minutes", spanish, &[]), "action").is_empty());
}

#[test]
fn what_others_decided_is_news_and_no_decision_of_those_who_talk() {
    let text = "Ann Berg: The harbour board is slow.\n\nTom Lund: I read that they decided to \
        close the harbour.\n\nAnn Berg: We decided to move the boats to Ostmouth.\n\n\
        Tom Lund: That is fine.\n";
    let decided = texts(&concluded("minutes", text, &[]), "decision");
    assert_eq!(decided, ["Ann Berg: We decided to move the boats to Ostmouth."]);
}
