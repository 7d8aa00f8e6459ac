//! The pure half of discovery, joined with what this machine has.
#![expect(clippy::disallowed_methods, reason = "looks at files")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use super::candidate::{Discovery, Outcome};
use super::desktop_file::DesktopFile;
use super::foreground::Foreground;
use super::installed_apps::InstalledApps;
use super::isolation::Isolation;
use super::job::Job;
use super::machine::Machine;
use super::question::Asked;
use super::running_processes::RunningProcesses;
use super::search_path::{self, SearchPath};
use super::secrets::Secrets;
use super::sources;
use super::tmux;
use crate::config::Config;
use crate::live::{Pid, Process, XId};

/// Where commands come from on this machine.
#[derive(Debug)]
pub struct ThisMachine {
    home: Option<PathBuf>,
    host: Option<String>,
    display: Option<String>,
    programs: SearchPath,
    entries: InstalledApps,
    processes: RunningProcesses,
    secrets: Secrets,
    restored: Option<Foreground>,
}

impl ThisMachine {
    /// From the home directory, the value of `PATH`, and the data directories, the most
    /// important first (`XDG_DATA_HOME`, then those of `XDG_DATA_DIRS`).
    pub fn new(
        home: Option<PathBuf>,
        path: &OsStr,
        data_directories: impl IntoIterator<Item = PathBuf>,
    ) -> Self {
        let host = rustix::system::uname();
        Self {
            home,
            host: host.nodename().to_str().ok().map(str::to_owned),
            display: None,
            programs: SearchPath::new(path),
            entries: InstalledApps::new(data_directories),
            processes: RunningProcesses::default(),
            secrets: Secrets::default(),
            restored: None,
        }
    }

    /// The same, on the display of this name.
    #[must_use]
    pub fn on_display(self, display: String) -> Self {
        Self {
            display: Some(display),
            ..self
        }
    }

    /// The same, with what the user says about secrets and programs in terminals.
    #[must_use]
    pub fn with_config(self, config: &Config) -> Self {
        Self {
            secrets: Secrets::new(config.secret_regexes()),
            restored: restored(config),
            ..self
        }
    }

    /// The secrets that must not be written down.
    pub const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The command that opens the window again.
    pub fn discover(&self, asked: &Asked) -> Outcome {
        sources::discover(asked, self)
    }

    /// All that could open the window again, and why one of it does.
    pub fn explain(&self, asked: &Asked) -> Discovery {
        sources::explain(asked, self)
    }
}

impl Machine for ThisMachine {
    fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    fn host(&self) -> Option<&str> {
        self.host.as_deref()
    }

    fn find(&self, name: &str) -> Option<PathBuf> {
        self.programs.find(name)
    }

    fn is_named(&self, name: &str, file: &Path) -> bool {
        self.programs.is_named(name, file)
    }

    fn is_program(&self, file: &Path) -> bool {
        search_path::is_program(file)
    }

    fn is_file(&self, file: &Path) -> bool {
        file.is_file()
    }

    fn is_directory(&self, directory: &Path) -> bool {
        directory.is_dir()
    }

    fn script(&self, file: &Path) -> Option<String> {
        search_path::script(file)
    }

    fn desktop_files(&self) -> &[DesktopFile] {
        self.entries.all(&self.programs)
    }

    fn isolation(&self, process: &Process) -> Isolation {
        self.processes.isolation(process)
    }

    fn parents(&self, process: &Process) -> Vec<Process> {
        self.processes.parents(process)
    }

    fn clients(&self, name: &str) -> Vec<Process> {
        self.processes.called(name, self.display.as_deref())
    }

    fn jobs(&self, terminal: Pid, window: Option<XId>) -> Vec<Job> {
        self.processes.jobs(terminal, window)
    }

    fn attached(&self, client: &Process) -> Option<String> {
        let directory = self.processes.variable(client.pid?, "TMUX_TMPDIR");
        tmux::attached(client, directory.as_deref())
    }

    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn restored(&self) -> &Foreground {
        self.restored.as_ref().unwrap_or(Foreground::usual())
    }

    fn lost_directory(&self, process: &Process) -> Option<PathBuf> {
        self.processes.lost_directory(process)
    }
}

/// The programs that are started again when they run in the foreground of a terminal;
/// `None` where the built-in list is not changed.
fn restored(config: &Config) -> Option<Foreground> {
    if config.add.is_empty() && config.remove.is_empty() {
        return None;
    }
    let remove: Vec<&str> = config.remove.iter().map(|one| one.value.as_str()).collect();
    let add = config.add.iter().map(|one| one.value.as_str());
    Some(Foreground::changed(add, &remove))
}
