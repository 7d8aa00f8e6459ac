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

impl Label {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Hint => "hint",
        }
    }

    pub(super) fn painted(self, paint: Paint) -> String {
        let text = self.as_str();
        match self {
            Self::Error => paint.error(text),
            Self::Warning => paint.warning(text),
            Self::Note => paint.bold(text),
            Self::Hint => paint.hint(text),
        }
    }
}

/// A line such as `error: …`.
pub(super) fn line(label: Label, sentence: &str, paint: Paint) -> String {
    format!("{}: {}\n", label.painted(paint), tilde(&clean(sentence)))
}

/// A text without its lines of hints.
pub fn without_hints(text: &str, paint: Paint) -> String {
    let label = format!("{}: ", Label::Hint.painted(paint));
    let lines = text.split_inclusive('\n');
    lines.filter(|line| !line.starts_with(&label)).collect()
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
