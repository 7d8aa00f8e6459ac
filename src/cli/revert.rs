//! `revert`: list the earlier versions of a layout, or go back to one.

use std::path::Path;
use std::str::FromStr;

use super::context::{Context, Text};
use super::exit::Exit;
use crate::error::Error;
use crate::journal::file::now;
use crate::layout::Format;
use crate::store::{Target, Version, Written};
use crate::ui::outline::contents;
use crate::ui::revert::{self as text, Content, FileRow, Reverted, Row};
use crate::ui::unified::{colored, unified};

/// List the earlier versions of a layout, or go back to one
///
/// `capture`, `edit`, `delete`, `adapt --save` and `revert` keep the last ten versions of each file
/// that they replace or delete. Without VERSION, lists them, the newest first, with the lines that
/// going back would add and remove. With VERSION, prints these changes and writes the file. The
/// present content becomes the newest version, so `revert NAME last` undoes a `revert`. Without
/// NAME, lists all files with earlier versions, also deleted ones.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout revert                       List all files with earlier versions\n  \
        i3pm-layout revert daily-dev             List the versions of a layout\n  \
        i3pm-layout revert daily-dev 3 --dry-run\n  \
        i3pm-layout revert daily-dev last        Undo the last capture, edit or delete")]
pub(super) struct Args {
    /// Name or path of the layout, which may be deleted
    name: Option<String>,
    /// Number of the version, or `last` for the newest
    #[arg(value_name = "VERSION")]
    version: Option<Wanted>,
    /// Print the changes without writing the file
    #[arg(short = 'n', long, requires = "version")]
    dry_run: bool,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

/// A version on the command line; `None` for the newest.
#[derive(Clone, Copy, Debug)]
struct Wanted(Option<u64>);

impl FromStr for Wanted {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "last" {
            return Ok(Self(None));
        }
        let number = text.parse().map_err(|_| "expected a number, or `last`")?;
        Ok(Self(Some(number)))
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let Some(name) = &args.name else {
        return list_files(args, context);
    };
    let target = context.store.target(name)?;
    let path = context.store.find_versioned(&target)?;
    let versions = context.store.versions(&path)?;
    let present = present(context, &path)?;
    let name = context.reference(&path);
    let Some(wanted) = args.version else {
        return list(args, context, (&name, &path), &versions, present.as_deref());
    };
    let is_wanted = |one: &&Version| wanted.0.is_none_or(|number| one.number == number);
    let version = versions.iter().find(is_wanted);
    let version = version.ok_or_else(|| Error::NoVersion {
        name: name.clone(),
        version: wanted.0,
        known: versions.iter().map(|one| one.number.to_string()).collect(),
    })?;
    let origin = context.short(&path);
    let diff = unified(
        &String::from_utf8_lossy(present.as_deref().unwrap_or_default()),
        &String::from_utf8_lossy(&version.bytes),
        &origin,
        &format!("{origin} (version {})", version.number),
    );
    // With `--quiet`, only the changes that were asked for.
    if !args.json && (args.dry_run || !context.ui.quiet) {
        context.ui.out(&colored(&diff, context.ui.paint()))?;
    }
    let written = if args.dry_run {
        None
    } else {
        Some(context.store.revert(&path, version)?)
    };
    let parts = written.as_ref().map(Written::parts);
    let reverted = Reverted {
        name: &name,
        path: &path,
        version: version.number,
        content: content(context, &path, &version.bytes),
        written: parts.map(|(what, ..)| what),
        backup: parts.and_then(|(_, _, backup)| backup),
    };
    if args.json {
        context.ui.json(&text::to_json(&reverted, &diff))?;
    }
    if written.is_some() {
        context.ui.say(&text::report(&reverted, &origin));
    } else if present.as_deref() == Some(version.bytes.as_slice()) {
        context.ui.say(&text::same(&origin, version.number));
    }
    if reverted.content == Content::Invalid {
        let validate = format!("run `i3pm-layout validate {name}` to see the mistakes");
        context.ui.warn(&format!(
            "version {} is not a valid layout; {validate}",
            version.number
        ));
    }
    Ok(Exit::Done)
}

/// Lists the versions of a file.
fn list(
    args: &Args,
    context: &Context,
    (name, path): (&str, &Path),
    versions: &[Version],
    present: Option<&[u8]>,
) -> Result<Exit, Error> {
    let rows = versions.iter().map(|version| Row {
        number: version.number,
        replaced: version.replaced,
        backup: &version.backup,
        content: content(context, path, &version.bytes),
        changes: present.map(|present| text::changes(present, &version.bytes)),
    });
    let rows: Vec<Row<'_>> = rows.collect();
    context.print(
        args.json,
        || text::versions_json(name, path, present.is_some(), &rows),
        |paint| text::versions(&rows, now(), paint),
    )?;
    context.ui.say(&match (rows.is_empty(), present.is_some()) {
        (true, _) => format!("`{name}` has no earlier versions"),
        (false, true) => format!("to go back, run `i3pm-layout revert {name} VERSION`"),
        (false, false) => {
            format!("`{name}` does not exist; run `i3pm-layout revert {name} VERSION` to create it")
        }
    });
    Ok(Exit::Done)
}

/// Lists all files with earlier versions.
fn list_files(args: &Args, context: &Context) -> Result<Exit, Error> {
    let all = context.store.versioned();
    let rows = all.iter().map(|one| FileRow {
        name: context.reference(&one.path),
        path: &one.path,
        exists: one.exists,
        versions: one.versions,
        replaced: one.replaced,
    });
    let rows: Vec<_> = rows.collect();
    context.print(
        args.json,
        || text::files_json(&rows),
        |paint| text::files(&rows, now(), paint),
    )?;
    if rows.is_empty() {
        context.ui.say("no file has earlier versions");
    }
    Ok(Exit::Done)
}

/// The present content of a file; `None` if it does not exist.
fn present(context: &Context, path: &Path) -> Result<Option<Vec<u8>>, Error> {
    let target = Target::File(path.to_owned());
    match context.store.read(&target) {
        Ok(opened) => Ok(Some(opened.bytes)),
        Err(error) if error.is_missing() => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The windows in a version.
fn content(context: &Context, path: &Path, bytes: &[u8]) -> Content {
    if path == context.user_config() {
        return Content::Other;
    }
    let text = Text {
        bytes,
        origin: &context.short(path),
        format: Format::of_path(path),
        path: Some(path),
    };
    match context.parse(text) {
        Ok((layout, _)) => Content::Layout(contents(&layout)),
        Err(_) => Content::Invalid,
    }
}
