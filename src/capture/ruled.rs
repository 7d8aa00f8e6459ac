//! What the rules of the configuration change about a captured layout.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Discover, Options, Warning};
use crate::config::{Candidate, Criterion, Rule, Said, membership};
use crate::discover::Asked;
use crate::discover::command_line::{self, escape};
use crate::discover::secrets::Secrets;
use crate::layout::criteria::is_matchable;
use crate::layout::{CommandSource, Swallow, Window};
use crate::live::{Con, ConId, Desktop, Properties, WindowFacts};

/// The rule that counts for a window.
pub(super) fn rule<'a>(options: &Options<'a>, properties: &Properties) -> Option<&'a Rule> {
    options.config?.rules.winner(properties)
}

/// The windows that are left out: because a rule says so, or because they do not belong
/// to the project.
pub(super) fn left_out(
    desktop: &Desktop,
    discovered: &Discover,
    options: &Options,
) -> BTreeSet<ConId> {
    let mut left_out = BTreeSet::new();
    walk(&desktop.tree, &mut Vec::new(), &mut |con, marks| {
        let silent = Properties::default();
        let rule = rule(options, con.properties.as_ref().unwrap_or(&silent));
        let ignored = rule.is_some_and(|rule| rule.ignore);
        if ignored || !is_member(con, marks, rule, desktop, discovered, options) {
            left_out.insert(con.id);
        }
    });
    left_out
}

/// Visits all windows with their marks and those of the containers around them.
fn walk<'a>(con: &'a Con, marks: &mut Vec<&'a str>, visit: &mut impl FnMut(&Con, &[&str])) {
    let before = marks.len();
    marks.extend(con.marks.iter().map(String::as_str));
    if con.is_window() {
        visit(con, marks);
    }
    for child in con.children() {
        walk(child, marks, visit);
    }
    marks.truncate(before);
}

fn is_member(
    con: &Con,
    marks: &[&str],
    rule: Option<&Rule>,
    desktop: &Desktop,
    discovered: &Discover,
    options: &Options,
) -> bool {
    let Some(project) = options.of_project else {
        return true;
    };
    let facts = con.window.and_then(|id| desktop.windows.get(&id));
    let home = options.home.unwrap_or(Path::new("/"));
    let directory = options
        .config
        .and_then(|config| config.projects.get(project))
        .map(|project| project.value.path(home));
    let mut candidate = Candidate {
        marks,
        scope: rule.and_then(|rule| rule.scope),
        directories: &[],
    };
    if membership(candidate, project, directory.as_deref()).is_some() {
        return true;
    }
    // Only now it matters where it is at work; of a terminal, that is where its shell is.
    let of_process = facts
        .and_then(|facts| facts.process.as_ref())
        .and_then(|process| process.cwd.clone());
    let asked = Asked {
        con,
        facts,
        again: false,
        rank: (0, 1),
    };
    let found = discovered(&asked).ok().and_then(|found| found.cwd);
    let of_command = found.map(|cwd| match cwd.strip_prefix("~/") {
        Some(below) => home.join(below),
        None => PathBuf::from(cwd),
    });
    let directories: Vec<&Path> = of_process
        .as_deref()
        .into_iter()
        .chain(of_command.as_deref())
        .collect();
    candidate.directories = &directories;
    membership(candidate, project, directory.as_deref()).is_some()
}

/// The criteria that a rule asks for; `None` when the window has none of them.
pub(super) fn swallow(
    rule: Option<&Rule>,
    properties: &Properties,
    exactly: impl Fn(&str) -> String,
) -> Option<Swallow> {
    let criteria = rule?.swallow.as_ref()?;
    let pattern = |criterion: Criterion| {
        criteria
            .contains(&criterion)
            .then(|| criterion.of(properties))
            .flatten()
            .filter(|text| is_matchable(text))
            .map(&exactly)
    };
    let swallow = Swallow {
        class: pattern(Criterion::Class),
        instance: pattern(Criterion::Instance),
        title: pattern(Criterion::Title),
        window_role: pattern(Criterion::WindowRole),
        machine: pattern(Criterion::Machine),
    };
    (!swallow.is_empty()).then_some(swallow)
}

/// Says about a window what the rule says; what the rule is silent about stays.
pub(super) fn apply(
    window: &mut Window,
    rule: &Rule,
    properties: &Properties,
    facts: Option<&WindowFacts>,
    secrets: &Secrets,
    options: &Options,
) -> Result<Said, Warning> {
    let argv = facts
        .and_then(|facts| facts.process.as_ref())
        .map(|process| process.argv.as_slice())
        .unwrap_or_default();
    window.timeout = rule.timeout;
    let said = rule
        .apply(argv, properties, secrets, options.home)
        .map_err(|unfit| Warning::Unfit {
            unused: rule.of_program(),
            slot: window.id.clone().unwrap_or_default(),
            rule: rule.origin.to_string(),
            unfit: Box::new(unfit),
        })?;
    if said.command.is_some() {
        window.command.clone_from(&said.command);
        window.seen.source = Some(CommandSource::Rule);
        window.seen.process =
            (!argv.is_empty()).then(|| escape(&command_line::quote(&secrets.masked(argv))));
    }
    if said.cwd.is_some() {
        // Programs start in the home directory by themselves.
        window.cwd = said.cwd.clone().filter(|cwd| cwd != "~");
    }
    window.env.clone_from(&said.env);
    Ok(said)
}
