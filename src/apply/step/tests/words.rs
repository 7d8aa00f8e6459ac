//! The actions of a run in words, with the names of slots, windows and placeholders.

use serde_json::Value;

use super::driver::Run;
use crate::apply::action::{Action, Piece, Start};
use crate::compile::SlotIdx;
use crate::live::ConId;
use crate::testing::texts;
use crate::wm::command::Command;

impl Run {
    /// The action in words; empty for a wait.
    pub(super) fn line(&self, action: &Action) -> String {
        match action {
            Action::Observe => "observe".to_owned(),
            Action::ReadTree => "read tree".to_owned(),
            Action::Check(check) => {
                let programs = self.ids(&check.programs);
                match self.ids(&check.new_windows).as_str() {
                    "" => format!("check {programs}"),
                    openers => format!("check {programs}, new windows of {openers}"),
                }
            }
            Action::ReadConfig => "read config".to_owned(),
            Action::Wait(_) => String::new(),
            Action::Subscribe => "subscribe".to_owned(),
            Action::Send(commands) => format!("send {}", self.commands(commands)),
            Action::Remove { commands, .. } => format!("remove {}", self.commands(commands)),
            Action::Append(pieces) => {
                let pieces = pieces.iter().map(|piece| match piece {
                    Piece::Layout(json) => marks(json).join(", "),
                    Piece::Command(command) => self.command(command),
                });
                format!("append {}", pieces.collect::<Vec<_>>().join("; "))
            }
            Action::Settle => "settle".to_owned(),
            Action::Label(windows) => {
                let titles = windows.iter();
                let titles = titles.map(|(_, title)| title.as_deref().unwrap_or("nothing"));
                format!("label {}", titles.collect::<Vec<_>>().join(", "))
            }
            Action::Place { window, seat } => {
                let mut all = self.i3.desktop.tree.windows();
                let con = all.find(|con| con.window == Some(*window));
                let name = con.map_or("a closed window", |con| con.name());
                format!("place {name} in {}", seat.slot)
            }
            Action::Start(start) => {
                let Start {
                    slot,
                    program,
                    token,
                    ..
                } = &**start;
                let id = &self.plan.slot(*slot).id;
                format!("start {id}: {} ({token})", program.argv.join(" "))
            }
            Action::Watch(id) => format!("watch {}", id.pid.0),
            Action::ReadOutput { log, .. } => format!("read {}", log.display()),
            Action::Tell { filled, waiting } => match waiting {
                Some(idx) => format!("tell {filled} filled, waiting for {}", self.ids(&[*idx])),
                None => format!("tell {filled} filled"),
            },
            Action::GaveUp(idx) => format!("gave up {}", self.ids(&[*idx])),
            Action::Finish => "finish".to_owned(),
            Action::Fail(failure) => format!("fail {failure:?}"),
        }
    }

    fn ids(&self, slots: &[SlotIdx]) -> String {
        let ids = slots.iter().map(|&idx| self.plan.slot(idx).id.as_str());
        ids.collect::<Vec<_>>().join(" ")
    }

    fn commands(&self, commands: &[Command]) -> String {
        let commands = commands.iter().map(|command| self.command(command));
        commands.collect::<Vec<_>>().join("; ")
    }

    /// A command with the names of windows and placeholders.
    fn command(&self, command: &Command) -> String {
        let name = |id: &ConId| {
            let con = self.i3.desktop.tree.find(*id);
            con.map_or_else(
                || "nothing".to_owned(),
                |con| {
                    let mark = con.attributes.marks.first();
                    let mark = mark.filter(|_| con.name.is_none());
                    mark.map_or_else(|| con.name().to_owned(), |mark| short(mark))
                },
            )
        };
        match command {
            Command::Swap { con, with } => format!("swap {} with {}", name(con), name(with)),
            Command::SwapWithMark { con, mark } => {
                format!("swap {} with {}", name(con), short(mark))
            }
            Command::KillPlaceholder(con) => format!("kill {}", name(con)),
            Command::Mark { con, mark } => format!("mark {} as {}", name(con), short(mark)),
            Command::Unmark { con, mark } => format!("unmark {} as {}", name(con), short(mark)),
            Command::Focus(con) => format!("focus {}", name(con)),
            Command::WaitingToScratchpad => "hide".to_owned(),
            Command::CollectSpent => "collect".to_owned(),
            Command::KillSpent => "kill spent".to_owned(),
            Command::RenameWorkspace { from, to } => format!("rename {from} to {to}"),
            Command::ShowNumber(name) => format!("show {name}"),
            other => texts(std::slice::from_ref(other), &self.i3.desktop).join(""),
        }
    }
}

/// A mark of this program without the name of the layout.
fn short(mark: &str) -> String {
    let mark = mark.strip_prefix("_i3pm:").unwrap_or(mark);
    mark.replace(":t:", " ")
}

/// All marks in i3's layout JSON.
fn marks(json: &Value) -> Vec<String> {
    let own = json["marks"].as_array().into_iter().flatten();
    let own = own.filter_map(|mark| Some(short(mark.as_str()?)));
    let children = ["nodes", "floating_nodes"].map(|key| json[key].as_array());
    let children = children.into_iter().flatten().flatten();
    own.chain(children.flat_map(marks)).collect()
}
