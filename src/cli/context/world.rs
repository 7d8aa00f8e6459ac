//! The session of i3, the machine, and what is observed of both.
#![expect(clippy::disallowed_methods, reason = "reads the environment")]

use std::cell::LazyCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use miette::Diagnostic as _;

use super::super::completions::{Places, Shell};
use super::{Context, Loaded};
use crate::apply::World;
use crate::capture::{Captured, Options, capture};
use crate::compile::Plan;
use crate::config::Config;
use crate::discover::ThisMachine;
use crate::discover::observed_processes::{Fresh, WithCommands};
use crate::discover::proc_table::ProcTable;
use crate::error::Error;
use crate::live::{Desktop, Process, Processes};
use crate::matching::Sought;
use crate::session::{Session, SessionEnv};
use crate::ui::diagnostic::to_line;
use crate::ui::words::{hide, hide_secrets_in};

/// The default of `XDG_DATA_DIRS` (XDG Base Directory Specification).
const DATA_DIRS: &str = "/usr/local/share:/usr/share";

/// Additional data directories, in which Flatpak and Snap put desktop entries.
const EXPORTS: [&str; 3] = [
    "~/.local/share/flatpak/exports/share",
    "/var/lib/flatpak/exports/share",
    "/var/lib/snapd/desktop",
];

impl Context {
    /// Connects to i3 and the X server.
    pub(in crate::cli) fn session(&self) -> Result<Session, Error> {
        let session = Session::open(&self.session_env())?;
        self.record_session(&session);
        Ok(session)
    }

    /// The environment of the session.
    pub(in crate::cli) fn session_env(&self) -> SessionEnv {
        SessionEnv {
            i3sock: self.variable("I3SOCK").map(PathBuf::from),
            display: self.display(),
            sway: self.variable("SWAYSOCK").is_some(),
            ..SessionEnv::default()
        }
    }

    /// The file of this program; `None` if it is not known.
    pub(in crate::cli) fn own_program() -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    /// Facts about the desktop for a command that also works without i3. Warns if i3 runs, but does
    /// not answer.
    pub(in crate::cli) fn if_running<T, E: Into<Error>>(
        &self,
        ask: impl FnOnce(&mut Session) -> Result<T, E>,
    ) -> Option<T> {
        let answer = self
            .session()
            .and_then(|mut session| ask(&mut session).map_err(Into::into));
        answer
            .map_err(|error| {
                let code = error.code().map(|code| code.to_string());
                let runs = !matches!(code.as_deref(), Some("i3-not-found" | "no-display"));
                if runs {
                    let problem = to_line(&error);
                    self.ui.warn(&format!("{problem}; continuing without i3"));
                }
            })
            .ok()
    }

    /// The machine on which discovery looks for commands. It uses the `PATH` of i3, the
    /// environment in which programs are started.
    pub(in crate::cli) fn machine(&self, session: &Session, config: &Config) -> ThisMachine {
        self.machine_in(self.i3_environment(session), config)
    }

    /// As [`Self::machine`], for a command that also works without i3.
    pub(in crate::cli) fn machine_without_session(&self, config: &Config) -> ThisMachine {
        self.machine_in(self.program_environment(), config)
    }

    /// The directories of data for all users.
    fn shared_data(&self) -> Vec<PathBuf> {
        let shared = self.variable("XDG_DATA_DIRS");
        std::env::split_paths(shared.unwrap_or(OsStr::new(DATA_DIRS))).collect()
    }

    /// The user's shell, if this program has completions for it, and the files that it reads them
    /// from.
    pub(in crate::cli) fn completions(&self) -> Option<(Shell, Vec<PathBuf>)> {
        let shell = Shell::of(Path::new(self.variable("SHELL")?))?;
        let mut shared = self.shared_data();
        // Shells search these also if `XDG_DATA_DIRS` lacks them.
        let usual = DATA_DIRS.split(':').map(PathBuf::from);
        let missing: Vec<PathBuf> = usual.filter(|one| !shared.contains(one)).collect();
        shared.extend(missing);
        let files = shell.files(&Places {
            config: &self.config,
            data: &self.data,
            shared: &shared,
        });
        Some((shell, files))
    }

    /// The files that the shell runs when it starts, in which users ask for completions.
    pub(in crate::cli) fn start_files(&self, shell: Shell) -> Vec<PathBuf> {
        shell.start_files(&self.home, &self.config)
    }

    fn machine_in(
        &self,
        environment: &BTreeMap<OsString, OsString>,
        config: &Config,
    ) -> ThisMachine {
        let path = environment.get(OsStr::new("PATH"));
        let path = path.map(OsString::as_os_str).or(self.variable("PATH"));
        let mut directories = vec![self.data.clone()];
        let usual = EXPORTS
            .iter()
            .map(|exports| match exports.strip_prefix("~/") {
                Some(below) => self.home.join(below),
                None => PathBuf::from(exports),
            });
        // Session managers add the exports of Flatpak and Snap; a plain i3 session does not.
        for directory in self.shared_data().into_iter().chain(usual) {
            if !directories.contains(&directory) {
                directories.push(directory);
            }
        }
        ThisMachine::new(
            Some(self.home.clone()),
            path.unwrap_or_default(),
            directories,
        )
        .on_display(self.display().unwrap_or_default())
        .with_config(config, self.texts())
    }

