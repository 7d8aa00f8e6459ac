//! Whose windows they are once they were captured.
//!
//! An apply marks each window with its slot, and knows it again by that. A capture names
//! the slots anew, in the order of the tree: where windows carry marks already, these
//! would say something else than the file, or that the windows are another layout's.

use std::collections::BTreeMap;

use crate::compile::is_temporary_mark;
use crate::live::{ConId, Desktop, OWN_MARK_PREFIX};
use crate::wm::command::Command;

/// Gives the captured windows the marks of their slots, beside those that they have from
/// other layouts, and takes away what an earlier version of this layout said.
///
/// Nothing where no captured window was ever placed: it is known by what it is.
pub fn belong(desktop: &Desktop, windows: &[(String, ConId)], layout: &str) -> Vec<Command> {
    let prefix = format!("{OWN_MARK_PREFIX}{layout}:");
    let wanted: BTreeMap<ConId, String> = windows
        .iter()
        .map(|(slot, con)| (*con, format!("{prefix}{slot}")))
        .collect();
    let is_slots = |mark: &str| mark.starts_with(OWN_MARK_PREFIX) && !is_temporary_mark(mark);
    let was_placed = desktop.tree.windows().any(|con| {
        wanted.contains_key(&con.id) && con.attributes.marks.iter().any(|mark| is_slots(mark))
    });
    if !was_placed {
        return Vec::new();
    }
    let mut commands = Vec::new();
    for con in desktop.tree.windows() {
        for mark in &con.attributes.marks {
            if mark.starts_with(&prefix) && wanted.get(&con.id) != Some(mark) {
                commands.push(Command::Unmark {
                    con: con.id,
                    mark: mark.clone(),
                });
            }
        }
    }
    for (con, mark) in wanted {
        let has = desktop
            .tree
            .find(con)
            .is_some_and(|con| con.attributes.marks.contains(&mark));
        if !has {
            commands.push(Command::Mark { con, mark });
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::live::build::{one_output, win, workspace};

    #[test]
    fn marks_follow_the_names_of_the_file() {
        let desktop = one_output([workspace(
            "1",
            [
                win("a").mark("_i3pm:t:a-2").mark("user"),
                win("a").mark("_i3pm:t:a").mark("_i3pm:other:a"),
                win("b"),
                win("c").mark("_i3pm:t:c"),
            ],
        )]);
        let cons: Vec<ConId> = desktop.tree.windows().map(|con| con.id).collect();
        let captured = [("a", 0), ("a-2", 1), ("b", 2)]
            .map(|(slot, position)| (slot.to_owned(), cons[position]));
        let said: Vec<(bool, usize, String)> = belong(&desktop, &captured, "t")
            .into_iter()
            .map(|command| {
                let (on, con, mark) = match command {
                    Command::Mark { con, mark } => (true, con, mark),
                    Command::Unmark { con, mark } => (false, con, mark),
                    other => panic!("{other:?}"),
                };
                let position = cons.iter().position(|known| *known == con).unwrap();
                (on, position, mark)
            })
            .collect();
        let expected = [
            (false, 0, "_i3pm:t:a-2"),
            (false, 1, "_i3pm:t:a"),
            (false, 3, "_i3pm:t:c"),
            (true, 0, "_i3pm:t:a"),
            (true, 1, "_i3pm:t:a-2"),
            (true, 2, "_i3pm:t:b"),
        ];
        assert_eq!(
            said,
            expected.map(|(on, position, mark)| (on, position, mark.to_owned()))
        );
    }

    #[test]
    fn windows_that_were_never_placed_are_left_alone() {
        let desktop = one_output([workspace("1", [win("a").mark("user"), win("b")])]);
        let captured: Vec<_> = desktop
            .tree
            .windows()
            .map(|con| (con.name().to_owned(), con.id))
            .collect();
        assert_eq!(belong(&desktop, &captured, "t"), []);
    }
}
