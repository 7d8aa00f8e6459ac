//! `schema`: print the JSON Schema of a kind of file.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::{config, layout};

/// Print the JSON Schema of layout files or of the configuration
///
/// The first line of a captured file names a copy of the schema, so editors can complete
/// and check the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout schema > layout-v1.schema.json\n  \
        i3pm-layout schema config > config-v1.schema.json\n  \
        i3pm-layout schema | jq '.\"$defs\" | keys'")]
pub(super) struct Args {
    /// Kind of file to describe
    #[arg(value_enum, default_value = "layout")]
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    /// Layout files
    Layout,
    /// Configuration files
    Config,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    context.ui.out(&match args.kind {
        Kind::Layout => layout::schema::schema_text(),
        Kind::Config => config::schema::schema_text(),
    })?;
    Ok(Exit::Done)
}
