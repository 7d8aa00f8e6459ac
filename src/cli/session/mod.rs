//! `session`: save the desktop at logout, and restore it at login.

mod restore;
mod save;
mod saved;

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use super::list::changed;
use crate::error::Error;
use crate::journal::file::now;
use crate::store::StoreError;
use crate::ui::list::{Row, table};
use crate::ui::outline::contents;
pub(super) use saved::is_session;

/// Save the desktop at logout, and restore it at login
///
/// Saved sessions are layouts in `~/.local/state/i3pm-layout/sessions/`, apart from those that
/// `list` shows. The last ten are kept, and the latest one for each set of monitors.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout session save                 In an exit binding, or by a timer\n  \
        i3pm-layout session restore              In an `exec` line of the i3 config\n  \
        i3pm-layout session list")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Save(save::Args),
    Restore(restore::Args),
    List(List),
}

/// List the saved sessions, the latest first
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  i3pm-layout session list")]
struct List {
    /// Print the sessions as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// True if nothing is changed.
    pub(super) const fn is_dry(&self) -> bool {
        match &self.command {
            Command::Save(_) => false,
            Command::Restore(args) => args.is_dry(),
            Command::List(_) => true,
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    match &args.command {
        Command::Save(args) => save::run(args, context),
        Command::Restore(args) => restore::run(args, context),
        Command::List(args) => list(args, context),
    }
}

/// The names of the saved sessions, the latest first, with their contents.
pub(super) fn names(context: &Context) -> Vec<(String, String)> {
    let all = saved::all(context).into_iter();
    all.map(|one| (one.id.to_string(), contents(&one.layout)))
        .collect()
}

/// The error of a command. Says so if the layout that does not exist is the name of a saved session.
pub(super) fn or_session(error: Error, context: &Context) -> Error {
    let (Error::Store(missing) | Error::NoExample { error: missing, .. }) = &error else {
        return error;
    };
    let StoreError::Missing { name, .. } = missing else {
        return error;
    };
    let (name, Some(path)) = (name.clone(), saved::file_of(context, name)) else {
        return error;
    };
    let (Error::Store(error) | Error::NoExample { error, .. }) = error else {
        return error;
    };
    let error = Box::new(error);
    Error::IsSession { error, name, path }
}

fn list(args: &List, context: &Context) -> Result<Exit, Error> {
    let all = saved::all_or_warn(context);
    let outputs = super::profiles::present(context).unwrap_or_default();
    let json = || -> Value {
        let sessions = all.iter().map(|one| {
            json!({
                "session": one.id.to_string(),
                "path": one.path.to_string_lossy(),
                "windows": one.layout.window_count(),
                "fits": one.fits(&outputs),
            })
        });
        sessions.collect()
    };
    context.print(args.json, json, |paint| {
        let rows = all.iter().map(|one| Row {
            name: one.id.to_string(),
            layout: Some(&one.layout),
            fits: one.fits(&outputs),
            is_current: false,
            changed: changed(&one.path),
        });
        table(&rows.collect::<Vec<_>>(), now(), paint)
    })?;
    if all.is_empty() {
        context.ui.say(NONE);
    }
    Ok(Exit::Done)
}

/// The message if there is no saved session.
const NONE: &str = "no saved sessions yet; `i3pm-layout session save` saves one";
