//! Writes a planned workspace as the JSON that i3's `append_layout` reads.
//!
//! This file and `node_json.rs` are the only writers of that format (i3 user guide, "Layout
//! saving"). i3 reads numbers
//! and arrays in the order in which they appear (i3's `src/load_layout.c`), so these rules
//! apply:
//! - `marks` and `focus` come after `nodes`, otherwise they are lost.
//! - Numbers that are shares have a decimal point, otherwise they are ignored.
//! - Windows have no `name`: it would become the placeholder's title, which another
//!   placeholder could swallow.
//! - There are no keys that i3 does not know: they would become containers.
//!
//! `apply` uses three kinds of placeholders:
//! - A *place* marks where a window belongs. It has no swallow criteria, so i3 never draws a
//!   window for it, and it can be removed without a trace. (Killing a drawn placeholder can
//!   crash i3 4.22: its `src/restore_layout.c` still uses the freed container when an event
//!   for the drawn window arrives.) i3 does not lay out hidden workspaces, and a window that
//!   is swapped into a container without a size gets a size of zero, which crashes some
//!   programs (X11 error `BadValue`). Therefore every place has a `rect` and a `window_rect`.
//! - A *waiting* placeholder has the criteria, and waits in the scratchpad for the window
//!   that a program opens. From there the window is swapped into its place, so it is never
//!   visible anywhere else. It has a size, so i3 draws a window for it although it is hidden.
//!   If i3 cannot draw one, it leaves an empty criterion on the window that the placeholder
//!   swallows. i3 4.22 then rejects its own layout when it restarts in place, and puts all
//!   windows on one workspace.
//! - A *label* replaces a place when its window takes long, and shows in its title bar which
//!   window is pending. i3 draws it because it has criteria, which no window matches.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::area::Area;
pub use super::area::Look;
use super::node_json::{
    DEFAULT_FLOATING, NEVER, Purpose, Writer, criteria, focus_ids, without_nulls,
};
use super::plan::{Plan, PlannedFloating, PlannedNode, PlannedWorkspace, SlotIdx};
use crate::geometry::Rect;
use crate::live::mark::{PREVIOUS_MARK, SPENT_BOX_MARK, WAITING_BOX_MARK};
use crate::live::{ConId, GapSizes};
use crate::tree::{Border, Container, ContainerLayout, shares};

/// An open window or container that is not in the layout and stays beside the planned nodes.
#[derive(Clone, Debug, PartialEq)]
pub struct Guest {
    /// The container to swap in.
    pub con: ConId,
    /// Its rect if it floats.
    pub rect: Option<Rect>,
}

/// The mark of the placeholder for a guest.
pub fn guest_mark(con: ConId) -> String {
    format!("{}{}", crate::live::mark::GUEST_MARK_PREFIX, con.0)
}

