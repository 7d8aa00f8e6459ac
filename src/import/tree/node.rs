//! The containers and windows of a workspace.

use super::attributes::{ids, kind};
use super::{Leaf, Source, Trees};
use crate::document::Spanned;
use crate::document::spanned::Kind as Json;
use crate::geometry::Rect;
use crate::import::criteria;
use crate::import::fields::{flag, get, int, list, rect, word};
use crate::import::note::About;
use crate::import::share;
use crate::layout::focus::default_order;
use crate::layout::{Container, Content, Floating, Node, Percent};
use crate::tree::{Attributes, ContainerLayout, Kind, order_of_ids};

/// A child with everything that its parent needs.
pub(super) struct Child {
    pub(super) node: Node<Leaf>,
    pub(super) share: Option<f64>,
    pub(super) id: Option<i64>,
    /// True if it has the focus.
    pub(super) focused: bool,
    /// True if it, or something below it, has the focus.
    pub(super) holds_focus: bool,
}

/// A floating frame.
pub(super) struct Frame {
    pub(super) floating: Floating<Leaf>,
    pub(super) id: Option<i64>,
    pub(super) holds_focus: bool,
}

/// The children of the workspace that is read.
#[derive(Default)]
pub(super) struct Open {
    pub(super) children: Vec<Child>,
    pub(super) frames: Vec<Frame>,
}

impl Trees {
    /// A child of a workspace. Floating ones count as such wherever they are.
    pub(super) fn child(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        open: &mut Open,
        origin: Option<Rect>,
    ) {
        if kind(value).as_deref() == Some("floating_con") {
            let frame = self.frame(source, value, open, origin);
            open.frames.extend(frame);
        } else if word(value, "floating").is_some_and(|word| word.ends_with("_on")) {
            let at = value.span.start;
            if let Some(inside) = self.node(source, value, open, true) {
                self.note(source, at, About::FloatingWithoutFrame);
                open.frames.push(framed(inside, rect(value, "rect"), false));
            }
        } else {
            let child = self.node(source, value, open, false);
            open.children.extend(child);
        }
    }

    pub(super) fn frame(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        open: &mut Open,
        origin: Option<Rect>,
    ) -> Option<Frame> {
        let at = value.span.start;
        let mut inside = Open::default();
        for node in list(value, "nodes") {
            let child = self.node(source, node, open, true);
            inside.children.extend(child);
        }
        let inside = match inside.children.len() {
            0 => {
                self.note(source, at, About::EmptyContainer);
                return None;
            }
            1 => inside.children.remove(0),
            _ => Self::joined(inside),
        };
        // As i3, if the frame has no size: that of the window.
        let own = rect(value, "rect").or_else(|| {
            let geometry = rect(list(value, "nodes").first()?, "geometry")?;
            Some(Rect::new(0, 0, geometry.width, geometry.height))
        });
        if origin.is_none() && own.is_some() {
            self.note(source, at, About::Positions);
        }
        let own = own.map(|own| own.relative_to(origin.unwrap_or_default()));
        let state = word(value, "scratchpad_state");
        let mut frame = framed(inside, own, state.is_some_and(|state| state != "none"));
        frame.floating.node.attributes.sticky |= flag(value, "sticky");
        frame.id = int(value, "id");
        Some(frame)
    }

    /// A container or a window; `None` if there is no window in it.
    pub(super) fn node(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        open: &mut Open,
        floats: bool,
    ) -> Option<Child> {
        let at = value.span.start;
        if value.entries().is_empty() && !value.is_scalar() {
            self.note(source, at, About::EmptyContainer);
            return None;
        }
        if !matches!(value.kind, Json::Map(_)) {
            self.note(source, at, About::NoContainer);
            return None;
        }
        let mut focused = flag(value, "focused");
        let (attributes, marked) = self.attributes(source, value, floats);
        focused |= marked;
        let mut holds_focus = focused;
        let has_children = ["nodes", "floating_nodes"]
            .iter()
            .any(|key| !list(value, key).is_empty());
        let node = if has_children {
            let mut own = Open::default();
            for node in list(value, "nodes") {
                if kind(node).as_deref() == Some("floating_con") {
                    self.child(source, node, open, None);
                } else {
                    let child = self.node(source, node, open, floats);
                    own.children.extend(child);
                }
            }
            // As in i3, these belong to the workspace.
            for frame in list(value, "floating_nodes") {
                self.child(source, frame, open, None);
            }
            if let Some(swallows) = get(value, "swallows").filter(|one| !one.items().is_empty()) {
                self.note(source, swallows.span.start, About::CriteriaOfContainer);
            }
            if own.children.is_empty() {
                return None;
            }
            holds_focus |= own.children.iter().any(|child| child.holds_focus);
            let layout = self.layout(source, value);
            let Content {
                layout,
                nodes,
                focus,
                ..
            } = Self::content(layout, own, &ids(value));
            Node {
                attributes: Attributes {
                    border: None,
                    ..attributes
                },
                ..Node::container(
                    Percent::default(),
                    Container {
                        layout,
                        nodes,
                        focus,
                    },
                )
            }
        } else {
            Node {
                attributes,
                ..Node::leaf(Percent::default(), self.leaf(source, value, floats)?)
            }
        };
        Some(Child {
            node,
            share: self.share(source, value),
            id: int(value, "id"),
            focused,
            holds_focus,
        })
    }

