//! Problems of a file with their places, and how they are shown.
//!
//! The checks name places in the model ([`Path`]); [`super::spanned`] knows where these
//! are in the text; here both become a [`Problem`] with line, column and excerpt, in the
//! shape of all messages.

use std::fmt::{self, Write as _};

use serde::Serialize;
use unicode_width::UnicodeWidthChar;

use super::fault::Fault;
use super::path::Path;

/// Something wrong at a place, before the place is looked up in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What is wrong.
    pub fault: Fault,
    /// Where.
    pub path: Path,
    /// Whether the key is meant, not its value.
    pub at_key: bool,
    /// The other place, where it takes two to be wrong.
    pub other: Option<Path>,
}

impl Finding {
    /// Something wrong with the value at `path`.
    pub fn new(path: Path, fault: impl Into<Fault>) -> Self {
        Self {
            fault: fault.into(),
            path,
            at_key: false,
            other: None,
        }
    }

    /// Something wrong with the key at the end of `path`.
    pub fn key(path: Path, fault: impl Into<Fault>) -> Self {
        Self {
            at_key: true,
            ..Self::new(path, fault)
        }
    }

    /// The problem where there is no text to find its place in.
    pub fn without_place(self) -> Problem {
        Problem {
            fault: self.fault,
            path: self.path,
            place: None,
            other: None,
        }
    }

    /// The same, with the place of the other one.
    #[must_use]
    pub fn besides(mut self, other: Path) -> Self {
        self.other = Some(other);
        self
    }
}

/// A place in the text of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The first byte, from 0.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
    /// The text of the line.
    pub excerpt: String,
    /// How many characters of the excerpt are meant, at least 1.
    pub width: usize,
}

impl Place {
    /// The line of a byte of `text`, from 1.
    pub fn line_at(text: &str, at: usize) -> usize {
        let head = &text[..floor_boundary(text, at)];
        head.matches('\n').count() + 1
    }

    /// The place of a byte range of `text`; what goes on after the first line is
    /// left out of the excerpt.
    pub fn of(text: &str, start: usize, end: usize) -> Self {
        let start = floor_boundary(text, start);
        let end = floor_boundary(text, end).max(start);
        let head = &text[..start];
        let line_start = head.rfind('\n').map_or(0, |at| at + 1);
        let rest = &text[line_start..];
        let excerpt = rest
            .split('\n')
            .next()
            .unwrap_or_default()
            .trim_end_matches('\r');
        let last = end.min(line_start + excerpt.len()).max(start);
        Self {
            line: head.matches('\n').count() + 1,
            column: text[line_start..start].chars().count() + 1,
            start,
            end,
            excerpt: excerpt.to_owned(),
            width: text[start..last].trim_end().chars().count().max(1),
        }
    }
}

/// The nearest character boundary at or before `at`.
fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// One thing that is wrong in a file, with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// What is wrong.
    pub fault: Fault,
    /// Where in the model, such as `workspaces[0].name`.
    pub path: Path,
    /// Where in the text; `None` where there is no text (a layout made in memory).
    pub place: Option<Place>,
    /// The other place, where it takes two to be wrong.
    pub other: Option<Place>,
}

/// Everything that is wrong in one file, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Problems {
    /// What is wrong, in a word for programs: `invalid-layout`.
    pub kind: &'static str,
    /// The file as the user knows it: a path, or `<stdin>`.
    pub origin: String,
    /// What is wrong; never empty.
    pub list: Vec<Problem>,
}

impl std::error::Error for Problems {}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.render(false).trim_end())
    }
}

/// A problem as `--json` shows it.
#[derive(Serialize)]
struct Record<'a> {
    kind: &'static str,
    file: &'a str,
    message: String,
    path: String,
    #[serde(flatten)]
    place: Option<&'a Place>,
    notes: Vec<String>,
    hints: Vec<String>,
}

impl Problems {
    /// The problems as JSON values: `kind`, `file`, `message`, `path`, `line`,
    /// `column`, `start`, `end`, `excerpt`, `width`, `notes`, `hints`.
    pub fn to_json(&self) -> serde_json::Value {
        let records = self.list.iter().map(|problem| Record {
            kind: self.kind,
            file: &self.origin,
            message: problem.fault.to_string(),
            path: problem.path.to_string(),
            place: problem.place.as_ref(),
            notes: problem
                .other
                .iter()
                .map(|other| format!("the other one is at {}:{}", other.line, other.column))
                .collect(),
            hints: problem.fault.hint().into_iter().collect(),
        });
        records
            .map(|record| serde_json::to_value(record).unwrap_or_default())
            .collect()
    }

    /// The problems as text for people, each with file, line, excerpt and hint.
    pub fn render(&self, color: bool) -> String {
        let paint = Paint { color };
        let mut text = String::new();
        for (position, problem) in self.list.iter().enumerate() {
            if position > 0 {
                text.push('\n');
            }
            self.render_one(&mut text, problem, &paint);
        }
        text
    }