/// A planned workspace as a new one with the name `name`.
///
/// i3 creates it hidden on the focused output, with its own layout.
///
/// `area` is the workspace's future area in pixels of the X screen, and `look` the look of
/// its windows there. `gaps` are in the form that i3 reports; `None` for an i3 without gaps,
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
    let writer = Writer::new(plan, Purpose::Apply, look);
    let (floating_guests, tiling_guests): (Vec<&Guest>, Vec<&Guest>) =
        guests.iter().partition(|guest| guest.rect.is_some());
    let content = &planned.content;
    let count = content.nodes.len();
    let guest_share = shares::even(count + tiling_guests.len());
    #[expect(clippy::cast_precision_loss, reason = "numbers of siblings are small")]
    let scale = count as f64 * guest_share;
    let own_shares = content.nodes.iter().map(|node| node.share * scale);
    let guest_shares = tiling_guests.iter().map(|_| guest_share);
    let shares: Vec<f64> = own_shares.chain(guest_shares).collect();
    let areas = Area::of(area).divided(content.layout, &shares, look);

    let mut nodes = writer.nodes(&content.nodes, &shares, &areas);
    let tiling_guests = tiling_guests.iter().zip(areas.into_iter().skip(count));
    let guest_nodes: Vec<Value> = tiling_guests
        .map(|(guest, area)| writer.place(&guest_mark(guest.con), guest_share, area, look.border))
        .collect();
    let frames = content.floating.iter();
    let mut floating_nodes: Vec<Value> = frames.map(|one| writer.floating(one)).collect();
    let guest_frames: Vec<Value> = floating_guests
        .into_iter()
        .filter_map(|guest| Some((guest, guest.rect?)))
        .map(|(guest, rect)| {
            writer.frame(rect, None, || {
                let (mark, border) = (guest_mark(guest.con), look.floating_border);
                writer.place(&mark, 1.0, Area::of(rect), border)
            })
        })
        .collect();

    let own: Vec<&Value> = nodes.iter().chain(&floating_nodes).collect();
    let mut focus = focus_ids(&own, &content.focus);
    focus.extend(
        guest_nodes
            .iter()
            .chain(&guest_frames)
            .map(|guest| guest["id"].clone()),
    );
    nodes.extend(guest_nodes);
    floating_nodes.extend(guest_frames);
    without_nulls(json!({
        "type": "workspace",
        "name": name,
        "layout": content.layout.as_str(),
        "nodes": nodes,
        "floating_nodes": floating_nodes,
        "focus": focus,
        "gaps": gaps,
    }))
}

/// A hidden workspace with a waiting placeholder for each slot that has criteria. All are in one
/// floating container, which can be moved to the scratchpad as it is. With a frame for each
/// placeholder, i3 would have twice as many containers to look through whenever it draws.
///
/// `None` if there is nothing to wait for.
pub fn waiting(plan: &Plan, slots: &[SlotIdx], name: &str) -> Option<Value> {
    let look = Look::default();
    let writer = Writer::new(plan, Purpose::Apply, look);
    let area = Area::of(DEFAULT_FLOATING);
    let nodes: Vec<Value> = slots
        .iter()
        .filter(|&&idx| !plan.slot(idx).swallow.is_empty())
        .map(|&idx| {
            json!({
                "type": "con",
                "id": writer.next_id(),
                "rect": area.outer(),
                "window_rect": area.inner(look.border, look),
                "swallows": [criteria(&plan.slot(idx).swallow)],
                "marks": [plan.waiting_mark(idx)],
            })
        })
        .collect();
    (!nodes.is_empty()).then(|| {
        let frame = writer.frame(DEFAULT_FLOATING, None, || {
            json!({
                "type": "con",
                "id": writer.next_id(),
                "layout": "tabbed",
                "nodes": nodes,
                "marks": [WAITING_BOX_MARK],
            })
        });
        hidden_workspace(name, &[], &[frame])
    })
}

/// A hidden workspace with a container into which spent places can be moved, to remove them
/// together. i3 moves a container into another one only if that has a child.
pub fn spent_box(name: &str) -> Value {
    let container = json!({
        "type": "con",
        "layout": "splith",
        "nodes": [{ "type": "con" }],
        "marks": [SPENT_BOX_MARK],
    });
    hidden_workspace(name, &[container], &[])
}

/// The text that replaces a slot's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The slot.
    pub slot: SlotIdx,
    /// Its place, in pixels of the X screen.
    pub rect: Rect,
    /// The text, as an i3 `title_format`.
    pub text: String,
}

/// A hidden workspace with a label for each place.
///
/// The text is a title format, which stays with the container: a label never gets a window.
/// i3 writes the criteria inside: those of the slot, with a machine that does not exist.
pub fn labels(plan: &Plan, labels: &[Label], name: &str, look: Look) -> Value {
    let border = Border::Normal(LABEL_BORDER_WIDTH);
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
                // The text is in the title bar.
                "border": "normal",
                "current_border_width": LABEL_BORDER_WIDTH,
                "title_format": label.text,
                "swallows": [criteria],
                "marks": [plan.label_mark(label.slot)],
            })
        })
        .collect();
    hidden_workspace(name, &nodes, &[])
}

