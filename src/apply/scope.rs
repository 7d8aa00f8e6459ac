//! The selected part of a layout.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::compile::{Plan, Slot, SlotIdx};
use crate::diff::Difference;
use crate::live::workspace_number;

/// The selected part of a layout; by default all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The names of the selected workspaces; `None` for all workspaces and the scratchpad.
    pub workspaces: Option<BTreeSet<String>>,
    /// The slots that may be started; `None` for all.
    pub only: Option<BTreeSet<SlotIdx>>,
}

/// A workspace or a slot that is not in the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScopeError {
    /// No workspace has this name or number.
    Workspace(String),
    /// No slot has this id.
    Slot(String),
}

impl Scope {
    /// The scope for the user's arguments: workspaces by name, in the file or on the desktop, or by
    /// number, and slots by id.
    pub fn of(plan: &Plan, workspaces: &[String], only: &[String]) -> Result<Self, ScopeError> {
        let names = || plan.workspaces.iter().map(|planned| planned.name.as_str());
        let written = |wish: &String| {
            let mut planned = plan.workspaces.iter();
            let found = planned.find(|planned| planned.written == *wish)?;
            Some(found.name.as_str())
        };
        let named = |wish: &String| {
            Self::workspace_named(names(), wish)
                .or_else(|| written(wish))
                .map(str::to_owned)
                .ok_or_else(|| ScopeError::Workspace(wish.clone()))
        };
        let slot = |wish: &String| {
            plan.slots()
                .find(|(_, slot)| slot.id == *wish)
                .map(|(idx, _)| idx)
                .ok_or_else(|| ScopeError::Slot(wish.clone()))
        };
        let workspaces = workspaces
            .iter()
            .map(named)
            .collect::<Result<BTreeSet<_>, _>>()?;
        let only = only.iter().map(slot).collect::<Result<BTreeSet<_>, _>>()?;
        Ok(Self {
            workspaces: (!workspaces.is_empty()).then_some(workspaces),
            only: (!only.is_empty()).then_some(only),
        })
    }

    /// The workspace with this name, else the one with this number.
    pub fn workspace_named<'a>(
        mut names: impl Iterator<Item = &'a str> + Clone,
        wish: &str,
    ) -> Option<&'a str> {
        let mut by_number = names.clone();
        let number = wish.parse().ok();
        names
            .find(|name| *name == wish)
            .or_else(|| by_number.find(|name| number.is_some() && workspace_number(name) == number))
    }

    /// True if everything is selected.
    pub const fn is_all(&self) -> bool {
        self.workspaces.is_none() && self.only.is_none()
    }

    /// True if the slot is on a selected workspace.
    pub fn has_slot(&self, plan: &Plan, idx: SlotIdx) -> bool {
        self.has_workspace(plan.slot(idx).workspace.as_deref())
            && self.only.as_ref().is_none_or(|only| only.contains(&idx))
    }

    /// The slots that are meant.
    pub fn slots<'p>(&self, plan: &'p Plan) -> impl Iterator<Item = (SlotIdx, &'p Slot)> {
        plan.slots().filter(|(idx, _)| self.has_slot(plan, *idx))
    }

    /// True if the workspace is selected; `None` is the scratchpad.
    pub fn has_workspace(&self, name: Option<&str>) -> bool {
        match (&self.workspaces, name) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(workspaces), Some(name)) => workspaces.contains(name),
        }
    }

    /// True if the difference concerns the selected part.
    ///
    /// With `--only`, this includes everything on the workspaces of those slots, because the places
    /// of siblings depend on each other.
    pub fn has(&self, plan: &Plan, difference: &Difference) -> bool {
        let workspace = difference.workspace.as_deref();
        let touched = self.only.as_ref().is_none_or(|only| {
            only.iter()
                .any(|&idx| plan.slot(idx).workspace.as_deref() == workspace)
        });
        self.has_workspace(workspace) && touched
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::build::{one_output, workspace};
    use crate::testing::plan;

    #[test]
    fn workspaces_are_selected_by_either_name_or_by_number() {
        let live = one_output([workspace("1: web", []).visible()]);
        let text = "version: 1\nworkspaces:\n  - name: \"1: www\"\n  - name: other\n";
        let plan = plan(text, &live);
        for (wish, expected) in [
            ("1: web", Some("1: web")),
            ("1: www", Some("1: web")),
            ("1", Some("1: web")),
            ("other", Some("other")),
            ("1: mail", None),
            ("2", None),
        ] {
            let scope = Scope::of(&plan, &[wish.to_owned()], &[]);
            let names = scope.ok().and_then(|scope| scope.workspaces);
            let found = names.map(|names| names.into_iter().collect::<Vec<_>>().join(" "));
            assert_eq!(found.as_deref(), expected, "{wish}");
        }
    }
}
