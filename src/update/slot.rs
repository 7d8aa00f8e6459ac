//! How a window is known while trees are put together.

use std::fmt;

use crate::layout::{Layout, Node, Window};

/// Which window it is. While two layouts are merged, it stands in the place of the id:
/// ids can be missing, and those of two layouts can be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tag {
    /// The slot of the file at this position.
    Old(usize),
    /// The captured window at this position, which is no slot of the file.
    New(usize),
}

impl Tag {
    /// The tag of a window that has one.
    pub(super) fn of(window: &Window) -> Option<Self> {
        let (kind, position) = window.id.as_deref()?.split_at_checked(1)?;
        let position = position.parse().ok()?;
        match kind {
            "o" => Some(Self::Old(position)),
            "n" => Some(Self::New(position)),
            _ => None,
        }
    }

    /// The slot of the file.
    pub(super) const fn old(self) -> Option<usize> {
        match self {
            Self::Old(slot) => Some(slot),
            Self::New(_) => None,
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Old(position) => write!(f, "o{position}"),
            Self::New(position) => write!(f, "n{position}"),
        }
    }
}

/// The layout with a tag for each window.
pub(super) fn tagged(layout: &Layout, tag: &dyn Fn(usize) -> Tag) -> Layout {
    let mut layout = layout.clone();
    let mut position = 0;
    layout.for_each_window(&mut |window, _| {
        window.id = Some(tag(position).to_string());
        position += 1;
    });
    layout
}

/// The slots of the file in a node.
pub(super) fn old_slots(node: &Node) -> impl Iterator<Item = usize> {
    all(node).filter_map(Tag::old)
}

/// The windows in a node.
pub(super) fn all(node: &Node) -> impl Iterator<Item = Tag> {
    node.windows().into_iter().filter_map(Tag::of)
}
