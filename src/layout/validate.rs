//! Whether a layout makes sense: what no schema can say.
//!
//! Works on the model, so that a captured layout can be checked before it is written
//! as well as one that was read. Every finding has a place.

use std::collections::{BTreeMap, HashMap};

use super::command::CommandError;
use super::criteria;
use super::model::{Command, Layout, Node, Swallow, Window, Workspace};
use super::names;
use super::vars::{self, Piece, VarError};
use crate::document::{Fault, Finding, Path, Range};
use crate::live::OWN_MARK_PREFIX;
use crate::tree::Kind;

/// How far the percents of siblings may be from 100 together: people round.
const PERCENT_SLACK: f64 = 0.5;

/// The time-outs in seconds: less than a day, as more is a typing error.
pub const TIMEOUT: Range = Range::above(0).below(86_400).unit(" seconds");

/// The shares of a parent in percent.
pub const PERCENT: Range = Range::above(0).to(100);

/// Everything about the layout that makes no sense.
pub fn check(layout: &Layout) -> Vec<Finding> {
    let mut checker = Checker {
        layout,
        findings: Vec::new(),
        ids: HashMap::new(),
        marks: HashMap::new(),
    };
    checker.head();
    checker.monitors();
    checker.workspaces();
    let scratchpad = Path::default().key("scratchpad");
    for (position, floating) in layout.scratchpad.iter().enumerate() {
        checker.node(&floating.node, &scratchpad.index(position));
    }
    checker.findings
}

/// What is wrong with a number of seconds to wait.
pub fn timeout(seconds: f64) -> Option<Fault> {
    out_of(TIMEOUT, "timeout", seconds)
}

fn out_of(range: Range, key: &str, number: f64) -> Option<Fault> {
    (!range.contains(number)).then(|| Fault::OutOfRange {
        subject: format!("`{key}`"),
        range: range.to_string(),
        found: number.to_string(),
        hint: None,
    })
}

/// What is wrong with the name of an environment variable. The system takes blanks, but no
/// shell does: they are a typing error.
pub fn environment_name(name: &str) -> Option<Fault> {
    let is_wrong = |letter: char| letter == '=' || letter == '\0' || letter.is_whitespace();
    (name.is_empty() || name.contains(is_wrong)).then(|| Fault::EnvironmentName(name.to_owned()))
}

struct Checker<'a> {
    layout: &'a Layout,
    findings: Vec<Finding>,
    ids: HashMap<&'a str, Path>,
    marks: HashMap<&'a str, Path>,
}

impl<'a> Checker<'a> {
    fn find(&mut self, path: Path, fault: Fault) {
        self.findings.push(Finding::new(path, fault));
    }

    fn head(&mut self) {
        let root = Path::default();
        for (what, name) in [
            ("layout", &self.layout.name),
            ("project", &self.layout.project),
        ] {
            if let Some((name, why)) = name
                .as_ref()
                .and_then(|name| Some((name.clone(), names::refuse(name)?)))
            {
                let key = if what == "layout" { "name" } else { what };
                self.find(root.key(key), Fault::Name { what, name, why });
            }
        }
        let vars = root.key("vars");
        for (name, value) in &self.layout.vars {
            let path = vars.key(name);
            if !vars::is_name(name) {
                let fault = Fault::VariableName(name.clone());
                self.findings.push(Finding::key(path.clone(), fault));
            }
            self.nul(value, &path, "a variable");
            match vars::parse(value) {
                Err(error) => self.variable_error(error, path),
                Ok(pieces) => {
                    for piece in pieces {
                        if let Piece::Variable(name) = piece {
                            self.find(path.clone(), Fault::NestedVariable(name));
                        }
                    }
                }
            }
        }
        if let Some(name) = &self.layout.focus {
            let workspaces: Vec<String> = self
                .layout
                .workspaces
                .iter()
                .map(|workspace| workspace.name.clone())
                .collect();
            if !workspaces.contains(name) {
                let name = name.clone();
                self.find(root.key("focus"), Fault::UnknownFocus { name, workspaces });
            }
        }
    }

    fn monitors(&mut self) {
        let monitors = Path::default().key("monitors");
        let mut primary: Option<Path> = None;
        let mut outputs: HashMap<&str, Path> = HashMap::new();
        for (position, monitor) in self.layout.monitors.iter().enumerate() {
            let path = monitors.index(position);
            let output = path.key("output");
            self.nul(&monitor.output, &output, "an output's name");
            if monitor.output.is_empty() {
                self.find(output, Fault::EmptyOutput);
            } else if let Some(first) = outputs.insert(&monitor.output, output.clone()) {
                let text = format!("two monitors share the output `{}`", monitor.output);
                let finding = Finding::new(output, Fault::Monitors(text));
                self.findings.push(finding.with_other(first));
            }
            if monitor.primary {
                let here = path.key("primary");
                if let Some(first) = &primary {
                    let text = "only one monitor can be `primary`".to_owned();
                    let finding = Finding::key(here, Fault::Monitors(text));
                    self.findings.push(finding.with_other(first.clone()));
                } else {
                    primary = Some(here);
                }
            }
        }
    }

