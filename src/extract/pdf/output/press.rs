//! Runs the reader over pages: their commands are rewritten, several pages are
//! put onto one sheet so that their fonts are read once, and what crashes the
//! reader is found and left out. Knows nothing of words.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream, dictionary, output_doc_page};

use super::fonts::{Fonts, name_of};
use super::layers::Layers;
use super::rewrite::{Rewriter, floats};
use super::sheet::{Matrix, Sheet};
use super::{Glyphs, Pages};

/// US Letter in points: what viewers take for a page without a size.
const LETTER: [f64; 4] = [0.0, 0.0, 612.0, 792.0];
/// How far up the page tree a page's properties are searched.
const MOST_DEPTH: usize = 64;
/// Pages and bytes of commands that are read in one go.
const MOST_PAGES: usize = 16;
const MOST_COMMANDS: usize = 512 << 10;
/// Annotations of one page, form fields for one.
const MOST_NOTES: usize = 2_000;

/// Why a page could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// More text or commands than are taken.
    Full,
    /// The reader crashed.
    Crashed,
}

/// Hands out the glyphs of one page after the other.
pub struct Press {
    pages: Vec<ObjectId>,
    /// Bytes of text that one page may have.
    room: u64,
    layers: Layers,
    /// Which page the first of `ready` is.
    first: usize,
    ready: VecDeque<Result<Glyphs, Fault>>,
    /// Objects that hold what is being read.
    root: ObjectId,
    page: ObjectId,
    commands: ObjectId,
}

impl Press {
    /// For `pages` of `doc`, each of which may have `room` bytes of text.
    pub fn new(doc: &mut Document, pages: Vec<ObjectId>, room: u64) -> Self {
        let layers = catch_unwind(AssertUnwindSafe(|| Layers::of(doc))).unwrap_or_default();
        let commands = doc.new_object_id();
        let only = doc.new_object_id();
        let above = dictionary! { "Type" => "Pages", "Count" => 1, "Kids" => vec![only.into()] };
        let above = doc.add_object(above);
        let catalog = doc.add_object(dictionary! { "Type" => "Catalog", "Pages" => above });
        Self {
            pages,
            room,
            layers,
            first: 0,
            ready: VecDeque::new(),
            root: catalog,
            page: only,
            commands,
        }
    }

    /// The glyphs of the page at `index`. Meant to be asked for one page after
    /// the other.
    ///
    /// # Errors
    /// What is wrong with this page; others may be well.
    pub fn glyphs(&mut self, doc: &mut Document, index: usize) -> Result<Glyphs, Fault> {
        if index < self.first || index >= self.first + self.ready.len() {
            // The first page alone, so that it is there soon.
            let most = if index == 0 { 1 } else { MOST_PAGES };
            self.ready = self.read(doc, index, most).into();
            self.first = index;
        }
        while self.first < index {
            self.ready.pop_front();
            self.first += 1;
        }
        self.first += 1;
        self.ready.pop_front().unwrap_or(Err(Fault::Crashed))
    }

    fn read(&self, doc: &mut Document, from: usize, most: usize) -> Vec<Result<Glyphs, Fault>> {
        let mut fonts = Fonts::default();
        let batch = self.rewritten(doc, from, most, &mut fonts);
        let count = batch.sheets.len();
        if let Ok(read) = self.drawn(doc, batch, &fonts) {
            return read;
        }
        for font in 0..fonts.len() {
            if !self.can_read(doc, &fonts, font) {
                fonts.give_up(font);
            }
        }
        let one = |index| {
            let batch = self.rewritten(doc, index, 1, &mut fonts);
            let read = self.drawn(doc, batch, &fonts);
            read.and_then(|mut read| read.pop().unwrap_or(Err(Fault::Crashed)))
        };
        (from..from + count).map(one).collect()
    }

