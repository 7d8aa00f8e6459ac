//! `${name}` and `${env:NAME}` in commands, directories and environments.
//!
//! There are no defaults and no nesting. `$${` is a literal `${`, and `$~` at the start of a word is a
//! literal `~`. Any other `$` is literal.

use std::collections::BTreeMap;

/// A part of a string with references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// `${name}`, a value from the file's `vars`.
    Variable(String),
    /// `${env:NAME}`, a value from the environment.
    Environment(String),
}

/// The end of the message about a variable that the command line must set.
pub const NO_VALUE: &str = "has no value";

/// Errors of references.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VarError {
    /// `${...}` of another form, with the text from `${` on.
    #[error("invalid variable reference `{0}`: expected `${{name}}` or `${{env:NAME}}`")]
    Reference(String),
    /// A variable without a value.
    #[error("the variable `{0}` {NO_VALUE}")]
    Unknown(String),
    /// An environment variable that is not set.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// A variable that uses a variable.
    #[error("the value of a variable cannot refer to the variable `{0}`")]
    Nested(String),
}

/// True if `name` is a valid variable name: letters, digits and `_`, not starting with a
/// digit.
pub fn is_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// Splits a string into its pieces.
pub fn parse(text: &str) -> Result<Vec<Piece>, VarError> {
    let mut pieces = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(after) = rest.strip_prefix("$${") {
            plain.push_str("${");
            rest = after;
        } else if let Some(after) = rest.strip_prefix("${") {
            let (inner, after) = after.split_once('}').ok_or_else(|| reference(rest))?;
            let piece = match inner.strip_prefix("env:") {
                Some(name) if is_name(name) => Piece::Environment(name.to_owned()),
                None if is_name(inner) => Piece::Variable(inner.to_owned()),
                _ => return Err(reference(&rest[..inner.len() + 3])),
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
            rest = after;
        } else {
            plain.push('$');
            rest = &rest[1..];
        }
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        pieces.push(Piece::Text(plain));
    }
    Ok(pieces)
}

/// The names of the variables of the file in a string; none if a reference is invalid.
pub fn variable_names(text: &str) -> impl Iterator<Item = String> {
    let pieces = parse(text).unwrap_or_default().into_iter();
    pieces.filter_map(|piece| match piece {
        Piece::Variable(name) => Some(name),
        Piece::Text(_) | Piece::Environment(_) => None,
    })
}

/// The names of the environment variables in a string; none if a reference is invalid.
pub fn environment_names(text: &str) -> impl Iterator<Item = String> {
    let pieces = parse(text).unwrap_or_default().into_iter();
    pieces.filter_map(|piece| match piece {
        Piece::Environment(name) => Some(name),
        Piece::Text(_) | Piece::Variable(_) => None,
    })
}

fn reference(text: &str) -> VarError {
    /// Enough to find the place in the file.
    const SHOWN: usize = 40;
    VarError::Reference(text.chars().take(SHOWN).collect())
}

/// Escapes a literal string, so that nothing in it is a reference.
pub fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Escapes a `~` at the start of a literal word, so that it is not the home directory.
pub fn escape_home(word: String) -> String {
    if starts_with_home(word.trim_start_matches('$')) {
        format!("${word}")
    } else {
        word
    }
}

/// True for `~` and `~/…`.
fn starts_with_home(word: &str) -> bool {
    let rest = word.strip_prefix('~');
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The values of references.
pub struct Values<'a> {
    /// The `vars` of the file.
    pub vars: &'a BTreeMap<String, String>,
    /// The environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The home directory, for `~/` at the start of a path or a variable's value.
    pub home: Option<&'a str>,
}

impl Values<'_> {
    /// Replaces all references.
    pub fn expand(&self, text: &str) -> Result<String, VarError> {
        self.replace(text, &|name| {
            let value = self.vars.get(&name).ok_or(VarError::Unknown(name))?;
            let value = self.replace(value, &|name| Err(VarError::Nested(name)))?;
            Ok(self.at_home(value))
        })
    }

    /// Replaces all references, and `~` or `~/` at the start by the home directory, unless it is escaped
    /// by [`escape_home`].
    pub fn expand_path(&self, text: &str) -> Result<String, VarError> {
        match text.strip_prefix('$') {
            Some(escaped) if starts_with_home(escaped.trim_start_matches('$')) => {
                self.expand(escaped)
            }
            _ => self.expand(text).map(|text| self.at_home(text)),
        }
    }

    fn replace(
        &self,
        text: &str,
        variable: &dyn Fn(String) -> Result<String, VarError>,
    ) -> Result<String, VarError> {
        let pieces = parse(text)?.into_iter().map(|piece| match piece {
            Piece::Text(text) => Ok(text),
            Piece::Variable(name) => variable(name),
            Piece::Environment(name) => (self.env)(&name).ok_or(VarError::Unset(name)),
        });
        pieces.collect()
    }

    fn at_home(&self, text: String) -> String {
        match self.home {
            Some(home) if starts_with_home(&text) => text.replacen('~', home, 1),
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn expand(text: &str) -> Result<String, VarError> {
        let vars = [
            ("root", "~/src"),
            ("key", "${env:KEY}"),
            ("loop", "${root}"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        Values {
            vars: &vars,
            env: &|name| (name == "KEY").then(|| "k€y".to_owned()),
            home: Some("/home/ada"),
        }
        .expand_path(text)
    }

    #[test]
    fn only_references_are_replaced() {
        for (text, expanded) in [
            ("${root}/a", "/home/ada/src/a"),
            ("a${env:KEY}b${key}", "ak€ybk€y"),
            ("$HOME $ $$ $(x) {y}", "$HOME $ $$ $(x) {y}"),
            ("$${root}", "${root}"),
            ("$$${root}", "$${root}"),
            ("~", "/home/ada"),
            ("~/x", "/home/ada/x"),
            ("~bob/x", "~bob/x"),
            ("a~/x", "a~/x"),
            ("$~/x", "~/x"),
            ("$~", "~"),
            ("$$~/x", "$~/x"),
            ("$~bob", "$~bob"),
            ("a$~/x", "a$~/x"),
        ] {
            assert_eq!(expand(text).as_deref(), Ok(expanded), "{text}");
        }
    }

    #[test]
    fn references_without_a_value_are_reported() {
        for (text, error) in [
            ("${rot}", VarError::Unknown("rot".into())),
            ("${env:NO}", VarError::Unset("NO".into())),
            ("${loop}", VarError::Nested("root".into())),
            ("x${a-b}y", VarError::Reference("${a-b}".into())),
            ("${root", VarError::Reference("${root".into())),
            ("${}", VarError::Reference("${}".into())),
            ("${HOME:-x}", VarError::Reference("${HOME:-x}".into())),
        ] {
            assert_eq!(expand(text), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn escaped_words_are_literal(word in r"[$~/{}a:]{0,6}") {
            let expanded = expand(&escape_home(escape(&word)));
            prop_assert_eq!(expanded, Ok(word));
        }

        #[test]
        fn escaped_strings_have_no_references(text in r"([${}a:]|\PC)*") {
            let pieces = parse(&escape(&text)).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let plain: String = pieces.into_iter().map(|piece| match piece {
                Piece::Text(text) => text,
                other => format!("{other:?}"),
            }).collect();
            prop_assert_eq!(plain, text);
        }
    }
}
