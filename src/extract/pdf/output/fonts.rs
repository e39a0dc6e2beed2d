//! The fonts of the pages that are read together, each under one name, and
//! made so that the reader can take their widths. Knows no commands.

use std::collections::HashMap;

use pdf_extract::{Dictionary, Document, Object, ObjectId, dictionary};

/// A font's number in a [`Fonts`].
pub type FontNumber = usize;

/// Of all fonts that were met.
#[derive(Debug, Default)]
pub struct Fonts {
    /// What each font's name in the resources stands for.
    entries: Vec<Object>,
    /// Whether the reader gave up on it.
    broken: Vec<bool>,
    by_id: HashMap<ObjectId, FontNumber>,
}

impl Fonts {
    /// The number of the font called `name` in `resources`.
    pub fn number(
        &mut self,
        doc: &Document,
        resources: &Dictionary,
        name: &[u8],
    ) -> Option<FontNumber> {
        let entry = doc.get_dict_in_dict(resources, b"Font").ok()?.get(name).ok()?;
        let (id, font) = doc.dereference(entry).ok()?;
        let font = font.as_dict().ok()?;
        if let Some(number) = id.and_then(|id| self.by_id.get(&id)) {
            return Some(*number);
        }
        let number = self.entries.len();
        let entry = match scaled(doc, font) {
            Some(scaled) => scaled.into(),
            None => id.map_or_else(|| font.clone().into(), Object::Reference),
        };
        self.entries.push(entry);
        self.broken.push(false);
        if let Some(id) = id {
            self.by_id.insert(id, number);
        }
        Some(number)
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_broken(&self, font: FontNumber) -> bool {
        self.broken.get(font).copied().unwrap_or(false)
    }

    /// From now on its strings are drawn with a stand-in and are not legible.
    pub fn give_up(&mut self, font: FontNumber) {
        if let (Some(entry), Some(broken)) = (self.entries.get_mut(font), self.broken.get_mut(font))
        {
            *entry = stand_in().into();
            *broken = true;
        }
    }

    /// As resources of a page.
    pub fn resources(&self) -> Dictionary {
        let named = self.entries.iter().enumerate();
        let fonts: Dictionary =
            named.map(|(at, font)| (name_of(at).into_bytes(), font.clone())).collect();
        dictionary! { "Font" => fonts }
    }
}

/// Under which a font stands in [`Fonts::resources`].
pub fn name_of(font: FontNumber) -> String {
    format!("F{font}")
}

fn stand_in() -> Dictionary {
    dictionary! {
        "Type" => "Font",
        "Subtype" => "Type1",
        "BaseFont" => "Helvetica",
        "Encoding" => "WinAnsiEncoding",
    }
}

/// A Type 3 font measures its widths by a matrix of its own (ISO 32000-1,
/// 9.6.5); the reader takes them for thousandths, as in all other fonts.
fn scaled(doc: &Document, font: &Dictionary) -> Option<Dictionary> {
    if font.get(b"Subtype").and_then(Object::as_name).ok()? != b"Type3" {
        return None;
    }
    let numbers = |key: &[u8]| -> Option<Vec<f32>> {
        let (_, list) = doc.dereference(font.get(key).ok()?).ok()?;
        let of = |o| doc.dereference(o).ok().and_then(|(_, o)| o.as_float().ok()).unwrap_or(0.0);
        Some(list.as_array().ok()?.iter().map(of).collect())
    };
    let unit = numbers(b"FontMatrix")?.first()?.abs() * 1000.0;
    let (_, first) = doc.dereference(font.get(b"FirstChar").ok()?).ok()?;
    let first = first.as_i64().ok()?;
    let mut widths = numbers(b"Widths")?;
    // The reader gives up on a page with a letter that has no width.
    let before = usize::try_from(first).ok().filter(|first| *first < 256)?;
    widths.splice(0..0, vec![0.0; before]);
    widths.resize(256, 0.0);
    let mut font = font.clone();
    font.set("FirstChar", 0);
    font.set("LastChar", 255);
    font.set("Widths", widths.iter().map(|w| Object::Real(w * unit)).collect::<Vec<_>>());
    Some(font)
}
