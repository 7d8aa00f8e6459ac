//! The workspaces and slots that a command line names.

use crate::apply::{Scope, ScopeError};
use crate::compile::Plan;
use crate::error::Error;

/// The part of the plan that is meant; says what there is when something is not.
pub(super) fn scope(
    plan: &Plan,
    workspaces: &[String],
    only: &[String],
    layout: &str,
) -> Result<Scope, Error> {
    Scope::of(plan, workspaces, only).map_err(|error| {
        let known = match &error {
            ScopeError::Workspace(_) => plan
                .workspaces
                .iter()
                .map(|workspace| workspace.name.clone())
                .collect(),
            ScopeError::Slot(_) => plan.slots().map(|(_, slot)| slot.id.clone()).collect(),
        };
        Error::scope(error, layout, known)
    })
}
