//! The live desktop in plain values.
//!
//! The edges (`wm`, `x11`, `discover::proc_table`) create a [`Desktop`]; the core reads nothing
//! else. All rects are absolute, in pixels of the X screen.

#[cfg(test)]
pub mod build;
mod change;
mod con;
mod edid;
mod gaps;
mod id;
mod invocation;
pub mod mark;
mod properties;
mod reserved;
pub mod seat;
mod session_env;
mod window;
mod workspace_output;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use crate::tree::GapSizes;
pub use change::Change;
pub use con::{Con, ConKind, ScratchpadState};
pub use edid::{Edid, Kinship};
pub use gaps::ConfigGaps;
pub use id::{ConId, Pid, ProcessId, XId};
pub use invocation::{CommandLine, EMACS_CLIENT, asks_server, is_same_command};
pub use mark::OWN_MARK_PREFIX;
pub use properties::{Properties, WindowType};
pub use reserved::{TEMPORARY_PREFIX, is_reserved_name};
pub use seat::{Seat, Seats};
pub use session_env::SessionEnv;
pub use window::{Inside, Invocation, Process, Processes, WindowFacts};
pub use workspace_output::{
    OutputRole, PRIMARY, WorkspaceOutput, assigned_output, is_direction, same_output,
};

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;
use crate::tree::{Border, Fullscreen};

/// A desktop at one moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Desktop {
    /// The version of the running i3.
    pub version: Version,
    /// The active outputs, from left to right, then from top to bottom.
    pub outputs: Vec<Output>,
    /// i3's tree, the root container.
    pub tree: Con,
    /// Facts from X11 and /proc about the windows in the tree.
    pub windows: BTreeMap<XId, WindowFacts>,
    /// The default borders of the i3 config.
    pub defaults: Defaults,
    /// The gaps of the i3 config; `None` if they are unknown.
    pub gaps: Option<ConfigGaps>,
    /// The windows that a rule of the user leaves out of layouts.
    pub ignored: BTreeSet<ConId>,
    /// The slots in which windows were placed, by this run or an earlier one.
    pub seats: Seats,
}

/// An active output.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// RandR's name, such as `eDP-1`.
    pub name: String,
    /// Its place on the X screen.
    pub rect: Rect,
    /// True if it is RandR's primary output.
    pub primary: bool,
    /// The identity of its monitor.
    #[serde(default, skip_serializing_if = "Edid::is_empty")]
    pub edid: Edid,
}

/// A workspace without its content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PresentWorkspace {
    /// Its name.
    pub name: String,
    /// The name of its output.
    pub output: String,
    /// True if it has the focus.
    pub focused: bool,
}

/// The primary output, else the first.
pub fn primary_output(outputs: &[Output]) -> Option<&Output> {
    let primary = outputs.iter().find(|output| output.primary);
    primary.or_else(|| outputs.first())
}

/// An i3 version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Version {
    /// 4 in 4.22.
    pub major: u32,
    /// 22 in 4.22.
    pub minor: u32,
    /// i3's version string, with commit and date.
    pub human_readable: String,
}

/// The default borders of the i3 config.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defaults {
    /// `default_border` (i3 user guide, "Default border style for new windows").
    pub border: Border,
    /// `default_floating_border`.
    pub floating_border: Border,
}

impl Defaults {
    /// For a tree whose borders do not matter.
    pub const ANY: Self = Self {
        border: Border::None,
        floating_border: Border::None,
    };

    /// The default border of a floating or tiling window.
    pub const fn border_of(self, floating: bool) -> Border {
        if floating {
            self.floating_border
        } else {
            self.border
        }
    }
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            border: Border::Normal(2),
            floating_border: Border::Normal(2),
        }
    }
}

