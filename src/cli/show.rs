//! `show`: show a layout as it would be restored.

use super::arguments::Arguments;
use super::context::Context;
use super::current;
use super::exit::Exit;
use super::fitting::refuse_two;
use super::monitors::of_layout;
use super::program_warnings::program_warnings;
use super::scope::{Limit, Selected};
use crate::error::Error;
use crate::ui;
use crate::ui::{monitors, outline};

/// Show a layout as `apply` would restore it: workspaces, slots and programs
///
/// Resolves variables. Uses the monitors of the desktop, or those in the file if i3 is
/// not running. Warns about programs that cannot be started.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "info",
    after_help = "Examples:\n  \
        i3pm-layout show daily-dev\n  \
        i3pm-layout show daily-dev -w 2\n  \
        i3pm-layout show daily-dev --json | jq '.workspaces[].slots[].command'"
)]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input (default: the layout that is on the
    /// desktop, else the one that was used last)
    name: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    #[command(flatten)]
    limit: Limit,
    /// Print the layout as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let (name, arguments) = current::named(args.name.as_deref(), args.arguments.all(), context)?;
    let loaded = context.load_with(&name, &arguments)?;
    let live = context.if_running(|session| {
        let lines = session.workspace_outputs()?;
        Ok::<_, Error>((session.outputs()?, session.workspaces()?, lines))
    });
    let (outputs, workspaces, lines) =
        live.unwrap_or_else(|| (of_layout(&loaded.layout), Vec::new(), Vec::new()));
    refuse_two(&loaded, &outputs)?;
    let mut plan = context.plan(&loaded, &outputs, &workspaces, &lines);
    let selected = Selected {
        name: Some(name),
        arguments: Arguments::default(),
        limit: args.limit.clone(),
    };
    let scope = selected.scope(&plan, &[])?;
    if !scope.is_all() {
        plan.workspaces
            .retain(|one| scope.has_workspace(Some(&one.name)));
        plan.scratchpad.clear();
    }
    let away = plan.displaced(&|_| true);
    let contradictions = plan.contradictions(&|_| true);
    let warnings = program_warnings(context, &plan);
    context.print(
        args.json,
        || {
            let mut value = outline::to_json(&plan, loaded.opened.path.as_deref());
            let warnings = warnings.iter();
            let warnings = warnings.flat_map(|one| ui::diagnostic::to_json(one));
            value["warnings"] = warnings.collect();
            value["monitors"] = monitors::explain_json(&plan);
            value["away"] = monitors::away_json(&away);
            value["contradictions"] = monitors::contradictions_json(&contradictions);
            value
        },
        |paint| {
            let origin = context.origin(&loaded.opened);
            let outline = outline::outline(&plan, paint);
            let notes = monitors::notes(&away, &contradictions, paint);
            format!(
                "{origin}\n{}{notes}\n{outline}",
                monitors::present(&outputs)
            )
        },
    )?;
    for warning in &warnings {
        context.ui.warning(warning);
    }
    Ok(Exit::Done)
}
