//! `adapt`: move workspaces to the monitors where a layout has them.

use std::time::Duration;

use super::context::Context;
use super::exit::Exit;
use crate::apply::{adapt, dry_adapt};
use crate::config::Config;
use crate::error::Error;
use crate::ui;

/// The time that i3 may take to notice a monitor.
const MONITORS_LIMIT: Duration = Duration::from_secs(2);

/// Move workspaces to the monitors where a layout has them
///
/// For use after a monitor was connected or disconnected. Moves the layout's workspaces to
/// their outputs and floating windows to their places on them, and shows the workspaces that
/// the layout shows. Starts and closes nothing, moves no window to another workspace, and
/// leaves tiled windows as they are. Running it again changes nothing. Waits up to 2 seconds
/// until i3 has noticed the monitors.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout adapt daily-dev\n  \
        i3pm-layout adapt daily-dev --dry-run\n  \
        i3pm-layout adapt daily-dev --json | jq -r '.moved[].workspace'")]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input
    name: String,
    /// Print what would be done without doing it
    #[arg(long)]
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
    let loaded = context.load(&args.name)?;
    context.record_layout(&loaded, &args.name);
    let mut session = context.session()?;
    if !session.wait_for_monitors(MONITORS_LIMIT)? {
        let seconds = MONITORS_LIMIT.as_secs();
        context.ui.warn(&format!(
            "i3 does not have all monitors after {seconds} s; adapting to those that it has"
        ));
    }
    let plan = context.plan_for(&loaded, &mut session)?;
    // All other windows stay where they are, so rules are not needed.
    let config = context.config().unwrap_or_else(|_| Config::default());
    session.ignore_by(config.rules.clone());
    context.remember(&mut session, &plan);
    let adapted = context.with_processes(&mut session, &plan, &config, |session, processes| {
        let mut world = context.world(session, processes, Some(&loaded));
        if args.dry_run {
            dry_adapt(&mut world, &plan)
        } else {
            adapt(&mut world, &plan)
        }
    })?;
    if args.dry_run {
        context.print(
            args.json,
            || ui::adapt::dry_run_json(&adapted, &plan),
            |paint| ui::adapt::dry_run(&adapted, &plan, paint),
        )?;
        return Ok(Exit::Done);
    }
    let json = ui::adapt::to_json(&adapted, &plan);
    if args.json {
        context.ui.json(&json)?;
    }
    context.record_result(0, &json);
    let report = ui::adapt::report(&adapted, &plan, context.ui.paint_err());
    context.ui.say(&report);
    if adapted.is_complete() {
        return Ok(Exit::Done);
    }
    ui::nagbar::alarm(session.i3_pid(), &ui::adapt::alert(&adapted, &plan));
    Ok(Exit::Incomplete)
}
