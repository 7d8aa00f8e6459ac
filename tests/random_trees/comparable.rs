//! Trees without invisible differences.

use serde_json::{Value, json};

use crate::harness::{Name, tree};

/// The tree without invisible properties: split containers around a single child, the split
/// direction of a workspace with fewer than two nodes, and the pixels of windows behind a
/// fullscreen window, which i3 does not lay out.
pub(super) fn comparable(tree: &Value) -> Value {
    let mut tree = tree.clone();
    let all = tree::descendants(&tree);
    let everywhere = all.iter().any(|con| {
        // A sticky fullscreen window follows to each workspace.
        let follows = con["fullscreen_mode"] == 1 && con["sticky"] == true;
        (con["fullscreen_mode"] == 2 || follows) && con["type"] != "workspace"
    });
    for output in list(&mut tree, "nodes") {
        for content in list(output, "nodes") {
            // i3 does not remove empty workspaces while a window covers all outputs.
            let shown = content["focus"][0].clone();
            if let Some(workspaces) = content["nodes"].as_array_mut() {
                workspaces.retain(|workspace| {
                    workspace["id"] == shown || tree::children(workspace).next().is_some()
                });
            }
            for workspace in list(content, "nodes") {
                let workspace_name = workspace["name"].clone();
                let covered = tree::descendants(workspace)
                    .iter()
                    .any(|con| con["fullscreen_mode"] != 0 && con["type"] != "workspace");
                unwrap_children(workspace);
                // A layout records marks of windows and containers only.
                workspace["marks"] = json!([]);
                for frame in list(workspace, "floating_nodes") {
                    // After `layout` on a floating window, i3 splits the rects of window and
                    // title bar differently; the result looks the same.
                    let place = frame["rect"].clone();
                    let inner = &mut frame["nodes"][0];
                    while looks_like_its_only_child(inner) {
                        *inner = inner["nodes"][0].clone();
                    }
                    if tree::nodes(inner).is_empty() {
                        without_pixels(inner);
                        inner["rect"] = place;
                    } else {
                        // The title bar's rect is left over from an earlier layout.
                        inner["deco_rect"] = Value::Null;
                    }
                    if workspace_name == "__i3_scratch" {
                        // i3 scales the position to a coarser grid, and a layout may omit it;
                        // `diff` checks it.
                        frame["rect"] = Value::Null;
                        frame["scratchpad_state"] = Value::Null;
                    }
                    // The earlier scratchpad state does not matter once the window has been
                    // shown.
                    if workspace_name != "__i3_scratch" && frame["scratchpad_state"] == "fresh" {
                        frame["scratchpad_state"] = json!("changed");
                    }
                }
                if tree::nodes(workspace).len() < 2 && workspace["layout"] == "splitv" {
                    workspace["layout"] = json!("splith");
                }
                if covered || everywhere {
                    without_pixels(workspace);
                }
                // Focusing raises a window, so focus order and stacking order cannot always
                // both be restored.
                if let Some(frames) = workspace["floating_nodes"].as_array_mut() {
                    frames.sort_by_key(windows_in);
                }
            }
        }
    }
    tree
}

fn list<'a>(con: &'a mut Value, key: &str) -> impl Iterator<Item = &'a mut Value> {
    con[key].as_array_mut().into_iter().flatten()
}

fn windows_in(con: &Value) -> Vec<String> {
    tree::descendants(con)
        .into_iter()
        .filter(|con| !con["window"].is_null())
        .map(|con| Name::Title.of(con))
        .collect()
}

/// Invisible properties that a layout file records: the order of floating and hidden windows,
/// and the split direction of workspaces.
pub(super) fn invisible_properties(tree: &Value) -> Vec<(String, Vec<String>)> {
    let mut orders: Vec<(String, Vec<String>)> = tree::descendants(tree)
        .into_iter()
        .filter(|con| con["type"] == "workspace")
        .map(|workspace| {
            let frames = tree::floating_nodes(workspace);
            (
                format!("{} {}", workspace["name"], workspace["layout"]),
                frames
                    .iter()
                    .flat_map(|frame| {
                        let state = frame["scratchpad_state"].to_string();
                        // The floating rect of a fullscreen window.
                        let covered = frame["nodes"][0]["fullscreen_mode"] != 0;
                        let behind = covered.then(|| tree::geometry(&frame["rect"]));
                        windows_in(frame).into_iter().chain([state]).chain(behind)
                    })
                    .collect(),
            )
        })
        .collect();
    orders.sort();
    orders
}

fn without_pixels(con: &mut Value) {
    for key in ["rect", "deco_rect", "window_rect"] {
        con[key] = Value::Null;
    }
    for key in ["nodes", "floating_nodes"] {
        list(con, key).for_each(without_pixels);
    }
}

fn is_split(con: &Value) -> bool {
    con["layout"]
        .as_str()
        .is_some_and(|layout| layout.starts_with("split"))
}

/// True if a container looks the same as its only child.
fn looks_like_its_only_child(con: &Value) -> bool {
    tree::marks(con).is_empty()
        && con["title_format"].is_null()
        && is_split(con)
        && tree::nodes(con).len() == 1
}

/// Replaces split containers by their only child.
fn unwrap_children(con: &mut Value) {
    let may = is_split(con) && con["type"] != "floating_con";
    let mut ids = Vec::new();
    let origin = con["rect"].clone();
    for child in list(con, "nodes") {
        unwrap_children(child);
        if may && looks_like_its_only_child(child) {
            let mut inner = child["nodes"][0].clone();
            // The position of a title bar is relative to the parent.
            for axis in ["x", "y"] {
                let number = |value: &Value| value[axis].as_i64().unwrap_or_default();
                if inner["deco_rect"]["width"] != 0 {
                    inner["deco_rect"][axis] = json!(
                        number(&inner["deco_rect"]) + number(&child["rect"]) - number(&origin)
                    );
                }
            }
            ids.push((child["id"].clone(), inner["id"].clone()));
            *child = inner;
        }
        if may && !tree::nodes(child).is_empty() {
            // The title bar's rect is left over from an earlier layout.
            child["deco_rect"] = Value::Null;
        }
    }
    for id in list(con, "focus") {
        if let Some((_, inner)) = ids.iter().find(|(wrapper, _)| wrapper == id) {
            *id = inner.clone();
        }
    }
    list(con, "floating_nodes").for_each(unwrap_children);
}
