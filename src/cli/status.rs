//! `status`: show i3, the layouts on the desktop, the last run and leftovers.

use std::collections::BTreeSet;
use std::path::Path;

use super::context::Context;
use super::diff::look;
use super::exit::Exit;
use super::history::last;
use super::places::start_times;
use crate::apply::Recovered;
use crate::apply::leftovers::{self, Clear};
use crate::config::Config;
use crate::diff::{diff, without_optional};
use crate::error::Error;
use crate::journal::Run;
use crate::journal::file::now;
use crate::live::Desktop;
use crate::matching::{Reuse, match_windows};
use crate::records::{Window, file};
use crate::store::Target;
use crate::ui::diagnostic::{to_line, without_number};
use crate::ui::history::Result as Ending;
use crate::ui::status::{self as text, Comparison, I3, KnownWindows, OnDesktop, Status};
use crate::wm::command::Command;

/// Show i3, the monitors, the layouts on the desktop, the last run and leftovers
///
/// A layout is on the desktop while a window is open that `apply` or `capture` has recorded for one
/// of its slots. It is complete if `diff` finds no difference.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout status\n  \
        i3pm-layout status --short               For i3bar or polybar\n  \
        i3pm-layout status --json | jq -r '.layouts[] | select(.complete).layout'")]
pub(super) struct Args {
    /// Print one line: the layouts, and what went wrong
    #[arg(long, conflicts_with = "json")]
    short: bool,
    /// Print the status as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let config = context.config()?;
    let mut session = context.session()?;
    let desktop = session.observe(&start_times())?;
    let windows = desktop.windows.iter();
    let open: BTreeSet<Window> = windows
        .map(|(&id, facts)| Window::new(id, Some(facts)))
        .collect();
    let path = context.records_file();
    let read = file::try_read(&path);
    let known = KnownWindows {
        path: &path,
        problem: read.as_ref().err().map(|error| {
            let reason = error.to_string();
            without_number(&reason).to_owned()
        }),
        windows: read.as_ref().map_or(0, |records| records.open(&open)),
    };
    let records = read.unwrap_or_default();
    let layouts = records.files(&open).into_iter();
    let layouts = layouts.filter_map(|(layout, path)| {
        let comparison = match compare(context, &config, (layout, path)) {
            // The windows of a deleted layout are still recorded.
            Err(Error::Store(error)) if error.is_missing() => return None,
            compared => compared.map_err(|error| to_line(&error)),
        };
        Some(OnDesktop {
            layout: layout.to_owned(),
            path: path.to_owned(),
            comparison,
        })
    });
    let last_run = last(context);
    let is_running = matches!(last_run, Some((_, Ending::Running)));
    let active = last_run.as_ref().filter(|_| is_running);
    let progress = active.and_then(|(run, _)| {
        let text = context.runs().read(&run.id).ok()?;
        Run::parse(run.id.clone(), &text)?.progress()
    });
    let status = Status {
        progress,
        i3: I3 {
            version: desktop.version.clone(),
            socket: session.socket().to_owned(),
            pid: session.i3_pid(),
        },
        display: context.display().unwrap_or_default(),
        outputs: desktop.outputs.clone(),
        layouts: layouts.collect(),
        last_run,
        leftovers: (!is_running).then(|| leftovers_on(&desktop)),
        known,
    };
    if args.short {
        context.ui.out(&text::short(&status))?;
    } else {
        context.print(
            args.json,
            || text::to_json(&status),
            |paint| text::status(&status, now(), paint),
        )?;
    }
    Ok(Exit::Done)
}

/// The leftovers of interrupted runs.
pub(super) fn leftovers_on(desktop: &Desktop) -> Recovered {
    let commands = leftovers::commands(desktop, Clear::Run);
    let is_mark = |command: &&Command| matches!(command, Command::Unmark { .. });
    let marks = commands.iter().filter(is_mark).count();
    Recovered::of(&commands, marks)
}

/// Compares a layout with the desktop as `diff` does.
fn compare(
    context: &Context,
    config: &Config,
    (layout, path): (&str, &Path),
) -> Result<Comparison, Error> {
    let mut loaded = context.load_target(&Target::File(path.to_owned()))?;
    let arguments = context.arguments_of(layout, path);
    if !arguments.is_empty() {
        loaded = context.load_with(&path.to_string_lossy(), &arguments)?;
    }
    // A session asks for the command of a window once, for the layout that needs it.
    let mut session = context.session()?;
    let (plan, desktop) = look(&loaded, context, &mut session, config)?;
    let assignment = match_windows(&plan, &desktop, Reuse::default());
    let mut all = diff(&plan, &desktop, &assignment);
    all.retain(|difference| !difference.is_attention());
    let (differences, _) = without_optional(&plan, all);
    let slots = plan.slots();
    let filled = slots.filter(|(idx, _)| assignment.window(*idx).is_some());
    Ok(Comparison {
        filled: filled.count(),
        slots: plan.slots().count(),
        differences: differences.len(),
    })
}
