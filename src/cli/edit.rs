//! `edit`: edit a layout and validate it.
#![expect(
    clippy::disallowed_methods,
    reason = "starts the editor on a copy of the file"
)]

use std::io;
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::Command;

use serde_json::json;

use super::context::{Context, Text};
use super::current;
use super::exit::Exit;
use super::working_copy::WorkingCopy;
use crate::error::Error;
use crate::layout::Format;
use crate::store::Written;
use crate::ui::terminal::has_person;

/// The editors to try if neither VISUAL nor EDITOR is set.
const EDITORS: [&str; 4] = ["sensible-editor", "editor", "nano", "vi"];

/// Edit a layout and validate it
///
/// Runs $VISUAL, else $EDITOR, else the first of sensible-editor, editor, nano and vi that
/// is installed. The editor works on a copy. A valid copy replaces the layout, and the
/// previous version is kept as a backup.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout edit daily-dev\n  \
        EDITOR='code --wait' i3pm-layout edit daily-dev")]
pub(super) struct Args {
    /// Name or path of the layout (default: the layout that is on the desktop, else the one that was
    /// used last)
    name: Option<String>,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let (name, _) = current::named(args.name.as_deref(), Vec::new(), context)?;
    let target = context.store.target(&name)?;
    let path = context.store.find(&target)?;
    context.store.check_writable(&path)?;
    let opened = context.store.read(&target)?;
    let unsaved = chosen(context, &path);
    let copy = WorkingCopy::of(context, &path);
    let text = match &unsaved {
        Some(unsaved) => unsaved.read()?,
        None => opened.bytes.clone(),
    };
    copy.write(context, &path, &opened.fingerprint(), &text)?;
    if let Some(unsaved) = unsaved {
        unsaved.remove();
    }
    let before = opened.bytes;
    let format = Format::of_path(&path);
    let not_saved = |path, because: Option<Error>| Error::NotSaved {
        path,
        kept: copy.path.clone(),
        because: because.into_iter().collect(),
    };
    let after = loop {
        let edited = edit(context, &name, &copy.path, args.json);
        let bytes = copy.read()?;
        if bytes == before {
            copy.remove();
            edited?;
            context.ui.say("no changes");
            return report(args, context, &path, None);
        }
        if let Err(error) = edited {
            return Err(not_saved(path, Some(error)));
        }
        let edited = Text {
            bytes: &bytes,
            origin: &copy.path.display().to_string(),
            format,
            path: Some(&path),
        };
        match context.parse(edited) {
            Ok(_) => break bytes,
            Err(problems) => {
                if !context.ui.can_ask() {
                    return Err(not_saved(path, Some(problems)));
                }
                context.ui.error(&problems);
                if !context.ui.ask("Edit again?", true) {
                    return Err(not_saved(path, None));
                }
            }
        }
    };
    let because = match context.store.read(&target) {
        Ok(present) if present.bytes == before => None,
        Ok(_) => Some(Error::ChangedMeanwhile { path: path.clone() }),
        Err(error) => Some(error.into()),
    };
    if because.is_some() {
        return Err(not_saved(path, because));
    }
    // It was parsed as a layout, so it is UTF-8.
    let text = String::from_utf8_lossy(&after);
    let written = match context.store.write(&path, &text) {
        Ok(written) => written,
        Err(error) => return Err(not_saved(path, Some(error.into()))),
    };
    copy.remove();
    context.ui.say(&format!("saved {}", context.short(&path)));
    report(args, context, &path, Some(&written))
}

/// The text of an earlier command that could not be saved, if the user wants to continue with it.
fn chosen(context: &Context, path: &Path) -> Option<WorkingCopy> {
    for unsaved in WorkingCopy::unsaved(context, path) {
        let kept = context.short(&unsaved.path);
        if !context.ui.can_ask() {
            context.ui.note(&format!(
                "an earlier edit was not saved; its text is in {kept}"
            ));
        } else if context.ui.ask(
            &format!("An earlier edit was not saved; its text is in {kept}. Continue with it?"),
            true,
        ) {
            return Some(unsaved);
        }
    }
    None
}

fn report(
    args: &Args,
    context: &Context,
    path: &Path,
    written: Option<&Written>,
) -> Result<Exit, Error> {
    if args.json {
        context.ui.json(&json!({
            "path": path.to_string_lossy(),
            "changed": written.is_some(),
            "backup": written.and_then(|written| written.parts().2).map(Path::to_string_lossy),
        }))?;
    }
    Ok(Exit::Done)
}

/// Runs the editor. With `json`, the editor writes to standard error, because standard output has
/// the JSON result.
fn edit(context: &Context, name: &str, copy: &Path, json: bool) -> Result<(), Error> {
    let editor = editor(context);
    let failed = |what: String| Error::Editor {
        editor: editor.clone(),
        what,
    };
    let no_terminal = |status| Error::NoTerminal {
        editor: editor.clone(),
        status,
        name: name.to_owned(),
    };
    let has_terminal = has_person();
    // Those that are tried without a variable all need one.
    if !has_terminal && chosen_editor(context).is_none() {
        return Err(no_terminal(None));
    }
    let words = shell_words::split(&editor)
        .map_err(|error| failed(format!("is not a valid command: {error}")))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("is empty".to_owned()));
    };
    let mut command = Command::new(program);
    command.args(arguments).arg(copy);
    if json {
        let stderr = io::stderr().as_fd().try_clone_to_owned();
        command.stdout(stderr.map_err(Error::Output)?);
    }
    let status = command
        .status()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    if status.success() {
        return Ok(());
    }
    // A graphical editor needs no terminal.
    if !has_terminal {
        return Err(no_terminal(Some(status.to_string())));
    }
    Err(failed(format!("failed ({status})")))
}

/// The editor that the user has chosen.
fn chosen_editor(context: &Context) -> Option<String> {
    let mut names = ["VISUAL", "EDITOR"].iter();
    let editor = names.find_map(|name| context.variable(name))?;
    Some(editor.to_string_lossy().into_owned())
}

fn editor(context: &Context) -> String {
    if let Some(editor) = chosen_editor(context) {
        return editor;
    }
    let path = context.variable("PATH").unwrap_or_default();
    let is_there = |name: &str| std::env::split_paths(path).any(|dir| dir.join(name).exists());
    let found = EDITORS.into_iter().find(|name| is_there(name));
    found.unwrap_or(EDITORS[EDITORS.len() - 1]).to_owned()
}
