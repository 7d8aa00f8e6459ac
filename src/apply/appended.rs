//! i3's tree after `append_layout`, as far as a run needs it: a dry run looks at it instead of i3.

use serde_json::Value;

use crate::live::{Con, ConId, ConKind, Desktop, GapSizes, ScratchpadState};
use crate::tree::{Attributes, Border, ContainerLayout};

/// The border of a container whose JSON has none; i3 would take that of its config.
const BORDER: Border = Border::Normal(2);

/// The container that i3 makes of this layout JSON, without the windows that i3 draws for
/// placeholders with criteria. `next_id` returns a new id each time.
pub(super) fn container(json: &Value, next_id: &mut dyn FnMut() -> ConId) -> Con {
    let id = next_id();
    let kind = match json["type"].as_str() {
        Some("workspace") => ConKind::Workspace,
        Some("floating_con") => ConKind::FloatingCon,
        _ => ConKind::Con,
    };
    let mut children = |key: &str| -> Vec<Con> {
        let children = json[key].as_array().into_iter().flatten();
        children.map(|child| container(child, next_id)).collect()
    };
    let (mut nodes, floating_nodes) = (children("nodes"), children("floating_nodes"));
    if kind == ConKind::FloatingCon {
        for inner in &mut nodes {
            inner.floating = true;
        }
    }
    let marks = json["marks"].as_array().into_iter().flatten();
    Con {
        id,
        kind,
        layout: match json["layout"].as_str() {
            Some("splitv") => ContainerLayout::SplitV,
            Some("tabbed") => ContainerLayout::Tabbed,
            Some("stacked") => ContainerLayout::Stacked,
            _ => ContainerLayout::SplitH,
        },
        percent: json["percent"].as_f64(),
        rect: serde_json::from_value(json["rect"].clone()).unwrap_or_default(),
        deco_rect: crate::geometry::Rect::default(),
        name: json["name"].as_str().map(str::to_owned),
        attributes: Attributes {
            border: Some(BORDER),
            marks: marks
                .filter_map(|mark| Some(mark.as_str()?.to_owned()))
                .collect(),
            title_format: json["title_format"].as_str().map(str::to_owned),
            ..Attributes::default()
        },
        focused: false,
        focus: focus(json, nodes.iter().chain(&floating_nodes)),
        floating: false,
        scratchpad: ScratchpadState::None,
        gaps: (kind == ConKind::Workspace).then(GapSizes::default),
        window: None,
        properties: None,
        swallows: json["swallows"].is_array(),
        nodes,
        floating_nodes,
    }
}

/// The focus order of the children: first those that the JSON lists.
fn focus<'c>(json: &Value, children: impl Iterator<Item = &'c Con>) -> Vec<ConId> {
    let keys = ["nodes", "floating_nodes"].map(|key| json[key].as_array());
    let keys = keys.into_iter().flatten().flatten();
    let pairs: Vec<(&Value, ConId)> = keys
        .map(|child| &child["id"])
        .zip(children.map(|child| child.id))
        .collect();
    let listed = json["focus"].as_array().into_iter().flatten();
    let listed = listed.filter_map(|id| pairs.iter().find(|(own, _)| *own == id));
    let mut order: Vec<ConId> = listed.map(|(_, id)| *id).collect();
    for (_, id) in pairs {
        if !order.contains(&id) {
            order.push(id);
        }
    }
    order
}

/// Adds a workspace to the output that has the focused workspace.
pub(super) fn attach(desktop: &mut Desktop, workspace: Con) {
    let beside = desktop.focused_workspace().map(|live| live.con.id);
    let Some(beside) = beside else { return };
    if let Some(content) = parent_of(&mut desktop.tree, beside) {
        content.focus.push(workspace.id);
        content.nodes.push(workspace);
    }
}

fn parent_of(con: &mut Con, child: ConId) -> Option<&mut Con> {
    if con.nodes.iter().any(|one| one.id == child) {
        return Some(con);
    }
    con.nodes.iter_mut().find_map(|one| parent_of(one, child))
}
