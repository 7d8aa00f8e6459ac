//! `capture`: the desktop written to a file.
#![expect(clippy::disallowed_methods, reason = "sees whether the file is there")]

use std::path::{Path, PathBuf};

use serde_json::json;

use super::context::{Context, observe_programs};
use super::exit::Exit;
use super::schema_file;
use super::value::value;
use crate::capture::{Captured, Options, Warning, WorkspaceFilter, belong, capture, comments};
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::error::{Error, directory_hint};
use crate::layout::{Format, Layout, WriteOptions, write};
use crate::live::{ConId, Desktop};
use crate::session::Session;
use crate::store::{StoreError, Target, Written};
use crate::ui::words::{Count, clean};

/// Save the windows that are open now
///
/// The layout goes to the store under NAME, or to a file. The previous versions are
/// kept as backups. A file that was edited since its capture is not overwritten
/// unless you say so; with `--update` it takes over where the windows are, and keeps
/// what people wrote.
#[derive(Debug, clap::Args)]
#[command(
    visible_alias = "save",
    after_help = "Examples:\n  \
        i3pm-layout capture daily-dev                    Everything\n  \
        i3pm-layout capture web --workspace 2\n  \
        i3pm-layout capture dev --project nixos          The windows of a project\n  \
        i3pm-layout capture daily-dev --update           Keep ids, commands, comments\n  \
        i3pm-layout capture - --workspace focused        To standard output"
)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one flag of the command"
)]
pub(super) struct Args {
    /// Name of the layout, a path, or `-` for standard output
    #[arg(required_unless_present = "file")]
    pub(super) name: Option<String>,
    /// Write to this file instead of the store
    #[arg(short = 'o', long, value_name = "FILE")]
    pub(super) file: Option<PathBuf>,
    /// Only this workspace, by name, by number, or `focused` (can be repeated)
    #[arg(
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    pub(super) workspaces: Vec<String>,
    /// Only the workspaces on this output (can be repeated)
    #[arg(
        long = "output",
        value_name = "OUTPUT",
        allow_hyphen_values = true,
        value_parser = value
    )]
    pub(super) outputs: Vec<String>,
    /// Only the windows of this project: by the mark `project:NAME`, by rules, and by the
    /// project's directory
    #[arg(long, value_name = "PROJECT")]
    pub(super) project: Option<String>,
    /// Notation of the file; by default that of its name, else YAML
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(super) format: Option<Notation>,
    /// Merge the desktop into the file: places, order and new windows change, what
    /// people wrote stays
    #[arg(long, conflicts_with = "format")]
    pub(super) update: bool,
    /// With `--update`: remove slots whose window is not open
    #[arg(long, requires = "update")]
    pub(super) prune: bool,
    /// With `--update`: print what would change in the file, and change nothing
    #[arg(long, requires = "update", conflicts_with = "json")]
    pub(super) dry_run: bool,
    /// Overwrite a file that was edited, and save even when there is no window. Standard
    /// output needs it only for a project without a window
    #[arg(long)]
    pub(super) force: bool,
    /// Print what was written as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Notation {
    /// YAML
    Yaml,
    /// JSON
    Json,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let (target, format) = destination(args, context)?;
    let mut session = context.session()?;
    let desktop = observe_programs(&mut session)?;
    let config = context.config()?;
    let machine = context.machine(&session, &config);
    let captured = look(args, context, &target, &desktop, (&config, &machine))?;
    say_that_all_is_taken(args, &target, &config, context);
    let mut layout = captured.file();
    say_own_name(&mut layout, args, &target);

    let windows = layout.window_count();
    if let Some(project) = args.project.as_deref() {
        say_what_belongs(project, windows == 0 && !args.force, &config, context)?;
    }
    let path = context.store.path(&target);
    let is_chosen = !args.workspaces.is_empty() || !args.outputs.is_empty();
    let is_there = path.as_deref().is_some_and(Path::exists);
    // A whole desktop without windows can be meant: its workspaces have their layouts.
    if windows == 0 && !args.force && target != Target::Stdio && (is_chosen || is_there) {
        say_warnings(&captured.warnings, context);
        return Err(Error::Empty {
            workspaces: chosen(&args.workspaces, &desktop),
            path: path.filter(|_| is_there),
        });
    }
    let mut of_schema = Vec::new();
    let schema = path
        .as_deref()
        .and_then(|path| schema_file::named_by(context, path));
    if schema.is_some()
        && let Some(folder) = context.store.layouts().parent()
    {
        of_schema.extend(schema_file::put(context, folder));
    }
    let style = WriteOptions {
        schema,
        comments: comments(&captured.warnings, machine.secrets()),
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
        mark(context, &mut session, &desktop, &captured.slots(), &name);
    }
    let warnings = (captured.warnings.as_slice(), of_schema.as_slice());
    report(&layout, &written, warnings, args.json, context)
}

