//! `diff`: a layout against the desktop.

use std::collections::BTreeSet;

use serde_json::json;

use super::context::{Context, Loaded, observe};
use super::exit::Exit;
use super::scope::scope;
use super::value::value;
use crate::capture::{Options, capture};
use crate::compile::Plan;
use crate::config::Config;
use crate::diff::{Difference, diff, without_optional};
use crate::discover::ThisMachine;
use crate::error::Error;
use crate::layout::{Format, Layout, WriteOptions, write};
use crate::live::Desktop;
use crate::matching::{Reuse, match_windows};
use crate::ui;
use crate::ui::unified::{colored, unified};
use crate::ui::words::{Count, clean};

/// Show what differs between a saved layout and the desktop
///
/// One line for each difference, by workspace: `-` is missing, `+` is not in the
/// layout, `~` is different. What is shown and focused does not count, and neither does
/// an optional slot without a window.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout diff daily-dev\n  \
        i3pm-layout diff daily-dev --workspace 2:web --text\n  \
        i3pm-layout diff daily-dev --json | jq -r '.differences[].slot'")]
pub(super) struct Args {
    /// Name of the layout, a path, or `-` for standard input
    name: String,
    /// Only this workspace, by name or number (can be repeated)
    #[arg(
        long = "workspace",
        value_name = "WORKSPACE",
        allow_hyphen_values = true,
        value_parser = value
    )]
    workspaces: Vec<String>,
    /// Compare the file with a new capture, line by line
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Print the differences as JSON
    #[arg(long)]
    pub(super) json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let loaded = context.load(&args.name)?;
    let mut session = context.session()?;
    session.ignore_by(context.config()?.rules);
    let desktop = observe(&mut session)?;
    let plan = context.plan(&loaded, &desktop.outputs);
    let scope = scope(&plan, &args.workspaces, &[], &args.name)?;
    if args.text {
        let named = |name: &str| {
            scope
                .workspaces
                .as_ref()
                .is_none_or(|workspaces| workspaces.contains(name))
        };
        let config = context.config()?;
        let machine = context.machine(&session, &config);
        return text(
            context,
            &loaded,
            (&desktop, &machine, &config),
            &named,
            scope.is_all(),
        );
    }
    let assignment = match_windows(&plan, &desktop, Reuse::default());
    let mut all = diff(&plan, &desktop, &assignment);
    all.retain(|difference| !difference.is_attention() && scope.has(&plan, difference));
    let (meant, left_out) = without_optional(&plan, all);
    if args.json {
        print_json(context, &plan, &meant, &left_out)?;
    } else {
        let paint = context.ui.paint();
        context
            .ui
            .out(&ui::differences::differences(&meant, paint))?;
        let notes = ui::differences::left_out(&left_out, context.ui.paint_err());
        let said = match meant.len() {
            0 => format!("{}: no difference", clean(&plan.layout)),
            number => format!("{}: {}", clean(&plan.layout), Count(number, "difference")),
        };
        context.ui.say(&format!("{notes}{said}"));
    }
    Ok(exit(meant.is_empty()))
}

const fn exit(same: bool) -> Exit {
    if same { Exit::Done } else { Exit::Incomplete }
}

fn print_json(
    context: &Context,
    plan: &Plan,
    differences: &[Difference],
    left_out: &[Difference],
) -> Result<(), Error> {
    let list = ui::differences::to_json(differences);
    let slot = |one: &Difference| json!({ "workspace": one.workspace, "slot": one.slot });
    let left_out: Vec<_> = left_out.iter().map(slot).collect();
    context.ui.json(&json!({
        "layout": plan.layout,
        "same": list.is_empty(),
        "differences": list,
        "left_out": left_out,
    }))
}

/// The canonical text of the file against that of a capture of the same workspaces.
fn text(
    context: &Context,
    loaded: &Loaded,
    (desktop, machine, config): (&Desktop, &ThisMachine, &Config),
    named: &dyn Fn(&str) -> bool,
    all: bool,
) -> Result<Exit, Error> {
    let saved = part(&loaded.layout, named, all);
    let names = saved.workspaces.iter();
    let known: BTreeSet<&str> = names.map(|workspace| workspace.name.as_str()).collect();
    let present = capture(
        desktop,
        &|asked| machine.discover(asked),
        &Options {
            secrets: Some(machine.secrets()),
            config: Some(config),
            home: Some(context.home()),
            ..Options::default()
        },
    )
    .file();
    let mut present = part(&present, &|name| known.contains(name), all);
    // What nobody can see on a desktop cannot differ.
    present.name.clone_from(&saved.name);
    present.project.clone_from(&saved.project);
    present.vars.clone_from(&saved.vars);
    let text = |layout: &Layout| write(layout, Format::Yaml, &WriteOptions::default());
    let (saved, present) = (text(&saved), text(&present));
    if saved == present {
        context
            .ui
            .say(&format!("{}: no difference", clean(&loaded.name)));
        return Ok(Exit::Done);
    }
    let unified = unified(&saved, &present, &loaded.opened.origin, "the desktop");
    context.ui.out(&colored(&unified, context.ui.paint()))?;
    Ok(exit(false))
}

/// The layout with those workspaces only; the scratchpad is on none.
fn part(layout: &Layout, named: &dyn Fn(&str) -> bool, all: bool) -> Layout {
    let mut part = layout.clone();
    part.workspaces.retain(|workspace| named(&workspace.name));
    if !all {
        part.scratchpad.clear();
    }
    part.focus = part.focus.filter(|name| named(name));
    part
}
