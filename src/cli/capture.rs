//! `capture`: write the desktop to a layout file.
#![expect(clippy::disallowed_methods, reason = "checks whether the file exists")]

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use clap::builder::PossibleValue;
use serde_json::json;

use super::context::{Context, observe, observe_programs};
use super::exit::Exit;
use super::value::value;
use super::{schema_file, update};
use crate::capture::{Captured, Options, Warning, belong, capture, comments};
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::error::{Error, directory_hint};
use crate::layout::store::Written;
use crate::layout::{Format, Layout, StoreError, Target, WriteOptions, write};
use crate::live::{ConId, Desktop};
use crate::session::Session;
use crate::ui::words::{Count, clean};

/// Save the open windows as a layout
///
/// Writes the layout to the store under NAME, or to a file. Earlier versions are kept as
/// backups. A file that was edited after its capture is not overwritten without `--force`;
/// `--update` keeps the edits and updates only what changed on the desktop.
#[derive(Debug, clap::Args)]
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
    /// Name or path of the layout; `-` writes to standard output
    #[arg(required_unless_present = "file")]
    pub(super) name: Option<String>,
    /// Write to this file instead of the store
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Limit to this workspace: a name, a number or `focused` (repeatable; default: all)
    #[arg(
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    pub(super) workspaces: Vec<String>,
    /// Limit to the workspaces on this output (repeatable; default: all)
    #[arg(
        long = "output",
        value_name = "OUTPUT",
        allow_hyphen_values = true,
        value_parser = value
    )]
    pub(super) outputs: Vec<String>,
    /// Limit to the windows of this project, found by the mark `project:NAME`, by rules and
    /// by the project's directory
    #[arg(long, value_name = "PROJECT")]
    pub(super) project: Option<String>,
    /// Set the file format (default: by file name, else `yaml`)
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<Format>,
    /// Update the file from the desktop: positions and new windows change, edits stay
    #[arg(long, conflicts_with = "format")]
    update: bool,
    /// With `--update`: remove slots whose window is not open
    #[arg(long, requires = "update")]
    pub(super) prune: bool,
    /// With `--update`: print the changes to the file without writing it
    #[arg(long, requires = "update", conflicts_with = "json")]
    pub(super) dry_run: bool,
    /// Overwrite a file that was edited, and save even if there is no window
    ///
    /// Standard output needs it only for a project without windows.
    #[arg(long)]
    pub(super) force: bool,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        &[Self::Yaml, Self::Json]
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(extension(*self)))
    }
}

const fn extension(format: Format) -> &'static str {
    match format {
        Format::Yaml => "yaml",
        Format::Json => "json",
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let (target, format) = destination(args, context)?;
    if args.update {
        return update::run(args, context, &target);
    }
    let mut taken = Taken::new(args, context, &target)?;
    let mut layout = taken.captured.file();
    if !matches!(target, Target::Named { .. }) {
        // In the store, the path of the file says this, also after `rename`.
        layout.project.clone_from(&args.project);
        if args.file.is_some() {
            layout.name.clone_from(&args.name);
        }
    }
    let windows = layout.window_count();
    taken.check_project(args, context, windows)?;
    let warnings = &taken.captured.warnings;
    let path = context.store.path(&target);
    let is_limited = !args.workspaces.is_empty() || !args.outputs.is_empty();
    let exists = path.as_deref().is_some_and(Path::exists);
    // Saving an empty desktop can be intended: its workspaces have layouts.
    if windows == 0 && !args.force && target != Target::Stdio && (is_limited || exists) {
        for warning in warnings {
            context.ui.warn(&clean(&warning.to_string()));
        }
        return Err(Error::Empty {
            workspaces: named(&args.workspaces, &taken.desktop),
            path: path.filter(|_| exists),
        });
    }
    let schema = path
        .as_deref()
        .and_then(|path| schema_file::named_by(context, path));
    let no_schema = schema
        .as_ref()
        .and_then(|_| schema_file::put(context, context.store.layouts().parent()?));
    let style = WriteOptions {
        schema,
        comments: comments(warnings, taken.machine.secrets()),
    };
    let text = write(&layout, format, &style);
    let written = if let Some(path) = path {
        store(context, &path, &text, args.force)?
    } else {
        context.ui.out(&text)?;
        Written::Streamed
    };
    if let Some(path) = written.path() {
        let name = layout.name.clone();
        let name = name.unwrap_or_else(|| context.default_name(Some(path)));
        let slots = taken.captured.slots();
        taken.mark(context, &slots, &name);
    }
    report(
        args,
        context,
        &layout,
        &written,
        &taken.captured.warnings,
        no_schema,
    )?;
    Ok(Exit::Done)
}

