//! `validate`: check layout files and report all problems at once.

use std::path::Path;

use miette::Diagnostic;
use serde_json::{Value, json};

use super::arguments::Set;
use super::context::Context;
use super::exit::Exit;
use super::focus_warnings::focus_warnings;
use super::program_warnings::program_warnings;
use super::unused_variables::unused_variables;
use crate::config::{Layer, read};
use crate::error::Error;
use crate::layout::Argument;
use crate::ui;
use crate::ui::outline::contents;
use crate::ui::words::Count;

/// Check layout files and report every problem with its position
///
/// Works without i3. Prints one line for each valid file; errors and warnings go to standard
/// error. Exits with 0 if all files are valid, 1 if a file is invalid, and 2 if
/// a file cannot be read. Missing programs and directories, commands with shell syntax, unused
/// variables, and a focus behind a fullscreen window are only warnings.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout validate daily-dev\n  \
        i3pm-layout validate layouts/*.yaml\n  \
        i3pm-layout validate --json - < draft.yaml")]
pub(super) struct Args {
    /// Names or paths of layouts; `-` reads standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<String>,
    #[command(flatten)]
    set: Set,
    /// Print the problems and warnings as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut records: Vec<Value> = Vec::new();
    let mut exit = Exit::Done;
    let mut add = |file: &str, of_file: Vec<Value>| {
        for mut record in of_file {
            if record["file"].is_null() {
                record["file"] = json!(file);
            }
            records.push(record);
        }
    };
    for file in &args.files {
        match check(file, &args.set.set, context) {
            Ok(valid) => {
                for warning in &valid.warnings {
                    context.ui.warning(warning.as_ref());
                    add(file, ui::diagnostic::to_json(warning.as_ref()));
                }
                if !args.json {
                    context.ui.out(&valid.summary)?;
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
                add(file, ui::diagnostic::to_json(&error));
            }
        }
    }
    if args.json {
        context.ui.json(&Value::from(records))?;
    }
    Ok(exit)
}

/// Checks one file.
fn check(file: &str, set: &[Argument], context: &Context) -> Result<Valid, Error> {
    let mut opened = context.store.read(&context.store.target(file)?)?;
    let is_config = match opened.path.as_deref().and_then(Path::file_name) {
        Some(name) if name == "config.yaml" => true,
        _ => read::is_configuration(&String::from_utf8_lossy(&opened.bytes)),
    };
    let mut warnings: Vec<Box<dyn Diagnostic>> = Vec::new();
    let (kind, content) = if is_config {
        let config = read::read(&opened.bytes, &opened.origin, Layer::User)?;
        let projects = Count(config.projects.len(), "project");
        let rules = Count(config.rules.len(), "rule");
        let profiles = match config.profiles.len() {
            0 => String::new(),
            number => format!(", {}", Count(number, "profile")),
        };
        (
            "a valid configuration",
            format!("{rules}, {projects}{profiles}"),
        )
    } else {
        let layout = context.parse_file(&mut opened)?;
        let content = contents(&layout);
        let loaded = context.filled(file, opened.clone(), &layout, set)?;
        let plan = context.plan(&loaded, &[], &[], &[]);
        for warning in unused_variables(&opened, &layout) {
            warnings.push(Box::new(warning));
        }
        for warning in program_warnings(context, &plan) {
            warnings.push(Box::new(warning));
        }
        for warning in focus_warnings(&plan) {
            warnings.push(Box::new(warning));
        }
        ("valid", content)
    };
    let origin = context.origin(&opened);
    let summary = format!("{origin} is {kind}: {content}\n");
    Ok(Valid { summary, warnings })
}

/// A valid file.
struct Valid {
    /// A summary of its contents.
    summary: String,
    warnings: Vec<Box<dyn Diagnostic>>,
}