/// Says what people should know about what was captured.
pub(super) fn say_warnings(warnings: &[Warning], context: &Context) {
    for warning in warnings {
        context.ui.warning(warning);
    }
}

/// Says what was written, and what people should know about it.
fn report(
    layout: &Layout,
    written: &Written,
    (warnings, of_schema): (&[Warning], &[String]),
    json: bool,
    context: &Context,
) -> Result<Exit, Error> {
    say_warnings(warnings, context);
    for warning in of_schema {
        context.ui.warn(&clean(warning));
    }
    let windows = layout.window_count();
    // An empty workspace that is shown is saved, too, but nobody would count it.
    let workspaces = layout.workspaces.iter();
    let workspaces = workspaces
        .filter(|workspace| !workspace.content.is_empty())
        .count();
    let counts = format!(
        "{} on {}",
        Count(windows, "window"),
        Count(workspaces, "workspace")
    );
    let (what, path, backup) = written.parts();
    if json {
        let warnings = warnings.iter().map(Warning::to_string);
        let warnings: Vec<String> = warnings.chain(of_schema.iter().cloned()).collect();
        context.ui.json(&json!({
            "written": what,
            "path": path,
            "backup": backup,
            "windows": windows,
            "workspaces": workspaces,
            "warnings": warnings,
        }))?;
        return Ok(Exit::Done);
    }
    let Some(path) = path else {
        return Ok(Exit::Done);
    };
    let path = context.short(path);
    context.ui.say(&if what == "unchanged" {
        format!("{path} is up to date: {counts}")
    } else {
        format!("saved {counts} to {path}")
    });
    if let Some(backup) = backup {
        context.ui.note(&format!(
            "the version before is in {}",
            context.short(backup)
        ));
    }
    Ok(Exit::Done)
}

/// Windows that an apply has placed are those of the layout that was written now.
pub(super) fn mark(
    context: &Context,
    session: &mut Session,
    desktop: &Desktop,
    slots: &[(String, ConId)],
    layout: &str,
) {
    let commands = belong(desktop, slots, layout);
    if !commands.is_empty()
        && let Err(error) = session.run(&commands)
    {
        // The layout is good; its windows are known by what they are.
        context
            .ui
            .warn(&format!("its windows keep the marks of before: {error}"));
    }
}

/// The part of the desktop that is meant, as a layout.
pub(super) fn look(
    args: &Args,
    context: &Context,
    target: &Target,
    desktop: &Desktop,
    (config, machine): (&Config, &ThisMachine),
) -> Result<Captured, Error> {
    let options = Options {
        name: None,
        project: None,
        workspaces: filters(&args.workspaces),
        marked_as: marked_as(args, context, target),
        outputs: args.outputs.clone(),
        secrets: Some(machine.secrets()),
        config: Some(config),
        home: Some(context.home()),
        of_project: args.project.as_deref(),
    };
    let captured = capture(desktop, &|asked| machine.discover(asked), &options);
    refuse_what_is_not_there(&captured.warnings, desktop)?;
    Ok(captured)
}

/// Where to write, and in which notation.
pub(super) fn destination(args: &Args, context: &Context) -> Result<(Target, Format), Error> {
    let (target, format) = wanted_destination(args, context)?;
    if args.json && target == Target::Stdio {
        return Err(Error::Usage {
            what: "`--json` and `-` would both write to standard output".to_owned(),
            hint: Some("use `--format json` for a layout in JSON".to_owned()),
        });
    }
    Ok((target, format))
}

fn wanted_destination(args: &Args, context: &Context) -> Result<(Target, Format), Error> {
    let wanted = args.format.map(|notation| match notation {
        Notation::Yaml => Format::Yaml,
        Notation::Json => Format::Json,
    });
    let target = match (&args.file, &args.name) {
        (Some(file), _) if file.as_os_str() == "-" => Target::Stdio,
        (Some(file), _) => Target::File(file.clone()),
        (None, name) => named(name.as_deref().unwrap_or_default(), args, context)?,
    };
    let Some(path) = context.store.path(&target) else {
        return Ok((target, wanted.unwrap_or_default()));
    };
    let present = Format::of_path(&path);
    let Some(wanted) = wanted.filter(|wanted| *wanted != present) else {
        return Ok((target, present));
    };
    match target {
        Target::Named { .. } if path.exists() => Err(Error::OtherFormat { path }),
        Target::Named { .. } => Ok((Target::File(path.with_extension_of(wanted)), wanted)),
        // YAML readers take JSON, but not the other way round.
        _ if present == Format::Json => Err(Error::Usage {
            what: format!("{} would hold YAML under the name of JSON", path.display()),
            hint: Some("give the file a name that ends in `.yaml`".to_owned()),
        }),
        target => Ok((target, wanted)),
    }
}

