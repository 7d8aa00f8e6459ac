//! Layout + monitors -> Plan. Pure: no IO at all.

pub mod append_json;
#[cfg(test)]
mod append_json_tests;
mod area;
mod launch;
pub mod monitors;
mod plan;
mod prune;
pub mod shares;
pub(crate) mod slot_ids;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub use plan::{
    Content, LABEL_MARK_PREFIX, Launch, PLACE_MARK_PREFIX, Plan, PlannedFloating, PlannedNode,
    PlannedProperties, PlannedWorkspace, Program, Slot, SlotIdx, WAITING_MARK_PREFIX,
};

use crate::layout::{self, Layout, Node, Place, default_focus_order};
use crate::live::Output;

/// How the marks of placeholders begin that stand for windows which the layout does
/// not know.
pub const GUEST_MARK_PREFIX: &str = "_i3pm:keep:";

/// Whether the mark is one that exists only during a run.
pub fn is_temporary_mark(mark: &str) -> bool {
    [
        WAITING_MARK_PREFIX,
        PLACE_MARK_PREFIX,
        LABEL_MARK_PREFIX,
        GUEST_MARK_PREFIX,
    ]
    .iter()
    .any(|prefix| mark.starts_with(prefix))
}

/// What a Plan depends on beside the layout itself.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The layout's name where its file does not say one.
    pub name: &'a str,
    /// The outputs that are there.
    pub outputs: &'a [Output],
    /// The environment, for `${env:NAME}`.
    pub env: &'a BTreeMap<String, String>,
    /// What `~` stands for.
    pub home: &'a Path,
}

/// Resolves a layout for the surroundings.
///
/// A layout that `layout::read` accepted always gives a Plan: what cannot be
/// resolved for one slot (a variable that is not set) is said in its [`Launch`].
pub fn compile(layout: &Layout, surroundings: Surroundings<'_>) -> Plan {
    let mut compiler = Compiler {
        layout,
        surroundings,
        ids: slot_ids::assign(layout),
        slots: Vec::new(),
    };
    let workspaces: Vec<PlannedWorkspace> = layout
        .workspaces
        .iter()
        .map(|workspace| compiler.workspace(workspace))
        .collect();
    let scratchpad = compiler.scratchpad();
    Plan {
        layout: mark_name(layout.name.as_deref().unwrap_or(surroundings.name)),
        workspaces: with_free_names_of_visibles(workspaces),
        scratchpad,
        slots: compiler.slots,
        focus: layout.focus.clone(),
    }
}

/// A layout's name as it stands in marks: `:` separates the parts of a mark.
fn mark_name(name: &str) -> String {
    name.replace(':', "_")
}

/// Only one workspace can be shown on an output: where two that were shown on two
/// outputs end up on the same one, the first stays shown.
fn with_free_names_of_visibles(mut workspaces: Vec<PlannedWorkspace>) -> Vec<PlannedWorkspace> {
    let mut shown: Vec<Option<String>> = Vec::new();
    for workspace in &mut workspaces {
        if !workspace.visible {
            continue;
        }
        if workspace.output.is_some() && shown.contains(&workspace.output) {
            workspace.visible = false;
        } else {
            shown.push(workspace.output.clone());
        }
    }
    workspaces
}

struct Compiler<'a> {
    layout: &'a Layout,
    surroundings: Surroundings<'a>,
    ids: Vec<String>,
    slots: Vec<Slot>,
}

