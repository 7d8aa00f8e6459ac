//! `status`: show i3, the layouts on the desktop, the last run and leftovers.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::Path;

use super::comparison::{compare, load};
use super::context::Context;
use super::exit::Exit;
use super::history::last;
use super::places::start_times;
use crate::apply::Recovered;
use crate::apply::leftovers::{self, Clear};
use crate::error::Error;
use crate::journal::Run;
use crate::journal::file::now;
use crate::live::Desktop;
use crate::records::{Window, file};
use crate::store::LOCAL;
use crate::ui::diagnostic::{to_line, without_number};
use crate::ui::history::Result as Ending;
use crate::ui::status::{self as text, I3, KnownWindows, OnDesktop, Status};
use crate::wm::command::Command;

/// Show i3, the monitors, the layouts on the desktop, the last run and leftovers
///
/// A layout is on the desktop while windows are open that `apply` or `capture` has recorded for it, and
/// one of its slots has a window. It is complete if `diff` finds no difference.
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
        let loaded = load(context, (layout, path));
        let comparison = match loaded.and_then(|loaded| compare(&loaded, context, &config)) {
            // The windows of a deleted layout are still recorded.
            Err(Error::Store(error)) if error.is_missing() => return None,
            // So are those of slots that are not in the file any more.
            Ok(compared) if compared.filled == 0 => return None,
            compared => compared.map_err(|error| to_line(&error)),
        };
        Some(OnDesktop {
            layout: layout.to_owned(),
            short: short(layout, path),
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

/// The name of a layout; for a file elsewhere, that of the file, and for the layout of a project, that
/// of its directory.
fn short(layout: &str, path: &Path) -> String {
    let is_project = path.file_name() == Some(OsStr::new(LOCAL));
    let name = if !layout.starts_with('/') {
        None
    } else if is_project {
        path.parent().and_then(Path::file_name)
    } else {
        path.file_stem()
    };
    let name = name.and_then(OsStr::to_str);
    name.unwrap_or(layout).to_owned()
}

/// The leftovers of interrupted runs.
pub(super) fn leftovers_on(desktop: &Desktop) -> Recovered {
    let commands = leftovers::commands(desktop, Clear::Run);
    let is_mark = |command: &&Command| matches!(command, Command::Unmark { .. });
    let marks = commands.iter().filter(is_mark).count();
    Recovered::of(&commands, marks)
}
