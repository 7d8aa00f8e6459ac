//! `session save`.

use serde_json::json;

use super::super::capture::{Snapshot, diagnostics, say_warnings};
use super::super::context::Context;
use super::super::exit::Exit;
use super::super::history::last;
use super::saved;
use crate::capture::comments;
use crate::doctor::machine;
use crate::error::Error;
use crate::journal::RunId;
use crate::journal::file::now;
use crate::layout::{Format, Layout, WriteOptions, write};
use crate::ui::history::Result as Ending;
use crate::ui::outline::contents;

/// Save the open windows as the latest session
///
/// Earlier sessions stay. A desktop without windows is not saved, and neither is one that is as the
/// latest session says, nor one on which another command still restores windows.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout session save\n  \
        bindsym $mod+Shift+e exec --no-startup-id \"i3pm-layout session save && i3-msg exit\"")]
pub(super) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let snapshot = Snapshot::whole(context)?;
    let layout = snapshot.captured.file();
    let warnings = &snapshot.captured.warnings;
    let windows = layout.window_count();
    let style = WriteOptions {
        comments: comments(warnings, snapshot.machine.secrets()),
        ..WriteOptions::default()
    };
    let text = write(&layout, Format::Yaml, &style);
    let latest = saved::all(context).into_iter().next();
    let plain = |layout: &Layout| write(layout, Format::Yaml, &WriteOptions::default());
    // Half of the windows may still be missing.
    let is_unfinished = matches!(last(context), Some((_, Ending::Running)));
    let is_same = latest.is_some_and(|latest| plain(&latest.layout) == plain(&layout));
    let path = if windows == 0 || is_same || is_unfinished {
        None
    } else {
        let id = RunId::new(now(), machine::process());
        let path = saved::path(context, &id);
        context.store.write(&path, &text)?;
        saved::prune(context);
        Some(path)
    };
    say_warnings(&diagnostics(warnings, []), context);
    context.record_result(
        windows,
        &json!({ "saved": path.is_some(), "windows": windows }),
    );
    if args.json {
        context.ui.json(&json!({
            "path": path.as_ref().map(|path| path.to_string_lossy()),
            "windows": windows,
        }))?;
    }
    context.announce(true, &|_| match &path {
        Some(_) => format!("saved {} as the latest session", contents(&layout)),
        None if is_unfinished => {
            "another command still restores windows; the saved sessions stay as they are".to_owned()
        }
        None if windows == 0 => "no window is open; the saved sessions stay as they are".to_owned(),
        None => format!("the latest session is up to date: {}", contents(&layout)),
    });
    Ok(Exit::Done)
}
