//! Command lines that a program has overwritten with one string.
//!
//! Chromium, Electron and others join their arguments with spaces to change what process monitors
//! show. The words of the string are the arguments, except where an argument has spaces.

use std::path::{Path, PathBuf};

use super::candidate::Doubt;
use super::command_line::{base_name, with_program};
use super::file_url::local_file;
use super::machine::Machine;
use crate::live::Process;

/// The arguments of a program that overwrote them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Overwritten {
    /// The arguments, the program first.
    pub(super) argv: Vec<String>,
    /// The reason why the arguments are uncertain.
    pub(super) doubt: Option<Doubt>,
}

/// Returns the arguments of a process that has overwritten them: those of the string if it
/// begins with the program, otherwise only the program. `None` if it has not overwritten them.
pub(super) fn overwritten(process: &Process, machine: &dyn Machine) -> Option<Overwritten> {
    let ([title], Some(exe)) = (process.argv.as_slice(), process.exe.as_deref()) else {
        return None;
    };
    let path = exe.to_str()?;
    if !title.contains(' ') || base_name(title) == base_name(path) {
        return None;
    }
    // The path, too, may contain spaces.
    let (program, rest) = match title.strip_prefix(path) {
        Some(rest) if rest.starts_with(' ') => (path, rest),
        _ => {
            let (program, rest) = title.split_once(' ')?;
            if base_name(program) != base_name(path) {
                return Some(Overwritten {
                    argv: vec![path.to_owned()],
                    doubt: Some(Doubt::Overwritten(title.clone())),
                });
            }
            (program, rest)
        }
    };
    let files = Files {
        machine,
        cwd: process.cwd.as_deref(),
    };
    let (arguments, uncertain) = arguments(rest.trim(), &files);
    Some(Overwritten {
        argv: with_program(program, &arguments),
        doubt: uncertain.map(Doubt::WhichWords),
    })
}

/// The files that arguments may name.
struct Files<'a> {
    machine: &'a dyn Machine,
    cwd: Option<&'a Path>,
}

impl Files<'_> {
    /// True if the text is the path of a file or directory.
    fn has(&self, text: &str) -> bool {
        let path = match (local_file(text), self.cwd) {
            (Some(file), _) => file,
            (None, Some(cwd)) => cwd.join(text),
            (None, None) => PathBuf::from(text),
        };
        path.is_absolute() && (self.machine.is_file(&path) || self.machine.is_directory(&path))
    }
}

/// The largest number of words in an argument. It bounds the time for a hostile command line.
const MOST_WORDS: usize = 16;

