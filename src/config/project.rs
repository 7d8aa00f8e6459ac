//! Which windows belong to a project.

use std::path::Path;

use super::model::RuleScope;

/// How marks that name a project begin: `project:NAME`, or `project:NAME:ANYTHING`, as i3
/// gives each mark to one container only.
const MARK: &str = "project:";

/// Why a window belongs to a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Membership {
    /// It, or a container around it, has the project's mark.
    Mark,
    /// A rule with `scope: project` is about it.
    Rule,
    /// Its process runs in the project's directory, or below.
    Directory,
}

/// What is known about a window that could belong to a project.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProjectEvidence<'a> {
    /// Its marks, and those of the containers around it.
    pub marks: &'a [&'a str],
    /// What the rule that counts for it says.
    pub scope: Option<RuleScope>,
    /// The directories in which it is at work.
    pub directories: &'a [&'a Path],
}

/// Why the window belongs to the project; `None` when it does not. A mark counts more
/// than a rule, and a rule more than the directory.
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
        None => directory
            .filter(|directory| {
                candidate
                    .directories
                    .iter()
                    .any(|present| present.starts_with(directory))
            })
            .map(|_| Membership::Directory),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_before_rules_before_directories() {
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
