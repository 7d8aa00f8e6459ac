//! `{1}` and `{title:REGEX}` in the words of a rule.
//!
//! Everything else is left alone: braces of shells and of other templates, `${env:NAME}`
//! for the time when the layout is applied, and `$${` for a plain `${`.

use std::fmt;

use pcre2::bytes::Regex;

use super::model::Criterion;
use crate::discover::secrets::{Marked, Secrets};
use crate::layout::{criteria, vars};
use crate::live::Properties;

/// A word of a rule.
#[derive(Clone, Debug)]
pub struct Template {
    text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
enum Piece {
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
    #[error("`{pattern}` is no regular expression: {message}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What PCRE says.
        message: String,
    },
    /// `{1..}` in the middle of a word.
    #[error("`{0}` stands for several words, so it must be a word of its own")]
    NotAlone(String),
    /// `${name}`, of which a rule has none.
    #[error("a rule has no variable `{0}`")]
    Variable(String),
    /// `${` that begins nothing.
    #[error("`{0}` is neither `${{name}}` nor `${{env:NAME}}`")]
    Reference(String),
}

/// Why a template has no value for a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoValue {
    /// The process has fewer arguments.
    #[error("its process has no argument {{{0}}}")]
    Argument(usize),
    /// The property is not as the pattern wants it.
    #[error("its {} does not match `{pattern}`", .criterion.as_str())]
    Property {
        /// The property.
        criterion: Criterion,
        /// The pattern.
        pattern: String,
    },
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

    /// The words for a window, as a layout file has them: what comes from the window is
    /// escaped, references to the environment stay. What is secret there is so here.
    pub fn words(&self, seen: &Seen) -> Result<Vec<Marked>, NoValue> {
        if let [Piece::Arguments(first)] = self.pieces.as_slice() {
            return Ok(seen.rest(*first).iter().map(escaped).collect());
        }
        Ok(vec![self.value(seen)?])
    }

    /// The one text for a window; see [`Template::words`].
    pub fn value(&self, seen: &Seen) -> Result<Marked, NoValue> {
        let mut value = Marked::default();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => value.push(text),
                Piece::Argument(index) => {
                    let argument = seen.argv.get(*index).ok_or(NoValue::Argument(*index))?;
                    value.push_escaped(argument);
                }
                Piece::Arguments(first) => {
                    for (index, argument) in seen.rest(*first).iter().enumerate() {
                        if index > 0 {
                            value.push(" ");
                        }
                        value.push_escaped(argument);
                    }
                }
                Piece::Property(criterion, pattern) => {
                    value.push_escaped(&seen.property(*criterion, pattern.as_ref())?);
                }
            }
        }
        Ok(value)
    }
}

/// What templates take from a window, with what is secret in it.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    argv: &'a [Marked],
    properties: &'a Properties,
    secrets: &'a Secrets,
}

impl<'a> Seen<'a> {
    /// The arguments of its process, and what it says about itself.
    pub const fn new(argv: &'a [Marked], properties: &'a Properties, secrets: &'a Secrets) -> Self {
        Self {
            argv,
            properties,
            secrets,
        }
    }

    /// The arguments from this one on.
    fn rest(&self, first: usize) -> &[Marked] {
        self.argv.get(first..).unwrap_or_default()
    }

    /// The first group of the pattern in the property; all of what it matches where it
    /// has no group.
    fn property(&self, criterion: Criterion, pattern: Option<&Regex>) -> Result<Marked, NoValue> {
        let text = criterion.of(self.properties).unwrap_or_default();
        let marked = self.secrets.marked_text(text, self.argv);
        let Some(regex) = pattern else {
            return Ok(marked);
        };
        let captures = regex.captures(text.as_bytes()).ok().flatten();
        captures
            .as_ref()
            .and_then(|captures| captures.get(1).or_else(|| captures.get(0)))
            .and_then(|found| marked.part(found.start()..found.end()))
            .ok_or_else(|| NoValue::Property {
                criterion,
                pattern: regex.as_str().to_owned(),
            })
    }
}

fn escaped(text: &Marked) -> Marked {
    let mut escaped = Marked::default();
    escaped.push_escaped(text);
    escaped
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

#[cfg(test)]
mod tests {
    use super::*;

    fn expand(text: &str) -> String {
        let argv = ["app", "a b", "${x}", "--y"].map(Marked::from);
        let properties = Properties {
            title: Some("notes.org – ~/src/x (Emacs)".to_owned()),
            class: Some("Emacs".to_owned()),
            ..Properties::default()
        };
        let secrets = Secrets::default();
        match Template::parse(text, true) {
            Err(error) => format!("! {error}"),
            Ok(template) => match template.words(&Seen::new(&argv, &properties, &secrets)) {
                Ok(words) => {
                    let words: Vec<&str> = words.iter().map(Marked::text).collect();
                    words.join("|")
                }
                Err(reason) => format!("? {reason}"),
            },
        }
    }

    #[test]
    fn arguments_and_groups_are_put_in() {
        for (text, expected) in [
            ("emacs", "emacs"),
            ("{0}", "app"),
            ("x{1}y", "xa by"),
            ("{1..}", "a b|$${x}|--y"),
            ("{3..}", "--y"),
            ("{9..}", ""),
            ("{title:^(.*?) – }", "notes.org"),
            ("{title:[a-z]{2,5}}", "notes"),
            (r"{title:\((\w+)\)}", "Emacs"),
            ("{class}", "Emacs"),
            ("--dir={title:– (.*) \\(}", "--dir=~/src/x"),
            ("${env:HOME}/{2}", "${env:HOME}/$${x}"),
            (
                "$${x} {x} {} {{.ID}} a() { b; }",
                "$${x} {x} {} {{.ID}} a() { b; }",
            ),
            ("{1,2} {title.x} {1", "{1,2} {title.x} {1"),
            ("{4}", "? its process has no argument {4}"),
            ("{title:^x$}", "? its title does not match `^x$`"),
            ("{instance:.}", "? its instance does not match `.`"),
            (
                "a{1..}",
                "! `{1..}` stands for several words, so it must be a word of its own",
            ),
            ("{title:^(.*)", "! `{title:^(.*)` is not closed"),
            ("${root}/x", "! a rule has no variable `root`"),
            ("${x", "! `${x` is neither `${name}` nor `${env:NAME}`"),
        ] {
            assert_eq!(expand(text), expected, "{text}");
        }
        assert!(expand("{title:(}").starts_with("! `(` is no regular expression"));
    }
}