/// Splits the string into arguments. Returns also the first uncertain word.
fn arguments(text: &str, files: &Files) -> (Vec<String>, Option<String>) {
    // Two spaces may be inside an argument.
    let words: Vec<&str> = text.split(' ').collect();
    let mut rest = words.as_slice();
    let mut found = Vec::new();
    let mut uncertain = None;
    while let Some((first, after)) = rest.split_first() {
        let further = after.iter().take(MOST_WORDS - 1);
        let number = 1 + further.take_while(|word| continues(word)).count();
        let words = &rest[..number];
        let value_at = first.find('=').filter(|_| first.starts_with('-'));
        let taken = match value_at {
            Some(at) if at + 1 == first.len() => 1,
            // `--profile-directory=Profile 1`: no program is known to take a loose word that is
            // neither a URL nor a file.
            Some(at) => {
                longest_file(words, at + 1, files).unwrap_or_else(|| before_file(words, files))
            }
            None if first.starts_with('-') => 1,
            None => longest_file(words, 0, files).unwrap_or_else(|| {
                // A single word is an argument.
                let is_known = number == 1 || is_url(first);
                if !is_known && !first.is_empty() {
                    uncertain.get_or_insert_with(|| (*first).to_owned());
                }
                1
            }),
        };
        let argument = words.get(..taken).unwrap_or(words).join(" ");
        if !argument.is_empty() {
            found.push(argument.trim_end().to_owned());
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    (found, uncertain)
}

/// True if the word may be the continuation of an argument.
fn continues(word: &str) -> bool {
    (!word.starts_with('-') || word == "-") && !is_url(word)
}

fn is_url(word: &str) -> bool {
    let scheme = word.split_once(':').map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.len() > 1
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Returns the number of words that are, from this byte on, the path of a file: the longest, so
/// that `My Notes` is not taken for `My`.
fn longest_file(words: &[&str], from: usize, files: &Files) -> Option<usize> {
    (1..=words.len()).rev().find(|&number| {
        let text = words[..number].join(" ");
        text.get(from..)
            .is_some_and(|path| !path.is_empty() && files.has(path))
    })
}

/// Returns the number of words before the first that begins the path of a file.
fn before_file(words: &[&str], files: &Files) -> usize {
    let is_file = |&at: &usize| longest_file(&words[at..], 0, files).is_some();
    (1..words.len()).find(is_file).unwrap_or(words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::path::PathBuf;

    /// A machine with these files and directories.
    struct With(&'static [&'static str]);

    impl Machine for With {
        fn is_file(&self, file: &Path) -> bool {
            self.0.iter().any(|path| Path::new(path) == file)
        }

        fn is_directory(&self, _: &Path) -> bool {
            false
        }
    }

    const FILES: With = With(&[
        "/home/ada/a.html",
        "/home/ada/b c.html",
        "/home/ada/My",
        "/home/ada/My Data",
        "/home/ada/data",
    ]);

    fn found(title: &str, exe: &str) -> Option<Overwritten> {
        let process = Process {
            argv: vec![title.to_owned()],
            exe: Some(PathBuf::from(exe)),
            cwd: Some(PathBuf::from("/home/ada")),
            ..Process::default()
        };
        overwritten(&process, &FILES)
    }

    #[test]
    fn arguments_with_spaces_are_put_together() {
        for (title, expected, uncertain) in [
            ("app --a b", "app --a b", None),
            (
                "app --profile-directory=Profile 1 https://a.org",
                "app '--profile-directory=Profile 1' https://a.org",
                None,
            ),
            (
                "app --profile-directory=Profile 1 /home/ada/a.html",
                "app '--profile-directory=Profile 1' /home/ada/a.html",
                None,
            ),
            (
                "app --profile-directory=Profile 1 --user-data-dir=/home/ada/My Data a.html",
                "app '--profile-directory=Profile 1' '--user-data-dir=/home/ada/My Data' a.html",
                None,
            ),
            (
                "app --user-data-dir=/home/ada/data about:blank",
                "app --user-data-dir=/home/ada/data about:blank",
                None,
            ),
            ("app /home/ada/b c.html", "app '/home/ada/b c.html'", None),
            ("app b c.html a.html", "app 'b c.html' a.html", None),
            (
                "app file:///home/ada/a.html --x",
                "app file:///home/ada/a.html --x",
                None,
            ),
            ("app --name=a  b", "app '--name=a  b'", None),
            ("app --load= --x  ", "app --load= --x", None),
            ("app --load= work", "app --load= work", None),
            ("app - --x", "app - --x", None),
            ("app work", "app work", None),
            // Nothing shows whether these are one argument or two.
            ("app my work", "app my work", Some("my")),
            ("app --title my work", "app --title my work", Some("my")),
            ("app /gone/b c.html", "app /gone/b c.html", Some("/gone/b")),
        ] {
            let found = found(title, "/usr/bin/app").unwrap();
            assert_eq!(found.argv, shell_words::split(expected).unwrap(), "{title}");
            let doubt = uncertain.map(|word| Doubt::WhichWords(word.to_owned()));
            assert_eq!(found.doubt, doubt, "{title}");
        }
    }

    #[test]
    fn a_long_line_takes_little_time() {
        let line = format!("app --a={}", "b ".repeat(30_000));
        let found = found(&line, "/usr/bin/app").unwrap();
        assert!(found.argv.len() > 29_000);
        assert_eq!(found.doubt, Some(Doubt::WhichWords("b".to_owned())));
    }

    #[test]
    fn only_lines_that_begin_with_the_program_are_split() {
        let argv = |title: &str, exe: &str| {
            let found = found(title, exe)?;
            let doubt = if found.doubt.is_some() { "?" } else { "" };
            Some(found.argv.join("|") + doubt)
        };
        for (title, exe, expected) in [
            (
                "/opt/my app/app --a",
                "/opt/my app/app",
                Some("/opt/my app/app|--a"),
            ),
            ("app: working", "/usr/bin/app", Some("/usr/bin/app?")),
            ("app", "/usr/bin/app", None),
            ("/opt/my app", "/opt/my app", None),
        ] {
            assert_eq!(argv(title, exe).as_deref(), expected, "{title}");
        }
    }
}
