//! `validate`: check layout files and report all problems at once.

use std::path::Path;

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use crate::config::{Layer, read};
use crate::error::Error;
use crate::layout::read_bytes;
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
        match check(file, context) {
            Ok(valid) if args.json => drop(valid),
            Ok(valid) => context.ui.out(&valid)?,
            Err(error) => {
                exit = exit.max(match error {
                    Error::Problems(_) => Exit::Incomplete,
                    _ => Exit::Failed,
                });
                if !args.json {
                    context.ui.error(&error);
                    continue;
                }
                for mut record in ui::diagnostic::to_json(&error) {
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

/// Checks one file, and returns a summary of its contents.
fn check(file: &str, context: &Context) -> Result<String, Error> {
    let opened = context.store.read(&context.store.target(file)?)?;
    let is_config = match opened.path.as_deref().and_then(Path::file_name) {
        Some(name) if name == "config.yaml" => true,
        _ => read::is_configuration(&String::from_utf8_lossy(&opened.bytes)),
    };
    let (kind, content) = if is_config {
        let config = read::read(&opened.bytes, &opened.origin, Layer::User)?;
        let projects = Count(config.projects.len(), "project");
        let rules = Count(config.rules.len(), "rule");
        ("a valid configuration", format!("{rules}, {projects}"))
    } else {
        let layout = read_bytes(&opened.bytes, &opened.origin, opened.format)?;
        let windows = Count(layout.window_count(), "window");
        let workspaces = Count(layout.workspaces.len(), "workspace");
        ("valid", format!("{windows} on {workspaces}"))
    };
    let origin = context.origin(&opened);
    Ok(format!("{origin} is {kind}: {content}\n"))
}
