//! Templates: `{1}` and `{title:REGEX}` in the words of a rule.
//!
//! Everything else is unchanged: braces of shells and of other templates, `${env:NAME}`, which is
//! replaced when the layout is applied, and `$${`, a literal `${`.

use std::sync::LazyLock;

use crate::layout::{Criterion, Pattern, criteria, vars};

/// Braces: `${…}` (no group); the number (1) and dots (2) of an argument; the name (3) and the
/// pattern (4) of a property, in whose pattern braces (5) come in pairs; the beginning of a property
/// without an end (6).
const BRACES: &str = concat!(
    r"(?s)\$\{[^}]*\}?",
    r"|\{(?:(\d+)(\.\.)?",
    r"|(class|instance|title|window_role|machine)",
    r"(?::((?:[^{}\\]|\\.|(\{(?:[^{}\\]|\\.|(?5))*\}))*))?)\}",
    r"|(\{(?:class|instance|title|window_role|machine):)",
);

/// The compiled pattern; a test makes sure that it is valid.
static REGEX: LazyLock<Option<Pattern>> = LazyLock::new(|| criteria::compile(BRACES).ok());

/// A word of a rule.
#[derive(Clone, Debug)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

/// A part of a word.
#[derive(Clone, Debug)]
pub(crate) enum Piece {
    /// Literal text.
    Text(String),
    /// `{1}`
    Argument(usize),
    /// `{1..}`, a separate word.
    Arguments(usize),
    /// `{title:REGEX}`, or `{title}` for the complete property.
    Property(Criterion, Option<Pattern>),
}

/// The reason why a word is not a valid template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace that is not closed.
    #[error("`{0}` is not closed")]
    Open(String),
    /// A pattern that is not a valid regular expression.
    #[error("invalid regular expression `{pattern}`: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// The error message of PCRE.
        message: String,
    },
    /// `{1..}` in the middle of a word.
    #[error("`{0}` expands to several words, so it must be a separate word")]
    NotAlone(String),
    /// `${name}`; rules have no variables.
    #[error("unknown variable `{0}`: rules have no variables")]
    Variable(String),
    /// `${` without a valid reference after it.
    #[error("invalid variable reference `{0}`: expected `${{env:NAME}}`")]
    Reference(String),
}

impl TemplateError {
    /// The hint for the user.
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
    /// Parses a word. `alone` is true if it may become several words.
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
        let mut end = 0;
        let found = REGEX
            .iter()
            .flat_map(|regex| regex.captures_iter(text.as_bytes()));
        for braces in found.map_while(Result::ok) {
            let group = |index| {
                let group = braces.get(index)?;
                text.get(group.start()..group.end())
            };
            let (Some(at), Some(whole)) = (braces.get(0), group(0)) else {
                continue;
            };
            let piece = if let Some(index) = group(1).and_then(|index| index.parse().ok()) {
                match group(2) {
                    Some(_) if !alone || whole != text => {
                        return Err(TemplateError::NotAlone(whole.to_owned()));
                    }
                    Some(_) => Piece::Arguments(index),
                    None => Piece::Argument(index),
                }
            } else if let Some(criterion) = group(3).and_then(Criterion::named) {
                let regex = group(4).map(|pattern| {
                    criteria::compile(pattern).map_err(|message| TemplateError::Pattern {
                        pattern: pattern.to_owned(),
                        message,
                    })
                });
                Piece::Property(criterion, regex.transpose()?)
            } else if group(6).is_some() {
                let open = text[at.start()..].chars().take(40);
                return Err(TemplateError::Open(open.collect()));
            } else {
                continue;
            };
            pieces.extend(literal(&text[end..at.start()]));
            pieces.push(piece);
            end = at.end();
        }
        pieces.extend(literal(&text[end..]));
        Ok(Self {
            text: text.to_owned(),
            pieces,
        })
    }

    /// Its parts, in order.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The word as written in the file.
    pub fn text(&self) -> &str {
        &self.text
    }
}

fn literal(text: &str) -> Option<Piece> {
    (!text.is_empty()).then(|| Piece::Text(text.to_owned()))
}
