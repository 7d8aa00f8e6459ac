//! Decisions of the administrator for all users. Pure.

use super::model::{Layered, Origin, Sourced};
use crate::layout::Pattern;

/// The decisions of the system's files with `enforce: true` that only root can change.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// The places of `enforce`.
    pub enforced_by: Vec<Origin>,
    /// Patterns of commands that must not be started.
    pub forbid: Vec<Sourced<Pattern>>,
    /// The place of `forbid_trust: true`.
    pub forbid_trust: Option<Origin>,
    /// Places of `enforce` that have no effect, because users can change the file.
    pub ignored: Vec<Origin>,
}

impl Policy {
    /// Adds the decisions of a file, and lets its rules take precedence. `is_of_root` if only root can
    /// change the file.
    pub(super) fn add(&mut self, layer: &mut Layered, is_of_root: bool) {
        let Some(enforce) = layer.enforced_at() else {
            return;
        };
        if !is_of_root {
            self.ignored.push(enforce.clone());
            return;
        }
        self.enforced_by.push(enforce.clone());
        for rule in &mut layer.rules {
            rule.enforce = true;
        }
        self.forbid.append(&mut layer.forbid);
        let forbids = layer.forbid_trust.take().filter(|forbids| forbids.value);
        self.forbid_trust = self.forbid_trust.take().or(forbids.map(|one| one.origin));
    }

    /// The reason why a command must not be started.
    ///
    /// The patterns are searched in the command as `capture` would write it, with the path of the
    /// program and with its name alone.
    pub fn refuse(&self, argv: &[String]) -> Option<String> {
        let (program, arguments) = argv.split_first()?;
        let name = program.rsplit('/').next().unwrap_or(program);
        let lines = [program.as_str(), name].map(|program| {
            let words = [program].into_iter();
            shell_words::join(words.chain(arguments.iter().map(String::as_str)))
        });
        let matches = |pattern: &Sourced<Pattern>| {
            let found = |line: &String| pattern.value.is_match(line.as_bytes()).unwrap_or(true);
            lines.iter().any(found)
        };
        let pattern = self.forbid.iter().find(|pattern| matches(pattern))?;
        let expression = pattern.value.as_str();
        Some(format!(
            "its command is forbidden by {} (`{expression}`)",
            pattern.origin
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::config::Layer;
    use crate::config::read::read;

    const TEXT: &str = "version: 1
enforce: true
forbid: [\"^curl( |$)\", \"rm -rf\"]
forbid_trust: true
rules: [{ criteria: { class: ^A$ }, timeout: 1 }]
";

    fn policy(text: &str, is_of_root: bool) -> (Policy, Layered) {
        let mut layer = read(text.as_bytes(), "/etc/c.yaml", Layer::System).unwrap();
        let mut policy = Policy::default();
        policy.add(&mut layer, is_of_root);
        (policy, layer)
    }

    fn refused(policy: &Policy, line: &str) -> Option<String> {
        policy.refuse(&shell_words::split(line).unwrap())
    }

    #[test]
    fn files_of_root_forbid_commands() {
        let (policy, layer) = policy(TEXT, true);
        assert!(layer.rules[0].enforce);
        let trust = policy.forbid_trust.as_ref().map(ToString::to_string);
        assert_eq!(trust.as_deref(), Some("/etc/c.yaml:4"));
        let reason = "its command is forbidden by /etc/c.yaml:3 (`^curl( |$)`)";
        for (line, expected) in [
            ("curl", Some(reason)),
            ("/usr/bin/curl 'a b'", Some(reason)),
            ("curlew", None),
            ("xterm -e curl", None),
        ] {
            assert_eq!(refused(&policy, line).as_deref(), expected, "{line}");
        }
        assert!(refused(&policy, "xterm -e rm -rf /").is_some());
    }

    #[test]
    fn other_files_forbid_nothing() {
        let without = TEXT.replace("enforce: true", "enforce: false");
        for (text, is_of_root, ignored) in [(TEXT, false, 1), (without.as_str(), true, 0)] {
            let (policy, layer) = policy(text, is_of_root);
            assert!(!layer.rules[0].enforce);
            assert_eq!(refused(&policy, "curl"), None);
            assert!(policy.forbid_trust.is_none());
            assert_eq!(policy.ignored.len(), ignored);
        }
    }
}
