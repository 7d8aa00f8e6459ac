//! `capture --update`: merge the desktop into an existing layout.

use std::path::Path;

use serde_json::{Value, json};

use super::super::context::{Context, Loaded};
use super::super::exit::Exit;
use super::super::hooks::Hooks;
use super::super::program_warnings::{ProgramWarning, shell_warnings};
use super::snapshot::Snapshot;
use super::{Args, as_dyn, diagnostics, record, run_hooks_after, say_backup, say_warnings};
use crate::capture::comments;
use crate::diff::change;
use crate::error::Error;
use crate::layout::{HookEvent, check, rewrite};
use crate::store::{Saved, Target, Written};
use crate::ui;
use crate::ui::diagnostic::to_json;
use crate::ui::unified::{colored, unified};
use crate::ui::words::Count;
use crate::update::{Report, Update, Updated, update};

/// Updates the layout. `begun` are the hooks whose events before the capture are over.
pub(super) fn run(
    args: &Args,
    context: &Context,
    target: &Target,
    begun: Option<Hooks<'_>>,
) -> Result<Exit, Error> {
    let loaded = context
        .load_target(target)
        .map_err(|error| hint_to_capture(error, args))?;
    if loaded.has_named || !loaded.layout.required_vars.is_empty() {
        return Err(Error::Template {
            path: loaded.opened.path.clone().unwrap_or_default(),
        });
    }
    let is_begun = begun.is_some() || args.dry_run;
    let hooks = match begun {
        Some(begun) => begun,
        None => super::hooks(context, target, Some(&loaded))?,
    };
    if !is_begun {
        hooks.run(HookEvent::PreCapture, &[])?;
    }
    let snapshot = Snapshot::new(args, context, target)?;
    snapshot.check_project(args, context, snapshot.captured.layout.window_count())?;
    let outputs = &snapshot.desktop.outputs;
    let workspaces = snapshot.desktop.present_workspaces();
    let plan = context.plan(&loaded, outputs, &workspaces, &[]);
    let updated = update(Update {
        layout: &loaded.layout,
        plan: &plan,
        desktop: &snapshot.desktop,
        captured: &snapshot.captured,
        is_part: !(args.workspaces.is_empty() && args.outputs.is_empty()),
        prune: args.prune,
    });
    check(&updated.layout, &loaded.opened.origin)?;
    let written = loaded.with_layout(updated.layout.clone());
    let plan = context.plan(&written, outputs, &[], &[]);
    let shell_warnings = shell_warnings(&plan);
    let windows = updated.layout.window_count();
    if windows == 0 && !args.force {
        refuse_empty(&loaded)?;
    }
    // It was parsed as a layout, so it is UTF-8.
    let before = String::from_utf8_lossy(&loaded.opened.bytes);
    let text = if updated.layout == loaded.layout {
        before.clone().into_owned()
    } else {
        rewrite(
            &updated.layout,
            loaded.opened.format,
            &before,
            &updated.moves,
            &comments(&updated.warnings, snapshot.machine.secrets()),
        )
    };
    let origin = context.origin(&loaded.opened);
    for away in &updated.report.away {
        context.ui.note(&ui::monitors::left_alone(away));
    }
    if args.dry_run {
        let unified = unified(&before, &text, &origin, &format!("{origin} (updated)"));
        context.ui.out(&colored(&unified, context.ui.paint()))?;
        context.ui.say(&ui::update::report(&updated.report));
        let lines = ui::hooks::section(&hooks.lines(), context.ui.paint_err());
        if !lines.is_empty() {
            context.ui.say(&lines);
        }
        return Ok(Exit::Done);
    }
    let Saved {
        written,
        not_recorded,
        untrusted,
    } = if let Some(path) = &loaded.opened.path {
        context.store.write_updated(path, &text)?
    } else {
        context.ui.out(&text)?;
        Saved::streamed()
    };
    if let Some(path) = written.path() {
        snapshot.record(context, &updated.slots, path);
    }
    let files = [as_dyn(not_recorded.as_ref()), as_dyn(untrusted.as_ref())];
    say_warnings(&diagnostics(&updated.warnings, files), context);
    for warning in &shell_warnings {
        context.ui.warning(warning);
    }
    run_hooks_after(&hooks, windows, &written)?;
    if args.json {
        print_json(context, &written, &updated, (&shell_warnings, &hooks))?;
    }
    let count = Count(windows, "window");
    let what = match written {
        Written::Unchanged(_) => format!("{origin} is up to date: {count}"),
        _ => format!("updated {origin}: {count}"),
    };
    context.announce(true, &|_| {
        format!("{what}\n{}", ui::update::report(&updated.report))
    });
    say_backup(&written, context);
    record(context, windows, &written);
    Ok(Exit::Done)
}

/// Refuses to remove all windows from a file.
fn refuse_empty(loaded: &Loaded) -> Result<(), Error> {
    match &loaded.opened.path {
        Some(path) if loaded.layout.window_count() > 0 => Err(Error::Empty {
            workspaces: Vec::new(),
            path: Some(path.clone()),
        }),
        _ => Ok(()),
    }
}

/// Adds to the error about a missing layout the command that captures it.
fn hint_to_capture(error: Error, args: &Args) -> Error {
    let error = match error {
        Error::Store(error) if error.is_missing() => error,
        other => return other,
    };
    let mut words = vec!["i3pm-layout".to_owned(), "capture".to_owned()];
    words.extend(args.name.clone());
    if let Some(project) = &args.project {
        words.extend(["--project".to_owned(), project.clone()]);
    }
    if let Some(file) = &args.file {
        words.extend(["--file".to_owned(), file.to_string_lossy().into_owned()]);
    }
    Error::NothingToUpdate {
        error,
        command: shell_words::join(words),
    }
}

fn print_json(
    context: &Context,
    written: &Written,
    updated: &Updated,
    (shell_warnings, hooks): (&[ProgramWarning], &Hooks<'_>),
) -> Result<(), Error> {
    let (what, path, backup) = written.parts();
    let of_update = updated.warnings.iter().flat_map(|one| to_json(one));
    let of_programs = shell_warnings.iter().flat_map(|one| to_json(one));
    let warnings: Vec<Value> = of_update.chain(of_programs).collect();
    let Report {
        kept,
        added,
        moved,
        changed,
        not_open,
        removed,
        away,
    } = &updated.report;
    context.ui.json(&json!({
        "written": what,
        "path": path.map(Path::to_string_lossy),
        "backup": backup.map(Path::to_string_lossy),
        "windows": updated.layout.window_count(),
        "kept": kept,
        "added": added,
        "moved": moved,
        "changed": ui::differences::to_json(changed, change),
        "not_open": not_open,
        "removed": removed,
        "away": ui::monitors::away_json(away),
        "warnings": warnings,
        "hooks": hooks.ran(),
    }))
}
