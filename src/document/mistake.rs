//! Explains mistakes in YAML syntax by the text around them.
//!
//! The parser reports the position at which it noticed a mistake, in terms of its grammar. Common
//! mistakes are few, and the text around the position identifies them.

use std::ops::Range;

use granit_parser::ErrorKind;

use super::spanned::SyntaxError;
use crate::text::{char_boundary, line_start};

/// The hint for a file with several documents.
pub(super) const ONE_DOCUMENT: &str = "remove everything from the second `---` on";

/// Explains the error that the parser reports at a byte of the text.
pub(super) fn explain(text: &str, at: usize, kind: &ErrorKind) -> SyntaxError {
    let at = char_boundary(text, at);
    let place = Place::of(text, at);
    by_kind(&place, kind)
        .or_else(|| place.second_colon())
        .or_else(|| place.bracket_before_text())
        .or_else(|| place.unclosed_bracket())
        .or_else(|| place.missing_space())
        .unwrap_or_else(|| general(kind, at))
}

/// The mistakes that the parser's error alone identifies.
fn by_kind(place: &Place<'_>, kind: &ErrorKind) -> Option<SyntaxError> {
    match kind {
        ErrorKind::UnknownAnchor => Some(place.unknown_alias()),
        ErrorKind::MissingAnchorOrAliasName => place.star_or_ampersand(),
        ErrorKind::UnexpectedCharacter { character } => Some(place.special_character(*character)),
        ErrorKind::DirectiveDisallowed if place.rest().starts_with('%') => {
            Some(place.special_character('%'))
        }
        ErrorKind::UnknownQuotedScalarEscape => place.unknown_escape(),
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::DocumentIndicatorInQuotedScalar => place.unclosed_quote(),
        ErrorKind::UnclosedFlowCollection { open } => Some(place.missing_close(*open, place.at)),
        ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence => place.unclosed_bracket_anywhere(),
        _ => None,
    }
}

/// The message for a kind of error, regardless of the text.
fn general(kind: &ErrorKind, at: usize) -> SyntaxError {
    let (message, hint) = match kind {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => (
            "YAML does not allow tabs here".to_owned(),
            Some("indent with spaces"),
        ),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::MappingValueNotAllowed
        | ErrorKind::SimpleKeyExpected
        | ErrorKind::InvalidIndentation => (
            "this line does not fit the lines above it".to_owned(),
            Some(
                "indent it exactly like the other keys or entries of the same map or list, and \
                 check that each key has `: ` after it",
            ),
        ),
        ErrorKind::CommentNotSeparated => (
            "a comment needs a space before `#`".to_owned(),
            Some("add a space, or quote the value if `#` is part of it"),
        ),
        ErrorKind::MultipleDocumentsUnsupported => (
            "the file must contain only one document".to_owned(),
            Some(ONE_DOCUMENT),
        ),
        other => (format!("invalid YAML: {other}"), None),
    };
    SyntaxError {
        message,
        hint: hint.map(str::to_owned),
        span: at..at,
    }
}

/// A place in the text, with the open brackets and quotes there.
struct Place<'t> {
    text: &'t str,
    at: usize,
    /// The brackets that are open, the innermost last, with their bytes.
    brackets: Vec<(char, usize)>,
    /// The byte of an open quote.
    quote: Option<usize>,
}

impl<'t> Place<'t> {
    /// Reads the text up to `at`.
    fn of(text: &'t str, at: usize) -> Self {
        let mut place = Self {
            text,
            at,
            brackets: Vec::new(),
            quote: None,
        };
        let mut quote = None;
        // True where a value can begin: after an indicator.
        let mut can_begin = true;
        let mut previous = '\n';
        for (byte, character) in text[..at].char_indices() {
            if let Some(open) = quote {
                if character == open && !(open == '"' && previous == '\\') {
                    quote = None;
                }
                // An escaped backslash escapes nothing.
                previous = if previous == '\\' { ' ' } else { character };
                continue;
            }
            let is_flow = !place.brackets.is_empty();
            let in_comment = character == '#' && (previous.is_whitespace() || byte == 0);
            match character {
                _ if in_comment => quote = Some('\n'),
                '"' | '\'' if can_begin => {
                    quote = Some(character);
                    place.quote = Some(byte);
                }
                '[' | '{' if can_begin || is_flow => place.brackets.push((character, byte)),
                ']' | '}' if is_flow => drop(place.brackets.pop()),
                _ => {}
            }
            can_begin = match character {
                '\n' | '[' | '{' | ',' => true,
                ' ' | '\t' => can_begin || matches!(previous, ':' | '-' | '?'),
                _ => false,
            };
            previous = character;
        }
        if !matches!(quote, Some('"' | '\'')) {
            place.quote = None;
        }
        place
    }

