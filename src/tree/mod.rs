//! The tree of containers and windows of layouts, plans and differences.
//!
//! A tree is generic over its leaves (a window of a layout file, a slot of a plan, a container
//! of the desktop) and over the shares of siblings in the space of their parent. Its operations
//! are traversal, mapping, dropping leaves, simplifying containers, focus orders and shares.

mod attributes;
mod focus;
mod gaps;
mod retain;
pub mod shares;
#[cfg(test)]
mod tests;

pub use attributes::{Attribute, Attributes, Border, ContainerLayout, Fullscreen};
pub use focus::{order_of_ids, remapped};
pub use gaps::{GapSizes, Gaps};
pub use shares::Share;

use serde::{Deserialize, Serialize};

use crate::geometry::Rect;

/// A leaf or a container, with its share of the parent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Node<L, S> {
    /// The share of the parent's space.
    pub share: S,
    /// The attributes that commands set on it.
    pub attributes: Attributes,
    /// The leaf or the children.
    pub kind: Kind<L, S>,
}

/// The two kinds of nodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Kind<L, S> {
    /// A window.
    Leaf(L),
    /// Several nodes.
    Container(Container<L, S>),
}

/// The children of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Container<L, S> {
    /// The arrangement of the children.
    pub layout: ContainerLayout,
    /// The children, left to right or top to bottom.
    pub nodes: Vec<Node<L, S>>,
    /// The focus order: positions in `nodes`, most recently focused first.
    pub focus: Vec<usize>,
}

/// A floating window or container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Floating<L, S> {
    /// The node inside the floating frame.
    pub node: Node<L, S>,
    /// The frame's rect in pixels, with borders and title bar, relative to the screen or to an
    /// output, depending on the tree. `None`: i3 centers it at the program's own size.
    pub rect: Option<Rect>,
    /// True for a visible scratchpad window.
    pub scratchpad: bool,
}

/// The children of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content<L, S> {
    /// The arrangement of the tiling children.
    pub layout: ContainerLayout,
    /// Tiling children, left to right or top to bottom.
    pub nodes: Vec<Node<L, S>>,
    /// Floating children, bottom to top.
    pub floating: Vec<Floating<L, S>>,
    /// The focus order of all children, tiling before floating; see [`Container::focus`].
    pub focus: Vec<usize>,
}

impl<L: Default, S: Default> Default for Node<L, S> {
    fn default() -> Self {
        Self::leaf(S::default(), L::default())
    }
}

impl<L, S> Default for Container<L, S> {
    fn default() -> Self {
        Self::new(ContainerLayout::default(), Vec::new())
    }
}

impl<L, S> Default for Content<L, S> {
    fn default() -> Self {
        Self {
            layout: ContainerLayout::default(),
            nodes: Vec::new(),
            floating: Vec::new(),
            focus: Vec::new(),
        }
    }
}

impl<L, S> Container<L, S> {
    /// A container with the focus order of its children in the tree.
    pub fn new(layout: ContainerLayout, nodes: Vec<Node<L, S>>) -> Self {
        Self {
            layout,
            focus: (0..nodes.len()).collect(),
            nodes,
        }
    }
}

impl<L, S> Node<L, S> {
    /// A leaf without attributes.
    pub fn leaf(share: S, leaf: L) -> Self {
        Self {
            share,
            attributes: Attributes::default(),
            kind: Kind::Leaf(leaf),
        }
    }

    /// A container without attributes.
    pub fn container(share: S, container: Container<L, S>) -> Self {
        Self {
            share,
            attributes: Attributes::default(),
            kind: Kind::Container(container),
        }
    }

    /// The leaf, unless it is a container.
    pub const fn as_leaf(&self) -> Option<&L> {
        match &self.kind {
            Kind::Leaf(leaf) => Some(leaf),
            Kind::Container(_) => None,
        }
    }

    /// The container, unless it is a leaf.
    pub const fn as_container(&self) -> Option<&Container<L, S>> {
        match &self.kind {
            Kind::Leaf(_) => None,
            Kind::Container(container) => Some(container),
        }
    }

    /// The children; none of a leaf.
    pub fn nodes(&self) -> &[Self] {
        self.as_container()
            .map_or(&[], |container| container.nodes.as_slice())
    }

