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
    /// The doubts of `capture`.
    doubts: Vec<String>,
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
            ..Self::default()
        }
    }

    /// Adds the doubts in the answer of `capture --json`.
    pub(crate) fn with_doubts(mut self, answer: &Value) -> Self {
        let warnings = answer["warnings"].as_array().into_iter().flatten();
        let doubts = warnings
            .filter(|warning| {
                matches!(
                    warning["code"].as_str(),
                    Some("doubtful-command" | "no-command" | "skipped-window")
                )
            })
            .filter_map(|warning| warning["message"].as_str().map(str::to_owned));
        self.doubts = doubts.collect();
        self
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
    way: String,
    started: String,
    verdict: Verdict,
}

impl Row {
    pub(crate) const HEAD: &'static str = "\
| program | toolkit, habits | way | started | captured command | cwd | restored |\n\
|---|---|---|---|---|---|---|";

    pub(crate) fn new(subject: &Subject, verdict: Verdict) -> Self {
        Self {
            name: subject.name.clone(),
            kind: subject.kind.clone(),
            way: subject.way.clone().unwrap_or_default(),
            started: subject.started(),
            verdict,
        }
    }

    /// True if it is restored, or `capture` has said that it may not be.
    pub(crate) fn is_honest(&self) -> bool {
        self.verdict.wrong.is_empty() || !self.verdict.doubts.is_empty()
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
            wrong,
            reasons,
            doubts,
        } = &self.verdict;
        let came = if wrong.is_empty() && doubts.is_empty() {
            "yes".to_owned()
        } else if !doubts.is_empty() {
            let back = if wrong.is_empty() { "yes" } else { "no" };
            format!("{back}, with a warning")
        } else {
            let all = [wrong.as_slice(), reasons.as_slice()].concat().join("; ");
            format!("no: {}", all.replace('\n', " ").replace('|', "\\|"))
        };
        write!(
            f,
            "| {} | {} | {} | {} | {} | {} | {came} |",
            self.name,
            self.kind,
            self.way,
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
    let count = |end: &str| lines.iter().filter(|line| line.ends_with(end)).count();
    let mut text = format!(
        "{head}{BEGIN}\nOf {} programs, {} are restored, {} more are restored with a warning of \
         `capture`, and {} are not restored, as `capture` warns.\n\n",
        lines.len(),
        count("| yes |"),
        count("| yes, with a warning |"),
        count("| no, with a warning |"),
    );
    let _ = writeln!(text, "{}\n{}", Row::HEAD, lines.join("\n"));
    let _ = write!(text, "{END}{tail}");
    fs::write(&path, text).expect("docs/discovery.md can be written");
}
