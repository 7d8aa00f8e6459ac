//! A planned workspace as the JSON that i3's `append_layout` takes.
//!
//! The only writer of that format (i3 user guide, "Layout saving"). What it keeps
//! to, because i3 reads numbers and arrays in the order in which they come
//! (i3's `src/load_layout.c`):
//! - `marks` and `focus` come after `nodes`, else they are lost;
//! - numbers that mean shares have a decimal point, else they are ignored;
//! - no `name` on windows: it would become the placeholder's title, which another
//!   placeholder could swallow;
//! - no keys that i3 does not know: they would become containers.
//!
//! Apply uses three kinds of placeholders:
//! - A *place* stands where a window belongs. It has no swallow criteria, so i3 never
//!   draws a window for it, and it can be removed without a trace. (A drawn
//!   placeholder that is killed can crash i3 4.22: its `src/restore_layout.c` goes on
//!   using the freed container when an event for the drawn window is still under way.)
//!   i3 has not laid out a hidden workspace, and a window that is swapped into a
//!   container without a size gets a size of zero, of which some programs die (X11
//!   error `BadValue`); so every place has a `rect` and a `window_rect` to begin with.
//! - A *waiting* placeholder has the criteria, and waits in the scratchpad for the
//!   window that a program opens. From there the window is swapped into its place, so
//!   it is never seen anywhere else. It has a size, so i3 draws a window for it, hidden
//!   as it is: a placeholder for which i3 cannot make one leaves an empty criterion on
//!   the window that it takes, and i3 4.22 then rejects its own layout when it restarts
//!   in place, which heaps all windows onto one workspace.

//! - A *label* takes a place when its window lets wait for itself, and says in its
//!   title bar what is to come. i3 draws it, for it has criteria, but such as no window
//!   fulfils.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::area::Area;
pub use super::area::Look;
use super::plan::{Plan, PlannedFloating, PlannedNode, PlannedWorkspace, SlotIdx};
use crate::geometry::Rect;
use crate::layout::Swallow;
use crate::live::{ConId, GapSizes};
use crate::text::has_raw_bytes;
use crate::tree::{Attributes, Border, Container, ContainerLayout, Fullscreen, Kind, shares};

/// What a leaf of the JSON stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Apply: places that carry marks of ours.
    Apply,
    /// A file for plain `i3-msg append_layout`.
    Export,
}

/// Something that is already open and is to stand beside the planned nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Guest {
    /// The container that will be swapped in.
    pub con: ConId,
    /// Its place if it floats.
    pub rect: Option<Rect>,
}

/// The mark of the placeholder for a guest.
pub fn guest_mark(con: ConId) -> String {
    format!("{}{}", super::GUEST_MARK_PREFIX, con.0)
}

/// The whole workspace as a new one of the name `name`.
///
/// i3 makes it on the focused output, hidden, and gives it its own layout.
///
/// `area` is where the workspace will be, in pixels of the X screen, and `look` what its
/// windows look like there. `gaps` are as i3 tells them; `None` for an i3 that has none,
/// which would take the key for a container.
pub fn workspace(
    plan: &Plan,
    planned: &PlannedWorkspace,
    name: &str,
    guests: &[Guest],
    area: Rect,
    look: Look,
    gaps: Option<GapSizes>,
) -> Value {
    let area = Area::of(area);
    let writer = Writer {
        plan,
        purpose: Purpose::Apply,
        look,
    };
    let (floating_guests, tiling_guests): (Vec<&Guest>, Vec<&Guest>) =
        guests.iter().partition(|guest| guest.rect.is_some());
    let content = &planned.content;
    let guest_share = shares::even(content.nodes.len() + tiling_guests.len());
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let scale = content.nodes.len() as f64 * guest_share;
    let mut ids = Ids::default();
    let mut nodes = Vec::new();
    let mut child_ids = Vec::new();
    let shares: Vec<f64> = content
        .nodes
        .iter()
        .map(|node| node.share * scale)
        .chain(tiling_guests.iter().map(|_| guest_share))
        .collect();
    let mut areas = area.divided(content.layout, &shares, look).into_iter();
    for node in &content.nodes {
        let id = ids.next();
        child_ids.push(id);
        let area = areas.next().unwrap_or(area);
        nodes.push(writer.node(node, node.share * scale, id, area, &mut ids));
    }
    let mut guest_ids = Vec::new();
    for guest in tiling_guests {
        let id = ids.next();
        guest_ids.push(id);
        let area = areas.next().unwrap_or(area);
        nodes.push(guest_leaf(
            guest.con,
            guest_share,
            id,
            area,
            look.border,
            look,
        ));
    }
    let mut floating_nodes = Vec::new();
    for floating in &content.floating {
        let id = ids.next();
        child_ids.push(id);
        floating_nodes.push(writer.floating(floating, id, &mut ids));
    }
    for guest in floating_guests {
        let id = ids.next();
        guest_ids.push(id);
        let area = guest.rect.map_or(area, Area::of);
        let leaf = guest_leaf(guest.con, 1.0, ids.next(), area, look.floating_border, look);
        floating_nodes.push(floating_con(id, guest.rect, false, leaf));
    }
    let focus: Vec<u64> = content
        .focus
        .iter()
        .filter_map(|&position| child_ids.get(position).copied())
        .chain(guest_ids)
        .collect();
    let mut workspace = json!({
        "type": "workspace",
        "name": name,
        "layout": content.layout.as_str(),
        "nodes": nodes,
        "floating_nodes": floating_nodes,
        "focus": focus,
    });
    if let Some(gaps) = gaps {
        workspace["gaps"] = json!({
            "inner": gaps.inner,
            "top": gaps.top,
            "right": gaps.right,
            "bottom": gaps.bottom,
            "left": gaps.left,
        });
    }
    workspace
}

