//! The command line of a process as a person would have typed it.

use std::path::{Path, PathBuf};

use super::candidate::NoCommand;
use super::command_line::base_name;
use super::machine::Machine;
use super::wrappers;
use crate::live::Process;

/// A command line that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The arguments, the program first.
    pub(super) argv: Vec<String>,
    /// True if it is what a person would type: the program by the name that `PATH` has
    /// it by.
    pub(super) plain: bool,
}

/// Directories in which a program needs no explanation.
const PROGRAM_DIRECTORIES: [&str; 7] = [
    "/",
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/games",
];

/// Options that name an open file, which only the child of the program that adds them has:
/// that of the splash screen of `soffice`.
const INHERITED: [&str; 1] = ["--splash-pipe="];

/// The command line of a process, with a program that can be started.
pub(super) fn typed(process: &Process, machine: &dyn Machine) -> Result<Typed, NoCommand> {
    let argv = startable(process, machine)?;
    Ok(match without_added(&argv, machine) {
        // The name is that of the script, and an entry may know a better one.
        Some(argv) => Typed { argv, plain: false },
        None => shortest(argv, process.cwd.as_deref(), machine),
    })
}

/// The same by the script of `PATH` that started it, without the options which that added
/// to what it was told.
fn without_added(argv: &[String], machine: &dyn Machine) -> Option<Vec<String>> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let found = machine.find(name)?;
    if Path::new(program) == found {
        return None;
    }
    let added = wrappers::added_by(name, &machine.script(&found)?, arguments);
    let told = arguments.get(added..).filter(|_| added > 0)?;
    let words = std::iter::once(name.to_owned());
    Some(words.chain(told.iter().cloned()).collect())
}

/// The script of `PATH` that runs this class of `java` from this archive.
fn of_java_class(argv: &[String], machine: &dyn Machine) -> Option<Typed> {
    let java = wrappers::java_class(argv)?;
    let name = java.class_path.iter().find_map(|archive| {
        let names = wrappers::likely_names(Path::new(archive)).into_iter();
        names.into_iter().find(|name| {
            let text = machine.find(name).and_then(|found| machine.script(&found));
            text.is_some_and(|text| text.contains(archive) && text.contains(java.class))
        })
    })?;
    let words = std::iter::once(name);
    Some(Typed {
        argv: words.chain(java.arguments.iter().cloned()).collect(),
        plain: true,
    })
}

/// The same command by the shortest name that means it.
pub(super) fn shortest(argv: Vec<String>, cwd: Option<&Path>, machine: &dyn Machine) -> Typed {
    if let Some(script) = wrappers::script(&argv)
        && let Some(file) = argv.get(script)
    {
        return of_script(&argv, script, absolute(file, cwd).as_deref(), machine);
    }
    if let Some(typed) = of_java_class(&argv, machine) {
        return typed;
    }
    let Some(program) = argv.first() else {
        return Typed { argv, plain: false };
    };
    let name = if program.contains('/') {
        known_name(Path::new(program), machine)
    } else {
        machine.find(program).map(|_| program.clone())
    };
    let Some(name) = name else {
        return Typed { argv, plain: false };
    };
    let name = started_by(&name, machine).unwrap_or(name);
    let plain = !wrappers::is_interpreter(&name);
    let rest = argv.get(1..).unwrap_or_default();
    let argv = std::iter::once(name).chain(rest.iter().cloned()).collect();
    Typed { argv, plain }
}

/// The command of a script, at this position after its interpreter and in this file.
fn of_script(argv: &[String], script: usize, path: Option<&Path>, machine: &dyn Machine) -> Typed {
    let (interpreter, rest) = argv.split_at(script);
    let mut rest = rest.get(1..).unwrap_or_default();
    let text = || machine.script(path?);
    if let [first, after @ ..] = rest
        && first == "--"
        && text().is_some_and(|text| text.contains("\"$0\" --"))
    {
        // A script of Tcl is one for the shell, too, and begins with
        // `exec wish "$0" -- "$@"`.
        rest = after;
    }
    let started_by = |program: String| {
        let words = std::iter::once(program);
        words.chain(rest.iter().cloned()).collect()
    };
    if let Some(name) = path.and_then(|path| known_name(path, machine)) {
        let argv = started_by(name);
        return Typed { argv, plain: true };
    }
    let names_interpreter = text().is_some_and(|text| wrappers::runs_itself(&text, interpreter));
    let argv = path
        .filter(|path| names_interpreter && machine.is_program(path))
        // Without the `.` of `./notes`.
        .map(|path| path.components().collect::<PathBuf>())
        .and_then(|path| path.to_str().map(str::to_owned))
        .map_or_else(|| argv.to_vec(), started_by);
    Typed { argv, plain: false }
}

/// The script of `PATH` that starts this program of `PATH`: `tool` for `tool.real`.
fn started_by(program: &str, machine: &dyn Machine) -> Option<String> {
    let names = wrappers::likely_names(Path::new(program)).into_iter();
    names.filter(|name| name != program).find(|name| {
        let text = machine.find(name).and_then(|found| machine.script(&found));
        text.is_some_and(|text| text.contains(program))
    })
}

/// The name in `PATH` that starts this file: itself, or a script that runs it.
fn known_name(file: &Path, machine: &dyn Machine) -> Option<String> {
    let own = file.file_name()?.to_str()?;
    if machine.is_named(own, file) {
        return Some(own.to_owned());
    }
    let path = file.to_str()?;
    let folder = file.parent()?.to_str()?;
    wrappers::likely_names(file).into_iter().find(|name| {
        // The wrapper beside `.name-wrapped` is what `PATH` has.
        let beside = file.with_file_name(name);
        if wrappers::plain_name(own) != own && machine.is_named(name, &beside) {
            return true;
        }
        let Some(text) = machine.find(name).and_then(|found| machine.script(&found)) else {
            return false;
        };
        let said = !PROGRAM_DIRECTORIES.contains(&folder)
            && own.starts_with(name.as_str())
            && text.contains(folder);
        said || text.contains(path)
    })
}

fn absolute(file: &str, cwd: Option<&Path>) -> Option<PathBuf> {
    if file.starts_with('/') {
        Some(PathBuf::from(file))
    } else {
        Some(cwd?.join(file))
    }
}

/// The command line of a process, with a program that can be started.
fn startable(process: &Process, machine: &dyn Machine) -> Result<Vec<String>, NoCommand> {
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
    argv.retain(|argument| !INHERITED.iter().any(|option| argument.starts_with(option)));
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
    } else if machine.find(program).is_some() {
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
    let whole = exe.to_str().map(str::to_owned);
    // Its path may have blanks, too.
    if let Some(exe) = &whole
        && let Some(rest) = title.strip_prefix(exe.as_str())
        && rest.starts_with(' ')
    {
        let words = rest.split_whitespace().map(str::to_owned);
        return std::iter::once(exe.clone()).chain(words).collect();
    }
    let words: Vec<String> = title.split_whitespace().map(str::to_owned).collect();
    let exe_name = exe.file_name().and_then(|name| name.to_str());
    match words.first() {
        Some(first) if Some(base_name(first)) == exe_name => words,
        _ => whole.into_iter().collect(),
    }
}
