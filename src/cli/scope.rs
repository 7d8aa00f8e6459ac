//! The layout on the command line, and the part of it to work on.

use super::arguments::Arguments;
use super::value::value;
use crate::apply::{Scope, ScopeError};
use crate::compile::Plan;
use crate::error::Error;

// A doc comment would replace the description of the command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Selected {
    /// Name or path of the layout; `-` reads standard input (default: the layout that is on the
    /// desktop, else the one that was used last)
    pub(super) name: Option<String>,
    #[command(flatten)]
    pub(super) arguments: Arguments,
    #[command(flatten)]
    pub(super) limit: Limit,
}

// A doc comment would replace the description of the command.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Limit {
    /// Limit to this workspace, by name or number (repeatable; default: all)
    #[arg(
        short = 'w',
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    pub(super) workspaces: Vec<String>,
}

impl Selected {
    /// The selected part of the plan. Errors list the names that exist.
    pub(super) fn scope(&self, plan: &Plan, only: &[String]) -> Result<Scope, Error> {
        Scope::of(plan, &self.limit.workspaces, only).map_err(|error| {
            let layout = self.name.clone().unwrap_or_else(|| plan.layout.clone());
            let workspaces = plan.workspaces.iter();
            match error {
                ScopeError::Workspace(name) => Error::NoWorkspace {
                    name,
                    layout,
                    known: workspaces.map(|planned| planned.name.clone()).collect(),
                },
                ScopeError::Slot(id) => Error::NoSlot {
                    id,
                    layout,
                    known: plan.slots().map(|(_, slot)| slot.id.clone()).collect(),
                },
            }
        })
    }
}