    fn workspaces(&mut self) {
        let workspaces = Path::default().key("workspaces");
        let mut names: HashMap<String, (&str, Path)> = HashMap::new();
        let mut shown: HashMap<&str, (&str, Path)> = HashMap::new();
        for (position, workspace) in self.layout.workspaces.iter().enumerate() {
            let path = workspaces.index(position);
            self.workspace_name(&workspace.name, &path.key("name"), &mut names);
            for (position, output) in workspace.output.iter().enumerate() {
                let list = path.key("output");
                let output_path = if workspace.output.len() == 1 {
                    list
                } else {
                    list.index(position)
                };
                self.nul(output, &output_path, "an output's name");
                if output.is_empty() {
                    self.find(output_path, Fault::EmptyOutput);
                }
            }
            if let ([output], true) = (workspace.output.as_slice(), workspace.visible) {
                let here = path.key("visible");
                if let Some((first, other)) = shown.get(output.as_str()) {
                    let fault = Fault::TwoVisible {
                        output: output.clone(),
                        first: (*first).to_owned(),
                    };
                    let finding = Finding::key(here, fault).with_other(other.clone());
                    self.findings.push(finding);
                } else {
                    shown.insert(output, (&workspace.name, here));
                }
            }
            self.workspace_children(workspace, &path);
        }
    }

