//! The lines of a run one by one, for people who look for something in it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::entry::{Entry, Fact};
use super::run::Run;
use crate::apply::Action;
use crate::wm::command::Command;

/// The origin of something that happened in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// i3: its tree, its config and its events.
    I3,
    /// Processes: programs that were started, that have ended, or their output.
    Proc,
    /// The X server.
    X11,
    /// This program.
    Tool,
}

impl Source {
    /// All sources.
    pub const ALL: [Self; 4] = [Self::I3, Self::Proc, Self::X11, Self::Tool];

    /// Its name on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::I3 => "i3",
            Self::Proc => "proc",
            Self::X11 => "x11",
            Self::Tool => "tool",
        }
    }
}

/// Something that happened in a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The time since the start of the command, in milliseconds.
    pub ms: f64,
    /// Its origin.
    pub source: Source,
    /// Its kind, such as `window-new` or `send`.
    pub kind: String,
    /// The id of its slot.
    pub slot: Option<String>,
    /// The commands that it sends to i3, in i3's syntax.
    pub commands: Vec<String>,
    /// The names of the containers in the commands, by their ids.
    pub names: BTreeMap<u64, String>,
    /// Its content.
    pub data: Value,
}

/// Everything that happened in a run, in order.
pub fn items(run: &Run) -> Vec<Item> {
    let mut items = Items::default();
    let entries = run.entries.iter();
    entries.flat_map(|entry| items.of(entry)).collect()
}

/// Takes the lines of a run apart, in order.
#[derive(Debug, Default)]
pub(super) struct Items {
    /// The ids of the slots in the latest plan.
    slots: Vec<String>,
    /// The names of the containers in the latest tree of i3.
    names: BTreeMap<u64, String>,
}

impl Items {
    /// Everything that the next line says.
    pub(super) fn of(&mut self, entry: &Entry) -> Vec<Item> {
        if let Fact::Plan(latest) = &entry.fact {
            let slots = latest.slots.iter();
            self.slots = slots.map(|slot| slot.id.clone()).collect();
        }
        let mut items = Vec::new();
        for (source, kind, data) in parts(&entry.fact) {
            let tree = match kind.as_str() {
                "seen" => data.pointer("/desktop/tree").or_else(|| data.get("tree")),
                "tree" => Some(&data),
                _ => None,
            };
            if let Some(tree) = tree {
                self.names.clear();
                name_all(tree, &mut self.names);
            }
            let commands = commands(&kind, &data);
            let names = self.names.iter();
            let names = names.filter(|(id, _)| {
                let id = id.to_string();
                commands.iter().any(|command| command.contains(&id))
            });
            items.push(Item {
                ms: entry.ms,
                source,
                slot: slot_of(&kind, &data).and_then(|slot| self.id(slot)),
                names: names.map(|(id, name)| (*id, name.clone())).collect(),
                commands,
                kind,
                data,
            });
        }
        items
    }

    /// The id of a slot, which is given by its position or its id.
    fn id(&self, slot: &Value) -> Option<String> {
        match slot {
            Value::Number(idx) => {
                let idx = usize::try_from(idx.as_u64()?).ok()?;
                self.slots.get(idx).cloned()
            }
            Value::String(id) => Some(id.clone()),
            _ => None,
        }
    }
}

/// Collects the names of the containers in a tree of i3: `workspace 1`, or the title of a window.
fn name_all(con: &Value, names: &mut BTreeMap<u64, String>) {
    let name = con["name"].as_str().filter(|name| !name.is_empty());
    let is_leaf = con["nodes"].as_array().is_none_or(Vec::is_empty);
    let name = match (con["kind"].as_str(), name) {
        (Some("Workspace"), Some(name)) => format!("workspace {name}"),
        (_, Some(name)) => name.to_owned(),
        (Some("Con"), None) if is_leaf => "placeholder".to_owned(),
        _ => "container".to_owned(),
    };
    if let Some(id) = con["id"].as_u64() {
        names.insert(id, name);
    }
    for list in ["nodes", "floating_nodes"] {
        let children = con[list].as_array().into_iter().flatten();
        children.for_each(|child| name_all(child, names));
    }
}

/// A part of a line: its origin, its kind and its content.
type Part = (Source, String, Value);

