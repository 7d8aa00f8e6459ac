//! Composes JSON with places.
//!
//! `serde_json` checks the syntax, because YAML allows more. The places come from the YAML parser:
//! JSON is YAML, except for some characters in strings and the length of keys.

use serde_json::Value;

use super::spanned::{Spanned, SyntaxError};
use super::yaml::Composer;
use crate::text::char_boundary;

/// Composes JSON.
pub(super) fn compose(text: &str) -> Result<Spanned, SyntaxError> {
    if let Err(error) = serde_json::from_str::<Value>(text) {
        return Err(syntax_error(text, &error));
    }
    // The composer reads strings from `text`, so only their length matters here.
    let ascii = |byte| if byte < 0x7f { char::from(byte) } else { '?' };
    let ascii: String = text.bytes().map(ascii).collect();
    Composer::of_json(&ascii, text).compose()
}

fn syntax_error(text: &str, error: &serde_json::Error) -> SyntaxError {
    let message = error.to_string();
    let message = message
        .rsplit_once(" at line ")
        .map_or(&*message, |(reason, _)| reason);
    if error.is_eof() {
        let end = text.len();
        return SyntaxError {
            message: format!("the file ends too early ({message})"),
            hint: Some("check that every bracket and quote is closed".to_owned()),
            span: end..end,
        };
    }
    // `serde_json` counts lines and bytes from 1.
    let lines = text.split_inclusive('\n').take(error.line() - 1);
    let start: usize = lines.map(str::len).sum();
    let at = (start + error.column().saturating_sub(1)).min(text.len());
    let (message, hint) = explain(message, &text[char_boundary(text, at)..]);
    SyntaxError {
        message,
        hint,
        span: at..at + 1,
    }
}

/// The message and the hint for a mistake, based on the text after it.
fn explain(message: &str, rest: &str) -> (String, Option<String>) {
    let (message, hint) = match rest.chars().next() {
        Some('/' | '#') => (
            "JSON does not allow comments",
            "remove the comment, or rename the file to `.yaml` and write `# ...`",
        ),
        Some('\'') => (
            "JSON does not allow single quotes",
            "write `\"`, or rename the file to `.yaml`, which allows both",
        ),
        _ if message == "trailing comma" => (
            "JSON does not allow a comma after the last entry",
            "remove the comma, or rename the file to `.yaml`, which allows it",
        ),
        _ => return (format!("invalid JSON: {message}"), None),
    };
    (message.to_owned(), Some(hint.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nests_are_refused() {
        assert!(compose(&"[".repeat(100_000)).is_err());
        let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
        assert!(compose(&deep).is_err());
    }

    #[test]
    fn any_json_is_composed() {
        for text in [
            " { \"a\\\"\\\\\" : [ 1 , -2.5e3, true,null ,\"\\u00fc\" ] , \"\": {} }\n",
            "\"\"",
            "0",
            "[[],{}]",
            "{\t\"a\"\n:\t[\n\t1\t,\n{\"k\"\r\n:\"\\ud83d\\ude00\\/\"}]}",
            "[\"\u{7f}\u{85}\u{9f}\u{2028} \u{feff}\u{ffff}\u{e9}\", \"# --- a: b\"]",
        ] {
            let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            let spanned = compose(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(
                spanned.to_value().to_string(),
                value.to_string().replace("-2500.0", "-2500")
            );
        }
        let long = format!("{{\"{}\":1}}", "k".repeat(2000));
        assert!(compose(&long).is_ok());
        assert!(compose("1e999").is_err());
    }
}
