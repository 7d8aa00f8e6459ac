//! Workspaces whose monitor is not connected. Their outputs, the rects of their floating windows and
//! their visibility stay as in the file: the desktop only shows a makeshift.

use std::collections::BTreeSet;

use super::slot::{Floating, Layout, Workspace, same_windows};
use crate::compile::{Plan, PlannedMonitor, monitors};
use crate::geometry::Rect;
use crate::layout::Monitor;
use crate::live::Desktop;

/// The parts of the file that depend on monitors that are not connected.
#[derive(Debug, Default)]
pub(super) struct Absent {
    /// The workspaces whose monitor is not connected, or that a profile has placed, by name.
    workspaces: BTreeSet<String>,
    /// The workspaces whose visibility on the desktop says nothing: these, and those on an output
    /// that shows one of these.
    hidden: BTreeSet<String>,
    /// True if another monitor is primary because that of the file is not connected.
    pub(super) primary: bool,
}

impl Absent {
    /// Compares the monitors of the file with those of the desktop.
    pub(super) fn new(plan: &Plan, desktop: &Desktop, old: &Layout, new: &Layout) -> Self {
        let away = plan
            .workspaces
            .iter()
            .filter(|one| one.missing.is_some() || one.by_profile);
        let workspaces: BTreeSet<String> = away.map(|one| one.name.clone()).collect();
        let has = |names: &BTreeSet<String>, name: &str| {
            names.iter().any(|known| known.eq_ignore_ascii_case(name))
        };
        let shows_makeshift = |output: &[String]| {
            let mut shown = new.workspaces.iter().filter(|one| one.visible);
            shown.any(|one| one.output == output && has(&workspaces, &one.name))
        };
        let undecided = new
            .workspaces
            .iter()
            .filter(|one| has(&workspaces, &one.name) || shows_makeshift(&one.output));
        let hidden = undecided.map(|one| one.name.clone()).collect();
        let mut monitors = old.monitors.iter();
        let primary = monitors
            .find(|monitor| monitor.primary)
            .is_some_and(|primary| {
                let mut planned = plan.monitors.iter();
                let planned = planned.find(|monitor| monitor.name == primary.output);
                let is_connected = planned.is_some_and(PlannedMonitor::is_connected);
                !is_connected && desktop.primary_output().is_some()
            });
        Self {
            workspaces,
            hidden,
            primary,
        }
    }

    /// True if no monitor is missing.
    pub(super) fn is_empty(&self) -> bool {
        self.workspaces.is_empty() && !self.primary
    }

    /// True if the monitor of this workspace is not connected.
    pub(super) fn has(&self, workspace: &str) -> bool {
        let mut all = self.workspaces.iter();
        all.any(|name| name.eq_ignore_ascii_case(workspace))
    }

    /// True if the visibility of this workspace stays as in the file.
    pub(super) fn keeps_visibility(&self, workspace: &str) -> bool {
        let mut all = self.hidden.iter();
        all.any(|name| name.eq_ignore_ascii_case(workspace))
    }
}

/// Gives floating windows the rects of the file. A window that was not there gets the rect that
/// it has on the desktop, fitted to the monitor of the file.
pub(super) fn keep_rects(
    now: &mut [Floating],
    old: &[Floating],
    (from, to): (Option<Rect>, Option<Rect>),
) {
    for floating in now {
        let before = old.iter().find(|old| same_windows(old, floating));
        floating.rect = match (before, floating.rect) {
            (Some(before), _) => before.rect,
            (None, Some(rect)) => Some(to.map_or(rect, |to| monitors::fit(rect, from, to))),
            (None, None) => None,
        };
    }
}

/// The rect of the first of these outputs that is among the monitors.
pub(super) fn rect_of(workspace: &Workspace, monitors: &[Monitor]) -> Option<Rect> {
    workspace.output.iter().find_map(|output| {
        let mut monitors = monitors.iter();
        let found = monitors.find(|monitor| monitor.output == *output);
        found.map(|monitor| monitor.rect)
    })
}

/// The rect of the primary monitor.
pub(super) fn primary_rect(monitors: &[Monitor]) -> Option<Rect> {
    let mut all = monitors.iter();
    all.find(|monitor| monitor.primary)
        .map(|monitor| monitor.rect)
}

/// The monitors of the file after an update without some of them: only connected ones whose size
/// differs are changed.
pub(super) fn monitors(
    old: &[Monitor],
    new: &[Monitor],
    is_named: &dyn Fn(&Monitor) -> bool,
) -> Vec<Monitor> {
    let mut monitors: Vec<Monitor> = old.to_vec();
    for present in new {
        let known = monitors
            .iter_mut()
            .find(|known| known.output == present.output);
        match known {
            Some(known) => {
                if (known.rect.width, known.rect.height)
                    != (present.rect.width, present.rect.height)
                {
                    known.rect = present.rect;
                }
                if known.edid.is_empty() {
                    known.edid = present.edid.clone();
                }
            }
            // A monitor in the place of another one is not one of the layout.
            None if is_named(present) => monitors.push(Monitor {
                primary: false,
                ..present.clone()
            }),
            None => {}
        }
    }
    monitors
}
