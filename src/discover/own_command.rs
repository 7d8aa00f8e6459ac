//! The command that started the process of a window, according to the process itself.

use super::candidate::{Doubt, NoCommand};
use super::command_line::with_program;
use super::hidden;
use super::isolation::Isolation;
use super::machine::Machine;
use super::overwritten::{Overwritten, overwritten};
use super::question::Asked;
use super::sandboxes;
use super::start_command::OwnCommand;
use super::typed::{Typed, typed};
use super::wrappers;
use crate::live::{Process, WindowFacts};

/// Returns the command that started the process of a window.
pub(super) fn own_command(
    asked: &Asked,
    process: Option<&Process>,
    isolation: &Isolation,
    machine: &dyn Machine,
) -> Result<OwnCommand, NoCommand> {
    let facts = asked.facts;
    let elsewhere = other_machine(asked, machine);
    let Some(process) = process else {
        return Err(match (elsewhere, facts.and_then(WindowFacts::pid)) {
            (Some(elsewhere), _) => NoCommand::OtherMachine(elsewhere),
            (None, Some(pid)) => NoCommand::Unreadable(pid),
            (None, None) => NoCommand::NoProcess,
        });
    };
    // The X server knows the process at this end of the connection, such as sshd. The window of
    // a local program has the same process id as the X server.
    let same = isolation.is_apart()
        || facts.is_some_and(|facts| {
            facts.server_pid.is_some() && facts.claimed_pid == facts.server_pid
        });
    if let Some(elsewhere) = elsewhere.filter(|_| !same) {
        return Err(NoCommand::OtherMachine(elsewhere));
    }
    of_process(process, isolation, machine)
}

/// Returns the command that started a process, which may have overwritten its arguments.
pub(super) fn of_process(
    process: &Process,
    isolation: &Isolation,
    machine: &dyn Machine,
) -> Result<OwnCommand, NoCommand> {
    let Some(Overwritten { argv, doubt }) = overwritten(process, machine) else {
        return of_arguments(process, isolation, machine);
    };
    let process = Process {
        argv,
        ..process.clone()
    };
    let mut own = of_arguments(&process, isolation, machine)?;
    own.doubts.extend(doubt);
    Ok(own)
}

/// Returns the command that started a process with these arguments.
fn of_arguments(
    process: &Process,
    isolation: &Isolation,
    machine: &dyn Machine,
) -> Result<OwnCommand, NoCommand> {
    let started_by = |words: &[&str], (arguments, doubts): (Vec<String>, _), why| {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let argv = [words, arguments].concat();
        let typed = Typed { argv, plain: true };
        Ok(OwnCommand {
            doubts,
            ..OwnCommand::new(typed, why)
        })
    };
    let own = || {
        let arguments = process.argv.get(1..).unwrap_or_default();
        let (argv, option) = hidden::without(with_program("", arguments));
        (
            argv[1..].to_vec(),
            option.map(Doubt::Hidden).into_iter().collect(),
        )
    };
    match isolation {
        Isolation::None => itself(process, machine),
        Isolation::Namespaces => sandboxes::entering(process, machine).map_or_else(
            || {
                let mut own = itself(process, machine)?;
                own.doubts.push(Doubt::Namespaces);
                Ok(own)
            },
            Ok,
        ),
        Isolation::Flatpak(app) => started_by(
            &["flatpak", "run", app],
            sandboxes::given_to_flatpak(process, machine),
            "it runs in the sandbox of a flatpak application",
        ),
        Isolation::Snap(name) => {
            let words: &[&str] = match machine.find(name) {
                Some(_) => &[name],
                None => &["snap", "run", name],
            };
            started_by(words, own(), "it is a program of a snap")
        }
        Isolation::AppImage(file) => {
            let file = file.to_str().ok_or(NoCommand::NotText)?;
            started_by(&[file], own(), "it runs from an AppImage")
        }
        Isolation::Entered(words) => Ok(sandboxes::entered(words, process, machine)),
        Isolation::OtherUser(user) => sandboxes::entering(process, machine)
            .or_else(|| sandboxes::by_client(process, machine))
            .ok_or_else(|| NoCommand::OtherUser(user.clone())),
        Isolation::Container => sandboxes::entering(process, machine)
            .or_else(|| sandboxes::by_client(process, machine))
            .ok_or(NoCommand::Container),
    }
}

/// Returns the command line of a process that means the same outside.
fn itself(process: &Process, machine: &dyn Machine) -> Result<OwnCommand, NoCommand> {
    let typed = typed(process, machine)?;
    let why = if typed.plain {
        "it is the command line of the process, with a program in PATH"
    } else {
        "it is the command line of the process"
    };
    let doubts = [
        hidden::option(&process.argv).cloned().map(Doubt::Hidden),
        wrappers::input(&process.argv)
            .cloned()
            .map(Doubt::WithInput),
    ];
    Ok(OwnCommand {
        doubts: doubts.into_iter().flatten().collect(),
        ..OwnCommand::new(typed, why)
    })
}

/// Returns the machine that the window names, if it is not this one.
fn other_machine(asked: &Asked, machine: &dyn Machine) -> Option<String> {
    let name = asked.con.properties.as_ref()?.machine.as_deref()?;
    // Some programs write the full name, others only its first part.
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let host = machine.host()?;
    (first(name) != first(host) && name != "localhost").then(|| name.to_owned())
}