    /// The node itself and all nodes below it, depth first.
    pub fn descendants(&self) -> impl Iterator<Item = &Self> {
        let mut stack = vec![self];
        std::iter::from_fn(move || {
            let node = stack.pop()?;
            stack.extend(node.nodes().iter().rev());
            Some(node)
        })
    }

    /// The leaves, depth first.
    pub fn leaves(&self) -> impl Iterator<Item = &L> {
        self.descendants().filter_map(Self::as_leaf)
    }

    /// Visits the node itself and all nodes below it, depth first.
    pub fn for_each_mut(&mut self, visit: &mut dyn FnMut(&mut Self)) {
        visit(self);
        if let Kind::Container(container) = &mut self.kind {
            for node in &mut container.nodes {
                node.for_each_mut(visit);
            }
        }
    }

    /// The same tree with the share `share`, and other shares below it; see [`with_shares`].
    pub fn with_shares<T>(self, share: T, shares: &dyn Fn(&[&S]) -> Vec<T>) -> Node<L, T> {
        let kind = match self.kind {
            Kind::Leaf(leaf) => Kind::Leaf(leaf),
            Kind::Container(container) => Kind::Container(Container {
                layout: container.layout,
                nodes: with_shares(container.nodes, shares),
                focus: container.focus,
            }),
        };
        Node {
            share,
            attributes: self.attributes,
            kind,
        }
    }

    /// The same tree with other leaves. The function may change the leaf's attributes.
    pub fn map<M>(self, leaf: &mut dyn FnMut(L, &mut Attributes) -> M) -> Node<M, S> {
        let mut attributes = self.attributes;
        let kind = match self.kind {
            Kind::Leaf(old) => Kind::Leaf(leaf(old, &mut attributes)),
            Kind::Container(container) => Kind::Container(Container {
                layout: container.layout,
                nodes: map_all(container.nodes, leaf),
                focus: container.focus,
            }),
        };
        Node {
            share: self.share,
            attributes,
            kind,
        }
    }
}

/// The same siblings and nodes below them with shares of another kind. The function returns
/// one share for each of the siblings that it is given.
pub fn with_shares<L, S, T>(
    nodes: Vec<Node<L, S>>,
    shares: &dyn Fn(&[&S]) -> Vec<T>,
) -> Vec<Node<L, T>> {
    let new = shares(&nodes.iter().map(|node| &node.share).collect::<Vec<_>>());
    let pairs = nodes.into_iter().zip(new);
    pairs
        .map(|(node, share)| node.with_shares(share, shares))
        .collect()
}

fn map_all<L, M, S>(
    nodes: Vec<Node<L, S>>,
    leaf: &mut dyn FnMut(L, &mut Attributes) -> M,
) -> Vec<Node<M, S>> {
    nodes.into_iter().map(|node| node.map(leaf)).collect()
}

impl<L, S> Floating<L, S> {
    /// The same with other leaves; see [`Node::map`].
    pub fn map<M>(self, leaf: &mut dyn FnMut(L, &mut Attributes) -> M) -> Floating<M, S> {
        Floating {
            node: self.node.map(leaf),
            rect: self.rect,
            scratchpad: self.scratchpad,
        }
    }
}

impl<L, S> Content<L, S> {
    /// The tiling children, then the nodes of the floating ones.
    pub fn children(&self) -> impl DoubleEndedIterator<Item = &Node<L, S>> {
        let floating = self.floating.iter().map(|floating| &floating.node);
        self.nodes.iter().chain(floating)
    }

    /// See [`Content::children`].
    pub fn children_mut(&mut self) -> impl Iterator<Item = &mut Node<L, S>> {
        let floating = self.floating.iter_mut().map(|floating| &mut floating.node);
        self.nodes.iter_mut().chain(floating)
    }

    /// The leaves, depth first, tiling before floating.
    pub fn leaves(&self) -> impl Iterator<Item = &L> {
        self.children().flat_map(Node::leaves)
    }

    /// True if there are no children.
    pub const fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.floating.is_empty()
    }

    /// The same content with other leaves; see [`Node::map`].
    pub fn map<M>(self, leaf: &mut dyn FnMut(L, &mut Attributes) -> M) -> Content<M, S> {
        Content {
            layout: self.layout,
            nodes: map_all(self.nodes, leaf),
            floating: self
                .floating
                .into_iter()
                .map(|floating| floating.map(leaf))
                .collect(),
            focus: self.focus,
        }
    }
}
