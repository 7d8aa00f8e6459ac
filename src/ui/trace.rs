//! The actions of a command as they happen, for `--verbose`.

use std::time::Duration;

use serde_json::Value;

use super::Paint;
use super::history::event;
use super::words::{Count, duration};
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
    event(&brief, paint)
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
            data,
        };
        line(&item, Paint(false))
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
            ("sent", json!([]), ""),
            ("tell", json!({ "filled": 1 }), ""),
        ] {
            assert_eq!(shown(kind, data), expected);
        }
    }
}
