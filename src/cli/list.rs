//! `list`: the layouts of the store.

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;

/// List the saved layouts
///
/// One name per line and nothing else, so that it can be piped into a menu.
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
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let all = context.store.list()?;
    if args.json {
        let list: Vec<Value> = all
            .iter()
            .map(|listed| {
                json!({
                    "name": listed.full_name(),
                    "project": listed.project,
                    "path": listed.path,
                })
            })
            .collect();
        context.ui.json(&Value::from(list))?;
        return Ok(Exit::Done);
    }
    let names: String = all.iter().map(|listed| listed.full_name() + "\n").collect();
    context.ui.out(&names)?;
    if all.is_empty() {
        context.ui.say(&format!(
            "no layout in {} yet, `i3pm-layout capture NAME` saves one",
            context.short(context.store.layouts())
        ));
    }
    Ok(Exit::Done)
}
