//! Questions to discovery about windows.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::Rule;
use crate::live::{Con, Desktop, Pid, Properties, WindowFacts, XId};

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
    /// True if the command line of another window's process ends with that of its process, as
    /// that of a terminal does: `xterm -e xclock`.
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
        let rank = ids.and_then(|ids| {
            let position = ids.iter().position(|id| Some(*id) == con.window)?;
            Some((position, ids.len()))
        });
        let each = rule.is_some_and(|rule| rule.once_per_process == Some(false));
        let again = known && !each && self.asked.contains(&owner);
        if !rule.is_some_and(|rule| rule.ignore) {
            self.asked.insert(owner);
        }
        let alone = Asked::alone(con, facts, rule);
        Asked {
            again,
            may_be_job: !each && self.may_be_job(facts),
            rank: rank.unwrap_or(alone.rank),
            ..alone
        }
    }

    fn may_be_job(&self, facts: Option<&WindowFacts>) -> bool {
        let Some(process) = facts.and_then(|facts| facts.process.as_ref()) else {
            return false;
        };
        let others = self.desktop.windows.values();
        let mut others = others.filter_map(|facts| facts.process.as_ref());
        others.any(|other| is_end_of(&process.argv, &other.argv))
    }
}

/// True if the longer command line ends with the shorter one.
pub(super) fn is_end_of(shorter: &[String], longer: &[String]) -> bool {
    !shorter.is_empty() && shorter.len() < longer.len() && longer.ends_with(shorter)
}

fn owner(facts: Option<&WindowFacts>) -> Owner {
    facts.map_or((None, None), |facts| (facts.server_pid, facts.claimed_pid))
}
