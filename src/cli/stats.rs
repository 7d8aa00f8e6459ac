//! `stats`: numbers about recorded runs.

use super::context::Context;
use super::exit::Exit;
use super::history::{Selected, summaries};
use crate::error::Error;
use crate::journal::stats::stats;
use crate::ui;

/// Show numbers about recorded runs: success rates, times, programs that rarely open a window
///
/// Times are the 50th, 95th and 99th percentile: of each command, and of the windows of each
/// program from its start. The numbers are those of the records that still exist; see
/// `i3pm-layout history --help`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout stats --since 2d\n  \
        i3pm-layout stats --json | jq '.programs[] | select(.rare)'\n  \
        i3pm-layout stats --prometheus > /var/lib/node_exporter/i3pm-layout.prom")]
pub(super) struct Args {
    #[command(flatten)]
    selected: Selected,
    /// Print the numbers as JSON
    #[arg(long)]
    json: bool,
    /// Print the numbers for the textfile collector of `node_exporter` (Prometheus)
    #[arg(long, conflicts_with = "json")]
    prometheus: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    args.selected.check(context)?;
    let stats = stats(&summaries(context, &args.selected));
    if args.prometheus {
        context.ui.out(&ui::stats::prometheus(&stats))?;
        return Ok(Exit::Done);
    }
    context.print(
        args.json,
        || ui::stats::to_json(&stats),
        |paint| ui::stats::stats(&stats, paint),
    )?;
    if stats.commands.is_empty() {
        context.ui.say(&args.selected.none(context));
    }
    Ok(Exit::Done)
}
