//! Which layers of a document are not shown when it is opened (ISO 32000-1,
//! 8.11).

use std::collections::HashSet;

use pdf_extract::{Dictionary, Document, Object, ObjectId};

/// The layers that are off.
#[derive(Debug, Default)]
pub struct Layers(HashSet<ObjectId>);

impl Layers {
    pub fn of(doc: &Document) -> Self {
        Self::switched_off(doc).map(Self).unwrap_or_default()
    }

    fn switched_off(doc: &Document) -> Option<HashSet<ObjectId>> {
        let all = doc.get_dict_in_dict(doc.catalog().ok()?, b"OCProperties").ok()?;
        let plan = doc.get_dict_in_dict(all, b"D").ok()?;
        let listed = |dict: &Dictionary, key: &[u8]| -> HashSet<ObjectId> {
            let list = dict.get(key).and_then(|list| doc.dereference(list));
            let Ok((_, Object::Array(list))) = list else { return HashSet::new() };
            list.iter().filter_map(|o| o.as_reference().ok()).collect()
        };
        let mut off = listed(plan, b"OFF");
        if plan.get(b"BaseState").and_then(Object::as_name).is_ok_and(|s| s == b"OFF") {
            let on = listed(plan, b"ON");
            off.extend(listed(all, b"OCGs").difference(&on));
        }
        Some(off)
    }

    /// Whether what is on `layer`, a layer or a group of some, is not shown.
    pub fn hides(&self, doc: &Document, layer: &Object) -> bool {
        if self.0.is_empty() {
            return false;
        }
        if layer.as_reference().is_ok_and(|id| self.0.contains(&id)) {
            return true;
        }
        let Ok((_, Object::Dictionary(group))) = doc.dereference(layer) else { return false };
        match group.get(b"OCGs") {
            Ok(Object::Reference(id)) => self.0.contains(id),
            Ok(Object::Array(layers)) => {
                let mut layers = layers.iter().filter_map(|l| l.as_reference().ok()).peekable();
                layers.peek().is_some() && layers.all(|id| self.0.contains(&id))
            }
            _ => false,
        }
    }
}
