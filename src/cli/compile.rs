//! `compile`: print a layout for `i3-msg append_layout`.
#![expect(clippy::disallowed_methods, reason = "writes files")]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use super::fitting::warn_of_directions;
use super::monitors::Monitors;
use super::scope::Selected;
use crate::compile::{Plan, PlannedWorkspace, append_json};
use crate::error::Error;
use crate::files::output;
use crate::layout::numbered;
use crate::store::Doing as _;
use crate::ui::words::{Count, clean};
use crate::wm::command::{Command, UnsendableCommand};

/// Print a layout as JSON for `i3-msg append_layout`
///
/// With `-o`, writes one file per workspace and prints the `i3-msg` commands that load
/// them. Starts nothing. Uses the monitors of the desktop; with `--monitors`, i3 need not
/// be running.
///
/// Skips the scratchpad, because only `apply` can restore it. Scratchpad windows that were
/// visible become floating windows of their workspace.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout compile daily-dev --workspace 1:code\n  \
        i3pm-layout compile daily-dev -o /tmp/daily-dev | sh\n  \
        i3pm-layout compile daily-dev --monitors eDP-1:1920x1080+0+0:primary,DP-1:2560x1440+1920+0")]
pub(super) struct Args {
    #[command(flatten)]
    selected: Selected,
    /// Compile for these monitors: NAME:WIDTHxHEIGHT+X+Y[:primary], separated by commas
    #[arg(long, value_name = "MONITORS")]
    monitors: Option<Monitors>,
    /// Write one file per workspace to this directory
    #[arg(short = 'o', long = "directory", value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
    /// With `-o`: print the file of each workspace as JSON
    #[arg(long, requires = "directory")]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let loaded = context.load_selected(&args.selected)?;
    let (outputs, workspaces, lines) = if let Some(Monitors(outputs)) = &args.monitors {
        (outputs.clone(), Vec::new(), Vec::new())
    } else {
        let mut session = context.session()?;
        (
            session.outputs()?,
            session.workspaces()?,
            session.workspace_outputs()?,
        )
    };
    let plan = context.plan(&loaded, &outputs, &workspaces, &lines);
    let scope = args.selected.scope(&plan, &[])?;
    let workspaces: Vec<&PlannedWorkspace> = plan
        .workspaces
        .iter()
        .filter(|planned| scope.has_workspace(Some(&planned.name)) && !planned.content.is_empty())
        .collect();
    if let Some(directory) = &args.directory {
        let choose_output = outputs.len() > 1;
        warn_of_directions(&outputs, context);
        write(args, context, &plan, &workspaces, directory, choose_output)?;
    } else {
        let texts = workspaces.iter().map(|planned| export(&plan, planned));
        context.ui.out(&texts.collect::<String>())?;
    }
    if scope.is_all() && !plan.scratchpad.is_empty() {
        context.ui.say(&format!(
            "skipped {}: `append_layout` cannot restore the scratchpad",
            Count(plan.scratchpad.len(), "scratchpad window")
        ));
    }
    Ok(Exit::Done)
}

/// The workspace as JSON, with its name in a comment, which i3 skips.
fn export(plan: &Plan, planned: &PlannedWorkspace) -> String {
    let json = append_json::export(plan, planned);
    format!("// {}\n{}\n", title(planned), json.trim_end())
}

fn title(planned: &PlannedWorkspace) -> String {
    let name = clean(&planned.name);
    match &planned.output {
        Some(output) => format!("workspace `{name}` on {}", clean(output)),
        None => format!("workspace `{name}`"),
    }
}

fn write(
    args: &Args,
    context: &Context,
    plan: &Plan,
    workspaces: &[&PlannedWorkspace],
    directory: &Path,
    choose_output: bool,
) -> Result<(), Error> {
    output::check(directory).doing("write", directory)?;
    // Only the owner may write to it, whatever the umask is.
    let mut builder = fs::DirBuilder::new();
    let created = builder.recursive(true).mode(0o755).create(directory);
    created.doing("create", directory)?;
    // i3 reads the file from another directory.
    let directory = std::path::absolute(directory).doing("create", directory)?;
    let mut taken = BTreeSet::new();
    let mut commands = String::new();
    let mut records: Vec<Value> = Vec::new();
    for planned in workspaces {
        let path = directory.join(file_name(&planned.name, &mut taken));
        context.store.write(&path, &export(plan, planned))?;
        let command = command(planned, &path, choose_output).map_err(|error| Error::Usage {
            what: error.to_string(),
            hint: None,
        })?;
        commands.push_str(&command);
        records.push(json!({
            "workspace": planned.name,
            "output": planned.output,
            "file": path.to_string_lossy(),
        }));
    }
    if args.json {
        return context.ui.json(&Value::from(records));
    }
    context.ui.out(&commands)?;
    context.ui.say(&format!(
        "wrote {} to {}",
        Count(workspaces.len(), "file"),
        context.short(&directory)
    ));
    Ok(())
}

/// The shell command that loads the workspace. i3 creates it on the focused output, so
/// with several outputs, the command focuses the right one first.
fn command(
    planned: &PlannedWorkspace,
    path: &Path,
    choose_output: bool,
) -> Result<String, UnsendableCommand> {
    let output = planned.output.clone().filter(|_| choose_output);
    let commands = output.map(Command::FocusOutput).into_iter().chain([
        Command::ShowWorkspace(planned.name.clone()),
        Command::AppendLayout(path.to_owned()),
    ]);
    let commands: Vec<String> = commands
        .map(|command| command.to_i3())
        .collect::<Result<_, _>>()?;
    let text = commands.join("; ");
    Ok(format!("i3-msg {}\n", shell_words::quote(&text)))
}

/// A safe and unique file name.
fn file_name(workspace: &str, taken: &mut BTreeSet<String>) -> String {
    /// File systems allow 255 bytes; a letter has up to four.
    const LONGEST: usize = 50;
    let safe: String = workspace
        .chars()
        .take(LONGEST)
        .map(|letter| {
            if letter.is_alphanumeric() || letter == '-' || letter == '_' {
                letter
            } else {
                '_'
            }
        })
        .collect();
    let safe = safe.trim_start_matches('-');
    let stem = if safe.is_empty() { "workspace" } else { safe };
    let stem = numbered(stem, "-", |stem| !taken.insert(stem.to_lowercase()));
    format!("{stem}.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_unique() {
        let mut taken = BTreeSet::new();
        let mut name = |workspace: &str| file_name(workspace, &mut taken);
        assert_eq!(name("1:code"), "1_code.json");
        assert_eq!(name("1_code"), "1_code-2.json");
        assert_eq!(name("1/CODE"), "1_CODE-3.json");
        assert_eq!(name("3:überblick"), "3_überblick.json");
        assert_eq!(name("../../etc/passwd"), "______etc_passwd.json");
        assert_eq!(name("-rf"), "rf.json");
        assert_eq!(name("--"), "workspace.json");
        assert!(name(&"ü".repeat(500)).len() < 255);
    }
}
