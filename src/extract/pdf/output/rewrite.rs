//! A page's commands written anew for the reader: only those that place text,
//! each with the operands it must have, forms put in where they are drawn.
//! What the reader does not look at is noted on the page's [`Sheet`]. Does not
//! know what strings spell.

use std::collections::HashMap;

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::fonts::{FontNumber, Fonts};
use super::graphics::Graphics;
use super::layers::Layers;
use super::path::Outline;
use super::scan::{Kind, Scanner};
use super::sheet::{Ink, Matrix, Sheet, shared};

mod paint;
mod text;

/// Forms inside each other.
const MOST_DEPTH: usize = 24;
/// Forms drawn on one page; more only come from files made to harm.
const MOST_FORMS: u32 = 5_000;
/// Bytes of commands for one page, and states saved inside each other.
const MOST_COMMANDS: usize = 64 << 20;
const MOST_SAVED: usize = 4_096;
/// Bytes that are read for one page, packed and unpacked: a form may be drawn
/// over and over.
const MOST_READ: usize = 128 << 20;

/// Writes pages, one behind the other, into one stream.
pub struct Rewriter<'a> {
    doc: &'a Document,
    layers: &'a Layers,
    fonts: &'a mut Fonts,
    /// The commands.
    pub out: Vec<u8>,
    sheet: Sheet,
    ink: Option<Ink>,
    state: Graphics,
    saved: Vec<Graphics>,
    /// States that the innermost form may not take back.
    floor: usize,
    /// The forms that are being drawn, inside each other.
    open: Vec<*const Stream>,
    forms: u32,
    /// Where the page's commands have to end, and what may still be read.
    end: usize,
    left: usize,
}

impl<'a> Rewriter<'a> {
    pub fn new(doc: &'a Document, layers: &'a Layers, fonts: &'a mut Fonts) -> Self {
        Self {
            doc,
            layers,
            fonts,
            out: Vec::new(),
            sheet: Sheet::default(),
            ink: None,
            state: Graphics::new(Matrix::SAME, [0.0; 4]),
            saved: Vec::new(),
            floor: 0,
            open: Vec::new(),
            forms: 0,
            end: 0,
            left: 0,
        }
    }

    /// Begins a page of this size, to which `to_page` leads.
    pub fn begin(&mut self, (width, height): (f32, f32), to_page: Matrix) {
        self.sheet = Sheet { width, height, ..Sheet::default() };
        self.ink = None;
        self.state = Graphics::new(to_page, [0.0, 0.0, width, height]);
        self.saved.clear();
        self.open.clear();
        (self.floor, self.forms) = (0, 0);
        (self.end, self.left) = (self.out.len() + MOST_COMMANDS, MOST_READ);
        self.out.extend_from_slice(b"q\n");
        self.put_matrix(to_page);
    }

    /// Ends the page, wherever it is.
    pub fn finish(&mut self) -> Sheet {
        self.floor = 0;
        while !self.saved.is_empty() {
            self.restore();
        }
        self.out.extend_from_slice(b"ET Q\n");
        std::mem::take(&mut self.sheet)
    }

    /// Draws the page's own commands, which go on from stream to stream.
    pub fn draw_page(&mut self, streams: &[ObjectId], resources: Option<&Dictionary>) {
        let mut commands = Vec::new();
        for id in streams {
            let Ok(Object::Stream(stream)) = self.doc.get_object(*id) else { continue };
            let Some(more) = self.unpacked(stream) else { return };
            commands.extend(more);
            commands.push(b'\n');
        }
        self.draw(&commands, resources);
    }

    /// What is in a stream; `None` where the page has had its share.
    fn unpacked(&mut self, stream: &Stream) -> Option<Vec<u8>> {
        let content = stream.decompressed_content().unwrap_or_else(|_| stream.content.clone());
        let left = self.left.checked_sub(stream.content.len() + content.len());
        self.sheet.full |= left.is_none();
        self.left = left?;
        Some(content)
    }

    fn draw(&mut self, commands: &[u8], resources: Option<&Dictionary>) {
        let mut pass = Pass {
            resources,
            named: HashMap::new(),
            outline: Outline::default(),
            marked: Vec::new(),
            hidden: 0,
        };
        let (floor, before) = (self.floor, self.saved.len());
        self.floor = before;
        let mut scanner = Scanner::new(commands);
        while let Some(operator) = scanner.next_command() {
            if self.out.len() > self.end {
                self.sheet.full = true;
                break;
            }
            self.command(operator, &scanner, &mut pass);
        }
        while self.saved.len() > before {
            self.restore();
        }
        self.floor = floor;
    }

    fn command(&mut self, operator: &[u8], scanner: &Scanner<'_>, pass: &mut Pass<'_>) {
        match operator {
            b"Tj" | b"'" | b"\"" | b"TJ" => self.show(operator, scanner, pass.hidden > 0),
            b"Td" | b"TD" => self.copy::<2>(operator, scanner),
            b"Tm" => self.copy::<6>(operator, scanner),
            b"Tc" | b"Tw" | b"Tz" | b"TL" | b"Ts" => self.copy::<1>(operator, scanner),
            b"T*" | b"BT" | b"ET" => self.put(operator),
            b"Tf" => self.choose_font(scanner, pass),
            b"Tr" => self.state.mode = scanner.numbers().map_or(0, |[mode]| whole(mode)),
            b"q" => self.save(),
            b"Q" => self.restore(),
            b"cm" => {
                if let Some(numbers) = scanner.numbers::<6>() {
                    self.transform(Matrix(numbers));
                }
            }
            b"gs" => self.apply_state(scanner, pass.resources),
            b"Do" => self.draw_object(scanner, pass),
            // An image that stands among the commands.
            b"BI" if pass.hidden == 0 => self.note_image(),
            b"BDC" | b"BMC" => self.open_marked(scanner, pass),
            b"EMC" => pass.hidden -= u32::from(pass.marked.pop().unwrap_or(false)),
            _ => self.paint(operator, scanner, pass),
        }
    }

