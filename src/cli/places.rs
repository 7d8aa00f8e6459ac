//! The places of workspaces on the present monitors, and their records.

use std::time::Duration;

use super::context::Context;
use crate::discover::proc_table::ProcTable;
use crate::error::Error;
use crate::live::{Desktop, Process, Processes};
use crate::records::{Arrangement, Arrangements, file};
use crate::session::Session;
use crate::ui::diagnostic::{to_line, without_number};

/// The time that i3 may take to notice a monitor.
const MONITORS_LIMIT: Duration = Duration::from_secs(2);

/// Connects to i3, and waits until it has noticed the monitors.
pub(super) fn session_with_monitors(context: &Context) -> Result<Session, Error> {
    let mut session = context.session()?;
    wait_for_monitors(&mut session, context)?;
    Ok(session)
}

/// Waits until i3 has noticed the monitors; warns if it does not.
pub(super) fn wait_for_monitors(session: &mut Session, context: &Context) -> Result<(), Error> {
    if !session.wait_for_monitors(MONITORS_LIMIT)? {
        let seconds = MONITORS_LIMIT.as_secs();
        context.ui.warn(&format!(
            "i3 does not have all monitors after {seconds} s; using those that it has"
        ));
    }
    Ok(())
}

/// The start times of processes, and nothing else of them.
pub(super) fn start_times() -> impl Processes {
    let processes = ProcTable::new();
    move |pid| {
        Some(Process {
            started: processes.started(pid),
            ..Process::default()
        })
    }
}

/// Observes the places of workspaces and windows, with what proves that a window is the same.
pub(super) fn observe_places(session: &mut Session) -> Result<Desktop, Error> {
    let desktop = session.observe(&start_times())?;
    Ok(desktop.without_reserved_names().unwrap_or(desktop))
}

/// The last arrangements of workspaces on sets of monitors.
pub(super) fn arrangements(context: &Context) -> Arrangements {
    let path = file::arrangements(&context.state);
    file::read_arrangements(&path).unwrap_or_else(|error| {
        let (path, reason) = (context.short(&path), error.to_string());
        context.ui.warn(&format!(
            "the record of places in {path} cannot be read and is ignored: {}; `i3pm-layout doctor` \
             shows the fix",
            without_number(&reason)
        ));
        Arrangements::default()
    })
}

/// Records the present arrangement for the connected monitors. `layout` is the layout that was
/// applied or captured.
pub(super) fn remember(
    context: &Context,
    session: &mut Session,
    layout: Option<&str>,
) -> Result<(), Error> {
    let desktop = observe_places(session)?;
    remember_desktop(context, &desktop, layout);
    Ok(())
}

/// As [`remember`], for an observed desktop. Warns if it cannot be recorded.
pub(super) fn remember_desktop(context: &Context, desktop: &Desktop, layout: Option<&str>) {
    warn(context, record_desktop(context, desktop, layout));
}

/// Records the arrangement of an observed desktop.
pub(super) fn record_desktop(
    context: &Context,
    desktop: &Desktop,
    layout: Option<&str>,
) -> Result<(), Error> {
    let mut all = arrangements(context);
    let arrangement = Arrangement {
        layout: layout.map(str::to_owned),
        ..Arrangement::of(desktop)
    };
    if all.remember(arrangement) {
        write(context, &all)?;
    }
    Ok(())
}

/// Gives the records of a layout its new identity.
pub(super) fn rename(context: &Context, from: &str, to: &str) {
    let mut all = arrangements(context);
    if all.rename(from, to) {
        warn(context, write(context, &all));
    }
}

fn write(context: &Context, all: &Arrangements) -> Result<(), Error> {
    let path = file::arrangements(&context.state);
    file::write_any(&path, all).map_err(|source| Error::NotRecorded { path, source })
}

fn warn(context: &Context, recorded: Result<(), Error>) {
    if let Err(error) = recorded {
        context.ui.warn(&format!(
            "{}; `adapt` without a profile restores an earlier record",
            to_line(&error)
        ));
    }
}
