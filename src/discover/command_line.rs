//! Arguments and the one string that they are in a layout file.
//!
//! In a file, a command is a string that is split by the shell's quoting rules; `${name}`
//! and `${env:NAME}` in it are variables, and `$${` is a literal `${`.

use std::path::Path;

use crate::layout::Command;

/// A literal text as a layout file has it: `${` does not begin a variable.
pub fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// The command with these arguments (already [`escape`]d where they are literal), as a
/// person would write it: one string where that is readable, else a list.
pub fn command(arguments: Vec<String>) -> Command {
    let readable = arguments
        .iter()
        .all(|argument| !argument.chars().any(is_unprintable));
    if readable {
        let line = quote(&arguments);
        // The reader's own splitting is the judge.
        if shell_words::split(&line).is_ok_and(|split| split == arguments) {
            return Command::Line(line);
        }
    }
    Command::Args(arguments)
}

/// The arguments as one string, each quoted only where a shell would need it.
pub fn quote(arguments: &[String]) -> String {
    let words: Vec<_> = arguments
        .iter()
        .map(|argument| {
            if !argument.is_empty() && argument.chars().all(is_plain) {
                argument.into()
            } else {
                shell_words::quote(argument)
            }
        })
        .collect();
    words.join(" ")
}

/// The part of a path after the last slash.
pub fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// `~/…` for a path below the home directory.
pub fn below_home(path: &str, home: Option<&Path>) -> Option<String> {
    let home = home?.to_str().filter(|home| home.len() > 1)?;
    let rest = path.strip_prefix(home.trim_end_matches('/'))?;
    rest.starts_with('/').then(|| format!("~{rest}"))
}

/// True if the character needs no quotes: more than `shell_words::quote` leaves alone, as `~`, `${` and
/// URLs are common and mean to a layout file what they look like.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || "_-=/,.+:@%^~${}".contains(character)
}

/// Line breaks, escapes and the like: nothing that one wants to see in one string.
fn is_unprintable(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    fn line(arguments: &[&str]) -> Command {
        command(arguments.iter().map(|&text| text.to_owned()).collect())
    }

    #[test]
    fn readable_as_a_person_would_write_it() {
        let table: [(&[&str], &str); 13] = [
            (&["xterm"], "xterm"),
            (&["xterm", "-e", "htop"], "xterm -e htop"),
            (&["gvim", "~/a b.txt"], "gvim '~/a b.txt'"),
            (&["code", "~/src"], "code ~/src"),
            (&["x", "--p=${env:X_P}"], "x --p=${env:X_P}"),
            (&["x", "https://a.org/b?c=d&e"], "x 'https://a.org/b?c=d&e'"),
            (&["x", "", "it's"], r"x '' 'it'\''s'"),
            (&["x", "größe=ä", "*"], "x größe=ä '*'"),
            (&["x", "#1", "a;b"], "x '#1' 'a;b'"),
            (&["sh", "-c", "echo $HOME; ls"], "sh -c 'echo $HOME; ls'"),
            (&["a", ""], "a ''"),
            (&["a", "$${x}"], "a $${x}"),
            (&["code", "${root}/src"], "code ${root}/src"),
        ];
        for (arguments, expected) in table {
            assert_eq!(line(arguments), Command::Line(expected.to_owned()));
        }
    }

    #[test]
    fn unprintable_arguments_make_a_list() {
        let list = |arguments: &[&str]| {
            Command::Args(arguments.iter().map(|&text| text.to_owned()).collect())
        };
        for arguments in [["x", "a\nb"], ["x", "\u{1b}[0m"], ["x", "a\u{2028}b"]] {
            assert_eq!(line(&arguments), list(&arguments));
        }
    }

    #[test]
    fn variables_are_escaped() {
        assert_eq!(escape("a ${b} $c $${d}"), "a $${b} $c $$${d}");
    }

    proptest! {
        #[test]
        fn splitting_gives_the_arguments_back(arguments in prop::collection::vec(".*", 1..5)) {
            match command(arguments.clone()) {
                Command::Line(line) => prop_assert_eq!(shell_words::split(&line).unwrap(), arguments),
                Command::Args(list) => prop_assert_eq!(list, arguments),
            }
        }
    }
}
