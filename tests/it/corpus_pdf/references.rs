//! References that hold other letters than the pages print, as seen by eye on the
//! pages, and what makes them right again: so that a file counts by what it
//! says, and the number without that is told beside it.

/// A reference that is wrong, how it and the text read are made comparable.
pub struct Wrong {
    /// Part of the file's name.
    pub file: &'static str,
    pub why: &'static str,
    pub reference: fn(&str) -> String,
    pub text: fn(&str) -> String,
}

pub const WRONG: [Wrong; 4] = [
    Wrong {
        file: "pdfjs_issue1350",
        why: "it says twice what is drawn twice on one spot and seen once",
        reference: without_repeats,
        text: str::to_owned,
    },
    Wrong {
        file: "kreuzberg_right_to_left_01",
        why: "it has the letters of the ligature lam-alef the wrong way round",
        reference: lam_alef_in_any_order,
        text: lam_alef_in_any_order,
    },
    Wrong {
        file: "pdfjs_issue19802",
        why: "every letter is the next one of the alphabet (\"vof\" for \"une\"), and letters with \
              accents, which are left out here, are others still",
        reference: one_letter_back,
        text: plain_words,
    },
    Wrong {
        file: "pdfjs_issue20232",
        why: "two bytes of Cyrillic in UTF-8 are one Korean syllable",
        reference: syllables_as_bytes,
        text: str::to_owned,
    },
];

/// Without lines of eight words that stand word for word among the last ten.
fn without_repeats(reference: &str) -> String {
    let lines: Vec<&str> = reference.lines().collect();
    let is_repeat = |at: usize| {
        let is_long = lines[at].split_whitespace().nth(7).is_some();
        is_long && lines[at.saturating_sub(10)..at].contains(&lines[at])
    };
    let kept: Vec<&str> =
        (0..lines.len()).filter(|at| !is_repeat(*at)).map(|at| lines[at]).collect();
    kept.join("\n")
}

/// With lams and alefs that touch in the order of the alphabet.
fn lam_alef_in_any_order(text: &str) -> String {
    let is_either = |c: char| matches!(c, 'ا' | 'أ' | 'إ' | 'آ' | 'ل');
    let mut letters: Vec<char> = text.chars().collect();
    for run in letters.chunk_by_mut(|a, b| is_either(*a) && is_either(*b)) {
        if run.iter().all(|c| is_either(*c)) {
            run.sort_unstable();
        }
    }
    letters.into_iter().collect()
}

fn one_letter_back(reference: &str) -> String {
    let back = |c: char| if c.is_ascii_graphic() { char::from(c as u8 - 1) } else { c };
    plain_words(reference).chars().map(back).collect()
}

/// Words of nothing but letters without accents.
fn plain_words(text: &str) -> String {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let plain: Vec<&str> =
        words.filter(|word| word.bytes().all(|b| b.is_ascii_alphabetic())).collect();
    plain.join(" ")
}

fn syllables_as_bytes(reference: &str) -> String {
    let mut bytes = Vec::new();
    for c in reference.chars() {
        match u16::try_from(u32::from(c)) {
            Ok(unit) if unit >= 0xC000 => bytes.extend(unit.to_be_bytes()),
            _ => bytes.extend(c.to_string().into_bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
