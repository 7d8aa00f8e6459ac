//! A planned workspace without some of its slots.

use super::plan::{
    Content, PlannedFloating, PlannedNode, PlannedProperties, PlannedWorkspace, SlotIdx,
};
use super::shares;
use crate::layout::ContainerLayout;

impl PlannedWorkspace {
    /// The workspace with those slots that `keep` names; the siblings of the
    /// others share their room, as i3 does it when a window closes.
    #[must_use]
    pub fn with_slots(&self, keep: &dyn Fn(SlotIdx) -> bool) -> Self {
        let nodes: Vec<Option<PlannedNode>> = self
            .nodes
            .iter()
            .map(|node| pruned(node, Some(self.layout), keep))
            .collect();
        let floating: Vec<Option<PlannedFloating>> = self
            .floating
            .iter()
            .map(|floating| floating.with_slots(keep))
            .collect();
        let kept: Vec<bool> = nodes
            .iter()
            .map(Option::is_some)
            .chain(floating.iter().map(Option::is_some))
            .collect();
        Self {
            nodes: siblings(nodes),
            floating: floating.into_iter().flatten().collect(),
            focus: remapped(&self.focus, &kept),
            ..self.clone()
        }
    }
}

impl PlannedFloating {
    /// The floating container with those slots that `keep` names; `None` when it would
    /// be empty.
    #[must_use]
    pub fn with_slots(&self, keep: &dyn Fn(SlotIdx) -> bool) -> Option<Self> {
        pruned(&self.node, None, keep).map(|node| Self {
            node,
            ..self.clone()
        })
    }
}

/// The node with those slots that `keep` names; `None` when nothing is left.
/// `parent` is the layout of the container that it is in, `None` in a floating frame.
fn pruned(
    node: &PlannedNode,
    parent: Option<ContainerLayout>,
    keep: &dyn Fn(SlotIdx) -> bool,
) -> Option<PlannedNode> {
    let Content::Container {
        layout,
        nodes,
        focus,
    } = &node.content
    else {
        let Content::Slot(idx) = node.content else {
            return None;
        };
        return keep(idx).then(|| node.clone());
    };
    let children: Vec<Option<PlannedNode>> = nodes
        .iter()
        .map(|node| pruned(node, Some(*layout), keep))
        .collect();
    let kept: Vec<bool> = children.iter().map(Option::is_some).collect();
    let mut children = siblings(children);
    let is_split = |layout| {
        matches!(
            layout,
            Some(ContainerLayout::SplitH | ContainerLayout::SplitV)
        )
    };
    let split = is_split(Some(*layout)) && is_split(parent);
    let plain = node.properties == PlannedProperties::default();
    match children.len() {
        0 => None,
        // i3 would draw nothing of such a container.
        1 if split && plain => children.pop().map(|only| PlannedNode {
            share: node.share,
            ..only
        }),
        _ => Some(PlannedNode {
            share: node.share,
            properties: node.properties.clone(),
            content: Content::Container {
                layout: *layout,
                focus: remapped(focus, &kept),
                nodes: children,
            },
        }),
    }
}

fn siblings(nodes: Vec<Option<PlannedNode>>) -> Vec<PlannedNode> {
    let mut nodes: Vec<PlannedNode> = nodes.into_iter().flatten().collect();
    let shares: Vec<f64> = nodes.iter().map(|node| node.share).collect();
    for (node, share) in nodes.iter_mut().zip(shares::normalise(&shares)) {
        node.share = share;
    }
    nodes
}

/// A focus order in the positions that are left.
fn remapped(focus: &[usize], kept: &[bool]) -> Vec<usize> {
    focus
        .iter()
        .filter(|&&position| kept.get(position) == Some(&true))
        .map(|&position| kept[..position].iter().filter(|&&is| is).count())
        .collect()
}
