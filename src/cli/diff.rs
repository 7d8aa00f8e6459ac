//! `diff`: compare a layout with the desktop.

use std::collections::BTreeSet;

use serde_json::json;

use super::arguments::{Arguments, Set};
use super::comparison::look;
use super::context::{Context, Loaded};
use super::current;
use super::diff_picture::{Compared, draw};
use super::exit::Exit;
use super::picture::Picture;
use super::scope::{Limit, Selected};
use crate::apply::Scope;
use crate::compile::{Plan, PlannedWorkspace};
use crate::config::Config;
use crate::diff::{Difference, diff, sentence, without_optional};
use crate::discover::ThisMachine;
use crate::error::Error;
use crate::layout::{Format, Layout, WriteOptions, write};
use crate::live::Desktop;
use crate::matching::{Reuse, match_windows};
use crate::ui;
use crate::ui::monitors;
use crate::ui::unified::{colored, unified};
use crate::ui::words::{Count, clean};

/// Show the differences between a saved layout and the desktop, or between two layouts
///
/// Prints one line per difference, grouped by workspace: `-` for a missing window, `+` for
/// a window that is not in the layout, and `~` for any other difference. The number of
/// differences goes to standard error. Focus, visible workspaces and optional slots without
/// a window do not count. With OTHER, prints the differences between two files as a unified diff.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout diff daily-dev\n  \
        i3pm-layout diff daily-dev -w 2:web --text\n  \
        i3pm-layout diff daily-dev travel\n  \
        i3pm-layout diff daily-dev --picture=changes.svg\n  \
        i3pm-layout diff daily-dev --json | jq -r '.differences[].slot'")]
pub(super) struct Args {
    /// Name or path of the layout; `-` reads standard input (default: the layout that is on the
    /// desktop, else the one that was used last)
    name: Option<String>,
    /// Compare with this layout instead of the desktop; with `=`, a value for a variable of the
    /// layout, or of either layout
    #[arg(value_name = "OTHER|NAME=VALUE")]
    rest: Vec<String>,
    #[command(flatten)]
    set: Set,
    #[command(flatten)]
    limit: Limit,
    /// Compare the file with a new capture of its workspaces, as a unified diff
    #[arg(long, conflicts_with = "json")]
    text: bool,
    /// Draw the saved and the present windows side by side; with =FILE, as .svg or .png
    #[arg(
        long,
        value_name = "FILE",
        num_args = 0..=1,
        default_missing_value = Picture::TERMINAL,
        require_equals = true,
        conflicts_with_all = ["json", "text"]
    )]
    picture: Option<Picture>,
    /// Print the differences as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut arguments = args.set.set.clone();
    let mut other = None;
    for word in &args.rest {
        match word.parse() {
            Ok(argument) => arguments.push(argument),
            Err(_) if other.is_none() => other = Some(word),
            Err(problem) => {
                return Err(Error::Usage {
                    what: format!("invalid value `{word}`: {problem}"),
                    hint: None,
                });
            }
        }
    }
    let (name, arguments) = current::named(args.name.as_deref(), arguments, context)?;
    if let Some(other) = other {
        if args.picture.is_some() || !args.limit.workspaces.is_empty() {
            return Err(Error::Usage {
                what: "`--picture` and `--workspace` cannot be used with two layouts".to_owned(),
                hint: Some("leave out the second layout to compare with the desktop".to_owned()),
            });
        }
        return two(
            context,
            &context.load_two([&name, other], &arguments)?,
            args.json,
        );
    }
    let loaded = context.load_with(&name, &arguments)?;
    let mut session = context.session()?;
    let config = context.config()?;
    let (plan, desktop) = look(&loaded, context, &mut session, &config)?;
    let selected = Selected {
        name: Some(name),
        arguments: Arguments::default(),
        limit: args.limit.clone(),
    };
    let scope = selected.scope(&plan, &[])?;
    if args.text {
        let machine = context.machine(&session, &config);
        return text(
            context,
            &plan,
            &loaded,
            (&desktop, &machine, &config),
            &scope,
        );
    }
    let assignment = match_windows(&plan, &desktop, Reuse::default());
    let mut all = diff(&plan, &desktop, &assignment);
    all.retain(|difference| !difference.is_attention() && scope.has(&plan, difference));
    let (differences, left_out) = without_optional(&plan, all);
    if let Some(picture) = &args.picture {
        let compared = Compared {
            plan: &plan,
            desktop: &desktop,
            assignment: &assignment,
            differences: &differences,
        };
        draw(context, &compared, &scope, picture)?;
    }
    let is_meant = |planned: &PlannedWorkspace| scope.has_workspace(Some(&planned.name));
    let away = plan.displaced(&is_meant);
    let contradictions = plan.contradictions(&is_meant);
    let json = || {
        let slot = |one: &Difference| json!({ "workspace": one.workspace, "slot": one.slot });
        json!({
            "layout": plan.layout,
            "same": differences.is_empty(),
            "differences": ui::differences::to_json(&differences, sentence),
            "left_out": left_out.iter().map(slot).collect::<Vec<_>>(),
            "away": monitors::away_json(&away),
            "contradictions": monitors::contradictions_json(&contradictions),
        })
    };
    context.print(args.json, json, |paint| {
        ui::differences::differences(&differences, paint)
    })?;
    let paint = context.ui.paint_err();
    let notes = [
        monitors::notes(&away, &contradictions, paint),
        ui::differences::left_out(&left_out, paint),
    ]
    .concat();
    let summary = summary(&plan.layout, differences.len());
    context.ui.say(&format!("{notes}{summary}"));
    Ok(exit(differences.is_empty()))
}

