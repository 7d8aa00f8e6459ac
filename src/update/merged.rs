//! Builds the layout after an update, with tags instead of windows.

use std::collections::BTreeSet;

use super::absent;
use super::merge::{Merge, position_of, workspace_of};
use super::nodes::{floating_units, insert, keep_rect};
use super::rebuild::Rebuild;
use super::slot::{Floating, Layout, Tag, Workspace};
use crate::layout::Monitor;

impl Merge<'_> {
    /// The layout after the update, with tags.
    pub(super) fn merged(&self) -> Layout {
        let mut workspaces: Vec<Workspace> = Vec::new();
        for (position, old) in self.old.workspaces.iter().enumerate() {
            let new = workspace_of(&self.new, &old.name);
            let merged = match new {
                Some(new) if self.unchanged.contains(&position) => Workspace {
                    visible: self.is_visible(Some(old), new.visible),
                    ..reduced(old, &|tag| {
                        tag.old().is_some_and(|slot| !self.is_pruned(slot))
                    })
                },
                Some(new) => self.rebuilt(new, Some(old)),
                None => reduced(old, &|tag| self.stays(*tag)),
            };
            let is_lost = new.is_none()
                && !self.input.is_part
                && !old.content.is_empty()
                && merged.content.is_empty();
            if !is_lost {
                workspaces.push(merged);
            }
        }
        let mut last = None;
        for new in &self.new.workspaces {
            if let Some(position) = position_of(&workspaces, &new.name) {
                last = Some(position);
                continue;
            }
            let rebuilt = self.rebuilt(new, None);
            // i3 shows an empty workspace on a monitor that has no other one.
            let is_shown = rebuilt.visible && self.absent.is_empty() && self.knows(&rebuilt.output);
            if is_shown || !rebuilt.content.is_empty() {
                let position = last.map_or(0, |last| last + 1);
                workspaces.insert(position, rebuilt);
                last = Some(position);
            }
        }
        self.one_visible_per_output(&mut workspaces);
        Layout {
            monitors: self.monitors(&workspaces),
            focus: self.focus(&workspaces),
            workspaces,
            scratchpad: self.scratchpad(),
            ..self.old.clone()
        }
    }

    /// Leaves one visible workspace per output. Those of the desktop take precedence.
    fn one_visible_per_output(&self, workspaces: &mut [Workspace]) {
        let mut shown: BTreeSet<String> = BTreeSet::new();
        for captured in [true, false] {
            for workspace in &mut *workspaces {
                let is_captured = workspace_of(&self.new, &workspace.name).is_some();
                if let ([output], true) = (workspace.output.as_slice(), workspace.visible)
                    && captured == is_captured
                {
                    workspace.visible = shown.insert(output.clone());
                }
            }
        }
    }

    fn focus(&self, workspaces: &[Workspace]) -> Option<String> {
        let old = self.old.focus.as_ref()?;
        // The focus of a profile is not that of the layout.
        let mut planned = self.input.plan.workspaces.iter();
        let is_elsewhere = self.input.is_part || planned.any(|one| one.by_profile);
        let present = self.new.focus.as_ref().filter(|_| !is_elsewhere);
        let wanted = present.unwrap_or(old);
        position_of(workspaces, wanted).map(|position| workspaces[position].name.clone())
    }

    /// True if the file names one of these outputs, or none at all.
    fn knows(&self, outputs: &[String]) -> bool {
        let monitors = self.old.monitors.iter().map(|monitor| &monitor.output);
        let wishes = self.old.workspaces.iter().flat_map(|one| &one.output);
        let mut known = monitors.chain(wishes).peekable();
        known.peek().is_none() || known.any(|output| outputs.contains(output))
    }

    /// The current monitors, and those that workspaces of the file still use. If all
    /// workspaces are unchanged, the monitors are, too.
    fn monitors(&self, workspaces: &[Workspace]) -> Vec<Monitor> {
        let known = |name: &str| position_of(&self.old.workspaces, name);
        let kept = self.new.workspaces.iter();
        let mut kept = kept.filter(|new| position_of(workspaces, &new.name).is_some());
        let all_unchanged =
            kept.all(|new| known(&new.name).is_some_and(|old| self.unchanged.contains(&old)));
        if all_unchanged {
            return self.old.monitors.clone();
        }
        let is_used = |monitor: &Monitor| {
            let mut wishes = workspaces.iter().flat_map(|workspace| &workspace.output);
            wishes.any(|output| *output == monitor.output)
        };
        let named = |monitor: &Monitor| self.input.is_part || is_used(monitor);
        if !self.absent.is_empty() {
            return absent::monitors(&self.old.monitors, &self.new.monitors, &is_used);
        }
        let present = |output: &str| {
            let mut monitors = self.new.monitors.iter();
            monitors.find(|monitor| monitor.output == output)
        };
        let has_primary = self.new.monitors.iter().any(|monitor| monitor.primary);
        let mut monitors: Vec<Monitor> = self
            .old
            .monitors
            .iter()
            .filter_map(|old| match present(&old.output) {
                Some(present) => Some(present.clone()),
                None => named(old).then(|| Monitor {
                    primary: old.primary && !has_primary,
                    ..old.clone()
                }),
            })
            .collect();
        for monitor in &self.new.monitors {
            let is_known = monitors.iter().any(|known| known.output == monitor.output);
            if !is_known && (is_used(monitor) || self.old.monitors.is_empty()) {
                monitors.push(monitor.clone());
            }
        }
        monitors
    }

    fn scratchpad(&self) -> Vec<Floating> {
        let stay = |floating: &Floating| floating.clone().retain(&|tag| self.stays(*tag));
        if self.input.is_part {
            return self.old.scratchpad.iter().filter_map(stay).collect();
        }
        let is_new = |tag: &Tag| tag.old().is_none_or(|slot| !self.settled.contains(&slot));
        let hidden = self.new.scratchpad.iter();
        let mut scratchpad: Vec<Floating> = hidden
            .filter_map(|floating| floating.clone().retain(&is_new))
            .collect();
        let before = self.old.scratchpad.iter();
        let units = floating_units(before, &scratchpad, &|floating, _| stay(floating));
        insert(&mut scratchpad, units);
        for floating in &mut scratchpad {
            keep_rect(floating, &self.old.scratchpad);
        }
        if self.absent.primary {
            let rect = absent::primary_rect;
            let monitors = (rect(&self.new.monitors), rect(&self.old.monitors));
            absent::keep_rects(&mut scratchpad, &self.old.scratchpad, monitors);
        }
        scratchpad
    }

    fn rebuilt(&self, new: &Workspace, old: Option<&Workspace>) -> Workspace {
        let new = reduced(new, &|tag| {
            tag.old().is_none_or(|slot| !self.settled.contains(&slot))
        });
        Rebuild::new(self, &new, old).workspace(new)
    }
}

/// The workspace with the windows that `keep` accepts.
fn reduced(workspace: &Workspace, keep: &dyn Fn(&Tag) -> bool) -> Workspace {
    Workspace {
        content: workspace.content.clone().retain(keep),
        ..workspace.clone()
    }
}
