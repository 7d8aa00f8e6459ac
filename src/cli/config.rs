//! `config`: show the merged configuration.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::ui;

/// Show the merged configuration, with the source of each setting
///
/// Reads `~/.config/i3pm-layout/config.yaml`, then `i3pm-layout/config.yaml` in the
/// directories of `XDG_CONFIG_DIRS` and in `/etc`. If a file is invalid, reports every
/// problem in the first such file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout config\n  \
        i3pm-layout config --json | jq '.rules[].origin'")]
pub(super) struct Args {
    /// Print the configuration as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    // The JSON is masked already, except for the secret patterns, which must stay as written.
    context.ui.out(&if args.json {
        format!("{:#}\n", ui::config::to_json(&config))
    } else {
        let short = |path: &_| context.short(path);
        ui::config::config(&config, &short, context.ui.paint())
    })?;
    Ok(Exit::Done)
}
