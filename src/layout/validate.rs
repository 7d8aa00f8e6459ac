//! Checks of a layout that a schema cannot express.
//!
//! They work on the model, so that captured layouts can be checked, too. Every finding has
//! a place.

mod hooks;
mod window;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

pub use hooks::check_hooks;

use super::model::{Layout, Node};
use super::names;
use super::profile;
use super::vars::{self, Piece, VarError};
use crate::document::{Fault, Finding, Path, Range};
use crate::live::{Edid, OWN_MARK_PREFIX, OutputRole, is_reserved_name};
use crate::tree::Kind;

/// The tolerance of the sum of percents, as people round them.
const PERCENT_SLACK: f64 = 0.5;

/// Valid timeouts in seconds. More than a day is a typing error.
pub const TIMEOUT: Range = Range::above(0).below(86_400).unit(" seconds");

/// Valid shares of a parent in percent.
pub const PERCENT: Range = Range::above(0).to(100);

/// Finds all faults of the layout.
pub fn check(layout: &Layout) -> Vec<Finding> {
    let mut checker = Checker {
        layout,
        findings: Vec::new(),
    };
    checker.names();
    checker.vars();
    checker.templates();
    checker.monitors();
    checker.workspaces();
    checker.nodes();
    checker.profiles();
    checker.hooks(&layout.hooks, &Path::default().key("hooks"));
    checker.findings
}

/// The fault of an environment variable's name, if it is invalid. The system allows
/// whitespace, but shells do not, so it is a typing error.
pub fn environment_name(name: &str) -> Option<Fault> {
    let is_wrong = |letter: char| letter == '=' || letter == '\0' || letter.is_whitespace();
    (name.is_empty() || name.contains(is_wrong)).then(|| Fault::EnvironmentName(name.to_owned()))
}

/// Values that must be unique, with a name for messages and the place of the first one.
type Seen<'a> = HashMap<String, (&'a str, Path)>;

/// The first value that is equal to this one, if any.
fn first<'s, 'a>(
    seen: &'s mut Seen<'a>,
    value: &str,
    name: &'a str,
    path: &Path,
) -> Option<&'s (&'a str, Path)> {
    match seen.entry(value.to_owned()) {
        Entry::Occupied(first) => Some(first.into_mut()),
        Entry::Vacant(place) => {
            place.insert((name, path.clone()));
            None
        }
    }
}

struct Checker<'a> {
    layout: &'a Layout,
    findings: Vec<Finding>,
}

impl<'a> Checker<'a> {
    fn find(&mut self, path: &Path, fault: Fault) {
        self.findings.push(Finding::new(path.clone(), fault));
    }

    fn find_second(&mut self, path: &Path, fault: Fault, first: &Path) {
        let finding = Finding::new(path.clone(), fault);
        self.findings.push(finding.with_other(first.clone()));
    }

    fn names(&mut self) {
        let root = Path::default();
        for (key, what, name) in [
            ("name", "layout", &self.layout.name),
            ("project", "project", &self.layout.project),
        ] {
            if let Some(name) = name.clone()
                && let Some(why) = names::refuse(&name)
            {
                self.find(&root.key(key), Fault::Name { what, name, why });
            }
        }
        if let Some(name) = self.layout.focus.clone() {
            let workspaces = self.layout.workspaces.iter();
            let workspaces: Vec<String> = workspaces.map(|found| found.name.clone()).collect();
            if !workspaces.contains(&name) {
                self.find(&root.key("focus"), Fault::UnknownFocus { name, workspaces });
            }
        }
    }

    fn vars(&mut self) {
        let vars = Path::default().key("vars");
        for name in &self.layout.required_vars {
            if !vars::is_name(name) {
                let fault = Fault::VariableName(name.clone());
                self.findings.push(Finding::key(vars.key(name), fault));
            }
        }
        for (name, value) in &self.layout.vars {
            let path = vars.key(name);
            if !vars::is_name(name) {
                let fault = Fault::VariableName(name.clone());
                self.findings.push(Finding::key(path.clone(), fault));
            }
            for name in self.variables(value, &path, "a variable") {
                self.find(&path, Fault::NestedVariable(name));
            }
        }
    }

