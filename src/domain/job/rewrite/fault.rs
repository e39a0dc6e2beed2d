//! What speaks against a version, in words for people and for the model. It does not know
//! how faults are found.

use crate::domain::factcheck::FactChange;

/// Most faults that are told one by one: nobody reads more, and a small model follows none.
const MOST_TOLD: usize = 5;

/// What speaks against a version.
pub(super) enum Fault {
    /// A fact was changed.
    Fact(FactChange),
    Looped,
    Cut,
    Short,
    Long,
    /// It shares next to no words with its source.
    Foreign,
    /// It repeats the question.
    Parroted,
}

impl Fault {
    /// The whole of it, as a sentence.
    pub(super) fn sentence(&self) -> String {
        match self {
            Self::Fact(change) => describe(change),
            Self::Looped => "The model repeated itself and was stopped.".to_owned(),
            Self::Cut => "The version was cut off at its length limit.".to_owned(),
            Self::Short => "The version leaves out most of the source.".to_owned(),
            Self::Long => "The version says much that the source does not.".to_owned(),
            Self::Foreign => "The version is about something else than the source.".to_owned(),
            Self::Parroted => "The version repeats the instructions to the model.".to_owned(),
        }
    }

    /// The same to the model that wrote the version.
    pub(super) fn reproach(&self) -> String {
        match self {
            Self::Fact(change) => describe(change),
            Self::Looped => "You repeated yourself.".to_owned(),
            Self::Cut => "It was too long.".to_owned(),
            Self::Short => "It leaves out most of the text.".to_owned(),
            Self::Long => "It says much that the text does not.".to_owned(),
            Self::Foreign => "It is about something else than the text.".to_owned(),
            Self::Parroted => "You repeated the instructions.".to_owned(),
        }
    }

    /// What the version does, to follow its mention.
    fn gist(&self) -> &'static str {
        match self {
            Self::Fact(_) => "changes a fact",
            Self::Looped => "repeats itself",
            Self::Cut => "was cut off",
            Self::Short => "leaves out most of the source",
            Self::Long => "says much that the source does not",
            Self::Foreign => "is about something else",
            Self::Parroted => "repeats the instructions",
        }
    }
}

/// A change without the quotation marks around its words, which are the model's own and
/// read as part of a name.
fn describe(change: &FactChange) -> String {
    const MARKS: [char; 9] = ['"', '“', '”', '„', '«', '»', '*', ',', ' '];
    let mut change = change.clone();
    for side in [&mut change.source, &mut change.version].into_iter().flatten() {
        let bare = side.text.trim_matches(MARKS);
        if !bare.is_empty() {
            side.text = bare.to_owned();
        }
    }
    change.describe()
}

/// The first of the faults, each said once, and how many more there are. Those of the whole
/// version come before single facts: whoever reads "repeats itself" needs no list.
pub(super) fn told(faults: &[Fault], say: impl Fn(&Fault) -> String) -> Vec<String> {
    let mut said: Vec<String> = Vec::new();
    let (facts, whole): (Vec<&Fault>, Vec<&Fault>) =
        faults.iter().partition(|fault| matches!(fault, Fault::Fact(_)));
    for sentence in whole.into_iter().chain(facts).map(say) {
        if !said.contains(&sentence) {
            said.push(sentence);
        }
    }
    let more = said.len().saturating_sub(MOST_TOLD);
    said.truncate(MOST_TOLD);
    if more > 0 {
        said.push(format!("And {more} more."));
    }
    said
}

/// "changes a fact, repeats itself and was cut off".
pub(super) fn gists(faults: &[Fault]) -> String {
    let mut gists: Vec<&str> = faults.iter().map(Fault::gist).collect();
    gists.dedup();
    match gists.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => gists.concat(),
    }
}
