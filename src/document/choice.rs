//! Values with a fixed set of words.

use serde_json::{Map, Value, json};

use super::definitions::{Schemas, map};
use super::reading::{Cursor, Reading};
use super::spanned::Kind;

/// Decodes the word at a place.
pub fn decode<T: Copy>(
    choices: &[(T, &'static str)],
    at: &Cursor<'_>,
    reading: &mut Reading<'_>,
) -> Option<T> {
    let word = match &at.value.kind {
        Kind::Text(text) => choices.iter().find(|(_, word)| word == text),
        _ => None,
    };
    if word.is_none() {
        let words = choices.iter().map(|(_, word)| (*word).to_owned());
        reading.unknown_value(at, words.collect());
    }
    word.map(|(value, _)| *value)
}

/// The schema of words with their descriptions.
pub fn schema(
    words: &[(&str, &str)],
    name: &str,
    doc: &str,
    schemas: &mut Schemas,
) -> Map<String, Value> {
    schemas.definition(name, |_| {
        let words = words
            .iter()
            .map(|(word, doc)| json!({ "type": "string", "const": word, "description": doc }));
        map([("description", json!(doc)), ("oneOf", words.collect())])
    })
}

/// Implements [`Form`](super::Form) for an enum that is written as the words of its `as_str`,
/// with its description as a doc comment, the default if there is one, and a description
/// of each value.
macro_rules! choices {
    (
        $(#[doc = $doc:literal])+
        $type:ident $(= $default:ident)? {
            $($(#[doc = $word_doc:literal])+ $variant:ident),+ $(,)?
        }
    ) => {
        impl $crate::document::Form for $type {
            fn decode(
                at: &$crate::document::Cursor<'_>,
                reading: &mut $crate::document::Reading<'_>,
            ) -> Option<Self> {
                let choices = [$((Self::$variant, Self::$variant.as_str())),+];
                $crate::document::choice::decode(&choices, at, reading)
            }

            fn encode(&self) -> serde_json::Value {
                self.as_str().into()
            }

            $(fn is_default(&self) -> bool {
                *self == Self::$default
            })?

            fn schema(
                schemas: &mut $crate::document::definitions::Schemas,
            ) -> serde_json::Map<String, serde_json::Value> {
                let doc = concat!($($doc),+).trim_ascii_start();
                let words = [$((
                    Self::$variant.as_str(),
                    concat!($($word_doc),+).trim_ascii_start(),
                )),+];
                $crate::document::choice::schema(&words, stringify!($type), doc, schemas)
            }
        }
    };
}
pub(crate) use choices;
