//! The windows of two layouts while their trees are merged.

use crate::layout;
use crate::live::ConId;

pub(super) type Container = layout::Container<Tag>;
pub(super) type Floating = layout::Floating<Tag>;
pub(super) type Layout = layout::Layout<Tag>;
pub(super) type Node = layout::Node<Tag>;
pub(super) type Workspace = layout::Workspace<Tag>;

/// A window of a merged tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    /// The slot of the file at this position.
    Old(usize),
    /// The captured window in this container, which is not in the file.
    New(ConId),
}

impl Tag {
    /// The position of the slot, if it is in the file.
    pub(super) const fn old(self) -> Option<usize> {
        match self {
            Self::Old(slot) => Some(slot),
            Self::New(_) => None,
        }
    }
}

/// The layout of a file, with tags for its slots.
pub(super) fn tagged(layout: &layout::Layout) -> Layout {
    let mut slots = 0..;
    let layout = layout.clone();
    layout.map(&mut |_, _, _| Tag::Old(slots.next().unwrap_or_default()))
}

/// The slots of the file in a node.
pub(super) fn old_slots(node: &Node) -> impl Iterator<Item = usize> {
    node.leaves().filter_map(|tag| tag.old())
}

/// True if a slot of the file is in both nodes.
pub(super) fn share_slots(one: &Node, other: &Node) -> bool {
    old_slots(one).any(|slot| old_slots(other).any(|other| other == slot))
}

/// The slots of the file on a workspace.
pub(super) fn slots_on(workspace: &Workspace) -> impl Iterator<Item = usize> {
    workspace.content.children().flat_map(old_slots)
}

/// True if both have the same windows in the same order.
pub(super) fn same_windows(one: &Floating, other: &Floating) -> bool {
    one.node.leaves().eq(other.node.leaves())
}
