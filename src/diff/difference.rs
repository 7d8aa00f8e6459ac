//! The kinds of differences between a plan and the desktop.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::compile::SlotIdx;
use crate::live::ConId;
use crate::tree::Attribute;

/// One thing that is not as the plan has it.
///
/// `before` is what the plan says, `after` what is there now, as in a diff of the
/// saved file against the present desktop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The workspace of the plan that it is about; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// The slot that it is about.
    pub slot: Option<String>,
    /// The slot's position in the plan.
    #[serde(skip)]
    pub idx: Option<SlotIdx>,
    /// The container to change.
    #[serde(skip)]
    pub con: Option<ConId>,
    /// What differs.
    #[serde(flatten)]
    pub kind: Kind,
}

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// The slot has no window.
    Missing,
    /// A window that the plan does not know is on one of its workspaces.
    Extra {
        /// The window's title, else its class.
        window: String,
    },
    /// The window is elsewhere.
    Moved {
        /// Where it shall be.
        before: Location,
        /// Where it is.
        after: Location,
    },
    /// The same windows are in other containers, or in another order.
    Arranged {
        /// The planned shape as one line.
        before: String,
        /// The present shape as one line.
        after: String,
    },
    /// A container has another layout.
    Layout {
        /// The windows in the container; empty for a workspace that shall have none
        /// but floating ones.
        of: String,
        /// The planned layout.
        before: &'static str,
        /// The present layout.
        after: &'static str,
    },
    /// Tiling siblings have other sizes.
    Resized {
        /// The node, as its slot or the slots in it.
        of: String,
        /// The planned share, in percent of the parent.
        before: f64,
        /// The present share, in percent of the parent.
        after: f64,
        /// The planned extent in pixels.
        before_px: i64,
        /// The present extent in pixels.
        after_px: i64,
    },
    /// A floating window has another place or size (absolute, X notation).
    Rect {
        /// The planned rect.
        before: String,
        /// The present rect.
        after: String,
    },
    /// An attribute differs.
    Property(PropertyChange),
    /// The workspace has other gaps.
    Gaps {
        /// The planned ones, in pixels.
        before: String,
        /// The present ones.
        after: String,
    },
    /// The workspace is on another output.
    Output {
        /// The planned output.
        before: String,
        /// The present one.
        after: String,
    },
    /// Workspaces of one output stand in another order among themselves.
    WorkspaceOrder {
        /// Their names in the order of the plan.
        before: Vec<String>,
        /// The same in the present order.
        after: Vec<String>,
    },
    /// The workspace shall be shown and is not.
    Hidden,
    /// The workspace does not exist.
    NoWorkspace,
    /// Another window has the focus inside a container, or another workspace has it.
    Focus,
    /// The window does not carry the mark by which we know it.
    Unmarked,
}

/// An attribute with its planned and its present value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// The planned value; of the border, never the default.
    pub before: Attribute,
    /// The present value.
    pub after: Attribute,
}

impl Serialize for PropertyChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut change = serializer.serialize_struct("PropertyChange", 3)?;
        change.serialize_field("property", &self.before.key().replace('_', "-"))?;
        change.serialize_field("before", &self.before.to_string())?;
        change.serialize_field("after", &self.after.to_string())?;
        change.end()
    }
}

/// Where a window is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// Tiling on a workspace.
    Tiling(String),
    /// Floating on a workspace.
    Floating(String),
    /// Floating on a workspace, as a window of the scratchpad that is being shown.
    Shown(String),
    /// Hidden in the scratchpad.
    Scratchpad,
}

impl Difference {
    /// What has to be put right, in a word or two; `None` for windows that are missing
    /// or that the plan does not know.
    pub const fn what(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Missing | Kind::Extra { .. } => None,
            Kind::Moved { .. } => Some("windows elsewhere"),
            Kind::Arranged { .. } | Kind::Layout { .. } => Some("containers"),
            Kind::Resized { .. } => Some("sizes"),
            Kind::Rect { .. } => Some("floating places"),
            Kind::Property(change) => Some(change.before.plural()),
            Kind::Gaps { .. } => Some("gaps"),
            Kind::Output { .. } => Some("outputs of workspaces"),
            Kind::WorkspaceOrder { .. } => Some("order of workspaces"),
            Kind::Hidden | Kind::NoWorkspace => Some("shown workspaces"),
            Kind::Focus => Some("focus"),
            Kind::Unmarked => Some("our own marks"),
        }
    }

    /// Whether it is a matter of attention, which changes with every glance: what
    /// is shown and focused. `apply` restores it, `diff` does not speak of it.
    pub const fn is_attention(&self) -> bool {
        matches!(self.kind, Kind::Hidden | Kind::Focus | Kind::Unmarked)
    }

    /// Whether the workspace has to be built anew.
    pub const fn needs_build(&self) -> bool {
        match &self.kind {
            Kind::Layout { of, .. } => !of.is_empty(),
            Kind::Missing
            | Kind::Moved { .. }
            | Kind::Arranged { .. }
            | Kind::Resized { .. }
            | Kind::Output { .. }
            | Kind::Gaps { .. }
            | Kind::NoWorkspace => true,
            _ => false,
        }
    }
}
