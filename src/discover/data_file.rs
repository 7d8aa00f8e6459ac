//! Data files that are part of the program: those in `rules/`.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::document::Format;

/// Reads the text of a data file. A test of each file makes sure that it is valid.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    let tree = Format::Yaml.compose(text).map_err(|error| error.message)?;
    serde_json::from_value(tree.to_value()).map_err(|error| error.to_string())
}

/// A list of words, written as a string with spaces between them.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(from = "String")]
pub(super) struct Words(Vec<String>);

impl Words {
    /// True if the list has this word.
    pub(super) fn contains(&self, word: &str) -> bool {
        self.0.iter().any(|known| known == word)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self(text.split_whitespace().map(str::to_owned).collect())
    }
}

impl Deref for Words {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}
