//! Which reading of a page is taken: the first reader's where it is clean, else
//! the best that any reader gives. Knows how to ask the others, not how they read.

use std::sync::Arc;

use super::poppler::{self, Poppler};
use super::second::{self, Second};
use crate::domain::document::PageState;
use crate::domain::marks::Marks;
use crate::extract::options::Password;
use crate::extract::protocol::PageRecord;
use crate::extract::{quality, tidy};

/// By this factor another clean reading has to be worth more than the first
/// reader's to be taken: less is white space and headers.
const CLEARLY_BETTER: f64 = 1.1;

/// And by this factor where the first reader had to guess. Not less: it alone
/// tells what is hidden.
const BETTER: f64 = 1.02;

/// One reader's page.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    pub reader: &'static str,
    pub state: PageState,
    pub text: String,
    pub marks: Marks,
    pub note: Option<String>,
    /// Whether nothing speaks for asking another reader.
    pub clean: bool,
    /// Whether the letters are this reader's guess, where another may know.
    pub guessed: bool,
}

impl Reading {
    /// A page that `reader` could make nothing of, and why.
    pub fn failed(reader: &'static str, note: String) -> Self {
        let (text, marks) = (String::new(), Marks::default());
        let (state, note) = (PageState::Failed, Some(note));
        Self { reader, state, text, marks, note, clean: false, guessed: false }
    }

    /// What `reader` made of a page, judged. `images`: the share of the page
    /// that images cover.
    pub fn judged(reader: &'static str, text: String, marks: Marks, images: f32) -> Self {
        let (state, note) = quality::judge(&text, images);
        let clean = match state {
            PageState::Text => !quality::is_doubtful(&text),
            PageState::Scan | PageState::Empty => true,
            PageState::Garbled | PageState::Failed => false,
        };
        Self { reader, state, text, marks, note, clean, guessed: false }
    }

    /// How much of it a person could use.
    fn worth(&self) -> f64 {
        let readable = quality::worth(&self.text);
        match self.state {
            PageState::Text => readable,
            PageState::Garbled => readable / 4.0,
            PageState::Scan | PageState::Empty | PageState::Failed => 0.0,
        }
    }

    pub fn into_record(self, n: u32, of: u32) -> PageRecord {
        let Self { reader, state, text, marks, note, .. } = self;
        PageRecord { n, of, state, text, marks, reader: reader.to_owned(), note }
    }
}

/// The better of two readings of a page; in case of doubt the first.
fn better(first: Reading, other: Reading) -> Reading {
    // "Nothing on it" is known; that a reader failed says nothing of the page.
    let knows_more = first.state == PageState::Failed && other.state != PageState::Failed;
    let margin = match first.state {
        _ if first.guessed => BETTER,
        PageState::Text => CLEARLY_BETTER,
        _ => 1.0,
    };
    if knows_more || other.worth() > first.worth() * margin { other } else { first }
}

/// The readers that are asked where the first one's page is not clean.
pub struct Others {
    second: Second,
    /// `None` for a file that needs a password.
    poppler: Option<Poppler>,
}

/// A file's bytes, for the programs that are given them.
pub type Source = Arc<[u8]>;

impl Others {
    /// `password`: where the file needs one. `room`: most bytes of a page.
    pub fn new(source: Source, password: Option<Password>, room: u64) -> Self {
        let poppler = password.is_none().then(|| Poppler::new(Arc::clone(&source), room));
        Self { second: Second::new(source, password, room), poppler }
    }

    /// How many pages they find.
    pub fn pages(&mut self) -> Option<u32> {
        self.second.pages().or_else(|| self.poppler.as_mut()?.pages())
    }

    /// The best of `first` and what the others make of page `n`, which are
    /// asked until one is clean.
    pub fn best(&mut self, n: u32, first: Reading, images: f32) -> Reading {
        let mut best = first;
        if let Some((text, marks)) = self.second.page(n) {
            best = better(best, Reading::judged(second::READER, text, marks, images));
        }
        if best.clean {
            return best;
        }
        let text = self.poppler.as_mut().and_then(|poppler| poppler.page(n));
        match text {
            Some(text) => {
                let text = tidy::page(&text);
                better(best, Reading::judged(poppler::READER, text, Marks::default(), images))
            }
            None => best,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAUSE: &str = "The Supplier shall deliver the goods to the address of the Customer.";

    fn reading(reader: &'static str, text: &str) -> Reading {
        Reading::judged(reader, text.to_owned(), Marks::default(), 0.0)
    }

    #[test]
    fn a_page_that_failed_is_taken_from_whoever_could_read_it() {
        let failed = Reading::failed("one", "It failed.".into());
        assert_eq!(better(failed.clone(), reading("two", CLAUSE)).reader, "two");
        assert_eq!(better(failed, reading("two", "")).state, PageState::Empty);
    }

    #[test]
    fn half_a_page_gives_way_to_a_whole_one_but_not_to_some_white_space_more() {
        let half = reading("one", &CLAUSE[..30]);
        assert_eq!(better(half, reading("two", CLAUSE)).reader, "two");
        let whole = reading("one", CLAUSE);
        assert_eq!(better(whole, reading("two", &format!("{CLAUSE} 1"))).reader, "one");
    }

    #[test]
    fn letters_that_spell_nothing_do_not_win_by_their_number() {
        let noise = CLAUSE.replace(['e', 's'], "\u{FFFD}").repeat(3);
        assert_eq!(better(reading("one", CLAUSE), reading("two", &noise)).reader, "one");
        assert_eq!(better(reading("one", &noise), reading("two", CLAUSE)).reader, "two");
    }
}
