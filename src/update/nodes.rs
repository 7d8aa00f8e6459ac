//! Nodes taken out of a tree, and put into one, with the shares of their siblings.

use super::slot::{Tag, all, old_slots};
use crate::compile::shares;
use crate::layout::{Container, ContainerLayout, Floating, Node, Place, Workspace};

/// Slots without a window do not keep more than this of the room of their siblings, but
/// an even share.
const MOST: f64 = 0.9;

/// A floating window that moved by less has not moved, in pixels.
const FLOATING_TOLERANCE: u32 = 1;

/// Which windows stay.
pub(super) type Keep<'a> = dyn Fn(Tag) -> bool + 'a;

/// Percents are written with so many units to one percent: fine enough for any screen.
const UNITS: f64 = 10_000.0;

/// A workspace with the windows that stay.
pub(super) fn of_workspace(workspace: &Workspace, keep: &Keep<'_>) -> Workspace {
    let nodes = of_list(&workspace.nodes, Some(workspace.layout), keep);
    let floating: Vec<Option<Floating>> = workspace
        .floating
        .iter()
        .map(|floating| of_floating(floating, keep))
        .collect();
    let kept: Vec<bool> = nodes
        .iter()
        .map(Option::is_some)
        .chain(floating.iter().map(Option::is_some))
        .collect();
    Workspace {
        nodes: siblings(nodes),
        floating: floating.into_iter().flatten().collect(),
        focus_order: remapped(workspace.focus_order.as_deref(), &kept),
        ..workspace.clone()
    }
}

/// A floating window or container with the windows that stay.
pub(super) fn of_floating(floating: &Floating, keep: &Keep<'_>) -> Option<Floating> {
    of_node(&floating.node, None, keep).map(|node| Floating {
        node,
        ..floating.clone()
    })
}

/// A node with the windows that stay; `parent` is the layout around it, `None` for what
/// floats.
pub(super) fn of_node(
    node: &Node,
    parent: Option<ContainerLayout>,
    keep: &Keep<'_>,
) -> Option<Node> {
    let container = match node {
        Node::Window(window) => {
            return Tag::of(window).is_some_and(keep).then(|| node.clone());
        }
        Node::Container(container) => container,
    };
    let nodes = of_list(&container.nodes, Some(container.layout), keep);
    let kept: Vec<bool> = nodes.iter().map(Option::is_some).collect();
    let lost = kept.contains(&false);
    let mut nodes = siblings(nodes);
    let split = is_split(Some(container.layout)) && is_split(parent);
    match nodes.len() {
        0 => None,
        // i3 would draw nothing of such a container.
        1 if lost && split && is_plain(&container.place) => nodes.pop().map(|mut only| {
            let place = only.place_mut();
            place.percent = container.place.percent;
            place.focused = container.place.focused;
            only
        }),
        _ => Some(Node::Container(Container {
            nodes,
            focus_order: remapped(container.focus_order.as_deref(), &kept),
            ..container.clone()
        })),
    }
}

fn of_list(nodes: &[Node], layout: Option<ContainerLayout>, keep: &Keep<'_>) -> Vec<Option<Node>> {
    nodes
        .iter()
        .map(|node| of_node(node, layout, keep))
        .collect()
}

/// Whether the children of such a container have shares.
pub(super) const fn is_split(layout: Option<ContainerLayout>) -> bool {
    matches!(
        layout,
        Some(ContainerLayout::SplitH | ContainerLayout::SplitV)
    )
}

/// Whether nothing of the container would be missed.
pub(super) fn is_plain(place: &Place) -> bool {
    let nothing = Place {
        percent: place.percent,
        focused: place.focused,
        ..Place::default()
    };
    *place == nothing
}

/// What is left of siblings; they share the room of the others.
fn siblings(nodes: Vec<Option<Node>>) -> Vec<Node> {
    let lost = nodes.iter().any(Option::is_none);
    let mut nodes: Vec<Node> = nodes.into_iter().flatten().collect();
    let percents: Option<Vec<f64>> = nodes.iter().map(|node| node.place().percent).collect();
    if let Some(percents) = percents.filter(|_| lost) {
        set_shares(&mut nodes, &shares::normalise(&percents));
    }
    nodes
}

/// Writes shares (0 to 1) as percents.
pub(super) fn set_shares(nodes: &mut [Node], shares: &[f64]) {
    let alone = nodes.len() == 1;
    for (node, share) in nodes.iter_mut().zip(shares) {
        let percent = (share * 100.0 * UNITS).round() / UNITS;
        node.place_mut().percent = (!alone && percent > 0.0).then_some(percent);
    }
}

