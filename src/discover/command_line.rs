//! Conversion between arguments and the string in a layout file.
//!
//! In a file, a command is a string that is split by the shell's quoting rules. `${name}` and
//! `${env:NAME}` in it are variables, `$${` is a literal `${`, and `$~` at the start of a word a literal `~`.

use std::path::Path;

use crate::layout::Command;
pub use crate::layout::vars::{escape, escape_home};

/// Returns the command with these arguments, of which literal text is already escaped: a string if
/// that is readable, otherwise a list.
pub fn command(arguments: Vec<String>) -> Command {
    let readable = arguments
        .iter()
        .all(|argument| !argument.chars().any(is_unprintable));
    if readable {
        let line = quote(&arguments);
        // Checked with the function that splits it again.
        if shell_words::split(&line).is_ok_and(|split| split == arguments) {
            return Command::Line(line);
        }
    }
    Command::Args(arguments)
}

/// Returns the arguments as one string, quoted only where a shell needs quotes.
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

/// Returns a command line that is only shown, in the form of a layout file: variables are escaped, and
/// the home directory is a reference.
pub(super) fn shown_line(arguments: Vec<String>, home: Option<&Path>) -> String {
    let words = arguments.into_iter();
    let words = words.map(|word| at_home(escape(&word), home));
    quote(&words.collect::<Vec<_>>())
}

/// Returns the arguments with a program in front of them.
pub(super) fn with_program(program: &str, arguments: &[String]) -> Vec<String> {
    [&[program.to_owned()], arguments].concat()
}

/// Returns the part of a path after the last slash.
pub fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Returns `~/…` for a path below the home directory.
pub fn below_home(path: &str, home: Option<&Path>) -> Option<String> {
    let home = home?.to_str().filter(|home| home.len() > 1)?;
    let rest = path.strip_prefix(home.trim_end_matches('/'))?;
    rest.starts_with('/').then(|| format!("~{rest}"))
}

/// Returns the word with references in place of the home directory: `~/a` for `/home/ada/a`, and
/// `--file=${env:HOME}/a` for `--file=/home/ada/a`, so that it works for another user. The word is
/// escaped already.
pub(super) fn at_home(word: String, home: Option<&Path>) -> String {
    if let Some(path) = below_home(&word, home) {
        return path;
    }
    let home = home.and_then(Path::to_str);
    let home = home.map(|home| home.trim_end_matches('/'));
    let Some(home) = home.filter(|home| !home.is_empty() && !home.contains('$')) else {
        return escape_home(word);
    };
    if word == home {
        return "~".to_owned();
    }
    let mut text = String::with_capacity(word.len());
    let mut rest = word.as_str();
    while let Some((before, after)) = rest.split_once(home) {
        text.push_str(before);
        let begins = text.ends_with("file://")
            || text.ends_with(['=', ':', ',', ';', '(', '"', '\''])
            || text.ends_with(char::is_whitespace);
        let ends = after.is_empty()
            || after.starts_with(['/', ':', ',', ';', ')', '"', '\''])
            || after.starts_with(char::is_whitespace);
        text.push_str(if begins && ends { "${env:HOME}" } else { home });
        rest = after;
    }
    text.push_str(rest);
    escape_home(text)
}

/// True if the character needs no quotes in a layout file. More characters than
/// `shell_words::quote` accepts, because `~`, `${` and URLs are common and have no other meaning
/// there.
fn is_plain(character: char) -> bool {
    character.is_alphanumeric() || "_-=/,.+:@%^~${}".contains(character)
}

/// True for line breaks, escapes and other characters that make a string hard to read.
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
    fn readable_arguments_become_one_string() {
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
    fn shown_lines_have_neither_the_home_directory_nor_variables() {
        for (words, expected) in [
            (&["/home/ada/a b", "-x"][..], "'~/a b' -x"),
            (&["x", "--dir=/home/ada/y"], "x --dir=${env:HOME}/y"),
            (&["x", "${a}", "~"], "x $${a} $~"),
        ] {
            let words = words.iter().map(|&word| word.to_owned()).collect();
            let line = shown_line(words, Some(Path::new("/home/ada")));
            assert_eq!(line, expected);
        }
    }

    #[test]
    fn the_home_directory_is_written_as_a_reference() {
        for (word, expected) in [
            ("/home/ada/a", "~/a"),
            ("/home/ada", "~"),
            ("/home/adam/a", "/home/adam/a"),
            ("--dir=/home/ada", "--dir=${env:HOME}"),
            ("--dir=/home/ada/a b", "--dir=${env:HOME}/a b"),
            ("file:///home/ada/a.html", "file://${env:HOME}/a.html"),
            (
                "/usr:/home/ada/bin:/home/ada/x",
                "/usr:${env:HOME}/bin:${env:HOME}/x",
            ),
            ("cd /home/ada && ./run", "cd ${env:HOME} && ./run"),
            ("--dir=/srv/home/ada/a", "--dir=/srv/home/ada/a"),
            ("--dir=/home/adam", "--dir=/home/adam"),
            ("https://a.org/home/ada/x", "https://a.org/home/ada/x"),
            ("~/a", "$~/a"),
            ("a", "a"),
        ] {
            let found = at_home(word.to_owned(), Some(Path::new("/home/ada")));
            assert_eq!(found, expected, "{word}");
            assert_eq!(
                at_home(found.clone(), Some(Path::new("/home/$x"))),
                escape_home(found)
            );
        }
    }

    #[test]
    fn unprintable_arguments_become_a_list() {
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
        fn splitting_restores_the_arguments(arguments in prop::collection::vec(".*", 1..5)) {
            match command(arguments.clone()) {
                Command::Line(line) => prop_assert_eq!(shell_words::split(&line).unwrap(), arguments),
                Command::Args(list) => prop_assert_eq!(list, arguments),
            }
        }
    }
}