/// A hidden workspace with a waiting placeholder for each slot that has criteria, all
/// floating, to be moved to the scratchpad as they are.
///
/// `None` when there is nothing to wait for.
pub fn waiting(plan: &Plan, slots: &[SlotIdx], name: &str) -> Option<Value> {
    let mut ids = Ids::default();
    let floating_nodes: Vec<Value> = slots
        .iter()
        .filter(|&&idx| !plan.slot(idx).swallow.is_empty())
        .map(|&idx| {
            let id = ids.next();
            let area = Area::of(DEFAULT_FLOATING);
            let look = Look::default();
            let node = json!({
                "type": "con",
                "id": ids.next(),
                "rect": area.outer(),
                "window_rect": area.inner(look.border, look),
                "swallows": [criteria(&plan.slot(idx).swallow)],
                "marks": [plan.waiting_mark(idx)],
            });
            floating_con(id, None, false, node)
        })
        .collect();
    (!floating_nodes.is_empty()).then(|| {
        json!({
            "type": "workspace",
            "name": name,
            "nodes": [],
            "floating_nodes": floating_nodes,
        })
    })
}

/// A slot's place with what is to be read there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The slot.
    pub slot: SlotIdx,
    /// Its place, in pixels of the X screen.
    pub rect: Rect,
    /// The text, as i3's `title_format` takes it.
    pub text: String,
}

/// A hidden workspace with a label for each place.
///
/// The text is a title format, which stays with the container: no window ever comes
/// into a label. Inside, i3 writes the criteria, and those are the slot's, with a
/// machine that does not exist.
pub fn labels(plan: &Plan, labels: &[Label], name: &str, look: Look) -> Value {
    let border = Border::Normal(DEFAULT_WIDTH);
    let nodes: Vec<Value> = labels
        .iter()
        .map(|label| {
            let area = Area::of(label.rect);
            let mut criteria = criteria(&plan.slot(label.slot).swallow);
            criteria["machine"] = NEVER.into();
            json!({
                "type": "con",
                "rect": area.outer(),
                "window_rect": area.inner(border, look),
                // Without a title bar there is nothing to read.
                "border": "normal",
                "current_border_width": DEFAULT_WIDTH,
                "title_format": label.text,
                "swallows": [criteria],
                "marks": [plan.label_mark(label.slot)],
            })
        })
        .collect();
    json!({ "type": "workspace", "name": name, "nodes": nodes })
}

/// The width of the border of labels, in pixels.
const DEFAULT_WIDTH: u32 = 2;

/// A hidden workspace with nothing but one place of this size.
pub fn place(plan: &Plan, idx: SlotIdx, rect: Rect, name: &str) -> Value {
    let look = Look::default();
    let mut leaf = Map::new();
    leaf.insert("type".into(), "con".into());
    leaf.insert("rect".into(), Area::of(rect).outer());
    leaf.insert(
        "window_rect".into(),
        Area::of(rect).inner(look.border, look),
    );
    leaf.insert("marks".into(), json!([plan.place_mark(idx)]));
    json!({ "type": "workspace", "name": name, "nodes": [leaf] })
}