impl Version {
    /// True if i3 adds a workspace after those with the same number; before 4.24, it adds it
    /// in front of them.
    pub fn attaches_behind_same_number(&self) -> bool {
        (self.major, self.minor) >= (4, 24)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// A workspace of the tree with its output.
#[derive(Clone, Copy, Debug)]
pub struct WorkspaceRef<'a> {
    /// The output's name.
    pub output: &'a str,
    /// The workspace's container.
    pub con: &'a Con,
    /// True if its output shows it.
    pub visible: bool,
}

/// The number of a workspace, which i3 reads from the start of its name (i3 user guide,
/// "Named workspaces"; i3's `src/util.c`, `ws_name_to_number`).
pub fn workspace_number(name: &str) -> Option<u64> {
    let name = name.trim_start_matches(|letter: char| letter.is_ascii_whitespace());
    let digits = name.split(|letter: char| !letter.is_ascii_digit()).next()?;
    let number: i64 = digits.parse().ok()?;
    u64::try_from(number).ok().filter(|_| number != i64::MAX)
}

/// The name of i3's workspace for hidden scratchpad windows.
pub const SCRATCHPAD_WORKSPACE: &str = "__i3_scratch";

impl Desktop {
    /// The workspaces in tree order, without i3's internal ones.
    pub fn workspaces(&self) -> impl Iterator<Item = WorkspaceRef<'_>> {
        self.all_workspaces()
            .filter(|workspace| !workspace.con.name().starts_with("__"))
    }

    /// The same, without their content.
    pub fn present_workspaces(&self) -> Vec<PresentWorkspace> {
        let focused = self.focused_workspace().map(|live| live.con.id);
        self.workspaces()
            .map(|live| PresentWorkspace {
                name: live.con.name().to_owned(),
                output: live.output.to_owned(),
                focused: focused == Some(live.con.id),
            })
            .collect()
    }

    /// The hidden workspace of the scratchpad.
    pub fn scratchpad(&self) -> Option<&Con> {
        self.all_workspaces()
            .map(|workspace| workspace.con)
            .find(|con| con.name() == SCRATCHPAD_WORKSPACE)
    }

    /// The windows of a complete capture, in its order: on workspaces, then in the scratchpad,
    /// most recently hidden first. Docks are not included.
    pub fn windows_of_programs(&self) -> impl Iterator<Item = &Con> {
        let workspaces = self.workspaces().map(|workspace| workspace.con);
        let hidden = self.scratchpad().into_iter();
        workspaces
            .chain(hidden.flat_map(|con| con.floating_nodes.iter().rev()))
            .flat_map(Con::windows)
            .filter(|con| con.window.is_some() && con.properties.is_some())
    }

