//! `rename`: rename a layout.

use serde_json::json;

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::live::OWN_MARK_PREFIX;
use crate::ui::words::Count;
use crate::wm::command::Command;

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
    let path = context.store.rename(&old, &new)?;
    context.ui.say(&format!(
        "renamed `{old}` to `{new}`: {}",
        context.short(&path)
    ));
    // A `name` in the file takes precedence over the name of the file.
    let is_named_by_file = context
        .load(&args.new)
        .is_ok_and(|loaded| loaded.layout.name.is_none());
    let windows = if is_named_by_file {
        let name = |path| context.default_name(Some(path));
        update_marks(context, &name(&old_path), &name(&path))
    } else {
        0
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

/// Gives the open windows of the layout the marks of its new name. Returns the number of
/// windows; 0 if i3 is not running.
fn update_marks(context: &Context, old: &str, new: &str) -> usize {
    let Ok(mut session) = context.session() else {
        return 0;
    };
    let Ok(tree) = session.observe_tree() else {
        return 0;
    };
    let prefix = format!("{OWN_MARK_PREFIX}{old}:");
    let commands: Vec<Command> = tree
        .windows()
        .flat_map(|con| con.attributes.marks.iter().map(|mark| (con.id, mark)))
        .filter_map(|(con, mark)| {
            let slot = mark.strip_prefix(&prefix)?;
            let new = format!("{OWN_MARK_PREFIX}{new}:{slot}");
            Some(Command::change_mark(con, mark.clone(), new))
        })
        .flatten()
        .collect();
    let windows = commands.len() / 2;
    if windows == 0 {
        return 0;
    }
    if let Err(error) = session.run(&commands) {
        context
            .ui
            .warn(&format!("the open windows keep the old name: {error}"));
        return 0;
    }
    context.ui.note(&format!(
        "updated the marks of {}",
        Count(windows, "open window")
    ));
    windows
}
