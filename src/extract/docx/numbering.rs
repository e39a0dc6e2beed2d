//! The labels of numbered paragraphs, counted as Word counts them (ECMA-376
//! part 1, 17.9). Knows numbers and levels; knows nothing of text.

#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use super::SPACES;
use crate::extract::numerals::{by_example, written};
use crate::extract::xml::{Event, Tag, Xml, XmlError};

pub const LEVELS: usize = 9;
/// Longer patterns than any list has; a label stands before every paragraph.
const MOST_PATTERN: usize = 100;

/// One level of a list.
#[derive(Debug, Clone)]
pub struct Level {
    start: u32,
    format: String,
    pattern: String,
    /// Restarts only after this level (counted from 1) or a higher one; zero: never.
    restart: Option<u32>,
    /// Numbers of all levels in digits (`isLgl`).
    legal: bool,
    /// Whether a space follows the label.
    spaced: bool,
    hidden: bool,
    /// The paragraph style that has this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            format: "decimal".into(),
            pattern: String::new(),
            restart: None,
            legal: false,
            spaced: true,
            hidden: false,
            style: None,
        }
    }
}

#[derive(Debug, Default)]
struct Abstract {
    levels: HashMap<usize, Level>,
    /// Its levels are those of this numbering style.
    link: Option<String>,
    /// The numbering style that it is the levels of.
    style: Option<String>,
}

#[derive(Debug, Default)]
struct Num {
    of: String,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
}

/// The lists of a document and how far each has been counted.
#[derive(Debug, Default)]
pub struct Numbering {
    abstracts: HashMap<String, Abstract>,
    nums: HashMap<String, Num>,
    counts: HashMap<String, [Option<u32>; LEVELS]>,
    /// Numbers whose own starts have been set.
    started: HashSet<String>,
}

/// The label of a paragraph.
#[derive(Debug, PartialEq, Eq)]
pub struct Label {
    /// With the space after it.
    pub text: String,
    pub bullet: bool,
}

impl Numbering {
    /// Reads `numbering.xml`; what came before a break in it is kept.
    pub fn parse(text: &str) -> (Self, Option<XmlError>) {
        let mut this = Self::default();
        let error = this.read(&mut Xml::new(text, SPACES)).err();
        (this, error)
    }

    fn read(&mut self, xml: &mut Xml<'_>) -> Result<(), XmlError> {
        let mut place = Place::default();
        loop {
            match xml.event()? {
                Event::Start(tag) if skipped(&tag) => xml.skip()?,
                Event::Start(tag) => {
                    place.depth += 1;
                    self.tag(&tag, &mut place);
                }
                Event::End => {
                    place.depth = place.depth.saturating_sub(1);
                    self.close(&mut place);
                }
                Event::Words(_) => {}
                Event::Eof => return Ok(()),
            }
        }
    }

    fn tag(&mut self, tag: &Tag<'_>, place: &mut Place) {
        let val = || tag.attr("val").unwrap_or_default();
        match (tag.space, tag.local()) {
            ("w", "abstractNum") => {
                place.within = Within::Abstract(tag.attr("abstractNumId").unwrap_or_default());
                place.ends_at = place.depth;
            }
            ("w", "num") => {
                place.within = Within::Num(tag.attr("numId").unwrap_or_default());
                place.ends_at = place.depth;
            }
            ("w", "abstractNumId") => {
                if let Some(num) = self.num(place) {
                    num.of = val();
                }
            }
            ("w", "lvlOverride") => place.over = tag.number("ilvl").map(|n| n as usize),
            ("w", "startOverride") => {
                let start = tag.number("val");
                if let (Some(at), Some(start)) = (place.over, start)
                    && let Some(num) = self.num(place)
                {
                    num.starts.insert(at, start);
                }
            }
            ("w", "numStyleLink") => self.abstract_of(place).link = Some(val()),
            ("w", "styleLink") => self.abstract_of(place).style = Some(val()),
            ("w", "lvl") => {
                let at = tag.number("ilvl").map_or(0, |n| n as usize);
                place.level = Some((at, place.depth, Level::default()));
            }
            _ => {
                if let Some((_, _, level)) = &mut place.level {
                    level.tag(tag);
                }
            }
        }
    }

    fn num(&mut self, place: &Place) -> Option<&mut Num> {
        let Within::Num(id) = &place.within else { return None };
        Some(self.nums.entry(id.clone()).or_default())
    }

    fn abstract_of(&mut self, place: &Place) -> &mut Abstract {
        let id = match &place.within {
            Within::Abstract(id) => id.clone(),
            _ => String::new(),
        };
        self.abstracts.entry(id).or_default()
    }

    fn close(&mut self, place: &mut Place) {
        if let Some((at, _, level)) = place.level.take_if(|(_, depth, _)| *depth > place.depth)
            && at < LEVELS
        {
            match &place.within {
                Within::Num(id) => {
                    self.nums.entry(id.clone()).or_default().levels.insert(at, level);
                }
                Within::Abstract(_) => {
                    self.abstract_of(place).levels.insert(at, level);
                }
                Within::Nothing => {}
            }
        }
        if place.depth < place.ends_at {
            *place = Place { depth: place.depth, ..Place::default() };
        }
    }

    /// Begins to count anew, as each story of a document does.
    pub fn restart(&mut self) {
        self.counts.clear();
        self.started.clear();
    }

