//! `session restore`.

use std::time::Duration;

use super::super::apply;
use super::super::context::Context;
use super::super::exit::Exit;
use super::super::places::session_with_monitors;
use super::{NONE, saved};
use crate::error::Error;

/// The time without a new window after which the programs that a login starts have opened theirs.
const QUIET: Duration = Duration::from_millis(700);

/// The maximum time to wait for these windows.
const PATIENCE: Duration = Duration::from_secs(10);

/// Restore the latest session that was saved on the connected monitors
///
/// Without one for these monitors, restores the latest session. First waits while programs that the
/// login has started open windows, at most 10 seconds; these windows get their places. Does nothing
/// if there is no saved session.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout session restore\n  \
        exec --no-startup-id i3pm-layout session restore")]
pub(super) struct Args {
    /// The session: its name in `session list`, the beginning of its date, such as `2026-11-29`, or
    /// `last` (default: the latest one for the monitors)
    #[arg(value_name = "SESSION")]
    session: Option<String>,
    /// Print what would be done without doing it
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// True if nothing is changed.
    pub(super) const fn is_dry(&self) -> bool {
        self.dry_run
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut all = saved::all_or_warn(context);
    if let Some(wanted) = &args.session {
        all = vec![saved::named(all, wanted)?];
    }
    if all.is_empty() {
        context.ui.note(NONE);
        return Ok(Exit::Done);
    }
    let mut session = session_with_monitors(context)?;
    let outputs = session.outputs()?;
    let fitting = all.iter().find(|one| one.fits(&outputs));
    let Some(chosen) = fitting.or(all.first()) else {
        return Ok(Exit::Done);
    };
    if !args.dry_run {
        session.wait_for_new_windows(QUIET, PATIENCE)?;
    }
    drop(session);
    let name = chosen.path.to_string_lossy().into_owned();
    apply::run(&apply::Args::of(name, args.dry_run, args.json), context)
}
