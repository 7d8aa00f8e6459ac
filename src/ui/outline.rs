//! A plan as text and JSON: workspaces, containers and slots.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Map, Value, json};

use super::Paint;
use super::words::{Count, clean};
use crate::compile::{Launch, Plan, PlannedFloating, PlannedNode, SlotIdx};
use crate::layout::Layout;
use crate::tree::{Fullscreen, Kind};

/// The number of windows of a layout: `3 windows on 2 workspaces, 1 window in the scratchpad`.
pub fn contents<W>(layout: &Layout<W>) -> String {
    let (hidden, tiled): (Vec<_>, Vec<_>) =
        layout.slots().partition(|slot| slot.workspace.is_none());
    let of_workspaces = layout.workspaces.iter();
    let used = of_workspaces.filter(|workspace| !workspace.content.is_empty());
    // Empty workspaces would be confusing in the count of the windows.
    let workspaces = match used.count() {
        0 => layout.workspaces.len(),
        used => used,
    };
    let hidden = (!hidden.is_empty())
        .then(|| format!("{} in the scratchpad", Count(hidden.len(), "window")));
    let on_workspaces = format!(
        "{} on {}",
        Count(tiled.len(), "window"),
        Count(workspaces, "workspace")
    );
    match hidden {
        Some(hidden) if tiled.is_empty() => hidden,
        Some(hidden) => format!("{on_workspaces}, {hidden}"),
        None => on_workspaces,
    }
}

/// The plan, one line for each container and slot.
pub fn outline(plan: &Plan, paint: Paint) -> String {
    let mut outline = Outline {
        plan,
        paint,
        text: String::new(),
    };
    for workspace in &plan.workspaces {
        let content = &workspace.content;
        let mut about = vec![content.layout.as_str().to_owned()];
        about.extend(workspace.output.iter().map(|output| format!("on {output}")));
        if workspace.visible {
            about.push("visible".to_owned());
        }
        if plan.focus.as_deref() == Some(&workspace.name) {
            about.push("focused".to_owned());
        }
        let heading = [
            paint.bold(&clean(&workspace.name)),
            paint.faint(&about.join(", ")),
        ];
        outline.line(0, &heading);
        outline.nodes(&content.nodes, 1);
        for floating in &content.floating {
            outline.floating(floating);
        }
    }
    if !plan.scratchpad.is_empty() {
        outline.line(0, &[paint.bold("scratchpad")]);
        for floating in &plan.scratchpad {
            outline.floating(floating);
        }
    }
    outline.text
}

/// The program of a slot and its working directory, as in a shell.
pub fn command(launch: &Launch) -> String {
    match launch {
        Launch::Elsewhere => "(opened by another slot's program)".to_owned(),
        Launch::Unresolved { reason, .. } => format!("(cannot be started: {reason})"),
        Launch::Program(program) => {
            let mut text = String::new();
            for (name, value) in &program.shown.env {
                // Writing to a String cannot fail.
                let _ = write!(text, "{name}={} ", shell_words::quote(value));
            }
            text.push_str(&shell_words::join(&program.shown.argv));
            if program.cwd_is_named {
                let cwd = &program.shown.cwd;
                let _ = write!(text, "  (in {})", cwd.display());
            }
            clean(&text)
        }
    }
}

struct Outline<'a> {
    plan: &'a Plan,
    paint: Paint,
    text: String,
}

impl Outline<'_> {
    fn line(&mut self, depth: usize, words: &[String]) {
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}{}", "  ".repeat(depth), words.join("  "));
    }

    fn nodes(&mut self, nodes: &[PlannedNode], depth: usize) {
        for node in nodes {
            let share = if nodes.len() > 1 {
                format!("{:.0} %", node.share * 100.0)
            } else {
                String::new()
            };
            self.node(node, depth, &share);
        }
    }

    fn floating(&mut self, floating: &PlannedFloating) {
        let rect = floating.rect.map(|rect| format!(" {rect}"));
        let place = format!("floating{}", rect.unwrap_or_default());
        self.node(&floating.node, 1, &place);
    }

    fn node(&mut self, node: &PlannedNode, depth: usize, place: &str) {
        let place = self.paint.faint(place);
        let properties = properties(node);
        match &node.kind {
            Kind::Leaf(idx) => {
                let slot = self.plan.slot(*idx);
                let id = self.paint.good(&clean(&slot.id));
                self.line(depth, &[place, id, command(&slot.launch), properties]);
            }
            Kind::Container(container) => {
                let layout = container.layout.as_str().to_owned();
                self.line(depth, &[place, layout, properties]);
                self.nodes(&container.nodes, depth + 1);
            }
        }
    }
}

fn properties(node: &PlannedNode) -> String {
    let properties = &node.attributes;
    let sticky = properties.sticky.then_some("sticky");
    let fullscreen = match properties.fullscreen {
        Fullscreen::None => None,
        Fullscreen::Output => Some("fullscreen"),
        Fullscreen::Global => Some("fullscreen on all outputs"),
    };
    let words = sticky.into_iter().chain(fullscreen).map(str::to_owned);
    let marks = properties.marks.iter();
    let words: Vec<String> = words
        .chain(marks.map(|mark| format!("mark {}", clean(mark))))
        .collect();
    if words.is_empty() {
        String::new()
    } else {
        format!("[{}]", words.join(", "))
    }
}

/// The plan as JSON, for `show --json`.
pub fn to_json(plan: &Plan, path: Option<&Path>) -> Value {
    let slots = |slots: &mut dyn Iterator<Item = SlotIdx>| -> Value {
        slots.map(|idx| slot_json(plan, idx)).collect()
    };
    let workspaces = plan.workspaces.iter().map(|workspace| {
        json!({
            "workspace": workspace.name,
            "output": workspace.output,
            "visible": workspace.visible,
            "layout": workspace.content.layout.as_str(),
            "slots": slots(&mut workspace.slots()),
        })
    });
    let scratchpad = plan.scratchpad.iter();
    let mut scratchpad = scratchpad.flat_map(|floating| floating.node.leaves().copied());
    json!({
        "layout": plan.layout,
        "path": path.map(Path::to_string_lossy),
        "workspaces": workspaces.collect::<Value>(),
        "scratchpad": slots(&mut scratchpad),
        "focus": plan.focus,
    })
}

fn slot_json(plan: &Plan, idx: SlotIdx) -> Value {
    let slot = plan.slot(idx);
    let swallow = slot.swallow.criteria();
    let swallow: Map<String, Value> = swallow
        .map(|(name, pattern)| (name.to_owned(), json!(pattern)))
        .collect();
    let mut value = json!({
        "slot": slot.id,
        "swallow": swallow,
        "optional": slot.optional,
    });
    launch_json(&mut value, &slot.launch);
    value
}

/// Adds the program of a slot to its JSON.
pub(super) fn launch_json(value: &mut Value, launch: &Launch) {
    match launch {
        Launch::Elsewhere => value["command"] = Value::Null,
        Launch::Unresolved { reason, .. } => {
            value["command"] = Value::Null;
            value["problem"] = json!(reason);
        }
        Launch::Program(program) => {
            value["command"] = json!(program.shown.argv);
            value["cwd"] = json!(program.shown.cwd.to_string_lossy());
            value["env"] = json!(program.shown.env);
        }
    }
}