    fn save(&mut self) {
        if self.saved.len() < MOST_SAVED {
            self.saved.push(self.state.clone());
            self.put(b"q");
        }
    }

    fn restore(&mut self) {
        if self.saved.len() > self.floor
            && let Some(state) = self.saved.pop()
        {
            self.state = state;
            self.put(b"Q");
        }
    }

    fn transform(&mut self, matrix: Matrix) {
        self.state.to_page = matrix.then(self.state.to_page);
        self.put_matrix(matrix);
    }

    fn apply_state(&mut self, scanner: &Scanner<'_>, resources: Option<&Dictionary>) {
        let Some(state) = resource(self.doc, resources, b"ExtGState", scanner) else { return };
        let Ok(state) = state.as_dict() else { return };
        self.state.apply(self.doc, state);
        let font = state.get(b"Font").and_then(|font| self.doc.dereference(font));
        if let Ok((_, Object::Array(font))) = font
            && let [font, size] = font.as_slice()
        {
            let named = Dictionary::from_iter([(b"F".to_vec(), font.clone())]);
            let resources = Dictionary::from_iter([(b"Font".to_vec(), Object::from(named))]);
            let font = self.fonts.number(self.doc, &resources, b"F");
            self.set_font(font, size.as_float().map_or(1.0, f64::from));
        }
    }

    fn open_marked(&mut self, scanner: &Scanner<'_>, pass: &mut Pass<'_>) {
        let hides = scanner.bytes(0, Kind::Name) == Some(b"/OC")
            && scanner.bytes(1, Kind::Name).is_some_and(|name| {
                let properties =
                    pass.resources.map(|r| self.doc.get_dict_in_dict(r, b"Properties"));
                let Some(Ok(properties)) = properties else { return false };
                properties.get(&name[1..]).is_ok_and(|layer| self.layers.hides(self.doc, layer))
            });
        pass.marked.push(hides);
        pass.hidden += u32::from(hides);
    }

    fn draw_object(&mut self, scanner: &Scanner<'_>, pass: &Pass<'_>) {
        let Some(object) = resource(self.doc, pass.resources, b"XObject", scanner) else { return };
        let Ok(stream) = object.as_stream() else { return };
        let off = stream.dict.get(b"OC").is_ok_and(|layer| self.layers.hides(self.doc, layer));
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") if pass.hidden == 0 && !off => self.note_image(),
            Ok(b"Form") if !off => self.draw_form(stream, Matrix::SAME, pass.resources),
            _ => {}
        }
    }

    /// Draws a form, after `place` has been applied to where it would stand.
    pub fn draw_form(&mut self, form: &Stream, place: Matrix, outer: Option<&Dictionary>) {
        let itself: *const Stream = form;
        if self.open.contains(&itself) {
            // It would go on for ever; viewers leave it out too.
            return;
        }
        if self.open.len() >= MOST_DEPTH || self.forms >= MOST_FORMS {
            self.sheet.full = true;
            return;
        }
        self.open.push(itself);
        self.forms += 1;
        let doc = self.doc;
        let list = |key| doc.dereference(form.dict.get(key).ok()?).ok()?.1.as_array().ok();
        let own = list(b"Matrix").and_then(|m| floats(doc, m)).map_or(Matrix::SAME, Matrix);
        let resources = doc.get_dict_in_dict(&form.dict, b"Resources").ok().or(outer);
        self.save();
        self.transform(own.then(place));
        if let Some(bounds) = list(b"BBox").and_then(|b| floats::<4>(doc, b)) {
            self.state.clip = shared(self.state.clip, self.state.to_page.around(bounds));
        }
        if let Some(commands) = self.unpacked(form) {
            self.draw(&commands, resources);
        }
        self.restore();
        self.open.pop();
    }
}

/// What belongs to one stream of commands.
struct Pass<'a> {
    resources: Option<&'a Dictionary>,
    /// Fonts that were looked up.
    named: HashMap<Vec<u8>, Option<FontNumber>>,
    outline: Outline,
    /// Open marked content; whether each is on a layer that is not shown.
    marked: Vec<bool>,
    hidden: u32,
}

/// What the first operand names among the `kind` of resources.
fn resource<'a>(
    doc: &'a Document,
    resources: Option<&'a Dictionary>,
    kind: &[u8],
    scanner: &Scanner<'_>,
) -> Option<&'a Object> {
    let name = scanner.bytes(0, Kind::Name)?;
    let named = doc.get_dict_in_dict(resources?, kind).ok()?.get(&name[1..]).ok()?;
    doc.dereference(named).ok().map(|(_, object)| object)
}

/// The numbers of an array of `N`.
pub fn floats<const N: usize>(doc: &Document, list: &[Object]) -> Option<[f64; N]> {
    let mut values = [0.0; N];
    for (at, value) in values.iter_mut().enumerate() {
        *value = doc.dereference(list.get(at)?).ok()?.1.as_float().ok()?.into();
    }
    Some(values)
}

#[expect(clippy::cast_possible_truncation, reason = "a mode is a small number")]
fn whole(value: f64) -> i32 {
    value as i32
}
