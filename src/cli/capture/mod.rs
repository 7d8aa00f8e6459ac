//! `capture`: write the desktop to a layout file.
#![expect(clippy::disallowed_methods, reason = "checks whether the file exists")]

mod snapshot;
mod target;
mod update;

use std::path::{Path, PathBuf};

use miette::Diagnostic;
use serde_json::json;

use super::context::{Context, Loaded};
use super::current;
use super::exit::Exit;
use super::hooks::{Hooks, Subject};
use super::schema_file;
use super::value::value;
use crate::capture::{Warning, comments};
use crate::error::Error;
use crate::layout::{Format, HookEvent, Layout, WriteOptions, write};
use crate::live::{Desktop, workspace_number};
use crate::store::{Saved, StoreError, Target, Written};
use crate::ui::diagnostic::to_json;
use crate::ui::outline::contents;
use crate::ui::words::Count;
pub(super) use snapshot::Snapshot;
use target::destination;

/// The message if the user has answered "no".
const NOTHING_SAVED: &str = "nothing was saved";

/// Save the open windows as a layout
///
/// Writes the layout to the store under NAME, or to a file. Earlier versions are kept as
/// backups. A file that was edited after its capture is not overwritten without `--force`;
/// `--update` keeps the edits and updates only what changed on the desktop. With `--workspace` or
/// `--output`, the other workspaces of an existing layout stay as they are.
#[derive(Clone, Debug, clap::Args)]
#[command(
    visible_alias = "save",
    after_help = "Examples:\n  \
        i3pm-layout capture daily-dev                    Save all windows\n  \
        i3pm-layout capture web --workspace 2            Save one workspace\n  \
        i3pm-layout capture dev --project nixos          Save the windows of a project\n  \
        i3pm-layout capture daily-dev --update           Keep ids, commands and comments\n  \
        i3pm-layout capture - --workspace focused        Print the focused workspace"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command"
)]
pub(super) struct Args {
    /// Name or path of the layout; `-` writes to standard output (default: the layout that is on the
    /// desktop, else the one that was used last)
    name: Option<String>,
    /// Write to this file instead of the store
    #[arg(short = 'o', long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Limit to this workspace: a name, a number or `focused` (repeatable; default: all)
    #[arg(
        short = 'w',
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Limit to the workspaces on this output (repeatable; default: all)
    #[arg(
        long = "output",
        value_name = "OUTPUT",
        allow_hyphen_values = true,
        value_parser = value
    )]
    outputs: Vec<String>,
    /// Limit to the windows of this project, found by the mark `project:NAME`, by rules and
    /// by the project's directory
    #[arg(long, value_name = "PROJECT")]
    project: Option<String>,
    /// Set the file format (default: by file name, else `yaml`)
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Update the file from the desktop; edits such as ids, commands and comments are kept
    #[arg(long, conflicts_with = "format")]
    update: bool,
    /// With `--update`: remove slots whose window is not open
    #[arg(long, requires = "update")]
    prune: bool,
    /// With `--update`: print the changes to the file without writing it
    #[arg(short = 'n', long, requires = "update", conflicts_with = "json")]
    dry_run: bool,
    /// Overwrite a file that was edited, and save even if there is no window
    ///
    /// With `-`, it is needed only for a project without windows.
    #[arg(short = 'f', long)]
    force: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

impl Args {
    /// The capture of all windows.
    const fn whole() -> Self {
        Self {
            name: None,
            file: None,
            workspaces: Vec::new(),
            outputs: Vec::new(),
            project: None,
            format: None,
            update: false,
            prune: false,
            dry_run: false,
            force: false,
            json: false,
        }
    }