fn named(name: &str, args: &Args, context: &Context) -> Result<Target, Error> {
    let target = context.store.target(name)?;
    let Some(wanted) = args.project.as_deref() else {
        return Ok(target);
    };
    match target {
        Target::Named {
            project: Some(project),
            ..
        } if project != wanted => Err(Error::Usage {
            what: format!("`{name}` names the project `{project}`, not `{wanted}`"),
            hint: Some(format!(
                "`i3pm-layout capture {} --project {wanted}` saves what belongs to it",
                name.rsplit('/').next().unwrap_or(name)
            )),
        }),
        Target::Named { name, .. } => {
            Ok(Target::named(Some(wanted), &name).map_err(StoreError::from)?)
        }
        other => Ok(other),
    }
}

trait WithExtensionOf {
    fn with_extension_of(&self, format: Format) -> PathBuf;
}

impl WithExtensionOf for Path {
    /// The path with another ending; a name such as `v1.2` keeps all of itself.
    fn with_extension_of(&self, format: Format) -> PathBuf {
        let ending = match format {
            Format::Yaml => "yaml",
            Format::Json => "json",
        };
        self.with_extension(ending)
    }
}

pub(super) fn filters(workspaces: &[String]) -> Vec<WorkspaceFilter> {
    workspaces
        .iter()
        .map(|text| match text.parse() {
            Ok(filter) => filter,
            Err(never) => match never {},
        })
        .collect()
}

/// Says of a layout in the folder of a known project that it gets all windows, not only
/// those of the project.
pub(super) fn say_that_all_is_taken(
    args: &Args,
    target: &Target,
    config: &Config,
    context: &Context,
) {
    let Target::Named {
        project: Some(project),
        name,
    } = target
    else {
        return;
    };
    if args.project.is_none() && config.projects.contains_key(project) {
        context.ui.note(&format!(
            "windows of all projects are looked at; `i3pm-layout capture {name} --project \
             {project}{}` takes only those of `{project}`",
            if args.update { " --update" } else { "" }
        ));
    }
}

/// Refuses a project without a window, and says what is not known about one that has some.
pub(super) fn say_what_belongs(
    project: &str,
    is_empty: bool,
    config: &Config,
    context: &Context,
) -> Result<(), Error> {
    let has_directory = config.projects.contains_key(project);
    if is_empty {
        let project = project.to_owned();
        return Err(if has_directory {
            Error::NoMember { project }
        } else {
            Error::NoDirectory { project }
        });
    }
    if !has_directory {
        context.ui.note(&format!(
            "no directory is set for the project `{project}`, so only marks and rules say what \
             belongs to it; {}",
            directory_hint(project)
        ));
    }
    Ok(())
}

/// A person who names a workspace or an output means one that is there.
fn refuse_what_is_not_there(warnings: &[Warning], desktop: &Desktop) -> Result<(), Error> {
    for warning in warnings {
        let warning = warning.clone();
        let workspaces = desktop.workspaces();
        let outputs = desktop.outputs.iter();
        return Err(match &warning {
            Warning::NoSuchWorkspace(_) => Error::NotOnDesktop {
                warning,
                known: workspaces.map(|one| one.con.name().to_owned()).collect(),
            },
            Warning::NoSuchOutput(_) => Error::NoOutput {
                warning,
                known: outputs.map(|output| output.name.clone()).collect(),
            },
            _ => continue,
        });
    }
    Ok(())
}

/// In the store, the file's name and folder say the layout's name and project, also
/// after `rename`; elsewhere the file says what the command line said.
fn say_own_name(layout: &mut Layout, args: &Args, target: &Target) {
    if matches!(target, Target::Named { .. }) {
        return;
    }
    layout.project.clone_from(&args.project);
    if args.file.is_some() {
        layout.name.clone_from(&args.name);
    }
}

/// The name by which an apply marks the windows of the layout.
fn marked_as(args: &Args, context: &Context, target: &Target) -> Option<String> {
    match (&args.file, target) {
        (Some(_), _) if args.name.is_some() => args.name.clone(),
        (_, Target::Stdio) => None,
        _ => Some(context.default_name(context.store.path(target).as_deref())),
    }
}

/// The names of the workspaces that were asked for.
fn chosen(workspaces: &[String], desktop: &Desktop) -> Vec<String> {
    let focused = || {
        let focused = desktop.focused_workspace();
        focused.map(|live| live.con.name().to_owned())
    };
    let names = workspaces.iter().map(|wish| match wish.as_str() {
        "focused" => focused().unwrap_or_else(|| wish.clone()),
        _ => wish.clone(),
    });
    names.collect()
}

fn store(context: &Context, path: &Path, text: &str, force: bool) -> Result<Written, Error> {
    match context.store.write_captured(path, text, force) {
        Err(StoreError::Edited { path }) if context.ui.can_ask() => {
            let question = format!(
                "{} was edited since it was captured. Overwrite it?",
                path.display()
            );
            if context.ui.ask(&question, false) {
                Ok(context.store.write_captured(&path, text, true)?)
            } else {
                Err(StoreError::Edited { path }.into())
            }
        }
        written => Ok(written?),
    }
}
