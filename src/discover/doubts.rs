//! Reasons why a command may not work on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::candidate::{Discovered, Doubt};
use super::command_line::{base_name, below_home};
use super::file_url::local_file;
use super::machine::Machine;
use super::terminal_arguments::Arguments;
use super::terminal_table::Terminal;
use super::wrappers;
use crate::layout::{Command, vars};

/// Checks a command as it is started.
pub(super) fn checked(
    argv: &[String],
    cwd: Option<&Path>,
    lost: Option<PathBuf>,
    machine: &dyn Machine,
) -> Vec<Doubt> {
    let mut doubts = of_words(argv, cwd, machine);
    let short = |path: &Path| short(&path.to_string_lossy(), machine);
    match (cwd, lost) {
        (Some(cwd), _) if !machine.is_directory(cwd) => {
            doubts.push(Doubt::NoDirectory(short(cwd)));
        }
        (Some(_), _) | (None, None) => {}
        (None, Some(lost)) => doubts.push(Doubt::LostDirectory(short(&lost))),
    }
    doubts
}

/// Returns the path as layouts and their comments write it.
fn short(path: &str, machine: &dyn Machine) -> String {
    below_home(path, machine.home()).unwrap_or_else(|| path.to_owned())
}

/// Checks the words of a command, which is started in this directory.
fn of_words(argv: &[String], cwd: Option<&Path>, machine: &dyn Machine) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let short = |path: &str| short(path, machine);
    let absolute = |file: &str| match (file.starts_with('/'), cwd.or(machine.home())) {
        (false, Some(directory)) => directory.join(file),
        _ => PathBuf::from(file),
    };
    if let Some(program) = argv.first() {
        if !program.contains('/') {
            if machine.find(program).is_none() {
                doubts.push(Doubt::NoProgram(program.clone()));
            }
        } else if !machine.is_program(&absolute(program)) {
            doubts.push(Doubt::NotExecutable(short(program)));
        }
    }
    let script = wrappers::script(argv).and_then(|script| argv.get(script));
    if let Some(script) = script.filter(|script| !machine.is_file(&absolute(script))) {
        doubts.push(Doubt::NoFile(short(script)));
    }
    // The program inside a terminal is started in the same directory.
    if let Some((program, arguments)) = argv.split_first()
        && let Some(terminal) = Terminal::of_program(base_name(program))
    {
        let run = Arguments::of(terminal, arguments, false).run;
        // xterm(1) and others pass a single argument with spaces to a shell.
        let is_line = |run: &Vec<String>| run.len() == 1 && run[0].contains(' ');
        if let Some(run) = run.filter(|run| !is_line(run)) {
            doubts.extend(of_words(&run, cwd, machine));
        }
    } else {
        doubts.extend(lost_input(argv, machine));
    }
    doubts
}

/// Directories whose files programs remove when they end, or that are emptied at start.
const TEMPORARY: [&str; 4] = ["/tmp/", "/var/tmp/", "/dev/shm/", "/run/user/"];

/// Returns the arguments that name input which only this run of the program had: standard
/// input, a file descriptor, or a temporary file that was removed.
fn lost_input(argv: &[String], machine: &dyn Machine) -> Vec<Doubt> {
    let before = argv.iter();
    let pairs = before.zip(argv.iter().skip(1));
    let lost = pairs.filter_map(|(before, argument)| {
        if argument == "-" {
            // `su -` has another meaning.
            let is_input = base_name(before) != "su";
            return is_input.then(|| Doubt::LostInput(argument.clone()));
        }
        let value = match argument.split_once('=') {
            Some((option, value)) if option.starts_with('-') => value,
            _ => argument,
        };
        let path = local_file(value).unwrap_or_else(|| PathBuf::from(value));
        let text = path.to_str()?;
        if is_descriptor(text) {
            return Some(Doubt::LostInput(text.to_owned()));
        }
        let is_temporary = TEMPORARY.iter().any(|folder| text.starts_with(folder));
        let is_gone = || !machine.is_file(&path) && !machine.is_directory(&path);
        (is_temporary && is_gone()).then(|| Doubt::NoFile(text.to_owned()))
    });
    lost.collect()
}

/// True for the path of an open file: `/dev/fd/63`, `/proc/self/fd/3`.
fn is_descriptor(path: &str) -> bool {
    let in_proc = || {
        let rest = path.strip_prefix("/proc/")?;
        let (_, rest) = rest.split_once('/')?;
        Some(rest.starts_with("fd/"))
    };
    path == "/dev/stdin" || path.starts_with("/dev/fd/") || in_proc() == Some(true)
}

/// Checks a command again of which a rule has replaced the command itself or the directory.
pub(super) fn recheck(found: &mut Discovered, command: bool, cwd: bool, machine: &dyn Machine) {
    if !command && !cwd {
        return;
    }
    found.doubts.retain(|doubt| match doubt {
        Doubt::NoDirectory(_) | Doubt::LostDirectory(_) | Doubt::WhichShell(_) => !cwd,
        // A relative path depends on the directory, so these are checked again.
        Doubt::NoProgram(_) | Doubt::NotExecutable(_) | Doubt::NoFile(_) | Doubt::LostInput(_) => {
            false
        }
        _ => !command,
    });
    let home = machine.home();
    let value = |text: &String| value(text, home);
    let place = found.cwd.as_ref().map(value);
    let is_known = place != Some(None);
    // As in `apply`, a relative directory is below the home directory.
    let place = place.flatten().map(|cwd| match home {
        Some(home) => home.join(cwd),
        None => PathBuf::from(cwd),
    });
    // The words up to the first with a variable of the environment.
    let words = found.command.as_ref().map(Command::words);
    let words = words.and_then(Result::ok).unwrap_or_default();
    let mut argv: Vec<String> = words.iter().map_while(value).collect();
    if !is_known {
        // Then only programs in PATH and absolute paths can be checked.
        let is_anywhere = |program: &String| !program.contains('/') || program.starts_with('/');
        argv.truncate(usize::from(argv.first().is_some_and(is_anywhere)));
    }
    for doubt in checked(&argv, place.as_deref(), None, machine) {
        if !found.doubts.contains(&doubt) {
            found.doubts.push(doubt);
        }
    }
}

/// Returns the value of a string in a layout file; `None` if it has a variable of the environment.
fn value(text: &str, home: Option<&Path>) -> Option<String> {
    let scope = vars::Values {
        vars: &BTreeMap::new(),
        env: &|_| None,
        home: home.and_then(Path::to_str),
    };
    scope.expand_path(text).ok()
}
