//! `delete`: delete a layout.

use serde_json::json;

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;

/// Delete a saved layout and keep a backup
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "rm",
    after_help = "Examples:\n  \
        i3pm-layout delete daily-dev\n  \
        i3pm-layout delete nixos/daily-dev"
)]
pub(super) struct Args {
    /// Name of the layout
    name: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let target = context.store.target(&args.name)?;
    let path = context.store.find(&target)?;
    let includers = context.includers(&path);
    let backup = context.store.delete(&target)?;
    if args.json {
        context.ui.json(&json!({
            "name": target.to_string(),
            "path": path.to_string_lossy(),
            "backup": backup.to_string_lossy(),
        }))?;
    }
    context.ui.say(&format!(
        "deleted `{target}`; to restore the file, run `i3pm-layout revert {} last`",
        context.reference(&path)
    ));
    context.warn_of_includers(&includers, "it names this layout");
    Ok(Exit::Done)
}