/// Reports the written file and what the user should know about it.
fn report(
    args: &Args,
    context: &Context,
    layout: &Layout,
    written: &Written,
    warnings: &[Warning],
    no_schema: Option<String>,
) -> Result<(), Error> {
    say_warnings(warnings, context);
    if let Some(warning) = &no_schema {
        context.ui.warn(&clean(warning));
    }
    let windows = layout.window_count();
    // Visible empty workspaces are saved, too, but would be confusing in the count.
    let workspaces = layout.workspaces.iter();
    let workspaces = workspaces.filter(|workspace| !workspace.content.is_empty());
    let workspaces = workspaces.count();
    let (what, path, backup) = written.parts();
    if args.json {
        let warnings = warnings.iter().map(Warning::to_string);
        return context.ui.json(&json!({
            "written": what,
            "path": path,
            "backup": backup,
            "windows": windows,
            "workspaces": workspaces,
            "warnings": warnings.chain(no_schema).collect::<Vec<_>>(),
        }));
    }
    let Some(path) = path else {
        return Ok(());
    };
    let path = context.short(path);
    let counts = format!(
        "{} on {}",
        Count(windows, "window"),
        Count(workspaces, "workspace")
    );
    context.ui.say(&match written {
        Written::Unchanged(_) => format!("{path} is up to date: {counts}"),
        _ => format!("saved {counts} to {path}"),
    });
    say_backup(written, context);
    Ok(())
}

/// Reports what the user should know about the captured windows.
pub(super) fn say_warnings(warnings: &[Warning], context: &Context) {
    for warning in warnings {
        let text = clean(&warning.to_string());
        if warning.is_note() {
            context.ui.note(&text);
        } else {
            context.ui.warn(&text);
        }
    }
}

pub(super) fn say_backup(written: &Written, context: &Context) {
    if let Written::Replaced { backup, .. } = written {
        context.ui.note(&format!(
            "the previous version was saved to {}",
            context.short(backup)
        ));
    }
}

/// The captured desktop, with everything that it was captured from.
pub(super) struct Taken {
    session: Session,
    config: Config,
    pub(super) desktop: Desktop,
    pub(super) machine: ThisMachine,
    pub(super) captured: Captured,
}

impl Taken {
    /// Captures the selected part of the desktop.
    pub(super) fn new(args: &Args, context: &Context, target: &Target) -> Result<Self, Error> {
        let mut session = context.session()?;
        let config = context.config()?;
        let desktop = if args.update {
            session.ignore_by(config.rules.clone());
            observe(&mut session)?
        } else {
            observe_programs(&mut session)?
        };
        let machine = context.machine(&session, &config);
        let options = Options {
            name: None,
            project: None,
            workspaces: args
                .workspaces
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            marked_as: marked_as(args, context, target),
            outputs: args.outputs.clone(),
            secrets: Some(machine.secrets()),
            config: Some(&config),
            home: Some(&context.home),
            of_project: args.project.as_deref(),
        };
        let captured = capture(&desktop, &|asked| machine.discover(asked), &options);
        refuse_unknown_names(&captured.warnings, &desktop)?;
        let taken = Self {
            session,
            config,
            desktop,
            machine,
            captured,
        };
        taken.note_other_projects(args, context, target);
        Ok(taken)
    }

    /// Notes that a layout in the folder of a known project gets all windows, not only
    /// those of the project.
    fn note_other_projects(&self, args: &Args, context: &Context, target: &Target) {
        if let Target::Named {
            project: Some(project),
            name,
        } = target
            && args.project.is_none()
            && self.config.projects.contains_key(project)
        {
            context.ui.note(&format!(
                "windows of all projects are captured; run `i3pm-layout capture {name} --project \
                 {project}{}` to capture only those of `{project}`",
                if args.update { " --update" } else { "" }
            ));
        }
    }

    /// Refuses a project without windows, and notes that a project has no directory.
    pub(super) fn check_project(
        &self,
        args: &Args,
        context: &Context,
        windows: usize,
    ) -> Result<(), Error> {
        let Some(project) = args.project.as_deref() else {
            return Ok(());
        };
        let has_directory = self.config.projects.contains_key(project);
        if windows == 0 && !args.force {
            return Err(Error::NoMember {
                project: project.to_owned(),
                has_directory,
            });
        }
        if !has_directory {
            context.ui.note(&format!(
                "no directory is set for the project `{project}`, so only marks and rules \
                 determine its windows; {}",
                directory_hint(project)
            ));
        }
        Ok(())
    }

