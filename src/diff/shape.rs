//! The shape of a workspace, in the same form for a plan and for the desktop.
//!
//! What does not count is taken away on both sides before they are compared:
//! windows that the plan does not know, slots that have no window, and split
//! containers around a single child, which change nothing on the screen. (Among tabs
//! and in a stack such a container has a title of its own, and counts.)

use crate::compile::{Content, PlannedNode, PlannedProperties, SlotIdx, shares};
use crate::layout::ContainerLayout;
use crate::live::{Con, ConId};

/// A node of a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// The share of the parent, 0 to 1; siblings sum to one.
    pub share: f64,
    /// A window or a container.
    pub kind: ShapeKind,
}

/// What a node of a shape is.
#[derive(Clone, Debug, PartialEq)]
pub enum ShapeKind {
    /// The window of a slot.
    Window(SlotIdx),
    /// A container.
    Container(Branch),
}

/// A container of a shape; also the workspace itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// How the children are laid out.
    pub layout: ContainerLayout,
    /// The children.
    pub children: Vec<Shape>,
    /// Positions of children, most recently focused first.
    pub focus: Vec<usize>,
    /// The live container, where the shape is of the desktop.
    pub con: Option<ConId>,
    /// What is set on the container, where the shape is of a plan.
    pub properties: PlannedProperties,
    /// Whether something was taken away from it.
    pub pruned: bool,
}

/// The shape of planned nodes, of the slots that `keep` names.
pub(super) fn of_plan(
    layout: ContainerLayout,
    nodes: &[PlannedNode],
    focus: &[usize],
    keep: &dyn Fn(SlotIdx) -> bool,
) -> Branch {
    let parent = Some(layout);
    let children = nodes
        .iter()
        .map(|node| plan_node(node, parent, keep))
        .collect();
    branch(layout, children, focus, None, PlannedProperties::default())
}

/// The shape of one planned node, if anything of it is kept; `parent` is the layout of
/// the container that it is in, `None` in a floating frame.
pub(super) fn plan_node(
    node: &PlannedNode,
    parent: Option<ContainerLayout>,
    keep: &dyn Fn(SlotIdx) -> bool,
) -> Option<Shape> {
    let kind = match &node.content {
        Content::Slot(idx) => keep(*idx).then_some(ShapeKind::Window(*idx))?,
        Content::Container {
            layout,
            nodes,
            focus,
        } => {
            let children = nodes
                .iter()
                .map(|node| plan_node(node, Some(*layout), keep))
                .collect();
            let branch = branch(*layout, children, focus, None, node.properties.clone());
            let plain = node.properties == PlannedProperties::default();
            return without_wrapper(branch, node.share, plain && parent.is_none_or(is_split));
        }
    };
    Some(Shape {
        share: node.share,
        kind,
    })
}

/// The shape of the tiling children of a live container, of the windows to which
/// `slot` gives a slot.
pub(super) fn of_live(con: &Con, slot: &dyn Fn(ConId) -> Option<SlotIdx>) -> Branch {
    let children: Vec<Option<Shape>> = con
        .nodes
        .iter()
        .map(|node| live_node(node, Some(con.layout), slot))
        .collect();
    branch(
        con.layout,
        children,
        &live_focus(con),
        Some(con.id),
        PlannedProperties::default(),
    )
}

/// The shape of one live node, if anything of it has a slot; see [`plan_node`].
pub(super) fn live_node(
    con: &Con,
    parent: Option<ContainerLayout>,
    slot: &dyn Fn(ConId) -> Option<SlotIdx>,
) -> Option<Shape> {
    let share = con.percent.unwrap_or(1.0);
    if con.is_leaf() {
        return slot(con.id).map(|idx| Shape {
            share,
            kind: ShapeKind::Window(idx),
        });
    }
    let plain = con.marks.is_empty() && con.title_format.is_none();
    without_wrapper(
        of_live(con, slot),
        share,
        plain && parent.is_none_or(is_split),
    )
}

/// A live container's focus list as positions of its tiling children.
fn live_focus(con: &Con) -> Vec<usize> {
    con.focus
        .iter()
        .filter_map(|id| con.nodes.iter().position(|child| child.id == *id))
        .collect()
}

