//! `validate`: layout files checked, all problems at once.

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::ui;
use crate::ui::words::Count;

/// Check layout files and show every problem with its place
///
/// No i3 is needed. The exit code is 0 when all files are right, 1 when one is not,
/// 2 when one cannot be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout validate daily-dev\n  \
        i3pm-layout validate layouts/*.yaml\n  \
        i3pm-layout validate --json - < draft.yaml")]
pub(super) struct Args {
    /// Files, names of layouts, or `-` for standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    /// Print the problems as JSON
    #[arg(long)]
    pub(super) json: bool,
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
                let is_wrong = matches!(error, Error::Problems(_));
                if exit != Exit::Trouble {
                    exit = if is_wrong {
                        Exit::Incomplete
                    } else {
                        Exit::Trouble
                    };
                }
                if args.json {
                    records.extend(ui::diagnostic::to_json(&error).into_iter().map(
                        |mut record| {
                            if record["file"].is_null() {
                                record["file"] = json!(file);
                            }
                            record
                        },
                    ));
                } else {
                    context.ui.error(&error);
                }
            }
        }
    }
    if args.json {
        context.ui.json(&Value::from(records))?;
    }
    Ok(exit)
}
