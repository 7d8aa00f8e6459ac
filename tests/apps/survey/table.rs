//! The table of the survey, and its place in docs/discovery.md.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::subject::{self, Subject};

/// The lines around the table.
const BEGIN: &str = "<!-- made by scripts/discovery-survey -->";
const END: &str = "<!-- end of the survey -->";

/// Replaces the private home directory in the table.
const HOME: &str = "/home/me";

/// The result for a program.
#[derive(Default)]
pub(crate) struct Verdict {
    /// The captured command.
    command: String,
    cwd: String,
    source: String,
    /// The differences after the restore.
    pub(crate) wrong: Vec<String>,
    /// The reasons in the report of `apply`.
    pub(crate) reasons: Vec<String>,
}

impl Verdict {
    /// Reads the captured command from a slot of the file.
    pub(crate) fn of(slot: Option<&Value>, home: &str) -> Self {
        let text = |value: &Value| match value {
            Value::String(text) => text.replace(home, HOME),
            Value::Array(words) => {
                let words = words.iter().filter_map(Value::as_str);
                shell_words::join(words).replace(home, HOME)
            }
            _ => String::new(),
        };
        let Some(slot) = slot else {
            return Self::default();
        };
        Self {
            command: text(&slot["command"]),
            cwd: text(&slot["cwd"]),
            source: text(&slot["seen"]["source"]),
            ..Self::default()
        }
    }

    pub(crate) fn has_command(&self) -> bool {
        !self.command.is_empty()
    }

    /// The result for a program that failed before it was captured.
    pub(crate) fn not_tried() -> Self {
        Self {
            wrong: vec!["not tried: it did not open as described in subjects.yaml".to_owned()],
            ..Self::default()
        }
    }
}

/// A row of the table.
pub(crate) struct Row {
    name: String,
    kind: String,
    started: String,
    verdict: Verdict,
}

impl Row {
    pub(crate) const HEAD: &'static str = "\
| program | toolkit, habits | started | captured command | cwd | source | restored |\n\
|---|---|---|---|---|---|---|";

    pub(crate) fn new(subject: &Subject, verdict: Verdict) -> Self {
        Self {
            name: subject.name.clone(),
            kind: subject.kind.clone(),
            started: subject.started(),
            verdict,
        }
    }

    pub(crate) fn is_restored(&self) -> bool {
        self.verdict.wrong.is_empty()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = |text: &str| {
            if text.is_empty() {
                String::new()
            } else {
                format!("`{}`", text.replace('\n', " ").replace('|', "\\|"))
            }
        };
        let Verdict {
            command,
            cwd,
            source,
            wrong,
            reasons,
        } = &self.verdict;
        let came = if wrong.is_empty() {
            "yes".to_owned()
        } else {
            let all = [wrong.as_slice(), reasons.as_slice()].concat().join("; ");
            format!("no: {}", all.replace('\n', " ").replace('|', "\\|"))
        };
        write!(
            f,
            "| {} | {} | {} | {} | {} | {source} | {came} |",
            self.name,
            self.kind,
            code(&self.started),
            code(command),
            code(cwd)
        )
    }
}

/// Replaces the row with the same name in docs/discovery.md.
pub(crate) fn update(row: &Row) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/discovery.md");
    let file = fs::read_to_string(&path).expect("docs/discovery.md can be read");
    let (head, rest) = file.split_once(BEGIN).expect("the table has a beginning");
    let (table, tail) = rest.split_once(END).expect("the table has an end");
    let name_of = |line: &str| Some(line.strip_prefix("| ")?.split_once(" |")?.0.to_owned());
    let mut lines: BTreeMap<String, String> = table
        .lines()
        .filter_map(|line| Some((name_of(line)?, line.to_owned())))
        .collect();
    lines.insert(row.name.clone(), row.to_string());
    let lines: Vec<String> = subject::all()
        .iter()
        .filter_map(|subject| lines.remove(&subject.name))
        .collect();
    let back = lines
        .iter()
        .filter(|line| line.ends_with("| yes |"))
        .count();
    let mut text = format!("{head}{BEGIN}\n{back} of {} are restored.\n\n", lines.len());
    let _ = writeln!(text, "{}\n{}", Row::HEAD, lines.join("\n"));
    let _ = write!(text, "{END}{tail}");
    fs::write(&path, text).expect("docs/discovery.md can be written");
}
