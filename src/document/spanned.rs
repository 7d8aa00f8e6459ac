//! The text of a file as a tree of values with their places.

use std::ops::Range;

use serde_json::Value;

use super::path::{Path, Step};

/// The maximum depth: more than any desktop needs, and safe for any stack.
pub(super) const MAX_DEPTH: usize = 96;

/// The maximum number of values: more than any desktop needs. Aliases can multiply them.
pub(super) const MAX_VALUES: usize = 200_000;

/// A value and its place in the text.
#[derive(Clone, Debug)]
pub struct Spanned {
    /// The bytes of the value.
    pub span: Range<usize>,
    /// The value.
    pub kind: Kind,
}

/// The content of a [`Spanned`].
#[derive(Clone, Debug)]
pub enum Kind {
    /// `null`, `~`, or a key without a value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// A list.
    List(Vec<Spanned>),
    /// A map in the order of the text, including duplicate keys.
    Map(Vec<Entry>),
}

/// A number and its notation, such as `0x1F`.
#[derive(Clone, Debug)]
pub struct Number {
    /// The value, which can be infinite or NaN.
    pub value: f64,
    /// The notation in the text.
    pub text: String,
}

/// A key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the key.
    pub span: Range<usize>,
    /// The value.
    pub value: Spanned,
}

/// The reason why the YAML or JSON cannot be composed.
#[derive(Debug)]
pub struct SyntaxError {
    /// The reason, for messages.
    pub message: String,
    /// The hint.
    pub hint: Option<String>,
    /// The bytes in question.
    pub span: Range<usize>,
}

impl Spanned {
    /// True unless it is a list or a map.
    pub const fn is_scalar(&self) -> bool {
        !matches!(self.kind, Kind::List(_) | Kind::Map(_))
    }

    /// True for `null`.
    pub const fn is_null(&self) -> bool {
        matches!(self.kind, Kind::Null)
    }

    /// The entries of a map. Other values have none.
    pub fn entries(&self) -> &[Entry] {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The entries of a list. Other values have none.
    pub fn items(&self) -> &[Self] {
        match &self.kind {
            Kind::List(entries) => entries,
            _ => &[],
        }
    }

    /// The value of a key in a map; the first of duplicates.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let entry = self.entries().iter().find(|entry| entry.key == key)?;
        Some(&entry.value)
    }

    /// The value without places. The first of duplicate keys is used. A number that JSON
    /// cannot express becomes a string.
    pub fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(*value),
            Kind::Number(number) => number.to_value(),
            Kind::Text(text) => Value::String(text.clone()),
            Kind::List(entries) => entries.iter().map(Self::to_value).collect(),
            Kind::Map(entries) => {
                let mut map = serde_json::Map::new();
                for entry in entries {
                    map.entry(entry.key.clone())
                        .or_insert_with(|| entry.value.to_value());
                }
                Value::Object(map)
            }
        }
    }

    /// Describes the value for the end of a sentence.
    pub fn describe(&self) -> String {
        match &self.kind {
            Kind::Null => "nothing".to_owned(),
            Kind::Bool(value) => format!("`{value}`"),
            Kind::Number(number) => format!("the number `{}`", number.text),
            Kind::Text(text) if text.chars().count() <= 60 => format!("`{text}`"),
            Kind::Text(text) => format!("`{}…`", text.chars().take(60).collect::<String>()),
            Kind::List(_) => "a list".to_owned(),
            Kind::Map(_) => "a map".to_owned(),
        }
    }

    /// The span of the value at `path`, or of the last existing value on the path.
    pub fn find(&self, path: &Path, at_key: bool) -> Range<usize> {
        let mut here = self;
        let mut span = &self.span;
        for (position, step) in path.0.iter().enumerate() {
            match step {
                Step::Index(index) => {
                    let Some(item) = here.items().get(*index) else {
                        break;
                    };
                    here = item;
                    span = &item.span;
                }
                Step::Key(key) => {
                    let mut entries = here.entries().iter();
                    let Some(entry) = entries.find(|entry| entry.key == *key) else {
                        break;
                    };
                    let is_last = position + 1 == path.0.len();
                    here = &entry.value;
                    span = if is_last && at_key {
                        &entry.span
                    } else {
                        &here.span
                    };
                }
            }
        }
        span.clone()
    }
}

impl Number {
    /// The number as an integer if it has no fraction, up to 2^53.
    pub fn whole(&self) -> Option<i64> {
        whole(self.value)
    }

    fn to_value(&self) -> Value {
        if let Some(whole) = self.whole() {
            return Value::from(whole);
        }
        serde_json::Number::from_f64(self.value)
            .map_or_else(|| Value::String(self.text.clone()), Value::Number)
    }
}

/// Converts a number without a fraction to an integer, up to ±2^53.
pub fn whole(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "whole and in range")]
    (value.fract() == 0.0 && value.abs() < EXACT).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::super::Format;
    use super::*;

    #[test]
    fn spans_are_the_bytes_of_keys_and_values() -> Result<(), SyntaxError> {
        for (text, format) in [
            ("ü: 1\nlist:\n  - k: val\n", Format::Yaml),
            ("{\t\"list\": [\n {\"k\":\t\"val\" } ] }", Format::Json),
        ] {
            let spanned = format.compose(text)?;
            let path = Path::default().key("list").index(0).key("k");
            let value = &text[spanned.find(&path, false)];
            assert_eq!(value.trim_matches('"'), "val");
            assert_eq!(text[spanned.find(&path, true)].trim_matches('"'), "k");
        }
        Ok(())
    }
}
