//! Programs that run another program as another user, in a container or in a sandbox:
//! `rules/sandboxes.yaml`.
//!
//! The command line of an isolated process means something else outside. The command that starts it
//! again is that of the program that isolated it, which waits for it as its parent, or as the client
//! of a container engine.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;

use super::candidate::Doubt;
use super::command_line::{base_name, with_program};
use super::data_file::{self, Words};
use super::hidden;
use super::isolation::Isolation;
use super::machine::Machine;
use super::start_command::OwnCommand;
use super::start_directory::StartDirectory;
use super::terminal_table::is_shell;
use super::typed::{Typed, is_program_directory, shortest, typed};
use super::wrappers;
use crate::live::Process;

/// The file as JSON.
const TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/sandboxes.json"));

static DATA: LazyLock<Data> = LazyLock::new(|| data_file::read(TEXT).unwrap_or_default());

/// The lists of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    #[serde(rename = "version")]
    _version: u64,
    users: Words,
    sandboxes: Words,
    clients: Words,
    open_files: BTreeMap<String, Words>,
    end_with_parent: BTreeMap<String, Words>,
}

/// The programs that start a system, whose command lines open no window.
const INIT: [&str; 3] = ["init", "systemd", "tini"];

/// Returns the name of the program in the list that a process runs: also as a script, or by a link
/// with another name, as firejail is used.
fn name_in<'a>(list: &'a [String], process: &Process, machine: &dyn Machine) -> Option<&'a str> {
    let program = process.argv.first()?;
    let script = wrappers::script(&process.argv).and_then(|at| process.argv.get(at));
    let exe = process.exe.as_deref().and_then(Path::to_str);
    let names = [Some(program), script].into_iter().flatten();
    let names: Vec<&str> = names
        .map(String::as_str)
        .chain(exe)
        .map(base_name)
        .collect();
    let is_link = |name: &str| {
        let found = machine.find(name);
        found.is_some_and(|found| machine.is_named(base_name(program), &found))
    };
    let called = list.iter().find(|name| names.contains(&name.as_str()));
    called
        .or_else(|| list.iter().find(|name| is_link(name)))
        .map(String::as_str)
}

/// Returns the name of the program that runs another one in a sandbox or as another user, if the
/// process is one.
fn isolating<'a>(process: &Process, machine: &dyn Machine) -> Option<&'a str> {
    let lists = [&DATA.sandboxes, &DATA.users];
    lists
        .into_iter()
        .find_map(|list| name_in(list, process, machine))
}

/// True if the process is a program that runs another one in a sandbox, a container or as another
/// user, and waits for it.
pub(super) fn isolates(process: &Process, machine: &dyn Machine) -> bool {
    isolating(process, machine).is_some()
}

/// True if the process is a program that runs another one as the same user in a sandbox or a
/// container.
pub(super) fn is_sandbox(process: &Process, machine: &dyn Machine) -> bool {
    name_in(&DATA.sandboxes, process, machine).is_some()
}

/// Returns the command of the parent that isolated the process. `None` if no parent did, if its
/// command starts a shell in which the process was started, or if it cannot be started again.
pub(super) fn entering(process: &Process, machine: &dyn Machine) -> Option<OwnCommand> {
    let parents = machine.parents(process);
    let first = parents
        .iter()
        .position(|parent| isolates(parent, machine))?;
    let (inside, from) = parents.split_at_checked(first)?;
    // Parents outside belong to the session, which may itself have been started by `sudo`.
    if inside
        .iter()
        .any(|parent| machine.isolation(parent) == Isolation::None)
    {
        return None;
    }
    // Sandboxes keep a copy of themselves inside, with another working directory, and may be
    // started by one another: `sudo ip netns exec NAME sudo -u USER PROGRAM`.
    let chain: Vec<&Process> = from
        .iter()
        .take_while(|parent| isolates(parent, machine))
        .collect();
    let parent = *chain.last()?;
    let own = wrappers::inner(&process.argv);
    let program = base_name(own.first()?);
    let is_told = parent.argv.iter().any(|word| base_name(word) == program);
    let waits = |process: &Process| {
        let name = process.argv.first().map_or("", |name| base_name(name));
        is_shell(&process.argv) || INIT.contains(&name)
    };
    if !is_told && inside.iter().any(waits) {
        return None;
    }
    if let Some(own) = by_script(process, parent, machine) {
        return Some(own);
    }
    if has_open_file(&parent.argv) {
        return None;
    }
    let asks = chain
        .iter()
        .find_map(|one| name_in(&DATA.users, one, machine));
    let password = asks.map(|name| Doubt::Password(name.to_owned()));
    let hidden = hidden::option(&parent.argv).cloned().map(Doubt::Hidden);
    Some(OwnCommand {
        directory: StartDirectory::of(parent, machine),
        doubts: password.into_iter().chain(hidden).collect(),
        ..OwnCommand::new(
            Typed {
                plain: false,
                ..typed(&surviving(parent), machine).ok()?
            },
            "it is the command line of the parent that started the process",
        )
    })
}

