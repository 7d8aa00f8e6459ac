//! `delete`: a layout removed.

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
    /// Print what was deleted as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let target = context.store.target(&args.name)?;
    let path = context.store.find(&target)?;
    let backup = context.store.delete(&target)?;
    if args.json {
        context.ui.json(&json!({
            "name": target.to_string(),
            "path": path,
            "backup": backup,
        }))?;
        return Ok(Exit::Done);
    }
    context.ui.say(&format!(
        "deleted `{target}`, its content is kept in {}",
        context.short(&backup)
    ));
    Ok(Exit::Done)
}
