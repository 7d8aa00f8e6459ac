//! Nodes put into a tree, with the shares of their siblings.

use super::slot::{Tag, old_slots, same_windows};
use crate::layout::{Floating, Node, Percent};
use crate::tree::{ContainerLayout, shares};

/// Slots without a window do not keep more than this of the room of their siblings, but
/// an even share.
const MOST: f64 = 0.9;

/// A floating window that moved by less has not moved, in pixels.
const FLOATING_TOLERANCE: u32 = 1;

/// Writes shares (0 to 1) as percents.
fn set_shares(nodes: &mut [Node<Tag>], shares: &[f64]) {
    let alone = nodes.len() == 1;
    for (node, share) in nodes.iter_mut().zip(shares) {
        node.share = if alone {
            Percent::default()
        } else {
            Percent::rounded(*share)
        };
    }
}

/// The shares of siblings (0 to 1), spelled out or not.
pub(super) fn shares(nodes: &[Node<Tag>]) -> Vec<f64> {
    let percents: Vec<Option<f64>> = nodes.iter().map(|node| node.share.0).collect();
    shares::resolve(&percents)
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
    nodes: &mut Vec<Node<Tag>>,
    mut units: Vec<Unit<Node<Tag>>>,
    layout: ContainerLayout,
) -> Vec<usize> {
    units.sort_by_key(|unit| unit.behind);
    if units.is_empty() {
        return (0..nodes.len()).collect();
    }
    let all = || nodes.iter().chain(units.iter().map(|unit| &unit.what));
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
    set_shares(nodes, &shares);
    positions
}

/// The place of the file, where the window is still there.
pub(super) fn keep_rect(floating: &mut Floating<Tag>, old: &[Floating<Tag>]) {
    let before = old.iter().find(|old| same_windows(old, floating));
    if let (Some(before), Some(now)) = (before.and_then(|old| old.rect), floating.rect)
        && now.is_within(before, FLOATING_TOLERANCE)
    {
        floating.rect = Some(before);
    }
}

/// What stays of a floating node that was at this position.
pub(super) type Rest<'a> = dyn Fn(&Floating<Tag>, usize) -> Option<Floating<Tag>> + 'a;

/// What stays of floating windows, behind those that were below them.
pub(super) fn floating_units<'f>(
    before: impl Iterator<Item = &'f Floating<Tag>>,
    now: &[Floating<Tag>],
    stays: &Rest<'_>,
) -> Vec<Unit<Floating<Tag>>> {
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
