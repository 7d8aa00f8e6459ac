//! The marks of windows after a capture.
//!
//! `apply` marks each window with its slot, and recognizes it by the mark. A capture names the
//! slots again, in the order of the tree. Existing marks would then name other slots than the
//! file, or another layout.

use std::collections::BTreeMap;

use crate::compile::is_slot_mark;
use crate::live::{ConId, Desktop, OWN_MARK_PREFIX};
use crate::wm::command::Command;

/// The commands that give the captured windows the marks of their slots, beside their marks of
/// other layouts, and remove older marks of this layout.
///
/// Empty if no captured window was ever placed.
pub fn belong(desktop: &Desktop, windows: &[(String, ConId)], layout: &str) -> Vec<Command> {
    let prefix = format!("{OWN_MARK_PREFIX}{layout}:");
    let wanted: BTreeMap<ConId, String> = windows
        .iter()
        .map(|(slot, con)| (*con, format!("{prefix}{slot}")))
        .collect();
    let mut windows = desktop.tree.windows();
    let was_placed = windows.any(|con| wanted.contains_key(&con.id) && con.has_mark(is_slot_mark));
    if !was_placed {
        return Vec::new();
    }
    let mut commands = Vec::new();
    for con in desktop.tree.windows() {
        let marks = con.attributes.marks.iter();
        let old = marks.filter(|mark| mark.starts_with(&prefix));
        let outdated = old.filter(|mark| wanted.get(&con.id) != Some(mark));
        commands.extend(outdated.map(|mark| Command::Unmark {
            con: con.id,
            mark: mark.clone(),
        }));
    }
    for (con, mark) in wanted {
        let live = desktop.tree.find(con);
        if !live.is_some_and(|con| con.attributes.marks.contains(&mark)) {
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
    fn marks_follow_the_ids_of_the_file() {
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
        let found: Vec<(bool, usize, String)> = belong(&desktop, &captured, "t")
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
            found,
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
