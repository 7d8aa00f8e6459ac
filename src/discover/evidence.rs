//! The evidence about a window, for all sources.

use std::path::Path;

use super::candidate::{Candidate, Discovered, Doubt, NoCommand};
use super::command_line::base_name;
use super::command_line::{self, below_home, escape};
use super::doubts::checked;
use super::machine::Machine;
use super::own_command::{OwnCommand, own_command};
use super::question::Asked;
use super::start_directory::StartDirectory;
use crate::layout::CommandSource;
use crate::live::Process;

/// Everything that the sources know about a window.
pub(super) struct Evidence<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) machine: &'a dyn Machine,
    /// The process that counts: not a helper of the one that does.
    pub(super) process: Option<Process>,
    /// How that process was started, as it shows it itself.
    pub(super) own: Result<OwnCommand, NoCommand>,
}

/// A command that a source proposes.
#[derive(Debug)]
pub(super) struct Proposal {
    pub(super) source: CommandSource,
    /// The origin within its source.
    pub(super) name: Option<String>,
    pub(super) argv: Vec<String>,
    /// Where it is started.
    pub(super) directory: StartDirectory,
    /// The command line of the process, where the command is another.
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
        Self {
            own: own_command(asked, process.as_ref(), machine),
            asked,
            machine,
            process,
        }
    }

    /// The command line of the process as a person would have typed it.
    pub(super) fn argv(&self) -> Option<&[String]> {
        self.own.as_ref().ok().map(|own| own.typed.argv.as_slice())
    }

    pub(super) fn title(&self) -> &str {
        let properties = self.asked.con.properties.as_ref();
        let title = properties.and_then(|properties| properties.title.as_deref());
        title.unwrap_or_default()
    }

    /// Where the process stands.
    pub(super) fn directory(&self) -> StartDirectory {
        let process = self.process.as_ref();
        process.map_or_else(StartDirectory::default, |process| {
            StartDirectory::of(process, self.machine)
        })
    }

    /// The command line of the process, where the command is another; secrets are `***`.
    pub(super) fn said_by_process(&self, argv: &[String]) -> Option<String> {
        let said = &self.process.as_ref()?.argv;
        let same = |(index, (said, word)): (usize, (&String, &String))| {
            said == word || (index == 0 && base_name(said) == base_name(word))
        };
        let same = said.len() == argv.len() && said.iter().zip(argv).enumerate().all(same);
        (!same && !said.is_empty())
            .then(|| command_line::quote(&self.machine.secrets().masked(said)))
    }

    /// The proposal as a layout file has it, with the doubts about it.
    pub(super) fn candidate(&self, proposal: Proposal) -> Candidate {
        let Proposal {
            source,
            name,
            argv,
            directory: StartDirectory { cwd, lost },
            process,
            mut doubts,
            why,
        } = proposal;
        let home = self.machine.home();
        doubts.extend(checked(&argv, cwd.as_deref(), lost, self.machine));
        let (mut arguments, mut secrets) = self.machine.secrets().replaced(&argv);
        let program = argv.first().map_or("", String::as_str);
        let (cwd, of_cwd) = cwd
            .and_then(|cwd| written(&cwd, program, self.machine))
            .unzip();
        for variable in of_cwd.into_iter().flatten() {
            if !secrets.contains(&variable) {
                secrets.push(variable);
            }
        }
        if let (Some(program), Some(file)) = (arguments.first_mut(), argv.first())
            && file.starts_with('/')
            && let Some(name) = self.machine.bare_name(file)
        {
            *program = escape(name);
        }
        for argument in &mut arguments {
            if let Some(short) = below_home(argument, home) {
                *argument = short;
            }
        }
        Candidate {
            source,
            name,
            found: Some(Discovered {
                command: Some(command_line::command(arguments)),
                cwd,
                process: process.map(|line| escape(&line)),
                secrets,
                doubts,
                ..Discovered::default()
            }),
            won: false,
            why,
        }
    }
}

impl Candidate {
    /// A candidate of a source that gives no command.
    pub(super) const fn without_command(
        source: CommandSource,
        name: Option<String>,
        why: String,
    ) -> Self {
        Self {
            source,
            name,
            found: None,
            won: false,
            why,
        }
    }
}

/// Browsers and their kin have helpers, which are known by `--type` and are none that one
/// starts.
fn main_process(process: &Process, machine: &dyn Machine) -> Process {
    let is_helper = |process: &Process| {
        process
            .argv
            .iter()
            .any(|argument| argument.starts_with("--type="))
    };
    if !is_helper(process) {
        return process.clone();
    }
    let mut parents = machine.parents(process).into_iter();
    let same = |parent: &Process| parent.exe == process.exe && !is_helper(parent);
    parents.find(same).unwrap_or_else(|| process.clone())
}

/// A directory as a layout file has it, and the variables that it wants instead of
/// secrets; `None` for the home directory.
fn written(cwd: &Path, program: &str, machine: &dyn Machine) -> Option<(String, Vec<String>)> {
    let home = machine.home();
    if Some(cwd) == home {
        return None;
    }
    let (cwd, secrets) = machine.secrets().replaced_text(program, cwd.to_str()?);
    Some((below_home(&cwd, home).unwrap_or(cwd), secrets))
}
