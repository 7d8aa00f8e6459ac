//! `edit`: a layout in the user's editor, checked afterwards.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::context::Context;
use super::exit::Exit;
use crate::error::Error;
use crate::layout::{Format, StoreError, Target, read_bytes};
use crate::ui;

/// Where neither VISUAL nor EDITOR is set.
const EDITORS: [&str; 4] = ["sensible-editor", "editor", "nano", "vi"];

/// Edit a layout and check it afterwards
///
/// The editor is $VISUAL, else $EDITOR. It works on a copy; the layout is replaced
/// when the copy is valid, and its previous version is kept as a backup.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout edit daily-dev\n  \
        EDITOR='code --wait' i3pm-layout edit daily-dev")]
pub(super) struct Args {
    /// Name of the layout or a path
    name: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let target = context.store.target(&args.name)?;
    let path = context.store.find(&target)?;
    let before = context.store.read(&target)?.bytes;
    let copy = copy_path(context, &path);
    write_copy(context, &copy, &before)?;
    let format = Format::of_path(&path);
    loop {
        let edited = edit(context, &copy);
        let bytes = fs::read(&copy).map_err(|source| io_error("read", &copy, source))?;
        if bytes == before {
            remove(&copy);
            edited?;
            context.ui.say("nothing was changed");
            return Ok(Exit::Done);
        }
        if let Err(error) = edited {
            context
                .ui
                .say(&ui::diagnostic(&error, context.ui.paint_err()));
            return Err(Error::NotSaved { path, kept: copy });
        }
        match read_bytes(&bytes, &copy.display().to_string(), format) {
            Ok(_) => {
                return save(context, &target, &path, &copy, &before, &bytes);
            }
            Err(problems) => {
                let problems = Error::from(problems);
                context
                    .ui
                    .say(&ui::diagnostic(&problems, context.ui.paint_err()));
                if !(context.ui.can_ask() && context.ui.ask("Edit again?", true)) {
                    return Err(Error::NotSaved { path, kept: copy });
                }
            }
        }
    }
}

fn save(
    context: &Context,
    target: &Target,
    path: &Path,
    copy: &Path,
    before: &[u8],
    after: &[u8],
) -> Result<Exit, Error> {
    if context.store.read(target)?.bytes != before {
        context.ui.warn(&format!(
            "{} was changed by somebody else meanwhile",
            path.display()
        ));
        return Err(Error::NotSaved {
            path: path.to_owned(),
            kept: copy.to_owned(),
        });
    }
    // It was read as a layout, so it is text.
    let text = String::from_utf8_lossy(after);
    context.store.write(&Target::File(path.to_owned()), &text)?;
    remove(copy);
    context.ui.say(&format!("saved {}", context.short(path)));
    Ok(Exit::Done)
}

/// The copy has the layout's own file name, by which editors know what is in it.
fn copy_path(context: &Context, path: &Path) -> PathBuf {
    let folder = format!("edit-{}", std::process::id());
    let name = path.file_name().unwrap_or_default();
    context.state().join(folder).join(name)
}

fn write_copy(context: &Context, copy: &Path, bytes: &[u8]) -> Result<(), Error> {
    let text = String::from_utf8_lossy(bytes);
    context
        .store
        .write(&Target::File(copy.to_owned()), &text)
        .map_err(|error: StoreError| Error::from(error))?;
    Ok(())
}

fn remove(copy: &Path) {
    // A copy that stays does no harm.
    let _ = fs::remove_file(copy);
    if let Some(folder) = copy.parent() {
        let _ = fs::remove_dir(folder);
    }
}

fn edit(context: &Context, copy: &Path) -> Result<(), Error> {
    let editor = editor(context);
    let failed = |what: String| Error::Editor {
        editor: editor.clone(),
        what,
    };
    let words = shell_words::split(&editor).map_err(|error| failed(error.to_string()))?;
    let Some((program, arguments)) = words.split_first() else {
        return Err(failed("is empty".to_owned()));
    };
    let status = Command::new(program)
        .args(arguments)
        .arg(copy)
        .status()
        .map_err(|error| failed(format!("cannot be started: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(failed(format!("failed ({status})")))
    }
}

fn editor(context: &Context) -> String {
    let set = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| context.variable(name));
    if let Some(editor) = set {
        return editor.to_string_lossy().into_owned();
    }
    let path = context.variable("PATH").unwrap_or_default();
    let is_there = |name: &str| std::env::split_paths(path).any(|dir| dir.join(name).exists());
    let found = EDITORS.into_iter().find(|name| is_there(name));
    found.unwrap_or(EDITORS[EDITORS.len() - 1]).to_owned()
}

fn io_error(doing: &'static str, path: &Path, source: std::io::Error) -> Error {
    Error::Io {
        doing,
        path: path.to_owned(),
        source,
    }
}
