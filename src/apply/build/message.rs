//! The messages that create placeholders and hidden workspaces.

use super::Build;
use crate::apply::action::Piece;
use crate::compile::Plan;
use crate::compile::append_json::guest_mark;
use crate::live::Desktop;
use crate::wm::command::Command;

impl Build {
    /// The message that creates the placeholders which wait for windows.
    pub fn waiting_message(&self) -> Option<Vec<Piece>> {
        let json = self.waiting_json.as_ref()?;
        let hide = Command::WaitingToScratchpad;
        Some(vec![Piece::Layout(json.clone()), Piece::Command(hide)])
    }

    /// The message that creates the hidden workspaces; empty if there are none.
    pub fn message(&self, desktop: &Desktop) -> Vec<Piece> {
        let focused = desktop.focused_workspace();
        let focused = focused.map(|live| live.output.to_owned());
        let workspaces = self.workspaces.iter();
        let workspaces = workspaces.map(|build| (build.output.clone(), &build.json));
        // Its rects are relative to the primary output. When it moves to the scratchpad, i3 scales
        // them from the output that it is on.
        let primary = desktop.primary_output().map(|output| output.name.clone());
        let hidden = self.scratchpad_json.iter();
        let hidden = hidden.map(|json| (primary.clone(), json));
        let mut pieces = Vec::new();
        let mut current = focused.clone();
        for (output, json) in workspaces.chain(hidden) {
            if output.is_some() && output != current {
                let focus = output.clone().map(Command::FocusOutput);
                pieces.extend(focus.map(Piece::Command));
                current = output;
            }
            pieces.push(Piece::Layout(json.clone()));
        }
        if current != focused {
            let focus = focused.map(Command::FocusOutput);
            pieces.extend(focus.map(Piece::Command));
        }
        pieces
    }

    /// The marks that must be in the tree after the hidden workspaces are created.
    pub fn expected_marks(&self, plan: &Plan) -> Vec<String> {
        let workspaces = self.workspaces.iter().flat_map(|build| {
            let slots = build.planned.slots().map(|idx| plan.place_mark(idx));
            slots.chain(build.guests.iter().map(|guest| guest_mark(guest.con)))
        });
        let scratchpad = self
            .scratchpad
            .iter()
            .flat_map(|floating| floating.node.leaves().copied())
            .map(|idx| plan.place_mark(idx));
        // Not those of waiting placeholders: a rule of the i3 config may remove their marks, and
        // their windows are also identified by other evidence.
        workspaces.chain(scratchpad).collect()
    }
}
