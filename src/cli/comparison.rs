//! Layouts that `apply` or `capture` has used, compared with the desktop.

use std::path::Path;

use super::context::{Context, Loaded, observe_with};
use super::fitting;
use crate::compile::Plan;
use crate::config::Config;
use crate::diff::{diff, without_optional};
use crate::error::Error;
use crate::live::Desktop;
use crate::matching::{Reuse, match_windows};
use crate::session::Session;
use crate::store::Target;
use crate::ui::status::Comparison;

/// Reads the layout with this identity and file, with the values of variables in the identity. Asks for
/// no others.
pub(super) fn load(context: &Context, (identity, path): (&str, &Path)) -> Result<Loaded, Error> {
    let (opened, layout) = context.read_target(&Target::File(path.to_owned()))?;
    let arguments = context.arguments_of(identity, path);
    context.filled(&context.short(path), opened, &layout, &arguments)
}

/// Compiles the layout, and observes the desktop for a comparison.
pub(super) fn look(
    loaded: &Loaded,
    context: &Context,
    session: &mut Session,
    config: &Config,
) -> Result<(Plan, Desktop), Error> {
    session.ignore_by(config.rules.clone());
    let plan = fitting::plan_for(loaded, context, session)?;
    context.remember(session, &plan);
    let desktop = context.with_processes(session, &plan, config, observe_with)?;
    Ok((plan, desktop))
}

/// Compares a layout with the desktop as `diff` does.
pub(super) fn compare(
    loaded: &Loaded,
    context: &Context,
    config: &Config,
) -> Result<Comparison, Error> {
    // A session asks for the command of a window once, for the layout that needs it.
    let mut session = context.session()?;
    let (plan, desktop) = look(loaded, context, &mut session, config)?;
    let assignment = match_windows(&plan, &desktop, Reuse::default());
    let mut all = diff(&plan, &desktop, &assignment);
    all.retain(|difference| !difference.is_attention());
    let (differences, _) = without_optional(&plan, all);
    let slots = plan.slots();
    let filled = slots.filter(|(idx, _)| assignment.window(*idx).is_some());
    Ok(Comparison {
        filled: filled.count(),
        slots: plan.slots().count(),
        differences: differences.len(),
    })
}
