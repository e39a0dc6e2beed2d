//! Filling a template in for one question.

use minijinja::{Environment, UndefinedBehavior, context};

use super::{Field, Template};
use crate::domain::prompt::{Message, Role};

/// What a template is filled in with.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The document's name as the person knows it.
    pub document: &'a str,
    pub chunk: &'a str,
    /// The chunk's sentences, each on a line with its number from 1; empty
    /// for jobs that rewrite.
    pub sentences: &'a str,
    /// What the terms mean that the chunk uses and does not define, one on a
    /// line with an empty line after the last; empty where there are none.
    pub definitions: &'a str,
    /// The document's language in English ("German").
    pub language: &'a str,
    pub field: &'a Field,
}

/// The one environment for checking and rendering: an undefined variable is
/// an error, and nothing is escaped, since the result is plain text.
pub(super) fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
    env
}

/// The messages for one question; an empty system part gives no system message.
///
/// # Errors
/// A sentence, where the template fails on these values.
pub fn render(template: &Template, scene: &Scene<'_>) -> Result<Vec<Message>, String> {
    let env = environment();
    let field = context! {
        name => scene.field.name, title => scene.field.title,
        ask => scene.field.ask, max => scene.field.max,
    };
    let values = context! {
        document => scene.document, chunk => scene.chunk, sentences => scene.sentences,
        definitions => scene.definitions,
        language => scene.language, field => field,
        ..minijinja::Value::from_serialize(&template.variables)
    };
    let part = |source: &str| {
        env.render_str(source, &values).map_err(|e| {
            format!("The template {} cannot be filled in: {}.", template.name, e.kind())
        })
    };
    let (system, user) = (part(&template.system)?, part(&template.user)?);
    let mut messages = Vec::new();
    if !system.trim().is_empty() {
        messages.push(Message { role: Role::System, text: system });
    }
    messages.push(Message { role: Role::User, text: user });
    Ok(messages)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_in_a_document_stay_text() {
        let source = "+++\nname = \"n\"\ntitle = \"N\"\nkind = \"extract\"\n[[fields]]\n\
            name = \"f\"\ntitle = \"F\"\nask = \"Copy.\"\n+++\n## user\n{{ chunk }}|{{ field.ask }}";
        let template = Template::parse(source, "n", None).expect("a good template");
        let scene = Scene {
            document: "a.md",
            chunk: "{{ secret }} <b>",
            sentences: "",
            definitions: "",
            language: "English",
            field: &template.fields[0],
        };
        let messages = render(&template, &scene).expect("it renders");
        assert_eq!(messages.len(), 1, "no system part, no system message");
        assert_eq!(messages[0].text, "{{ secret }} <b>|Copy.");
    }
}
