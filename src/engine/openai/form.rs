//! From the form an answer must have to what a server understands of it, and
//! from what comes back to the plain text that every engine gives: lines of
//! quotes, "1, 4", a paragraph, "none".

use serde_json::{Map, Value, json};

use super::gbnf;
use super::letters::{MOST_TOKENS, chosen};
use crate::domain::prompt::{Constraint, MOST_OPTIONS, NONE};
use crate::engine::candidates::candidates;

/// What a server can hold an answer to, as it was seen to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// GBNF in `grammar`, as the servers on llama.cpp take it.
    Grammar,
    /// A JSON schema in `response_format`.
    Schema,
    /// Nothing: anchoring alone decides what an answer is worth.
    Nothing,
}

impl Holds {
    pub fn name(self) -> &'static str {
        match self {
            Self::Grammar => "grammar",
            Self::Schema => "JSON schema",
            Self::Nothing => "free answers",
        }
    }
}

/// What is added to a request, and how its answer is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Form {
    pub fields: Map<String, Value>,
    reads: Reads,
}

/// What an answer is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    Words,
    Json,
    /// What was made of the weights of letters already.
    Weights,
}

/// The one key of the objects that answers in JSON are.
const KEY: &str = "answer";

impl Form {
    pub fn new(holds: Holds, constraint: &Constraint) -> Self {
        match holds {
            Holds::Grammar => grammar(constraint),
            Holds::Schema => schema(constraint),
            Holds::Nothing => None,
        }
        .unwrap_or_else(|| Self { fields: Map::new(), reads: Reads::Words })
    }

    /// A form in which only `word` can be said, built as real ones are.
    pub fn only(holds: Holds, word: &str) -> Self {
        match holds {
            Holds::Grammar => in_grammar(&gbnf::choices(&[word.to_owned()], 2)),
            Holds::Schema | Holds::Nothing => in_schema(&list(2, &one_of(&[word.to_owned()]))),
        }
    }

    /// A form that holds to nothing, and asks what else might have been said.
    pub fn weighing() -> Self {
        let mut fields = Map::new();
        fields.insert("logprobs".into(), json!(true));
        fields.insert("top_logprobs".into(), json!(MOST_TOKENS));
        Self { fields, reads: Reads::Weights }
    }

    /// Whether an answer kept to [`Form::only`].
    pub fn is_kept(&self, word: &str, answer: &str) -> bool {
        let answer = without_thoughts(answer).trim();
        if self.reads != Reads::Json {
            return answer == word || answer == NONE;
        }
        items(answer).is_some_and(|items| items.iter().all(|item| item == word))
    }

    /// The answer as plain text.
    pub fn plain(&self, constraint: &Constraint, answer: &str) -> String {
        let answer = without_thoughts(answer).trim();
        if self.reads == Reads::Weights {
            return answer.to_owned();
        }
        let items = if self.reads == Reads::Json { items(answer) } else { None };
        match (constraint, items) {
            (Constraint::Pick { of, max }, Some(items)) => {
                picks(numbers(&items.join(" ")), *of, *max)
            }
            (Constraint::Pick { of, max }, None) => picks(listed(answer), *of, *max),
            (Constraint::Choose { of }, items) => {
                chosen(&items.map_or(answer.to_owned(), |items| items.join(" ")), *of)
            }
            (Constraint::Quotes { .. }, None) if is_none(answer) => NONE.to_owned(),
            (_, Some(items)) if items.is_empty() => NONE.to_owned(),
            (_, Some(items)) => items.join("\n"),
            (_, None) => answer.to_owned(),
        }
    }
}

fn in_grammar(grammar: &str) -> Form {
    let mut fields = Map::new();
    fields.insert("grammar".into(), json!(grammar));
    // These servers punish repeats unless told not to, and a quote repeats.
    fields.insert("repeat_penalty".into(), json!(1.0));
    Form { fields, reads: Reads::Words }
}

