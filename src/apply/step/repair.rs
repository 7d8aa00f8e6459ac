//! Repairs what differs after a build, and ends the run when nothing more can be done.

use crate::apply::action::Action;
use crate::apply::finish::{FocusMode, finish};
use crate::apply::state::{Look, Phase, State};
use crate::diff::{Difference, Kind};
use crate::live::Desktop;
use crate::tree::{Attribute, Fullscreen};
use crate::wm::WindowConfig;
use crate::wm::command::Command;

/// The maximum number of rounds of building and repairing before the remaining differences are
/// reported. One round is for the build, one for borders, one for the places that borders change,
/// one for fullscreen, and one because rules of the i3 config may move a window again.
const MAX_ROUNDS: usize = 5;

impl State<'_> {
    /// Sends the commands for everything that a build does not set. If there are none, the run is
    /// over.
    pub(super) fn repair(&mut self, look: Look) {
        if self.desk.is_repairing {
            self.desk.is_repairing = false;
            self.desk.round += 1;
            let is_over = self.desk.round == MAX_ROUNDS;
            if self.tally.interrupted || is_over {
                self.tally.ran_out = is_over && look.differences.iter().any(is_wrong);
                return self.leave(look);
            }
            return self.round(look);
        }
        self.place(&look);
        let focus = self.focus_mode(&look);
        let plan = self.setup.plan;
        let mut found = look.differences.clone();
        if focus == FocusMode::Restore {
            found.extend(self.lent_focus(&look.desktop));
        }
        let (desktop, found) = (&look.desktop, &found);
        let (assignment, round) = (&look.assignment, self.desk.round);
        let commands = finish(plan, desktop, assignment, found, focus, round);
        let more = self.desk.has_built && found.iter().any(is_repairable);
        let repair = (found.clone(), commands);
        if repair.1.is_empty() && !more || self.desk.repaired.as_ref() == Some(&repair) {
            // Nothing to do, or it did not help.
            return self.leave(look);
        }
        // i3 draws nothing behind a fullscreen window, so all other commands come first, in a
        // separate message.
        let cut = repair.1.iter().position(covers);
        let cut = cut.unwrap_or(repair.1.len());
        self.send(repair.1[..cut].to_vec());
        self.send(repair.1[cut..].to_vec());
        self.desk.repaired = Some(repair);
        self.desk.is_repairing = true;
        self.observe(Phase::Comparing);
    }

    /// The focus of a window that is not in the layout, and kept it until the end.
    fn lent_focus(&mut self, desktop: &Desktop) -> Option<Difference> {
        let focused = desktop.tree.focused_leaf().id;
        if !self.attention.takes_back(focused) {
            return None;
        }
        let live = desktop.focused_workspace()?;
        let planned = self.setup.plan.planned_for(desktop, live)?;
        Some(Difference {
            workspace: Some(planned.name.clone()),
            slot: None,
            idx: None,
            con: Some(live.con.id),
            kind: Kind::Focus,
        })
    }

    /// Leaves the desktop as it is.
    fn leave(&mut self, look: Look) {
        self.place(&look);
        self.leave_temporary_workspaces(&look.desktop);
        self.note_late(&look);
        let is_wrong = |one: &Difference| one.idx.is_some() && is_wrong(one);
        if !look.differences.iter().any(is_wrong) {
            return self.conclude(look, WindowConfig::default());
        }
        if let Some(config) = self.titles.config.take() {
            return self.conclude(look, config);
        }
        self.phase = Phase::Explaining(look);
        self.actions.push(Action::ReadConfig);
    }

    pub(super) fn conclude(&mut self, look: Look, config: WindowConfig) {
        self.desk.found = Some((look, config));
        self.phase = Phase::Over;
        self.actions.push(Action::Finish);
    }
}

const fn covers(command: &Command) -> bool {
    matches!(
        command,
        Command::Set {
            attribute: Attribute::Fullscreen(Fullscreen::Output | Fullscreen::Global),
            ..
        }
    )
}

/// True if another round can fix the difference.
fn is_repairable(difference: &Difference) -> bool {
    difference.needs_build() && !matches!(difference.kind, Kind::Missing)
}

/// True if the difference concerns something that exists.
pub(in crate::apply) const fn is_wrong(difference: &Difference) -> bool {
    !difference.is_attention() && !matches!(difference.kind, Kind::Missing | Kind::Extra { .. })
}
