//! The sources of commands, and the choice between them.
//!
//! Each source proposes candidates, and the first candidate with a command wins. The command line
//! of the process is what really ran, so its arguments are kept even if no desktop entry has them
//! (files, options, `-e htop`). A desktop entry wins if it has the same command with a better name,
//! or if the process has no usable command line. For a terminal, the program inside is part of the
//! command. The rule that applies to the window takes precedence over all sources.

pub(super) mod desktop_entry;
mod emacs;
pub(super) mod process;
mod rule;
mod template;
mod terminal;
mod window_arguments;

use super::candidate::{Candidate, CommandSource, Discovery, NoCommand, Outcome};
use super::desktop_match;
use super::evidence::Evidence;
use super::machine::Machine;
use super::question::Asked;
use crate::live::Invocation;

/// A source of commands.
pub(super) struct Source {
    /// Returns its candidates, the best first.
    pub(super) propose: fn(&Evidence) -> Vec<Candidate>,
    /// The reason why candidates of other sources lose against this source.
    pub(super) outdoes: &'static str,
}

/// The sources, the most reliable first.
const SOURCES: [Source; 5] = [
    terminal::SOURCE,
    emacs::SOURCE,
    process::TYPED,
    desktop_entry::SOURCE,
    process::COMMAND_LINE,
];

/// Returns the command that opens the window again. Stops at the first source with a command.
pub fn discover(asked: &Asked, machine: &dyn Machine) -> Outcome {
    let discovery = search(asked, machine, false);
    let is_dialog_program = discovery
        .winner()
        .is_some_and(|winner| is_dialog_program(asked, winner, machine));
    Outcome {
        is_dialog_program,
        ..discovery.outcome()
    }
}

/// True for a dialog that a person starts as a program, such as one for settings. Other programs
/// open a dialog to ask something.
fn is_dialog_program(asked: &Asked, winner: &Candidate, machine: &dyn Machine) -> bool {
    let (Some(properties), Some(invocation)) = (&asked.con.properties, &winner.invocation) else {
        return false;
    };
    properties.is_independent_dialog()
        && (winner.source == CommandSource::Rule || {
            let related = desktop_match::related(
                machine.desktop_files(),
                properties.class.as_deref(),
                properties.instance.as_deref(),
                Some(&invocation.argv),
            );
            let mut related = related.iter();
            related.any(|related| related.fit.is_ok() && !related.entry.no_display)
        })
}

/// Returns all commands that could open the window again, with reasons, the process last.
pub fn explain(asked: &Asked, machine: &dyn Machine) -> Discovery {
    let mut discovery = search(asked, machine, true);
    discovery
        .candidates
        .sort_by_key(|candidate| candidate.source == CommandSource::Process);
    discovery
}

/// Returns the command that opens the window again, without variables, regardless of the other
/// windows of its process.
pub fn invocation(asked: &Asked, machine: &dyn Machine) -> Option<Invocation> {
    let asked = Asked {
        again: false,
        may_be_job: false,
        rule: None,
        ..*asked
    };
    let discovery = search(&asked, machine, false);
    discovery.winner()?.invocation.clone()
}

fn search(asked: &Asked, machine: &dyn Machine, thorough: bool) -> Discovery {
    let mut evidence = Evidence::new(asked, machine);
    evidence.again |= terminal::is_job(&evidence);
    let mut candidates: Vec<Candidate> = Vec::new();
    // The reason why all further candidates lose.
    let mut outdone: Option<&str> = None;
    for source in &SOURCES {
        if outdone.is_some() && !thorough {
            break;
        }
        let before = outdone;
        for mut candidate in (source.propose)(&evidence) {
            if candidate.found.is_some() {
                candidate.won = outdone.is_none();
                match before {
                    Some(why) => why.clone_into(&mut candidate.why),
                    None if candidate.won => outdone = Some(source.outdoes),
                    None => candidate.why = format!("another entry fits better; {}", candidate.why),
                }
            }
            candidates.push(candidate);
        }
    }
    let own = evidence.own.as_ref().err().cloned();
    let nothing = if evidence.again {
        NoCommand::OpenedByAnother
    } else {
        own.unwrap_or(NoCommand::NoProcess)
    };
    let mut discovery = Discovery {
        candidates,
        nothing,
        refused: None,
    };
    if let Some(rule) = asked.rule {
        rule::precede(&mut discovery, rule, &evidence);
    }
    discovery
}

#[cfg(test)]
mod tests;