fn summary(layout: &str, differences: usize) -> String {
    let layout = clean(layout);
    match differences {
        0 => format!("{layout}: no differences"),
        number => format!("{layout}: {}", Count(number, "difference")),
    }
}

const fn exit(same: bool) -> Exit {
    if same { Exit::Done } else { Exit::Incomplete }
}

/// Compares the canonical text of the file with a capture of the same workspaces.
fn text(
    context: &Context,
    plan: &Plan,
    loaded: &Loaded,
    (desktop, machine, config): (&Desktop, &ThisMachine, &Config),
    scope: &Scope,
) -> Result<Exit, Error> {
    let mut saved = loaded.layout.clone();
    let mut captured = context.capture(desktop, machine, config).file();
    captured.rename_workspaces(&|name| plan.written(name).map(str::to_owned));
    let limit = |layout: &mut Layout, has: &dyn Fn(&str) -> bool| {
        layout.workspaces.retain(|workspace| has(&workspace.name));
        layout.focus.take_if(|name| !has(name));
        if !scope.is_all() {
            layout.scratchpad.clear();
        }
    };
    limit(&mut saved, &|name| {
        let mut planned = plan.workspaces.iter();
        let planned = planned.find(|planned| planned.written == name);
        scope.has_workspace(planned.map(|planned| planned.name.as_str()))
    });
    let names = saved.workspaces.iter();
    let known: BTreeSet<&str> = names.map(|workspace| workspace.name.as_str()).collect();
    limit(&mut captured, &|name| known.contains(name));
    // A desktop has none of these.
    captured.name.clone_from(&saved.name);
    captured.project.clone_from(&saved.project);
    captured.vars.clone_from(&saved.vars);
    let (saved, captured) = (canonical(&saved), canonical(&captured));
    if saved == captured {
        context.ui.say(&summary(&plan.layout, 0));
    } else {
        let unified = unified(
            &saved,
            &captured,
            &context.origin(&loaded.opened),
            "desktop",
        );
        context.ui.out(&colored(&unified, context.ui.paint()))?;
    }
    Ok(exit(saved == captured))
}

/// Compares two layouts in their canonical form, so that the style and the comments of the files do
/// not count.
fn two(context: &Context, layouts: &[Loaded; 2], json: bool) -> Result<Exit, Error> {
    let texts = layouts.each_ref().map(|loaded| canonical(&loaded.layout));
    let origins = layouts
        .each_ref()
        .map(|loaded| context.origin(&loaded.opened));
    let same = texts[0] == texts[1];
    let unified = unified(&texts[0], &texts[1], &origins[0], &origins[1]);
    context.print(
        json,
        || json!({ "layouts": origins, "same": same, "diff": unified }),
        |paint| colored(&unified, paint),
    )?;
    if same {
        let [one, other] = &origins;
        context
            .ui
            .say(&format!("{one} and {other}: no differences"));
    }
    Ok(exit(same))
}

/// The only written form of a layout.
fn canonical(layout: &Layout) -> String {
    write(layout, Format::Yaml, &WriteOptions::default())
}
