//! The building blocks of reports: labelled lines, and sections with a title.

use super::Paint;
use super::words::{clean, tilde};

/// The label of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    Error,
    Warning,
    Note,
    Hint,
}

/// A line such as `error: …`.
pub(super) fn line(label: Label, sentence: &str, paint: Paint) -> String {
    let label = match label {
        Label::Error => paint.error("error"),
        Label::Warning => paint.warning("warning"),
        Label::Note => paint.bold("note"),
        Label::Hint => paint.hint("hint"),
    };
    format!("{label}: {}\n", tilde(&clean(sentence)))
}

/// A title and indented lines; empty if there are no lines.
pub(super) fn section(
    title: &str,
    lines: impl IntoIterator<Item = String>,
    paint: Paint,
) -> String {
    let lines: String = lines
        .into_iter()
        .map(|line| ["  ", &line, "\n"].concat())
        .collect();
    if lines.is_empty() {
        return lines;
    }
    format!("{}\n{lines}", paint.bold(title))
}
