//! The rules that match the open windows, as text and JSON.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::config::{criteria, rule as rule_json, settings};
use super::words::clean;
use crate::config::{Config, Layer, Rule};
use crate::live::{Con, Desktop, Properties};

/// An open window with the rules that match it.
#[derive(Debug)]
pub struct Explained<'a> {
    con: &'a Con,
    properties: &'a Properties,
    /// The matching rules; the first one applies.
    rules: Vec<&'a Rule>,
    /// The reason why the rule that applies cannot be used, if any.
    refused: Option<String>,
}

/// Finds the rules for each window. `refused` returns why a rule that applies to a window
/// cannot be used.
pub fn explain<'a>(
    config: &'a Config,
    desktop: &'a Desktop,
    refused: &dyn Fn(&Con, &Rule) -> Option<String>,
) -> Vec<Explained<'a>> {
    desktop
        .windows_of_programs()
        .filter_map(|con| {
            let properties = con.properties.as_ref()?;
            let rules: Vec<&Rule> = config.rules.matching(properties).collect();
            let refused = rules.first().and_then(|rule| refused(con, rule));
            Some(Explained {
                con,
                properties,
                rules,
                refused,
            })
        })
        .collect()
}

/// A paragraph for each window, with a line for each rule that matches it.
pub fn text(explained: &[Explained<'_>], paint: Paint) -> String {
    let mut text = String::new();
    for one in explained {
        let class = one.properties.class.as_deref().unwrap_or("(no class)");
        let (class, name) = (paint.bold(&clean(class)), clean(one.con.name()));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{class}  {name}");
        if one.rules.is_empty() {
            let _ = writeln!(text, "  no matching rule");
        }
        for (index, rule) in one.rules.iter().enumerate() {
            let state = match (index, &one.refused) {
                (0, None) => paint.good("applies"),
                (0, Some(_)) => paint.warning("applies in part"),
                _ => paint.faint("overridden"),
            };
            let why = match (index, &one.refused) {
                (0, Some(refused)) => clean(refused),
                _ => why(&one.rules, index),
            };
            let _ = writeln!(
                text,
                "  {}: {}  {state}: {why}  {}",
                clean(&criteria(rule)),
                settings(rule),
                paint.faint(&format!("({})", clean(&rule.origin.to_string())))
            );
        }
    }
    text
}

/// The same as JSON.
pub fn to_json(explained: &[Explained<'_>]) -> Value {
    let windows = explained.iter().map(|one| {
        let rules = one.rules.iter().enumerate().map(|(index, rule)| {
            let mut value = rule_json(rule);
            value["counts"] = json!(index == 0);
            value["why"] = json!(why(&one.rules, index));
            value["refused"] = json!(one.refused.as_ref().filter(|_| index == 0));
            value
        });
        json!({
            "con_id": one.con.id.0,
            "class": one.properties.class,
            "instance": one.properties.instance,
            "title": one.properties.title,
            "rules": rules.collect::<Value>(),
        })
    });
    windows.collect()
}

/// The reason why the rule at this position applies or is overridden.
fn why(rules: &[&Rule], index: usize) -> String {
    let is_enforced = |rule: &Rule| rule.enforce && rule.origin.layer == Layer::System;
    let is_built_in = |rule: &Rule| rule.origin.layer == Layer::BuiltIn;
    // The rule that applies, and one that it overrides.
    let (Some(winner), Some(loser)) = (rules.first(), rules.get(index.max(1))) else {
        return "no other rule matches".to_owned();
    };
    let (most, fewer) = (winner.specificity(), loser.specificity());
    let wins = index == 0;
    let why = if is_enforced(winner) {
        if wins {
            "enforced by the system"
        } else {
            "the system enforces another rule"
        }
    } else if is_built_in(loser) && !is_built_in(winner) {
        "configured rules override built-in rules"
    } else if most > fewer {
        return if wins {
            format!("it has the most criteria ({most})")
        } else {
            format!("it has fewer criteria ({fewer})")
        };
    } else if wins {
        let rules = rules.iter();
        let equal = rules.filter(|rule| rule.specificity() == most).count();
        return format!("first of {equal} equally specific rules");
    } else if loser.origin.layer != winner.origin.layer {
        "rules of the user override rules of the system"
    } else {
        "an earlier rule overrides it"
    };
    why.to_owned()
}
