//! Rules for windows that capture alone cannot restore.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::criteria::{Details, by_default, is_lasting};
use super::shown::without_secrets;
use super::{Captured, CapturedWindow, Warning};
use crate::config::Criterion;
use crate::discover::command_line;
use crate::discover::secrets::{MASK, Secrets};
use crate::discover::{Doubt, NoCommand};
use crate::layout::comments::Comments;
use crate::layout::{Swallow, yaml};
use crate::live::{Desktop, Pid, Properties, WindowFacts};

/// The placeholder for an unknown command.
const TO_FILL_IN: &str = "change-me";

/// Advice about some windows, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    /// The reasons.
    pub why: Vec<String>,
    /// The advice.
    pub advice: Advice,
    /// The slots of the windows.
    pub slots: Vec<String>,
}

/// The result of a rule for an open window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The command, as in a layout file.
    pub command: String,
    /// True if the last argument is the name of a file.
    pub names_file: bool,
}

/// Tries a rule on the window of a slot. The error is the reason why the rule cannot be used.
pub type Try<'a> = &'a dyn Fn(&Value, &str) -> Result<Outcome, String>;

/// Advice about some windows.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// A rule for the configuration.
    Rule(Value),
    /// A rule whose command the user must complete.
    FillIn(Value),
    /// An optional rule that needs changes.
    Perhaps(Value),
    /// No rule can help.
    Nothing,
}

impl Suggestion {
    /// True if a rule is needed.
    pub fn is_of_use(&self) -> bool {
        matches!(self.advice, Advice::Rule(_) | Advice::FillIn(_))
    }
}

/// Rules for windows of a captured layout whose command was not found or does not exist, and
/// for windows of one process that have the same criteria.
///
/// `is_program` returns true if `PATH` has a program with a name. Rules with a command are tried on
/// the windows, and the reasons say what they give.
pub fn suggest(
    desktop: &Desktop,
    captured: &Captured,
    is_program: &dyn Fn(&str) -> bool,
    tried: Try,
    secrets: &Secrets,
) -> Vec<Suggestion> {
    let slots = slots(desktop, captured, secrets);
    let mut suggestions: Vec<Suggestion> = Vec::new();
    for warning in &captured.warnings {
        if let Some((id, why)) = without_command(warning)
            && let Some(slot) = slots.iter().find(|slot| slot.id == id)
        {
            // The program of that name on this machine is another one.
            let is_here = |name: &str| is_program(name) && !is_elsewhere(warning);
            let mut one = command(slot, why, &is_here);
            // Two windows of the same kind need one rule.
            let known = suggestions
                .iter_mut()
                .find(|known| known.advice == one.advice);
            if let Some(known) = known {
                one.why.retain(|why| !known.why.contains(why));
                known.why.append(&mut one.why);
                known.slots.append(&mut one.slots);
            } else {
                suggestions.push(one);
            }
        }
    }
    for suggestion in &mut suggestions {
        suggestion.say_results(tried);
    }
    let mut groups: Vec<Vec<&Slot>> = Vec::new();
    for slot in slots.iter().filter(|slot| slot.pid.is_some()) {
        let is_alike =
            |group: &&mut Vec<&Slot>| (group[0].swallow, group[0].pid) == (slot.swallow, slot.pid);
        match groups.iter_mut().find(is_alike) {
            Some(group) => group.push(slot),
            None => groups.push(vec![slot]),
        }
    }
    let groups = groups.iter().filter(|group| group.len() > 1);
    let apart_rules: Vec<Suggestion> = groups.map(|group| apart(group)).collect();
    let others = captured.warnings.iter().filter_map(|warning| {
        let Warning::Again { slots: ids, .. } = warning else {
            return None;
        };
        let slot = slots.iter().find(|slot| slot.id == ids[0])?;
        let of_them = |rule: &&Suggestion| rule.slots.contains(&ids[0]);
        let swallow = apart_rules
            .iter()
            .find(of_them)
            .and_then(Suggestion::swallow);
        Some(each(ids, &slot.properties, swallow, tried))
    });
    // Of two rules with the same criteria, the first applies: the one that has the other's keys.
    suggestions.extend(others);
    suggestions.extend(apart_rules);
    suggestions
}

