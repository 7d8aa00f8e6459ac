//! Decides which present output takes the place of which monitor of a file. Pure.

mod assign;
mod evidence;
mod fit;
#[cfg(test)]
mod place_tests;
pub mod profile;
#[cfg(test)]
mod tests;

use std::iter::zip;

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::layout::Monitor;
use crate::live::{Output, OutputRole, primary_output, same_output};
use evidence::{Pair, bounds, by_name_alone, compare};

pub use evidence::Evidence;
pub use fit::fit;
pub(super) use fit::place as place_of;
pub use profile::ProfileFit;

/// The reason why a workspace is on an output, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fit {
    /// The output is a monitor that the workspace names.
    Own,
    /// The output takes the place of a monitor that the workspace names.
    StandIn,
    /// The workspace names no monitor.
    Anywhere,
    /// No monitor of the workspace is present, and no output is left for it.
    Fallback,
}

/// A monitor of the file, and the output that takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedMonitor {
    /// Its output in the file.
    pub name: String,
    /// The present output; `None` if none is left for it.
    pub output: Option<String>,
    /// The reasons for this output, the strongest first.
    pub evidence: Vec<Evidence>,
}

impl PlannedMonitor {
    /// True if the output is this monitor, and not another one in its place.
    pub fn is_connected(&self) -> bool {
        self.evidence.iter().any(|one| one.is_own())
    }
}

/// The monitors of a file with the outputs that take their places.
#[derive(Debug)]
pub(super) struct Desk<'a> {
    saved: &'a [Monitor],
    present: &'a [Output],
    monitors: Vec<PlannedMonitor>,
}

