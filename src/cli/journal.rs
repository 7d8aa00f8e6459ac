//! The journal of the present command.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use super::context::{Context, Loaded};
use super::exit::Exit;
use crate::apply::{Action, Event, Listener, Plans, Progress, Report, SlotReport};
use crate::apply::{ApplyError, MakePlan, Options, World, shorten_logs};
use crate::config::{Config, History};
use crate::discover::proc_table::ProcTable;
use crate::error::Error;
use crate::journal::file::{Folder, Retention};
use crate::journal::{Filter, Follower, I3Process, Journal, LayoutFile, Start};
use crate::live::Pid;
use crate::session::Session;
use crate::ui::diagnostic::{to_line, without_number};
use crate::ui::progress::Live;
use crate::ui::trace;
use crate::ui::words::{hide, hide_line, hide_value};

/// The seconds of a day.
const DAY: u64 = 86_400;

impl Context {
    /// The folder of the journal.
    pub(super) fn runs(&self) -> Folder {
        Folder(self.state.join("runs"))
    }

    /// The folder of the logs of programs.
    pub(super) fn logs(&self) -> PathBuf {
        self.state.join("log")
    }

    /// Removes old runs, shortens logs, and begins to record this command. With `verbose`, prints each action.
    pub(super) fn begin_record(
        &self,
        command: &str,
        arguments: &[OsString],
        config: Option<&Config>,
        verbose: bool,
    ) {
        let history = config.and_then(|config| config.history.as_ref());
        let history = history.map_or_else(History::default, |history| history.value);
        let days = u64::try_from(history.days()).unwrap_or(u64::MAX);
        let folder = self.runs();
        folder.prune(Retention {
            age: Duration::from_secs(days.saturating_mul(DAY)),
            // With the run that begins. `undo` needs the one before it.
            runs: history.runs().saturating_sub(1).max(1),
        });
        shorten_logs(&self.logs());
        let arguments = arguments.iter().skip(1);
        let arguments = arguments.map(|one| one.to_string_lossy().into_owned());
        let pid = std::process::id();
        let start = Start {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            command: command.to_owned(),
            arguments: arguments.collect(),
            at: 0,
            pid,
            started: ProcTable::new().started(Pid(pid)),
        };
        let filter = Filter {
            line: hide_line,
            text: hide,
            entry: hide_value,
        };
        let ui = self.ui;
        let follower = verbose
            .then(|| Follower::new(move |item| ui.trace(&trace::line(item, ui.paint_err()))));
        self.journal.start(&folder, start, filter, follower);
    }

    /// Records the end of the command. Warns if something could not be recorded.
    pub(super) fn end_record(&self, result: &Result<Exit, Error>) {
        match result {
            Ok(exit) => self.journal.end(*exit as u8, None, false),
            Err(error) => {
                let line = Some(to_line(error));
                self.journal
                    .end(Exit::Failed as u8, line, error.is_refusal());
            }
        }
        if let Some(problem) = self.journal.problem() {
            let (folder, problem) = (self.short(&self.runs().0), problem.to_string());
            self.ui.warn(&format!(
                "this run is not recorded in {folder}: {}; `history` and `undo` do not know it",
                without_number(&problem)
            ));
        }
    }

    /// Records the session.
    pub(super) fn record_session(&self, session: &Session) {
        let display = self.display().unwrap_or_default();
        self.journal.session(&display, || i3_process(session));
    }

    /// Records the layout; `name` as on the command line.
    pub(super) fn record_layout(&self, loaded: &Loaded, name: &str) {
        let path = loaded.opened.path.as_deref();
        self.journal.layout(&LayoutFile {
            name: name.to_owned(),
            identity: self.identity_of(loaded),
            path: path.map(ToOwned::to_owned),
            hash: loaded.opened.fingerprint(),
        });
    }

    /// Performs a run and records it. `printed` is the report as JSON.
    pub(super) fn recorded_run(
        &self,
        world: &mut World<'_>,
        (plans, make): (&Plans, &MakePlan<'_>),
        options: &Options,
        progress: &mut Live,
    ) -> Result<Report, ApplyError> {
        let mut listener = Recorded {
            progress,
            journal: &self.journal,
        };
        crate::apply::run(world, (plans, make), options, &mut listener)
    }

    /// Records the result of a command that performs no run.
    pub(super) fn record_result(&self, windows: usize, printed: &Value) {
        self.journal.result(windows, printed);
    }
}

/// The process of i3.
pub(super) fn i3_process(session: &Session) -> I3Process {
    let pid = session.i3_pid();
    I3Process {
        pid: pid.0,
        started: ProcTable::new().started(pid),
    }
}

/// Shows the progress of a run, and records its events.
struct Recorded<'r> {
    progress: &'r mut Live,
    journal: &'r Journal,
}

impl Listener for Recorded<'_> {
    fn update(&mut self, progress: Progress<'_>) {
        self.progress.update(progress);
    }

    fn gave_up(&mut self, slot: &SlotReport) {
        self.progress.gave_up(slot);
    }

    fn happened(&mut self, event: &Event) {
        self.journal.happened(event);
    }

    fn follows(&mut self, actions: &[Action]) {
        self.journal.follows(actions);
    }
}
