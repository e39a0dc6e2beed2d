//! Reading a template file and checking everything that can be checked
//! before a document is there.

mod field;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use toml::Spanned;

use self::field::RawField;
use super::{JobKind, MAX_ANSWER_TOKENS, Origin, Template, TemplateError};
use crate::domain::prompt::Sampling;

const FENCE: &str = "+++";
const SYSTEM: &str = "## system";
const USER: &str = "## user";

/// Variables every template may use, beside its own.
const KNOWN_VARIABLES: [&str; 6] =
    ["document", "chunk", "definitions", "sentences", "language", "field"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Front {
    name: Spanned<String>,
    title: String,
    #[serde(default)]
    description: String,
    kind: JobKind,
    fields: Vec<Spanned<RawField>>,
    #[serde(default)]
    sampling: RawSampling,
    #[serde(default)]
    limits: RawLimits,
    #[serde(default)]
    variables: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawSampling {
    temperature: f64,
    top_p: f64,
}

impl Default for RawSampling {
    fn default() -> Self {
        Self { temperature: Sampling::GREEDY.temperature, top_p: Sampling::GREEDY.top_p }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RawLimits {
    max_tokens: usize,
}

impl Default for RawLimits {
    fn default() -> Self {
        Self { max_tokens: 512 }
    }
}

/// A template's parts with the lines they begin on (from 1).
struct Parts<'a> {
    front: &'a str,
    front_line: usize,
    system: &'a str,
    system_line: usize,
    user: &'a str,
    user_line: usize,
}

impl Template {
    /// Parses and checks a template file.
    ///
    /// # Errors
    /// A [`TemplateError`] with file and line: a part that is missing, a wrong
    /// or unknown key, a value out of range, a mistake in the minijinja, or a
    /// variable that nothing defines.
    pub fn parse(source: &str, name: &str, path: Option<PathBuf>) -> Result<Self, TemplateError> {
        let origin = path
            .as_ref()
            .map_or_else(|| format!("built-in template {name}"), |path| path.display().to_string());
        let fail =
            |line: usize, message: String| TemplateError { origin: origin.clone(), line, message };
        let parts = split(source).map_err(|(line, message)| fail(line, message))?;
        let at = |offset: usize| parts.front_line + lines_before(parts.front, offset);
        let front: Front = toml::from_str(parts.front).map_err(|e| {
            let line = at(e.span().map_or(0, |span| span.start));
            fail(line, sentence(e.message()))
        })?;
        check_front(&front).map_err(|(offset, message)| fail(at(offset), message))?;
        let mut fields = Vec::new();
        for raw in &front.fields {
            let field = field::field(front.kind, raw.get_ref())
                .map_err(|message| fail(at(raw.span().start), message))?;
            fields.push(field);
        }
        for (label, body, line) in
            [("system", parts.system, parts.system_line), ("user", parts.user, parts.user_line)]
        {
            check_body(label, body, &front.variables)
                .map_err(|(offset_line, message)| fail(line + offset_line, message))?;
        }
        Ok(Self {
            name: front.name.into_inner(),
            title: front.title,
            description: front.description,
            kind: front.kind,
            fields,
            sampling: Sampling {
                temperature: front.sampling.temperature,
                top_p: front.sampling.top_p,
            },
            max_tokens: front.limits.max_tokens,
            variables: front.variables,
            system: parts.system.trim().to_owned(),
            user: parts.user.trim().to_owned(),
            sha256: format!("{:x}", Sha256::digest(source.as_bytes())),
            origin: path.map_or(Origin::BuiltIn, Origin::File),
        })
    }
}

fn sentence(message: &str) -> String {
    let mut text: String = message.trim().replace('\n', " ");
    if let Some(first) = text.get(..1) {
        text = first.to_uppercase() + &text[1..];
    }
    if !text.ends_with('.') {
        text.push('.');
    }
    text
}

fn lines_before(text: &str, offset: usize) -> usize {
    text.get(..offset).unwrap_or(text).matches('\n').count()
}

fn split(source: &str) -> Result<Parts<'_>, (usize, String)> {
    let mut fences = Vec::new();
    let (mut system, mut user) = (None, None);
    let mut offset = 0;
    for (index, line) in source.split_inclusive('\n').enumerate() {
        let (start, end) = (offset, offset + line.len());
        offset = end;
        let heading = line.trim().to_lowercase();
        if heading == FENCE && fences.len() < 2 {
            fences.push((index, start, end));
        } else if fences.len() == 2 && heading == SYSTEM && system.is_none() {
            system = Some((index, start, end));
        } else if fences.len() == 2 && heading == USER && user.is_none() {
            user = Some((index, start, end));
        }
    }
    let [open, close] = fences[..] else {
        let message = format!(
            "A template begins with its settings in TOML between two lines of \"{FENCE}\"."
        );
        return Err((1, message));
    };
    let Some(user) = user else {
        let message = format!("The template has no line \"{USER}\" with the question below it.");
        return Err((source.lines().count().max(1), message));
    };
    let (system_text, system_line) = match system {
        Some(s) if s.1 < user.1 => (&source[s.2..user.1], s.0 + 2),
        Some(s) => {
            let message = format!("The part \"{SYSTEM}\" has to stand before \"{USER}\".");
            return Err((s.0 + 1, message));
        }
        None => ("", user.0 + 1),
    };
    Ok(Parts {
        front: &source[open.2..close.1],
        front_line: open.0 + 2,
        system: system_text,
        system_line,
        user: &source[user.2..],
        user_line: user.0 + 2,
    })
}

fn check_front(front: &Front) -> Result<(), (usize, String)> {
    let name = front.name.get_ref();
    let at = front.name.span().start;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if name.is_empty() || !name.chars().all(plain) {
        let message = format!(
            "The name {name:?} has to be made of lower-case letters, digits, \"-\" and \"_\"."
        );
        return Err((at, message));
    }
    if front.fields.is_empty() {
        return Err((
            at,
            "The template asks for nothing: it needs at least one [[fields]].".into(),
        ));
    }
    let mut names = BTreeSet::new();
    for field in &front.fields {
        if !names.insert(&field.get_ref().name) {
            let message = format!("The field {:?} is there twice.", field.get_ref().name);
            return Err((field.span().start, message));
        }
    }
    if !(0.0..=2.0).contains(&front.sampling.temperature) {
        return Err((at, "sampling.temperature has to lie between 0 and 2.".into()));
    }
    if !(front.sampling.top_p > 0.0 && front.sampling.top_p <= 1.0) {
        return Err((at, "sampling.top_p has to be above 0 and at most 1.".into()));
    }
    if !(1..=MAX_ANSWER_TOKENS).contains(&front.limits.max_tokens) {
        let message = format!("limits.max_tokens has to lie between 1 and {MAX_ANSWER_TOKENS}.");
        return Err((at, message));
    }
    Ok(())
}

/// Checks one part; the error's line counts from 0 within the part.
fn check_body(
    label: &str,
    body: &str,
    variables: &BTreeMap<String, String>,
) -> Result<(), (usize, String)> {
    let env = super::render::environment();
    let template = env.template_from_named_str(label, body).map_err(|e| {
        let line = e.line().unwrap_or(1).saturating_sub(1);
        (line, sentence(e.detail().unwrap_or("the template has a mistake")))
    })?;
    for name in template.undeclared_variables(false) {
        let known = KNOWN_VARIABLES.contains(&name.as_str()) || variables.contains_key(&name);
        if !known {
            let line = body.lines().position(|l| mentions(l, &name)).unwrap_or(0);
            let message = format!(
                "There is no variable {name:?}; known are {} and what [variables] defines.",
                KNOWN_VARIABLES.join(", ")
            );
            return Err((line, message));
        }
    }
    Ok(())
}

fn mentions(line: &str, name: &str) -> bool {
    line.contains("{{") && line.contains(name) || line.contains("{%") && line.contains(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::fact::FactKind;
    use crate::domain::finding::Role;
    use crate::domain::template::FieldType;

    const GOOD: &str = r#"+++
name = "notes"
title = "Notes"
kind = "extract"

[[fields]]
name = "due"
title = "Due dates"
type = "date"
ask = "Copy every due date."

[variables]
team = "Harbour"
+++
## system
You work for {{ team }}.
## user
{{ chunk }}

{{ field.ask }}
"#;

    fn fault(source: &str) -> (usize, String) {
        let error = Template::parse(source, "notes", Some("notes.md".into()))
            .expect_err("a template with a mistake");
        assert!(error.to_string().starts_with("notes.md, line "), "{error}");
        (error.line, error.message)
    }

    #[test]
    fn a_whole_template_is_read() {
        let template = Template::parse(GOOD, "notes", None).expect("a good template");
        assert_eq!(template.name, "notes");
        assert_eq!(template.fields[0].kind, FieldType::Fact(FactKind::Date));
        assert_eq!(template.system, "You work for {{ team }}.");
        assert_eq!(template.sampling, Sampling::GREEDY);
        assert_eq!(template.origin, Origin::BuiltIn);
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let (line, message) = fault(&GOOD.replace("ask =", "asks ="));
        assert!((6..=10).contains(&line), "line {line}: {message}");
        assert!(message.contains("asks"), "{message}");
    }

    #[test]
    fn an_unknown_variable_is_named_with_its_line() {
        let (line, message) = fault(&GOOD.replace("{{ chunk }}", "{{ chnk }}"));
        assert_eq!(line, 18);
        assert!(message.contains("chnk"), "{message}");
    }

    #[test]
    fn a_mistake_in_the_braces_is_given_with_its_line() {
        let (line, _) = fault(&GOOD.replace("{{ field.ask }}", "{{ field.ask "));
        assert!((20..=21).contains(&line), "line {line}");
    }

    #[test]
    fn an_unknown_field_type_says_what_there_is() {
        let (line, message) = fault(&GOOD.replace("\"date\"", "\"day\""));
        assert_eq!(line, 6);
        assert!(message.contains("\"day\"") && message.contains("obligation"), "{message}");
    }

    #[test]
    fn a_role_stands_only_where_something_can_play_it() {
        let with = |role: &str| GOOD.replace("ask =", &format!("roles = [{role:?}]\nask ="));
        let template = Template::parse(&with("effective_date"), "notes", None).expect("good");
        assert_eq!(template.fields[0].roles, [Role::EffectiveDate]);
        assert!(fault(&with("party")).1.contains("of person and organisation"));
        assert!(fault(&with("due_date")).1.contains("due_date"), "an unknown role is named");
    }

    #[test]
    fn classes_are_two_or_more_with_names_of_their_own() {
        let job = GOOD.replace("\"extract\"", "\"classify\"").replace("type = \"date\"\n", "");
        let with = |names: &[&str]| {
            let class =
                |name: &&str| format!("[[fields.classes]]\nname = {name:?}\nsigns = [\"x\"]\n");
            let classes: String = names.iter().map(class).collect();
            job.replace("[variables]", &format!("{classes}\n[variables]"))
        };
        let template = Template::parse(&with(&["lease", "loan"]), "notes", None).expect("good");
        assert_eq!(template.fields[0].classes[1].name, "loan");
        assert!(fault(&with(&["lease"])).1.contains("needs 2 to"));
        assert!(fault(&with(&["lease", "lease"])).1.contains("no name of its own"));
    }

    #[test]
    fn missing_parts_are_said() {
        assert!(fault("hello").1.contains("+++"));
        assert!(fault(&GOOD.replace("## user", "## person")).1.contains("## user"));
    }

    #[test]
    fn sampling_out_of_range_is_refused() {
        let source = GOOD.replace("[variables]", "[sampling]\ntemperature = 3.0\n\n[variables]");
        assert!(fault(&source).1.contains("temperature"));
    }

    #[test]
    fn two_templates_with_different_text_have_different_hashes() {
        let one = Template::parse(GOOD, "notes", None).expect("good");
        let two = Template::parse(&GOOD.replace("Harbour", "Dock"), "notes", None).expect("good");
        assert_ne!(one.sha256, two.sha256);
    }
}
