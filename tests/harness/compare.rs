//! Comparing two trees of the same desktop.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};
use similar::TextDiff;

use super::tree::{
    self, Name, children, descendants, floating_nodes, geometry, layout, marks, nodes,
};

/// The precision of a comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Precision {
    /// Everything that i3 can restore, including pixels, focus orders and visible workspaces.
    /// Floating rects may differ by one pixel.
    Exact,
    /// Containers, windows and their order, marks, floating, sticky and fullscreen states; no
    /// sizes and no focus.
    Structure,
}

/// Fails with a readable difference unless both trees are equal. Windows are identified by
/// name.
#[track_caller]
pub(crate) fn assert_same_tree(before: &Value, after: &Value, precision: Precision, name: Name) {
    if let Some(difference) = difference(before, after, precision, name) {
        panic!(
            "the trees differ ({precision:?}):\n{difference}\nbefore:\n{}after:\n{}",
            tree::text(before, name),
            tree::text(after, name),
        );
    }
}

/// The differing lines, if any.
pub(crate) fn difference(
    before: &Value,
    after: &Value,
    precision: Precision,
    name: Name,
) -> Option<String> {
    let before = shape(before, precision, name);
    let mut after = shape(after, precision, name);
    ignore_one_pixel(&before, &mut after, false);
    if before == after {
        return None;
    }
    let (before, after) = (lines(&before), lines(&after));
    let diff = TextDiff::from_lines(&before, &after);
    Some(
        diff.unified_diff()
            .context_radius(4)
            .header("before", "after")
            .to_string(),
    )
}

/// The tree without ids and without properties that cannot be restored.
pub(crate) fn shape(tree: &Value, precision: Precision, name: Name) -> Value {
    let shaper = Shaper { precision, name };
    let mut workspaces: Vec<_> = tree::workspaces(tree)
        .into_iter()
        .map(|workspace| {
            let mut shape = Map::new();
            shape.insert("name".to_owned(), workspace.con["name"].clone());
            shape.insert("output".to_owned(), json!(workspace.output));
            if precision == Precision::Exact {
                shape.insert("visible".to_owned(), json!(workspace.visible));
                shape.insert("rect".to_owned(), json!(geometry(&workspace.con["rect"])));
            }
            shape.extend(shaper.container(workspace.con));
            Value::Object(shape)
        })
        .collect();
    // Their order in the tree depends on numbers and history, so it is not compared.
    workspaces.sort_by_key(|workspace| workspace["name"].to_string());
    let mut shape = json!({ "workspaces": workspaces });
    let hidden = tree::scratchpad(tree).map_or(&[][..], floating_nodes);
    shape["scratchpad"] = hidden.iter().map(|frame| shaper.hidden(frame)).collect();
    if precision == Precision::Exact {
        shape["focused"] = tree::focused(tree).map_or(Value::Null, |con| shaper.title(con));
    }
    shape
}

struct Shaper {
    precision: Precision,
    name: Name,
}

impl Shaper {
    /// A string that identifies a container.
    fn title(&self, con: &Value) -> Value {
        if con["type"] == "workspace" {
            json!(format!("workspace {}", con["name"]))
        } else if nodes(con).is_empty() {
            json!(self.name.of(con))
        } else {
            let below: Vec<_> = descendants(con)
                .into_iter()
                .filter(|con| nodes(con).is_empty())
                .map(|con| self.name.of(con))
                .collect();
            json!(format!("{} of {}", layout(con), below.join(", ")))
        }
    }

    /// The properties that workspaces and containers have in common.
    fn container(&self, con: &Value) -> Map<String, Value> {
        let mut shape = self.properties(con);
        // The layout of a workspace is compared even if it is empty.
        if !nodes(con).is_empty() || con["type"] == "workspace" {
            shape.insert("layout".to_owned(), con["layout"].clone());
        }
        if self.precision == Precision::Exact {
            let focus: Vec<_> = con["focus"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|id| children(con).find(|child| child["id"] == *id))
                .map(|child| match child["type"].as_str() {
                    Some("floating_con") => nodes(child)
                        .first()
                        .map_or(Value::Null, |con| self.title(con)),
                    _ => self.title(child),
                })
                .collect();
            if focus.len() > 1 {
                shape.insert("focus".to_owned(), focus.into());
            }
        }
        if !nodes(con).is_empty() {
            let inner = nodes(con).iter().map(|child| self.node(child)).collect();
            shape.insert("nodes".to_owned(), inner);
        }
        if !floating_nodes(con).is_empty() {
            let frames = floating_nodes(con)
                .iter()
                .map(|frame| self.frame(frame))
                .collect();
            shape.insert("floating".to_owned(), frames);
        }
        shape
    }

