//! Composes JSON with places.
//!
//! `serde_json` says whether a text is JSON at all; a small scanner then finds the
//! places. The YAML parser would not do: not every JSON text is YAML (tabs).

use serde::de::IgnoredAny;

use super::spanned::{Entry, Kind, MAX_DEPTH, Number, Spanned, SyntaxError};

/// Composes a JSON text.
pub(super) fn compose(text: &str) -> Result<Spanned, SyntaxError> {
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let message = error.to_string();
        let message = without_place(&message);
        if error.is_eof() {
            let end = text.len();
            return Err(SyntaxError {
                message: format!("the text ends too early ({message})"),
                hint: None,
                span: end..end,
            });
        }
        let at = offset(text, error.line(), error.column());
        return Err(SyntaxError {
            message: message.to_owned(),
            hint: None,
            span: at..at + 1,
        });
    }
    Scanner { text, at: 0 }.value(0)
}

/// The message of `serde_json` without the place at its end.
fn without_place(message: &str) -> &str {
    message
        .rsplit_once(" at line ")
        .map_or(message, |(reason, _)| reason)
}

/// The byte offset of a line and column as `serde_json` counts them (bytes, from 1).
fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (start + column.saturating_sub(1)).min(text.len())
}

/// Reads a text that is known to be JSON.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn refuse(&self, message: &str) -> SyntaxError {
        SyntaxError {
            message: message.to_owned(),
            hint: None,
            span: self.at..self.at,
        }
    }

    fn no_value(&self) -> SyntaxError {
        self.refuse("this is no JSON value")
    }

    fn value(&mut self, depth: usize) -> Result<Spanned, SyntaxError> {
        if depth > MAX_DEPTH {
            return Err(self.refuse("this is nested too deeply"));
        }
        let first = self.peek().ok_or_else(|| self.no_value())?;
        let start = self.at;
        let kind = match first {
            b'{' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek().ok_or_else(|| self.no_value())? != b'}' {
                    let from = self.at;
                    let Kind::Text(key) = self.scalar()? else {
                        return Err(self.no_value());
                    };
                    let span = from..self.at;
                    self.skip(b':');
                    let value = self.value(depth + 1)?;
                    entries.push(Entry { key, span, value });
                    self.skip(b',');
                }
                self.at += 1;
                Kind::Map(entries)
            }
            b'[' => {
                self.at += 1;
                let mut entries = Vec::new();
                while self.peek().ok_or_else(|| self.no_value())? != b']' {
                    entries.push(self.value(depth + 1)?);
                    self.skip(b',');
                }
                self.at += 1;
                Kind::List(entries)
            }
            _ => self.scalar()?,
        };
        Ok(Spanned {
            span: start..self.at,
            kind,
        })
    }

    fn skip(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at += 1;
        }
    }

    fn scalar(&mut self) -> Result<Kind, SyntaxError> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let is_text = bytes.get(start) == Some(&b'"');
        if is_text {
            self.at += 1;
            while let Some(&byte) = bytes.get(self.at) {
                match byte {
                    b'"' => break,
                    b'\\' => self.at += 2,
                    _ => self.at += 1,
                }
            }
            self.at = (self.at + 1).min(bytes.len());
        } else {
            while bytes
                .get(self.at)
                .is_some_and(|byte| !b" \t\r\n,:]}[{\"".contains(byte))
            {
                self.at += 1;
            }
        }
        let text = self
            .text
            .get(start..self.at)
            .ok_or_else(|| self.no_value())?;
        let kind = match text {
            "null" => Some(Kind::Null),
            "true" => Some(Kind::Bool(true)),
            "false" => Some(Kind::Bool(false)),
            _ if is_text => serde_json::from_str(text).ok().map(Kind::Text),
            _ => serde_json::from_str(text).ok().map(|value| {
                let text = text.to_owned();
                Kind::Number(Number { value, text })
            }),
        };
        kind.ok_or_else(|| {
            self.at = start;
            self.no_value()
        })
    }
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
    fn what_serde_json_takes_is_composed() {
        for text in [
            " { \"a\\\"\\\\\" : [ 1 , -2.5e3, true,null ,\"\\u00fc\" ] , \"\": {} }\n",
            "\"\"",
            "0",
            "[[],{}]",
        ] {
            let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
            let spanned = compose(text).unwrap_or_else(|error| panic!("{text}: {error:?}"));
            assert_eq!(
                spanned.to_value().to_string(),
                value.to_string().replace("-2500.0", "-2500")
            );
        }
        assert!(compose("1e999").is_err());
    }
}
