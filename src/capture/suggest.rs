//! Rules for windows that capture cannot bring back by itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::criteria::{exactly, is_lasting};
use super::shown::without_secrets;
use super::{Captured, CapturedWindow, Warning};
use crate::config::Criterion;
use crate::discover::Doubt;
use crate::discover::command_line;
use crate::discover::secrets::{MASK, Secrets};
use crate::layout::comments::Comments;
use crate::layout::{Swallow, yaml};
use crate::live::{Desktop, Pid, Properties};

/// What stands for a command that nobody knows.
const TO_FILL_IN: &str = "change-me";

/// What would help with some windows, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// Why.
    pub why: Vec<String>,
    /// What would help.
    pub advice: Advice,
}

/// What would help with some windows.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// A rule as the configuration has it.
    Rule(Value),
    /// A rule in which a person has to fill in the command.
    FillIn(Value),
    /// A rule that a person may want, and has to change first.
    Perhaps(Value),
    /// No rule does.
    Nothing,
}

impl Suggestion {
    /// Whether there is anything to be done.
    pub fn is_of_use(&self) -> bool {
        matches!(self.advice, Advice::Rule(_) | Advice::FillIn(_))
    }
}

/// Rules for the windows of a captured layout whose command could not be found or names
/// what is not there, and for those whose criteria are the same though one process opened
/// them.
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
        if let Some((id, why)) = without_command(warning)
            && let Some(slot) = slots.iter().find(|slot| slot.id == id)
        {
            let suggestion = command(&slot.properties, why, is_program);
            // Two windows of a kind need one rule.
            match suggestions
                .iter_mut()
                .find(|known| known.advice == suggestion.advice)
            {
                Some(known) => {
                    for why in suggestion.why {
                        if !known.why.contains(&why) {
                            known.why.push(why);
                        }
                    }
                }
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
        if !suggestions.contains(&suggestion) {
            suggestions.push(suggestion);
        }
    }
    let others = captured.warnings.iter().filter_map(|warning| {
        let Warning::Again { slots: ids, .. } = warning else {
            return None;
        };
        let slot = slots.iter().find(|slot| slot.id == ids[0])?;
        Some(each(ids, &slot.properties))
    });
    suggestions.extend(others);
    suggestions
}

/// A rule that starts each window of a process for itself.
fn each(ids: &[String], properties: &Properties) -> Suggestion {
    let why = vec![
        format!(
            "the first window of their process opens `{}`, too, if the program has sessions",
            ids.join("`, `")
        ),
        "if it has none: say which part of the title it is to open, and take the `#` away"
            .to_owned(),
    ];
    let rule = json!({
        "criteria": criteria(properties),
        "command": "{0} '{title:^(.*) - }'",
        "once_per_process": false,
    });
    Suggestion {
        why,
        advice: Advice::Perhaps(rule),
    }
}

/// The slot whose command is not there, or names what is not there.
fn without_command(warning: &Warning) -> Option<(&str, String)> {
    match warning {
        Warning::NoCommand { slot, reason, .. } => {
            Some((slot, format!("slot `{slot}` has no command: {reason}")))
        }
        Warning::Doubtful {
            slot,
            doubt: Doubt::NoProgram(_) | Doubt::NotExecutable(_) | Doubt::NoFile(_),
        } => Some((slot, warning.to_string())),
        _ => None,
    }
}

/// The suggestions as a configuration file that is right as it is; what a person has to
/// fill in is a comment.
pub fn to_yaml(suggestions: &[Suggestion]) -> String {
    let has = |wanted: fn(&Advice) -> bool| suggestions.iter().any(|one| wanted(&one.advice));
    let mut text = "version: 1\n".to_owned();
    if has(|advice| matches!(advice, Advice::Rule(_))) {
        text.push_str("rules:\n");
    } else if has(|advice| matches!(advice, Advice::FillIn(_) | Advice::Perhaps(_))) {
        // Without an entry it would be no list.
        text.push_str("# rules:\n");
    }
    for (index, Suggestion { why, advice }) in suggestions.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        for line in why {
            text.push_str("  # ");
            text.push_str(&line.replace(char::is_control, " "));
            text.push('\n');
        }
        match advice {
            Advice::Rule(rule) => text.push_str(&entry(rule)),
            Advice::FillIn(rule) | Advice::Perhaps(rule) => {
                for line in entry(rule).lines() {
                    text.push_str("  # ");
                    text.push_str(line.strip_prefix("  ").unwrap_or(line));
                    text.push('\n');
                }
            }
            Advice::Nothing => {}
        }
    }
    text
}

