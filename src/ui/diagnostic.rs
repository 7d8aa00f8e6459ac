//! An error as people see it: what, why, and what next.

use std::error::Error as _;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::clean;
use crate::error::Error;

/// The error with its causes and the way out, several lines with a newline each.
pub fn diagnostic(error: &Error, paint: Paint) -> String {
    if let Some(problems) = error.problems() {
        return problems.render(paint.0);
    }
    let mut text = match error {
        Error::NotSaved {
            because: Some(because),
            ..
        } => diagnostic(because, paint),
        _ => String::new(),
    };
    // Writing to a String cannot fail.
    let _ = writeln!(
        text,
        "{}: {}",
        paint.error("error"),
        clean(&error.to_string())
    );
    for why in notes(error) {
        let _ = writeln!(text, "{}: {}", paint.bold("note"), clean(&why));
    }
    if let Some(hint) = error.hint() {
        let _ = writeln!(text, "{}: {}", paint.hint("hint"), clean(&hint));
    }
    text
}

/// The same as JSON, for who has asked for it: a list, as a file can have several
/// problems. Each has `kind`, `message`, `notes`, `file`, `line`, `column`, `hints`.
pub fn to_json(error: &Error) -> Vec<Value> {
    if let Some(problems) = error.problems() {
        return match problems.to_json() {
            Value::Array(list) => list,
            other => vec![other],
        };
    }
    let mut list = match error {
        Error::NotSaved {
            because: Some(because),
            ..
        } => to_json(because),
        _ => Vec::new(),
    };
    list.push(json!({
        "kind": error.kind(),
        "message": error.to_string(),
        "notes": notes(error),
        "file": error.file(),
        "line": null,
        "column": null,
        "hints": error.hint().into_iter().collect::<Vec<_>>(),
    }));
    list
}

/// The causes that the message does not say itself.
fn notes(error: &Error) -> Vec<String> {
    let mut notes = Vec::new();
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        if !said.contains(&why) {
            notes.push(why.clone());
            said = why;
        }
        cause = error.source();
    }
    notes
}
