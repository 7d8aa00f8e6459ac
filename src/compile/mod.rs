//! Layout + monitors -> Plan. Pure: no IO at all.

pub mod append_json;
#[cfg(test)]
mod append_json_tests;
mod area;
mod launch;
pub mod monitors;
mod plan;
pub(crate) mod slot_ids;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub use plan::{
    LABEL_MARK_PREFIX, Launch, PLACE_MARK_PREFIX, Plan, PlannedFloating, PlannedNode,
    PlannedWorkspace, Program, Slot, SlotIdx, WAITING_MARK_PREFIX,
};

use crate::layout::{self, Layout, Node};
use crate::live::Output;
use crate::tree::{Container, Content, Kind, shares};

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
        ids: slot_ids::assign(&layout.windows().collect::<Vec<_>>()),
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
        let content = &workspace.content;
        PlannedWorkspace {
            name: workspace.name.clone(),
            output: output.map(|output| output.name.clone()),
            gaps: workspace.gaps,
            visible: workspace.visible,
            content: Content {
                layout: content.layout,
                nodes: self.nodes(&content.nodes, name),
                floating: content
                    .floating
                    .iter()
                    .map(|floating| self.floating(floating, &workspace.output, output, name))
                    .collect(),
                focus: content.focus.clone(),
            },
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
        let percents: Vec<Option<f64>> = nodes.iter().map(|node| node.share.0).collect();
        shares::resolve(&percents)
            .into_iter()
            .zip(nodes)
            .map(|(share, node)| self.node(node, share, workspace))
            .collect()
    }

    fn node(&mut self, node: &Node, share: f64, workspace: Option<&str>) -> PlannedNode {
        let kind = match &node.kind {
            Kind::Leaf(window) => Kind::Leaf(self.slot(window, workspace)),
            Kind::Container(container) => Kind::Container(Container {
                layout: container.layout,
                nodes: self.nodes(&container.nodes, workspace),
                focus: container.focus.clone(),
            }),
        };
        PlannedNode {
            share,
            attributes: node.attributes.clone(),
            kind,
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
