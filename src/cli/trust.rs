//! `trust`: allow the commands of a layout in the directory of a project.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::{Context, Loaded};
use super::exit::Exit;
use crate::error::Error;
use crate::layout::HookEvent;
use crate::store::{Doing as _, LOCAL, Target, find_local};
use crate::ui::outline::command;
use crate::ui::words::clean;

/// Allow `apply` to run the commands of a layout in the directory of a project
///
/// Prints the commands, and records that you trust the file with its present content. When
/// it changes, `apply` without a name asks again, or refuses it if there is nobody to ask.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout trust\n  \
        i3pm-layout trust ~/src/site/.i3pm-layout.yaml")]
pub(super) struct Args {
    /// The file (default: the nearest `.i3pm-layout.yaml`, as for `apply` without a name)
    file: Option<PathBuf>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let path = match &args.file {
        Some(file) => file.clone(),
        None => context.local_layout().ok_or_else(|| Error::Usage {
            what: format!("no `{LOCAL}` in this directory or above it"),
            hint: Some("name the file: `i3pm-layout trust FILE`".to_owned()),
        })?,
    };
    let loaded = context.load_target(&Target::File(path.clone()))?;
    check_owner(&loaded, &path)?;
    let commands = commands(&loaded, context);
    if !args.json {
        context.ui.out(&list(&commands))?;
    }
    record(&loaded, &path, context)?;
    let shown = context.short(&path);
    context
        .ui
        .say(&format!("`apply` may run the commands of {shown}"));
    if args.json {
        let path = path.to_string_lossy();
        context
            .ui
            .json(&json!({ "path": path, "commands": commands }))?;
    }
    Ok(Exit::Done)
}

/// Checks that the user trusts the content of a layout of a project. Asks a person, after showing the
/// commands.
pub(super) fn check(loaded: &Loaded, path: &Path, context: &Context) -> Result<(), Error> {
    check_owner(loaded, path)?;
    if context.store.is_trusted(path, &loaded.opened.content()) {
        return Ok(());
    }
    if context.ui.can_ask() {
        let commands = list(&commands(loaded, context));
        let shown = context.short(path);
        context
            .ui
            .say(&format!("{shown} runs these commands:\n{commands}"));
        if context.ui.ask("Trust this file until it changes?", false) {
            return record(loaded, path, context);
        }
    }
    Err(Error::NotTrusted {
        path: path.to_owned(),
    })
}

/// Refuses a file that other users can change.
fn check_owner(loaded: &Loaded, path: &Path) -> Result<(), Error> {
    match &loaded.opened.trust {
        Ok(()) => Ok(()),
        Err(source) => Err(Error::Untrusted {
            path: path.to_owned(),
            source: source.clone(),
            forbidden_by: None,
        }),
    }
}

fn record(loaded: &Loaded, path: &Path, context: &Context) -> Result<(), Error> {
    let recorded = context.store.trust(path, &loaded.opened.content());
    Ok(recorded.doing("write", &context.state.join("trusted.json"))?)
}

/// The commands of slots and hooks, with their directories.
fn commands(loaded: &Loaded, context: &Context) -> Vec<String> {
    let plan = context.plan(loaded, &[], &[], &[]);
    let slots = plan.slots().map(|(_, slot)| {
        let command = command(&slot.launch);
        format!("{}  {command}", clean(&slot.id))
    });
    let hooks = HookEvent::ALL.into_iter().flat_map(|event| {
        let hooks = loaded.layout.hooks.of(event).iter();
        hooks.map(move |hook| format!("{}  {}", event.as_str(), clean(&hook.command.line())))
    });
    slots.chain(hooks).collect()
}

fn list(commands: &[String]) -> String {
    let lines = commands.iter().map(|line| format!("  {line}\n"));
    lines.collect()
}

impl Context {
    /// The layout of the project in whose directory the command runs: `.i3pm-layout.yaml` there or in a
    /// parent. Says which files it ignores. Its content may not be trusted yet; see [`check`].
    pub(super) fn local_layout(&self) -> Option<PathBuf> {
        let directory = Self::current_directory()?;
        let found = find_local(&directory, &self.home);
        for (path, error) in &found.ignored {
            self.ui
                .note(&format!("{} is ignored: {error}", self.short(path)));
        }
        found.path
    }
}