/// The width of the border of labels, in pixels.
const LABEL_BORDER_WIDTH: u32 = 2;

/// A hidden workspace with a single place of this size.
pub fn place(plan: &Plan, idx: SlotIdx, rect: Rect, name: &str) -> Value {
    let look = Look::default();
    let writer = Writer::new(plan, Purpose::Apply, look);
    let place = writer.place(&plan.place_mark(idx), 1.0, Area::of(rect), look.border);
    hidden_workspace(name, &[place], &[])
}

/// A hidden workspace with a place that can be moved to i3's previous workspace to find it. The
/// place floats and is one pixel large, because that workspace may be visible. Without the key
/// `floating`, i3 would move it out of its frame.
pub fn previous_finder(name: &str) -> Value {
    let rect = Rect::new(0, 0, 1, 1);
    let place = json!({
        "type": "con",
        "floating": "user_on",
        "border": "none",
        "rect": rect,
        "window_rect": rect,
        "marks": [PREVIOUS_MARK],
    });
    let frame = json!({ "type": "floating_con", "rect": rect, "nodes": [place] });
    hidden_workspace(name, &[], &[frame])
}

/// A hidden workspace that makes `previous` i3's previous workspace.
///
/// i3 writes the key into the layout of a restart in place, and reads it from every layout
/// (`json_string` in i3's `src/load_layout.c`).
pub fn with_previous(previous: &str, name: &str) -> Value {
    let place = json!({ "type": "con", "marks": [PREVIOUS_MARK] });
    let mut workspace = hidden_workspace(name, &[place], &[]);
    workspace["previous_workspace_name"] = previous.into();
    workspace
}

/// A hidden workspace with places for scratchpad windows.
pub fn scratchpad(plan: &Plan, floating: &[&PlannedFloating], name: &str, look: Look) -> Value {
    let writer = Writer::new(plan, Purpose::Apply, look);
    let frames = floating.iter().map(|floating| {
        let mut frame = writer.floating(floating);
        if floating.rect.is_none() {
            // i3 gives it a size and centers it when it shows it.
            frame["scratchpad_state"] = "fresh".into();
        }
        frame
    });
    hidden_workspace(name, &[], &frames.collect::<Vec<_>>())
}

fn hidden_workspace(name: &str, nodes: &[Value], floating_nodes: &[Value]) -> Value {
    json!({
        "type": "workspace",
        "name": name,
        "nodes": nodes,
        "floating_nodes": floating_nodes,
    })
}

/// The workspace's nodes as a file for `i3-msg append_layout FILE`, which adds them to the
/// focused workspace: JSON values one after the other, as `i3-save-tree` writes them.
///
/// If the workspace is not `splith`, its nodes are in one container.
pub fn export(plan: &Plan, planned: &PlannedWorkspace) -> String {
    let writer = Writer::new(plan, Purpose::Export, Look::default());
    let content = &planned.content;
    let count = content.nodes.len();
    let focus = content.focus.iter().copied();
    let container = PlannedNode::container(
        1.0,
        Container {
            layout: content.layout,
            nodes: content.nodes.clone(),
            focus: focus.filter(|&position| position < count).collect(),
        },
    );
    let nodes = if content.layout == ContainerLayout::SplitH || count == 0 {
        container.nodes()
    } else {
        std::slice::from_ref(&container)
    };
    let nodes = nodes
        .iter()
        .map(|node| writer.node(node, node.share, Area::default()));
    let floating = content
        .floating
        .iter()
        .map(|floating| writer.floating(floating));
    nodes
        .chain(floating)
        .fold(String::new(), |mut text, value| {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{value:#}\n");
            text
        })
}
