//! The new place of each list entry after an update.
//!
//! Workspaces and monitors are identified by their names, and windows by their tags. A
//! container is the one with which it shares the most windows.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::slot::{Layout, Node, Tag};
use crate::layout::Path;

/// Containers with their windows.
type Containers = Vec<(Path, BTreeSet<Tag>)>;

/// The containers among `nodes`, with those of their windows for which `counts` is true.
pub(super) fn containers<'n>(
    nodes: impl IntoIterator<Item = &'n (Path, &'n Node)>,
    counts: &dyn Fn(Tag) -> bool,
) -> Containers {
    let nodes = nodes.into_iter();
    let containers = nodes.filter(|(_, node)| node.as_container().is_some());
    containers
        .map(|(path, node)| {
            let windows = node.leaves().copied();
            (path.clone(), windows.filter(|tag| counts(*tag)).collect())
        })
        .collect()
}

/// For containers of the new tree, the same containers in the old tree. Those that share the
/// largest part of their windows come first.
pub(super) fn pairs(old: &Containers, new: &Containers) -> BTreeMap<Path, Path> {
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
    let mut pairs: BTreeMap<Path, Path> = BTreeMap::new();
    for (_, one, other) in candidates {
        let (before, now) = (&old[one].0, &new[other].0);
        if !taken.contains(&one) && !pairs.contains_key(now) {
            taken.insert(one);
            pairs.insert(now.clone(), before.clone());
        }
    }
    pairs
}

/// A list entry with its own identity.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Entry {
    Workspace(String),
    Monitor(String),
    Window(Tag),
}

fn entries(layout: &Layout, nodes: &[(Path, &Node)]) -> BTreeMap<Entry, Path> {
    let root = Path::default();
    let mut entries = BTreeMap::new();
    for (position, monitor) in layout.monitors.iter().enumerate() {
        let path = root.key("monitors").index(position);
        entries.insert(Entry::Monitor(monitor.output.clone()), path);
    }
    for (position, workspace) in layout.workspaces.iter().enumerate() {
        let name = workspace.name.to_ascii_lowercase();
        let path = root.key("workspaces").index(position);
        entries.insert(Entry::Workspace(name), path);
    }
    for (path, node) in nodes {
        if let Some(tag) = node.as_leaf() {
            entries.insert(Entry::Window(*tag), path.clone());
        }
    }
    entries
}

/// The place in the new layout of each entry of the old one. A container that no longer
/// exists leaves its comments to the first of its windows that does.
pub(super) fn moves(old: &Layout, new: &Layout) -> BTreeMap<Path, Path> {
    let (old_nodes, new_nodes) = (old.nodes(), new.nodes());
    let present = entries(new, &new_nodes);
    let mut moves = BTreeMap::from([(Path::default(), Path::default())]);
    for (entry, path) in entries(old, &old_nodes) {
        moves.extend(present.get(&entry).map(|to| (path, to.clone())));
    }
    let before = containers(&old_nodes, &|_| true);
    for (container, tags) in &before {
        let mut left = tags
            .iter()
            .filter_map(|tag| present.get(&Entry::Window(*tag)));
        moves.extend(left.next().map(|first| (container.clone(), first.clone())));
    }
    for (now, before) in pairs(&before, &containers(&new_nodes, &|_| true)) {
        moves.insert(before, now);
    }
    moves
}
