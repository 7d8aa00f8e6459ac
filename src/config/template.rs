//! `{1}` and `{title:REGEX}` in the words of a rule.
//!
//! Everything else is left alone: braces of shells and of other templates, `${env:NAME}`
//! for the time when the layout is applied, and `$${` for a plain `${`.

use std::fmt;

use pcre2::bytes::Regex;

use crate::layout::{Criterion, criteria, vars};

/// A word of a rule.
#[derive(Clone, Debug)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A part of a word.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// As it stands.
    Text(String),
    /// `{1}`
    Argument(usize),
    /// `{1..}`, a word of its own.
    Arguments(usize),
    /// `{title:REGEX}`, or `{title}` for all of it.
    Property(Criterion, Option<Regex>),
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that is not closed.
    #[error("`{0}` is not closed")]
    Open(String),
    /// A pattern that PCRE refuses.
    #[error("invalid regular expression `{pattern}`: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What PCRE says.
        message: String,
    },
    /// `{1..}` in the middle of a word.
    #[error("`{0}` expands to several words, so it must be a separate word")]
    NotAlone(String),
    /// `${name}`, of which a rule has none.
    #[error("unknown variable `{0}`: rules have no variables")]
    Variable(String),
    /// `${` that begins nothing.
    #[error("invalid variable reference `{0}`: expected `${{env:NAME}}`")]
    Reference(String),
}

impl TemplateError {
    /// The remedy.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Open(_) => {
                "put the word in quotes if it contains spaces: `'{title:^(.*) - Emacs$}'`"
            }
            Self::Variable(_) => {
                "write `${env:NAME}` for an environment variable, or `$${` for a literal `${`"
            }
            Self::Reference(_) => "for a literal `${`, write `$${`",
            Self::Pattern { .. } | Self::NotAlone(_) => return None,
        };
        Some(hint.to_owned())
    }
}

impl Template {
    /// Reads a word; `alone` says whether one word may become several here.
    pub fn parse(text: &str, alone: bool) -> Result<Self, TemplateError> {
        for piece in vars::parse(text).map_err(|error| match error {
            vars::VarError::Reference(text) => TemplateError::Reference(text),
            other => TemplateError::Reference(other.to_string()),
        })? {
            if let vars::Piece::Variable(name) = piece {
                return Err(TemplateError::Variable(name));
            }
        }
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            plain.push_str(&rest[..at]);
            rest = &rest[at..];
            if plain.ends_with('$') {
                // `${env:NAME}` and `$${` are for later.
                let end = rest.find('}').map_or(1, |end| end + 1);
                plain.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            if let Some((piece, length)) = piece(rest)? {
                if matches!(piece, Piece::Arguments(_)) && !(alone && length == text.len()) {
                    return Err(TemplateError::NotAlone(rest[..length].to_owned()));
                }
                if !plain.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut plain)));
                }
                pieces.push(piece);
                rest = &rest[length..];
            } else {
                plain.push('{');
                rest = &rest[1..];
            }
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }

    /// Its parts, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The word as it is written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// What the text begins with, and how long that is; `None` for any other brace.
fn piece(text: &str) -> Result<Option<(Piece, usize)>, TemplateError> {
    let inner = &text[1..];
    let digits = inner
        .find(|character: char| !character.is_ascii_digit())
        .unwrap_or(inner.len());
    if digits > 0
        && let Ok(index) = inner[..digits].parse()
    {
        let rest = &inner[digits..];
        return Ok(if rest.starts_with('}') {
            Some((Piece::Argument(index), digits + 2))
        } else if rest.starts_with("..}") {
            Some((Piece::Arguments(index), digits + 4))
        } else {
            None
        });
    }
    let Some(criterion) = Criterion::ALL
        .into_iter()
        .find(|criterion| inner.starts_with(criterion.as_str()))
    else {
        return Ok(None);
    };
    let name = criterion.as_str().len();
    let rest = &inner[name..];
    if rest.starts_with('}') {
        return Ok(Some((Piece::Property(criterion, None), name + 2)));
    }
    let Some(pattern) = rest.strip_prefix(':') else {
        return Ok(None);
    };
    let Some(end) = closing(pattern) else {
        return Err(TemplateError::Open(text.chars().take(40).collect()));
    };
    let pattern = &pattern[..end];
    let regex = criteria::compile(pattern).map_err(|message| TemplateError::Pattern {
        pattern: pattern.to_owned(),
        message,
    })?;
    let length = 1 + name + 1 + end + 1;
    Ok(Some((Piece::Property(criterion, Some(regex)), length)))
}

/// Where the brace closes that was open before the pattern; braces of its own come in
/// pairs.
fn closing(pattern: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (at, character) in pattern.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' => depth += 1,
            '}' if depth == 0 => return Some(at),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
