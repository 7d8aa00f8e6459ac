//! What the rules of the configuration say about a captured layout, apart from how
//! programs are started again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Discover, Options};
use crate::config::{Criterion, ProjectEvidence, Rule, membership};
use crate::discover::Asked;
use crate::layout::Swallow;
use crate::layout::criteria::is_matchable;
use crate::live::{Con, ConId, Desktop, Properties};

/// The rules that apply to the windows of a desktop, each looked up once.
pub(super) struct AppliedRules<'a> {
    rules: BTreeMap<ConId, &'a Rule>,
    /// The windows that are left out: because a rule says so, or because they do not
    /// belong to the project.
    pub(super) left_out: BTreeSet<ConId>,
}

impl<'a> AppliedRules<'a> {
    pub(super) fn new(desktop: &Desktop, discovered: &Discover, options: &Options<'a>) -> Self {
        let mut ruled = Self {
            rules: BTreeMap::new(),
            left_out: BTreeSet::new(),
        };
        let all = options.config.map(|config| &config.rules);
        walk(&desktop.tree, &mut Vec::new(), &mut |con, marks| {
            let properties = con.properties.as_ref();
            let rule = all.and_then(|rules| rules.winner(properties?));
            let ignored = rule.is_some_and(|rule| rule.ignore);
            if ignored || !is_member(con, marks, rule, desktop, discovered, options) {
                ruled.left_out.insert(con.id);
            }
            if let Some(rule) = rule {
                ruled.rules.insert(con.id, rule);
            }
        });
        ruled
    }

    /// The rule that applies to a window.
    pub(super) fn rule(&self, con: &Con) -> Option<&'a Rule> {
        self.rules.get(&con.id).copied()
    }
}

/// Visits all windows with their marks and those of the containers around them.
fn walk<'a>(con: &'a Con, marks: &mut Vec<&'a str>, visit: &mut impl FnMut(&Con, &[&str])) {
    let before = marks.len();
    marks.extend(con.attributes.marks.iter().map(String::as_str));
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
    let mut evidence = ProjectEvidence {
        marks,
        scope: rule.and_then(|rule| rule.scope),
        directories: &[],
    };
    if membership(evidence, project, directory.as_deref()).is_some() {
        return true;
    }
    // Only now it matters where it is at work; of a terminal, that is where its shell is.
    let of_process = facts
        .and_then(|facts| facts.process.as_ref())
        .and_then(|process| process.cwd.clone());
    let asked = Asked {
        con,
        facts,
        // The directory of a rule is where the program should be started.
        rule: None,
        again: false,
        rank: (0, 1),
    };
    let found = discovered(&asked).found.cwd;
    let of_command = found.map(|cwd| match cwd.strip_prefix("~/") {
        Some(below) => home.join(below),
        None => PathBuf::from(cwd),
    });
    let directories: Vec<&Path> = of_process
        .as_deref()
        .into_iter()
        .chain(of_command.as_deref())
        .collect();
    evidence.directories = &directories;
    membership(evidence, project, directory.as_deref()).is_some()
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
