//! One command out of what is known about a window.
//!
//! The process's own command line is what was really run, so arguments that no desktop
//! entry has (files, options, `-e htop`) are kept. A desktop entry wins where it says the
//! same with a better name, and where the process says nothing.

use std::path::Path;

use super::command_line::{self, escape};
use super::entry::{self, Entry, Relation, base_name};
use super::secrets;
use crate::layout::{Command, CommandSource};
use crate::live::{Con, Pid, Process, WindowFacts};

/// How a window can be had again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discovered {
    /// What to run, as a layout file has it: variables escaped, secrets replaced.
    pub command: Command,
    /// Where to run it; `None` for the home directory, where programs start by default.
    pub cwd: Option<String>,
    /// Where the command came from.
    pub source: CommandSource,
    /// The command line of the process, where the command came from elsewhere; secrets
    /// are `***`.
    pub process: Option<String>,
    /// The environment variables that the command wants instead of secrets.
    pub secrets: Vec<String>,
}

/// Why there is no command for a window.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCommand {
    /// Neither the window nor the X server names a process.
    #[error("nothing says which process the window belongs to")]
    NoProcess,
    /// The process could not be read.
    #[error("process {} has ended or cannot be read", .0.0)]
    Unreadable(Pid),
    /// The process shows no command line, as kernel threads and the dying do.
    #[error("its process has no command line")]
    NoCommandLine,
    /// The command line is no text, and a layout file is.
    #[error("its command line is not UTF-8")]
    NotText,
}

/// What the machine says, as values and questions that a test can answer.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The home directory.
    pub home: Option<&'a Path>,
    /// Whether `PATH` has a program of this name.
    pub is_program: &'a dyn Fn(&str) -> bool,
    /// Whether the bare name, looked up in `PATH`, is the program in this file.
    pub is_named: &'a dyn Fn(&str, &Path) -> bool,
    /// The desktop entries; asked only when the process does not explain the window.
    pub entries: &'a dyn Fn() -> &'a [Entry],
}

/// The command that opens the window again.
pub fn discover(
    con: &Con,
    facts: Option<&WindowFacts>,
    around: &Surroundings,
) -> Result<Discovered, NoCommand> {
    let process = facts.and_then(|facts| facts.process.as_ref());
    let known = match (process, facts.and_then(WindowFacts::pid)) {
        (Some(process), _) => arguments(process, around),
        (None, Some(pid)) => Err(NoCommand::Unreadable(pid)),
        (None, None) => Err(NoCommand::NoProcess),
    };
    let argv = known.as_deref().unwrap_or_default();
    let written = argv.first().is_some_and(|program| {
        if program.contains('/') {
            (around.is_named)(base_name(program), Path::new(program))
        } else {
            (around.is_program)(program)
        }
    });
    let entry = if written {
        None
    } else {
        better_entry(con, argv, (around.entries)())
    };
    let cwd = process.and_then(|process| directory(process, around.home));
    match (entry, known) {
        (Some(entry), known) => Ok(finish(
            &entry.argv,
            cwd,
            CommandSource::DesktopEntry,
            known
                .ok()
                .map(|argv| command_line::quote(&secrets::masked(&argv))),
            around,
        )),
        (None, Ok(argv)) => Ok(finish(&argv, cwd, CommandSource::Process, None, around)),
        (None, Err(reason)) => Err(reason),
    }
}

fn finish(
    argv: &[String],
    cwd: Option<String>,
    source: CommandSource,
    process: Option<String>,
    around: &Surroundings,
) -> Discovered {
    let (mut arguments, secrets) = secrets::replaced(argv);
    if let (Some(program), Some(file)) = (arguments.first_mut(), argv.first())
        && file.starts_with('/')
        && (around.is_named)(base_name(file), Path::new(file))
    {
        *program = escape(base_name(file));
    }
    for argument in &mut arguments {
        if let Some(short) = below_home(argument, around.home) {
            *argument = short;
        }
    }
    Discovered {
        command: command_line::command(arguments),
        cwd,
        source,
        process: process.map(|line| escape(&line)),
        secrets,
    }
}

/// The entry that says better what the process says, or says it where the process is
/// silent.
fn better_entry<'a>(con: &Con, argv: &[String], entries: &'a [Entry]) -> Option<&'a Entry> {
    let properties = con.properties.as_ref();
    let (entry, relation) = entry::matching(
        entries,
        properties.and_then(|properties| properties.class.as_deref()),
        properties.and_then(|properties| properties.instance.as_deref()),
        argv,
    )?;
    let Some((program, arguments)) = argv.split_first() else {
        // By the window alone, so by its names; there is no program to compare.
        return Some(entry);
    };
    let same_arguments = entry.arguments() == arguments;
    // A wrapper hands options of its own to another program, which has none left of what
    // the entry gave. Of the same program, other arguments mean another window.
    let wrapper = relation > Relation::Program
        && arguments.is_empty()
        && base_name(program) != entry.program();
    (same_arguments || wrapper).then_some(entry)
}

