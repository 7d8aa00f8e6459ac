//! The command line of a process as a user would have typed it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::candidate::NoCommand;
use super::command_line::{base_name, with_program};
use super::hidden;
use super::machine::Machine;
use super::start_script::{self, Given};
use super::wrappers;
use crate::live::Process;

/// A command line that can be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    /// The arguments, the program first.
    pub(super) argv: Vec<String>,
    /// True if a user would type it like this, with a program in `PATH`.
    pub(super) plain: bool,
}

/// Directories of programs, which are not part of a program's identity.
const PROGRAM_DIRECTORIES: [&str; 7] = [
    "/",
    "/bin",
    "/sbin",
    "/usr/bin",
    "/usr/sbin",
    "/usr/local/bin",
    "/usr/games",
];

/// True if it is a directory of programs, which is not part of a program's identity.
pub(super) fn is_program_directory(directory: &Path) -> bool {
    let mut known = PROGRAM_DIRECTORIES.iter();
    known.any(|&one| one != "/" && directory == Path::new(one))
}

/// Options that name an open file, which only the child of the program that adds them has: the
/// option of the splash screen of `soffice`.
const INHERITED: [&str; 1] = ["--splash-pipe="];

/// Returns the command line of a process, with a program that can be started.
pub(super) fn typed(process: &Process, machine: &dyn Machine) -> Result<Typed, NoCommand> {
    let (mut argv, _) = hidden::without(startable(process, machine)?);
    while let Some(option) = wrappers::input(&argv).cloned() {
        argv.retain(|argument| *argument != option);
    }
    if let Some(argv) = without_added(&argv, machine) {
        // The name is the script's; a desktop entry may have a better one.
        return Ok(Typed { argv, plain: false });
    }
    let short = shortest(argv.clone(), process.cwd.as_deref(), machine);
    Ok(through_script(short, &argv, process, machine))
}

/// Returns the command without the arguments that the script with its name in `PATH` adds: `tool a`
/// for `/usr/bin/tool -x a`, if the script runs `/usr/bin/tool -x "$@"`.
///
/// If the script adds arguments that the process does not have, or may have added arguments of the
/// process in a way that cannot be read, the command is the program that the script runs.
fn through_script(
    short: Typed,
    argv: &[String],
    process: &Process,
    machine: &dyn Machine,
) -> Typed {
    let (Some((name, rest)), Some((program, arguments))) =
        (short.argv.split_first(), argv.split_first())
    else {
        return short;
    };
    let found = machine.find(name);
    let Some((found, text)) =
        found.and_then(|found| Some((found.clone(), machine.script(&found)?)))
    else {
        return short;
    };
    // The process is the script itself.
    let script = wrappers::script(argv).and_then(|at| argv.get(at));
    if script.is_some_and(|script| base_name(script) == base_name(name)) {
        return short;
    }
    let called = Path::new(program);
    let files = process.exe.as_deref().into_iter().chain([called]);
    let mut results = files
        .clone()
        .map(|file| start_script::given(&text, file, arguments));
    let result = results.find(|result| *result != Given::Unknown);
    let is_open = match result {
        Some(Given::Arguments(rest)) => {
            return Typed {
                argv: with_program(name, rest),
                ..short
            };
        }
        Some(Given::NotStarted) => true,
        Some(Given::Unknown) | None => start_script::may_add(&text, rest),
    };
    let mut files = files.filter(|file| file.is_absolute() && *file != found);
    let file = files.find(|file| file.file_name() == Some(OsStr::new(name)));
    match file.and_then(Path::to_str).filter(|_| is_open) {
        Some(file) => Typed {
            argv: with_program(file, arguments),
            plain: false,
        },
        None => short,
    }
}

/// Returns the command with the script in `PATH` that started the program, without the options
/// that the script added.
fn without_added(argv: &[String], machine: &dyn Machine) -> Option<Vec<String>> {
    let (program, arguments) = argv.split_first()?;
    let name = base_name(program);
    let found = machine.find(name)?;
    if Path::new(program) == found {
        return None;
    }
    let added = wrappers::added_by(name, &machine.script(&found)?, arguments);
    let rest = arguments.get(added..).filter(|_| added > 0)?;
    Some(with_program(name, rest))
}

/// Returns the command with the script in `PATH` that runs this class of `java` from this
/// archive.
fn of_java_class(argv: &[String], machine: &dyn Machine) -> Option<Typed> {
    let java = wrappers::java_class(argv)?;
    let name = java.class_path.iter().find_map(|archive| {
        let mut names = wrappers::likely_names(Path::new(archive)).into_iter();
        names.find(|name| {
            let text = machine.script_in_path(name);
            text.is_some_and(|text| text.contains(archive) && text.contains(java.class))
        })
    })?;
    Some(Typed {
        argv: with_program(&name, java.arguments),
        plain: true,
    })
}

