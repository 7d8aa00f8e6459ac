//! The windows that discovery is asked about.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Rule;
use crate::live::{Con, Desktop, Pid, Properties, WindowFacts, XId};

/// The window that is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// i3's container.
    pub con: &'a Con,
    /// Its facts from X11 and /proc.
    pub facts: Option<&'a WindowFacts>,
    /// The rule that applies to it.
    pub rule: Option<&'a Rule>,
    /// True if another window of its process is opened by a command already.
    pub again: bool,
    /// Which of the windows of its process it is in the order in which they were opened,
    /// from 0, and how many they are; without dialogs.
    pub rank: (usize, usize),
}

/// Asks about windows of a desktop, one after the other.
#[derive(Debug)]
pub struct Questions<'a> {
    desktop: &'a Desktop,
    /// The windows of each process, in the order in which they were opened.
    windows: BTreeMap<Owner, Vec<XId>>,
    asked: BTreeSet<Owner>,
}

/// The process ids that the X server and the window name. Both, as programs in
/// different pid namespaces may claim the same.
type Owner = (Option<Pid>, Option<Pid>);

impl<'a> Questions<'a> {
    /// About these windows.
    pub fn new(desktop: &'a Desktop) -> Self {
        let mut windows: BTreeMap<Owner, Vec<XId>> = BTreeMap::new();
        for con in desktop.tree.windows() {
            let properties = con.properties.as_ref();
            let is_main_window = properties.is_some_and(Properties::is_main_window);
            if let Some(id) = con.window.filter(|_| is_main_window) {
                windows
                    .entry(owner(desktop.windows.get(&id)))
                    .or_default()
                    .push(id);
            }
        }
        // A program counts its ids up.
        for ids in windows.values_mut() {
            ids.sort_unstable();
        }
        Self {
            desktop,
            windows,
            asked: BTreeSet::new(),
        }
    }

    /// About the next window, to which this rule applies.
    ///
    /// A window that the rule leaves out of layouts opens no other, and one with
    /// `once_per_process: false` is opened by no other.
    pub fn ask(&mut self, con: &'a Con, rule: Option<&'a Rule>) -> Asked<'a> {
        let facts = con.window.and_then(|id| self.desktop.windows.get(&id));
        let owner = owner(facts);
        let known = owner != (None, None);
        let of_process = self.windows.get(&owner).filter(|_| known);
        let ignored = rule.is_some_and(|rule| rule.ignore);
        let again = known && self.asked.contains(&owner);
        if !ignored {
            self.asked.insert(owner);
        }
        let each = rule.is_some_and(|rule| rule.once_per_process == Some(false));
        let position = of_process.and_then(|ids| ids.iter().position(|id| Some(*id) == con.window));
        Asked {
            con,
            facts,
            rule,
            again: again && !each,
            rank: match (position, of_process) {
                (Some(position), Some(ids)) => (position, ids.len()),
                _ => (0, 1),
            },
        }
    }
}

fn owner(facts: Option<&WindowFacts>) -> Owner {
    facts.map_or((None, None), |facts| (facts.server_pid, facts.claimed_pid))
}
