//! The windows of two layouts while their trees are put together.

use crate::layout::{Floating, Layout, Node, Workspace};
use crate::live::ConId;

/// A window of a merged tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    /// The slot of the file at this position.
    Old(usize),
    /// The captured window in this container, which is no slot of the file.
    New(ConId),
}

impl Tag {
    /// The slot of the file.
    pub(super) const fn old(self) -> Option<usize> {
        match self {
            Self::Old(slot) => Some(slot),
            Self::New(_) => None,
        }
    }
}

/// The layout of a file with its slots.
pub(super) fn tagged(layout: &Layout) -> Layout<Tag> {
    let mut slots = 0..;
    let layout = layout.clone();
    layout.map(&mut |_, _, _| Tag::Old(slots.next().unwrap_or_default()))
}

/// The slots of the file in a node.
pub(super) fn old_slots(node: &Node<Tag>) -> impl Iterator<Item = usize> {
    node.leaves().filter_map(|tag| tag.old())
}

/// The slots of the file on a workspace.
pub(super) fn slots_on(workspace: &Workspace<Tag>) -> impl Iterator<Item = usize> {
    workspace.content.children().flat_map(old_slots)
}

/// True if both have the same windows in the same order.
pub(super) fn same_windows(one: &Floating<Tag>, other: &Floating<Tag>) -> bool {
    one.node.leaves().eq(other.node.leaves())
}
