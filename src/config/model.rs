//! The vocabulary of the configuration, as values.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use pcre2::bytes::Regex;

use super::template::Template;
use crate::layout::{Criterion, Matcher, Swallow};

/// Whose word it is, the most important first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The user's own file.
    #[default]
    User,
    /// A file of the system.
    System,
    /// It comes with the program.
    BuiltIn,
}

impl Layer {
    /// The word for it in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
            Self::BuiltIn => "built-in",
        }
    }
}

/// Where something is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Whose word it is.
    pub layer: Layer,
    /// The file as people write its path.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Origin {
    /// A line of a file that is not known yet.
    pub(super) fn on_line(line: usize) -> Self {
        Self {
            line,
            ..Self::default()
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.layer {
            Layer::BuiltIn => write!(f, "built-in, {}:{}", self.file, self.line),
            _ => write!(f, "{}:{}", self.file, self.line),
        }
    }
}

/// A value with the place where it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// Where it is said.
    pub origin: Origin,
}

/// What one file says.
#[derive(Clone, Debug, Default)]
pub struct Layered {
    /// Its rules, in order.
    pub rules: Vec<Rule>,
    /// The projects by name.
    pub projects: BTreeMap<String, Sourced<Project>>,
    /// Programs to add to the built-in list.
    pub add: Vec<Sourced<String>>,
    /// Programs to take from it.
    pub remove: Vec<Sourced<String>>,
    /// What is secret.
    pub secret_patterns: Vec<Sourced<SecretPattern>>,
}

/// A pattern for secrets.
#[derive(Clone, Debug)]
pub struct SecretPattern {
    /// As it is written.
    pub text: String,
    /// Compiled.
    pub regex: Regex,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Its directory as it is written: absolute, or below `~`.
    pub directory: String,
}

impl Project {
    /// Its directory for a user with this home directory.
    pub fn path(&self, home: &Path) -> PathBuf {
        match self.directory.strip_prefix('~') {
            Some(rest) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(&self.directory),
        }
    }
}

/// What is to be done with some windows.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// Which windows, as it is written.
    pub criteria: Swallow,
    /// The same, compiled.
    pub matcher: Matcher,
    /// The words of the command.
    pub command: Option<Vec<Template>>,
    /// The directory.
    pub cwd: Option<Template>,
    /// Environment variables to add.
    pub env: BTreeMap<String, Template>,
    /// The criteria by which i3 knows the window again.
    pub swallow: Option<Vec<Criterion>>,
    /// Whether only the first window of a process has a command.
    pub once_per_process: Option<bool>,
    /// Whether the windows are left out.
    pub ignore: bool,
    /// How long to wait for a window, in seconds.
    pub timeout: Option<f64>,
    /// To whose layouts the windows belong.
    pub scope: Option<RuleScope>,
    /// Whether it counts before the rules of users.
    pub enforce: bool,
    /// Where it is said.
    pub origin: Origin,
}

impl Rule {
    /// How many criteria it has: the more, the more it knows of what it is about.
    pub fn specificity(&self) -> usize {
        self.criteria.criteria().count()
    }
}

/// To whose layouts a window belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleScope {
    /// To that of the project which is captured.
    Project,
    /// To no project.
    Global,
}

impl RuleScope {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Global => "global",
        }
    }
}
