//! `try`: a layout in a nested i3.

mod command;
mod outside;
mod picture;
mod stand_in;

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::builder::{PathBufValueParser, TypedValueParser as _};
use miette::Diagnostic as _;

use super::apply::{check_trust, check_windows};
use super::arguments::Arguments;
use super::context::{Context, Loaded, need_folder};
use super::examples;
use super::exit::Exit;
use super::fitting::refuse_two;
use super::picture::png_file;
use super::scope::{Limit, Selected};
use super::value::value;
use crate::discover::search_path::{SearchPath, is_program};
use crate::document::fault::nearest;
use crate::error::Error;
use crate::geometry::Size;
use crate::layout::vars::Values;
use crate::layout::{Format, Layout, Workspace, WriteOptions, write};
use crate::nested::i3_config::RESOURCES;
use crate::nested::stand_in::programs as programs_of;
use crate::nested::{
    Folder, Happened, Modifier, Nested, NestedError, Screen, Server, Setup, with_stand_ins,
};
use crate::store::{StoreError, Target};
use crate::ui::words::hide_value;
pub(super) use outside::Outside;

/// The largest screen without a desktop.
const LARGEST: Size = Size {
    width: 3840,
    height: 2160,
};

/// A time in which nothing needs to be looked at.
const LONG: Duration = Duration::from_secs(3600);

/// Try a layout in a window, without touching the desktop
///
/// Starts a second i3 in a window (Xephyr), with a bar and i3's usual keys, and restores the layout in
/// it. Windows with the name of a program stand for programs that are not installed. Ends when the
/// window is closed, i3 exits, or Ctrl-C is pressed; then everything that was started in it is ended.
/// Without a display, or with `--output`, restores the layout on an invisible screen (Xvfb), writes a
/// picture of it and ends.
///
/// Without a name, lists the examples. A layout of yours with the name of an example comes first.
/// Layouts for several monitors get as many, reduced in size. Programs are started with your home
/// directory and configuration. They do not find programs that run on your desktop through the X server,
/// the session bus or the usual variables. Hooks are not run, and layouts are not changed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout try\n  \
        i3pm-layout try three-workspaces\n  \
        i3pm-layout try daily-dev --no-launch\n  \
        i3pm-layout try dev root=~/src/site\n  \
        i3pm-layout try two-monitors -o two-monitors.png")]
pub(super) struct Args {
    /// Name or path of the layout, or name of an example; `-` reads standard input
    name: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    #[command(flatten)]
    limit: Limit,
    /// Restore only this slot, by its id (repeatable; default: all)
    #[arg(long, value_name = "SLOT", allow_hyphen_values = true, value_parser = value)]
    only: Vec<String>,
    /// Start no programs, and show a window with the name of the program instead
    #[arg(long)]
    no_launch: bool,
    /// Run the commands of a file even if other users own it or can write it
    #[arg(long)]
    trust: bool,
    /// Write a PNG to this file instead of opening a window (default without a display: a file in
    /// ~/.cache/i3pm-layout/try)
    #[arg(short, long, value_name = "FILE",
        value_parser = PathBufValueParser::new().try_map(png_file))]
    output: Option<PathBuf>,
    /// Show such a window, with this instance and title
    #[arg(long, hide = true, num_args = 2, value_names = ["INSTANCE", "TITLE"],
        allow_hyphen_values = true)]
    stand_in: Vec<String>,
}

