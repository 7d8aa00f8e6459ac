//! Recorded runs, as lists and one by one.

use std::time::Duration;

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::Paint;
use super::lines::section;
use super::words::{clean, duration};
use crate::journal::items::Item;
use crate::journal::replay::Replay;
use crate::journal::{Ended, Run, Start, Summary, rfc3339};
use crate::preview::fit;

/// The result of a run for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Result {
    /// It was successful.
    Done,
    /// It was incomplete.
    Incomplete,
    /// It failed.
    Failed,
    /// It did nothing, because another run was active, or because its arguments were wrong.
    Refused,
    /// It was killed.
    Killed,
    /// It is still running.
    Running,
}

impl Result {
    /// The result of a run with this end. `runs` if its process is still running.
    pub fn of(end: Option<&Ended>, runs: bool) -> Self {
        match end.map(|ended| (ended.exit, ended.refused)) {
            Some((_, true)) => Self::Refused,
            Some((0, _)) => Self::Done,
            Some((1, _)) => Self::Incomplete,
            Some(_) => Self::Failed,
            None if runs => Self::Running,
            None => Self::Killed,
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Incomplete => "incomplete",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Killed => "killed",
            Self::Running => "running",
        }
    }

    pub(super) fn painted(self, paint: Paint) -> String {
        match self {
            Self::Done | Self::Running => self.as_str().to_owned(),
            Self::Incomplete | Self::Refused | Self::Killed => paint.warning(self.as_str()),
            Self::Failed => paint.error(self.as_str()),
        }
    }
}

/// The columns of a command in a list. Longer ones are cut off.
const COMMAND: usize = 48;

