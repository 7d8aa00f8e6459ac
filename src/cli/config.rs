//! `config`: what counts, and where it is said.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::ui;

/// Show the configuration that counts, and where each part of it is said
///
/// It is read from `~/.config/i3pm-layout/config.yaml`, then from
/// `i3pm-layout/config.yaml` in the directories of `XDG_CONFIG_DIRS` and in `/etc`.
/// Of the first of these files that is wrong, every problem is shown with its place.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout config\n  \
        i3pm-layout config --json | jq '.rules[].origin'")]
pub(super) struct Args {
    /// Print it as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    if args.json {
        context
            .ui
            .out(&format!("{:#}\n", ui::config::to_json(&config)))?;
    } else {
        let short = |path: &_| context.short(path);
        let text = ui::config::config(&config, &short, context.ui.paint());
        context.ui.out(&text)?;
    }
    Ok(Exit::Done)
}