impl Compiler<'_> {
    fn workspace(&mut self, workspace: &layout::Workspace) -> PlannedWorkspace {
        let output =
            monitors::output_for(workspace, &self.layout.monitors, self.surroundings.outputs);
        let name = Some(workspace.name.as_str());
        let nodes = self.nodes(&workspace.nodes, name);
        let floating = workspace
            .floating
            .iter()
            .map(|floating| self.floating(floating, &workspace.output, output, name))
            .collect();
        let children: Vec<&Node> = workspace
            .nodes
            .iter()
            .chain(workspace.floating.iter().map(|floating| &floating.node))
            .collect();
        PlannedWorkspace {
            name: workspace.name.clone(),
            output: output.map(|output| output.name.clone()),
            layout: workspace.layout,
            gaps: workspace.gaps,
            visible: workspace.visible,
            nodes,
            floating,
            focus: focus_order(workspace.focus_order.as_deref(), &children),
        }
    }

    fn scratchpad(&mut self) -> Vec<PlannedFloating> {
        let layout = self.layout;
        let primary = monitors::primary(self.surroundings.outputs);
        let wish = [monitors::PRIMARY.to_owned()];
        layout
            .scratchpad
            .iter()
            .map(|floating| self.floating(floating, &wish, primary, None))
            .collect()
    }

    fn floating(
        &mut self,
        floating: &layout::Floating,
        wishes: &[String],
        output: Option<&Output>,
        workspace: Option<&str>,
    ) -> PlannedFloating {
        let saved = wishes.iter().find_map(|wish| {
            self.layout.monitors.iter().find(|monitor| {
                monitor.output == *wish || (wish == monitors::PRIMARY && monitor.primary)
            })
        });
        let rect = floating.rect.map(|rect| match output {
            Some(output) => monitors::fit(rect, saved.map(|monitor| monitor.rect), output.rect)
                .absolute_in(output.rect),
            None => rect,
        });
        PlannedFloating {
            rect,
            scratchpad: floating.scratchpad,
            node: self.node(&floating.node, 1.0, workspace),
        }
    }

    fn nodes(&mut self, nodes: &[Node], workspace: Option<&str>) -> Vec<PlannedNode> {
        let percents: Vec<Option<f64>> = nodes.iter().map(|node| node.place().percent).collect();
        shares::resolve(&percents)
            .into_iter()
            .zip(nodes)
            .map(|(share, node)| self.node(node, share, workspace))
            .collect()
    }

    fn node(&mut self, node: &Node, share: f64, workspace: Option<&str>) -> PlannedNode {
        let content = match node {
            Node::Window(window) => Content::Slot(self.slot(window, workspace)),
            Node::Container(container) => Content::Container {
                layout: container.layout,
                nodes: self.nodes(&container.nodes, workspace),
                focus: focus_order(
                    container.focus_order.as_deref(),
                    &container.nodes.iter().collect::<Vec<_>>(),
                ),
            },
        };
        PlannedNode {
            share,
            properties: properties(node.place()),
            content,
        }
    }

    fn slot(&mut self, window: &layout::Window, workspace: Option<&str>) -> SlotIdx {
        let idx = SlotIdx(self.slots.len());
        self.slots.push(Slot {
            // One id per window was given out in this same order.
            id: self.ids.get(idx.0).cloned().unwrap_or_default(),
            swallow: window.swallow.clone(),
            launch: launch::resolve(window, &self.layout.vars, self.surroundings),
            timeout: window
                .timeout
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            optional: window.optional,
            seen: window.seen.clone(),
            workspace: workspace.map(str::to_owned),
        });
        idx
    }
}

fn properties(place: &Place) -> PlannedProperties {
    PlannedProperties {
        marks: place.marks.clone(),
        border: place.border,
        title_format: place.title_format.clone(),
        fullscreen: place.fullscreen,
        sticky: place.sticky,
    }
}

/// The focus order of children, spelt out or not: positions, most recent first.
pub(crate) fn focus_order(written: Option<&[usize]>, children: &[&Node]) -> Vec<usize> {
    if let Some(order) = written
        && order.len() == children.len()
    {
        return order.to_vec();
    }
    let focused: Vec<bool> = children.iter().map(|node| node.place().focused).collect();
    let holds: Vec<bool> = children.iter().map(|node| holds_focused(node)).collect();
    default_focus_order(&focused, &holds)
}

fn holds_focused(node: &Node) -> bool {
    node.place().focused
        || match node {
            Node::Container(container) => container.nodes.iter().any(holds_focused),
            Node::Window(_) => false,
        }
}
