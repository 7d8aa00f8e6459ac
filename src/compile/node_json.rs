//! The nodes of i3's layout JSON; see [`super::append_json`].

use std::cell::Cell;

use serde_json::{Value, json};

use super::area::{Area, Look};
use super::plan::{Plan, PlannedFloating, PlannedNode};
use crate::geometry::Rect;
use crate::layout::Swallow;
use crate::text::has_raw_bytes;
use crate::tree::{Border, Container, Fullscreen};

/// The use of the JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// For `apply`: the leaves are places with marks of this program.
    Apply,
    /// For a file that `i3-msg append_layout` reads: the leaves have criteria.
    Export,
}

pub(super) struct Writer<'a> {
    plan: &'a Plan,
    purpose: Purpose,
    look: Look,
    /// The last id. Ids connect `focus` lists with nodes; i3 replaces them with new ones.
    last_id: Cell<u64>,
}

impl<'a> Writer<'a> {
    pub(super) const fn new(plan: &'a Plan, purpose: Purpose, look: Look) -> Self {
        Self {
            plan,
            purpose,
            look,
            last_id: Cell::new(0),
        }
    }

    pub(super) fn next_id(&self) -> u64 {
        self.last_id.set(self.last_id.get() + 1);
        self.last_id.get()
    }

    pub(super) fn nodes(
        &self,
        nodes: &[PlannedNode],
        shares: &[f64],
        areas: &[Area],
    ) -> Vec<Value> {
        let places = shares.iter().zip(areas);
        let nodes = nodes.iter().zip(places);
        nodes
            .map(|(node, (&share, &area))| self.node(node, share, area))
            .collect()
    }

    pub(super) fn node(&self, node: &PlannedNode, share: f64, area: Area) -> Value {
        self.node_with_border(node, share, area, self.look.border)
    }

    /// `default` is the border of the node if the plan does not set one.
    fn node_with_border(
        &self,
        node: &PlannedNode,
        share: f64,
        area: Area,
        default: Border,
    ) -> Value {
        let id = self.next_id();
        let attributes = &node.attributes;
        let is_export = self.purpose == Purpose::Export;
        let slot = node.as_leaf().copied();
        let border = attributes.border.unwrap_or(default);
        let (style, width) = match attributes.border {
            None => (None, None),
            Some(Border::None) => (Some("none"), Some(0)),
            Some(Border::Pixel(width)) => (Some("pixel"), Some(width)),
            Some(Border::Normal(width)) => (Some("normal"), Some(width)),
        };
        let container = node.as_container();
        let nodes = container.map(|Container { layout, nodes, .. }| {
            let shares: Vec<f64> = nodes.iter().map(|child| child.share).collect();
            self.nodes(nodes, &shares, &area.divided(*layout, &shares, self.look))
        });
        let focus = container.zip(nodes.as_ref()).map(|(container, nodes)| {
            focus_ids(&nodes.iter().collect::<Vec<_>>(), &container.focus)
        });
        let marks: Vec<String> = match slot {
            // A slot's own marks are set when its window is there: marks are unique, and the
            // window may still be elsewhere.
            Some(slot) if !is_export => vec![self.plan.place_mark(slot)],
            // i3 reads JSON only if it is UTF-8; other marks are set at the end.
            _ => {
                let marks = attributes.marks.iter();
                marks
                    .filter(|mark| is_export || !has_raw_bytes(mark))
                    .cloned()
                    .collect()
            }
        };
        without_nulls(json!({
            "type": "con",
            "id": id,
            "rect": (!is_export).then(|| area.outer()),
            "window_rect": (slot.is_some() && !is_export).then(|| area.inner(border, self.look)),
            "border": style,
            "current_border_width": width,
            "title_format": attributes.title_format,
            "window_icon_padding": attributes.title_window_icon,
            "sticky": attributes.sticky.then_some(true),
            // `apply` makes windows fullscreen at the end: a fullscreen placeholder would
            // cover everything while its window is pending.
            "fullscreen_mode": match attributes.fullscreen {
                Fullscreen::Output if is_export => Some(1),
                Fullscreen::Global if is_export => Some(2),
                _ => None,
            },
            "percent": share,
            "swallows": slot
                .filter(|_| is_export)
                .map(|slot| [criteria(&self.plan.slot(slot).swallow)]),
            "layout": container.map(|container| container.layout.as_str()),
            "nodes": nodes,
            "focus": focus,
            "marks": (!marks.is_empty()).then_some(marks),
        }))
    }

    /// A leaf without criteria.
    pub(super) fn place(&self, mark: &str, share: f64, area: Area, border: Border) -> Value {
        json!({
            "type": "con",
            "id": self.next_id(),
            "rect": area.outer(),
            "window_rect": area.inner(border, self.look),
            "percent": share,
            "marks": [mark],
        })
    }

    pub(super) fn floating(&self, floating: &PlannedFloating) -> Value {
        let rect = floating.rect.unwrap_or(DEFAULT_FLOATING);
        let state = floating.scratchpad.then_some("changed");
        self.frame(rect, state, || {
            self.node_with_border(
                &floating.node,
                1.0,
                Area::of(rect),
                self.look.floating_border,
            )
        })
    }

    /// The frame around a floating node.
    pub(super) fn frame(
        &self,
        rect: Rect,
        state: Option<&str>,
        node: impl FnOnce() -> Value,
    ) -> Value {
        let id = self.next_id();
        let mut node = node();
        // Without this, i3 takes the window for a tiling one inside its frame.
        node["floating"] = "user_on".into();
        without_nulls(json!({
            "type": "floating_con",
            "id": id,
            "rect": rect,
            "scratchpad_state": state,
            "nodes": [node],
        }))
    }
}

/// The ids of nodes in a focus order.
pub(super) fn focus_ids(nodes: &[&Value], focus: &[usize]) -> Vec<Value> {
    let nodes = focus.iter().filter_map(|&position| nodes.get(position));
    nodes.map(|node| node["id"].clone()).collect()
}

/// The object without the keys that have no value.
pub(super) fn without_nulls(object: Value) -> Value {
    match object {
        Value::Object(map) => map
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .collect(),
        other => other,
    }
}

/// Criteria for i3. i3 refuses empty criteria, so a slot without criteria, of which only the
/// command is known, gets a pattern that matches nothing.
pub(super) fn criteria(swallow: &Swallow) -> Value {
    if swallow.is_empty() {
        json!({ "class": NEVER })
    } else {
        swallow.criteria().collect()
    }
}

/// A pattern that matches no string.
pub(super) const NEVER: &str = "^(?!)$";

/// The rect of a floating window that has none in the file; i3 does not accept a floating
/// container without a size.
pub(super) const DEFAULT_FLOATING: Rect = Rect::new(0, 0, 640, 480);
