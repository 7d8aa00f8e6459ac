//! Walking i3's tree, and printing it as a few lines of text.
//!
//! ```text
//! 1: splith[editor 1152, tabbed 768[logs, htop*]] floating[calc 800x600+560+240]
//! ```
//!
//! Numbers are a container's pixels along the split direction of its parent. `*` marks the
//! focus. Parentheses contain properties that differ from a plain window.

use std::fmt::Write as _;

use serde_json::Value;

/// The property that names a window in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Name {
    /// First part of `WM_CLASS`.
    #[default]
    Instance,
    /// Second part of `WM_CLASS`.
    Class,
    /// The title.
    Title,
}

impl Name {
    /// The name of a leaf; for a placeholder, `?` and its mark.
    pub(crate) fn of(self, con: &Value) -> String {
        let properties = &con["window_properties"];
        let name = match self {
            Self::Instance => &properties["instance"],
            Self::Class => &properties["class"],
            Self::Title => &properties["title"],
        };
        if is_placeholder(con) {
            let mark = con["marks"][0].as_str().unwrap_or_default();
            return format!("?{mark}");
        }
        name.as_str()
            .or(con["name"].as_str())
            .unwrap_or("no name")
            .to_owned()
    }
}

/// A workspace with its output and visibility.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Workspace<'a> {
    pub(crate) output: &'a str,
    pub(crate) con: &'a Value,
    /// True if its output shows it.
    pub(crate) visible: bool,
}

/// Tiling children, in order.
pub(crate) fn nodes(con: &Value) -> &[Value] {
    con["nodes"].as_array().map_or(&[], Vec::as_slice)
}

/// True on i3 4.22 and newer: workspaces have gaps, and the `rect` of a leaf includes
/// its title bar.
pub(crate) fn has_gaps(tree: &Value) -> bool {
    workspaces(tree)
        .iter()
        .any(|workspace| workspace.con["gaps"].is_object())
}

/// Floating children, bottom to top.
pub(crate) fn floating_nodes(con: &Value) -> &[Value] {
    con["floating_nodes"].as_array().map_or(&[], Vec::as_slice)
}

/// Tiling children, then floating children.
pub(crate) fn children(con: &Value) -> impl Iterator<Item = &Value> {
    nodes(con).iter().chain(floating_nodes(con))
}

/// The container and all below it, depth first.
pub(crate) fn descendants(con: &Value) -> Vec<&Value> {
    let mut found = vec![con];
    for child in children(con) {
        found.extend(descendants(child));
    }
    found
}

/// True for a leaf without a program's window. A placeholder's window has no class (i3 source,
/// `src/restore_layout.c`).
pub(crate) fn is_placeholder(con: &Value) -> bool {
    con["type"] == "con"
        && children(con).next().is_none()
        && con["window_properties"]["class"].is_null()
        && (con["window"].is_null()
            || con["swallows"].as_array().is_some_and(|list| {
                !list.is_empty() && con["window_properties"]["title"].is_null()
            })
            || (con["marks"].to_string().contains("_i3pm:")
                && con["window_properties"]["title"].is_null()))
}

/// The containers with a program's window, including the scratchpad but not docks.
pub(crate) fn windows(tree: &Value) -> Vec<&Value> {
    all_workspaces(tree)
        .flat_map(|workspace| descendants(workspace.con))
        .filter(|con| !con["window"].is_null() && !is_placeholder(con))
        .collect()
}

/// The workspaces except i3's internal ones, outputs from left to right.
pub(crate) fn workspaces(tree: &Value) -> Vec<Workspace<'_>> {
    all_workspaces(tree)
        .filter(|workspace| !workspace.con["name"].to_string().starts_with("\"__"))
        .collect()
}

/// The hidden workspace of the scratchpad.
pub(crate) fn scratchpad(tree: &Value) -> Option<&Value> {
    all_workspaces(tree)
        .map(|workspace| workspace.con)
        .find(|con| con["name"] == "__i3_scratch")
}

fn all_workspaces(tree: &Value) -> impl Iterator<Item = Workspace<'_>> {
    // i3 lists outputs in the order in which they appeared.
    let mut outputs: Vec<_> = nodes(tree).iter().collect();
    outputs.sort_by_key(|output| (output["rect"]["x"].as_i64(), output["rect"]["y"].as_i64()));
    outputs.into_iter().flat_map(|output| {
        nodes(output)
            .iter()
            .filter(|content| content["type"] != "dockarea")
            .flat_map(move |content| {
                nodes(content).iter().map(move |con| Workspace {
                    output: output["name"].as_str().unwrap_or_default(),
                    con,
                    visible: content["focus"][0] == con["id"],
                })
            })
    })
}

/// The container with this mark.
pub(crate) fn with_mark<'a>(tree: &'a Value, mark: &str) -> Option<&'a Value> {
    descendants(tree).into_iter().find(|con| {
        let mut marks = con["marks"].as_array().into_iter().flatten();
        marks.any(|own| own == mark)
    })
}

/// The container that has the focus.
pub(crate) fn focused(tree: &Value) -> Option<&Value> {
    descendants(tree)
        .into_iter()
        .find(|con| con["focused"] == true)
}

