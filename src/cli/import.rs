//! `import`: convert layouts of other tools.
#![expect(clippy::disallowed_methods, reason = "lists folders")]

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde_json::json;

use super::context::Context;
use super::exit::Exit;
use super::schema_file;
use super::value::value;
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::error::Error;
use crate::import::{
    File, Folder, Imported, Surroundings, Tool, companions, import, is_of_interest,
};
use crate::layout::{Format, WriteOptions, check, numbered, write};
use crate::live::Defaults;
use crate::store::{Doing as _, Target};
use crate::ui::import::{next_step, notes, summary, to_json};
use crate::ui::words::quoted;

/// The folder of profiles of i3-resurrect.
const PROFILES: &str = "profiles";

/// Convert layouts of i3-save-tree, i3-resurrect, i3-layout-manager or i3-restore
///
/// Reads a file, or the folder in which the tool keeps its files, and recognises the format.
/// Writes a layout to the store, with the tree, sizes, criteria, marks and borders. Commands
/// come from the tool's own files, else from rules and desktop entries if the command is certain.
/// The report lists what was repaired, guessed and left out, and what is to fill in.
///
/// Nothing is overwritten without `--force`. To write files for i3's `append_layout`, use
/// `compile`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout import ~/.i3/workspace-1.json              Convert a file of i3-save-tree\n  \
        i3pm-layout import ~/.i3/i3-resurrect                  All workspaces, and the profiles\n  \
        i3pm-layout import - now --workspace 2                 Convert standard input\n  \
        i3pm-layout import layout-DEV.json --dry-run           Print the layout and the report")]
pub(super) struct Args {
    /// File or folder to import; `-` reads standard input
    path: PathBuf,
    /// Name or path of the layout; `-` writes to standard output (default: by file name)
    name: Option<String>,
    /// Set the format of the files (default: recognised by content and file names)
    #[arg(long, value_enum, value_name = "TOOL")]
    from: Option<Tool>,
    /// Name the workspace (repeatable, in the order of the file; default: as in the file, else
    /// the file name)
    #[arg(
        long = "workspace",
        value_name = "NAME",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Print the layout and the report without writing a file
    #[arg(short = 'n', long, conflicts_with = "json")]
    dry_run: bool,
    /// Overwrite an existing layout; the old version is kept as a backup
    #[arg(short = 'f', long)]
    force: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

impl ValueEnum for Tool {
    fn value_variants<'a>() -> &'a [Self] {
        &Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.as_str()))
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let folder = read(args, context)?;
    let config = context.config()?;
    let defaults = context.if_running(|session| Ok::<_, Error>(session.about()?.defaults));
    let machine = context.machine_without_session(&config);
    let mut imported = read_all(
        args,
        &folder,
        &machine,
        &config,
        defaults.unwrap_or_default(),
    )?;
    let targets = targets(args, context, &mut imported)?;
    if args.dry_run || targets.contains(&Target::Stdio) {
        return print(args, context, &imported);
    }
    let texts: Vec<(PathBuf, String)> = imported
        .iter()
        .zip(&targets)
        .filter_map(|(one, target)| {
            let path = context.store.path(target)?;
            let text = text(context, one, &path);
            Some((path, text))
        })
        .collect();
    let is_other = |(path, text): &&(PathBuf, String)| {
        let present = context.store.read(&Target::File(path.clone()));
        path.exists() && !present.is_ok_and(|present| present.bytes == text.as_bytes())
    };
    if let Some((path, _)) = texts.iter().find(is_other).filter(|_| !args.force) {
        return Err(Error::WouldOverwrite {
            path: path.clone(),
            from: args.path.clone(),
        });
    }
    let mut reports = Vec::new();
    for (imported, (path, text)) in imported.iter().zip(&texts) {
        put_schema(context, path);
        let written = context.store.write(path, text)?;
        let shown = written.path().unwrap_or(path);
        context
            .ui
            .say(&summary(imported, &format!(" to {}", context.short(shown))));
        context.ui.say(&notes(imported, context.ui.paint_err()));
        context
            .ui
            .note(&next_step(&context.reference(shown), imported));
        reports.push(to_json(imported, written.parts()));
    }
    if args.json {
        context.ui.json(&json!({ "layouts": reports }))?;
    }
    Ok(Exit::Done)
}

/// Imports the files, and checks that each layout is valid.
fn read_all(
    args: &Args,
    folder: &Folder,
    machine: &ThisMachine,
    config: &Config,
    defaults: Defaults,
) -> Result<Vec<Imported>, Error> {
    let surroundings = Surroundings {
        machine,
        rules: &config.rules,
        defaults,
        saves_titles: config.saves_titles(),
    };
    let imported = import(folder, args.from, &args.workspaces, surroundings)?;
    if imported.is_empty() || imported.iter().any(|one| one.layout.window_count() == 0) {
        let path = args.path.clone();
        return Err(Error::NothingToImport { path });
    }
    for one in &imported {
        check(&one.layout, &one.name)?;
    }
    let (first, others) = (&imported[0], &imported[1..]);
    let names = args.workspaces.len();
    if names > 0 && !others.is_empty() {
        return Err(Error::Usage {
            what: format!(
                "`--workspace` cannot name the workspaces of {} layouts",
                imported.len()
            ),
            hint: Some("import the files one by one".to_owned()),
        });
    }
    if names > first.layout.workspaces.len() {
        return Err(Error::Usage {
            what: format!(
                "`--workspace` is given {names} times, but the number of workspaces is {}",
                first.layout.workspaces.len()
            ),
            hint: None,
        });
    }
    Ok(imported)
}