    /// A container of several children. i3's own frames have exactly one.
    pub(super) fn joined(open: Open) -> Child {
        let holds_focus = open.children.iter().any(|child| child.holds_focus);
        let Content {
            layout,
            nodes,
            focus,
            ..
        } = Self::content(ContainerLayout::SplitH, open, &[]);
        let container = Container {
            layout,
            nodes,
            focus,
        };
        Child {
            node: Node::container(Percent::default(), container),
            share: None,
            id: None,
            focused: false,
            holds_focus,
        }
    }

    pub(super) fn leaf(
        &mut self,
        source: &Source<'_>,
        value: &Spanned,
        floats: bool,
    ) -> Option<Leaf> {
        let at = value.span.start;
        let keys = ["swallows", "name", "window_properties", "window"];
        let is_window = |key: &&str| get(value, key).is_some_and(|one| !one.is_null());
        if !keys.iter().any(is_window) {
            self.note(source, at, About::EmptyContainer);
            return None;
        }
        // i3bar and other docks.
        if word(value, "type").as_deref() == Some("dockarea") {
            self.note(source, at, About::Dock);
            return None;
        }
        let found = criteria::read(
            value,
            &source.json.text,
            &source.json.comments,
            source.by_tool,
        );
        let key = self.leaves;
        self.leaves += 1;
        let is_nameless = found.swallow.is_empty();
        let notes = found.notes.into_iter();
        for about in notes.chain(is_nameless.then_some(About::NoCriteria)) {
            self.notes.push(source.note(at, Some(key), about));
        }
        Some(Leaf {
            key,
            swallow: found.swallow,
            title: found.title,
            floats,
        })
    }

    /// The children with their shares and their focus order. `order` are ids, the focused first.
    pub(super) fn content(layout: ContainerLayout, open: Open, order: &[i64]) -> Content<Leaf> {
        let Open { children, frames } = open;
        let ids: Option<Vec<i64>> = children
            .iter()
            .map(|child| child.id)
            .chain(frames.iter().map(|frame| frame.id))
            .collect();
        let focused: Vec<bool> = children
            .iter()
            .map(|child| child.focused)
            .chain(frames.iter().map(|_| false))
            .collect();
        let holds: Vec<bool> = children
            .iter()
            .map(|child| child.holds_focus)
            .chain(frames.iter().map(|frame| frame.holds_focus))
            .collect();
        let focus = match ids {
            Some(ids) if !order.is_empty() => order_of_ids(&ids, order),
            _ => default_order(&focused, &holds),
        };
        let (mut nodes, shares): (Vec<Node<Leaf>>, Vec<Option<f64>>) = children
            .into_iter()
            .map(|child| (child.node, child.share))
            .unzip();
        if layout.is_split() {
            for (node, percent) in nodes.iter_mut().zip(share::percents(&shares)) {
                node.share = percent;
            }
        }
        Content {
            layout,
            nodes,
            floating: frames.into_iter().map(|frame| frame.floating).collect(),
            focus,
        }
    }
}

pub(super) fn framed(inside: Child, rect: Option<Rect>, scratchpad: bool) -> Frame {
    Frame {
        id: None,
        holds_focus: inside.holds_focus,
        floating: Floating {
            node: inside.node,
            rect,
            scratchpad,
        },
    }
}

/// The content of a single container as that of the workspace.
pub(super) fn unwrapped(mut content: Content<Leaf>) -> Content<Leaf> {
    let is_wrapper =
        |node: &Node<Leaf>| node.as_container().is_some() && node.attributes.is_plain_container();
    if content.nodes.len() != 1 || !content.nodes.iter().all(is_wrapper) {
        return content;
    }
    if let Some(Kind::Container(container)) = content.nodes.pop().map(|node| node.kind) {
        let count = container.nodes.len();
        let order = content
            .focus
            .into_iter()
            .flat_map(|position| match position {
                0 => container.focus.clone(),
                floating => vec![floating - 1 + count],
            });
        content.focus = order.collect();
        content.layout = container.layout;
        content.nodes = container.nodes;
    }
    content
}
