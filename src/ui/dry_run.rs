//! What a run would do, in words.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::outline::command;
use super::words::clean;
use crate::apply::DryRun;
use crate::compile::{Launch, Plan, SlotIdx};
use crate::live::Desktop;
use crate::wm::command::Command;

/// The steps, one line each; a sentence when there is nothing to do.
pub fn dry_run(dry: &DryRun, plan: &Plan, desktop: &Desktop, paint: Paint) -> String {
    let mut text = String::new();
    if is_nothing(dry) {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{}: already right, nothing to do",
            clean(&plan.layout)
        );
        return text;
    }
    let heading = |text: &mut String, what: &str| {
        let _ = writeln!(text, "{}", paint.bold(what));
    };
    let taken: Vec<String> = plan
        .slots()
        .filter(|(idx, _)| dry.meant.contains(idx))
        .filter_map(|(idx, slot)| {
            let found = dry.assignment.matches.get(idx.0)?.as_ref()?;
            let title = desktop.tree.find(found.con).map_or("", |con| con.name());
            let why: Vec<&str> = found.evidence.iter().map(|one| one.as_str()).collect();
            Some(format!(
                "  {}  takes `{}`  {}",
                paint.good(&clean(&slot.id)),
                clean(title),
                paint.faint(&format!("({})", why.join(", ")))
            ))
        })
        .collect();
    if !taken.is_empty() {
        heading(&mut text, "open windows");
        for line in taken {
            let _ = writeln!(text, "{line}");
        }
    }
    if !dry.build.workspaces.is_empty() {
        heading(&mut text, "workspaces built anew");
        for build in &dry.build.workspaces {
            let output = build
                .output
                .as_deref()
                .map_or(String::new(), |output| format!(" on {output}"));
            let mut parts = vec![
                format!("{} swapped in", build.adopted.len()),
                format!("{} awaited", build.awaited.len()),
            ];
            if !build.guests.is_empty() {
                parts.push(format!("{} kept beside them", build.guests.len()));
            }
            if let Some(aside) = build.replaced.as_ref().filter(|_| build.aside > 0) {
                parts.push(format!("{} left on `{}`", build.aside, clean(aside)));
            }
            let _ = writeln!(
                text,
                "  {}{output}: {}",
                clean(&build.planned.name),
                parts.join(", ")
            );
        }
    }
    if !dry.closes.is_empty() {
        heading(&mut text, "windows asked to close");
        for &con in &dry.closes {
            let title = desktop.tree.find(con).map_or("", |con| con.name());
            let _ = writeln!(text, "  `{}`", clean(title));
        }
    }
    if !dry.waiting.is_empty() {
        heading(&mut text, "programs of an earlier apply waited for");
        for (&idx, pid) in &dry.waiting {
            let id = paint.good(&clean(&plan.slot(idx).id));
            let _ = writeln!(text, "  {id}  process {}", pid.0);
        }
    }
    let started: Vec<SlotIdx> = started(dry).collect();
    if !started.is_empty() {
        heading(&mut text, "programs started");
        for idx in started {
            let slot = plan.slot(idx);
            let _ = writeln!(
                text,
                "  {}  {}",
                paint.good(&clean(&slot.id)),
                command(&slot.launch)
            );
        }
    }
    let hopeless = hopeless(dry, plan);
    if !hopeless.is_empty() {
        heading(&mut text, "slots that stay empty");
        for (id, why) in hopeless {
            let _ = writeln!(text, "  {}  {}", paint.error(&clean(&id)), clean(&why));
        }
    }
    let finish = finish(dry);
    if !finish.is_empty() {
        heading(&mut text, "commands to i3");
        for command in finish {
            let _ = writeln!(text, "  {}", clean(&command));
        }
    }
    text
}

/// The same as JSON.
pub fn to_json(dry: &DryRun, plan: &Plan) -> Value {
    let taken: Vec<Value> = plan
        .slots()
        .filter(|(idx, _)| dry.meant.contains(idx))
        .filter_map(|(idx, slot)| {
            let found = dry.assignment.matches.get(idx.0)?.as_ref()?;
            let why: Vec<&str> = found.evidence.iter().map(|one| one.as_str()).collect();
            Some(json!({ "slot": slot.id, "con_id": found.con.0, "evidence": why }))
        })
        .collect();
    let build: Vec<&str> = dry
        .build
        .workspaces
        .iter()
        .map(|build| build.planned.name.as_str())
        .collect();
    let launch: Vec<Value> = started(dry)
        .map(|idx| {
            let slot = plan.slot(idx);
            match &slot.launch {
                Launch::Program(program) => json!({
                    "slot": slot.id,
                    "command": program.shown.argv,
                    "cwd": program.shown.cwd,
                    "env": program.shown.env,
                }),
                _ => json!({ "slot": slot.id, "command": null }),
            }
        })
        .collect();
    let empty: Vec<Value> = hopeless(dry, plan)
        .into_iter()
        .map(|(slot, reason)| json!({ "slot": slot, "reason": reason }))
        .collect();
    let wait: Vec<Value> = dry
        .waiting
        .iter()
        .map(|(&idx, pid)| json!({ "slot": plan.slot(idx).id, "pid": pid.0 }))
        .collect();
    json!({
        "layout": plan.layout,
        "take": taken,
        "build": build,
        "launch": launch,
        "wait": wait,
        "close": dry.closes.iter().map(|con| con.0).collect::<Vec<_>>(),
        "empty": empty,
        "commands": finish(dry),
        "differences": dry.differences,
    })
}

/// The slots whose program would be started.
fn started(dry: &DryRun) -> impl Iterator<Item = SlotIdx> {
    let launches = dry.launches.iter().copied();
    launches.filter(|idx| !dry.waiting.contains_key(idx))
}

/// Whether a run would do nothing at all.
pub fn is_nothing(dry: &DryRun) -> bool {
    dry.build.is_empty()
        && dry.launches.is_empty()
        && dry.finish.is_empty()
        && dry.closes.is_empty()
        && dry.held.is_empty()
}

/// Slots without a window whose window is not going to come.
fn hopeless(dry: &DryRun, plan: &Plan) -> Vec<(String, String)> {
    plan.slots()
        .filter(|(idx, _)| dry.meant.contains(idx))
        .filter(|(idx, _)| dry.assignment.window(*idx).is_none() && !dry.launches.contains(idx))
        .filter(|(idx, _)| {
            dry.differences
                .iter()
                .any(|difference| difference.idx == Some(*idx))
        })
        .map(|(idx, slot)| {
            let held = dry.held.iter().find(|held| held.slot == idx);
            let why = match &slot.launch {
                _ if held.is_some() => held.map(ToString::to_string).unwrap_or_default(),
                Launch::Unresolved { reason, .. } => reason.clone(),
                Launch::Program(_) => "its program is not started".to_owned(),
                Launch::Elsewhere => "it has no command of its own".to_owned(),
            };
            (slot.id.clone(), why)
        })
        .collect()
}

fn finish(dry: &DryRun) -> Vec<String> {
    dry.finish
        .iter()
        .filter_map(|command: &Command| command.to_i3().ok())
        .collect()
}
