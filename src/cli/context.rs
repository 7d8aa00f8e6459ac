//! What all commands need: the environment, read once, and what follows from it.
#![expect(clippy::disallowed_methods, reason = "reads the environment")]

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use etcetera::base_strategy::Xdg;

use crate::compile::{Plan, Surroundings, compile};
use crate::config::{self, Config};
use crate::discover::ThisMachine;
use crate::discover::proc_table::ProcTable;
use crate::error::Error;
use crate::layout::{Layout, read_bytes};
use crate::live::{Desktop, Output};
use crate::session::{Session, SessionEnv};
use crate::store::{Dirs, Opened, Store, Target};
use crate::ui::Ui;
use crate::ui::words::{also_hide, also_hide_those_of};

/// Where data of all users is, when nothing says so (XDG Base Directory Specification).
const DATA_DIRS: &str = "/usr/local/share:/usr/share";

/// Where configurations for all users are, when nothing says so.
const CONFIG_DIRS: &str = "/etc/xdg";
/// Where flatpak and snap put desktop entries, in addition.
const EXPORTS: [&str; 3] = [
    "~/.local/share/flatpak/exports/share",
    "/var/lib/flatpak/exports/share",
    "/var/lib/snapd/desktop",
];

/// The environment of a call, and what it says.
pub(super) struct Context {
    pub(super) ui: Ui,
    pub(super) store: Store,
    environment: BTreeMap<OsString, OsString>,
    home: PathBuf,
    config: PathBuf,
    data: PathBuf,
    state: PathBuf,
    runtime: PathBuf,
}

/// A layout with the file that it was read from.
pub(super) struct Loaded {
    /// The layout's name as people type it.
    pub(super) name: String,
    pub(super) opened: Opened,
    pub(super) layout: Layout,
}

impl Loaded {
    /// The file as messages name it.
    pub(super) fn origin(&self, context: &Context) -> String {
        match &self.opened.path {
            Some(path) => context.short(path),
            None => self.opened.origin.clone(),
        }
    }
}

impl Context {
    /// Reads the environment; nobody else does. With `json`, the output is for a program.
    pub(super) fn from_environment(json: bool) -> Result<Self, Error> {
        let environment: BTreeMap<OsString, OsString> = std::env::vars_os().collect();
        let xdg = Xdg::new().map_err(|_| Error::NoHome)?;
        let home = xdg.home_dir().to_owned();
        let state_root = xdg.state_dir().unwrap_or_else(|| home.join(".local/state"));
        let user = rustix::process::geteuid().as_raw();
        let runtime = xdg.runtime_dir().map_or_else(
            || std::env::temp_dir().join(format!("i3pm-layout-{user}")),
            |dir| dir.join("i3pm-layout"),
        );
        let is_set = |name: &str| {
            environment
                .get(OsStr::new(name))
                .is_some_and(|value| !value.is_empty())
        };
        let dumb = environment
            .get(OsStr::new("TERM"))
            .is_some_and(|term| term == "dumb");
        let store = Store::new(&Dirs {
            config: xdg.config_dir(),
            state: state_root.clone(),
            home: home.clone(),
        });
        Ok(Self {
            ui: Ui::new(is_set("NO_COLOR"), dumb, json),
            store,
            config: xdg.config_dir(),
            data: xdg.data_dir(),
            state: state_root.join("i3pm-layout"),
            runtime,
            home,
            environment,
        })
    }

    /// A variable that is set and not empty.
    pub(super) fn variable(&self, name: &str) -> Option<&OsStr> {
        self.environment
            .get(OsStr::new(name))
            .map(OsString::as_os_str)
            .filter(|value| !value.is_empty())
    }

    /// The directory for the files of a run.
    pub(super) fn runtime(&self) -> &Path {
        &self.runtime
    }

    /// The directory for what is kept between runs.
    pub(super) fn state(&self) -> &Path {
        &self.state
    }

    /// The home directory.
    pub(super) fn home(&self) -> &Path {
        &self.home
    }

    /// What the user and the system say about windows and projects. From now on, nothing
    /// is printed that it says is secret.
    pub(super) fn config(&self) -> Result<Config, Error> {
        let config = config::store::read(
            &self.store,
            &self.config,
            &self.config_directories(),
            &|path| self.short(path),
        )?;
        also_hide(config.secret_regexes());
        Ok(config)
    }

    /// Hides what the configuration says is secret, in commands that need nothing else of
    /// it; where it is wrong, others will say so.
    pub(super) fn hide_own_secrets(&self) {
        if config::store::is_there(&self.config, &self.config_directories()) {
            drop(self.config());
        }
    }

    fn config_directories(&self) -> Vec<PathBuf> {
        let directories = self
            .variable("XDG_CONFIG_DIRS")
            .unwrap_or(OsStr::new(CONFIG_DIRS));
        // A relative one is to be ignored (XDG Base Directory Specification).
        std::env::split_paths(directories)
            .filter(|directory| directory.is_absolute())
            .collect()
    }

