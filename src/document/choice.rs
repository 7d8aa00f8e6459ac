//! Values that are one of several words.

use serde_json::{Map, Value, json};

use super::decode::{Cursor, Reading};
use super::located::Kind;
use super::schema::{Schemas, map};

/// A value, its word, and the word's description for people who write a file.
pub type Choices<T> = [(T, &'static str, &'static str)];

/// The value whose word is at a place.
pub fn decode<T: Copy>(
    choices: &Choices<T>,
    at: &Cursor<'_>,
    reading: &mut Reading<'_>,
) -> Option<T> {
    let word = match &at.value.kind {
        Kind::Text(text) => choices.iter().find(|(_, word, _)| word == text),
        _ => None,
    };
    if word.is_none() {
        let words = choices.iter().map(|(_, word, _)| (*word).to_owned());
        reading.unknown_value(at, words.collect());
    }
    word.map(|(value, ..)| *value)
}

/// The word of a value.
pub fn word<T: PartialEq>(choices: &Choices<T>, value: &T) -> &'static str {
    let choice = choices.iter().find(|(known, ..)| known == value);
    choice.map_or("", |(_, word, _)| word)
}

/// The schema of the words.
pub fn schema<T>(
    choices: &Choices<T>,
    name: &str,
    doc: &str,
    schemas: &mut Schemas,
) -> Map<String, Value> {
    schemas.definition(name, || {
        let words = choices
            .iter()
            .map(|(_, word, doc)| json!({ "type": "string", "const": word, "description": doc }));
        map([("description", json!(doc)), ("oneOf", words.collect())])
    })
}

/// Describes an enum whose values are written as words: the name and description of the
/// type in the schema, the default that is not written (or none), and each value with its
/// word and description.
macro_rules! choices {
    ($type:ty, $name:literal, $doc:literal, $default:expr, [$($choice:expr),+ $(,)?]) => {
        impl $crate::document::Form for $type {
            fn decode(
                at: &$crate::document::Cursor<'_>,
                reading: &mut $crate::document::Reading<'_>,
            ) -> Option<Self> {
                $crate::document::choice::decode(&[$($choice),+], at, reading)
            }

            fn encode(&self) -> serde_json::Value {
                $crate::document::choice::word(&[$($choice),+], self).into()
            }

            fn is_default(&self) -> bool {
                let default: Option<Self> = $default;
                default.as_ref() == Some(self)
            }

            fn schema(
                schemas: &mut $crate::document::schema::Schemas,
            ) -> serde_json::Map<String, serde_json::Value> {
                $crate::document::choice::schema(&[$($choice),+], $name, $doc, schemas)
            }
        }
    };
}
pub(crate) use choices;
