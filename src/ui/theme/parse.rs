//! Theme files: TOML with `inherits`, `[palette]` and a line a role.
//! Layers are resolved from the root down, so that a palette entry of a child
//! also recolours the roles it inherits.

use std::collections::{BTreeMap, BTreeSet};

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Theme;

/// The theme at the root of every other.
const ROOT: &str = "dark";

const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
    ("strike", Modifier::CROSSED_OUT),
];

/// One theme file of the chain of inheritance.
struct Layer {
    name: String,
    source: String,
}

pub(super) fn theme(
    name: &str,
    source: &str,
    load: &dyn Fn(&str) -> Option<String>,
) -> (Theme, Vec<String>) {
    let mut warnings = Vec::new();
    let layers = chain(name, source, load, &mut warnings);
    let mut palette = BTreeMap::new();
    for layer in &layers {
        layer.read_palette(&mut palette, &mut warnings);
    }
    let mut theme = Theme::default();
    for layer in &layers {
        layer.read_roles(&palette, &mut theme, &mut warnings);
    }
    (theme, warnings)
}

/// The theme and what it inherits from, the root first.
fn chain(
    name: &str,
    source: &str,
    load: &dyn Fn(&str) -> Option<String>,
    warnings: &mut Vec<String>,
) -> Vec<Layer> {
    let mut layers = vec![Layer { name: name.to_owned(), source: source.to_owned() }];
    let mut seen = BTreeSet::from([name.to_owned()]);
    loop {
        let layer = layers.last().expect("it starts with one layer and only grows");
        let Some(parent) = layer.parent(warnings) else { break };
        if !seen.insert(parent.name.clone()) {
            if let Some(at) = parent.at {
                warnings.push(
                    layer.fault(at, &format!("{:?} inherits from itself in a circle", parent.name)),
                );
            }
            break;
        }
        match (load(&parent.name), parent.at) {
            (Some(source), _) => layers.push(Layer { name: parent.name, source }),
            (None, Some(at)) => {
                warnings
                    .push(layer.fault(at, &format!("there is no theme named {:?}", parent.name)));
                match load(ROOT).filter(|_| seen.insert(ROOT.to_owned())) {
                    Some(source) => layers.push(Layer { name: ROOT.to_owned(), source }),
                    None => break,
                }
            }
            (None, None) => break,
        }
    }
    layers.reverse();
    layers
}

/// What a theme inherits from; `at` is the byte where it says so.
struct Parent {
    name: String,
    at: Option<usize>,
}

impl Layer {
    /// A warning about the byte at `at` of the file.
    fn fault(&self, at: usize, what: &str) -> String {
        let before = self.source.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        format!("Theme {}, line {line}: {what}.", self.name)
    }

    /// The file's entries; none where it is not TOML.
    fn table(&self) -> Result<DeTable<'_>, toml::de::Error> {
        DeTable::parse(&self.source).map(Spanned::into_inner)
    }

    /// Tells a syntax error too, since this is the first look at each file.
    fn parent(&self, warnings: &mut Vec<String>) -> Option<Parent> {
        let implied = || (self.name != ROOT).then(|| Parent { name: ROOT.into(), at: None });
        let table = match self.table() {
            Ok(table) => table,
            Err(error) => {
                let at = error.span().map_or(0, |span| span.start);
                let what = error.message().trim_end_matches('.').replace('\n', " ");
                warnings.push(self.fault(at, &format!("this is not TOML ({what})")));
                return implied();
            }
        };
        let Some(value) = table.get("inherits") else { return implied() };
        if let Some(name) = value.get_ref().as_str() {
            return Some(Parent { name: name.to_owned(), at: Some(value.span().start) });
        }
        warnings
            .push(self.fault(value.span().start, "`inherits` is the name of a theme in quotes"));
        implied()
    }

    fn read_palette(&self, palette: &mut BTreeMap<String, Color>, warnings: &mut Vec<String>) {
        let Ok(table) = self.table() else { return };
        let Some(value) = table.get("palette") else { return };
        let Some(entries) = value.get_ref().as_table() else {
            warnings.push(self.fault(value.span().start, "`palette` is a table of colours"));
            return;
        };
        for (name, value) in entries {
            match value.get_ref().as_str().and_then(|text| text.parse().ok()) {
                Some(colour) => {
                    palette.insert(name.get_ref().to_string(), colour);
                }
                None => warnings.push(self.fault(
                    value.span().start,
                    &format!(
                        "{:?} is not set to a colour (an ANSI name or \"#rrggbb\")",
                        name.get_ref()
                    ),
                )),
            }
        }
    }

    fn read_roles(
        &self,
        palette: &BTreeMap<String, Color>,
        theme: &mut Theme,
        warnings: &mut Vec<String>,
    ) {
        let Ok(table) = self.table() else { return };
        for (key, value) in &table {
            let name = key.get_ref().as_ref();
            if matches!(name, "inherits" | "palette") {
                continue;
            }
            let Some(slot) = theme.role_mut(name) else {
                warnings.push(self.fault(key.span().start, &format!("there is no role {name:?}")));
                continue;
            };
            match style(value, palette) {
                Ok(style) => *slot = style,
                Err((at, what)) => warnings
                    .push(self.fault(at, &format!("{what}; {name:?} keeps the style it inherits"))),
            }
        }
    }
}

/// A role's style, or the byte and the nature of the fault.
fn style(
    value: &Spanned<DeValue<'_>>,
    palette: &BTreeMap<String, Color>,
) -> Result<Style, (usize, String)> {
    let Some(table) = value.get_ref().as_table() else {
        return Ok(Style::new().fg(colour(value, palette)?));
    };
    let mut style = Style::new();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "fg" => style = style.fg(colour(value, palette)?),
            "bg" => style = style.bg(colour(value, palette)?),
            name => {
                let Some((_, modifier)) = MODIFIERS.iter().find(|(known, _)| *known == name) else {
                    return Err((key.span().start, format!("a style has no {name:?}")));
                };
                let on = value.get_ref().as_bool();
                let on = on.ok_or((value.span().start, format!("{name:?} is true or false")))?;
                style = if on {
                    style.add_modifier(*modifier)
                } else {
                    style.remove_modifier(*modifier)
                };
            }
        }
    }
    Ok(style)
}

fn colour(
    value: &Spanned<DeValue<'_>>,
    palette: &BTreeMap<String, Color>,
) -> Result<Color, (usize, String)> {
    let at = value.span().start;
    let Some(text) = value.get_ref().as_str() else {
        return Err((at, "a colour is written in quotes".to_owned()));
    };
    let known = palette.get(text).copied().or_else(|| text.parse().ok());
    known.ok_or((at, format!("{text:?} is neither a colour nor a name in [palette]")))
}
