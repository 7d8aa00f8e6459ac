//! Turns a layout and the current outputs into a plan. Pure: no IO.

pub mod append_json;
#[cfg(test)]
mod append_json_tests;
pub mod area;
mod launch;
pub mod monitors;
mod names;
mod node_json;
mod plan;
pub(crate) mod slot_ids;
mod visible;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use monitors::Fit;
pub use plan::{
    Launch, Plan, PlannedFloating, PlannedNode, PlannedWorkspace, Program, Shown, Slot, SlotIdx,
};

use crate::layout::{Floating, Layout, Percent, Window, Workspace};
use crate::live::{self, Output, PresentWorkspace};
use crate::tree::{Content, shares, with_shares};

/// The environment of a plan.
#[derive(Clone, Copy, Debug)]
pub struct Surroundings<'a> {
    /// The layout's name if its file does not have one.
    pub name: &'a str,
    /// The layout among all layouts; see [`Plan::identity`].
    pub identity: Option<&'a str>,
    /// The current outputs.
    pub outputs: &'a [Output],
    /// The current workspaces. A workspace of the layout has the name of the current workspace
    /// with its name or number; see [`Plan::live`].
    pub workspaces: &'a [PresentWorkspace],
    /// The environment, for `${env:NAME}`.
    pub env: &'a BTreeMap<String, String>,
    /// The home directory, for `~`.
    pub home: &'a Path,
}

/// Resolves a layout for the surroundings.
///
/// A layout that `layout::read` accepted always gives a plan. If something cannot be resolved for a
/// slot, such as a variable that is not set, its [`Launch`] has the reason.
pub fn compile(layout: &Layout, surroundings: Surroundings<'_>) -> Plan {
    let written: Vec<&str> = layout
        .workspaces
        .iter()
        .map(|workspace| workspace.name.as_str())
        .collect();
    let layout: &Layout = &names::with_present_names(layout, surroundings.workspaces);
    let windows: Vec<&Window> = layout.windows().collect();
    let ids = slot_ids::assign(&windows);
    let slots = layout.slots().zip(ids).map(|(slot, id)| {
        let window = slot.window;
        let seconds = window.timeout;
        Slot {
            id,
            swallow: window.swallow.clone(),
            launch: launch::resolve(window, &layout.vars, surroundings),
            timeout: seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            optional: window.optional,
            seen: window.seen.clone(),
            workspace: slot.workspace.map(str::to_owned),
        }
    });
    let slots: Vec<Slot> = slots.collect();
    // Visits the windows in the same order.
    let mut count = 0;
    let numbered = layout.clone().map(&mut |_, _, _| {
        count += 1;
        SlotIdx(count - 1)
    });
    let compiler = Compiler {
        layout,
        outputs: surroundings.outputs,
    };
    let workspaces = numbered.workspaces.into_iter().zip(written);
    let scratchpad = numbered.scratchpad.into_iter();
    let primary = live::primary_output(surroundings.outputs);
    let (mut workspaces, fits): (Vec<_>, Vec<_>) = workspaces
        .map(|(workspace, written)| compiler.workspace(workspace, written))
        .unzip();
    let focus = visible::resolve(
        &mut workspaces,
        &fits,
        layout.focus.as_deref(),
        surroundings.workspaces,
    );
    Plan {
        // `:` separates the parts of a mark.
        identity: surroundings.identity.map(str::to_owned),
        layout: layout
            .name
            .as_deref()
            .unwrap_or(surroundings.name)
            .replace(':', "_"),
        workspaces,
        scratchpad: scratchpad
            .map(|floating| compiler.floating(floating, &[monitors::PRIMARY.to_owned()], primary))
            .collect(),
        slots,
        focus,
    }
}

struct Compiler<'a> {
    layout: &'a Layout,
    outputs: &'a [Output],
}

impl Compiler<'_> {
    fn workspace(
        &self,
        workspace: Workspace<SlotIdx>,
        written: &str,
    ) -> (PlannedWorkspace, Option<Fit>) {
        let wishes = &workspace.output;
        let found = monitors::output_for(wishes, &self.layout.monitors, self.outputs);
        let (output, fit) = found.unzip();
        let content = workspace.content;
        let floating = content.floating.into_iter();
        let planned = PlannedWorkspace {
            output: output.map(|output| output.name.clone()),
            gaps: workspace.gaps,
            visible: workspace.visible,
            content: Content {
                layout: content.layout,
                nodes: with_shares(content.nodes, &fractions),
                floating: floating
                    .map(|one| self.floating(one, wishes, output))
                    .collect(),
                focus: content.focus,
            },
            name: workspace.name,
            written: written.to_owned(),
        };
        (planned, fit)
    }

    fn floating(
        &self,
        floating: Floating<SlotIdx>,
        wishes: &[String],
        output: Option<&Output>,
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
            node: floating.node.with_shares(1.0, &fractions),
        }
    }
}

/// The shares of siblings with these percents.
fn fractions(percents: &[&Percent]) -> Vec<f64> {
    let percents: Vec<Option<f64>> = percents.iter().map(|percent| percent.0).collect();
    shares::resolve(&percents)
}
