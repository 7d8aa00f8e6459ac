//! Which slots need the title of their window in the file.
//!
//! A title can be private, and it changes, so it is written only if nothing else tells the window
//! from another one, or if a rule of the i3 config waits for it.

use std::collections::{BTreeSet, HashMap};

use crate::layout::criteria::literal;
use crate::layout::{Command, Matcher, Swallow};
use crate::live::{Con, Properties, WindowFacts, WindowType};

/// A window of the desktop.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) con: &'a Con,
    pub(super) facts: Option<&'a WindowFacts>,
    /// Its slot; `None` for a window that is not captured.
    pub(super) slot: Option<Slot<'a>>,
}

/// The slot of a window.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot<'a> {
    pub(super) swallow: &'a Swallow,
    pub(super) command: Option<&'a Command>,
    pub(super) cwd: Option<&'a str>,
}

impl Candidate<'_> {
    fn title(&self) -> Option<&str> {
        self.con.properties.as_ref()?.title.as_deref()
    }

    fn class(&self) -> Option<&str> {
        self.con.properties.as_ref()?.class.as_deref()
    }

    /// True if their commands, directories or processes tell the windows apart.
    fn differs_from(&self, other: &Self) -> bool {
        let pids = |one: &Self| one.facts.map(|facts| (facts.server_pid, facts.claimed_pid));
        if pids(self).is_none() || pids(self) == pids(other) {
            return false;
        }
        match (self.slot, other.slot) {
            (Some(one), Some(another)) => {
                one.command.is_some()
                    && another.command.is_some()
                    && (one.command, one.cwd) != (another.command, another.cwd)
            }
            // Another window of another process is not part of the layout.
            _ => true,
        }
    }
}

/// For each window whether its slot needs the title. `rules` are the criteria of the i3 config's rules.
pub(super) fn needed(windows: &[Candidate<'_>], rules: &[Swallow]) -> Vec<bool> {
    let mut of_class: HashMap<Option<&str>, Vec<usize>> = HashMap::new();
    for (at, window) in windows.iter().enumerate() {
        of_class.entry(window.class()).or_default().push(at);
    }
    let mut fits: HashMap<&Swallow, BTreeSet<usize>> = HashMap::new();
    for slot in windows.iter().filter_map(|window| window.slot) {
        fits.entry(slot.swallow)
            .or_insert_with(|| fitting(slot.swallow, windows, &of_class));
    }
    let with_title = rules.iter().filter(|criteria| criteria.title.is_some());
    let rules: Vec<Matcher> = with_title.filter_map(Matcher::of_slot).collect();
    let mut needed: Vec<bool> = windows
        .iter()
        .map(|window| waits_for_title(window, &rules))
        .collect();
    for (at, window) in windows.iter().enumerate() {
        let fitting = window.slot.and_then(|slot| fits.get(slot.swallow));
        for &other in fitting.into_iter().flatten().filter(|&&other| other != at) {
            let another = &windows[other];
            if window.title() != another.title() && !window.differs_from(another) {
                needed[at] = true;
                needed[other] = true;
            }
        }
    }
    needed
}

/// The positions of the windows that match the criteria.
fn fitting(
    swallow: &Swallow,
    windows: &[Candidate<'_>],
    of_class: &HashMap<Option<&str>, Vec<usize>>,
) -> BTreeSet<usize> {
    let Some(matcher) = Matcher::of_slot(swallow) else {
        return BTreeSet::new();
    };
    let fits = |at: &usize| {
        let properties = windows[*at].con.properties.as_ref();
        properties.is_some_and(|properties| matcher.matches(properties))
    };
    // Most criteria name one class, and a search of all windows takes long with many.
    match swallow.class.as_deref().and_then(literal) {
        Some(class) => {
            let same = of_class.get(&Some(class.as_str()));
            same.into_iter().flatten().copied().filter(fits).collect()
        }
        None => (0..windows.len()).filter(fits).collect(),
    }
}

/// True if a rule of the i3 config matches the window only with its title: after a restore, `apply` waits
/// for this title. Also true for a bare window, which could be a splash screen.
fn waits_for_title(window: &Candidate<'_>, rules: &[Matcher]) -> bool {
    let Some(properties) = &window.con.properties else {
        return false;
    };
    let untitled = Properties {
        title: None,
        ..properties.clone()
    };
    properties.window_type == WindowType::Bare
        || rules
            .iter()
            .any(|rule| rule.matches(properties) && !rule.matches(&untitled))
}