/// The rule as an entry of `rules`.
fn entry(rule: &Value) -> String {
    let emitted = yaml::emit(&json!({ "rules": [rule] }), &Comments::default());
    let entry = emitted.split_once('\n').map_or("", |(_, entry)| entry);
    entry.to_owned()
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
        .filter_map(|CapturedWindow { con, slot }| {
            let con = desktop.tree.find(*con)?;
            let facts = con.window.and_then(|id| desktop.windows.get(&id));
            Some(Slot {
                id: slot.id.as_deref()?,
                swallow: &slot.swallow,
                properties: without_secrets(con.properties.as_ref()?, facts, secrets),
                pid: facts.and_then(crate::live::WindowFacts::pid),
            })
        })
        .collect()
}

/// A rule with a command that is a guess, or that is to be filled in.
fn command(properties: &Properties, why: String, is_program: &dyn Fn(&str) -> bool) -> Suggestion {
    let names = [&properties.instance, &properties.class];
    let mut names = names
        .into_iter()
        .flatten()
        .map(|name| name.to_lowercase())
        .filter(|name| !name.is_empty() && !name.contains(MASK));
    let criteria = criteria(properties);
    let Some(guess) = names.find(|name| is_program(name)) else {
        let what = "PATH has no program of the window's name: say what starts it, and take the \
                    `#` away";
        return Suggestion {
            why: vec![why, what.to_owned()],
            advice: Advice::FillIn(json!({ "criteria": criteria, "command": TO_FILL_IN })),
        };
    };
    let guess = command_line::quote(&[guess]);
    Suggestion {
        why: vec![
            why,
            "the command is a guess by the window's name".to_owned(),
        ],
        advice: Advice::Rule(json!({ "criteria": criteria, "command": guess })),
    }
}

/// A rule that takes what tells the windows apart, or that nothing does.
fn apart(group: &[&Slot]) -> Suggestion {
    /// What lasts longer comes first.
    const MORE: [Criterion; 4] = [
        Criterion::Class,
        Criterion::Instance,
        Criterion::WindowRole,
        Criterion::Title,
    ];
    let ids: Vec<String> = group.iter().map(|slot| format!("`{}`", slot.id)).collect();
    let mut why = vec![format!(
        "one process has the windows {}, and their criteria are the same",
        ids.join(", ")
    )];
    let mut swallow: Vec<&str> = group[0].swallow.criteria().map(|(name, _)| name).collect();
    let mut chosen: Vec<Criterion> = Vec::new();
    let mut kinds = 1;
    for criterion in MORE {
        let mut with: Vec<Criterion> = chosen.clone();
        with.push(criterion);
        let number = number_of_kinds(group, &with);
        if number > kinds {
            kinds = number;
            chosen = with;
            swallow.push(criterion.as_str());
        }
    }
    if chosen.is_empty() {
        why.push(
            "nothing lasting tells them apart, so no rule helps: they come back in the order in \
             which they open"
                .to_owned(),
        );
        return Suggestion {
            why,
            advice: Advice::Nothing,
        };
    }
    if kinds < group.len() {
        why.push(
            "that tells only some of them apart; the others come back in the order in which \
             they open"
                .to_owned(),
        );
    }
    Suggestion {
        why,
        advice: Advice::Rule(
            json!({ "criteria": criteria(&group[0].properties), "swallow": swallow }),
        ),
    }
}

/// How many of the windows these criteria tell apart.
fn number_of_kinds(group: &[&Slot], criteria: &[Criterion]) -> usize {
    let pattern = |slot: &Slot, criterion: Criterion| {
        let text = criterion.of(&slot.properties)?;
        let lasts = criterion != Criterion::WindowRole || is_lasting(text);
        lasts.then(|| text.to_owned())
    };
    let kinds: BTreeSet<Vec<Option<String>>> = group
        .iter()
        .map(|slot| criteria.iter().map(|&one| pattern(slot, one)).collect())
        .collect();
    kinds.len()
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