    fn workspace_name(
        &mut self,
        name: &'a str,
        path: &Path,
        names: &mut HashMap<String, (&'a str, Path)>,
    ) {
        self.nul(name, path, "a workspace's name");
        if name.is_empty() {
            self.find(path.clone(), Fault::EmptyWorkspaceName);
            return;
        }
        if name.starts_with("__") {
            self.find(path.clone(), Fault::ReservedWorkspaceName(name.to_owned()));
        }
        // i3 compares names with strcasecmp(3) (src/workspace.c).
        match names.get(&name.to_ascii_lowercase()) {
            Some((other, first)) => {
                let fault = if *other == name {
                    Fault::DuplicateWorkspace(name.to_owned())
                } else {
                    Fault::ClashingWorkspace((*other).to_owned(), name.to_owned())
                };
                let finding = Finding::new(path.clone(), fault).with_other(first.clone());
                self.findings.push(finding);
            }
            None => {
                names.insert(name.to_ascii_lowercase(), (name, path.clone()));
            }
        }
    }

    fn workspace_children(&mut self, workspace: &'a Workspace, path: &Path) {
        let nodes = path.key("nodes");
        let floating = path.key("floating");
        self.percents(&workspace.content.nodes, &nodes);
        for (position, node) in workspace.content.nodes.iter().enumerate() {
            self.node(node, &nodes.index(position));
        }
        for (position, entry) in workspace.content.floating.iter().enumerate() {
            self.node(&entry.node, &floating.index(position));
        }
    }

    fn node(&mut self, node: &'a Node, path: &Path) {
        for (position, mark) in node.attributes.marks.iter().enumerate() {
            self.mark(mark, path.key("marks").index(position));
        }
        if let Some(format) = &node.attributes.title_format {
            self.nul(format, &path.key("title_format"), "a title format");
        }
        match &node.kind {
            Kind::Container(container) => {
                let nodes = path.key("nodes");
                if container.nodes.is_empty() {
                    self.find(nodes.clone(), Fault::EmptyContainer);
                }
                self.percents(&container.nodes, &nodes);
                for (position, node) in container.nodes.iter().enumerate() {
                    self.node(node, &nodes.index(position));
                }
            }
            Kind::Leaf(window) => self.window(window, path),
        }
    }

    fn mark(&mut self, mark: &'a str, path: Path) {
        self.nul(mark, &path, "a mark");
        if mark.is_empty() {
            self.find(path, Fault::EmptyMark);
        } else if mark.starts_with(OWN_MARK_PREFIX) {
            self.find(path, Fault::ReservedMark(mark.to_owned()));
        } else if let Some(first) = self.marks.get(mark) {
            let finding = Finding::new(path, Fault::DuplicateMark(mark.to_owned()));
            self.findings.push(finding.with_other(first.clone()));
        } else {
            self.marks.insert(mark, path);
        }
    }

    fn window(&mut self, window: &'a Window, path: &Path) {
        if let Some(id) = &window.id {
            let here = path.key("id");
            if !names::is_slot_id(id) {
                self.find(here, Fault::Id(id.clone()));
            } else if let Some(first) = self.ids.get(id.as_str()) {
                let finding = Finding::new(here, Fault::DuplicateId(id.clone()));
                self.findings.push(finding.with_other(first.clone()));
            } else {
                self.ids.insert(id, here);
            }
        }
        if window.swallow.is_empty() && window.command.is_none() {
            self.find(path.clone(), Fault::EmptyWindow);
        }
        self.swallow(&window.swallow, &path.key("swallow"));
        if let Some(command) = &window.command {
            self.command(command, &path.key("command"));
        }
        if let Some(cwd) = &window.cwd {
            self.text(cwd, &path.key("cwd"), "a directory");
        }
        self.environment(&window.env, &path.key("env"));
        if let Some(fault) = window.timeout.and_then(timeout) {
            self.find(path.key("timeout"), fault);
        }
    }

    fn swallow(&mut self, swallow: &Swallow, path: &Path) {
        let mut sound = true;
        let mut takes_nothing = true;
        for (criterion, pattern) in swallow.criteria() {
            let here = path.key(criterion);
            self.nul(pattern, &here, "a pattern");
            match criteria::compile(pattern) {
                Ok(regex) => takes_nothing &= regex.is_match(b"").unwrap_or(false),
                Err(message) => {
                    sound = false;
                    self.find(here, Fault::Pattern { criterion, message });
                }
            }
        }
        if sound && takes_nothing && !swallow.is_empty() {
            let names: Vec<&str> = swallow.criteria().map(|(name, _)| name).collect();
            self.find(path.clone(), Fault::MatchesAnything(names.join(" and ")));
        }
    }

    fn command(&mut self, command: &Command, path: &Path) {
        match command.words() {
            Err(CommandError::Quotes) => self.find(path.clone(), Fault::Quotes),
            Err(_) => self.find(path.clone(), Fault::EmptyCommand),
            Ok(words) => {
                for (position, word) in words.iter().enumerate() {
                    let here = match command {
                        Command::Line(_) => path.clone(),
                        Command::Args(_) => path.index(position),
                    };
                    self.text(word, &here, "a command");
                }
            }
        }
    }

    fn environment(&mut self, env: &BTreeMap<String, String>, path: &Path) {
        for (name, value) in env {
            let here = path.key(name);
            if let Some(fault) = environment_name(name) {
                self.findings.push(Finding::key(here.clone(), fault));
            }
            self.text(value, &here, "an environment variable");
        }
    }

    /// A text with references that goes to a program.
    fn text(&mut self, text: &str, path: &Path, what: &str) {
        self.nul(text, path, what);
        match vars::parse(text) {
            Err(error) => self.variable_error(error, path.clone()),
            Ok(pieces) => {
                for piece in pieces {
                    if let Piece::Variable(name) = piece
                        && !self.layout.vars.contains_key(&name)
                    {
                        let known = self.layout.vars.keys().cloned().collect();
                        self.find(path.clone(), Fault::UnknownVariable { name, known });
                    }
                }
            }
        }
    }

    fn variable_error(&mut self, error: VarError, path: Path) {
        if let VarError::Reference(text) = error {
            self.find(path, Fault::VariableReference(text));
        }
    }

    fn nul(&mut self, text: &str, path: &Path, what: &str) {
        if text.contains('\0') {
            self.find(path.clone(), Fault::Nul(what.to_owned()));
        }
    }

    fn percents(&mut self, nodes: &[Node], path: &Path) {
        let mut sound = true;
        for (position, node) in nodes.iter().enumerate() {
            let percent = node.share.0;
            if let Some(fault) = percent.and_then(|percent| out_of(PERCENT, "percent", percent)) {
                sound = false;
                self.find(path.index(position).key("percent"), fault);
            }
        }
        let percents: Vec<f64> = nodes.iter().filter_map(|node| node.share.0).collect();
        let sum: f64 = percents.iter().sum();
        let silent = nodes.len() - percents.len();
        let fits = if silent == 0 {
            (sum - 100.0).abs() <= PERCENT_SLACK
        } else {
            sum < 100.0
        };
        if sound && !percents.is_empty() && !fits {
            let fault = Fault::PercentSum {
                count: percents.len(),
                sum: format!("{}", (sum * 100.0).round() / 100.0),
                silent,
            };
            let last = nodes
                .iter()
                .rposition(|node| node.share.0.is_some())
                .unwrap_or_default();
            self.find(path.index(last).key("percent"), fault);
        }
    }
}
