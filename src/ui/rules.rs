//! Which rules match the open windows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::config::{criteria, rule as rule_json, said};
use super::words::{Count, clean};
use crate::config::{Config, Layer, Rule};
use crate::discover::Unfit;
use crate::live::{Con, Desktop, Properties};

/// Why a rule that counts for a window cannot say what it should; `None` where it can.
pub type Refused<'a> = dyn Fn(&Con, &Rule) -> Option<Unfit> + 'a;

/// A paragraph for each window, a line for each rule that matches it.
pub fn rules(config: &Config, desktop: &Desktop, refused: &Refused<'_>, paint: Paint) -> String {
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
            let unfit = (index == 0).then(|| refused(con, rule)).flatten();
            let fate = match (index, &unfit) {
                (0, None) => paint.good("counts"),
                (0, Some(_)) => paint.warning("counts, but was refused"),
                _ => paint.faint("does not count"),
            };
            let why = match &unfit {
                Some(unfit) => clean(&unfit.to_string()),
                None => why(&matching, index),
            };
            let _ = writeln!(
                text,
                "  {}: {}  {fate}: {why}  {}",
                clean(&criteria(rule)),
                said(rule),
                paint.faint(&format!("({})", clean(&origin)))
            );
        }
    }
    text
}

/// The same as JSON.
pub fn to_json(config: &Config, desktop: &Desktop, refused: &Refused<'_>) -> Value {
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
                    let unfit = (index == 0).then(|| refused(con, rule)).flatten();
                    value["refused"] = json!(unfit.map(|unfit| unfit.to_string()));
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
        .windows_of_programs()
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
