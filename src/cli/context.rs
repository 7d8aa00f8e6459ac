//! The environment, read once for all commands, and the functions based on it.
#![expect(clippy::disallowed_methods, reason = "reads the environment")]

use std::cell::{LazyCell, OnceCell};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use etcetera::base_strategy::Xdg;

use miette::Diagnostic as _;
use serde_json::Value;

use super::directories;
use crate::apply::{World, seats_of_started};
use crate::capture::{Captured, Options, capture, needed};
use crate::compile::{Plan, Surroundings, compile};
use crate::config::{self, Config, Policy};
use crate::discover::ThisMachine;
use crate::discover::observed_processes::{Fresh, WithCommands};
use crate::discover::proc_table::ProcTable;
use crate::error::Error;
use crate::journal::Journal;
use crate::layout::{Format, Layout, read_bytes};
use crate::live::{Desktop, Output, PresentWorkspace, Process, Processes, WorkspaceOutput};
use crate::matching::Sought;
use crate::records::{OtherLayouts, Records, file};
use crate::session::{Session, SessionEnv};
use crate::store::{Dirs, Opened, Store, Target};
use crate::ui::diagnostic::to_line;
use crate::ui::words::{
    hide, hide_matches_of, hide_secrets_in, hide_values, know_layout, shorten, tilde,
};
use crate::ui::{Paint, Ui};

/// The default of `XDG_DATA_DIRS` (XDG Base Directory Specification).
const DATA_DIRS: &str = "/usr/local/share:/usr/share";

/// The default of `XDG_CONFIG_DIRS`.
const CONFIG_DIRS: &str = "/etc/xdg";

/// Additional data directories, in which Flatpak and Snap put desktop entries.
const EXPORTS: [&str; 3] = [
    "~/.local/share/flatpak/exports/share",
    "/var/lib/flatpak/exports/share",
    "/var/lib/snapd/desktop",
];

/// The environment, with the directories and defaults that it determines.
pub(super) struct Context {
    pub(super) ui: Ui,
    pub(super) store: Store,
    /// The home directory.
    pub(super) home: PathBuf,
    /// The directory for data that is kept between runs.
    pub(super) state: PathBuf,
    environment: BTreeMap<OsString, OsString>,
    config: PathBuf,
    data: PathBuf,
    /// The directory for kept data that the environment names, which may be unsafe.
    named_state: PathBuf,
    /// The value of `XDG_RUNTIME_DIR`.
    named_runtime: Option<PathBuf>,
    /// The decisions of the administrator, once they were needed.
    policy: OnceCell<Policy>,
    /// The directory for the files of a run, once it was needed.
    runtime: OnceCell<PathBuf>,
    /// The record of this command.
    pub(super) journal: Journal,
    /// The environment in which programs are started, once it was read.
    of_programs: OnceCell<BTreeMap<OsString, OsString>>,
}

/// A layout with the file that it was read from.
pub(super) struct Loaded {
    pub(super) opened: Opened,
    pub(super) layout: Layout,
}

impl Loaded {
    /// A layout that is in no file.
    pub(super) fn without_file(layout: Layout) -> Self {
        Self {
            opened: Opened {
                origin: layout.name.clone().unwrap_or_default(),
                format: Format::default(),
                bytes: Vec::new(),
                path: None,
                trust: Ok(()),
                is_of_root: false,
            },
            layout,
        }
    }
}

impl Context {
    /// Reads the environment; nothing else does. With `json`, the output is for a program.
    pub(super) fn from_environment(json: bool) -> Result<Self, Error> {
        let environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        let xdg = Xdg::new().map_err(|_| Error::NoHome)?;
        let home = xdg.home_dir().to_owned();
        let default = home.join(".local/state");
        let named = xdg.state_dir().unwrap_or_else(|| default.clone());
        let directories::Chosen {
            path: state_root,
            warnings,
        } = directories::state(named.clone(), default);
        shorten(&home);
        let variable = |name: &str| environment.get(OsStr::new(name));
        let plain = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = variable("TERM").is_some_and(|term| term == "dumb");
        let store = Store::new(&Dirs {
            config: xdg.config_dir(),
            state: state_root.clone(),
            home: home.clone(),
        });
        let ui = Ui::new(plain, dumb, json);
        for warning in warnings {
            ui.warn(&tilde(&warning));
        }
        Ok(Self {
            ui,
            store,
            config: xdg.config_dir(),
            data: xdg.data_dir(),
            state: state_root.join("i3pm-layout"),
            named_state: named.join("i3pm-layout"),
            named_runtime: xdg.runtime_dir(),
            policy: OnceCell::new(),
            runtime: OnceCell::new(),
            home,
            environment,
            journal: Journal::default(),
            of_programs: OnceCell::new(),
        })
    }

