//! A plan: the intended desktop on the present outputs.
//!
//! It is complete: `apply`, `diff`, `compile` and `--dry-run` use it and nothing else of the
//! file. All rects are absolute, in pixels of the X screen. All shares are fractions, and those
//! of siblings sum to one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use super::monitors::{Fit, PlannedMonitor};
use super::names;
use crate::layout::shell_syntax::ShellSyntax;
use crate::layout::{Seen, Swallow};
use crate::live::mark::{
    LABEL_MARK_PREFIX, PLACE_MARK_PREFIX, SPENT_MARK_PREFIX, WAITING_MARK_PREFIX,
};
use crate::live::{CommandLine, Desktop, Properties, Seat, WindowFacts, WindowType, WorkspaceRef};
use crate::tree::{self, Content, Gaps};
use serde::{Deserialize, Serialize};

/// A layout on the present outputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The layout's name in reports.
    pub layout: String,
    /// The layout among all layouts: its project and name in the store, elsewhere the path of
    /// its file. `None` for a layout without a file.
    pub identity: Option<String>,
    /// The monitors that the file names, with the outputs that take their places: first those of
    /// `monitors`, in file order, then others that only workspaces name.
    pub monitors: Vec<PlannedMonitor>,
    /// The workspaces, in file order.
    pub workspaces: Vec<PlannedWorkspace>,
    /// Hidden scratchpad windows. Their rects are those on the primary output.
    pub scratchpad: Vec<PlannedFloating>,
    /// Every window of the plan; the leaves of the trees refer to it.
    pub slots: Vec<Slot>,
    /// The workspace that gets the focus.
    pub focus: Option<String>,
}

/// A workspace for which the i3 config names another output than the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contradiction {
    /// The workspace's name.
    pub workspace: String,
    /// The present output of the file.
    pub layout: String,
    /// The present output of the i3 config.
    pub config: String,
    /// The line of the i3 config.
    pub line: String,
}

/// The position of a slot in [`Plan::slots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SlotIdx(pub usize);

/// A workspace with its output and its tree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedWorkspace {
    /// Its full name: that of the present workspace with its name or number, if one exists.
    pub name: String,
    /// Its name in the file.
    pub written: String,
    /// Its output; `None` leaves it on the present one.
    pub output: Option<String>,
    /// The reason for the output.
    pub fit: Fit,
    /// Its own monitor, if that is not connected.
    pub missing: Option<String>,
    /// True if a profile of the layout decides about the output and the visibility.
    pub by_profile: bool,
    /// The line of the i3 config that names another output.
    pub contradiction: Option<Contradiction>,
    /// Its gaps, if they differ from the i3 config.
    pub gaps: Gaps,
    /// True if it is visible on its output; at most one workspace per output is.
    pub visible: bool,
    /// Its slots and containers.
    pub content: Content<SlotIdx, f64>,
}

/// A tiling node, or the content of a floating frame. Its share is a fraction of the
/// parent, 0 to 1.
pub type PlannedNode = tree::Node<SlotIdx, f64>;

/// A floating node. Its rect is absolute.
pub type PlannedFloating = tree::Floating<SlotIdx, f64>;

/// A window of the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Slot {
    /// Its name, unique in the layout.
    pub id: String,
    /// The swallow criteria.
    pub swallow: Swallow,
    /// The way to start its program.
    pub launch: Launch,
    /// Its timeout, if the file has one.
    pub timeout: Option<Duration>,
    /// True if the layout is complete without it.
    pub optional: bool,
    /// The observations of `capture`.
    pub seen: Seen,
    /// Its workspace; `None` in the scratchpad.
    pub workspace: Option<String>,
}

/// The way to start a slot's program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Launch {
    /// Another slot's program opens the window.
    Elsewhere,
    /// This program opens the window.
    Program(Program),
    /// The command cannot be resolved.
    Unresolved {
        /// The reason.
        reason: String,
        /// The variables that are not set.
        unset: Vec<String>,
        /// The program, with the name of each variable that is not set instead of its value; `None`
        /// if nothing is known about it. Only for warnings.
        #[serde(skip)]
        partial: Option<Box<Program>>,
    },
}

/// A program with all variables resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// The program and its arguments; never empty.
    pub argv: Vec<String>,
    /// The working directory.
    #[serde(with = "crate::text::path")]
    pub cwd: PathBuf,
    /// True if the file has the directory; otherwise it is the home directory.
    pub cwd_is_named: bool,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
    /// Shell syntax in the command, which is passed on as it is.
    pub shell: Option<Box<ShellSyntax>>,
    /// The same for messages: `${env:NAME}` is not resolved, because it may be a secret.
    pub shown: Shown,
}