impl<'a> Desk<'a> {
    /// Assigns the outputs. `wishes` are all outputs that workspaces name; those that are not
    /// among the monitors of the file are known by their names alone.
    pub(super) fn new<'w>(
        saved: &'a [Monitor],
        wishes: impl Iterator<Item = &'w String>,
        present: &'a [Output],
    ) -> Self {
        let mut others: Vec<&String> = Vec::new();
        for wish in wishes {
            let mut saved = saved.iter();
            let is_known = saved.any(|monitor| same_output(&monitor.output, wish))
                || others.iter().any(|other| same_output(other, wish));
            if !is_known && OutputRole::of(wish).is_none() {
                others.push(wish);
            }
        }
        let desk = |rects: &mut dyn Iterator<Item = Rect>| bounds(rects);
        let saved_desk = desk(&mut saved.iter().map(|monitor| monitor.rect));
        let present_desk = desk(&mut present.iter().map(|output| output.rect));
        let known = saved.iter().map(|monitor| -> Vec<Pair> {
            let outputs = present.iter();
            outputs
                .map(|output| compare(monitor, saved_desk, output, present_desk))
                .collect()
        });
        let unknown = others.iter().map(|name| -> Vec<Pair> {
            let outputs = present.iter();
            outputs.map(|output| by_name_alone(name, output)).collect()
        });
        let pairs: Vec<Vec<Pair>> = known.chain(unknown).collect();
        let is_possible = |row: usize, pair: &Pair| row < saved.len() || !pair.evidence.is_empty();
        let assigned = assign::assign(&pairs, present.len(), &is_possible);
        let names = saved.iter().map(|monitor| &monitor.output).chain(others);
        let monitors = zip(names, zip(pairs, assigned)).map(|(name, (pairs, column))| {
            let output = column.and_then(|column| present.get(column));
            let pair = column.and_then(|column| pairs.into_iter().nth(column));
            let mut evidence = pair.unwrap_or_default().evidence;
            // If it is the monitor, it does not matter how similar it is.
            if evidence.iter().any(|one| one.is_own()) {
                evidence.retain(|one| one.is_own());
            }
            PlannedMonitor {
                name: name.clone(),
                output: output.map(|output| output.name.clone()),
                evidence,
            }
        });
        Self {
            saved,
            present,
            monitors: monitors.collect(),
        }
    }

    /// The monitors of the file, then the other outputs that workspaces name.
    pub(super) fn into_monitors(self) -> Vec<PlannedMonitor> {
        self.monitors
    }

    /// The output for a workspace: the first monitor of its wishes that is present, else an output
    /// in the place of one of them, else the primary output. `None` if there is no output, or if it
    /// has no wishes.
    pub(super) fn output_for(&self, wishes: &[String]) -> (Option<&'a Output>, Fit) {
        if wishes.is_empty() {
            return (None, Fit::Anywhere);
        }
        let first = |fit| {
            let mut found = wishes.iter().map(|wish| self.output_of(wish));
            found.find_map(|found| found.filter(|(_, other)| *other == fit))
        };
        match first(Fit::Own).or_else(|| first(Fit::StandIn)) {
            Some((output, fit)) => (Some(output), fit),
            None => (primary_output(self.present), Fit::Fallback),
        }
    }

    /// The present output with this name or in this role.
    pub(super) fn present(&self, name: &str) -> Option<&'a Output> {
        let primary = primary_output(self.present)?;
        let mut outputs = self.present.iter();
        match OutputRole::of(name) {
            Some(OutputRole::Primary) => Some(primary),
            Some(OutputRole::NonPrimary) => outputs.find(|output| output.name != primary.name),
            None => outputs.find(|output| same_output(&output.name, name)),
        }
    }

    fn output_of(&self, wish: &str) -> Option<(&'a Output, Fit)> {
        if OutputRole::of(wish).is_some() {
            return Some((self.present(wish)?, Fit::Own));
        }
        let monitor = self.monitor(wish)?;
        let name = monitor.output.as_ref()?;
        let output = self.present(name)?;
        let fit = if monitor.is_connected() {
            Fit::Own
        } else {
            Fit::StandIn
        };
        Some((output, fit))
    }

    /// The monitor of a workspace, if that is not connected: the first of its wishes that is among
    /// the monitors of the file. Others are alternatives for other machines, so they are only missing
    /// if no wish is present.
    pub(super) fn missing(&self, wishes: &[String]) -> Option<&str> {
        let is_saved = |wish: &&String| self.saved.iter().any(|one| same_output(&one.output, wish));
        let own = wishes.iter().find(is_saved).or_else(|| {
            let (_, fit) = self.output_for(wishes);
            wishes.first().filter(|_| fit != Fit::Own)
        });
        let monitor = self.monitor(own?)?;
        (!monitor.is_connected()).then_some(monitor.name.as_str())
    }

    /// The saved monitor to which the rects of a workspace's floating windows are relative.
    pub(super) fn saved_for(&self, wishes: &[String]) -> Option<&'a Monitor> {
        let saved = || self.saved.iter();
        wishes.iter().find_map(|wish| match OutputRole::of(wish) {
            Some(OutputRole::Primary) => saved().find(|monitor| monitor.primary),
            Some(OutputRole::NonPrimary) => saved().find(|monitor| !monitor.primary),
            None => saved().find(|monitor| same_output(&monitor.output, wish)),
        })
    }

    /// The place on the screen for a floating window; see [`fit::place`].
    pub(super) fn place(&self, rect: Rect, wishes: &[String], on: &Output) -> Rect {
        let from = self.saved_for(wishes).map(|monitor| monitor.rect);
        let is_own = self
            .output_for(wishes)
            .0
            .is_none_or(|output| output.name == on.name)
            && self.missing(wishes).is_none();
        let saved: Vec<Rect> = self.saved.iter().map(|monitor| monitor.rect).collect();
        let present: Vec<Rect> = self.present.iter().map(|output| output.rect).collect();
        fit::place(rect, (from, &saved), (on.rect, &present), is_own)
    }

    fn monitor(&self, name: &str) -> Option<&PlannedMonitor> {
        let mut all = self.monitors.iter();
        all.find(|monitor| same_output(&monitor.name, name))
    }
}

const fn same_size(one: Rect, other: Rect) -> bool {
    one.width == other.width && one.height == other.height
}