    /// The commands of at most `most` pages from the one at `from` on.
    fn rewritten(&self, doc: &Document, from: usize, most: usize, fonts: &mut Fonts) -> Batch {
        let mut sheets = Vec::new();
        let mut rewriter = Rewriter::new(doc, &self.layers, fonts);
        for page in self.pages.iter().skip(from).take(most) {
            let whole = catch_unwind(AssertUnwindSafe(|| rewrite(doc, *page, &mut rewriter)));
            let mut sheet = rewriter.finish();
            sheet.torn = whole.is_err();
            sheets.push(sheet);
            if rewriter.out.len() > MOST_COMMANDS {
                break;
            }
        }
        Batch { commands: rewriter.out, sheets }
    }

    fn drawn(
        &self,
        doc: &mut Document,
        batch: Batch,
        fonts: &Fonts,
    ) -> Result<Vec<Result<Glyphs, Fault>>, Fault> {
        let mut glyphs = Pages::new(batch.sheets, self.room);
        self.run(doc, batch.commands, fonts.resources(), &mut glyphs)?;
        Ok(glyphs.finish())
    }

    /// Whether the reader survives this font.
    fn can_read(&self, doc: &mut Document, fonts: &Fonts, font: usize) -> bool {
        let commands = format!("BT /{} 1 Tf ET", name_of(font)).into_bytes();
        let mut glyphs = Pages::new(Vec::new(), 0);
        self.run(doc, commands, fonts.resources(), &mut glyphs).is_ok()
    }

    fn run(
        &self,
        doc: &mut Document,
        commands: Vec<u8>,
        resources: Dictionary,
        out: &mut Pages,
    ) -> Result<(), Fault> {
        let page = dictionary! {
            "Type" => "Page",
            "MediaBox" => [0, 0, 612, 792].map(Object::Integer).to_vec(),
            "Resources" => resources,
            "Contents" => self.commands,
        };
        doc.objects.insert(self.page, page.into());
        doc.objects.insert(self.commands, Stream::new(Dictionary::new(), commands).into());
        let own = doc.trailer.get(b"Root").ok().cloned();
        doc.trailer.set("Root", self.root);
        let ended = catch_unwind(AssertUnwindSafe(|| output_doc_page(doc, out, 1)));
        match own {
            Some(own) => doc.trailer.set("Root", own),
            None => drop(doc.trailer.remove(b"Root")),
        }
        doc.objects.remove(&self.commands);
        match ended {
            Ok(Ok(())) => Ok(()),
            _ => Err(Fault::Crashed),
        }
    }
}

struct Batch {
    commands: Vec<u8>,
    sheets: Vec<Sheet>,
}

/// The value of `key` on `page` or on the nearest node above that has it. The
/// way up may be a circle.
fn inherited<'a>(doc: &'a Document, page: &'a Dictionary, key: &[u8]) -> Option<&'a Object> {
    let mut node = page;
    for _ in 0..MOST_DEPTH {
        if let Some((_, value)) = node.get(key).ok().and_then(|value| doc.dereference(value).ok())
            && !matches!(value, Object::Null)
        {
            return Some(value);
        }
        node = doc.get_dict_in_dict(node, b"Parent").ok()?;
    }
    None
}

fn rewrite(doc: &Document, id: ObjectId, rewriter: &mut Rewriter<'_>) {
    let empty = Dictionary::new();
    let page = doc.get_dictionary(id).unwrap_or(&empty);
    let (size, to_page) = frame(doc, page);
    let resources = inherited(doc, page, b"Resources").and_then(|r| r.as_dict().ok());
    rewriter.begin(size, to_page);
    rewriter.draw_page(&doc.get_page_contents(id), resources);
    for note in notes(doc, page) {
        draw_note(doc, note, rewriter);
    }
}

