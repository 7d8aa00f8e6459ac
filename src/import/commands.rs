//! The commands of windows: from the files, else from rules and desktop entries.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Surroundings;
use super::note::{About, Missing, Note};
use super::programs::{Assigned, Program, assign};
use super::tree::Leaf;
use crate::config::Rule;
use crate::discover::terminal_table::Terminal;
use crate::discover::{Asked, CommandSource, Discovered, explain, given};
use crate::document::lenient::Place;
use crate::geometry::Rect;
use crate::live::{Con, ConId, ConKind, Properties, ScratchpadState};
use crate::tree::{Attributes, ContainerLayout};

/// A command for a window, with what the user should know about it.
#[derive(Default)]
pub(super) struct Filled {
    pub(super) found: Discovered,
    pub(super) notes: Vec<(Option<Place>, About)>,
}

impl Filled {
    fn without_command(missing: Missing) -> Self {
        Self {
            found: Discovered::default(),
            notes: vec![(None, About::NoCommand(missing))],
        }
    }
}

/// The commands of the windows of a layout, while they are found.
pub(super) struct Filling<'a> {
    /// The windows by their keys.
    pub(super) leaves: &'a HashMap<usize, Leaf>,
    pub(super) surroundings: Surroundings<'a>,
    /// The commands that were found.
    pub(super) filled: BTreeMap<usize, Filled>,
    /// The windows that the program of another window opens, with that window.
    pub(super) opened: BTreeMap<usize, usize>,
    /// The notes about programs without a window.
    pub(super) notes: Vec<Note<usize>>,
}

impl Filling<'_> {
    /// Gives each window its own program, in the same order.
    pub(super) fn pair(&mut self, keys: &[usize], programs: &[Program]) {
        for (&key, program) in keys.iter().zip(programs) {
            self.take(key, program, false);
        }
    }

    /// Finds the windows of programs; see [`assign`].
    pub(super) fn fill(&mut self, keys: &[usize], programs: &[Program]) {
        if programs.is_empty() {
            return;
        }
        let windows = keys.iter().filter_map(|key| self.leaves.get(key));
        let windows: Vec<Properties> = windows.map(Leaf::properties).collect();
        let mut used: BTreeSet<usize> = BTreeSet::new();
        let entries = self.surroundings.machine.desktop_files();
        for (&key, assigned) in keys.iter().zip(assign(&windows, programs, entries)) {
            match assigned {
                Some(Assigned::Certain(at)) => {
                    used.insert(at);
                    self.take(key, &programs[at], false);
                }
                Some(Assigned::ByOrder(at)) => {
                    used.insert(at);
                    self.take(key, &programs[at], true);
                }
                Some(Assigned::OpenedBy(opener)) => {
                    self.opened.insert(key, keys[opener]);
                }
                Some(Assigned::Ambiguous(all)) => {
                    let missing = Missing::Ambiguous(self.choices(&all, programs));
                    self.filled.insert(key, Filled::without_command(missing));
                    used.extend(all);
                }
                None => {}
            }
        }
        let unused = (0..programs.len()).filter(|at| !used.contains(at));
        for program in unused.map(|at| &programs[at]) {
            self.notes.push(Note {
                place: program.place.clone(),
                slot: None,
                about: About::Program(line(program, self.surroundings)),
            });
        }
    }

    fn take(&mut self, key: usize, program: &Program, by_order: bool) {
        let machine = self.surroundings.machine;
        let inside = program.inside.as_deref();
        let joined = inside.and_then(|line| given::in_terminal(&program.argv, line));
        let is_joined = joined.is_some();
        let argv = joined.unwrap_or_else(|| program.argv.clone());
        let found = given::written(argv, program.cwd.clone(), machine);
        let mut about = Vec::new();
        if let (true, Some(command)) = (by_order, &found.command) {
            about.push(About::ByOrder(command.clone()));
        }
        about.extend(program.inside.clone().map(if is_joined {
            About::Joined
        } else {
            About::InTerminal
        }));
        let notes = about
            .into_iter()
            .map(|about| (program.place.clone(), about));
        let notes = notes.collect();
        self.filled.insert(key, Filled { found, notes });
    }

    /// The different programs at these positions, as many as a comment can hold.
    fn choices(&self, all: &[usize], programs: &[Program]) -> Vec<String> {
        const MOST: usize = 6;
        let mut lines: Vec<String> = Vec::new();
        for &at in all {
            if lines.len() == MOST {
                lines.push("…".to_owned());
                break;
            }
            let line = line(&programs[at], self.surroundings);
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// Proposes commands for the other windows.
    pub(super) fn propose(&mut self) {
        for (key, leaf) in self.leaves {
            if !self.filled.contains_key(key) && !self.opened.contains_key(key) {
                self.filled.insert(*key, proposed(leaf, self.surroundings));
            }
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
fn proposed(leaf: &Leaf, surroundings: Surroundings<'_>) -> Filled {
    let properties = leaf.properties();
    let nothing = Filled::without_command;
    if leaf.swallow.is_empty() {
        return Filled::default();
    }
    let rule: Option<&Rule> = surroundings.rules.winner(&properties);
    let con = con_of(&properties);
    let discovery = explain(&Asked::alone(&con, None, rule), surroundings.machine);
    let winner = discovery.winner();
    let is_ruled = winner.is_some_and(|winner| winner.source == CommandSource::Rule);
    if let Some(instance) = named_terminal(&properties).filter(|_| !is_ruled) {
        // The terminal of a desktop entry would open with its own instance.
        return nothing(Missing::NamedTerminal(instance));
    }
    let Some(winner) = winner else {
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

/// Returns the instance of a terminal if the user has named it.
fn named_terminal(properties: &Properties) -> Option<String> {
    let is_terminal = |name: &Option<String>| {
        let name = name.as_deref();
        name.is_some_and(|name| Terminal::of_class(name).is_some())
    };
    let instance = properties.instance.clone();
    instance.filter(|_| is_terminal(&properties.class) && !is_terminal(&properties.instance))
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