impl Program {
    /// Its command line in its directory.
    pub fn line(&self) -> CommandLine<'_> {
        CommandLine {
            argv: &self.argv,
            directory: Some(&self.cwd),
        }
    }

    /// True if the window has this program's command, and its directory if the file has one.
    pub fn opens(&self, facts: &WindowFacts) -> bool {
        facts.is_opened_by(self.line(), self.cwd_is_named)
    }
}

/// A program for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The working directory.
    #[serde(with = "crate::text::path")]
    pub cwd: PathBuf,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
}

impl Slot {
    /// True if the slot has a program that may open the windows of `other`: both have the same
    /// class or instance.
    pub fn may_open(&self, other: &Self) -> bool {
        let (own, other) = (&self.swallow, &other.swallow);
        matches!(self.launch, Launch::Program(_))
            && (own.class.is_some() && own.class == other.class
                || own.instance.is_some() && own.instance == other.instance)
    }

    /// True if `apply` does not wait for the window: no program is started for it, and the
    /// layout is complete without it, for example a dialog that was open during the capture.
    pub const fn may_stay_away(&self) -> bool {
        self.optional && matches!(self.launch, Launch::Elsewhere)
    }

    /// True if the window may belong to the slot. Dialogs, splash screens and the like do not,
    /// except a dialog that was the window of its program at the capture, and a bare window whose
    /// title `capture` saved.
    pub fn may_want(&self, properties: &Properties) -> bool {
        let is_captured = || self.seen.title.is_some() && self.seen.title == properties.title;
        properties.is_main_window()
            || self.seen.dialog && properties.is_independent_dialog()
            || properties.window_type == WindowType::Bare && is_captured()
    }
}

impl Plan {
    /// The slot at this position.
    pub fn slot(&self, idx: SlotIdx) -> &Slot {
        &self.slots[idx.0]
    }

    /// All slots with their positions.
    pub fn slots(&self) -> impl Iterator<Item = (SlotIdx, &Slot)> {
        self.slots
            .iter()
            .enumerate()
            .map(|(position, slot)| (SlotIdx(position), slot))
    }

    /// True if it has all slots that its trees name. A plan from a damaged file may not.
    pub fn is_complete(&self) -> bool {
        let mut leaves = self.nodes().flat_map(tree::Node::leaves);
        leaves.all(|idx| self.has(*idx))
    }

    /// True if it has a slot at this position.
    pub const fn has(&self, idx: SlotIdx) -> bool {
        idx.0 < self.slots.len()
    }

    /// Keeps programs from being started, for the reason that `forbidden` returns.
    pub fn forbid(&mut self, forbidden: &dyn Fn(&Program) -> Option<String>) {
        for slot in &mut self.slots {
            if let Launch::Program(program) = &slot.launch
                && let Some(reason) = forbidden(program)
            {
                let unset = Vec::new();
                slot.launch = Launch::Unresolved {
                    reason,
                    unset,
                    partial: None,
                };
            }
        }
    }

    /// The children of all workspaces, then the scratchpad.
    pub fn nodes(&self) -> impl Iterator<Item = &PlannedNode> {
        let hidden = self.scratchpad.iter().map(|floating| &floating.node);
        self.workspaces
            .iter()
            .flat_map(|workspace| workspace.content.children())
            .chain(hidden)
    }

    /// The planned workspace with this name.
    pub fn workspace(&self, name: &str) -> Option<&PlannedWorkspace> {
        self.workspaces
            .iter()
            .find(|workspace| workspace.name == name)
    }

    /// The slot, as the windows in it know it.
    pub fn seat(&self, idx: SlotIdx) -> Seat {
        Seat::new(self.name_of_seats(), &self.slot(idx).id)
    }

    /// The slot that has this id.
    pub fn of_seat(&self, seat: &Seat) -> Option<SlotIdx> {
        if seat.layout != self.name_of_seats() {
            return None;
        }
        let mut slots = self.slots();
        slots.find_map(|(idx, slot)| (slot.id == seat.slot).then_some(idx))
    }

