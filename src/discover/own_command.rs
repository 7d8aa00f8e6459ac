//! The command that started the process of a window, according to the process itself.

use super::candidate::{Doubt, NoCommand};
use super::command_line::base_name;
use super::isolation::Isolation;
use super::machine::Machine;
use super::overwritten::overwritten;
use super::question::Asked;
use super::start_directory::StartDirectory;
use super::typed::{Typed, typed};
use super::wrappers;
use crate::live::{Process, WindowFacts};

/// The command that started a process, and the reason.
pub(super) struct OwnCommand {
    pub(super) typed: Typed,
    /// The directory in which it was started, unless it is that of the process.
    pub(super) directory: StartDirectory,
    pub(super) doubts: Vec<Doubt>,
    pub(super) why: &'static str,
}

impl OwnCommand {
    fn new(typed: Typed, why: &'static str) -> Self {
        Self {
            typed,
            directory: StartDirectory::default(),
            doubts: Vec::new(),
            why,
        }
    }
}

/// Returns the command that started the process of a window.
pub(super) fn own_command(
    asked: &Asked,
    process: Option<&Process>,
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
    let same = facts
        .is_some_and(|facts| facts.server_pid.is_some() && facts.claimed_pid == facts.server_pid);
    if let Some(elsewhere) = elsewhere.filter(|_| !same) {
        return Err(NoCommand::OtherMachine(elsewhere));
    }
    of_process(process, machine)
}

/// Returns the command that started a process.
pub(super) fn of_process(
    process: &Process,
    machine: &dyn Machine,
) -> Result<OwnCommand, NoCommand> {
    let started_by = |words: &[&str], why| {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let arguments = process.argv.get(1..).unwrap_or_default();
        let argv = [&words, arguments].concat();
        Ok(OwnCommand::new(Typed { argv, plain: true }, why))
    };
    match machine.isolation(process) {
        Isolation::None => {
            let typed = typed(process, machine)?;
            let why = if typed.plain {
                "it is the command line of the process, with a program in PATH"
            } else {
                "it is the command line of the process"
            };
            let hidden = wrappers::hidden(&process.argv).cloned();
            let uncertain = overwritten(process, machine).and_then(|found| found.doubt);
            let input = wrappers::input(&process.argv).cloned();
            let doubts = [
                hidden.map(Doubt::Hidden),
                input.map(Doubt::WithInput),
                uncertain,
            ];
            Ok(OwnCommand {
                doubts: doubts.into_iter().flatten().collect(),
                ..OwnCommand::new(typed, why)
            })
        }
        Isolation::Flatpak(app) => started_by(
            &["flatpak", "run", &app],
            "it runs in the sandbox of a flatpak application",
        ),
        Isolation::Snap(name) => {
            let words: &[&str] = match machine.find(&name) {
                Some(_) => &[&name],
                None => &["snap", "run", &name],
            };
            started_by(words, "it is a program of a snap")
        }
        Isolation::AppImage(file) => {
            let file = file.to_str().ok_or(NoCommand::NotText)?;
            started_by(&[file], "it runs from an AppImage")
        }
        Isolation::OtherUser(user) => entering(process, &["sudo", "pkexec", "doas"], machine)
            .ok_or(NoCommand::OtherUser(user)),
        Isolation::Container => {
            entering(process, &["firejail"], machine).ok_or(NoCommand::Container)
        }
    }
}

/// Returns the command of the parent that isolated the process.
fn entering(process: &Process, programs: &[&str], machine: &dyn Machine) -> Option<OwnCommand> {
    let enters = |parent: &Process| {
        let program = parent.argv.first().map(|program| base_name(program));
        program.is_some_and(|program| programs.contains(&program))
    };
    let parents = machine.parents(process).into_iter();
    let entering = parents.skip_while(|parent| !enters(parent));
    // Sandboxes keep a copy of themselves inside, with another working directory.
    let parent = entering.take_while(enters).last()?;
    let name = base_name(parent.argv.first()?).to_owned();
    let doubts = (name != "firejail").then_some(Doubt::Password(name));
    Some(OwnCommand {
        typed: typed(&parent, machine).ok()?,
        directory: StartDirectory::of(&parent, machine),
        doubts: doubts.into_iter().collect(),
        why: "it is the command line of the parent that started the process",
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