    /// Captures all windows.
    pub(in crate::cli) fn capture(
        &self,
        desktop: &Desktop,
        machine: &ThisMachine,
        config: &Config,
    ) -> Captured {
        let options = Options {
            secrets: Some(machine.secrets()),
            config: Some(config),
            home: Some(&self.home),
            ..Options::default()
        };
        capture(desktop, &|asked| machine.discover(asked), &options)
    }

    /// Calls `then` with the processes during a run of this plan, which know the commands that
    /// `capture` writes for windows that the plan may use.
    pub(in crate::cli) fn with_processes<T>(
        &self,
        session: &mut Session,
        plan: &Plan,
        config: &Config,
        then: impl FnOnce(&mut Session, &dyn Processes) -> T,
    ) -> T {
        let machine = self.machine(session, config);
        // Needed only if a window is in no slot.
        let sought = LazyCell::new(|| Sought::new(plan));
        let processes = WithCommands {
            processes: Fresh::default(),
            machine: &machine,
            is_needed: &|con, desktop| {
                let mut seats = desktop.seats(con).iter();
                let facts = desktop.facts(con);
                !seats.any(|seat| plan.of_seat(seat).is_some())
                    && facts.is_some_and(|facts| sought.needs_command(con, facts))
            },
        };
        then(session, &processes)
    }

    /// The environment of i3, with the display and the i3 of this session.
    pub(in crate::cli) fn session_environment(
        &self,
        session: &mut Session,
    ) -> BTreeMap<OsString, OsString> {
        let mut env = self.i3_environment(session).clone();
        if let Some(display) = self.variable("DISPLAY") {
            env.insert("DISPLAY".into(), display.to_owned());
        }
        let socket = session.wm().socket.path.as_os_str();
        env.insert("I3SOCK".into(), socket.to_owned());
        env
    }

    /// Everything that `apply` needs from the outside. Programs get the environment of i3,
    /// with the display and the i3 of this session.
    pub(in crate::cli) fn world<'s>(
        &'s self,
        session: &'s mut Session,
        process: &'s dyn Processes,
        loaded: Option<&Loaded>,
    ) -> World<'s> {
        World {
            env: self.session_environment(session),
            session,
            process,
            runtime: self.runtime().to_owned(),
            layout: loaded.and_then(|loaded| loaded.opened.path.as_deref().map(lasting)),
            logs: self.logs(),
            apart: self.state.join("processes.json"),
            display: self.display().unwrap_or_default(),
            hide: &hide,
            recorder: &self.journal,
        }
    }

    /// The environment of i3, which every program of the session inherits, else that of this
    /// process.
    pub(in crate::cli) fn i3_environment(
        &self,
        session: &Session,
    ) -> &BTreeMap<OsString, OsString> {
        self.of_programs.get_or_init(|| {
            let of_i3 = ProcTable::new().environ(session.i3_pid());
            match of_i3.filter(|environment| !environment.is_empty()) {
                Some(environment) => environment.into_iter().collect(),
                None => self.environment.clone(),
            }
        })
    }

    /// The environment in which programs are started: that of the running i3, if there is one.
    pub(in crate::cli) fn program_environment(&self) -> &BTreeMap<OsString, OsString> {
        if let Some(known) = self.of_programs.get() {
            return known;
        }
        match self.session() {
            Ok(session) => self.i3_environment(&session),
            Err(_) => self.of_programs.get_or_init(|| self.environment.clone()),
        }
    }
}

/// Observes the desktop and the processes of its windows. From now on, secrets in their
/// command lines are masked in all output.
pub(in crate::cli) fn observe(session: &mut Session) -> Result<Desktop, Error> {
    Ok(hiding(session.observe(&ProcTable::new())?))
}

/// Like [`observe`], with these processes.
pub(in crate::cli) fn observe_with(
    session: &mut Session,
    processes: &dyn Processes,
) -> Result<Desktop, Error> {
    Ok(hiding(session.observe(processes)?))
}

/// Like [`observe`], but reads only the process data that capture uses: that of programs, and
/// the start times, by which records identify windows.
pub(in crate::cli) fn observe_programs(session: &mut Session) -> Result<Desktop, Error> {
    let processes = ProcTable::new();
    let program = |pid| {
        Some(Process {
            started: processes.started(pid),
            ..processes.program(pid)?
        })
    };
    Ok(hiding(session.observe(&program)?))
}

fn hiding(desktop: Desktop) -> Desktop {
    for facts in desktop.windows.values() {
        if let Some(process) = &facts.process {
            hide_secrets_in(&process.argv);
        }
    }
    desktop
}

/// The path of a layout for the records, which commands in other directories read. A link stays one: the
/// layout is found by its name.
pub(in crate::cli) fn lasting(path: &Path) -> PathBuf {
    let absolute = path.is_relative().then(|| path.canonicalize().ok());
    absolute.flatten().unwrap_or_else(|| path.to_owned())
}