fn remapped(order: Option<&[usize]>, kept: &[bool]) -> Option<Vec<usize>> {
    let positions = order?
        .iter()
        .filter(|&&position| kept.get(position) == Some(&true));
    let before = |position: usize| kept[..position].iter().filter(|&&is| is).count();
    Some(positions.map(|&position| before(position)).collect())
}

/// The shares of siblings, spelt out or not.
pub(super) fn shares(nodes: &[Node]) -> Vec<f64> {
    let percents: Vec<Option<f64>> = nodes.iter().map(|node| node.place().percent).collect();
    shares::resolve(&percents)
}

#[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
fn even(count: usize, of: usize) -> Vec<f64> {
    vec![1.0 / of.max(1) as f64; count]
}

/// Something to be put among siblings.
#[derive(Clone, Debug)]
pub(super) struct Unit<T> {
    /// What.
    pub what: T,
    /// The share that it had of the place where it comes from.
    pub share: f64,
    /// The sibling that it goes behind; `None` puts it first.
    pub behind: Option<usize>,
}

/// Puts units among siblings. The result is where the siblings are now.
pub(super) fn insert<T>(list: &mut Vec<T>, mut units: Vec<Unit<T>>) -> Vec<usize> {
    units.sort_by_key(|unit| unit.behind);
    let mut units = units.into_iter().peekable();
    let mut merged = Vec::with_capacity(list.len());
    let mut positions = Vec::with_capacity(list.len());
    while let Some(first) = units.next_if(|unit| unit.behind.is_none()) {
        merged.push(first.what);
    }
    for (position, sibling) in std::mem::take(list).into_iter().enumerate() {
        positions.push(merged.len());
        merged.push(sibling);
        while let Some(unit) = units.next_if(|unit| unit.behind <= Some(position)) {
            merged.push(unit.what);
        }
    }
    merged.extend(units.map(|unit| unit.what));
    *list = merged;
    positions
}

/// As [`insert`], of nodes into a container of this layout: they get the shares that
/// they had, and the siblings share the rest as they did.
pub(super) fn insert_nodes(
    nodes: &mut Vec<Node>,
    mut units: Vec<Unit<Node>>,
    layout: ContainerLayout,
) -> Vec<usize> {
    units.sort_by_key(|unit| unit.behind);
    if units.is_empty() {
        return (0..nodes.len()).collect();
    }
    let all = || nodes.iter().chain(units.iter().map(|unit| &unit.what));
    let is_even = all().all(|node| node.place().percent.is_none());
    let is_even = is_even || !is_split(Some(layout));
    let siblings = shares(nodes);
    let mut own: Vec<f64> = units.iter().map(|unit| unit.share).collect();
    if own.iter().sum::<f64>() > MOST {
        own = even(own.len(), nodes.len() + own.len());
    }
    let wanted: f64 = own.iter().sum();
    let positions = insert(nodes, units);
    if is_even {
        for node in nodes.iter_mut() {
            node.place_mut().percent = None;
        }
        return positions;
    }
    let mut own = own.into_iter();
    let mut of_siblings = siblings.into_iter().map(|share| share * (1.0 - wanted));
    let shares: Vec<f64> = (0..nodes.len())
        .filter_map(|position| {
            if positions.contains(&position) {
                of_siblings.next()
            } else {
                own.next()
            }
        })
        .collect();
    set_shares(nodes, &shares);
    positions
}

/// The place of the file, where the window is still there.
pub(super) fn keep_rect(floating: &mut Floating, old: &[Floating]) {
    let before = old
        .iter()
        .find(|old| all(&old.node).eq(all(&floating.node)));
    if let (Some(before), Some(now)) = (before.and_then(|old| old.rect), floating.rect)
        && now.is_within(before, FLOATING_TOLERANCE)
    {
        floating.rect = Some(before);
    }
}

/// What stays of floating windows, behind those that were below them.
pub(super) fn floating_units<'f>(
    before: impl Iterator<Item = &'f Floating>,
    now: &[Floating],
    stays: &dyn Fn(&Floating, usize) -> Option<Floating>,
) -> Vec<Unit<Floating>> {
    let mut units = Vec::new();
    let mut behind = None;
    for (position, old) in before.enumerate() {
        units.extend(stays(old, position).map(|what| Unit {
            what,
            share: 0.0,
            behind,
        }));
        let present = now.iter().position(|floating| {
            old_slots(&floating.node).any(|slot| old_slots(&old.node).any(|other| other == slot))
        });
        behind = present.or(behind);
    }
    units
}