/// The targets of the layouts, which get their names. The name of the user is that of the only
/// layout, or of the layout with all workspaces of a folder; profiles keep their own names.
fn targets(
    args: &Args,
    context: &Context,
    imported: &mut [Imported],
) -> Result<Vec<Target>, Error> {
    let mut given = args.name.as_deref();
    let is_of_folder = |one: &Imported| one.name == one.tool.as_str();
    if let Some(name) = given
        && imported.len() > 1
        && !imported.first().is_some_and(is_of_folder)
    {
        let names = imported.iter().map(|one| one.name.as_str());
        return Err(Error::Usage {
            what: format!(
                "`{name}` cannot name {} layouts ({})",
                imported.len(),
                quoted(names)
            ),
            hint: Some("leave the name out, or import the files one by one".to_owned()),
        });
    }
    let mut taken = BTreeSet::new();
    let targets = imported.iter_mut().map(|one| {
        if let Some(name) = given.take() {
            let target = context.store.target(name)?;
            if let Target::Named { name, .. } = &target {
                one.name.clone_from(name);
                taken.insert(name.clone());
            }
            return Ok(target);
        }
        // Files of different folders can have the same name.
        one.name = numbered(&one.name, "-", |name| !taken.insert(name.to_owned()));
        Ok(context.store.target(&one.name)?)
    });
    targets.collect()
}

/// Prints the layouts and their reports.
fn print(args: &Args, context: &Context, imported: &[Imported]) -> Result<Exit, Error> {
    if args.json {
        return Err(Error::Usage {
            what: "`--json` and `-` would both write to standard output".to_owned(),
            hint: Some("name a file for the layout".to_owned()),
        });
    }
    for one in imported {
        let options = WriteOptions {
            comments: one.comments.clone(),
            ..WriteOptions::default()
        };
        if imported.len() > 1 {
            context.ui.out(&format!("--- # {}\n", one.name))?;
        }
        context
            .ui
            .out(&write(&one.layout, Format::Yaml, &options))?;
        context.ui.say(&summary(one, ""));
        context.ui.say(&notes(one, context.ui.paint_err()));
    }
    Ok(Exit::Done)
}

/// The text of the file of a layout.
fn text(context: &Context, imported: &Imported, path: &Path) -> String {
    let options = WriteOptions {
        schema: schema_file::named_by(context, path),
        comments: imported.comments.clone(),
    };
    write(&imported.layout, Format::of_path(path), &options)
}

/// Writes the schema that the file of a layout names.
fn put_schema(context: &Context, path: &Path) {
    if schema_file::named_by(context, path).is_some()
        && let Some(folder) = context.store.layouts().parent()
        && let Err(error) = schema_file::put(context, folder)
    {
        context.ui.warning(&error);
    }
}

/// Reads the file or the folder, with the files that may belong to it.
fn read(args: &Args, context: &Context) -> Result<Folder, Error> {
    if args.path.as_os_str() == "-" {
        let opened = context.store.read(&Target::Stdio)?;
        let name = "imported".to_owned();
        return Ok(Folder {
            files: vec![File {
                name: name.clone(),
                origin: opened.origin,
                bytes: opened.bytes,
            }],
            chosen: Some(name),
            is_of_profiles: false,
        });
    }
    let path = &args.path;
    if matches!(path.try_exists(), Ok(false)) {
        return Err(Error::NoSuchFile { path: path.clone() });
    }
    if path.is_dir() {
        let is_of_profiles = path.file_name() == Some(OsStr::new(PROFILES));
        let mut files = files_of(context, path, "", &is_of_interest)?;
        let profiles = path.join(PROFILES);
        if profiles.is_dir() {
            files.extend(files_of(context, &profiles, "profiles/", &is_of_interest)?);
        }
        if files.is_empty() {
            let path = path.clone();
            return Err(Error::NothingToImport { path });
        }
        return Ok(Folder {
            files,
            chosen: None,
            is_of_profiles,
        });
    }
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let own = file(context, path, name.clone())?;
    let parent = path.parent().filter(|parent| *parent != Path::new(""));
    let folder = parent.unwrap_or(Path::new("."));
    // A pipe such as /dev/fd/63 has no companions.
    let mut files = if path.is_file() {
        files_of(context, folder, "", &|other| companions(&name, other))?
    } else {
        Vec::new()
    };
    files.push(own);
    files.sort_by(|one, other| one.name.cmp(&other.name));
    let is_of_profiles = folder.file_name() == Some(OsStr::new(PROFILES));
    Ok(Folder {
        files,
        chosen: Some(name),
        is_of_profiles,
    })
}

/// The files of a folder whose names are wanted, sorted by name.
fn files_of(
    context: &Context,
    folder: &Path,
    prefix: &str,
    is_wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<File>, Error> {
    let entries = fs::read_dir(folder).doing("read", folder)?;
    let mut found: Vec<(String, PathBuf)> = entries
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().into_string().ok()?, entry.path())))
        .filter(|(name, path)| is_wanted(name) && path.is_file())
        .collect();
    found.sort();
    let files = found.into_iter();
    files
        .map(|(name, path)| file(context, &path, format!("{prefix}{name}")))
        .collect()
}

/// Reads a file. Warns if another user could have put commands into it.
fn file(context: &Context, path: &Path, name: String) -> Result<File, Error> {
    let opened = context.store.read(&Target::File(path.to_owned()))?;
    if let Err(error) = &opened.trust {
        context.ui.warn(&format!(
            "{}: {error}; check the commands of the layout before you apply it",
            context.short(path)
        ));
    }
    Ok(File {
        name,
        origin: context.short(path),
        bytes: opened.bytes,
    })
}
