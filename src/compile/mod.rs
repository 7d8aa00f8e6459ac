//! Turns a layout and the current outputs into a plan. Pure: no IO.

pub mod append_json;
#[cfg(test)]
mod append_json_tests;
pub mod area;
mod displaced;
mod launch;
pub mod monitors;
mod names;
mod node_json;
mod plan;
pub mod present;
pub(crate) mod slot_ids;
mod visible;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

pub use displaced::Away;
pub use launch::resolve_hook;
use monitors::{Desk, Fit, profile};
pub use monitors::{PlannedMonitor, ProfileFit};
pub(crate) use names::present_name;
pub use plan::{
    Contradiction, Launch, Plan, PlannedFloating, PlannedNode, PlannedWorkspace, Program, Shown,
    Slot, SlotIdx,
};

use crate::layout::{Floating, Layout, Percent, Profile, ProfileWorkspace, Window, Workspace};
use crate::live::{self, Output, PRIMARY, PresentWorkspace, WorkspaceOutput, assigned_output};
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
    /// The outputs that the i3 config assigns to workspaces.
    pub workspace_outputs: &'a [WorkspaceOutput],
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
    let wishes = layout.workspaces.iter().flat_map(|one| &one.output);
    let fitting = profile::fitting(&layout.profiles, surroundings.outputs);
    let profile = fitting.first().map(|(_, profile)| *profile);
    let compiler = Compiler {
        profile: profile.map(|profile| (profile, ProfileFit::new(profile, surroundings.outputs))),
        desk: Desk::new(&layout.monitors, wishes, surroundings.outputs),
        surroundings,
    };
    let workspaces = numbered.workspaces.into_iter().zip(written);
    let scratchpad = numbered.scratchpad.into_iter();
    let primary = live::primary_output(surroundings.outputs);
    let mut workspaces: Vec<PlannedWorkspace> = workspaces
        .map(|(workspace, written)| compiler.workspace(workspace, written))
        .collect();
    let scratchpad = scratchpad
        .map(|floating| compiler.floating(floating, &[PRIMARY.to_owned()], primary))
        .collect();
    let by_profile = profile.and_then(|profile| profile.focus.as_deref());
    let by_profile = by_profile.and_then(|focus| {
        let mut all = workspaces.iter();
        let found = all.find(|one| one.written.eq_ignore_ascii_case(focus));
        found.map(|one| one.name.clone())
    });
    let focus = visible::resolve(
        &mut workspaces,
        by_profile.as_deref().or(layout.focus.as_deref()),
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
        scratchpad,
        monitors: compiler.desk.into_monitors(),
        slots,
        focus,
    }
}

struct Compiler<'a> {
    desk: Desk<'a>,
    /// The profile of the layout that fits, with its outputs.
    profile: Option<(&'a Profile, ProfileFit)>,
    surroundings: Surroundings<'a>,
}

impl Compiler<'_> {
    fn workspace(&self, workspace: Workspace<SlotIdx>, written: &str) -> PlannedWorkspace {
        let wishes = &workspace.output;
        let Surroundings {
            outputs,
            workspaces: present,
            workspace_outputs: lines,
            ..
        } = self.surroundings;
        let by_profile = self.by_profile(written);
        let (mut output, fit) = match by_profile {
            Some((_, output)) => (Some(output), Fit::Own),
            None => self.desk.output_for(wishes),
        };
        let assigned = assigned_output(&workspace.name, lines, outputs);
        let exists = present.iter().any(|live| live.name == workspace.name);
        match (fit, assigned) {
            // i3 creates it there, but does not move it there.
            (Fit::Anywhere, Some((assigned, _))) if !exists => output = Some(assigned),
            (Fit::Fallback, Some((assigned, _))) => output = Some(assigned),
            _ => {}
        }
        let contradiction = assigned
            .zip(output.filter(|_| fit == Fit::Own))
            .filter(|((assigned, _), output)| assigned.name != output.name);
        let contradiction = contradiction.map(|((assigned, line), output)| Contradiction {
            workspace: workspace.name.clone(),
            layout: output.name.clone(),
            config: assigned.name.clone(),
            line: line.line.clone(),
        });
        let content = workspace.content;
        let floating = content.floating.into_iter();
        // Without a wish, rects are relative to the output on which the workspace is.
        let here = output.or_else(|| {
            let name = visible::present_output(&workspace.name, present);
            let mut all = outputs.iter();
            all.find(|output| Some(output.name.as_str()) == name)
                .or_else(|| live::primary_output(outputs))
        });
        PlannedWorkspace {
            output: output.map(|output| output.name.clone()),
            fit,
            missing: self
                .desk
                .missing(wishes)
                .filter(|_| by_profile.is_none())
                .map(str::to_owned),
            by_profile: by_profile.is_some(),
            contradiction,
            gaps: workspace.gaps,
            visible: by_profile.map_or(workspace.visible, |(place, _)| place.visible),
            content: Content {
                layout: content.layout,
                nodes: with_shares(content.nodes, &fractions),
                floating: floating
                    .map(|one| self.floating(one, wishes, here))
                    .collect(),
                focus: content.focus,
            },
            name: workspace.name,
            written: written.to_owned(),
        }
    }

    /// The place of the workspace in the profile that fits, with its output.
    fn by_profile(&self, written: &str) -> Option<(&ProfileWorkspace, &Output)> {
        let (profile, fit) = self.profile.as_ref()?;
        let mut places = profile.workspaces.iter();
        let place = places.find(|place| place.name.eq_ignore_ascii_case(written))?;
        Some((place, self.desk.present(fit.output(&place.output)?)?))
    }

    fn floating(
        &self,
        floating: Floating<SlotIdx>,
        wishes: &[String],
        output: Option<&Output>,
    ) -> PlannedFloating {
        let place = |rect| output.map_or(rect, |output| self.desk.place(rect, wishes, output));
        PlannedFloating {
            rect: floating.rect.map(place),
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
