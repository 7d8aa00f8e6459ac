//! `recover`: clean up after an interrupted `apply`.

use super::context::Context;
use super::exit::Exit;
use super::history::last;
use crate::apply;
use crate::discover::observed_processes::Fresh;
use crate::error::Error;
use crate::ui;
use crate::ui::history::Result as Ending;

/// Clean up after an interrupted `apply`
///
/// Removes all placeholders, including those kept by `apply --keep-placeholders`, and
/// moves the windows inside them to the focused workspace. Does not close or hide windows.
/// The next `apply` does the same, except for kept placeholders. `recover` restores nothing: to finish
/// an interrupted run, run its `apply` again. The output ends with that command if the last recorded
/// run was interrupted.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout recover\n  \
        bindsym $mod+Shift+F9 exec --no-startup-id i3pm-layout recover")]
pub(super) struct Args {
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut session = context.session()?;
    let recovered = apply::recover(&mut context.world(&mut session, &Fresh::default(), None))?;
    let again = match last(context) {
        Some((run, Ending::Killed)) if run.start.command == "apply" => {
            Some(format!("i3pm-layout {}", ui::history::command(&run.start)))
        }
        _ => None,
    };
    let mut value = serde_json::to_value(recovered).unwrap_or_default();
    value["again"] = again.clone().into();
    if args.json {
        context.ui.json(&value)?;
    }
    context.record_result(recovered.windows, &value);
    context.announce(true, &|_| ui::report::recovered(recovered));
    if let Some(again) = again {
        let hint = format!("to finish the interrupted run, run `{again}`");
        context.ui.hint(&hint);
    }
    Ok(Exit::Done)
}
