//! Evidence about a window, for all sources.

use std::path::Path;

use super::candidate::{Candidate, CommandSource, Discovered, Doubt, NoCommand};
use super::command_line::base_name;
use super::command_line::{self, at_home, below_home, escape};
use super::doubts::checked;
use super::hidden;
use super::isolation::Isolation;
use super::machine::Machine;
use super::own_command::own_command;
use super::question::Asked;
use super::start_command::OwnCommand;
use super::start_directory::StartDirectory;
use crate::live::{Invocation, Process};

/// Everything that sources know about a window.
pub(super) struct Evidence<'a> {
    pub(super) asked: &'a Asked<'a>,
    /// True if the command of another window opens it.
    pub(super) again: bool,
    pub(super) machine: &'a dyn Machine,
    /// The window's process, or the program that started it as a helper.
    pub(super) process: Option<Process>,
    /// The isolation of the process.
    pub(super) isolation: Isolation,
    /// The command that started the process.
    pub(super) own: Result<OwnCommand, NoCommand>,
}

/// A command that a source proposes.
#[derive(Debug)]
pub(super) struct Proposal {
    pub(super) source: CommandSource,
    /// The origin within its source.
    pub(super) name: Option<String>,
    pub(super) argv: Vec<String>,
    /// The directory to start it in.
    pub(super) directory: StartDirectory,
    /// The command line of the process as a layout file shows it, if it differs from the command.
    pub(super) process: Option<String>,
    pub(super) doubts: Vec<Doubt>,
    pub(super) why: String,
}

impl<'a> Evidence<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, machine: &'a dyn Machine) -> Self {
        let process = asked
            .facts
            .and_then(|facts| facts.process.as_ref())
            .map(|process| main_process(process, machine));
        let isolation = process.as_ref().map(|process| machine.isolation(process));
        let isolation = isolation.unwrap_or_default();
        Self {
            own: own_command(asked, process.as_ref(), &isolation, machine),
            isolation,
            again: asked.again,
            asked,
            machine,
            process,
        }
    }

    /// Returns the command line of the process as a user would have typed it.
    pub(super) fn argv(&self) -> Option<&[String]> {
        self.own.as_ref().ok().map(|own| own.typed.argv.as_slice())
    }

    pub(super) fn title(&self) -> &str {
        let properties = self.asked.con.properties.as_ref();
        let title = properties.and_then(|properties| properties.title.as_deref());
        title.unwrap_or_default()
    }

    /// Returns the working directory of the process.
    pub(super) fn directory(&self) -> StartDirectory {
        let process = self.process.as_ref();
        // Nobody was there: daemons and services are started in the root directory.
        let process = process.filter(|process| {
            process.cwd.as_deref() != Some(Path::new("/")) || !self.is_service(process)
        });
        let directory = process.map(|process| StartDirectory::of(process, self.machine));
        directory.unwrap_or_default()
    }

    /// True if the process was started without a window, or by the session bus.
    fn is_service(&self, process: &Process) -> bool {
        let parents = self.machine.parents(process);
        let parent = parents.first().and_then(|parent| parent.argv.first());
        let is_bus = |program: &String| {
            let name = base_name(program);
            name == "dbus-daemon" || name.starts_with("dbus-broker")
        };
        hidden::option(&process.argv).is_some() || parent.is_some_and(is_bus)
    }

    /// Returns the command line of the process as a layout file shows it, with `***` for secrets, if it
    /// differs from `argv`.
    pub(super) fn process_line(&self, argv: &[String]) -> Option<String> {
        let own = &self.process.as_ref()?.argv;
        let is_same = match (own.split_first(), argv.split_first()) {
            (Some((own, arguments)), Some((program, others))) => {
                base_name(own) == base_name(program) && arguments == others
            }
            (own, _) => own.is_none(),
        };
        (!is_same).then(|| self.machine.shown_line(own))
    }

    /// Converts a proposal to the form of a layout file, and checks it.
    pub(super) fn candidate(&self, proposal: Proposal) -> Candidate {
        proposal.written(self.machine)
    }
}

impl Proposal {
    /// Converts it to the form of a layout file, and checks it.
    pub(super) fn written(self, machine: &dyn Machine) -> Candidate {
        let Self {
            source,
            name,
            argv,
            directory: StartDirectory { cwd, lost },
            process,
            mut doubts,
            why,
        } = self;
        let home = machine.home();
        doubts.extend(checked(&argv, cwd.as_deref(), lost, machine));
        let (mut arguments, mut secrets) = machine.secrets().replaced(&argv);
        let program = argv.first().map_or("", String::as_str);
        let invocation = Invocation {
            argv: argv.clone(),
            // The default directory.
            cwd: cwd.clone().or(home.map(Path::to_path_buf)),
        };
        let (cwd, of_cwd) = cwd.and_then(|cwd| written(&cwd, program, machine)).unzip();
        for variable in of_cwd.into_iter().flatten() {
            if !secrets.contains(&variable) {
                secrets.push(variable);
            }
        }
        if let Some(first) = arguments.first_mut()
            && program.starts_with('/')
            && machine.is_named(base_name(program), Path::new(program))
        {
            *first = escape(base_name(program));
        }
        // A literal `~`, which no shell has replaced, must not become the home directory.
        let arguments = arguments
            .into_iter()
            .map(|argument| at_home(argument, home));
        Candidate {
            source,
            name,
            found: Some(Discovered {
                command: Some(command_line::command(arguments.collect())),
                cwd,
                process,
                secrets,
                doubts,
                ..Discovered::default()
            }),
            invocation: Some(invocation),
            won: false,
            why,
        }
    }
}

impl Candidate {
    /// Creates a candidate without a command.
    pub(super) const fn without_command(
        source: CommandSource,
        name: Option<String>,
        why: String,
    ) -> Self {
        Self {
            source,
            name,
            found: None,
            invocation: None,
            won: false,
            why,
        }
    }
}

/// Returns the process that a user would start. Browsers have helper processes, which are
/// recognized by `--type=`.
fn main_process(process: &Process, machine: &dyn Machine) -> Process {
    let is_helper = |process: &Process| {
        let mut arguments = process.argv.iter();
        arguments.any(|argument| argument.starts_with("--type="))
    };
    let is_main = |parent: &Process| parent.exe == process.exe && !is_helper(parent);
    let main = is_helper(process)
        .then(|| machine.parents(process).into_iter().find(is_main))
        .flatten();
    main.unwrap_or_else(|| process.clone())
}

/// Returns a directory in the form of a layout file, and the variables that replace its secrets;
/// `None` for the home directory.
fn written(cwd: &Path, program: &str, machine: &dyn Machine) -> Option<(String, Vec<String>)> {
    let home = machine.home();
    if Some(cwd) == home {
        return None;
    }
    let (cwd, secrets) = machine.secrets().replaced_text(program, cwd.to_str()?);
    Some((below_home(&cwd, home).unwrap_or(cwd), secrets))
}
