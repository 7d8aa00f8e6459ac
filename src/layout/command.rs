//! Command lines: from the text of a file to arguments and back.
//!
//! A line is split first and its references are replaced after, so a value with
//! blanks stays one argument.

use super::model::Command;
use super::vars::{self, Values, VarError};

/// Why a command gives no arguments.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// A quote that is not closed, or a backslash at the end.
    #[error("missing closing quote in the command")]
    Quotes,
    /// No program.
    #[error("the command is empty")]
    Empty,
    /// A reference without a value.
    #[error(transparent)]
    Variable(#[from] VarError),
}

impl Command {
    /// The arguments as the file has them, the program first; references are not
    /// replaced.
    pub fn words(&self) -> Result<Vec<String>, CommandError> {
        let words = match self {
            Self::Line(line) => shell_words::split(line).map_err(|_| CommandError::Quotes)?,
            Self::Args(args) => args.clone(),
        };
        match words.first() {
            Some(program) if !program.is_empty() => Ok(words),
            _ => Err(CommandError::Empty),
        }
    }

    /// The arguments to start the program with.
    pub fn argv(&self, scope: &Values<'_>) -> Result<Vec<String>, CommandError> {
        let words = self.words()?;
        let expanded: Result<Vec<_>, _> = words.iter().map(|word| scope.expand(word)).collect();
        Ok(expanded?)
    }

    /// The command that gives exactly these arguments, written as a line; `${` in
    /// them is taken literally.
    pub fn from_argv(argv: &[String]) -> Self {
        let words: Vec<String> = argv.iter().map(|word| vars::escape(word)).collect();
        Self::from_words(words)
    }

    /// The command of these words as [`Command::words`] gives them, where `${name}`
    /// and `${env:NAME}` are references.
    pub fn from_words(words: Vec<String>) -> Self {
        let quoted: Vec<String> = words.iter().map(|word| quote(word)).collect();
        let line = quoted.join(" ");
        // No argument list is known that would not come back; but a list is always right.
        if shell_words::split(&line).is_ok_and(|split| split == words) {
            Self::Line(line)
        } else {
            Self::Args(words)
        }
    }
}

/// Quotes a word for a line, but leaves references readable: `${root}/src` needs no
/// quotes, because no shell will see it.
fn quote(word: &str) -> String {
    let plain = |text: &str| {
        text.chars()
            .all(|character| character.is_alphanumeric() || "-_=/,.+:@%^~".contains(character))
    };
    let without_references = vars::parse(word).ok().map(|pieces| {
        pieces
            .iter()
            .map(|piece| match piece {
                vars::Piece::Text(text) => text.as_str(),
                _ => "",
            })
            .collect::<String>()
    });
    match without_references {
        Some(text) if !word.is_empty() && plain(&text) => word.to_owned(),
        _ => shell_words::quote(word).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use proptest::prelude::*;

    fn line(argv: &[&str]) -> Command {
        Command::from_argv(&argv.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn lines_look_as_a_person_writes_them() {
        for (argv, text) in [
            (&["xterm", "-e", "htop"][..], "xterm -e htop"),
            (&["code", "/a b"], "code '/a b'"),
            (&["sh", "-c", "echo $HOME; ls"], "sh -c 'echo $HOME; ls'"),
            (&["a", ""], "a ''"),
            (&["a", "it's"], r"a 'it'\''s'"),
            (&["a", "${x}"], "a '$${x}'"),
            (&["vim", "größe.txt"], "vim größe.txt"),
        ] {
            assert_eq!(line(argv), Command::Line(text.to_owned()));
        }
        let words = vec!["code".to_owned(), "${root}/src".to_owned()];
        assert_eq!(
            Command::from_words(words),
            Command::Line("code ${root}/src".to_owned())
        );
    }

    #[test]
    fn values_with_blanks_stay_one_argument() {
        let vars = BTreeMap::from([("root".to_owned(), "/a b".to_owned())]);
        let scope = Values {
            vars: &vars,
            env: &|_| None,
            home: None,
        };
        let command = Command::Line("code ${root}/x '${root}'".to_owned());
        assert_eq!(
            command.argv(&scope),
            Ok(vec![
                "code".to_owned(),
                "/a b/x".to_owned(),
                "/a b".to_owned()
            ])
        );
    }

    #[test]
    fn what_is_no_command_is_refused() {
        for (text, error) in [
            ("", CommandError::Empty),
            ("  ", CommandError::Empty),
            ("'' x", CommandError::Empty),
            ("xterm 'a", CommandError::Quotes),
            ("xterm \"a", CommandError::Quotes),
        ] {
            assert_eq!(Command::Line(text.to_owned()).words(), Err(error), "{text}");
        }
        assert_eq!(Command::Args(Vec::new()).words(), Err(CommandError::Empty));
    }

    proptest! {
        #[test]
        fn any_arguments_come_back(
            program in r"[^\x00]+",
            args in prop::collection::vec(r"([ '\\$#{}\n]|[^\x00])*", 0..4),
        ) {
            let argv: Vec<String> = std::iter::once(program).chain(args).collect();
            let scope = Values { vars: &BTreeMap::new(), env: &|_| None, home: Some("/h") };
            let command = Command::from_argv(&argv);
            prop_assert_eq!(command.argv(&scope), Ok(argv));
        }
    }
}
