//! A workspace that differs from the file: the tree of the desktop, with the slots that have
//! no window at their old places.

use std::collections::{BTreeMap, BTreeSet};

use super::absent;
use super::merge::Merge;
use super::moves::{containers, pairs};
use super::nodes::{Unit, floating_units, insert, insert_nodes, keep_rect, shares};
use super::slot::{Container, Floating, Node, Tag, Workspace, old_slots, share_slots, slots_on};
use crate::layout::focus::order_with_head;
use crate::layout::{Path, nodes_of};
use crate::tree::{Attributes, ContainerLayout, Kind};

/// The tolerance when shares are compared.
const SAME_SHARE: f64 = 1e-9;

/// A list of children in the old file.
#[derive(Clone, Copy)]
struct Before<'a> {
    nodes: &'a [Node],
    list: &'a Path,
}

/// Slots without a window that go back among the children of a container or workspace.
#[derive(Default)]
struct Found {
    /// The arrangement of the children.
    layout: ContainerLayout,
    units: Vec<Unit<Node>>,
    /// The child after which the next slot is inserted.
    behind: Option<usize>,
    /// The children that are the only ones left of a container, with that container.
    wrapped: Vec<(usize, Path)>,
}

/// A workspace that is merged. Paths begin at the workspace.
pub(super) struct Rebuild<'m, 'a> {
    merge: &'m Merge<'a>,
    old: Option<&'m Workspace>,
    /// The slots that were captured on it.
    here: BTreeSet<usize>,
    old_nodes: BTreeMap<Path, &'m Node>,
    /// The container of the old workspace for each container of the new one.
    twins: BTreeMap<Path, Path>,
}

impl<'m, 'a> Rebuild<'m, 'a> {
    /// Prepares a workspace of the desktop, and the one in the file with its name.
    pub(super) fn new(merge: &'m Merge<'a>, new: &Workspace, old: Option<&'m Workspace>) -> Self {
        let here: BTreeSet<usize> = slots_on(new).collect();
        let is_here = |tag: Tag| tag.old().is_some_and(|slot| here.contains(&slot));
        let root = Path::default();
        let old_nodes = old.map_or_else(Vec::new, |old| nodes_of(&old.content, &root));
        let twins = pairs(
            &containers(&old_nodes, &is_here),
            &containers(&nodes_of(&new.content, &root), &|_| true),
        );
        Self {
            merge,
            old,
            here,
            old_nodes: old_nodes.into_iter().collect(),
            twins,
        }
    }

    pub(super) fn workspace(&self, mut new: Workspace) -> Workspace {
        let content = &mut new.content;
        let root = Path::default();
        let (tiling_list, floating_list) = (root.key("nodes"), root.key("floating"));
        for (position, node) in content.nodes.iter_mut().enumerate() {
            self.node(node, &tiling_list.index(position));
        }
        for (position, floating) in content.floating.iter_mut().enumerate() {
            self.node(&mut floating.node, &floating_list.index(position));
        }
        let mut positions: Vec<usize> = (0..content.nodes.len()).collect();
        let mut floating_positions: Vec<usize> = (0..content.floating.len()).collect();
        if let Some(old) = self.old {
            let old = &old.content;
            let before = Before {
                nodes: &old.nodes,
                list: &tiling_list,
            };
            positions = self.children(&mut content.nodes, before, content.layout);
            let units = floating_units(old.floating.iter(), &content.floating, &|floating, at| {
                self.floating_rest(floating, &floating_list.index(at))
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
        if let Some(old) = self.old
            && self.merge.absent.has(&old.name)
        {
            let (from, to) = (&self.merge.new.monitors, &self.merge.old.monitors);
            let monitors = (absent::rect_of(&new, from), absent::rect_of(old, to));
            absent::keep_rects(&mut new.content.floating, &old.content.floating, monitors);
        }
        new.visible = self.merge.is_visible(self.old, new.visible);
        if let Some(old) = self.old {
            new.name.clone_from(&old.name);
            let planned = self.merge.input.plan.workspace(&old.name);
            let wish = planned.and_then(|planned| planned.output.as_ref());
            let is_missing = self.merge.absent.has(&old.name);
            if is_missing || wish.is_none_or(|wish| new.output == [wish.clone()]) {
                new.output.clone_from(&old.output);
            }
        }
        new
    }

    fn node(&self, node: &mut Node, path: &Path) {
        let Kind::Container(new) = &mut node.kind else {
            return;
        };
        let list = path.key("nodes");
        for (position, child) in new.nodes.iter_mut().enumerate() {
            self.node(child, &list.index(position));
        }
        let twin = self.twins.get(path);
        let old = twin.and_then(|twin| Some((twin.key("nodes"), self.old_container(twin)?)));
        let positions = match old {
            Some((list, Container { nodes, .. })) => {
                let before = Before { nodes, list: &list };
                self.children(&mut new.nodes, before, new.layout)
            }
            None => (0..new.nodes.len()).collect(),
        };
        new.focus = refocus(&new.focus, &positions, new.nodes.len());
    }

    fn old_container(&self, path: &Path) -> Option<&Container> {
        self.old_nodes.get(path)?.as_container()
    }

    /// True if the children of this old container are merged with those of a new one.
    fn is_twin(&self, path: &Path) -> bool {
        self.twins.values().any(|twin| twin == path)
    }

    /// Puts the slots without a window back among the children of their old container.
    /// Returns the new positions of the children.
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
        for (position, path) in found.wrapped {
            self.wrap(&mut nodes[position], &path);
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
            let path = before.list.index(position);
            let share = room * share;
            match old.as_container() {
                Some(container) if self.is_here(old) => {
                    if self.is_twin(&path) {
                        // Its own children are merged with its twin's.
                    } else if let Some(only) = only_child(nodes, old, found.layout) {
                        found.wrapped.push((only, path));
                    } else {
                        let before = Before {
                            nodes: &container.nodes,
                            list: &path.key("nodes"),
                        };
                        self.collect(nodes, before, share, found);
                    }
                }
                _ => found
                    .units
                    .extend(
                        old.clone()
                            .retain(Some(found.layout), &stays)
                            .map(|node| Unit {
                                node,
                                share,
                                behind: found.behind,
                            }),
                    ),
            }
            let now = nodes.iter().position(|node| share_slots(node, old));
            found.behind = now.or(found.behind);
        }
    }

    fn wrap(&self, node: &mut Node, path: &Path) {
        let Some(old) = self.old_container(path) else {
            return;
        };
        let mut nodes = vec![node.clone()];
        let share = std::mem::take(&mut nodes[0].share);
        let before = Before {
            nodes: &old.nodes,
            list: &path.key("nodes"),
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

    /// The part of a floating node that stays: the slots without a window that no new
    /// container has taken over.
    fn floating_rest(&self, floating: &Floating, path: &Path) -> Option<Floating> {
        if self.is_twin(path) {
            return None;
        }
        let inside = self.old_nodes.iter();
        let taken: BTreeSet<&Tag> = inside
            .filter(|(inner, _)| path.holds(inner) && self.is_twin(inner))
            .flat_map(|(_, node)| node.leaves())
            .collect();
        let stays = |tag: &Tag| self.merge.stays(*tag) && !taken.contains(tag);
        floating.clone().retain(&stays)
    }
}

/// The only open node of an old split container. i3 dissolves such a container, or it is
/// invisible, but the file keeps it for the slots without a window.
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

/// The focus order of children with new positions. The place of added children in it is
/// invisible, so the order with the shortest notation is used.
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

/// Keeps the percents of the file if they give the same shares.
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
