//! The hooks of `apply`.

use super::Args;
use crate::apply::{Mode, Report, SlotReport};
use crate::cli::context::{Context, Loaded};
use crate::cli::hooks::{Hooks, Subject};
use crate::compile::Plan;
use crate::config::Config;
use crate::error::Error;
use crate::layout::HookEvent;

/// The events, in order.
const EVENTS: [HookEvent; 3] = [
    HookEvent::PreApply,
    HookEvent::PostApply,
    HookEvent::OnIncomplete,
];

/// The configuration. One that cannot be read is an error if other windows must not stay where they
/// are, which its rules decide, or if it may have hooks: one of them may have to succeed before
/// anything changes. Otherwise the layout is restored without it, and the error is returned, too.
pub(super) fn config(mode: Mode, context: &Context) -> Result<(Config, Option<Error>), Error> {
    match context.config() {
        Err(error) if mode == Mode::Merge && !context.may_have_hooks() => {
            context.ui.warn(
                "the configuration has mistakes and is not used; it has no hooks, so the layout is \
                 restored without it; `i3pm-layout config` shows the mistakes",
            );
            Ok((Config::default(), Some(error)))
        }
        config => config.map(|config| (config, None)),
    }
}

/// The hooks of a run.
pub(super) fn find<'c>(
    args: &Args,
    context: &'c Context,
    config: &Config,
    (loaded, plan): (&Loaded, &Plan),
) -> Result<Hooks<'c>, Error> {
    let subject = Subject {
        loaded: Some(loaded),
        name: plan.layout.clone(),
        path: loaded.opened.path.as_deref(),
        is_trusted: args.trust && context.policy()?.forbid_trust.is_none(),
    };
    let events = if args.no_hooks { &[] } else { &EVENTS[..] };
    Hooks::find(context, config, ("apply", events), &subject)
}

/// Runs the hooks after a run that ended with an error.
pub(super) fn run_after_error(hooks: &Hooks<'_>) -> Result<(), Error> {
    hooks.run(HookEvent::PostApply, &[("RESULT", "failed".to_owned())])
}

/// Runs the hooks after a run.
pub(super) fn run_after(hooks: &Hooks<'_>, report: &Report) -> Result<(), Error> {
    let result = match (report.interrupted, report.is_complete()) {
        (true, _) => "interrupted",
        (false, true) => "complete",
        (false, false) => "incomplete",
    };
    let is_empty = |slot: &&SlotReport| slot.outcome.is_empty();
    let empty = report.slots.iter().filter(is_empty);
    let empty: Vec<&str> = empty.map(|slot| slot.slot.as_str()).collect();
    let facts = [
        ("RESULT", result.to_owned()),
        ("SLOTS", report.slots.len().to_string()),
        ("FILLED", report.filled().to_string()),
        ("EMPTY", empty.join(" ")),
    ];
    hooks.run(HookEvent::PostApply, &facts)?;
    if !report.is_complete() {
        hooks.run(HookEvent::OnIncomplete, &facts)?;
    }
    Ok(())
}
