//! Rules for windows that capture cannot bring back by itself.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::criteria::exactly;
use super::shown::without_secrets;
use super::{Captured, Warning};
use crate::discover::secrets::{MASK, Secrets};
use crate::layout::comments::Comments;
use crate::layout::{Command, Swallow, yaml};
use crate::live::{Desktop, Pid, Properties};

/// A rule, and why it would help.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Why.
    pub why: Vec<String>,
    /// The rule as the configuration has it.
    pub rule: Value,
}

/// Rules for the windows of a captured layout whose command could not be found, and for
/// those whose criteria are the same though one process opened them.
///
/// `is_program` says whether `PATH` has a program of a name.
pub fn suggest(
    desktop: &Desktop,
    captured: &Captured,
    is_program: &dyn Fn(&str) -> bool,
    secrets: &Secrets,
) -> Vec<Suggestion> {
    let slots = slots(desktop, captured, secrets);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for warning in &captured.warnings {
        if let Warning::NoCommand { slot, reason, .. } = warning
            && let Some(found) = slots.iter().find(|found| found.id == slot)
        {
            let why = format!("slot `{slot}` has no command: {reason}");
            let suggestion = command(&found.properties, why, is_program);
            // Two windows of a kind need one rule.
            match suggestions
                .iter_mut()
                .find(|known| known.rule == suggestion.rule)
            {
                Some(known) => known.why.extend(suggestion.why),
                None => suggestions.push(suggestion),
            }
        }
    }
    let mut groups: BTreeMap<(String, Pid), Vec<&Slot>> = BTreeMap::new();
    for slot in &slots {
        if let Some(pid) = slot.pid {
            let key = (format!("{:?}", slot.swallow), pid);
            groups.entry(key).or_default().push(slot);
        }
    }
    let mut alike: Vec<Vec<&Slot>> = groups
        .into_values()
        .filter(|group| group.len() > 1)
        .collect();
    alike.sort_by_key(|group| slots.iter().position(|slot| slot.id == group[0].id));
    for group in alike {
        let suggestion = apart(&group);
        if !suggestions
            .iter()
            .any(|known| known.rule == suggestion.rule)
        {
            suggestions.push(suggestion);
        }
    }
    suggestions
}

/// The suggestions as a configuration file.
pub fn to_yaml(suggestions: &[Suggestion]) -> String {
    let mut text = "version: 1\nrules:\n".to_owned();
    for Suggestion { why, rule } in suggestions {
        for line in why {
            text.push_str("  # ");
            text.push_str(&line.replace(char::is_control, " "));
            text.push('\n');
        }
        let emitted = yaml::emit(&json!({ "rules": [rule] }), &Comments::default());
        text.push_str(emitted.split_once('\n').map_or("", |(_, rule)| rule));
    }
    text
}

/// A slot with what its window says.
struct Slot<'a> {
    id: &'a str,
    swallow: &'a Swallow,
    properties: Properties,
    pid: Option<Pid>,
}

/// The slots of the layout with their windows: by the name of each.
fn slots<'a>(desktop: &Desktop, captured: &'a Captured, secrets: &Secrets) -> Vec<Slot<'a>> {
    captured
        .layout
        .windows()
        .into_iter()
        .zip(&captured.windows)
        .filter_map(|(window, con)| {
            let con = desktop.tree.find(*con)?;
            let facts = con.window.and_then(|id| desktop.windows.get(&id));
            Some(Slot {
                id: window.id.as_deref()?,
                swallow: &window.swallow,
                properties: without_secrets(con.properties.as_ref()?, facts, secrets),
                pid: facts.and_then(crate::live::WindowFacts::pid),
            })
        })
        .collect()
}

/// A rule with a command that is a guess.
fn command(properties: &Properties, why: String, is_program: &dyn Fn(&str) -> bool) -> Suggestion {
    let names = [&properties.instance, &properties.class];
    let names: Vec<String> = names
        .into_iter()
        .flatten()
        .map(|name| name.to_lowercase())
        .filter(|name| !name.is_empty() && !name.contains(MASK))
        .collect();
    let mut why = vec![why];
    let known = names.iter().find(|name| is_program(name));
    why.push(if known.is_some() {
        "the command is a guess by the window's name".to_owned()
    } else {
        "write what starts it: PATH has no program of the window's name".to_owned()
    });
    let guess = known.or(names.first()).cloned();
    let guess = guess.unwrap_or_else(|| "change-me".to_owned());
    let guess = Command::from_words(vec![guess]);
    let guess = match guess {
        Command::Line(line) => json!(line),
        Command::Args(words) => json!(words),
    };
    Suggestion {
        why,
        rule: json!({ "criteria": criteria(properties), "command": guess }),
    }
}

/// A rule that takes the titles, or says that nothing can be done.
fn apart(group: &[&Slot]) -> Suggestion {
    let ids: Vec<String> = group.iter().map(|slot| format!("`{}`", slot.id)).collect();
    let mut why = vec![format!(
        "one process has the windows {}, and their criteria are the same",
        ids.join(", ")
    )];
    let properties = &group[0].properties;
    let mut titles: Vec<Option<&str>> = group
        .iter()
        .map(|slot| slot.properties.title.as_deref())
        .collect();
    titles.sort_unstable();
    titles.dedup();
    if titles.len() < group.len() {
        why.push(
            "some titles are the same, too; those can only be told apart by their order".to_owned(),
        );
    }
    let mut swallow: Vec<&str> = group[0].swallow.criteria().map(|(name, _)| name).collect();
    if !swallow.contains(&"title") {
        swallow.push("title");
    }
    Suggestion {
        why,
        rule: json!({ "criteria": criteria(properties), "swallow": swallow }),
    }
}

/// The window's class and instance, else its role or its title.
fn criteria(properties: &Properties) -> Value {
    let said = |property: &Option<String>| property.clone().filter(|text| !text.is_empty());
    let mut map = Map::new();
    let mut put = |name: &str, pattern: Option<String>| {
        let there = pattern.is_some();
        if let Some(pattern) = pattern {
            map.insert(name.to_owned(), json!(pattern));
        }
        there
    };
    let exact = |property: &Option<String>| said(property).map(|text| exactly(&text));
    let class = put("class", exact(&properties.class));
    let instance = put("instance", exact(&properties.instance));
    if !class && !instance && !put("window_role", exact(&properties.window_role)) {
        put("title", exact(&properties.title));
    }
    Value::Object(map)
}
