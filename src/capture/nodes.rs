//! i3's tree as the nodes of a layout.
//!
//! Placeholders, containers without windows and redundant split containers are left out: i3
//! leaves such containers behind when windows are moved. Everything else is exact.

use std::collections::BTreeSet;

use super::percent;
use crate::geometry::Rect;
use crate::layout::criteria::is_matchable;
use crate::layout::{Container, Content, Floating, Node, Percent};
use crate::live::{Con, ConId, ConKind, Defaults, Properties, ScratchpadState};
use crate::tree::{ContainerLayout, Kind, order_of_ids, shares};

/// The resolution of percents if the pixels of a container are unknown, because it was never
/// shown or has gaps: a hundredth of a percent is less than half a pixel on usual screens.
const UNKNOWN_PIXELS: u32 = 10_000;

/// Turns containers into nodes. The leaves are the containers of the windows.
#[derive(Debug)]
pub(super) struct Nodes<'a> {
    /// The borders that are not written.
    pub defaults: Defaults,
    /// The windows to leave out.
    pub left_out: BTreeSet<ConId>,
    /// The windows that are not part of a layout.
    pub helpers: BTreeSet<ConId>,
    /// Those of them that stay, such as dialogs.
    pub skipped_helpers: Vec<&'a Con>,
    /// The number of placeholders that were left out.
    pub placeholders: usize,
    /// True if windows without an identifying property are left out.
    pub needs_identity: bool,
    /// Those windows.
    pub nameless: Vec<&'a Con>,
}

impl<'a> Nodes<'a> {
    /// Leaves out only windows without an identifying property.
    pub(super) const fn new(defaults: Defaults) -> Self {
        Self {
            defaults,
            left_out: BTreeSet::new(),
            helpers: BTreeSet::new(),
            skipped_helpers: Vec::new(),
            placeholders: 0,
            needs_identity: true,
            nameless: Vec::new(),
        }
    }

    /// A workspace's content, without the floating frames that are only guests. Rects are
    /// relative to `origin`.
    pub(super) fn content(
        &mut self,
        con: &'a Con,
        origin: Rect,
        is_guest: &dyn Fn(&Con) -> bool,
    ) -> Content<&'a Con> {
        let (mut ids, nodes) = self.children(con);
        let (frames, floating): (Vec<ConId>, Vec<Floating<&Con>>) = con
            .floating_nodes
            .iter()
            .filter(|frame| !is_guest(frame))
            .filter_map(|frame| Some((frame.id, self.floating(frame, origin)?)))
            .unzip();
        ids.extend(frames);
        let content = Content {
            layout: con.layout,
            nodes,
            floating,
            focus: order_of_ids(&ids, &con.focus),
        };
        content.simplified()
    }

    /// A floating frame; its rect is relative to `origin`.
    pub(super) fn floating(&mut self, frame: &'a Con, origin: Rect) -> Option<Floating<&'a Con>> {
        // i3's frames have exactly one child.
        let mut node = self.node(frame.nodes.first()?, true)?.simplified(None);
        node.attributes.sticky = frame.is_sticky_frame();
        Some(Floating {
            node,
            rect: Some(frame.rect.relative_to(origin))
                .filter(|rect| rect.width > 0 && rect.height > 0),
            scratchpad: frame.scratchpad != ScratchpadState::None,
        })
    }

    /// A node; `None` if it is left out.
    fn node(&mut self, con: &'a Con, floating: bool) -> Option<Node<&'a Con>> {
        if self.left_out.contains(&con.id) {
            return None;
        }
        if self.helpers.contains(&con.id) {
            let is_passing = con.properties.as_ref().is_some_and(Properties::is_passing);
            if !is_passing {
                self.skipped_helpers.push(con);
            }
            return None;
        }
        if con.is_leaf() && !con.is_window() {
            self.placeholders += usize::from(con.kind == ConKind::Con);
            return None;
        }
        let mut attributes = con.own_attributes();
        let kind = if con.is_window() {
            if self.needs_identity && !is_identifiable(con) {
                self.nameless.push(con);
                return None;
            }
            let default = self.defaults.border_of(floating);
            attributes.border = attributes.border.filter(|&border| border != default);
            Kind::Leaf(con)
        } else {
            let (ids, nodes) = self.children(con);
            if nodes.is_empty() {
                return None;
            }
            // Borders of containers are not drawn.
            attributes.border = None;
            Kind::Container(Container {
                layout: con.layout,
                nodes,
                focus: order_of_ids(&ids, &con.focus),
            })
        };
        Some(Node {
            share: Percent::default(),
            attributes,
            kind,
        })
    }

    /// The ids and the nodes of the tiling children that are kept, with their percents.
    fn children(&mut self, parent: &'a Con) -> (Vec<ConId>, Vec<Node<&'a Con>>) {
        let (kept, mut nodes): (Vec<&Con>, Vec<Node<&Con>>) = parent
            .nodes
            .iter()
            .filter_map(|con| Some((con, self.node(con, false)?)))
            .unzip();
        if parent.layout.is_split() {
            let shares: Vec<Option<f64>> = kept.iter().map(|con| con.percent).collect();
            let percents = percent::percents(&shares, pixels(parent, &shares));
            for (node, percent) in nodes.iter_mut().zip(percents) {
                node.share = Percent(percent);
            }
        }
        (kept.iter().map(|con| con.id).collect(), nodes)
    }
}

/// True if the window has a property by which it can be identified later.
fn is_identifiable(con: &Con) -> bool {
    con.properties.as_ref().is_some_and(|properties| {
        let Properties {
            class,
            instance,
            window_role,
            title,
            ..
        } = properties;
        let mut texts = [class, instance, window_role, title].into_iter().flatten();
        texts.any(|text| is_matchable(text))
    })
}

/// The length of the container in pixels in the direction of its layout, if the sizes of its
/// children match these shares; else a resolution that is high enough.
fn pixels(con: &Con, shares: &[Option<f64>]) -> u32 {
    let vertical = con.layout == ContainerLayout::SplitV;
    let length = |rect: Rect| if vertical { rect.height } else { rect.width };
    let total = length(con.rect);
    let expected = shares::pixels(&percent::normalized(shares), total);
    let rendered = con.nodes.len() == shares.len()
        && con.nodes.iter().zip(expected).all(|(child, expected)| {
            let size = length(child.rect);
            let title = if vertical { child.deco_rect.height } else { 0 };
            // In some versions of i3, a title bar is not part of the rect.
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
