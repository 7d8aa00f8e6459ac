//! One workspace that is not as the file has it: the tree of the desktop, with the slots
//! that have no window where they were.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::Merge;
use super::moves::{Address, containers, pairs};
use super::nodes::{Unit, floating_units, insert, insert_nodes, keep_rect, shares};
use super::slot::{Tag, old_slots, slots_on};
use crate::layout;
use crate::layout::focus::order_with_head;
use crate::tree::{Attributes, ContainerLayout, Kind};

type Container = layout::Container<Tag>;
type Floating = layout::Floating<Tag>;
type Node = layout::Node<Tag>;
type Workspace = layout::Workspace<Tag>;

/// Shares that differ by less are the same.
const SAME_SHARE: f64 = 1e-9;

/// What the children of a place in the old file were.
#[derive(Clone, Copy)]
struct Before<'a> {
    nodes: &'a [Node],
    address: &'a Address,
}

/// What goes back among the children of a place.
#[derive(Default)]
struct Found {
    /// The layout of the place.
    layout: ContainerLayout,
    units: Vec<Unit<Node>>,
    /// The child behind which the next one goes.
    behind: Option<usize>,
    /// The children that were alone in a container, and which.
    wrapped: Vec<(usize, Address)>,
}

/// A workspace that is put together.
pub(super) struct Rebuild<'m, 'a> {
    merge: &'m Merge<'a>,
    old: Option<&'m Workspace>,
    /// The slots that were captured on it.
    here: BTreeSet<usize>,
    /// The container of the old workspace for each of the new one.
    twins: BTreeMap<Address, Address>,
}

impl<'m, 'a> Rebuild<'m, 'a> {
    /// Of a workspace of the desktop, and the one of the file with its name.
    pub(super) fn new(merge: &'m Merge<'a>, new: &Workspace, old: Option<&'m Workspace>) -> Self {
        let here: BTreeSet<usize> = slots_on(new).collect();
        let is_here = |tag: Tag| tag.old().is_some_and(|slot| here.contains(&slot));
        let twins = old.map_or_else(BTreeMap::new, |old| {
            pairs(&containers(old, &is_here), &containers(new, &|_| true))
        });
        Self {
            merge,
            old,
            here,
            twins,
        }
    }

    pub(super) fn workspace(&self, mut new: Workspace) -> Workspace {
        let content = &mut new.content;
        for (position, node) in content.nodes.iter_mut().enumerate() {
            self.node(node, &Address::tiling().child(position));
        }
        for (position, floating) in content.floating.iter_mut().enumerate() {
            self.node(&mut floating.node, &Address::floating().child(position));
        }
        let mut positions: Vec<usize> = (0..content.nodes.len()).collect();
        let mut floating_positions: Vec<usize> = (0..content.floating.len()).collect();
        if let Some(old) = self.old {
            let old = &old.content;
            let before = Before {
                nodes: &old.nodes,
                address: &Address::tiling(),
            };
            positions = self.children(&mut content.nodes, before, content.layout);
            let units = floating_units(old.floating.iter(), &content.floating, &|floating, at| {
                self.floating_rest(floating, &Address::floating().child(at))
            });
            floating_positions = insert(&mut content.floating, units);
            for floating in &mut content.floating {
                keep_rect(floating, &old.floating);
            }
        }
        let tiling = content.nodes.len();
        positions.extend(floating_positions.iter().map(|position| tiling + position));
        let count = tiling + content.floating.len();
        content.focus = refocus(&content.focus, &positions, count);
        new.visible = self
            .merge
            .is_visible(self.old.is_some_and(|old| old.visible), new.visible);
        if let Some(old) = self.old {
            new.name.clone_from(&old.name);
            let planned = self.merge.input.plan.workspace(&old.name);
            let wish = planned.and_then(|planned| planned.output.as_ref());
            if wish.is_none_or(|wish| new.output == [wish.clone()]) {
                new.output.clone_from(&old.output);
            }
        }
        new
    }

    fn node(&self, node: &mut Node, address: &Address) {
        let Kind::Container(new) = &mut node.kind else {
            return;
        };
        for (position, child) in new.nodes.iter_mut().enumerate() {
            self.node(child, &address.child(position));
        }
        let twin = self.twins.get(address);
        let old = twin.and_then(|twin| Some((twin, twin.container(self.old?)?)));
        let positions = match old {
            Some((address, Container { nodes, .. })) => {
                self.children(&mut new.nodes, Before { nodes, address }, new.layout)
            }
            None => (0..new.nodes.len()).collect(),
        };
        new.focus = refocus(&new.focus, &positions, new.nodes.len());
    }

    /// Puts the slots without a window back among the children of the container that
    /// they were in. The result is where the children are now.
    fn children(
        &self,
        nodes: &mut Vec<Node>,
        before: Before<'_>,
        layout: ContainerLayout,
    ) -> Vec<usize> {
        let mut found = Found {
            layout,
            ..Found::default()
        };
        self.collect(nodes, before, 1.0, &mut found);
        for (position, address) in found.wrapped {
            self.wrap(&mut nodes[position], &address);
        }
        if found.units.is_empty() {
            keep_percents(nodes, before.nodes);
        }
        insert_nodes(nodes, found.units, layout)
    }

