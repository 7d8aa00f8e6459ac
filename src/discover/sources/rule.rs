//! The rule that applies to a window, as a source.
//!
//! A rule comes before all other sources. It can name a command, or only change where and
//! with which environment variables another source's command is started.

use std::collections::BTreeMap;
use std::path::Path;

use super::template::{self, Seen};
use crate::config::{Rule, Template};
use crate::discover::candidate::{Candidate, Discovered, Discovery, NoCommand, Refused, Unfit};
use crate::discover::command_line::{self, below_home, escape};
use crate::discover::doubts::{self, Replaced};
use crate::discover::evidence::Evidence;
use crate::discover::secrets::{Marked, Secrets};
use crate::layout::{Command, CommandSource};
use crate::live::Properties;

/// The parts of a rule for one window, as a layout file has them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Said {
    /// The command.
    command: Option<Command>,
    /// The working directory.
    cwd: Option<String>,
    /// Environment variables to add.
    env: BTreeMap<String, String>,
    /// The environment variables that these need instead of secrets.
    secrets: Vec<String>,
}

/// Puts the rule's candidate before those of the other sources.
pub(super) fn precede(discovery: &mut Discovery, rule: &Rule, evidence: &Evidence) {
    let again = evidence.asked.again;
    if !rule.ignore && again && rule.once_per_process == Some(true) {
        return without_command(discovery, NoCommand::OpenedByAnother);
    }
    let opened_by_another = again && discovery.winner().is_none();
    let unused = keys(rule);
    if !rule.ignore && (opened_by_another || unused.is_empty()) {
        return;
    }
    let position = rule.origin.to_string();
    let candidate =
        |why: String| Candidate::without_command(CommandSource::Rule, Some(position.clone()), why);
    let first = if rule.ignore {
        candidate("the rule leaves the window out of layouts".to_owned())
    } else {
        match said(rule, evidence) {
            Ok(said) => with(discovery, said, evidence, candidate(String::new())),
            Err(unfit) => {
                let first = candidate(unfit.to_string());
                discovery.refused = Some(Refused {
                    rule: position,
                    unused,
                    unfit,
                });
                first
            }
        }
    };
    discovery.candidates.insert(0, first);
}

/// Takes the command away.
fn without_command(discovery: &mut Discovery, reason: NoCommand) {
    if let Some(winner) = discovery.winner_mut() {
        winner.won = false;
        winner.why = reason.to_string();
    }
    discovery.nothing = reason;
}

/// The rule's candidate. Where it has no command, what it says is added to the winner.
fn with(
    discovery: &mut Discovery,
    said: Said,
    evidence: &Evidence,
    mut first: Candidate,
) -> Candidate {
    let machine = evidence.machine;
    let replaced = Replaced {
        command: said.command.is_some(),
        cwd: said.cwd.is_some(),
    };
    let winner = discovery.winner_mut();
    let mut found = winner
        .as_ref()
        .and_then(|winner| winner.found.clone())
        .unwrap_or_default();
    if let Some(cwd) = said.cwd {
        // Programs start in the home directory by themselves.
        found.cwd = Some(cwd).filter(|cwd| cwd != "~");
    }
    found.env = said.env;
    found.secrets.extend(said.secrets);
    if said.command.is_some() {
        found.command = said.command;
        let argv = argv(evidence);
        let line = command_line::quote(&machine.secrets().masked(argv));
        found.process = (!argv.is_empty()).then(|| escape(&line));
    }
    found.doubts = doubts::doubts(
        std::mem::take(&mut found.doubts),
        replaced,
        found.command.as_ref(),
        found.cwd.as_deref(),
        machine,
    );
    retain_needed_secrets(&mut found);
    if replaced.command {
        if let Some(winner) = winner {
            winner.won = false;
            "a rule says it otherwise".clone_into(&mut winner.why);
        }
        first.won = true;
        "the rule that counts for the window says it".clone_into(&mut first.why);
        first.found = Some(found);
        return first;
    }
    "it names no command, only where and with what it is started".clone_into(&mut first.why);
    match winner {
        Some(winner) => winner.found = Some(found),
        None => first.found = Some(found),
    }
    first
}

