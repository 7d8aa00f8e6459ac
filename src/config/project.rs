//! Membership of windows in projects.

use std::path::Path;

use super::model::RuleScope;

/// The prefix of marks that name a project: `project:NAME` or `project:NAME:ANYTHING`, because each
/// mark can be set on one container only.
const MARK: &str = "project:";

/// Evidence about the project of a window.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProjectEvidence<'a> {
    /// The marks of the window and of the containers around it.
    pub marks: &'a [&'a str],
    /// The scope of the rule that applies to the window.
    pub scope: Option<RuleScope>,
    /// The working directories of its programs.
    pub directories: &'a [&'a Path],
}

/// True if the window belongs to the project. A mark takes precedence over a rule with a scope,
/// and a rule over the directory, in or below which a process of the window runs.
pub fn is_member(candidate: ProjectEvidence, project: &str, directory: Option<&Path>) -> bool {
    let named: Vec<&str> = candidate
        .marks
        .iter()
        .filter_map(|mark| mark.strip_prefix(MARK))
        .map(|name| name.split_once(':').map_or(name, |(name, _)| name))
        .collect();
    if !named.is_empty() {
        return named.contains(&project);
    }
    match candidate.scope {
        Some(scope) => scope == RuleScope::Project,
        None => directory.is_some_and(|directory| {
            let mut present = candidate.directories.iter();
            present.any(|present| present.starts_with(directory))
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_take_precedence_over_rules_and_rules_over_directories() {
        let inside = Path::new("/src/p/lib");
        let outside = Path::new("/src/pq");
        for (marks, scope, at, expected) in [
            (&[][..], None, inside, true),
            (&[], None, outside, false),
            (&[], None, Path::new("/src/p"), true),
            (&[], Some(RuleScope::Global), inside, false),
            (&[], Some(RuleScope::Project), outside, true),
            (&["project:p"], Some(RuleScope::Global), outside, true),
            (&["project:p:2"], None, outside, true),
            (&["project:q"], Some(RuleScope::Project), inside, false),
            (&["project:pq", "x"], None, inside, false),
            (&["project:q", "project:p"], None, outside, true),
        ] {
            let candidate = ProjectEvidence {
                marks,
                scope,
                directories: &[at],
            };
            assert_eq!(
                is_member(candidate, "p", Some(Path::new("/src/p"))),
                expected,
                "{candidate:?}"
            );
        }
        assert!(!is_member(ProjectEvidence::default(), "p", None));
    }
}
