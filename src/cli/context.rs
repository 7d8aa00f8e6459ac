//! The environment, read once for all commands, and the functions based on it.
#![expect(clippy::disallowed_methods, reason = "reads the environment")]

mod included;
mod layouts;
mod world;

pub(super) use included::{Text, check_moved};
pub(super) use layouts::{Loaded, absolute, need_folder};
pub(super) use world::{lasting, observe, observe_programs, observe_with};

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy as _;
use etcetera::base_strategy::Xdg;
use serde_json::Value;

use super::directories;
use crate::config::{self, Config, Policy};
use crate::error::Error;
use crate::journal::Journal;
use crate::store::{Dirs, Opened, Store};
use crate::ui::notify::Notices;
use crate::ui::words::{hide_matches_of, shorten, tilde};
use crate::ui::{Paint, Ui};

/// The default of `XDG_CONFIG_DIRS`.
const CONFIG_DIRS: &str = "/etc/xdg";

/// The environment, with the directories and defaults that it determines.
pub(super) struct Context {
    pub(super) ui: Ui,
    pub(super) store: Store,
    /// The home directory.
    pub(super) home: PathBuf,
    /// The directory for data that is kept between runs.
    pub(super) state: PathBuf,
    /// The arguments of this command, without the program's name.
    pub(super) arguments: Vec<OsString>,
    environment: BTreeMap<OsString, OsString>,
    /// The directory for what can be made again.
    pub(super) cache: PathBuf,
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
    /// The notification of this command, if it shows one.
    pub(super) notices: OnceCell<Notices>,
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
            cache: xdg.cache_dir().join("i3pm-layout"),
            config: xdg.config_dir(),
            data: xdg.data_dir(),
            state: state_root.join("i3pm-layout"),
            named_state: named.join("i3pm-layout"),
            named_runtime: xdg.runtime_dir(),
            policy: OnceCell::new(),
            runtime: OnceCell::new(),
            home,
            arguments: Vec::new(),
            environment,
            journal: Journal::default(),
            of_programs: OnceCell::new(),
            notices: OnceCell::new(),
        })
    }

    /// Remembers the command line, the program's own name first, and whether it asks for less
    /// output.
    pub(super) fn of_command(mut self, arguments: &[OsString], quiet: bool) -> Self {
        self.arguments = arguments.iter().skip(1).cloned().collect();
        self.ui.quiet = quiet;
        self
    }

    /// The directory for the files of a run, which may not exist. Warns once if it is not the usual
    /// one.
    pub(super) fn runtime(&self) -> &Path {
        self.runtime.get_or_init(|| {
            let user = rustix::process::geteuid().as_raw();
            let named = self.named_runtime.clone();
            let named = named.or_else(|| directories::of_session(user));
            let temporary = std::env::temp_dir();
            let chosen = directories::runtime(named.as_deref(), &temporary, user, &self.state);
            for warning in chosen.warnings {
                self.ui.warn(&tilde(&warning));
            }
            chosen.path
        })
    }

    /// The directories for kept data and for the files of a run that the environment names, if they
    /// are not used. Files of a run would be in a directory below the second one.
    pub(super) fn unused(&self) -> (Option<PathBuf>, Option<PathBuf>) {
        let state = Some(&self.named_state).filter(|named| **named != self.state);
        let runtime = self.named_runtime.as_ref();
        let runtime = runtime.filter(|named| named.join("i3pm-layout") != self.runtime());
        (state.cloned(), runtime.cloned())
    }

    /// The directory of the session that should exist, if neither it nor `XDG_RUNTIME_DIR` exists.
    pub(super) fn missing_session_directory(&self) -> Option<PathBuf> {
        let user = rustix::process::geteuid().as_raw();
        let is_missing = self.named_runtime.is_none() && directories::of_session(user).is_none();
        is_missing.then(|| directories::session_path(user))
    }

    /// The working directory, if it is known.
    pub(super) fn current_directory() -> Option<PathBuf> {
        std::env::current_dir().ok()
    }

    /// The environment variables that are text.
    pub(super) fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.environment.iter();
        all.filter_map(|(name, value)| Some((name.to_str()?, value.to_str()?)))
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
        hide_matches_of(config.secret_regexes(), self.texts());
        Ok(config)
    }

    /// True if a configuration that cannot be read may set hooks.
    pub(super) fn may_have_hooks(&self) -> bool {
        config::store::may_have_hooks(&self.store, &self.config, &self.config_directories())
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

    /// The configuration directories of the user and the system, the most important first.
    pub(super) fn all_config_directories(&self) -> Vec<PathBuf> {
        let system = self.config_directories();
        config::store::directories(&self.config, &system)
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

    /// The user's configuration file, which may not exist.
    pub(super) fn user_config(&self) -> PathBuf {
        config::store::user_file(&self.config)
    }
}