/// The command line of a process, with a program that can be started.
fn arguments(process: &Process, around: &Surroundings) -> Result<Vec<String>, NoCommand> {
    let mut argv = process.argv.clone();
    let exe = process.exe.as_deref();
    if let [title] = argv.as_slice()
        && let Some(exe) = exe
        && title.contains(' ')
        && exe.file_name().and_then(|name| name.to_str()) != Some(base_name(title))
    {
        argv = rewritten(title, exe);
    }
    if argv.iter().any(|argument| argument.contains('\u{fffd}')) {
        return Err(NoCommand::NotText);
    }
    let program = argv
        .first_mut()
        .filter(|program| !program.is_empty())
        .ok_or(NoCommand::NoCommandLine)?;
    let same_name = |exe: &&Path| {
        exe.file_name()
            .is_some_and(|name| name == base_name(program))
    };
    let better = if program.starts_with('/') {
        None
    } else if program.starts_with('-') {
        // A login shell's name is no program.
        exe.map(Path::to_path_buf)
    } else if program.contains('/') {
        // Relative to a directory that the process may have left since.
        exe.filter(same_name)
            .map(Path::to_path_buf)
            .or_else(|| Some(process.cwd.as_ref()?.join(&*program)))
    } else if (around.is_program)(program) {
        None
    } else {
        exe.filter(same_name).map(Path::to_path_buf)
    };
    if let Some(file) = better.as_deref().and_then(Path::to_str) {
        file.clone_into(program);
    }
    Ok(argv)
}

/// The arguments of a program that wrote one string over them: its words, where the first
/// is the program's own name, else only the program.
fn rewritten(title: &str, exe: &Path) -> Vec<String> {
    let words: Vec<String> = title.split_whitespace().map(str::to_owned).collect();
    let exe_name = exe.file_name().and_then(|name| name.to_str());
    match words.first() {
        Some(first) if Some(base_name(first)) == exe_name => words,
        _ => exe.to_str().map(str::to_owned).into_iter().collect(),
    }
}

fn directory(process: &Process, home: Option<&Path>) -> Option<String> {
    let cwd = process.cwd.as_deref()?;
    if Some(cwd) == home {
        return None;
    }
    let cwd = escape(cwd.to_str()?);
    Some(below_home(&cwd, home).unwrap_or(cwd))
}

/// `~/…` for a path below the home directory.
fn below_home(path: &str, home: Option<&Path>) -> Option<String> {
    let home = home?.to_str().filter(|home| home.len() > 1)?;
    let rest = path.strip_prefix(home.trim_end_matches('/'))?;
    rest.starts_with('/').then(|| format!("~{rest}"))
}

