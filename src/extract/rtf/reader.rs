//! The way through a Rich Text file, token by token: groups, what they
//! inherit, and what control words do (RTF Specification 1.9.1). No
//! recursion: groups are a list.

mod declarations;

use super::Read;
use super::code_page::{Charset, sign};
use super::destination::{Capture, Destination, Opening, opening};
use super::label::has_own_sign;
use super::special::special;
use super::state::{Change, State, Tables};
use super::token::{Token, Tokens};
use super::writer::{Manner, Writer};
use crate::domain::document::RevisionView;
use crate::extract::flow::Flow;

/// Groups inside groups are kept up to this depth, and beyond it only counted.
const MOST_DEPTH: usize = 100_000;

/// A shading that is a pattern: nobody knows its colour.
const PATTERN: i32 = -1;

pub struct Reader<'s, 'f> {
    tokens: Tokens<'s>,
    writer: Writer<'f>,
    tables: Tables,
    state: State,
    /// Of the groups around.
    outer: Vec<State>,
    /// How many groups are open beyond [`MOST_DEPTH`].
    beyond: usize,
    /// At which depths text is gathered apart.
    captures: Vec<usize>,
    /// Bytes of text whose encoding is that of the open run.
    bytes: Vec<u8>,
    /// How many characters still stand for the last `\u`.
    skip: i32,
    /// The first half of a character of two.
    high: Option<u16>,
    /// Whether a group has just begun, and with `\*`.
    first: bool,
    starred: bool,
    /// Of the table of fonts, which is being declared.
    font: i32,
    /// Of the table of colours, as far as it was declared.
    colour: Option<[u8; 3]>,
    /// Shadings of the cells of the row, and of the one being declared.
    cells: Vec<i32>,
    shading: i32,
    objects: usize,
    /// The piece of text that came last.
    said: String,
}

impl<'s, 'f> Reader<'s, 'f> {
    pub fn new(source: &'s [u8], view: RevisionView, flow: &'f mut Flow) -> Self {
        Self {
            tokens: Tokens::new(source),
            writer: Writer::new(flow, view),
            tables: Tables::new(),
            state: State::new(),
            outer: Vec::new(),
            beyond: 0,
            captures: Vec::new(),
            bytes: Vec::new(),
            skip: 0,
            high: None,
            first: false,
            starred: false,
            font: 0,
            colour: None,
            cells: Vec::new(),
            shading: 0,
            objects: 0,
            said: String::new(),
        }
    }

    pub fn read(mut self) -> Read {
        while let Some(token) = self.tokens.next() {
            if self.writer.is_full() {
                break;
            }
            match token {
                Token::Open => self.open(),
                Token::Close => self.close(),
                Token::Text(text) => self.text(text),
                Token::Byte(byte) => self.text(&[byte]),
                Token::Symbol(symbol) => self.symbol(symbol),
                Token::Word(name, number) => self.word(name, number),
            }
        }
        self.flush();
        Read { markup: self.writer.finish(), objects: self.objects }
    }

    fn open(&mut self) {
        self.flush();
        self.skip = 0;
        self.first = true;
        self.starred = false;
        if self.outer.len() < MOST_DEPTH {
            self.outer.push(self.state);
        } else {
            self.beyond += 1;
        }
    }

    fn close(&mut self) {
        self.flush();
        self.skip = 0;
        self.first = false;
        if self.beyond > 0 {
            self.beyond -= 1;
            return;
        }
        if self.captures.last() == Some(&self.outer.len()) {
            self.captures.pop();
            self.writer.end_capture();
        }
        // A bracket too many ends nothing.
        if let Some(state) = self.outer.pop() {
            self.state = state;
        }
    }

    fn text(&mut self, text: &[u8]) {
        self.first = false;
        let skipped = usize::try_from(self.skip).unwrap_or(0).min(text.len());
        self.skip -= i32::try_from(skipped).unwrap_or(0);
        let text = &text[skipped..];
        match self.state.destination {
            Destination::Text => self.bytes.extend_from_slice(text),
            Destination::Colours => {
                for _ in text.iter().filter(|byte| **byte == b';') {
                    let colour = self.colour.take();
                    self.tables.colours.push(colour);
                }
            }
            Destination::Skip | Destination::Fonts | Destination::InnerRow => {}
        }
    }

