//! Membership of windows in projects.

use std::path::Path;

use super::model::RuleScope;

/// The prefix of marks that name a project: `project:NAME` or `project:NAME:ANYTHING`, because each
/// mark can be set on one container only.
const MARK: &str = "project:";

/// The reason why a window belongs to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// The window or a container around it has the project's mark.
    Mark,
    /// A rule with `scope: project` applies to it.
    Rule,
    /// Its process runs in the project's directory, or below.
    Directory,
}

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

/// Returns the reason why the window belongs to the project; `None` if it does not. A mark takes
/// precedence over a rule, and a rule over the directory.
pub fn membership(
    candidate: ProjectEvidence,
    project: &str,
    directory: Option<&Path>,
) -> Option<Membership> {
    let named: Vec<&str> = candidate
        .marks
        .iter()
        .filter_map(|mark| mark.strip_prefix(MARK))
        .map(|name| name.split_once(':').map_or(name, |(name, _)| name))
        .collect();
    if !named.is_empty() {
        return named.contains(&project).then_some(Membership::Mark);
    }
    match candidate.scope {
        Some(RuleScope::Project) => Some(Membership::Rule),
        Some(RuleScope::Global) => None,
        None => {
            let directory = directory?;
            let mut present = candidate.directories.iter();
            let is_inside = present.any(|present| present.starts_with(directory));
            is_inside.then_some(Membership::Directory)
        }
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
            (&[][..], None, inside, Some(Membership::Directory)),
            (&[], None, outside, None),
            (&[], None, Path::new("/src/p"), Some(Membership::Directory)),
            (&[], Some(RuleScope::Global), inside, None),
            (
                &[],
                Some(RuleScope::Project),
                outside,
                Some(Membership::Rule),
            ),
            (
                &["project:p"],
                Some(RuleScope::Global),
                outside,
                Some(Membership::Mark),
            ),
            (&["project:p:2"], None, outside, Some(Membership::Mark)),
            (&["project:q"], Some(RuleScope::Project), inside, None),
            (&["project:pq", "x"], None, inside, None),
            (
                &["project:q", "project:p"],
                None,
                outside,
                Some(Membership::Mark),
            ),
        ] {
            let candidate = ProjectEvidence {
                marks,
                scope,
                directories: &[at],
            };
            assert_eq!(
                membership(candidate, "p", Some(Path::new("/src/p"))),
                expected,
                "{candidate:?}"
            );
        }
        assert_eq!(membership(ProjectEvidence::default(), "p", None), None);
    }
}
