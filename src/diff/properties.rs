//! What is set on a container by commands: planned against present.

use super::{Kind, Property};
use crate::compile::{Content, Plan, PlannedNode, PlannedProperties, SlotIdx};
use crate::layout::{Border, Fullscreen};
use crate::live::{Con, Defaults};

/// The planned properties of a slot.
pub(crate) fn of_slot(plan: &Plan, idx: SlotIdx) -> Option<&PlannedProperties> {
    let floating = plan
        .workspaces
        .iter()
        .flat_map(|workspace| &workspace.floating)
        .chain(&plan.scratchpad)
        .map(|floating| &floating.node);
    plan.workspaces
        .iter()
        .flat_map(|workspace| &workspace.nodes)
        .chain(floating)
        .find_map(|node| in_node(node, idx))
}

fn in_node(node: &PlannedNode, idx: SlotIdx) -> Option<&PlannedProperties> {
    match &node.content {
        Content::Slot(slot) => (*slot == idx).then_some(&node.properties),
        Content::Container { nodes, .. } => nodes.iter().find_map(|node| in_node(node, idx)),
    }
}

/// Compares a window with what the plan sets on it.
pub(super) fn of_window(
    planned: &PlannedProperties,
    con: &Con,
    floating: bool,
    defaults: Defaults,
    mut found: impl FnMut(Kind),
) {
    let border = planned.border.unwrap_or(if floating {
        defaults.floating_border
    } else {
        defaults.border
    });
    if !same_border(border, con.border) {
        found(property(
            Property::Border,
            border_text(border),
            border_text(con.border),
        ));
    }
    common(planned, con, &mut found);
}

/// Compares a container with what the plan sets on it.
pub(super) fn of_container(planned: &PlannedProperties, con: &Con, mut found: impl FnMut(Kind)) {
    if let Some(border) = planned.border
        && !same_border(border, con.border)
    {
        found(property(
            Property::Border,
            border_text(border),
            border_text(con.border),
        ));
    }
    common(planned, con, &mut found);
}

fn common(planned: &PlannedProperties, con: &Con, found: &mut impl FnMut(Kind)) {
    let missing: Vec<&String> = planned
        .marks
        .iter()
        .filter(|mark| !con.marks.contains(mark))
        .collect();
    if !missing.is_empty() {
        let present: Vec<&String> = con
            .marks
            .iter()
            .filter(|mark| !mark.starts_with(crate::live::OWN_MARK_PREFIX))
            .collect();
        found(property(
            Property::Marks,
            planned.marks.join(", "),
            present
                .into_iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", "),
        ));
    }
    if planned.title_format != con.title_format {
        let text = |format: &Option<String>| format.clone().unwrap_or_else(|| "%title".to_owned());
        found(property(
            Property::TitleFormat,
            text(&planned.title_format),
            text(&con.title_format),
        ));
    }
    if planned.fullscreen != con.fullscreen {
        found(property(
            Property::Fullscreen,
            fullscreen_text(planned.fullscreen).to_owned(),
            fullscreen_text(con.fullscreen).to_owned(),
        ));
    }
    if planned.sticky != con.sticky {
        found(property(
            Property::Sticky,
            planned.sticky.to_string(),
            con.sticky.to_string(),
        ));
    }
}

const fn property(property: Property, before: String, after: String) -> Kind {
    Kind::Property {
        property,
        before,
        after,
    }
}

/// A window without a border has no width either, whatever i3 remembers.
const fn same_border(one: Border, other: Border) -> bool {
    match (one, other) {
        (Border::None, Border::None) => true,
        (Border::Pixel(one), Border::Pixel(other))
        | (Border::Normal(one), Border::Normal(other)) => one == other,
        _ => false,
    }
}

fn border_text(border: Border) -> String {
    match border {
        Border::None => "none".to_owned(),
        Border::Pixel(width) => format!("pixel {width}"),
        Border::Normal(width) => format!("normal {width}"),
    }
}

const fn fullscreen_text(fullscreen: Fullscreen) -> &'static str {
    match fullscreen {
        Fullscreen::None => "none",
        Fullscreen::Output => "output",
        Fullscreen::Global => "global",
    }
}