    fn line_start(&self) -> usize {
        line_start(self.text, self.at)
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.find('\n').unwrap_or(rest.len())
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The bytes of the plain value that begins at `start`: up to the end of the line, or inside
    /// brackets up to the next separator after the place.
    fn value(&self, start: usize) -> Range<usize> {
        let line = self.line_end(self.at.max(start));
        let from = self.at.max(start);
        let rest = &self.text[from..line];
        let end = if self.brackets.iter().any(|(_, open)| *open < start) {
            let mut depth = 0_u32;
            rest.find(|character| match character {
                '[' | '{' => {
                    depth += 1;
                    false
                }
                ']' | '}' if depth > 0 => {
                    depth -= 1;
                    false
                }
                ',' | ']' | '}' => true,
                _ => false,
            })
        } else {
            rest.find(" #")
        };
        let end = from + end.unwrap_or(rest.len());
        let length = self.text[start..end].trim_end().len();
        start..start + length
    }

    /// The key on this line before a value, followed by `: `.
    fn key(&self, value: usize) -> &'t str {
        let line = &self.text[self.line_start().min(value)..value];
        let Some(from) = line.trim_end().strip_suffix(':') else {
            return "";
        };
        let start = from.rfind([' ', '{', ',', '[']).map_or(0, |at| at + 1);
        from[start..].trim()
    }

    /// True if the value is an entry of a block list.
    fn is_entry(&self, value: usize) -> bool {
        self.text[self.line_start().min(value)..value].ends_with("- ")
    }

    fn error(&self, message: String, hint: String, span: Range<usize>) -> SyntaxError {
        debug_assert!(span.end <= self.text.len());
        SyntaxError {
            message,
            hint: Some(hint),
            span,
        }
    }

    /// The hint to write the value in quotes.
    fn quote_it(&self, value: &Range<usize>, quote: char) -> String {
        let quoted = quoted(&self.text[value.clone()], quote);
        match self.key(value.start) {
            "" if self.is_entry(value.start) => format!("put the value in quotes: `- {quoted}`"),
            "" => format!("put the value in quotes: `{quoted}`"),
            key => format!("put the value in quotes: `{key}: {quoted}`"),
        }
    }

    /// `name: 1: code`: a value with a colon and a space in it.
    fn second_colon(&self) -> Option<SyntaxError> {
        if !self.rest().starts_with(':') && !self.text[..self.at].ends_with(':') {
            return None;
        }
        let line = self.line_start();
        let before = &self.text[line..self.at];
        // The entry begins after the last separator of a map in braces.
        let inner = before.rfind(['{', '[', ',']);
        let entry = match inner {
            Some(at) if !self.brackets.is_empty() => at + 1,
            _ => 0,
        };
        let colon = before[entry..].find(": ")?;
        let start = line + entry + colon + 2;
        let start = start + (self.text[start..].len() - self.text[start..].trim_start().len());
        (start < self.at).then(|| {
            let value = self.value(start);
            self.error(
                "a value that contains `: ` must be in quotes".to_owned(),
                self.quote_it(&value, '"'),
                value,
            )
        })
    }

    /// `class: [Ff]irefox`: a value that begins with a bracket and continues after it.
    fn bracket_before_text(&self) -> Option<SyntaxError> {
        let before = &self.text[..self.at];
        let close = before.chars().next_back()?;
        let open = match close {
            ']' => '[',
            '}' => '{',
            _ => return None,
        };
        if !self
            .rest()
            .starts_with(|next: char| !next.is_whitespace() && !",]}".contains(next))
        {
            return None;
        }
        let start = before.rfind(open)?;
        let value = self.value(start);
        let kind = if open == '[' { "list" } else { "map" };
        Some(self.error(
            format!("a value that begins with `{open}` is a {kind} unless it is in quotes"),
            self.quote_it(&value, '\''),
            value,
        ))
    }

    /// `class: *term`: a value that looks like an alias.
    fn unknown_alias(&self) -> SyntaxError {
        let value = self.value(self.at);
        let text = &self.text[value.clone()];
        let mut hint = self.quote_it(&value, '\'');
        if let Some(rest) = text.strip_prefix('*') {
            let regex = quoted(&format!(".*{rest}"), '\'');
            hint = format!("{hint}; as a regular expression, write `{regex}`");
        }
        self.error(
            format!(
                "`{text}` is an alias, but no anchor `&{}` exists",
                text.trim_start_matches('*')
            ),
            hint,
            value,
        )
    }