fn branch(
    layout: ContainerLayout,
    children: Vec<Option<Shape>>,
    focus: &[usize],
    con: Option<ConId>,
    properties: PlannedProperties,
) -> Branch {
    let new_positions: Vec<Option<usize>> = children
        .iter()
        .scan(0, |next, child| {
            Some(child.as_ref().map(|_| {
                *next += 1;
                *next - 1
            }))
        })
        .collect();
    let pruned = new_positions.iter().any(Option::is_none);
    let focus = focus
        .iter()
        .filter_map(|&position| new_positions.get(position).copied().flatten())
        .collect();
    let mut children: Vec<Shape> = children.into_iter().flatten().collect();
    let shares: Vec<f64> = children.iter().map(|child| child.share).collect();
    for (child, share) in children.iter_mut().zip(shares::normalise(&shares)) {
        child.share = share;
    }
    Branch {
        layout,
        children,
        focus,
        con,
        properties,
        pruned,
    }
}

/// A container as a node of its parent, or its only child in its place where the
/// container cannot be seen.
fn without_wrapper(mut branch: Branch, share: f64, plain: bool) -> Option<Shape> {
    if branch.children.len() == 1 && is_split(branch.layout) && plain {
        let mut only = branch.children.pop()?;
        only.share = share;
        return Some(only);
    }
    (!branch.children.is_empty()).then_some(Shape {
        share,
        kind: ShapeKind::Container(branch),
    })
}

const fn is_split(layout: ContainerLayout) -> bool {
    matches!(layout, ContainerLayout::SplitH | ContainerLayout::SplitV)
}

/// Two nodes without a container around a single child that only one of them has, and
/// that has it only because something was taken away: the other side may have lost the
/// whole container with it.
pub(super) fn seen_alike<'a>(one: &'a Shape, other: &'a Shape) -> (&'a Shape, &'a Shape) {
    match (one.remainder(), other.remainder()) {
        (Some(one), None) if !other.has_single_child() => (one, other),
        (None, Some(other)) if !one.has_single_child() => (one, other),
        _ => (one, other),
    }
}

impl Shape {
    /// The single child of a container that had more.
    fn remainder(&self) -> Option<&Self> {
        match &self.kind {
            ShapeKind::Container(branch) if branch.pruned && branch.children.len() == 1 => {
                branch.children.first()
            }
            _ => None,
        }
    }

    const fn has_single_child(&self) -> bool {
        matches!(&self.kind, ShapeKind::Container(branch) if branch.children.len() == 1)
    }

    /// Whether both have the same windows in the same containers in the same
    /// order, whatever their sizes and layouts.
    pub fn same_arrangement(&self, other: &Self) -> bool {
        let (one, other) = seen_alike(self, other);
        match (&one.kind, &other.kind) {
            (ShapeKind::Window(one), ShapeKind::Window(two)) => one == two,
            (ShapeKind::Container(one), ShapeKind::Container(two)) => one.same_arrangement(two),
            _ => false,
        }
    }

    /// The shape as one line; see [`Branch::text`].
    pub fn text(&self, name: &dyn Fn(SlotIdx) -> String) -> String {
        match &self.kind {
            ShapeKind::Window(idx) => name(*idx),
            ShapeKind::Container(branch) => branch.text(name),
        }
    }

    /// The slots in it, in tree order.
    pub fn slots(&self) -> Vec<SlotIdx> {
        match &self.kind {
            ShapeKind::Window(idx) => vec![*idx],
            ShapeKind::Container(branch) => branch.slots(),
        }
    }
}

impl Branch {
    /// See [`Shape::same_arrangement`].
    pub fn same_arrangement(&self, other: &Self) -> bool {
        self.children.len() == other.children.len()
            && self
                .children
                .iter()
                .zip(&other.children)
                .all(|(one, two)| one.same_arrangement(two))
    }

    /// The slots in it, in tree order.
    pub fn slots(&self) -> Vec<SlotIdx> {
        self.children.iter().flat_map(Shape::slots).collect()
    }

    /// The shape as one line: `splith[editor, tabbed[logs, htop]]`.
    pub fn text(&self, name: &dyn Fn(SlotIdx) -> String) -> String {
        let children: Vec<String> = self.children.iter().map(|child| child.text(name)).collect();
        format!("{}[{}]", self.layout.as_str(), children.join(", "))
    }
}