    /// The value of `DISPLAY`.
    pub(super) fn display(&self) -> String {
        self.variable("DISPLAY")
            .map(|display| display.to_string_lossy().into_owned())
            .unwrap_or_default()
    }

    /// A path as people write it, with `~` for the home directory.
    pub(super) fn short(&self, path: &Path) -> String {
        match path.strip_prefix(&self.home) {
            Ok(inside) => format!("~/{}", inside.display()),
            Err(_) => path.display().to_string(),
        }
    }

    /// Connects to i3 and the X server.
    pub(super) fn session(&self) -> Result<Session, Error> {
        let env = SessionEnv {
            i3sock: self.variable("I3SOCK").map(PathBuf::from),
            display: self
                .variable("DISPLAY")
                .map(|display| display.to_string_lossy().into_owned()),
            sway: self.variable("SWAYSOCK").is_some(),
            ..SessionEnv::default()
        };
        Ok(Session::open(&env)?)
    }

    /// The machine that discovery asks. The programs are those that i3 finds, because that is
    /// the environment in which they are started again.
    pub(super) fn machine(&self, session: &Session, config: &Config) -> ThisMachine {
        let environment = Self::i3_environment(session).unwrap_or_default();
        let of_i3 = environment.iter().find(|(name, _)| name == "PATH");
        let path = of_i3.map(|(_, value)| value.as_os_str());
        let path = path.or(self.variable("PATH")).unwrap_or_default();
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
        // Session managers add what flatpak and snap export; a plain i3 session does not.
        for directory in std::env::split_paths(shared).chain(usual) {
            if !directories.contains(&directory) {
                directories.push(directory);
            }
        }
        ThisMachine::new(Some(self.home.clone()), path, directories)
            .on_display(self.display())
            .with_config(config)
    }

    /// i3's environment, as every program of the session has it.
    fn i3_environment(session: &Session) -> Option<Vec<(OsString, OsString)>> {
        ProcTable::new()
            .environ(session.i3_pid())
            .filter(|environment| !environment.is_empty())
    }

    /// The environment for programs: that of i3, as every program of the session has
    /// it, else ours; on the display and the i3 that we are talking to.
    pub(super) fn program_environment(
        &self,
        session: &mut Session,
    ) -> BTreeMap<OsString, OsString> {
        let mut environment: BTreeMap<OsString, OsString> = Self::i3_environment(session)
            .map_or_else(
                || self.environment.clone(),
                |environment| environment.into_iter().collect(),
            );
        if let Some(display) = self.variable("DISPLAY") {
            environment.insert("DISPLAY".into(), display.to_owned());
        }
        environment.insert(
            "I3SOCK".into(),
            session.wm().socket.path.as_os_str().to_owned(),
        );
        environment
    }

    /// Understands and reads a layout.
    pub(super) fn load(&self, name: &str) -> Result<Loaded, Error> {
        let target = self.store.target(name)?;
        Ok(Loaded {
            name: name.to_owned(),
            ..self.load_target(&target)?
        })
    }

    /// Reads a layout.
    pub(super) fn load_target(&self, target: &Target) -> Result<Loaded, Error> {
        let opened = self.store.read(target)?;
        let layout = read_bytes(&opened.bytes, &opened.origin, opened.format)?;
        Ok(Loaded {
            name: target.to_string(),
            opened,
            layout,
        })
    }

    /// The layout on these outputs.
    pub(super) fn plan(&self, loaded: &Loaded, outputs: &[Output]) -> Plan {
        let env = self
            .environment
            .iter()
            .filter_map(|(name, value)| {
                Some((name.to_str()?.to_owned(), value.to_str()?.to_owned()))
            })
            .collect();
        compile(
            &loaded.layout,
            Surroundings {
                name: &self.default_name(loaded.opened.path.as_deref()),
                outputs,
                env: &env,
                home: &self.home,
            },
        )
    }

    /// The name of a layout whose file does not say one: `NAME` or `PROJECT/NAME` in
    /// the store, the name of the file elsewhere.
    pub(super) fn default_name(&self, path: Option<&Path>) -> String {
        let Some(path) = path else {
            return "stdin".to_owned();
        };
        let inside = path.strip_prefix(self.store.layouts());
        let name = inside
            .ok()
            .or_else(|| path.file_name().map(Path::new))
            .map(|path| path.with_extension(""))
            .and_then(|path| path.to_str().map(str::to_owned));
        name.unwrap_or_else(|| "layout".to_owned())
    }
}

/// The desktop as it is, with the processes of its windows. From now on, nothing is
/// printed that their command lines give away.
pub(super) fn observe(session: &mut Session) -> Result<Desktop, Error> {
    Ok(hiding(session.observe(&ProcTable::new())?))
}

/// The same, with no more of the processes than capture wants.
pub(super) fn observe_programs(session: &mut Session) -> Result<Desktop, Error> {
    let processes = ProcTable::new();
    Ok(hiding(session.observe(&|pid| processes.program(pid))?))
}

fn hiding(desktop: Desktop) -> Desktop {
    for facts in desktop.windows.values() {
        if let Some(process) = &facts.process {
            also_hide_those_of(&process.argv);
        }
    }
    desktop
}
