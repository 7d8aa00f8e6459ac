//! `${name}` and `${env:NAME}` in commands, directories and environments.
//!
//! There is nothing more to it: no defaults, no nesting. `$${` is a plain `${`;
//! every other `$` is itself.

use std::collections::BTreeMap;

/// A part of a text with references.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Plain text.
    Text(String),
    /// `${name}`, a value of the file's `vars`.
    Variable(String),
    /// `${env:NAME}`, a value of the environment.
    Environment(String),
}

/// Why a text with references has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VarError {
    /// `${...}` of another form; the text from `${` on.
    #[error("invalid variable reference `{0}`: expected `${{name}}` or `${{env:NAME}}`")]
    Reference(String),
    /// A name that `vars` does not have.
    #[error("unknown variable `{0}`")]
    Unknown(String),
    /// A name that the environment does not have.
    #[error("the environment variable `{0}` is not set")]
    Unset(String),
    /// A variable that uses a variable.
    #[error("the value of a variable cannot refer to the variable `{0}`")]
    Nested(String),
}

/// Whether `name` can be the name of a variable: letters, digits and `_`, a letter
/// or `_` first.
pub fn is_name(name: &str) -> bool {
    !name.starts_with(|first: char| first.is_ascii_digit())
        && !name.is_empty()
        && name
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || character == '_')
}

/// Splits a text into its pieces.
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

fn reference(text: &str) -> VarError {
    /// Enough to find it again.
    const SHOWN: usize = 40;
    VarError::Reference(text.chars().take(SHOWN).collect())
}

/// Writes a text so that [`parse`] gives it back as plain text.
pub fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// Where values come from.
pub struct Values<'a> {
    /// The `vars` of the file.
    pub vars: &'a BTreeMap<String, String>,
    /// The environment.
    pub env: &'a dyn Fn(&str) -> Option<String>,
    /// The home directory, for `~/` at the start of a directory or a variable.
    pub home: Option<&'a str>,
}

impl Values<'_> {
    /// The text with all references replaced.
    pub fn expand(&self, text: &str) -> Result<String, VarError> {
        let mut expanded = String::new();
        for piece in parse(text)? {
            match piece {
                Piece::Text(text) => expanded.push_str(&text),
                Piece::Variable(name) => expanded.push_str(&self.variable(name)?),
                Piece::Environment(name) => expanded.push_str(&self.environment(name)?),
            }
        }
        Ok(expanded)
    }

    /// As [`Values::expand`], with `~` and `~/` at the start as the home directory.
    pub fn expand_path(&self, text: &str) -> Result<String, VarError> {
        self.expand(text).map(|text| self.at_home(text))
    }

    fn variable(&self, name: String) -> Result<String, VarError> {
        let Some(value) = self.vars.get(&name) else {
            return Err(VarError::Unknown(name));
        };
        let mut expanded = String::new();
        for piece in parse(value)? {
            match piece {
                Piece::Text(text) => expanded.push_str(&text),
                Piece::Variable(name) => return Err(VarError::Nested(name)),
                Piece::Environment(name) => expanded.push_str(&self.environment(name)?),
            }
        }
        Ok(self.at_home(expanded))
    }

    fn environment(&self, name: String) -> Result<String, VarError> {
        (self.env)(&name).ok_or(VarError::Unset(name))
    }

    fn at_home(&self, text: String) -> String {
        match (self.home, text.strip_prefix('~')) {
            (Some(home), Some(rest)) if rest.is_empty() || rest.starts_with('/') => {
                format!("{home}{rest}")
            }
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
    fn references_are_replaced_and_the_rest_is_not() {
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
        ] {
            assert_eq!(expand(text).as_deref(), Ok(expanded), "{text}");
        }
    }

    #[test]
    fn what_has_no_value_is_named() {
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
        fn escaped_text_is_plain(text in r"([${}a:]|\PC)*") {
            let pieces = parse(&escape(&text)).map_err(|error| TestCaseError::fail(error.to_string()))?;
            let plain: String = pieces.into_iter().map(|piece| match piece {
                Piece::Text(text) => text,
                other => format!("{other:?}"),
            }).collect();
            prop_assert_eq!(plain, text);
        }
    }
}
