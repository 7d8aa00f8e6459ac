//! Reasons why a command may not work on this machine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::candidate::{Discovered, Doubt};
use super::command_line::below_home;
use super::machine::Machine;
use super::wrappers;
use crate::layout::{Command, vars};

/// Checks a command as it is started.
pub(super) fn checked(
    argv: &[String],
    cwd: Option<&Path>,
    lost: Option<PathBuf>,
    machine: &dyn Machine,
) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    // Layouts and their comments write `~` for the home directory.
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
    match (cwd, lost) {
        (Some(cwd), _) if !machine.is_directory(cwd) => {
            doubts.push(Doubt::NoDirectory(short(&cwd.to_string_lossy())));
        }
        (Some(_), _) | (None, None) => {}
        (None, Some(lost)) => doubts.push(Doubt::LostDirectory(short(&lost.to_string_lossy()))),
    }
    doubts
}

/// Checks a command again of which a rule has replaced the command itself or the directory.
pub(super) fn recheck(found: &mut Discovered, command: bool, cwd: bool, machine: &dyn Machine) {
    if !command && !cwd {
        return;
    }
    found.doubts.retain(|doubt| match doubt {
        Doubt::NoDirectory(_) | Doubt::LostDirectory(_) | Doubt::WhichShell(_) => !cwd,
        // A relative path depends on the directory, so these are checked again.
        Doubt::NoProgram(_) | Doubt::NotExecutable(_) | Doubt::NoFile(_) => false,
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
