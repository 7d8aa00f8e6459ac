//! The actions of a dry run, as text and JSON.

use serde_json::{Value, json};

use super::Paint;
use super::lines::section;
use super::monitors;
use super::notes;
use super::outline::{command, launch_json};
use super::words::{Count, clean, tilde};
use crate::apply::build::WorkspaceBuild;
use crate::apply::{DryRun, FutureCon, NotStarted, Placeholders, Sent};
use crate::compile::{Launch, Plan, Slot, SlotIdx};
use crate::live::{ConId, Desktop};
use crate::matching::Match;

/// The actions in sections, one line each.
pub fn dry_run(dry: &DryRun, plan: &Plan, desktop: &Desktop, paint: Paint) -> String {
    if is_nothing(dry, plan) {
        return format!(
            "{}: nothing to do: everything is in place\n",
            clean(&plan.layout)
        );
    }
    let id = |slot: &Slot| paint.good(&clean(&slot.id));
    let title = |con: ConId| {
        let con = desktop.tree.find(con);
        format!("`{}`", clean(con.map_or("", |con| con.name())))
    };
    let reused = reused(dry, plan).map(|(slot, found)| {
        let evidence = paint.faint(&format!("({})", evidence(found).join(", ")));
        format!("{}  {}  {evidence}", id(slot), title(found.con))
    });
    let waiting = dry.waiting.iter();
    let waiting = waiting.map(|(&idx, pid)| format!("{}  process {}", id(plan.slot(idx)), pid.0));
    let started = started(dry, plan).map(|(idx, slot)| {
        let label = paint.warning("warning");
        let line = format!("{}  {}", id(slot), command(&slot.launch));
        warnings(dry, idx).fold(line, |line, warning| {
            format!("{line}\n    {label}: {}", tilde(&clean(&warning)))
        })
    });
    let unstartable = unstartable(dry, plan).map(|(slot, reason)| {
        let label = paint.error("error");
        let id = paint.error(&clean(&slot.id));
        let reason = tilde(&clean(&reason.to_string()));
        format!("{id}  {}\n    {label}: {reason}", command(&slot.launch))
    });
    let empty = empty(dry, plan)
        .map(|(slot, reason)| format!("{}  {}", paint.error(&clean(&slot.id)), clean(&reason)));
    [
        section("reuse open windows", reused, paint),
        section(
            "rebuild workspaces",
            dry.build.workspaces.iter().map(rebuilt),
            paint,
        ),
        section("ask windows to close", dry.closes().map(title), paint),
        section("wait for programs of an earlier apply", waiting, paint),
        section("start programs", started, paint),
        section("programs that cannot be started", unstartable, paint),
        section("leave slots empty", empty, paint),
        section(
            "send commands to i3",
            sent(dry, plan).iter().map(|command| clean(command)),
            paint,
        ),
        section(
            "for each new window",
            swaps(dry, plan).iter().map(|command| clean(command)),
            paint,
        ),
        section(
            "at the end",
            finish(dry).iter().map(|command| clean(command)),
            paint,
        ),
    ]
    .concat()
}

/// The actions as JSON.
pub fn to_json(dry: &DryRun, plan: &Plan) -> Value {
    let take = reused(dry, plan).map(|(slot, found)| {
        json!({ "slot": slot.id, "con_id": found.con.0, "evidence": evidence(found) })
    });
    let build = dry.build.workspaces.iter();
    let build = build.map(|build| build.planned.name.as_str());
    let launch = started(dry, plan).map(|(idx, slot)| {
        let mut value = json!({ "slot": slot.id });
        let warnings: Vec<String> = warnings(dry, idx).collect();
        if !warnings.is_empty() {
            value["warning"] = json!(warnings.join("; "));
        }
        launch_json(&mut value, &slot.launch);
        value
    });
    let unstartable = unstartable(dry, plan).map(|(slot, reason)| {
        let mut value = json!({ "slot": slot.id, "reason": reason.to_string() });
        launch_json(&mut value, &slot.launch);
        value
    });
    let wait = dry.waiting.iter();
    let wait = wait.map(|(&idx, pid)| json!({ "slot": plan.slot(idx).id, "pid": pid.0 }));
    let empty = empty(dry, plan).map(|(slot, reason)| json!({ "slot": slot.id, "reason": reason }));
    json!({
        "layout": plan.layout,
        "take": take.collect::<Value>(),
        "build": build.collect::<Value>(),
        "launch": launch.collect::<Value>(),
        "unstartable": unstartable.collect::<Value>(),
        "wait": wait.collect::<Value>(),
        "close": dry.closes().map(|con| con.0).collect::<Value>(),
        "empty": empty.collect::<Value>(),
        "commands": ([sent(dry, plan), swaps(dry, plan), finish(dry)].concat()),
        "differences": dry.differences,
        "away": monitors::away_json(&plan.displaced(&|_| true)),
        "contradictions": monitors::contradictions_json(&plan.contradictions(&|_| true)),
    })
}

/// The selected slots that reuse an open window.
fn reused<'d>(dry: &'d DryRun, plan: &'d Plan) -> impl Iterator<Item = (&'d Slot, &'d Match)> {
    plan.slots()
        .filter(move |(idx, _)| dry.meant.contains(idx))
        .filter_map(move |(idx, slot)| Some((slot, dry.assignment.matches.get(idx.0)?.as_ref()?)))
}

