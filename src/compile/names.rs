//! The identity of workspaces: the exact name, else the number.

use std::borrow::Cow;

use crate::layout::Layout;
use crate::live::{PresentWorkspace, workspace_number};

/// The present name of a planned workspace: the same name, else the name with the same number. If
/// several planned or several present workspaces share the number, only the same name counts: their
/// order changes when they move to another output.
///
/// i3 ignores the ASCII case of names.
pub(crate) fn present_name<'a>(
    name: &str,
    planned: impl IntoIterator<Item = &'a str>,
    present: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Option<&'a str> {
    let present = present.into_iter();
    let mut same = present.clone();
    same.find(|found| found.eq_ignore_ascii_case(name))
        .or_else(|| {
            let number = workspace_number(name)?;
            let has_number = |name: &&str| workspace_number(name) == Some(number);
            let alike = planned.into_iter().filter(has_number).count();
            let mut found = present.filter(has_number);
            let only = found.next().filter(|_| alike == 1);
            only.filter(|_| found.next().is_none())
        })
}

/// The layout with the present names of its workspaces.
pub(super) fn with_present_names<'l>(
    layout: &'l Layout,
    present: &[PresentWorkspace],
) -> Cow<'l, Layout> {
    let planned = || layout.workspaces.iter().map(|one| one.name.as_str());
    let present = present.iter().map(|one| one.name.as_str());
    let name_now = |name: &str| present_name(name, planned(), present.clone());
    let is_renamed = |name: &str| name_now(name).is_some_and(|now| now != name);
    if !planned().any(is_renamed) {
        return Cow::Borrowed(layout);
    }
    let mut renamed = layout.clone();
    renamed.rename_workspaces(&|name| name_now(name).map(str::to_owned));
    Cow::Owned(renamed)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Planned names, present names, and the present name for each planned one.
    type Case<'a> = (&'a [&'a str], &'a [&'a str], &'a [Option<&'a str>]);

    #[test]
    fn names_take_precedence_over_numbers() {
        let cases: &[Case<'_>] = &[
            (&["1"], &["1: web"], &[Some("1: web")]),
            (&["1: web"], &["1"], &[Some("1")]),
            (&["1: web"], &["1: mail", "1"], &[None]),
            (&["1"], &["1: web", "1"], &[Some("1")]),
            (&["1"], &["2", "10", "web"], &[None]),
            (&["Web", "mail"], &["web", "Mail: 1"], &[Some("web"), None]),
            (
                &["1", "2"],
                &["2: b", "1: a"],
                &[Some("1: a"), Some("2: b")],
            ),
            // With the same number, only the name counts.
            (&["1", "1: web"], &["1: mail"], &[None, None]),
            (&["1", "1: web"], &["1: web"], &[None, Some("1: web")]),
            (&["1", "01"], &["1: a"], &[None, None]),
            (&["-1"], &["-1: a"], &[None]),
        ];
        for (planned, present, expected) in cases {
            let found = planned
                .iter()
                .map(|name| present_name(name, planned.iter().copied(), present.iter().copied()));
            let found: Vec<Option<&str>> = found.collect();
            assert_eq!(found, *expected, "{planned:?} on {present:?}");
        }
    }
}
