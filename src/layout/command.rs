//! Command lines of layout files, split into arguments.
//!
//! References are replaced after splitting, so a value with spaces stays one argument.

use super::vars::VarError;

/// A command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A string, split by the shell's quoting rules but not run by a shell.
    Line(String),
    /// The arguments, the program first.
    Args(Vec<String>),
}

/// Errors of commands.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// An unclosed quote, or a backslash at the end.
    #[error("missing closing quote in the command")]
    Quotes,
    /// A command without a program.
    #[error("the command is empty")]
    Empty,
    /// A reference without a value.
    #[error(transparent)]
    Variable(#[from] VarError),
}

impl Command {
    /// The command as a shell would read it.
    pub fn line(&self) -> String {
        match self {
            Self::Line(line) => line.clone(),
            Self::Args(args) => shell_words::join(args),
        }
    }

    /// The arguments, with the program first. References are not replaced.
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
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::vars::Values;
    use super::*;
    use crate::discover::command_line;
    use proptest::prelude::*;

    fn expanded(command: &Command, vars: &BTreeMap<String, String>) -> Vec<String> {
        let scope = Values {
            vars,
            env: &|_| None,
            home: Some("/home/ada"),
        };
        let words = command.words().unwrap();
        let words = words.iter().map(|word| scope.expand_path(word).unwrap());
        words.collect()
    }

    #[test]
    fn values_with_spaces_stay_one_argument() {
        let vars = BTreeMap::from([("root".to_owned(), "/a b".to_owned())]);
        let command = Command::Line("code ${root}/x '${root}'".to_owned());
        assert_eq!(expanded(&command, &vars), ["code", "/a b/x", "/a b"]);
    }

    #[test]
    fn invalid_commands_are_refused() {
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
        fn any_arguments_are_restored(
            program in r"[^\x00]+",
            args in prop::collection::vec(r"([ '\\$#{}~/\n]|[^\x00])*", 0..4),
        ) {
            let arguments: Vec<String> = std::iter::once(program).chain(args).collect();
            let escaped = arguments
                .iter()
                .map(|argument| command_line::escape_home(command_line::escape(argument)));
            let command = command_line::command(escaped.collect());
            prop_assert_eq!(expanded(&command, &BTreeMap::new()), arguments);
        }
    }
}
