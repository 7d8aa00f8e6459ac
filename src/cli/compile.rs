//! `compile`: a layout as files for plain `i3-msg append_layout`.
#![expect(clippy::disallowed_methods, reason = "writes files")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::context::Context;
use super::exit::Exit;
use super::monitors::Monitors;
use super::scope::scope;
use super::value::value;
use crate::compile::{Plan, PlannedWorkspace, append_json};
use crate::error::Error;
use crate::session::SessionError;
use crate::store::StoreError;
use crate::ui::words::{Count, clean};
use crate::wm::command::quote;

/// Print a layout as JSON for plain i3-msg
///
/// With `-o`, each workspace becomes a file, and the commands that bring them up with
/// plain i3-msg are printed. Nothing is started. The monitors are those of the
/// desktop unless `--monitors` says otherwise; with it, no i3 is needed.
///
/// The scratchpad is left out: i3 cannot append windows there, only `apply`
/// brings them back. Windows of it that were being shown are floating windows of
/// their workspace.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout compile daily-dev --workspace 1:code\n  \
        i3pm-layout compile daily-dev -o /tmp/daily-dev | sh\n  \
        i3pm-layout compile daily-dev --monitors eDP-1:1920x1080+0+0:primary,DP-1:2560x1440+1920+0")]
pub(super) struct Args {
    /// Name of the layout, a path, or `-` for standard input
    name: String,
    /// Monitors to compile for, as NAME:WIDTHxHEIGHT+X+Y[:primary], with commas between them
    #[arg(long, value_name = "MONITORS")]
    monitors: Option<Monitors>,
    /// Write one file per workspace into this directory
    #[arg(short = 'o', long = "directory", value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
    /// Only this workspace, by name or number (can be repeated)
    #[arg(
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Print which workspace is in which file as JSON
    #[arg(long, requires = "directory")]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let loaded = context.load(&args.name)?;
    let outputs = match &args.monitors {
        Some(Monitors(outputs)) => outputs.clone(),
        None => context
            .session()?
            .wm()
            .outputs()
            .map_err(SessionError::from)?,
    };
    let plan = context.plan(&loaded, &outputs);
    let scope = scope(&plan, &args.workspaces, &[], &args.name)?;
    let workspaces: Vec<&PlannedWorkspace> = plan
        .workspaces
        .iter()
        .filter(|planned| {
            scope
                .workspaces
                .as_ref()
                .is_none_or(|names| names.contains(&planned.name))
        })
        .filter(|planned| !planned.content.is_empty())
        .collect();
    match &args.directory {
        Some(directory) => {
            let choose_output = outputs.len() > 1;
            write(args, context, &plan, &workspaces, directory, choose_output)?;
        }
        None => print(context, &plan, &workspaces)?,
    }
    if scope.is_all() && !plan.scratchpad.is_empty() {
        context.ui.say(&format!(
            "left out: {} of the scratchpad, which append_layout cannot fill",
            Count(plan.scratchpad.len(), "window")
        ));
    }
    Ok(Exit::Done)
}

fn print(context: &Context, plan: &Plan, workspaces: &[&PlannedWorkspace]) -> Result<(), Error> {
    let mut text = String::new();
    for planned in workspaces {
        // i3 skips comments, as i3-save-tree writes them, too.
        text.push_str("// ");
        text.push_str(&title(planned));
        text.push('\n');
        text.push_str(&append_json::export(plan, planned));
        if !text.ends_with('\n') {
            text.push('\n');
        }
    }
    context.ui.out(&text)
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
    let failed = |source| Error::Io {
        doing: "create",
        path: directory.to_owned(),
        source,
    };
    fs::create_dir_all(directory).map_err(failed)?;
    // i3 reads the file itself, from another directory.
    let directory = std::path::absolute(directory).map_err(failed)?;
    let mut taken = BTreeSet::new();
    let mut commands = String::new();
    let mut records: Vec<Value> = Vec::new();
    for planned in workspaces {
        let path = directory.join(file_name(&planned.name, &mut taken));
        let text = format!(
            "// {}\n{}",
            title(planned),
            append_json::export(plan, planned)
        );
        context
            .store
            .write(&path, &text)
            .map_err(|error: StoreError| Error::from(error))?;
        commands.push_str(&command(planned, &path, choose_output));
        records.push(json!({
            "workspace": planned.name,
            "output": planned.output,
            "file": path,
        }));
    }
    if args.json {
        return context.ui.json(&Value::from(records));
    }
    context.ui.out(&commands)?;
    context.ui.say(&format!(
        "wrote {} to {}",
        Count(workspaces.len(), "file"),
        directory.display()
    ));
    Ok(())
}

/// What a person runs to have the workspace. i3 makes it on the focused output, so
/// where there are several, the right one is focused before.
fn command(planned: &PlannedWorkspace, path: &Path, choose_output: bool) -> String {
    let file = path.display().to_string();
    let output = planned.output.as_deref().filter(|_| choose_output);
    let focus = output
        .and_then(|output| quote(output).ok())
        .map_or_else(String::new, |output| format!("focus output {output}; "));
    let text = match (quote(&planned.name), quote(&file)) {
        (Ok(name), Ok(file)) => {
            format!("{focus}workspace --no-auto-back-and-forth {name}; append_layout {file}")
        }
        // No name of a workspace or file has a NUL in it.
        _ => return String::new(),
    };
    format!("i3-msg {}\n", shell_words::quote(&text))
}

/// A name that is safe wherever it goes, and not given out before.
fn file_name(workspace: &str, taken: &mut BTreeSet<String>) -> String {
    /// File systems take 255 bytes; a letter has up to four.
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
    let mut name = format!("{stem}.json");
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{stem}-{number}.json");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_different() {
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
