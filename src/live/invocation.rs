//! Command lines, and whether two of them start the same program.

use std::path::{Component, Path, PathBuf};

use super::{Invocation, Process, WindowFacts};

/// A command line with the directory in which its relative paths are.
#[derive(Clone, Copy, Debug)]
pub struct CommandLine<'a> {
    /// The program and its arguments.
    pub argv: &'a [String],
    /// The working directory, if it is known.
    pub directory: Option<&'a Path>,
}

impl WindowFacts {
    /// True if this command opens the window again: it is the command line of the process, or the
    /// command that `capture` writes for the window. The directory counts if `in_directory`.
    pub fn is_opened_by(&self, command: CommandLine<'_>, in_directory: bool) -> bool {
        let cwd = command.directory.filter(|_| in_directory);
        let is_written = self.command.as_ref().is_some_and(|written| {
            let is_there = cwd.is_none() || written.cwd.as_deref() == cwd;
            is_there && is_same_command(command, written.line())
        });
        is_written || self.runs(command) && cwd.is_none_or(|cwd| self.is_in(cwd))
    }

    /// True if the process has this command line.
    pub fn runs(&self, command: CommandLine<'_>) -> bool {
        let process = self.process.as_ref();
        process.is_some_and(|process| is_same_command(command, process.line()))
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

impl Process {
    /// Its command line in its directory.
    pub fn line(&self) -> CommandLine<'_> {
        CommandLine {
            argv: &self.argv,
            directory: self.cwd.as_deref(),
        }
    }
}

impl Invocation {
    /// Its command line in its directory.
    pub fn line(&self) -> CommandLine<'_> {
        CommandLine {
            argv: &self.argv,
            directory: self.cwd.as_deref(),
        }
    }
}

/// The program that asks a running Emacs for a window.
pub const EMACS_CLIENT: &str = "emacsclient";

/// True if this command asks a running program for a window. The directory of the window's process is
/// then not that of the command.
pub fn asks_server(argv: &[String]) -> bool {
    let program = argv.first().map(|program| program.rsplit('/').next());
    program == Some(Some(EMACS_CLIENT))
}

/// The largest number of words before the path of a script: an interpreter and its options.
const MAX_INTERPRETER_WORDS: usize = 3;

/// True if two command lines start the same program with the same arguments. A program given
/// by its name is the same as one given by its path, and a script the same as its interpreter
/// with the path of the script: `meld a b` is `/usr/bin/python3 /usr/bin/meld a b`. A relative path
/// is the same as an absolute one of the same file.
pub fn is_same_command(planned: CommandLine<'_>, present: CommandLine<'_>) -> bool {
    runs_it(planned, present) || runs_it(present, planned)
}

/// True if `present` is the command, perhaps after an interpreter.
fn runs_it(command: CommandLine<'_>, present: CommandLine<'_>) -> bool {
    let Some((program, arguments)) = command.argv.split_first() else {
        return false;
    };
    let is_word = |one: &String, other: &String| {
        is_same_word((one, command.directory), (other, present.directory))
    };
    let is_it = |words: &[String]| {
        words.split_first().is_some_and(|(other, rest)| {
            let is_program = is_word(program, other)
                || program.contains('/') != other.contains('/')
                    && file_name(program) == file_name(other);
            let mut pairs = arguments.iter().zip(rest);
            is_program
                && rest.len() == arguments.len()
                && pairs.all(|(one, other)| is_word(one, other))
        })
    };
    let argv = present.argv;
    let script = argv.len().checked_sub(command.argv.len());
    let script = script.filter(|at| (1..=MAX_INTERPRETER_WORDS).contains(at));
    is_it(argv)
        || script.is_some_and(|at| {
            argv[at].contains('/') && is_interpreter(&argv[..at]) && is_it(&argv[at..])
        })
}

/// True if two words are equal, or paths of the same file, each in its directory.
fn is_same_word(one: (&str, Option<&Path>), other: (&str, Option<&Path>)) -> bool {
    if one.0 == other.0 {
        return true;
    }
    if !one.0.contains('/') && !other.0.contains('/') {
        return false;
    }
    let paths = absolute(one).zip(absolute(other));
    paths.is_some_and(|(one, other)| one == other)
}

/// The path without `.` and `..`; `None` if its directory is unknown.
fn absolute((word, directory): (&str, Option<&Path>)) -> Option<PathBuf> {
    let path = directory?.join(word);
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    Some(plain)
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
    use super::*;

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
            let line = |argv| CommandLine {
                argv,
                directory: None,
            };
            let is_same = is_same_command(line(&one), line(&other));
            assert_eq!(is_same, same, "{planned}: {present}");
            let is_same = is_same_command(line(&other), line(&one));
            assert_eq!(is_same, same, "{present}: {planned}");
        }
    }

    #[test]
    fn relative_paths_are_the_same_as_absolute_ones() {
        for (planned, present, directory, same) in [
            ("vi /u/src/a", "vi src/a", "/u", true),
            ("vi /u/src/a", "vi a", "/u/src", true),
            ("vi /u/src/a", "vi ./a", "/u/src", true),
            ("vi /u/src/a", "vi ../src/a", "/u/doc", true),
            ("vi /u/src/a", "vi a", "/u/doc", false),
            ("vi src/a", "vi a", "/u/src", true),
            ("vi a", "vi b", "/u", false),
            ("./vi /u/a", "/usr/bin/vi a", "/u", false),
            ("/u/bin/vi a", "bin/vi a", "/u", true),
        ] {
            let (one, other) = (words(planned), words(present));
            let planned_line = CommandLine {
                argv: &one,
                directory: Some(Path::new("/u")),
            };
            let present_line = CommandLine {
                argv: &other,
                directory: Some(Path::new(directory)),
            };
            let is_same = is_same_command(planned_line, present_line);
            assert_eq!(is_same, same, "{planned}: {present} in {directory}");
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
            let argv = words(argv);
            let line = CommandLine {
                argv: &argv,
                directory: cwd,
            };
            assert_eq!(facts.is_opened_by(line, true), expected, "{argv:?}");
        }
    }
}
