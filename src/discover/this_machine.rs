//! The running machine, which answers the questions of discovery.
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
use super::proc_table::ProcTable;
use super::question::{Asked, Questions};
use super::search_path::{self, SearchPath};
use super::secrets::Secrets;
use super::sources;
use super::tmux;
use crate::config::{Config, Sourced};
use crate::live::{Con, Desktop, Invocation, Pid, Process, XId};

/// The running machine.
#[derive(Debug)]
pub struct ThisMachine {
    home: Option<PathBuf>,
    host: Option<String>,
    display: Option<String>,
    programs: SearchPath,
    entries: InstalledApps,
    processes: ProcTable,
    secrets: Secrets,
    restored: Foreground,
}

impl ThisMachine {
    /// Creates it from the home directory, the value of `PATH`, and the data directories, the
    /// most important first (`XDG_DATA_HOME`, then those of `XDG_DATA_DIRS`).
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
            processes: ProcTable::new(),
            secrets: Secrets::default(),
            restored: Foreground::built_in().clone(),
        }
    }

    /// Sets the display.
    #[must_use]
    pub fn on_display(mut self, display: String) -> Self {
        self.display = Some(display);
        self
    }

    /// Sets the user's secrets and programs in terminals, and the environment variables whose values may be
    /// secret.
    #[must_use]
    pub fn with_config<'e>(
        mut self,
        config: &Config,
        environment: impl IntoIterator<Item = (&'e str, &'e str)>,
    ) -> Self {
        let values = |programs: &[Sourced<String>]| -> Vec<String> {
            programs
                .iter()
                .map(|program| program.value.clone())
                .collect()
        };
        self.secrets = Secrets::new(config.secret_regexes()).with_environment(environment);
        self.restored = Foreground::changed(
            &values(&config.foreground_programs.add),
            &values(&config.foreground_programs.remove),
        );
        self
    }

    /// The secrets that must not be written down.
    pub const fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// Returns the command that opens the window again.
    pub fn discover(&self, asked: &Asked) -> Outcome {
        sources::discover(asked, self)
    }

    /// Returns the command that opens the window again, without variables.
    pub fn invocation(&self, con: &Con, desktop: &Desktop) -> Option<Invocation> {
        let asked = Questions::new(desktop).ask(con, None);
        sources::invocation(&asked, self)
    }

    /// Returns the command that opens another window of a running program.
    pub fn new_window(&self, argv: &[String]) -> Option<Vec<String>> {
        super::new_window::new_window(argv, self.desktop_files())
    }

    /// Returns all commands that could open the window again, with reasons.
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
        file.metadata().is_ok_and(|file| !file.is_dir())
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
        let parents = process.pid.map(|pid| self.processes.ancestors(pid));
        let parents = parents.into_iter().flatten();
        parents
            .filter_map(|pid| self.processes.program(pid))
            .collect()
    }

    fn clients(&self, name: &str) -> Vec<Process> {
        self.processes.called(name, self.display.as_deref())
    }

    fn jobs(&self, terminal: Pid, window: Option<XId>) -> Vec<Job> {
        self.processes.jobs(terminal, window)
    }

    fn is_childless(&self, process: Pid) -> bool {
        self.processes.is_childless(process)
    }

    fn attached(&self, client: &Process) -> Option<String> {
        let directory = self.processes.variable(client.pid?, "TMUX_TMPDIR");
        tmux::attached(client, directory.as_deref())
    }

    fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    fn restored(&self) -> &Foreground {
        &self.restored
    }

    fn lost_directory(&self, process: &Process) -> Option<PathBuf> {
        self.processes.lost_directory(process)
    }
}
