//! Focus orders: positions of children, most recently focused first.

use super::{Content, Fullscreen, Kind, Node};

/// The focus order from i3's list of ids. Unknown ids are skipped; children that are not in the
/// list come last, in tree order.
pub fn order_of_ids<Id: PartialEq>(children: &[Id], focus: &[Id]) -> Vec<usize> {
    let mut order: Vec<usize> = Vec::with_capacity(children.len());
    let named = focus
        .iter()
        .filter_map(|id| children.iter().position(|child| child == id));
    for position in named.chain(0..children.len()) {
        if !order.contains(&position) {
            order.push(position);
        }
    }
    order
}

/// The focus order of the remaining children, in their new positions.
pub fn remapped(focus: &[usize], kept: &[bool]) -> Vec<usize> {
    focus
        .iter()
        .filter(|&&position| kept.get(position) == Some(&true))
        .map(|&position| kept[..position].iter().filter(|&&is| is).count())
        .collect()
}

impl<L: Clone + PartialEq, S: Clone + PartialEq> Content<L, S> {
    /// The content with the focus in its fullscreen node. `None` if it is there already, or if no
    /// node with a leaf that `is_open` accepts is fullscreen.
    ///
    /// i3 has no command for a focus behind a fullscreen container: focusing a window there ends
    /// the fullscreen mode (`cmd_focus` in i3's `src/commands.c`).
    #[must_use]
    pub fn focused_on_fullscreen(&self, is_open: &dyn Fn(&L) -> bool) -> Option<Self> {
        let mut content = self.clone();
        let mut children = content.children_mut();
        let found = children.position(|child| child.focus_on_fullscreen(is_open))?;
        drop(children);
        bring_to_front(&mut content.focus, found);
        (content != *self).then_some(content)
    }

    /// The leaf that has the focus.
    pub fn focused_leaf(&self) -> Option<&L> {
        let children: Vec<&Node<L, S>> = self.children().collect();
        children.get(*self.focus.first()?)?.focused_leaf()
    }
}

impl<L, S> Node<L, S> {
    /// Changes the focus orders below so that they lead to a fullscreen node. Returns false if
    /// there is none.
    fn focus_on_fullscreen(&mut self, is_open: &dyn Fn(&L) -> bool) -> bool {
        if self.attributes.fullscreen != Fullscreen::None {
            return self.leaves().any(is_open);
        }
        let Kind::Container(container) = &mut self.kind else {
            return false;
        };
        let mut nodes = container.nodes.iter_mut();
        let found = nodes.position(|node| node.focus_on_fullscreen(is_open));
        if let Some(position) = found {
            bring_to_front(&mut container.focus, position);
        }
        found.is_some()
    }

    /// The leaf that has the focus.
    fn focused_leaf(&self) -> Option<&L> {
        match &self.kind {
            Kind::Leaf(leaf) => Some(leaf),
            Kind::Container(container) => container
                .nodes
                .get(*container.focus.first()?)?
                .focused_leaf(),
        }
    }
}

fn bring_to_front(focus: &mut [usize], position: usize) {
    if let Some(at) = focus.iter().position(|&one| one == position)
        && let Some(head) = focus.get_mut(..=at)
    {
        head.rotate_right(1);
    }
}