    fn monitors(&mut self) {
        let monitors = Path::default().key("monitors");
        let mut primaries = Seen::new();
        let mut outputs = Seen::new();
        for (position, monitor) in self.layout.monitors.iter().enumerate() {
            let path = monitors.index(position);
            let name = &monitor.output;
            let output = path.key("output");
            self.output(name, &output);
            if OutputRole::of(name).is_some() {
                self.find(&output, Fault::MonitorRole(name.clone()));
            }
            let Edid {
                make,
                model,
                serial,
                size_mm: _,
            } = &monitor.edid;
            for (key, value) in [("make", make), ("model", model), ("serial", serial)] {
                if value.as_deref() == Some("") {
                    self.find(&path.key(key), Fault::EmptyProperty(key));
                }
            }
            if !name.is_empty()
                && let Some((_, other)) =
                    first(&mut outputs, &name.to_ascii_lowercase(), name, &output)
            {
                let text = format!("two monitors share the output `{name}`");
                self.find_second(&output, Fault::Monitors(text), other);
            }
            let primary = path.key("primary");
            if monitor.primary
                && let Some((_, other)) = first(&mut primaries, "", name, &primary)
            {
                let text = "only one monitor can be `primary`".to_owned();
                let finding = Finding::key(primary, Fault::Monitors(text));
                self.findings.push(finding.with_other(other.clone()));
            }
        }
    }

    fn output(&mut self, name: &str, path: &Path) {
        self.nul(name, path, "an output's name");
        if name.is_empty() {
            self.find(path, Fault::EmptyOutput);
        }
    }

    fn workspaces(&mut self) {
        let workspaces = Path::default().key("workspaces");
        let mut names = Seen::new();
        let mut shown = Seen::new();
        for (position, workspace) in self.layout.workspaces.iter().enumerate() {
            let path = workspaces.index(position);
            self.workspace_name(&workspace.name, &path.key("name"), &mut names);
            let list = path.key("output");
            match workspace.output.as_slice() {
                [only] => self.output(only, &list),
                outputs => {
                    for (position, output) in outputs.iter().enumerate() {
                        self.output(output, &list.index(position));
                    }
                }
            }
            let visible = path.key("visible");
            if let ([output], true) = (workspace.output.as_slice(), workspace.visible)
                && let Some((name, other)) = first(&mut shown, output, &workspace.name, &visible)
            {
                let fault = Fault::TwoVisible {
                    output: output.clone(),
                    first: (*name).to_owned(),
                };
                let finding = Finding::key(visible, fault);
                self.findings.push(finding.with_other(other.clone()));
            }
            self.percents(&workspace.content.nodes, &path.key("nodes"));
        }
    }

    fn workspace_name(&mut self, name: &'a str, path: &Path, names: &mut Seen<'a>) {
        self.nul(name, path, "a workspace's name");
        if name.is_empty() {
            self.find(path, Fault::EmptyWorkspaceName);
            return;
        }
        if name.starts_with("__") {
            self.find(path, Fault::ReservedWorkspaceName(name.to_owned()));
        }
        if is_reserved_name(name) {
            self.find(path, Fault::OwnWorkspaceName(name.to_owned()));
        }
        // i3 compares names with strcasecmp(3) (src/workspace.c).
        if let Some((other, first)) = first(names, &name.to_ascii_lowercase(), name, path) {
            let fault = if *other == name {
                Fault::DuplicateWorkspace(name.to_owned())
            } else {
                Fault::ClashingWorkspace((*other).to_owned(), name.to_owned())
            };
            self.find_second(path, fault, first);
        }
    }

