//! Trees without invisible differences.

use serde_json::{Value, json};

use crate::harness::{Name, tree};

/// The tree without what nobody can see: split containers around a single child, the
/// direction in which a workspace would divide what it does not have, and the pixels
/// of what stands behind a fullscreen window, which i3 does not lay out.
pub(super) fn comparable(tree: &Value) -> Value {
    let mut tree = tree.clone();
    let all = tree::descendants(&tree);
    let everywhere = all.iter().any(|con| {
        // A sticky one comes along to each workspace.
        let follows = con["fullscreen_mode"] == 1 && con["sticky"] == true;
        (con["fullscreen_mode"] == 2 || follows) && con["type"] != "workspace"
    });
    for output in list(&mut tree, "nodes") {
        for content in list(output, "nodes") {
            // i3 forgets to remove them while a window covers all outputs.
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
                // A layout has marks of windows and containers.
                workspace["marks"] = json!([]);
                for frame in list(workspace, "floating_nodes") {
                    // `layout` on a floating window divides the window and its title
                    // bar otherwise; it looks the same.
                    let place = frame["rect"].clone();
                    let inner = &mut frame["nodes"][0];
                    while wraps_one(inner) {
                        *inner = inner["nodes"][0].clone();
                    }
                    if tree::nodes(inner).is_empty() {
                        without_pixels(inner);
                        inner["rect"] = place;
                    } else {
                        // Left of when it had a title.
                        inner["deco_rect"] = Value::Null;
                    }
                    if workspace_name == "__i3_scratch" {
                        // i3 scales it to a coarser grid, and a layout need not say it;
                        // `diff` knows what counts.
                        frame["rect"] = Value::Null;
                        frame["scratchpad_state"] = Value::Null;
                    }
                    // How it was hidden before does not count once it has been shown.
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
                // Focus raises a window, so both orders cannot always be had.
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

/// What a file says and nobody sees: the order of floating and of hidden windows, and
/// in which direction a workspace would divide what it does not have.
pub(super) fn unseen(tree: &Value) -> Vec<(String, Vec<String>)> {
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
                        // What a floating window would be if it were not fullscreen.
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

/// Whether a container looks like the only child that it has.
fn wraps_one(con: &Value) -> bool {
    tree::marks(con).is_empty()
        && con["title_format"].is_null()
        && is_split(con)
        && tree::nodes(con).len() == 1
}

/// Puts single children of split containers into the place of those.
fn unwrap_children(con: &mut Value) {
    let may = is_split(con) && con["type"] != "floating_con";
    let mut ids = Vec::new();
    let origin = con["rect"].clone();
    for child in list(con, "nodes") {
        unwrap_children(child);
        if may && wraps_one(child) {
            let mut inner = child["nodes"][0].clone();
            // The place of a title bar is relative to the parent.
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
            // Left of when it had a title.
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
