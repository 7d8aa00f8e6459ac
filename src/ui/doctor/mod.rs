//! The findings of `doctor` as text and as JSON.

mod fix;
mod message;

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::Paint;
use super::words::{Count, clean, tilde};
use crate::doctor::{Check, Finding, Verdict, worst};
use fix::fix;
use message::message;

impl Check {
    /// Its name in the output.
    const fn as_str(self) -> &'static str {
        match self {
            Self::I3 => "i3",
            Self::Display => "display",
            Self::XServer => "x-server",
            Self::Program => "program",
            Self::KeyBindings => "key-bindings",
            Self::Completions => "completions",
            Self::Configuration => "configuration",
            Self::Hooks => "hooks",
            Self::Layouts => "layouts",
            Self::Trust => "trust",
            Self::Programs => "programs",
            Self::WindowRules => "window-rules",
            Self::Daemons => "daemons",
            Self::Clients => "ipc-clients",
            Self::Leftovers => "leftovers",
            Self::Records => "records",
            Self::Directories => "directories",
            Self::DiskSpace => "disk-space",
            Self::OpenFiles => "open-files",
            Self::Clock => "clock",
        }
    }
}

impl Verdict {
    /// Its name in the output.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }

    fn painted(self, paint: Paint) -> String {
        let text = self.as_str();
        match self {
            Self::Ok => paint.good(text),
            Self::Skipped => paint.faint(text),
            Self::Warning => paint.warning(text),
            Self::Error => paint.error(text),
        }
    }
}

/// One line for each finding, with its fix indented below.
pub fn text(findings: &[Finding], paint: Paint) -> String {
    /// The width of the longest result, and of the longest name of a check.
    const WIDTHS: (usize, usize) = ("warning".len(), "configuration".len());
    let mut text = String::new();
    for finding in findings {
        let (verdict, check) = (finding.verdict(), finding.check().as_str());
        let pad = " ".repeat(WIDTHS.0 - verdict.as_str().len());
        let message = tilde(&clean(&message(finding)));
        let verdict = verdict.painted(paint);
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{verdict}{pad}  {check:<width$}  {message}",
            width = WIDTHS.1
        );
        for line in fix(finding).iter().flat_map(|fix| fix.lines()) {
            let indent = " ".repeat(WIDTHS.0 + 2);
            let label = paint.hint("fix");
            let _ = writeln!(text, "{indent}{label}: {}", tilde(&clean(line)));
        }
    }
    text
}

/// The number of problems in one sentence.
pub fn summary(findings: &[Finding]) -> String {
    let count = |verdict| {
        let all = findings.iter().map(Finding::verdict);
        all.filter(|one| *one == verdict).count()
    };
    let (errors, warnings) = (count(Verdict::Error), count(Verdict::Warning));
    match (errors, warnings) {
        (0, 0) if count(Verdict::Skipped) > 0 => {
            "no problem found in what could be checked".to_owned()
        }
        (0, 0) => "no problem found".to_owned(),
        (0, _) => format!("{}; everything works", Count(warnings, "warning")),
        (_, 0) => format!("{} to fix", Count(errors, "error")),
        _ => format!(
            "{} to fix, {}",
            Count(errors, "error"),
            Count(warnings, "warning")
        ),
    }
}

/// One sentence for i3-nagbar: the first of the worst problems, and the number of all; `None` if
/// nothing must be done.
pub fn alert(findings: &[Finding]) -> Option<String> {
    let worst = worst(findings);
    if worst < Verdict::Warning {
        return None;
    }
    let first = findings.iter().find(|one| one.verdict() == worst)?;
    let (summary, message) = (summary(findings), message(first));
    let check = first.check().as_str();
    Some(format!(
        "{summary}: {check}: {message}; run `i3pm-layout doctor` in a terminal"
    ))
}

/// The findings as JSON.
pub fn to_json(findings: &[Finding]) -> Value {
    let checks = findings.iter().map(|finding| {
        json!({
            "check": finding.check().as_str(),
            "result": finding.verdict().as_str(),
            "message": message(finding),
            "fix": fix(finding),
        })
    });
    let worst = worst(findings).as_str();
    json!({ "result": worst, "checks": checks.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::finding::Without;
    use crate::doctor::folder::{Fault, Role};

    #[test]
    fn findings_have_a_line_each_and_a_fix_below() {
        let findings = [
            Finding::I3 {
                version: "4.22".to_owned(),
                socket: "/run/i3".into(),
            },
            Finding::Skipped(Check::Program, Without::I3),
            Finding::NotOnPath {
                own: "/opt/i3pm-layout".into(),
                needed: vec!["bindsym F1 exec i3pm-layout undo".to_owned()],
                has_local: true,
            },
            Finding::Directory {
                path: "/state".into(),
                role: Role::State,
                fault: Fault::Open(0o777, false),
            },
        ];
        insta::assert_snapshot!(text(&findings, Paint(false)), @r"
        ok       i3             i3 4.22 at /run/i3
        skipped  program        not checked, because i3 cannot be reached
        error    program        key bindings cannot find `i3pm-layout`: /opt is not in the PATH of i3, so this line of the i3 config does nothing: `bindsym F1 exec i3pm-layout undo`
                 fix: write the full path in the i3 config, then run `i3-msg reload`: `bindsym F1 exec /opt/i3pm-layout undo`
                 fix: or run `sudo ln -s /opt/i3pm-layout /usr/local/bin/`, which is in the PATH of i3
        warning  directories    /state (journal and backups) is writable by other users (mode 0777)
                 fix: run `chmod go-w /state`
        ");
        assert_eq!(summary(&findings), "1 error to fix, 1 warning");
        assert_eq!(summary(&findings[..1]), "no problem found");
        assert_eq!(to_json(&findings)["result"], "error");
        assert_eq!(to_json(&findings)["checks"][0]["fix"], Value::Null);
    }
}
