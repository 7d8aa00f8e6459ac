//! Sends commands to i3, and keeps i3's previous workspace.

use super::Run;
use crate::apply::ApplyError;
use crate::apply::build::hidden_name;
use crate::apply::previous;
use crate::apply::runtime::{Layouts, Runtime};
use crate::compile::append_json;
use crate::live::mark::PREVIOUS_MARK;
use crate::live::{Con, ConKind};
use crate::session::Session;
use crate::text::has_raw_bytes;
use crate::wm::command::Command;

impl Run<'_, '_> {
    /// Sends commands in one message.
    pub(super) fn send(&mut self, commands: &[Command]) -> Result<(), ApplyError> {
        if commands.is_empty() {
            return Ok(());
        }
        self.commands += commands.len();
        let guarded = guard(self.world.session, &self.runtime, commands)?;
        // The next observation shows what a failed command did not change.
        self.world.session.run(&guarded.commands)?;
        Ok(())
    }

    /// Sends commands that may remove placeholders which i3 has drawn in this tree; see
    /// [`Session::run_and_remove`].
    pub(super) fn send_seen(&mut self, commands: &[Command], tree: &Con) -> Result<(), ApplyError> {
        self.commands += commands.len();
        send_seen(self.world.session, &self.runtime, commands, tree)
    }
}

/// Sends commands that may remove placeholders which i3 has drawn in this tree.
pub(in crate::apply) fn send_seen(
    session: &mut Session,
    runtime: &Runtime,
    commands: &[Command],
    tree: &Con,
) -> Result<(), ApplyError> {
    let guarded = guard(session, runtime, commands)?;
    Ok(session.run_and_remove(&guarded.commands, tree)?)
}

/// Commands after which i3's previous workspace is the right one.
struct Guarded {
    commands: Vec<Command>,
    /// The files that the commands refer to.
    files: Option<Layouts>,
}

/// Adds commands that restore i3's previous workspace, if the commands change it.
///
/// No request of i3 returns the previous workspace. Therefore, a place is moved there.
fn guard(
    session: &mut Session,
    runtime: &Runtime,
    commands: &[Command],
) -> Result<Guarded, ApplyError> {
    let mut guarded = Guarded {
        commands: commands.to_vec(),
        files: None,
    };
    if !commands.iter().any(previous::is_relevant)
        || !previous::may_change(commands, &session.observe_tree()?)
    {
        return Ok(guarded);
    }
    let name = hidden_name("previous");
    let finder = runtime.write_previous(&append_json::previous_finder(&name))?;
    let files = finder.files.iter().cloned();
    let append = files.map(Command::AppendLayout);
    let find: Vec<Command> = append
        .chain([Command::MarkedToPrevious(PREVIOUS_MARK)])
        .collect();
    session.run(&find)?;
    drop(finder);
    let tree = session.observe_tree()?;
    let found = tree
        .descendants()
        .filter(|con| con.kind == ConKind::Workspace)
        .find(|con| con.placeholder(PREVIOUS_MARK).is_some());
    let previous = found.map(Con::name);
    let remove = Command::KillMarked(PREVIOUS_MARK);
    guarded.commands.insert(0, remove.clone());
    if let Some(previous) =
        previous::after(commands, &tree, previous).filter(|name| !has_raw_bytes(name))
    {
        let document = append_json::with_previous(&previous, &name);
        let files = runtime.write_previous(&document)?;
        let append = files.files.iter().cloned().map(Command::AppendLayout);
        guarded.commands.extend(append.chain([remove]));
        guarded.files = Some(files);
    }
    Ok(guarded)
}
