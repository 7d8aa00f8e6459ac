//! Reads JSON that people and scripts have edited: several values one after the other, with
//! comments, and with mistakes whose meaning is clear.
//!
//! The text is repaired to one strict list, which `json` composes. All places are
//! those of the original text. i3's own reader (yajl with comments and several values) accepts the
//! comments and the several values, but none of the mistakes.

use std::fmt;
use std::ops::Range;

use super::fault::Fault;
use super::json;
use super::path::Path;
use super::problem::{Problem, Problems};
use super::source_text::SourceText;
use super::spanned::{Entry, Kind, Spanned, SyntaxError};
use crate::text::char_boundary;

/// The values of a text.
#[derive(Clone, Debug, Default)]
pub struct Lenient {
    /// The text, without a byte order mark.
    pub text: String,
    /// The values, in order.
    pub values: Vec<Spanned>,
    /// The bytes of the comments, with their delimiters, in order.
    pub comments: Vec<Range<usize>>,
    /// The mistakes that were repaired, each with its byte, in order.
    pub repairs: Vec<(Repair, usize)>,
    /// The first byte of each line.
    lines: Vec<usize>,
}

/// A mistake whose meaning is clear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Repair {
    /// A comma after the last entry.
    CommaAtEnd,
    /// No comma between two entries.
    MissingComma,
    /// A comma without an entry before it.
    ExtraComma,
    /// A comma between values that are not in a list.
    CommaBetweenValues,
    /// A backslash before a character that JSON does not escape, as in a regular expression.
    Backslash,
    /// A comment with `#`.
    HashComment,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The name of the file in messages.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

impl Lenient {
    /// The place of a byte of the text.
    pub fn place(&self, file: &str, at: usize) -> Place {
        let at = char_boundary(&self.text, at);
        let line = self.lines.partition_point(|&start| start <= at);
        let start = self.lines[..line].last().copied().unwrap_or(0);
        Place {
            file: file.to_owned(),
            line: line.max(1),
            column: self.text[start..at].chars().count() + 1,
        }
    }
}

/// Reads the values of a text. `origin` is the name of the file in messages, and `kind` the first
/// part of the code of an error.
pub fn read(bytes: &[u8], origin: &str, kind: &'static str) -> Result<Lenient, Problems> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            let at = error.valid_up_to();
            let fault = SyntaxError {
                message: "this is not UTF-8 text".to_owned(),
                hint: Some("check that this is a layout, and save it in UTF-8".to_owned()),
                span: at..at + 1,
            };
            return Err(problem(&text, origin, kind, fault));
        }
    };
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    compose(text).map_err(|error| problem(text, origin, kind, error))
}

/// An error of the text at a span of bytes.
pub fn problem(text: &str, origin: &str, kind: &'static str, error: SyntaxError) -> Problems {
    let SyntaxError {
        message,
        hint,
        span,
    } = error;
    fault_at(text, origin, kind, Fault::Syntax { message, hint }, span)
}

/// A fault of the file at a span of bytes.
pub fn fault_at(
    text: &str,
    origin: &str,
    kind: &'static str,
    fault: Fault,
    span: Range<usize>,
) -> Problems {
    // The place of an unexpected end is after the last character, not on an empty line.
    let last = text.trim_end().len();
    let problem = Problem {
        fault,
        path: Path::default(),
        span: Some(span.start.min(last)..span.end.min(last)),
        other: None,
        kind,
        source: SourceText::new(origin, text),
    };
    Problems::new(vec![problem], 0)
}

fn compose(text: &str) -> Result<Lenient, SyntaxError> {
    let Strict {
        text: strict,
        inserted,
        comments,
        repairs,
        ..
    } = Strict::of(text);
    let original = |at: usize| at - inserted.partition_point(|&insertion| insertion < at);
    let list = json::compose(&strict).map_err(|error| SyntaxError {
        message: error.message,
        hint: error.hint.map(|hint| {
            // Another file name would not help.
            let own = hint.split(", or rename").next();
            own.unwrap_or_default().to_owned()
        }),
        span: original(error.span.start)..original(error.span.end),
    })?;
    let Kind::List(mut values) = list.kind else {
        return Ok(Lenient::default());
    };
    for value in &mut values {
        replace_spans(value, &original);
    }
    Ok(Lenient {
        text: text.to_owned(),
        values,
        comments,
        repairs,
        lines: std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect(),
    })
}

fn replace_spans(value: &mut Spanned, original: &dyn Fn(usize) -> usize) {
    value.span = original(value.span.start)..original(value.span.end);
    match &mut value.kind {
        Kind::List(entries) => {
            for entry in entries {
                replace_spans(entry, original);
            }
        }
        Kind::Map(entries) => {
            for Entry { span, value, .. } in entries {
                *span = original(span.start)..original(span.end);
                replace_spans(value, original);
            }
        }
        _ => {}
    }
}

/// The next part that a list or map expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    Key,
    Colon,
    Value,
    /// A comma or the end.
    Comma,
}

/// The repaired text.
struct Strict {
    text: String,
    /// The bytes of `text` that are not in the original.
    inserted: Vec<usize>,
    comments: Vec<Range<usize>>,
    repairs: Vec<(Repair, usize)>,
    /// For each open list or map: true for a map, and what it expects. The first is the list of
    /// all values.
    open: Vec<(bool, Next)>,
    /// The last comma, if no entry follows it yet: its bytes in `text` and in the original.
    comma: Option<(usize, usize)>,
}

