//! The rule that applies to a window.
//!
//! A rule takes precedence over all other sources. It has a command, or only changes the directory
//! and the environment of another source's command.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::template::{self, Seen};
use crate::config::{Rule, Template};
use crate::discover::candidate::{
    Candidate, CommandSource, Discovered, Discovery, NoCommand, Refused, UnusableRule,
};
use crate::discover::command_line::{self, below_home};
use crate::discover::doubts;
use crate::discover::evidence::Evidence;
use crate::discover::overwritten::overwritten;
use crate::discover::secrets::Marked;
use crate::layout::Command;
use crate::live::Properties;

/// Puts the rule's candidate before those of the other sources.
pub(super) fn precede(discovery: &mut Discovery, rule: &Rule, evidence: &Evidence) {
    let again = evidence.again;
    if !rule.ignore && again && rule.once_per_process == Some(true) {
        discovery.nothing = NoCommand::OpenedByAnother;
        if let Some(winner) = discovery.winner_mut() {
            winner.won = false;
            winner.why = NoCommand::OpenedByAnother.to_string();
        }
        return;
    }
    let opened_by_another = again && discovery.winner().is_none();
    let unused = keys(rule);
    if !rule.ignore && (opened_by_another || unused.is_empty()) {
        return;
    }
    let position = rule.origin.to_string();
    let name = Some(position.clone());
    let mut first = Candidate::without_command(CommandSource::Rule, name, String::new());
    if rule.ignore {
        "the rule excludes the window from layouts".clone_into(&mut first.why);
    } else {
        match apply(rule, evidence) {
            Ok(values) => merge(discovery, values, evidence, &mut first),
            Err(unfit) => {
                first.why = unfit.to_string();
                discovery.refused = Some(Refused {
                    rule: position,
                    unused,
                    unfit,
                });
            }
        }
    }
    discovery.candidates.insert(0, first);
}

/// Completes the rule's candidate, or adds the values of a rule without a command to the winner.
fn merge(
    discovery: &mut Discovery,
    values: Discovered,
    evidence: &Evidence,
    first: &mut Candidate,
) {
    let machine = evidence.machine;
    let has_command = values.command.is_some();
    let has_cwd = values.cwd.is_some();
    let winner = discovery.winner_mut();
    let mut found = winner
        .as_ref()
        .and_then(|winner| winner.found.clone())
        .unwrap_or_default();
    if has_cwd {
        // Programs start in the home directory by default.
        found.cwd = values.cwd.filter(|cwd| cwd != "~");
    }
    found.env = values.env;
    found.secrets.extend(values.secrets);
    if has_command {
        found.command = values.command;
        let argv = argv(evidence);
        let line = machine.shown_line(&argv);
        found.process = (!argv.is_empty()).then_some(line);
    }
    doubts::recheck(&mut found, has_command, has_cwd, machine);
    retain_needed_secrets(&mut found);
    if has_command {
        if let Some(winner) = winner {
            winner.won = false;
            "a rule sets the command".clone_into(&mut winner.why);
        }
        first.won = true;
        "the rule sets this command".clone_into(&mut first.why);
        first.found = Some(found);
    } else {
        "it has no command, only a directory or an environment".clone_into(&mut first.why);
        winner.unwrap_or(first).found = Some(found);
    }
}

/// Removes variables that nothing needs any more, and duplicates.
fn retain_needed_secrets(found: &mut Discovered) {
    let words = found.command.as_ref().map(Command::words);
    let words = words.and_then(Result::ok).unwrap_or_default();
    let texts = words.iter().chain(&found.cwd).chain(found.env.values());
    let texts: Vec<&String> = texts.collect();
    let mut seen = BTreeSet::new();
    found.secrets.retain(|variable| {
        let reference = format!("${{env:{variable}}}");
        let needed = texts.iter().any(|text| text.contains(&reference));
        seen.insert(variable.clone()) && needed
    });
}

/// Returns the keys of the rule about starting the program. If one of them has no value for a
/// window, none of them is used.
fn keys(rule: &Rule) -> Vec<&'static str> {
    let keys = [
        (rule.command.is_some(), "command"),
        (rule.cwd.is_some(), "cwd"),
        (!rule.env.is_empty(), "env"),
    ];
    let keys = keys.into_iter().filter(|(is_given, _)| *is_given);
    keys.map(|(_, key)| key).collect()
}

/// Returns the command line of the window's process, as words also if the process has joined them.
fn argv<'a>(evidence: &Evidence<'a>) -> Cow<'a, [String]> {
    let process = evidence
        .asked
        .facts
        .and_then(|facts| facts.process.as_ref());
    let Some(process) = process else {
        return Cow::default();
    };
    match overwritten(process, evidence.machine) {
        Some(overwritten) => Cow::Owned(overwritten.argv),
        None => Cow::Borrowed(&process.argv),
    }
}

/// Returns the values of the rule for a window, in the form of a layout file.
fn apply(rule: &Rule, evidence: &Evidence) -> Result<Discovered, UnusableRule> {
    let empty = Properties::default();
    let properties = evidence.asked.con.properties.as_ref().unwrap_or(&empty);
    let secrets = evidence.machine.secrets();
    let argv = argv(evidence);
    let short = |word: String| below_home(&word, evidence.machine.home()).unwrap_or(word);
    let unfit = |key| move |reason| UnusableRule { key, reason };
    let marked = secrets.marked(&argv);
    let seen = Seen {
        argv: &marked,
        properties,
        secrets,
    };
    let mut values = Discovered::default();
    if let Some(templates) = &rule.command {
        let mut words = Vec::new();
        for template in templates {
            words.extend(template::words(template, &seen).map_err(unfit("command"))?);
        }
        let (words, names) = secrets.replaced_words(&words);
        values.secrets.extend(names);
        let words = words.into_iter().map(short).collect();
        values.command = Some(command_line::command(words));
    }
    let program = argv.first().map_or("", String::as_str);
    let mut text = |template: &Template, key, name: &str| {
        // The program is part of the names of variables. The name in front of a value shows
        // whether the value is a secret.
        let value = template::value(template, &seen).map_err(unfit(key))?;
        let (words, names) =
            secrets.replaced_words(&[Marked::from(program), value.preceded_by(name)]);
        values.secrets.extend(names);
        let value = words.get(1).and_then(|word| word.strip_prefix(name));
        Ok::<String, UnusableRule>(short(value.unwrap_or_default().to_owned()))
    };
    let cwd = rule.cwd.as_ref().map(|cwd| text(cwd, "cwd", ""));
    let cwd = cwd.transpose()?;
    let mut env = BTreeMap::new();
    for (name, value) in &rule.env {
        env.insert(name.clone(), text(value, "env", &format!("{name}="))?);
    }
    values.cwd = cwd;
    values.env = env;
    values.secrets.sort();
    values.secrets.dedup();
    Ok(values)
}

#[cfg(test)]
mod tests;
