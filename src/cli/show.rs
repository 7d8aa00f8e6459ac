//! `show`: a layout as it would be applied.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::live::Output;
use crate::ui::outline;

/// Show a layout as it would be applied: workspaces, slots, programs
///
/// Variables are resolved. The monitors are those of the desktop, or those of the
/// file where no i3 is running.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "info",
    after_help = "Examples:\n  \
        i3pm-layout show daily-dev\n  \
        i3pm-layout show daily-dev --json | jq '.workspaces[].slots[].command'"
)]
pub(super) struct Args {
    /// Name of the layout, a path, or `-` for standard input
    name: String,
    /// Print it as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let loaded = context.load(&args.name)?;
    let live = context
        .session()
        .ok()
        .and_then(|mut session| session.wm().outputs().ok());
    let outputs = live.unwrap_or_else(|| {
        let monitors = loaded.layout.monitors.iter();
        monitors
            .map(|monitor| Output {
                name: monitor.output.clone(),
                rect: monitor.rect,
                primary: monitor.primary,
            })
            .collect()
    });
    let plan = context.plan(&loaded, &outputs);
    if args.json {
        let path = loaded.opened.path.as_ref().and_then(|path| path.to_str());
        context.ui.json(&outline::to_json(&plan, path))?;
        return Ok(Exit::Done);
    }
    let mut text = format!("{}\n", loaded.origin(context));
    let monitors: Vec<String> = outputs
        .iter()
        .map(|output| {
            let primary = if output.primary { " primary" } else { "" };
            format!("{} {}{primary}", output.name, output.rect)
        })
        .collect();
    if !monitors.is_empty() {
        text.push_str("monitors: ");
        text.push_str(&monitors.join(", "));
        text.push('\n');
    }
    text.push('\n');
    text.push_str(&outline::outline(&plan, context.ui.paint()));
    context.ui.out(&text)?;
    Ok(Exit::Done)
}
