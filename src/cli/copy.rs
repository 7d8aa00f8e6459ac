//! `copy`: copy a layout.

use serde_json::json;

use super::context::{Context, check_moved};
use super::exit::Exit;
use crate::error::Error;

/// Copy a saved layout under a new name
///
/// Open windows stay with the first layout.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "cp",
    after_help = "Examples:\n  \
        i3pm-layout copy daily-dev travel\n  \
        i3pm-layout copy daily-dev nixos/daily"
)]
pub(super) struct Args {
    /// Name or path of the layout
    name: String,
    /// Name of the copy: NAME or PROJECT/NAME
    copy: String,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let from = context.store.target(&args.name)?;
    let to = context.store.target(&args.copy)?;
    let opened = context.store.read(&from)?;
    if opened.path.is_some() && context.store.find(&to).ok() == opened.path {
        return Err(Error::Usage {
            what: "the copy would have the name of the layout itself".to_owned(),
            hint: Some("choose another name".to_owned()),
        });
    }
    if let Err(distrust) = &opened.trust {
        // A copy would count as the user's own file.
        return Err(Error::Untrusted {
            path: opened.path.clone().unwrap_or_default(),
            source: distrust.clone(),
            forbidden_by: None,
        });
    }
    check_moved(&opened, context.store.path(&to).as_deref())?;
    let path = context.store.copy(&opened, &to)?;
    context.ui.say(&format!(
        "copied `{from}` to `{to}`: {}",
        context.short(&path)
    ));
    if args.json {
        context.ui.json(&json!({
            "name": to.to_string(),
            "path": path.to_string_lossy(),
        }))?;
    }
    Ok(Exit::Done)
}
