//! Data files that are part of the program: those in `rules/`, which the build script has written as
//! JSON.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Reads the text of a data file. A test of each file makes sure that it is valid.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    serde_json::from_str(text).map_err(|error| error.to_string())
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

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::document::Format;

    /// The text of a data file, and what the build script has made of it.
    macro_rules! file {
        ($name:literal) => {
            (
                include_str!(concat!("../../rules/", $name, ".yaml")),
                include_str!(concat!(env!("OUT_DIR"), "/", $name, ".json")),
            )
        };
    }

    #[test]
    fn the_build_script_reads_yaml_as_the_program_does() {
        for (yaml, json) in [
            file!("daemons"),
            file!("new-windows"),
            file!("sandboxes"),
            file!("secrets"),
            file!("terminals"),
            file!("wrappers"),
        ] {
            let tree = Format::Yaml.compose(yaml).unwrap();
            assert_eq!(read::<Value>(json).unwrap(), tree.to_value());
        }
    }
}