impl std::fmt::Debug for Surroundings<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Surroundings")
            .field("home", &self.home)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::XId;
    use crate::live::build::{FIRST_XID, one_output, win, workspace};

    fn entry(id: &str, class: Option<&str>, exec: &str) -> Entry {
        Entry {
            id: id.to_owned(),
            argv: exec.split(' ').map(str::to_owned).collect(),
            startup_wm_class: class.map(str::to_owned),
            terminal: false,
        }
    }

    /// What is discovered for a window of class `App`, as `command | cwd | source`.
    fn check(process: Option<Process>) -> String {
        let desktop = one_output([workspace("1", [win("app")])]);
        let con = desktop.tree.windows().next().unwrap();
        assert!(con.window > Some(XId(FIRST_XID)));
        let entries = [
            entry("app", Some("App"), "app"),
            entry("app-fast", Some("App"), "app --fast"),
        ];
        let around = Surroundings {
            home: Some(Path::new("/home/me")),
            is_program: &|name| name != "unknown",
            is_named: &|name, file| file == Path::new("/usr/bin").join(name),
            entries: &|| &entries,
        };
        let facts = WindowFacts {
            claimed_pid: Some(Pid(7)),
            process,
            ..WindowFacts::default()
        };
        match discover(con, Some(&facts), &around) {
            Ok(found) => {
                let command = match found.command {
                    Command::Line(line) => line,
                    Command::Args(list) => format!("{list:?}"),
                };
                let cwd = found.cwd.unwrap_or_default();
                format!("{command} | {cwd} | {:?}", found.source)
            }
            Err(reason) => reason.to_string(),
        }
    }

    fn process(argv: &[&str]) -> Process {
        Process {
            argv: argv.iter().map(|&text| text.to_owned()).collect(),
            ..Process::default()
        }
    }

    #[test]
    fn commands_as_a_person_would_write_them() {
        let table: [(&[&str], &str); 13] = [
            (&["xterm"], "xterm |  | Process"),
            (
                &["/usr/bin/xterm", "-e", "htop"],
                "xterm -e htop |  | Process",
            ),
            (
                &["/opt/x/xterm", "-e", "htop"],
                "/opt/x/xterm -e htop |  | Process",
            ),
            (&["gvim", "/home/me/a b"], "gvim '~/a b' |  | Process"),
            (
                &["/home/me/bin/x", "/home/men"],
                "~/bin/x /home/men |  | Process",
            ),
            // A wrapper's inner program, and the name that people know.
            (&["/usr/lib/app/app.bin"], "app |  | DesktopEntry"),
            (
                &["/usr/lib/app/app.bin", "--fast"],
                "app --fast |  | DesktopEntry",
            ),
            (
                &["/usr/lib/app/app.bin", "notes.txt"],
                "/usr/lib/app/app.bin notes.txt |  | Process",
            ),
            (
                &["python3", "/usr/bin/app"],
                "python3 /usr/bin/app |  | Process",
            ),
            (&["app", "${x}", "$y"], "app $${x} $y |  | Process"),
            (&["app", "a\nb"], "[\"app\", \"a\\nb\"] |  | Process"),
            // By the window alone.
            (&[], "app |  | DesktopEntry"),
            (&["app", "\u{fffd}"], "app |  | DesktopEntry"),
        ];
        for (argv, expected) in table {
            assert_eq!(check(Some(process(argv))), expected, "{argv:?}");
        }
        assert_eq!(check(None), "app |  | DesktopEntry");
    }

    #[test]
    fn the_directory_is_left_out_at_home() {
        for (cwd, expected) in [
            ("/home/me", "x |  | Process"),
            ("/home/me/src", "x | ~/src | Process"),
            ("/home/men", "x | /home/men | Process"),
            ("/", "x | / | Process"),
            ("/srv/${a}", "x | /srv/$${a} | Process"),
        ] {
            let cwd = Some(cwd.into());
            let process = Process {
                cwd,
                ..process(&["x"])
            };
            assert_eq!(check(Some(process)), expected);
        }
    }

    #[test]
    fn command_lines_that_programs_wrote_over() {
        let around = Surroundings {
            home: None,
            is_program: &|name| name == "gvim",
            is_named: &|_, _| false,
            entries: &|| &[],
        };
        let table: [(&[&str], &str, &[&str]); 8] = [
            (
                &["/opt/c/chrome --type=x"],
                "/opt/c/chrome",
                &["/opt/c/chrome", "--type=x"],
            ),
            (&["chrome: a tab"], "/opt/c/chrome", &["/opt/c/chrome"]),
            (
                &["/opt/My App/run it"],
                "/opt/My App/run it",
                &["/opt/My App/run it"],
            ),
            (&["./run", "x"], "/srv/run", &["/srv/run", "x"]),
            (&["./link", "x"], "/srv/run", &["/cwd/./link", "x"]),
            (&["-zsh"], "/usr/bin/zsh", &["/usr/bin/zsh"]),
            // Started as `vim` it would be another program.
            (&["gvim", "x"], "/usr/bin/vim.gtk3", &["gvim", "x"]),
            (&["tool"], "/opt/tool", &["/opt/tool"]),
        ];
        for (argv, exe, expected) in table {
            let process = Process {
                exe: Some(exe.into()),
                cwd: Some("/cwd".into()),
                ..process(argv)
            };
            assert_eq!(arguments(&process, &around).unwrap(), expected, "{argv:?}");
        }
    }

    #[test]
    fn without_process_or_entry_there_is_a_reason() {
        let desktop = one_output([workspace("1", [win("app")])]);
        let con = desktop.tree.windows().next().unwrap();
        let around = Surroundings {
            home: None,
            is_program: &|_| false,
            is_named: &|_, _| false,
            entries: &|| &[],
        };
        let reason =
            |facts: Option<WindowFacts>| discover(con, facts.as_ref(), &around).unwrap_err();
        assert_eq!(reason(None), NoCommand::NoProcess);
        let gone = WindowFacts {
            server_pid: Some(Pid(7)),
            ..WindowFacts::default()
        };
        assert_eq!(reason(Some(gone)), NoCommand::Unreadable(Pid(7)));
        let silent = WindowFacts {
            process: Some(Process::default()),
            ..WindowFacts::default()
        };
        assert_eq!(reason(Some(silent)), NoCommand::NoCommandLine);
    }
}