/// The patterns for the name of a document in a title, the most usual first: before the last
/// separator, before the first, after the first, after the last, and the whole title.
/// Editors put a `*` before the name of a modified document.
const DOCUMENTS: [&str; 5] = [
    r"^\*?(.+) [-–—] ",
    r"^\*?(.+?) [-–—] ",
    r" [-–—] \*?(.+)$",
    r"^.+ [-–—] \*?(.+)$",
    r"^\*?(.+)$",
];

/// A rule that starts each window of a process separately, with the pattern that finds the most
/// files in their titles.
fn each(
    ids: &[String],
    properties: &Properties,
    swallow: Option<&Value>,
    tried: Try,
) -> Suggestion {
    let rule = |pattern: &str| {
        let mut rule = json!({
            "criteria": criteria(properties),
            "command": format!("{{0}} '{{title:{pattern}}}'"),
            "once_per_process": false,
        });
        if let Some(swallow) = swallow {
            rule["swallow"] = swallow.clone();
        }
        rule
    };
    // The windows whose title names a file, and those for which the pattern gives anything.
    let fit = |pattern: &&str| {
        let rule = rule(pattern);
        let results: Vec<Outcome> = ids.iter().flat_map(|id| tried(&rule, id)).collect();
        let files = results.iter().filter(|result| result.names_file).count();
        (files, results.len())
    };
    // Of equal patterns, the first.
    let best = DOCUMENTS.iter().rev().max_by_key(|pattern| fit(pattern));
    let pattern = best.copied().unwrap_or_default();
    let why = format!(
        "the first window of the process also opens `{}` if the program restores sessions",
        ids.join("`, `")
    );
    let mut suggestion = Suggestion {
        why: vec![why],
        advice: Advice::Perhaps(rule(pattern)),
        slots: ids.to_vec(),
    };
    let names_all = fit(&pattern).0 == ids.len();
    suggestion.why.push(
        if names_all {
            "otherwise, remove the `#`: the rule opens the file in the title of each window"
        } else {
            "otherwise, adapt the pattern to the part of the title to open, and remove the `#`"
        }
        .to_owned(),
    );
    suggestion.say_results(tried);
    suggestion
}

impl Suggestion {
    /// The criteria by which its rule distinguishes the windows.
    fn swallow(&self) -> Option<&Value> {
        match &self.advice {
            Advice::Rule(rule) => rule.get("swallow"),
            Advice::FillIn(_) | Advice::Perhaps(_) | Advice::Nothing => None,
        }
    }

    /// Adds what the rule's command is for each window. If the rule cannot be used for any of
    /// them, the advice is withdrawn.
    fn say_results(&mut self, tried: Try) {
        let (Advice::Rule(rule) | Advice::Perhaps(rule)) = &self.advice else {
            return;
        };
        let results = self.slots.iter().map(|slot| (slot, tried(rule, slot)));
        let results: Vec<_> = results.collect();
        let is_of_use = results.iter().any(|(_, result)| result.is_ok());
        self.why
            .extend(results.iter().map(|(slot, result)| match result {
                Ok(result) => format!("for slot `{slot}`, it gives: {}", result.command),
                Err(reason) => format!("for slot `{slot}`, it gives nothing: {reason}"),
            }));
        if !is_of_use {
            self.advice = Advice::Nothing;
        }
    }
}

/// The slot without a working command, with the reason.
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

/// True for a program in a container or sandbox, of another user or on another machine.
const fn is_elsewhere(warning: &Warning) -> bool {
    matches!(
        warning,
        Warning::NoCommand {
            reason: NoCommand::Container | NoCommand::OtherUser(_) | NoCommand::OtherMachine(_),
            ..
        }
    )
}