/// A list of runs, one line each: id, age, command, result, windows and time. `now` is the time
/// since 1970.
pub fn list(runs: &[(Summary, Result)], now: Duration, paint: Paint) -> String {
    let rows = runs.iter().map(|(run, result)| {
        let end = run.end.as_ref();
        let windows = end.map_or_else(String::new, |(_, ended)| windows(ended));
        let time = end.map_or_else(String::new, |(time, _)| duration(*time));
        [
            run.id.to_string(),
            ago(now, &run.start),
            fit(&command(&run.start), COMMAND).unwrap_or_default(),
            result.as_str().to_owned(),
            windows,
            time,
        ]
    });
    let rows: Vec<[String; 6]> = rows.collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].width());
        cells.max().unwrap_or_default()
    };
    let widths = [0, 1, 2, 3, 4].map(width);
    let mut text = String::new();
    for (row, (_, result)) in rows.iter().zip(runs) {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let pad = widths.get(column).map_or(0, |width| width - cell.width());
            let cell = if column == 3 {
                result.painted(paint)
            } else {
                cell.clone()
            };
            line.push_str(&cell);
            line.push_str(&" ".repeat(pad + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The same as JSON.
pub fn list_json(runs: &[(Summary, Result)]) -> Value {
    let runs = runs.iter();
    runs.map(|(run, result)| summary_json(run, *result))
        .collect()
}

pub(super) fn summary_json(run: &Summary, result: Result) -> Value {
    let end = run.end.as_ref();
    let ended = end.map(|(_, ended)| ended);
    json!({
        "run": run.id.as_str(),
        "at": rfc3339(Duration::from_millis(run.start.at)),
        "command": run.start.command,
        "arguments": run.start.arguments,
        "layout": ended.and_then(|ended| ended.layout.as_deref()),
        "result": result.as_str(),
        "exit": ended.map(|ended| ended.exit),
        "error": ended.and_then(|ended| ended.error.as_deref()),
        "elapsed_ms": end.map(|(time, _)| time.as_secs_f64() * 1e3),
        "windows": ended.map(|ended| ended.windows),
        "slots": ended.map(|ended| ended.slots),
        "commands": ended.map(|ended| ended.commands),
        "version": run.start.version,
    })
}

/// The run as JSON: everything that its file has, apart from its steps.
pub fn show_json(run: &Run, result: Result) -> Value {
    let summary = Summary {
        id: run.id.clone(),
        start: run.start.clone(),
        end: run.end().map(|(time, ended)| (time, ended.clone())),
    };
    let mut value = summary_json(&summary, result);
    value["layout_file"] = json!(run.layout());
    value["session"] = json!(run.session());
    value["outputs"] = json!(run.first_desktop().map(|desktop| desktop.outputs));
    value["matched"] = json!(run.matched());
    value["programs"] = json!(run.end().map(|(_, ended)| &ended.programs));
    value["report"] = json!(run.result());
    value["damaged_lines"] = json!(run.damaged);
    value
}

/// The command with its arguments.
pub fn command(start: &Start) -> String {
    let words = start.arguments.iter().map(|word| clean(word));
    shell_words::join(words)
}

/// The age of a run.
pub fn ago(now: Duration, start: &Start) -> String {
    since(now, Duration::from_millis(start.at))
}

/// The time since `at`; both are counted from 1970.
pub fn since(now: Duration, at: Duration) -> String {
    let seconds = now.saturating_sub(at).as_secs();
    let (count, unit) = match seconds {
        0..60 => (seconds, "s"),
        60..3_600 => (seconds / 60, "min"),
        3_600..86_400 => (seconds / 3_600, "h"),
        _ => (seconds / 86_400, "d"),
    };
    format!("{count} {unit} ago")
}

fn windows(ended: &Ended) -> String {
    if ended.slots == 0 {
        return String::new();
    }
    format!("{}/{} windows", ended.windows, ended.slots)
}

/// The items of a run, one line each.
pub fn events(items: &[Item], paint: Paint) -> String {
    items.iter().map(|item| event(item, paint)).collect()
}

/// An item on one line.
pub(super) fn event(item: &Item, paint: Paint) -> String {
    /// The letters of the content of a line.
    const WIDTH: usize = 160;
    let slot = item.slot.as_ref().map(|slot| format!(" `{}`", clean(slot)));
    let data = if item.commands.is_empty() {
        match &item.data {
            Value::Null => String::new(),
            Value::String(text) => clean(text),
            data => clean(&data.to_string()),
        }
    } else {
        clean(&item.commands.join("; "))
    };
    let mut short: String = data.chars().take(WIDTH).collect();
    if short.len() < data.len() {
        short.push('…');
    }
    let head = format!(
        "{:>10.3} ms  {:<4}  {}{}",
        item.ms,
        item.source.as_str(),
        item.kind,
        slot.unwrap_or_default()
    );
    format!("{head}  {}", paint.faint(&short))
        .trim_end()
        .to_owned()
        + "\n"
}

/// The same as JSON, in full.
pub fn events_json(items: &[Item]) -> Value {
    let value = |item: &Item| {
        let mut value = event_json(item);
        value["data"] = item.data.clone();
        value
    };
    items.iter().map(value).collect()
}

/// One of them as JSON, without its data.
pub fn event_json(item: &Item) -> Value {
    json!({
        "ms": item.ms,
        "source": item.source.as_str(),
        "type": item.kind,
        "slot": item.slot,
        "commands": item.commands,
    })
}

/// The result of a replay.
pub fn replay(replay: &Replay, paint: Paint) -> String {
    match replay {
        Replay::Same { steps } => format!("all {steps} steps give the recorded actions\n"),
        Replay::Impossible => "the run has no steps that can be replayed\n".to_owned(),
        Replay::Different(found) => {
            let list = |value: &Value| -> Vec<String> {
                let actions = value.as_array().into_iter().flatten();
                actions.map(|action| clean(&action.to_string())).collect()
            };
            let title = format!("step {} gives other actions", found.step);
            let event = clean(&found.event.to_string());
            let event: String = event.chars().take(300).collect();
            format!("{title}\n")
                + &section("event", [event], paint)
                + &section("recorded", list(&found.recorded), paint)
                + &section("now", list(&found.now), paint)
        }
    }
}

/// The same as JSON.
pub fn replay_json(replay: &Replay) -> Value {
    match replay {
        Replay::Same { steps } => json!({ "same": true, "steps": steps }),
        Replay::Impossible => json!({ "same": null, "steps": 0 }),
        Replay::Different(found) => json!({
            "same": false,
            "step": found.step,
            "event": found.event,
            "recorded": found.recorded,
            "now": found.now,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::journal::RunId;

    fn run(at: u64, arguments: &[&str], exit: Option<u8>) -> Summary {
        let end = exit.map(|exit| {
            let ended = Ended {
                exit,
                windows: 1,
                slots: 2,
                ..Ended::default()
            };
            (Duration::from_millis(1234), ended)
        });
        Summary {
            id: RunId::new(Duration::from_secs(at), 7),
            start: Start {
                at: at * 1000,
                arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
                ..Start::default()
            },
            end,
        }
    }

    #[test]
    fn runs_are_listed_in_columns() {
        let runs = [
            (run(100, &["apply", "t"], Some(0)), Result::Done),
            (run(0, &["capture", "my layout"], None), Result::Killed),
            (run(1, &["apply", "日本"], Some(1)), Result::Incomplete),
            (
                run(
                    2,
                    &["capture", "-o", "/a/path/that/is/too/long/for/a/list.yaml"],
                    None,
                ),
                Result::Running,
            ),
        ];
        insta::assert_snapshot!(list(&runs, Duration::from_secs(190), Paint(false)), @r"
        19700101-000140-7  1 min ago  apply t                                           done        1/2 windows  1.2 s
        19700101-000000-7  3 min ago  capture 'my layout'                               killed
        19700101-000001-7  3 min ago  apply 日本                                        incomplete  1/2 windows  1.2 s
        19700101-000002-7  3 min ago  capture -o /a/path/that/is/too/long/for/a/list.…  running
        ");
    }

    #[test]
    fn ages_have_one_unit() {
        for (seconds, text) in [
            (0, "0 s ago"),
            (59, "59 s ago"),
            (60, "1 min ago"),
            (7200, "2 h ago"),
            (200_000, "2 d ago"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds), &Start::default()), text);
        }
    }
}