    /// The directory for the files of a run, which may not exist. Warns once if it is not the usual
    /// one.
    pub(super) fn runtime(&self) -> &Path {
        self.runtime.get_or_init(|| {
            let user = rustix::process::geteuid().as_raw();
            let named = self.named_runtime.as_deref();
            let temporary = std::env::temp_dir();
            let chosen = directories::runtime(named, &temporary, user, &self.state);
            for warning in chosen.warnings {
                self.ui.warn(&tilde(&warning));
            }
            chosen.path
        })
    }

    /// The directories for kept data and for the files of a run that the environment names, if they
    /// are not used.
    pub(super) fn unused(&self) -> (Option<PathBuf>, Option<PathBuf>) {
        let state = Some(&self.named_state).filter(|named| **named != self.state);
        let runtime = self.named_runtime.as_ref();
        let runtime = runtime.map(|named| named.join("i3pm-layout"));
        let runtime = runtime.filter(|named| named != self.runtime());
        (state.cloned(), runtime)
    }

    /// The value of an environment variable; `None` if it is unset or empty.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.environment
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// Reads the configuration of the user and the system. From now on, its secrets are
    /// masked in all output.
    pub(super) fn config(&self) -> Result<Config, Error> {
        let config = config::store::read(
            &self.store,
            &self.config,
            &self.config_directories(),
            &|path| self.short(path),
        )?;
        hide_matches_of(config.secret_regexes());
        Ok(config)
    }

    /// The decisions of the administrator.
    pub(super) fn policy(&self) -> Result<&Policy, Error> {
        if let Some(policy) = self.policy.get() {
            return Ok(policy);
        }
        let short = |path: &Path| self.short(path);
        let policy = config::store::policy(&self.store, &self.config_directories(), &short)?;
        Ok(self.policy.get_or_init(|| policy))
    }

    /// Masks the secrets of the configuration, for commands that need little else from
    /// it. An invalid configuration is ignored here; other commands report it.
    pub(super) fn hide_own_secrets(&self) -> Option<Config> {
        let exists = config::store::is_there(&self.config, &self.config_directories());
        exists.then(|| self.config().ok()).flatten()
    }

    /// All possible configuration files, the most important first.
    pub(super) fn config_files(&self) -> Vec<PathBuf> {
        config::store::possible_files(&self.config, &self.config_directories())
    }

    /// All environment variables.
    pub(super) const fn environment(&self) -> &BTreeMap<OsString, OsString> {
        &self.environment
    }

    fn config_directories(&self) -> Vec<PathBuf> {
        let directories = self
            .variable("XDG_CONFIG_DIRS")
            .unwrap_or(OsStr::new(CONFIG_DIRS));
        // The XDG Base Directory Specification says to ignore relative paths.
        std::env::split_paths(directories)
            .filter(|directory| directory.is_absolute())
            .collect()
    }

    /// The value of `DISPLAY`.
    pub(super) fn display(&self) -> Option<String> {
        let display = self.variable("DISPLAY")?;
        Some(display.to_string_lossy().into_owned())
    }

    /// Prints a result: as JSON for a program, else as text.
    pub(super) fn print(
        &self,
        json: bool,
        value: impl FnOnce() -> Value,
        text: impl FnOnce(Paint) -> String,
    ) -> Result<(), Error> {
        if json {
            self.ui.json(&value())
        } else {
            self.ui.out(&text(self.ui.paint()))
        }
    }

    /// The name of a file in messages.
    pub(super) fn origin(&self, opened: &Opened) -> String {
        match &opened.path {
            Some(path) => self.short(path),
            None => opened.origin.clone(),
        }
    }