    fn profiles(&mut self) {
        let workspaces = self.layout.workspaces.iter();
        let workspaces: Vec<String> = workspaces.map(|one| one.name.clone()).collect();
        let at = Path::default().key("profiles");
        let found = profile::check(&self.layout.profiles, &at, Some(&workspaces));
        self.findings.extend(found);
    }

    fn nodes(&mut self) {
        let mut ids = Seen::new();
        let mut marks = Seen::new();
        for (path, node) in self.layout.nodes() {
            for (position, mark) in node.attributes.marks.iter().enumerate() {
                self.mark(mark, &path.key("marks").index(position), &mut marks);
            }
            if let Some(format) = &node.attributes.title_format {
                self.nul(format, &path.key("title_format"), "a title format");
            }
            match &node.kind {
                Kind::Container(container) => {
                    let nodes = path.key("nodes");
                    if container.nodes.is_empty() {
                        self.find(&nodes, Fault::EmptyContainer);
                    }
                    self.percents(&container.nodes, &nodes);
                }
                Kind::Leaf(window) => {
                    if let Some(id) = &window.id {
                        self.id(id, &path.key("id"), &mut ids);
                    }
                    self.window(window, &path);
                }
            }
        }
    }

    fn mark(&mut self, mark: &'a str, path: &Path, marks: &mut Seen<'a>) {
        self.nul(mark, path, "a mark");
        if mark.is_empty() {
            self.find(path, Fault::EmptyMark);
        } else if mark.starts_with(OWN_MARK_PREFIX) {
            self.find(path, Fault::ReservedMark(mark.to_owned()));
        } else if let Some((_, first)) = first(marks, mark, mark, path) {
            self.find_second(path, Fault::DuplicateMark(mark.to_owned()), first);
        }
    }

    fn id(&mut self, id: &'a str, path: &Path, ids: &mut Seen<'a>) {
        if !names::is_slot_id(id) {
            self.find(path, Fault::Id(id.to_owned()));
        } else if let Some((_, first)) = first(ids, id, id, path) {
            self.find_second(path, Fault::DuplicateId(id.to_owned()), first);
        }
    }

    /// Checks a string with references that is passed to a program.
    fn text(&mut self, text: &str, path: &Path, what: &str) {
        for name in self.variables(text, path, what) {
            let known = self.layout.variables();
            if !known.contains(&name) {
                self.find(path, Fault::UnknownVariable { name, known });
            }
        }
    }

    /// The variables in a string with references.
    fn variables(&mut self, text: &str, path: &Path, what: &str) -> Vec<String> {
        self.nul(text, path, what);
        let pieces = vars::parse(text).unwrap_or_else(|error| {
            if let VarError::Reference(text) = error {
                self.find(path, Fault::VariableReference(text));
            }
            Vec::new()
        });
        let variables = pieces.into_iter().filter_map(|piece| match piece {
            Piece::Variable(name) => Some(name),
            Piece::Text(_) | Piece::Environment(_) => None,
        });
        variables.collect()
    }

    fn nul(&mut self, text: &str, path: &Path, what: &str) {
        if text.contains('\0') {
            self.find(path, Fault::Nul(what.to_owned()));
        }
    }

    fn percents(&mut self, nodes: &[Node], path: &Path) {
        let percents: Vec<f64> = nodes.iter().filter_map(|node| node.share.0).collect();
        let sum: f64 = percents.iter().sum();
        let silent = nodes.len() - percents.len();
        let fits = if silent == 0 {
            (sum - 100.0).abs() <= PERCENT_SLACK
        } else {
            // A fraction of 1 is a mistake: 1 percent is a few pixels.
            sum < 100.0 && (sum > 1.0 || percents.is_empty())
        };
        if !percents.is_empty() && !fits {
            let fault = Fault::PercentSum {
                count: percents.len(),
                sum: format!("{}", (sum * 100.0).round() / 100.0),
                silent,
                first: percents[0],
            };
            let last = nodes
                .iter()
                .rposition(|node| node.share.0.is_some())
                .unwrap_or_default();
            self.find(&path.index(last).key("percent"), fault);
        }
    }
}