    /// Marks windows that an earlier `apply` placed as windows of the written layout.
    pub(super) fn mark(&mut self, context: &Context, slots: &[(String, ConId)], layout: &str) {
        let commands = belong(&self.desktop, slots, layout);
        if !commands.is_empty()
            && let Err(error) = self.session.run(&commands)
        {
            // The layout is still valid; `apply` can identify the windows in other ways.
            context
                .ui
                .warn(&format!("the windows keep their old marks: {error}"));
        }
    }
}

/// Where to write, and in which format.
fn destination(args: &Args, context: &Context) -> Result<(Target, Format), Error> {
    let target = match (&args.file, &args.name) {
        (Some(file), _) if file.as_os_str() == "-" => Target::Stdio,
        (Some(file), _) => Target::File(file.clone()),
        (None, name) => target(name.as_deref().unwrap_or_default(), args, context)?,
    };
    let Some(path) = context.store.path(&target) else {
        if args.json {
            return Err(Error::Usage {
                what: "`--json` and `-` would both write to standard output".to_owned(),
                hint: Some("use `--format json` to write the layout as JSON".to_owned()),
            });
        }
        return Ok((target, args.format.unwrap_or_default()));
    };
    let of_path = Format::of_path(&path);
    let Some(wanted) = args.format.filter(|wanted| *wanted != of_path) else {
        return Ok((target, of_path));
    };
    match target {
        Target::Named { .. } if path.exists() => Err(Error::OtherFormat { path }),
        Target::Named { .. } => {
            let path = path.with_extension(extension(wanted));
            Ok((Target::File(path), wanted))
        }
        // JSON is valid YAML, but not the other way round.
        _ if of_path == Format::Json => Err(Error::Usage {
            what: format!("cannot write YAML to {}", path.display()),
            hint: Some("use a file name that ends in `.yaml`".to_owned()),
        }),
        target => Ok((target, wanted)),
    }
}

fn target(name: &str, args: &Args, context: &Context) -> Result<Target, Error> {
    let target = context.store.target(name)?;
    let Some(wanted) = args.project.as_deref() else {
        return Ok(target);
    };
    match target {
        Target::Named {
            project: Some(project),
            ..
        } if project != wanted => Err(Error::Usage {
            what: format!("`{name}` is in project `{project}`, but `--project` is `{wanted}`"),
            hint: Some(format!(
                "run `i3pm-layout capture {} --project {wanted}` to save the windows of `{wanted}`",
                name.rsplit('/').next().unwrap_or(name)
            )),
        }),
        Target::Named { name, .. } => {
            Ok(Target::named(Some(wanted), &name).map_err(StoreError::from)?)
        }
        other => Ok(other),
    }
}

/// Refuses names of workspaces and outputs that do not exist.
fn refuse_unknown_names(warnings: &[Warning], desktop: &Desktop) -> Result<(), Error> {
    for warning in warnings {
        let known = match warning {
            Warning::NoSuchWorkspace(_) => desktop
                .workspaces()
                .map(|workspace| workspace.con.name().to_owned())
                .collect(),
            Warning::NoSuchOutput(_) => desktop
                .outputs
                .iter()
                .map(|output| output.name.clone())
                .collect(),
            _ => continue,
        };
        return Err(Error::NotThere {
            warning: warning.clone(),
            known,
        });
    }
    Ok(())
}

/// The name that an `apply` of the layout uses in marks.
fn marked_as(args: &Args, context: &Context, target: &Target) -> Option<String> {
    match (&args.file, target) {
        (Some(_), _) if args.name.is_some() => args.name.clone(),
        (_, Target::Stdio) => None,
        _ => Some(context.default_name(context.store.path(target).as_deref())),
    }
}

/// The names of the workspaces on the command line, with `focused` resolved.
fn named(workspaces: &[String], desktop: &Desktop) -> Vec<String> {
    let names = workspaces.iter().map(|wish| match wish.as_str() {
        "focused" => desktop
            .focused_workspace()
            .map_or_else(|| wish.clone(), |live| live.con.name().to_owned()),
        _ => wish.clone(),
    });
    names.collect()
}

fn store(context: &Context, path: &Path, text: &str, force: bool) -> Result<Written, Error> {
    let written = context.store.write_captured(path, text, force);
    if let Err(StoreError::Edited { path }) = &written
        && context.ui.can_ask()
    {
        let question = format!(
            "{} was edited since it was captured. Overwrite it?",
            path.display()
        );
        if context.ui.ask(&question, false) {
            return Ok(context.store.write_captured(path, text, true)?);
        }
    }
    Ok(written?)
}