    fn symbol(&mut self, symbol: u8) {
        if symbol == b'*' {
            self.starred = true;
            return;
        }
        self.first = false;
        match symbol {
            b'\\' | b'{' | b'}' => self.text(&[symbol]),
            b'~' => self.character('\u{A0}'),
            b'_' => self.character('\u{2011}'),
            b'\r' | b'\n' => self.paragraph(),
            // An optional hyphen, and marks of index entries.
            _ => self.skip = (self.skip - 1).max(0),
        }
    }

    fn word(&mut self, name: &[u8], number: Option<i32>) {
        let first = std::mem::take(&mut self.first);
        let starred = std::mem::take(&mut self.starred);
        let opened = if first || starred { opening(name, starred) } else { None };
        if let Some(opening) = opened {
            self.flush();
            self.enter(opening);
            return;
        }
        match self.state.destination {
            Destination::Text => self.control(name, number),
            Destination::Fonts => self.declare_font(name, number),
            Destination::Colours => self.declare_colour(name, number),
            Destination::InnerRow if name == b"nestrow" => self.writer.end_inner_row(),
            Destination::Skip | Destination::InnerRow => {}
        }
    }

    fn enter(&mut self, opening: Opening) {
        if self.state.destination != Destination::Skip {
            self.state.around = self.state.destination;
        }
        match opening {
            Opening::Unicode => {
                if let Some(destination) = self.state.either.take() {
                    self.state.destination = destination;
                }
            }
            // A shape's text is found again inside of what is skipped.
            Opening::Capture(Capture::TextBox) => {
                if self.state.around == Destination::Text {
                    self.capture(Capture::TextBox);
                }
            }
            _ if self.state.destination == Destination::Skip => {}
            Opening::Destination(destination) => {
                self.state.destination = destination;
                self.state.around = destination;
            }
            Opening::Either => {
                self.state.either = Some(self.state.destination);
                self.state.destination = Destination::Skip;
            }
            Opening::Shape => self.state.destination = Destination::Skip,
            Opening::Object => {
                self.objects += 1;
                self.state.destination = Destination::Skip;
            }
            Opening::Capture(Capture::Footnote) => {
                // Whether a note stands at the foot or at the end, the next word says.
                let end = self.tokens.clone().next() == Some(Token::Word(b"ftnalt", None));
                self.capture(if end { Capture::Endnote } else { Capture::Footnote });
            }
            Opening::Capture(capture) => self.capture(capture),
        }
    }

    fn capture(&mut self, capture: Capture) {
        if self.beyond > 0 || self.writer.leaves_out(self.state.tracked()) {
            self.state.destination = Destination::Skip;
            return;
        }
        self.state.destination = Destination::Text;
        let note = matches!(capture, Capture::Footnote | Capture::Endnote);
        let own = note && has_own_sign(&self.tokens, &self.said);
        self.writer.begin_capture(capture, self.state.place(), own);
        self.captures.push(self.outer.len());
    }

    fn control(&mut self, name: &[u8], number: Option<i32>) {
        if name == b"u" {
            self.unicode(number.unwrap_or(0));
            return;
        }
        if let Some(character) = special(name) {
            self.character(character);
            return;
        }
        self.flush();
        if !self.structure(name) && !self.table(name, number) {
            self.property(name, number);
        }
    }

    /// What ends lines, paragraphs, cells.
    fn structure(&mut self, name: &[u8]) -> bool {
        let place = self.state.place();
        match name {
            b"par" | b"sect" | b"page" => self.paragraph(),
            b"line" | b"softline" => self.writer.line(place),
            b"cell" => self.writer.end_cell(),
            b"row" => self.writer.end_row(),
            b"nestcell" => self.writer.end_inner_cell(),
            b"nestrow" => self.writer.end_inner_row(),
            _ => return false,
        }
        true
    }

    fn paragraph(&mut self) {
        self.flush();
        self.writer.paragraph(self.state.place());
    }

