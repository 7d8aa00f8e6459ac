//! Inserting nodes into a tree, and the shares of their siblings.

use super::slot::{Floating, Node, same_windows, share_slots};
use crate::layout::Percent;
use crate::tree::{ContainerLayout, shares};

/// The largest share that slots without a window keep among their siblings. If they had more, each
/// gets an even share.
const MOST: f64 = 0.9;

/// The tolerance for the place of a floating window, in pixels.
const FLOATING_TOLERANCE: u32 = 1;

/// The shares of siblings (0 to 1), including those that the file leaves out.
pub(super) fn shares(nodes: &[Node]) -> Vec<f64> {
    let percents: Vec<Option<f64>> = nodes.iter().map(|node| node.share.0).collect();
    shares::resolve(&percents)
}

/// A node that is inserted among siblings.
#[derive(Clone, Debug)]
pub(super) struct Unit<T> {
    /// The node.
    pub node: T,
    /// Its share of its old parent.
    pub share: f64,
    /// The sibling after which it is inserted; `None` for the first place.
    pub behind: Option<usize>,
}

/// Inserts units among siblings. Returns the new positions of the siblings.
pub(super) fn insert<T>(list: &mut Vec<T>, mut units: Vec<Unit<T>>) -> Vec<usize> {
    units.sort_by_key(|unit| unit.behind);
    let mut units = units.into_iter().peekable();
    let mut merged = Vec::with_capacity(list.len());
    let mut positions = Vec::with_capacity(list.len());
    while let Some(first) = units.next_if(|unit| unit.behind.is_none()) {
        merged.push(first.node);
    }
    for (position, sibling) in std::mem::take(list).into_iter().enumerate() {
        positions.push(merged.len());
        merged.push(sibling);
        while let Some(unit) = units.next_if(|unit| unit.behind <= Some(position)) {
            merged.push(unit.node);
        }
    }
    merged.extend(units.map(|unit| unit.node));
    *list = merged;
    positions
}

/// As [`insert`], for nodes in a container with this layout. They keep their shares, and the
/// siblings share the rest in proportion.
pub(super) fn insert_nodes(
    nodes: &mut Vec<Node>,
    mut units: Vec<Unit<Node>>,
    layout: ContainerLayout,
) -> Vec<usize> {
    units.sort_by_key(|unit| unit.behind);
    if units.is_empty() {
        return (0..nodes.len()).collect();
    }
    let all = || nodes.iter().chain(units.iter().map(|unit| &unit.node));
    let is_even = all().all(|node| node.share.0.is_none());
    let is_even = is_even || !layout.is_split();
    let siblings = shares(nodes);
    let mut own: Vec<f64> = units.iter().map(|unit| unit.share).collect();
    if own.iter().sum::<f64>() > MOST {
        own = vec![shares::even(nodes.len() + own.len()); own.len()];
    }
    let wanted: f64 = own.iter().sum();
    let positions = insert(nodes, units);
    if is_even {
        for node in nodes.iter_mut() {
            node.share = Percent::default();
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
    let siblings = nodes.iter_mut().map(|node| &mut node.share);
    Percent::set_shares(siblings.collect(), &shares);
    positions
}

/// Keeps the place in the file if the window has not moved.
pub(super) fn keep_rect(floating: &mut Floating, old: &[Floating]) {
    let before = old.iter().find(|old| same_windows(old, floating));
    if let (Some(before), Some(now)) = (before.and_then(|old| old.rect), floating.rect)
        && now.is_within(before, FLOATING_TOLERANCE)
    {
        floating.rect = Some(before);
    }
}

/// The part that stays of a floating node, by its old position.
pub(super) type Rest<'a> = dyn Fn(&Floating, usize) -> Option<Floating> + 'a;

/// The parts that stay of floating nodes, to be inserted after those that were below them.
pub(super) fn floating_units<'f>(
    before: impl Iterator<Item = &'f Floating>,
    now: &[Floating],
    stays: &Rest<'_>,
) -> Vec<Unit<Floating>> {
    let mut units = Vec::new();
    let mut behind = None;
    for (position, old) in before.enumerate() {
        units.extend(stays(old, position).map(|node| Unit {
            node,
            share: 0.0,
            behind,
        }));
        let mut nodes = now.iter().map(|floating| &floating.node);
        let present = nodes.position(|node| share_slots(node, &old.node));
        behind = present.or(behind);
    }
    units
}