    /// `class: *`: a value that begins with `*` or `&` without a name after it.
    fn star_or_ampersand(&self) -> Option<SyntaxError> {
        let is_star = |from: usize| {
            self.text
                .get(from..)?
                .starts_with(['*', '&'])
                .then_some(from)
        };
        let start = is_star(self.at).or_else(|| is_star(self.at.checked_sub(1)?))?;
        let character = self.text[start..].chars().next()?;
        let value = self.value(start);
        let hint = match &self.text[value.clone()] {
            "*" => "write `'.*'` to match everything".to_owned(),
            _ => self.quote_it(&value, '\''),
        };
        Some(self.error(
            format!("a value that begins with `{character}` must be in quotes"),
            hint,
            value,
        ))
    }

    /// `command: @x`: a value that begins with a character that YAML reserves.
    fn special_character(&self, character: char) -> SyntaxError {
        let value = self.value(self.at);
        self.error(
            match character {
                '`' => "a value that begins with a backtick must be in quotes".to_owned(),
                _ => format!("a value that begins with `{character}` must be in quotes"),
            },
            self.quote_it(&value, '\''),
            value,
        )
    }

    /// `"^org\.foo$"`: a regular expression in double quotes.
    fn unknown_escape(&self) -> Option<SyntaxError> {
        const KNOWN: &str = "0abtnvfre \"/\\N_LPxuU\t\n";
        let start = self.quote.unwrap_or(self.at);
        let mut characters = self.text[start..].char_indices().skip(1);
        let mut escape = None;
        let mut end = self.line_end(start);
        while let Some((offset, character)) = characters.next() {
            match character {
                '\\' => {
                    let (_, next) = characters.next()?;
                    if !KNOWN.contains(next) {
                        escape.get_or_insert((start + offset, next));
                    }
                }
                '"' => {
                    end = start + offset;
                    break;
                }
                _ => {}
            }
        }
        let (at, character) = escape?;
        let inside = self.text.get(start + 1..end)?;
        Some(self.error(
            format!("`\\{character}` is not an escape sequence in double quotes"),
            format!("use single quotes: `{}`", quoted(inside, '\'')),
            at..at + 1 + character.len_utf8(),
        ))
    }

    /// A quote that is not closed.
    fn unclosed_quote(&self) -> Option<SyntaxError> {
        let start = self.quote?;
        let quote = &self.text[start..=start];
        Some(self.error(
            format!("missing closing `{quote}`"),
            format!("add `{quote}` at the end of this value"),
            start..self.line_end(start),
        ))
    }

    /// A bracket that was opened on an earlier line, and is not closed.
    fn unclosed_bracket(&self) -> Option<SyntaxError> {
        let (_, open) = self.brackets.last()?;
        (*open < self.line_start()).then(|| self.unclosed_bracket_anywhere())?
    }

    /// The innermost bracket that is not closed.
    fn unclosed_bracket_anywhere(&self) -> Option<SyntaxError> {
        let &(bracket, open) = self.brackets.last()?;
        Some(self.missing_close(bracket, open))
    }

    fn missing_close(&self, bracket: char, open: usize) -> SyntaxError {
        let (close, kind) = match bracket {
            '{' => ('}', "map"),
            _ => (']', "list"),
        };
        self.error(
            format!("missing `{close}`"),
            format!("add `{close}` at the end of the {kind} that begins here"),
            open..open + 1,
        )
    }

    /// `version:1`: a key without a space after its colon, on the line above.
    fn missing_space(&self) -> Option<SyntaxError> {
        let above = self.text[..self.line_start()].trim_end();
        let start = line_start(above, above.len());
        let line = &above[start..];
        let entry = line.trim_start().trim_start_matches("- ").trim_start();
        let (key, value) = entry.split_once(':')?;
        let is_key = !key.is_empty()
            && key
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_');
        if !is_key || value.is_empty() || value.starts_with(char::is_whitespace) {
            return None;
        }
        let begin = start + line.len() - entry.len();
        Some(self.error(
            format!("missing space after `{key}:`"),
            format!("write `{key}: {value}`"),
            begin..start + line.len(),
        ))
    }
}

/// A string in quotes of this kind, or of the other kind if the string contains this kind.
fn quoted(text: &str, quote: char) -> String {
    let quote = match quote {
        '\'' if text.contains('\'') && !text.contains(['"', '\\']) => '"',
        '"' if text.contains(['"', '\\']) => '\'',
        other => other,
    };
    match quote {
        '\'' => format!("'{}'", text.replace('\'', "''")),
        _ => format!("\"{text}\""),
    }
}