    fn table(&mut self, name: &[u8], number: Option<i32>) -> bool {
        match name {
            b"trowd" => {
                self.cells.clear();
                self.shading = 0;
            }
            b"clcbpat" => self.shading = number.unwrap_or(0),
            b"clshdng" if number.unwrap_or(0) > 0 => self.shading = PATTERN,
            b"cellx" => {
                self.cells.push(std::mem::take(&mut self.shading));
                self.writer.columns = self.cells.len();
            }
            b"intbl" => self.state.in_table = true,
            b"itap" => self.state.tables = number.unwrap_or(1),
            _ => return false,
        }
        true
    }

    fn property(&mut self, name: &[u8], number: Option<i32>) {
        let on = number != Some(0);
        let number = number.unwrap_or(0);
        let state = &mut self.state;
        match name {
            b"f" => state.font = Some(number),
            b"uc" => state.fallback = number.clamp(0, 1_000),
            b"plain" => state.plain(),
            b"pard" => state.paragraph(),
            b"v" => state.hidden = on,
            b"fs" => state.size = number,
            b"cf" => state.ink = number,
            b"cb" | b"highlight" | b"chcbpat" => state.paper = number,
            b"chshdng" if number > 0 => state.paper = PATTERN,
            b"cbpat" => state.paragraph_paper = number,
            b"shading" if number > 0 => state.paragraph_paper = PATTERN,
            b"revised" => state.inserted = on,
            b"deleted" => state.deleted = on,
            b"mvf" => state.moved = on.then_some(Change::MovedAway),
            b"mvt" => state.moved = on.then_some(Change::MovedHere),
            b"revauth" | b"revauthdel" | b"mvauth" => state.change.0 = number,
            b"revdttm" | b"revdttmdel" | b"mvdate" => state.change.1 = number,
            b"ansicpg" => self.charset(Charset::of_code_page(number)),
            b"mac" => self.charset(Charset::of_code_page(10000)),
            b"pc" => self.charset(Charset::of_code_page(437)),
            b"pca" => self.charset(Charset::of_code_page(850)),
            b"deff" => self.tables.default_font = Some(number),
            _ => {}
        }
    }

    fn charset(&mut self, charset: Option<Charset>) {
        self.tables.charset = charset.unwrap_or(self.tables.charset);
    }

    /// A character that is written as a control word, and that may stand for a
    /// `\u` before it.
    fn character(&mut self, character: char) {
        if self.skip > 0 {
            self.skip -= 1;
            return;
        }
        self.flush();
        self.say(character.encode_utf8(&mut [0; 4]));
    }

    fn unicode(&mut self, number: i32) {
        self.flush();
        self.skip = self.state.fallback;
        // Numbers are signed with 16 bits; some writers count on.
        let Ok(code) = u32::try_from(if number < 0 { number + 0x1_0000 } else { number }) else {
            return;
        };
        let character = match (u16::try_from(code), self.high.take()) {
            (Ok(unit @ 0xD800..=0xDBFF), _) => {
                self.high = Some(unit);
                return;
            }
            (Ok(unit @ 0xDC00..=0xDFFF), Some(high)) => {
                char::decode_utf16([high, unit]).next().and_then(Result::ok)
            }
            (Ok(unit @ 0xF000..=0xF0FF), _) => Some(sign(u32::from(unit))),
            _ => char::from_u32(code),
        };
        let character = character.filter(|c| *c != '\0').unwrap_or('\u{FFFD}');
        self.say(character.encode_utf8(&mut [0; 4]));
    }

    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let bytes = std::mem::take(&mut self.bytes);
        let text = self.tables.charset_of(self.state.font).decode(&bytes);
        self.say(&text);
        self.bytes = bytes;
        self.bytes.clear();
    }

    fn say(&mut self, text: &str) {
        if self.state.destination != Destination::Text {
            return;
        }
        let state = &self.state;
        let in_cell = self.cells.get(self.writer.cell_index()).filter(|_| state.in_table);
        let manner = Manner {
            unseen: state.unseen(&self.tables, in_cell.copied().unwrap_or(0)),
            change: state.tracked(),
            id: state.change,
            place: state.place(),
        };
        if text.trim().is_empty() {
            self.said.push(' ');
        } else {
            text.clone_into(&mut self.said);
        }
        self.writer.put(text, manner);
    }
}
