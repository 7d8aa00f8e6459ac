//! i3's tree as the nodes of a layout: what is accidental is left out, the rest is exact.
//!
//! Left out are placeholders, containers without a window below them, and split containers
//! with one child where they do not show: i3 leaves them behind when windows are moved.
//! In tabs and stacks such a container has a title of its own, and stays.

use std::collections::BTreeSet;

use super::focus::{self, Said};
use super::percent;
use crate::geometry::Rect;
use crate::layout::criteria::is_matchable;
use crate::layout::{
    Border, Container, ContainerLayout, Floating, Fullscreen, Gaps, Node, Place, Window, Workspace,
};
use crate::live::{Con, ConId, ConKind, Defaults, OWN_MARK_PREFIX, Output, ScratchpadState};

/// The resolution of percents where the pixels of a container are not known, because it was
/// never shown, or has gaps: a hundredth of a percent is less than half a pixel on any
/// usual screen.
const UNKNOWN_PIXELS: u32 = 10_000;

/// Turns containers into nodes and remembers which window became which slot.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    defaults: Defaults,
    /// The windows in the order of their slots: depth first, tiling before floating.
    pub windows: Vec<&'a Con>,
    /// How many placeholders were left out.
    pub placeholders: usize,
    /// The windows that say nothing by which they could be known again, and are left out.
    pub nameless: Vec<&'a Con>,
    left_out: BTreeSet<ConId>,
}

/// Children of a container or workspace that are kept.
struct Kept<'a> {
    cons: Vec<&'a Con>,
    nodes: Vec<Node>,
}

impl<'a> Nodes<'a> {
    /// With the borders that need not be written, and the windows that are left out.
    pub(super) fn new(defaults: Defaults, left_out: BTreeSet<ConId>) -> Self {
        Self {
            defaults,
            windows: Vec::new(),
            placeholders: 0,
            nameless: Vec::new(),
            left_out,
        }
    }

    /// A workspace's own content, without the floating frames that are only its guests;
    /// name and output are set, `visible` is not.
    pub(super) fn workspace(
        &mut self,
        con: &'a Con,
        output: &Output,
        is_guest: &dyn Fn(&Con) -> bool,
    ) -> Workspace {
        let kept = self.children(con);
        let (frames, floating): (Vec<ConId>, Vec<Floating>) = con
            .floating_nodes
            .iter()
            .filter(|frame| !is_guest(frame))
            .filter_map(|frame| Some((frame.id, self.floating(frame, output.rect)?)))
            .unzip();
        let ids: Vec<ConId> = kept.cons.iter().map(|con| con.id).chain(frames).collect();
        let mut workspace = Workspace {
            name: con.name().to_owned(),
            output: vec![output.name.clone()],
            layout: con.layout,
            gaps: Gaps::default(),
            visible: false,
            nodes: kept.nodes,
            floating,
            focus_order: None,
        };
        let order = focus::order(&ids, &con.focus);
        let children = workspace.nodes.iter_mut().chain(
            workspace
                .floating
                .iter_mut()
                .map(|floating| &mut floating.node),
        );
        workspace.focus_order = say_focus(&order, children.collect());
        workspace
    }

    /// A floating frame; its rect is relative to `origin`.
    pub(super) fn floating(&mut self, frame: &'a Con, origin: Rect) -> Option<Floating> {
        // i3's frames have exactly one child.
        let mut content = frame.nodes.first()?;
        while let Some(only) = wrapped(content) {
            content = only;
        }
        let mut node = self.node(content, true)?;
        node.place_mut().sticky = frame.is_sticky_frame();
        Some(Floating {
            node,
            rect: Some(frame.rect.relative_to(origin))
                .filter(|rect| rect.width > 0 && rect.height > 0),
            scratchpad: frame.scratchpad != ScratchpadState::None,
        })
    }

    /// `None` for what is left out.
    fn node(&mut self, con: &'a Con, floating: bool) -> Option<Node> {
        if self.left_out.contains(&con.id) {
            return None;
        }
        if con.is_window() {
            return self.window(con, floating);
        }
        if con.is_leaf() {
            self.placeholders += usize::from(con.kind == ConKind::Con);
            return None;
        }
        let kept = self.children(con);
        if kept.nodes.is_empty() {
            return None;
        }
        let ids: Vec<ConId> = kept.cons.iter().map(|con| con.id).collect();
        let mut container = Container {
            layout: con.layout,
            nodes: kept.nodes,
            focus_order: None,
            place: Place {
                // Borders of containers are not drawn.
                ..place(con, con.border)
            },
        };
        let order = focus::order(&ids, &con.focus);
        container.focus_order = say_focus(&order, container.nodes.iter_mut().collect());
        Some(Node::Container(container))
    }

