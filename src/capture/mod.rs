//! Captures the desktop as a layout.
//!
//! A layout has no ids and no times, and only properties of a window that its successor will
//! have too. Therefore, capturing, applying and capturing again gives the same layout.

mod applied_rules;
mod arrangement;
mod criteria;
mod fill;
pub(crate) mod nodes;
mod percent;
mod secrets;
mod shown;
mod slots;
pub mod suggest;
mod titles;
mod warning;

use std::path::Path;

use crate::config::Config;
use crate::discover::secrets::Secrets;
use crate::discover::{Asked, Outcome};
use crate::layout::{self, Layout, Monitor, SlotComments, Swallow, Window, Workspace};
use crate::live::{
    Con, ConId, Desktop, GapSizes, OWN_MARK_PREFIX, ScratchpadState, WorkspaceRef, workspace_number,
};
use crate::tree::Gaps;
use applied_rules::AppliedRules;
pub use arrangement::{arrangement, with_windows};
pub(crate) use criteria::is_lasting;
use nodes::Nodes;
pub(crate) use percent::percents;
pub(crate) use secrets::needed;
pub(crate) use slots::{Named, names};
pub use warning::Warning;

/// The parts of the desktop to capture.
#[derive(Clone, Debug, Default)]
pub struct Options<'a> {
    /// The layout's name.
    pub name: Option<String>,
    /// The project to which it belongs.
    pub project: Option<String>,
    /// Only these workspaces; all if empty. This excludes the scratchpad, and sticky windows,
    /// which are on every workspace of their output.
    pub workspaces: Vec<WorkspaceFilter>,
    /// The layout's name in marks. Sticky windows with its marks are captured nevertheless.
    pub placed_by: Option<String>,
    /// Only workspaces on outputs with these names; all if empty.
    pub outputs: Vec<String>,
    /// Secrets that must not be written; by default, the well-known ones.
    pub secrets: Option<&'a Secrets>,
    /// The user's configuration of windows and projects.
    pub config: Option<&'a Config>,
    /// The criteria of the rules of the i3 config that i3 runs when a title changes (`for_window`).
    pub window_rules: &'a [Swallow],
    /// The home directory.
    pub home: Option<&'a Path>,
    /// Only the windows that belong to this project.
    pub of_project: Option<&'a str>,
}

/// A way to name a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WorkspaceFilter {
    /// By its full name.
    Name(String),
    /// By its number, which i3 reads from the start of the name.
    Number(u64),
    /// The focused workspace.
    Focused,
}

impl WorkspaceFilter {
    /// The filter for a name, a number or `focused`.
    pub fn parse(text: &str) -> Self {
        if text == "focused" {
            Self::Focused
        } else if let Ok(number) = text.parse() {
            Self::Number(number)
        } else {
            Self::Name(text.to_owned())
        }
    }

    fn matches(&self, workspace: &str, focused: Option<&str>) -> bool {
        match self {
            Self::Name(name) => name == workspace,
            Self::Number(number) => workspace_number(workspace) == Some(*number),
            Self::Focused => Some(workspace) == focused,
        }
    }
}

/// A captured layout with warnings.
#[derive(Clone, Debug, PartialEq)]
pub struct Captured {
    /// The layout.
    pub layout: Layout<CapturedWindow>,
    /// Warnings about windows that are not in it, or that may not be restored.
    pub warnings: Vec<Warning>,
}

/// A window of the desktop as a slot.
#[derive(Clone, Debug, PartialEq)]
pub struct CapturedWindow {
    /// Its container.
    pub con: ConId,
    /// The slot.
    pub slot: Window,
}

impl Captured {
    /// The ids of the slots with the containers of their windows.
    pub fn slots(&self) -> Vec<(String, ConId)> {
        let windows = self.layout.windows();
        windows
            .filter_map(|window| Some((window.slot.id.clone()?, window.con)))
            .collect()
    }

    /// The layout for a file.
    pub fn file(&self) -> Layout {
        let layout = self.layout.clone();
        layout.map(&mut |window, _, _| window.slot)
    }
}

