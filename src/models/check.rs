//! Holding an engine against another implementation's greedy answers: reading
//! the reference and counting what agrees. Runs no engine.

use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::error::ModelError;

/// A prompt and the answer that was given to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    pub prompt: Vec<u32>,
    pub greedy: Vec<u32>,
}

/// What `galley models check` prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub cases: usize,
    /// Tokens that are the reference's at the same place of the same answer.
    pub matched_tokens: usize,
    /// Tokens of the reference's answers.
    pub tokens: usize,
}

impl Tally {
    /// Counts one case; `answer` may be shorter or longer than the reference.
    pub fn add(&mut self, case: &Case, answer: &[u32]) {
        self.cases += 1;
        self.tokens += case.greedy.len();
        self.matched_tokens += case.greedy.iter().zip(answer).filter(|(a, b)| a == b).count();
    }
}

/// The file: cases either share a prompt and say how much of it they take, or
/// have their own.
#[derive(Deserialize)]
struct Reference {
    #[serde(default)]
    prompt_ids: Vec<u32>,
    cases: Vec<ReferenceCase>,
}

#[derive(Deserialize)]
struct ReferenceCase {
    prompt_tokens: Option<usize>,
    prompt_ids: Option<Vec<u32>>,
    greedy: Vec<u32>,
}

/// Reads a reference file.
///
/// # Errors
/// [`ModelError::Read`], or [`ModelError::Reference`] with what is wrong in it.
pub fn read_reference(path: &Path) -> Result<Vec<Case>, ModelError> {
    let bytes = fs::read(path).map_err(ModelError::read(path))?;
    parse(&bytes).map_err(|what| ModelError::Reference { path: path.to_owned(), what })
}

fn parse(json: &[u8]) -> Result<Vec<Case>, String> {
    let reference: Reference = serde_json::from_slice(json).map_err(|error| error.to_string())?;
    if reference.cases.is_empty() {
        return Err("it has no cases".to_owned());
    }
    let shared = &reference.prompt_ids;
    let case = |(n, case): (usize, ReferenceCase)| {
        let prompt = match (case.prompt_ids, case.prompt_tokens) {
            (Some(own), _) => own,
            (None, Some(count)) => shared
                .get(..count)
                .ok_or_else(|| format!("case {n} takes {count} ids of {}", shared.len()))?
                .to_vec(),
            (None, None) => return Err(format!("case {n} has no prompt")),
        };
        if prompt.is_empty() || case.greedy.is_empty() {
            return Err(format!("case {n} is empty"));
        }
        Ok(Case { prompt, greedy: case.greedy })
    };
    (1..).zip(reference.cases).map(case).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_share_a_prompt_or_have_their_own() {
        let json = br#"{"what":"x","prompt_ids":[1,2,3],"cases":[
            {"prompt_tokens":2,"greedy":[7]},{"prompt_ids":[9],"greedy":[8,8]}]}"#;
        let cases = parse(json).unwrap();
        assert_eq!(cases[0], Case { prompt: vec![1, 2], greedy: vec![7] });
        assert_eq!(cases[1], Case { prompt: vec![9], greedy: vec![8, 8] });
    }

    #[test]
    fn a_reference_that_makes_no_sense_says_why() {
        for (json, said) in [
            ("{}", "cases"),
            (r#"{"cases":[]}"#, "no cases"),
            (r#"{"cases":[{"greedy":[1]}]}"#, "case 1 has no prompt"),
            (r#"{"prompt_ids":[1],"cases":[{"prompt_tokens":2,"greedy":[1]}]}"#, "2 ids of 1"),
            (r#"{"cases":[{"prompt_ids":[1],"greedy":[]}]}"#, "case 1 is empty"),
        ] {
            let message = parse(json.as_bytes()).unwrap_err();
            assert!(message.contains(said), "{message}");
        }
    }

    #[test]
    fn tokens_count_only_at_their_place() {
        let case = Case { prompt: vec![1], greedy: vec![5, 6, 7, 8] };
        let mut tally = Tally::default();
        tally.add(&case, &[5, 9, 7]);
        tally.add(&case, &[6, 5, 8, 7, 5]);
        assert_eq!(tally, Tally { cases: 2, matched_tokens: 2, tokens: 8 });
        let printed = serde_json::to_string(&tally).unwrap();
        assert_eq!(printed, r#"{"cases":2,"matched_tokens":2,"tokens":8}"#);
    }
}
