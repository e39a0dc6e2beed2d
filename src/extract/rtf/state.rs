//! What a group inherits from the one around it, and how its letters look.

use std::collections::HashMap;

use super::code_page::Charset;
use super::destination::Destination;
use super::table::Place;
use crate::domain::marks::AsideKind;
use crate::extract::html::{Rgb, alike};

/// Letters of this many half points or fewer are dots.
const TINY: i32 = 2;

/// A tracked change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Insertion,
    Deletion,
    /// Words that were moved here, and those that were moved away.
    MovedHere,
    MovedAway,
}

impl Change {
    /// Whether its words belong to the text as it was.
    pub fn is_old(self) -> bool {
        matches!(self, Self::Deletion | Self::MovedAway)
    }
}

#[expect(clippy::struct_excessive_bools, reason = "each is a property of its own in the format")]
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct State {
    pub destination: Destination,
    /// What text around a skipped group is for.
    pub around: Destination,
    /// Inside `\upr`: what its second half is for.
    pub either: Option<Destination>,
    pub font: Option<i32>,
    /// How many characters stand for each `\u`.
    pub fallback: i32,
    pub hidden: bool,
    pub size: i32,
    /// Places in the table of colours; 0 is the default.
    pub ink: i32,
    pub paper: i32,
    pub paragraph_paper: i32,
    pub inserted: bool,
    pub deleted: bool,
    pub moved: Option<Change>,
    /// Author and time of the change: another one is another change.
    pub change: (i32, i32),
    pub in_table: bool,
    /// How many tables the paragraph is in, where it is in one.
    pub tables: i32,
}

impl State {
    pub fn new() -> Self {
        Self {
            destination: Destination::Text,
            around: Destination::Text,
            either: None,
            font: None,
            fallback: 1,
            hidden: false,
            size: 24,
            ink: 0,
            paper: 0,
            paragraph_paper: 0,
            inserted: false,
            deleted: false,
            moved: None,
            change: (0, 0),
            in_table: false,
            tables: 1,
        }
    }

    /// `\plain`: letters as they are by default.
    pub fn plain(&mut self) {
        let fresh = Self::new();
        self.font = None;
        self.hidden = false;
        self.size = fresh.size;
        self.ink = 0;
        self.paper = 0;
        self.inserted = false;
        self.deleted = false;
        self.moved = None;
    }

    /// `\pard`: a paragraph as it is by default.
    pub fn paragraph(&mut self) {
        self.in_table = false;
        self.tables = 1;
        self.paragraph_paper = 0;
    }

    /// Where its text stands.
    pub fn place(&self) -> Place {
        match (self.in_table, self.tables) {
            (_, 2..) => Place::Inner,
            (true, _) => Place::Cell,
            (false, _) => Place::Text,
        }
    }

    pub fn tracked(&self) -> Option<Change> {
        match self.moved {
            Some(change) => Some(change),
            None if self.deleted => Some(Change::Deletion),
            None => self.inserted.then_some(Change::Insertion),
        }
    }

    /// Why its letters are not seen. `cell` is the shading of the table's cell.
    pub fn unseen(&self, tables: &Tables, cell: i32) -> Option<AsideKind> {
        if self.hidden {
            return Some(AsideKind::Invisible);
        }
        if self.size <= TINY {
            return Some(AsideKind::Tiny);
        }
        let behind = [self.paper, self.paragraph_paper, cell].into_iter().find(|place| *place != 0);
        let paper = behind.map_or(Some([255; 3]), |place| tables.colour(place));
        let ink = if self.ink == 0 { Some([0; 3]) } else { tables.colour(self.ink) };
        let same = ink.zip(paper).is_some_and(|(ink, paper)| alike(ink, paper));
        same.then_some(AsideKind::SameColour)
    }
}

/// What the head of a document declares.
#[derive(Debug)]
pub struct Tables {
    pub charset: Charset,
    pub default_font: Option<i32>,
    /// `None` for a font in the document's own encoding.
    pub fonts: HashMap<i32, Option<Charset>>,
    /// `None` for "automatic".
    pub colours: Vec<Option<Rgb>>,
}

impl Tables {
    pub fn new() -> Self {
        Self {
            charset: Charset::DEFAULT,
            default_font: None,
            fonts: HashMap::new(),
            colours: Vec::new(),
        }
    }

    pub fn charset_of(&self, font: Option<i32>) -> Charset {
        let font = font.or(self.default_font).and_then(|font| self.fonts.get(&font));
        font.copied().flatten().unwrap_or(self.charset)
    }

    fn colour(&self, place: i32) -> Option<Rgb> {
        *usize::try_from(place).ok().and_then(|place| self.colours.get(place))?
    }
}
