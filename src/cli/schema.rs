//! `schema`: the JSON Schema of our files.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::{config, layout};

/// Print the JSON Schema of layout files, or of the configuration
///
/// Captured files name a copy of it in their first line, so that editors complete
/// and check them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout schema > layout-v1.schema.json\n  \
        i3pm-layout schema config > config-v1.schema.json\n  \
        i3pm-layout schema | jq '.\"$defs\" | keys'")]
pub(super) struct Args {
    /// Which kind of file
    #[arg(value_enum, default_value = "layout")]
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Layouts
    Layout,
    /// The configuration
    Config,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    context.ui.out(&match args.kind {
        Kind::Layout => layout::schema::schema_text(),
        Kind::Config => config::schema::schema_text(),
    })?;
    Ok(Exit::Done)
}
