//! How the process of a window was started, as it shows it itself.

use super::candidate::{Doubt, NoCommand};
use super::command_line::base_name;
use super::isolation::Isolation;
use super::machine::Machine;
use super::question::Asked;
use super::start_directory::StartDirectory;
use super::typed::{Typed, typed};
use crate::live::{Process, WindowFacts};

/// How a process was started, and the reason.
pub(super) struct OwnCommand {
    pub(super) typed: Typed,
    /// Where it was started, unless the process itself tells.
    pub(super) directory: StartDirectory,
    pub(super) doubts: Vec<Doubt>,
    pub(super) why: &'static str,
}

/// The command that the process of a window shows by itself.
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
    // The X server knows the process at this end of the connection, such as sshd;
    // a program of this machine has the same id for itself.
    let same = facts
        .is_some_and(|facts| facts.server_pid.is_some() && facts.claimed_pid == facts.server_pid);
    if let Some(elsewhere) = elsewhere.filter(|_| !same) {
        return Err(NoCommand::OtherMachine(elsewhere));
    }
    let arguments = process.argv.get(1..).unwrap_or_default();
    let started_by = |words: &[&str], why| OwnCommand {
        typed: Typed {
            argv: words
                .iter()
                .map(|&word| word.to_owned())
                .chain(arguments.iter().cloned())
                .collect(),
            plain: true,
        },
        directory: StartDirectory::default(),
        doubts: Vec::new(),
        why,
    };
    Ok(match machine.isolation(process) {
        Isolation::None => {
            let typed = typed(process, machine)?;
            let why = if typed.plain {
                "it is the command line of the process, with a program of PATH"
            } else {
                "it is the command line of the process"
            };
            OwnCommand {
                typed,
                directory: StartDirectory::default(),
                doubts: Vec::new(),
                why,
            }
        }
        Isolation::Flatpak(app) => started_by(
            &["flatpak", "run", &app],
            "it runs in the sandbox of a flatpak application",
        ),
        Isolation::Snap(name) => {
            let why = "it is a program of a snap";
            if machine.find(&name).is_some() {
                started_by(&[&name], why)
            } else {
                started_by(&["snap", "run", &name], why)
            }
        }
        Isolation::AppImage(file) => {
            let file = file.to_str().ok_or(NoCommand::NotText)?;
            started_by(&[file], "it runs from an AppImage")
        }
        Isolation::OtherUser(user) => entering(process, &["sudo", "pkexec", "doas"], machine)
            .ok_or(NoCommand::OtherUser(user))?,
        Isolation::Container => {
            entering(process, &["firejail"], machine).ok_or(NoCommand::Container)?
        }
    })
}

/// The parent that brought the process to where we cannot start it ourselves.
fn entering(process: &Process, programs: &[&str], machine: &dyn Machine) -> Option<OwnCommand> {
    let enters = |parent: &Process| {
        let program = parent.argv.first().map(|program| base_name(program));
        program.is_some_and(|program| programs.contains(&program))
    };
    let parents = machine.parents(process).into_iter();
    let entering = parents.skip_while(|parent| !enters(parent));
    // Those that go inside keep a copy of themselves there, which stands elsewhere.
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

/// The machine that the window says it is of, where that is not this one.
fn other_machine(asked: &Asked, machine: &dyn Machine) -> Option<String> {
    let name = asked.con.properties.as_ref()?.machine.as_deref()?;
    // Some write the whole name, some only its first part.
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_owned();
    let host = machine.host()?;
    (first(name) != first(host) && name != "localhost").then(|| name.to_owned())
}