    /// True if nothing is written.
    pub(super) const fn is_dry(&self) -> bool {
        self.dry_run
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let Some(name) = name(args, context)? else {
        context.ui.say(NOTHING_SAVED);
        return Ok(Exit::Done);
    };
    let args = &Args {
        name,
        ..args.clone()
    };
    let (target, format) = destination(args, context)?;
    if args.update {
        return update::run(args, context, &target, None);
    }
    let existing = existing(args, context, &target);
    let hooks = hooks(context, &target, existing.as_ref())?;
    hooks.run(HookEvent::PreCapture, &[])?;
    let snapshot = Snapshot::new(args, context, &target)?;
    let others = existing.map_or(0, |existing| other_workspaces(&existing, &snapshot));
    if others > 0 {
        context.ui.note(&format!(
            "{} of the layout {} as {}; `--force` replaces the whole layout",
            Count(others, "other workspace"),
            if others == 1 { "stays" } else { "stay" },
            if others == 1 { "it is" } else { "they are" },
        ));
        let args = Args {
            update: true,
            ..args.clone()
        };
        return update::run(&args, context, &target, Some(hooks));
    }
    let mut layout = snapshot.captured.file();
    if !matches!(target, Target::Named { .. }) {
        // In the store, the path of the file determines both, also after `rename`.
        layout.project.clone_from(&args.project);
        if args.file.is_some() {
            layout.name.clone_from(&args.name);
        }
    }
    let windows = layout.window_count();
    snapshot.check_project(args, context, windows)?;
    let warnings = &snapshot.captured.warnings;
    let path = context.store.path(&target);
    if windows == 0 && !args.force && target != Target::Stdio {
        let exists = path.as_deref().is_some_and(Path::exists);
        say_warnings(&diagnostics(warnings, []), context);
        return Err(Error::Empty {
            workspaces: workspace_names(&args.workspaces, &snapshot.desktop),
            path: path.filter(|_| exists),
        });
    }
    let schema = path
        .as_deref()
        .and_then(|path| schema_file::named_by(context, path));
    let no_schema = schema
        .as_ref()
        .and_then(|_| schema_file::put(context, context.store.layouts().parent()?).err());
    let style = WriteOptions {
        schema,
        comments: comments(warnings, snapshot.machine.secrets()),
    };
    let text = write(&layout, format, &style);
    let Saved {
        written,
        not_recorded,
        untrusted,
    } = if let Some(path) = path {
        let Some(saved) = store(context, &path, &text, args.force)? else {
            context.ui.say(NOTHING_SAVED);
            return Ok(Exit::Done);
        };
        saved
    } else {
        context.ui.out(&text)?;
        Saved::streamed()
    };
    if let Some(path) = written.path() {
        snapshot.record(context, &snapshot.captured.slots(), path);
    }
    run_hooks_after(&hooks, windows, &written)?;
    report(
        args,
        context,
        (&layout, &hooks),
        &written,
        &diagnostics(
            &snapshot.captured.warnings,
            [
                as_dyn(no_schema.as_ref()),
                as_dyn(not_recorded.as_ref()),
                as_dyn(untrusted.as_ref()),
            ],
        ),
    )?;
    record(context, windows, &written);
    Ok(Exit::Done)
}

/// The name on the command line, else that of the current layout; `None` if the user does not want
/// that.
#[expect(clippy::option_option, reason = "a file needs no name")]
fn name(args: &Args, context: &Context) -> Result<Option<Option<String>>, Error> {
    if args.name.is_some() || args.file.is_some() {
        return Ok(Some(args.name.clone()));
    }
    if !context.ui.can_ask() {
        return current::named(None, Vec::new(), context).map(|(name, _)| Some(Some(name)));
    }
    let Some(current) = current::current(context) else {
        let name = context.ui.prompt("Name of the layout: ");
        return Ok(name.filter(|name| !name.is_empty()).map(Some));
    };
    let question = format!(
        "Save to `{}`, {}?",
        context.reference(&current.path),
        current.why
    );
    Ok(context
        .ui
        .ask(&question, true)
        .then_some(Some(current.name)))
}

/// The layout of which a capture of a part would remove the rest.
fn existing(args: &Args, context: &Context, target: &Target) -> Option<Loaded> {
    let is_limited = !args.workspaces.is_empty() || !args.outputs.is_empty();
    let path = context.store.path(target)?;
    if !is_limited || args.force || !path.is_file() {
        return None;
    }
    // `write_captured` refuses to replace a file that cannot be read.
    context.load_target(target).ok()
}

/// The number of workspaces of the existing layout that were not captured.
fn other_workspaces(existing: &Loaded, snapshot: &Snapshot) -> usize {
    let captured = &snapshot.captured.layout.workspaces;
    let is_captured = |name: &str| {
        captured.iter().any(|one| {
            one.name == name || {
                let number = workspace_number(name);
                number.is_some() && number == workspace_number(&one.name)
            }
        })
    };
    let existing = existing.layout.workspaces.iter();
    existing.filter(|one| !is_captured(&one.name)).count()
}

/// The hooks of a capture. `loaded` is the layout that is updated.
fn hooks<'c>(
    context: &'c Context,
    target: &Target,
    loaded: Option<&Loaded>,
) -> Result<Hooks<'c>, Error> {
    let path = context.store.path(target);
    let subject = Subject {
        loaded,
        name: context.default_name(path.as_deref()),
        path: path.as_deref(),
        is_trusted: false,
    };
    let config = context.config()?;
    Hooks::find(context, &config, ("capture", &EVENTS), &subject)
}