impl Args {
    /// True if an option makes no sense without a layout.
    const fn needs_layout(&self) -> bool {
        let has_part = !self.limit.workspaces.is_empty() || !self.only.is_empty();
        has_part || self.no_launch || self.trust || self.output.is_some()
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if let [instance, command] = args.stand_in.as_slice() {
        return stand_in::show(instance, command, context);
    }
    let Some(name) = &args.name else {
        if args.needs_layout() {
            return Err(Error::Usage {
                what: "no layout or example is named".to_owned(),
                hint: Some(
                    "name one before the options; `i3pm-layout try` lists the examples".to_owned(),
                ),
            });
        }
        context
            .ui
            .out(&format!("Examples:\n{}", examples::list()))?;
        context
            .ui
            .hint("run `i3pm-layout try NAME` with an example, or with one of your layouts");
        return Ok(Exit::Done);
    };
    let loaded = load(name, args, context)?;
    check_windows(name, &loaded)?;
    check_trust(args.trust, &loaded, context)?;
    if let Some(file) = &args.output {
        need_folder(file)?;
    }
    let outside = args.output.is_none().then(|| Outside::find(context));
    let outside = outside.flatten();
    let programs = SearchPath::new(context.variable("PATH").unwrap_or_default());
    let server = server(outside.is_some(), &programs, context)?;
    let limit = match (&outside, server) {
        (Some(outside), Server::Xephyr) => outside.x.limit(),
        _ => LARGEST,
    };
    let own = Context::own_program().unwrap_or_else(|| "i3pm-layout".into());
    let screen = Screen::of(&loaded.layout.monitors, limit);
    let layout = visible(&prepared(&loaded, args, &programs, (&own, context)));
    let layout = screen.fitted(&layout.in_one_file());
    check_parts(
        name,
        args,
        &loaded.with_layout(layout.clone()),
        &screen,
        context,
    )?;
    let folder = Folder::create(context.runtime())?;
    let text = write(&layout, Format::Yaml, &WriteOptions::default());
    let short = picture::stem(name);
    let file = folder.write(&format!("{short}.yaml"), text.as_bytes())?;
    let modifier = outside.as_ref().map_or(Modifier::Alt, |one| one.modifier);
    let workspaces = layout.workspaces.iter().map(|one| one.name.clone());
    let setup = Setup {
        server,
        screen,
        workspaces: workspaces.collect(),
        title: format!("{name} (i3pm-layout try)"),
        modifier,
        terminal: "i3-sensible-terminal",
        more_config: "",
        has_own_config: false,
        programs: &programs,
        environment: context.environment(),
        own: &own,
        resources: outside
            .map(|one| one.x.resources)
            .filter(|resources| !resources.is_empty())
            .unwrap_or_else(|| RESOURCES.into()),
    };
    let mut nested = match Nested::start(folder, &setup) {
        Err(error @ NestedError::Interrupted) => {
            context.ui.say(&error.to_string());
            return Ok(Exit::Incomplete);
        }
        nested => nested?,
    };
    if server == Server::Xephyr {
        context.ui.say(&keys(modifier));
    }
    nested.run(&own, command::apply(args, &file, &context.arguments))?;
    match server {
        Server::Xephyr => watch(&mut nested),
        Server::Xvfb => {
            let file = match &args.output {
                Some(file) => file.clone(),
                None => picture::default_file(context, name)?,
            };
            picture::take(&mut nested, &file, context)
        }
    }
}

/// Reads the layout or example, so that mistakes are reported before anything is started.
fn load(name: &str, args: &Args, context: &Context) -> Result<Loaded, Error> {
    let arguments = args.arguments.all();
    match (context.load_with(name, &arguments), examples::find(name)) {
        (Err(Error::Store(StoreError::Missing { .. })), Some(example)) => {
            let loaded = example.load()?;
            context.filled(name, loaded.opened, &loaded.layout, &arguments)
        }
        (Err(Error::Store(error @ StoreError::Missing { .. })), None)
            if !is_file(&context.store.target(name)?) =>
        {
            let examples: Vec<String> = examples::all().map(|one| one.name.to_owned()).collect();
            let near = nearest(name, &examples).map(str::to_owned);
            Err(Error::NoExample { error, near })
        }
        (loaded, _) => loaded,
    }
}

/// Refuses a part that the layout does not have, and profiles that contradict each other. The command
/// inside would name the private file.
fn check_parts(
    name: &str,
    args: &Args,
    loaded: &Loaded,
    screen: &Screen,
    context: &Context,
) -> Result<(), Error> {
    refuse_two(loaded, &screen.outputs)?;
    let plan = context.plan(loaded, &screen.outputs, &[], &[]);
    let selected = Selected {
        name: Some(name.to_owned()),
        arguments: Arguments::default(),
        limit: args.limit.clone(),
    };
    selected.scope(&plan, &args.only)?;
    Ok(())
}

/// The layout with something to see: without a visible workspace, its first one, and without a
/// workspace, the first window of the scratchpad.
fn visible(layout: &Layout) -> Layout {
    let mut layout = layout.clone();
    let is_visible = layout.workspaces.iter().any(|one| one.visible);
    if layout.workspaces.is_empty() && !layout.scratchpad.is_empty() {
        let mut shown = layout.scratchpad.remove(0);
        shown.scratchpad = true;
        let mut workspace = Workspace {
            name: "1".to_owned(),
            visible: true,
            ..Workspace::default()
        };
        workspace.content.floating.push(shown);
        workspace.content.focus = vec![0];
        layout.workspaces.push(workspace);
    } else if !is_visible && layout.focus.is_none() {
        let first = layout.workspaces.iter().find(|one| !one.content.is_empty());
        layout.focus = first.map(|one| one.name.clone());
    }
    layout.with_implied()
}

/// The layout with windows in place of programs that are not installed, or of all.
fn prepared(
    loaded: &Loaded,
    args: &Args,
    programs: &SearchPath,
    (own, context): (&Path, &Context),
) -> Layout {
    let own = own.to_string_lossy().into_owned();
    let command = [own, "try".to_owned(), "--stand-in".to_owned()];
    // The window shows the command as it would be started, without secrets.
    let env = |name: &str| Some(hide_value(name, context.variable(name)?.to_str()?));
    let values = Values {
        vars: &loaded.layout.vars,
        env: &env,
        home: None,
    };
    with_stand_ins(&loaded.layout, &command, &values, |window| {
        let is_missing = |program: &String| {
            if program.contains('/') {
                program.starts_with('/') && !is_program(Path::new(program))
            } else {
                programs.find(program).is_none()
            }
        };
        args.no_launch || programs_of(window).iter().any(is_missing)
    })
}

const fn is_file(target: &Target) -> bool {
    matches!(target, Target::File(_) | Target::Stdio)
}

/// The X server: Xephyr if there is a display for its window.
fn server(has_display: bool, programs: &SearchPath, context: &Context) -> Result<Server, Error> {
    let is_installed = |server: Server| programs.find(server.needed().program).is_some();
    match (has_display, is_installed(Server::Xvfb)) {
        (true, _) if is_installed(Server::Xephyr) => Ok(Server::Xephyr),
        (true, true) => {
            let missing = NestedError::NotInstalled(Server::Xephyr.needed());
            context.ui.warn(&format!(
                "{missing}, so this writes a picture instead of opening a window"
            ));
            if let Some(help) = missing.help() {
                context.ui.hint(&help.to_string());
            }
            Ok(Server::Xvfb)
        }
        (true, false) => Err(NestedError::NotInstalled(Server::Xephyr.needed()).into()),
        (false, true) => Ok(Server::Xvfb),
        (false, false) => Err(NestedError::NotInstalled(Server::Xvfb.needed()).into()),
    }
}

/// The keys of the nested i3.
pub(super) fn keys(modifier: Modifier) -> String {
    format!(
        "keys in the window: {modifier}+Return opens a terminal, {modifier}+1 to {modifier}+0 show \
         workspaces, {modifier}+Shift+Q closes a window; Ctrl+Shift passes all keys to the window, \
         and again back\nto end it, close the window, or press {modifier}+Shift+E in it or Ctrl-C \
         here"
    )
}

/// Waits until the user ends it.
fn watch(nested: &mut Nested) -> Result<Exit, Error> {
    let mut result = Exit::Incomplete;
    loop {
        match nested.next(LONG) {
            Happened::Interrupted => return Ok(result),
            Happened::Ended => return nested.crash().map_or(Ok(result), |error| Err(error.into())),
            Happened::Finished(code) => match exit(code) {
                // It has printed the error, and there is nothing to look at.
                Exit::Failed => return Ok(Exit::Failed),
                other => result = other,
            },
            Happened::Changed | Happened::Nothing => {}
        }
    }
}

/// The result of the command inside.
const fn exit(code: Option<i32>) -> Exit {
    match code {
        Some(0) => Exit::Done,
        Some(1) => Exit::Incomplete,
        _ => Exit::Failed,
    }
}
