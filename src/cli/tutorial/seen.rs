//! The state of the tutorial's desktop, as its steps need it. Pure.

use std::collections::BTreeSet;

use super::NAME;
use crate::journal::Summary;
use crate::layout::Layout;
use crate::live::{Con, ConKind};
use crate::tree::ContainerLayout;

/// Everything that the steps look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    /// The open windows in order.
    pub(super) windows: Vec<Window>,
    /// True if the notes are in tabs.
    pub(super) has_tabs: bool,
    /// The layout of the tutorial.
    pub(super) saved: Saved,
    /// The names of other layouts.
    pub(super) others: Vec<String>,
    /// The commands that have ended, in order.
    pub(super) runs: Vec<Ran>,
}

/// An open window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// Its instance, such as `notes`.
    pub(super) name: String,
    /// The name of its workspace.
    pub(super) workspace: String,
}

/// A layout in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Saved {
    /// It does not exist.
    #[default]
    Nowhere,
    /// It has mistakes.
    Broken,
    /// Its content.
    Layout {
        /// The ids of its slots.
        slots: BTreeSet<String>,
        /// True if it has tabs.
        has_tabs: bool,
    },
}

/// A recorded command that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ran {
    /// Its name.
    pub(super) command: String,
    /// The layout; the tutorial's is `None`, too.
    pub(super) other_layout: Option<String>,
    /// Its exit code.
    pub(super) exit: u8,
}

impl Seen {
    /// The windows in i3's tree, and whether the notes are in tabs.
    pub(super) fn of_tree(tree: &Con) -> Self {
        let all = tree.descendants();
        let workspaces = all.filter(|con| con.kind == ConKind::Workspace);
        let mut seen = Self::default();
        for workspace in workspaces {
            for con in workspace.windows() {
                let instance = con.properties.as_ref().and_then(|one| one.instance.clone());
                seen.windows.push(Window {
                    name: instance.unwrap_or_default(),
                    workspace: workspace.name().to_owned(),
                });
            }
            let mut inside = workspace.descendants();
            seen.has_tabs |= inside.any(|con| {
                let is_tabbed = con.layout == ContainerLayout::Tabbed;
                is_tabbed && con.windows().count() > 1
            });
        }
        seen
    }

    /// The workspace of a window.
    pub(super) fn workspace(&self, name: &str) -> Option<&str> {
        let mut windows = self.windows.iter();
        let found = windows.find(|window| window.name == name)?;
        Some(&found.workspace)
    }

    /// True if the window is open.
    pub(super) fn has(&self, name: &str) -> bool {
        self.workspace(name).is_some()
    }
}

impl Saved {
    /// The content of a layout.
    pub(super) fn of(layout: &Layout) -> Self {
        let ids = layout.windows().filter_map(|window| window.id.clone());
        let mut workspaces = layout.workspaces.iter();
        Self::Layout {
            slots: ids.collect(),
            has_tabs: workspaces.any(|workspace| {
                let mut nodes = workspace.content.nodes.iter();
                workspace.content.layout == ContainerLayout::Tabbed
                    || nodes.any(|node| {
                        let mut inside = node.descendants();
                        inside.any(|node| {
                            node.as_container()
                                .is_some_and(|one| one.layout == ContainerLayout::Tabbed)
                        })
                    })
            }),
        }
    }
}

impl Ran {
    /// A recorded command. `None` if it has not ended, or was refused.
    pub(super) fn of(summary: &Summary) -> Option<Self> {
        let (_, ended) = summary.end.as_ref()?;
        let layout = ended.layout.clone();
        (!ended.refused).then(|| Self {
            command: summary.start.command.clone(),
            other_layout: layout.filter(|layout| layout != NAME),
            exit: ended.exit,
        })
    }
}
