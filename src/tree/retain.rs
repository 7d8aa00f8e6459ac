//! Dropping leaves, and dissolving redundant containers.

use super::{Container, ContainerLayout, Content, Floating, Kind, Node, Share, remapped};

/// The function that replaces a leaf, or drops it.
pub(super) type FilterMap<'a, L, M> = dyn FnMut(L) -> Option<M> + 'a;

impl<L, S: Share> Node<L, S> {
    /// The node with those leaves that `keep` accepts; see [`Node::filter_map`].
    #[must_use]
    pub fn retain(
        self,
        parent: Option<ContainerLayout>,
        keep: &dyn Fn(&L) -> bool,
    ) -> Option<Self> {
        self.filter_map(parent, &mut |leaf| keep(&leaf).then_some(leaf))
    }

    /// The node with other leaves, or fewer; `None` if none are left.
    ///
    /// The siblings of dropped nodes get their space, as in i3 when a window closes. A
    /// container that lost children is dissolved if it has become redundant. `parent` is the
    /// layout of the container around the node, `None` for the content of a floating frame.
    #[must_use]
    pub fn filter_map<M>(
        self,
        parent: Option<ContainerLayout>,
        leaf: &mut FilterMap<'_, L, M>,
    ) -> Option<Node<M, S>> {
        let mut share = self.share;
        let mut lost = false;
        let kind = match self.kind {
            Kind::Leaf(old) => Kind::Leaf(leaf(old)?),
            Kind::Container(old) => {
                let (nodes, kept) = filter_map_all(old.nodes, old.layout, leaf);
                lost = kept.contains(&false);
                if lost {
                    share.note_pruned();
                }
                Kind::Container(Container {
                    layout: old.layout,
                    focus: remapped(&old.focus, &kept),
                    nodes,
                })
            }
        };
        let node = Node {
            share,
            attributes: self.attributes,
            kind,
        };
        match node.as_container() {
            Some(container) if container.nodes.is_empty() => None,
            Some(_) if lost => Some(node.dissolved(parent)),
            _ => Some(node),
        }
    }

    /// The node without redundant containers; `parent` as for [`Node::retain`].
    #[must_use]
    pub fn simplified(mut self, parent: Option<ContainerLayout>) -> Self {
        if let Kind::Container(container) = &mut self.kind {
            let layout = Some(container.layout);
            let nodes = std::mem::take(&mut container.nodes);
            container.nodes = nodes
                .into_iter()
                .map(|node| node.simplified(layout))
                .collect();
        }
        self.dissolved(parent)
    }

    /// The only child instead of the container, if the container is redundant.
    fn dissolved(mut self, parent: Option<ContainerLayout>) -> Self {
        if self.is_redundant(parent)
            && let Kind::Container(container) = &mut self.kind
            && let Some(mut only) = container.nodes.pop()
        {
            only.share = self.share;
            // In a floating frame, i3 has it at the top.
            only.attributes.sticky |= self.attributes.sticky;
            // It has another parent now.
            return only.dissolved(parent);
        }
        self
    }

    /// True for a split container with a single child that has no effect on the screen or on
    /// the place of the next window.
    ///
    /// Its orientation matters to the next window unless its parent or its child has the same.
    /// Among tabs and in a stack, it has its own title. In a floating frame, a window that
    /// opens while it is focused joins it.
    fn is_redundant(&self, parent: Option<ContainerLayout>) -> bool {
        let Some(Container { layout, nodes, .. }) = self.as_container() else {
            return false;
        };
        let [only] = nodes.as_slice() else {
            return false;
        };
        let inner = only.as_container().map(|container| container.layout);
        let is_repeated = match parent {
            None => inner.is_some(),
            Some(parent) => parent.is_split() && (parent == *layout || inner == Some(*layout)),
        };
        layout.is_split() && is_repeated && self.attributes.is_plain_container()
    }
}

/// The remaining siblings, and a flag for each original one.
fn filter_map_all<L, M, S: Share>(
    nodes: Vec<Node<L, S>>,
    layout: ContainerLayout,
    leaf: &mut FilterMap<'_, L, M>,
) -> (Vec<Node<M, S>>, Vec<bool>) {
    let nodes: Vec<Option<Node<M, S>>> = nodes
        .into_iter()
        .map(|node| node.filter_map(Some(layout), leaf))
        .collect();
    let kept: Vec<bool> = nodes.iter().map(Option::is_some).collect();
    let mut nodes: Vec<Node<M, S>> = nodes.into_iter().flatten().collect();
    if kept.contains(&false) {
        S::divide_again(nodes.iter_mut().map(|node| &mut node.share).collect());
    }
    (nodes, kept)
}

impl<L, S: Share> Floating<L, S> {
    /// The floating node with those leaves that `keep` accepts; `None` if none are left.
    #[must_use]
    pub fn retain(self, keep: &dyn Fn(&L) -> bool) -> Option<Self> {
        self.filter_map(&mut |leaf| keep(&leaf).then_some(leaf))
    }

    fn filter_map<M>(self, leaf: &mut FilterMap<'_, L, M>) -> Option<Floating<M, S>> {
        Some(Floating {
            node: self.node.filter_map(None, leaf)?,
            rect: self.rect,
            scratchpad: self.scratchpad,
        })
    }
}

impl<L, S: Share> Content<L, S> {
    /// The content with those leaves that `keep` accepts.
    #[must_use]
    pub fn retain(self, keep: &dyn Fn(&L) -> bool) -> Self {
        self.filter_map(&mut |leaf| keep(&leaf).then_some(leaf))
    }

    /// The content with other leaves, or fewer; see [`Node::filter_map`].
    #[must_use]
    pub fn filter_map<M>(self, leaf: &mut FilterMap<'_, L, M>) -> Content<M, S> {
        let (nodes, mut kept) = filter_map_all(self.nodes, self.layout, leaf);
        let floating: Vec<Option<Floating<M, S>>> = self
            .floating
            .into_iter()
            .map(|floating| floating.filter_map(leaf))
            .collect();
        kept.extend(floating.iter().map(Option::is_some));
        Content {
            layout: self.layout,
            nodes,
            floating: floating.into_iter().flatten().collect(),
            focus: remapped(&self.focus, &kept),
        }
    }

    /// The content without redundant containers; see [`Node::simplified`].
    #[must_use]
    pub fn simplified(mut self) -> Self {
        let layout = Some(self.layout);
        self.nodes = self
            .nodes
            .into_iter()
            .map(|node| node.simplified(layout))
            .collect();
        self.floating = self
            .floating
            .into_iter()
            .map(|floating| Floating {
                node: floating.node.simplified(None),
                ..floating
            })
            .collect();
        self
    }
}