    /// The abstract list of a number. `style_number` finds the number that a
    /// numbering style has.
    fn list(&self, num: &str, style_number: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let mut id = self.nums.get(num)?.of.clone();
        // A chain of links that is longer goes round in a circle.
        for _ in 0..8 {
            let list = self.abstracts.get(&id)?;
            let Some(style) = &list.link else { return Some(id) };
            let linked = self.abstracts.iter().find(|(_, a)| a.style.as_ref() == Some(style));
            id = match (linked, style_number(style).and_then(|num| self.nums.get(&num))) {
                (_, Some(num)) if num.of != id => num.of.clone(),
                (Some((linked, _)), _) if *linked != id => linked.clone(),
                _ => return Some(id),
            };
        }
        Some(id)
    }

    /// The level of list `num` that paragraphs of this style have.
    #[must_use]
    pub fn level_of_style(&self, num: &str, style: &str) -> Option<usize> {
        let num = self.nums.get(num)?;
        let levels = &self.abstracts.get(&num.of)?.levels;
        levels.iter().find(|(_, l)| l.style.as_deref() == Some(style)).map(|(at, _)| *at)
    }

    /// Counts one paragraph of list `num` at `level` (from zero) and gives its
    /// label; `None` where it has no list or its label is empty.
    pub fn next(
        &mut self,
        num: &str,
        level: usize,
        style_number: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Label> {
        let at = level.min(LEVELS - 1);
        let list = self.list(num, style_number)?;
        let own = self.nums.get(num)?;
        let counts = self.counts.entry(list.clone()).or_default();
        if !own.starts.is_empty() && self.started.insert(num.to_owned()) {
            for level in own.starts.keys().filter(|l| **l < LEVELS) {
                counts[*level] = None;
            }
        }
        let levels = &self.abstracts.get(&list)?.levels;
        let level = |at: usize| own.levels.get(&at).or_else(|| levels.get(&at));
        let start = |at: usize| {
            own.starts.get(&at).copied().unwrap_or_else(|| level(at).map_or(1, |l| l.start))
        };
        counts[at] = Some(counts[at].map_or_else(|| start(at), |n| n.saturating_add(1)));
        for (deeper, count) in counts.iter_mut().enumerate().skip(at + 1) {
            let after = level(deeper).and_then(|l| l.restart).unwrap_or(u32::MAX);
            if (at as u64) < u64::from(after) {
                *count = None;
            }
        }
        let this = level(at)?;
        let number = |at: usize| counts[at].unwrap_or_else(|| start(at));
        this.label(at, &|at| (number(at), level(at).map_or("decimal", |l| l.format.as_str())))
    }
}

/// Formats of one number are given twice, in a form of later years and in the
/// old one; the old one says less.
fn skipped(tag: &Tag<'_>) -> bool {
    matches!((tag.space, tag.local()), ("mc", "Fallback") | ("w", "pPr" | "numPicBullet"))
}

impl Level {
    fn tag(&mut self, tag: &Tag<'_>) {
        let val = || tag.attr("val").unwrap_or_default();
        match (tag.space, tag.local()) {
            ("w", "start") => self.start = tag.number("val").unwrap_or(1),
            ("w", "numFmt") => {
                self.format = match (val().as_str(), tag.attr("format")) {
                    ("custom", Some(example)) => by_example(&example).to_owned(),
                    (name, _) => name.to_owned(),
                };
            }
            ("w", "lvlText") => self.pattern = val().chars().take(MOST_PATTERN).collect(),
            ("w", "lvlRestart") => self.restart = tag.number("val"),
            ("w", "isLgl") => self.legal = tag.is_on(),
            ("w", "suff") => self.spaced = val() != "nothing",
            ("w", "vanish") => self.hidden = tag.is_on(),
            ("w", "pStyle") => self.style = Some(val()),
            ("w", "lvlPicBulletId") => self.format = "bullet".into(),
            _ => {}
        }
    }

    fn label<'a>(&self, at: usize, number: &dyn Fn(usize) -> (u32, &'a str)) -> Option<Label> {
        if self.hidden {
            return None;
        }
        let space = if self.spaced { " " } else { "" };
        if self.format == "bullet" {
            // The pattern is a sign of some symbol font.
            return Some(Label { text: "• ".into(), bullet: true });
        }
        let mut text = String::new();
        let mut signs = self.pattern.chars().peekable();
        while let Some(sign) = signs.next() {
            let level = signs.peek().and_then(|c| c.to_digit(10)).filter(|n| (1..=9).contains(n));
            let Some(level) = level.filter(|_| sign == '%') else {
                text.push(sign);
                continue;
            };
            signs.next();
            let level = level as usize - 1;
            // A pattern that names a deeper level than its own shows nothing for it.
            if level > at {
                continue;
            }
            let (n, format) = number(level);
            let plain = self.legal && format != "none";
            text.push_str(&written(n, if plain { "decimal" } else { format }));
        }
        let text = text.trim();
        (!text.is_empty()).then(|| Label { text: format!("{text}{space}"), bullet: false })
    }
}

#[derive(Default)]
enum Within {
    #[default]
    Nothing,
    Abstract(String),
    Num(String),
}

#[derive(Default)]
struct Place {
    depth: usize,
    within: Within,
    /// The depth of the tag that `within` names.
    ends_at: usize,
    over: Option<usize>,
    /// Which level is open, at which depth.
    level: Option<(usize, usize, Level)>,
}