/// Leaves out variables that nothing needs any more, and those that are there twice.
fn retain_needed_secrets(found: &mut Discovered) {
    let words = found.command.as_ref().map(Command::words);
    let words = words.and_then(Result::ok).unwrap_or_default();
    let texts: Vec<&String> = words
        .iter()
        .chain(&found.cwd)
        .chain(found.env.values())
        .collect();
    let mut seen: Vec<String> = Vec::new();
    found.secrets.retain(|variable| {
        let reference = format!("${{env:{variable}}}");
        let needed = texts.iter().any(|text| text.contains(&reference));
        let fresh = !seen.contains(variable);
        seen.push(variable.clone());
        needed && fresh
    });
}

/// The keys by which a rule says how the program is started. When one of them cannot be
/// made, none of them counts.
fn keys(rule: &Rule) -> Vec<&'static str> {
    let keys = [
        (rule.command.is_some(), "command"),
        (rule.cwd.is_some(), "cwd"),
        (!rule.env.is_empty(), "env"),
    ];
    let keys = keys.into_iter().filter(|(is_there, _)| *is_there);
    keys.map(|(_, key)| key).collect()
}

/// The command line of the window's process, as it shows it.
fn argv<'a>(evidence: &Evidence<'a>) -> &'a [String] {
    let process = evidence
        .asked
        .facts
        .and_then(|facts| facts.process.as_ref());
    process.map_or(&[][..], |process| process.argv.as_slice())
}

fn said(rule: &Rule, evidence: &Evidence) -> Result<Said, Unfit> {
    let silent = Properties::default();
    let properties = evidence.asked.con.properties.as_ref().unwrap_or(&silent);
    let machine = evidence.machine;
    apply(
        rule,
        argv(evidence),
        properties,
        machine.secrets(),
        machine.home(),
    )
}

/// The parts of the rule for a window whose process was started with `argv`.
fn apply(
    rule: &Rule,
    argv: &[String],
    properties: &Properties,
    secrets: &Secrets,
    home: Option<&Path>,
) -> Result<Said, Unfit> {
    let unfit = |key| move |reason| Unfit { key, reason };
    let marked = secrets.marked(argv);
    let seen = Seen::new(&marked, properties, secrets);
    let mut said = Said::default();
    if let Some(templates) = &rule.command {
        let mut words = Vec::new();
        for template in templates {
            words.extend(template::words(template, &seen).map_err(unfit("command"))?);
        }
        let (words, names) = secrets.replaced_words(&words);
        said.secrets.extend(names);
        let words = words.into_iter().map(|word| short(word, home)).collect();
        said.command = Some(command_line::command(words));
    }
    let program = argv.first().map_or("", String::as_str);
    let mut text = |template: &Template, key, name: &str| {
        // The program first, as it names the variables; and a variable's name tells
        // whether its value is a secret.
        let whole = template::value(template, &seen)
            .map_err(unfit(key))?
            .preceded_by(name);
        let (words, names) = secrets.replaced_words(&[Marked::from(program), whole]);
        said.secrets.extend(names);
        let whole = words.into_iter().nth(1).unwrap_or_default();
        let value = whole.strip_prefix(name).unwrap_or(&whole);
        Ok::<String, Unfit>(short(value.to_owned(), home))
    };
    let cwd = rule
        .cwd
        .as_ref()
        .map(|cwd| text(cwd, "cwd", ""))
        .transpose()?;
    let mut env = BTreeMap::new();
    for (name, value) in &rule.env {
        env.insert(name.clone(), text(value, "env", &format!("{name}="))?);
    }
    said.cwd = cwd;
    said.env = env;
    said.secrets.sort();
    said.secrets.dedup();
    Ok(said)
}

/// `~/…` for a path below the home directory.
fn short(word: String, home: Option<&Path>) -> String {
    below_home(&word, home).unwrap_or(word)
}

#[cfg(test)]
mod tests;