    fn node(&self, con: &Value) -> Value {
        let mut shape = Map::new();
        if nodes(con).is_empty() {
            shape.insert("window".to_owned(), self.title(con));
        }
        shape.extend(self.container(con));
        Value::Object(shape)
    }

    /// A floating frame with its content.
    fn frame(&self, frame: &Value) -> Value {
        let inner = nodes(frame)
            .first()
            .map_or(Value::Null, |con| self.node(con));
        let mut shape = json!({ "inner": inner });
        if frame["scratchpad_state"] != "none" {
            shape["scratchpad_state"] = frame["scratchpad_state"].clone();
        }
        if self.precision == Precision::Exact {
            shape["rect"] = pixels(&frame["rect"]);
        }
        shape
    }

    /// A hidden frame. i3 does not lay out its content while it is hidden, and places a fresh
    /// frame only when it is shown.
    fn hidden(&self, frame: &Value) -> Value {
        let structure = Self {
            precision: Precision::Structure,
            name: self.name,
        };
        let mut shape = structure.frame(frame);
        if self.precision == Precision::Exact && frame["scratchpad_state"] != "fresh" {
            shape["rect"] = pixels(&frame["rect"]);
        }
        shape
    }

    fn properties(&self, con: &Value) -> Map<String, Value> {
        let mut shape = Map::new();
        let mut add = |key: &str, value: Value| {
            shape.insert(key.to_owned(), value);
        };
        let marks = marks(con);
        if !marks.is_empty() {
            add("marks", json!(marks));
        }
        if con["sticky"] == true {
            add("sticky", json!(true));
        }
        if con["fullscreen_mode"].as_u64().unwrap_or(0) != 0 && con["type"] != "workspace" {
            add("fullscreen_mode", con["fullscreen_mode"].clone());
        }
        if con["type"] == "workspace" {
            return shape;
        }
        add("border", con["border"].clone());
        if self.precision == Precision::Structure {
            return shape;
        }
        add("border_width", con["current_border_width"].clone());
        if !con["title_format"].is_null() {
            add("title_format", con["title_format"].clone());
        }
        if con["window_icon_padding"]
            .as_i64()
            .is_some_and(|px| px >= 0)
        {
            add("window_icon_padding", con["window_icon_padding"].clone());
        }
        // Not `percent`, because the rects are compared in pixels.
        for key in ["rect", "deco_rect", "window_rect"] {
            add(key, pixels(&con[key]));
        }
        shape
    }
}

fn pixels(rect: &Value) -> Value {
    ["x", "y", "width", "height"]
        .map(|key| rect[key].clone())
        .to_vec()
        .into()
}

/// Copies numbers from `before` to `after` that differ by at most one, in floating frames
/// and their content.
fn ignore_one_pixel(before: &Value, after: &mut Value, in_frame: bool) {
    match (before, after) {
        (Value::Number(old), after) if in_frame => {
            if let (Some(old), Some(new)) = (old.as_i64(), after.as_i64())
                && old.abs_diff(new) <= 1
            {
                *after = before.clone();
            }
        }
        (Value::Array(before), Value::Array(after)) => {
            for (before, after) in before.iter().zip(after) {
                ignore_one_pixel(before, after, in_frame);
            }
        }
        (Value::Object(before), Value::Object(after)) => {
            let in_frame = in_frame || before.contains_key("inner");
            for (key, before) in before {
                // Border widths must be equal.
                if key != "border_width"
                    && let Some(after) = after.get_mut(key)
                {
                    ignore_one_pixel(before, after, in_frame);
                }
            }
        }
        _ => {}
    }
}

/// The value as indented lines, with lists of plain values on one line.
fn lines(value: &Value) -> String {
    fn write(value: &Value, depth: usize, text: &mut String) {
        let indent = "  ".repeat(depth);
        match value {
            Value::Object(map) => {
                for (key, value) in map {
                    let _ = write!(text, "{indent}{key}:");
                    inline_or_below(value, depth, text);
                }
            }
            Value::Array(list) => {
                for value in list {
                    let _ = write!(text, "{indent}-");
                    inline_or_below(value, depth, text);
                }
            }
            plain => {
                let _ = writeln!(text, "{indent}{plain}");
            }
        }
    }
    fn inline_or_below(value: &Value, depth: usize, text: &mut String) {
        let plain = |value: &Value| !value.is_object() && !value.is_array();
        if plain(value) || value.as_array().is_some_and(|list| list.iter().all(plain)) {
            let _ = writeln!(text, " {value}");
        } else {
            text.push('\n');
            write(value, depth + 1, text);
        }
    }
    let mut text = String::new();
    write(value, 0, &mut text);
    text
}
