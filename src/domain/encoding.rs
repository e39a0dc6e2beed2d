//! What holds wherever text becomes tokens, whoever counts or submits it: which
//! of a vocabulary's added tokens are text, and where a text has to be cut so
//! that no tokenizer fails on it. Knows names and letters, no tokenizer.

use serde_json::Value;

/// White space, in characters, that is encoded in one go.
const LONGEST_BLANK: usize = 100_000;

/// What a tokenizer has to be able to take before it is given documents: letters
/// of one to four bytes, a digit, white space, a byte that no text has.
pub const ANY_TEXT: &str = "a 1\0\n\u{e9}\u{6f22}\u{1f999}\u{10ffff}";

/// The whole text, unless white space in it goes on for longer than the regex
/// engines of tokenizers bear: they take as many steps back in one match, and one
/// panics after a million, the other after ten.
#[must_use]
pub fn pieces(text: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut run) = (Vec::new(), 0, 0);
    for (at, letter) in text.char_indices() {
        run = if letter.is_whitespace() { run + 1 } else { 0 };
        if run == LONGEST_BLANK {
            pieces.push(&text[start..at]);
            (start, run) = (at, 0);
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Whether a token that the makers added by hand is a piece of text, like runs of
/// spaces or `<table>`, and not one by which turns, roles or tools are told: that
/// one stands in the chat template or is written like `<|this|>`.
#[must_use]
pub fn is_wording(token: &str, template: &str) -> bool {
    let marked = token.starts_with(['<', '[']);
    let bars = token.contains(['|', '\u{ff5c}']);
    let reserved = token.starts_with("[PAD") || matches!(token, "<s>" | "</s>" | "<unk>" | "<pad>");
    !(marked && (bars || reserved || template.contains(token)))
}

/// Takes the control tokens out of a `tokenizer.json`, with everything that would
/// add, cut or pad tokens, and gives them as they stood there. What is left reads
/// documents: the name of a control token is letters to it, and added tokens that
/// are wording are found.
pub fn take_controls(tokenizer: &mut Value, template: &str) -> Vec<Value> {
    let Some(fields) = tokenizer.as_object_mut() else { return Vec::new() };
    for field in ["post_processor", "truncation", "padding"] {
        fields.insert(field.to_owned(), Value::Null);
    }
    let Some(Value::Array(added)) = fields.remove("added_tokens") else { return Vec::new() };
    let is_text = |token: &Value| {
        let content = token["content"].as_str().unwrap_or_default();
        token["special"] == false && !content.is_empty() && is_wording(content, template)
    };
    let (wording, controls): (Vec<Value>, Vec<Value>) = added.into_iter().partition(is_text);
    if let Some(vocab) = fields.get_mut("model").and_then(|model| model["vocab"].as_object_mut()) {
        // Tokens that the vocabulary lacks are numbered by their place among the
        // added ones, which changes when some of those go.
        for token in &wording {
            let content = token["content"].as_str().unwrap_or_default().to_owned();
            vocab.entry(content).or_insert_with(|| token["id"].clone());
        }
    }
    fields.insert("added_tokens".to_owned(), wording.into());
    controls
}

/// The template of a `tokenizer_config.json`, which may name several.
#[must_use]
pub fn chat_template(config: &Value) -> Option<&str> {
    match &config["chat_template"] {
        Value::String(template) => Some(template),
        Value::Array(named) => {
            named.iter().find(|template| template["name"] == "default")?["template"].as_str()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn long_white_space_is_cut_and_nothing_is_lost() {
        let blank = "\u{a0}".repeat(250_000);
        let text = format!("a{blank}b");
        let cut = pieces(&text);
        assert_eq!(cut.len(), 3);
        assert!(cut.iter().all(|piece| piece.chars().count() <= LONGEST_BLANK + 1));
        assert_eq!(cut.concat(), text);
        assert_eq!(pieces("a b"), ["a b"]);
    }

    #[test]
    fn tokens_that_tell_turns_apart_are_no_wording() {
        for (token, is_text) in [
            ("    ", true),
            ("<table>", true),
            ("system", true),
            ("<think>", false),
            ("<|user|>", false),
            ("[PAD7]", false),
            ("</s>", false),
        ] {
            assert_eq!(is_wording(token, "{{ 'system' }}<think>"), is_text, "{token}");
        }
    }

    #[test]
    fn what_is_left_of_a_tokenizer_has_the_wording_only() {
        let token = |id: u32, content: &str, special: bool| json!({"id": id, "content": content, "special": special});
        let (end, table, none) =
            (token(7, "<b>", true), token(8, "<table>", false), token(9, "", false));
        let mut tokenizer = json!({
            "truncation": {"max_length": 5},
            "added_tokens": [end, table, none],
            "model": {"vocab": {"a": 0}},
        });
        assert_eq!(take_controls(&mut tokenizer, ""), [end, none]);
        assert_eq!(tokenizer["added_tokens"], json!([table]));
        assert_eq!(tokenizer["model"]["vocab"], json!({"a": 0, "<table>": 8}));
        assert_eq!(tokenizer["truncation"], Value::Null);
    }

    #[test]
    fn the_default_of_several_templates_is_taken() {
        let named = |name: &str| json!({"name": name, "template": format!("of {name}")});
        let several = json!({"chat_template": [named("tools"), named("default")]});
        assert_eq!(chat_template(&several), Some("of default"));
        assert_eq!(chat_template(&json!({"chat_template": "x"})), Some("x"));
        assert_eq!(chat_template(&json!({})), None);
    }
}
