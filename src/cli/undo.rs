//! `undo`: restore the arrangement of windows before a run.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::alarm::Buttons;
use super::context::{Context, observe_with};
use super::exit::Exit;
use super::history::{age, find, read};
use super::journal::i3_process;
use crate::apply::{self, FocusMode, Missing, Mode, Options, Plans, Scope};
use crate::capture::{CapturedWindow, arrangement, with_windows};
use crate::compile::{Plan, Surroundings, compile};
use crate::discover::observed_processes::Fresh;
use crate::discover::secrets::MASK;
use crate::error::Error;
use crate::journal::{Run, SessionId};
use crate::layout::Layout;
use crate::live::{Con, ConId, Desktop, Output, PresentWorkspace, Seat, XId};
use crate::matching::Reuse;
use crate::records::{Placed, Window};
use crate::session::Session;
use crate::ui::progress::Live;
use crate::ui::words::quoted;
use crate::ui::{self, Paint};

/// The name of the arrangement. No layout can have it.
const NAME: &str = "(undo)";

/// The commands that can be undone.
const UNDOABLE: [&str; 3] = ["apply", "adapt", "undo"];

/// The time that windows may take to close.
const PATIENCE: Duration = Duration::from_secs(5);

/// Restore the arrangement of windows before a run
///
/// By default, undoes the last `apply`, `adapt` or `undo` that changed something; so running it
/// twice is a redo. Restores the places, workspaces, floating and fullscreen states of the windows
/// that are still open, the focus and the visible workspaces. Starts and closes nothing, unless
/// `--close-launched` is given. With RUN, goes back to before that run of this X session.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        i3pm-layout undo\n  \
        i3pm-layout undo 20261129-211544-4711\n  \
        i3pm-layout undo --close-launched --yes\n  \
        bindsym $mod+F10 exec --no-startup-id i3pm-layout undo")]
pub(super) struct Args {
    /// The run to undo: its id from `history`, or the beginning of its id (default: `last`)
    #[arg(value_name = "RUN")]
    run: Option<String>,
    /// Close the windows that the run has opened, after asking
    #[arg(long)]
    close_launched: bool,
    /// With `--close-launched`: do not ask
    #[arg(long, requires = "close_launched")]
    yes: bool,
    /// Print the report as JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Result<Exit, Error> {
    let mut session = context.session()?;
    let here = SessionId {
        display: context.display().unwrap_or_default(),
        i3: i3_process(&session),
    };
    let (run, before) = chosen(args, context, &here)?;
    // Its button "Undo" may have started this command.
    if let Some(layout) = run.end().and_then(|(_, ended)| ended.layout.as_deref()) {
        context.clear_bar(layout);
    }
    context.clear_bar("");
    let processes = Fresh::default();
    let mut now = observe_with(&mut session, &processes)?;
    let closed = if args.close_launched {
        let launched = launched(&run, &now);
        let closed = close(args, context, &mut session, (&now, &launched))?;
        now = observe_with(&mut session, &processes)?;
        closed
    } else {
        Vec::new()
    };
    let before = with_present_secrets(before, &now);
    let arrangement = Arrangement::new(&before, &now);
    let plan = arrangement.plan(context, &mut session)?;
    session.remember(arrangement.placed(&plan));
    let options = Options {
        timeout: PATIENCE,
        total_timeout: None,
        keep_placeholders: false,
        missing: Missing::Skip,
        reuse: Reuse::Recorded,
        focus: FocusMode::Restore,
        scope: Scope::default(),
        mode: Mode::Merge,
    };
    let mut progress = Live::new(context.ui, NAME, false, context.notices());
    let lines = session.workspace_outputs()?;
    let make = |outputs: &[Output], workspaces: &[PresentWorkspace]| {
        arrangement.compiled(Surroundings {
            outputs,
            workspaces,
            workspace_outputs: &lines,
            ..surroundings(context, &BTreeMap::new())
        })
    };
    let plans = Plans::new(plan.clone());
    let report = {
        let mut world = context.world(&mut session, &processes, None);
        context.recorded_run(&mut world, (&plans, &make), &options, &mut progress)?
    };
    drop(progress);
    let undone = ui::undo::Undone {
        run: &run,
        age: age(&run),
        report: &report,
        gone: arrangement.gone,
        closed_before: ui::undo::closed_by(&run),
        launched: launched(&run, &now).len(),
        closed,
    };
    let json = ui::undo::to_json(&undone);
    if args.json {
        context.ui.json(&json)?;
    }
    context.announce(report.is_complete(), &|paint| {
        ui::undo::report(&undone, paint)
    });
    context.journal.report(&report, &plan, &json);
    if report.is_complete() {
        return Ok(Exit::Done);
    }
    let details = || ui::undo::report(&undone, Paint(false));
    let line = ui::undo::alert(&undone);
    context.alarm(&session, "", (&line, &details), Buttons::Again);
    Ok(Exit::Incomplete)
}

