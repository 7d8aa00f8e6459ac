//! Diagnostics as text, as JSON, and on one line.
//!
//! Every error and warning is a [`Diagnostic`]: a message, a code, places in a file, a help
//! text and its causes. The three renderers below are the only ones.

use std::fmt::Write as _;

use miette::{Diagnostic, LabeledSpan, Severity, SourceCode};
use serde_json::{Map, Value, json};
use unicode_width::UnicodeWidthChar as _;

use super::Paint;
use super::lines::{Label, line};
use super::words::{Count, clean, tilde, visible_char};
use crate::text::char_boundary;

/// Renders diagnostics for a terminal, each with its place, notes and hint:
///
/// ```text
/// error: unknown key `nodez`
///  --> daily-dev.yaml:4:5
///   |
/// 4 |     nodez: []
///   |     ^^^^^
/// hint: did you mean `nodes`?
/// ```
pub fn to_text(diagnostic: &dyn Diagnostic, paint: Paint) -> String {
    let rendered = all(diagnostic)
        .into_iter()
        .map(|one| one_to_text(one, paint));
    rendered.collect::<Vec<_>>().join("\n")
}

/// Renders diagnostics as JSON values with the fields `code`, `severity`, `message`,
/// `notes`, `hint`, `file`, `line` and `column`; those with a place in a file also have
/// `path` (the place in the model), `start` and `end` (bytes), `excerpt` (the line) and
/// `width` (characters).
pub fn to_json(diagnostic: &dyn Diagnostic) -> Vec<Value> {
    all(diagnostic).into_iter().map(one_to_json).collect()
}

/// Renders diagnostics on one line: the first with its place and cause, and the number of
/// the others.
pub fn to_line(diagnostic: &dyn Diagnostic) -> String {
    let all = all(diagnostic);
    let Some((first, others)) = all.split_first() else {
        return String::new();
    };
    let mut line = String::new();
    if let Some(place) = primary(*first) {
        line = format!("{}: ", place.position());
    }
    line.push_str(&first.to_string());
    if let Some(cause) = causes(*first).first() {
        line = format!("{line}: {cause}");
    }
    if !others.is_empty() {
        let errors = Count(others.len(), "more error");
        line = format!("{line} (and {errors})");
    }
    tilde(&clean(&line))
}

/// As [`to_line`], with the name that was probably meant, for a place without room for other hints.
pub fn to_alert(diagnostic: &dyn Diagnostic) -> String {
    let line = to_line(diagnostic);
    let meant = match all(diagnostic).as_slice() {
        [only] => hint(*only).filter(|hint| hint.starts_with("did you mean")),
        _ => None,
    };
    match meant {
        Some(meant) => format!("{line}; {}", tilde(&clean(&meant))),
        None => line,
    }
}

/// The related diagnostics, which come first, and the diagnostic itself unless it only
/// groups them, which the lack of a code shows.
fn all(diagnostic: &dyn Diagnostic) -> Vec<&dyn Diagnostic> {
    let related = diagnostic.related().into_iter().flatten();
    let mut list: Vec<_> = related.flat_map(all).collect();
    if diagnostic.code().is_some() {
        list.push(diagnostic);
    }
    list
}

fn label(diagnostic: &dyn Diagnostic) -> Label {
    match diagnostic.severity() {
        None | Some(Severity::Error) => Label::Error,
        Some(Severity::Warning) => Label::Warning,
        Some(Severity::Advice) => Label::Note,
    }
}

fn one_to_text(diagnostic: &dyn Diagnostic, paint: Paint) -> String {
    let title = label(diagnostic).painted(paint);
    let message = paint.bold(&tilde(&clean(&diagnostic.to_string())));
    let mut text = format!("{title}: {message}\n");
    // Writing to a String cannot fail.
    if let Some(place) = primary(diagnostic) {
        place.write(&mut text, paint);
    }
    for note in notes(diagnostic) {
        text.push_str(&line(Label::Note, &note, paint));
    }
    if let Some(hint) = hint(diagnostic) {
        text.push_str(&line(Label::Hint, &hint, paint));
    }
    text
}

