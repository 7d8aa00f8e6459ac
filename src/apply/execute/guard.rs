//! Keeps the workspace to which `workspace back_and_forth` leads.

use super::runtime::{Layouts, Runtime};
use crate::apply::{ApplyError, previous};
use crate::compile::append_json;
use crate::live::mark::PREVIOUS_MARK;
use crate::live::{Con, ConId, ConKind};
use crate::session::Session;
use crate::text::has_raw_bytes;
use crate::wm::command::Command;

/// The names of the hidden workspaces that find and set the previous workspace.
const HIDDEN_NAME: &str = "_i3pm:previous";

/// Sends commands that may remove placeholders which i3 has `drawn`, and keeps i3's previous
/// workspace.
pub(in crate::apply) fn send(
    session: &mut Session,
    runtime: &Runtime,
    commands: Vec<Command>,
    drawn: &[ConId],
) -> Result<(), ApplyError> {
    let guarded = guard(session, runtime, commands)?;
    Ok(session.run_and_remove(&guarded.commands, drawn)?)
}

/// Commands after which i3's previous workspace is the right one.
struct Guarded {
    commands: Vec<Command>,
    /// The file that the commands refer to.
    _file: Option<Layouts>,
}

/// Adds commands that restore i3's previous workspace, if the commands change it.
///
/// No request of i3 returns the previous workspace. Therefore, a place is moved there.
fn guard(
    session: &mut Session,
    runtime: &Runtime,
    mut commands: Vec<Command>,
) -> Result<Guarded, ApplyError> {
    if !commands.iter().any(previous::is_relevant)
        || !previous::may_change(&commands, &session.observe_tree()?)
    {
        return Ok(Guarded {
            commands,
            _file: None,
        });
    }
    let finder = runtime.write_previous(&append_json::previous_finder(HIDDEN_NAME))?;
    let append = finder.files.iter().cloned().map(Command::AppendLayout);
    let find: Vec<Command> = append.chain([Command::FinderToPrevious]).collect();
    session.run(&find)?;
    drop(finder);
    let tree = session.observe_tree()?;
    let found = tree
        .descendants()
        .filter(|con| con.kind == ConKind::Workspace)
        .find(|con| con.placeholder(PREVIOUS_MARK).is_some());
    let previous = previous::after(&commands, &tree, found.map(Con::name));
    commands.insert(0, Command::KillFinder);
    let mut file = None;
    if let Some(previous) = previous.filter(|name| !has_raw_bytes(name)) {
        let document = append_json::with_previous(&previous, HIDDEN_NAME);
        let layouts = runtime.write_previous(&document)?;
        let append = layouts.files.iter().cloned().map(Command::AppendLayout);
        commands.extend(append.chain([Command::KillFinder]));
        file = Some(layouts);
    }
    Ok(Guarded {
        commands,
        _file: file,
    })
}
