//! Command lines, and whether two of them start the same program.

use std::path::Path;

use super::{Process, WindowFacts};

impl WindowFacts {
    /// True if this command opens the window again: it is the command line of the process, or the
    /// command that `capture` writes for the window. The directory counts if it is given.
    pub fn is_opened_by(&self, argv: &[String], cwd: Option<&Path>) -> bool {
        let is_written = self.command.as_ref().is_some_and(|command| {
            let is_there = cwd.is_none() || command.cwd.as_deref() == cwd;
            is_there && is_same_command(argv, &command.argv)
        });
        is_written || self.runs(argv) && cwd.is_none_or(|cwd| self.is_in(cwd))
    }

    /// True if the process has this command line.
    pub fn runs(&self, argv: &[String]) -> bool {
        let process = self.process.as_ref();
        process.is_some_and(|process| is_same_command(argv, &process.argv))
    }

    /// True if the process, the shell inside its window, or a program in that shell is in the
    /// directory.
    pub fn is_in(&self, directory: &Path) -> bool {
        let inside = self.inside.as_ref();
        let shell = inside.map(|inside| &inside.shell);
        let job = inside.and_then(|inside| inside.job.as_ref());
        let all: [Option<&Process>; 3] = [self.process.as_ref(), shell, job];
        let mut all = all.into_iter().flatten();
        all.any(|process| process.cwd.as_deref() == Some(directory))
    }
}

/// The largest number of words before the path of a script: an interpreter and its options.
const MAX_INTERPRETER_WORDS: usize = 3;

/// True if two command lines start the same program with the same arguments. A program given
/// by its name is the same as one given by its path, and a script the same as its interpreter
/// with the path of the script: `meld a b` is `/usr/bin/python3 /usr/bin/meld a b`.
pub fn is_same_command(planned: &[String], present: &[String]) -> bool {
    runs_it(planned, present) || runs_it(present, planned)
}

/// True if `present` is the command, perhaps after an interpreter.
fn runs_it(command: &[String], present: &[String]) -> bool {
    let Some((program, arguments)) = command.split_first() else {
        return false;
    };
    let is_it = |present: &[String]| {
        present.split_first().is_some_and(|(other, rest)| {
            rest == arguments
                && (program == other
                    || (program.contains('/') != other.contains('/')
                        && file_name(program) == file_name(other)))
        })
    };
    let script = present.len().checked_sub(command.len());
    let script = script.filter(|at| (1..=MAX_INTERPRETER_WORDS).contains(at));
    is_it(present)
        || script.is_some_and(|at| {
            present[at].contains('/') && is_interpreter(&present[..at]) && is_it(&present[at..])
        })
}

/// True if the words before a script can be those of an interpreter: a program and its options,
/// but not the option of a terminal before a command.
fn is_interpreter(words: &[String]) -> bool {
    let is_option = |word: &String| {
        word.starts_with('-') && !matches!(word.as_str(), "-e" | "-x" | "-c" | "--")
    };
    words.iter().skip(1).all(is_option)
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::live::Invocation;

    fn words(line: &str) -> Vec<String> {
        shell_words::split(line).unwrap()
    }

    #[test]
    fn same_command_in_other_words() {
        for (planned, present, same) in [
            ("meld a b", "/usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 -u /usr/bin/meld a b", true),
            ("meld a b", "/usr/bin/python3 /usr/bin/meld a c", false),
            ("meld a b", "/usr/bin/python3 meld a b", false),
            ("/opt/meld a", "/usr/bin/python3 /usr/bin/meld a", false),
            ("/opt/meld a", "/usr/bin/python3 /opt/meld a", true),
            ("/opt/meld a", "/usr/bin/meld a", false),
            ("less f", "xterm -e less f", false),
            ("less f", "xterm -e /usr/bin/less f", false),
            ("meld", "", false),
            ("", "meld", false),
            ("", "", false),
        ] {
            let (one, other) = (words(planned), words(present));
            assert_eq!(is_same_command(&one, &other), same, "{planned}: {present}");
            assert_eq!(is_same_command(&other, &one), same, "{present}: {planned}");
        }
    }

    #[test]
    fn a_window_is_opened_by_what_capture_writes() {
        let directory = Some(PathBuf::from("/src"));
        let facts = WindowFacts {
            process: Some(Process {
                argv: words("xterm"),
                cwd: Some("/".into()),
                ..Process::default()
            }),
            command: Some(Invocation {
                argv: words("xterm -e less a"),
                cwd: directory.clone(),
            }),
            ..WindowFacts::default()
        };
        for (argv, cwd, expected) in [
            ("xterm -e less a", directory.as_deref(), true),
            ("xterm -e less a", None, true),
            ("xterm -e less a", Some(Path::new("/")), false),
            ("xterm -e less b", None, false),
            // The command line of the process, in its directory.
            ("xterm", None, true),
            ("xterm", Some(Path::new("/")), true),
            ("xterm", directory.as_deref(), false),
        ] {
            assert_eq!(facts.is_opened_by(&words(argv), cwd), expected, "{argv}");
        }
    }
}