/// The name of the workspace that has the focus.
pub(crate) fn focused_workspace(tree: &Value) -> Option<&str> {
    let focused = &focused(tree)?["id"];
    let mut all = workspaces(tree).into_iter();
    let holds = |con: &Value| descendants(con).iter().any(|one| one["id"] == *focused);
    all.find(|workspace| holds(workspace.con))?.con["name"].as_str()
}

/// i3's layout of a container: `splith`, `splitv`, `tabbed`, `stacked`.
pub(crate) fn layout(con: &Value) -> &str {
    con["layout"].as_str().unwrap_or("no layout")
}

/// A rect as `800x600+560+240`.
pub(crate) fn geometry(rect: &Value) -> String {
    format!(
        "{}x{}+{}+{}",
        rect["width"], rect["height"], rect["x"], rect["y"]
    )
}

/// The marks without the program's own marks.
pub(crate) fn marks(con: &Value) -> Vec<&str> {
    con["marks"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .filter(|mark| !mark.starts_with("_i3pm:"))
        .collect()
}

/// The beginning of a mark or workspace name of the program, if the tree contains one.
pub(crate) fn trace(tree: &Value) -> Option<String> {
    let text = tree.to_string();
    let at = text.find("\"_i3pm:")?;
    Some(text[at..].chars().take(40).collect())
}

/// The window with this instance.
#[track_caller]
pub(crate) fn window<'a>(tree: &'a Value, instance: &str) -> &'a Value {
    let mut windows = windows(tree).into_iter();
    windows
        .find(|con| Name::Instance.of(con) == instance)
        .expect(instance)
}

/// The tree as text: one line per workspace, and one for the scratchpad if it is not empty.
pub(crate) fn text(tree: &Value, name: Name) -> String {
    let mut lines = String::new();
    for workspace in workspaces(tree) {
        let con = workspace.con;
        let title = con["name"].as_str().unwrap_or_default();
        let star = star(con);
        let mut line = format!("{title}{star}: {}", inside(con, name));
        if !floating_nodes(con).is_empty() {
            let all: Vec<_> = floating_nodes(con)
                .iter()
                .map(|frame| floating(frame, name))
                .collect();
            let _ = write!(line, " floating[{}]", all.join(", "));
        }
        lines.push_str(&line);
        lines.push('\n');
    }
    let hidden = scratchpad(tree).map_or(&[][..], floating_nodes);
    if !hidden.is_empty() {
        let all: Vec<_> = hidden.iter().map(|frame| floating(frame, name)).collect();
        let _ = writeln!(lines, "scratchpad: {}", all.join(", "));
    }
    lines
}

/// The mark of the focus.
fn star(con: &Value) -> &'static str {
    if con["focused"] == true { "*" } else { "" }
}

/// A tiling container with its pixels along the split direction of its parent.
fn tiling(con: &Value, parent: &Value, name: Name) -> String {
    let pixels = |axis: &str| {
        let own = con["rect"][axis].as_i64().unwrap_or_default();
        if axis == "height" && nodes(con).is_empty() {
            // The rect of a leaf does not include its title bar.
            own + con["deco_rect"]["height"].as_i64().unwrap_or_default()
        } else {
            own
        }
    };
    let share = match layout(parent) {
        "splith" => format!(" {}", pixels("width")),
        "splitv" => format!(" {}", pixels("height")),
        _ => String::new(),
    };
    let star = star(con);
    if nodes(con).is_empty() {
        format!("{}{star}{share}{}", name.of(con), remarks(con))
    } else {
        let head = format!("{}{star}{share}{}", layout(con), remarks(con));
        format!("{head}{}", brackets(con, name))
    }
}

fn floating(frame: &Value, name: Name) -> String {
    let place = geometry(&frame["rect"]);
    let Some(con) = nodes(frame).first() else {
        return format!("empty {place}");
    };
    let star = star(con);
    if nodes(con).is_empty() {
        format!("{}{star} {place}{}", name.of(con), remarks(con))
    } else {
        let inner = brackets(con, name);
        format!("{}{star} {place}{}{inner}", layout(con), remarks(con))
    }
}

fn inside(con: &Value, name: Name) -> String {
    format!("{}{}", layout(con), brackets(con, name))
}

fn brackets(con: &Value, name: Name) -> String {
    let all: Vec<_> = nodes(con)
        .iter()
        .map(|child| tiling(child, con, name))
        .collect();
    format!("[{}]", all.join(", "))
}

/// The properties that differ from a plain window or container, in parentheses.
fn remarks(con: &Value) -> String {
    let mut remarks = Vec::new();
    let marks = marks(con);
    if !marks.is_empty() {
        remarks.push(format!("marks {}", marks.join(" ")));
    }
    let border = con["border"].as_str().unwrap_or("normal");
    if nodes(con).is_empty() && border != "normal" {
        remarks.push(format!("border {border}"));
    }
    if con["sticky"] == true {
        remarks.push("sticky".to_owned());
    }
    match con["fullscreen_mode"].as_u64() {
        Some(1) => remarks.push("fullscreen".to_owned()),
        Some(2) => remarks.push("fullscreen global".to_owned()),
        _ => {}
    }
    if remarks.is_empty() {
        String::new()
    } else {
        format!(" ({})", remarks.join(", "))
    }
}
