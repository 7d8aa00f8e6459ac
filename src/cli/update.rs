//! `capture --update`: the desktop merged into a layout that is there.

use serde_json::json;

use super::capture::{
    Args, destination, look, mark, say_that_all_is_taken, say_warnings, say_what_belongs,
};
use super::context::{Context, Loaded, observe};
use super::exit::Exit;
use crate::capture::{Warning, comments};
use crate::error::Error;
use crate::layout::{check, rewrite};
use crate::store::Written;
use crate::ui;
use crate::ui::unified::{colored, unified};
use crate::ui::words::Count;
use crate::update::{Report, Update, Updated, update};

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let (target, _) = destination(args, context)?;
    let loaded = context
        .load_target(&target)
        .map_err(|error| not_there(error, args))?;
    let mut session = context.session()?;
    let config = context.config()?;
    session.ignore_by(config.rules.clone());
    let desktop = observe(&mut session)?;
    let machine = context.machine(&session, &config);
    let captured = look(args, context, &target, &desktop, (&config, &machine))?;
    say_that_all_is_taken(args, &target, &config, context);
    if let Some(project) = args.project.as_deref() {
        let is_empty = captured.layout.window_count() == 0 && !args.force;
        say_what_belongs(project, is_empty, &config, context)?;
    }
    let plan = context.plan(&loaded, &desktop.outputs);
    let updated = update(Update {
        layout: &loaded.layout,
        plan: &plan,
        desktop: &desktop,
        captured: &captured,
        is_part: !(args.workspaces.is_empty() && args.outputs.is_empty()),
        prune: args.prune,
    });
    check(&updated.layout, &loaded.opened.origin)?;
    if updated.layout.window_count() == 0
        && loaded.layout.window_count() > 0
        && !args.force
        && let Some(path) = loaded.opened.path.clone()
    {
        return Err(Error::Empty {
            workspaces: Vec::new(),
            path: Some(path),
        });
    }
    // It was read as a layout, so it is text.
    let before = String::from_utf8_lossy(&loaded.opened.bytes);
    let text = if updated.layout == loaded.layout {
        before.clone().into_owned()
    } else {
        rewrite(
            &updated.layout,
            loaded.opened.format,
            &before,
            &updated.moves,
            &comments(&updated.warnings, machine.secrets()),
        )
    };
    if args.dry_run {
        let name = loaded.origin(context);
        let unified = unified(&before, &text, &name, &format!("{name} (updated)"));
        context.ui.out(&colored(&unified, context.ui.paint()))?;
        context.ui.say(&ui::update::report(&updated.report));
        return Ok(Exit::Done);
    }
    let written = if let Some(path) = &loaded.opened.path {
        context.store.write_updated(path, &text)?
    } else {
        context.ui.out(&text)?;
        Written::Streamed
    };
    if written.path().is_some() {
        mark(
            context,
            &mut session,
            &desktop,
            &updated.slots,
            &plan.layout,
        );
    }
    say_warnings(&updated.warnings, context);
    if args.json {
        print_json(context, &written, &updated)?;
    } else {
        say(context, &loaded, &written, &updated);
    }
    Ok(Exit::Done)
}

/// Of a layout that is not there, how it is made.
fn not_there(error: Error, args: &Args) -> Error {
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

fn say(context: &Context, loaded: &Loaded, written: &Written, updated: &Updated) {
    let origin = loaded.origin(context);
    let count = Count(updated.layout.window_count(), "window");
    context.ui.say(&match written {
        Written::Unchanged(_) => format!("{origin} is up to date: {count}"),
        _ => format!("updated {origin}: {count}"),
    });
    context.ui.say(&ui::update::report(&updated.report));
    if let Written::Replaced { backup, .. } = written {
        context.ui.note(&format!(
            "the version before is in {}",
            context.short(backup)
        ));
    }
}

fn print_json(context: &Context, written: &Written, updated: &Updated) -> Result<(), Error> {
    let (what, path, backup) = written.parts();
    let warnings: Vec<String> = updated.warnings.iter().map(Warning::to_string).collect();
    let Report {
        kept,
        added,
        moved,
        changed,
        not_open,
        removed,
    } = &updated.report;
    context.ui.json(&json!({
        "written": what,
        "path": path,
        "backup": backup,
        "windows": updated.layout.window_count(),
        "kept": kept,
        "added": added,
        "moved": moved,
        "changed": ui::differences::to_json(changed),
        "not_open": not_open,
        "removed": removed,
        "warnings": warnings,
    }))
}
