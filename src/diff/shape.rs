//! The shape of a workspace, in the same form for a plan and for the desktop.
//!
//! Anything that does not count is removed on both sides before the comparison: windows that are
//! not in the plan, slots without a window, and redundant containers.

use crate::compile::{Plan, PlannedNode, SlotIdx};
use crate::live::{Con, ConId};
use crate::matching::Assignment;
use crate::tree::{
    Container, ContainerLayout, Content, Kind, Node, Share, order_of_ids, with_shares,
};

/// A node of a shape.
pub(super) type Shape = Node<SlotIdx, Measured>;

/// The share of a node of a shape, with its container on the desktop.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Measured {
    /// The share of the parent, 0 to 1; siblings sum to one.
    pub fraction: f64,
    /// The live container; `None` in shapes of a plan.
    pub con: Option<ConId>,
    /// True if the container has lost children.
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

/// The shape of a workspace's tiling nodes in a plan, of the slots that have a window.
pub(super) fn of_plan(content: &Content<SlotIdx, f64>, assignment: &Assignment) -> Shape {
    let focus = content.focus.iter().copied();
    let tiling = Content {
        layout: content.layout,
        nodes: with_shares(content.nodes.clone(), &measured),
        floating: Vec::new(),
        focus: focus
            .filter(|&position| position < content.nodes.len())
            .collect(),
    };
    root(tiling, None, &mut |idx| assignment.window(idx).map(|_| idx))
}

/// The shape of a planned floating node, of the slots that have a window.
pub(super) fn of_planned_floating(node: &PlannedNode, assignment: &Assignment) -> Option<Shape> {
    let kept = node
        .clone()
        .with_shares(Measured::default(), &measured)
        .retain(None, &|&idx| assignment.window(idx).is_some())?;
    Some(kept.simplified(None))
}

fn measured(shares: &[&f64]) -> Vec<Measured> {
    let measured = |&&fraction| Measured {
        fraction,
        ..Measured::default()
    };
    shares.iter().map(measured).collect()
}

/// The shape of the tiling children of a live workspace, of the windows that have a slot.
pub(super) fn of_live(con: &Con, assignment: &Assignment) -> Shape {
    let Container {
        layout,
        nodes,
        focus,
    } = live_container(con);
    let tiling = Content {
        layout,
        nodes,
        floating: Vec::new(),
        focus,
    };
    root(tiling, Some(con.id), &mut |id| assignment.slot(id))
}

/// The shape of the content of a live floating frame, of the windows that have a slot.
pub(super) fn of_live_floating(con: &Con, assignment: &Assignment) -> Option<Shape> {
    let kept = live_node(con).filter_map(None, &mut |id| assignment.slot(id))?;
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

/// A workspace as a container, which exists even if it is empty.
fn root<L>(
    content: Content<L, Measured>,
    con: Option<ConId>,
    slot: &mut dyn FnMut(L) -> Option<SlotIdx>,
) -> Shape {
    let count = content.nodes.len();
    let content = content.filter_map(slot).simplified();
    let share = Measured {
        fraction: 1.0,
        con,
        pruned: content.nodes.len() < count,
    };
    let container = Container {
        layout: content.layout,
        nodes: content.nodes,
        focus: content.focus,
    };
    Node::container(share, container)
}

/// A planned and a live node, without a container that only one of them has around its
/// single child, where that container does not count. `parent` is the layout of the live
/// container around them, `None` in a floating frame.
///
/// The container does not count if it has lost children: the other side may have lost it
/// completely. A live split container does not count either: i3 leaves such containers
/// behind, and programs that split the focused window create them all the time.
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

/// True if both have the same windows in the same containers in the same order, with any
/// sizes and layouts; `parent` as for [`seen_alike`].
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

/// The same as [`same_arrangement`] for the children of two containers.
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
pub(super) fn text(shape: &Shape, plan: &Plan) -> String {
    match &shape.kind {
        Kind::Leaf(idx) => plan.slot(*idx).id.clone(),
        Kind::Container(Container { layout, nodes, .. }) => {
            let children: Vec<String> = nodes.iter().map(|child| text(child, plan)).collect();
            format!("{}[{}]", layout.as_str(), children.join(", "))
        }
    }
}
