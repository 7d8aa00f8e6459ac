//! A Plan as people read it: workspaces, containers and slots, indented.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::clean;
use crate::compile::{Launch, Plan, PlannedFloating, PlannedNode, SlotIdx};
use crate::tree::{Fullscreen, Kind};

/// The plan, one line for each container and slot.
pub fn outline(plan: &Plan, paint: Paint) -> String {
    let mut outline = Outline {
        plan,
        paint,
        text: String::new(),
    };
    for workspace in &plan.workspaces {
        let mut about = vec![workspace.content.layout.as_str().to_owned()];
        if let Some(output) = &workspace.output {
            about.push(format!("on {output}"));
        }
        if workspace.visible {
            about.push("shown".to_owned());
        }
        if plan.focus.as_deref() == Some(&workspace.name) {
            about.push("focused".to_owned());
        }
        outline.heading(&workspace.name, &about.join(", "));
        let content = &workspace.content;
        for node in &content.nodes {
            outline.node(node, 1, content.nodes.len() > 1);
        }
        for floating in &content.floating {
            outline.floating(floating);
        }
    }
    if !plan.scratchpad.is_empty() {
        outline.heading("scratchpad", "");
        for floating in &plan.scratchpad {
            outline.floating(floating);
        }
    }
    outline.text
}

/// The program of a slot and where it starts, as one would type it.
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
    fn heading(&mut self, name: &str, about: &str) {
        let name = self.paint.bold(&clean(name));
        let about = self.paint.faint(about);
        let line = format!("{name}  {about}");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn line(&mut self, depth: usize, words: &[String]) {
        let words: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
            .collect();
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}{}", "  ".repeat(depth), words.join("  "));
    }

    fn node(&mut self, node: &PlannedNode, depth: usize, has_siblings: bool) {
        let share = if has_siblings {
            format!("{:.0} %", node.share * 100.0)
        } else {
            String::new()
        };
        self.content(node, depth, &share);
    }

    fn floating(&mut self, floating: &PlannedFloating) {
        let place = match floating.rect {
            Some(rect) => format!("floating {rect}"),
            None => "floating".to_owned(),
        };
        self.content(&floating.node, 1, &place);
    }

    fn content(&mut self, node: &PlannedNode, depth: usize, place: &str) {
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
                for child in &container.nodes {
                    self.node(child, depth + 1, container.nodes.len() > 1);
                }
            }
        }
    }
}

fn properties(node: &PlannedNode) -> String {
    let properties = &node.attributes;
    let mut words: Vec<String> = Vec::new();
    if properties.sticky {
        words.push("sticky".to_owned());
    }
    match properties.fullscreen {
        Fullscreen::None => {}
        Fullscreen::Output => words.push("fullscreen".to_owned()),
        Fullscreen::Global => words.push("fullscreen on all outputs".to_owned()),
    }
    words.extend(
        properties
            .marks
            .iter()
            .map(|mark| format!("mark {}", clean(mark))),
    );
    if words.is_empty() {
        String::new()
    } else {
        format!("[{}]", words.join(", "))
    }
}

/// The plan as `show --json` has it.
pub fn to_json(plan: &Plan, path: Option<&str>) -> Value {
    let slots = |list: &mut dyn Iterator<Item = SlotIdx>| -> Vec<Value> {
        list.map(|idx| slot_json(plan, idx)).collect()
    };
    let workspaces: Vec<Value> = plan
        .workspaces
        .iter()
        .map(|workspace| {
            json!({
                "workspace": workspace.name,
                "output": workspace.output,
                "visible": workspace.visible,
                "layout": workspace.content.layout.as_str(),
                "slots": slots(&mut workspace.slots()),
            })
        })
        .collect();
    let scratchpad = plan.scratchpad.iter();
    let mut scratchpad = scratchpad.flat_map(|floating| floating.node.leaves().copied());
    json!({
        "layout": plan.layout,
        "path": path,
        "workspaces": workspaces,
        "scratchpad": slots(&mut scratchpad),
        "focus": plan.focus,
    })
}

fn slot_json(plan: &Plan, idx: SlotIdx) -> Value {
    let slot = plan.slot(idx);
    let swallow: serde_json::Map<String, Value> = slot
        .swallow
        .criteria()
        .map(|(name, pattern)| (name.to_owned(), json!(pattern)))
        .collect();
    let mut value = json!({
        "slot": slot.id,
        "swallow": swallow,
        "optional": slot.optional,
    });
    match &slot.launch {
        Launch::Elsewhere => value["command"] = Value::Null,
        Launch::Unresolved { reason, .. } => {
            value["command"] = Value::Null;
            value["problem"] = json!(reason);
        }
        Launch::Program(program) => {
            value["command"] = json!(program.shown.argv);
            value["cwd"] = json!(program.shown.cwd);
            value["env"] = json!(program.shown.env);
        }
    }
    value
}
