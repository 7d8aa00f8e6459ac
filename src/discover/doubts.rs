//! Reasons to doubt that a command works on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::candidate::Doubt;
use super::command_line::below_home;
use super::machine::Machine;
use super::wrappers;
use crate::layout::{Command, vars};

/// Of a command as it is started.
pub(super) fn checked(
    argv: &[String],
    cwd: Option<&Path>,
    lost: Option<PathBuf>,
    machine: &dyn Machine,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    // A layout names no home directory, and neither do its comments.
    let short = |path: &str| below_home(path, machine.home()).unwrap_or_else(|| path.to_owned());
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
    let gone = cwd
        .filter(|cwd| !machine.is_directory(cwd))
        .map(Path::to_path_buf);
    if let Some(gone) = gone.or(lost) {
        doubts.push(Doubt::NoDirectory(short(&gone.to_string_lossy())));
    }
    doubts
}

/// The parts of a discovery that a rule has replaced.
#[derive(Clone, Copy, Debug)]
pub(super) struct Replaced {
    pub(super) command: bool,
    pub(super) cwd: bool,
}

/// The doubts about a command and its directory as a layout file has them, where there
/// were these about what was discovered.
pub(super) fn doubts(
    mut before: Vec<Doubt>,
    replaced: Replaced,
    command: Option<&Command>,
    cwd: Option<&str>,
    machine: &dyn Machine,
) -> Vec<Doubt> {
    if !replaced.command && !replaced.cwd {
        return before;
    }
    before.retain(|doubt| match doubt {
        Doubt::NoDirectory(_) | Doubt::WhichShell(_) => !replaced.cwd,
        // A relative path is another one in another directory, so it is looked at again.
        Doubt::NoProgram(_) | Doubt::NotExecutable(_) | Doubt::NoFile(_) => false,
        _ => !replaced.command,
    });
    let home = machine.home();
    let place = cwd.map(|cwd| value(cwd, home));
    let is_known = place != Some(None);
    // As at apply: what is not absolute is below the home directory.
    let place = place.flatten().map(|cwd| match home {
        Some(home) => home.join(cwd),
        None => PathBuf::from(cwd),
    });
    let mut argv = command.map_or_else(Vec::new, |command| words(command, home));
    if !is_known {
        // Then only what is looked up in PATH or is absolute can be found.
        let is_anywhere = |program: &String| !program.contains('/') || program.starts_with('/');
        argv.truncate(usize::from(argv.first().is_some_and(is_anywhere)));
    }
    for doubt in checked(&argv, place.as_deref(), None, machine) {
        if !before.contains(&doubt) {
            before.push(doubt);
        }
    }
    before
}

/// The words of the command up to the first that only the environment knows.
fn words(command: &Command, home: Option<&Path>) -> Vec<String> {
    let words = command.words().unwrap_or_default();
    words.iter().map_while(|word| value(word, home)).collect()
}

/// The value of a text of a layout file; `None` where only the environment knows it.
fn value(text: &str, home: Option<&Path>) -> Option<String> {
    let scope = vars::Values {
        vars: &BTreeMap::new(),
        env: &|_| None,
        home: home.and_then(Path::to_str),
    };
    scope.expand_path(text).ok()
}
