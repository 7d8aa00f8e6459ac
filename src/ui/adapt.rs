//! The report of `adapt`.

use serde_json::{Value, json};

use super::Paint;
use super::differences;
use super::lines::{Label, line, section};
use super::monitors;
use super::words::{Count, clean, place};
use crate::apply::{Adapted, MovedWorkspace};
use crate::compile::Plan;
use crate::diff::{self, Difference};

/// The report: a sentence for each workspace that was moved, the problems, and a summary.
pub fn report(adapted: &Adapted, plan: &Plan, paint: Paint) -> String {
    let moved = adapted.moved.iter().map(|one| format!("{}\n", now_on(one)));
    let problems = adapted.differences.iter();
    let problems = problems.map(|one| line(Label::Error, &problem(one), paint));
    let covering = adapted.covered_by.as_deref();
    let covering = covering.filter(|_| !adapted.is_complete());
    let covering = covering.map(|title| {
        let reason = format!(
            "`{}` is fullscreen on all monitors, and i3 shows no other workspace meanwhile",
            clean(title)
        );
        let hint = "leave fullscreen, and run the command again";
        line(Label::Note, &reason, paint) + &line(Label::Hint, hint, paint)
    });
    let text: String = moved.chain(problems).chain(covering).collect();
    let (away, contradictions) = (&adapted.monitors.away, &adapted.monitors.contradictions);
    let notes = monitors::notes(away, contradictions, paint);
    format!("{text}{notes}{}\n", summary(adapted, plan))
}

/// The report for a person who has said where workspaces go.
pub fn answer(adapted: &Adapted, paint: Paint) -> String {
    let moved = adapted.moved.iter().map(|one| format!("{}\n", now_on(one)));
    let problems = adapted.differences.iter();
    let problems = problems.map(|one| line(Label::Error, &problem(one), paint));
    let text: String = moved.chain(problems).collect();
    if !text.is_empty() {
        return text;
    }
    if adapted.commands.is_empty() {
        return "nothing to do: the workspaces are there already\n".to_owned();
    }
    let changed = adapted.changed.iter().map(|what| match *what {
        "floating rects" => "places of floating windows",
        other => other,
    });
    let changed = changed.collect::<Vec<_>>().join(", ");
    format!("changed: {changed}\n")
}

/// The report as JSON.
pub fn to_json(adapted: &Adapted, plan: &Plan) -> Value {
    let moved = adapted.moved.iter().map(|one| {
        let mut value = serde_json::to_value(one).unwrap_or_default();
        value["message"] = json!(now_on(one));
        value
    });
    json!({
        "layout": plan.layout,
        "complete": adapted.is_complete(),
        "moved": moved.collect::<Value>(),
        "changed": adapted.changed,
        "differences": differences::to_json(&adapted.differences, diff::sentence),
        "away": monitors::away_json(&adapted.monitors.away),
        "contradictions": monitors::contradictions_json(&adapted.monitors.contradictions),
        "commands": adapted.commands.len(),
    })
}

/// The first problem on one line, with the number of the others.
pub fn alert(adapted: &Adapted, plan: &Plan) -> String {
    let mut differences = adapted.differences.iter();
    let Some(first) = differences.next() else {
        return summary(adapted, plan);
    };
    let more = match differences.count() {
        0 => String::new(),
        others => format!(" (and {})", Count(others, "more error")),
    };
    format!("{}: {}{more}", clean(&plan.layout), clean(&problem(first)))
}

/// The actions in sections, one line each.
pub fn dry_run(adapted: &Adapted, plan: &Plan, paint: Paint) -> String {
    let (away, contradictions) = (&adapted.monitors.away, &adapted.monitors.contradictions);
    let notes = monitors::notes(away, contradictions, paint);
    if adapted.commands.is_empty() {
        return format!("{notes}{}\n", summary(adapted, plan));
    }
    let moved = adapted.moved.iter().map(|one| {
        let [workspace, from, to] = [&one.workspace, &one.from, &one.to].map(|text| clean(text));
        format!("{workspace}  {from} -> {to}")
    });
    [
        section("move workspaces", moved, paint),
        section(
            "send commands to i3",
            commands(adapted).map(|command| clean(&command)),
            paint,
        ),
        notes,
    ]
    .concat()
}

/// The actions as JSON.
pub fn dry_run_json(adapted: &Adapted, plan: &Plan) -> Value {
    json!({
        "layout": plan.layout,
        "move": adapted.moved,
        "commands": commands(adapted).collect::<Vec<_>>(),
        "away": monitors::away_json(&adapted.monitors.away),
        "contradictions": monitors::contradictions_json(&adapted.monitors.contradictions),
    })
}

fn commands(adapted: &Adapted) -> impl Iterator<Item = String> {
    let commands = adapted.commands.iter();
    commands.filter_map(|command| command.to_i3().ok())
}

fn now_on(moved: &MovedWorkspace) -> String {
    format!("{} is on {} now", clean(&moved.workspace), clean(&moved.to))
}

fn problem(difference: &Difference) -> String {
    let place = place(difference.workspace.as_deref());
    match &difference.slot {
        Some(slot) => format!("{place}: slot `{slot}` {}", diff::sentence(difference)),
        None => format!("{place}: {}", diff::sentence(difference)),
    }
}

fn summary(adapted: &Adapted, plan: &Plan) -> String {
    let layout = clean(&plan.layout);
    if !adapted.is_complete() {
        let left = Count(adapted.differences.len(), "difference");
        return format!("{layout}: {left} could not be removed");
    }
    if adapted.commands.is_empty() {
        return format!("{layout}: nothing to do: already adapted to the monitors");
    }
    let moved = match adapted.moved.len() {
        0 => Vec::new(),
        number => vec![format!("moved {}", Count(number, "workspace"))],
    };
    let changed: Vec<&str> = adapted.changed.iter().copied().collect();
    let updated = match changed.as_slice() {
        [] => Vec::new(),
        changed => vec![format!("updated: {}", changed.join(", "))],
    };
    format!("{layout}: {}", [moved, updated].concat().join(", "))
}