/// The run to undo, and the desktop before it.
fn chosen(args: &Args, context: &Context, here: &SessionId) -> Result<(Run, Desktop), Error> {
    // The latest record is that of this command.
    if let Some(name) = args.run.as_ref().filter(|name| *name != "last") {
        let run = find(context, name)?;
        let id = run.id.to_string();
        if run.session() != Some(here) {
            return Err(Error::OtherSession { run: id });
        }
        let desktop = run.first_desktop().ok_or(Error::NoSnapshot { run: id })?;
        return Ok((run, desktop));
    }
    let ids = context.runs().runs();
    let runs = ids.iter().rev().filter_map(|id| read(context, id).ok());
    let mut found = runs.filter(|run| {
        UNDOABLE.contains(&run.start.command.as_str())
            && run.session() == Some(here)
            && run.has_changed_something()
    });
    found
        .find_map(|run| {
            let desktop = run.first_desktop()?;
            Some((run, desktop))
        })
        .ok_or(Error::NothingToUndo)
}

/// The desktop with the title formats of `now` in place of those that the record has masked: a secret
/// is not recorded, and a masked value must not get onto the desktop.
fn with_present_secrets(mut before: Desktop, now: &Desktop) -> Desktop {
    let windows = now.tree.windows();
    let present = windows.filter_map(|con| {
        let format = con.attributes.title_format.as_deref();
        Some((con.window?, format))
    });
    restore_formats(&mut before.tree, &present.collect());
    before
}

fn restore_formats(con: &mut Con, present: &BTreeMap<XId, Option<&str>>) {
    let format = &mut con.attributes.title_format;
    if format.as_ref().is_some_and(|format| format.contains(MASK)) {
        let present = con.window.and_then(|window| present.get(&window).copied());
        *format = present.flatten().map(str::to_owned);
    }
    for child in con.nodes.iter_mut().chain(&mut con.floating_nodes) {
        restore_formats(child, present);
    }
}

/// The windows that a run has opened and that are still open.
fn launched(run: &Run, desktop: &Desktop) -> BTreeSet<ConId> {
    let (tokens, matched) = (run.tokens(), run.launched());
    let is_launched = |con: &&Con| {
        let facts = con
            .window
            .and_then(|id| Some((id, desktop.windows.get(&id)?)));
        facts.is_some_and(|(id, facts)| {
            let process = facts.process.as_ref();
            let token = process.and_then(|process| process.token.as_deref());
            let is_later = process.is_some_and(|one| one.started >= run.start.started);
            matched.contains(&Window::new(id, Some(facts)))
                || is_later && token.is_some_and(|token| tokens.contains(token))
        })
    };
    let windows = desktop.tree.windows();
    windows.filter(is_launched).map(|con| con.id).collect()
}