    fn collect(&self, nodes: &[Node], before: Before<'_>, room: f64, found: &mut Found) {
        let stays = |tag: &Tag| self.merge.stays(*tag);
        let shares = shares(before.nodes);
        for (position, (old, share)) in before.nodes.iter().zip(shares).enumerate() {
            let address = before.address.child(position);
            let share = room * share;
            match old.as_container() {
                Some(container) if self.is_here(old) => {
                    if self.twins.values().any(|twin| *twin == address) {
                        // Its own children are put together with its twin's.
                    } else if let Some(only) = only_child(nodes, old, found.layout) {
                        found.wrapped.push((only, address));
                    } else {
                        let before = Before {
                            nodes: &container.nodes,
                            address: &address,
                        };
                        self.collect(nodes, before, share, found);
                    }
                }
                _ => found
                    .units
                    .extend(
                        old.clone()
                            .retain(Some(found.layout), &stays)
                            .map(|what| Unit {
                                what,
                                share,
                                behind: found.behind,
                            }),
                    ),
            }
            let now = nodes.iter().position(|node| {
                old_slots(node).any(|slot| old_slots(old).any(|other| other == slot))
            });
            found.behind = now.or(found.behind);
        }
    }

    fn wrap(&self, node: &mut Node, address: &Address) {
        let Some(old) = self.old.and_then(|old| address.container(old)) else {
            return;
        };
        let mut nodes = vec![node.clone()];
        let share = std::mem::take(&mut nodes[0].share);
        let before = Before {
            nodes: &old.nodes,
            address,
        };
        let positions = self.children(&mut nodes, before, old.layout);
        if nodes.len() > 1 {
            let container = Container {
                layout: old.layout,
                focus: refocus(&[0], &positions, nodes.len()),
                nodes,
            };
            *node = Node::container(share, container);
        } else if let Some(only) = nodes.pop() {
            // It may have been wrapped in a container further down.
            *node = Node { share, ..only };
        }
    }

    fn is_here(&self, node: &Node) -> bool {
        old_slots(node).any(|slot| self.here.contains(&slot))
    }

    /// What stays of something that floated: all of it, or what is not taken up by the
    /// container that took its place.
    fn floating_rest(&self, floating: &Floating, address: &Address) -> Option<Floating> {
        if self.twins.values().any(|twin| twin == address) {
            return None;
        }
        let taken: BTreeSet<Tag> = match floating.node.as_container() {
            // Its own containers may have been taken up.
            Some(container) if self.is_here(&floating.node) => containers_below(container, address)
                .into_iter()
                .filter(|(address, _)| self.twins.values().any(|twin| twin == address))
                .flat_map(|(_, node)| node.leaves().copied())
                .collect(),
            _ => BTreeSet::new(),
        };
        let stays = |tag: &Tag| self.merge.stays(*tag) && !taken.contains(tag);
        floating.clone().retain(&stays)
    }
}

/// The node that is all that is open of a split container. i3 keeps no such
/// container, or nobody sees it: it is still there for what is not open.
fn only_child(nodes: &[Node], old: &Node, parent: ContainerLayout) -> Option<usize> {
    let container = old.as_container()?;
    let own: BTreeSet<&Tag> = old.leaves().collect();
    let mut open = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| node.leaves().any(|tag| own.contains(tag)));
    let (position, node) = open.next()?;
    let is_all = open.next().is_none() && node.leaves().all(|tag| own.contains(tag));
    let split = parent.is_split() && container.layout.is_split();
    (is_all && split && old.attributes == Attributes::default()).then_some(position)
}

fn containers_below<'n>(container: &'n Container, address: &Address) -> Vec<(Address, &'n Node)> {
    let mut found = Vec::new();
    for (position, node) in container.nodes.iter().enumerate() {
        if let Some(inner) = node.as_container() {
            let address = address.child(position);
            found.extend(containers_below(inner, &address));
            found.push((address, node));
        }
    }
    found
}

/// The focus order of children that are at other positions now. Nobody can see where
/// those that were added are in it, so it is as short to write as possible.
fn refocus(order: &[usize], positions: &[usize], count: usize) -> Vec<usize> {
    let now: Vec<usize> = order
        .iter()
        .filter_map(|&child| positions.get(child).copied())
        .collect();
    let Some(&head) = now.first() else {
        return (0..count).collect();
    };
    let short = order_with_head(head, count);
    let known = short.iter().filter(|child| positions.contains(child));
    if known.eq(&now) {
        return short;
    }
    let added = (0..count).filter(|child| !positions.contains(child));
    now.iter().copied().chain(added).collect()
}

/// The percents of the file, where they say the same in other words.
fn keep_percents(nodes: &mut [Node], old: &[Node]) {
    let (before, now) = (shares(old), shares(nodes));
    let same = before.len() == now.len()
        && before
            .iter()
            .zip(&now)
            .all(|(before, now)| (before - now).abs() < SAME_SHARE);
    if same {
        for (node, old) in nodes.iter_mut().zip(old) {
            node.share = old.share;
        }
    }
}
