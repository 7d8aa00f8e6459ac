//! An error as people see it: what, why, and what next.

use std::error::Error as _;
use std::fmt::Write as _;

use super::Paint;
use super::words::clean;
use crate::error::Error;

/// The error with its causes and the way out, several lines with a newline each.
pub fn diagnostic(error: &Error, paint: Paint) -> String {
    if let Error::Problems(problems) = error {
        return problems.render(paint.0);
    }
    let message = error.to_string();
    let mut text = format!("{}: {}\n", paint.error("error"), clean(&message));
    let mut said = message;
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        // Some errors say their cause themselves.
        if !said.contains(&why) {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "{}: {}", paint.bold("note"), clean(&why));
            said = why;
        }
        cause = error.source();
    }
    if let Some(hint) = error.hint() {
        let _ = writeln!(text, "{}: {}", paint.hint("hint"), clean(&hint));
    }
    text
}