/// Closes windows, after asking. Returns the titles of those that are closed.
fn close(
    args: &Args,
    context: &Context,
    session: &mut Session,
    (desktop, windows): (&Desktop, &BTreeSet<ConId>),
) -> Result<Vec<String>, Error> {
    if windows.is_empty() {
        return Ok(Vec::new());
    }
    let titles = windows.iter().filter_map(|con| desktop.tree.find(*con));
    let titles = quoted(titles.map(Con::name));
    if !args.yes {
        if !context.ui.can_ask() {
            return Err(Error::Usage {
                what: format!("`--close-launched` would close {titles}"),
                hint: Some("pass `--yes` to close them without a question".to_owned()),
            });
        }
        if !context.ui.ask(&format!("Close {titles}?"), false) {
            return Ok(Vec::new());
        }
    }
    let processes = Fresh::default();
    let mut world = context.world(session, &processes, None);
    let open = apply::close(&mut world, windows, PATIENCE)?;
    let closed = windows.iter().filter(|con| !open.contains(con));
    let title = |con: &ConId| Some(desktop.tree.find(*con)?.name().to_owned());
    let closed: Vec<String> = closed.filter_map(title).collect();
    let open = open.iter().filter_map(|con| desktop.tree.find(*con));
    let open: Vec<&str> = open.map(Con::name).collect();
    if !open.is_empty() {
        context
            .ui
            .warn(&format!("{} did not close", quoted(open.iter().copied())));
    }
    Ok(closed)
}

/// The arrangement of those windows of a desktop that are still open.
struct Arrangement {
    layout: Layout<CapturedWindow>,
    /// The windows in the slots, by the ids of the slots.
    windows: Vec<(String, Window)>,
    /// The titles of the windows that are not open any more.
    gone: Vec<String>,
}

impl Arrangement {
    fn new(before: &Desktop, now: &Desktop) -> Self {
        let window = |desktop: &Desktop, con: &Con| {
            let id = con.window?;
            Some(Window::new(id, desktop.windows.get(&id)))
        };
        let open = now.tree.windows().filter_map(|con| window(now, con));
        let open: BTreeSet<Window> = open.collect();
        let of = |con: ConId| window(before, before.tree.find(con)?);
        let is_open = |con: ConId| of(con).is_some_and(|window| open.contains(&window));
        let all = arrangement(before);
        let gone = all.windows().filter(|window| !is_open(window.con));
        let gone = gone.filter_map(|window| Some(before.tree.find(window.con)?.name().to_owned()));
        let gone = gone.collect();
        let layout = with_windows(all, &is_open);
        let windows = layout.windows();
        let windows = windows.filter_map(|one| Some((one.slot.id.clone()?, of(one.con)?)));
        Self {
            windows: windows.collect(),
            layout,
            gone,
        }
    }

    fn plan(&self, context: &Context, session: &mut Session) -> Result<Plan, Error> {
        let (outputs, workspaces) = (session.outputs()?, session.workspaces()?);
        let lines = session.workspace_outputs()?;
        Ok(self.compiled(Surroundings {
            outputs: &outputs,
            workspaces: &workspaces,
            workspace_outputs: &lines,
            ..surroundings(context, &BTreeMap::new())
        }))
    }

    fn compiled(&self, surroundings: Surroundings<'_>) -> Plan {
        let layout = self.layout.clone();
        compile(&layout.map(&mut |window, _, _| window.slot), surroundings)
    }

    /// The seats of the windows.
    fn placed(&self, plan: &Plan) -> Placed {
        let seats = self.windows.iter();
        let seats =
            seats.map(|(slot, window)| (*window, vec![Seat::new(plan.name_of_seats(), slot)]));
        seats.collect()
    }
}

/// Surroundings without a desktop.
fn surroundings<'c>(context: &'c Context, env: &'c BTreeMap<String, String>) -> Surroundings<'c> {
    Surroundings {
        name: NAME,
        identity: None,
        outputs: &[],
        workspaces: &[],
        workspace_outputs: &[],
        env,
        home: &context.home,
    }
}
