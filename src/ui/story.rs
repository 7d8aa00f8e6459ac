//! A recorded run, told as a person would.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use super::Paint;
use super::history::{Result, ago, command};
use super::lines::section;
use super::words::{Count, at, clean, duration, tilde};
use crate::apply::{Exit, What};
use crate::journal::items::{Item, items};
use crate::journal::{Matched, Run};
use crate::live::{Desktop, Output};
use crate::matching::match_windows;

/// A time that is worth mentioning.
const SLOW: Duration = Duration::from_millis(500);

/// The most commands of one message that are shown.
const COMMANDS: usize = 3;

/// The run: what was matched and why, what was started, what was slow, what failed.
pub fn story(run: &Run, result: Result, now: Duration, paint: Paint) -> String {
    let items = items(run);
    [
        head(run, result, now, paint),
        section("desktop", desktop(run), paint),
        section("windows", windows(run), paint),
        section("programs", programs(&items), paint),
        section("commands to i3", commands(run, &items), paint),
        section("slow", slow(run, &items), paint),
        section("result", outcome(run), paint),
    ]
    .concat()
}

fn head(run: &Run, result: Result, now: Duration, paint: Paint) -> String {
    let command = paint.bold(&format!("i3pm-layout {}", command(&run.start)));
    let (id, ago) = (&run.id, ago(now, &run.start));
    let time = duration(run.elapsed());
    let result = match result {
        Result::Done => "it was successful",
        Result::Incomplete => "it was incomplete",
        Result::Failed => "it failed",
        Result::Refused => "it was refused",
        Result::Killed => "it was killed",
        Result::Running => "it is still running",
    };
    format!("{command}\nrun {id}, {ago}: {result} after {time}\n")
}

fn desktop(run: &Run) -> Vec<String> {
    let mut lines = vec![format!("i3pm-layout {}", clean(&run.start.version))];
    if let Some(desktop) = run.first_desktop() {
        lines.push(format!("i3 {}", desktop.version));
        let output = |output: &Output| format!("{} {}", clean(&output.name), output.rect);
        lines.extend(desktop.outputs.iter().map(output));
    }
    if let Some(layout) = run.layout() {
        let path = layout.path.as_ref().map(|path| path.display().to_string());
        let path = tilde(&clean(path.as_deref().unwrap_or("a pipe")));
        lines.push(format!(
            "layout {} from {path}, hash {}",
            clean(&layout.name),
            layout.hash
        ));
    }
    lines
}

/// The windows in slots, with the evidence: at the end of the run, else at its beginning.
fn windows(run: &Run) -> Vec<String> {
    if run.matched().is_empty() {
        return first_matches(run).unwrap_or_default();
    }
    let line = |one: &Matched| {
        let evidence = one.evidence.join("; ");
        matched(&one.slot, one.workspace.as_deref(), &one.title, &evidence)
    };
    run.matched().iter().map(line).collect()
}

/// The windows that were open at the beginning of a run that did not end.
fn first_matches(run: &Run) -> Option<Vec<String>> {
    let (plan, options, desktop) = (*run.plans().first()?, run.options()?, run.first_desktop()?);
    let assignment = match_windows(plan, &desktop, options.reuse);
    let slots = plan.slots().filter_map(|(idx, slot)| {
        let found = assignment.matches.get(idx.0)?.as_ref()?;
        let mut evidence = found.evidence.clone();
        evidence.sort_by_key(|one| std::cmp::Reverse(one.weight()));
        let evidence: Vec<String> = evidence.iter().map(|one| one.meaning()).collect();
        let title = desktop.tree.find(found.con)?.name();
        Some(matched(
            &slot.id,
            slot.workspace.as_deref(),
            title,
            &evidence.join("; "),
        ))
    });
    Some(slots.collect())
}

fn matched(slot: &str, workspace: Option<&str>, title: &str, evidence: &str) -> String {
    let (slot, at, title) = (clean(slot), at(workspace), clean(title));
    format!("`{slot}` {at}: `{title}`, because {evidence}")
}

/// The programs that were started, and the ends of those that have ended.
fn programs(items: &[Item]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut lines_of: BTreeMap<&str, String> = BTreeMap::new();
    for item in items {
        let Some(slot) = item.slot.as_deref() else {
            continue;
        };
        let name = clean(slot);
        let at = format!("{:.0} ms", item.ms);
        match item.kind.as_str() {
            "start" => {
                let argv = item.data.pointer("/program/shown/argv");
                let words = argv.and_then(Value::as_array).into_iter().flatten();
                let words = words.filter_map(Value::as_str);
                lines_of.insert(slot, clean(&shell_words::join(words)));
            }
            "started" => {
                let line = lines_of.get(slot).map_or("", String::as_str);
                let pid = item.data.pointer("/result/Ok/pid").and_then(Value::as_u64);
                let how = match pid {
                    Some(pid) => format!("started as process {pid}"),
                    None => "could not be started".to_owned(),
                };
                lines.push(format!("{at}  `{name}`: {line} ({how})"));
            }
            "exited" => {
                let exit = item.data.get("exit").cloned().unwrap_or_default();
                lines.push(format!("{at}  `{name}`: {}", exited(&exit)));
            }
            "gave-up" => lines.push(format!("{at}  `{name}`: given up")),
            _ => {}
        }
    }
    lines
}

