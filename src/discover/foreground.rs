//! Programs in the foreground of a terminal that may be started again.

use std::sync::LazyLock;

use super::command_line::base_name;

/// The built-in list.
const BUILT_IN: &str = include_str!("../../rules/foreground.txt");

static FOREGROUND: LazyLock<Foreground> = LazyLock::new(|| Foreground::parse(BUILT_IN.lines()));

/// Programs that may be started again, each with its required arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreground(Vec<Vec<String>>);

impl Foreground {
    /// The built-in list.
    pub fn built_in() -> &'static Self {
        &FOREGROUND
    }

    /// Returns the built-in list with additional programs, as lines for [`Foreground::parse`],
    /// and without some.
    pub fn changed(add: &[String], remove: &[String]) -> Self {
        let is_removed = |entry: &[String]| entry.first().is_some_and(|name| remove.contains(name));
        let mut list = Self::built_in().clone();
        list.0.retain(|entry| !is_removed(entry));
        list.0.extend(Self::parse(add.iter().map(String::as_str)).0);
        list
    }

    /// Parses a list in the format of `rules/foreground.txt`: on each line a program and its
    /// required arguments; `#` begins a comment.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let entries = lines.into_iter().map(|line| {
            let words = line
                .split('#')
                .next()
                .unwrap_or_default()
                .split_whitespace();
            words.map(str::to_owned).collect()
        });
        Self(entries.filter(|entry: &Vec<_>| !entry.is_empty()).collect())
    }

    /// True if this command line, the program first, may be started again.
    pub fn has(&self, argv: &[String]) -> bool {
        let Some((program, arguments)) = argv.split_first() else {
            return false;
        };
        let is_given = |required: &String| match required.as_str() {
            "FILE" => arguments.iter().any(|argument| !argument.starts_with('-')),
            _ => arguments.contains(required),
        };
        self.0.iter().any(|entry| match entry.as_slice() {
            [name, required @ ..] => name == base_name(program) && required.iter().all(is_given),
            [] => false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_programs_are_started_again() {
        for (command, expected) in [
            ("vim", true),
            ("/usr/bin/vim a.txt", true),
            ("nvim -R a", true),
            ("less a", true),
            ("less", false),
            ("less -R", false),
            ("tail -f log", true),
            ("journalctl -f", true),
            ("journalctl -u ssh", false),
            ("htop -d 5", true),
            ("ssh host", false),
            ("make", false),
            ("rm -rf x", false),
            ("", false),
        ] {
            let argv: Vec<String> = command.split_whitespace().map(str::to_owned).collect();
            assert_eq!(Foreground::built_in().has(&argv), expected, "{command}");
        }
    }

    #[test]
    fn the_user_adds_and_removes() {
        let list = Foreground::changed(
            &["mytool".to_owned(), "other FILE".to_owned()],
            &["mutt".to_owned()],
        );
        let has = |line: &str| list.has(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(has("mytool") && has("other x") && has("htop"));
        assert!(!has("mutt") && !has("other"));
    }

    #[test]
    fn a_list_has_comments_and_required_arguments() {
        let list = Foreground::parse(["# a", "", "app --safe FILE # why"]);
        let has = |words: &[&str]| {
            list.has(
                &words
                    .iter()
                    .map(|&word| word.to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        assert!(has(&["app", "--safe", "x"]));
        assert!(!has(&["app", "--safe"]));
        assert!(!has(&["app", "x"]));
    }
}
