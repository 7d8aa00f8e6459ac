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

/// Sends commands, and keeps i3's previous workspace.
#[derive(Debug)]
pub(in crate::apply) struct Guard {
    pub(in crate::apply) runtime: Runtime,
    /// The previous workspace, if it is known since the latest message.
    known: Option<String>,
}

/// Commands after which i3's previous workspace is the right one.
struct Guarded {
    commands: Vec<Command>,
    /// The file that the commands refer to.
    _file: Option<Layouts>,
}

impl Guard {
    pub(in crate::apply) const fn new(runtime: Runtime) -> Self {
        let known = None;
        Self { runtime, known }
    }

    /// Forgets the previous workspace: the user may have switched workspaces meanwhile.
    pub(in crate::apply) fn forget(&mut self) {
        self.known = None;
    }

    /// Sends commands that may remove placeholders which i3 has `drawn`, and keeps i3's previous
    /// workspace.
    pub(in crate::apply) fn send(
        &mut self,
        session: &mut Session,
        commands: Vec<Command>,
        drawn: &[ConId],
    ) -> Result<(), ApplyError> {
        let guarded = self.guard(session, commands)?;
        Ok(session.run_and_remove(&guarded.commands, drawn)?)
    }

    /// Adds commands that restore i3's previous workspace, if the commands change it.
    fn guard(
        &mut self,
        session: &mut Session,
        mut commands: Vec<Command>,
    ) -> Result<Guarded, ApplyError> {
        let known = self.known.take();
        let unguarded = |commands| Guarded {
            commands,
            _file: None,
        };
        if !commands.iter().any(previous::is_relevant) {
            self.known = known;
            return Ok(unguarded(commands));
        }
        let mut tree = session.observe_tree()?;
        if !previous::may_change(&commands, &tree) {
            self.known = known;
            return Ok(unguarded(commands));
        }
        let found = if known.is_some() {
            known
        } else {
            let found = self.find(session)?;
            tree = found.0;
            commands.insert(0, Command::KillFinder);
            found.1
        };
        let previous = previous::after(&commands, &tree, found.as_deref());
        let Some(previous) = previous.filter(|name| !has_raw_bytes(name)) else {
            return Ok(unguarded(commands));
        };
        let document = append_json::with_previous(&previous, HIDDEN_NAME);
        let layouts = self.runtime.write_previous(&document)?;
        let append = layouts.files.iter().cloned().map(Command::AppendLayout);
        commands.extend(append.chain([Command::KillFinder]));
        self.known = Some(previous);
        Ok(Guarded {
            commands,
            _file: Some(layouts),
        })
    }

    /// The tree with a place that was moved to i3's previous workspace, and that workspace.
    ///
    /// No request of i3 returns the previous workspace.
    fn find(&self, session: &mut Session) -> Result<(Con, Option<String>), ApplyError> {
        let finder = append_json::previous_finder(HIDDEN_NAME);
        let finder = self.runtime.write_previous(&finder)?;
        let append = finder.files.iter().cloned().map(Command::AppendLayout);
        let find: Vec<Command> = append.chain([Command::FinderToPrevious]).collect();
        session.run(&find)?;
        let tree = session.observe_tree()?;
        let found = tree
            .descendants()
            .filter(|con| con.kind == ConKind::Workspace)
            .find(|con| con.placeholder(PREVIOUS_MARK).is_some());
        let found = found.map(|con| con.name().to_owned());
        Ok((tree, found))
    }
}
