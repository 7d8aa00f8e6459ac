//! `rename`: another name for a layout.

use serde_json::json;

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::live::OWN_MARK_PREFIX;
use crate::ui::words::Count;
use crate::wm::command::Command;

/// Give a saved layout another name, or another project
///
/// Open windows that belong to the layout belong to it under its new name, too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout rename daily-dev daily\n  \
        i3pm-layout rename daily nixos/daily")]
pub(super) struct Args {
    /// Present name
    old: String,
    /// New name, as NAME or PROJECT/NAME
    new: String,
    /// Print the new name as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let old = context.store.target(&args.old)?;
    let new = context.store.target(&args.new)?;
    let old_path = context.store.find(&old)?;
    let path = context.store.rename(&old, &new)?;
    context.ui.say(&format!(
        "`{old}` is now `{new}`, in {}",
        context.short(&path)
    ));
    // A file that says its own name keeps it.
    let named_by_file = context
        .load(&args.new)
        .is_ok_and(|loaded| loaded.layout.name.is_none());
    let windows = if named_by_file {
        let old_name = context.default_name(Some(&old_path));
        let new_name = context.default_name(Some(&path));
        mark_anew(context, &old_name, &new_name)
    } else {
        0
    };
    if args.json {
        context.ui.json(&json!({
            "old": old.to_string(),
            "name": new.to_string(),
            "path": path,
            "windows": windows,
        }))?;
    }
    Ok(Exit::Done)
}

/// Gives the open windows of the layout the marks of its new name, and says how many
/// there were; where no i3 is running there are none.
fn mark_anew(context: &Context, old: &str, new: &str) -> usize {
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
            let unmark = Command::Unmark {
                con,
                mark: mark.clone(),
            };
            let mark = format!("{OWN_MARK_PREFIX}{new}:{slot}");
            Some([unmark, Command::Mark { con, mark }])
        })
        .flatten()
        .collect();
    if commands.is_empty() {
        return 0;
    }
    let windows = commands.len() / 2;
    match session.run(&commands) {
        Ok(_) => {
            context.ui.note(&format!(
                "{} open on the desktop went with it",
                Count(windows, "window")
            ));
            windows
        }
        Err(error) => {
            context
                .ui
                .warn(&format!("its open windows keep the old name: {error}"));
            0
        }
    }
}