/// Finds the command of a window; see [`crate::discover::discover`].
pub type Discover<'a> = dyn Fn(&Asked) -> Outcome + 'a;

/// The comments beside slots in the file.
pub fn comments(warnings: &[Warning], secrets: &Secrets) -> SlotComments {
    let mut comments = SlotComments::new();
    for (slots, text) in warnings.iter().filter_map(Warning::comment) {
        let text = secrets.masked_text(&text);
        for slot in slots {
            let lines: &mut Vec<String> = comments.entry(slot.clone()).or_default();
            lines.push(text.clone());
        }
    }
    comments
}

/// Captures the desktop.
pub fn capture(desktop: &Desktop, discovered: &Discover, options: &Options) -> Captured {
    let renamed = desktop.without_reserved_names();
    let desktop = renamed.as_ref().unwrap_or(desktop);
    let mut warnings = Vec::new();
    let applied = AppliedRules::new(desktop, discovered, options);
    let mut nodes = Nodes {
        left_out: applied.left_out.clone(),
        helpers: applied.helpers.clone(),
        ..Nodes::new(desktop.defaults)
    };
    let layout = arranged(desktop, options, &mut nodes, &mut warnings);
    let helpers = nodes.skipped_helpers.iter();
    warnings.extend(helpers.map(|con| Warning::Helper {
        window: con.name().to_owned(),
    }));
    let nameless = nodes.nameless.iter();
    warnings.extend(nameless.map(|con| Warning::Nameless { window: con.window }));
    let mut slots = fill::fill(
        desktop,
        discovered,
        &applied,
        options,
        &layout,
        &mut warnings,
    );
    Captured {
        layout: layout.map(&mut |con, _, _| CapturedWindow {
            con: con.id,
            slot: slots.remove(&con.id).unwrap_or_default(),
        }),
        warnings,
    }
}

/// The selected part of the desktop as a layout of containers.
fn arranged<'a>(
    desktop: &'a Desktop,
    options: &Options,
    nodes: &mut Nodes<'a>,
    warnings: &mut Vec<Warning>,
) -> Layout<&'a Con> {
    let focused = desktop.focused_name();
    let chosen = choose(desktop, focused, options, warnings);

    let is_guest = |frame: &Con| {
        !options.workspaces.is_empty()
            && frame.is_sticky_frame()
            && !was_placed_by(frame, options.placed_by.as_deref(), desktop)
    };
    let mut workspaces: Vec<Workspace<&Con>> = Vec::new();
    for workspace in chosen {
        let Some(output) = desktop.output(workspace.output) else {
            continue;
        };
        let before = nodes.placeholders;
        let content = nodes.content(workspace.con, output.rect, &is_guest);
        let name = workspace.con.name().to_owned();
        let frames = workspace.con.floating_nodes.iter();
        let guests = frames.filter(|frame| is_guest(frame));
        warnings.extend(guests.map(|frame| Warning::Sticky {
            window: frame.focused_leaf().name().to_owned(),
        }));
        if nodes.placeholders > before {
            warnings.push(Warning::Placeholders {
                workspace: name.clone(),
                count: nodes.placeholders - before,
            });
        }
        // An empty workspace matters only if it is visible, and not if windows are chosen.
        let shown = workspace.visible && options.of_project.is_none();
        if shown || !content.is_empty() {
            workspaces.push(Workspace {
                name,
                output: vec![output.name.clone()],
                gaps: gaps(desktop, workspace.con),
                visible: workspace.visible,
                content,
            });
        }
    }
    let scratchpad = if options.workspaces.is_empty() && options.outputs.is_empty() {
        scratchpad(desktop, nodes)
    } else {
        Vec::new()
    };
    let monitors = desktop.outputs.iter().map(|output| Monitor {
        output: output.name.clone(),
        rect: output.rect,
        primary: output.primary,
        edid: output.edid.clone(),
    });
    let focus = focused
        .filter(|name| workspaces.iter().any(|workspace| workspace.name == *name))
        .map(str::to_owned);
    Layout {
        name: options.name.clone(),
        project: options.project.clone(),
        monitors: monitors.collect(),
        workspaces,
        scratchpad,
        focus,
        ..Layout::default()
    }
}