/// A hidden workspace with nothing but places for scratchpad windows.
pub fn scratchpad(plan: &Plan, floating: &[&PlannedFloating], name: &str, look: Look) -> Value {
    let writer = Writer {
        plan,
        purpose: Purpose::Apply,
        look,
    };
    let mut ids = Ids::default();
    let floating_nodes: Vec<Value> = floating
        .iter()
        .map(|floating| {
            let id = ids.next();
            let mut frame = writer.floating(floating, id, &mut ids);
            if floating.rect.is_none()
                && let Value::Object(frame) = &mut frame
            {
                // i3 gives it a size and centers it when it is shown.
                frame.insert("scratchpad_state".into(), "fresh".into());
            }
            frame
        })
        .collect();
    json!({
        "type": "workspace",
        "name": name,
        "nodes": [],
        "floating_nodes": floating_nodes,
    })
}

/// The workspace's nodes as a file for plain `i3-msg append_layout FILE`, which
/// puts them into the focused workspace: one JSON value after the other, as
/// `i3-save-tree` writes them.
///
/// A workspace that is not `splith` gets one container around its nodes.
pub fn export(plan: &Plan, planned: &PlannedWorkspace) -> String {
    let writer = Writer {
        plan,
        purpose: Purpose::Export,
        look: Look::default(),
    };
    let mut ids = Ids::default();
    let mut values = Vec::new();
    let content = &planned.content;
    if content.layout == ContainerLayout::SplitH || content.nodes.is_empty() {
        for node in &content.nodes {
            let id = ids.next();
            values.push(writer.node(node, node.share, id, Area::default(), &mut ids));
        }
    } else {
        let tiling = content.nodes.len();
        let container = Container {
            layout: content.layout,
            nodes: content.nodes.clone(),
            focus: content
                .focus
                .iter()
                .copied()
                .filter(|&position| position < tiling)
                .collect(),
        };
        let id = ids.next();
        let container = PlannedNode::container(1.0, container);
        values.push(writer.node(&container, 1.0, id, Area::default(), &mut ids));
    }
    for floating in &content.floating {
        let id = ids.next();
        values.push(writer.floating(floating, id, &mut ids));
    }
    let mut text = String::new();
    for value in values {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{value:#}\n");
    }
    text
}

struct Writer<'a> {
    plan: &'a Plan,
    purpose: Purpose,
    look: Look,
}

/// Ids that tie `focus` lists to nodes; i3 replaces them by its own.
#[derive(Default)]
struct Ids(u64);

impl Ids {
    const fn next(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }
}