fn one_to_json(diagnostic: &dyn Diagnostic) -> Value {
    let mut record = json!({
        "code": diagnostic.code().map(|code| code.to_string()),
        "severity": label(diagnostic).as_str(),
        "message": diagnostic.to_string(),
        "notes": notes(diagnostic),
        "hint": hint(diagnostic),
        "file": null,
        "line": null,
        "column": null,
    });
    if let (Value::Object(record), Some(place)) = (&mut record, primary(diagnostic)) {
        record.extend(place.to_json());
    }
    record
}

/// The other places, and the causes that the message does not repeat.
fn notes(diagnostic: &dyn Diagnostic) -> Vec<String> {
    let others = places(diagnostic)
        .into_iter()
        .filter(|place| !place.is_primary);
    let others = others.map(|place| format!("{}: {}", place.label, place.position()));
    others.chain(causes(diagnostic)).collect()
}

/// The help of the diagnostic, else that of its cause.
pub(super) fn hint(diagnostic: &dyn Diagnostic) -> Option<String> {
    match diagnostic.help() {
        Some(help) => Some(help.to_string()),
        None => hint(diagnostic.diagnostic_source()?),
    }
}

fn causes(diagnostic: &dyn Diagnostic) -> Vec<String> {
    let causes = std::iter::successors(diagnostic.source(), |error| error.source());
    causes
        .map(|cause| without_number(&cause.to_string()).to_owned())
        .collect()
}

/// The message of the operating system without ` (os error 2)`.
pub fn without_number(message: &str) -> &str {
    match message.rsplit_once(" (os error ") {
        Some((text, _)) if message.ends_with(')') => text,
        _ => message,
    }
}

/// A label of a diagnostic, looked up in its file.
struct Place {
    is_primary: bool,
    label: String,
    file: String,
    /// From 1.
    line: usize,
    /// In characters, from 1.
    column: usize,
    /// In bytes of the file.
    start: usize,
    end: usize,
    /// The line, without its end.
    excerpt: String,
    /// The characters of the excerpt that are meant, at least 1.
    width: usize,
}

fn primary(diagnostic: &dyn Diagnostic) -> Option<Place> {
    places(diagnostic)
        .into_iter()
        .find(|place| place.is_primary)
}

fn places(diagnostic: &dyn Diagnostic) -> Vec<Place> {
    let Some(source) = diagnostic.source_code() else {
        return Vec::new();
    };
    let labels = diagnostic.labels().into_iter().flatten();
    labels
        .filter_map(|label| Place::find(&label, source))
        .collect()
}

impl Place {
    /// `None` where the file cannot be read.
    fn find(label: &LabeledSpan, source: &dyn SourceCode) -> Option<Self> {
        let contents = source.read_span(label.inner(), 0, 0).ok()?;
        let (start, length) = (contents.span().offset(), contents.span().len());
        let lines = String::from_utf8_lossy(contents.data());
        let excerpt = lines.split('\n').next().unwrap_or_default();
        let excerpt = excerpt.trim_end_matches('\r');
        let before: usize = excerpt
            .chars()
            .take(contents.column())
            .map(char::len_utf8)
            .sum();
        let last = char_boundary(excerpt, before.saturating_add(length)).max(before);
        Some(Self {
            is_primary: label.primary(),
            label: label.label().unwrap_or_default().to_owned(),
            file: contents.name().unwrap_or_default().to_owned(),
            line: contents.line() + 1,
            column: contents.column() + 1,
            start,
            end: start + length,
            width: excerpt[before..last].trim_end().chars().count().max(1),
            excerpt: excerpt.to_owned(),
        })
    }

    /// `FILE:LINE:COLUMN`.
    fn position(&self) -> String {
        format!("{}:{}:{}", self.file, self.line, self.column)
    }

    fn write(&self, text: &mut String, paint: Paint) {
        let number = self.line.to_string();
        let margin = " ".repeat(number.len());
        let (line, indent, carets) = self.shown();
        let arrow = paint.margin("-->");
        let bar = paint.margin("|");
        let carets = paint.error(&"^".repeat(carets));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{margin}{arrow} {}", tilde(&clean(&self.position())));
        let _ = writeln!(text, "{margin} {bar}");
        let _ = writeln!(text, "{} {bar} {line}", paint.margin(&number));
        let _ = writeln!(text, "{margin} {bar} {}{carets}", " ".repeat(indent));
    }