fn in_schema(answer: &Value) -> Form {
    let schema = json!({
        "type": "object",
        "properties": { KEY: answer },
        "required": [KEY],
        "additionalProperties": false,
    });
    let mut fields = Map::new();
    let named = json!({ "name": KEY, "schema": schema, "strict": true });
    fields.insert("response_format".into(), json!({ "type": "json_schema", "json_schema": named }));
    Form { fields, reads: Reads::Json }
}

fn grammar(constraint: &Constraint) -> Option<Form> {
    let grammar = match constraint {
        Constraint::Free => return None,
        Constraint::Quotes { source, max, max_words, shape } => {
            match candidates(source, *shape, *max_words) {
                Some(found) => gbnf::choices(&found, *max),
                None => gbnf::lines(*max),
            }
        }
        Constraint::Pick { of, max } => gbnf::pick(*of, *max),
        Constraint::Locked(lock) => gbnf::locked(lock),
        Constraint::Choose { of } => gbnf::choices(&letters(*of), 1),
    };
    Some(in_grammar(&grammar))
}

/// The letters that a choice offers.
fn letters(of: usize) -> Vec<String> {
    ('A'..='Z').take(of.min(MOST_OPTIONS)).map(String::from).collect()
}

fn list(max: usize, item: &Value) -> Value {
    json!({ "type": "array", "items": item, "maxItems": max })
}

fn one_of(texts: &[String]) -> Value {
    json!({ "type": "string", "enum": texts })
}

fn schema(constraint: &Constraint) -> Option<Form> {
    let answer = match constraint {
        // What a locked paragraph may hold is beyond a schema.
        Constraint::Free | Constraint::Locked(_) => return None,
        Constraint::Quotes { source, max, max_words, shape } => {
            match candidates(source, *shape, *max_words) {
                Some(found) if found.is_empty() => list(0, &json!({ "type": "string" })),
                Some(found) => list(*max, &one_of(&found)),
                None => list(*max, &json!({ "type": "string" })),
            }
        }
        Constraint::Pick { of, max } => {
            let numbers: Vec<usize> = (1..=*of).collect();
            list(*max, &json!({ "type": "integer", "enum": numbers }))
        }
        Constraint::Choose { of } => list(1, &one_of(&letters(*of))),
    };
    Some(in_schema(&answer))
}

/// The items of an answer in JSON, also of one that was cut off: then those
/// that are whole. Each once, each on one line. `None` where it is no JSON.
fn items(answer: &str) -> Option<Vec<String>> {
    let value = serde_json::from_str(answer).ok().or_else(|| mended(answer))?;
    let list = match value {
        Value::Object(mut object) => object.remove(KEY)?,
        other => other,
    };
    let list = match list {
        Value::Array(list) => list,
        one => vec![one],
    };
    let mut items: Vec<String> = Vec::new();
    for item in list {
        let item = match item {
            Value::String(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Value::Number(number) => number.to_string(),
            _ => continue,
        };
        if !item.is_empty() && !items.contains(&item) {
            items.push(item);
        }
    }
    Some(items)
}

/// A list that was cut off, closed after its last whole item.
fn mended(answer: &str) -> Option<Value> {
    let commas = answer.rmatch_indices(',').map(|(at, _)| &answer[..at]);
    let open = answer.find('[').map(|at| &answer[..=at]);
    std::iter::once(answer)
        .chain(commas)
        .chain(open)
        .find_map(|start| serde_json::from_str(&format!("{start}]}}")).ok())
}

/// The numbers of `1..=of` among these, each once and at most `max`.
fn picks(all: Vec<usize>, of: usize, max: usize) -> String {
    let mut picks: Vec<usize> = Vec::new();
    for number in all.into_iter().filter(|n| (1..=of).contains(n)) {
        if picks.len() < max && !picks.contains(&number) {
            picks.push(number);
        }
    }
    if picks.is_empty() {
        return NONE.to_owned();
    }
    picks.iter().map(usize::to_string).collect::<Vec<_>>().join(", ")
}

fn numbers(text: &str) -> Vec<usize> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|n| n.parse().ok()).collect()
}

