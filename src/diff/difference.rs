//! The kinds of differences between a plan and the desktop.

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use crate::compile::SlotIdx;
use crate::live::ConId;
use crate::tree::Attribute;

/// One difference between the plan and the desktop.
///
/// `before` is the planned value, `after` the present one, as in a diff of the saved file
/// against the desktop.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The workspace of the plan; `None` for the scratchpad.
    pub workspace: Option<String>,
    /// The slot.
    pub slot: Option<String>,
    /// The slot's position in the plan.
    #[serde(skip)]
    pub idx: Option<SlotIdx>,
    /// The container to change.
    #[serde(skip)]
    pub con: Option<ConId>,
    /// The kind.
    #[serde(flatten)]
    pub kind: Kind,
}

/// The kind of a difference.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// The slot has no window.
    Missing,
    /// A window that is not in the plan is on one of its workspaces.
    Extra {
        /// The window's title, else its class.
        window: String,
    },
    /// The window is elsewhere.
    Moved {
        /// The planned location.
        before: Location,
        /// The present location.
        after: Location,
    },
    /// Windows of the workspace are in other containers, or in another order.
    Arranged {
        /// The planned shape as one line.
        before: String,
        /// The present shape as one line.
        after: String,
    },
    /// A container has another layout.
    Layout {
        /// The windows in the container; empty for a workspace with only floating windows.
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
    /// A floating window has another position or size (absolute, X notation).
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
        /// The planned gaps, in pixels.
        before: String,
        /// The present gaps.
        after: String,
    },
    /// The workspace is on another output.
    Output {
        /// The planned output.
        before: String,
        /// The present output.
        after: String,
    },
    /// Workspaces of one output are in another order.
    WorkspaceOrder {
        /// Their names in the planned order.
        before: Vec<String>,
        /// Their names in the present order.
        after: Vec<String>,
    },
    /// The workspace is not visible but planned to be.
    Hidden,
    /// The workspace does not exist.
    NoWorkspace,
    /// Another window has the focus inside a container, or another workspace has it.
    Focus,
}

/// An attribute with its planned and its present value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropertyChange {
    /// The planned value; for borders, never `None`.
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

/// The location of a window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Location {
    /// Tiling on a workspace.
    Tiling(String),
    /// Floating on a workspace.
    Floating(String),
    /// Floating on a workspace as a visible scratchpad window.
    Shown(String),
    /// Hidden in the scratchpad.
    Scratchpad,
}

impl Difference {
    /// The changed feature, for reports; `None` for missing and extra windows.
    pub const fn what(&self) -> Option<&'static str> {
        match &self.kind {
            Kind::Missing | Kind::Extra { .. } => None,
            Kind::Moved { .. } => Some("moved windows"),
            Kind::Arranged { .. } | Kind::Layout { .. } => Some("containers"),
            Kind::Resized { .. } => Some("sizes"),
            Kind::Rect { .. } => Some("floating rects"),
            Kind::Property(change) => Some(change.before.plural()),
            Kind::Gaps { .. } => Some("gaps"),
            Kind::Output { .. } => Some("workspace outputs"),
            Kind::WorkspaceOrder { .. } => Some("workspace order"),
            Kind::Hidden | Kind::NoWorkspace => Some("visible workspaces"),
            Kind::Focus => Some("focus"),
        }
    }

    /// True for differences in visibility and focus, which change all the time.
    /// `apply` restores them, `diff` does not report them.
    pub const fn is_attention(&self) -> bool {
        matches!(self.kind, Kind::Hidden | Kind::Focus)
    }

    /// True if the workspace must be rebuilt.
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