/// Returns the command with the shortest name for its program.
pub(super) fn shortest(argv: Vec<String>, cwd: Option<&Path>, machine: &dyn Machine) -> Typed {
    if let Some(script) = wrappers::script(&argv)
        && let Some(file) = argv.get(script)
    {
        let path = if file.starts_with('/') {
            Some(PathBuf::from(file))
        } else {
            cwd.map(|cwd| cwd.join(file))
        };
        return of_script(&argv, script, path.as_deref(), machine);
    }
    if let Some(typed) = of_java_class(&argv, machine) {
        return typed;
    }
    let name = argv.first().and_then(|program| {
        if program.contains('/') {
            known_name(Path::new(program), machine)
        } else {
            machine.find(program).map(|_| program.clone())
        }
    });
    let (Some(name), Some(rest)) = (name, argv.get(1..)) else {
        return Typed { argv, plain: false };
    };
    let name = started_by(&name, machine).unwrap_or(name);
    Typed {
        argv: with_program(&name, rest),
        plain: !wrappers::is_interpreter(&name),
    }
}

/// Returns the command of the script at this position after its interpreter, in this file.
fn of_script(argv: &[String], script: usize, path: Option<&Path>, machine: &dyn Machine) -> Typed {
    let (interpreter, rest) = argv.split_at(script);
    let mut rest = rest.get(1..).unwrap_or_default();
    let text = || machine.script(path?);
    if let [first, after @ ..] = rest
        && first == "--"
        && text().is_some_and(|text| text.contains("\"$0\" --"))
    {
        // A Tcl script is also a shell script that begins with `exec wish "$0" -- "$@"`.
        rest = after;
    }
    if let Some(name) = path.and_then(|path| known_name(path, machine)) {
        let argv = with_program(&name, rest);
        return Typed { argv, plain: true };
    }
    let names_interpreter = text().is_some_and(|text| wrappers::runs_itself(&text, interpreter));
    let argv = path
        .filter(|path| names_interpreter && machine.is_program(path))
        // Without the `.` of `./notes`.
        .map(|path| path.components().collect::<PathBuf>())
        .and_then(|path| Some(with_program(path.to_str()?, rest)))
        .unwrap_or_else(|| argv.to_vec());
    Typed { argv, plain: false }
}

/// Returns the script in `PATH` that starts this program in `PATH`: `tool` for `tool.real`.
fn started_by(program: &str, machine: &dyn Machine) -> Option<String> {
    let mut names = wrappers::likely_names(Path::new(program)).into_iter();
    names.find(|name| {
        let text = machine.script_in_path(name).filter(|_| name != program);
        text.is_some_and(|text| text.contains(program))
    })
}

/// Returns the name in `PATH` that starts this file: its own, or that of a script that runs it.
fn known_name(file: &Path, machine: &dyn Machine) -> Option<String> {
    let own = file.file_name()?.to_str()?;
    if machine.is_named(own, file) {
        return Some(own.to_owned());
    }
    let path = file.to_str()?;
    let folder = file.parent()?.to_str()?;
    wrappers::likely_names(file).into_iter().find(|name| {
        // The wrapper beside `.name-wrapped` is in `PATH`.
        let beside = file.with_file_name(name);
        if wrappers::plain_name(own) != own && machine.is_named(name, &beside) {
            return true;
        }
        let has_folder = !PROGRAM_DIRECTORIES.contains(&folder) && own.starts_with(name.as_str());
        machine
            .script_in_path(name)
            .is_some_and(|text| text.contains(path) || has_folder && text.contains(folder))
    })
}

/// Returns the command line of a process, with a program that can be started.
fn startable(process: &Process, machine: &dyn Machine) -> Result<Vec<String>, NoCommand> {
    let mut argv = process.argv.clone();
    let exe = process.exe.as_deref();
    let exe_name = exe.and_then(|exe| exe.file_name()?.to_str());
    if argv.iter().any(|argument| argument.contains('\u{fffd}')) {
        return Err(NoCommand::NotText);
    }
    argv.retain(|argument| !INHERITED.iter().any(|option| argument.starts_with(option)));
    let program = argv
        .first_mut()
        .filter(|program| !program.is_empty())
        .ok_or(NoCommand::NoCommandLine)?;
    let same_name = exe.filter(|_| exe_name == Some(base_name(program)));
    let better = if program.starts_with('/') {
        None
    } else if program.starts_with('-') {
        // A login shell, whose name is not a program.
        exe.map(Path::to_path_buf)
    } else if program.contains('/') {
        // Relative to a directory that the process may have left since.
        same_name
            .map(Path::to_path_buf)
            .or_else(|| Some(process.cwd.as_ref()?.join(&*program)))
    } else {
        same_name
            .filter(|_| machine.find(program).is_none())
            .map(Path::to_path_buf)
    };
    if let Some(file) = better.as_deref().and_then(Path::to_str) {
        file.clone_into(program);
    }
    Ok(argv)
}
