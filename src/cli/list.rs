//! `list`: list the saved layouts.

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;

/// List the saved layouts
///
/// Prints one name per line and nothing else, so the output can be piped into a menu.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "ls",
    after_help = "Examples:\n  \
        i3pm-layout list\n  \
        i3pm-layout list | dmenu | xargs -r i3pm-layout apply\n  \
        i3pm-layout list --json | jq -r '.[].path'"
)]
pub(super) struct Args {
    /// Print names, projects and paths as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let all = context.store.list()?;
    let json = || -> Value {
        let all = all.iter().map(|listed| {
            json!({
                "name": listed.full_name(),
                "project": listed.project,
                "path": listed.path.to_string_lossy(),
            })
        });
        all.collect()
    };
    context.print(args.json, json, |_| {
        all.iter().map(|listed| listed.full_name() + "\n").collect()
    })?;
    if all.is_empty() {
        context.ui.say(&format!(
            "no layouts in {} yet; run `i3pm-layout capture NAME` to create the first",
            context.short(context.store.layouts())
        ));
    }
    Ok(Exit::Done)
}
