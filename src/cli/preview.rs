//! `preview`: draw a layout or the desktop.

use std::path::{Path, PathBuf};

use super::arguments::Arguments;
use super::context::{Context, Loaded, observe, observe_programs};
use super::exit::Exit;
use super::fitting::refuse_two;
use super::monitors::{Monitors, of_layout};
use super::picture::{tidy, write_png, write_svg};
use super::scope::{Limit, Selected};
use super::value::value;
use crate::apply::Scope;
use crate::capture::{Warning, WorkspaceFilter};
use crate::compile::Plan;
use crate::error::Error;
use crate::live::Desktop;
use crate::preview::{Canvas, Changes, Desk, Scene, View, of_desktop, of_plan, png, svg, terminal};
use crate::ui::picture::painted;

/// Draw a layout as `apply` would restore it, or the desktop
///
/// Draws in the terminal by default. Starts nothing and changes nothing. Uses the monitors,
/// bars and gaps of the desktop, or the monitors in the file if i3 is not running.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout preview daily-dev\n  \
        i3pm-layout preview daily-dev --svg daily-dev.svg\n  \
        i3pm-layout preview daily-dev --monitors eDP-1:1920x1080+0+0:primary\n  \
        i3pm-layout preview --live --png desktop.png")]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input (default: the layout that is on the
    /// desktop, else the one that was used last)
    name: Option<String>,
    #[command(flatten)]
    arguments: Arguments,
    /// Draw the desktop as it is now
    #[arg(long, conflicts_with = "name")]
    live: bool,
    /// Limit to this workspace, by name or number (repeatable; default: all)
    #[arg(
        short = 'w',
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Draw for these monitors: NAME:WIDTHxHEIGHT+X+Y[:primary], separated by commas
    #[arg(long, value_name = "MONITORS", conflicts_with = "live")]
    monitors: Option<Monitors>,
    /// Write an SVG to this file; `-` is standard output
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Write a PNG to this file; `-` is standard output
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
    /// Print the rectangles of windows and titles in pixels as JSON
    #[arg(long, conflicts_with_all = ["svg", "png"])]
    json: bool,
}

/// The source of a picture.
enum Subject {
    Layout {
        plan: Box<Plan>,
        desk: Desk,
        scope: Scope,
    },
    Desktop {
        desktop: Box<Desktop>,
        names: Vec<String>,
    },
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    if [&args.svg, &args.png]
        .iter()
        .all(|file| file.as_deref() == Some(Path::new("-")))
    {
        return Err(Error::TwoPictures);
    }
    let subject = if args.live {
        desktop(args, context)?
    } else {
        layout(args, context)?
    };
    if args.json {
        let scene = subject.scene(Canvas::Pixels);
        context
            .ui
            .json(&serde_json::to_value(scene).unwrap_or_default())?;
        return Ok(Exit::Done);
    }
    if args.svg.is_none() && args.png.is_none() {
        let width = context.ui.width();
        let panels = subject.scene(Canvas::Pixels).panels.len();
        let (beside, columns) = terminal::arrangement(width, panels);
        let scene = subject.scene(Canvas::Cells(columns));
        let lines = terminal::draw(&scene, beside);
        context.ui.out(&painted(&lines, context.ui.paint()))?;
        return Ok(Exit::Done);
    }
    let picture = svg::of_scene(&subject.scene(Canvas::Pixels));
    if let Some(file) = &args.svg {
        write_svg(context, file, &picture)?;
    }
    if let Some(file) = &args.png {
        write_png(context, file, &picture)?;
    }
    Ok(Exit::Done)
}

/// A picture of a layout on the monitors in its file, as PNG.
pub(super) fn picture_of(loaded: &Loaded, context: &Context) -> Result<Vec<u8>, Error> {
    let outputs = of_layout(&loaded.layout);
    refuse_two(loaded, &outputs)?;
    let subject = Subject::Layout {
        plan: Box::new(context.plan(loaded, &outputs, &[], &[])),
        desk: Desk::of_outputs(&outputs),
        scope: Scope::default(),
    };
    let picture = svg::of_scene(&subject.scene(Canvas::Pixels));
    Ok(png::draw(&picture)?)
}

/// The layout on the monitors of the command line, else of the desktop, else of the file.
fn layout(args: &Args, context: &Context) -> Result<Subject, Error> {
    let selected = Selected {
        name: args.name.clone(),
        arguments: args.arguments.clone(),
        limit: Limit {
            workspaces: args.workspaces.clone(),
        },
    };
    let loaded = context.load_selected(&selected)?;
    let given = args.monitors.as_ref().map(|Monitors(outputs)| outputs);
    let live = match given {
        Some(_) => None,
        None => context.if_running(|session| {
            let desktop = observe_programs(session)?;
            Ok::<_, Error>((desktop, session.workspace_outputs()?))
        }),
    };
    let (plan, desk) = match (&live, given) {
        (Some((desktop, lines)), _) => {
            refuse_two(&loaded, &desktop.outputs)?;
            let present = desktop.present_workspaces();
            let plan = context.plan(&loaded, &desktop.outputs, &present, lines);
            (plan, Desk::of_desktop(desktop))
        }
        (None, Some(outputs)) => {
            refuse_two(&loaded, outputs)?;
            let plan = context.plan(&loaded, outputs, &[], &[]);
            (plan, Desk::of_outputs(outputs))
        }
        (None, None) => {
            let outputs = of_layout(&loaded.layout);
            refuse_two(&loaded, &outputs)?;
            let plan = context.plan(&loaded, &outputs, &[], &[]);
            (plan, Desk::of_outputs(&outputs))
        }
    };
    let scope = selected.scope(&plan, &[])?;
    Ok(Subject::Layout {
        plan: Box::new(plan),
        desk,
        scope,
    })
}

fn desktop(args: &Args, context: &Context) -> Result<Subject, Error> {
    let mut session = context.session()?;
    let desktop = observe(&mut session)?;
    let names = desktop.workspaces().map(|live| live.con.name());
    let names: Vec<&str> = names.collect();
    let named = |wish: &String| {
        let found = Scope::workspace_named(names.iter().copied(), wish);
        found.map(str::to_owned).ok_or_else(|| Error::NotOnDesktop {
            warning: Warning::NoSuchWorkspace(WorkspaceFilter::parse(wish)),
            known: names.iter().map(|&name| name.to_owned()).collect(),
        })
    };
    let names = args
        .workspaces
        .iter()
        .map(named)
        .collect::<Result<Vec<String>, Error>>()?;
    Ok(Subject::Desktop {
        desktop: Box::new(desktop),
        names,
    })
}

impl Subject {
    fn scene(&self, canvas: Canvas) -> Scene {
        let changes = Changes::default();
        let view = |shows| View {
            canvas,
            shows,
            changes: &changes,
            clean: &tidy,
        };
        match self {
            Self::Layout { plan, desk, scope } => {
                let shows = |name: Option<&str>| scope.has_workspace(name);
                of_plan(plan, desk, view(&shows))
            }
            Self::Desktop { desktop, names } => {
                let shows = |name: Option<&str>| {
                    names.is_empty() || name.is_some_and(|name| names.iter().any(|one| one == name))
                };
                of_desktop(desktop, view(&shows))
            }
        }
    }
}
