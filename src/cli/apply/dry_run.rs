//! `apply --dry-run`.

use super::Args;
use crate::apply::{self, Options};
use crate::cli::context::{Context, Loaded, observe_with};
use crate::cli::exit::Exit;
use crate::cli::hooks::Hooks;
use crate::compile::{Plan, PlannedWorkspace};
use crate::error::Error;
use crate::live::Processes;
use crate::matching;
use crate::session::Session;
use crate::ui;

/// Prints what `apply` would do.
pub(super) fn dry_run(
    args: &Args,
    context: &Context,
    (session, processes): (&mut Session, &dyn Processes),
    (loaded, plan): (&Loaded, &Plan),
    (options, hooks): (&Options, &Hooks<'_>),
) -> Result<Exit, Error> {
    let desktop = observe_with(session, processes)?;
    let mut world = context.world(session, processes, Some(loaded));
    let dry = apply::dry_run(&mut world, plan, options)?;
    if args.explain {
        let explained = matching::explain(plan, &desktop, options.reuse, |idx| {
            options.scope.has_slot(plan, idx)
        });
        context.print(
            args.json,
            || ui::explain::to_json(&explained, plan, &desktop),
            |paint| ui::explain::explain(&explained, plan, &desktop, paint),
        )?;
    } else {
        context.print(
            args.json,
            || {
                let mut value = ui::dry_run::to_json(&dry, plan);
                value["hooks"] = hooks.planned();
                value
            },
            |paint| {
                let actions = ui::dry_run::dry_run(&dry, plan, &desktop, paint);
                actions + &ui::hooks::section(&hooks.lines(), paint)
            },
        )?;
    }
    let is_meant = |planned: &PlannedWorkspace| options.scope.has_workspace(Some(&planned.name));
    let notes = ui::monitors::notes(
        &plan.displaced(&is_meant),
        &plan.contradictions(&is_meant),
        context.ui.paint_err(),
    );
    if !notes.is_empty() {
        context.ui.say(notes.trim_end());
    }
    Ok(Exit::Done)
}
