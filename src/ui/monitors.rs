//! Monitors as text and JSON: which are present, which take the place of which, and which are not
//! connected.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::lines::{Label, line};
use super::words::clean;
use crate::compile::monitors::Evidence;
use crate::compile::{Away, Contradiction, Plan};
use crate::live::Output;

/// The present monitors, in one line; empty if there are none.
pub fn present(outputs: &[Output]) -> String {
    if outputs.is_empty() {
        return String::new();
    }
    let monitors: Vec<String> = outputs
        .iter()
        .map(|output| {
            let primary = if output.primary { " primary" } else { "" };
            format!("{} {}{primary}", output.name, output.rect)
        })
        .collect();
    format!("monitors: {}\n", monitors.join(", "))
}

/// A note for each monitor that is not connected, and for each contradiction to the i3 config.
pub fn notes(away: &[Away], contradictions: &[Contradiction], paint: Paint) -> String {
    let away = away.iter().map(not_connected);
    let sentences = away.chain(contradictions.iter().map(contradiction));
    sentences
        .map(|sentence| line(Label::Note, &sentence, paint))
        .collect()
}

/// The same as JSON, each with its sentence as `message`.
pub fn away_json(away: &[Away]) -> Value {
    with_messages(away, not_connected)
}

/// The contradictions as JSON, each with its sentence as `message`.
pub fn contradictions_json(contradictions: &[Contradiction]) -> Value {
    with_messages(contradictions, contradiction)
}

fn with_messages<T: serde::Serialize>(values: &[T], message: fn(&T) -> String) -> Value {
    let values = values.iter().map(|one| {
        let mut value = serde_json::to_value(one).unwrap_or_default();
        value["message"] = json!(message(one));
        value
    });
    values.collect()
}

fn not_connected(away: &Away) -> String {
    let workspaces = away.workspaces.iter().map(|name| clean(name));
    let workspaces: Vec<String> = workspaces.collect();
    let are = if workspaces.len() == 1 { "is" } else { "are" };
    let workspaces = list(&workspaces);
    let (monitor, output) = (clean(&away.monitor), clean(&away.output));
    format!("{monitor} is not connected: {workspaces} {are} on {output}")
}

/// The sentence of `capture --update` about workspaces whose monitor is not connected.
pub fn left_alone(away: &Away) -> String {
    let whose = if away.workspaces.len() == 1 {
        "its"
    } else {
        "their"
    };
    let sentence = not_connected(away);
    format!("{sentence}; {whose} place and visibility in the file are unchanged")
}

fn contradiction(one: &Contradiction) -> String {
    format!(
        "the layout puts {} on {}, the i3 config puts it on {} (`{}`); the layout takes precedence",
        clean(&one.workspace),
        clean(&one.layout),
        clean(&one.config),
        clean(&one.line)
    )
}

/// Names as in a sentence: `a, b and c`.
fn list(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        names => names.concat(),
    }
}

/// A line for each monitor of the file: the output that takes its place, with the reasons.
pub fn explain(plan: &Plan, paint: Paint) -> String {
    if plan.monitors.is_empty() {
        return String::new();
    }
    let mut text = format!("{}\n", paint.bold("monitors"));
    for monitor in &plan.monitors {
        let name = clean(&monitor.name);
        let outcome = match &monitor.output {
            None => "not connected".to_owned(),
            Some(output) if monitor.is_connected() => paint.good(&clean(output)),
            Some(output) => format!("not connected, replaced by {}", paint.good(&clean(output))),
        };
        let reasons: Vec<&str> = monitor.evidence.iter().map(|one| meaning(*one)).collect();
        let reasons = match reasons.as_slice() {
            [] => String::new(),
            reasons => format!("  {}", paint.faint(&format!("({})", reasons.join(", ")))),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name}: {outcome}{reasons}");
    }
    text
}

/// The same as JSON.
pub fn explain_json(plan: &Plan) -> Value {
    let monitors = plan.monitors.iter().map(|monitor| {
        let evidence = monitor.evidence.iter();
        json!({
            "monitor": monitor.name,
            "connected": monitor.is_connected(),
            "output": monitor.output,
            "evidence": evidence
                .map(|one| json!({ "kind": one, "meaning": meaning(*one) }))
                .collect::<Value>(),
        })
    });
    monitors.collect()
}

pub(super) const fn meaning(evidence: Evidence) -> &'static str {
    match evidence {
        Evidence::Edid => "same make, model and serial number",
        Evidence::Name => "same output",
        Evidence::Model => "same make and model",
        Evidence::Connector => "same output, but another model",
        Evidence::Kind => "both built-in or both external",
        Evidence::Size => "same size in pixels",
        Evidence::PhysicalSize => "same physical size",
        Evidence::Position => "same place among the monitors",
        Evidence::Primary => "both primary",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_name_the_workspaces() {
        let away = |workspaces: &[&str]| Away {
            monitor: "DP-1".to_owned(),
            output: "eDP-1".to_owned(),
            workspaces: workspaces.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(
            not_connected(&away(&["3:code", "4:web", "5:vid"])),
            "DP-1 is not connected: 3:code, 4:web and 5:vid are on eDP-1"
        );
        assert_eq!(
            not_connected(&away(&["3"])),
            "DP-1 is not connected: 3 is on eDP-1"
        );
        assert_eq!(
            left_alone(&away(&["3", "4"])),
            "DP-1 is not connected: 3 and 4 are on eDP-1; their place and visibility in the file \
             are unchanged"
        );
    }
}
