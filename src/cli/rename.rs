//! `rename`: rename a layout.

use std::path::Path;

use serde_json::json;

use super::context::{Context, check_moved};
use super::exit::Exit;
use super::places;
use crate::error::Error;

/// Rename a saved layout, or move it to another project
///
/// Open windows of the layout stay with it under its new name.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout rename daily-dev daily\n  \
        i3pm-layout rename daily nixos/daily")]
pub(super) struct Args {
    /// Current name of the layout
    old: String,
    /// New name: NAME or PROJECT/NAME
    new: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let old = context.store.target(&args.old)?;
    let new = context.store.target(&args.new)?;
    let old_path = context.store.find(&old)?;
    if context.store.path(&new).as_ref() == Some(&old_path) {
        return Err(Error::Usage {
            what: "the old and the new name are the same".to_owned(),
            hint: None,
        });
    }
    check_moved(
        &context.store.read(&old)?,
        context.store.path(&new).as_deref(),
    )?;
    let includers = context.includers(&old_path);
    let path = context.store.rename(&old, &new)?;
    context.ui.say(&format!(
        "renamed `{old}` to `{new}`: {}",
        context.short(&path)
    ));
    context.warn_of_includers(&includers, "it has the old name of this layout");
    let identity = |path: &Path| context.identity(path);
    let windows = match (identity(&old_path), identity(&path)) {
        (Some(from), Some(to)) => {
            let mut records = context.records();
            let windows = records.rename(&from, &to, &path);
            if windows > 0 {
                context.write_records(&records);
            }
            places::rename(context, &from, &to);
            windows
        }
        _ => 0,
    };
    if args.json {
        context.ui.json(&json!({
            "old": old.to_string(),
            "name": new.to_string(),
            "path": path.to_string_lossy(),
            "windows": windows,
        }))?;
    }
    Ok(Exit::Done)
}
