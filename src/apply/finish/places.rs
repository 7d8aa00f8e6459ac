//! The commands for the places of workspaces and floating windows.

use super::Finish;
use crate::compile::{PlannedFloating, SlotIdx};
use crate::diff::{self, Difference, Kind, Location};
use crate::geometry::Rect;
use crate::live::{Con, ConId, ConKind, workspace_number};
use crate::wm::command::{Command, Extent};

impl Finish<'_> {
    pub(super) fn place(&mut self, difference: &Difference) {
        if let Kind::WorkspaceOrder { before, after } = &difference.kind {
            self.sort_workspaces(before, after);
        }
        if let (Kind::Output { before, .. }, Some(con)) = (&difference.kind, difference.con)
            && self.is_empty(difference.workspace.as_deref())
        {
            // Other workspaces are rebuilt on the right output.
            self.commands.push(Command::MoveWorkspaceToOutput {
                con,
                output: before.clone(),
            });
        }
        if let (Kind::Layout { of, .. }, Some(con)) = (&difference.kind, difference.con)
            && of.is_empty()
        {
            let planned = difference.workspace.as_deref();
            let planned = planned.and_then(|name| self.plan.workspace(name));
            let layout = planned.map(|planned| planned.content.layout);
            self.commands
                .extend(layout.map(|layout| Command::Layout { con, layout }));
        }
        let (Some(con), Some(idx)) = (difference.con, difference.idx) else {
            return;
        };
        let floating = self.planned_floating(idx);
        let rect = floating.and_then(|floating| floating.rect);
        let is_hidden = self.plan.slot(idx).workspace.is_none();
        match &difference.kind {
            Kind::Rect { .. } if is_hidden => self.move_to_scratchpad(con, rect),
            // i3 rounds the size to the window's size increments, even if it stays the same.
            Kind::Rect { .. } if rect.is_some_and(|rect| self.has_size(con, rect)) => {
                self.move_to(con, rect);
            }
            Kind::Rect { .. } => self.set_rect(con, rect),
            Kind::Moved {
                before: Location::Scratchpad | Location::Shown(_),
                ..
            } => {
                self.move_to_scratchpad(con, rect);
                if !is_hidden {
                    self.commands.push(Command::ShowScratchpad(con));
                    self.set_rect(con, rect);
                }
            }
            _ => {}
        }
    }

    /// Puts workspaces that i3 does not sort by number into the order of the layout.
    ///
    /// i3 attaches a workspace again when it is renamed, even to its current name. It puts a
    /// workspace without a number after all others. It puts a workspace with a number before those
    /// with the same number, or after them since 4.24 (`_con_attach` in i3's `src/con.c`). Builds
    /// of i3's repository before that release do the same but report 4.23, so every other round
    /// tries the opposite.
    fn sort_workspaces(&mut self, before: &[String], after: &[String]) {
        let right = before.iter().zip(after).take_while(|(one, two)| one == two);
        let mut wrong: Vec<&String> = before.iter().skip(right.count()).collect();
        let numbered = before.iter().any(|name| workspace_number(name).is_some());
        let is_behind = self.desktop.version.attaches_behind_same_number();
        if numbered && is_behind != self.round.is_multiple_of(2) {
            wrong = before.iter().rev().collect();
        }
        for name in wrong {
            let planned = self.plan.workspace(name);
            let Some(live) = planned.and_then(|planned| self.plan.live(self.desktop, planned))
            else {
                continue;
            };
            let name = live.con.name().to_owned();
            self.commands.push(Command::RenameWorkspace {
                from: name.clone(),
                to: name,
            });
            // Renaming moves a workspace to the output that the config assigns to the name.
            self.commands.push(Command::MoveWorkspaceToOutput {
                con: live.con.id,
                output: live.output.to_owned(),
            });
            self.keep_floating(live.con);
        }
    }

    /// Gives the floating windows of a workspace their present positions again. i3 scales them
    /// whenever the workspace moves to another output, and rounds each time.
    fn keep_floating(&mut self, workspace: &Con) {
        if self.desktop.outputs.len() < 2 {
            return;
        }
        let frames = workspace.floating_nodes.iter();
        self.commands.extend(frames.filter_map(|frame| {
            let (con, Rect { x, y, .. }) = (frame.nodes.first()?.id, frame.rect);
            Some(Command::MoveTo { con, x, y })
        }));
    }

    /// True if the plan has no window on the workspace.
    fn is_empty(&self, workspace: Option<&str>) -> bool {
        workspace
            .and_then(|name| self.plan.workspace(name))
            .is_some_and(|planned| planned.content.is_empty())
    }

    /// Hides a window so that i3 shows it again at `rect`.
    fn move_to_scratchpad(&mut self, con: ConId, rect: Option<Rect>) {
        let hidden = self
            .desktop
            .scratchpad()
            .is_some_and(|scratchpad| scratchpad.find(con).is_some());
        if rect.is_some() {
            self.commands.push(if hidden {
                Command::ShowScratchpad(con)
            } else {
                Command::Floating { con, on: true }
            });
            self.set_rect(con, rect);
        } else if hidden {
            return;
        }
        self.commands.push(Command::MoveToScratchpad(con));
    }

    /// Sets a floating window's place; its size first, because i3 grows a window
    /// around where it is.
    fn set_rect(&mut self, con: ConId, rect: Option<Rect>) {
        if let Some(Rect { width, height, .. }) = rect {
            let found = self.frame_content(con);
            let size = match found.filter(|(_, content)| !content.is_leaf()) {
                Some((frame, content)) => grow(content.id, frame.rect, (width, height)),
                None => vec![Command::ResizeSet { con, width, height }],
            };
            self.commands.extend(size);
        }
        self.move_to(con, rect);
    }

    /// Sets a floating window's position alone.
    fn move_to(&mut self, con: ConId, rect: Option<Rect>) {
        // i3 only moves the container that has the frame alone.
        let con = self
            .frame_content(con)
            .map_or(con, |(_, content)| content.id);
        let place = rect.map(|Rect { x, y, .. }| Command::MoveTo { con, x, y });
        self.commands.extend(place);
    }

    /// True if the container floats with the size of this rect, except for i3's rounding.
    fn has_size(&self, con: ConId, planned: Rect) -> bool {
        self.frame_content(con).is_some_and(|(frame, content)| {
            let facts = self.desktop.facts(content);
            let increments = facts.and_then(|facts| facts.size_increments);
            let (x, y) = (frame.rect.x, frame.rect.y);
            diff::rounded_size(Rect { x, y, ..planned }, frame.rect, increments) == frame.rect
        })
    }

    /// The floating frame around a container, and the content of the frame.
    fn frame_content(&self, con: ConId) -> Option<(&Con, &Con)> {
        let all = self.desktop.tree.descendants();
        let mut frames = all.filter(|frame| frame.kind == ConKind::FloatingCon);
        let frame = frames.find(|frame| frame.find(con).is_some())?;
        Some((frame, frame.nodes.first()?))
    }

    fn planned_floating(&self, idx: SlotIdx) -> Option<&PlannedFloating> {
        self.plan
            .workspaces
            .iter()
            .flat_map(|workspace| &workspace.content.floating)
            .chain(&self.plan.scratchpad)
            .find(|floating| floating.node.leaves().any(|leaf| *leaf == idx))
    }
}

/// The commands that give a floating container with several windows this size. `resize set` does
/// not change it (`floating_resize` in i3's `src/floating.c`).
fn grow(con: ConId, present: Rect, (width, height): (u32, u32)) -> Vec<Command> {
    let extents = [
        (Extent::Width, i64::from(width) - i64::from(present.width)),
        (
            Extent::Height,
            i64::from(height) - i64::from(present.height),
        ),
    ];
    let different = extents.into_iter().filter(|(_, by)| *by != 0);
    different
        .map(|(extent, by)| Command::Grow { con, extent, by })
        .collect()
}
