//! A Plan: what the desktop shall look like on the monitors that are there now.
//!
//! It is complete: `apply`, `diff`, `compile` and `--dry-run` read the same one
//! and nothing else of the file.
//! All rects are absolute, in pixels of the X screen; all shares are fractions of
//! one, and those of siblings sum to one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::layout::{Seen, Swallow};
use crate::live::{Properties, WindowType};
use crate::tree::{self, Content, Gaps};

/// A layout on the monitors that are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The layout's name, as it stands in our marks.
    pub layout: String,
    /// The workspaces, in file order.
    pub workspaces: Vec<PlannedWorkspace>,
    /// Hidden scratchpad windows. Their rects are where they would be shown on
    /// the primary output.
    pub scratchpad: Vec<PlannedFloating>,
    /// Every window of the plan; the leaves of the trees point here.
    pub slots: Vec<Slot>,
    /// The workspace that has the focus in the end.
    pub focus: Option<String>,
}

/// The position of a slot in [`Plan::slots`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotIdx(pub usize);

/// A workspace with its place and its tree.
#[derive(Clone, Debug, PartialEq)]
pub struct PlannedWorkspace {
    /// Its full name.
    pub name: String,
    /// The output that it goes to; `None` leaves it where i3 has it.
    pub output: Option<String>,
    /// Its gaps, where they are not those of the i3 config.
    pub gaps: Gaps,
    /// Whether it is to be shown on its output.
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
#[derive(Clone, Debug, PartialEq)]
pub struct Slot {
    /// Its name, unique in the layout.
    pub id: String,
    /// The criteria by which i3 knows the window.
    pub swallow: Swallow,
    /// How its program is started.
    pub launch: Launch,
    /// How long to wait for it, where the file says so.
    pub timeout: Option<Duration>,
    /// Whether the layout counts as complete without it.
    pub optional: bool,
    /// What capture saw.
    pub seen: Seen,
    /// The workspace that it is on; `None` in the scratchpad.
    pub workspace: Option<String>,
}

/// How a slot's program is started.
#[derive(Clone, Debug, PartialEq)]
pub enum Launch {
    /// Not by this slot: another slot's program opens the window.
    Elsewhere,
    /// By this program.
    Program(Program),
    /// Not at all: the command cannot be resolved, for this reason.
    Unresolved {
        /// Why.
        reason: String,
        /// The variables that the environment does not have.
        unset: Vec<String>,
    },
}

/// A program with everything resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// The program and its arguments; never empty.
    pub argv: Vec<String>,
    /// The directory to start in.
    pub cwd: PathBuf,
    /// Whether the file names the directory; otherwise it is the home directory.
    pub cwd_is_named: bool,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
    /// The same for people: what comes from the environment stays `${env:NAME}`, as it
    /// may be a secret.
    pub shown: Shown,
}

/// A program as people may see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// The program and its arguments.
    pub argv: Vec<String>,
    /// The directory to start in.
    pub cwd: PathBuf,
    /// Environment variables to add.
    pub env: BTreeMap<String, String>,
}

impl Slot {
    /// Whether nobody waits for the window: no program is started for it, and the layout
    /// is complete without it, as without a dialog that was open by chance.
    pub const fn may_stay_away(&self) -> bool {
        self.optional && matches!(self.launch, Launch::Elsewhere)
    }

    /// Whether the slot may wait for such a window: for no dialog, splash screen or the
    /// like, but for one that does not say that it is any, when capture saw its title.
    pub fn may_want(&self, properties: &Properties) -> bool {
        let is_captured = || self.seen.title.is_some() && self.seen.title == properties.title;
        properties.is_main_window() || properties.window_type == WindowType::Bare && is_captured()
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

    /// The mark that a window carries once it is in its slot.
    ///
    /// It begins with `_`, so i3 never draws it (i3 user guide, "Show marks in title").
    pub fn mark(&self, idx: SlotIdx) -> String {
        format!(
            "{}{}:{}",
            crate::live::OWN_MARK_PREFIX,
            self.layout,
            self.slot(idx).id
        )
    }

    /// The mark of the placeholder that waits for a slot's window.
    pub fn waiting_mark(&self, idx: SlotIdx) -> String {
        format!("{WAITING_MARK_PREFIX}{}:{}", self.layout, self.slot(idx).id)
    }

    /// The mark of the label that is going to stand in a slot's place.
    pub fn label_mark(&self, idx: SlotIdx) -> String {
        format!("{LABEL_MARK_PREFIX}{}:{}", self.layout, self.slot(idx).id)
    }

    /// The mark of the placeholder that stands where a slot's window belongs.
    pub fn place_mark(&self, idx: SlotIdx) -> String {
        format!("{PLACE_MARK_PREFIX}{}:{}", self.layout, self.slot(idx).id)
    }
}

/// How the marks of labels begin until they stand in their places.
pub const LABEL_MARK_PREFIX: &str = "_i3pm:label:";

/// How the marks of placeholders begin that wait for windows.
pub const WAITING_MARK_PREFIX: &str = "_i3pm:wait:";

/// How the marks of placeholders begin that stand where windows belong.
pub const PLACE_MARK_PREFIX: &str = "_i3pm:place:";

impl PlannedWorkspace {
    /// All slots on it, tiling first.
    pub fn slots(&self) -> impl Iterator<Item = SlotIdx> {
        self.content.leaves().copied()
    }

    /// The workspace with those slots that `keep` accepts.
    #[must_use]
    pub fn with_slots(&self, keep: &dyn Fn(SlotIdx) -> bool) -> Self {
        Self {
            content: self.content.clone().retain(&|idx| keep(*idx)),
            ..self.clone()
        }
    }
}
