//! Values of the wrong type: the error, with the right form as its hint.

use serde_json::Value;

use super::fault::Fault;
use super::flow::{flow, plain};
use super::reading::{BOOLEAN, Cursor, NUMBER, Reading, TEXT, TEXT_OR_LIST, WHOLE_NUMBER};
use super::spanned::Kind;
use super::yaml;

impl Reading<'_> {
    /// Adds a finding about a value that is not of the `expected` type.
    pub fn wrong_type(&mut self, at: &Cursor<'_>, expected: &'static str) {
        let fault = Fault::WrongType {
            subject: at.subject(),
            expected: expected.to_owned(),
            found: match &at.value.kind {
                Kind::Text(_) => format!("the string {}", at.value.describe()),
                _ => at.value.describe(),
            },
            hint: right_form(at, expected),
        };
        self.find(at, fault);
    }
}

/// Returns the right form of the value of a key that takes `expected`.
fn right_form(at: &Cursor<'_>, expected: &str) -> Option<String> {
    let key = at.key();
    let write = |value: &str| match key {
        Some(key) => format!("write `{key}: {value}`"),
        None => format!("write `{value}`"),
    };
    match (expected, &at.value.kind) {
        (TEXT | TEXT_OR_LIST, Kind::Number(number)) => Some(write(&format!("\"{}\"", number.text))),
        (TEXT | TEXT_OR_LIST, Kind::Bool(value)) => Some(write(&format!("\"{value}\""))),
        (NUMBER | WHOLE_NUMBER, Kind::Text(text)) => number_in(text).map(write),
        (BOOLEAN, value) => bool_in(value).map(write),
        (_, Kind::Null) if is_list(expected) => Some(
            "the list is empty: add entries that begin with `- `, or remove the key".to_owned(),
        ),
        (_, Kind::Null) => Some("add a value, or remove the key".to_owned()),
        (_, Kind::Map(_)) if is_list(expected) => Some(format!(
            "begin each entry with `- `{}",
            example(at, "; for example ")
        )),
        (_, Kind::Text(_) | Kind::Number(_) | Kind::Bool(_)) if is_list(expected) => {
            Some(write(&flow(&Value::Array(vec![at.value.to_value()]))))
        }
        _ => Some(example(at, "write for example ")).filter(|hint| !hint.is_empty()),
    }
}

fn is_list(expected: &str) -> bool {
    expected.starts_with("a list")
}

/// The number at the beginning of a string such as `70%`, `30 s` or `10px`.
fn number_in(text: &str) -> Option<&str> {
    let text = text.trim();
    let number = text.trim_end_matches(|letter: char| letter.is_alphabetic() || letter == '%');
    let number = number.trim_end();
    let is_number = matches!(yaml::resolve(number.into()), Kind::Number(_));
    is_number.then_some(number)
}

/// The boolean that a word or number probably means.
fn bool_in(value: &Kind) -> Option<&'static str> {
    let word = match value {
        Kind::Text(text) => text.trim().to_lowercase(),
        Kind::Number(number) => number.text.clone(),
        _ => return None,
    };
    match word.as_str() {
        "true" | "yes" | "on" | "y" | "1" => Some("true"),
        "false" | "no" | "off" | "n" | "0" => Some("false"),
        _ => None,
    }
}

/// The first example of the key in its description.
fn example(at: &Cursor<'_>, before: &str) -> String {
    let examples = at.field.map(|field| (field.examples)());
    let first = examples.as_ref().and_then(|examples| examples.get(0));
    match (at.key(), first) {
        (Some(key), Some(value)) => {
            let value = match value {
                Value::Array(_) | Value::Object(_) => flow(value),
                scalar => plain(scalar, false),
            };
            format!("{before}`{key}: {value}`")
        }
        _ => String::new(),
    }
}
