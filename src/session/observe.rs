//! Snapshots of the desktop: i3's tree with the facts about its windows.

use std::collections::{BTreeMap, BTreeSet};

use super::{Session, SessionError};
use crate::live::mark::is_slot_mark;
use crate::live::seat;
use crate::live::{
    Con, ConId, Desktop, Invocation, Pid, Process, Processes, Seat, Seats, WindowFacts, WindowType,
    XId,
};
use crate::records::Window;

impl Session {
    /// The desktop: i3's tree and outputs, and for each window of the tree the facts from X
    /// and from `processes`.
    ///
    /// The first call also reads i3's version and config, and fails if i3 is too old. The
    /// facts about a window are read once, because they do not change. Only the programs
    /// inside a terminal's window may start a moment later, so these are read again until
    /// they are known.
    pub fn observe(&mut self, processes: &dyn Processes) -> Result<Desktop, SessionError> {
        let known = self.about.clone();
        let (about, mut tree, outputs) = self.ask_first(|wm| wm.observe(known.clone()))?;
        let outputs = self.with_monitors(outputs)?;
        self.has_looked = true;
        self.wm.socket.present = tree.descendants().count();
        self.floating = tree.floating_states();
        self.about = Some(about.clone());
        let present: BTreeSet<XId> = tree.windows().filter_map(|con| con.window).collect();
        self.windows.retain(|id, _| present.contains(id));
        let unseen = present
            .into_iter()
            .filter(|id| !self.windows.contains_key(id));
        let mut unseen = self.display.facts(unseen)?;
        // A terminal or browser has many windows in one process.
        let mut known = BTreeMap::new();
        let mut read = |pid| -> Option<Process> {
            let process = known.entry(pid).or_insert_with(|| processes.process(pid));
            process.clone()
        };
        for facts in unseen.values_mut() {
            facts.process = facts.pid().and_then(&mut read);
            // A daemon connected before it forked: the X server still reports the parent, which
            // has ended.
            if !facts.process.as_ref().is_some_and(is_program)
                && let Some(claimed) = facts.claimed_pid.and_then(&mut read).filter(is_program)
            {
                facts.server_pid = None;
                facts.process = Some(claimed);
            }
        }
        self.windows.append(&mut unseen);
        set_bare(&mut tree, &self.windows);
        let marks = |con: &Con| -> Vec<(ConId, String)> {
            let marks = con
                .attributes
                .marks
                .iter()
                .filter(|mark| is_slot_mark(mark));
            marks.map(|mark| (con.id, mark.clone())).collect()
        };
        self.marked = tree.windows().flat_map(marks).collect();
        let seats = self.seats(&tree);
        self.look_inside(&seats, processes);
        let is_ignored = |con: &&Con| {
            let properties = con.properties.as_ref();
            properties.is_some_and(|properties| self.rules.ignores(properties))
        };
        let mut desktop = Desktop {
            ignored: tree
                .windows()
                .filter(is_ignored)
                .map(|con| con.id)
                .collect(),
            version: about.version,
            outputs,
            tree,
            seats,
            windows: self.windows.clone(),
            defaults: about.defaults,
            gaps: about.gaps,
        };
        let helpers = desktop.helpers();
        desktop.ignored.extend(helpers);
        self.find_commands(&mut desktop, processes);
        Ok(desktop)
    }

    /// Finds the commands of the windows, once for each window.
    fn find_commands(&mut self, desktop: &mut Desktop, processes: &dyn Processes) {
        self.asked.retain(|id| self.windows.contains_key(id));
        let all = desktop.tree.windows();
        let new: Vec<&Con> = all
            .filter(|con| con.window.is_some_and(|id| self.asked.insert(id)))
            .collect();
        let found: Vec<(XId, Invocation)> = new
            .into_iter()
            .filter_map(|con| Some((con.window?, processes.command(con, desktop)?)))
            .collect();
        for (id, command) in found {
            for windows in [&mut self.windows, &mut desktop.windows] {
                if let Some(facts) = windows.get_mut(&id) {
                    facts.command = Some(command.clone());
                }
            }
        }
    }

    /// Finds the programs inside the windows for which they are unknown. Skips a window that
    /// is alone in its process and in a slot.
    fn look_inside(&mut self, seats: &Seats, processes: &dyn Processes) {
        let mut owners: BTreeMap<Pid, Vec<XId>> = BTreeMap::new();
        for (&id, facts) in &self.windows {
            if let Some(pid) = facts.pid() {
                owners.entry(pid).or_default().push(id);
            }
        }
        for windows in owners.into_values() {
            if matches!(windows.as_slice(), [only] if seats.contains_key(only)) {
                continue;
            }
            let unknown = |id: &XId| {
                let facts = self.windows.get(id)?;
                facts.process.as_ref().filter(|_| facts.inside.is_none())
            };
            let Some(process) = windows.iter().find_map(unknown) else {
                continue;
            };
            let insides = processes.insides(process, &windows);
            for (id, inside) in insides.into_iter().flatten() {
                if let Some(facts) = self.windows.get_mut(&id) {
                    facts.inside = Some(inside);
                }
            }
        }
    }

    /// The known slots of the windows that are open.
    fn seats(&self, tree: &Con) -> Seats {
        let open = self.windows.iter().filter_map(|(&id, facts)| {
            let seats = self.placed.get(&Window::new(id, Some(facts)))?;
            Some((id, seats.clone()))
        });
        let mut seats = open.collect();
        self.add_started(&mut seats, tree);
        seat::add_marked(&mut seats, tree);
        seats
    }

    /// Adds the slot of each program that an earlier run has started, for its first window.
    fn add_started(&self, seats: &mut Seats, tree: &Con) {
        for (token, seat) in &self.started {
            let is_its = |id: &XId| {
                let facts = self.windows.get(id);
                let process = facts.and_then(|facts| facts.process.as_ref());
                process.is_some_and(|process| process.token.as_ref() == Some(token))
            };
            let windows = tree.windows().filter(|con| con.is_main_window());
            let mut windows = windows.filter_map(|con| con.window.filter(is_its));
            let is_taken = seats
                .values()
                .flatten()
                .any(|other| other.is(&seat.layout, &seat.slot));
            if let Some(id) = windows.next().filter(|_| !is_taken) {
                let of_window: &[Seat] = seats.get(&id).map_or(&[], Vec::as_slice);
                if of_window.iter().all(|other| other.layout != seat.layout) {
                    seat::take(seats, id, seat.clone());
                }
            }
        }
    }
}

/// Sets the type of bare windows in the tree; i3 only knows the declared type.
fn set_bare(con: &mut Con, windows: &BTreeMap<XId, WindowFacts>) {
    let facts = con.window.and_then(|window| windows.get(&window));
    if facts.is_some_and(|facts| facts.bare)
        && let Some(properties) = con
            .properties
            .as_mut()
            .filter(|properties| properties.is_main_window())
    {
        properties.window_type = WindowType::Bare;
    }
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        set_bare(child, windows);
    }
}

/// True if it can open windows: kernel threads and ended processes have no command line.
fn is_program(process: &Process) -> bool {
    !process.argv.is_empty()
}