/// The suggestions as a valid configuration file. Rules that need changes are comments.
pub fn to_yaml(suggestions: &[Suggestion]) -> String {
    let has = |wanted: fn(&Advice) -> bool| {
        let mut advice = suggestions.iter().map(|suggestion| &suggestion.advice);
        advice.any(wanted)
    };
    let mut text = "version: 1\n".to_owned();
    if has(|advice| matches!(advice, Advice::Rule(_))) {
        text.push_str("rules:\n");
    } else if has(|advice| matches!(advice, Advice::FillIn(_) | Advice::Perhaps(_))) {
        // Without an entry, it would not be a list.
        text.push_str("# rules:\n");
    }
    for (index, Suggestion { why, advice, .. }) in suggestions.iter().enumerate() {
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

/// The rule as a configuration file.
pub fn configuration(rule: &Value) -> String {
    format!("version: 1\nrules:\n{}", entry(rule))
}

/// The rule as an entry of `rules`.
fn entry(rule: &Value) -> String {
    let emitted = yaml::emit(&json!({ "rules": [rule] }), &Comments::default());
    let entry = emitted.split_once('\n').map_or("", |(_, entry)| entry);
    entry.to_owned()
}

/// A slot with the properties of its window.
struct Slot<'a> {
    id: &'a str,
    swallow: &'a Swallow,
    properties: Properties,
    pid: Option<Pid>,
}

/// The slots of the layout with their windows.
fn slots<'a>(desktop: &Desktop, captured: &'a Captured, secrets: &Secrets) -> Vec<Slot<'a>> {
    captured
        .layout
        .windows()
        .filter_map(|CapturedWindow { con, slot }| {
            let con = desktop.tree.find(*con)?;
            let facts = desktop.facts(con);
            Some(Slot {
                id: slot.id.as_deref()?,
                swallow: &slot.swallow,
                properties: without_secrets(con.properties.clone()?, facts, secrets),
                pid: facts.and_then(WindowFacts::pid),
            })
        })
        .collect()
}

/// A rule with a guessed command, or with one to fill in.
fn command(slot: &Slot, why: String, is_program: &dyn Fn(&str) -> bool) -> Suggestion {
    let properties = &slot.properties;
    let slots = vec![slot.id.to_owned()];
    let names = [&properties.instance, &properties.class];
    let mut names = names
        .into_iter()
        .flatten()
        .map(|name| name.to_lowercase())
        .filter(|name| !name.is_empty() && !name.contains(MASK));
    let criteria = criteria(properties);
    let Some(guess) = names.find(|name| is_program(name)) else {
        let what = "no program of this machine is known to open it: fill in the command, and \
                    remove the `#`";
        return Suggestion {
            why: vec![why, what.to_owned()],
            advice: Advice::FillIn(json!({ "criteria": criteria, "command": TO_FILL_IN })),
            slots,
        };
    };
    let guess = command_line::quote(&[guess]);
    Suggestion {
        why: vec![
            why,
            "the command is guessed from the window's name".to_owned(),
        ],
        advice: Advice::Rule(json!({ "criteria": criteria, "command": guess })),
        slots,
    }
}

/// A rule with the criteria that distinguish the windows, if there are any.
fn apart(group: &[&Slot]) -> Suggestion {
    /// The most lasting criteria come first.
    const MORE: [Criterion; 4] = [
        Criterion::Class,
        Criterion::Instance,
        Criterion::WindowRole,
        Criterion::Title,
    ];
    let slots: Vec<String> = group.iter().map(|slot| slot.id.to_owned()).collect();
    let ids: Vec<String> = slots.iter().map(|id| format!("`{id}`")).collect();
    let mut why = vec![format!(
        "windows {} belong to one process and have the same criteria",
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
            "no lasting property distinguishes them, so a rule cannot help: they are assigned in \
             the order in which they open"
                .to_owned(),
        );
        return Suggestion {
            why,
            advice: Advice::Nothing,
            slots,
        };
    }
    if kinds < group.len() {
        why.push(
            "the rule distinguishes only some of them; the others are assigned in the order in \
             which they open"
                .to_owned(),
        );
    }
    Suggestion {
        why,
        advice: Advice::Rule(
            json!({ "criteria": criteria(&group[0].properties), "swallow": swallow }),
        ),
        slots,
    }
}

/// The number of kinds of windows that these criteria distinguish.
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
    let with = Details {
        instance: true,
        role: false,
    };
    by_default(properties, with).criteria().collect()
}
