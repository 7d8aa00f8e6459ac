//! Which entry of the old layout is which of the new one.
//!
//! Workspaces and monitors are known by their names and windows by their tags. A
//! container is the one with which it shares most windows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::slot::Tag;
use crate::layout::{self, Path};
use crate::tree::Kind;

type Container = layout::Container<Tag>;
type Layout = layout::Layout<Tag>;
type Node = layout::Node<Tag>;
type Workspace = layout::Workspace<Tag>;

/// Where a node is in its workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Address(Vec<usize>);

impl Address {
    /// The parent of the tiling nodes.
    pub(super) fn tiling() -> Self {
        Self(vec![0])
    }

    /// The parent of what floats.
    pub(super) fn floating() -> Self {
        Self(vec![1])
    }

    pub(super) fn child(&self, position: usize) -> Self {
        let mut steps = self.0.clone();
        steps.push(position);
        Self(steps)
    }

    /// The container that is there.
    pub(super) fn container<'w>(&self, workspace: &'w Workspace) -> Option<&'w Container> {
        let (&first, rest) = self.0.get(1..)?.split_first()?;
        let node = match self.0.first() {
            Some(0) => workspace.content.nodes.get(first)?,
            _ => &workspace.content.floating.get(first)?.node,
        };
        rest.iter()
            .try_fold(node.as_container()?, |parent, &position| {
                parent.nodes.get(position)?.as_container()
            })
    }
}

/// The windows in each container.
pub(super) type Contents<K> = Vec<(K, BTreeSet<Tag>)>;

/// The containers of a workspace with those of their windows that count.
pub(super) fn containers(workspace: &Workspace, counts: &dyn Fn(Tag) -> bool) -> Contents<Address> {
    fn visit(
        node: &Node,
        address: &Address,
        counts: &dyn Fn(Tag) -> bool,
        found: &mut Contents<Address>,
    ) {
        if let Some(container) = node.as_container() {
            let windows = node.leaves().copied();
            found.push((
                address.clone(),
                windows.filter(|&tag| counts(tag)).collect(),
            ));
            for (position, node) in container.nodes.iter().enumerate() {
                visit(node, &address.child(position), counts, found);
            }
        }
    }
    let mut found = Vec::new();
    for (position, node) in workspace.content.nodes.iter().enumerate() {
        visit(node, &Address::tiling().child(position), counts, &mut found);
    }
    for (position, floating) in workspace.content.floating.iter().enumerate() {
        let address = Address::floating().child(position);
        visit(&floating.node, &address, counts, &mut found);
    }
    found
}

/// For containers of the new tree, those of the old one that they are: those that share
/// the largest part of their windows first.
pub(super) fn pairs<K: Clone + Ord>(old: &Contents<K>, new: &Contents<K>) -> BTreeMap<K, K> {
    /// Parts are compared in thousandths.
    const WHOLE: usize = 1000;
    let mut candidates: Vec<(usize, usize, usize)> = Vec::new();
    for (one, (_, before)) in old.iter().enumerate() {
        for (other, (_, now)) in new.iter().enumerate() {
            let shared = before.intersection(now).count();
            if shared > 0 {
                let part = shared * WHOLE / before.union(now).count();
                candidates.push((part, one, other));
            }
        }
    }
    candidates.sort_by_key(|&(part, one, other)| (Reverse(part), one, other));
    let mut taken = BTreeSet::new();
    let mut pairs: BTreeMap<K, K> = BTreeMap::new();
    for (_, one, other) in candidates {
        let (before, now) = (&old[one].0, &new[other].0);
        if !taken.contains(&one) && !pairs.contains_key(now) {
            taken.insert(one);
            pairs.insert(now.clone(), before.clone());
        }
    }
    pairs
}

/// Everything in a layout that comments can stand at and that can move.
#[derive(Default)]
struct Entries {
    workspaces: BTreeMap<String, Path>,
    monitors: BTreeMap<String, Path>,
    windows: BTreeMap<Tag, Path>,
    containers: Contents<Path>,
}

impl Entries {
    fn of(layout: &Layout) -> Self {
        let mut entries = Self::default();
        let root = Path::default();
        for (position, monitor) in layout.monitors.iter().enumerate() {
            let path = root.key("monitors").index(position);
            entries.monitors.insert(monitor.output.clone(), path);
        }
        for (position, workspace) in layout.workspaces.iter().enumerate() {
            let path = root.key("workspaces").index(position);
            entries.nodes(workspace.content.nodes.iter(), &path.key("nodes"));
            let floating = workspace
                .content
                .floating
                .iter()
                .map(|floating| &floating.node);
            entries.nodes(floating, &path.key("floating"));
            let name = workspace.name.to_ascii_lowercase();
            entries.workspaces.insert(name, path);
        }
        let hidden = layout.scratchpad.iter().map(|floating| &floating.node);
        entries.nodes(hidden, &root.key("scratchpad"));
        entries
    }

    fn nodes<'n>(&mut self, nodes: impl Iterator<Item = &'n Node>, list: &Path) {
        for (position, node) in nodes.enumerate() {
            self.node(node, list.index(position));
        }
    }

    fn node(&mut self, node: &Node, path: Path) {
        match &node.kind {
            Kind::Leaf(tag) => {
                self.windows.insert(*tag, path);
            }
            Kind::Container(container) => {
                let list = path.key("nodes");
                self.containers
                    .push((path, node.leaves().copied().collect()));
                for (position, node) in container.nodes.iter().enumerate() {
                    self.node(node, list.index(position));
                }
            }
        }
    }
}

/// Where each entry of the old layout is in the new one. A container that is gone
/// leaves its comments to the first of its windows that is still there.
pub(super) fn moves(old: &Layout, new: &Layout) -> BTreeMap<Path, Path> {
    let (old, new) = (Entries::of(old), Entries::of(new));
    let mut moves = BTreeMap::from([(Path::default(), Path::default())]);
    moves.extend(same(&old.workspaces, &new.workspaces));
    moves.extend(same(&old.monitors, &new.monitors));
    moves.extend(same(&old.windows, &new.windows));
    for (container, tags) in &old.containers {
        let mut left = tags.iter().filter_map(|tag| new.windows.get(tag));
        if let Some(first) = left.next() {
            moves.insert(container.clone(), first.clone());
        }
    }
    for (now, before) in pairs(&old.containers, &new.containers) {
        moves.insert(before, now);
    }
    moves
}

fn same<'e, K: Ord>(
    old: &'e BTreeMap<K, Path>,
    new: &'e BTreeMap<K, Path>,
) -> impl Iterator<Item = (Path, Path)> + 'e {
    old.iter()
        .filter_map(|(key, path)| Some((path.clone(), new.get(key)?.clone())))
}
