//! The summary of a report for bug reports.

use super::doctor;
use super::words::Count;
use crate::doctor::{Check, Finding, Verdict};

/// The contents of a report.
#[derive(Debug)]
pub struct Contents<'f> {
    /// The version of i3; `None` if it could not be reached.
    pub i3: Option<String>,
    /// The number of windows on the desktop.
    pub windows: Option<usize>,
    /// The number of configuration files.
    pub configurations: usize,
    /// The number of layouts.
    pub layouts: usize,
    /// The number of runs.
    pub runs: usize,
    /// The findings of `doctor`.
    pub findings: &'f [Finding],
}

/// The contents in sentences, for the person who reads the report before it is published.
pub fn summary(contents: &Contents<'_>) -> Vec<String> {
    let i3 = match &contents.i3 {
        Some(version) => format!("i3 {version}"),
        None => "no i3".to_owned(),
    };
    let desktop = match contents.windows {
        Some(windows) => format!(
            "desktop: i3's tree, the outputs, and {} with class, process, command line and directory",
            Count(windows, "window")
        ),
        None => "desktop: none, because i3 could not be reached".to_owned(),
    };
    let mut lines = vec![
        format!(
            "Report of i3pm-layout {} with {i3}; doctor: {}",
            env!("CARGO_PKG_VERSION"),
            doctor::summary(contents.findings)
        ),
        "Read this file before you publish it. It contains:".to_owned(),
        "versions; the names of all environment variables, and the values of a few harmless ones"
            .to_owned(),
        "the results of `doctor`, with lines of the i3 config that run i3pm-layout or that are \
         rules for windows"
            .to_owned(),
        desktop,
        format!(
            "{} and {}, as text",
            Count(contents.configurations, "configuration file"),
            Count(contents.layouts, "layout")
        ),
        format!(
            "a list of {}, with the steps of the latest",
            Count(contents.runs, "recorded run")
        ),
        "Masked as `***`: passwords, tokens and everything that `secret_patterns` of the \
         configuration match"
            .to_owned(),
        "Replaced by numbers: titles of windows, serial numbers of monitors; also the name of the \
         machine, and the home directory (`~`)"
            .to_owned(),
        "Not replaced: names of files, directories, workspaces, marks and slots, and what you have \
         written into layouts, such as comments and patterns"
            .to_owned(),
    ];
    let is_invalid =
        |one: &Finding| one.check() == Check::Configuration && one.verdict() == Verdict::Error;
    if contents.findings.iter().any(is_invalid) {
        lines.push(
            "Warning: the configuration is invalid, so its `secret_patterns` do not apply here. Fix \
             it first (`doctor` says how), then run `diagnose` again"
                .to_owned(),
        );
    }
    lines
}