    /// The path with `~` for the home directory.
    pub(super) fn short(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(inside) => format!("~/{}", inside.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// Connects to i3 and the X server.
    pub(super) fn session(&self) -> Result<Session, Error> {
        let session = Session::open(&self.session_env())?;
        self.record_session(&session);
        Ok(session)
    }

    /// The environment of the session.
    pub(super) fn session_env(&self) -> SessionEnv {
        SessionEnv {
            i3sock: self.variable("I3SOCK").map(PathBuf::from),
            display: self.display(),
            sway: self.variable("SWAYSOCK").is_some(),
            ..SessionEnv::default()
        }
    }

    /// The file of this program; `None` if it is not known.
    pub(super) fn own_program() -> Option<PathBuf> {
        std::env::current_exe().ok()
    }

    /// Facts about the desktop for a command that also works without i3. Warns if i3 runs, but does
    /// not answer.
    pub(super) fn if_running<T, E: Into<Error>>(
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
    pub(super) fn machine(&self, session: &Session, config: &Config) -> ThisMachine {
        let environment = self.i3_environment(session);
        let path = environment.get(OsStr::new("PATH"));
        let path = path.map(OsString::as_os_str).or(self.variable("PATH"));
        let shared = self
            .variable("XDG_DATA_DIRS")
            .unwrap_or(OsStr::new(DATA_DIRS));
        let mut directories = vec![self.data.clone()];
        let usual = EXPORTS
            .iter()
            .map(|exports| match exports.strip_prefix("~/") {
                Some(below) => self.home.join(below),
                None => PathBuf::from(exports),
            });
        // Session managers add the exports of Flatpak and Snap; a plain i3 session does not.
        for directory in std::env::split_paths(shared).chain(usual) {
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
        .with_config(config)
    }

    /// Captures all windows.
    pub(super) fn capture(
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
    pub(super) fn with_processes<T>(
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

    /// Everything that `apply` needs from the outside. Programs get the environment of i3,
    /// with the display and the i3 of this session.
    pub(super) fn world<'s>(
        &'s self,
        session: &'s mut Session,
        process: &'s dyn Processes,
        loaded: Option<&Loaded>,
    ) -> World<'s> {
        let mut env = self.i3_environment(session).clone();
        if let Some(display) = self.variable("DISPLAY") {
            env.insert("DISPLAY".into(), display.to_owned());
        }
        env.insert(
            "I3SOCK".into(),
            session.wm().socket.path.as_os_str().to_owned(),
        );
        World {
            env,
            session,
            process,
            runtime: self.runtime().to_owned(),
            layout: loaded.and_then(|loaded| loaded.opened.path.clone()),
            logs: self.logs(),
            apart: self.state.join("processes.json"),
            display: self.display().unwrap_or_default(),
            hide: &hide,
            recorder: &self.journal,
        }
    }

    /// The environment of i3, which every program of the session inherits, else that of this
    /// process.
    pub(super) fn i3_environment(&self, session: &Session) -> &BTreeMap<OsString, OsString> {
        self.of_programs.get_or_init(|| {
            let of_i3 = ProcTable::new().environ(session.i3_pid());
            match of_i3.filter(|environment| !environment.is_empty()) {
                Some(environment) => environment.into_iter().collect(),
                None => self.environment.clone(),
            }
        })
    }

    /// The environment in which programs are started: that of the running i3, if there is one.
    pub(super) fn program_environment(&self) -> &BTreeMap<OsString, OsString> {
        if let Some(known) = self.of_programs.get() {
            return known;
        }
        match self.session() {
            Ok(session) => self.i3_environment(&session),
            Err(_) => self.of_programs.get_or_init(|| self.environment.clone()),
        }
    }

    /// Finds and reads a layout.
    pub(super) fn load(&self, name: &str) -> Result<Loaded, Error> {
        self.load_target(&self.store.target(name)?)
    }

    /// Reads a layout.
    pub(super) fn load_target(&self, target: &Target) -> Result<Loaded, Error> {
        let opened = self.store.read(target)?;
        let layout = read_bytes(&opened.bytes, &opened.origin, opened.format)?;
        Ok(Loaded { opened, layout })
    }

    /// Compiles the layout for these outputs and workspaces, and these lines of the i3 config.
    pub(super) fn plan(
        &self,
        loaded: &Loaded,
        outputs: &[Output],
        workspaces: &[PresentWorkspace],
        workspace_outputs: &[WorkspaceOutput],
    ) -> Plan {
        let env: BTreeMap<String, String> = self
            .environment
            .iter()
            .filter_map(|(name, value)| {
                Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()))
            })
            .collect();
        for window in loaded.layout.windows() {
            let needed = needed(window).into_keys();
            hide_values(needed.filter_map(|name| env.get(&name).cloned()));
        }
        let path = loaded.opened.path.as_deref();
        let mut plan = compile(
            &loaded.layout,
            Surroundings {
                name: &self.default_name(path),
                identity: path.and_then(|path| self.identity(path)).as_deref(),
                outputs,
                workspaces,
                workspace_outputs,
                env: &env,
                home: &self.home,
            },
        );
        know_layout(&plan.layout);
        // `apply` has reported a policy that cannot be read.
        if let Ok(policy) = self.policy() {
            plan.forbid(&|program| policy.refuse(&program.argv));
        }
        plan
    }

    /// The identity of a layout with this file: `NAME` or `PROJECT/NAME` in the store, else the
    /// canonical path. `None` for a pipe and the like.
    pub(super) fn identity(&self, path: &Path) -> Option<String> {
        if path.starts_with(self.store.layouts()) {
            return self.name_in_store(path);
        }
        let path = path.canonicalize().ok().filter(|path| path.is_file())?;
        path.to_str().map(str::to_owned)
    }

    /// The file of the records of this X session.
    pub(super) fn records_file(&self) -> PathBuf {
        file::path(self.runtime(), &self.display().unwrap_or_default())
    }

    /// The records of this X session.
    pub(super) fn records(&self) -> Records {
        file::read(&self.records_file())
    }

    /// Replaces the records of this X session.
    pub(super) fn write_records(&self, records: &Records) {
        if let Err(error) = file::write(&self.records_file(), records) {
            self.ui.warn(&format!(
                "cannot record the windows of the layout: {error}; `apply` identifies them by \
                 other evidence"
            ));
        }
    }

    /// The user's configuration file, which may not exist.
    pub(super) fn user_config(&self) -> PathBuf {
        config::store::user_file(&self.config)
    }

    /// Tells the session which windows were placed in slots of the plan or of other layouts.
    pub(super) fn remember(&self, session: &mut Session, plan: &Plan) {
        let mut others = OnDisk {
            context: self,
            known: BTreeMap::new(),
        };
        session.remember(self.records().for_plan(plan, &mut others));
        let display = self.display().unwrap_or_default();
        session.remember_started(seats_of_started(self.runtime(), &display, plan));
    }

    /// The layout with this file as a word on the command line: its name, or the path.
    pub(super) fn reference(&self, path: &Path) -> String {
        let name = self.name_in_store(path);
        name.unwrap_or_else(|| shell_words::quote(&self.short(path)).into_owned())
    }

    /// `NAME` or `PROJECT/NAME` for a file in the store.
    fn name_in_store(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(self.store.layouts()).ok()?;
        inside.with_extension("").to_str().map(str::to_owned)
    }

    /// The name of a layout whose file has no `name`: `NAME` or `PROJECT/NAME` in the
    /// store, else the file name.
    pub(super) fn default_name(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            return "stdin".to_owned();
        };
        let name = if path.starts_with(self.store.layouts()) {
            self.name_in_store(path)
        } else {
            path.file_stem().and_then(OsStr::to_str).map(str::to_owned)
        };
        name.unwrap_or_else(|| "layout".to_owned())
    }
}

/// Observes the desktop and the processes of its windows. From now on, secrets in their
/// command lines are masked in all output.
pub(super) fn observe(session: &mut Session) -> Result<Desktop, Error> {
    Ok(hiding(session.observe(&ProcTable::new())?))
}

/// Like [`observe`], with these processes.
pub(super) fn observe_with(
    session: &mut Session,
    processes: &dyn Processes,
) -> Result<Desktop, Error> {
    Ok(hiding(session.observe(processes)?))
}

/// Like [`observe`], but reads only the process data that capture uses: that of programs, and
/// the start times, by which records identify windows.
pub(super) fn observe_programs(session: &mut Session) -> Result<Desktop, Error> {
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

/// The other layouts, each read at most once.
struct OnDisk<'a> {
    context: &'a Context,
    known: BTreeMap<PathBuf, Option<BTreeSet<String>>>,
}

impl OtherLayouts for OnDisk<'_> {
    fn exists(&self, file: &Path) -> bool {
        file.is_file()
    }

    fn slots(&mut self, file: &Path) -> Option<BTreeSet<String>> {
        let context = self.context;
        let known = self.known.entry(file.to_owned());
        let slots = known.or_insert_with(|| {
            let loaded = context.load_target(&Target::File(file.to_owned())).ok()?;
            let plan = context.plan(&loaded, &[], &[], &[]);
            Some(plan.slots().map(|(_, slot)| slot.id.clone()).collect())
        });
        slots.clone()
    }
}
