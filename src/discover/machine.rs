//! The questions of discovery about the machine, which a test can answer.

use std::fmt;
use std::path::{Path, PathBuf};

use super::command_line::base_name;
use super::desktop_file::DesktopFile;
use super::isolation::Isolation;
use super::job::Job;
use super::secrets::Secrets;
use crate::live::{Pid, Process, XId};

/// The machine, as far as discovery is concerned. What is not known is left out: every
/// question has an answer that says so.
pub trait Machine {
    /// The home directory.
    fn home(&self) -> Option<&Path> {
        None
    }

    /// The name of this machine, as programs write it into `WM_CLIENT_MACHINE`.
    fn host(&self) -> Option<&str> {
        None
    }

    /// The file that a bare name means, looked up in `PATH`.
    fn find(&self, _name: &str) -> Option<PathBuf> {
        None
    }

    /// True if the bare name, looked up in `PATH`, is the program in this file.
    fn is_named(&self, _name: &str, _file: &Path) -> bool {
        false
    }

    /// True if the file can be run.
    fn is_program(&self, _file: &Path) -> bool {
        true
    }

    /// True if it is a file of any kind but a directory.
    fn is_file(&self, _file: &Path) -> bool {
        false
    }

    /// True if it is a directory.
    fn is_directory(&self, _directory: &Path) -> bool {
        true
    }

    /// The text of a script, which is a file that begins with `#!`.
    fn script(&self, _file: &Path) -> Option<String> {
        None
    }

    /// The desktop entries; asked only when they are needed, because they are many.
    fn desktop_files(&self) -> &[DesktopFile] {
        &[]
    }

    /// The isolation of a process, which keeps us from starting it by its command line.
    fn isolation(&self, _process: &Process) -> Isolation {
        Isolation::None
    }

    /// The parents of a process, the nearest first.
    fn parents(&self, _process: &Process) -> Vec<Process> {
        Vec::new()
    }

    /// The running programs of this name that have the windows of their servers on our
    /// display, in the order in which they were started.
    fn clients(&self, _name: &str) -> Vec<Process> {
        Vec::new()
    }

    /// The programs that run in this window of a terminal; several, where it cannot be told or the
    /// window has several tabs.
    fn jobs(&self, _terminal: Pid, _window: Option<XId>) -> Vec<Job> {
        Vec::new()
    }

    /// The session that a client of a terminal multiplexer shows.
    fn attached(&self, _client: &Process) -> Option<String> {
        None
    }

    /// The directory in which a process stands although it is gone.
    fn lost_directory(&self, _process: &Process) -> Option<PathBuf> {
        None
    }

    /// The programs of which a terminal's foreground job may be started again.
    fn restored(&self) -> &super::foreground::Foreground {
        super::foreground::Foreground::usual()
    }

    /// The secrets that must not be written down; by default those that everybody knows.
    fn secrets(&self) -> &Secrets {
        static EVERYBODY: Secrets = Secrets::forgetful();
        &EVERYBODY
    }

    /// The bare name by which `PATH` has the program of this file.
    fn bare_name<'a>(&self, file: &'a str) -> Option<&'a str> {
        let name = base_name(file);
        self.is_named(name, Path::new(file)).then_some(name)
    }
}

impl fmt::Debug for dyn Machine + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Machine")
    }
}
