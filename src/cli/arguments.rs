//! Values for the variables of a layout, on the command line.

use crate::layout::Argument;

// A doc comment would replace the description of the command.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Arguments {
    /// Values for variables of the layout, for this command only
    #[arg(value_name = "NAME=VALUE")]
    assigned: Vec<Argument>,
    #[command(flatten)]
    set: Set,
}

// A doc comment would replace the description of the command.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Set {
    /// Set a variable of the layout, for this command only (repeatable)
    #[arg(long = "set", value_name = "NAME=VALUE")]
    pub(super) set: Vec<Argument>,
}

impl Arguments {
    /// All values. If a variable is set twice, the last value counts.
    pub(super) fn all(&self) -> Vec<Argument> {
        [self.assigned.as_slice(), self.set.set.as_slice()].concat()
    }
}