/// The end of a program.
fn exited(exit: &Value) -> String {
    match serde_json::from_value(exit.clone()) {
        Ok(Exit::Code(code)) => format!("its program exited with code {code}"),
        Ok(Exit::Signal(signal)) => format!("its program was ended by signal {signal}"),
        _ => "its program has ended".to_owned(),
    }
}

/// The messages to i3.
fn commands(run: &Run, items: &[Item]) -> Vec<String> {
    let titles = titles(run);
    let messages = items.iter().filter(|item| !item.commands.is_empty());
    let line = |item: &Item| {
        let count = Count(item.commands.len(), "command");
        let first = item.commands.iter().take(COMMANDS);
        let first: Vec<String> = first.map(|one| readable(one, &titles)).collect();
        let more = if item.commands.len() > COMMANDS {
            "; …"
        } else {
            ""
        };
        let first = clean(&first.join("; "));
        format!("{:.0} ms  {count}: {first}{more}", item.ms)
    };
    messages.map(line).collect()
}

/// The titles of all windows of a run.
fn titles(run: &Run) -> BTreeMap<String, String> {
    let mut titles = BTreeMap::new();
    let mut add = |desktop: &Desktop| {
        for con in desktop.tree.windows() {
            titles.insert(con.id.0.to_string(), con.name().to_owned());
        }
    };
    run.first_desktop().iter().for_each(&mut add);
    for (event, _) in run.steps() {
        if let What::Seen { desktop, .. } = &event.what {
            add(desktop);
        }
    }
    titles
}

/// An i3 command with titles instead of the ids of containers.
fn readable(command: &str, titles: &BTreeMap<String, String>) -> String {
    if command.contains(" class=\"^$\"") {
        return "remove a placeholder".to_owned();
    }
    let mut text = String::new();
    let mut rest = command;
    while let Some(at) = rest.find("con_id") {
        let (before, after) = rest.split_at(at);
        let after = after
            .trim_start_matches("con_id")
            .trim_start_matches(['=', ' ']);
        let end = after.find(|letter: char| !letter.is_ascii_digit());
        let (id, after) = after.split_at(end.unwrap_or(after.len()));
        text.push_str(before);
        match titles.get(id) {
            Some(title) => text.extend(["`", title, "`"]),
            None => text.push_str("a placeholder"),
        }
        rest = after;
    }
    text + rest
}

/// The windows that took long, and the steps for whose answer the run had to wait.
fn slow(run: &Run, items: &[Item]) -> Vec<String> {
    let programs = run.end().map(|(_, ended)| ended.programs.as_slice());
    let mut slowest: Vec<_> = programs
        .unwrap_or_default()
        .iter()
        .filter_map(|program| {
            Some((
                Duration::try_from_secs_f64(program.ms? / 1e3).ok()?,
                program,
            ))
        })
        .filter(|(time, _)| *time >= SLOW)
        .collect();
    slowest.sort_by_key(|(time, _)| std::cmp::Reverse(*time));
    let windows = slowest.iter().map(|(time, program)| {
        format!(
            "{}: {} until its window opened",
            clean(&program.name),
            duration(*time)
        )
    });
    let pairs = items.iter().zip(items.iter().skip(1));
    let steps = pairs.filter_map(|(item, next)| {
        let time = Duration::try_from_secs_f64((next.ms - item.ms) / 1e3).ok()?;
        let is_own = item.kind != "wait" && time >= SLOW / 5;
        is_own.then(|| format!("{} at {:.0} ms: {}", item.kind, item.ms, duration(time)))
    });
    windows.chain(steps).collect()
}

/// The repairs, and the reasons of slots that failed.
fn outcome(run: &Run) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((_, ended)) = run.end() {
        let (windows, commands) = (ended.windows, Count(ended.commands, "command"));
        lines.push(match ended.slots {
            0 => format!("{commands} sent to i3"),
            slots => format!(
                "{windows} of {} in place, {commands} sent to i3",
                Count(slots, "window")
            ),
        });
        lines.extend(ended.error.iter().map(|error| clean(error)));
    }
    let Some(report) = run.result() else {
        return lines;
    };
    let strings = |key: &str| -> Vec<&str> {
        let list = report.get(key).and_then(Value::as_array);
        list.into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    };
    let changed = strings("changed");
    if !changed.is_empty() {
        lines.push(format!("repaired: {}", clean(&changed.join(", "))));
    }
    for slot in report
        .get("slots")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let text = |key: &str| slot.get(key).and_then(Value::as_str);
        if let (Some(id), Some(outcome), Some(reason)) =
            (text("slot"), text("outcome"), text("reason"))
        {
            lines.push(clean(&format!("`{id}` is {outcome}: {reason}")));
        }
    }
    if run.damaged > 0 {
        lines.push(format!(
            "{} of the record cannot be read",
            Count(run.damaged, "line")
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_windows() {
        let titles = BTreeMap::from([("7".to_owned(), "notes".to_owned())]);
        for (command, text) in [
            ("[con_id=7] focus", "[`notes`] focus"),
            (
                "[con_id=7] swap container with con_id 12",
                "[`notes`] swap container with a placeholder",
            ),
            ("[con_id=12 class=\"^$\"] kill", "remove a placeholder"),
            ("workspace 1", "workspace 1"),
        ] {
            assert_eq!(readable(command, &titles), text);
        }
    }
}