fn evidence(found: &Match) -> Vec<&'static str> {
    found.evidence.iter().map(|one| one.as_str()).collect()
}

fn rebuilt(build: &WorkspaceBuild) -> String {
    let output = build.output.as_deref();
    let output = output.map_or_else(String::new, |output| format!(" on {}", clean(output)));
    let old = build.old.as_ref();
    let (moved, aside) = old.map_or((0, ""), |old| (old.aside, old.name.as_str()));
    let parts: Vec<String> = [
        (build.adopted.len(), "reused".to_owned()),
        (build.pending.len(), "pending".to_owned()),
        (build.guests.len(), "kept beside the layout".to_owned()),
        (moved, format!("moved to `{}`", clean(aside))),
    ]
    .into_iter()
    .filter(|(number, _)| *number > 0)
    .map(|(number, what)| format!("{} {what}", Count(number, "window")))
    .collect();
    format!(
        "{}{output}: {}",
        clean(&build.planned.name),
        parts.join(", ")
    )
}

/// The slots whose programs would be started.
fn started<'d>(dry: &'d DryRun, plan: &'d Plan) -> impl Iterator<Item = (SlotIdx, &'d Slot)> {
    let launches = dry.launches.iter();
    launches
        .filter(move |idx| !dry.waiting.contains_key(idx))
        .map(move |&idx| (idx, plan.slot(idx)))
}

/// The slots whose programs cannot be started, with the reason.
fn unstartable<'d>(
    dry: &'d DryRun,
    plan: &'d Plan,
) -> impl Iterator<Item = (&'d Slot, &'d NotStarted)> {
    let unstartable = dry.unstartable.iter();
    unstartable.map(|(&idx, reason)| (plan.slot(idx), reason))
}

/// The differences between the layout and the start of the slot's program.
fn warnings(dry: &DryRun, idx: SlotIdx) -> impl Iterator<Item = String> {
    let notes = dry.notes.get(&idx).into_iter().flatten();
    notes.map(notes::note)
}

/// True if a run would do nothing.
fn is_nothing(dry: &DryRun, plan: &Plan) -> bool {
    dry.build.is_empty()
        && dry.launches.is_empty()
        && dry.unstartable.is_empty()
        && dry.messages.finish.is_empty()
        && dry.messages.sent.is_empty()
        && empty(dry, plan).next().is_none()
}

/// The slots that would stay empty, with the reason.
fn empty<'d>(dry: &'d DryRun, plan: &'d Plan) -> impl Iterator<Item = (&'d Slot, String)> {
    let differs = move |idx| {
        let mut differences = dry.differences.iter();
        differences.any(|difference| difference.idx == Some(idx))
    };
    plan.slots()
        .filter(move |(idx, _)| dry.meant.contains(idx) && !dry.launches.contains(idx))
        .filter(move |(idx, _)| !dry.unstartable.contains_key(idx))
        .filter(move |(idx, _)| dry.assignment.window(*idx).is_none() && differs(*idx))
        .map(move |(_, slot)| {
            let reason = match &slot.launch {
                Launch::Unresolved { reason, .. } => reason.clone(),
                Launch::Program(_) => "its program would not be started".to_owned(),
                Launch::Elsewhere => {
                    "it has no command, another slot's program opens its window".to_owned()
                }
            };
            (slot, reason)
        })
}

/// What would be sent to i3 before windows open.
fn sent(dry: &DryRun, plan: &Plan) -> Vec<String> {
    let sent = dry.messages.sent.iter().filter_map(|sent| match sent {
        Sent::Append(Placeholders::Waiting) => {
            Some("append_layout <placeholders for new windows>".to_owned())
        }
        Sent::Append(Placeholders::Workspace(name)) => {
            Some(format!("append_layout <places of workspace {name}>"))
        }
        Sent::Append(Placeholders::Scratchpad) => {
            Some("append_layout <places of the scratchpad>".to_owned())
        }
        Sent::Command(command) => Some(with_places(command.to_i3().ok()?, dry, plan)),
    });
    sent.collect()
}

/// The commands that would move new windows into their places.
fn swaps(dry: &DryRun, plan: &Plan) -> Vec<String> {
    let future = dry.messages.future.values();
    let empty = future.filter_map(|future| match future {
        FutureCon::Place(idx) if dry.launches.contains(idx) => Some(&plan.slot(*idx).id),
        _ => None,
    });
    empty
        .map(|id| format!("[con_id=<window of {id}>] swap container with con_id <place of {id}>"))
        .collect()
}

/// Names future containers instead of their ids.
fn with_places(command: String, dry: &DryRun, plan: &Plan) -> String {
    let future = dry.messages.future.iter();
    future.fold(command, |command, (con, future)| {
        let name = match future {
            FutureCon::Place(idx) => format!("<place of {}>", plan.slot(*idx).id),
            FutureCon::Guest(con) => format!("<place of {}>", con.0),
            FutureCon::Workspace(name) => format!("<workspace {name}>"),
        };
        command.replace(&con.0.to_string(), &name)
    })
}

/// The commands that would set everything else at the end.
fn finish(dry: &DryRun) -> Vec<String> {
    let commands = dry.messages.finish.iter();
    commands
        .filter_map(|command| command.to_i3().ok())
        .collect()
}
