//! One workspace that is not as the file has it: the tree of the desktop, with the slots
//! that have no window where they were.

use std::collections::{BTreeMap, BTreeSet};

use super::merge::{Merge, tags};
use super::moves::{Address, containers, pairs};
use super::nodes::{
    Unit, floating_units, insert, insert_nodes, is_plain, is_split, keep_rect, of_floating,
    of_node, shares,
};
use super::slot::{Tag, all, old_slots};
use crate::capture::nodes::say_focus;
use crate::compile::focus_order;
use crate::layout::{Container, ContainerLayout, Floating, Node, Place, Workspace};

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
        let here: BTreeSet<usize> = tags(new).filter_map(Tag::old).collect();
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
        let children: Vec<&Node> = new
            .nodes
            .iter()
            .chain(new.floating.iter().map(|floating| &floating.node))
            .collect();
        let order = focus_order(new.focus_order.as_deref(), &children);
        for (position, node) in new.nodes.iter_mut().enumerate() {
            self.node(node, &Address::tiling().child(position));
        }
        for (position, floating) in new.floating.iter_mut().enumerate() {
            self.node(&mut floating.node, &Address::floating().child(position));
        }
        let mut positions: Vec<usize> = (0..new.nodes.len()).collect();
        let mut floating_positions: Vec<usize> = (0..new.floating.len()).collect();
        if let Some(old) = self.old {
            let before = Before {
                nodes: &old.nodes,
                address: &Address::tiling(),
            };
            positions = self.children(&mut new.nodes, before, new.layout);
            let units = floating_units(old.floating.iter(), &new.floating, &|floating, at| {
                self.floating_rest(floating, &Address::floating().child(at))
            });
            floating_positions = insert(&mut new.floating, units);
            for floating in &mut new.floating {
                keep_rect(floating, &old.floating);
            }
        }
        let tiling = new.nodes.len();
        positions.extend(floating_positions.iter().map(|position| tiling + position));
        let floating = new.floating.iter_mut().map(|floating| &mut floating.node);
        let children = new.nodes.iter_mut().chain(floating).collect();
        new.focus_order = refocus(&order, &positions, children);
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
        let Node::Container(new) = node else {
            return;
        };
        let children: Vec<&Node> = new.nodes.iter().collect();
        let order = focus_order(new.focus_order.as_deref(), &children);
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
        new.focus_order = refocus(&order, &positions, new.nodes.iter_mut().collect());
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
        let stays = |tag: Tag| self.merge.stays(tag);
        let shares = shares(before.nodes);
        for (position, (old, share)) in before.nodes.iter().zip(shares).enumerate() {
            let address = before.address.child(position);
            let share = room * share;
            match old {
                Node::Container(container) if self.is_here(old) => {
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
                    .extend(of_node(old, Some(found.layout), &stays).map(|what| Unit {
                        what,
                        share,
                        behind: found.behind,
                    })),
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
        let place = std::mem::take(nodes[0].place_mut());
        *nodes[0].place_mut() = Place {
            percent: None,
            focused: false,
            ..place.clone()
        };
        let before = Before {
            nodes: &old.nodes,
            address,
        };
        let positions = self.children(&mut nodes, before, old.layout);
        if nodes.len() > 1 {
            let focus_order = refocus(&[0], &positions, nodes.iter_mut().collect());
            *node = Node::Container(Container {
                nodes,
                focus_order,
                layout: old.layout,
                place: Place {
                    percent: place.percent,
                    focused: place.focused,
                    ..Place::default()
                },
            });
        } else if let Some(mut only) = nodes.pop() {
            // It may have been wrapped in a container further down.
            let own = only.place_mut();
            (own.percent, own.focused) = (place.percent, place.focused);
            *node = only;
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
        if let (Node::Container(container), true) = (&floating.node, self.is_here(&floating.node)) {
            // Its own containers may have been taken up.
            let taken: BTreeSet<Tag> = containers_below(container, address)
                .into_iter()
                .filter(|(address, _)| self.twins.values().any(|twin| twin == address))
                .flat_map(|(_, node)| all(node).collect::<Vec<_>>())
                .collect();
            return of_floating(floating, &|tag| {
                self.merge.stays(tag) && !taken.contains(&tag)
            });
        }
        of_floating(floating, &|tag| self.merge.stays(tag))
    }
}

/// The node that is all that is open of a split container. i3 keeps no such
/// container, or nobody sees it: it is still there for what is not open.
fn only_child(nodes: &[Node], old: &Node, parent: ContainerLayout) -> Option<usize> {
    let Node::Container(container) = old else {
        return None;
    };
    let own: BTreeSet<Tag> = all(old).collect();
    let mut open = nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| all(node).any(|tag| own.contains(&tag)));
    let (position, node) = open.next()?;
    let is_all = open.next().is_none() && all(node).all(|tag| own.contains(&tag));
    let split = is_split(Some(parent)) && is_split(Some(container.layout));
    (is_all && split && is_plain(&container.place)).then_some(position)
}

fn containers_below<'n>(container: &'n Container, address: &Address) -> Vec<(Address, &'n Node)> {
    let mut found = Vec::new();
    for (position, node) in container.nodes.iter().enumerate() {
        if let Node::Container(inner) = node {
            let address = address.child(position);
            found.extend(containers_below(inner, &address));
            found.push((address, node));
        }
    }
    found
}

/// Says the focus order of children that are at other positions now. Where those that
/// came to them are in it is for nobody to see, so it is as short to say as can be.
fn refocus(
    order: &[usize],
    positions: &[usize],
    mut children: Vec<&mut Node>,
) -> Option<Vec<usize>> {
    let now: Vec<usize> = order
        .iter()
        .filter_map(|&child| positions.get(child).copied())
        .collect();
    let head = now.first().copied();
    let others = (0..children.len()).filter(|&child| Some(child) != head);
    let short: Vec<usize> = head.into_iter().chain(others).collect();
    let is_same = short
        .iter()
        .filter(|child| positions.contains(child))
        .eq(&now);
    let order = if is_same {
        short
    } else {
        let come = (0..children.len()).filter(|child| !positions.contains(child));
        now.iter().copied().chain(come).collect()
    };
    for child in &mut children {
        child.place_mut().focused = false;
    }
    say_focus(&order, children)
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
            node.place_mut().percent = old.place().percent;
        }
    }
}