/// The command that starts another one as nobody's child (setsid(1)).
const APART: [&str; 2] = ["setsid", "--fork"];

/// Returns the command with the script in `PATH` that has the name of the program, and starts it in
/// the sandbox of this parent: `exec bwrap --unshare-net /usr/bin/tool "$@"`.
fn by_script(process: &Process, parent: &Process, machine: &dyn Machine) -> Option<OwnCommand> {
    let mut short = shortest(process.argv.clone(), process.cwd.as_deref(), machine);
    let text = machine.script_in_path(short.argv.first()?)?;
    let own = wrappers::inner(&process.argv);
    if !is_from(&text, &parent.argv, base_name(own.first()?)) {
        return None;
    }
    if !survives(&text, parent) {
        // The parent is then one that has ended before the sandbox asks for it.
        machine.find(APART[0])?;
        short.argv.splice(0..0, APART.map(str::to_owned));
    }
    Some(OwnCommand {
        directory: StartDirectory::of(parent, machine),
        ..OwnCommand::new(
            short,
            "a script with its name starts it in the same sandbox",
        )
    })
}

/// True if a script with this text starts this command line of a sandbox: it has the name of the
/// sandbox and all options before the program.
fn is_from(text: &str, sandbox: &[String], program: &str) -> bool {
    let Some((name, arguments)) = sandbox.split_first() else {
        return false;
    };
    let is_program = |word: &String| base_name(word) == program;
    let end = arguments.iter().rposition(is_program);
    let options = &arguments[..end.unwrap_or(arguments.len())];
    let mut options = options.iter().filter(|word| word.starts_with('-'));
    text.contains(base_name(name)) && options.all(|option| text.contains(option.as_str()))
}

/// Returns the process without the options that end it together with its parent, which is `apply`
/// when it is started again.
fn surviving(process: &Process) -> Process {
    let name = process.argv.first().map_or("", |name| base_name(name));
    let mut process = process.clone();
    if let Some(options) = DATA.end_with_parent.get(name) {
        process.argv.retain(|word| !options.contains(word));
    }
    process
}

/// True if a script with this text starts the sandbox without the options that end it together
/// with its parent.
fn survives(text: &str, sandbox: &Process) -> bool {
    let name = sandbox.argv.first().map_or("", |name| base_name(name));
    let options = DATA.end_with_parent.get(name);
    options.is_none_or(|options| !options.iter().any(|option| text.contains(option.as_str())))
}

/// True if the command line refers to a file that its parent has opened.
fn has_open_file(argv: &[String]) -> bool {
    argv.split_first().is_some_and(|(program, arguments)| {
        let options = DATA.open_files.get(base_name(program));
        options.is_some_and(|options| arguments.iter().any(|word| options.contains(word)))
    })
}

/// Returns the command of the client that told a container engine to run the process:
/// `docker run IMAGE PROGRAM`. `None` if no client ends like the process, or several do.
pub(super) fn by_client(process: &Process, machine: &dyn Machine) -> Option<OwnCommand> {
    let (program, arguments) = process.argv.split_first()?;
    let is_it = |client: &Process| {
        let words = client.argv.get(2..)?;
        let before = words.len().checked_sub(arguments.len() + 1)?;
        let (_, own) = words.split_at(before);
        let (named, rest) = own.split_first()?;
        (base_name(named) == base_name(program) && rest == arguments).then_some(())
    };
    let clients = DATA.clients.iter();
    let clients = clients.flat_map(|name| machine.clients(name));
    let mut clients = clients.filter(|client| is_it(client).is_some());
    let client = clients.next()?;
    if clients.any(|other| other.argv != client.argv) {
        return None;
    }
    Some(OwnCommand {
        directory: StartDirectory::of(&client, machine),
        ..OwnCommand::new(
            Typed {
                plain: false,
                ..typed(&client, machine).ok()?
            },
            "it is the command line of the client of its container",
        )
    })
}

