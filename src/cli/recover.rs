//! `recover`: what an interrupted apply left behind, cleared.

use super::context::Context;
use super::exit::Exit;
use crate::apply::{self, World};
use crate::error::Error;
use crate::live::Pid;
use crate::ui;

/// Clear what an interrupted apply left behind
///
/// Removes placeholders, those of `apply --keep-placeholders` included, and brings
/// windows that they have taken back to the focused workspace. No window is closed or
/// hidden. The next apply does the same by itself, except for what was kept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout recover\n  \
        bindsym $mod+Shift+F9 exec --no-startup-id i3pm-layout recover")]
pub(super) struct Args {
    /// Print what was done as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut session = context.session()?;
    let mut world = World {
        env: context.program_environment(&mut session),
        session: &mut session,
        process: &|_: Pid| None,
        runtime: context.runtime().to_owned(),
        logs: context.state().join("log"),
        display: context.display(),
        hide: &crate::ui::words::hide,
    };
    let recovered = apply::recover(&mut world)?;
    if args.json {
        let value = serde_json::to_value(recovered).unwrap_or_default();
        context.ui.json(&value)?;
    } else {
        context.ui.say(&ui::report::recovered(recovered));
    }
    Ok(Exit::Done)
}