/// Runs the hooks after a capture.
fn run_hooks_after(hooks: &Hooks<'_>, windows: usize, written: &Written) -> Result<(), Error> {
    let (what, ..) = written.parts();
    let facts = [
        ("RESULT", what.to_owned()),
        ("SLOTS", windows.to_string()),
        ("FILLED", windows.to_string()),
    ];
    hooks.run(HookEvent::PostCapture, &facts)
}

/// The events of hooks, in order.
const EVENTS: [HookEvent; 2] = [HookEvent::PreCapture, HookEvent::PostCapture];

/// Records the written layout.
fn record(context: &Context, windows: usize, written: &Written) {
    let (what, path, _) = written.parts();
    if let Some(path) = path
        && let Ok(loaded) = context.load_target(&Target::File(path.to_owned()))
    {
        context.record_layout(&loaded, &context.default_name(Some(path)));
    }
    context.record_result(windows, &json!({ "written": what, "windows": windows }));
}

/// Reports the written file and what the user should know about it.
fn report(
    args: &Args,
    context: &Context,
    (layout, hooks): (&Layout, &Hooks<'_>),
    written: &Written,
    warnings: &[&dyn Diagnostic],
) -> Result<(), Error> {
    say_warnings(warnings, context);
    let (what, path, backup) = written.parts();
    if args.json {
        let warnings = warnings.iter().flat_map(|&warning| to_json(warning));
        return context.ui.json(&json!({
            "written": what,
            "path": path.map(Path::to_string_lossy),
            "backup": backup.map(Path::to_string_lossy),
            "windows": layout.window_count(),
            "workspaces": layout.workspaces.iter().filter(|one| !one.content.is_empty()).count(),
            "warnings": warnings.collect::<Vec<_>>(),
            "hooks": hooks.ran(),
        }));
    }
    let Some(path) = path else {
        return Ok(());
    };
    let path = context.short(path);
    let counts = contents(layout);
    context.announce(true, &|_| match written {
        Written::Unchanged(_) => format!("{path} is up to date: {counts}"),
        _ => format!("saved {counts} to {path}"),
    });
    say_backup(written, context);
    Ok(())
}

/// The warnings of a captured layout, and those about files.
pub(super) fn diagnostics<'w>(
    warnings: &'w [Warning],
    files: impl IntoIterator<Item = Option<&'w dyn Diagnostic>>,
) -> Vec<&'w dyn Diagnostic> {
    let warnings = warnings.iter().map(|warning| warning as &dyn Diagnostic);
    warnings.chain(files.into_iter().flatten()).collect()
}

fn as_dyn<D: Diagnostic>(warning: Option<&D>) -> Option<&dyn Diagnostic> {
    warning.map(|warning| warning as &dyn Diagnostic)
}

/// Prints warnings about captured windows.
pub(super) fn say_warnings(warnings: &[&dyn Diagnostic], context: &Context) {
    for &warning in warnings {
        context.ui.warning(warning);
    }
}

fn say_backup(written: &Written, context: &Context) {
    if let Written::Replaced { path, .. } = written {
        context.ui.note(&format!(
            "to go back to the previous version, run `i3pm-layout revert {} last`",
            context.reference(path)
        ));
    }
}

/// The names of the workspaces on the command line, with `focused` resolved.
fn workspace_names(workspaces: &[String], desktop: &Desktop) -> Vec<String> {
    let names = workspaces.iter().map(|wish| match wish.as_str() {
        "focused" => desktop.focused_name().unwrap_or(wish),
        _ => wish,
    });
    names.map(str::to_owned).collect()
}

/// Writes the layout. `None` if the user does not want to overwrite an edited file.
fn store(context: &Context, path: &Path, text: &str, force: bool) -> Result<Option<Saved>, Error> {
    let written = context.store.write_captured(path, text, force);
    let refused = match &written {
        Err(StoreError::Edited { path }) => Some((
            path,
            "was edited since it was captured (`--update` keeps your changes)",
        )),
        Err(StoreError::NotCaptured { path }) => {
            Some((path, "is not known as a file that `capture` wrote"))
        }
        _ => None,
    };
    if let Some((path, reason)) = refused
        && context.ui.can_ask()
    {
        let question = format!("{} {reason}. Overwrite it?", context.short(path));
        if !context.ui.ask(&question, false) {
            return Ok(None);
        }
        return Ok(Some(context.store.write_captured(path, text, true)?));
    }
    Ok(Some(written?))
}
