//! The values of the configuration.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use super::template::Template;
use crate::layout::{Criterion, Hooks, Matcher, Pattern, Profile, Swallow};

/// The kind of a configuration file, the most important first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// The user's file.
    #[default]
    User,
    /// A file of the system.
    System,
    /// Part of the program.
    BuiltIn,
}

impl Layer {
    /// The name in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::System => "system",
            Self::BuiltIn => "built-in",
        }
    }
}

/// The place of something in a configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The kind of file.
    pub layer: Layer,
    /// The file, with `~` for the home directory.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

impl Origin {
    /// Creates the origin for a line of a file that is not known yet.
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

/// A value with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value.
    pub value: T,
    /// The origin.
    pub origin: Origin,
}

/// The contents of a file.
#[derive(Clone, Debug, Default)]
pub struct Layered {
    /// The rules, in order.
    pub rules: Vec<Rule>,
    /// The projects by name.
    pub projects: BTreeMap<String, Sourced<Project>>,
    /// Changes to the built-in list of programs.
    pub foreground_programs: ForegroundPrograms,
    /// The places of workspaces on sets of monitors.
    pub profiles: Vec<Sourced<Profile>>,
    /// Patterns for secrets.
    pub secret_patterns: Vec<Sourced<Pattern>>,
    /// Commands that run before or after `apply` and `capture`.
    pub hooks: Option<Sourced<Hooks>>,
    /// The runs to keep in the journal.
    pub history: Option<Sourced<History>>,
    /// What `capture` saves about windows.
    pub seen: Option<Sourced<SeenSettings>>,
    /// True if commands without a terminal show notifications.
    pub notify: Option<Sourced<bool>>,
    /// True if the file of the system decides for all users; see [`super::Policy`].
    pub enforce: Option<Sourced<bool>>,
    /// Patterns of commands that must not be started.
    pub forbid: Vec<Sourced<Pattern>>,
    /// True if `apply --trust` is not allowed.
    pub forbid_trust: Option<Sourced<bool>>,
}

impl Layered {
    /// The place of `enforce: true`.
    pub(super) fn enforced_at(&self) -> Option<&Origin> {
        let enforce = self.enforce.as_ref().filter(|enforce| enforce.value);
        enforce.map(|enforce| &enforce.origin)
    }
}

/// The runs to keep in the journal. The others are removed when a command begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// The age in days; 7 by default.
    pub days: Option<usize>,
    /// The number; 200 by default.
    pub runs: Option<usize>,
}

impl History {
    /// The age of the runs to keep, in days.
    pub fn days(self) -> usize {
        self.days.unwrap_or(7)
    }

    /// The number of runs to keep.
    pub fn runs(self) -> usize {
        self.runs.unwrap_or(200)
    }
}

/// What `capture` saves about windows for `apply` to recognize them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeenSettings {
    /// False if titles must not be saved.
    pub titles: Option<bool>,
}

/// Changes to the built-in list of programs that are started again in terminals.
#[derive(Clone, Debug, Default)]
pub struct ForegroundPrograms {
    /// Programs to add.
    pub add: Vec<Sourced<String>>,
    /// Programs to remove.
    pub remove: Vec<Sourced<String>>,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The directory as written in the file: absolute, or below `~`.
    pub directory: String,
}

impl Project {
    /// Returns the directory for a user with this home directory.
    pub fn path(&self, home: &Path) -> PathBuf {
        match self.directory.strip_prefix('~') {
            Some(rest) => home.join(rest.trim_start_matches('/')),
            None => PathBuf::from(&self.directory),
        }
    }
}

/// A rule for windows.
#[derive(Clone, Debug, Default)]
pub struct Rule {
    /// The criteria as written in the file.
    pub criteria: Swallow,
    /// The compiled criteria.
    pub matcher: Matcher,
    /// The words of the command.
    pub command: Option<Vec<Template>>,
    /// The working directory.
    pub cwd: Option<Template>,
    /// Environment variables to add.
    pub env: BTreeMap<String, Template>,
    /// The criteria that the layout file uses for the window.
    pub swallow: Option<Vec<Criterion>>,
    /// True if only the first window of a process has a command.
    pub once_per_process: Option<bool>,
    /// True if the windows are left out of layouts.
    pub ignore: bool,
    /// The timeout for a window, in seconds.
    pub timeout: Option<f64>,
    /// The layouts to which the windows belong.
    pub scope: Option<RuleScope>,
    /// True if it takes precedence over the rules of users.
    pub enforce: bool,
    /// The origin.
    pub origin: Origin,
}

impl Rule {
    /// Returns the number of criteria.
    pub fn specificity(&self) -> usize {
        self.criteria.criteria().count()
    }
}

/// The layouts to which a window belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleScope {
    /// Layouts of the captured project.
    Project,
    /// Layouts without a project.
    Global,
}

impl RuleScope {
    /// The name in files.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Project => "project",
            Self::Global => "global",
        }
    }
}