    /// The excerpt as a terminal shows it, and in terminal cells the indent and the number
    /// of carets. Long lines are cut around the place.
    fn shown(&self) -> (String, usize, usize) {
        /// Columns of a line that are shown.
        const SHOWN: usize = 100;
        /// Columns that are kept before the place when a line is cut.
        const BEFORE: usize = 40;
        let characters: Vec<char> = self.excerpt.chars().map(visible_char).collect();
        let first = (self.column - 1).min(characters.len());
        let cut = if characters.len() > SHOWN {
            first.saturating_sub(BEFORE)
        } else {
            0
        };
        let end = (cut + SHOWN).min(characters.len());
        let last = (first + self.width).clamp(first, end.max(first));
        let cells = |part: &[char]| -> usize {
            part.iter()
                .map(|character| character.width().unwrap_or(1))
                .sum()
        };
        let mut line = String::new();
        let mut indent = cells(&characters[cut.min(first)..first]);
        if cut > 0 {
            line.push('…');
            indent += 1;
        }
        line.extend(&characters[cut..end]);
        if end < characters.len() {
            line.push('…');
        }
        let carets = cells(&characters[first..last.min(characters.len())]).max(1);
        (line.trim_end().to_owned(), indent, carets)
    }

    fn to_json(&self) -> Map<String, Value> {
        let fields = json!({
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "path": self.label,
            "start": self.start,
            "end": self.end,
            "excerpt": self.excerpt,
            "width": self.width,
        });
        match fields {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::source_text::SourceText;

    #[derive(Debug, thiserror::Error, Diagnostic)]
    #[error("a mark cannot be empty")]
    #[diagnostic(code(example::mark), help("remove it"))]
    struct Example {
        #[source_code]
        file: SourceText,
        #[label(primary)]
        span: (usize, usize),
        #[label("first used here")]
        other: Option<(usize, usize)>,
    }

    fn example(text: &str, start: usize, end: usize) -> Example {
        Example {
            file: SourceText::new("daily-dev.yaml", text),
            span: (start, end - start),
            other: None,
        }
    }

    const PLAIN: Paint = Paint(false);

    #[test]
    fn carets_are_below_wide_characters_and_tabs() {
        let text = "a: 1\n\t名: { mark }\n";
        let start = text.find("mark").unwrap_or_default();
        assert_eq!(
            to_text(&example(text, start, start + 4), PLAIN),
            "error: a mark cannot be empty\n \
             --> daily-dev.yaml:2:7\n  \
             |\n\
             2 |  名: { mark }\n  \
             |        ^^^^\n\
             hint: remove it\n"
        );
    }

    #[test]
    fn long_lines_are_cut_and_escape_sequences_removed() {
        let text = format!("{}\x1b[31mX{}", "a".repeat(300), "b".repeat(300));
        let shown = to_text(&example(&text, 305, 306), PLAIN);
        assert!(!shown.contains('\x1b'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() < 110));
        let lines: Vec<&str> = shown.lines().collect();
        let caret = lines[4].chars().position(|character| character == '^');
        assert_eq!(lines[3].chars().position(|c| c == 'X'), caret);
    }

    #[test]
    fn the_other_place_is_a_note() {
        let mut two = example("a: 1\na: 2\n", 5, 6);
        two.other = Some((0, 1));
        let text = to_text(&two, PLAIN);
        assert!(
            text.contains("note: first used here: daily-dev.yaml:1:1\n"),
            "{text}"
        );
        let json = to_json(&two);
        assert_eq!(json[0]["code"], "example::mark");
        assert_eq!(json[0]["line"], 2);
        assert_eq!(json[0]["notes"][0], "first used here: daily-dev.yaml:1:1");
        assert_eq!(to_line(&two), "daily-dev.yaml:2:1: a mark cannot be empty");
    }

    #[test]
    fn any_span_is_shown() {
        let text = "ü\r\n\r\nab";
        for start in 0..12 {
            for end in start..12 {
                assert!(primary(&example(text, start, end)).is_some());
                to_text(&example(text, start, end), PLAIN);
            }
        }
    }
}
