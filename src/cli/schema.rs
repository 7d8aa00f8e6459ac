//! `schema`: the JSON Schema of layout files.

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::layout::schema::schema_text;

/// Print the JSON Schema of layout files
///
/// Captured files name a copy of it in their first line, so that editors complete
/// and check them.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout schema > layout-v1.schema.json\n  \
        i3pm-layout schema | jq '.\"$defs\" | keys'")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, context: &Context) -> Result<Exit, Error> {
    context.ui.out(&schema_text())?;
    Ok(Exit::Done)
}