impl Writer<'_> {
    fn node(&self, node: &PlannedNode, share: f64, id: u64, area: Area, ids: &mut Ids) -> Value {
        let mut map = Map::new();
        map.insert("type".into(), "con".into());
        map.insert("id".into(), id.into());
        if self.purpose == Purpose::Apply {
            map.insert("rect".into(), area.outer());
            if node.as_leaf().is_some() {
                let border = node.attributes.border.unwrap_or(self.look.border);
                map.insert("window_rect".into(), area.inner(border, self.look));
            }
        }
        self.attributes(&node.attributes, &mut map);
        map.insert("percent".into(), share.into());
        let mut marks: Vec<String> = match self.purpose {
            // The slot's own marks are set when its window is there: marks are
            // unique, and the window may still be elsewhere.
            Purpose::Apply if node.as_leaf().is_some() => Vec::new(),
            // i3 reads no JSON that is not UTF-8; such a mark is set at the end.
            Purpose::Apply => {
                let marks = node.attributes.marks.iter();
                marks.filter(|mark| !has_raw_bytes(mark)).cloned().collect()
            }
            Purpose::Export => node.attributes.marks.clone(),
        };
        match &node.kind {
            Kind::Leaf(idx) => match self.purpose {
                Purpose::Apply => marks.push(self.plan.place_mark(*idx)),
                Purpose::Export => {
                    let swallow = &self.plan.slot(*idx).swallow;
                    map.insert("swallows".into(), json!([criteria(swallow)]));
                }
            },
            Kind::Container(Container {
                layout,
                nodes,
                focus,
            }) => {
                map.insert("layout".into(), layout.as_str().into());
                let mut child_ids = Vec::new();
                let mut children = Vec::new();
                let shares: Vec<f64> = nodes.iter().map(|child| child.share).collect();
                for (child, area) in nodes.iter().zip(area.divided(*layout, &shares, self.look)) {
                    let id = ids.next();
                    child_ids.push(id);
                    children.push(self.node(child, child.share, id, area, ids));
                }
                map.insert("nodes".into(), children.into());
                let focus: Vec<u64> = focus
                    .iter()
                    .filter_map(|&position| child_ids.get(position).copied())
                    .collect();
                map.insert("focus".into(), focus.into());
            }
        }
        if !marks.is_empty() {
            map.insert("marks".into(), marks.into());
        }
        Value::Object(map)
    }

    fn floating(&self, floating: &PlannedFloating, id: u64, ids: &mut Ids) -> Value {
        let inner = ids.next();
        let area = Area::of(floating.rect.unwrap_or(DEFAULT_FLOATING));
        let floats = Writer {
            look: Look {
                border: self.look.floating_border,
                ..self.look
            },
            ..*self
        };
        let node = floats.node(&floating.node, 1.0, inner, area, ids);
        floating_con(id, floating.rect, floating.scratchpad, node)
    }

    fn attributes(&self, attributes: &Attributes, map: &mut Map<String, Value>) {
        if let Some(border) = attributes.border {
            let (style, width) = match border {
                Border::None => ("none", 0),
                Border::Pixel(width) => ("pixel", width),
                Border::Normal(width) => ("normal", width),
            };
            map.insert("border".into(), style.into());
            map.insert("current_border_width".into(), width.into());
        }
        if let Some(format) = &attributes.title_format {
            map.insert("title_format".into(), format.as_str().into());
        }
        if let Some(padding) = attributes.title_window_icon {
            map.insert("window_icon_padding".into(), padding.into());
        }
        if attributes.sticky {
            map.insert("sticky".into(), true.into());
        }
        // Apply makes windows fullscreen in the end: a fullscreen placeholder
        // would cover what people look at while the window has not come.
        if self.purpose == Purpose::Export {
            match attributes.fullscreen {
                Fullscreen::None => {}
                Fullscreen::Output => {
                    map.insert("fullscreen_mode".into(), 1.into());
                }
                Fullscreen::Global => {
                    map.insert("fullscreen_mode".into(), 2.into());
                }
            }
        }
    }
}

/// Criteria as i3 takes them. For a slot without any, of which only the command is
/// known, a pattern that no text matches: i3 refuses empty criteria.
fn criteria(swallow: &Swallow) -> Value {
    let mut map: Map<String, Value> = swallow
        .criteria()
        .map(|(name, pattern)| (name.to_owned(), pattern.into()))
        .collect();
    if map.is_empty() {
        map.insert("class".into(), NEVER.into());
    }
    Value::Object(map)
}

/// A pattern that matches no text at all.
const NEVER: &str = "^(?!)$";

/// The place of a floating window whose file does not say one; i3 does not take a
/// floating container without a size.
const DEFAULT_FLOATING: Rect = Rect::new(0, 0, 640, 480);

fn guest_leaf(con: ConId, share: f64, id: u64, area: Area, border: Border, look: Look) -> Value {
    let mut map = Map::new();
    map.insert("type".into(), "con".into());
    map.insert("id".into(), id.into());
    map.insert("rect".into(), area.outer());
    map.insert("window_rect".into(), area.inner(border, look));
    map.insert("percent".into(), share.into());
    map.insert("marks".into(), json!([guest_mark(con)]));
    Value::Object(map)
}

fn floating_con(id: u64, rect: Option<Rect>, scratchpad: bool, node: Value) -> Value {
    let mut map = Map::new();
    map.insert("type".into(), "floating_con".into());
    map.insert("id".into(), id.into());
    let rect = rect.unwrap_or(DEFAULT_FLOATING);
    map.insert(
        "rect".into(),
        json!({ "x": rect.x, "y": rect.y, "width": rect.width, "height": rect.height }),
    );
    if scratchpad {
        map.insert("scratchpad_state".into(), "changed".into());
    }
    let mut node = node;
    if let Value::Object(node) = &mut node {
        // Without this i3 takes the window for a tiling one inside its frame.
        node.insert("floating".into(), "user_on".into());
    }
    map.insert("nodes".into(), Value::Array(vec![node]));
    Value::Object(map)
}
