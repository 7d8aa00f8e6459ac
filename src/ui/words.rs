//! Small words that have to agree with each other.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use pcre2::bytes::Regex;
use serde_json::Value;

use crate::discover::secrets::{self, Secrets};
use crate::text::byte_of;

/// A number of things: `1 window`, `3 windows`.
#[derive(Clone, Copy, Debug)]
pub struct Count(pub usize, pub &'static str);

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0 == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.0, self.1)
    }
}

/// How long something took: `8 ms`, `1.2 s`.
#[derive(Clone, Copy, Debug)]
pub struct Took(pub Duration);

impl fmt::Display for Took {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < Duration::from_millis(100) {
            write!(f, "{} ms", self.0.as_millis().max(1))
        } else {
            write!(f, "{:.1} s", self.0.as_secs_f64())
        }
    }
}

/// What the user knows to be secret. It is said once, and holds for all that is printed.
static OWN_SECRETS: OnceLock<Secrets> = OnceLock::new();

/// Hides what these patterns find, in all that is printed from now on. Only the first
/// call counts.
pub fn also_hide(patterns: Vec<Regex>) {
    let _ = OWN_SECRETS.set(Secrets::new(patterns));
}

fn own() -> &'static Secrets {
    static EVERYBODY: Secrets = Secrets::forgetful();
    OWN_SECRETS.get().unwrap_or(&EVERYBODY)
}

/// What the command lines of the present windows give away.
static GIVEN_AWAY: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Hides the secrets of this command line in all that is printed from now on.
pub fn also_hide_those_of(argv: &[String]) {
    let values = own().values(argv);
    let mut given = GIVEN_AWAY.lock().unwrap_or_else(PoisonError::into_inner);
    given.extend(values);
}

/// A name as messages show it; what a terminal would obey is replaced, and secrets are
/// `***`.
pub fn clean(text: &str) -> String {
    visible(&hide(text))
}

/// A text with nothing in it that a terminal would obey; bytes that are not UTF-8 are
/// shown as `\xff`.
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for letter in text.chars() {
        match byte_of(letter) {
            // Writing into a String cannot fail.
            Some(byte) => drop(write!(visible, "\\x{byte:02x}")),
            None => visible.push(visible_char(letter)),
        }
    }
    visible
}

/// A character that a terminal shows and does not obey.
pub fn visible_char(character: char) -> char {
    match character {
        '\t' => ' ',
        // Direction marks could reorder a line so that it seems to say something else.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

/// A text with `***` for secrets.
pub fn hide(text: &str) -> String {
    // In this order: half of a secret may be another one, given away elsewhere.
    without_given(&own().masked_text(text))
}

fn without_given(text: &str) -> String {
    let given = GIVEN_AWAY.lock().unwrap_or_else(PoisonError::into_inner);
    secrets::hidden(text, &*given)
}

/// A JSON value with `***` for secrets; a list of texts is taken for a command line.
pub fn hide_in(value: &mut Value) {
    match value {
        Value::String(text) => *text = hide(text),
        Value::Array(list) => {
            let texts: Option<Vec<String>> = list
                .iter()
                .map(|entry| entry.as_str().map(without_given))
                .collect();
            match texts {
                Some(texts) => {
                    let hidden = own().masked(&texts);
                    *list = hidden.into_iter().map(Value::String).collect();
                }
                None => list.iter_mut().for_each(hide_in),
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) => *text = hide_value(key, text),
                    other => hide_in(other),
                }
            }
        }
        _ => {}
    }
}

/// The value of a key, whose name may say that it is a secret.
fn hide_value(key: &str, text: &str) -> String {
    let whole = own().masked(&[format!("{key}={text}")]).concat();
    if whole == format!("{key}={}", secrets::MASK) {
        secrets::MASK.to_owned()
    } else {
        hide(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree() {
        assert_eq!(Count(1, "window").to_string(), "1 window");
        assert_eq!(Count(0, "window").to_string(), "0 windows");
        assert_eq!(Count(2, "window").to_string(), "2 windows");
    }

    #[test]
    fn what_is_printed_has_no_secrets() {
        assert_eq!(clean("a\tb\rc --password=x"), "a b\u{fffd}c --password=***");
        let mut value = serde_json::json!({
            "command": ["app", "--token", "x", "y"],
            "env": { "DB_PASSWORD": "x", "A": "b" },
            "list": [{ "title": "mysql -px" }, 1],
            "password": null,
        });
        hide_in(&mut value);
        assert_eq!(
            value,
            serde_json::json!({
                "command": ["app", "--token", "***", "y"],
                "env": { "DB_PASSWORD": "***", "A": "b" },
                "list": [{ "title": "mysql -p***" }, 1],
                "password": null,
            })
        );
    }

    #[test]
    fn times_have_as_many_digits_as_matter() {
        for (millis, text) in [(0, "1 ms"), (8, "8 ms"), (100, "0.1 s"), (1234, "1.2 s")] {
            assert_eq!(Took(Duration::from_millis(millis)).to_string(), text);
        }
    }
}
