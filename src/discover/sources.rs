//! One command out of what is known about a window.
//!
//! Each source proposes candidates; the first one with a command wins. The process's own
//! command line is what was really run, so arguments that no desktop entry has (files,
//! options, `-e htop`) are kept. A desktop entry wins where it says the same with a better
//! name, and where the process says nothing. Of a terminal, what runs in the window
//! counts, too. The rule that applies to the window comes before all of them.

pub(super) mod desktop_entry;
mod emacs;
pub(super) mod process;
mod rule;
mod template;
mod terminal;

use super::candidate::{Candidate, Discovery, NoCommand, Outcome};
use super::evidence::Evidence;
use super::machine::Machine;
use super::question::Asked;
use crate::layout::CommandSource;

/// A source of commands.
pub(super) struct Source {
    /// Its candidates, the best first.
    pub(super) propose: fn(&Evidence) -> Vec<Candidate>,
    /// Why candidates of other sources lose against one of this source.
    pub(super) outdoes: &'static str,
}

/// The sources, the surest first.
const SOURCES: [Source; 5] = [
    terminal::SOURCE,
    emacs::SOURCE,
    process::TYPED,
    desktop_entry::SOURCE,
    process::COMMAND_LINE,
];

/// The command that opens the window again. Nothing is looked at that decides nothing.
pub fn discover(asked: &Asked, machine: &dyn Machine) -> Outcome {
    search(asked, machine, false).outcome()
}

/// All that could open the window again, the processes last, and why one of it does.
pub fn explain(asked: &Asked, machine: &dyn Machine) -> Discovery {
    let mut discovery = search(asked, machine, true);
    discovery
        .candidates
        .sort_by_key(|candidate| candidate.source == CommandSource::Process);
    discovery
}

fn search(asked: &Asked, machine: &dyn Machine, thorough: bool) -> Discovery {
    let evidence = Evidence::new(asked, machine);
    let mut candidates: Vec<Candidate> = Vec::new();
    let mut outdone: Option<&str> = None;
    for source in &SOURCES {
        if outdone.is_some() && !thorough {
            break;
        }
        let mut nearer = false;
        for mut candidate in (source.propose)(&evidence) {
            if candidate.found.is_some() {
                match outdone {
                    None => {
                        candidate.won = true;
                        nearer = true;
                        outdone = Some(source.outdoes);
                    }
                    Some(_) if nearer => {
                        candidate.why = format!("another entry is nearer; {}", candidate.why);
                    }
                    Some(why) => why.clone_into(&mut candidate.why),
                }
            }
            candidates.push(candidate);
        }
    }
    let own = evidence.own.as_ref().err().cloned();
    let nothing = if asked.again {
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
