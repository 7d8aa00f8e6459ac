//! The commands of windows: from the files, else from rules and desktop entries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Surroundings;
use super::note::{About, Missing, Note};
use super::programs::{Assigned, Program, assign};
use super::tree::Leaf;
use crate::config::Rule;
use crate::discover::{Asked, Discovered, explain, given};
use crate::document::lenient::Place;
use crate::geometry::Rect;
use crate::layout::CommandSource;
use crate::live::{Con, ConId, ConKind, Properties, ScratchpadState};
use crate::tree::{Attributes, ContainerLayout};

/// A command for a window, with what the user should know about it.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) found: Discovered,
    pub(super) notes: Vec<(Option<Place>, About)>,
}

/// Finds the windows of programs. `opened` gets windows that the program of another window opens.
pub(super) fn fill(
    keys: &[usize],
    leaves: &HashMap<usize, Leaf>,
    programs: &[Program],
    filled: &mut BTreeMap<usize, Filled>,
    opened: &mut Vec<(usize, usize)>,
    notes: &mut Vec<Note<usize>>,
    surroundings: Surroundings<'_>,
) {
    if programs.is_empty() {
        return;
    }
    let machine = surroundings.machine;
    let windows = keys.iter().filter_map(|key| leaves.get(key));
    let windows: Vec<Properties> = windows.map(Leaf::properties).collect();
    let mut used: BTreeSet<usize> = BTreeSet::new();
    let assigned = assign(&windows, programs, machine.desktop_files());
    for (&key, assigned) in keys.iter().zip(assigned) {
        let (at, by_order) = match assigned {
            Some(Assigned::Certain(at)) => (at, false),
            Some(Assigned::ByOrder(at)) => (at, true),
            Some(Assigned::OpenedBy(opener)) => {
                opened.push((key, keys[opener]));
                continue;
            }
            Some(Assigned::Ambiguous(all)) => {
                let lines = all.iter().map(|&at| line(&programs[at], surroundings));
                let lines: BTreeSet<String> = lines.collect();
                used.extend(all);
                let missing = Missing::Ambiguous(lines.into_iter().collect());
                filled.insert(
                    key,
                    Filled {
                        found: Discovered::default(),
                        notes: vec![(None, About::NoCommand(missing))],
                    },
                );
                continue;
            }
            None => continue,
        };
        used.insert(at);
        let program = &programs[at];
        let found = given::written(program.argv.clone(), program.cwd.clone(), machine);
        let mut about = Vec::new();
        if let (true, Some(command)) = (by_order, &found.command) {
            about.push(About::ByOrder(command.clone()));
        }
        about.extend(program.inside.clone().map(About::InTerminal));
        let notes = about
            .into_iter()
            .map(|about| (program.place.clone(), about));
        filled.insert(
            key,
            Filled {
                notes: notes.collect(),
                found,
            },
        );
    }
    for (at, program) in programs.iter().enumerate() {
        if !used.contains(&at) {
            notes.push(Note {
                place: program.place.clone(),
                slot: None,
                about: About::Program(line(program, surroundings)),
            });
        }
    }
}

/// A program as a line of a layout file.
fn line(program: &Program, surroundings: Surroundings<'_>) -> String {
    let found = given::written(
        program.argv.clone(),
        program.cwd.clone(),
        surroundings.machine,
    );
    let command = found
        .command
        .map(|command| command.line())
        .unwrap_or_default();
    match found.cwd {
        Some(cwd) => format!("{command} (cwd: {cwd})"),
        None => command,
    }
}

/// The command of a rule, or of the only desktop entry for the class.
pub(super) fn proposed(leaf: &Leaf, surroundings: Surroundings<'_>) -> Filled {
    let properties = leaf.properties();
    let nothing = |missing| Filled {
        found: Discovered::default(),
        notes: vec![(None, About::NoCommand(missing))],
    };
    if leaf.swallow.is_empty() {
        return Filled::default();
    }
    let rule: Option<&Rule> = surroundings.rules.winner(&properties);
    let con = con_of(&properties);
    let discovery = explain(&Asked::alone(&con, None, rule), surroundings.machine);
    let Some(winner) = discovery.winner() else {
        return nothing(Missing::Unknown);
    };
    let (Some(found), name) = (
        winner.found.clone(),
        winner.name.clone().unwrap_or_default(),
    ) else {
        return nothing(Missing::Unknown);
    };
    let Some(command) = found.command.clone() else {
        return nothing(Missing::Unknown);
    };
    if winner.source == CommandSource::Rule {
        return Filled {
            notes: vec![(None, About::Rule(command, name))],
            found,
        };
    }
    // Entries that fit as well as the winner.
    let rivals = discovery.candidates.iter().filter(|candidate| {
        let own = candidate
            .found
            .as_ref()
            .and_then(|found| found.command.as_ref());
        !candidate.won
            && own.is_some_and(|own| *own != command)
            && candidate.why.ends_with(&winner.why)
    });
    let rivals: BTreeSet<String> = rivals.filter_map(|rival| rival.name.clone()).collect();
    if !rivals.is_empty() {
        let entries = std::iter::once(name).chain(rivals).collect();
        return nothing(Missing::Several(entries));
    }
    Filled {
        notes: vec![(None, About::DesktopEntry(command, name))],
        found,
    }
}

/// A container with a window of these properties, for the question about its command.
fn con_of(properties: &Properties) -> Con {
    Con {
        id: ConId(0),
        kind: ConKind::Con,
        layout: ContainerLayout::default(),
        percent: None,
        rect: Rect::default(),
        deco_rect: Rect::default(),
        name: properties.title.clone(),
        attributes: Attributes::default(),
        focused: false,
        focus: Vec::new(),
        floating: false,
        scratchpad: ScratchpadState::None,
        gaps: None,
        window: None,
        properties: Some(properties.clone()),
        swallows: false,
        nodes: Vec::new(),
        floating_nodes: Vec::new(),
    }
}