/// The size of the page as it is shown, and the way onto it.
#[expect(clippy::cast_possible_truncation, reason = "a page is small")]
fn frame(doc: &Document, page: &Dictionary) -> ((f32, f32), Matrix) {
    let sides = |key| {
        let sides: [f64; 4] = floats(doc, inherited(doc, page, key)?.as_array().ok()?)?;
        let [a, b, c, d] = sides;
        let sides = [a.min(c), b.min(d), a.max(c), b.max(d)];
        (sides[2] - sides[0] >= 1.0 && sides[3] - sides[1] >= 1.0).then_some(sides)
    };
    let media = sides(b"MediaBox").unwrap_or(LETTER);
    let cropped = sides(b"CropBox")
        .map(|c| [media[0].max(c[0]), media[1].max(c[1]), media[2].min(c[2]), media[3].min(c[3])]);
    let [left, bottom, right, top] =
        cropped.filter(|c| c[2] - c[0] >= 1.0 && c[3] - c[1] >= 1.0).unwrap_or(media);
    let (width, height) = ((right - left) as f32, (top - bottom) as f32);
    let turn = inherited(doc, page, b"Rotate").and_then(|r| r.as_float().ok()).unwrap_or(0.0);
    match (turn as i64).rem_euclid(360) / 90 {
        1 => ((height, width), Matrix([0.0, 1.0, 1.0, 0.0, -bottom, -left])),
        2 => ((width, height), Matrix([-1.0, 0.0, 0.0, 1.0, right, -bottom])),
        3 => ((height, width), Matrix([0.0, -1.0, -1.0, 0.0, top, right])),
        _ => ((width, height), Matrix([1.0, 0.0, 0.0, -1.0, -left, top])),
    }
}

/// What lies on the page beside its own commands and has an appearance, filled
/// in fields for one.
fn notes<'a>(doc: &'a Document, page: &'a Dictionary) -> impl Iterator<Item = &'a Dictionary> {
    let list = page.get(b"Annots").ok().and_then(|list| doc.dereference(list).ok());
    let list = list.and_then(|(_, list)| list.as_array().ok()).map(Vec::as_slice);
    let notes = list.unwrap_or_default().iter().take(MOST_NOTES);
    notes.filter_map(|note| doc.dereference(note).ok()?.1.as_dict().ok())
}

/// Draws what an annotation shows (ISO 32000-1, 12.5.5).
fn draw_note(doc: &Document, note: &Dictionary, rewriter: &mut Rewriter<'_>) {
    const HIDDEN: i64 = 1 << 1;
    const NO_VIEW: i64 = 1 << 5;
    let flags = note.get(b"F").and_then(Object::as_i64).unwrap_or(0);
    let kind = note.get(b"Subtype").and_then(Object::as_name);
    if flags & (HIDDEN | NO_VIEW) != 0
        || !matches!(kind, Ok(b"Widget" | b"FreeText" | b"Stamp" | b"Watermark"))
    {
        return;
    }
    let Some((form, place)) = appearance(doc, note) else { return };
    rewriter.draw_form(form, place, None);
}

fn appearance<'a>(doc: &'a Document, note: &'a Dictionary) -> Option<(&'a Stream, Matrix)> {
    let looks = doc.get_dict_in_dict(note, b"AP").ok()?;
    let mut normal = doc.dereference(looks.get(b"N").ok()?).ok()?.1;
    if let Object::Dictionary(states) = normal {
        let state = note.get(b"AS").and_then(Object::as_name).ok()?;
        normal = doc.dereference(states.get(state).ok()?).ok()?.1;
    }
    let form = normal.as_stream().ok()?;
    let list = |dict: &'a Dictionary, key: &[u8]| doc.dereference(dict.get(key).ok()?).ok();
    let sides = |dict: &'a Dictionary, key: &[u8]| {
        let [a, b, c, d] = floats::<4>(doc, list(dict, key)?.1.as_array().ok()?)?;
        Some([a.min(c), b.min(d), a.max(c), b.max(d)])
    };
    let to = sides(note, b"Rect")?;
    let own = list(&form.dict, b"Matrix").and_then(|(_, m)| floats(doc, m.as_array().ok()?));
    let own = own.map_or(Matrix::SAME, Matrix);
    let from = own.around(sides(&form.dict, b"BBox")?).map(f64::from);
    let scale = |at: usize| {
        let span = from[at + 2] - from[at];
        if span.abs() < 1e-6 { 1.0 } else { (to[at + 2] - to[at]) / span }
    };
    let (x, y) = (scale(0), scale(1));
    Some((form, Matrix([x, 0.0, 0.0, y, to[0] - from[0] * x, to[1] - from[1] * y])))
}
