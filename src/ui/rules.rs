//! Which rules match the open windows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::config::{criteria, rule as rule_json, says};
use super::words::{Count, clean};
use crate::config::{Config, Layer, Rule};
use crate::live::{Con, Desktop, Properties};

/// A paragraph for each window, a line for each rule that matches it.
pub fn rules(config: &Config, desktop: &Desktop, paint: Paint) -> String {
    let mut text = String::new();
    for (con, properties) in windows(desktop) {
        let class = properties.class.as_deref().unwrap_or("(no class)");
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}  {}", paint.bold(&clean(class)), clean(con.name()));
        let matching: Vec<&Rule> = config.rules.matching(properties).collect();
        if matching.is_empty() {
            let _ = writeln!(text, "  no rule matches");
        }
        for (index, rule) in matching.iter().enumerate() {
            let origin = rule.origin.to_string();
            let fate = if index == 0 {
                paint.good("counts")
            } else {
                paint.faint("does not count")
            };
            let _ = writeln!(
                text,
                "  {}: {}  {fate}: {}  {}",
                clean(&criteria(rule)),
                clean(&says(rule).join("; ")),
                why(&matching, index),
                paint.faint(&format!("({})", clean(&origin)))
            );
        }
    }
    text
}

/// The same as JSON.
pub fn to_json(config: &Config, desktop: &Desktop) -> Value {
    windows(desktop)
        .map(|(con, properties)| {
            let matching: Vec<&Rule> = config.rules.matching(properties).collect();
            let list: Vec<Value> = matching
                .iter()
                .enumerate()
                .map(|(index, rule)| {
                    let mut value = rule_json(rule);
                    value["counts"] = json!(index == 0);
                    value["why"] = json!(why(&matching, index));
                    value
                })
                .collect();
            json!({
                "con_id": con.id.0,
                "class": properties.class,
                "instance": properties.instance,
                "title": properties.title,
                "rules": list,
            })
        })
        .collect()
}

fn windows(desktop: &Desktop) -> impl Iterator<Item = (&Con, &Properties)> {
    desktop
        .tree
        .windows()
        .filter_map(|con| Some((con, con.properties.as_ref()?)))
}

/// Why the rule at this place counts, or does not.
fn why(matching: &[&Rule], index: usize) -> String {
    let criteria = |rule: &Rule| match rule.specificity() {
        1 => "1 criterion".to_owned(),
        number => format!("{number} criteria"),
    };
    let is_enforced = |rule: &Rule| rule.enforce && rule.origin.layer == Layer::System;
    let (Some(first), Some(rule)) = (matching.first(), matching.get(index)) else {
        return String::new();
    };
    if index == 0 {
        let Some(next) = matching.get(1) else {
            return "no other rule matches".to_owned();
        };
        return if is_enforced(rule) {
            "the system enforces it".to_owned()
        } else if next.origin.layer == Layer::BuiltIn && rule.origin.layer != Layer::BuiltIn {
            "rules of files come before built-in ones".to_owned()
        } else if rule.specificity() > next.specificity() {
            format!("it has the most criteria, {}", rule.specificity())
        } else {
            format!(
                "it comes first of {} that are as specific",
                Count(
                    matching
                        .iter()
                        .filter(|other| other.specificity() == rule.specificity())
                        .count(),
                    "rule"
                )
            )
        };
    }
    if is_enforced(first) {
        "the system enforces another".to_owned()
    } else if rule.origin.layer == Layer::BuiltIn && first.origin.layer != Layer::BuiltIn {
        "it is built in".to_owned()
    } else if rule.specificity() < first.specificity() {
        format!("it has only {}", criteria(rule))
    } else if rule.origin.layer != first.origin.layer {
        "the user's own rule comes first".to_owned()
    } else {
        "it comes later".to_owned()
    }
}
