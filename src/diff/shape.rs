//! The shape of a workspace, in the same form for a plan and for the desktop.
//!
//! What does not count is taken away on both sides before they are compared: windows
//! that the plan does not know, slots that have no window, and redundant containers.

use crate::compile::{PlannedNode, SlotIdx};
use crate::live::{Con, ConId};
use crate::tree::{
    Attributes, Container, ContainerLayout, Content, Kind, Node, Share, order_of_ids,
};

/// A node of a shape.
pub(super) type Shape = Node<SlotIdx, Measured>;

/// The share of a node of a shape, and what is known of it on the desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Measured {
    /// The share of the parent, 0 to 1; siblings sum to one.
    pub fraction: f64,
    /// The live container, where the shape is of the desktop.
    pub con: Option<ConId>,
    /// True if children of the container were taken away.
    pub pruned: bool,
}

impl Share for Measured {
    fn divide_again(mut siblings: Vec<&mut Self>) {
        f64::divide_again(
            siblings
                .iter_mut()
                .map(|share| &mut share.fraction)
                .collect(),
        );
    }

    fn note_pruned(&mut self) {
        self.pruned = true;
    }
}

/// A container of a shape; also the workspace itself.
#[derive(Clone, Copy)]
pub(super) struct Branch<'s> {
    /// Its children.
    pub container: &'s Container<SlotIdx, Measured>,
    /// Its attributes.
    pub attributes: &'s Attributes,
    /// Its share.
    pub measured: Measured,
}

/// The shape of a workspace's tiling nodes in a plan, of the slots that `keep` accepts.
pub(super) fn of_plan(content: &Content<SlotIdx, f64>, keep: &dyn Fn(SlotIdx) -> bool) -> Shape {
    let nodes = content.nodes.iter().cloned().map(measured).collect();
    let focus = content.focus.iter().copied();
    let container = Container {
        layout: content.layout,
        nodes,
        focus: focus
            .filter(|&position| position < content.nodes.len())
            .collect(),
    };
    root(container, None, &mut |idx| keep(idx).then_some(idx))
}

/// The shape of what floats in a plan, if anything of it is kept.
pub(super) fn of_planned_floating(
    node: &PlannedNode,
    keep: &dyn Fn(SlotIdx) -> bool,
) -> Option<Shape> {
    let kept = measured(node.clone()).retain(None, &|idx| keep(*idx))?;
    Some(kept.simplified(None))
}

fn measured(node: PlannedNode) -> Shape {
    node.map_shares(&|fraction| Measured {
        fraction,
        ..Measured::default()
    })
}

/// The shape of the tiling children of a live workspace, of the windows to which `slot`
/// gives a slot.
pub(super) fn of_live(con: &Con, slot: &dyn Fn(ConId) -> Option<SlotIdx>) -> Shape {
    root(live_container(con), Some(con.id), &mut |con| slot(con))
}

/// The shape of what floats in a live frame, if anything of it has a slot.
pub(super) fn of_live_floating(
    con: &Con,
    slot: &dyn Fn(ConId) -> Option<SlotIdx>,
) -> Option<Shape> {
    let kept = live_node(con).filter_map(None, &mut |con| slot(con))?;
    Some(kept.simplified(None))
}

fn live_node(con: &Con) -> Node<ConId, Measured> {
    Node {
        share: Measured {
            fraction: con.percent.unwrap_or(1.0),
            con: Some(con.id),
            pruned: false,
        },
        attributes: con.own_attributes(),
        kind: if con.is_leaf() {
            Kind::Leaf(con.id)
        } else {
            Kind::Container(live_container(con))
        },
    }
}

fn live_container(con: &Con) -> Container<ConId, Measured> {
    let ids: Vec<ConId> = con.nodes.iter().map(|child| child.id).collect();
    Container {
        layout: con.layout,
        nodes: con.nodes.iter().map(live_node).collect(),
        focus: order_of_ids(&ids, &con.focus),
    }
}

/// A workspace as a container, which is there even if it is empty.
fn root<L>(
    container: Container<L, Measured>,
    con: Option<ConId>,
    slot: &mut dyn FnMut(L) -> Option<SlotIdx>,
) -> Shape {
    let (layout, count) = (container.layout, container.nodes.len());
    let content = Content {
        layout,
        nodes: container.nodes,
        floating: Vec::new(),
        focus: container.focus,
    };
    let content = content.filter_map(slot).simplified();
    let share = Measured {
        fraction: 1.0,
        con,
        pruned: content.nodes.len() < count,
    };
    let container = Container {
        layout,
        nodes: content.nodes,
        focus: content.focus,
    };
    Node::container(share, container)
}

/// The shape as a container.
pub(super) fn branch(shape: &Shape) -> Option<Branch<'_>> {
    Some(Branch {
        container: shape.as_container()?,
        attributes: &shape.attributes,
        measured: shape.share,
    })
}

/// A planned and a live node without a container around a single child that only one of
/// them has, where it does not count. `parent` is the layout of the live container around
/// them, `None` in a floating frame.
///
/// It does not count where something was taken away: the other side may have lost the
/// whole container with it. On the desktop, a split container does not count either: i3
/// leaves such containers behind, and programs that split the focused window make them all
/// the time.
pub(super) fn seen_alike<'a>(
    planned: &'a Shape,
    live: &'a Shape,
    parent: Option<ContainerLayout>,
) -> (&'a Shape, &'a Shape) {
    let layout = live.as_container().map(|container| container.layout);
    let is_slight = layout.is_some_and(ContainerLayout::is_split)
        && parent.is_none_or(ContainerLayout::is_split)
        && live.attributes.is_plain_container();
    match (planned.nodes(), live.nodes()) {
        ([_], [_]) => (planned, live),
        ([only], _) if planned.share.pruned => seen_alike(only, live, parent),
        (_, [only]) if live.share.pruned || is_slight => seen_alike(planned, only, layout),
        _ => (planned, live),
    }
}

/// True if both have the same windows in the same containers in the same order, whatever
/// their sizes and layouts; `parent` as for [`seen_alike`].
pub(super) fn same_arrangement(
    planned: &Shape,
    live: &Shape,
    parent: Option<ContainerLayout>,
) -> bool {
    let (planned, live) = seen_alike(planned, live, parent);
    match (&planned.kind, &live.kind) {
        (Kind::Leaf(planned), Kind::Leaf(live)) => planned == live,
        (Kind::Container(planned), Kind::Container(live)) => same_children(planned, live),
        _ => false,
    }
}

/// As [`same_arrangement`], of the children of two containers.
pub(super) fn same_children(
    planned: &Container<SlotIdx, Measured>,
    live: &Container<SlotIdx, Measured>,
) -> bool {
    let parent = Some(live.layout);
    let mut pairs = planned.nodes.iter().zip(&live.nodes);
    planned.nodes.len() == live.nodes.len()
        && pairs.all(|(planned, live)| same_arrangement(planned, live, parent))
}

/// The shape as one line: `splith[editor, tabbed[logs, htop]]`.
pub(super) fn text(shape: &Shape, name: &dyn Fn(SlotIdx) -> String) -> String {
    match &shape.kind {
        Kind::Leaf(idx) => name(*idx),
        Kind::Container(container) => {
            let children: Vec<String> = container
                .nodes
                .iter()
                .map(|child| text(child, name))
                .collect();
            format!("{}[{}]", container.layout.as_str(), children.join(", "))
        }
    }
}

/// True if the layout shows a title bar also for a single window.
pub(super) const fn has_titles(layout: ContainerLayout) -> bool {
    !layout.is_split()
}