    /// The workspace with this name. i3 ignores ASCII case (i3's `src/util.c`,
    /// `get_existing_workspace_by_name`).
    pub fn workspace(&self, name: &str) -> Option<WorkspaceRef<'_>> {
        self.workspaces()
            .find(|workspace| workspace.con.name().eq_ignore_ascii_case(name))
    }

    /// Renames the workspaces for which `name` returns another name.
    pub fn rename_workspaces(&mut self, name: &dyn Fn(&str) -> Option<String>) {
        let contents = self
            .tree
            .nodes
            .iter_mut()
            .flat_map(|output| &mut output.nodes);
        for con in contents.flat_map(|content| &mut content.nodes) {
            if con.kind == ConKind::Workspace
                && let Some(new) = name(con.name())
            {
                con.name = Some(new);
            }
        }
    }

    /// Renames the outputs for which `name` returns another name.
    pub fn rename_outputs(&mut self, name: &dyn Fn(&str) -> Option<String>) {
        for output in &mut self.outputs {
            if let Some(new) = name(&output.name) {
                output.name = new;
            }
        }
        for con in &mut self.tree.nodes {
            if let Some(new) = name(con.name()) {
                con.name = Some(new);
            }
        }
    }

    /// The workspace that has the focus.
    pub fn focused_workspace(&self) -> Option<WorkspaceRef<'_>> {
        let focused = self.tree.focused_leaf().id;
        self.workspaces()
            .find(|workspace| workspace.con.find(focused).is_some())
    }

    /// The container that covers all outputs. i3 shows no other workspace meanwhile.
    pub fn covers_all_outputs(&self) -> Option<&Con> {
        let mut all = self.tree.descendants();
        all.find(|con| con.attributes.fullscreen == Fullscreen::Global)
    }

    /// The name of the workspace that has the focus.
    pub fn focused_name(&self) -> Option<&str> {
        Some(self.focused_workspace()?.con.name())
    }

    /// The windows that are usually not part of a layout: splash screens, toolbars and popups, and
    /// dialogs and other helper windows of processes without a main window. A program opens them on
    /// its own or on request, so `apply` could only wait for them.
    pub fn helpers(&self) -> BTreeSet<ConId> {
        let owner = |con: &Con| {
            let facts = self.facts(con)?;
            Some((facts.server_pid, facts.claimed_pid)).filter(|owner| *owner != (None, None))
        };
        let is_main = |con: &&Con| {
            let properties = con.properties.as_ref();
            properties.is_none_or(|one| one.is_main_window() || one.window_type == WindowType::Bare)
        };
        let owners: BTreeSet<_> = self
            .tree
            .windows()
            .filter(is_main)
            .filter_map(owner)
            .collect();
        let is_helper = |con: &&Con| {
            let is_passing = con.properties.as_ref().is_some_and(Properties::is_passing);
            let is_alone = || !owner(con).is_some_and(|owner| owners.contains(&owner));
            is_passing || !is_main(con) && is_alone()
        };
        let helpers = self.tree.windows().filter(is_helper);
        helpers.map(|con| con.id).collect()
    }

    /// The facts about the window of a container.
    pub fn facts(&self, con: &Con) -> Option<&WindowFacts> {
        self.windows.get(&con.window?)
    }

    /// The slots in which the window of a container was placed.
    pub fn seats(&self, con: &Con) -> &[Seat] {
        let seats = con.window.and_then(|window| self.seats.get(&window));
        seats.map_or(&[], Vec::as_slice)
    }

    /// The output with this name.
    pub fn output(&self, name: &str) -> Option<&Output> {
        self.outputs.iter().find(|output| output.name == name)
    }

    /// The primary output, else the first.
    pub fn primary_output(&self) -> Option<&Output> {
        primary_output(&self.outputs)
    }

    /// The rect that a hidden scratchpad window would have on the primary output.
    ///
    /// While it is hidden, i3 scales the window's center to the size of its internal output
    /// (i3's `src/floating.c`, `floating_fix_coordinates`).
    pub fn scratchpad_rect(&self, hidden: Rect) -> Rect {
        let internal = self
            .tree
            .nodes
            .iter()
            .find(|output| output.name().starts_with("__"))
            .map(|output| output.rect)
            .filter(|rect| rect.width > 0 && rect.height > 0);
        let (Some(internal), Some(shown)) = (internal, self.primary_output()) else {
            return hidden;
        };
        let axis = |hidden: Span, internal: Span, shown: Span| {
            let ((start, size), (from_start, from), (to_start, to)) = (hidden, internal, shown);
            let half = i64::from(size / 2);
            let center = i64::from(start) - i64::from(from_start) + half;
            // i3 rounds towards zero when it hides the window, by less than one pixel here.
            let scaled = rounded_ratio(center * i64::from(to), i64::from(from));
            i32::try_from(i64::from(to_start) + scaled - half).unwrap_or(start)
        };
        let across = |rect: Rect| (rect.x, rect.width);
        let down = |rect: Rect| (rect.y, rect.height);
        Rect {
            x: axis(across(hidden), across(internal), across(shown.rect)),
            y: axis(down(hidden), down(internal), down(shown.rect)),
            ..hidden
        }
    }

    fn all_workspaces(&self) -> impl Iterator<Item = WorkspaceRef<'_>> {
        self.tree.nodes.iter().flat_map(|output| {
            let contents = output.nodes.iter();
            let contents = contents.filter(|child| child.kind != ConKind::Dockarea);
            contents.flat_map(move |content| {
                let cons = content.nodes.iter();
                let workspaces = cons.filter(|con| con.kind == ConKind::Workspace);
                workspaces.map(move |con| WorkspaceRef {
                    output: output.name(),
                    con,
                    visible: content.focus.first() == Some(&con.id),
                })
            })
        })
    }
}

/// The start and the length of a rectangle along an axis.
type Span = (i32, u32);

/// `numerator / denominator`, rounded to the nearest whole number.
const fn rounded_ratio(numerator: i64, denominator: i64) -> i64 {
    (2 * numerator + denominator).div_euclid(2 * denominator)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_workspaces_as_i3_reads_them() {
        for (name, number) in [
            ("1", Some(1)),
            ("2:web", Some(2)),
            ("3: überblick ♥", Some(3)),
            (" 04", Some(4)),
            ("0", Some(0)),
            ("web", None),
            ("-1", None),
            ("", None),
            ("9223372036854775807", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(workspace_number(name), number, "{name:?}");
        }
    }
}
