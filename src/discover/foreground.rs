//! Which programs in the foreground of a terminal are started again.

use std::sync::LazyLock;

use super::command_line::base_name;

/// The list that is built in.
const USUAL: &str = include_str!("../../rules/foreground.txt");

static FOREGROUND: LazyLock<Foreground> = LazyLock::new(|| Foreground::parse(USUAL.lines()));

/// Programs that may be started again, and with which arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreground {
    programs: Vec<Restored>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Restored {
    program: String,
    needs: Vec<String>,
}

impl Foreground {
    /// The list that is built in.
    pub fn usual() -> &'static Self {
        &FOREGROUND
    }

    /// The built-in list with other programs, and without some; entries to add are lines
    /// as [`Foreground::parse`] takes them.
    pub fn changed<'a>(add: impl IntoIterator<Item = &'a str>, remove: &[&str]) -> Self {
        let mut list = Self::parse(USUAL.lines());
        list.programs
            .retain(|restored| !remove.contains(&restored.program.as_str()));
        list.programs.extend(Self::parse(add).programs);
        list
    }

    /// A list as `rules/foreground.txt` has it: a program on each line, and the arguments that
    /// it must have; `#` begins a comment.
    pub fn parse<'a>(lines: impl IntoIterator<Item = &'a str>) -> Self {
        let programs = lines.into_iter().filter_map(|line| {
            let line = line.split_once('#').map_or(line, |(before, _)| before);
            let mut words = line.split_whitespace().map(str::to_owned);
            Some(Restored {
                program: words.next()?,
                needs: words.collect(),
            })
        });
        Self {
            programs: programs.collect(),
        }
    }

    /// True if a program with these arguments, itself the first, is started again.
    pub fn has(&self, argv: &[String]) -> bool {
        let Some((program, arguments)) = argv.split_first() else {
            return false;
        };
        let name = base_name(program);
        self.programs.iter().any(|restored| {
            restored.program == name
                && restored.needs.iter().all(|need| match need.as_str() {
                    "FILE" => arguments.iter().any(|argument| !argument.starts_with('-')),
                    exact => arguments.iter().any(|argument| argument == exact),
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_harmless_comes_back() {
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
            assert_eq!(Foreground::usual().has(&argv), expected, "{command}");
        }
    }

    #[test]
    fn the_user_adds_and_removes() {
        let list = Foreground::changed(["mytool", "other FILE"], &["mutt"]);
        let has = |line: &str| list.has(&line.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(has("mytool") && has("other x") && has("htop"));
        assert!(!has("mutt") && !has("other"));
    }

    #[test]
    fn a_list_has_comments_and_needs() {
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