    /// The present workspace for a planned one: the one with its name, else the first with its
    /// number. Its name may have changed since the plan was made: some users run a daemon that
    /// names workspaces after their windows.
    pub fn live<'d>(
        &self,
        desktop: &'d Desktop,
        planned: &PlannedWorkspace,
    ) -> Option<WorkspaceRef<'d>> {
        // The name is rarely another one, and this is asked for each window.
        desktop.workspace(&planned.name).or_else(|| {
            let present = desktop.workspaces().map(|live| live.con.name());
            let present: Vec<&str> = present.collect();
            let wanted = self.workspaces.iter().map(|one| one.name.as_str());
            desktop.workspace(names::present_name(&planned.name, wanted, present)?)
        })
    }

    /// The plan with the names of the workspaces in the file.
    #[must_use]
    pub fn as_written(&self) -> Self {
        let mut plan = self.clone();
        for workspace in &mut plan.workspaces {
            workspace.name.clone_from(&workspace.written);
        }
        let slots = plan.slots.iter_mut();
        for name in slots
            .map(|slot| &mut slot.workspace)
            .chain([&mut plan.focus])
            .flatten()
        {
            if let Some(written) = self.written(name) {
                written.clone_into(name);
            }
        }
        plan
    }

    /// The name in the file of the workspace with this name.
    pub fn written(&self, name: &str) -> Option<&str> {
        Some(self.workspace(name)?.written.as_str())
    }

    /// The planned workspace for a present one.
    pub fn planned_for(
        &self,
        desktop: &Desktop,
        live: WorkspaceRef<'_>,
    ) -> Option<&PlannedWorkspace> {
        self.workspaces.iter().find(|planned| {
            let found = self.live(desktop, planned);
            found.is_some_and(|found| found.con.id == live.con.id)
        })
    }

    /// The name by which i3 knows a planned workspace now; see [`Plan::live`].
    pub fn live_name<'d>(&self, desktop: &'d Desktop, planned: &'d PlannedWorkspace) -> &'d str {
        self.live(desktop, planned)
            .map_or(planned.name.as_str(), |live| live.con.name())
    }

    /// The name by which i3 knows the workspace of a slot now; `None` in the scratchpad.
    pub fn live_workspace_of(&self, desktop: &Desktop, idx: SlotIdx) -> Option<String> {
        let name = self.slot(idx).workspace.as_deref()?;
        let planned = self.workspace(name)?;
        Some(self.live_name(desktop, planned).to_owned())
    }

    /// The mark of the placeholder that waits for a slot's window.
    pub fn waiting_mark(&self, idx: SlotIdx) -> String {
        self.mark_with(WAITING_MARK_PREFIX, idx)
    }

    /// The mark of the label for a slot until it replaces the slot's place.
    pub fn label_mark(&self, idx: SlotIdx) -> String {
        self.mark_with(LABEL_MARK_PREFIX, idx)
    }

    /// The mark of the place of a slot.
    pub fn place_mark(&self, idx: SlotIdx) -> String {
        self.mark_with(PLACE_MARK_PREFIX, idx)
    }

    /// The mark of the place of a slot after its window has replaced it.
    pub fn spent_mark(&self, idx: SlotIdx) -> String {
        self.mark_with(SPENT_MARK_PREFIX, idx)
    }

    fn mark_with(&self, prefix: &str, idx: SlotIdx) -> String {
        format!("{prefix}{}:{}", self.name_of_seats(), self.slot(idx).id)
    }

    /// The layout in the seats of windows: its identity. A layout without a file has seats only
    /// during a run.
    pub fn name_of_seats(&self) -> &str {
        self.identity.as_deref().unwrap_or(&self.layout)
    }
}

impl PlannedWorkspace {
    /// All slots on it, tiling first.
    pub fn slots(&self) -> impl Iterator<Item = SlotIdx> {
        self.content.leaves().copied()
    }

    /// The workspace with a focus that i3 can have, if it cannot have the planned one: a fullscreen
    /// window in a slot that `is_open` accepts keeps the focus.
    pub fn reachable(&self, is_open: &dyn Fn(SlotIdx) -> bool) -> Option<Self> {
        let content = self.content.focused_on_fullscreen(&|idx| is_open(*idx))?;
        Some(Self {
            content,
            ..self.clone()
        })
    }

    /// The workspace with the slots that `keep` accepts.
    #[must_use]
    pub fn with_slots(&self, keep: &dyn Fn(SlotIdx) -> bool) -> Self {
        Self {
            content: self.content.clone().retain(&|idx| keep(*idx)),
            ..self.clone()
        }
    }
}
