//! The rules of the configuration that apply to captured windows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{Discover, Options};
use crate::config::{ProjectEvidence, Rule, is_member};
use crate::discover::{Asked, Questions};
use crate::live::{Con, ConId, Desktop, Properties};

/// The rules that apply to the windows of a desktop.
pub(super) struct AppliedRules<'a> {
    pub(super) rules: BTreeMap<ConId, &'a Rule>,
    /// The windows that a rule ignores, or that do not belong to the project.
    pub(super) left_out: BTreeSet<ConId>,
    /// The windows that are not part of a layout.
    pub(super) helpers: BTreeSet<ConId>,
}

impl<'a> AppliedRules<'a> {
    pub(super) fn new(desktop: &Desktop, discovered: &Discover, options: &Options<'a>) -> Self {
        let mut applied = Self {
            rules: BTreeMap::new(),
            left_out: BTreeSet::new(),
            helpers: desktop.helpers(),
        };
        let all = options.config.map(|config| &config.rules);
        walk(&desktop.tree, &mut Vec::new(), &mut |con, marks| {
            let properties = con.properties.as_ref();
            let rule = all.and_then(|rules| rules.winner(properties?));
            let ignored = rule.is_some_and(|rule| rule.ignore);
            if ignored || !is_meant(con, marks, rule, desktop, discovered, options) {
                applied.left_out.insert(con.id);
            }
            if let Some(rule) = rule {
                applied.rules.insert(con.id, rule);
            }
        });
        let programs = applied.dialogs_of_programs(desktop, discovered);
        applied.helpers.retain(|con| !programs.contains(con));
        applied
    }

    /// The dialogs that are programs of their own.
    fn dialogs_of_programs(&self, desktop: &Desktop, discovered: &Discover) -> BTreeSet<ConId> {
        let mut questions = Questions::new(desktop);
        let helpers = desktop.tree.windows().filter(|con| {
            let properties = con.properties.as_ref();
            self.helpers.contains(&con.id)
                && properties.is_some_and(Properties::is_independent_dialog)
        });
        let programs = helpers.filter(|con| {
            let asked = questions.ask(con, self.rules.get(&con.id).copied());
            discovered(&asked).is_dialog_program
        });
        programs.map(|con| con.id).collect()
    }
}

/// Visits all windows with their marks and those of their containers.
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

fn is_meant(
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
    let facts = desktop.facts(con);
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
    if is_member(evidence, project, directory.as_deref()) {
        return true;
    }
    // Only now the directories matter; for a terminal, also that of its shell.
    let process = facts.and_then(|facts| facts.process.as_ref());
    let of_process = process.and_then(|process| process.cwd.as_deref());
    // The directory of a rule is for starting the program.
    let asked = Asked::alone(con, facts, None);
    let found = discovered(&asked).found.cwd;
    let of_command = found.map(|cwd| match cwd.strip_prefix("~/") {
        Some(below) => home.join(below),
        None => PathBuf::from(cwd),
    });
    let directories = [of_process, of_command.as_deref()];
    let directories: Vec<&Path> = directories.into_iter().flatten().collect();
    evidence.directories = &directories;
    is_member(evidence, project, directory.as_deref())
}