    fn window(&mut self, con: &'a Con, floating: bool) -> Option<Node> {
        let default = if floating {
            self.defaults.floating_border
        } else {
            self.defaults.border
        };
        let known = con.properties.as_ref().is_some_and(|properties| {
            [
                &properties.class,
                &properties.instance,
                &properties.window_role,
                &properties.title,
            ]
            .into_iter()
            .any(|property| property.as_deref().is_some_and(is_matchable))
        });
        if !known {
            self.nameless.push(con);
            return None;
        }
        self.windows.push(con);
        Some(Node::Window(Window {
            place: place(con, default),
            ..Window::default()
        }))
    }

    /// The tiling children that are kept, with their percents.
    fn children(&mut self, parent: &'a Con) -> Kept<'a> {
        let split = is_split(parent);
        let mut kept = Kept {
            cons: Vec::new(),
            nodes: Vec::new(),
        };
        for con in &parent.nodes {
            if let Some(node) = self.node(con, false) {
                kept.cons.push(con);
                kept.nodes.push(if split { unwrapped(node) } else { node });
            }
        }
        if split {
            let shares: Vec<Option<f64>> = kept.cons.iter().map(|con| con.percent).collect();
            let percents = percent::percents(&shares, pixels(parent, &shares));
            for (node, percent) in kept.nodes.iter_mut().zip(percents) {
                node.place_mut().percent = percent;
            }
        }
        kept
    }
}

/// What windows and containers have in common; `default` is the border that goes without
/// saying.
fn place(con: &Con, default: Border) -> Place {
    Place {
        percent: None,
        marks: con
            .marks
            .iter()
            .filter(|mark| !mark.starts_with(OWN_MARK_PREFIX))
            .cloned()
            .collect(),
        border: Some(con.border).filter(|&border| border != default),
        title_format: con.title_format.clone(),
        fullscreen: con.fullscreen,
        sticky: con.sticky,
        focused: false,
    }
}

/// The only child of a split container that does not show.
fn wrapped(con: &Con) -> Option<&Con> {
    let shows = !is_split(con)
        || !con.marks.is_empty()
        || con.title_format.is_some()
        || con.fullscreen != Fullscreen::None;
    match con.nodes.as_slice() {
        [only] if !shows => Some(only),
        _ => None,
    }
}

/// The only child of a split container that does not show, else the node itself.
fn unwrapped(node: Node) -> Node {
    let invisible = |container: &Container| {
        let Place {
            marks,
            title_format,
            fullscreen,
            ..
        } = &container.place;
        container.nodes.len() == 1
            && matches!(
                container.layout,
                ContainerLayout::SplitH | ContainerLayout::SplitV
            )
            && marks.is_empty()
            && title_format.is_none()
            && *fullscreen == Fullscreen::None
    };
    match node {
        Node::Container(mut container) if invisible(&container) => {
            match container.nodes.pop() {
                // It was unwrapped itself when its parent was made.
                Some(child) => child,
                None => Node::Container(container),
            }
        }
        node => node,
    }
}

fn is_split(con: &Con) -> bool {
    matches!(
        con.layout,
        ContainerLayout::SplitH | ContainerLayout::SplitV
    )
}

/// How long the container is in the direction of its layout, if its children with these
/// shares have the sizes which that would give them.
fn pixels(con: &Con, shares: &[Option<f64>]) -> u32 {
    let vertical = con.layout == ContainerLayout::SplitV;
    let total = if vertical {
        con.rect.height
    } else {
        con.rect.width
    };
    let expected = percent::sizes(&percent::normalized(shares), total);
    let rendered = con.nodes.len() == shares.len()
        && con.nodes.iter().zip(expected).all(|(child, expected)| {
            let (size, title) = if vertical {
                (child.rect.height, child.deco_rect.height)
            } else {
                (child.rect.width, 0)
            };
            // Whether a title bar is part of the rect depends on the version of i3.
            [size, size.saturating_add(title)]
                .into_iter()
                .any(|size| i64::from(size) == expected)
        });
    if rendered && total > 0 {
        total
    } else {
        total.max(UNKNOWN_PIXELS)
    }
}

/// Marks the focused child, or gives the order to be written at the parent.
pub(crate) fn say_focus(order: &[usize], mut children: Vec<&mut Node>) -> Option<Vec<usize>> {
    let holds_focused: Vec<bool> = children.iter().map(|node| holds_focused(node)).collect();
    match focus::say(order, &holds_focused) {
        Said::Nothing => None,
        Said::Focused(child) => {
            if let Some(node) = children.get_mut(child) {
                node.place_mut().focused = true;
            }
            None
        }
        Said::Order(order) => Some(order),
    }
}

fn holds_focused(node: &Node) -> bool {
    match node {
        Node::Window(_) => false,
        Node::Container(container) => container
            .nodes
            .iter()
            .any(|node| node.place().focused || holds_focused(node)),
    }
}