/// The parts of a line.
fn parts(fact: &Fact) -> Vec<Part> {
    match fact {
        Fact::Event { what, .. } => of_event(what),
        Fact::Actions(actions) => actions.iter().map(of_action).collect(),
        Fact::Seen(look) => {
            let look = serde_json::to_value(look).unwrap_or_default();
            vec![(Source::I3, "seen".to_owned(), look)]
        }
        Fact::Hook(hook) => {
            let data = serde_json::to_value(hook).unwrap_or_default();
            vec![(Source::Proc, "hook".to_owned(), data)]
        }
        other => {
            let value = serde_json::to_value(other).unwrap_or_default();
            let (kind, data) = tagged(&value);
            vec![(Source::Tool, kind, data)]
        }
    }
}

fn of_event(what: &Value) -> Vec<Part> {
    let (kind, data) = tagged(what);
    let source = match kind.as_str() {
        "seen" | "tree" | "config" => Source::I3,
        "checked" | "started" | "output" => Source::Proc,
        "woken" => {
            let happenings = data.as_array().into_iter().flatten();
            let mut parts: Vec<Part> = happenings.map(of_happening).collect();
            if parts.is_empty() {
                parts.push((Source::Tool, "timeout".to_owned(), Value::Null));
            }
            return parts;
        }
        _ => Source::Tool,
    };
    vec![(source, kind, data)]
}

fn of_happening(happening: &Value) -> Part {
    let (kind, data) = tagged(happening);
    match kind.as_str() {
        "change" => {
            let (kind, data) = tagged(&data);
            (Source::I3, kind, data)
        }
        "interrupt" => (Source::Tool, kind, data),
        _ => (Source::Proc, kind, data),
    }
}

fn of_action(action: &Action) -> Part {
    let source = match action {
        Action::Label(_) => Source::X11,
        Action::Start(_) | Action::Watch(_) => Source::Proc,
        _ => Source::Tool,
    };
    let (kind, data) = tagged(&serde_json::to_value(action).unwrap_or_default());
    (source, kind, data)
}

/// The name of a variant in lower case with hyphens, and its content.
fn tagged(value: &Value) -> (String, Value) {
    let (name, data) = match value {
        Value::String(name) => (name.as_str(), Value::Null),
        Value::Object(map) => match map.iter().next() {
            Some((name, data)) => (name.as_str(), data.clone()),
            None => ("", Value::Null),
        },
        _ => ("", Value::Null),
    };
    let mut kind = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !kind.is_empty() {
            kind.push('-');
        }
        kind.push(match letter {
            '_' => '-',
            other => other.to_ascii_lowercase(),
        });
    }
    (kind, data)
}

/// The slot in the content of a part: its position in the plan, or its id.
fn slot_of<'d>(kind: &str, data: &'d Value) -> Option<&'d Value> {
    match kind {
        "gave-up" => Some(data),
        "place" => data.pointer("/seat/slot"),
        "tell" => data.get("waiting"),
        _ => data.as_object().and_then(|map: &Map<_, _>| map.get("slot")),
    }
}

/// The commands in the content of a part.
fn commands(kind: &str, data: &Value) -> Vec<String> {
    let list = match kind {
        "send" | "sent" => Some(data.clone()),
        "remove" => data.get("commands").cloned(),
        "append" => {
            let pieces = data.as_array().into_iter().flatten();
            Some(
                pieces
                    .filter_map(|piece| piece.get("Command").cloned())
                    .collect(),
            )
        }
        _ => None,
    };
    let list = list.map(serde_json::from_value::<Vec<Command>>);
    let list = list.and_then(Result::ok).unwrap_or_default();
    list.iter().filter_map(|one| one.to_i3().ok()).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::journal::RunId;

    #[test]
    fn lines_are_taken_apart() {
        let text = [
            r#"{"ms":0.0,"start":{"version":"1","command":"apply","arguments":[],"at":1,"pid":2,"started":3}}"#,
            r#"{"ms":1.0,"event":{"at":1,"what":{"Woken":[{"Change":{"WindowClosed":7}},"Interrupt"]}}}"#,
            r#"{"ms":2.0,"actions":["Observe",{"Send":[{"Focus":7}]},{"Tell":{"filled":0,"waiting":null}}]}"#,
            r#"{"ms":3.0,"event":{"at":3,"what":{"Woken":[]}}}"#,
        ]
        .join("\n");
        let run = Run::parse(RunId::new(Duration::ZERO, 2), &text).unwrap();
        let found: Vec<String> = items(&run)
            .iter()
            .map(|item| {
                let commands = item.commands.join("; ");
                format!(
                    "{} {} {} {commands}",
                    item.ms,
                    item.source.as_str(),
                    item.kind
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                "0 tool start ",
                "1 i3 window-closed ",
                "1 tool interrupt ",
                "2 tool observe ",
                "2 tool send [con_id=7] focus",
                "2 tool tell ",
                "3 tool timeout ",
            ]
        );
    }
}