/// Returns the command that starts the process in its container, which these words enter.
pub(super) fn entered(words: &[String], process: &Process, machine: &dyn Machine) -> OwnCommand {
    let (inside, option) = hidden::without(as_called(&process.argv));
    // The home directory is the same inside, other directories are not.
    let cwd = process.cwd.clone();
    let (cwd, lost) = match cwd {
        Some(cwd) if machine.is_directory(&cwd) => (Some(cwd), None),
        other => (None, other),
    };
    OwnCommand {
        directory: StartDirectory { cwd, lost },
        doubts: option.map(Doubt::Hidden).into_iter().collect(),
        ..OwnCommand::new(
            Typed {
                argv: [words, &inside].concat(),
                plain: false,
            },
            "it runs in this container",
        )
    }
}

/// Returns the arguments of an application in a sandbox of flatpak: those that flatpak has passed
/// to it, otherwise those of the process. The sandbox is `bwrap --args FILE PROGRAM ARGUMENTS`.
pub(super) fn given_to_flatpak(
    process: &Process,
    machine: &dyn Machine,
) -> (Vec<String>, Vec<Doubt>) {
    let passed = |parent: &Process| {
        let (name, words) = parent.argv.split_first()?;
        let at = words.iter().position(|word| word == "--args")?;
        let mut words = words.get(at + 2..)?;
        if let Some((first, rest)) = words.split_first()
            && first == "--"
        {
            words = rest;
        }
        (base_name(name) == "bwrap" && !words.is_empty()).then(|| words.to_vec())
    };
    let parents = machine.parents(process);
    let words = parents.iter().rev().find_map(passed);
    let (words, option) = hidden::without(words.unwrap_or_else(|| as_called(&process.argv)));
    let arguments = words.get(1..).unwrap_or_default().to_vec();
    let is_of_portal = |word: &&String| word.starts_with("/run/user/") && word.contains("/doc/");
    let of_portal = arguments.iter().filter(is_of_portal).cloned();
    let hidden = option.map(Doubt::Hidden).into_iter();
    let doubts = hidden.chain(of_portal.map(Doubt::OfSession)).collect();
    (arguments, doubts)
}

/// Returns the command line of a process in a container with the program as people call it: without
/// the interpreter of a script in a directory of programs, and without that directory.
pub(super) fn as_called(argv: &[String]) -> Vec<String> {
    let script = wrappers::script(argv).filter(|&at| {
        let file = argv.get(at).map(Path::new);
        let folder = file.and_then(Path::parent);
        folder.is_some_and(is_program_directory)
    });
    let words = argv.get(script.unwrap_or_default()..).unwrap_or(argv);
    let Some((program, arguments)) = words.split_first() else {
        return Vec::new();
    };
    let folder = Path::new(program).parent();
    let program = match folder.filter(|folder| is_program_directory(folder)) {
        Some(_) => base_name(program),
        None => program,
    };
    with_program(program, arguments)
}

/// The way in which the command of a desktop entry isolates its program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// As this process was isolated.
    Same,
    /// Unknown.
    Perhaps,
}

/// Returns the way in which this command of a desktop entry isolates the program, which is not its
/// own: by its own name, or as a script that runs a sandbox. `None` if it does not, or in another
/// way.
pub(super) fn way_of(
    exec: &[String],
    program: &str,
    process: &Process,
    machine: &dyn Machine,
) -> Option<Way> {
    let outer = exec.first()?;
    let text = if outer.contains('/') {
        machine.script(Path::new(outer))
    } else {
        machine.script_in_path(outer)
    };
    let parents = machine.parents(process);
    let parents = parents
        .iter()
        .skip_while(|parent| !isolates(parent, machine));
    let parent = parents
        .take_while(|parent| isolates(parent, machine))
        .last();
    let lists = [&DATA.sandboxes, &DATA.users, &DATA.clients];
    match (parent, text) {
        (Some(parent), Some(text))
            if is_from(&text, &parent.argv, program) && survives(&text, parent) =>
        {
            Some(Way::Same)
        }
        (Some(_), _) => None,
        (None, text) => {
            let is_known = |name: &String| {
                base_name(outer) == name || text.as_ref().is_some_and(|text| text.contains(name))
            };
            let mut names = lists.iter().flat_map(|list| list.iter());
            // Short names are parts of other words.
            names
                .any(|name| name.len() > 2 && is_known(name))
                .then_some(Way::Perhaps)
        }
    }
}

#[cfg(test)]
mod tests;