    fn render_one(&self, text: &mut String, problem: &Problem, paint: &Paint) {
        let origin = clean(&self.origin);
        // Writing to a String cannot fail, so the results say nothing.
        let _ = writeln!(
            text,
            "{}: {}",
            paint.error("error"),
            paint.bold(&clean(&problem.fault.to_string()))
        );
        match &problem.place {
            Some(place) => {
                let margin = " ".repeat(place.line.to_string().len());
                let _ = writeln!(
                    text,
                    "{margin}{} {origin}:{}:{}",
                    paint.margin("-->"),
                    place.line,
                    place.column
                );
                let (line, indent, carets) = excerpt(place);
                let _ = writeln!(text, "{margin} {}", paint.margin("|"));
                let _ = writeln!(
                    text,
                    "{} {} {line}",
                    paint.margin(&place.line.to_string()),
                    paint.margin("|"),
                );
                let _ = writeln!(
                    text,
                    "{margin} {} {}{}",
                    paint.margin("|"),
                    " ".repeat(indent),
                    paint.error(&"^".repeat(carets))
                );
            }
            None if problem.path.0.is_empty() => {
                let _ = writeln!(text, "  {} {origin}", paint.margin("-->"));
            }
            None => {
                let _ = writeln!(
                    text,
                    "  {} {origin}: {}",
                    paint.margin("-->"),
                    clean(&problem.path.to_string())
                );
            }
        }
        if let Some(other) = &problem.other {
            let _ = writeln!(
                text,
                "{}: the other one is at {origin}:{}:{}",
                paint.bold("note"),
                other.line,
                other.column
            );
        }
        if let Some(hint) = problem.fault.hint() {
            let _ = writeln!(text, "{}: {}", paint.hint("hint"), clean(&hint));
        }
    }
}

/// The line to show, and in terminal cells the indent and the number of carets.
///
/// Long lines are cut around the place, and characters that a terminal would obey
/// are replaced: a file is shown, not trusted.
fn excerpt(place: &Place) -> (String, usize, usize) {
    /// Columns of a line that are shown.
    const SHOWN: usize = 100;
    /// Columns that are kept before the place when a line is cut.
    const BEFORE: usize = 40;
    let characters: Vec<char> = place.excerpt.chars().map(visible).collect();
    let first = (place.column - 1).min(characters.len());
    let cut = if characters.len() > SHOWN {
        first.saturating_sub(BEFORE)
    } else {
        0
    };
    let end = (cut + SHOWN).min(characters.len());
    let last = (first + place.width).clamp(first, end.max(first));
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

/// A character as a terminal may show it.
fn visible(character: char) -> char {
    match character {
        '\t' => ' ',
        // Direction marks could reorder the line so that it seems to say something else.
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => '\u{fffd}',
        other if other.is_control() => '\u{fffd}',
        other => other,
    }
}

fn clean(text: &str) -> String {
    text.chars().map(visible).collect()
}

/// Colours, or none.
struct Paint {
    color: bool,
}

impl Paint {
    fn paint(&self, code: &str, text: &str) -> String {
        if self.color {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    fn error(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn hint(&self, text: &str) -> String {
        self.paint("1;36", text)
    }

    fn margin(&self, text: &str) -> String {
        self.paint("34", text)
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }
}

/// True unless a finding is inside something that is wrong already, or at a value that is
/// incomplete because something in it is wrong.
pub fn is_unrelated(finding: &Finding, broken: &[Path]) -> bool {
    !broken
        .iter()
        .any(|broken| broken.holds(&finding.path) || broken.parent() == finding.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str, start: usize, end: usize) -> Problems {
        Problems {
            kind: "invalid-layout",
            origin: "daily-dev.yaml".to_owned(),
            list: vec![Problem {
                fault: Fault::EmptyMark,
                path: Path::default(),
                place: Some(Place::of(text, start, end)),
                other: None,
            }],
        }
    }

    #[test]
    fn carets_stand_under_wide_characters_and_tabs() {
        let text = "a: 1\n\t名: { mark }\n";
        let start = text.find("mark").unwrap_or_default();
        assert_eq!(
            problems(text, start, start + 4).render(false),
            "error: a mark cannot be empty\n \
             --> daily-dev.yaml:2:7\n  \
             |\n\
             2 |  名: { mark }\n  \
             |        ^^^^\n"
        );
    }

    #[test]
    fn long_lines_are_cut_and_escapes_are_not_obeyed() {
        let text = format!("{}\x1b[31mX{}", "a".repeat(300), "b".repeat(300));
        let shown = problems(&text, 305, 306).render(false);
        assert!(!shown.contains('\x1b'), "{shown}");
        assert!(shown.lines().all(|line| line.chars().count() < 110));
        let lines: Vec<&str> = shown.lines().collect();
        let caret = lines[4].chars().position(|character| character == '^');
        assert_eq!(lines[3].chars().position(|c| c == 'X'), caret);
    }

    #[test]
    fn any_range_has_a_place() {
        let text = "ü\r\n\r\nab";
        for start in 0..12 {
            for end in 0..12 {
                let place = Place::of(text, start, end);
                assert!(place.line >= 1 && place.column >= 1 && place.width >= 1);
                excerpt(&place);
            }
        }
        assert_eq!(Place::of(text, 6, 8).line, 3);
    }
}
