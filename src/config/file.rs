//! The configuration file, version 1, as serde and JSON Schema see it.
//!
//! As in [`crate::layout::file`], the doc comments are what people read in their editor.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::layout::file::{FileCommand, FileSwallow};

/// The only version of the file format so far.
pub const VERSION: u64 = 1;

/// What i3pm-layout should know about your windows and projects.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "i3pm-layout configuration", rename = "Config")]
pub struct FileConfig {
    /// Where the JSON Schema of this file is; for editors only.
    #[serde(rename = "$schema", default)]
    pub schema: Option<String>,
    /// The version of the file format: 1.
    #[schemars(extend("const" = VERSION))]
    pub version: u64,
    /// What `capture` does with certain windows. Of the rules that match a window, the
    /// one with the most criteria counts, then the first.
    #[serde(default)]
    pub rules: Vec<FileRule>,
    /// Your projects by name, for `capture --project`.
    #[serde(default)]
    #[schemars(example = example_projects())]
    pub projects: BTreeMap<String, FileProject>,
    /// The programs that are started again when they run in the foreground of a terminal.
    #[serde(default)]
    pub foreground_programs: FileForeground,
    /// Regular expressions (PCRE) for texts that must never be written down or shown. Of
    /// one with a group, the first group is the secret.
    #[serde(default)]
    #[schemars(example = example_patterns())]
    pub secret_patterns: Vec<String>,
}

fn example_projects() -> BTreeMap<String, BTreeMap<String, String>> {
    let directory = BTreeMap::from([("directory".to_owned(), "~/src/nixos".to_owned())]);
    BTreeMap::from([("nixos".to_owned(), directory)])
}

fn example_patterns() -> Vec<String> {
    vec!["corp-[0-9a-f]{16}".to_owned()]
}

/// What `capture` does with windows that match.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Rule")]
pub struct FileRule {
    /// Which windows are meant: all that are given must match. Each is a regular
    /// expression (PCRE) that is searched in the property, so anchor it with `^` and `$`.
    pub criteria: FileSwallow,
    /// What starts the program again. `{0}` is the name of the running program, `{1}` its
    /// first argument, `{1..}` all of them; `{title:REGEX}` is the first group of a
    /// regular expression in the title. `${env:NAME}` is replaced when the layout is
    /// applied.
    #[serde(default)]
    #[schemars(example = &"emacsclient -c {1..}")]
    pub command: Option<FileCommand>,
    /// The directory to start in, with the same replacements.
    #[serde(default)]
    #[schemars(example = &"~/src", example = &"{title:\\((.*)\\)}")]
    pub cwd: Option<String>,
    /// Environment variables to add, with the same replacements.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// The criteria by which i3 will know the window again; class and instance by default.
    #[serde(default)]
    #[schemars(example = example_swallow())]
    pub swallow: Option<Vec<FileCriterion>>,
    /// Whether one process opens all of its windows (`true`), so that only the first has
    /// a command, or each window is started for itself (`false`). By default, terminals
    /// are started for each window and other programs once.
    #[serde(default)]
    pub once_per_process: Option<bool>,
    /// Whether such windows are left out of layouts.
    #[serde(default)]
    pub ignore: bool,
    /// How long `apply` waits for the window, in seconds.
    #[serde(default)]
    #[schemars(example = 60, extend("exclusiveMinimum" = 0), extend("exclusiveMaximum" = 86_400))]
    pub timeout: Option<f64>,
    /// Whether such windows belong to the layout of a project (`project`), or to none
    /// (`global`). By default the directory of the process decides.
    #[serde(default)]
    pub scope: Option<FileScope>,
    /// In a file of the system: whether this rule counts before those of the users.
    #[serde(default)]
    pub enforce: bool,
}

fn example_swallow() -> Vec<String> {
    vec!["class".to_owned(), "title".to_owned()]
}

/// One of i3's criteria.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Criterion")]
pub enum FileCriterion {
    /// The class, the second word of `xprop WM_CLASS`.
    Class,
    /// The instance, the first word of `xprop WM_CLASS`.
    Instance,
    /// The title.
    Title,
    /// The role, `xprop WM_WINDOW_ROLE`.
    WindowRole,
    /// The machine, `xprop WM_CLIENT_MACHINE`.
    Machine,
}

/// To whose layouts a window belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Scope")]
pub enum FileScope {
    /// To that of the project which is captured.
    Project,
    /// To no project.
    Global,
}

/// A project.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Project")]
pub struct FileProject {
    /// Where it is; windows whose process runs there or below belong to it.
    #[schemars(example = &"~/src/nixos")]
    pub directory: String,
}

/// Changes to the built-in list of programs, by name.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "ForegroundPrograms")]
pub struct FileForeground {
    /// Programs that are started again, too.
    #[serde(default)]
    #[schemars(example = example_programs())]
    pub add: Vec<String>,
    /// Programs that are not started again.
    #[serde(default)]
    pub remove: Vec<String>,
}

fn example_programs() -> Vec<String> {
    vec!["ncmpcpp".to_owned()]
}
