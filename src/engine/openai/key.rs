//! The key of a server: it comes from the environment, goes into one header,
//! and is shown nowhere.

use std::fmt;

use reqwest::header::HeaderValue;

/// The one variable that a key is taken from. A key that other programs use is
/// never taken, since it would go to a server it is not meant for.
pub const VARIABLE: &str = crate::environment::API_KEY;

#[derive(Clone)]
pub struct Key(HeaderValue);

impl Key {
    /// The key that the environment holds, if any.
    ///
    /// # Errors
    /// A sentence, where it cannot stand in a header.
    pub fn from_environment() -> Result<Option<Self>, String> {
        match std::env::var(VARIABLE) {
            Ok(text) if !text.trim().is_empty() => Self::new(text.trim()).map(Some),
            Err(std::env::VarError::NotUnicode(_)) => Err(unusable()),
            _ => Ok(None),
        }
    }

    /// # Errors
    /// A sentence, where the text cannot stand in a header.
    pub fn new(text: &str) -> Result<Self, String> {
        let mut value = HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| unusable())?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    pub(super) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

fn unusable() -> String {
    format!("{VARIABLE} holds signs that no key has; set it to the key alone.")
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_never_printed() {
        let key = Key::new("s3cret").expect("a key");
        assert!(!format!("{key:?} {:?}", key.header()).contains("s3cret"));
        let why = Key::new("s3cret\nX: y").expect_err("two lines");
        assert!(why.contains(VARIABLE) && !why.contains("s3cret"), "{why}");
    }
}