/// Words that may stand in a list of numbers.
const LIST_WORDS: [&str; 18] = [
    "answer",
    "sentence",
    "sentences",
    "number",
    "numbers",
    "line",
    "lines",
    "item",
    "items",
    "and",
    "also",
    "or",
    "the",
    "are",
    "is",
    "und",
    "satz",
    "sätze",
];

/// The numbers that a free answer lists. A number within a sentence is none of
/// them: "none of the 5 sentences" picks nothing.
fn listed(answer: &str) -> Vec<usize> {
    let lower = answer.to_lowercase();
    let begins = |word: &str| {
        let rest = lower.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    };
    if begins(NONE) || begins("no") {
        return Vec::new();
    }
    lower.lines().flat_map(in_line).collect()
}

/// The numbers of a line that is a list, after a colon or from its start, or
/// the one that a quoted sentence is numbered with: "3. The tenant shall pay".
fn in_line(line: &str) -> Vec<usize> {
    let after = line.split_once(':').filter(|(before, _)| !before.contains(char::is_numeric));
    let line = after.map_or(line, |(_, list)| list);
    let words = || line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_listed =
        |word: &str| word.bytes().all(|b| b.is_ascii_digit()) || LIST_WORDS.contains(&word);
    if words().all(is_listed) {
        return numbers(line);
    }
    let start = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let start = LIST_WORDS
        .iter()
        .find_map(|word| start.strip_prefix(word)?.strip_prefix(' '))
        .unwrap_or(start);
    let digits = start.bytes().take_while(u8::is_ascii_digit).count();
    let is_label = start[digits..].starts_with(['.', ')', ']', ':', '*'])
        && !start[digits + 1..].starts_with(|c: char| c.is_ascii_digit());
    start[..digits].parse().ok().filter(|_| is_label).into_iter().collect()
}

/// Whether an answer says in one word that there is nothing. A quote may well
/// begin like that: "None of the parties shall".
fn is_none(answer: &str) -> bool {
    answer.trim_matches(|c: char| !c.is_alphanumeric()).eq_ignore_ascii_case(NONE)
}

