//! `validate`: check layout files and report all problems at once.

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::ui;
use crate::ui::words::Count;

/// Check layout files and report every problem with its position
///
/// Works without i3. Exits with 0 if all files are valid, 1 if a file is invalid, and 2 if
/// a file cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout validate daily-dev\n  \
        i3pm-layout validate layouts/*.yaml\n  \
        i3pm-layout validate --json - < draft.yaml")]
pub(super) struct Args {
    /// Names or paths of layouts; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Print the problems as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut records: Vec<Value> = Vec::new();
    let mut exit = Exit::Done;
    for file in &args.files {
        match context.load(file) {
            Ok(loaded) => {
                if !args.json {
                    context.ui.out(&format!(
                        "{} is valid: {} on {}\n",
                        loaded.origin(context),
                        Count(loaded.layout.window_count(), "window"),
                        Count(loaded.layout.workspaces.len(), "workspace"),
                    ))?;
                }
            }
            Err(error) => {
                exit = exit.max(match error {
                    Error::Problems(_) => Exit::Incomplete,
                    _ => Exit::Failed,
                });
                if !args.json {
                    context.ui.error(&error);
                    continue;
                }
                for mut record in ui::to_json(&error) {
                    if record["file"].is_null() {
                        record["file"] = json!(file);
                    }
                    records.push(record);
                }
            }
        }
    }
    if args.json {
        context.ui.json(&Value::from(records))?;
    }
    Ok(exit)
}
