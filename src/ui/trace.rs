//! The actions of a command as they happen, for `--verbose`.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Paint;
use super::history::event;
use super::words::{Count, duration, tilde};
use crate::journal::items::Item;

/// The items that repeat what the progress line shows.
const LEFT_OUT: [&str; 1] = ["tell"];

/// An action on one line with the milliseconds since the start of the command; empty for an item
/// that says nothing new.
pub fn line(item: &Item, paint: Paint) -> String {
    let is_empty = item.kind == "sent" && item.commands.is_empty();
    if is_empty || LEFT_OUT.contains(&item.kind.as_str()) {
        return String::new();
    }
    let mut brief = Item {
        data: brief(item),
        ..item.clone()
    };
    if item.kind == "append" {
        brief.commands.clear();
    }
    for command in &mut brief.commands {
        *command = named(command, &item.names);
    }
    event(&brief, paint)
}

/// A command with the names of containers in place of their ids, as far as they are known.
fn named(command: &str, names: &BTreeMap<u64, String>) -> String {
    /// The letters of a name.
    const LONGEST: usize = 40;
    let mut text = command.to_owned();
    for (id, name) in names {
        let name: String = name.chars().take(LONGEST).collect();
        text = text
            .replace(&format!("[con_id={id}]"), &format!("[`{name}`]"))
            .replace(&format!("con_id {id}"), &format!("`{name}`"));
    }
    text
}

/// The content of an item in a few words. Desktops and programs have too much for one line;
/// `history show --events --json` has all of it.
fn brief(item: &Item) -> Value {
    let data = &item.data;
    let text = match item.kind.as_str() {
        "seen" => return Value::Null,
        "append" => {
            let pieces = data.as_array().into_iter().flatten();
            let layouts = pieces.filter(|piece| piece.get("Layout").is_some());
            let layouts = Count(layouts.count(), "layout").to_string();
            [&[layouts], item.commands.as_slice()].concat().join("; ")
        }
        "check" => {
            let programs = data.get("programs").and_then(Value::as_array);
            Count(programs.map_or(0, Vec::len), "program").to_string()
        }
        "fail" => match data.get("Gone") {
            Some(Value::String(gone)) => format!("i3 has {}", gone.to_lowercase()),
            Some(_) => "the connection to i3 is lost".to_owned(),
            None => {
                let missing = data.pointer("/NotBuilt/missing").and_then(Value::as_u64);
                let missing = usize::try_from(missing.unwrap_or_default()).unwrap_or_default();
                format!("i3 has not created {}", Count(missing, "placeholder"))
            }
        },
        "read-output" => match data.get("log").and_then(Value::as_str) {
            Some(log) => format!("what its program has printed: {}", tilde(log)),
            None => String::new(),
        },
        "watch" => match data.get("pid").and_then(Value::as_u64) {
            Some(pid) => format!("process {pid}"),
            None => String::new(),
        },
        "gave-up" => String::new(),
        "remove" if item.commands.is_empty() => String::new(),
        "label" => Count(data.as_array().map_or(0, Vec::len), "placeholder").to_string(),
        "place" => match data.get("window") {
            Some(window) => format!("window {window}"),
            None => String::new(),
        },
        "start" => {
            let shown = data
                .pointer("/program/shown/argv")
                .and_then(Value::as_array);
            let words = shown.into_iter().flatten().filter_map(Value::as_str);
            shell_words::join(words)
        }
        "hook" => {
            let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or_default();
            let words = data.get("command").and_then(Value::as_array);
            let words = words.into_iter().flatten().filter_map(Value::as_str);
            let command = shell_words::join(words);
            let failed = data.get("failed").and_then(Value::as_str).unwrap_or("done");
            format!("{}  {command}: {failed}", text("event"))
        }
        "wait" => {
            let until: Option<Duration> = serde_json::from_value(data.clone()).ok();
            let until = until.map(|until| format!("until {}", duration(until)));
            until.unwrap_or_default()
        }
        "end" => match (data.get("exit"), data.get("error").and_then(Value::as_str)) {
            (Some(exit), Some(error)) => format!("exit code {exit}: {error}"),
            (Some(exit), None) => format!("exit code {exit}"),
            _ => String::new(),
        },
        _ => return data.clone(),
    };
    Value::String(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::journal::items::Source;

    fn shown(kind: &str, data: Value) -> String {
        let item = Item {
            ms: 12.5,
            source: Source::Tool,
            kind: kind.to_owned(),
            slot: None,
            commands: Vec::new(),
            names: BTreeMap::new(),
            data,
        };
        line(&item, Paint(false))
    }

    #[test]
    fn containers_have_names() {
        let names = [(7, "editor".to_owned()), (9, "workspace 1".to_owned())].into();
        for (command, expected) in [
            ("[con_id=7] focus", "[`editor`] focus"),
            (
                "[con_id=7] swap container with con_id 9",
                "[`editor`] swap container with `workspace 1`",
            ),
            ("[con_id=70] focus", "[con_id=70] focus"),
        ] {
            assert_eq!(named(command, &names), expected);
        }
    }

    #[test]
    fn actions_are_short_lines_with_their_time() {
        let start =
            json!({ "program": { "argv": ["x", "hunter2"], "shown": { "argv": ["x", "a b"] } } });
        for (kind, data, expected) in [
            ("observe", Value::Null, "    12.500 ms  tool  observe\n"),
            ("start", start, "    12.500 ms  tool  start  x 'a b'\n"),
            ("seen", json!({ "tree": [] }), "    12.500 ms  tool  seen\n"),
            (
                "wait",
                json!({ "secs": 30, "nanos": 0 }),
                "    12.500 ms  tool  wait  until 30.0 s\n",
            ),
            (
                "end",
                json!({ "exit": 2, "error": "no" }),
                "    12.500 ms  tool  end  exit code 2: no\n",
            ),
            (
                "append",
                json!([{ "Layout": { "nodes": [] } }]),
                "    12.500 ms  tool  append  1 layout\n",
            ),
            (
                "place",
                json!({ "window": 7, "seat": {} }),
                "    12.500 ms  tool  place  window 7\n",
            ),
            (
                "read-output",
                json!({ "slot": 0, "log": "/state/log/t/x.log" }),
                "    12.500 ms  tool  read-output  what its program has printed: /state/log/t/x.log\n",
            ),
            (
                "watch",
                json!({ "pid": 7, "started": 8 }),
                "    12.500 ms  tool  watch  process 7\n",
            ),
            ("gave-up", json!(0), "    12.500 ms  tool  gave-up\n"),
            ("sent", json!([]), ""),
            ("tell", json!({ "filled": 1 }), ""),
        ] {
            assert_eq!(shown(kind, data), expected);
        }
    }
}