/// An answer without what a reasoning model thought before it. Some chat
/// templates open the thoughts themselves, so that only their end is seen.
fn without_thoughts(answer: &str) -> &str {
    match answer.rsplit_once("</think>") {
        Some((_, answer)) => answer,
        None if answer.trim_start().starts_with("<think>") => "",
        None => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::prompt::{Lock, Shape};

    fn quotes(shape: Shape) -> Constraint {
        let source = "Paid on 4 May 2026 and 5 May 2026.".to_owned();
        Constraint::Quotes { source, max: 3, max_words: 10, shape }
    }

    const PICK: Constraint = Constraint::Pick { of: 12, max: 3 };

    fn answer_schema(constraint: &Constraint) -> Value {
        let form = Form::new(Holds::Schema, constraint);
        form.fields["response_format"]["json_schema"]["schema"]["properties"][KEY].clone()
    }

    #[test]
    fn a_schema_allows_only_what_stands_in_the_source() {
        assert_eq!(
            answer_schema(&quotes(Shape::Date)),
            json!({ "type": "array", "maxItems": 3,
                    "items": { "type": "string", "enum": ["4 May 2026", "5 May 2026"] } })
        );
        assert_eq!(answer_schema(&quotes(Shape::Amount))["maxItems"], 0);
        assert_eq!(answer_schema(&quotes(Shape::Any))["items"], json!({ "type": "string" }));
        assert_eq!(
            answer_schema(&Constraint::Pick { of: 2, max: 1 })["items"],
            json!({ "type": "integer", "enum": [1, 2] })
        );
        let locked = Constraint::Locked(Lock { literals: vec!["5".into()], ..Lock::default() });
        for constraint in [Constraint::Free, locked] {
            assert!(Form::new(Holds::Schema, &constraint).fields.is_empty());
        }
        assert!(Form::new(Holds::Nothing, &PICK).fields.is_empty());
    }

    #[test]
    fn an_answer_in_json_becomes_the_lines_that_other_engines_give() {
        let form = Form::new(Holds::Schema, &quotes(Shape::Any));
        for (answer, plain) in [
            (r#"{"answer": ["one", "two\n words", "one"]}"#, "one\ntwo words"),
            (r#"{"answer": []}"#, "none"),
            (r#"["one"]"#, "one"),
            // Cut off in the middle.
            (r#"{"answer": ["one, two", "three", "fo"#, "one, two\nthree"),
            (r#"{"answer": ["one"#, "none"),
            ("one\ntwo", "one\ntwo"),
        ] {
            assert_eq!(form.plain(&quotes(Shape::Any), answer), plain, "{answer}");
        }
        let form = Form::new(Holds::Schema, &PICK);
        assert_eq!(form.plain(&PICK, r#"{"answer": [4, 4, 1, 99]}"#), "4, 1");
        assert_eq!(form.plain(&PICK, r#"{"answer":[]}"#), "none");
    }

    #[test]
    fn a_free_answer_is_read_as_far_as_it_goes() {
        let form = Form::new(Holds::Nothing, &PICK);
        assert_eq!(form.plain(&PICK, "Sentences 3, 12 and 13; also 3, 4, 5."), "3, 12, 4");
        for (answer, picked) in [
            ("I cannot say.", "none"),
            ("None of the 5 sentences", "none"),
            ("none: 5", "none"),
            ("No sentence of the 12 is disputed: 3 is not", "none"),
            ("All of the 5 sentences are dull.", "none"),
            ("The answer is 3.", "3"),
            ("The sentences that matter are: 3, 5", "3, 5"),
            ("3. The tenant pays 5 pounds\n- [7] by 8 May", "3, 7"),
            ("Sentence 4: the tenant pays 5", "4"),
            ("3.5 million by 4th May", "none"),
            ("#2 and #9", "2, 9"),
        ] {
            assert_eq!(form.plain(&PICK, answer), picked, "{answer}");
        }
        let quoted = Form::new(Holds::Nothing, &quotes(Shape::Duty));
        for (answer, plain) in [
            ("None.", "none"),
            ("None of them shall pay.", "None of them shall pay."),
            ("No party shall pay.", "No party shall pay."),
        ] {
            assert_eq!(quoted.plain(&quotes(Shape::Duty), answer), plain);
        }
        let thought = "<think>Is it 3?\nor 4</think>\n\n7";
        assert_eq!(form.plain(&PICK, thought), "7");
        assert_eq!(form.plain(&PICK, "Is it 3?</think> or 4?\n</think>\n7"), "7");
        assert_eq!(form.plain(&PICK, "<think>Is it 3?"), "none");
        assert_eq!(form.plain(&Constraint::Free, " Some text.\n"), "Some text.");
    }

    #[test]
    fn a_server_is_tried_with_the_form_of_real_requests() {
        let schema = Form::only(Holds::Schema, "q7");
        let asked = &schema.fields["response_format"]["json_schema"]["schema"]["properties"][KEY];
        assert_eq!(*asked, list(2, &json!({ "type": "string", "enum": ["q7"] })));
        for (answer, is_kept) in [
            (r#"{"answer": ["q7"]}"#, true),
            (r#"{"answer": []}"#, true),
            (r#"{"answer": ["Hello!"]}"#, false),
            (r#"{"text": "Hello!"}"#, false),
            ("q7", false),
            ("Hello!", false),
        ] {
            assert_eq!(schema.is_kept("q7", answer), is_kept, "{answer}");
        }
        let grammar = Form::only(Holds::Grammar, "q7");
        assert!(grammar.is_kept("q7", "q7") && !grammar.is_kept("q7", "Hello!"));
    }
}