impl Strict {
    fn of(text: &str) -> Self {
        let mut strict = Self {
            text: String::with_capacity(text.len() + 2),
            inserted: Vec::new(),
            comments: Vec::new(),
            repairs: Vec::new(),
            open: vec![(false, Next::Value)],
            comma: None,
        };
        strict.insert('[');
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let at = text.len() - rest.len();
            let length = match first {
                '"' => strict.string(rest, at),
                '/' if rest.starts_with("//") => strict.comment(rest, at, rest.find('\n')),
                '/' if rest.starts_with("/*") => {
                    let end = rest[2..].find("*/").map(|end| end + 4);
                    strict.comment(rest, at, end)
                }
                '#' => {
                    strict.repairs.push((Repair::HashComment, at));
                    strict.comment(rest, at, rest.find('\n'))
                }
                _ => strict.other(rest, first, at),
            };
            rest = &rest[length..];
        }
        if let Some((here, _)) = strict.comma.take() {
            strict.text.replace_range(here..=here, " ");
        }
        strict.insert(']');
        strict
    }

    fn insert(&mut self, letter: char) {
        self.inserted.push(self.text.len());
        self.text.push(letter);
    }

    fn next(&mut self) -> Next {
        self.open.last().map_or(Next::Value, |(_, next)| *next)
    }

    fn expect(&mut self, new: Next) {
        if let Some((_, next)) = self.open.last_mut() {
            *next = new;
        }
    }

    /// Inserts the missing comma before an entry.
    fn begin_entry(&mut self, at: usize) {
        if self.next() == Next::Comma {
            self.insert(',');
            // i3 reads several values one after the other.
            if self.open.len() > 1 {
                self.repairs.push((Repair::MissingComma, at));
            }
            let is_map = self.open.last().is_some_and(|(is_map, _)| *is_map);
            self.expect(if is_map { Next::Key } else { Next::Value });
        }
        self.comma = None;
    }

    /// Notes a scalar or the end of a list or map.
    fn end_value(&mut self) {
        let next = match self.next() {
            Next::Key => Next::Colon,
            Next::Colon | Next::Value | Next::Comma => Next::Comma,
        };
        self.expect(next);
    }

    /// Replaces the comma after the last entry by a space.
    fn drop_comma(&mut self) {
        if let Some((here, at)) = self.comma.take() {
            self.text.replace_range(here..=here, " ");
            self.repairs.push((Repair::CommaAtEnd, at));
        }
    }

    /// Copies a string, and returns its length. Its end is the end of the text if it is not closed.
    fn string(&mut self, rest: &str, at: usize) -> usize {
        self.begin_entry(at);
        let mut letters = rest.char_indices().skip(1);
        self.text.push('"');
        while let Some((offset, letter)) = letters.next() {
            if letter == '\\' {
                let escaped = letters.next().map(|(_, letter)| letter);
                if escaped.is_some_and(|letter| !r#""\/bfnrtu"#.contains(letter)) {
                    self.insert('\\');
                    self.repairs.push((Repair::Backslash, at + offset));
                }
                self.text.push('\\');
                self.text.extend(escaped);
                continue;
            }
            self.text.push(letter);
            if letter == '"' {
                self.end_value();
                return offset + 1;
            }
        }
        rest.len()
    }

    /// Replaces a comment by spaces, and returns its length.
    fn comment(&mut self, rest: &str, at: usize, end: Option<usize>) -> usize {
        let end = end.unwrap_or(rest.len());
        let spaces = rest[..end].bytes();
        let spaces = spaces.map(|byte| if byte == b'\n' { '\n' } else { ' ' });
        self.text.extend(spaces);
        self.comments.push(at..at + end);
        end
    }

    /// Copies a bracket, a comma, a colon, white space or a scalar without quotes, and returns its
    /// length.
    fn other(&mut self, rest: &str, first: char, at: usize) -> usize {
        match first {
            '{' | '[' => {
                self.begin_entry(at);
                let is_map = first == '{';
                self.open
                    .push((is_map, if is_map { Next::Key } else { Next::Value }));
            }
            '}' | ']' => {
                self.drop_comma();
                if self.open.len() > 1 {
                    self.open.pop();
                    self.end_value();
                }
            }
            ',' if self.next() == Next::Comma => {
                self.comma = Some((self.text.len(), at));
                if self.open.len() == 1 {
                    self.repairs.push((Repair::CommaBetweenValues, at));
                }
                let is_map = self.open.last().is_some_and(|(is_map, _)| *is_map);
                self.expect(if is_map { Next::Key } else { Next::Value });
            }
            ',' if matches!(self.next(), Next::Key | Next::Value) && !self.is_after_colon() => {
                self.repairs.push((Repair::ExtraComma, at));
                self.text.push(' ');
                return 1;
            }
            ':' if self.next() == Next::Colon => self.expect(Next::Value),
            _ if first.is_ascii_whitespace() || ",:".contains(first) => {}
            _ => {
                self.begin_entry(at);
                let is_end =
                    |letter: char| letter.is_ascii_whitespace() || "{}[],:\"#".contains(letter);
                let length = rest.find(is_end).unwrap_or(rest.len());
                // A comment can follow a number at once.
                let length = rest[..length].find("//").unwrap_or(length).max(1);
                let length = char_boundary(rest, length).max(first.len_utf8());
                self.text.push_str(&rest[..length]);
                self.end_value();
                return length;
            }
        }
        self.text.push(first);
        first.len_utf8()
    }

    /// True in a map between a colon and its value.
    fn is_after_colon(&self) -> bool {
        self.open.last() == Some(&(true, Next::Value))
    }
}

#[cfg(test)]
mod tests;
