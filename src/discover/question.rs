//! Questions to discovery about windows.

use std::collections::{BTreeMap, BTreeSet};

use super::machine::Machine;
use super::terminal_table::{self, Terminal};
use crate::config::Rule;
use crate::live::{Con, Desktop, Pid, Process, Properties, WindowFacts, XId};

/// A question about a window.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// i3's container.
    pub con: &'a Con,
    /// Facts from X11 and /proc.
    pub facts: Option<&'a WindowFacts>,
    /// The rule that applies to it.
    pub rule: Option<&'a Rule>,
    /// True if a command of another window of its process opens it.
    pub again: bool,
    /// The desktop with the other windows; `None` to ignore them.
    pub desktop: Option<&'a Desktop>,
    /// True if a terminal with a window may have started its process.
    pub may_be_job: bool,
    /// The window's position among the windows of its process, in the order in which they were
    /// opened, from 0, and the number of these windows. Dialogs are not counted.
    pub rank: (usize, usize),
}

impl<'a> Asked<'a> {
    /// The question about a window without regard to the others of its process.
    pub const fn alone(
        con: &'a Con,
        facts: Option<&'a WindowFacts>,
        rule: Option<&'a Rule>,
    ) -> Self {
        Self {
            con,
            facts,
            rule,
            again: false,
            desktop: None,
            may_be_job: false,
            rank: (0, 1),
        }
    }
}

/// Creates questions about the windows of a desktop, one after the other.
#[derive(Debug)]
pub struct Questions<'a> {
    desktop: &'a Desktop,
    /// The windows of each process, in the order in which they were opened.
    windows: BTreeMap<Owner, Vec<XId>>,
    asked: BTreeSet<Owner>,
}

/// The process ids according to the X server and to the window. Programs in different pid
/// namespaces may have the same id, so both are needed.
type Owner = (Option<Pid>, Option<Pid>);

impl<'a> Questions<'a> {
    /// Prepares questions about these windows.
    pub fn new(desktop: &'a Desktop) -> Self {
        let mut windows: BTreeMap<Owner, Vec<XId>> = BTreeMap::new();
        for con in desktop.tree.windows() {
            let properties = con.properties.as_ref();
            let is_main_window = properties.is_some_and(Properties::is_main_window);
            if let Some(id) = con.window.filter(|_| is_main_window) {
                let owner = owner(desktop.facts(con));
                windows.entry(owner).or_default().push(id);
            }
        }
        // Ids of one program increase.
        for ids in windows.values_mut() {
            ids.sort_unstable();
        }
        Self {
            desktop,
            windows,
            asked: BTreeSet::new(),
        }
    }

    /// Asks about the next window, to which this rule applies.
    ///
    /// A window that the rule leaves out of layouts opens no other window. With
    /// `once_per_process: false`, no other window opens it.
    pub fn ask(&mut self, con: &'a Con, rule: Option<&'a Rule>) -> Asked<'a> {
        let facts = self.desktop.facts(con);
        let owner = owner(facts);
        let known = owner != (None, None);
        let ids = self.windows.get(&owner).filter(|_| known);
        let properties = con.properties.as_ref();
        let is_main_window = properties.is_none_or(Properties::is_main_window);
        let rank = ids.and_then(|ids| {
            let position = ids.iter().position(|id| Some(*id) == con.window)?;
            Some((position, ids.len()))
        });
        let each = rule.is_some_and(|rule| rule.once_per_process == Some(false));
        // A command opens main windows, and these open dialogs.
        let is_helper = !is_main_window && ids.is_some();
        let again = known && !each && (is_helper || self.asked.contains(&owner));
        if !rule.is_some_and(|rule| rule.ignore) && !is_helper {
            self.asked.insert(owner);
        }
        let alone = Asked::alone(con, facts, rule);
        Asked {
            again,
            desktop: Some(self.desktop),
            may_be_job: !each && self.may_be_job(facts),
            rank: rank.unwrap_or(alone.rank),
            ..alone
        }
    }

    /// True if another window belongs to a terminal with a program in its arguments.
    fn may_be_job(&self, facts: Option<&WindowFacts>) -> bool {
        let Some(process) = facts.and_then(|facts| facts.process.as_ref()) else {
            return false;
        };
        let others = self.desktop.windows.values();
        let mut others = others.filter_map(|facts| facts.process.as_ref());
        others.any(|other| other.pid != process.pid && Terminal::of_process(other).is_some())
    }
}

impl Asked<'_> {
    /// True if the process, or one that this script started, has a window on the desktop.
    pub(super) fn has_window(&self, process: &Process, machine: &dyn Machine) -> bool {
        let (Some(pid), Some(desktop)) = (process.pid, self.desktop) else {
            return false;
        };
        let is_it = |one: &Process| one.pid == Some(pid);
        let main = desktop.tree.windows().filter(|con| {
            let properties = con.properties.as_ref();
            properties.is_some_and(Properties::is_main_window)
        });
        let mut owners = main.filter_map(|con| desktop.facts(con)?.process.as_ref());
        let is_script = terminal_table::is_script(&process.argv);
        owners.any(|owner| is_it(owner) || is_script && machine.parents(owner).iter().any(is_it))
    }
}

fn owner(facts: Option<&WindowFacts>) -> Owner {
    facts.map_or((None, None), |facts| (facts.server_pid, facts.claimed_pid))
}