/// True if `apply` has placed a window of the frame for this layout.
fn was_placed_by(frame: &Con, layout: Option<&str>, desktop: &Desktop) -> bool {
    layout.is_some_and(|layout| {
        let mut seats = frame.windows().flat_map(|con| desktop.seats(con));
        seats.any(|seat| seat.layout == layout)
    })
}

/// The workspaces to capture, in the order of their outputs.
fn choose<'a>(
    desktop: &'a Desktop,
    focused: Option<&str>,
    options: &Options,
    warnings: &mut Vec<Warning>,
) -> Vec<WorkspaceRef<'a>> {
    let (filters, outputs) = (&options.workspaces, &options.outputs);
    let matches = |filter: &WorkspaceFilter, workspace: &WorkspaceRef| {
        filter.matches(workspace.con.name(), focused)
    };
    for filter in filters {
        if !desktop
            .workspaces()
            .any(|workspace| matches(filter, &workspace))
        {
            warnings.push(Warning::NoSuchWorkspace(filter.clone()));
        }
    }
    let unknown = outputs.iter().filter(|name| desktop.output(name).is_none());
    warnings.extend(unknown.cloned().map(Warning::NoSuchOutput));
    let is_chosen = |workspace: &WorkspaceRef| {
        !workspace.con.name().starts_with(OWN_MARK_PREFIX)
            && (outputs.is_empty() || outputs.iter().any(|output| output == workspace.output))
            && (filters.is_empty() || filters.iter().any(|filter| matches(filter, workspace)))
    };
    let mut chosen: Vec<WorkspaceRef<'a>> = desktop.workspaces().filter(is_chosen).collect();
    // i3 lists outputs in the order in which they were connected.
    chosen.sort_by_key(|workspace| {
        let mut outputs = desktop.outputs.iter();
        outputs.position(|output| output.name == workspace.output)
    });
    chosen
}

/// The gaps that differ from the i3 config. If all edges are equal, they are all written.
fn gaps(desktop: &Desktop, workspace: &Con) -> Gaps {
    let (Some(config), Some(reported)) = (&desktop.gaps, workspace.gaps) else {
        return Gaps::default();
    };
    let (present, default) = (config.absolute(reported), config.of(workspace.name()));
    let edges = |sizes: GapSizes| [sizes.top, sizes.right, sizes.bottom, sizes.left];
    let is_even = edges(present).iter().all(|edge| *edge == present.top);
    let differing = |present: i32, default: i32| (present != default).then_some(present);
    let gaps = present.zip(default, differing);
    if is_even && edges(present) != edges(default) {
        let inner = gaps.inner;
        return Gaps {
            inner,
            ..present.zip(default, |edge, _| Some(edge))
        };
    }
    gaps
}

/// The hidden windows, most recently hidden first: i3 appends each to the end.
fn scratchpad<'a>(desktop: &'a Desktop, nodes: &mut Nodes<'a>) -> Vec<layout::Floating<&'a Con>> {
    let origin = desktop.primary_output().map(|output| output.rect);
    let origin = origin.unwrap_or_default();
    let hidden = desktop.scratchpad().into_iter();
    let frames = hidden.flat_map(|con| con.floating_nodes.iter().rev());
    frames
        .filter_map(|frame| {
            let floating = nodes.floating(frame, origin)?;
            // i3 centers a fresh window when it shows it for the first time.
            let has_rect = floating.rect.is_some() && frame.scratchpad != ScratchpadState::Fresh;
            let rect = desktop.scratchpad_rect(frame.rect).relative_to(origin);
            Some(layout::Floating {
                node: floating.node,
                rect: has_rect.then_some(rect),
                // This is implied below `scratchpad`.
                scratchpad: false,
            })
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests;
